"""Least-cost pairs: by hand, and beside scipy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from skykeep.base.compile import FloatArray
from skykeep.identity.assignment import least_cost_pairs

INF = np.inf


def test_the_second_best_for_one_when_the_best_would_cost_the_other_more() -> None:
    assert least_cost_pairs(np.array([[1.0, 2.0], [1.0, 9.0]]), 100.0) == [(0, 1), (1, 0)]


def test_a_chain_of_moves() -> None:
    cost = np.array([[1.0, 2.0, INF], [1.0, INF, 3.0], [1.0, INF, INF]])
    assert least_cost_pairs(cost, 100.0) == [(0, 1), (1, 2), (2, 0)]


def test_who_has_nobody_stays_alone() -> None:
    assert least_cost_pairs(np.array([[1.0], [2.0]]), 100.0) == [(0, 0)]
    assert least_cost_pairs(np.array([[INF, INF]]), 100.0) == []
    assert least_cost_pairs(np.zeros((0, 0)), 100.0) == []


def test_being_alone_is_chosen_when_it_is_cheaper() -> None:
    assert least_cost_pairs(np.array([[5.0]]), 3.0) == []


@given(st.integers(1, 9), st.integers(1, 9), st.integers(0, 100_000), st.booleans())
def test_as_cheap_as_scipy(rows: int, columns: int, seed: int, whole_numbers: bool) -> None:
    dice = np.random.default_rng(seed)
    cost: FloatArray = dice.uniform(-5.0, 30.0, (rows, columns))
    if whole_numbers:
        cost = np.round(cost / 5.0)
    cost[dice.random(cost.shape) < 0.4] = INF
    alone = 100.0
    own = np.full((rows, rows), 1e6)
    np.fill_diagonal(own, alone)
    padded = np.hstack((np.where(np.isinf(cost), 1e6, cost), own))
    least = padded[linear_sum_assignment(padded)].sum()
    pairs = least_cost_pairs(cost, alone)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    mine = sum(cost[row, column] for row, column in pairs) + alone * (rows - len(pairs))
    assert mine == pytest.approx(least, abs=1e-9)
