"""When an airspace of AIXM is in force: validity of its time slice, status and timesheets of its activations.

ACTIVE, IN_USE, INTERMITTENT and AVBL_FOR_ACTIVATION are in force, for what may be activated any time is not
free; INACTIVE is not. Where only INACTIVE is said, the zone is there without a restriction.

A timesheet has days (`day`, `dayTil`), hours (`startTime`, `endTime`, 24:00 the end of day) or events of
the sun with minutes before or after, dates within each year (`startDate`, `endDate`, DD-MM), and a
reference such as UTC or UTC+2. An hour that moves with summer time (`daylightSavingAdjust`) is in force an
hour earlier as well, since the file does not say when summer is. Days that depend on a calendar (WORK_DAY,
HOL, ...) are every day. Timesheets that are excluded are taken out where day and hour are plain, else
reported. A schedule that is told only in a remark is read if its words can be told; else the zone is in
force throughout, and the report says so.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from msgspec.structs import replace

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Hours, Period, SunEvent
from skykeep.wire.aero_hours import periods_of
from skykeep.wire.aero_notes import Notes
from skykeep.wire.aero_text import parse_number
from skykeep.wire.aero_time import parse_iso_utc_ns, utc_ns
from skykeep.wire.aero_xml import Node

_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_DAY_S = 86_400.0
_EVENTS = {
    "SR": SunEvent.SR, "SS": SunEvent.SS, "BMCT": SunEvent.BMCT, "EECT": SunEvent.EECT,
    "BCMT": SunEvent.BMCT, "ECET": SunEvent.EECT, "SUNRISE": SunEvent.SR, "SUNSET": SunEvent.SS,
}  # fmt: skip
_TELLS_TIME = re.compile(
    r"\b(?:MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]*\b|\bH24\b|\bHJ\b|\bHN\b|\bSR\b|\bSS\b|\bSUNRISE\b|\bSUNSET\b"
    r"|\b\d{4}\s?-\s?\d{4}\b|\bDAILY\b",
    re.IGNORECASE | re.ASCII,
)


class Times(NamedTuple):
    """When, whether it is only said to be inactive, which statuses and activities, and what remarks say."""

    periods: tuple[Period, ...]
    inactive: bool
    statuses: tuple[str, ...]
    activities: tuple[str, ...]
    remarks: tuple[str, ...]


def validity_of(notes: Notes, zone_id: str, piece: Node) -> tuple[int | None, int | None]:
    """Return from when to when a time slice holds; where it names a moment, its feature's lifetime."""
    period = piece.child("validTime", "TimePeriod")
    if period is None and piece.child("validTime", "TimeInstant") is not None:
        lifetime = piece.child("featureLifetime", "TimePeriod")
        found = piece.word("validTime", "TimeInstant", "timePosition")
        notes.read_as(
            zone_id, "validTime", f"the moment {found}", "a period", "read as the feature's lifetime"
        )
        period = lifetime
    if period is None:
        notes.noted(zone_id, "validTime", "absent", "a period", "open at both ends")
        return None, None
    begin, end = _moment(notes, zone_id, period, "begin"), _moment(notes, zone_id, period, "end")
    if begin is not None and end is not None and end < begin:
        notes.read_as(
            zone_id, "validTime", "an end before its begin", "after it", "read as no end, the safer"
        )
        end = None
    return begin, end


def _moment(notes: Notes, zone_id: str, period: Node, which: str) -> int | None:
    text = period.word(f"{which}Position") or period.word(which, "TimeInstant", "timePosition")
    if not text:
        return None
    try:
        return parse_iso_utc_ns(f"{which}Position", text)
    except DecodeError as error:
        notes.read_as(zone_id, error.field, error.found, error.must, "read as open, the safer")
        return None


def times_of(notes: Notes, zone_id: str, piece: Node) -> Times:
    """Return when the airspace of a time slice is in force."""
    begin, end = validity_of(notes, zone_id, piece)
    whole = Period(start_utc_ns=begin, end_utc_ns=end)
    activations = [one for holder in piece.each("activation") for one in holder.children]
    statuses = tuple(dict.fromkeys(one.word("status").upper() for one in activations))
    activities = tuple(dict.fromkeys(one.word("activity") for one in activations if one.word("activity")))
    remarks: list[str] = []
    periods: list[Period] = []
    for activation in activations:
        if activation.word("status").upper() == "INACTIVE":
            continue
        said = _remarks(activation)
        remarks += said
        periods += _activation(notes, zone_id, activation, whole, said)
    if any("AVBL_FOR_ACTIVATION" in status for status in statuses):
        done = "in force whenever it may be activated, the safer"
        notes.noted(zone_id, "activation.status", "AVBL_FOR_ACTIVATION", "ACTIVE or INACTIVE", done)
    inactive = bool(activations) and not periods
    unbounded = begin is None and end is None
    if not periods:
        periods = [] if unbounded else [whole]
    found = () if unbounded and any(one == Period() for one in periods) else tuple(dict.fromkeys(periods))
    return Times(found, inactive, statuses, activities, tuple(dict.fromkeys(remarks)))


