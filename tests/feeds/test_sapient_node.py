"""One node's line under damaged messages: every one is taken, refused with an answer, or counted."""

from __future__ import annotations

import asyncio
from typing import Any

from mutations import mutated
from sapient_peer import BEARING, LAT_LNG, PATIENCE_S, built, detection, registration, status
from sapient_world import FRAME, NODES, RADAR, US, KeepingOutlet
from skykeep.feeds.sapient_node import NodeLine
from skykeep.wire.sapient import content_of, encode_message
from skykeep.wire.sapient_inputs import SapientTranslator

NOW_UTC_NS = 1_930_000_000_000_000_000
CONTENTS = (
    registration(),
    status(nodeLocation={"x": 7.42, "y": 43.73, "z": 60.0, **LAT_LNG}),
    detection(location={"x": 7.42, "y": 43.73, "z": 150.0, **LAT_LNG}),
    detection(rangeBearing={"azimuth": 10.0, "elevation": 3.0, "range": 900.0, **BEARING}),
    {"alert": {"alertId": "01H4R63D7NVN8444Z5M77WEBY7", "description": "lens covered"}},
    {"taskAck": {"taskId": "01H4R63D7NVN8444Z5M77WEBY8", "taskStatus": "TASK_STATUS_ACCEPTED"}},
    {"error": {"packet": "AAAA", "errorMessage": ["no"]}},
)


class SteppingOutlet(KeepingOutlet):
    """Gives a time that a message a second would come at."""

    time_utc_ns = NOW_UTC_NS

    def now_utc_ns(self) -> int:
        return self.time_utc_ns


class KeepingLink:
    """Keeps what is sent, encoded as it would be."""

    name = "North radar (made up)"

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, message: Any) -> None:
        encode_message(message)
        self.sent.append(content_of(message))


def test_damaged_messages_are_taken_or_refused_and_nothing_raises() -> None:
    frames = [built(RADAR, NOW_UTC_NS, content, US).SerializeToString() for content in CONTENTS]
    outlet, link = SteppingOutlet(), KeepingLink()
    translator = SapientTranslator(NODES[0], FRAME)
    line = NodeLine(link, outlet, US, translator, 1e9)  # type: ignore[arg-type]

    async def story() -> None:
        async with asyncio.timeout(6 * PATIENCE_S):
            for frame in (*frames, *mutated(frames, 5_000, seed=1)):
                await line.take(frame, NOW_UTC_NS)

    asyncio.run(story())
    kinds = ("registration", "status_report", "detection_report", "alert", "task_ack", "error")
    counts = translator.counts
    assert all(counts[kind] > 10 for kind in kinds)
    assert sum(counts[kind] for kind in kinds) + counts["refused"] == 5_000 + len(frames)
    # Ten complaints a second at most, and this second never ends.
    assert link.sent.count("error") == 10
    assert counts["refused without an answer"] == counts["refused"] - 10
    assert link.sent.count("alert_ack") == counts["alert"]
    assert link.sent.count("registration_ack") >= counts["registration"]
    assert len(outlet.refusals) >= counts["refused"]
