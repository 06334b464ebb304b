"""How much script a page ran, by Chromium's own trace: a witness that does not trust the page's clock."""

from __future__ import annotations

import json

import msgspec

SCRIPT = frozenset({"FunctionCall", "EvaluateScript", "FireAnimationFrame", "TimerFire", "RunMicrotasks"})


class Second(msgspec.Struct):
    """Script of the page's main thread within one second, as Chromium traced it, in CPU ms."""

    frames: int = 0
    in_frames_ms: float = 0.0
    outside_ms: float = 0.0

    @property
    def all_ms(self) -> float:
        return self.in_frames_ms + self.outside_ms


def seconds_of(recording: bytes, count: int) -> list[Second]:
    """Return Chromium's account of `count` seconds, an event nested in another counted with it."""
    events = [e for e in json.loads(recording)["traceEvents"] if e["ph"] == "X" and e["name"] in SCRIPT]
    spent_us: dict[int, float] = {}
    for event in events:
        spent_us[event["tid"]] = spent_us.get(event["tid"], 0.0) + event["tdur"]
    main_thread = max(spent_us, key=lambda thread: spent_us[thread])
    events = sorted((e for e in events if e["tid"] == main_thread), key=lambda e: (e["ts"], -e["dur"]))
    begin_us, end_us = events[0]["ts"], 0.0
    length_us = (events[-1]["ts"] - begin_us) / count
    seconds = [Second() for _ in range(count + 1)]
    for event in events:
        if event["ts"] < end_us:
            continue
        end_us = event["ts"] + event["dur"]
        second = seconds[int((event["ts"] - begin_us) / length_us)]
        if event["name"] == "FireAnimationFrame":
            second.frames += 1
            second.in_frames_ms += event["tdur"] / 1e3
        else:
            second.outside_ms += event["tdur"] / 1e3
    return seconds[:count]


def beyond_idle_ms(busy: list[Second], idle: list[Second]) -> list[float]:
    """Return what each second took beyond an idle one.

    deck.gl asks for a frame 60 times a second whether or not there is something to draw. That is not the
    price of an update, and there are fewer such frames when there is: so a frame counts for what it takes
    beyond an idle frame, and script outside frames for what it takes beyond that of an idle second.
    """
    idle_frame_ms = sum(s.in_frames_ms for s in idle) / max(sum(s.frames for s in idle), 1)
    idle_outside_ms = sum(s.outside_ms for s in idle) / len(idle)
    return [s.in_frames_ms - s.frames * idle_frame_ms + s.outside_ms - idle_outside_ms for s in busy]
