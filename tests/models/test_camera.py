"""Pixels and directions: a camera a person can picture, there and back through any lens, rays that meet."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from skykeep.models.camera import (
    Camera,
    Lens,
    bearings_of,
    directions_of,
    meet,
    pixels_of,
    project,
    rays_of,
    view_of,
)

PLAIN = Lens(focal_px=(1000.0, 1000.0), centre_px=(960.0, 540.0))
BENT = Lens(
    focal_px=(874.0, 894.0),
    centre_px=(970.0, 531.0),
    radial=(-0.26, 0.075, -0.009),
    tangential=(-1.4e-4, 1.7e-4),
)
# Looks north along the level: right is east, the picture's down is down.
NORTH = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])


def camera(rotation: np.ndarray = NORTH, lens: Lens = PLAIN) -> Camera:
    return Camera(lens=lens, position_enu_m=np.array([10.0, 20.0, 2.0]), rotation=rotation)


def test_a_camera_looking_north_sees_what_is_to_the_right_in_the_east() -> None:
    pixels = pixels_of(camera(), np.array([[10.0, 120.0, 2.0], [60.0, 120.0, 2.0], [10.0, 120.0, 12.0]]))
    np.testing.assert_allclose(pixels, [[960.0, 540.0], [1460.0, 540.0], [960.0, 440.0]])


def test_a_pixel_right_of_the_middle_is_a_bearing_clockwise_of_north() -> None:
    azimuth_rad, elevation_rad = bearings_of(camera(), np.array([[1960.0, 540.0]]))[0]
    assert azimuth_rad == pytest.approx(math.pi / 4)
    assert elevation_rad == pytest.approx(0.0)


def test_what_is_behind_a_camera_is_in_no_pixel() -> None:
    assert np.isnan(pixels_of(camera(), np.array([[10.0, -80.0, 2.0]]))).all()


def test_a_pixel_that_no_ray_can_reach_has_no_ray() -> None:
    folded = Lens(focal_px=(100.0, 100.0), centre_px=(0.0, 0.0), radial=(-1.0, 0.0, 0.0))
    assert np.isnan(rays_of(folded, np.array([[60.0, 0.0]]))).all()
    assert np.isfinite(rays_of(folded, np.array([[20.0, 0.0]]))).all()


@given(st.floats(150.0, 1770.0), st.floats(80.0, 1000.0), st.sampled_from([PLAIN, BENT]))
def test_there_and_back_through_a_lens(x_px: float, y_px: float, lens: Lens) -> None:
    pixel = np.array([[x_px, y_px]])
    np.testing.assert_allclose(project(lens, 7.0 * rays_of(lens, pixel)), pixel, atol=1e-6)


def test_the_very_corner_of_a_wide_lens_lies_beyond_its_polynomial() -> None:
    r = np.linspace(0.0, 2.5, 2_000)
    farthest = np.max(r * (1.0 - 0.26 * r**2 + 0.075 * r**4 - 0.009 * r**6))
    assert farthest < math.hypot(970.0 / 874.0, 531.0 / 894.0)
    assert np.isnan(rays_of(BENT, np.array([[0.0, 0.0]]))).all()


@given(st.floats(-30.0, 30.0), st.floats(100.0, 400.0), st.floats(-10.0, 60.0), st.floats(-0.3, 0.3))
def test_a_bearing_points_at_what_was_seen(east_m: float, north_m: float, up_m: float, roll: float) -> None:
    turned = camera(Rotation.from_euler("zxy", [roll, 0.2, 0.1]).as_matrix() @ NORTH, BENT)
    target_m = np.array([[east_m, north_m, up_m]])
    toward = target_m - turned.position_enu_m
    direction = directions_of(bearings_of(turned, pixels_of(turned, target_m)))
    np.testing.assert_allclose(direction, toward / np.linalg.norm(toward), atol=1e-9)


def test_the_view_of_a_level_camera_is_what_its_border_sees() -> None:
    from_rad, to_rad, low_rad, high_rad = view_of(camera())
    half = math.atan(0.96)
    assert math.remainder(from_rad + half, 2 * math.pi) == pytest.approx(0.0)
    assert to_rad - from_rad == pytest.approx(2 * half)
    assert (low_rad, high_rad) == pytest.approx((-math.atan(0.54), math.atan(0.54)))


def test_a_camera_that_looks_up_sees_all_round() -> None:
    up = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, 0.0], [0.0, 0.0, 1.0]])
    assert view_of(camera(up))[:2] == (0.0, 2 * math.pi)
    assert view_of(camera(up))[3] == pytest.approx(math.pi / 2)


def test_two_rays_meet_where_they_cross() -> None:
    origins_m = np.array([[0.0, 0.0, 0.0], [100.0, 0.0, 0.0]])
    directions = np.array([[1.0, 1.0, 0.0], [-1.0, 1.0, 0.0]]) / math.sqrt(2.0)
    place_m, covariance_m2 = meet(origins_m, directions, np.full(2, 0.01))
    np.testing.assert_allclose(place_m, [50.0, 50.0, 0.0], atol=1e-9)
    # 70.7 m away at 0.01 rad is 0.71 m across each ray: that much east and north, and less up by both rays.
    np.testing.assert_allclose(np.sqrt(np.diag(covariance_m2)), [0.7071, 0.7071, 0.5], rtol=1e-3)


def test_parallel_rays_meet_nowhere() -> None:
    same = np.array([[0.0, 1.0, 0.0], [0.0, 1.0, 0.0]])
    place_m, covariance_m2 = meet(np.array([[0.0, 0.0, 0.0], [9.0, 0.0, 0.0]]), same, np.full(2, 0.01))
    assert np.isnan(place_m).all()
    assert np.isnan(covariance_m2).all()


def test_the_covariance_of_a_meeting_is_how_far_meetings_scatter() -> None:
    dice = np.random.default_rng(3)
    origins_m = np.array([[0.0, 0.0, 2.0], [80.0, -10.0, 3.0], [30.0, 90.0, 1.0]])
    target_m, sigma_rad = np.array([40.0, 30.0, 45.0]), np.array([0.002, 0.01, 0.005])
    errors, covariance_m2 = [], np.eye(3)
    for _ in range(2_000):
        toward = target_m - origins_m
        toward /= np.linalg.norm(toward, axis=1, keepdims=True)
        toward += sigma_rad[:, None] * dice.normal(size=(3, 3))
        toward /= np.linalg.norm(toward, axis=1, keepdims=True)
        place_m, covariance_m2 = meet(origins_m, toward, sigma_rad)
        errors.append(place_m - target_m)
    nees = np.einsum("ni,ij,nj->n", errors, np.linalg.inv(covariance_m2), errors)
    assert np.mean(nees) == pytest.approx(3.0, rel=0.08)
