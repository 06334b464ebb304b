"""Cursor on Target, events a second on one core: budget 2,000/s for each way and form.

A site tells each TAK server of up to 200 tracks at 5 Hz, which is 1,000 events/s.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from cot_samples import FRAME, FRIENDLY_XML, NOW_UTC_NS, SENSOR, SOURCE, track_report
from skykeep.wire.cot_inputs import CotInputs
from skykeep.wire.cot_proto import decode_message, encode_frame
from skykeep.wire.cot_reports import track_event
from skykeep.wire.cot_xml import decode_xml, encode_xml

TIMES = 5_000


def per_second(work: Callable[[], object]) -> float:
    """Return how often a second something can be done, best of three."""
    best_s = float("inf")
    for _ in range(3):
        started_s = time.perf_counter()
        for _ in range(TIMES):
            work()
        best_s = min(best_s, time.perf_counter() - started_s)
    return TIMES / best_s


def main() -> None:
    """Print the table."""
    report, event = track_report(), track_event(track_report(), SOURCE)
    xml, frame = encode_xml(event), encode_frame(event)
    friendly = decode_xml(FRIENDLY_XML)
    rows: tuple[tuple[str, Callable[[], object]], ...] = (
        ("track to event", lambda: track_event(report, SOURCE)),
        ("event to XML", lambda: encode_xml(event)),
        ("event to protobuf", lambda: encode_frame(event)),
        (f"XML ({len(xml)} bytes) to event", lambda: decode_message(xml)),
        (f"protobuf ({len(frame)} bytes) to event", lambda: decode_message(frame)),
        ("friendly to claim", lambda: CotInputs(SENSOR, FRAME).take_event(friendly, NOW_UTC_NS)),
    )
    for name, work in rows:
        print(f"{name:<34}{per_second(work):>10,.0f} /s")


if __name__ == "__main__":
    main()
