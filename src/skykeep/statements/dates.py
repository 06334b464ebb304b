"""Times as people say them, resolved where the document's own date allows.

The anchor is the document's publication date. A weekday is the last one before it or the day itself; "last
night" is the day before, unless a clock time after midnight says that it is the day itself; a clock time
without a day stands on the day that the document speaks of, the anchor where it names none.
"""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

from skykeep.statements.numbers_in_words import numbers_in
from skykeep.statements.phrases import expand

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AM_PM = re.compile(r"(?P<h>\d{1,2})(?:[.:h](?P<m>\d\d))? ?(?P<half>[ap])\.?m", re.IGNORECASE)
_PLAIN = re.compile(r"(?P<h>[0-2]?\d)[.:h](?P<m>[0-5]\d)", re.IGNORECASE)
_FOUR = re.compile(r"\b(?P<h>[0-2]\d)(?P<m>[0-5]\d) ?(?P<z>Z\b)?", re.IGNORECASE)
_SIX = re.compile(r"\b(?P<d>\d\d)(?P<h>[0-2]\d)(?P<m>[0-5]\d)Z\b")
_PAST = re.compile(
    r"\b(?P<by>quarter|half|[\w-]+) (?:minutes )?(?P<side>past|to) (?P<h>[\w-]+)", re.IGNORECASE
)
_OCLOCK = re.compile(r"\b(?P<h>[\w-]+) o'clock", re.IGNORECASE)
_DAY = re.compile(expand(r"\b{DAY}"), re.IGNORECASE)
_DATE = re.compile(
    expand(
        r"\b(?:(?P<y1>\d{4})-(?P<m1>\d\d)-(?P<d1>\d\d)|(?P<d2>\d{1,2})(?:st|nd|rd"
        r"|th)? (?P<m2>{MONTH})(?: (?P<y2>\d{4}))?"
        r"|(?P<m3>{MONTH}) (?P<d3>\d{1,2})(?:,? (?P<y3>\d{4}))?)\b"
    ),
    re.IGNORECASE,
)
_UTC_OFFSET = re.compile(r"\(?\b(?:UTC|GMT) ?(?P<sign>[+-]) ?(?P<h>\d{1,2})(?::?(?P<m>\d\d))?\b")
_NIGHT = re.compile(
    r"\b(?:last|lasts) night|yesterday|overnight|previous (?:night|day|evening)|on the night\b", re.IGNORECASE
)
_LATE = re.compile(r"\b(?:night|evening|afternoon|p\.?m\.?)\b", re.IGNORECASE)


_MONTH = re.compile(expand(r"\b{MONTH}\b"), re.IGNORECASE)


class Clock(NamedTuple):
    """Hour and minute, and the zone as it was said: "Z", "+03:00" or ""."""

    hour: int
    minute: int
    zone: str = ""
    day: int | None = None


def anchor_of(published: str) -> datetime.date | None:
    """Return the day of an ISO date or date-time, None where there is none."""
    found = re.match(r"\d{4}-\d\d-\d\d", published)
    try:
        return datetime.date.fromisoformat(found.group()) if found else None
    except ValueError:
        return None


def zone_of(folded: str) -> str:
    """Return the offset that the document says all its times have, "+03:00", or ""."""
    found = _UTC_OFFSET.search(folded)
    return f"{found['sign']}{int(found['h']):02d}:{found['m'] or '00'}" if found else ""


