"""Time as everyone here keeps it: nanoseconds since 1970-01-01 UTC, without leap seconds, in an int.

Floors 0-4 are *given* the time. Only the edge reads a real clock, through `Clock`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

NS_PER_S = 1_000_000_000


class Clock(Protocol):
    """Where the edge gets the time from: the system, a recording or a simulated world."""

    def now_utc_ns(self) -> int:
        """Return the present, in nanoseconds since the Unix epoch."""
        ...


class ManualClock:
    """A clock that stands still until it is told otherwise: for replay, simulation and tests."""

    def __init__(self, time_utc_ns: int = 0) -> None:
        self._time_utc_ns = time_utc_ns

    def now_utc_ns(self) -> int:
        return self._time_utc_ns

    def set_utc_ns(self, time_utc_ns: int) -> None:
        """Move to `time_utc_ns`; going backwards is our own mistake."""
        if time_utc_ns < self._time_utc_ns:
            raise ValueError(f"clock set back from {self._time_utc_ns} to {time_utc_ns}")
        self._time_utc_ns = time_utc_ns


def seconds_to_ns(seconds: float) -> int:
    """Return a duration in whole nanoseconds, rounded to nearest."""
    return round(seconds * NS_PER_S)


def ns_to_seconds(duration_ns: int) -> float:
    """Return a duration in seconds."""
    return duration_ns / NS_PER_S


def iso_utc(time_utc_ns: int) -> str:
    """Return e.g. `2031-05-03T02:14:07.250Z`: always milliseconds, always Z."""
    whole_s, rest_ns = divmod(time_utc_ns, NS_PER_S)
    moment = datetime.fromtimestamp(whole_s, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{rest_ns // 1_000_000:03d}Z"


def from_iso_utc(text: str) -> int:
    """Return the time of an ISO 8601 text that carries its offset; raise ValueError when it carries none."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} carries no time zone")
    return int(moment.timestamp()) * NS_PER_S + moment.microsecond * 1_000
