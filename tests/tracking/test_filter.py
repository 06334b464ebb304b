"""The filter of one track: laws of its covariance, then two authorities: the textbook and least squares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm, solve_discrete_are
from scipy.optimize import least_squares

from skykeep.base.compile import FloatArray
from skykeep.models.measurement import COMPONENTS, difference, measure
from skykeep.models.motion import predict_motion
from skykeep.tracking.columns import BOUND, LOOK_VALUES, RECORD, TIME, empty_tracks, rules_of
from skykeep.tracking.filter import absorb, begin, carry, carry_first, learn, mix, pool, update
from skykeep.tracking.index import index_of
from skykeep.tracking.reach import note_bound, reach
from skykeep.tracking.settings import MotionModel, TrackerSettings

RADAR, AZIMUTH, AZIMUTH_ELEVATION, POSITION = 0, 1, 2, 3


def record_of(kind: int, measured: list[float], sigma: list[float]) -> FloatArray:
    """Return the measurement record of a sensor at the origin."""
    row = np.full(RECORD, np.nan)
    row[0], row[1:4] = kind, 0.0
    row[4 : 4 + len(measured)], row[8 : 8 + len(sigma)] = measured, sigma
    return row


def step(
    x: FloatArray, P: FloatArray, mu: FloatArray, dt_s: float, record: FloatArray, rules: FloatArray
) -> None:
    """Carry one track over `dt_s` and take in a measurement, in place."""
    carry(x, P, mu, dt_s, rules)
    learn(x, P, mu, record)


def some_covariance(dice: np.random.Generator, size_m: float) -> FloatArray:
    root = dice.normal(size=(6, 6)) * [size_m, size_m, size_m, 5.0, 5.0, 1.0]
    return root.T @ root + 1e-6 * np.eye(6)


def test_two_equal_voices_meet_halfway() -> None:
    state, covariance = np.zeros(6), np.diag([4.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    room = np.empty((2, 6))
    absorb(state, covariance, np.array([1.0, 0, 0, 0, 0, 0]), 10.0, 4.0, room[0], room[1])
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
    x, P, mu = np.empty((4, 6)), np.empty((4, 6, 6)), np.empty(4)
    begin(x, P, mu, record_of(POSITION, [0.0, 0.0, 100.0], [3.0] * 3), rules)
    for k in range(1, 15):
        step(x, P, mu, 1.0, record_of(POSITION, [15.0 * k, 0.0, 100.0], [3.0] * 3), rules)
        assert mu.sum() == pytest.approx(1.0)
    quiet = mu[1]
    step(x, P, mu, 1.0, record_of(POSITION, [15.0 * 14, 25.0, 100.0], [3.0] * 3), rules)
    assert mu[1] > 3 * quiet


EVERY_WAY = TrackerSettings(
    motion=(
        MotionModel(noise_m2ps3=0.05, share=3.0),
        MotionModel(noise_m2ps3=40.0),
        MotionModel(noise_m2ps3=1.0, damping_per_s=0.5),
        MotionModel(noise_m2ps3=0.1, turn_radps=0.25, share=0.5),
        MotionModel(noise_m2ps3=0.1, turn_radps=-0.25, share=0.5),
    ),
    motion_sojourn_s=8.0,
)


STRAIGHT_ON = TrackerSettings(
    motion=(MotionModel(noise_m2ps3=0.05), MotionModel(noise_m2ps3=40.0, share=0.5))
)


def some_bank(seed: int, models: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return means, covariances and probabilities of so many models of one target."""
    dice = np.random.default_rng(seed)
    x = dice.normal(size=(models, 6)) * 3.0 + [50.0, -20.0, 90.0, 12.0, -7.0, 1.0]
    P = np.array([some_covariance(dice, 5.0) for _ in range(models)])
    return x, P, dice.dirichlet(np.full(models, 0.7))


def markov_matrix(settings: TrackerSettings, dt_s: float) -> FloatArray:
    """Return the chances of model j after model i, from the rates of the chain by the matrix exponential."""
    shares = np.array([model.share for model in settings.motion])
    shares /= shares.sum()
    leaves = 1.0 - shares
    rates = np.tile(shares, (len(shares), 1)) - np.eye(len(shares))
    matrix = expm(rates * dt_s / (settings.motion_sojourn_s * (shares @ leaves)))
    assert isinstance(matrix, np.ndarray)
    return matrix


