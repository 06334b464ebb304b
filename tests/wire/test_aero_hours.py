"""Schedules in words: by hand, then against a table of minutes that a schedule was written from."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skykeep.domain.safer import intervals_of
from skykeep.domain.zone import Hours, Period, SunEvent
from skykeep.wire.aero_hours import periods_of


def ns(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    return int(datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp()) * 1_000_000_000


BEGIN, END = ns(2026, 11, 20, 10), ns(2026, 12, 5, 20)


def spoken(text: str) -> tuple[Period, ...]:
    found = periods_of(text, BEGIN, END)
    assert found is not None, text
    return found.periods


def test_dates_with_their_hours() -> None:
    assert spoken("27 1900-2359, 28 0000-0100 1900-2359") == (
        Period(start_utc_ns=ns(2026, 11, 27, 19), end_utc_ns=ns(2026, 11, 28)),
        Period(start_utc_ns=ns(2026, 11, 28), end_utc_ns=ns(2026, 11, 28, 1)),
        Period(start_utc_ns=ns(2026, 11, 28, 19), end_utc_ns=ns(2026, 11, 29)),
    )


def test_a_range_of_dates_has_its_hours_on_each_day() -> None:
    first, second = spoken("NOV 21 1200-1500 22-24 0800-0900")

    assert first == Period(start_utc_ns=ns(2026, 11, 21, 12), end_utc_ns=ns(2026, 11, 21, 15))
    assert (second.start_utc_ns, second.end_utc_ns) == (ns(2026, 11, 22, 8), ns(2026, 11, 24, 9))
    assert second.hours == (Hours(from_s=8 * 3600, to_s=9 * 3600),)


def test_days_go_over_the_end_of_a_month() -> None:
    (only,) = spoken("28-02 0600-0700")

    assert (only.start_utc_ns, only.end_utc_ns) == (ns(2026, 11, 28, 6), ns(2026, 12, 2, 7))


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("DAILY 0600-1800", Hours(from_s=21_600, to_s=64_800)),
        ("0600-1800 DAILY", Hours(from_s=21_600, to_s=64_800)),
        ("Daily 0600-1530", Hours(from_s=21_600, to_s=55_800)),
        ("MON-FRI 0500-2100", Hours(weekdays=(0, 1, 2, 3, 4), from_s=18_000, to_s=75_600)),
        ("EVERY WED 0800-1100", Hours(weekdays=(2,), from_s=28_800, to_s=39_600)),
        ("FRI-MON 2000-0500", Hours(weekdays=(0, 4, 5, 6), from_s=72_000, to_s=18_000)),
        ("H24", Hours()),
        ("SAT SUN", Hours(weekdays=(5, 6))),
        ("SR-SS", Hours(from_event=SunEvent.SR, to_event=SunEvent.SS)),
        (
            "SR MINUS30-SS PLUS30",
            Hours(from_event=SunEvent.SR, to_event=SunEvent.SS, from_offset_s=-1800, to_offset_s=1800),
        ),
        ("DAILY SR-1130", Hours(from_event=SunEvent.SR, to_s=41_400)),
        (
            "Mon-Sat SR to SS.",
            Hours(weekdays=(0, 1, 2, 3, 4, 5), from_event=SunEvent.SR, to_event=SunEvent.SS),
        ),
    ],
)
def test_hours_of_days(text: str, hours: Hours) -> None:
    assert spoken(text) == (Period(start_utc_ns=BEGIN, end_utc_ns=END, hours=(hours,)),)


def test_one_span_through_days() -> None:
    (only,) = spoken("27 1900-28 0400")
    assert (only.start_utc_ns, only.end_utc_ns, only.hours) == (ns(2026, 11, 27, 19), ns(2026, 11, 28, 4), ())

    (week,) = spoken("MON 0600-WED 1500")
    assert week.hours == (
        Hours(weekdays=(0,), from_s=21_600),
        Hours(weekdays=(1,)),
        Hours(weekdays=(2,), to_s=54_000),
    )


def test_excepted_days_are_taken_out_where_certain() -> None:
    assert spoken("DAILY 0600-1800 EXC SUN")[0].hours[0].weekdays == (0, 1, 2, 3, 4, 5)
    parts = spoken("DAILY 0700-1500 EXC NOV 25 AND 27")
    assert [part.start_utc_ns for part in parts] == [BEGIN, ns(2026, 11, 26), ns(2026, 11, 28)]
    assert [part.end_utc_ns for part in parts] == [ns(2026, 11, 25), ns(2026, 11, 27), END]


def test_excepted_days_that_are_not_certain_stay_and_are_told() -> None:
    for text in ("MON-FRI 0500-2100 EXC HOL", "DAILY 2000-0500 EXC NOV 25", "NOV 21-30 0800-0900 EXC 25"):
        found = periods_of(text, BEGIN, END)
        assert found is not None
        assert found.unapplied, text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "garbage",
        "0600-1800 LT",
        "0600",
        "31",
        "2561-2600",
        "EXC SUN",
        "NOV",
        "1900-",
        "MON 0600-",
        "0600-1800 LOCAL",
    ],
)
def test_half_a_schedule_is_none(text: str) -> None:
    assert periods_of(text, BEGIN, END) is None


def test_dates_without_a_begin_of_validity_are_none() -> None:
    assert periods_of("NOV 21 1200-1500", None, None) is None


days_st = st.lists(st.integers(0, 29), min_size=1, max_size=5, unique=True).map(sorted)


@settings(max_examples=200, deadline=None)
@given(days_st, st.integers(0, 23), st.integers(0, 59), st.integers(1, 600))
def test_written_dates_come_back_as_the_hours_they_were(
    offsets: list[int], hour: int, minute: int, length_min: int
) -> None:
    """Laid out as minutes, a schedule written from dates is those minutes: nothing lost, nothing added."""
    first = date(2027, 1, 20)
    begin = hour * 60 + minute
    end = (begin + length_min) % 1440
    text = " ".join(
        f"{day:%b %d} {begin // 60:02d}{begin % 60:02d}-{end // 60:02d}{end % 60:02d}".upper()
        for day in (first + timedelta(days=offset) for offset in offsets)
    )
    validity = ns(2027, 1, 20), ns(2027, 2, 22)

    found = periods_of(text, *validity)

    assert found is not None
    wanted = []
    for offset in offsets:
        start = ns(2027, 1, 20) + offset * 86_400_000_000_000 + begin * 60_000_000_000
        stop = start + length_min * 60_000_000_000
        # One minute to midnight is midnight.
        wanted.append(Period(start_utc_ns=start, end_utc_ns=stop + (60_000_000_000 if end == 1439 else 0)))
    assert intervals_of(found.periods) == intervals_of(tuple(wanted))


@given(st.text(alphabet="0123456789 -,.NOVMTUEFRISADLYEXCHSR/:", max_size=120))
def test_any_words_are_a_schedule_or_none(text: str) -> None:
    found = periods_of(text, BEGIN, END)

    if found is not None:
        assert found.periods
        for period in found.periods:
            assert period.start_utc_ns is not None
            assert period.end_utc_ns is not None
            assert BEGIN <= period.start_utc_ns <= period.end_utc_ns <= END
