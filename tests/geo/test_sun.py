"""When the sun rises and sets: almanac numbers, another implementation, and where it does neither."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from astral import Observer, SunDirection
from astral.sun import time_of_transit
from hypothesis import given
from hypothesis import strategies as st

from skykeep.geo.sun import (
    CIVIL_TWILIGHT_ALTITUDE_DEG,
    RISE_ALTITUDE_DEG,
    _sun,
    crossing_utc_s,
    mean_noon_utc_s,
)

AUTHORITY = json.loads((Path(__file__).parents[2] / "authorities" / "sun.json").read_text())
EVENTS = {
    "BMCT": (CIVIL_TWILIGHT_ALTITUDE_DEG, True),
    "SR": (RISE_ALTITUDE_DEG, True),
    "SS": (RISE_ALTITUDE_DEG, False),
    "EECT": (CIVIL_TWILIGHT_ALTITUDE_DEG, False),
}


def event_utc_s(lon: float, lat: float, day: date, event: str) -> float | None:
    altitude_deg, rising = EVENTS[event]
    # Noon of the place's own day.
    near = datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp() - lon * 240.0
    return crossing_utc_s(lat, mean_noon_utc_s(lon, near), altitude_deg, rising=rising)


@pytest.mark.parametrize("position", AUTHORITY["positions"])
def test_the_sun_stands_where_meeus_has_it(position: dict[str, float | str]) -> None:
    declination_rad, ahead_s = _sun(datetime.fromisoformat(str(position["time"])).timestamp())
    assert math.degrees(declination_rad) == pytest.approx(position["declination_deg"], abs=1e-3)
    assert ahead_s == pytest.approx(position["equation_of_time_s"], abs=2.0)


@pytest.mark.parametrize("day", AUTHORITY["days"], ids=lambda day: day["place"])
@pytest.mark.parametrize("event", EVENTS)
def test_rise_and_set_are_the_almanac_s(day: dict[str, float | str], event: str) -> None:
    said = datetime.fromisoformat(str(day[event]))
    found = event_utc_s(float(day["longitude_deg"]), float(day["latitude_deg"]), said.date(), event)
    assert found is not None
    # The almanac gives whole minutes, and its places to a tenth of a degree: 24 s of longitude.
    assert abs(found - said.timestamp()) <= 75.0


@pytest.mark.parametrize("event", EVENTS)
@given(
    lon=st.floats(-180.0, 180.0),
    lat=st.floats(-58.0, 58.0),
    day=st.dates(date(1975, 1, 1), date(2075, 1, 1)),
)
def test_another_implementation_says_the_same(event: str, lon: float, lat: float, day: date) -> None:
    altitude_deg, rising = EVENTS[event]
    found = event_utc_s(lon, lat, day, event)
    assert found is not None
    direction = SunDirection.RISING if rising else SunDirection.SETTING
    # It works by UTC days; ours may be the day before or after.
    others = [
        time_of_transit(
            Observer(lat, lon), day + timedelta(days=k), 90.0 - altitude_deg, direction, with_refraction=False
        )
        for k in (-1, 0, 1)
    ]
    # Its declination is that of another hour of the day.
    assert min(abs(found - other.timestamp()) for other in others) <= 120.0


def test_where_it_neither_rises_nor_sets() -> None:
    for event in ("SR", "SS"):
        assert event_utc_s(25.8, 71.2, date(2031, 6, 21), event) is None
        assert event_utc_s(25.8, 71.2, date(2031, 12, 21), event) is None
        assert event_utc_s(0.0, 90.0, date(2031, 6, 21), event) is None
        assert event_utc_s(0.0, -90.0, date(2031, 6, 21), event) is None
    # A light night: no twilight's end, though the sun sets.
    assert event_utc_s(24.9, 62.0, date(2031, 6, 21), "SS") is not None
    assert event_utc_s(24.9, 62.0, date(2031, 6, 21), "EECT") is None


@given(st.floats(-180.0, 180.0), st.floats(0.0, 4e9))
def test_the_nearest_noon_is_within_half_a_day(lon: float, near_s: float) -> None:
    noon_s = mean_noon_utc_s(lon, near_s)
    assert abs(noon_s - near_s) <= 43_200.0
    assert ((noon_s + lon * 240.0) / 86_400.0) % 1.0 == pytest.approx(0.5, abs=1e-6)
