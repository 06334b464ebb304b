"""Destination inference: mirror images, nowhere else to go, and the joint Gaussian of a whole run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from skykeep.base.compile import FloatArray
from skykeep.models.intent import (
    ARRIVAL_STRETCH,
    SLOWEST_MPS,
    destination_probabilities,
    terminal_log_density,
)

AREA_M2 = np.pi * 5000.0**2
COVARIANCE = np.diag([10.0, 10.0, 1.0, 1.0])[np.newaxis] ** 2


def probabilities(
    state: list[float], destinations_m: list[list[float]], prior_none: float = 0.75, psd: float = 0.05
) -> FloatArray:
    n = len(destinations_m)
    found = destination_probabilities(
        np.array([state]),
        COVARIANCE,
        np.array(destinations_m),
        np.full(n, 75.0),
        np.full(n, 0.25 / n),
        prior_none,
        AREA_M2,
        psd,
    )
    return np.asarray(found[0])


def test_mirror_images_are_even() -> None:
    left, right, _ = probabilities([0.0, 0.0, 0.0, 15.0], [[-400.0, 2000.0], [400.0, 2000.0]])
    assert left == pytest.approx(right, abs=1e-9)
    left, right, none = probabilities([0.0, 0.0, 0.0, 15.0], [[-400.0, 2000.0], [400.0, 2000.0]], 0.0)
    assert (left, right, none) == pytest.approx((0.5, 0.5, 0.0), abs=1e-9)


def test_with_one_destination_and_no_other_there_is_no_doubt() -> None:
    assert probabilities([0.0, 0.0, 3.0, -15.0], [[900.0, 2000.0]], 0.0).tolist() == [1.0, 0.0]


def test_a_straight_line_to_one_asset_is_aimed_at_it_and_surer_the_nearer() -> None:
    far = probabilities([0.0, -3500.0, 0.0, 18.0], [[0.0, 0.0], [3000.0, 0.0]])
    near = probabilities([0.0, -1000.0, 0.0, 18.0], [[0.0, 0.0], [3000.0, 0.0]])
    assert far[0] > 0.4
    assert near[0] > 0.9 > far[0]
    assert far[1] < 0.1


def test_a_line_that_passes_a_kilometre_off_is_aimed_at_nothing() -> None:
    passing = probabilities([1000.0, -1500.0, 0.0, 18.0], [[0.0, 0.0]])
    assert passing[0] < 0.05


def test_the_bank_equals_the_joint_gaussian_of_the_whole_run() -> None:
    """Filter a run, then ask the bank; or write the run as one Gaussian and condition the end on it."""
    psd, noise_m, terminal_m, step_s, ahead_s = 0.4, 8.0, 20.0, 2.0, 30.0
    dice = np.random.default_rng(7)
    measured_m = np.cumsum(dice.normal(20.0, 3.0, 6)) + dice.normal(0.0, noise_m, 6)
    transition = np.array([[1.0, step_s], [0.0, 1.0]])
    process = psd * np.array([[step_s**3 / 3, step_s**2 / 2], [step_s**2 / 2, step_s]])
    start_mean, start = np.zeros(2), np.diag([200.0**2, 15.0**2])

    mean, covariance = start_mean, start
    for k, z_m in enumerate(measured_m):
        if k:
            mean, covariance = transition @ mean, transition @ covariance @ transition.T + process
        gain = covariance[:, 0] / (covariance[0, 0] + noise_m**2)
        mean = mean + gain * (z_m - mean[0])
        covariance = covariance - np.outer(gain, covariance[0])
    # One axis each: the bank is two independent copies of it.
    state = np.array([[mean[0], mean[0], mean[1], mean[1]]])
    both = np.zeros((1, 4, 4))
    both[0, 0::2, 0::2] = covariance  # east and its rate
    both[0, 1::2, 1::2] = covariance
    destination_m = 900.0
    bank = terminal_log_density(
        state,
        both,
        np.array([[destination_m, destination_m]]),
        np.array([terminal_m]),
        np.array([[ahead_s]]),
        psd,
    )[0, 0]

    # Brute force: all six measurements and the end, as linear functions of start and disturbances.
    steps = [*([step_s] * 5), ahead_s]
    rows, blocks = [np.hstack((np.eye(2), np.zeros((2, 12))))], [start]
    for k, dt_s in enumerate(steps):
        move = np.array([[1.0, dt_s], [0.0, 1.0]])
        row = move @ rows[-1]
        row[:, 2 + 2 * k : 4 + 2 * k] += np.eye(2)
        rows.append(row)
        blocks.append(psd * np.array([[dt_s**3 / 3, dt_s**2 / 2], [dt_s**2 / 2, dt_s]]))
    whole = np.zeros((14, 14))
    for k, block in enumerate(blocks):
        whole[2 * k : 2 * k + 2, 2 * k : 2 * k + 2] = block
    places = np.array([row[0] for row in rows])
    joint = places @ whole @ places.T + np.diag([noise_m**2] * 6 + [terminal_m**2])
    together = multivariate_normal(np.zeros(7), joint).logpdf(np.append(measured_m, destination_m))
    before = multivariate_normal(np.zeros(6), joint[:6, :6]).logpdf(measured_m)
    assert bank == pytest.approx(2.0 * (together - before), abs=1e-8)


turns_rad = st.floats(0.0, 2.0 * np.pi)


@given(turns_rad, st.floats(-3000.0, 3000.0), st.floats(-3000.0, 3000.0))
def test_turning_the_map_changes_nothing(turn_rad: float, east_m: float, north_m: float) -> None:
    turn = np.array([[np.cos(turn_rad), -np.sin(turn_rad)], [np.sin(turn_rad), np.cos(turn_rad)]])
    state = np.array([east_m, north_m, -6.0, 11.0])
    destinations_m = np.array([[100.0, 200.0], [-1500.0, 900.0]])
    turned = np.concatenate((turn @ state[:2], turn @ state[2:]))
    here = probabilities(state.tolist(), destinations_m.tolist())
    there = probabilities(turned.tolist(), (destinations_m @ turn.T).tolist())
    assert there == pytest.approx(here, abs=1e-9)
    assert here.sum() == pytest.approx(1.0, abs=1e-12)
    assert np.all(here >= 0.0)


def test_what_is_not_considered_gets_nothing_and_changes_nothing_else() -> None:
    near = probabilities([0.0, -1000.0, 0.0, 18.0], [[0.0, 0.0]])
    found = destination_probabilities(
        np.array([[0.0, -1000.0, 0.0, 18.0]]),
        COVARIANCE,
        np.array([[0.0, 0.0], [0.0, 200.0]]),
        np.full(2, 75.0),
        np.array([0.25, 0.25]),
        0.75,
        AREA_M2,
        0.05,
        np.array([[True, False]]),
    )[0]
    assert found[1] == 0.0
    assert found[[0, 2]] == pytest.approx(near, abs=1e-12)


@given(st.integers(0, 2**32 - 1), st.sampled_from((0.0, 0.75)))
def test_the_probabilities_are_those_of_the_logarithms(seed: int, prior_none: float) -> None:
    """One by one, by logarithms, which can be neither too small nor too great."""
    dice = np.random.default_rng(seed)
    state = np.append(dice.uniform(-5000.0, 5000.0, 2), dice.normal(0.0, 15.0, 2))
    destinations_m = dice.uniform(-5000.0, 5000.0, (9, 2))
    way_s = np.linalg.norm(destinations_m - state[:2], axis=1) / max(np.linalg.norm(state[2:]), SLOWEST_MPS)
    log_density = terminal_log_density(
        np.tile(state, (9, 1)),
        np.tile(COVARIANCE, (9, 1, 1)),
        destinations_m,
        np.full(9, 75.0),
        way_s[:, np.newaxis] * ARRIVAL_STRETCH,
        0.05,
    )
    log_evidence = logsumexp(log_density, axis=1) - np.log(len(ARRIVAL_STRETCH) / AREA_M2)
    with np.errstate(divide="ignore"):
        weight = np.append(np.log(0.25 / 9) + log_evidence, np.log(prior_none))
    found = probabilities(state.tolist(), destinations_m.tolist(), prior_none)
    assert found == pytest.approx(np.exp(weight - logsumexp(weight)), rel=1e-11, abs=1e-15)
