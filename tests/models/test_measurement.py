"""What a sensor measures: four places a person can check, Jacobians against differences, and the way back."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from skykeep.base.compile import FloatArray
from skykeep.models.measurement import (
    AZIMUTH,
    AZIMUTH_ELEVATION,
    COMPONENTS,
    POSITION,
    RANGE_AZIMUTH_ELEVATION,
    difference,
    locate,
    measure,
)

SENSOR = np.array([100.0, -50.0, 10.0])
metres = st.floats(-8000.0, 8000.0)
speeds = st.floats(-80.0, 80.0)
states = st.tuples(metres, metres, metres, speeds, speeds, speeds).map(np.array)
kinds = st.sampled_from([RANGE_AZIMUTH_ELEVATION, AZIMUTH, AZIMUTH_ELEVATION, POSITION])


def measured(kind: int, state: FloatArray) -> tuple[FloatArray, FloatArray]:
    predicted, jacobian = np.empty(4), np.empty((4, 6))
    measure(kind, state, SENSOR, predicted, jacobian)
    return predicted, jacobian


@pytest.mark.parametrize(
    ("offset_m", "azimuth_rad", "elevation_rad"),
    [
        ((0.0, 1000.0, 0.0), 0.0, 0.0),
        ((1000.0, 0.0, 0.0), math.pi / 2, 0.0),
        ((0.0, -1000.0, 0.0), math.pi, 0.0),
        ((-1000.0, 0.0, 1000.0), 3 * math.pi / 2, math.pi / 4),
    ],
)
def test_the_four_winds(
    offset_m: tuple[float, float, float], azimuth_rad: float, elevation_rad: float
) -> None:
    state = np.concatenate((SENSOR + offset_m, [0.0, 0.0, 0.0]))
    predicted, _ = measured(RANGE_AZIMUTH_ELEVATION, state)

    expected = [math.hypot(*offset_m), azimuth_rad, elevation_rad, 0.0]
    np.testing.assert_allclose(predicted, expected, atol=1e-12)


def test_a_target_that_recedes_has_a_positive_range_rate() -> None:
    state = np.concatenate((SENSOR + np.array([0.0, 300.0, 400.0]), [5.0, 6.0, 8.0]))
    assert measured(RANGE_AZIMUTH_ELEVATION, state)[0][3] == pytest.approx((6 * 300 + 8 * 400) / 500)


@given(kinds, states)
def test_jacobian_is_what_small_steps_show(kind: int, state: FloatArray) -> None:
    ground_m = math.hypot(state[0] - SENSOR[0], state[1] - SENSOR[1])
    assume(ground_m > 50.0)
    _, jacobian = measured(kind, state)
    for i in range(6):
        step = 0.01
        ahead, behind = state.copy(), state.copy()
        ahead[i] += step
        behind[i] -= step
        high, low = measured(kind, ahead)[0], measured(kind, behind)[0]
        for c in range(COMPONENTS[kind]):
            slope = difference(kind, c, high[c], low[c]) / (2 * step)
            assert jacobian[c, i] == pytest.approx(slope, rel=1e-5, abs=1e-7)


@given(states)
def test_where_it_is_measured_is_where_it_is(state: FloatArray) -> None:
    assume(math.hypot(state[0] - SENSOR[0], state[1] - SENSOR[1]) > 1.0)
    for kind in (RANGE_AZIMUTH_ELEVATION, POSITION):
        position, covariance = np.empty(3), np.empty((3, 3))
        locate(kind, measured(kind, state)[0], np.full(4, 0.01), SENSOR, position, covariance)
        np.testing.assert_allclose(position, state[:3], atol=1e-8)


def test_covariance_of_the_place_is_that_of_many_noisy_measurements() -> None:
    truth, sigma = np.array([2000.0, 0.7, 0.2, np.nan]), np.array([5.0, 0.007, 0.01, np.nan])
    position, covariance = np.empty(3), np.empty((3, 3))
    locate(RANGE_AZIMUTH_ELEVATION, truth, sigma, SENSOR, position, covariance)
    draws = np.random.default_rng(1).normal(truth, sigma, size=(20_000, 4))
    places = np.empty((len(draws), 3))
    for k, draw in enumerate(draws):
        locate(RANGE_AZIMUTH_ELEVATION, draw, sigma, SENSOR, places[k], np.empty((3, 3)))

    np.testing.assert_allclose(places.mean(axis=0), position, atol=0.5)
    np.testing.assert_allclose(np.cov(places.T), covariance, rtol=0.05, atol=5.0)


def test_a_bearing_alone_puts_a_target_nowhere() -> None:
    position, covariance = np.empty(3), np.empty((3, 3))
    locate(AZIMUTH, np.array([1.0, np.nan, np.nan, np.nan]), np.full(4, 0.1), SENSOR, position, covariance)

    assert np.isnan(position).all()
    assert np.isnan(covariance).all()


def test_azimuths_are_compared_the_short_way_round() -> None:
    almost_full_turn = 2 * math.pi - 0.01
    assert difference(AZIMUTH, 0, 0.01, almost_full_turn) == pytest.approx(0.02)
    assert difference(RANGE_AZIMUTH_ELEVATION, 1, almost_full_turn, 0.01) == pytest.approx(-0.02)
    # A range is not an angle.
    assert difference(RANGE_AZIMUTH_ELEVATION, 0, 100.0, 10.0) == 90.0
