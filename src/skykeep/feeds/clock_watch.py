"""What a source's clock shows against ours, from nothing but when its data arrive.

Every record carries the source's own time and is stamped with ours on arrival; the difference is its clock's
error plus what the data took on their way. The way has a shortest time and no longest, so the least
difference of some seconds follows the clock, and what is above it is the way. One direction cannot tell a
clock that is behind from a way that is always long: `disciplined` says that its clock is to be believed
(satellite time), and then all of it is the way. A clock ahead of ours by more than `tolerance_s` is wrong in
either case: nothing arrives before it was seen.

A clock that was set is believed once several records in a row agree: few where it went forward, more where
it went back, for that is also what a line does that holds data up. What a line held up and lets go at once
comes with ever shorter delays, and so is never taken for a clock. Until a clock is known nothing is added,
except to what comes from the future: that is put to its receipt, whatever the reason.

Only an error of more than `tolerance_s` is corrected: smaller ones are left to the tracker's registration,
which finds them from common targets, a hundred times as well.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from skykeep.base.clock import NS_PER_S

BIN_S = 5.0
BINS = 36
BEFORE_BELIEVED, BELIEVED_OVER_S = 5, 0.3
RECENT_BINS = 3
DRIFT_AFTER_BINS = 6
LARGEST_OFFSET_S = 3_600.0
# How many records in a row, over how long, say that a clock was set.
SET_FORWARD = 3
SET_BACK = ((10, 0.5), (5, 4.0))


class ClockWatch:
    """One source's clock. Give it every record; ask it what to add to the record's time."""

    def __init__(self, usual_way_s: float = 0.1, tolerance_s: float = 0.3, disciplined: bool = False) -> None:
        self._usual_way_s = usual_way_s
        self._tolerance_s = tolerance_s
        self._disciplined = disciplined
        self._far_s = max(1.0, 3.0 * tolerance_s)
        self._least: deque[tuple[float, float]] = deque(maxlen=BINS)
        self._bin = -1
        self._agreeing, self._first_s, self._newest_s = 0, 0.0, 0.0
        self._row: list[tuple[float, float]] = []
        self._last_s: float | None = None
        self.jumped_s: float | None = None

    def note(self, time_utc_ns: int, received_utc_ns: int) -> None:
        """Take one record's own time and when it came."""
        now_s = received_utc_ns / NS_PER_S
        apart_s = (received_utc_ns - time_utc_ns) / NS_PER_S
        self.jumped_s = None
        if self._least and abs(apart_s - self._envelope_s()) > self._far_s:
            self._doubt(now_s, apart_s)
        else:
            self._row = []
            self._keep(now_s, apart_s)
        self._last_s = apart_s

    def _keep(self, now_s: float, apart_s: float) -> None:
        which = int(now_s // BIN_S)
        if which != self._bin:
            self._bin = which
            self._least.append((now_s, apart_s))
        elif apart_s < self._least[-1][1]:
            self._least[-1] = (now_s, apart_s)
        if not self._agreeing:
            self._first_s = now_s
        self._agreeing += 1
        self._newest_s = now_s

    def _doubt(self, now_s: float, apart_s: float) -> None:
        """Take a record that is far from the others: once a whole row of them agrees, the clock was set."""
        if self._row and abs(apart_s - self._row[0][1]) > self._far_s:
            self._row = []
        self._row.append((now_s, apart_s))
        if not self._was_set():
            return
        was_known = self.known
        if was_known:
            self.jumped_s = min(apart for _, apart in self._row) - self._envelope_s()
        self._least.clear()
        self._bin, self._agreeing = -1, 0
        for at_s, apart in self._row:
            self._keep(at_s, apart)
        self._row = []
        if was_known:
            # A clock that was known stays so: with no offset it would be wrong by all of its error again.
            self._agreeing = max(self._agreeing, BEFORE_BELIEVED)
            self._first_s = min(self._first_s, self._newest_s - BELIEVED_OVER_S)

    def _was_set(self) -> bool:
        number, over_s = len(self._row), self._row[-1][0] - self._row[0][0]
        if self._row[0][1] < self._envelope_s():
            return number >= SET_FORWARD
        return any(number >= least and over_s >= least_s for least, least_s in SET_BACK)

    def _envelope_s(self) -> float:
        recent = list(self._least)[-RECENT_BINS:]
        return min(apart_s for _, apart_s in recent)

    @property
    def known(self) -> bool:
        """Whether enough has come to speak of the clock at all."""
        return self._agreeing >= BEFORE_BELIEVED and self._newest_s - self._first_s >= BELIEVED_OVER_S

    @property
    def offset_s(self) -> float:
        """What to add to its times so that they are ours; 0 where they are near enough or not known."""
        if not self.known:
            return 0.0
        beyond_s = self._envelope_s() - self._usual_way_s
        if beyond_s < -(self._tolerance_s + self._usual_way_s):
            return beyond_s
        if beyond_s > self._tolerance_s and not self._disciplined:
            return beyond_s
        return 0.0

    @property
    def add_s(self) -> float:
        """What to add to the time of the record noted last: the offset, but nothing stays in the future."""
        offset_s = self.offset_s
        if self._last_s is not None and self._last_s - offset_s < -self._tolerance_s:
            return self._last_s - self._usual_way_s
        return offset_s

    @property
    def absurd(self) -> bool:
        """Whether its times are so far from ours that they belong to another hour or day."""
        return self.known and abs(self._envelope_s()) > LARGEST_OFFSET_S

    @property
    def apart_s(self) -> float | None:
        """The least difference of late, None before the first record."""
        return self._envelope_s() if self._least else None

    @property
    def way_s(self) -> float | None:
        """How long its data take by now, None while not known: what is above the clock's own error."""
        if not self.known or self._last_s is None:
            return None
        return self._last_s - self.offset_s

    @property
    def drift_ppm(self) -> float | None:
        """How much faster its clock runs than ours, in millionths, None until half a minute is known."""
        if len(self._least) < DRIFT_AFTER_BINS:
            return None
        at_s, apart_s = np.array(self._least).T
        slope = np.polyfit(at_s - at_s[0], apart_s, 1)[0]
        return float(-1e6 * slope)
