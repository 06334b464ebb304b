"""Intervals, Wilson's and the bootstrap's: by hand, by law, and against a published table."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.models.intervals import FEWEST_UNITS, bootstrap_ratio, resample_counts, wilson_interval

NEWCOMBE = json.loads((Path(__file__).parents[2] / "authorities" / "newcombe_1998_table_1.json").read_text())


def test_half_of_four_is_symmetric_about_a_half() -> None:
    low, high = wilson_interval(2, 4)
    assert low + high == pytest.approx(1.0)
    assert low == pytest.approx(0.15, abs=0.001)


def test_nothing_seen_in_no_trial_says_nothing() -> None:
    assert wilson_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize("case", NEWCOMBE["cases"], ids=lambda case: f"{case['r']}/{case['n']}")
def test_agrees_with_newcombe(case: dict[str, float]) -> None:
    low, high = wilson_interval(int(case["r"]), int(case["n"]))
    assert low == pytest.approx(case["low"], abs=5e-5)
    assert high == pytest.approx(case["high"], abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_holds_the_proportion_and_stays_within_0_and_1(counts: tuple[int, int]) -> None:
    successes, trials = counts
    low, high = wilson_interval(successes, trials)
    assert 0.0 <= low <= successes / trials <= high <= 1.0
    assert high - low > 0.0


@pytest.mark.parametrize(("successes", "trials"), [(-1, 3), (4, 3)])
def test_impossible_counts_are_our_own_mistake(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="successes in"):
        wilson_interval(successes, trials)


def test_the_bootstrap_of_equal_units_is_a_point() -> None:
    assert bootstrap_ratio(np.full(8, 3.0), np.full(8, 2.0)) == (1.5, 1.5)


def test_too_few_units_tell_no_interval() -> None:
    assert bootstrap_ratio(np.arange(FEWEST_UNITS - 1.0), np.ones(FEWEST_UNITS - 1)) is None
    # Units without a whole are none.
    wholes = np.array([1.0, 0.0, 1.0, 1.0, 1.0])
    assert bootstrap_ratio(np.arange(5.0), wholes) is None


@given(st.integers(1, 40), st.integers(1, 30), st.integers(0, 2**40), st.integers(0, 50))
def test_a_resample_holds_as_many_units_and_depends_on_its_number_alone(
    units: int, resamples: int, seed: int, first: int
) -> None:
    counts = resample_counts(units, resamples, seed, first)
    assert counts.shape == (resamples, units)
    assert (counts.sum(axis=1) == units).all()
    assert (resample_counts(units, first + resamples, seed)[first:] == counts).all()


def test_every_unit_is_as_likely_as_any_other() -> None:
    drawn = resample_counts(20, 20_000, seed=3).sum(axis=0)
    # 20 cells of 20,000 each: a standard deviation is 138, and the worst of 20 lies within 4 of them.
    assert abs(drawn - 20_000.0).max() < 4 * 138


@given(st.lists(st.floats(-1e3, 1e3), min_size=FEWEST_UNITS, max_size=30))
def test_the_bootstrap_stays_within_the_units(parts: list[float]) -> None:
    units = np.array(parts)
    interval = bootstrap_ratio(units, np.ones(len(units)))
    assert interval is not None
    low, high = interval
    assert units.min() - 1e-9 <= low <= high <= units.max() + 1e-9


@pytest.mark.parametrize(("units", "least", "most"), [(10, 0.86, 0.93), (50, 0.92, 0.965)])
def test_the_bootstrap_covers_a_mean_about_as_often_as_it_says(units: int, least: float, most: float) -> None:
    dice = np.random.default_rng(11)
    held = 0
    for seed in range(600):
        interval = bootstrap_ratio(dice.normal(5.0, 1.0, units), np.ones(units), seed=seed)
        assert interval is not None
        held += interval[0] <= 5.0 <= interval[1]
    assert least < held / 600 < most