@given(st.integers(0, 10_000), st.floats(0.01, 30.0))
def test_mixing_is_that_of_blom_and_bar_shalom_with_the_chains_matrix(seed: int, dt_s: float) -> None:
    x, P, mu = some_bank(seed, 5)
    chance = markov_matrix(EVERY_WAY, dt_s)
    after = mu @ chance
    means = np.array([(mu * chance[:, j]) @ x / after[j] for j in range(5)])
    spreads = []
    for j in range(5):
        each = [mu[i] * chance[i, j] / after[j] * (P[i] + np.outer(*[x[i] - means[j]] * 2)) for i in range(5)]
        spreads.append(sum(each))
    mix(x, P, mu, dt_s, rules_of(EVERY_WAY))

    np.testing.assert_allclose(mu, after, rtol=1e-9)
    np.testing.assert_allclose(x, means, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(P, spreads, rtol=1e-7, atol=1e-7)


def test_on_average_a_target_stays_with_one_way_of_flying_as_long_as_the_settings_say() -> None:
    shares = np.array([3.0, 1.0, 1.0, 0.5, 0.5]) / 6.0
    soon = markov_matrix(EVERY_WAY, 1e-6)
    assert shares @ (1.0 - np.diag(soon)) / 1e-6 == pytest.approx(1.0 / 8.0, rel=1e-4)
    np.testing.assert_allclose(shares @ soon, shares, rtol=1e-12)


@given(st.integers(0, 10_000), st.floats(-3.0, 12.0))
def test_all_models_as_one_are_the_moments_of_each_one_ahead(seed: int, dt_s: float) -> None:
    for settings in (EVERY_WAY, STRAIGHT_ON):
        models, rules = len(settings.motion), rules_of(settings)
        x, P, mu = some_bank(seed, models)
        mean, covariance = together(x, P, mu, dt_s, rules)
        mix(x, P, mu, dt_s, rules)
        for j, model in enumerate(settings.motion):
            predict_motion(
                x[j],
                P[j],
                dt_s,
                model.noise_m2ps3,
                settings.vertical_noise,
                model.turn_radps,
                model.damping_per_s,
            )
        spread = sum(mu[j] * (P[j] + np.outer(*[x[j] - mu @ x] * 2)) for j in range(models))

        np.testing.assert_allclose(mean, mu @ x, rtol=1e-9, atol=1e-8)
        np.testing.assert_allclose(covariance, spread, rtol=1e-8, atol=1e-6)


@given(st.integers(0, 10_000), st.floats(-3.0, 12.0))
def test_where_all_fly_straight_and_say_the_same_the_first_speaks_for_all(seed: int, dt_s: float) -> None:
    rules = rules_of(STRAIGHT_ON)
    x, P, mu = some_bank(seed, len(STRAIGHT_ON.motion))
    x[:], P[:] = x[0], P[0]
    mean, covariance = np.empty(6), np.empty((6, 6))
    carry_first(x, P, mu, dt_s, rules, mean, covariance)
    pooled, spread = together(x, P, mu, dt_s, rules)
    np.testing.assert_allclose(mean, pooled, rtol=1e-9, atol=1e-8)
    np.testing.assert_allclose(covariance, spread, rtol=1e-8, atol=1e-6)


def together(
    x: FloatArray, P: FloatArray, mu: FloatArray, dt_s: float, rules: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return mean and covariance of all models, `dt_s` later; the models are not touched."""
    x, P, mu, mean, covariance = x.copy(), P.copy(), mu.copy(), np.empty(6), np.empty((6, 6))
    carry(x, P, mu, dt_s, rules)
    pool(x, P, mu, mean, covariance)
    return mean, covariance


@given(st.integers(0, 10_000), st.floats(-5.0, 12.0))
def test_however_it_turns_or_slows_it_stays_within_the_ball_of_the_cheap_test(seed: int, dt_s: float) -> None:
    rules, tracks, second_ns = rules_of(EVERY_WAY), empty_tracks(1, 5), 1_000_000_000
    tracks.x[0], tracks.P[0], tracks.mu[0] = some_bank(seed, 5)
    tracks.number[0, TIME] = 100 * second_ns
    note_bound(tracks, 0, rules, False)
    time_ns, spread_m2 = 100 * second_ns + round(dt_s * second_ns), np.empty(1)
    rows, seen, nothing = (
        np.zeros(1, dtype=np.int64),
        np.zeros(1, dtype=np.bool_),
        index_of(0, np.empty((0, RECORD))),
    )
    look = np.zeros(LOOK_VALUES)
    reach(tracks.value, tracks.number, rows, look, rules, time_ns, nothing, seen, seen.copy(), spread_m2)
    mean, covariance = together(tracks.x[0], tracks.P[0], tracks.mu[0], dt_s, rules)

    straight = tracks.value[0, BOUND : BOUND + 3] + dt_s * tracks.value[0, BOUND + 3 : BOUND + 6]
    aside = mean[:3] - straight
    assert aside @ aside + np.trace(covariance[:3, :3]) <= spread_m2[0] * (1.0 + 1e-9)


@pytest.mark.parametrize(("turn_radps", "likeliest"), [(0.25, 3), (-0.25, 4), (0.0, 0)])
def test_a_turn_is_told_from_straight_flight_and_by_its_side(turn_radps: float, likeliest: int) -> None:
    rules, dice = rules_of(EVERY_WAY), np.random.default_rng(1)
    x, P, mu = np.empty((5, 6)), np.empty((5, 6, 6)), np.empty(5)
    east_m, north_m, course = 0.0, 0.0, 0.4
    for k in range(30):
        z = dice.normal((east_m, north_m, 100.0), 1.0)
        record = record_of(POSITION, z.tolist(), [1.0] * 3)
        if k == 0:
            begin(x, P, mu, record, rules)
        else:
            step(x, P, mu, 1.0, record, rules)
        for _ in range(100):
            course += 0.01 * turn_radps
            east_m, north_m = east_m + 0.2 * np.sin(course), north_m + 0.2 * np.cos(course)
    assert mu.argmax() == likeliest
    assert mu[likeliest] > 0.5


def test_steady_state_solves_the_riccati_equation() -> None:
    q, sigma, dt = 2.0, 10.0, 1.0
    rules = rules_of(TrackerSettings(motion=(MotionModel(noise_m2ps3=q),)))
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
    rules = rules_of(TrackerSettings(motion=(MotionModel(noise_m2ps3=0.0),)))
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
        x, P, mu = np.empty((4, 6)), np.empty((4, 6, 6)), np.empty(4)
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
            spread = sum(mu[j] * (P[j] + np.outer(x[j] - mean, x[j] - mean)) for j in range(4))
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
