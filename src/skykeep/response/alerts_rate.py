"""How many alarms people are asked to bear, counted as control rooms count them: alarms in ten minutes.

An alarm is an alert that was raised, or came back from the shelf or grown worse. A flood begins and ends at
two different counts, so that it does not flicker. Source of the terms: docs/alerts.md.
"""

from __future__ import annotations

from collections import deque

import msgspec

from skykeep.base.clock import seconds_to_ns
from skykeep.domain.response import AlarmRate
from skykeep.domain.rules import AlertRules

WINDOW_NS = seconds_to_ns(600.0)


class AlarmMeter:
    """Counts alarms; the record changes only when a figure does."""

    def __init__(self) -> None:
        self._alarms: deque[int] = deque()
        self.rate = AlarmRate(time_utc_ns=0, in_ten_minutes=0, most_in_ten_minutes=0, flooded=False)

    def alarm(self, time_utc_ns: int) -> None:
        """Count one."""
        self._alarms.append(time_utc_ns)

    def look(self, now_utc_ns: int, rules: AlertRules) -> AlarmRate | None:
        """Let the time pass; return the rate when a figure of it is new."""
        while self._alarms and self._alarms[0] <= now_utc_ns - WINDOW_NS:
            self._alarms.popleft()
        count = len(self._alarms)
        before = self.rate
        flooded = count >= rules.flood_below if before.flooded else count > rules.flood_above
        now = AlarmRate(
            time_utc_ns=now_utc_ns,
            in_ten_minutes=count,
            most_in_ten_minutes=max(before.most_in_ten_minutes, count),
            flooded=flooded,
        )
        if msgspec.structs.replace(now, time_utc_ns=before.time_utc_ns) == before:
            return None
        self.rate = now
        return now
