"""When a rule is in force: periods OR-ed, dates, weekdays and daily hours in UTC.

* No periods: always. Otherwise any one period that holds is enough.
* A period holds from `start_utc_ns` to `end_utc_ns`, both inclusive, on its weekdays, within its daily
  hours.
* Daily hours are UTC seconds of day, both ends inclusive; an end of 0 is the next midnight. An end before
  its begin runs on past midnight, and its weekday is then the one on which it began: a ban from 22:00 to
  06:00 is never read as no ban.
"""

from __future__ import annotations

from datetime import UTC, datetime

from skykeep.base.clock import NS_PER_S
from skykeep.domain.airspace import Period

DAY_NS = 86_400 * NS_PER_S
_MANY_PERIODS = 16


def in_force(periods: tuple[Period, ...], time_utc_ns: int) -> bool:
    """Return whether any period holds at `time_utc_ns`; no periods always hold."""
    return not periods or any(_end_utc_ns(period, time_utc_ns) is not None for period in periods)


def in_force_until_utc_ns(periods: tuple[Period, ...], time_utc_ns: int) -> int | None:
    """Return the last instant of the present stretch in force, None when no end is in sight.

    Stretches that touch, or leave less than two seconds between them, are one: published schedules split
    nights at 23:59:59. ValueError when it is not in force at all.
    """
    if not periods:
        return None
    until_utc_ns = _latest_end_utc_ns(periods, time_utc_ns)
    if until_utc_ns is None:
        raise ValueError(f"not in force at {time_utc_ns}")
    for _ in range(_MANY_PERIODS):
        if until_utc_ns >= _FOR_EVER:
            return None
        further_utc_ns = _latest_end_utc_ns(periods, until_utc_ns + 2 * NS_PER_S)
        if further_utc_ns is None:
            return until_utc_ns
        until_utc_ns = further_utc_ns
    return None


_FOR_EVER = 2**63 - 1


def _latest_end_utc_ns(periods: tuple[Period, ...], time_utc_ns: int) -> int | None:
    ends = [_end_utc_ns(period, time_utc_ns) for period in periods]
    return max((end for end in ends if end is not None), default=None)


def _end_utc_ns(period: Period, time_utc_ns: int) -> int | None:
    """Return when the stretch of `period` that holds `time_utc_ns` ends, None when it does not hold."""
    if period.start_utc_ns is not None and time_utc_ns < period.start_utc_ns:
        return None
    last_utc_ns = _FOR_EVER if period.end_utc_ns is None else period.end_utc_ns
    if time_utc_ns > last_utc_ns:
        return None
    if not period.weekdays and period.daily_from_s is None and period.daily_to_s is None:
        return last_utc_ns
    begin_ns = (period.daily_from_s or 0) * NS_PER_S
    length_ns = ((period.daily_to_s or 0) * NS_PER_S or DAY_NS) - begin_ns
    if length_ns < 0:
        length_ns += DAY_NS
    today = time_utc_ns // DAY_NS
    ends = []
    # The stretch may have begun yesterday and run past midnight.
    for day in (today, today - 1):
        opens_ns = day * DAY_NS + begin_ns
        # 1 January 1970 was a Thursday, weekday 3.
        wanted = not period.weekdays or (day + 3) % 7 in period.weekdays
        # A stretch that stops at midnight sharp does not reach into the first instant of another weekday.
        closes_ns = opens_ns + length_ns - (1 if period.daily_to_s in (None, 0) else 0)
        if wanted and opens_ns <= time_utc_ns <= closes_ns:
            ends.append(min(closes_ns, last_utc_ns))
    return max(ends, default=None)


def say_time(time_utc_ns: int, now_utc_ns: int) -> str:
    """Return e.g. `06:00 UTC`, with the date in front when it is more than a day away."""
    moment = datetime.fromtimestamp(round(time_utc_ns / NS_PER_S), UTC)
    clock = f"{moment:%H:%M} UTC"
    if abs(time_utc_ns - now_utc_ns) < DAY_NS:
        return clock
    return f"{moment.day} {moment:%B %Y}, {clock}"
