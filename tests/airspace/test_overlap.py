"""Do two volumes share air? By hand, then by laws."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.airspace.overlap import bounds_deg, heights_overlap, outlines_overlap, plane_at
from skykeep.domain.zone import Circle, Edges, HeightReference, LengthUnit, Limit, Polygon, Volume

AGL, AMSL = HeightReference.AGL, HeightReference.AMSL


def square(west: float, south: float, side: float = 0.01, edges: Edges = Edges.PLANAR) -> Polygon:
    east, north = west + side, south + side
    return Polygon(rings=(((west, south), (east, south), (east, north), (west, north)),), edges=edges)


def slab(floor: Limit | None, ceiling: Limit | None) -> Volume:
    return Volume(outline=square(20.0, 48.0), floor=floor, ceiling=ceiling)


def test_neighbours_that_share_an_edge_share_air_and_those_a_metre_apart_do_not() -> None:
    assert outlines_overlap(square(20.0, 48.0), square(20.01, 48.0))
    assert not outlines_overlap(square(20.0, 48.0), square(20.01 + 1.0 / 74_000.0, 48.0))


def test_who_is_in_the_hole_is_outside() -> None:
    ring = square(20.0, 48.0, 0.1)
    hole = square(20.02, 48.02, 0.06).rings[0]
    assert not outlines_overlap(Polygon(rings=(ring.rings[0], hole)), square(20.04, 48.04))
    assert outlines_overlap(Polygon(rings=(ring.rings[0], hole)), square(20.07, 48.04, 0.02))


def test_circles_a_kilometre_apart() -> None:
    one = Circle(longitude_deg=20.0, latitude_deg=48.0, radius_m=500.0)
    east_deg = 1_000.0 / plane_at(20.0, 48.0).east_m_per_deg
    for radius_m, meets in ((498.0, False), (502.0, True)):
        other = Circle(longitude_deg=20.0 + east_deg, latitude_deg=48.0, radius_m=radius_m)
        assert outlines_overlap(one, other) is meets


def test_the_antimeridian_is_no_edge() -> None:
    over = square(179.99, 10.0, 0.02)
    assert outlines_overlap(over, square(-179.995, 10.0, 0.01))
    assert outlines_overlap(square(-179.995, 10.0, 0.01), over)
    assert outlines_overlap(
        Circle(longitude_deg=-179.9999, latitude_deg=10.0, radius_m=200.0),
        Circle(longitude_deg=179.9999, latitude_deg=10.0, radius_m=200.0),
    )


def test_a_long_geodesic_edge_bulges_towards_the_pole() -> None:
    """Between 60 N at 0 and 20 E the great circle passes 60.38 N at 10 E: tan(60)/cos(10)."""
    top = math.degrees(math.atan(math.tan(math.radians(60.0)) / math.cos(math.radians(10.0))))
    ring = ((0.0, 59.0), (20.0, 59.0), (20.0, 60.0), (0.0, 60.0))
    drone = Circle(longitude_deg=10.0, latitude_deg=top - 0.02, radius_m=100.0)
    assert outlines_overlap(Polygon(rings=(ring,), edges=Edges.GEODESIC), drone)
    assert not outlines_overlap(Polygon(rings=(ring,)), drone)


LEVEL = Limit(value=65.0, unit=LengthUnit.FL, reference=HeightReference.STD)
HEIGHTS = {
    "one above the other": (None, Limit(value=50.0), Limit(value=51.0), None, False),
    "touching": (None, Limit(value=50.0), Limit(value=50.0), None, True),
    "feet": (None, Limit(value=50.0), Limit(value=165.0, unit=LengthUnit.FT), None, False),
    "no ceiling": (None, Limit(value=99_999.0), Limit(value=5_000.0), None, True),
    "unknown ground": (None, Limit(value=50.0), Limit(value=5_000.0, reference=AMSL), None, True),
    "known ground": (None, Limit(value=50.0), Limit(value=500.0, reference=AMSL), (100.0, 300.0), False),
    "high ground": (None, Limit(value=50.0), Limit(value=340.0, reference=AMSL), (100.0, 300.0), True),
    "a flight level": (None, Limit(value=50.0), LEVEL, (0.0, 0.0), True),
}  # fmt: skip


@pytest.mark.parametrize(
    ("floor", "ceiling", "other_floor", "ground", "meets"), HEIGHTS.values(), ids=HEIGHTS
)
def test_heights(
    floor: Limit | None,
    ceiling: Limit,
    other_floor: Limit,
    ground: tuple[float, float] | None,
    meets: bool,
) -> None:
    low, high = slab(floor, ceiling), slab(other_floor, None)
    assert heights_overlap(low, high, ground) is meets
    assert heights_overlap(high, low, ground) is meets


lons, lats = st.floats(-180.0, 180.0), st.floats(-70.0, 70.0)


@given(lons, lats, st.floats(0.0, 2 * math.pi), st.floats(10.0, 5_000.0), st.floats(0.05, 3.0))
def test_circles_meet_where_their_radii_reach(
    lon: float, lat: float, bearing_rad: float, radius_m: float, ratio: float
) -> None:
    """Within 1 % of just touching either answer may be right: the corners, and the plane, are not exact."""
    plane = plane_at(lon, lat)
    distance_m = 2.0 * radius_m * ratio
    other = Circle(
        longitude_deg=lon + distance_m * math.sin(bearing_rad) / plane.east_m_per_deg,
        latitude_deg=lat + distance_m * math.cos(bearing_rad) / plane.north_m_per_deg,
        radius_m=radius_m,
    )
    one = Circle(longitude_deg=lon, latitude_deg=lat, radius_m=radius_m)
    if abs(ratio - 1.0) > 0.015:
        assert outlines_overlap(one, other) is (ratio < 1.0)
        assert outlines_overlap(other, one) is (ratio < 1.0)


@given(lons, lats, st.floats(1.0, 50_000.0))
def test_bounds_hold_their_circle(lon: float, lat: float, radius_m: float) -> None:
    west, south, east, north = bounds_deg(Circle(longitude_deg=lon, latitude_deg=lat, radius_m=radius_m))
    plane = plane_at(lon, lat)
    assert north - lat >= radius_m / plane.north_m_per_deg
    assert east - lon >= radius_m / plane.east_m_per_deg
    assert lon - west == pytest.approx(east - lon)
    assert south < lat
