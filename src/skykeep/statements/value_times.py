"""Times that people say, set against one another: moments by half an hour, spans by whether they meet, words
by the days that they may mean, seen from the day of publication; and how long a ban is said to last.
"""

from __future__ import annotations

import datetime
import re

from skykeep.domain.statement import Relation
from skykeep.statements.dates import anchor_of, day_in
from skykeep.statements.numbers_in_words import numbers_in

SAME_TIME_S = 1800.0
_DAY = datetime.timedelta(days=1)
_LAST_NIGHT = re.compile(r"\b(?:last(?:s)? night|overnight|night|yesterday evening)\b", re.IGNORECASE)
_THIS_LAST_NIGHT = re.compile(r"\b(?:lasts? night|overnight|this night)\b", re.IGNORECASE)
# "On the eve of the 9th" names another day than it means; "before dawn on Sunday" does not.
_BESIDE_A_DAY = re.compile(
    r"\b(?:eve of|ahead of|(?:before|after) (?!dawn|day|sun|mid|noon|dark|dusk|\d|the (?:small|early)))",
    re.IGNORECASE,
)
_AGO = re.compile(r"\b(?P<number>[\w-]+) (?:days?|nights?|evenings?) ago\b", re.IGNORECASE)
_RANGE_OF_DAYS = re.compile(
    r"\b(?P<from>\d{1,2})(?:st|nd|rd|th)? ?(?:to|-|\u2013|and|/) ?(?:the )?(?P<to>\d{1,2})(?:st|nd|rd|th)? "
    r"(?P<rest>[A-Za-z]{3,9}(?: \d{4})?)"
)
_UNTIL = re.compile(
    r"\b(?:until|till|til|up to|through|not before|no earlier than)\b (?P<words>[^,;]{1,40})", re.I
)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ORDINAL = re.compile(r"\bthe (?P<day>\d{1,2})(?:st|nd|rd|th)\b", re.IGNORECASE)
_Days = frozenset[datetime.date]
_Moments = tuple[datetime.datetime, datetime.datetime]


def times(value: str, other: str, published: tuple[str, str]) -> Relation | None:
    """Return how two times stand; None where the days that they may mean are not known."""
    mine, its = _moments(value), _moments(other)
    if mine is not None and its is not None and (mine[0].tzinfo is None) == (its[0].tzinfo is None):
        slack = datetime.timedelta(seconds=SAME_TIME_S)
        meet = mine[0] <= its[1] + slack and its[0] <= mine[1] + slack
        return Relation.AGREE if meet else Relation.CONTRADICT
    days, its_days = _days(value, published[0]), _days(other, published[1])
    if not days or not its_days:
        return None
    return Relation.AGREE if days & its_days else Relation.CONTRADICT


def moment_of(value: str) -> datetime.datetime | None:
    """Return an ISO date or date-time, None for any other words."""
    try:
        return datetime.datetime.fromisoformat(value.strip().replace("Z", "+00:00"))
    except ValueError:
        return None


def _moments(value: str) -> _Moments | None:
    """Return from when to when a value with the time of day is, one moment twice; None without one."""
    ends = [moment_of(part) for part in value.split("/")]
    if len(ends) not in (1, 2) or not all("T" in part for part in value.split("/")):
        return None
    first, last = ends[0], ends[-1]
    if first is None or last is None or (first.tzinfo is None) != (last.tzinfo is None):
        return None
    return first, last


def _days(value: str, published: str) -> _Days:
    """Return the days that a value may mean, seen from the day of publication; none where that is open."""
    ends = [moment_of(part) for part in value.split("/")]
    if all(ends):
        # A night is told by either of its days.
        found = {day for end in ends if end is not None for day in _of_moment(end)}
        return frozenset(found)
    anchor = anchor_of(published)
    if anchor is not None and re.search(r"\bday before yesterday\b", value, re.IGNORECASE):
        return frozenset((anchor - 2 * _DAY,))
    if anchor is None or _BESIDE_A_DAY.search(value):
        return frozenset()
    if span := _RANGE_OF_DAYS.search(value):
        days = [day_in(f"{span[end]} {span['rest']}", anchor) for end in ("from", "to")]
        return frozenset(day for day in days if day is not None)
    if ago := _AGO.search(value):
        number = numbers_in(ago["number"])
        back = [anchor - number[0] * _DAY] if number and number[0] < 400 else []
        # Nine nights ago is the night that began or the one that ended then.
        return frozenset(day + step * _DAY for day in back for step in (-1, 0, 1))
    named = day_in(value, anchor)
    if named is None and not _LAST_NIGHT.search(value):
        return frozenset()
    if named is None or _THIS_LAST_NIGHT.search(value):
        return frozenset((anchor, anchor - _DAY))
    return frozenset((named, named + _DAY)) if _LAST_NIGHT.search(value) else frozenset((named,))


def _of_moment(moment: datetime.datetime) -> tuple[datetime.date, ...]:
    day = moment.date()
    return (day, day - _DAY) if moment.hour < 12 else (day,)


def lasting(value: str, other: str, published: tuple[str, str]) -> Relation | None:
    """Return how two bans stand by how long they are said to last; None where that is not told of both."""
    mine, its = _ends(value, published[0]), _ends(other, published[1])
    if mine is None or its is None:
        return None
    return Relation.AGREE if mine == its else Relation.CONTRADICT


def end_otherwise(value: str, other: str) -> bool:
    """Say whether two bans are told to last until a day or hour in digits, and not until the same."""
    found = (_UNTIL.search(one) for one in (value, other))
    mine, its = (re.findall(r"\d+", one["words"]) if one else [] for one in found)
    return bool(mine and its) and mine != its


def _ends(value: str, published: str) -> datetime.date | None:
    """Return the day until which something is said to last, seen from the day of publication."""
    found = _UNTIL.search(value)
    anchor = anchor_of(published)
    if found is None or anchor is None:
        return None
    if weekday := _WEEKDAY.search(found["words"]):
        ahead = (_WEEKDAYS.index(weekday[0][:3].casefold()) - anchor.weekday()) % 7
        return anchor + (ahead or 7) * _DAY
    if ordinal := _ORDINAL.search(found["words"]):
        day = int(ordinal["day"])
        month = anchor if day >= anchor.day else (anchor.replace(day=1) + 32 * _DAY)
        try:
            return month.replace(day=day)
        except ValueError:
            return None
    return day_in(found["words"], anchor) if re.search(r"\d", found["words"]) else None
