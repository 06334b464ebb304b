"""How likely a detection is: one Gaussian and several, against SciPy's, and who is asked."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import logsumexp
from scipy.stats import chi2, multivariate_normal

from skykeep.base.compile import FloatArray
from skykeep.models.measurement import difference, measure
from skykeep.tracking.columns import GATE, LOG_RATE_SPAN, MEASURED, RECORD, SIGMA, Ways, rules_of
from skykeep.tracking.likelihood import MIXTURE, ROOM, expect, extent, log_mixture, variance_of
from skykeep.tracking.settings import TrackerSettings

RULES = rules_of(TrackerSettings())
WHERE = np.array([900.0, 700.0, 110.0, 12.0, -9.0, 1.0])
NOBODYS = Ways(np.empty((0, 1, 6)), np.empty((0, 1, 6, 6)), np.empty((0, 1)), np.empty(0, dtype=np.int64))


def some_ways(dice: np.random.Generator, count: int) -> Ways:
    """Return `count` ways of one track, a few metres and metres a second apart."""
    roots = dice.normal(size=(count, 6, 6)) * [6.0, 6.0, 3.0, 3.0, 3.0, 1.0]
    P = np.einsum("kji,kjl->kil", roots, roots) + 0.1 * np.eye(6)
    x = WHERE + dice.normal(size=(count, 6)) * [8.0, 8.0, 3.0, 6.0, 6.0, 1.0]
    return Ways(x[None], P[None], dice.dirichlet(np.ones(count))[None], np.zeros(1, dtype=np.int64))


def seen(n: int, dice: np.random.Generator) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return a detection of n components near `WHERE`, what was predicted, the gaps and the Jacobian."""
    predicted, H = np.empty(4), np.empty((4, 6))
    measure(0, WHERE, np.zeros(3), predicted, H)
    record = np.full(RECORD, np.nan)
    sigma = np.array([5.0, 0.01, 0.012, 0.4])[:n]
    record[MEASURED : MEASURED + n] = predicted[:n] + 2.0 * dice.normal(size=n) * sigma
    record[SIGMA : SIGMA + n] = sigma
    gaps = np.array(
        [difference(0, c, record[MEASURED + c], predicted[c]) for c in range(n)] + [np.nan] * (4 - n)
    )
    return record, predicted, gaps, H


@given(st.integers(0, 10_000), st.sampled_from([3, 4]), st.integers(1, 5))
def test_the_density_is_the_mixture_of_those_of_all_ways(seed: int, n: int, count: int) -> None:
    dice = np.random.default_rng(seed)
    ways, mixture = some_ways(dice, count), np.empty((count, MIXTURE))
    record, _, gaps, H = seen(n, dice)
    assert expect(WHERE, np.eye(6), ways, 0, H, n, mixture) == count
    got = log_mixture(mixture, count, gaps, record, n, RULES, np.empty(ROOM))

    R, gate, parts = np.diag(record[SIGMA : SIGMA + n] ** 2), RULES[GATE], []
    for x, P, mu in zip(ways.x[0], ways.P[0], ways.mu[0], strict=True):
        S, gap = H[:n] @ P @ H[:n].T + R, gaps[:n] - H[:n] @ (x - WHERE)
        if gap @ np.linalg.solve(S, gap) <= gate and (gap**2 <= gate * np.diag(S)).all():
            parts.append(math.log(mu) + multivariate_normal(np.zeros(n), S).logpdf(gap))
    wanted = logsumexp(parts) + (RULES[LOG_RATE_SPAN] if n == 4 else 0.0) if parts else -math.inf
    assert got == pytest.approx(wanted, abs=1e-6)


@given(st.integers(0, 10_000), st.integers(1, 5))
def test_variance_and_extent_are_those_of_all_ways_together(seed: int, count: int) -> None:
    dice = np.random.default_rng(seed)
    ways, mixture = some_ways(dice, count), np.empty((count, MIXTURE))
    record, _, _, H = seen(3, dice)
    expect(WHERE, np.eye(6), ways, 0, H, 3, mixture)
    for c in range(3):
        offsets = (ways.x[0] - WHERE) @ H[c]
        spreads = np.einsum("i,kij,j->k", H[c], ways.P[0], H[c])
        assert variance_of(mixture, count, c) == pytest.approx(ways.mu[0] @ (spreads + offsets**2))
        below, above = extent(mixture, count, c, record[SIGMA + c], RULES)
        halves = np.sqrt(RULES[GATE] * (spreads + record[SIGMA + c] ** 2))
        assert below == pytest.approx(min((offsets - halves).min(), 0.0))
        assert above == pytest.approx(max((offsets + halves).max(), 0.0))


