"""Which moment one socket looks at: the newest, or a past one that stands still or plays.

A view in the past belongs to its socket alone: it moves no clock but its own, and nothing can be decided
from it.
"""

from __future__ import annotations

from skykeep.base.clock import seconds_to_ns


class View:
    """Begins at the newest moment, following."""

    def __init__(self) -> None:
        self.past_utc_ns: int | None = None
        self.playing = False
        self.speed = 1.0

    @property
    def following(self) -> bool:
        return self.past_utc_ns is None

    def seek(self, time_utc_ns: int, start_utc_ns: int, latest_utc_ns: int) -> None:
        """Stand still at a past moment; at or after the newest is to follow."""
        self.playing = False
        moment_utc_ns = max(time_utc_ns, start_utc_ns)
        self.past_utc_ns = moment_utc_ns if moment_utc_ns < latest_utc_ns else None

    def follow(self) -> None:
        """Go back to the newest moment."""
        self.past_utc_ns = None
        self.playing = False

    def advance(self, elapsed_s: float, latest_utc_ns: int) -> bool:
        """Let a playing view run on for so long by the wall clock; return whether it moved."""
        if self.past_utc_ns is None or not self.playing:
            return False
        self.past_utc_ns += seconds_to_ns(elapsed_s * self.speed)
        if self.past_utc_ns >= latest_utc_ns:
            self.follow()
        return True
