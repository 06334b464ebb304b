"""The filter of one track: laws of its covariance, then two authorities: the textbook and least squares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import solve_discrete_are
from scipy.optimize import least_squares

from skykeep.base.compile import FloatArray
from skykeep.models.measurement import COMPONENTS, difference, measure
from skykeep.tracking.columns import RECORD, rules_of
from skykeep.tracking.filter import begin, step, update, update_component
from skykeep.tracking.settings import TrackerSettings

RADAR, AZIMUTH, AZIMUTH_ELEVATION, POSITION = 0, 1, 2, 3


def record_of(kind: int, measured: list[float], sigma: list[float]) -> FloatArray:
    """Return the measurement record of a sensor at the origin."""
    row = np.full(RECORD, np.nan)
    row[0], row[1:4] = kind, 0.0
    row[4 : 4 + len(measured)], row[8 : 8 + len(sigma)] = measured, sigma
    return row


def some_covariance(dice: np.random.Generator, size_m: float) -> FloatArray:
    root = dice.normal(size=(6, 6)) * [size_m, size_m, size_m, 5.0, 5.0, 1.0]
    return root.T @ root + 1e-6 * np.eye(6)


def test_two_equal_voices_meet_halfway() -> None:
    state, covariance = np.zeros(6), np.diag([4.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    update_component(state, covariance, np.array([1.0, 0, 0, 0, 0, 0]), 10.0, 4.0)
    assert state[0] == 5.0
    assert covariance[0, 0] == 2.0


@given(
    st.integers(0, 10_000),
    st.floats(1e-3, 1e3),
    st.floats(1e-6, 1e6),
    st.floats(1e-3, 1e4),
    st.integers(0, 3),
)
def test_covariance_stays_symmetric_and_positive(
    seed: int, size_m: float, range_m: float, sigma_m: float, kind: int
) -> None:
    dice = np.random.default_rng(seed)
    state = dice.normal(size=6) * 10.0
    state[:3] += np.array([0.6, 0.7, 0.3]) * (range_m + 20.0)
    covariance = some_covariance(dice, size_m)
    predicted = np.empty(4)
    measure(kind, state, np.zeros(3), predicted, np.empty((4, 6)))
    sigma = (
        [sigma_m, 0.01, 0.01, 0.5] if kind == RADAR else [0.01, 0.01] if kind < POSITION else [sigma_m] * 3
    )
    update(state, covariance, record_of(kind, predicted.tolist(), sigma))

    assert np.array_equal(covariance, covariance.T)
    # As a correlation, so that metres and metres per second are judged alike.
    scale = np.sqrt(np.diag(covariance))
    assert np.linalg.eigvalsh(covariance / np.outer(scale, scale)).min() > -1e-9


@given(st.integers(0, 10_000))
def test_components_one_by_one_are_the_whole_at_once(seed: int) -> None:
    dice = np.random.default_rng(seed)
    state = np.concatenate((dice.uniform(1000, 3000, 3), dice.normal(0, 10, 3)))
    covariance = some_covariance(dice, 10.0)
    predicted, H = np.empty(4), np.empty((4, 6))
    measure(RADAR, state, np.zeros(3), predicted, H)
    sigma = np.array([5.0, 0.007, 0.01, 0.6])
    z = predicted + dice.normal(0, sigma)
    S = H @ covariance @ H.T + np.diag(sigma**2)
    K = covariance @ H.T @ np.linalg.inv(S)
    expected, expected_covariance = state + K @ (z - predicted), covariance - K @ S @ K.T
    log_density = -0.5 * ((z - predicted) @ np.linalg.solve(S, z - predicted))
    log_density -= 0.5 * np.linalg.slogdet(2 * np.pi * S)[1]
    got = update(state, covariance, record_of(RADAR, z.tolist(), sigma.tolist()))

    np.testing.assert_allclose(state, expected, rtol=1e-7, atol=1e-6)
    np.testing.assert_allclose(covariance, expected_covariance, rtol=1e-6, atol=1e-5)
    assert got == pytest.approx(log_density, abs=1e-6)


def test_model_probabilities_sum_to_one_and_a_hard_turn_wakes_the_manoeuvre() -> None:
    rules = rules_of(TrackerSettings())
    x, P, mu = np.empty((3, 6)), np.empty((3, 6, 6)), np.empty(3)
    begin(x, P, mu, record_of(POSITION, [0.0, 0.0, 100.0], [3.0] * 3), rules)
    for k in range(1, 15):
        step(x, P, mu, 1.0, record_of(POSITION, [15.0 * k, 0.0, 100.0], [3.0] * 3), rules)
        assert mu.sum() == pytest.approx(1.0)
    quiet = mu[2]
    step(x, P, mu, 1.0, record_of(POSITION, [15.0 * 14, 25.0, 100.0], [3.0] * 3), rules)
    assert mu[2] > 3 * quiet


def test_steady_state_solves_the_riccati_equation() -> None:
    q, sigma, dt = 2.0, 10.0, 1.0
    rules = rules_of(TrackerSettings(motion_noise_m2ps3=(q,)))
    x, P, mu = np.empty((1, 6)), np.empty((1, 6, 6)), np.empty(1)
    begin(x, P, mu, record_of(POSITION, [0.0, 0.0, 0.0], [sigma] * 3), rules)
    for _ in range(200):
        step(x, P, mu, dt, record_of(POSITION, [0.0, 0.0, 0.0], [sigma] * 3), rules)

    F, H = np.array([[1.0, dt], [0.0, 1.0]]), np.array([[1.0, 0.0]])
    Q = q * np.array([[dt**3 / 3, dt**2 / 2], [dt**2 / 2, dt]])
    before = solve_discrete_are(F.T, H.T, Q, np.array([[sigma**2]]))
    K = before @ H.T / (before[0, 0] + sigma**2)
    after = (np.eye(2) - K @ H) @ before
    np.testing.assert_allclose(P[0][np.ix_([0, 3], [0, 3])], after, rtol=1e-9)


def flown_straight(kind: int, sigma: FloatArray) -> tuple[list[FloatArray], FloatArray, FloatArray]:
    """Return 40 records of a straight flight, and the filter's mean and covariance with no process noise."""
    dice = np.random.default_rng(3)
    truth = np.array([800.0, 1500.0, 120.0, -12.0, 5.0, 1.0])
    rules = rules_of(TrackerSettings(motion_noise_m2ps3=(0.0,)))
    x, P, mu = np.empty((1, 6)), np.empty((1, 6, 6)), np.empty(1)
    records = []
    for k in range(40):
        predicted = np.empty(4)
        moved = np.concatenate((truth[:3] + k * truth[3:], truth[3:]))
        measure(kind, moved, np.zeros(3), predicted, np.empty((4, 6)))
        z = predicted + dice.normal(0, sigma)
        records.append(record_of(kind, z.tolist(), sigma.tolist()))
        if k == 0:
            begin(x, P, mu, records[0], rules)
        else:
            step(x, P, mu, 1.0, records[-1], rules)
    return records, x[0], P[0]


