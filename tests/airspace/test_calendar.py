"""Hours that come again: by hand, then against dateutil's way of counting done by brute force."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.airspace.calendar import DAYS, Entry, periods_of
from skykeep.airspace.stretches import stretches
from skykeep.base.clock import NS_PER_S, from_iso_utc, iso_utc
from skykeep.base.errors import InputError


def begins(**entry: object) -> list[str]:
    periods = periods_of(Entry(**({"start_local": "2031-05-03T18:00", "lasts_s": 3_600.0} | entry)))  # type: ignore[arg-type]
    return [iso_utc(each.start_utc_ns or 0)[:16] for each in periods]


def test_once() -> None:
    assert begins() == ["2031-05-03T18:00"]


def test_saturdays_and_sundays_but_one() -> None:
    assert begins(rule="FREQ=WEEKLY;BYDAY=SA,SU;COUNT=4", exceptions=("2031-05-04",)) == [
        "2031-05-03T18:00",
        "2031-05-10T18:00",
        "2031-05-11T18:00",
    ]


def test_every_second_week_until_a_day_that_is_included() -> None:
    assert begins(rule="FREQ=WEEKLY;INTERVAL=2;UNTIL=20310517") == ["2031-05-03T18:00", "2031-05-17T18:00"]


def test_the_clock_on_the_wall_counts_when_summer_time_ends() -> None:
    """In Lisbon clocks go back on 26 October 2031: 18:00 is 17:00 UTC before and 18:00 after."""
    entry = {"start_local": "2031-10-25T18:00", "time_zone": "Europe/Lisbon", "rule": "FREQ=DAILY;COUNT=2"}
    assert begins(**entry) == ["2031-10-25T17:00", "2031-10-26T18:00"]


def test_without_end_it_is_one_period_with_hours() -> None:
    (period,) = periods_of(Entry(start_local="2031-05-03T22:00", lasts_s=14_400, rule="FREQ=WEEKLY;BYDAY=SA"))
    first = stretches((period,), from_iso_utc("2031-05-01T00:00:00Z"), from_iso_utc("2031-05-12T00:00:00Z"))
    assert [(iso_utc(a)[:16], iso_utc(b)[:16]) for a, b in first] == [
        ("2031-05-03T22:00", "2031-05-04T02:00"),
        ("2031-05-10T22:00", "2031-05-11T02:00"),
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;COUNT=2",
        "COUNT=2",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=2;UNTIL=20310601",
        "FREQ=DAILY;UNTIL=soon",
        "FREQ=WEEKLY;BYDAY=1SA;COUNT=2",
        "FREQ=DAILY;INTERVAL=2",
        "FREQ=DAILY;BYHOUR=3;COUNT=1",
        "FREQ=DAILY;UNTIL=20310101",
        "FREQ=DAILY;FREQ=DAILY",
        "\x00",
        "FREQ=DAILY;COUNT=9999",
        "FREQ=DAILY;UNTIL=99991231",
    ],
)
def test_what_is_no_rule_of_ours_is_refused(rule: str) -> None:
    with pytest.raises(InputError):
        begins(rule=rule)


@pytest.mark.parametrize("start", ["", "2031-05-03T18:00Z", "soon", "0001-01-01T00:00"])
def test_what_is_no_start_is_refused(start: str) -> None:
    with pytest.raises(InputError, match="start_local"):
        begins(start_local=start)


@given(
    st.dates(date(2030, 1, 1), date(2032, 12, 31)),
    st.booleans(),
    st.integers(1, 4),
    st.frozensets(st.integers(0, 6)),
    st.integers(1, 30),
)
def test_every_day_that_the_rule_names_and_no_other(
    first: date, weekly: bool, interval: int, weekdays: frozenset[int], count: int
) -> None:
    by_day = f";BYDAY={','.join(DAYS[day] for day in sorted(weekdays))}" if weekdays else ""
    frequency = "WEEKLY" if weekly else "DAILY"
    periods = (
        periods_of(
            Entry(
                start_local=f"{first}T12:00",
                lasts_s=60.0,
                rule=f"FREQ={frequency};INTERVAL={interval};COUNT={count}{by_day}",
            )
        )
        if weekly or not weekdays or interval != 7
        else ()
    )
    found = [date.fromisoformat(iso_utc(each.start_utc_ns or 0)[:10]) for each in periods]
    monday = first - timedelta(days=first.weekday())
    expected: list[date] = []
    for offset in range(7 * interval * count * 7 + 8):
        day = first + timedelta(days=offset)
        if weekly:
            named = day.weekday() in (weekdays or {first.weekday()})
            due = (day - monday).days // 7 % interval == 0
        else:
            named, due = not weekdays or day.weekday() in weekdays, offset % interval == 0
        if named and due and len(expected) < count:
            expected.append(day)
    assert found == expected


def test_a_period_lasts_as_long_as_it_says() -> None:
    (period,) = periods_of(Entry(start_local="2031-05-03T18:00", lasts_s=90.5))
    assert period.start_utc_ns is not None
    assert period.end_utc_ns == period.start_utc_ns + 90 * NS_PER_S + NS_PER_S // 2
