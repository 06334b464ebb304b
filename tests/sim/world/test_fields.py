from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.compile import FloatArray
from skykeep.sim.world.fields import SmoothNoise, contour_lines, patches, smooth_line, stage_generator

coordinates_m = st.integers(-500, 500)


def cone(spacing_m: float = 10.0) -> FloatArray:
    """A cone of 100 m height and 45 degrees, its tip at (0, 0), on a grid from -150 to 150 m."""
    axis = np.arange(-150.0, 151.0, spacing_m)
    east, north = np.meshgrid(axis, axis)
    return np.asarray(100.0 - np.hypot(east, north))


def test_a_cones_contour_is_one_closed_circle() -> None:
    lines = shapely.get_parts(contour_lines(cone(), 40.0, -150.0, -150.0, 10.0))
    assert len(lines) == 1
    assert lines[0].is_ring
    radius_m = np.hypot(*shapely.get_coordinates(lines).T)
    assert np.abs(radius_m - 60.0).max() < 0.5


def test_a_patch_is_where_the_field_is_positive() -> None:
    (patch,) = patches(cone() - 40.0, -150.0, -150.0, 10.0, least_area_m2=1.0)
    assert patch.area == pytest.approx(np.pi * 60.0**2, rel=0.02)
    assert patch.contains(shapely.Point(0.0, 0.0))


def test_a_patch_that_runs_off_the_grid_is_closed_at_its_edge() -> None:
    (patch,) = patches(np.ones((4, 4)), 0.0, 0.0, 10.0, least_area_m2=1.0)
    assert patch.area == pytest.approx(900.0, rel=0.05)


@given(st.lists(st.tuples(coordinates_m, coordinates_m), min_size=3, max_size=8, unique=True), st.booleans())
def test_a_smooth_line_goes_through_every_point(points: list[tuple[int, int]], closed: bool) -> None:
    line = smooth_line([(float(x), float(y)) for x, y in points], spacing_m=7.0, closed=closed)
    for point in points:
        assert np.hypot(*(line - np.array(point)).T).min() < 1e-9
    if closed:
        assert np.allclose(line[0], line[-1])


def test_noise_is_smooth_bounded_and_the_same_again() -> None:
    east_m = np.linspace(-5_000.0, 5_000.0, 2_001)
    noise = SmoothNoise(stage_generator(7, 1), 500.0).at(east_m, np.zeros_like(east_m))
    assert 0.4 < np.abs(noise).max() < 2.0
    assert np.abs(np.diff(noise)).max() < 0.06
    again = SmoothNoise(stage_generator(7, 1), 500.0).at(east_m, np.zeros_like(east_m))
    assert np.array_equal(noise, again)
    other = SmoothNoise(stage_generator(7, 2), 500.0).at(east_m, np.zeros_like(east_m))
    assert not np.allclose(noise, other)
