"""How far places are from outlines and routes: by hand, and the same to the last digit as GEOS."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from skykeep.airspace.join_flights import Shapes

SQUARE = shapely.box(0.0, 0.0, 10.0, 10.0)
RING = SQUARE.difference(shapely.box(3.0, 3.0, 7.0, 7.0))
APART = shapely.MultiPolygon([SQUARE, shapely.box(1e3, -40.5, 1.2e3, 17.25)])
ROUTE = shapely.LineString([(-300.1, 4.7), (20.3, 900.9), (20.3, 900.9), (1500.0, 33.3)])
MIXED = shapely.GeometryCollection(
    [SQUARE, shapely.LineString([(0.0, 0.0), (-50.5, 3.1)]), shapely.Point(90, 9)]
)
EVERY: tuple[BaseGeometry, ...] = (SQUARE, RING, APART, ROUTE, MIXED, SQUARE.buffer(333.3), shapely.Polygon())


def one_m(geometry: BaseGeometry, east_m: float, north_m: float) -> float:
    return float(Shapes([geometry]).distances_m(np.array([0]), np.array([[east_m, north_m]]))[0])


def test_distances_that_a_person_can_check() -> None:
    assert one_m(SQUARE, 5.0, 5.0) == 0.0
    assert one_m(SQUARE, 10.0, 10.0) == 0.0
    assert one_m(SQUARE, 13.0, 14.0) == 5.0
    assert one_m(RING, 5.0, 4.5) == 1.5
    assert one_m(MIXED, 90.0, 12.0) == 3.0
    assert one_m(shapely.Polygon(), 1.0, 1.0) == np.inf


@given(st.lists(st.tuples(st.floats(-3e3, 3e3), st.floats(-3e3, 3e3)), min_size=1, max_size=20))
def test_distances_are_those_of_geos_to_the_last_digit(places: list[tuple[float, float]]) -> None:
    place_m = np.repeat(np.array(places), len(EVERY) - 1, axis=0)
    which = np.tile(np.arange(len(EVERY) - 1), len(places))
    geos_m = shapely.distance(np.array(EVERY, dtype=object)[which], shapely.points(place_m))

    np.testing.assert_array_equal(Shapes(EVERY).distances_m(which, place_m), geos_m)
