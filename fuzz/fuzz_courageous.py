"""Whatever the bytes, a COURAGEOUS document decodes or is refused, and its records are possible or refused.

python fuzz/fuzz_courageous.py -max_total_time=600 CORPUS
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports():
    from skykeep.base.errors import DecodeError
    from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind
    from skykeep.geo.frames import LocalFrame
    from skykeep.wire import courageous
    from skykeep.wire.courageous_inputs import CourageousInputs

SENSOR = Sensor(
    sensor_id="fuzz",
    name="fuzz",
    kind=SensorKind.RADAR,
    measures=MeasurementKind.POSITION,
    position_enu_m=(0.0, 0.0, 0.0),
    coverage_range_m=1e4,
)
FRAME = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)


def one(data: bytes) -> None:
    CourageousInputs(SENSOR, FRAME).take(data, 0)
    try:
        document = courageous.decode(data)
    except DecodeError:
        return
    assert courageous.decode(courageous.encode(document)) == document


atheris.Setup(sys.argv, one)
atheris.Fuzz()
