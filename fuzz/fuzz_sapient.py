"""Feed anything to the SAPIENT framer, codec and translator: only refusals may come of it.

python fuzz/fuzz_sapient.py [corpus folder] [libFuzzer options]
"""

import sys

import atheris

with atheris.instrument_imports(include=["skykeep.wire"]):
    from skykeep.base.errors import DecodeError
    from skykeep.domain.sensing import Sensor, SensorKind
    from skykeep.geo.frames import LocalFrame
    from skykeep.wire.sapient import SapientFramer, parse_message, time_utc_ns_of
    from skykeep.wire.sapient_inputs import SapientTranslator
    from skykeep.wire.sapient_place import SapientNode

FRAME = LocalFrame(latitude_deg=43.73, longitude_deg=7.42, height_hae_m=50.0)
SENSOR = Sensor(
    sensor_id="fuzzed",
    name="fuzzed",
    kind=SensorKind.RADAR,
    measures=None,
    position_enu_m=(0.0, 0.0, 0.0),
    coverage_range_m=5_000.0,
)


def test_one_input(data: bytes) -> None:
    try:
        frames = SapientFramer().feed(data)
    except DecodeError:
        frames = []
    for frame in (data, *frames):
        try:
            message = parse_message(frame)
        except DecodeError:
            continue
        # As the node it says it is, at the time it says it is: so that the rest of it is looked at.
        node = SapientNode(node_id=message.node_id, sensor=SENSOR)
        SapientTranslator(node, FRAME).take(frame, time_utc_ns_of(message.timestamp))


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
