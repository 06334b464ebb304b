"""The mathematics of accusing: tails against scipy, and looks that may go on for ever."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm

from skykeep.identity.chances import ALLOTMENT, Looks, at_least, upper_tail


def test_one_in_a_hundred_twice_in_a_row_is_one_in_ten_thousand() -> None:
    assert at_least(2, 2, 0.01) == pytest.approx(1e-4, rel=1e-12)
    assert at_least(0, 5, 0.01) == 1.0


@given(st.integers(1, 120), st.integers(0, 120), st.sampled_from([0.01, 0.1, 0.5]))
def test_the_binomial_tail_agrees_with_scipy(trials: int, hits: int, chance: float) -> None:
    hits = min(hits, trials)
    assert at_least(hits, trials, chance) == pytest.approx(
        binom.sf(hits - 1, trials, chance), rel=1e-6, abs=1e-14
    )


def test_the_normal_tail_agrees_with_scipy() -> None:
    for z in (-2.0, 0.0, 1.0, 3.0, 6.0):
        assert upper_tail(z) == pytest.approx(norm.sf(z), rel=1e-9)


def test_all_ways_together_may_accuse_fewer_than_one_in_a_hundred() -> None:
    assert sum(ALLOTMENT.values()) < 0.01


def test_the_first_look_costs_twice_and_the_third_twelve_times() -> None:
    looks = Looks()
    looks.take(6, 0.01)
    assert looks.p_value == pytest.approx(0.02)
    looks.take(12, 0.5)
    looks.take(18, 0.001)
    assert looks.p_value == pytest.approx(0.012)


def test_looking_for_an_hour_accuses_no_more_than_the_allotment() -> None:
    """True claims, looked at 600 times each: 5 % allotted, at most 5 % accused."""
    dice, accused, streams = np.random.default_rng(3), 0, 400
    for _ in range(streams):
        looks = Looks()
        for number, p_value in enumerate(dice.random(600)):
            looks.take(number, p_value)
        accused += looks.p_value <= 0.05
    assert accused / streams <= 0.05 + 3.0 * np.sqrt(0.05 * 0.95 / streams)
    assert accused > 0
