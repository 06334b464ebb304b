"""Speed by the way made good: exact on a line, unmoved by a wrong filter, quick to forget a corner."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judged_scenes import picture
from skykeep.assessment.pace import SUMS, Pace, advanced, made_good, pace_of
from skykeep.base.compile import FloatArray
from skykeep.domain.rules import ThreatRules
from skykeep.domain.track import Picture

RULES = ThreatRules()
DRONE = (1.0, 0.0, 0.0, 0.0, 0.0)


def flown(places_m: FloatArray, step_s: float = 0.5, rules: ThreatRules = RULES) -> FloatArray:
    """Return the sums of tracks that were at those places, (steps, n, 2)."""
    sums = np.zeros((places_m.shape[1], SUMS))
    for place_m in places_m:
        sums = advanced(sums, place_m - places_m[0], step_s, rules)
    return sums


def pace(
    scene: Picture, sums: FloatArray, seen_s: float = 60.0, groups: tuple[tuple[int, ...], ...] = ()
) -> Pace:
    n = len(scene)
    return pace_of(scene, sums, np.full(n, seen_s), np.array([DRONE] * n), groups, RULES)


@given(st.floats(-40.0, 40.0), st.floats(-40.0, 40.0), st.integers(3, 200))
def test_on_a_line_it_is_the_line(east_mps: float, north_mps: float, steps: int) -> None:
    time_s = 0.5 * np.arange(steps)[:, np.newaxis, np.newaxis]
    sums = flown(np.array([200.0, -900.0]) + time_s * np.array([[east_mps, north_mps]]))
    slope_mps, _ = made_good(sums, picture(0, [[0.0] * 6]))
    assert slope_mps[0] == pytest.approx((east_mps, north_mps), abs=1e-5)


def test_by_hand_three_places() -> None:
    """0, 10 and 30 m at 0, 1 and 2 s, all but equally weighed: 15 m/s by least squares."""
    places_m = np.array([[[0.0, 0.0]], [[10.0, 0.0]], [[30.0, 0.0]]])
    sums = np.zeros((1, SUMS))
    for place_m in places_m:
        sums = advanced(sums, place_m, 1.0, ThreatRules(steady_s=600.0, bent_m=1000.0))
    slope_mps, _ = made_good(sums, picture(0, [[0.0] * 6]))
    assert slope_mps[0] == pytest.approx((15.0, 0.0), abs=0.02)


def test_a_filter_that_is_too_slow_is_outweighed_in_time() -> None:
    """Places advance at 18 m/s while the filter says 10: after a minute it is the places that count."""
    time_s = 0.5 * np.arange(120)[:, np.newaxis, np.newaxis]
    places_m = np.array([0.0, 2000.0]) + time_s * np.array([[0.0, -18.0]])
    scene = picture(0, [[*places_m[-1, 0], 90.0, 0.0, -10.0, 0.0]])
    young, old = pace(scene, flown(places_m[:4])), pace(scene, flown(places_m))
    assert young.ground_mps[0] < 14.0
    assert old.ground_mps[0] == pytest.approx(18.0, abs=1.0)
    assert old.variance_m2ps2[0] < 0.25 * young.variance_m2ps2[0]


def test_a_corner_is_forgotten_sooner_than_a_straight() -> None:
    north = 18.0 * 0.5 * np.arange(80)[:, np.newaxis] * np.array([0.0, 1.0])
    east = north[-1] + 18.0 * 0.5 * np.arange(1, 41)[:, np.newaxis] * np.array([1.0, 0.0])
    places_m = np.concatenate((north, east))[:, np.newaxis, :]
    still = msgspec.structs.replace(RULES, bent_m=1000.0)
    (quick, _), (slow, _) = (
        made_good(flown(places_m, rules=rules), picture(0, [[0.0] * 6])) for rules in (RULES, still)
    )
    assert quick[0] == pytest.approx((18.0, 0.0), abs=4.0)
    assert abs(slow[0, 1]) > 1.5 * abs(quick[0, 1])


def test_a_group_shares_what_it_made_good() -> None:
    """Two that changed tracks: one seems to stand and one to race; together they fly as both do."""
    time_s = 0.5 * np.arange(40)[:, np.newaxis, np.newaxis]
    places_m = time_s * np.array([[0.0, -10.0], [0.0, -26.0]])
    scene = picture(0, [[0.0, 0.0, 90.0, 0.0, -18.0, 0.0], [50.0, 0.0, 90.0, 0.0, -18.0, 0.0]])
    sums = flown(places_m)
    alone, together = pace(scene, sums), pace(scene, sums, groups=((1, 2),))
    assert alone.ground_mps[1] - alone.ground_mps[0] > 8.0
    assert together.ground_mps == pytest.approx([18.0, 18.0], abs=0.5)


def test_who_is_new_and_slow_will_speed_up_and_who_is_long_known_will_not() -> None:
    scene = picture(0, [[0.0, 500.0, 20.0, 0.0, -4.0, 2.0]])
    sums = flown(0.5 * np.arange(40)[:, np.newaxis, np.newaxis] * np.array([[0.0, -4.0]]))
    assert pace(scene, sums, seen_s=5.0).speeds_up[0] > 0.5
    assert pace(scene, sums, seen_s=120.0).speeds_up[0] < 0.3
    fast = msgspec.structs.replace(scene, state=np.array([[0.0, 500.0, 20.0, 0.0, -25.0, 0.0]]))
    sums = flown(0.5 * np.arange(40)[:, np.newaxis, np.newaxis] * np.array([[0.0, -25.0]]))
    assert pace(fast, sums, seen_s=5.0).speeds_up[0] == 0.0