def clock_in(words: str) -> Clock | None:
    """Return the first clock time said in `words`, None where there is none."""
    if found := _SIX.search(words):
        return _clock(int(found["h"]), int(found["m"]), "Z", int(found["d"]))
    if found := _AM_PM.search(words):
        hour = int(found["h"]) % 12 + (12 if found["half"].lower() == "p" else 0)
        return _clock(hour, int(found["m"] or 0))
    if found := _PAST.search(words):
        return _past(found["by"], found["side"], found["h"], words)
    if found := _PLAIN.search(words):
        return _clock(
            int(found["h"]), int(found["m"]), "Z" if re.search(r"\d ?(?:Z|UTC|GMT)\b", words) else ""
        )
    if found := _FOUR.search(words):
        return _clock(int(found["h"]), int(found["m"]), "Z" if found["z"] or "UTC" in words else "")
    if found := _OCLOCK.search(words):
        hours = numbers_in(found["h"])
        return _clock(_half_of_day(hours[0], words), 0) if hours else None
    return _clock(0, 0) if re.search(r"\bmidnight\b", words, re.IGNORECASE) else None


def _clock(hour: int, minute: int, zone: str = "", day: int | None = None) -> Clock | None:
    return Clock(hour, minute, zone, day) if hour < 24 and minute < 60 else None


def _past(by: str, side: str, hour_words: str, words: str) -> Clock | None:
    minutes = {"quarter": [15], "half": [30]}.get(by.lower()) or numbers_in(by)
    hours = {"midnight": [0], "noon": [12]}.get(hour_words.lower()) or numbers_in(hour_words)
    if not minutes or not hours:
        return None
    total = hours[0] * 60 + (minutes[0] if side.lower() == "past" else -minutes[0])
    hour = total // 60 % 24
    return _clock(
        hour if hour_words.isalpha() and hours[0] in (0,) else _half_of_day(hour, words), total % 60
    )


def _half_of_day(hour: int, words: str) -> int:
    is_late = _LATE.search(words) is not None and not re.search(r"\bmorning\b", words, re.IGNORECASE)
    if is_late and 4 < hour < 12:
        return hour + 12
    return 0 if is_late and hour == 12 else hour


def day_in(words: str, anchor: datetime.date) -> datetime.date | None:
    """Return the day that `words` name, seen from the anchor; None where they name none."""
    if found := _DATE.search(words):
        year = found["y1"] or found["y2"] or found["y3"] or str(anchor.year)
        month = found["m1"] or str(_MONTHS.index((found["m2"] or found["m3"])[:3].lower()) + 1)
        try:
            return datetime.date(int(year), int(month), int(found["d1"] or found["d2"] or found["d3"]))
        except ValueError:
            return None
    if found := _DAY.search(words):
        back = (anchor.weekday() - _DAYS.index(found.group()[:3].lower())) % 7
        return anchor - datetime.timedelta(days=back)
    if re.search(
        r"\b(?:today|tonight|this (?:morning|evening|afternoon)|just now|earlier today)\b",
        words,
        re.IGNORECASE,
    ):
        return anchor
    return anchor - datetime.timedelta(days=1) if _NIGHT.search(words) else None


def time_value(words: str, anchor: datetime.date | None, day: datetime.date | None, zone: str) -> str:
    """Return `words` as an ISO date or date-time where the anchor allows, else as they are.

    `day` is the one that the document speaks of; it stands for a clock time that names none.
    """
    if anchor is None:
        return words
    clock, named = clock_in(words), day_in(words, anchor)
    if _MONTH.search(words) and re.search(
        r"\b\d{1,2}(?:st|nd|rd|th)? ?(?:to|-|and|/) ?(?:the )?\d{1,2}\b", words
    ):
        return words
    if clock is None:
        is_vague = (
            named is None
            or _NIGHT.search(words)
            or re.search(r"\b(?:before|after|eve|ahead)\b", words, re.IGNORECASE)
        )
        return words if is_vague or named is None else named.isoformat()
    when = named or day or anchor
    if named is not None and _NIGHT.search(words) and clock.hour < 12:
        when = anchor
    if clock.day is not None:
        when = _same_month(anchor, clock.day)
    return f"{when.isoformat()}T{clock.hour:02d}:{clock.minute:02d}{clock.zone or zone}"


def _same_month(anchor: datetime.date, day: int) -> datetime.date:
    try:
        found = anchor.replace(day=day)
    except ValueError:
        return anchor
    return found if found <= anchor else anchor
