"""Hours that come again: a calendar entry by a part of iCalendar's rules (RFC 5545), made into periods.

| part | taken |
|---|---|
| FREQ | DAILY or WEEKLY |
| INTERVAL | every how many days or weeks; weeks begin on Monday |
| BYDAY | MO, TU, WE, TH, FR, SA, SU; of WEEKLY without it, the weekday of the start |
| COUNT or UNTIL | how often, or until when: a date (that whole day) or a time, local or with Z |

An entry keeps to the clock on the wall of its time zone, whatever summer time does. One that ends by itself
becomes a period for each time; exceptions, which COUNT counts, are left out. One without end becomes one
period with hours, as long as it can be said so: every day or week, no exceptions, at most a day long.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

import msgspec

from skykeep.airspace.stretches import DAY_S, local_utc_ns, time_zone
from skykeep.base.clock import seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.zone import Hours, Period

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_TIMES = 1_000
_LAST_DAY = date(9_990, 1, 1)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """From `start_local` (as 2031-05-03T18:00) for `lasts_s`, again by `rule` ("" for once), but not on the
    dates in `exceptions` (as 2031-05-10).
    """

    start_local: str
    lasts_s: float
    time_zone: str = "UTC"
    rule: str = ""
    exceptions: tuple[str, ...] = ()


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as read; `weekdays` 0 (Monday) to 6, empty for every day."""

    weekly: bool
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    count: int | None = None
    until_utc_ns: int | None = None


def periods_of(entry: Entry) -> tuple[Period, ...]:
    """Return the periods of an entry, in order; InputError where it is none."""
    zone = time_zone(entry.time_zone)
    if zone is None:
        raise InputError("time_zone", repr(entry.time_zone[:60]), "an IANA name, as UTC")
    start = _local(entry.start_local)
    if not 0.0 < entry.lasts_s <= 31 * DAY_S:
        raise InputError("lasts_s", f"{entry.lasts_s}", "over 0, at most 31 days")
    second = start.hour * 3_600.0 + start.minute * 60.0 + start.second
    if not entry.rule:
        return (_period(start.date(), second, entry.lasts_s, zone),)
    rule = read_rule(entry.rule, zone)
    exceptions = frozenset(_date(text) for text in entry.exceptions)
    if rule.count is None and rule.until_utc_ns is None:
        return (_endless(entry, rule, start, second, zone),)
    periods = []
    for number, day in enumerate(_days(rule, start.date()), start=1):
        begin_utc_ns = local_utc_ns(day, second, zone)
        if rule.until_utc_ns is not None and begin_utc_ns > rule.until_utc_ns:
            break
        if day not in exceptions:
            periods.append(_period(day, second, entry.lasts_s, zone))
        if number == rule.count:
            break
        if number >= MOST_TIMES:
            raise InputError("rule", f"over {MOST_TIMES:,} times", f"at most {MOST_TIMES:,}")
    if not periods:
        raise InputError("rule", "never", "at least once")
    return tuple(periods)


