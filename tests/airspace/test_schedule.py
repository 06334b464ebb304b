"""When a rule is in force: a table of stories, and laws."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.airspace.schedule import DAY_NS, in_force, in_force_until_utc_ns, say_time
from skykeep.base.clock import NS_PER_S, from_iso_utc
from skykeep.domain.airspace import Period

HOUR_S = 3600


def ns(text: str) -> int:
    return from_iso_utc(f"2031-05-{text}Z")


NIGHTS = Period(daily_from_s=22 * HOUR_S, daily_to_s=6 * HOUR_S)
EVENING = Period(daily_from_s=18 * HOUR_S, daily_to_s=0)
SATURDAYS = Period(weekdays=(5,))
SATURDAY_NIGHTS = Period(weekdays=(5,), daily_from_s=22 * HOUR_S, daily_to_s=6 * HOUR_S)
DATES = Period(start_utc_ns=ns("02T00:00:00"), end_utc_ns=ns("04T12:00:00"))
# 3 May 2031 is a Saturday.
STORIES: dict[str, tuple[tuple[Period, ...], str, bool]] = {
    "no periods is always": ((), "03T02:10:00", True),
    "its first instant": ((DATES,), "02T00:00:00", True),
    "its last instant": ((DATES,), "04T12:00:00", True),
    "a moment too late": ((DATES,), "04T12:00:01", False),
    "dates and hours must both hold": (
        (Period(start_utc_ns=ns("02T00:00:00"), daily_from_s=8 * HOUR_S, daily_to_s=9 * HOUR_S),),
        "03T10:00:00",
        False,
    ),
    "any one period is enough": ((EVENING, DATES), "03T10:00:00", True),
    "an end of 00:00 is the next midnight": ((EVENING,), "03T23:59:59", True),
    "and not past it": ((EVENING,), "04T00:00:00", False),
    "daily end is inclusive": ((Period(daily_from_s=0, daily_to_s=HOUR_S),), "03T01:00:00", True),
    "a night runs past midnight": ((NIGHTS,), "03T02:10:00", True),
    "and ends in the morning": ((NIGHTS,), "03T06:00:01", False),
    "a Saturday": ((SATURDAYS,), "03T00:00:00", True),
    "a Sunday": ((SATURDAYS,), "04T00:00:00", False),
    "a night belongs to the day it began on": ((SATURDAY_NIGHTS,), "04T05:00:00", True),
    "so Saturday's small hours are Friday's night": ((SATURDAY_NIGHTS,), "03T05:00:00", False),
    "the hours of midnight to midnight are a whole day": (
        (Period(daily_from_s=0, daily_to_s=0),),
        "03T12:00:00",
        True,
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_in_force(story: str) -> None:
    periods, when, expected = STORIES[story]
    assert in_force(periods, ns(when)) is expected


UNTIL: dict[str, tuple[tuple[Period, ...], str, str | None]] = {
    "always has no end": ((), "03T02:10:00", None),
    "a night ends in the morning": ((NIGHTS,), "03T02:10:00", "03T06:00:00"),
    "the dates end first": (
        (Period(end_utc_ns=ns("03T04:00:00"), daily_from_s=22 * HOUR_S, daily_to_s=6 * HOUR_S),),
        "03T02:10:00",
        "03T04:00:00",
    ),
    "two periods that touch are one": (
        (Period(daily_from_s=18 * HOUR_S, daily_to_s=86_399), Period(daily_from_s=0, daily_to_s=6 * HOUR_S)),
        "02T20:00:00",
        "03T06:00:00",
    ),
    "every day, all day, has no end": ((Period(daily_from_s=0, daily_to_s=0),), "03T02:10:00", None),
}


@pytest.mark.parametrize("story", UNTIL)
def test_until(story: str) -> None:
    periods, when, expected = UNTIL[story]
    found = in_force_until_utc_ns(periods, ns(when))
    assert found == (None if expected is None else ns(expected))


def test_what_is_not_in_force_has_no_until() -> None:
    with pytest.raises(ValueError, match="not in force"):
        in_force_until_utc_ns((SATURDAYS,), ns("04T00:00:00"))


periods = st.builds(
    Period,
    weekdays=st.sets(st.integers(0, 6)).map(lambda days: tuple(sorted(days))),
    daily_from_s=st.none() | st.integers(0, 86_399),
    daily_to_s=st.none() | st.integers(0, 86_399),
)


@given(periods, st.integers(0, 20 * 86_400))
def test_agrees_with_the_calendar(period: Period, second: int) -> None:
    """Written anew with the calendar's own weekday and clock."""
    time_utc_ns = ns("01T00:00:00") + second * NS_PER_S
    begin_s, end_s = period.daily_from_s or 0, period.daily_to_s or 86_400
    moment = datetime.fromtimestamp(time_utc_ns // NS_PER_S, UTC)
    of_day_s = moment.hour * 3600 + moment.minute * 60 + moment.second
    days = period.weekdays or tuple(range(7))
    today, yesterday = moment.weekday() in days, (moment.weekday() - 1) % 7 in days
    if begin_s <= end_s:
        expected = today and begin_s <= of_day_s <= end_s
    else:
        expected = (today and of_day_s >= begin_s) or (yesterday and of_day_s <= end_s)
    assert in_force((period,), time_utc_ns) is expected


@given(st.lists(periods, min_size=1, max_size=3).map(tuple), st.integers(0, 20 * 86_400))
def test_until_is_in_force_and_soon_after_is_not(several: tuple[Period, ...], second: int) -> None:
    time_utc_ns = ns("01T00:00:00") + second * NS_PER_S
    if not in_force(several, time_utc_ns):
        return
    until_utc_ns = in_force_until_utc_ns(several, time_utc_ns)
    if until_utc_ns is not None:
        assert until_utc_ns >= time_utc_ns
        assert in_force(several, until_utc_ns)
        assert not in_force(several, until_utc_ns + 2 * NS_PER_S)


def test_a_far_time_is_said_with_its_date() -> None:
    now_utc_ns = ns("03T02:10:00")
    assert say_time(ns("03T06:00:00"), now_utc_ns) == "06:00 UTC"
    assert say_time(now_utc_ns + 3 * DAY_NS, now_utc_ns) == "6 May 2031, 02:10 UTC"