def _remarks(node: Node) -> list[str]:
    return [
        " ".join(note.text.split()) for holder in node.each("annotation") for note in holder.under("note")
    ]


def _activation(
    notes: Notes, zone_id: str, activation: Node, whole: Period, remarks: list[str]
) -> list[Period]:
    sheets = [sheet for holder in activation.each("timeInterval") for sheet in holder.children]
    if not sheets:
        return _told(notes, zone_id, whole, remarks)
    periods: list[Period] = []
    excluded = []
    try:
        for sheet in sheets:
            if sheet.word("excluded").upper() == "YES":
                excluded.append(sheet)
            else:
                periods += _periods(notes, zone_id, sheet, whole)
    except DecodeError as error:
        notes.read_as(
            zone_id, f"Timesheet.{error.field}", error.found, error.must, "in force throughout, the safer"
        )
        return [whole]
    if excluded:
        done = "what is excluded stays in force, the safer"
        notes.read_as(zone_id, "Timesheet.excluded", f"{len(excluded)} excluded", "hours of their own", done)
    return periods or [whole]


def _told(notes: Notes, zone_id: str, whole: Period, remarks: list[str]) -> list[Period]:
    for remark in remarks:
        if not _TELLS_TIME.search(remark):
            continue
        spoken = periods_of(remark, whole.start_utc_ns, whole.end_utc_ns)
        if spoken is None:
            notes.read_as(
                zone_id, "activation.annotation", remark, "a timesheet", "in force throughout, the safer"
            )
            return [whole]
        notes.read_as(zone_id, "activation.annotation", remark, "a timesheet", "read as its words say")
        for words in spoken.unapplied:
            notes.read_as(zone_id, "activation.annotation", remark, "a timesheet", words)
        return list(spoken.periods)
    return [whole]


def _periods(notes: Notes, zone_id: str, sheet: Node, whole: Period) -> list[Period]:
    hours = _hours(notes, zone_id, sheet)
    if sheet.word("daylightSavingAdjust").upper() == "YES":
        hours = [wide for one in hours for wide in _widened(one)]
        done = "in force an hour earlier as well"
        notes.read_as(zone_id, "Timesheet.daylightSavingAdjust", "YES", "a time zone by name", done)
    zone = _zone(sheet)
    spans = _dates(notes, zone_id, sheet, whole)
    return [
        Period(start_utc_ns=begin, end_utc_ns=end, hours=tuple(hours), time_zone=zone) for begin, end in spans
    ]


def _zone(sheet: Node) -> str:
    reference = sheet.word("timeReference").upper() or "UTC"
    match = re.fullmatch(r"UTC(?:([+-])(\d{1,2}))?(?:_?H)?", reference, re.ASCII)
    if match is None or int(match[2] or 0) > 12:
        raise DecodeError("timeReference", repr(reference[:20]), "UTC, or UTC with whole hours")
    if not match[1] or not int(match[2]):
        return "UTC"
    # The names of fixed zones have the sign of the sea: Etc/GMT-2 is two hours ahead.
    return f"Etc/GMT{'-' if match[1] == '+' else '+'}{int(match[2])}"


def _hours(notes: Notes, zone_id: str, sheet: Node) -> list[Hours]:
    days = _weekdays(notes, zone_id, sheet.word("day").upper(), sheet.word("dayTil").upper())
    starts, ends = _ends(sheet, "start"), _ends(sheet, "end")
    if len(starts) > 1 or len(ends) > 1:
        notes.read_as(
            zone_id,
            "Timesheet",
            "a time and an event of the sun",
            "one of them",
            "in force by either, the safer",
        )
    first, rest = days[0], days[1:]
    hours = []
    for from_s, from_event, from_offset in starts:
        for to_s, to_event, to_offset in ends:
            if rest:
                hours += _through(days, from_s, to_s)
                continue
            plain_end = None if to_s is None or to_s in (0.0, _DAY_S) else to_s
            hours.append(
                Hours(
                    weekdays=first, from_s=from_s or None, to_s=plain_end, from_event=from_event,
                    to_event=to_event, from_offset_s=from_offset, to_offset_s=to_offset,
                )
            )  # fmt: skip
    return hours


