"""A camera found again from what it saw of a known path; how honest it is about what is left over."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from skykeep.base.compile import FloatArray
from skykeep.models.camera import Camera, Lens, pixels_of
from skykeep.models.resection import KnownPath, direct_linear, left_over, resect

LENS = Lens(focal_px=(1500.0, 1510.0), centre_px=(950.0, 530.0), radial=(-0.1, 0.12, -0.03))
ZOOM, OFFSET_S, RATE = 0.975, 17.35, 2e-4
NORTH = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
TRUE = Camera(
    lens=LENS.zoomed(ZOOM),
    position_enu_m=np.array([12.0, -60.0, 1.5]),
    rotation=Rotation.from_euler("zxy", [0.03, -0.4, 0.15]).as_matrix() @ NORTH,
)


def flown() -> KnownPath:
    """A flight that turns and climbs, 100 s long, known ten times a second."""
    t = np.arange(0.0, 100.0, 0.1)
    return KnownPath(
        time_s=t,
        position_enu_m=np.stack(
            (30.0 * np.sin(0.21 * t), 25.0 * np.cos(0.13 * t + 0.5), 28.0 + 12.0 * np.sin(0.17 * t + 1.0)), 1
        ),
    )


def seen(noise_px: float = 0.0) -> tuple[FloatArray, FloatArray]:
    """The camera's own times and pixels; its clock is off and runs fast."""
    time_s = np.arange(-10.0, 75.0, 0.04)
    pixels = pixels_of(TRUE, flown().at(OFFSET_S + (1.0 + RATE) * time_s))
    inside = np.isfinite(pixels[:, 0]) & (pixels > 0.0).all(axis=1) & (pixels < [1920.0, 1080.0]).all(axis=1)
    return time_s[inside], pixels[inside] + noise_px * np.random.default_rng(5).normal(size=(inside.sum(), 2))


def test_a_camera_is_found_again_from_clean_pixels() -> None:
    found = resect(LENS, *seen(), flown())
    np.testing.assert_allclose(found.camera.position_enu_m, TRUE.position_enu_m, atol=1e-3)
    np.testing.assert_allclose(found.camera.rotation, TRUE.rotation, atol=1e-5)
    assert found.zoom == pytest.approx(ZOOM, abs=1e-5)
    assert found.path_time_s(np.array([40.0]))[0] == pytest.approx(OFFSET_S + 40.0 * (1.0 + RATE), abs=1e-3)
    assert found.clock_rate == pytest.approx(RATE, abs=1e-5)


def test_noise_comes_out_as_the_sigma_and_as_no_longer_than_a_frame() -> None:
    found = resect(LENS, *seen(noise_px=2.0), flown())
    assert found.sigma_rad == pytest.approx(2.0 / (1505.0 * ZOOM), rel=0.1)
    assert found.correlation_s == pytest.approx(0.04, abs=0.02)
    assert np.linalg.norm(found.camera.position_enu_m - TRUE.position_enu_m) < 0.3


def test_only_what_is_known_of_the_path_is_used() -> None:
    path = flown().until(60.0)
    spoilt = flown()
    spoilt.position_enu_m[spoilt.time_s > 60.0] += 500.0
    early, same = resect(LENS, *seen(), path), resect(LENS, *seen(), spoilt.until(60.0))
    assert early.used == same.used < len(seen()[0])
    np.testing.assert_array_equal(early.camera.position_enu_m, same.camera.position_enu_m)
    np.testing.assert_allclose(early.camera.position_enu_m, TRUE.position_enu_m, atol=1e-2)


def test_a_path_that_never_left_the_ground_finds_no_camera() -> None:
    still = KnownPath(time_s=flown().time_s, position_enu_m=np.zeros((1000, 3)))
    with pytest.raises(ValueError, match="no clock offset"):
        resect(LENS, *seen(), still)


def test_what_turns_the_other_way_round_is_no_camera() -> None:
    time_s, pixels = seen()
    places = flown().at(OFFSET_S + (1.0 + RATE) * time_s)
    toward = (places - TRUE.position_enu_m) @ TRUE.rotation.T
    assert direct_linear(toward, places)[0] < 1e-6
    assert direct_linear(toward * [-1.0, 1.0, 1.0], places)[0] == np.inf
    assert pixels.shape == (len(time_s), 2)


def test_an_error_that_stays_for_two_seconds_is_told_from_noise() -> None:
    dice = np.random.default_rng(1)
    time_s = np.arange(0.0, 400.0, 0.1)
    noise = dice.normal(size=(4000, 2))
    assert left_over(time_s, noise)[1] == pytest.approx(0.1, abs=0.02)
    slow = np.repeat(dice.normal(size=(200, 2)), 20, axis=0)
    sigma, alike_s = left_over(time_s, slow)
    assert sigma == pytest.approx(1.0, rel=0.1)
    assert alike_s == pytest.approx(2.0, rel=0.25)
