"""When a rule is in force: a table of stories, and laws."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asked_zones import square
from skykeep.airspace.index import ZoneIndex
from skykeep.airspace.schedule import DAY_NS, in_force, in_force_until_utc_ns, is_plain, say_time
from skykeep.base.clock import NS_PER_S, from_iso_utc, iso_utc
from skykeep.domain.zone import Hours, LonLat, Period, SunEvent

HOUR_S = 3600
LAST_NS = 2**63 - 1


def ns(text: str) -> int:
    return from_iso_utc(f"2031-05-{text}Z")


def of(from_h: float | None, to_h: float | None, *weekdays: int, zone: str = "UTC") -> Period:
    from_s, to_s = (None if h is None else h * HOUR_S for h in (from_h, to_h))
    return Period(hours=(Hours(weekdays=weekdays, from_s=from_s, to_s=to_s),), time_zone=zone)


NIGHTS, EVENING = of(22, 6), of(18, 0)
# 2 May 2031 is a Friday, weekday 4.
STORIES: dict[str, tuple[tuple[Period, ...], str, bool]] = {
    "no periods are always": ((), "03T02:00:00", True),
    "permanent, though its dates are over": (
        (Period(permanent=True, end_utc_ns=ns("01T00:00:00")),), "03T02:00:00", True,
    ),
    "before it begins": ((Period(start_utc_ns=ns("03T02:00:01")),), "03T02:00:00", False),
    "the moment it begins": ((Period(start_utc_ns=ns("03T02:00:00")),), "03T02:00:00", True),
    "the moment it ends": ((Period(end_utc_ns=ns("03T02:00:00")),), "03T02:00:00", True),
    "after it ends": ((Period(end_utc_ns=ns("03T01:59:59")),), "03T02:00:00", False),
    "in the night": ((NIGHTS,), "03T02:00:00", True),
    "at noon": ((NIGHTS,), "03T12:00:00", False),
    "as the night begins": ((NIGHTS,), "03T22:00:00", True),
    "as the night ends": ((NIGHTS,), "03T06:00:00", True),
    "just after the night": ((NIGHTS,), "03T06:00:01", False),
    "an end of 00:00 is the next midnight": ((EVENING,), "03T23:59:59", True),
    "and that midnight itself is another day's": ((EVENING,), "03T00:00:00", False),
    "no end is the next midnight too": ((of(18, None),), "03T23:00:00", True),
    "24:00 is the next midnight too": ((of(18, 24),), "03T23:00:00", True),
    "no begin is the day's": ((of(None, 6),), "03T00:00:00", True),
    "ends as it begins: that moment": ((of(6, 6),), "03T06:00:00", True),
    "and no other": ((of(6, 6),), "03T07:00:00", False),
    "on its weekday": ((of(None, None, 5),), "03T12:00:00", True),
    "on another weekday": ((of(None, None, 4, 6),), "03T12:00:00", False),
    "begun on its weekday, past midnight": ((of(22, 6, 4),), "03T02:00:00", True),
    "begun on another weekday, past midnight": ((of(22, 6, 5),), "03T02:00:00", False),
    "any period will do": ((EVENING, Period(end_utc_ns=ns("01T00:00:00")), NIGHTS), "03T02:00:00", True),
    "any hours will do": (
        (Period(hours=(*of(1, 2, 0).hours, *of(1, 3, 5).hours)),), "03T02:30:00", True,
    ),
    "hours outside its dates": (
        (Period(end_utc_ns=ns("02T23:00:00"), hours=NIGHTS.hours),), "03T02:00:00", False,
    ),
    "04:00 on the clock in Athens is 01:00": ((of(4, 5, zone="Europe/Athens"),), "03T01:30:00", True),
    "and not 04:00 UTC": ((of(4, 5, zone="Europe/Athens"),), "03T04:30:00", False),
    "Saturday has begun in Auckland": ((of(None, None, 5, zone="Pacific/Auckland"),), "02T12:00:00", True),
    "and is over": ((of(None, None, 5, zone="Pacific/Auckland"),), "03T12:00:00", False),
    "a clock nobody knows holds all day": ((of(4, 5, zone="Mars/Olympus"),), "03T20:00:00", True),
    "but not past its dates": (
        (Period(end_utc_ns=ns("03T00:00:00"), hours=NIGHTS.hours, time_zone="../x"),), "03T02:00:00", False,
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_story(story: str) -> None:
    periods, at, held = STORIES[story]
    assert in_force(periods, ns(at)) is held
    assert bool(ZoneIndex((square(periods=periods),)).at(10.1, 50.05, 5.0, 0.0, ns(at))) is held


def stretches(period: Period, day: str, place: LonLat = (0.0, 51.5), step_s: int = 60) -> list[str]:
    """Return when a period begins and ends to hold within two days, to the minute."""
    begin, said, before = from_iso_utc(f"{day}T00:00:00Z"), [], False
    for k in range(-step_s, 48 * HOUR_S, step_s):
        held = in_force((period,), begin + k * NS_PER_S, place)
        if held != before and k >= 0:
            moment = k if held else k - step_s
            said.append(f"{'+' if held else '-'}{iso_utc(begin + moment * NS_PER_S)[5:16]}")
        before = held
    return said


# In 2031 Berlin's clocks go from 02:00 to 03:00 on 30 March (01:00 UTC) and from 03:00 back to 02:00 on
# 26 October (01:00 UTC).
SPRING, AUTUMN, BERLIN = "2031-03-30", "2031-10-26", "Europe/Berlin"
CLOCK_CHANGES: dict[str, tuple[Period, str, list[str]]] = {
    "a day of 23 hours": (of(None, None, 6, zone=BERLIN), "2031-03-29", ["+03-29T23:00", "-03-30T21:59"]),
    "a day of 25 hours": (of(None, None, 6, zone=BERLIN), "2031-10-25", ["+10-25T22:00", "-10-26T22:59"]),
    "a night loses an hour": (of(1, 4, 6, zone=BERLIN), SPRING, ["+03-30T00:00", "-03-30T02:00"]),
    "a night wins an hour": (of(1, 4, 6, zone=BERLIN), AUTUMN, ["-10-26T03:00"]),
    "a begin that is skipped: the earlier": (
        of(2.5, 4, 6, zone=BERLIN), SPRING, ["+03-30T00:30", "-03-30T02:00"],
    ),
    "an end that is skipped: the later": (
        of(1, 2.5, 6, zone=BERLIN), SPRING, ["+03-30T00:00", "-03-30T01:30"],
    ),
    "both skipped: still a ban": (of(2.25, 2.75, 6, zone=BERLIN), SPRING, ["+03-30T00:15", "-03-30T01:45"]),
    "a begin that comes twice: the earlier": (
        of(2.5, 4, 6, zone=BERLIN), AUTUMN, ["+10-26T00:30", "-10-26T03:00"],
    ),
    "an end that comes twice: the later": (
        of(2, 2.5, 6, zone=BERLIN), AUTUMN, ["+10-26T00:00", "-10-26T01:30"],
    ),
    "past midnight into the change": (
        of(23, 2.5, 5, zone=BERLIN), "2031-10-25", ["+10-25T21:00", "-10-26T01:30"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", CLOCK_CHANGES)
def test_clocks_are_changed(story: str) -> None:
    period, day, said = CLOCK_CHANGES[story]
    assert stretches(period, day) == said


def sun(
    begin: SunEvent, end: SunEvent, *weekdays: int, from_offset_s: float = 0, to_offset_s: float = 0
) -> Period:
    hours = Hours(
        weekdays=weekdays,
        from_event=begin,
        to_event=end,
        from_offset_s=from_offset_s,
        to_offset_s=to_offset_s,
    )
    return Period(hours=(hours,))


GREENWICH, BOISE, SUVA, NORTH_CAPE = (0.0, 51.5), (-116.2, 43.6), (178.4, -18.1), (25.8, 71.2)
# In London on 21 June 2031 the sun rises at 03:43 UTC and sets at 20:21; twilight 02:55 to 21:09.
SUNS: dict[str, tuple[Period, LonLat, str, list[str]]] = {
    "by day": (sun(SunEvent.SR, SunEvent.SS, 5), GREENWICH, "2031-06-21", ["+06-21T03:43", "-06-21T20:21"]),
    "by night": (
        sun(SunEvent.SS, SunEvent.SR, 5), GREENWICH, "2031-06-21", ["+06-21T20:22", "-06-22T03:43"],
    ),
    "by twilight": (
        sun(SunEvent.BMCT, SunEvent.EECT, 5), GREENWICH, "2031-06-21", ["+06-21T02:56", "-06-21T21:08"],
    ),
    "half an hour before and after": (
        sun(SunEvent.SR, SunEvent.SS, 5, from_offset_s=-1800, to_offset_s=1800), GREENWICH, "2031-06-21",
        ["+06-21T03:13", "-06-21T20:51"],
    ),
    "the day of a far meridian runs past midnight": (
        sun(SunEvent.SR, SunEvent.SS, 5), BOISE, "2031-06-21", ["+06-21T12:03", "-06-22T03:30"],
    ),
    "and of another begins before it": (
        sun(SunEvent.SR, SunEvent.SS, 5), SUVA, "2031-06-20", ["+06-20T18:37", "-06-21T05:38"],
    ),
    "in the polar day, a ban by night holds around the clock": (
        sun(SunEvent.SS, SunEvent.SR), NORTH_CAPE, "2031-06-21", [],
    ),
    "and a ban by day": (sun(SunEvent.SR, SunEvent.SS), NORTH_CAPE, "2031-06-21", []),
    "in the polar night too": (sun(SunEvent.SS, SunEvent.SR), NORTH_CAPE, "2031-12-21", []),
    "on its weekday only": (
        sun(SunEvent.SS, SunEvent.SR, 5), NORTH_CAPE, "2031-06-20", ["+06-21T00:00"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", SUNS)
def test_the_sun_rules(story: str) -> None:
    period, place, day, said = SUNS[story]
    found = stretches(period, day, place)
    assert len(found) == len(said), found
    for one, other in zip(found, said, strict=True):
        moments = [datetime.strptime(f"2031-{text[1:]}", "%Y-%m-%dT%H:%M") for text in (one, other)]  # noqa: DTZ007
        assert abs((moments[0] - moments[1]).total_seconds()) <= 60.0, found
        assert one[0] == other[0]
    if not said:
        assert in_force((period,), from_iso_utc(f"{day}T00:00:00Z"), place)


def test_from_dusk_to_a_time_on_the_clock() -> None:
    hours = Hours(from_event=SunEvent.SS, to_s=6 * HOUR_S)
    found = stretches(Period(hours=(hours,), time_zone="Europe/London"), "2031-06-21")
    # Six in the morning of the next day, and that is 05:00 UTC.
    assert found[:2] == ["-06-21T05:00", "+06-21T20:21"]


def test_a_plain_period_needs_neither_sun_nor_zone() -> None:
    assert is_plain(NIGHTS)
    assert is_plain(Period(time_zone="Europe/Berlin"))
    assert not is_plain(of(1, 2, zone=BERLIN))
    assert not is_plain(sun(SunEvent.SR, SunEvent.SS))


def test_nights_split_at_midnight_are_one_stretch() -> None:
    split = (of(22, 24 - 1 / HOUR_S), of(0, 6))
    assert in_force_until_utc_ns(split, ns("02T23:00:00")) == ns("03T06:00:00")


def test_how_long_it_lasts() -> None:
    assert in_force_until_utc_ns((), ns("03T02:00:00")) is None
    assert in_force_until_utc_ns((Period(start_utc_ns=0),), ns("03T02:00:00")) is None
    assert in_force_until_utc_ns((Period(permanent=True, end_utc_ns=0),), ns("03T02:00:00")) is None
    assert in_force_until_utc_ns((NIGHTS,), ns("03T02:00:00")) == ns("03T06:00:00")
    assert in_force_until_utc_ns((of(None, None),), ns("03T02:00:00")) is None
    with pytest.raises(ValueError, match="not in force"):
        in_force_until_utc_ns((EVENING,), ns("03T02:00:00"))


def test_times_are_said_as_people_say_them() -> None:
    assert say_time(ns("03T06:00:00"), ns("03T02:00:00")) == "06:00 UTC"
    assert say_time(ns("13T06:00:00"), ns("03T02:00:00")) == "13 May 2031, 06:00 UTC"


seconds_of_day = st.one_of(st.none(), st.integers(0, 86_400).map(float))
hours_utc = st.builds(
    Hours,
    weekdays=st.lists(st.integers(0, 6), unique=True, max_size=3).map(tuple),
    from_s=seconds_of_day,
    to_s=seconds_of_day,
)
plain_periods = st.builds(
    Period,
    permanent=st.booleans(),
    start_utc_ns=st.one_of(st.none(), st.integers(ns("02T00:00:00"), ns("04T00:00:00"))),
    end_utc_ns=st.one_of(st.none(), st.integers(ns("03T00:00:00"), ns("05T00:00:00"))),
    hours=st.lists(hours_utc, max_size=3).map(tuple),
)


@given(st.lists(plain_periods, max_size=3).map(tuple), st.integers(ns("01T00:00:00"), ns("06T00:00:00")))
def test_the_kernel_and_the_long_way_say_the_same(periods: tuple[Period, ...], at_ns: int) -> None:
    index = ZoneIndex((square(periods=periods),))
    for time_utc_ns in (at_ns, at_ns - at_ns % (NS_PER_S * 60), at_ns - at_ns % DAY_NS):
        assert bool(index.at(10.1, 50.05, 5.0, 0.0, time_utc_ns)) is in_force(periods, time_utc_ns)


@given(plain_periods, st.integers(ns("01T00:00:00"), ns("06T00:00:00")))
def test_a_stretch_holds_to_its_end_and_no_further(period: Period, at_ns: int) -> None:
    if in_force((period,), at_ns):
        until = in_force_until_utc_ns((period,), at_ns)
        if until is not None:
            assert until >= at_ns
            assert in_force((period,), until)
            assert not in_force((period,), until + 2 * NS_PER_S)


def test_times_out_of_all_reason_are_no_trouble() -> None:
    index = ZoneIndex(
        (square(periods=(of(4, 5, zone=BERLIN), Period(start_utc_ns=-(10**30), end_utc_ns=10**30))),)
    )
    for time_utc_ns in (-(10**30), -LAST_NS - 1, 0, LAST_NS, 10**30):
        assert len(index.at(10.1, 50.05, 5.0, 0.0, time_utc_ns)) == 1


def test_the_table_of_weekdays_agrees_with_the_calendar() -> None:
    assert datetime(2031, 5, 2, tzinfo=UTC).weekday() == 4
