"""Closest approach: by hand, no other moment is closer, and the published cases."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from skykeep.base.compile import FloatArray
from skykeep.models.closest_approach import closest_approach, time_to_closest_approach_s

AUTHORITY = json.loads(
    (Path(__file__).parents[2] / "authorities" / "closest_approach.json").read_text(encoding="utf-8")
)


def both(offset_m: FloatArray, velocity_mps: FloatArray) -> tuple[float, float]:
    time_s, distance_m = closest_approach(offset_m, velocity_mps)
    return float(time_s), float(distance_m)


def test_head_on_pair_meets_after_five_seconds() -> None:
    offset_m, velocity_mps = np.array([100.0, 0.0, 0.0]), np.array([-20.0, 0.0, 0.0])
    assert time_to_closest_approach_s(offset_m, velocity_mps) == 5.0
    assert both(offset_m, velocity_mps) == (5.0, 0.0)


def test_what_moves_away_was_closest_before_and_is_closest_now() -> None:
    offset_m, velocity_mps = np.array([100.0, 0.0]), np.array([20.0, 0.0])
    assert time_to_closest_approach_s(offset_m, velocity_mps) == -5.0
    assert both(offset_m, velocity_mps) == (0.0, 100.0)


def test_a_pair_that_keeps_its_distance_has_no_closest_moment() -> None:
    still = np.zeros(2)
    assert np.isnan(time_to_closest_approach_s(np.array([30.0, 40.0]), still))
    assert both(np.array([30.0, 40.0]), still) == (0.0, 50.0)


def test_not_known_in_not_known_out() -> None:
    time_s, distance_m = closest_approach(
        np.array([[np.nan, 1.0], [3.0, 4.0]]), np.array([[1.0, 1.0], [1.0, 1.0]])
    )
    assert np.isnan(time_s[0])
    assert np.isnan(distance_m[0])
    assert distance_m[1] == 5.0


@pytest.mark.parametrize(("offset_m", "velocity_mps", "time_s", "distance_m"), AUTHORITY["cases"])
def test_published_cases(
    offset_m: list[float], velocity_mps: list[float], time_s: float, distance_m: float
) -> None:
    found_s, found_m = closest_approach(np.array(offset_m, dtype=float), np.array(velocity_mps, dtype=float))
    assert found_s == pytest.approx(time_s, abs=1e-9)
    assert found_m == pytest.approx(distance_m, abs=1e-9)


coordinates_m = st.floats(-1e4, 1e4)
rates_mps = st.floats(-100.0, 100.0)


@given(
    st.tuples(coordinates_m, coordinates_m, coordinates_m).map(np.array),
    st.tuples(rates_mps, rates_mps, rates_mps).map(np.array),
    st.floats(-1e4, 1e4),
)
def test_no_other_moment_is_closer(offset_m: FloatArray, velocity_mps: FloatArray, other_s: float) -> None:
    assume(np.linalg.norm(velocity_mps) >= 1e-3)
    time_s = time_to_closest_approach_s(offset_m, velocity_mps)
    least_m = np.linalg.norm(offset_m + time_s * velocity_mps)
    assert np.linalg.norm(offset_m + (time_s + other_s) * velocity_mps) >= least_m - 1e-9


@given(st.integers(0, 1000))
def test_many_at_once_are_as_one_by_one(seed: int) -> None:
    dice = np.random.default_rng(seed)
    offset_m, velocity_mps = dice.normal(0.0, 1e3, (5, 4, 2)), dice.normal(0.0, 10.0, (5, 1, 2))
    time_s, distance_m = closest_approach(offset_m, velocity_mps)
    one_s, one_m = closest_approach(offset_m[3, 2], velocity_mps[3, 0])
    assert time_s[3, 2] == one_s
    assert distance_m[3, 2] == one_m
