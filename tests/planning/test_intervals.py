"""Wilson intervals: by hand, by law, and against a published table."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.planning.intervals import wilson_interval

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
