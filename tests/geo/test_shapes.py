from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from skykeep.geo.shapes import circle_lonlat_deg, points_in_polygon, polygon_area_m2

SQUARE_M = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])


def test_a_square_of_two_metres_has_four_square_metres() -> None:
    assert polygon_area_m2(SQUARE_M) == 4.0
    assert polygon_area_m2(SQUARE_M[::-1]) == -4.0
    assert polygon_area_m2(np.concatenate((SQUARE_M, SQUARE_M[:1]))) == 4.0


def test_inside_outside_and_a_shared_edge() -> None:
    points_m = np.array([[1.0, 1.0], [3.0, 1.0], [-1.0, 1.0], [1.0, 3.0]])
    assert points_in_polygon(points_m, SQUARE_M).tolist() == [True, False, False, False]
    on_the_shared_edge = np.array([[2.0, 0.5]])
    beside_m = SQUARE_M + np.array([2.0, 0.0])
    owners = [bool(points_in_polygon(on_the_shared_edge, ring)[0]) for ring in (SQUARE_M, beside_m)]
    assert sorted(owners) == [False, True]


def test_a_notch_is_outside() -> None:
    arrow_m = np.array([[0.0, 0.0], [4.0, 0.0], [4.0, 4.0], [2.0, 1.0], [0.0, 4.0]])
    assert points_in_polygon(np.array([[2.0, 2.0], [2.0, 0.5]]), arrow_m).tolist() == [False, True]


@given(st.integers(3, 12), st.integers(0, 10_000))
def test_agrees_with_shapely_on_any_star(corners: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    far_m = np.array([9e5, -4e5])
    angle_rad = np.sort(generator.uniform(0.0, 2.0 * np.pi, corners))
    radius_m = generator.uniform(50.0, 500.0, corners)
    ring_m = np.stack((radius_m * np.cos(angle_rad), radius_m * np.sin(angle_rad)), axis=-1) + far_m
    points_m = generator.uniform(-500.0, 500.0, (200, 2)) + far_m
    polygon = shapely.Polygon(ring_m)
    if not polygon.is_valid:
        return
    assert np.array_equal(
        points_in_polygon(points_m, ring_m), shapely.contains_xy(polygon, points_m[:, 0], points_m[:, 1])
    )
    assert abs(polygon_area_m2(ring_m)) == pytest.approx(polygon.area, rel=1e-9)


@pytest.mark.parametrize(("radius_m", "tolerance_m"), [(100.0, 1e-4), (10_000.0, 0.03)])
def test_circle_is_as_far_from_its_centre_as_asked(radius_m: float, tolerance_m: float) -> None:
    ring = circle_lonlat_deg(38.5, -40.0, radius_m)
    centre = np.full(len(ring), -40.0), np.full(len(ring), 38.5)
    _, _, distance_m = Geod(ellps="WGS84").inv(*centre, ring[:, 0], ring[:, 1])
    assert np.abs(np.asarray(distance_m) - radius_m).max() < tolerance_m
    assert np.array_equal(ring[0], ring[-1])
