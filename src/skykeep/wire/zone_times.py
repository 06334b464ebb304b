"""Times as files of zones have them, both ways.

| as published | is |
|---|---|
| `2026-08-05T11:00:00+00:00`, `...T00:00Z`, `...00.00Z` | an instant; without an offset UTC, and noted |
| `2026-08-05` | its first instant, as an end its last second; noted |
| `Mon, 07 Sep 2026 06:00:00 GMT` | an instant; noted |
| `06:00:00Z`, `06:00Z`, `06:00:00.00+02:00` | a time of day; the last in a period of that time zone |
| day `ANY`, all seven, or none | every day |

Times of day with different offsets in one period make a period for each: they are OR-ed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from skykeep.base.clock import NS_PER_S
from skykeep.domain.zone import Hours, SunEvent
from skykeep.wire.zone_report import Json, Place, list_of

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
DAY_S = 86_400.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,30}))?\s?(Z|z|[+-]\d\d:?\d\d|[+-]\d\d)?)?",
    re.ASCII,
)
_TIME_OF_DAY = re.compile(
    r"([01]\d|2[0-4]):([0-5]\d)(?::([0-5]\d|60)(?:[.,](\d{1,30}))?)?(Z|z|[+-]\d\d:?\d\d|[+-]\d\d)?", re.ASCII
)


def instant_ns(value: object, place: Place, field: str, *, end: bool = False) -> int | None:
    """Return an instant in UTC nanoseconds, or None where none is said or it cannot be read."""
    if value is None or value == "":
        return None
    must = "a date and time with Z or an offset"
    match = _INSTANT.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if match is None:
            return _other_instant_ns(value, place, field, must)
        time = match[2] or ("23:59:59" if end else "00:00:00")
        # The end of a day is written 24:00 by some.
        late = time.startswith("24:00")
        moment = datetime.fromisoformat(f"{match[1]}T{'00:00:00' if late else time}").replace(tzinfo=UTC)
        moment += timedelta(days=1) if late else timedelta()
    except (ValueError, OverflowError):
        place.read_as(field, value, must, "read as open: nothing ends or begins there")
        return None
    if match[2] is None or match[4] is None:
        place.noted(field, value, must, "read as UTC, a date as its whole day")
    elif len(match[2]) == 5:
        place.noted(field, value, "a time with seconds", "read as its first second")
    fraction_ns = int((match[3] or "0")[:9].ljust(9, "0"))
    return ((moment - _EPOCH) // timedelta(seconds=1) - _offset_s(match[4])) * NS_PER_S + fraction_ns


def _other_instant_ns(value: object, place: Place, field: str, must: str) -> int:
    if not isinstance(value, str):
        raise ValueError("not text")
    moment = parsedate_to_datetime(value[:80])
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    place.noted(field, value, must, "read as the time that it names")
    return ((moment - _EPOCH) // timedelta(seconds=1)) * NS_PER_S


def _offset_s(text: str | None) -> int:
    if text is None or text in "Zz":
        return 0
    digits = text[1:].replace(":", "").ljust(4, "0")
    seconds = int(digits[:2]) * 3_600 + int(digits[2:]) * 60
    return -seconds if text[0] == "-" else seconds


def zone_of_offset(offset_s: int) -> str | None:
    """Return the IANA name of a fixed offset; None where there is none (half hours)."""
    hours, rest = divmod(offset_s, 3_600)
    if rest or not -12 <= hours <= 14:
        return None
    # Etc's signs are the other way round.
    return f"Etc/GMT{-hours:+d}" if hours else "UTC"


def time_of_day_s(value: object, place: Place, field: str) -> tuple[float | None, int]:
    """Return seconds of day and the offset; (None, 0) where none is said or it cannot be read."""
    if value is None or value == "":
        return None, 0
    match = _TIME_OF_DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None or (match[1] == "24" and (match[2] != "00" or (match[3] or "00") != "00")):
        place.read_as(field, value, "a time of day with Z", "read as not said: the day's begin or end")
        return None, 0
    seconds = int(match[1]) * 3_600 + int(match[2]) * 60 + int(match[3] or "0")
    fraction = float(f"0.{match[4]}") if match[4] else 0.0
    if match[5] is None:
        place.noted(field, value, "a time of day with Z", "read as UTC")
    elif match[3] is None:
        place.noted(field, value, "a time with seconds", "read as its first second")
    return (seconds + fraction) % DAY_S, _offset_s(match[5])


def hours_of(said: Json, place: Place) -> list[tuple[Hours, int]]:
    """Return what one entry of a schedule says, with the offset of its times.

    A begin (or end) that is told as a time and as an event is read as two entries, the one or the other.
    """
    weekdays = _weekdays(said.get("day"), place)
    from_s, from_offset = time_of_day_s(said.get("startTime"), place, "startTime")
    to_s, to_offset = time_of_day_s(said.get("endTime"), place, "endTime")
    offset = from_offset if from_s is not None else to_offset
    if from_s is not None and to_s is not None and from_offset != to_offset:
        place.noted("endTime", said.get("endTime"), "in the offset of startTime", "turned into it")
        to_s = (to_s - to_offset + from_offset) % DAY_S
    begin, end = (
        _event(said.get("startEvent"), place, "startEvent"),
        _event(said.get("endEvent"), place, "endEvent"),
    )
    for key in sorted(set(said) - {"day", "startTime", "endTime", "startEvent", "endEvent"}):
        place.noted(key, said[key], "not there", "passed over")
    found = [Hours(weekdays=weekdays, from_s=from_s, to_s=to_s)]
    if begin or end:
        found = [
            Hours(
                weekdays=weekdays,
                from_s=None if begin else from_s,
                to_s=None if end else to_s,
                from_event=begin,
                to_event=end,
            )
        ]
        if (begin and from_s is not None) or (end and to_s is not None):
            place.read_as("", said, "a time or an event", "read as both: holding in the one or the other")
            found.append(Hours(weekdays=weekdays, from_s=from_s, to_s=to_s))
    return [(hours, offset) for hours in found]


def _event(value: object, place: Place, field: str) -> SunEvent | None:
    if value is None or value == "":
        return None
    try:
        return SunEvent(str(value).strip().upper())
    except ValueError:
        must = f"one of {', '.join(SunEvent)}"
        place.read_as(field, value, must, "read as not said: the day's begin or end")
        return None


def _weekdays(value: object, place: Place) -> tuple[int, ...]:
    named = list_of(value, place, "day")
    found: list[int] = []
    for one in named:
        word = one.strip().upper()[:3] if isinstance(one, str) else ""
        if word == "ANY":
            return ()
        if word in DAYS:
            found.append(DAYS.index(word))
        else:
            place.read_as("day", one, f"one of {', '.join(DAYS)}, ANY", "read as every day")
            return ()
    if not named:
        place.noted("day", "none", f"one of {', '.join(DAYS)}, ANY", "read as every day")
    return tuple(dict.fromkeys(found))


def iso_instant(time_utc_ns: int) -> str:
    """Return e.g. `2026-08-05T11:00:00Z`, decimals only where they are needed; years 0001 to 9999."""
    whole_s, rest_ns = divmod(time_utc_ns, NS_PER_S)
    moment = _EPOCH + timedelta(seconds=whole_s)
    fraction = f".{rest_ns:09d}".rstrip("0") if rest_ns else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}".rjust(19, "0") + fraction + "Z"


def day_time(seconds: float) -> str:
    """Return e.g. `06:00:00Z`, decimals only where they are needed."""
    whole = int(seconds)
    fraction = f"{seconds - whole:.9f}"[1:].rstrip("0").rstrip(".")
    if seconds - whole >= 0.999_999_999_5:
        whole, fraction = whole + 1, ""
    if whole >= DAY_S:
        return "23:59:59.999999999Z"
    return f"{whole // 3_600:02d}:{whole % 3_600 // 60:02d}:{whole % 60:02d}{fraction}Z"


def schedule_json(hours: tuple[Hours, ...], *, events: bool) -> list[Any] | None:
    """Return a schedule, or None where it cannot be said in full; `events` says whether sun events can."""
    entries = []
    for one in hours:
        entry: Json = {"day": [DAYS[day] for day in one.weekdays] or ["ANY"]}
        if (one.from_event or one.to_event) and not events:
            return None
        if one.from_offset_s or one.to_offset_s:
            return None
        if one.from_event:
            entry["startEvent"] = one.from_event.value
        elif one.from_s is not None or not events:
            entry["startTime"] = day_time(one.from_s or 0.0)
        if one.to_event:
            entry["endEvent"] = one.to_event.value
        elif one.to_s is not None or not events:
            entry["endTime"] = day_time(one.to_s or 0.0)
        entries.append(entry)
    return entries