@pytest.mark.parametrize("gone", [0, 1, 3])
def test_a_way_with_no_weight_left_is_as_if_it_were_not_there(gone: int) -> None:
    dice = np.random.default_rng(7)
    ways, mixture = some_ways(dice, 4), np.empty((4, MIXTURE))
    record, _, gaps, H = seen(3, dice)
    ways.mu[0] = np.where(np.arange(4) == gone, 0.0, 1.0 / 3.0)
    expect(WHERE, np.eye(6), ways, 0, H, 3, mixture)
    got = log_mixture(mixture, 4, gaps, record, 3, RULES, np.empty(ROOM))
    left = np.delete(mixture, gone, axis=0)
    assert got == log_mixture(left, 3, gaps, record, 3, RULES, np.empty(ROOM))
    assert math.isfinite(got)


def test_without_ways_it_is_one_gaussian() -> None:
    dice, P = np.random.default_rng(3), np.diag([30.0, 40.0, 20.0, 4.0, 4.0, 1.0])
    record, _, gaps, H = seen(3, dice)
    gaps *= 0.5
    mixture = np.empty((1, MIXTURE))
    assert expect(WHERE, P, NOBODYS, -1, H, 3, mixture) == 1
    S = H[:3] @ P @ H[:3].T + np.diag(record[SIGMA : SIGMA + 3] ** 2)
    got = log_mixture(mixture, 1, gaps, record, 3, RULES, np.empty(ROOM))
    assert got == pytest.approx(multivariate_normal(np.zeros(3), S).logpdf(gaps[:3]))


def test_what_one_unlikely_way_reaches_is_not_lost_in_the_pool() -> None:
    """It flies on, to a metre, or, two times in a hundred, turned hard: 30 m aside, give or take ten."""
    x = WHERE + np.array([[0.0] * 6, [30.0, 0.0, 0.0, 25.0, 0.0, 0.0]])
    P = np.stack((np.eye(6), np.diag([100.0, 100.0, 25.0, 60.0, 60.0, 10.0])))
    mu = np.array([0.98, 0.02])
    mean = mu @ x
    apart = x - mean
    pooled = np.einsum("k,kij->ij", mu, P + apart[:, :, None] * apart[:, None, :])
    record, predicted, gaps, H = seen(3, np.random.default_rng(0))
    there = np.empty(4)
    measure(0, x[1], np.zeros(3), there, np.empty((4, 6)))
    record[MEASURED : MEASURED + 3], record[SIGMA : SIGMA + 3] = there[:3], (1.0, 0.001, 0.001)
    measure(0, mean, np.zeros(3), predicted, H)
    gaps[:3] = there[:3] - predicted[:3]
    mixture, room = np.empty((2, MIXTURE)), np.empty(ROOM)
    one = expect(mean, pooled, NOBODYS, -1, H, 3, mixture)
    assert log_mixture(mixture, one, gaps, record, 3, RULES, room) == -math.inf
    both = expect(
        mean, pooled, Ways(x[None], P[None], mu[None], np.zeros(1, dtype=np.int64)), 0, H, 3, mixture
    )
    assert log_mixture(mixture, both, gaps, record, 3, RULES, room) > math.log(0.01) - 12.0


def test_the_gate_lets_pass_what_the_settings_say() -> None:
    dice, P = np.random.default_rng(5), np.diag([30.0, 40.0, 20.0, 4.0, 4.0, 1.0])
    record, _, gaps, H = seen(3, dice)
    mixture, room = np.empty((1, MIXTURE)), np.empty(ROOM)
    expect(WHERE, P, NOBODYS, -1, H, 3, mixture)
    root = np.linalg.cholesky(H[:3] @ P @ H[:3].T + np.diag(record[SIGMA : SIGMA + 3] ** 2))
    rules = RULES.copy()
    rules[GATE] = chi2.ppf(0.9, 3)
    passed = 0
    for _ in range(4000):
        gaps[:3] = root @ dice.normal(size=3)
        passed += log_mixture(mixture, 1, gaps, record, 3, rules, room) > -math.inf
    # The box about the ellipsoid lies wholly outside it, so that it takes nothing away.
    assert passed / 4000 == pytest.approx(0.9, abs=0.015)
