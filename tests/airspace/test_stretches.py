"""When a rule holds: by hand, then against a clock that asks every quarter of an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from skykeep.airspace.stretches import stretches
from skykeep.base.clock import NS_PER_S, from_iso_utc, iso_utc
from skykeep.domain.zone import Hours, Period, SunEvent


def at(text: str) -> int:
    return from_iso_utc(f"2031-05-{text}:00Z")


def said(periods: tuple[Period, ...], start: str, end: str) -> list[tuple[str, str]]:
    return [
        (iso_utc(first)[8:16], iso_utc(last)[8:16]) for first, last in stretches(periods, at(start), at(end))
    ]


# 3 May 2031 is a Saturday.
STORIES = {
    "no periods": ((), [("03T00:00", "06T00:00")]),
    "permanent with dates": ((Period(permanent=True, end_utc_ns=0),), [("03T00:00", "06T00:00")]),
    "past": ((Period(end_utc_ns=at("02T00:00")),), []),
    "every night past midnight": (
        (Period(hours=(Hours(from_s=79_200, to_s=7_200),)),),
        [
            ("03T00:00", "03T02:00"),
            ("03T22:00", "04T02:00"),
            ("04T22:00", "05T02:00"),
            ("05T22:00", "06T00:00"),
        ],
    ),
    "sundays until midnight": (
        (Period(hours=(Hours(weekdays=(6,), from_s=64_800, to_s=0.0),)),),
        [("04T18:00", "05T00:00")],
    ),
    "mornings in Lisbon": (
        (
            Period(
                hours=(Hours(from_s=28_800, to_s=36_000),),
                time_zone="Europe/Lisbon",
                end_utc_ns=at("04T08:00"),
            ),
        ),
        [("03T07:00", "03T09:00"), ("04T07:00", "04T08:00")],
    ),
    "by daylight": (
        (Period(hours=(Hours(weekdays=(6,), from_event=SunEvent.SR, to_event=SunEvent.SS),)),),
        [("04T00:00", "05T00:00")],
    ),
    "an unknown time zone": (
        (Period(hours=(Hours(from_s=0, to_s=60),), time_zone="Nowhere"),),
        [("03T00:00", "06T00:00")],
    ),
}


def test_stories() -> None:
    assert {name: said(periods, "03T00:00", "06T00:00") for name, (periods, _) in STORIES.items()} == {
        name: told for name, (_, told) in STORIES.items()
    }


quarters = st.integers(0, 95).map(lambda quarter: quarter * 900.0)


@given(
    st.frozensets(st.integers(0, 6)),
    quarters,
    quarters,
    st.sampled_from(["UTC", "Europe/Lisbon", "Asia/Kolkata"]),
)
def test_as_a_clock_on_the_wall_says(
    weekdays: frozenset[int], begin_s: float, end_s: float, name: str
) -> None:
    """The clocks go forward in Lisbon on 30 March 2031, within the time that is looked at."""
    start = datetime(2031, 3, 27, tzinfo=UTC)
    hours = Hours(weekdays=tuple(sorted(weekdays)), from_s=begin_s, to_s=end_s)
    found = stretches(
        (Period(hours=(hours,), time_zone=name),),
        int(start.timestamp()) * NS_PER_S,
        int((start + timedelta(days=7)).timestamp()) * NS_PER_S,
    )
    end_s = end_s or 86_400.0
    for quarter in range(7 * 96):
        # In the middle of a quarter, where no edge is.
        moment = start + timedelta(minutes=15 * quarter + 7)
        shown = moment.astimezone(ZoneInfo(name))
        second = shown.hour * 3_600 + shown.minute * 60
        today = not weekdays or shown.weekday() in weekdays
        yesterday = not weekdays or (shown.weekday() - 1) % 7 in weekdays
        if begin_s <= end_s:
            holds = today and begin_s <= second <= end_s
        else:
            holds = (today and second >= begin_s) or (yesterday and second <= end_s)
        time_utc_ns = int(moment.timestamp()) * NS_PER_S
        says = any(first <= time_utc_ns <= last for first, last in found)
        # In the night when clocks change it may hold longer, never shorter.
        assert says is holds or (says and f"{shown:%m-%d}" in ("03-29", "03-30"))
