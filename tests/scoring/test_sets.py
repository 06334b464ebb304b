"""Distances between sets: by hand, as metrics, against a plain assignment and against Stone Soup."""

from __future__ import annotations

import json
import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import scored_air
from skykeep.base.compile import FloatArray
from skykeep.scoring import gospa, ospa
from skykeep.scoring.match import best_pairs, near_pairs

STONE_SOUP = json.loads((Path(__file__).parents[2] / "authorities" / "stone_soup_metrics.json").read_text())
C = 50.0
NOBODY = np.zeros((0, 3))
# Close enough together that many are near many, coarse enough that some coincide.
points = st.lists(st.tuples(*[st.integers(-8, 8).map(lambda k: 10.0 * k)] * 3), max_size=6).map(
    lambda rows: np.array(rows, dtype=np.float64).reshape(-1, 3)
)
orders = st.sampled_from([1.0, 2.0])


def test_one_is_30_m_off_one_is_missed_and_two_are_false() -> None:
    truth = np.array([[0.0, 0, 0], [1_000, 0, 0]])
    stated = np.array([[0.0, 30, 0], [0, 0, 500], [0, 0, 900]])
    found = gospa(truth, stated, C)
    assert (found.missed_count, found.false_count) == (1, 2)
    assert (found.localisation, found.missed, found.false) == (900.0, 1_250.0, 2_500.0)
    assert found.distance_m == pytest.approx(math.sqrt(4_650.0))
    # OSPA: three places, of which two are empty.
    assert ospa(truth, stated, C) == pytest.approx(math.sqrt((900.0 + 2 * 2_500.0) / 3))


def test_the_best_match_is_not_the_greedy_one() -> None:
    # Greedy takes the 1 m pair and leaves the other two 45 m apart or alone.
    truth = np.array([[0.0, 0, 0], [20, 0, 0]])
    stated = np.array([[19.0, 0, 0], [45, 0, 0]])
    assert gospa(truth, stated, C).localisation == 19.0**2 + 25.0**2


def test_a_pair_as_far_apart_as_the_cut_off_is_none() -> None:
    found = gospa(np.zeros((1, 3)), np.array([[C, 0.0, 0.0]]), C)
    assert (found.missed_count, found.false_count) == (1, 1)
    assert found.distance_m == C


def test_nobody_and_nobody_are_the_same_and_nobody_and_somebody_the_cut_off_apart() -> None:
    assert (gospa(NOBODY, NOBODY, C).distance_m, ospa(NOBODY, NOBODY, C)) == (0.0, 0.0)
    assert ospa(NOBODY, np.zeros((4, 3)), C) == C
    assert gospa(NOBODY, np.zeros((4, 3)), C).distance_m == pytest.approx(math.sqrt(4 * C**2 / 2))


def both(first: FloatArray, second: FloatArray, order: float) -> FloatArray:
    return np.array([gospa(first, second, C, order).distance_m, ospa(first, second, C, order)])


@given(points, orders)
def test_a_set_is_no_distance_from_itself(here: FloatArray, order: float) -> None:
    assert (both(here, here[::-1], order) == 0.0).all()


@given(points, points, orders)
def test_different_sets_are_apart_and_there_and_back_is_as_far(
    here: FloatArray, there: FloatArray, order: float
) -> None:
    forth = both(here, there, order)
    assert forth == pytest.approx(both(there, here, order), rel=1e-12)
    assert (forth > 0.0).all() == (sorted(here.tolist()) != sorted(there.tolist()))


@given(points, points, points, orders)
def test_a_detour_is_never_shorter(
    here: FloatArray, there: FloatArray, between: FloatArray, order: float
) -> None:
    detour = both(here, between, order) + both(between, there, order)
    assert (both(here, there, order) <= detour + 1e-9).all()


@given(points, points)
def test_the_parts_add_up(here: FloatArray, there: FloatArray) -> None:
    found = gospa(here, there, C)
    assert found.distance_m**2 == pytest.approx(found.localisation + found.missed + found.false)
    assert len(here) - found.missed_count == len(there) - found.false_count


@given(points.filter(lambda rows: len(rows) <= 4), points.filter(lambda rows: len(rows) <= 4))
def test_no_other_match_is_better(here: FloatArray, there: FloatArray) -> None:
    few, many = sorted((here, there), key=len)
    best = min(
        sum(min(float(np.linalg.norm(a - b)), C) ** 2 for a, b in zip(few, chosen, strict=True))
        for chosen in permutations(many, len(few))
    )
    assert gospa(here, there, C).distance_m ** 2 == pytest.approx(best + C**2 / 2 * (len(many) - len(few)))


def test_near_pairs_are_all_that_are_near_and_those_at_no_distance_too() -> None:
    here = np.array([[0.0, 0, 0], [100, 0, 0]])
    there = np.array([[0.0, 0, 0], [100, 3, 4], [100, 0, 49.9], [100, 0, 50]])
    near = near_pairs(here, there, C)
    assert list(zip(near.first.tolist(), near.second.tolist(), strict=True)) == [(0, 0), (1, 1), (1, 2)]
    assert near.distance_m == pytest.approx([0.0, 5.0, 49.9])


def test_a_pair_of_no_benefit_is_not_taken() -> None:
    first, second = np.array([0, 1, 1]), np.array([0, 0, 1])
    assert best_pairs(first, second, np.array([3.0, 4.0, 0.0])).tolist() == [1]
    assert best_pairs(first, second, np.array([3.0, 4.0, 2.0])).tolist() == [0, 2]


@pytest.mark.parametrize("place", range(0, len(STONE_SOUP["moments"]), 5))
def test_agrees_with_stone_soup(place: int) -> None:
    moment = STONE_SOUP["moments"][place]
    time_s = STONE_SOUP["first_s"] + place
    truth, tracks = scored_air.truth(), scored_air.tracks()
    there = (truth["t"] == time_s) & (truth["id"] != 9)
    said = (tracks["t"] == time_s) & (tracks["track_id"] != 9)
    true_m = np.column_stack([truth[name][there] for name in ("x", "y", "z")])
    stated_m = np.column_stack([tracks[name][said] for name in ("x", "y", "z")])
    found = gospa(true_m, stated_m, C)
    assert found.distance_m == pytest.approx(moment["gospa_m"], rel=1e-9)
    assert found.localisation == pytest.approx(moment["localisation"], rel=1e-9)
    assert (found.missed, found.false) == (moment["missed"], moment["false"])
    assert ospa(true_m, stated_m, C) == pytest.approx(moment["ospa_m"], rel=1e-9)
