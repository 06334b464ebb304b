"""MAVLink under atheris: `python fuzz/fuzz_mavlink.py CORPUS`. No octet may be lost."""

import sys

import atheris

with atheris.instrument_imports():
    from skykeep.domain.sensing import Sensor, SensorKind
    from skykeep.geo.frames import LocalFrame
    from skykeep.wire.mavlink import MavlinkFramer, split
    from skykeep.wire.mavlink_inputs import MavlinkTranslator
    from skykeep.wire.mavlink_tlog import read_tlog

SITE = LocalFrame(latitude_deg=60.0, longitude_deg=25.0, height_hae_m=0.0)
LINK = Sensor(
    sensor_id="fuzz",
    name="fuzz",
    kind=SensorKind.REMOTE_ID,
    measures=None,
    position_enu_m=(0.0, 0.0, 0.0),
    coverage_range_m=1.0,
)


def one(data: bytes) -> None:
    """Try one input on the framer, the translator and the tlog reader."""
    assert b"".join(octets for octets, _ in split(data)) == data
    translator = MavlinkTranslator(LINK, SITE)
    for piece in MavlinkFramer().feed(data):
        translator.take(piece, 1_900_000_800_000_000_000)
    list(read_tlog(data))


atheris.Setup(sys.argv, one)
atheris.Fuzz()