def batch_solution(kind: int, records: list[FloatArray]) -> FloatArray:
    """Return the state at the last record that fits all of them, and what is assumed of speed, at once."""
    settings = TrackerSettings()
    speed = np.array([settings.start_speed_sigma_mps] * 2 + [settings.start_climb_sigma_mps])

    def residuals(start: FloatArray) -> FloatArray:
        out = list(start[3:] / speed)
        for k, record in enumerate(records):
            predicted = np.empty(4)
            moved = np.concatenate((start[:3] + k * start[3:], start[3:]))
            measure(kind, moved, np.zeros(3), predicted, np.empty((4, 6)))
            out += [
                difference(kind, c, record[4 + c], predicted[c]) / record[8 + c]
                for c in range(COMPONENTS[kind])
            ]
        return np.array(out)

    guess = np.array([800.0, 1500.0, 120.0, 0.0, 0.0, 0.0])
    batch = least_squares(residuals, guess, x_scale=[100, 100, 100, 1, 1, 1], xtol=1e-14, ftol=1e-14)
    last = len(records) - 1
    return np.concatenate((batch.x[:3] + last * batch.x[3:], batch.x[3:]))


def test_without_process_noise_the_filter_is_the_batch_least_squares_solution() -> None:
    records, x, _ = flown_straight(POSITION, np.array([5.0, 5.0, 8.0, np.nan]))
    np.testing.assert_allclose(x, batch_solution(POSITION, records), rtol=1e-7, atol=1e-6)


def test_for_a_radar_it_is_so_to_a_quarter_of_its_own_sigma() -> None:
    """The rest is what it costs to linearise each measurement once, at the time, and never again."""
    records, x, P = flown_straight(RADAR, np.array([5.0, 0.007, 0.01, 0.6]))
    assert (np.abs(x - batch_solution(RADAR, records)) < 0.25 * np.sqrt(np.diag(P))).all()


def test_errors_are_as_large_as_the_filter_says() -> None:
    """ANEES over 100 flights: straight, then a turn at 3 m/s2; about 1 when the covariance is honest."""
    rules, sigma = rules_of(TrackerSettings()), np.array([5.0, 0.007, 0.01])
    squares = []
    for flight in range(100):
        dice = np.random.default_rng(flight)
        position, speed, course = dice.uniform(-2000, 2000, 3), dice.uniform(8, 25), dice.uniform(0, 6.28)
        position[2] = dice.uniform(50, 200)
        x, P, mu = np.empty((3, 6)), np.empty((3, 6, 6)), np.empty(3)
        for k in range(60):
            course += 3.0 / speed if 30 <= k < 38 else 0.0
            velocity = np.array([speed * np.cos(course), speed * np.sin(course), 0.0])
            position = position + velocity + dice.normal(0, 0.3, 3)
            predicted = np.empty(4)
            state = np.concatenate((position, velocity))
            measure(RADAR, state, np.zeros(3), predicted, np.empty((4, 6)))
            record = record_of(RADAR, (predicted[:3] + dice.normal(0, sigma)).tolist(), sigma.tolist())
            if k == 0:
                begin(x, P, mu, record, rules)
                continue
            step(x, P, mu, 1.0, record, rules)
            mean = mu @ x
            spread = sum(mu[j] * (P[j] + np.outer(x[j] - mean, x[j] - mean)) for j in range(3))
            error = position - mean[:3]
            if k > 5:
                squares.append(error @ np.linalg.solve(spread[:3, :3], error) / 3.0)
    assert 0.8 <= np.mean(squares) <= 1.3


@pytest.mark.parametrize("kind", [AZIMUTH, AZIMUTH_ELEVATION])
def test_a_bearing_on_a_poorly_known_target_does_not_throw_it_past_the_bearing(kind: int) -> None:
    """1-sigma of 300 m at 500 m: linearised once, the update overshoots; iterated, it does not."""
    state = np.array([0.0, 500.0, 50.0, 0.0, 0.0, 0.0])
    covariance = np.diag([9e4, 9e4, 100.0, 100.0, 100.0, 4.0])
    update(state, covariance, record_of(kind, [0.6, 0.1], [0.01, 0.01]))
    assert np.arctan2(state[0], state[1]) == pytest.approx(0.6, abs=0.02)
