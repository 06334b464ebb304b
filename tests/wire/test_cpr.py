"""Compact positions: published pairs, then there and back all over the world."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from skykeep.wire.cpr import Report, encode, from_pair, longitude_zones, near

latitudes_deg = st.floats(-89.9, 89.9)
longitudes_deg = st.floats(-180.0, 179.999)


def away_deg(place: tuple[float, float], other: tuple[float, float]) -> float:
    """Degrees of great circle, near enough for small ones."""
    east = (place[1] - other[1] + 180.0) % 360.0 - 180.0
    return math.hypot(place[0] - other[0], east * math.cos(math.radians(place[0])))


def test_the_published_airborne_pair_is_where_it_is_published() -> None:
    """8D40621D58C382D690C8AC2863A7 and 8D40621D58C386435CC412692AD6 of "The 1090 MHz Riddle"."""
    even, odd = Report(93_000, 51_372, False, False), Report(74_158, 50_194, True, False)
    place = from_pair(even, odd, (0.0, 0.0))
    assert place == pytest.approx((52.2572021484375, 3.91937255859375), abs=1e-10)
    assert near(even, (52.258, 3.918)) == pytest.approx(place, abs=1e-12)


def test_the_published_surface_pair_is_where_it_is_published() -> None:
    """8C4841753AAB238733C8CD4020B1 and 8C4841753A8A35323FAEBDAC702D; the receiver is at 51.990, 4.375."""
    even, odd = Report(115_609, 116_941, False, True), Report(39_199, 110_269, True, True)
    place = from_pair(odd, even, (51.990, 4.375))
    assert place == pytest.approx((52.32061, 4.73473), abs=5e-6)
    assert near(odd, (51.990, 4.375)) == pytest.approx(place, abs=1e-9)


def test_a_surface_pair_south_of_the_equator_is_where_pymodes_has_it() -> None:
    """8CC8200A3AC8F009BCDEF2 and 8FC8200A3AB8F5F893096B, the receiver at -43.496, 172.558."""
    even, odd = Report(1_246, 57_074, False, True), Report(64_585, 67_947, True, True)
    place = from_pair(odd, even, (-43.496, 172.558))
    assert place == pytest.approx((-43.48564, 172.53942), abs=5e-6)


@pytest.mark.parametrize(
    ("latitude_deg", "zones"),
    {0.0: 59, 10.47: 59, 10.48: 58, -10.48: 58, 44.19: 43, 44.2: 42, 86.9: 2, 87.1: 1, -90.0: 1}.items(),
)
def test_zones_of_longitude_are_those_of_the_table(latitude_deg: float, zones: int) -> None:
    assert longitude_zones(latitude_deg) == zones


@given(latitudes_deg, longitudes_deg, st.booleans())
def test_a_pair_gives_back_its_place_anywhere(latitude_deg: float, longitude_deg: float, odd: bool) -> None:
    latest, other = (
        encode(latitude_deg, longitude_deg, odd=parity, surface=False) for parity in (odd, not odd)
    )
    place = from_pair(latest, other, (0.0, 0.0))
    # None only where the two grids' latitudes lie in different rings.
    if place is None:
        assert longitude_zones(latitude_deg - 1e-4) != longitude_zones(latitude_deg + 1e-4)
    else:
        assert away_deg(place, (latitude_deg, longitude_deg)) < 1e-4


@given(latitudes_deg, longitudes_deg, st.booleans(), st.floats(-40.0, 40.0), st.floats(-40.0, 40.0))
def test_a_surface_pair_is_told_by_a_reference_within_forty_degrees(
    latitude_deg: float, longitude_deg: float, odd: bool, north_deg: float, east_deg: float
) -> None:
    reference = (min(max(latitude_deg + north_deg, -90.0), 90.0), longitude_deg + east_deg)
    latest, other = (
        encode(latitude_deg, longitude_deg, odd=parity, surface=True) for parity in (odd, not odd)
    )
    place = from_pair(latest, other, reference)
    if place is None:
        assert longitude_zones(latitude_deg - 1e-4) != longitude_zones(latitude_deg + 1e-4)
    else:
        assert away_deg(place, (latitude_deg, longitude_deg)) < 1e-4


@given(st.floats(-85.0, 85.0), longitudes_deg, st.booleans(), st.booleans(), st.floats(0.0, 2 * math.pi))
def test_one_report_is_enough_near_a_reference(
    latitude_deg: float, longitude_deg: float, odd: bool, surface: bool, way_rad: float
) -> None:
    # Well within half a zone: 80 km of 83 on the ground, 320 of 333 in the air.
    off_deg = (0.72 if surface else 2.85) * 0.9
    reference = (
        latitude_deg + off_deg * math.cos(way_rad),
        longitude_deg + off_deg * math.sin(way_rad) / math.cos(math.radians(latitude_deg)),
    )
    report = encode(latitude_deg, longitude_deg, odd=odd, surface=surface)
    zones = longitude_zones(latitude_deg)
    assume(zones == longitude_zones(latitude_deg + 1e-4) == longitude_zones(latitude_deg - 1e-4))
    place = near(report, reference)
    assert place is not None
    assert away_deg(place, (latitude_deg, longitude_deg)) < 1e-4


def test_a_far_reference_puts_a_surface_report_hundreds_of_kilometres_away() -> None:
    report = encode(51.47, -0.48, odd=False, surface=True)
    place = near(report, (43.63, 1.37))
    assert place is not None
    assert away_deg(place, (51.47, -0.48)) * 111.0 > 500.0


@given(st.integers(0, 131_071), st.integers(0, 131_071), st.integers(0, 131_071), st.integers(0, 131_071))
def test_any_numbers_give_a_place_on_earth_or_none(a: int, b: int, c: int, d: int) -> None:
    for surface in (False, True):
        place = from_pair(Report(a, b, False, surface), Report(c, d, True, surface), (52.0, 4.0))
        assert place is None or (abs(place[0]) <= 90.0 and -180.0 <= place[1] < 180.0)


def test_two_even_reports_are_no_pair() -> None:
    even = Report(1, 2, False, False)
    with pytest.raises(ValueError, match="one even and one odd"):
        from_pair(even, even, (0.0, 0.0))
