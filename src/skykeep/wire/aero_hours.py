"""Schedules in words, as item D) of a NOTAM and the remarks of an AIP write them.

    27 1900-2359, 28 0000-0100 1900-2359      NOV 21 1200-1500 22-24 0800-0900     DAILY 0600-1800
    MON-FRI 0500-2100 EXC HOL                 SR MINUS30-SS PLUS30                 EVERY WED 0800-1100
    27 1900-28 0400                           MON 0600-FRI 1500                    Mon-Sat SR to SS.

Rules: times are UTC; 2359 and 2400 are midnight; an end before its begin runs past midnight; days without
hours are whole days; a day of the month without its month is the next such day from the one before it, the
first from the begin of validity. What is excepted is taken out where that is certain, else it stays in force
and is reported. Anything that does not fit the grammar is not understood as a whole: half a schedule is no
schedule.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from skykeep.base.clock import NS_PER_S
from skykeep.domain.zone import Hours, Period
from skykeep.wire.aero_words import (
    DAY_S,
    Group,
    Moment,
    NotUnderstoodError,
    Span,
    Token,
    groups_of,
    tokens_of,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Spoken(NamedTuple):
    """What a text says of time, and what it says besides that was not applied."""

    periods: tuple[Period, ...]
    unapplied: tuple[str, ...]


def periods_of(text: str, start_utc_ns: int | None = None, end_utc_ns: int | None = None) -> Spoken | None:
    """Return the periods that a schedule means within a validity; None where it is not understood."""
    try:
        groups = groups_of(tokens_of(text))
        if not groups:
            return None
        return _Calendar(start_utc_ns, end_utc_ns).spoken(groups)
    except (NotUnderstoodError, OverflowError):
        return None


class _Calendar:
    """Lays the groups of a schedule onto the days of a validity."""

    def __init__(self, start_utc_ns: int | None, end_utc_ns: int | None) -> None:
        self._start_ns = start_utc_ns
        self._end_ns = end_utc_ns
        self._day = None if start_utc_ns is None else _date_of(start_utc_ns)
        self._month: int | None = None
        self._unapplied: list[str] = []

    def spoken(self, groups: list[Group]) -> Spoken:
        periods: list[Period] = []
        weekly: list[Hours] = []
        for group in groups:
            spans = group.spans or (Span(Moment(0.0, None, 0.0), Moment(0.0, None, 0.0)),)
            if any(token.kind in ("date", "month") for token in group.days):
                periods += self._dated(group, spans)
            else:
                weekly += self._weekly(group, spans)
        if weekly:
            whole = Period(start_utc_ns=self._start_ns, end_utc_ns=self._end_ns, hours=tuple(weekly))
            periods += self._without_dates(whole, groups)
        clipped = tuple(filter(None, map(self._clipped, periods)))
        if not clipped:
            raise NotUnderstoodError
        return Spoken(clipped, tuple(dict.fromkeys(self._unapplied)))

    def _weekly(self, group: Group, spans: tuple[Span, ...]) -> list[Hours]:
        weekdays = _weekdays(group.days)
        if any(token.kind == "holiday" for token in group.days):
            self._unapplied.append("holidays are not known here: every day instead")
            weekdays = ()
        out = set(_weekdays(tuple(t for t in group.excepted if t.kind in ("weekday", "to"))))
        if any(token.kind == "hours" for token in group.excepted):
            self._unapplied.append("hours that are excepted stay in force")
            out = set()
        if any(token.kind == "holiday" for token in group.excepted):
            self._unapplied.append("holidays that are excepted stay in force")
        if out:
            weekdays = tuple(day for day in weekdays or range(7) if day not in out)
            if not weekdays:
                raise NotUnderstoodError
        hours: list[Hours] = []
        for span in spans:
            if span.until:
                hours += _through_week(weekdays, span)
            else:
                hours.append(_hours(span, weekdays))
        return hours

    def _without_dates(self, period: Period, groups: list[Group]) -> list[Period]:
        excepted = [token for group in groups for token in group.excepted]
        if not any(token.kind == "date" for token in excepted):
            return [period]
        overnight = any(_runs_on(hours) for hours in period.hours)
        if overnight or len(groups) > 1 or any(token.kind == "hours" for token in excepted):
            self._unapplied.append("days that are excepted stay in force")
            return [period]
        kept, begin_ns = [], period.start_utc_ns
        for first, last in self._date_ranges(tuple(t for t in excepted if t.kind in ("date", "month", "to"))):
            kept.append(_period(begin_ns, _ns_of(first), period.hours))
            begin_ns = _ns_of(last + timedelta(days=1))
        return [*kept, _period(begin_ns, period.end_utc_ns, period.hours)]

    def _dated(self, group: Group, spans: tuple[Span, ...]) -> list[Period]:
        if any(token.kind in ("weekday", "daily", "holiday") for token in group.days):
            raise NotUnderstoodError
        if group.excepted:
            self._unapplied.append("days that are excepted stay in force")
        periods = []
        ranges = self._date_ranges(group.days)
        for span in spans:
            if span.until:
                (first, last), ((_, until),) = ranges[-1], self._date_ranges(span.until)
                if first != last or span.begin.event or span.end.event:
                    raise NotUnderstoodError
                begin_ns = _ns_of(first) + round((span.begin.second or 0.0) * NS_PER_S)
                periods.append(_period(begin_ns, _ns_of(until) + round((span.end.second or 0.0) * NS_PER_S)))
                continue
            periods += [_days_of(first, last, _hours(span, ())) for first, last in ranges]
        return periods

    def _date_ranges(self, tokens: tuple[Token, ...]) -> list[tuple[date, date]]:
        """Return first and last days; a month holds for the days after it until another is named."""
        ranges: list[tuple[date, date]] = []
        joined = False
        for i, token in enumerate(tokens):
            if token.kind == "month":
                self._month = token.value
                follows = i + 1 < len(tokens) and tokens[i + 1].kind in ("date", "month")
                if not follows:
                    raise NotUnderstoodError
            elif token.kind == "to":
                joined = True
            else:
                day = self._next(token.value)
                if joined and ranges:
                    ranges[-1] = (ranges[-1][0], day)
                else:
                    ranges.append((day, day))
                joined = False
        if not ranges or joined:
            raise NotUnderstoodError
        return ranges

    def _next(self, day_of_month: int) -> date:
        """Return the next such day from the one before it on, within the validity."""
        if self._day is None:
            raise NotUnderstoodError
        first = self._day
        for ahead in range(-1, 14):
            year, month = divmod(first.year * 12 + first.month - 1 + ahead, 12)
            if self._month not in (None, month + 1):
                continue
            try:
                found = date(year, month + 1, day_of_month)
            except ValueError:
                continue
            if found < first:
                continue
            if self._end_ns is not None and _ns_of(found) > self._end_ns:
                break
            self._day = found
            return found
        raise NotUnderstoodError

    def _clipped(self, period: Period) -> Period | None:
        begin, end = period.start_utc_ns, period.end_utc_ns
        if self._start_ns is not None:
            begin = self._start_ns if begin is None else max(begin, self._start_ns)
        if self._end_ns is not None:
            end = self._end_ns if end is None else min(end, self._end_ns)
        if begin is not None and end is not None and begin > end:
            return None
        return Period(start_utc_ns=begin, end_utc_ns=end, hours=period.hours)


def _weekdays(tokens: tuple[Token, ...]) -> tuple[int, ...]:
    """Return the weekdays meant; none is every day."""
    days: list[int] = []
    joined = False
    for token in tokens:
        if token.kind == "daily":
            return ()
        if token.kind == "to":
            joined = True
        elif token.kind == "weekday":
            if joined and days:
                days += [(days[-1] + i) % 7 for i in range(1, (token.value - days[-1]) % 7 + 1)]
            else:
                days.append(token.value)
            joined = False
    return tuple(sorted(set(days)))


def _hours(span: Span, weekdays: tuple[int, ...]) -> Hours:
    begin, end = span.begin, span.end
    return Hours(
        weekdays=weekdays,
        from_s=None if begin.event or not begin.second else begin.second,
        to_s=None if end.event or end.second in (0.0, float(DAY_S)) else end.second,
        from_event=begin.event,
        to_event=end.event,
        from_offset_s=begin.offset_s,
        to_offset_s=end.offset_s,
    )


def _through_week(weekdays: tuple[int, ...], span: Span) -> list[Hours]:
    """Return one entry for each day from `MON 0600` through `FRI 1500`."""
    last = _weekdays(span.until)
    if len(weekdays) != 1 or len(last) != 1 or span.begin.event or span.end.event:
        raise NotUnderstoodError
    days = [(weekdays[0] + i) % 7 for i in range((last[0] - weekdays[0]) % 7 + 1)]
    if len(days) == 1:
        return [_hours(span, (days[0],))]
    midnight, day_begin = Moment(float(DAY_S), None, 0.0), Moment(0.0, None, 0.0)
    hours = [_hours(Span(span.begin, midnight), (days[0],))]
    hours += [_hours(Span(day_begin, midnight), (day,)) for day in days[1:-1]]
    return hours if not span.end.second else [*hours, _hours(Span(day_begin, span.end), (days[-1],))]


def _runs_on(hours: Hours) -> bool:
    """Return whether hours may run past midnight."""
    if hours.from_event or hours.to_event:
        return True
    return bool(hours.to_s) and (hours.from_s or 0.0) >= (hours.to_s or 0.0)


def _days_of(first: date, last: date, hours: Hours) -> Period:
    """Return the period of days that each have these hours; a day's begin and end are put into the period, so
    that the night before does not reach in.
    """
    if hours.from_event or hours.to_event:
        # Where the sun is concerned a day of UTC may end in the middle of it: a day more, to be safe.
        return _period(_ns_of(first), _ns_of(last + timedelta(days=2)), (hours,))
    end = last + timedelta(days=1 if _runs_on(hours) or not hours.to_s else 0)
    begin_ns = _ns_of(first) + round((hours.from_s or 0.0) * NS_PER_S)
    end_ns = _ns_of(end) + round((hours.to_s or 0.0) * NS_PER_S)
    return _period(begin_ns, end_ns, () if first == last else (hours,))


def _period(start_ns: int | None, end_ns: int | None, hours: tuple[Hours, ...] = ()) -> Period:
    return Period(start_utc_ns=start_ns, end_utc_ns=end_ns, hours=hours)


def _date_of(time_utc_ns: int) -> date:
    return (_EPOCH + timedelta(seconds=time_utc_ns // NS_PER_S)).date()


def _ns_of(day: date) -> int:
    return (datetime(day.year, day.month, day.day, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1) * NS_PER_S
