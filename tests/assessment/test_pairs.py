"""Tracks against assets: the kernels against the same in NumPy, and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.assessment.pair_kernels import (
    NEVER,
    Flights,
    Memory,
    Numbers,
    Rings,
    before_response,
    fill_choice,
    fill_likeliest,
    fill_stakes,
    look,
    pair_of,
    sooner,
)
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.rules import ThreatRules

RULES = ThreatRules()
NUMBERS = Numbers(*(getattr(RULES, name) for name in Numbers._fields))
LIMITS = (1.0, 150.0, 3 * NS_PER_S)
HOUSE = Rings(np.zeros((1, 2)), np.array([100.0]), np.array([1000.0]), np.array([0.5]))


def nothing_known(tracks: int, assets: int) -> Memory:
    size = (tracks, assets)
    return Memory(
        np.full(size, NEVER),
        np.full(size, NEVER),
        np.full(size, np.nan),
        np.zeros(size, dtype=np.bool_),
        np.zeros(size, dtype=np.int64),
    )


def seen_at(memory: Memory, second: int, north_m: float, north_mps: float) -> float:
    distance_m, origin = np.zeros((1, 1)), np.zeros((1, 2))
    place_m, velocity_mps = np.array([[0.0, north_m]]), np.array([[0.0, north_mps]])
    now_utc_ns = second * NS_PER_S
    look(now_utc_ns, place_m, velocity_mps, origin, np.array([2000.0]), LIMITS, memory, distance_m)
    return float(distance_m[0, 0])


def test_it_closes_since_it_began_and_a_gust_is_forgiven() -> None:
    memory = nothing_known(1, 1)
    assert seen_at(memory, 10, 500.0, -5.0) == 500.0
    seen_at(memory, 11, 495.0, -5.0)
    for second in (12, 13, 14):
        seen_at(memory, second, 495.0, 0.0)
        assert memory.since_utc_ns[0, 0] == 10 * NS_PER_S
    seen_at(memory, 15, 495.0, 0.0)
    assert memory.since_utc_ns[0, 0] == NEVER


def test_who_comes_and_goes_again_has_turned_back_once() -> None:
    memory = nothing_known(1, 1)
    for second, north_m in enumerate((1500.0, 1340.0, 1200.0, 1360.0, 1500.0)):
        seen_at(memory, second, north_m, 0.0)
    assert memory.turned_back[0, 0] == 1
    far = nothing_known(1, 1)
    for second, north_m in enumerate((3000.0, 2800.0, 2600.0, 2800.0, 3000.0)):
        seen_at(far, second, north_m, 0.0)
    assert far.turned_back[0, 0] == 0


def flying(north_m: float, north_mps: float, *, loiters: bool = False, turned_back: int = 0) -> Flights:
    """One track north of the house, which was closing before this look."""
    velocity_mps = np.array([[0.0, north_mps]])
    return Flights(
        np.array([[0.0, north_m]]),
        velocity_mps,
        velocity_mps,
        np.array([abs(north_mps)]),
        np.array([40.0]),
        np.array([0.8]),
        np.array([loiters]),
        np.array([[abs(north_m)]]),
        np.array([[0]]),
        np.array([[turned_back]]),
    )


def stakes(flights: Flights) -> tuple[float, float]:
    if_aimed, deep = np.zeros((1, 1)), np.zeros((1, 1))
    fill_stakes(np.array([0]), flights, HOUSE, NUMBERS, if_aimed, deep)
    return float(if_aimed[0, 0]), float(deep[0, 0])


def test_a_head_on_flight_has_way_over_speed_to_go() -> None:
    pair = pair_of(0, 0, flying(2100.0, -20.0), HOUSE, NUMBERS)
    assert (pair.closing_mps, pair.straight_s, pair.worst_s) == (20.0, 100.0, 50.0)
    assert math.isnan(pair_of(0, 0, flying(2100.0, 20.0), HOUSE, NUMBERS).straight_s)
    assert pair_of(0, 0, flying(90.0, 20.0), HOUSE, NUMBERS).straight_s == 0.0


def test_what_nears_from_outside_is_not_deep_and_what_watches_within_is() -> None:
    assert stakes(flying(2100.0, -20.0)) == (0.8 * sooner(100.0, RULES.response_s) * 0.5, 0.0)
    assert stakes(flying(550.0, 0.0))[1] == 0.5
    assert stakes(flying(900.0, 0.0, loiters=True))[1] == RULES.loiter_aims
    assert stakes(flying(1800.0, 0.0, loiters=True))[1] == 0.0
    assert stakes(flying(1800.0, 0.0, turned_back=1))[1] == RULES.probing_aims


def test_half_come_before_people_could_when_there_is_as_long_as_they_need() -> None:
    assert before_response(RULES.response_s, 1e9, False, False, NUMBERS) == 0.5
    assert before_response(math.nan, RULES.response_s, False, False, NUMBERS) == 0.0
    assert before_response(math.nan, RULES.response_s, True, False, NUMBERS) == RULES.might_turn / 2.0
    assert before_response(math.nan, RULES.response_s, False, True, NUMBERS) == RULES.watching_counts / 2.0


@given(st.integers(0, 2**32 - 1))
def test_many_are_weighed_as_numpy_weighs_them(seed: int) -> None:
    dice, tracks, assets = np.random.default_rng(seed), 20, 6
    rings = Rings(
        dice.uniform(-3000.0, 3000.0, (assets, 2)),
        np.full(assets, 150.0),
        dice.uniform(500.0, 2000.0, assets),
        dice.uniform(0.2, 1.0, assets),
    )
    place_m = dice.uniform(-3000.0, 3000.0, (tracks, 2))
    offset_m = place_m[:, np.newaxis] - rings.place_m
    distance_m = np.hypot(offset_m[..., 0], offset_m[..., 1])
    flights = Flights(
        place_m,
        dice.normal(0.0, 12.0, (tracks, 2)),
        dice.normal(0.0, 12.0, (tracks, 2)),
        dice.uniform(0.0, 20.0, tracks),
        dice.uniform(30.0, 70.0, tracks),
        dice.uniform(0.0, 1.0, tracks),
        dice.random(tracks) < 0.2,
        distance_m,
        np.where(dice.random((tracks, assets)) < 0.5, NEVER, 0),
        dice.integers(0, 2, (tracks, assets)),
    )
    lapsed = (flights.since_utc_ns == NEVER)[..., np.newaxis]
    velocity_mps = np.where(lapsed, flights.filter_mps[:, np.newaxis], flights.steady_mps[:, np.newaxis])
    closing_mps = -np.sum(offset_m * velocity_mps, axis=-1) / distance_m
    to_go_m = np.maximum(distance_m - 150.0, 0.0)
    worst_s = to_go_m / flights.fastest_mps[:, np.newaxis]
    straight_s = to_go_m / np.maximum(flights.ground_mps, 0.5)[:, np.newaxis]
    inside = distance_m <= rings.warning_m
    loiters, probes = flights.loiters[:, np.newaxis] & inside, flights.turned_back >= RULES.probes

    def early(time_s: FloatArray) -> FloatArray:
        return np.asarray(1.0 / (1.0 + (time_s / RULES.response_s) ** 2))

    turning = np.maximum(np.where(inside, RULES.might_turn, 0.0), np.where(loiters | probes, 0.8, 0.0))
    turning *= early(worst_s)
    comes = (closing_mps > RULES.closing_mps) | (to_go_m == 0.0)
    soon = np.where(comes, np.maximum(early(straight_s), turning), turning)
    depth = np.clip((rings.warning_m - distance_m) / (rings.warning_m - 150.0), 0.0, 1.0)
    aims = dice.dirichlet(np.ones(assets + 1), tracks)
    after = np.maximum(np.maximum(aims[:, :-1], depth), np.where(loiters | probes, 0.7, 0.0))
    priority = flights.without_leave[:, np.newaxis] * soon * rings.consequence * after

    rows, size = np.arange(tracks), (tracks, assets)
    if_aimed, deep, best = np.empty(size), np.empty(size), np.zeros(tracks, dtype=np.int64)
    at_best, most = np.empty((tracks, 8)), np.empty(tracks)
    fill_stakes(rows, flights, rings, NUMBERS, if_aimed, deep)
    fill_choice(rows, flights, rings, NUMBERS, (if_aimed, deep), aims, best, at_best, most)
    assert best.tolist() == priority.argmax(axis=1).tolist()
    at = (rows, best)
    assert if_aimed * np.maximum(aims[:, :-1], deep) == pytest.approx(priority, rel=1e-12)
    assert at_best[:, :4] == pytest.approx(
        np.stack((after[at], distance_m[at], closing_mps[at], worst_s[at]), axis=1), rel=1e-12
    )
    assert np.isnan(at_best[:, 4]).tolist() == (~comes[at]).tolist()
    assert np.all(most >= priority[at])


@given(st.lists(st.sampled_from((0.0, 0.1, 0.2, 0.3)), min_size=1, max_size=12), st.integers(1, 3))
def test_the_likeliest_is_told_first_and_of_two_the_first(row: list[float], rows: int) -> None:
    aims = np.array([row] * rows)
    which, chance = np.zeros(aims.size, dtype=np.int64), np.zeros(aims.size)
    ends = np.zeros(rows, dtype=np.int64)
    fill_likeliest(aims, 0.1, which, chance, ends)
    told = sorted((-p, j) for j, p in enumerate(row) if p >= 0.1)
    assert ends.tolist() == [len(told) * k for k in range(1, rows + 1)]
    assert which[: ends[-1]].tolist() == [j for _, j in told] * rows
    assert chance[: ends[-1]].tolist() == [-p for p, _ in told] * rows
