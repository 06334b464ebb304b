"""One flight is one track: sums over all assignments, by hand, by listing them all, and by belief."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.airspace.join_marginals import marginals
from skykeep.airspace.marginal_kernels import HOPELESS, believed_marginals, drop_hopeless, exact_marginals
from skykeep.base.compile import FloatArray


def listed(odds: FloatArray) -> FloatArray:
    """Return the same by listing every assignment."""
    tracks, flights = odds.shape
    out, whole = np.zeros_like(odds), 0.0
    for choice in itertools.product(range(-1, flights), repeat=tracks):
        given_away = [f for f in choice if f >= 0]
        if len(given_away) != len(set(given_away)):
            continue
        worth = float(np.prod([odds[t, f] for t, f in enumerate(choice) if f >= 0]))
        whole += worth
        for t, f in enumerate(choice):
            if f >= 0:
                out[t, f] += worth
    return out / whole


def table(tracks: int, flights: int, seed: int, spread: float) -> FloatArray:
    dice = np.random.default_rng(seed)
    odds = np.exp(dice.normal(0.0, spread, (tracks, flights)))
    odds[dice.random((tracks, flights)) < 0.2] = 0.0
    return np.asarray(odds)


def test_one_pair_at_evens_is_half() -> None:
    assert marginals(np.array([[1.0]]), np.ones(1))[0, 0] == 0.5


def test_two_alike_share_one_flight() -> None:
    """Odds of 2 each: worth 2 + 2 + 1 for neither, so two fifths each."""
    assert marginals(np.array([[2.0], [2.0]]), np.ones(1))[:, 0] == pytest.approx([0.4, 0.4])


def test_two_that_surely_are_one_flight_are_it_by_half() -> None:
    assert marginals(np.array([[1e6], [1e6]]), np.ones(1))[:, 0] == pytest.approx([0.5, 0.5], abs=1e-6)


def test_a_flight_that_may_be_elsewhere_is_less_likely_here() -> None:
    assert marginals(np.array([[2.0]]), np.array([4.0]))[0, 0] == pytest.approx(1.0 / 3.0)


def test_a_track_that_has_a_better_flight_leaves_the_other_free() -> None:
    """The first track could be either, the second only the second flight: so the first is the first."""
    found = marginals(np.array([[1e4, 1e4], [0.0, 1e4]]), np.ones(2))
    assert found[0, 0] > 0.99
    assert found[1, 1] > 0.99


@given(st.integers(1, 5), st.integers(1, 3), st.integers(0, 10_000), st.sampled_from([0.5, 2.0, 6.0]))
def test_exact_is_the_sum_over_all_assignments(tracks: int, flights: int, seed: int, spread: float) -> None:
    odds = table(tracks, flights, seed, spread)
    assert exact_marginals(odds) == pytest.approx(listed(odds), abs=1e-9)


def test_belief_is_near_the_sum() -> None:
    off = []
    for seed in range(300):
        for spread in (0.5, 2.0, 6.0):
            odds = table(1 + seed % 6, 1 + seed % 4, seed, spread)
            off.append(float(np.abs(believed_marginals(odds) - exact_marginals(odds)).max()))
    assert np.quantile(off, 0.99) < 0.06
    assert np.mean(off) < 0.01


@given(st.integers(1, 6), st.integers(1, 4), st.integers(0, 10_000), st.sampled_from([2.0, 6.0]))
def test_what_is_hopeless_changes_nothing_that_counts(
    tracks: int, flights: int, seed: int, spread: float
) -> None:
    odds = table(tracks, flights, seed, spread)
    changed = np.abs(marginals(odds, np.ones(flights)) - exact_marginals(odds)).max()
    assert changed < 10.0 * tracks * HOPELESS


@given(st.integers(1, 12), st.integers(6, 12), st.integers(0, 10_000), st.sampled_from([1.0, 6.0]))
def test_no_track_and_no_flight_is_more_than_one(tracks: int, flights: int, seed: int, spread: float) -> None:
    found = marginals(table(tracks, flights, seed, spread), np.ones(flights))
    assert (found >= 0.0).all()
    assert (found.sum(axis=1) <= 1.0 + 1e-6).all()
    assert (found.sum(axis=0) <= 1.0 + 1e-3).all()


@given(st.integers(1, 8), st.integers(1, 8), st.integers(0, 10_000), st.sampled_from([0.5, 2.0, 6.0]))
def test_a_sure_pair_drops_what_is_hopeless_beside_it_and_nothing_else(
    tracks: int, flights: int, seed: int, spread: float
) -> None:
    odds = table(tracks, flights, seed, spread)
    kept = odds.copy()
    drop_hopeless(kept)

    wanted = odds.copy()
    for t in range(tracks):
        f = int(odds[t].argmax())
        rivals = [*np.delete(odds[t], f).tolist(), *np.delete(odds[:, f], t).tolist()]
        if max(rivals, default=0.0) < HOPELESS * odds[t, f]:
            wanted[t], wanted[:, f] = 0.0, 0.0
            wanted[t, f] = odds[t, f]
    np.testing.assert_array_equal(kept, wanted)
