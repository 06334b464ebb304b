"""Atheris harness for the ADS-B codecs: any octets decode or raise DecodeError; translators never raise.

python fuzz/fuzz_adsb.py [CORPUS]. The first octet chooses the codec. Needs atheris, which nothing else does.
"""

from __future__ import annotations

import contextlib
import sys

import atheris

with atheris.instrument_imports(include=["skykeep"]):
    from skykeep.base.errors import DecodeError
    from skykeep.domain.sensing import Sensor, SensorKind
    from skykeep.geo.frames import LocalFrame
    from skykeep.wire.adsb_inputs import ModeSInputs
    from skykeep.wire.adsb_lines import avr_framer, line_framer
    from skykeep.wire.aircraft_json import decode_trace
    from skykeep.wire.aircraft_json_inputs import AircraftJsonInputs
    from skykeep.wire.beast import BeastFramer
    from skykeep.wire.sbs_inputs import SbsInputs

RECEIVED_UTC_NS = 1_700_000_000_000_000_000
SITE = LocalFrame(latitude_deg=52.0, longitude_deg=4.5, height_hae_m=40.0)
SENSOR = Sensor(
    sensor_id="adsb",
    name="Receiver",
    kind=SensorKind.ADSB,
    measures=None,
    position_enu_m=(0.0, 0.0, 0.0),
    coverage_range_m=400_000.0,
    independent=False,
)
STREAMS = (
    (BeastFramer, lambda: ModeSInputs(SENSOR, SITE)),
    (avr_framer, lambda: ModeSInputs(SENSOR, SITE, text=True)),
    (line_framer, lambda: SbsInputs(SENSOR, SITE)),
)


def try_one(data: bytes) -> None:
    """Feed one input to the codec that its first octet names."""
    which = data[0] % 5 if data else 0
    with contextlib.suppress(DecodeError):
        if which == 3:
            AircraftJsonInputs(SENSOR, SITE).take(data[1:], RECEIVED_UTC_NS)
        elif which == 4:
            decode_trace(data[1:])
        else:
            framer, translator = (make() for make in STREAMS[which])
            for message in framer.feed(data[1:]):
                translator.take(message, RECEIVED_UTC_NS)


if __name__ == "__main__":
    atheris.Setup(sys.argv, try_one)
    atheris.Fuzz()
