"""Moments as aeronautical formats write them, as UTC nanoseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?(Z|[+-]\d\d:\d\d)?", re.ASCII
)


def utc_ns(year: int, month: int, day: int, second: float = 0.0) -> int:
    """Return a second of a day; ValueError or OverflowError where there is no such day."""
    day_s = (datetime(year, month, day, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1)
    return (day_s * NS_PER_S) + round(second * NS_PER_S)


def parse_iso_utc_ns(field: str, text: str, offset_s: float = 0.0) -> int:
    """Return an ISO 8601 moment. Without a zone it is `offset_s` ahead of UTC; 24:00 is the next midnight."""
    match = _ISO.fullmatch(text.strip()[:50])
    try:
        if match is None:
            raise ValueError
        hour, minute, second = (int(part or 0) for part in match.group(4, 5, 6))
        if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
            raise ValueError
        of_day_s = hour * 3600 + minute * 60 + second
        if match[8] and match[8] != "Z":
            sign = -1 if match[8][0] == "-" else 1
            offset_s = sign * (int(match[8][1:3]) * 3600 + int(match[8][4:6]) * 60)
        elif match[8]:
            offset_s = 0.0
        fraction_ns = int((match[7] or "0").ljust(9, "0"))
        day_ns = utc_ns(int(match[1]), int(match[2]), int(match[3]), of_day_s - offset_s)
        return day_ns + fraction_ns
    except (ValueError, OverflowError):
        raise DecodeError(field, repr(text[:60]), "an ISO 8601 time") from None


def has_zone(text: str) -> bool:
    match = _ISO.fullmatch(text.strip()[:50])
    return match is not None and match[8] is not None


def format_utc(time_utc_ns: int | None) -> str:
    """Return a moment to the minute in words, as a sentence needs it."""
    if time_utc_ns is None:
        return "open"
    moment = _EPOCH + timedelta(seconds=time_utc_ns // NS_PER_S)
    return f"{moment:%Y-%m-%d %H:%MZ}"
