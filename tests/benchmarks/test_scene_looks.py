"""Looks as Stone Soup is given them: in order of measurement, none too early, in the frame of the scene."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stone_soup.scene_looks import Look, Scene, east_north_up_m, in_order

ORIGIN = {"lat_deg": 48.0, "lon_deg": 11.0, "h_m": 400.0}


def a_look(number: int, measured_s: float, arrived_s: float) -> Look:
    nothing = np.zeros((0, 4))
    return Look(
        batch_id=number,
        sensor_id=0,
        measured_s=measured_s,
        arrived_s=arrived_s,
        azimuth_from_rad=np.nan,
        azimuth_to_rad=np.nan,
        measured=nothing,
        sigma=nothing,
    )


def scene_of(times: list[tuple[float, float]], moments_s: list[float]) -> Scene:
    looks = [a_look(k, *pair) for k, pair in enumerate(sorted(times, key=lambda pair: pair[1]))]
    return Scene(sensors={}, looks=looks, moments_s=moments_s)


def test_a_look_overtaken_on_the_way_is_still_used_in_its_place() -> None:
    overtaken, overtaking = (0.1, 0.5), (0.3, 0.4)
    ((_, usable, late),) = in_order(scene_of([overtaken, overtaking], [1.0]), hold_s=0.4)

    assert [look.measured_s for look in usable] == [0.1, 0.3]
    assert late == []


def test_a_look_that_comes_after_a_later_one_was_used_is_too_late() -> None:
    first, second = in_order(scene_of([(0.3, 0.4), (0.1, 1.5)], [1.0, 2.0]), hold_s=0.4)

    assert [look.measured_s for look in first[1]] == [0.3]
    assert (second[1], [look.measured_s for look in second[2]]) == ([], [0.1])


def test_a_look_younger_than_what_is_held_waits_for_the_next_picture() -> None:
    first, second = in_order(scene_of([(0.8, 0.9)], [1.0, 2.0]), hold_s=0.4)

    assert (len(first[1]), len(second[1])) == (0, 1)


@given(
    st.lists(
        st.tuples(st.floats(0.0, 9.0), st.floats(0.0, 3.0)).map(lambda pair: (pair[0], sum(pair))),
        max_size=30,
    ),
    st.floats(0.0, 1.0),
)
def test_nothing_is_used_before_it_arrived_nor_out_of_order_nor_twice(
    times: list[tuple[float, float]], hold_s: float
) -> None:
    used: list[Look] = []
    late: list[Look] = []
    for moment_s, usable, too_late in in_order(scene_of(times, [float(k) for k in range(1, 15)]), hold_s):
        assert all(look.arrived_s <= moment_s for look in (*usable, *too_late))
        used += usable
        late += too_late

    assert [look.measured_s for look in used] == sorted(look.measured_s for look in used)
    assert sorted(look.batch_id for look in (*used, *late)) == list(range(len(times)))


def test_a_place_east_and_above_the_origin_is_east_and_above() -> None:
    at_origin, east, above = east_north_up_m(
        ORIGIN, np.array([[48.0, 11.0, 400.0], [48.0, 11.001, 400.0], [48.0, 11.0, 500.0]])
    )

    assert at_origin == pytest.approx([0.0, 0.0, 0.0], abs=1e-6)
    # A thousandth of a degree on the parallel of 48 degrees north is 74.6 m.
    assert east == pytest.approx([74.6, 0.0, 0.0], abs=0.05)
    assert above == pytest.approx([0.0, 0.0, 100.0], abs=1e-6)
