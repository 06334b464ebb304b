"""Global nearest neighbour: cases by hand, then equal in sum to SciPy's dense solution."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from skykeep.base.compile import FloatArray, IntArray
from skykeep.tracking.assign import assign


def solve(score: FloatArray, wanted: list[bool] | None = None) -> tuple[IntArray, IntArray]:
    """Assign by a dense (tracks, detections) score, NaN where the pair is no candidate."""
    tracks, detections = score.shape
    candidates = [np.flatnonzero(~np.isnan(row)) for row in score]
    start = np.cumsum([0, *map(len, candidates)])
    takes, taken_by = np.full(tracks, -1), np.full(detections, -1)
    flat = np.concatenate(candidates) if tracks else np.empty(0, dtype=np.int64)
    gains = score[~np.isnan(score)]
    assign(start, flat, gains, np.array(wanted or [True] * tracks, dtype=np.bool_), taken_by, takes)
    return takes, taken_by


def test_the_greedy_choice_gives_way_to_the_best_sum() -> None:
    # Greedy: track 0 takes detection 0 (10), track 1 is left without. Best: 9 + 8.
    takes, taken_by = solve(np.array([[10.0, 9.0], [8.0, np.nan]]))
    assert takes.tolist() == [1, 0]
    assert taken_by.tolist() == [1, 0]


def test_a_track_goes_without_when_clutter_explains_the_detection_better() -> None:
    assert solve(np.array([[-0.5]]))[0].tolist() == [-1]


def test_a_later_round_leaves_what_is_taken() -> None:
    score = np.array([[5.0], [50.0]])
    start, flat = np.array([0, 1, 2]), np.array([0, 0])
    takes, taken_by = np.full(2, -1), np.full(1, -1)
    assign(start, flat, score.ravel(), np.array([True, False]), taken_by, takes)
    assign(start, flat, score.ravel(), np.array([False, True]), taken_by, takes)
    assert takes.tolist() == [0, -1]


@given(st.integers(0, 12), st.integers(0, 12), st.floats(0.1, 1.0), st.integers(0, 10_000))
def test_no_other_assignment_has_a_greater_sum(
    tracks: int, detections: int, density: float, seed: int
) -> None:
    dice = np.random.default_rng(seed)
    score = dice.normal(2.0, 5.0, size=(tracks, detections))
    score[dice.random(score.shape) > density] = np.nan
    takes, taken_by = solve(score)

    # The same as a dense problem: a column per detection and one per track for going without, worth 0.
    worth = np.concatenate((np.where(np.isnan(score), -1e6, score), np.zeros((tracks, tracks))), axis=1)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    best = worth[rows, columns].sum()
    given_away = [(i, d) for i, d in enumerate(takes) if d >= 0]
    assert abs(sum(score[i, d] for i, d in given_away) - best) < 1e-9
    assert all(taken_by[d] == i for i, d in given_away)
    assert len({d for _, d in given_away}) == len(given_away)
