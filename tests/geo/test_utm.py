"""UTM both ways: a place of a printed map, round trips, and PROJ."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Proj, Transformer

from skykeep.geo.utm import (
    EASTING_M,
    band_holds,
    from_utm,
    grid_convergence_rad,
    parse_zone,
    to_utm,
    zone_of,
)

latitudes_deg = st.floats(-79.9, 83.9)
longitudes_deg = st.floats(-180.0, 179.999)


def test_the_central_meridian_on_the_equator_is_the_false_origin() -> None:
    assert to_utm(31, 0.0, 3.0) == pytest.approx((500_000.0, 0.0), abs=1e-6)
    assert from_utm(31, 500_000.0, 0.0) == pytest.approx((0.0, 3.0), abs=1e-12)


@pytest.mark.parametrize(
    ("latitude_deg", "longitude_deg", "zone"),
    [
        (51.17, -1.82, "30U"),
        (-33.9, 18.4, "34H"),
        (60.4, 5.3, "32V"),
        (78.2, 15.6, "33X"),
        (0.0, 179.9, "60N"),
    ],
)
def test_zones_of_known_places(latitude_deg: float, longitude_deg: float, zone: str) -> None:
    assert zone_of(latitude_deg, longitude_deg) == zone


@pytest.mark.parametrize("text", ["0N", "61N", "30I", "30O", "N30", "", "30UU"])
def test_what_is_no_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no UTM zone"):
        parse_zone(text)


@given(latitudes_deg, longitudes_deg)
def test_there_and_back_is_the_same_place_and_the_zone_holds_it(lat: float, lon: float) -> None:
    number, letter = parse_zone(zone_of(lat, lon))
    easting_m, northing_m = to_utm(number, lat, lon)
    assert EASTING_M[0] <= easting_m <= EASTING_M[1]
    back_lat, back_lon = from_utm(number, easting_m, northing_m, southern=lat < 0.0)
    assert back_lat == pytest.approx(lat, abs=1e-10)
    assert math.remainder(back_lon - lon, 360.0) == pytest.approx(0.0, abs=1e-9)
    assert band_holds(letter, lat)


@pytest.mark.parametrize("number", [1, 30, 31, 60])
@pytest.mark.parametrize("lat", [-79.0, -33.0, -0.001, 0.001, 27.0, 51.17, 83.0])
@pytest.mark.parametrize("off_deg", [-6.0, -3.0, -0.5, 0.0, 2.0, 4.5])
def test_proj_agrees(number: int, lat: float, off_deg: float) -> None:
    lon = (6.0 * number - 183.0 + off_deg + 180.0) % 360.0 - 180.0
    code = (32600 if lat >= 0.0 else 32700) + number
    theirs = Transformer.from_crs(4326, code, always_xy=True).transform(lon, lat)
    assert to_utm(number, lat, lon) == pytest.approx(theirs, abs=1e-6)
    factors = Proj(code).get_factors(lon, lat)
    if abs(off_deg) <= 3.0:
        ours_deg = math.degrees(grid_convergence_rad(number, lat, lon))
        assert ours_deg == pytest.approx(factors.meridian_convergence, abs=0.01)
