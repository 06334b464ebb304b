"""At which stretches of a span of time a rule holds: its periods, cut out of the span.

By the written rule: periods are OR-ed, permanent is always, no hours is all day, both ends are inclusive, an
end of 00:00 is the next midnight, an end before its begin runs past midnight and belongs to the day it began.
Where the sun says when, the whole of that side of the day is taken: this is asked to keep flights apart from
a rule, and a little too long is safe.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from skykeep.base.clock import NS_PER_S
from skykeep.domain.zone import Hours, Period

Stretch = tuple[int, int]

DAY_S = 86_400.0
# A span of more days than this is not cut into days: the rule is taken to hold all through it.
MOST_DAYS = 800


def stretches(periods: tuple[Period, ...], start_utc_ns: int, end_utc_ns: int) -> tuple[Stretch, ...]:
    """Return when the periods hold between two times, in order, merged. No periods is always."""
    if not periods:
        return ((start_utc_ns, end_utc_ns),)
    found: list[Stretch] = []
    for period in periods:
        found += _of_period(period, start_utc_ns, end_utc_ns)
    return merged(found)


def merged(found: list[Stretch]) -> tuple[Stretch, ...]:
    """Return stretches in order, those that overlap or touch as one."""
    whole: list[Stretch] = []
    for start, end in sorted(found):
        if whole and start <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(end, whole[-1][1]))
        else:
            whole.append((start, end))
    return tuple(whole)


def _of_period(period: Period, start_utc_ns: int, end_utc_ns: int) -> list[Stretch]:
    if period.permanent:
        return [(start_utc_ns, end_utc_ns)]
    first = start_utc_ns if period.start_utc_ns is None else max(start_utc_ns, period.start_utc_ns)
    last = end_utc_ns if period.end_utc_ns is None else min(end_utc_ns, period.end_utc_ns)
    if first > last:
        return []
    if not period.hours or last - first > MOST_DAYS * DAY_S * NS_PER_S:
        return [(first, last)]
    zone = time_zone(period.time_zone)
    if zone is None:
        return [(first, last)]
    day = _date_of(first, zone) - timedelta(days=2)
    final = _date_of(last, zone)
    found = []
    while day <= final:
        for hours in period.hours:
            if not hours.weekdays or day.weekday() in hours.weekdays:
                begin, end = hours_on(hours, day, zone)
                if begin <= last and end >= first:
                    found.append((max(begin, first), min(end, last)))
        day += timedelta(days=1)
    return found


def hours_on(hours: Hours, day: date, zone: tzinfo) -> Stretch:
    """Return when a schedule's hours hold that begin on a day of that time zone."""
    begin_s = 0.0 if hours.from_event is not None or hours.from_s is None else hours.from_s
    end_s = DAY_S if hours.to_event is not None or not hours.to_s else hours.to_s
    if end_s < begin_s:
        end_s += DAY_S
    return local_utc_ns(day, begin_s, zone), local_utc_ns(day, end_s, zone)


def local_utc_ns(day: date, second_of_day: float, zone: tzinfo) -> int:
    """Return the time at which a clock on the wall shows that second of that day. One that the clock skips is
    taken as if it had not been put forward; of two the first.
    """
    days, rest_s = divmod(second_of_day, DAY_S)
    whole_s = int(rest_s)
    shown = datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(days=int(days), seconds=whole_s)
    whole = int(shown.astimezone(UTC).timestamp())
    return whole * NS_PER_S + round((rest_s - whole_s) * NS_PER_S)


def time_zone(name: str) -> tzinfo | None:
    """Return a time zone by its IANA name; None where there is none of that name."""
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _date_of(time_utc_ns: int, zone: tzinfo) -> date:
    return datetime.fromtimestamp(time_utc_ns // NS_PER_S, UTC).astimezone(zone).date()
