"""When a rule is in force: periods OR-ed, dates, weekdays, hours by some time zone's clock or by the sun.

* No periods: always. Otherwise any one period that holds is enough; a permanent one always holds.
* A period holds from `start_utc_ns` to `end_utc_ns`, both inclusive, at any of its hours.
* Hours belong to the day on which they begin, by the calendar of the period's time zone. An end of 00:00 is
  the next midnight, which itself is the next day's; an end before its begin is the next day's.
* A time of day that a change of clocks skips or repeats is read the wider way: the earlier moment for a
  begin, the later for an end.
* Sunrise, sunset and civil twilight are those of the zone's place, on the solar day whose noon falls into
  the day. Where the sun does not rise or set that day, what would begin then begins with the day, and what
  would end then ends with it: in the polar day a ban from dusk to dawn holds around the clock.
* Hours in a time zone that nobody knows hold all day.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from skykeep.base.clock import NS_PER_S
from skykeep.domain.zone import Hours, LonLat, Period, SunEvent
from skykeep.geo.sun import CIVIL_TWILIGHT_ALTITUDE_DEG, RISE_ALTITUDE_DEG, crossing_utc_s, mean_noon_utc_s

DAY_NS = 86_400 * NS_PER_S
LAST_UTC_NS = 2**63 - 1
_MANY_PERIODS = 16
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the wall clock of whatever zone is asked
_UTC_NAMES = frozenset({"", "UTC", "Z", "GMT", "Etc/UTC", "Etc/GMT"})
_ALTITUDE_DEG = {
    SunEvent.BMCT: CIVIL_TWILIGHT_ALTITUDE_DEG,
    SunEvent.SR: RISE_ALTITUDE_DEG,
    SunEvent.SS: RISE_ALTITUDE_DEG,
    SunEvent.EECT: CIVIL_TWILIGHT_ALTITUDE_DEG,
}
_RISING = (SunEvent.BMCT, SunEvent.SR)
GREENWICH: LonLat = (0.0, 51.5)


def in_force(periods: tuple[Period, ...], time_utc_ns: int, place: LonLat = GREENWICH) -> bool:
    """Return whether any period holds at `time_utc_ns`; no periods always hold. `place` is for the sun."""
    return not periods or any(_end_utc_ns(period, time_utc_ns, place) is not None for period in periods)


def in_force_until_utc_ns(
    periods: tuple[Period, ...], time_utc_ns: int, place: LonLat = GREENWICH
) -> int | None:
    """Return the last instant of the present stretch in force, None when no end is in sight.

    Stretches that touch, or leave less than two seconds between them, are one: published schedules split
    nights at 23:59:59. ValueError when it is not in force at all.
    """
    if not periods:
        return None
    until_utc_ns = _latest_end_utc_ns(periods, time_utc_ns, place)
    if until_utc_ns is None:
        raise ValueError(f"not in force at {time_utc_ns}")
    for _ in range(_MANY_PERIODS):
        if until_utc_ns >= LAST_UTC_NS:
            return None
        further_utc_ns = _latest_end_utc_ns(periods, until_utc_ns + 2 * NS_PER_S, place)
        if further_utc_ns is None:
            return until_utc_ns
        until_utc_ns = further_utc_ns
    return None


def clipped_utc_ns(time_utc_ns: int) -> int:
    """Return a time as near as 64 bits of nanoseconds come to it: from 1677 to 2262."""
    return max(-LAST_UTC_NS, min(LAST_UTC_NS, time_utc_ns))


def is_plain(period: Period) -> bool:
    """Return whether a period needs neither sun nor time zone: its hours, if any, are hours UTC."""
    return not period.hours or (
        period.time_zone in _UTC_NAMES
        and all(hours.from_event is None and hours.to_event is None for hours in period.hours)
    )


def plain_hours_ns(hours: Hours) -> tuple[int, int]:
    """Return begin and end in nanoseconds from midnight; the end may lie past the next."""
    begin_ns, end_ns = _ns_of_day(hours.from_s), _ns_of_day(hours.to_s)
    if _is_midnight(hours.to_s):
        return begin_ns, DAY_NS - 1
    return begin_ns, end_ns + (DAY_NS if end_ns < begin_ns else 0)


def _latest_end_utc_ns(periods: tuple[Period, ...], time_utc_ns: int, place: LonLat) -> int | None:
    ends = [_end_utc_ns(period, time_utc_ns, place) for period in periods]
    return max((end for end in ends if end is not None), default=None)


def _end_utc_ns(period: Period, time_utc_ns: int, place: LonLat) -> int | None:
    """Return when the stretch of `period` that holds `time_utc_ns` ends, None when it does not hold."""
    if period.permanent:
        return LAST_UTC_NS
    time_utc_ns = clipped_utc_ns(time_utc_ns)
    if period.start_utc_ns is not None and time_utc_ns < clipped_utc_ns(period.start_utc_ns):
        return None
    last_utc_ns = LAST_UTC_NS if period.end_utc_ns is None else clipped_utc_ns(period.end_utc_ns)
    if time_utc_ns > last_utc_ns:
        return None
    zone = time_zone_of(period.time_zone)
    if not period.hours or zone is None:
        return last_utc_ns
    today = (time_utc_ns + _offset_at_ns(zone, time_utc_ns)) // DAY_NS
    ends = []
    # Hours may have begun yesterday and run past midnight; the sun of a far meridian is a day off.
    for hours in period.hours:
        for day in range(today - 2, today + 2):
            stretch = _stretch(hours, day, zone, place)
            if stretch is not None and stretch[0] <= time_utc_ns <= stretch[1]:
                ends.append(min(stretch[1], last_utc_ns))
    return max(ends, default=None)


@lru_cache(maxsize=4096)
def _stretch(hours: Hours, day: int, zone: ZoneInfo, place: LonLat) -> tuple[int, int] | None:
    """Return when hours begin and end on a day (counted from 1970-01-01), None on another weekday."""
    # 1 January 1970 was a Thursday, weekday 3.
    if hours.weekdays and (day + 3) % 7 not in hours.weekdays:
        return None
    by_clock = hours.from_event is None and hours.to_event is None
    opens_ns = _moment_utc_ns(hours.from_event, hours.from_offset_s, day, zone, place)
    if opens_ns is None:
        opens_ns = min(_wall_utc_ns(day, 0 if hours.from_event else _ns_of_day(hours.from_s), zone))
    if by_clock:
        runs_over = plain_hours_ns(hours)[1] >= DAY_NS
        return opens_ns, _closes_utc_ns(hours, day + 1 if runs_over else day, zone, place)
    closes_ns = _closes_utc_ns(hours, day, zone, place)
    return opens_ns, closes_ns if closes_ns >= opens_ns else _closes_utc_ns(hours, day + 1, zone, place)


def _closes_utc_ns(hours: Hours, day: int, zone: ZoneInfo, place: LonLat) -> int:
    closes_ns = _moment_utc_ns(hours.to_event, hours.to_offset_s, day, zone, place)
    if closes_ns is not None:
        return closes_ns
    if hours.to_event is not None or _is_midnight(hours.to_s):
        # Midnight itself is the first instant of another day.
        return max(_wall_utc_ns(day, DAY_NS, zone)) - 1
    return max(_wall_utc_ns(day, _ns_of_day(hours.to_s), zone))


def _ns_of_day(seconds: float | None) -> int:
    return round((seconds or 0.0) * NS_PER_S)


def _is_midnight(to_s: float | None) -> bool:
    return not to_s or _ns_of_day(to_s) >= DAY_NS


def _moment_utc_ns(
    event: SunEvent | None, offset_s: float, day: int, zone: ZoneInfo, place: LonLat
) -> int | None:
    if event is None:
        return None
    midday_s = _wall_utc_ns(day, DAY_NS // 2, zone)[0] / NS_PER_S
    noon_s = mean_noon_utc_s(place[0], midday_s)
    at_s = crossing_utc_s(place[1], noon_s, _ALTITUDE_DEG[event], rising=event in _RISING)
    return None if at_s is None else round((at_s + offset_s) * NS_PER_S)


@lru_cache(maxsize=256)
def time_zone_of(name: str) -> ZoneInfo | None:
    """Return a time zone by its IANA name, None when there is none of that name."""
    try:
        return ZoneInfo("UTC" if name in _UTC_NAMES else name)
    except (KeyError, ValueError, OSError):
        return None


def _offset_at_ns(zone: ZoneInfo, time_utc_ns: int) -> int:
    moment = datetime.fromtimestamp(time_utc_ns // NS_PER_S, zone)
    return _as_ns(moment.utcoffset())


def _wall_utc_ns(day: int, of_day_ns: int, zone: ZoneInfo) -> tuple[int, int]:
    """Return both readings of a time on the wall; they differ where clocks were changed."""
    wall_ns = day * DAY_NS + of_day_ns
    wall = (_EPOCH + timedelta(microseconds=wall_ns // 1000)).replace(tzinfo=zone)
    first, second = wall.utcoffset(), wall.replace(fold=1).utcoffset()
    return wall_ns - _as_ns(first), wall_ns - _as_ns(second)


def _as_ns(offset: timedelta | None) -> int:
    return 0 if offset is None else (offset.days * 86_400 + offset.seconds) * NS_PER_S


def say_time(time_utc_ns: int, now_utc_ns: int) -> str:
    """Return e.g. `06:00 UTC`, with the date in front when it is more than a day away."""
    moment = datetime.fromtimestamp(round(time_utc_ns / NS_PER_S), UTC)
    clock = f"{moment:%H:%M} UTC"
    if abs(time_utc_ns - now_utc_ns) < DAY_NS:
        return clock
    return f"{moment.day} {moment:%B %Y}, {clock}"