def _weekdays(notes: Notes, zone_id: str, day: str, until: str) -> list[tuple[int, ...]]:
    """Return the days as one group, or one group for each day where a span runs through several."""
    for name in (day, until):
        if name not in ("", "ANY", *_DAYS):
            done = "read as every day, the safer"
            notes.read_as(zone_id, "Timesheet.day", name, "a day of the week or ANY", done)
            return [()]
    if day in ("", "ANY"):
        return [()]
    first = _DAYS.index(day)
    if until in ("", "ANY") or until == day:
        return [(first,)]
    count = (_DAYS.index(until) - first) % 7 + 1
    return [((first + i) % 7,) for i in range(count)]


def _through(days: list[tuple[int, ...]], from_s: float | None, to_s: float | None) -> list[Hours]:
    """Return a span that runs from a time of its first day to a time of its last, day by day."""
    hours = [Hours(weekdays=days[0], from_s=from_s or None)]
    hours += [Hours(weekdays=day) for day in days[1:-1]]
    last = None if to_s in (None, _DAY_S) else to_s
    return hours if last == 0.0 else [*hours, Hours(weekdays=days[-1], to_s=last)]


def _ends(sheet: Node, which: str) -> list[tuple[float | None, SunEvent | None, float]]:
    """Return a begin or an end: a time, an event, or both."""
    ends: list[tuple[float | None, SunEvent | None, float]] = []
    text, event = sheet.word(f"{which}Time"), sheet.word(f"{which}Event").upper()
    if text:
        match = re.fullmatch(r"(\d\d):(\d\d)(?::\d\d)?Z?", text, re.ASCII)
        if match is None or int(match[1]) > 24 or int(match[2]) > 59:
            raise DecodeError(f"{which}Time", repr(text[:20]), "hh:mm")
        ends.append((int(match[1]) * 3600.0 + int(match[2]) * 60.0, None, 0.0))
    if event:
        if event not in _EVENTS:
            raise DecodeError(f"{which}Event", repr(event[:20]), "SR, SS, BMCT or EECT")
        relative = sheet.child(f"{which}TimeRelativeEvent")
        offset_s = 0.0
        if relative is not None and relative.text.strip():
            factor = {"MIN": 60.0, "HR": 3600.0, "SEC": 1.0}.get(
                relative.attributes.get("uom", "MIN").upper()
            )
            offset_s = parse_number(f"{which}TimeRelativeEvent", relative.text, -1_440.0, 1_440.0) * (
                factor or 60.0
            )
        ends.append((None, _EVENTS[event], offset_s))
    return ends or [(0.0, None, 0.0)]


def _widened(hours: Hours) -> list[Hours]:
    """Return hours an hour earlier as well."""
    if hours.from_event or (not hours.weekdays and not hours.from_s):
        return [hours]
    earlier = (hours.from_s or 0.0) - 3600.0
    if earlier >= 0.0:
        return [replace(hours, from_s=earlier or None)]
    day_before = tuple(sorted((day - 1) % 7 for day in hours.weekdays))
    return [replace(hours, from_s=None), Hours(weekdays=day_before, from_s=earlier + _DAY_S)]


def _dates(notes: Notes, zone_id: str, sheet: Node, whole: Period) -> list[tuple[int | None, int | None]]:
    """Return the parts of a validity that lie within dates of each year."""
    first, last = sheet.word("startDate").upper(), sheet.word("endDate").upper()
    bounds = (whole.start_utc_ns, whole.end_utc_ns)
    if not first and not last:
        return [bounds]
    matches = [re.fullmatch(r"(\d\d)-(\d\d)", text, re.ASCII) for text in (first, last)]
    if None in matches or None in bounds or (bounds[1] or 0) - (bounds[0] or 0) > 5 * 366 * _DAY_S * NS_PER_S:
        done = "read as all the year, the safer"
        notes.read_as(
            zone_id, "Timesheet.startDate", f"{first} to {last}", "DD-MM in a bounded validity", done
        )
        return [bounds]
    (day, month), (last_day, last_month) = ((int(m[1]), int(m[2])) for m in matches if m)
    spans: list[tuple[int | None, int | None]] = []
    year = 1970 + int((bounds[0] or 0) / NS_PER_S / 31_556_952)
    try:
        for each in range(year - 1, year + 7):
            begin = utc_ns(each, month, day)
            until_year = each + ((last_month, last_day) < (month, day))
            end = utc_ns(until_year, last_month, last_day, _DAY_S)
            if end >= (bounds[0] or 0) and begin <= (bounds[1] or 0):
                spans.append((max(begin, bounds[0] or 0), min(end, bounds[1] or 0)))
    except (ValueError, OverflowError):
        raise DecodeError("startDate", f"{first} to {last}", "days that every year has") from None
    return spans or [bounds]