def read_rule(text: str, zone: tzinfo) -> Rule:
    """Return a rule; InputError for what is no rule, and for what is one but is not taken."""
    parts: dict[str, str] = {}
    for part in text.upper().removeprefix("RRULE:").split(";"):
        name, equals, value = part.partition("=")
        if not equals or name in parts:
            raise InputError("rule", repr(part[:60]), "NAME=VALUE, each name once")
        parts[name] = value
    unknown = parts.keys() - {"FREQ", "INTERVAL", "BYDAY", "COUNT", "UNTIL", "WKST"}
    if unknown or parts.get("WKST", "MO") != "MO":
        raise InputError(
            "rule", f"with {', '.join(sorted(unknown)) or 'WKST'}", "FREQ, INTERVAL, BYDAY, COUNT, UNTIL"
        )
    if parts.get("FREQ") not in ("DAILY", "WEEKLY"):
        raise InputError("rule", f"FREQ={parts.get('FREQ', '')[:60]}", "DAILY or WEEKLY")
    if "COUNT" in parts and "UNTIL" in parts:
        raise InputError("rule", "COUNT and UNTIL", "one of them")
    days = [day for day in parts.get("BYDAY", "").split(",") if day]
    if any(day not in DAYS for day in days):
        raise InputError("rule", f"BYDAY={parts['BYDAY'][:60]}", ", ".join(DAYS))
    return Rule(
        weekly=parts["FREQ"] == "WEEKLY",
        interval=_whole("INTERVAL", parts.get("INTERVAL", "1")),
        weekdays=tuple(sorted({DAYS.index(day) for day in days})),
        count=_whole("COUNT", parts["COUNT"]) if "COUNT" in parts else None,
        until_utc_ns=_until(parts["UNTIL"], zone) if "UNTIL" in parts else None,
    )


def _days(rule: Rule, first: date) -> Iterator[date]:
    """Return the days of a rule from its first on."""
    weekdays = rule.weekdays or ((first.weekday(),) if rule.weekly else tuple(range(7)))
    day = first - timedelta(days=first.weekday()) if rule.weekly else first
    while day < _LAST_DAY:
        for offset in range(7) if rule.weekly else (0,):
            each = day + timedelta(days=offset)
            if each >= first and each.weekday() in weekdays:
                yield each
        day += timedelta(days=rule.interval * (7 if rule.weekly else 1))


def _endless(entry: Entry, rule: Rule, start: datetime, second: float, zone: tzinfo) -> Period:
    if rule.interval != 1 or entry.exceptions or entry.lasts_s > DAY_S:
        must = "with COUNT or UNTIL, as it has an interval, exceptions or is over a day long"
        raise InputError("rule", "without an end", must)
    weekdays = rule.weekdays or ((start.weekday(),) if rule.weekly else ())
    end_s = second + entry.lasts_s
    # A whole day from its begin to the same time the next day would read as no time at all.
    end_s = end_s - 1.0 if entry.lasts_s == DAY_S and second > 0.0 else end_s
    hours = Hours(weekdays=weekdays, from_s=second, to_s=end_s % DAY_S)
    begin_utc_ns = local_utc_ns(start.date(), second, zone)
    return Period(start_utc_ns=begin_utc_ns, hours=(hours,), time_zone=entry.time_zone)


def _period(day: date, second: float, lasts_s: float, zone: tzinfo) -> Period:
    begin_utc_ns = local_utc_ns(day, second, zone)
    return Period(start_utc_ns=begin_utc_ns, end_utc_ns=begin_utc_ns + seconds_to_ns(lasts_s))


def _local(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError("start_local", repr(text[:60]), "as 2031-05-03T18:00") from error
    if moment.tzinfo is not None or not 1970 < moment.year < _LAST_DAY.year:
        raise InputError("start_local", repr(text[:60]), "a time on the wall after 1970, without an offset")
    return moment


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError("exceptions", repr(text[:60]), "a date, as 2031-05-10") from error


def _whole(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= len(text) <= 4 and int(text) >= 1):
        raise InputError("rule", f"{name}={text[:60]}", "a whole number, 1 to 9,999")
    return int(text)


def _until(text: str, zone: tzinfo) -> int:
    for form, aware in (("%Y%m%dT%H%M%SZ", True), ("%Y%m%dT%H%M%S", False), ("%Y%m%d", False)):
        try:
            moment = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        if moment.year >= _LAST_DAY.year:
            break
        second = moment.hour * 3_600.0 + moment.minute * 60.0 + moment.second
        if form == "%Y%m%d":
            second = DAY_S - 1.0
        return local_utc_ns(moment.date(), second, UTC if aware else zone)
    raise InputError("rule", f"UNTIL={text[:60]}", "20310601, 20310601T180000 or 20310601T180000Z")
