"""Figures of clocks and aims: coverage, Brier scores and the simple forecasters, on cases done by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.sim.score_forecasts import (
    Moment,
    best_softened,
    brier,
    nearest_asset,
    score_forecasts,
    straight_on,
)

ASSETS = {"near": (np.array([1_000.0, 0.0, 0.0]), 100.0), "far": (np.array([0.0, 3_000.0, 0.0]), 100.0)}


def moment(true_s: float, interval_s: tuple[float, float] | None, shown: str = "a") -> Moment:
    return Moment("x", "a", true_s, shown, interval_s, {"a": 1.0}, "a", "a")


def test_coverage_counts_moments_with_an_interval_for_the_right_asset() -> None:
    figures = score_forecasts(
        [
            moment(50.0, (40.0, 60.0)),
            moment(40.0, (40.0, 60.0)),
            moment(39.0, (40.0, 60.0)),
            moment(61.0, (40.0, 60.0)),
            moment(62.0, (40.0, 60.0)),
            moment(50.0, None),
            moment(50.0, (40.0, 60.0), shown="b"),
        ]
    )
    assert (figures.covered, figures.with_interval, figures.sooner, figures.later) == (2, 5, 1, 2)


@pytest.mark.parametrize(
    ("said", "true", "score"),
    [
        ({"a": 1.0}, "a", 0.0),
        ({"a": 1.0}, "b", 2.0),
        ({"a": 0.5, "b": 0.5}, "a", 0.5),
        ({"a": 0.7, "": 0.3}, "a", 0.18),
        ({}, "a", 1.0),
    ],
)
def test_brier_scores_done_by_hand(said: dict[str, float], true: str, score: float) -> None:
    assert brier(said, true) == pytest.approx(score)


def test_the_best_one_confidence_is_the_share_of_hits() -> None:
    # Two possibilities, 75 % hits: p = 0.75 gives 0.75 * 2 * 0.25^2 + 0.25 * 2 * 0.75^2.
    assert best_softened(75, 100, 1) == pytest.approx(0.375)
    assert best_softened(100, 100, 3) == 0.0


@given(st.integers(0, 100), st.integers(1, 6))
def test_softening_never_makes_it_worse(hits: int, others: int) -> None:
    assert best_softened(hits, 100, others) <= 2.0 * (1.0 - hits / 100.0) + 1e-12


def test_nearest_counts_from_the_keep_out_circle() -> None:
    state = np.array([0.0, 1_400.0, 50.0, 0.0, 0.0, 0.0])
    assert nearest_asset(state, ASSETS) == "far"
    wide = {**ASSETS, "near": (ASSETS["near"][0], 400.0)}
    assert nearest_asset(state, wide) == "near"


@pytest.mark.parametrize(
    ("velocity", "picked"),
    [((10.0, 0.0), "near"), ((0.0, 10.0), "far"), ((-10.0, -10.0), ""), ((0.0, 0.0), "")],
)
def test_straight_on_picks_what_the_course_passes(velocity: tuple[float, float], picked: str) -> None:
    state = np.array([0.0, 0.0, 50.0, *velocity, 0.0])
    assert straight_on(state, ASSETS) == picked
