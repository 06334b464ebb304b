"""Ways to fly: by hand, by the laws of a Markov process, and against the matrices and their exponential."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from scipy.linalg import expm

from skykeep.base.compile import FloatArray
from skykeep.models.motion import predict_constant_velocity, predict_motion

seconds = st.floats(-20.0, 20.0)
noises = st.floats(0.0, 50.0)
turns = st.one_of(st.just(0.0), st.floats(-1.0, 1.0))
dampings = st.one_of(st.just(0.0), st.floats(0.0, 2.0))


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


def test_a_quarter_turn_to_the_right_goes_from_north_to_east() -> None:
    """A quarter of a circle of radius 10 m, at 2 pi m/s in 2.5 s."""
    state, covariance = np.array([0.0, 0.0, 50.0, 0.0, 2.0 * math.pi, 1.0]), np.zeros((6, 6))
    predict_motion(state, covariance, 2.5, 0.0, 0.4, 2.0 * math.pi / 10.0, 0.0)
    np.testing.assert_allclose(state, [10.0, 10.0, 52.5, 2.0 * math.pi, 0.0, 1.0], atol=1e-12)
    assert not covariance.any()

    predict_motion(state, covariance, -2.5, 0.0, 0.4, 2.0 * math.pi / 10.0, 0.0)
    np.testing.assert_allclose(state, [0.0, 0.0, 50.0, 0.0, 2.0 * math.pi, 1.0], atol=1e-12)


def test_a_hover_comes_to_rest_and_its_speed_has_a_limit() -> None:
    """From 6 m/s at 0.5 per second there are 12 m to go; the variance of the velocity tends to q / (2 b)."""
    state, covariance = np.array([0.0, 0.0, 50.0, 6.0, 0.0, -2.0]), np.zeros((6, 6))
    predict_motion(state, covariance, 60.0, 3.0, 0.4, 0.0, 0.5)
    np.testing.assert_allclose(state, [12.0, 0.0, 46.0, 0.0, 0.0, 0.0], atol=1e-11)
    np.testing.assert_allclose(np.diag(covariance)[3:], [3.0, 3.0, 1.2], rtol=1e-12)


def by_the_exponential(
    dt_s: float, noise: float, vertical: float, turn: float, damping: float
) -> tuple[FloatArray, FloatArray]:
    """Return transition and noise after Van Loan, doubled from a short step; with time reversed backwards."""
    sign, doublings = math.copysign(1.0, dt_s), 6
    A = np.zeros((6, 6))
    A[:3, 3:] = np.eye(3)
    A[3:, 3:] = [[-damping, sign * turn, 0.0], [-sign * turn, -damping, 0.0], [0.0, 0.0, -damping]]
    density = np.diag([0.0, 0.0, 0.0, noise, noise, noise * vertical])
    both = expm(np.block([[-A, density], [np.zeros((6, 6)), A.T]]) * abs(dt_s) / 2**doublings)
    F = both[6:, 6:].T
    Q = F @ both[:6, 6:]
    for _ in range(doublings):
        Q, F = F @ Q @ F.T + Q, F @ F
    flip = np.diag([1.0, 1.0, 1.0, sign, sign, sign])
    return flip @ F @ flip, flip @ Q @ flip


@given(st.integers(0, 99), seconds, st.floats(0.01, 50.0), turns, dampings)
@example(seed=1, dt_s=0.0999, noise=3.0, turn=0.1, damping=0.0)  # either side of where the series takes over
@example(seed=1, dt_s=0.1001, noise=3.0, turn=0.1, damping=0.0)
@example(seed=1, dt_s=-0.02, noise=3.0, turn=0.3, damping=0.4)
def test_same_as_the_matrix_exponential(
    seed: int, dt_s: float, noise: float, turn: float, damping: float
) -> None:
    state, covariance = np.arange(6.0) + 1.0, some_covariance(seed)
    F, Q = by_the_exponential(dt_s, noise, 0.4, turn, damping)
    wanted, wanted_covariance = F @ state, F @ covariance @ F.T + Q
    predict_motion(state, covariance, dt_s, noise, 0.4, turn, damping)
    alone = np.zeros((6, 6))
    predict_motion(np.zeros(6), alone, dt_s, noise, 0.4, turn, damping)

    np.testing.assert_allclose(state, wanted, rtol=1e-9, atol=1e-7)
    for got, expected in ((covariance, wanted_covariance), (alone, Q)):
        sigma = np.sqrt(np.diag(expected)) + 1e-30
        assert np.abs((got - expected) / np.outer(sigma, sigma)).max() < 1e-8


@given(st.integers(0, 99), st.floats(0.0, 5.0), st.floats(0.0, 5.0), noises, turns, dampings)
def test_turns_and_hovers_may_be_cut_anywhere(
    seed: int, first_s: float, second_s: float, noise: float, turn: float, damping: float
) -> None:
    whole, whole_covariance = np.arange(6.0), some_covariance(seed)
    cut, cut_covariance = np.arange(6.0), some_covariance(seed)
    predict_motion(whole, whole_covariance, first_s + second_s, noise, 0.4, turn, damping)
    predict_motion(cut, cut_covariance, first_s, noise, 0.4, turn, damping)
    predict_motion(cut, cut_covariance, second_s, noise, 0.4, turn, damping)

    np.testing.assert_allclose(cut, whole, rtol=1e-8, atol=1e-7)
    sigma = np.sqrt(np.diag(whole_covariance))
    assert np.abs((cut_covariance - whole_covariance) / np.outer(sigma, sigma)).max() < 1e-8


@pytest.mark.parametrize(("turn", "damping"), [(0.0, 0.0), (0.3, 0.0), (0.0, 0.7), (-0.4, 0.2)])
def test_many_flights_by_small_steps_spread_as_told(turn: float, damping: float) -> None:
    """20,000 flights, integrated with a hundred pushes a second: what the equation of motion itself says."""
    dice, step_s, noise = np.random.default_rng(5), 0.01, 3.0
    position, velocity = np.zeros(20_000, dtype=complex), np.full(20_000, 4.0 + 9.0j)
    for _ in range(200):
        push = dice.normal(size=(2, 20_000)) * math.sqrt(noise * step_s)
        position += 0.5 * step_s * velocity
        velocity = velocity * np.exp((-damping - 1j * turn) * step_s) + push[0] + 1j * push[1]
        position += 0.5 * step_s * velocity
    state, covariance = np.array([0.0, 0.0, 0.0, 4.0, 9.0, 0.0]), np.zeros((6, 6))
    predict_motion(state, covariance, 2.0, noise, 0.4, turn, damping)

    flown = np.array([position.real, position.imag, velocity.real, velocity.imag])
    told = np.ix_([0, 1, 3, 4], [0, 1, 3, 4])
    np.testing.assert_allclose(flown.mean(axis=1), state[[0, 1, 3, 4]], atol=0.1)
    np.testing.assert_allclose(np.cov(flown), covariance[told], rtol=0.05, atol=0.2)
