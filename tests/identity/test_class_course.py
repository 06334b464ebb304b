"""How evenly a flight holds its course: by hand, its bounds, and what it must not count."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from judged_scenes import at_ns, picture
from skykeep.base.compile import FloatArray
from skykeep.domain.identity import TargetClass
from skykeep.identity.class_course import EVERY_S, LEAST_SAMPLES, CourseMemory, left_over_m

DRONE, BIRD = TargetClass.MULTIROTOR, TargetClass.BIRD


def fly(
    sway_m: float,
    seconds: int = 60,
    *,
    seen_until_s: float = np.inf,
    step_s: float = 1.0,
    sigma_m: float = 3.0,
) -> FloatArray:
    """Return the evidence at the end of a flight north at 14 m/s that sways across by so much in 25 s."""
    memory, found = CourseMemory(), np.zeros((1, 5))
    for k in range(round(seconds / step_s) + 1):
        now_s = k * step_s
        state = [sway_m * np.sin(2.0 * np.pi * now_s / 25.0), 14.0 * now_s, 80.0, 0.0, 14.0, 0.0]
        seen_utc_ns = np.array([at_ns(min(now_s, seen_until_s))])
        scene = picture(now_s, [state], sigma_m=sigma_m)
        scene = msgspec.structs.replace(scene, last_detected_utc_ns=seen_utc_ns)
        old = np.zeros(int(k > 0), dtype=np.int64)
        found = memory.update(scene, np.array([k > 0]), old)
    return np.asarray(found[0])


def test_even_and_straight_leaves_nothing_over() -> None:
    time_s = np.array([[0.0, 4.0, 8.0, 12.0]])
    place_m = np.stack((3.0 * time_s, 100.0 - 2.0 * time_s), axis=-1)
    left_m, span_s, count = left_over_m(place_m, time_s)
    assert (left_m[0], span_s[0], count[0]) == (pytest.approx(0.0, abs=1e-9), 12.0, 4)


def test_three_places_by_hand() -> None:
    """(0, 0), (10, 3), (20, 0) at even times: the line is north = 1, off by -1, 2 and -1, so root of 6/3."""
    place_m = np.array([[[0.0, 0.0], [10.0, 3.0], [20.0, 0.0]]])
    left_m, _, _ = left_over_m(place_m, np.array([[0.0, 1.0, 2.0]]))
    assert left_m[0] == pytest.approx(np.sqrt(2.0))


def test_a_change_of_speed_on_a_straight_line_counts_too() -> None:
    place_m = np.array([[[0.0, 0.0], [0.0, 10.0], [0.0, 40.0]]])
    left_m, _, _ = left_over_m(place_m, np.array([[0.0, 1.0, 2.0]]))
    # Fit: 20 a second from -10/3; off by 10/3, -20/3 and 10/3.
    assert left_m[0] == pytest.approx(np.sqrt((100.0 + 400.0 + 100.0) / 9.0 / 3.0))


def test_who_holds_a_line_is_rather_a_drone_and_who_winds_rather_a_bird() -> None:
    straight, winding = fly(0.0), fly(35.0)
    assert 0.7 < straight[DRONE] - straight[BIRD] < np.log(4.5)
    assert winding[BIRD] > winding[DRONE]


def test_the_straightest_line_is_worth_four_to_one_however_long() -> None:
    assert fly(0.0, seconds=300) == pytest.approx(fly(0.0, seconds=60), abs=1e-9)


def test_a_short_look_says_nothing() -> None:
    assert fly(0.0, seconds=round((LEAST_SAMPLES - 2) * EVERY_S)) == pytest.approx(np.zeros(5))


def test_a_track_that_coasts_earns_nothing_by_being_drawn_straight() -> None:
    assert fly(0.0, seconds=60, seen_until_s=8.0) == pytest.approx(np.zeros(5))


def test_looking_more_often_is_no_more_evidence() -> None:
    assert fly(20.0, step_s=0.5) == pytest.approx(fly(20.0, step_s=1.0), abs=1e-9)


def test_what_is_badly_measured_says_little() -> None:
    sharp, blurred = fly(0.0), fly(0.0, sigma_m=150.0)
    assert abs(blurred[DRONE] - blurred[BIRD]) < 0.5 * (sharp[DRONE] - sharp[BIRD])
