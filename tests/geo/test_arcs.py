"""Arcs: ends by hand, and how far the corners' chords leave the true arc, by PROJ's inverse solution."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from skykeep.geo.arcs import (
    arc,
    arc_between,
    azimuth_and_distance,
    geodesic_edge,
    place_at,
    planar_edge,
)

WGS84 = Geod(ellps="WGS84")
NM = 1852.0
places = st.tuples(st.floats(-179.0, 179.0), st.floats(-80.0, 80.0))


def test_a_quarter_from_north_to_east_begins_north_and_ends_east() -> None:
    corners = arc((0.0, 0.0), 60 * NM, 0.0, 90.0)

    # 60 NM are a degree of a great circle, 1.005 degrees of the flattened meridian at the equator.
    assert corners[0] == pytest.approx((0.0, 1.00490), abs=1e-4)
    assert corners[-1] == pytest.approx((0.99819, 0.0), abs=1e-4)
    assert all(longitude >= -1e-9 and latitude >= -1e-9 for longitude, latitude in corners)


def test_anticlockwise_goes_the_long_way_round() -> None:
    corners = arc((0.0, 0.0), 60 * NM, 0.0, 90.0, clockwise=False)

    assert min(longitude for longitude, _ in corners) == pytest.approx(-0.998, abs=1e-3)
    assert len(corners) > 2.5 * len(arc((0.0, 0.0), 60 * NM, 0.0, 90.0))


def test_an_arc_between_places_keeps_them_as_they_are() -> None:
    centre, start, end = (-1.790, 51.6836), (-1.5811, 51.6544), (-1.9797, 51.7456)

    corners = arc_between(centre, start, end)

    assert (corners[0], corners[-1]) == (start, end)
    # Nothing may turn back: bearings from the centre grow the whole way.
    bearings = [azimuth_and_distance(centre, corner)[0] for corner in corners]
    turned = [(after - before) % 360.0 for before, after in pairwise(bearings)]
    assert max(turned) < 20.0
    assert sum(turned) == pytest.approx((bearings[-1] - bearings[0]) % 360.0)


@settings(max_examples=60, deadline=None)
@given(places, st.floats(10.0, 500_000.0), st.floats(0.0, 360.0), st.floats(0.0, 360.0), st.booleans())
def test_no_chord_leaves_its_arc_by_a_metre(
    centre: tuple[float, float], radius_m: float, from_deg: float, to_deg: float, clockwise: bool
) -> None:
    corners = arc(centre, radius_m, from_deg, to_deg, clockwise)

    for start, end in list(pairwise(corners))[:: max(1, len(corners) // 20)]:
        azimuth, _, distance = WGS84.inv(*start, *end)
        longitude, latitude, _ = WGS84.fwd(*start, azimuth, distance / 2.0)
        off_m = abs(WGS84.inv(*centre, longitude, latitude)[2] - radius_m)
        assert off_m < 1.0
        assert WGS84.inv(*centre, *start)[2] == pytest.approx(radius_m, abs=1e-3)


@settings(max_examples=60, deadline=None)
@given(places, st.floats(0.0, 360.0), st.floats(1.0, 300_000.0))
def test_a_geodesic_in_pieces_is_straight_between_them(
    start: tuple[float, float], azimuth: float, distance_m: float
) -> None:
    end = place_at(start, azimuth, distance_m)
    corners = [*geodesic_edge(start, end), end]

    for one, other in pairwise(corners):
        gap = (other[0] - one[0] + 180.0) % 360.0 - 180.0
        half = (one[0] + gap / 2.0, (one[1] + other[1]) / 2.0)
        between = WGS84.inv(*one, *other)[2]
        via = WGS84.inv(*one, *half)[2] + WGS84.inv(*half, *other)[2]
        # A detour of h over a chord of d is 2 h^2 / d longer.
        assert (max(via - between, 0.0) * between / 2.0) ** 0.5 < 1.5


def test_a_straight_edge_on_the_map_stays_on_it() -> None:
    corners = planar_edge((4.0, 60.0), (5.0, 60.0))

    assert {latitude for _, latitude in corners} == {60.0}
    assert corners[0] == (4.0, 60.0)
    assert len(corners) == 19  # 55.8 km in pieces of 3 km at most
