"""`[[postures]]` and `[[calendar]]` of a site's file: how watchful the site can be, and on which days it is.

A time without an offset is of the site's clock. What comes again is written out here, each time an entry of
its own, so that summer time is reckoned by the clock of the place and a log needs no rules of clocks.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from skykeep.app.place_text import Name, Text
from skykeep.base.errors import SetupError
from skykeep.domain.posture import DEFAULT_LEVELS, CalendarEntry, PostureLevel

Factor = Annotated[float, Meta(gt=0.0, le=10.0)]
Share = Annotated[float, Meta(gt=0.0, le=1.0)]
MOST_TIMES = 400
STEP = {"daily": dt.timedelta(days=1), "weekly": dt.timedelta(days=7)}


class PostureText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Higher levels are more watchful: they may call sooner and louder, never later."""

    level: Annotated[int, Meta(ge=0, le=9)]
    name: Name
    consequence_factor: Annotated[float, Meta(ge=1.0, le=10.0)] = 1.0
    alert_factor: Share = 1.0
    escalate_factor: Share = 1.0
    more_approvals: Annotated[int, Meta(ge=0, le=5)] = 0


class CalendarText(Text, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day or an hour that raises the posture; with `repeats` it comes again, the last time by `until`."""

    id: Name
    name: Name
    level: Name
    start: dt.datetime
    end: dt.datetime
    because: Annotated[str, Meta(max_length=300)] = ""
    lead_in_h: Annotated[float, Meta(ge=0.0, le=720.0)] = 0.0
    repeats: Literal["daily", "weekly", "yearly"] | None = None
    until: dt.date | None = None


def postures_of(texts: tuple[PostureText, ...]) -> tuple[PostureLevel, ...]:
    """Return the levels, the least first; the default ones where none are given."""
    if not texts:
        return DEFAULT_LEVELS
    levels = sorted(texts, key=lambda text: text.level)
    for what in ("level", "name"):
        said = [str(getattr(each, what)) for each in levels]
        twice = next((each for each in said if said.count(each) > 1), None)
        if twice is not None:
            raise SetupError(f"postures: {what} {twice} is there twice, must be once")
    if levels[0].level != 0:
        raise SetupError(f"postures: the least level is {levels[0].level}, must be 0")
    return tuple(
        PostureLevel(
            level=each.level,
            name=each.name,
            consequence_factor=each.consequence_factor,
            alert_factor=each.alert_factor,
            escalate_factor=each.escalate_factor,
            more_approvals=each.more_approvals,
        )
        for each in levels
    )


def calendar_of(
    texts: tuple[CalendarText, ...], postures: tuple[PostureLevel, ...], zone: dt.tzinfo
) -> tuple[CalendarEntry, ...]:
    """Return every time that an entry holds by the clock of `zone`, in order of time."""
    levels = {posture.name: posture.level for posture in postures}
    entries = [entry for text in texts for entry in _entries(text, levels, zone)]
    return tuple(sorted(entries, key=lambda entry: (entry.start_utc_ns, entry.entry_id)))


def _entries(text: CalendarText, levels: dict[str, int], zone: dt.tzinfo) -> list[CalendarEntry]:
    where = f"calendar {text.id!r}"
    if text.level not in levels:
        raise SetupError(f"{where}: level is {text.level!r}, must be one of {', '.join(levels)}")
    if (text.start.tzinfo is None) != (text.end.tzinfo is None):
        raise SetupError(f"{where}: start and end, must both have an offset from UTC or neither")
    if text.end <= text.start:
        raise SetupError(f"{where}: end is {text.end}, must be after its start {text.start}")
    if (text.repeats is None) != (text.until is None):
        raise SetupError(f"{where}: repeats and until, must be both there or neither")
    times = _times(text, where)
    return [
        CalendarEntry(
            entry_id=text.id if len(times) == 1 else f"{text.id}-{number}",
            name=text.name,
            level=levels[text.level],
            start_utc_ns=_utc_ns(start, zone),
            end_utc_ns=_utc_ns(start + (text.end - text.start), zone),
            because=text.because,
            lead_in_s=text.lead_in_h * 3600.0,
        )
        for number, start in enumerate(times, 1)
    ]


def _times(text: CalendarText, where: str) -> list[dt.datetime]:
    """Return when each time begins, by the clock of the place."""
    if text.repeats is None or text.until is None:
        return [text.start]
    if text.until < text.start.date():
        raise SetupError(f"{where}: until is {text.until}, must not be before its start {text.start}")
    times: list[dt.datetime] = []
    number, start = 0, text.start
    while start.date() <= text.until:
        if len(times) == MOST_TIMES:
            raise SetupError(f"{where}: comes more than {MOST_TIMES} times, must be {MOST_TIMES} at most")
        times.append(start)
        number += 1
        start = _again(text, number)
    return times


def _again(text: CalendarText, number: int) -> dt.datetime:
    if text.repeats == "yearly":
        day = text.start
        # The 29th of February comes on the 28th where there is none.
        leap = day.month == 2 and day.day == 29 and not _is_leap(day.year + number)
        return day.replace(year=day.year + number, day=28 if leap else day.day)
    return text.start + number * STEP[text.repeats or "daily"]


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _utc_ns(moment: dt.datetime, zone: dt.tzinfo) -> int:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
    since = aware - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000
