"""Near-constant velocity: by hand, by the laws of a Markov process, and against the matrices."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.compile import FloatArray
from skykeep.models.motion import predict_constant_velocity

seconds = st.floats(-20.0, 20.0)
noises = st.floats(0.0, 50.0)


def some_covariance(seed: int) -> FloatArray:
    root = np.random.default_rng(seed).normal(size=(6, 6))
    return root @ root.T + np.eye(6)


def test_ten_metres_per_second_for_two_seconds_is_twenty_metres() -> None:
    state, covariance = np.array([0.0, 100.0, 50.0, 10.0, 0.0, -1.0]), np.zeros((6, 6))
    predict_constant_velocity(state, covariance, 2.0, 3.0, 0.4)

    assert state.tolist() == [20.0, 100.0, 48.0, 10.0, 0.0, -1.0]
    assert covariance[0, 0] == 3.0 * 8.0 / 3.0
    assert covariance[1, 4] == covariance[4, 1] == 3.0 * 4.0 / 2.0
    assert covariance[5, 5] == 0.4 * 3.0 * 2.0


@given(st.integers(0, 99), st.floats(-5.0, 5.0), noises)
def test_same_as_the_matrices_of_the_textbook(seed: int, dt_s: float, noise: float) -> None:
    state, covariance = np.arange(6.0), some_covariance(seed)
    F = np.eye(6) + dt_s * np.eye(6, k=3)
    span = abs(dt_s)
    block = np.array([[span**3 / 3, dt_s * span / 2], [dt_s * span / 2, span]])
    expected = F @ covariance @ F.T + np.kron(block, np.diag([noise, noise, 0.5 * noise]))
    predict_constant_velocity(state, covariance, dt_s, noise, 0.5)

    np.testing.assert_allclose(state, F @ np.arange(6.0), atol=1e-12)
    np.testing.assert_allclose(covariance, expected, rtol=1e-9, atol=1e-9)


@given(st.integers(0, 99), st.floats(0.0, 10.0), st.floats(0.0, 10.0), noises)
def test_a_step_may_be_cut_anywhere(seed: int, first_s: float, second_s: float, noise: float) -> None:
    whole, whole_covariance = np.arange(6.0), some_covariance(seed)
    cut, cut_covariance = np.arange(6.0), some_covariance(seed)
    predict_constant_velocity(whole, whole_covariance, first_s + second_s, noise, 0.4)
    predict_constant_velocity(cut, cut_covariance, first_s, noise, 0.4)
    predict_constant_velocity(cut, cut_covariance, second_s, noise, 0.4)

    np.testing.assert_allclose(cut, whole, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(cut_covariance, whole_covariance, rtol=1e-9, atol=1e-9)


@given(st.integers(0, 99), seconds, noises)
def test_looking_ahead_or_back_never_makes_us_surer(seed: int, dt_s: float, noise: float) -> None:
    state, covariance = np.zeros(6), some_covariance(seed)
    predict_constant_velocity(state, covariance, dt_s, noise, 0.4)
    moved, without_noise = np.zeros(6), some_covariance(seed)
    predict_constant_velocity(moved, without_noise, dt_s, 0.0, 0.4)

    assert np.array_equal(covariance, covariance.T)
    size = np.abs(covariance).max()
    assert np.linalg.eigvalsh(covariance - without_noise).min() > -1e-9 * size
    assert np.linalg.eigvalsh(covariance).min() > -1e-9 * size
