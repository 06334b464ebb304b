"""When a Mode S frame was heard, from its receiver's counter and from when it reached us.

| counter | is | becomes UTC by |
|---|---|---|
| `12MHz` | ticks since the receiver started, 48 bits: 271 days | the least delay of the last 30 to 60 s |
| `gps` | UTC seconds of the day, 18 bits, and nanoseconds, 30 bits | the day nearest to reception |
| `none` | nothing | reception |

The delay of the fastest message cannot be told from the clock's own offset: times are late by that, some
milliseconds on a local line. A counter that leaps by 5 s begins anew; one that leaps more than ten times
a minute is several receivers in one stream, and reception is taken instead. 60 s of a 50 ppm quartz are 3 ms.
"""

from __future__ import annotations

import enum

from skykeep.base.clock import NS_PER_S
from skykeep.wire.beast import COUNTER_WRAP, MADE_UP_COUNTERS

DAY_NS = 86_400 * NS_PER_S
WINDOW_NS = 30 * NS_PER_S
LEAP_NS = 5 * NS_PER_S
NOT_BELIEVED_NS = 10 * NS_PER_S
MOST_LEAPS, LEAPS_NS = 10, 60 * NS_PER_S


class CounterKind(enum.StrEnum):
    TICKS = "12MHz"
    GPS = "gps"
    NONE = "none"


class CounterClock:
    """The clock of one receiver. `leaps` counts how often its counter began anew, `not_believed` how often
    reception was taken although it gave a time.
    """

    def __init__(self, kind: CounterKind) -> None:
        self._kind = kind
        self._last: int | None = None
        self._elapsed_ticks = 0
        self._window_from_ns = 0
        self._least_ns: int | None = None
        self._least_before_ns: int | None = None
        self._leap_times_ns: list[int] = []
        self.leaps = 0
        self.not_believed = 0

    @property
    def offset_ns(self) -> int | None:
        """What is added to the counter's time since its first message, None before the first."""
        known = [value for value in (self._least_ns, self._least_before_ns) if value is not None]
        return min(known) if known else None

    def time_utc_ns(self, counter: int, received_utc_ns: int) -> int:
        """Return when a message was heard; never after its reception, but for a GPS clock."""
        if self._kind is CounterKind.NONE or counter == 0 or counter in MADE_UP_COUNTERS:
            return received_utc_ns
        if self._kind is CounterKind.GPS:
            return self._by_gps(counter, received_utc_ns)
        return self._by_ticks(counter, received_utc_ns)

    def _by_gps(self, counter: int, received_utc_ns: int) -> int:
        second, nanosecond = counter >> 30, counter & ((1 << 30) - 1)
        of_day_ns = second * NS_PER_S + nanosecond
        off_ns = (of_day_ns - received_utc_ns + DAY_NS // 2) % DAY_NS - DAY_NS // 2
        if second >= 86_400 or nanosecond >= NS_PER_S or abs(off_ns) > NOT_BELIEVED_NS:
            self.not_believed += 1
            return received_utc_ns
        return received_utc_ns + off_ns

    def _by_ticks(self, counter: int, received_utc_ns: int) -> int:
        if self._last is not None:
            step = (counter - self._last) % COUNTER_WRAP
            self._elapsed_ticks += step - COUNTER_WRAP if step > COUNTER_WRAP // 2 else step
        self._last = counter
        elapsed_ns = self._elapsed_ticks * 250 // 3
        delay_ns = received_utc_ns - elapsed_ns
        offset_ns = self.offset_ns
        if offset_ns is None or abs(delay_ns - offset_ns) > LEAP_NS:
            if offset_ns is not None:
                self._leapt(received_utc_ns)
            self._least_ns, self._least_before_ns = delay_ns, None
            self._window_from_ns = received_utc_ns
        elif not 0 <= received_utc_ns - self._window_from_ns < WINDOW_NS:
            self._least_ns, self._least_before_ns = delay_ns, self._least_ns
            self._window_from_ns = received_utc_ns
        elif self._least_ns is None or delay_ns < self._least_ns:
            self._least_ns = delay_ns
        if len(self._leap_times_ns) > MOST_LEAPS and received_utc_ns - self._leap_times_ns[0] < LEAPS_NS:
            self.not_believed += 1
            return received_utc_ns
        offset_ns = self.offset_ns
        assert offset_ns is not None
        return elapsed_ns + offset_ns

    def _leapt(self, received_utc_ns: int) -> None:
        self.leaps += 1
        self._leap_times_ns = [*self._leap_times_ns[-MOST_LEAPS:], received_utc_ns]
