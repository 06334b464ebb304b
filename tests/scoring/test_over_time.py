"""Names over time: switches, fragments, segments, changes of number, OSPA(2); on stories of a few moments."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.scoring.continuity import Continuity, delays_s, follow
from skykeep.scoring.match import Pairs
from skykeep.scoring.siap import fewest_changes, nearest, tally
from skykeep.scoring.window import ospa2

GATE_M = 60.0


def pairs(*rows: tuple[int, int, float]) -> Pairs:
    """Return pairs of (target, track, metres apart)."""
    target, track, distance_m = zip(*rows, strict=True) if rows else ((), (), ())
    return Pairs(
        np.array(target, dtype=np.int64), np.array(track, dtype=np.int64), np.array(distance_m, dtype=float)
    )


def alone(*tracks: int | None) -> Continuity:
    """Return what became of one target that is matched with these tracks, moment by moment."""
    near = [pairs() if track is None else pairs((0, track, 5.0)) for track in tracks]
    return follow([np.array([0])] * len(tracks), near, GATE_M, targets=1, tracks=3)


@pytest.mark.parametrize(
    ("tracks", "switches", "fragments", "longest"),
    [
        ((0, 0, 0, 0), 0, 0, 4),
        ((0, 0, 1, 1), 1, 0, 2),
        ((0, None, 0, 0), 0, 1, 3),
        ((0, None, 1, 1), 1, 0, 2),
        ((0, 1, 0, 0), 2, 0, 3),
        ((None, None, 2, 2), 0, 0, 2),
        ((None, None, None), 0, 0, 0),
    ],
)
def test_one_target(tracks: tuple[int | None, ...], switches: int, fragments: int, longest: int) -> None:
    found = alone(*tracks)
    assert (found.switches[0], found.fragments[0], found.longest[0]) == (switches, fragments, longest)


def test_who_was_matched_stays_so_though_another_comes_nearer() -> None:
    near = [pairs((0, 0, 5.0)), pairs((0, 0, 50.0), (0, 1, 1.0)), pairs((0, 0, 61.0), (0, 1, 1.0))]
    found = follow([np.array([0])] * 3, near, GATE_M, targets=1, tracks=2)
    assert [step.second.tolist() for step in found.matched] == [[0], [0], [1]]
    assert found.switches[0] == 1


def test_a_delay_counts_from_where_the_target_is_first_there() -> None:
    present = [np.array([0]), np.array([0, 1]), np.array([0, 1]), np.array([0, 1, 2])]
    near = [pairs(), pairs((0, 0, 1.0)), pairs((0, 0, 1.0)), pairs((0, 0, 1.0), (1, 1, 1.0))]
    found = follow(present, near, GATE_M, targets=4, tracks=2)
    # Target 3 was never there: it has no delay; target 2 was never found.
    assert delays_s(found, 0.5).tolist() == [0.5, 1.0, math.inf]


def test_a_track_belongs_to_the_nearest_target_and_a_target_may_have_two() -> None:
    near = pairs((0, 0, 9.0), (1, 0, 8.0), (1, 1, 20.0), (0, 2, 70.0))
    owned = nearest(near, GATE_M)
    assert list(zip(owned.first.tolist(), owned.second.tolist(), strict=True)) == [(1, 0), (1, 1)]


def test_siap_of_two_targets_in_three_moments() -> None:
    present = [np.array([0, 1])] * 3
    stated = [np.array([0, 1]), np.array([0, 1]), np.array([2])]
    owned = [pairs((0, 0, 1.0), (0, 1, 2.0)), pairs((0, 0, 1.0)), pairs((0, 2, 1.0))]
    found = tally(present, stated, owned, targets=2, tracks=3)
    assert found.time.tolist() == [3, 3]
    assert found.seen.tolist() == [3, 0]
    assert found.belonging.tolist() == [4, 0]
    assert found.longest.tolist() == [2, 0]
    assert found.changes.tolist() == [1, 0]
    assert found.track_time.tolist() == [2, 2, 1]
    assert found.track_spurious.tolist() == [0, 1, 0]


histories = st.lists(st.sets(st.integers(0, 3), min_size=1, max_size=3), min_size=1, max_size=7)


@given(histories)
def test_no_way_of_following_changes_the_number_less_often(history: list[set[int]]) -> None:
    # By dynamic programming: the fewest changes when the last number held is each of those there.
    fewest = dict.fromkeys(history[0], 0)
    for here in history[1:]:
        fewest = {
            number: min(cost + (number != before) for before, cost in fewest.items()) for number in here
        }
    moment = np.array([k for k, here in enumerate(history) for _ in here])
    track = np.array([number for here in history for number in sorted(here)])
    assert fewest_changes(moment, track) == min(fewest.values())


def windowed(near: list[Pairs], truths: list[list[int]], tracks: list[list[int]]) -> float:
    def numbers(sets: list[list[int]]) -> list[np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
        return [np.array(here, dtype=np.int64) for here in sets]

    return ospa2(near, numbers(truths), numbers(tracks), 50.0)


def test_ospa2_of_one_track_is_the_root_mean_square_of_its_distances() -> None:
    assert windowed([pairs((0, 0, 10.0)), pairs((0, 0, 20.0))], [[0]] * 2, [[0]] * 2) == pytest.approx(
        math.sqrt((100.0 + 400.0) / 2)
    )


def test_ospa2_of_a_track_that_comes_half_way_costs_the_cut_off_for_that_half() -> None:
    found = windowed([pairs(), pairs((0, 0, 0.0))], [[0]] * 2, [[], [0]])
    assert found == pytest.approx(math.sqrt(2_500.0 / 2))


def test_ospa2_of_a_perfect_picture_is_0_until_a_name_changes() -> None:
    perfect = [pairs((0, 0, 0.0))] * 4
    changed = [pairs((0, 0, 0.0))] * 2 + [pairs((0, 1, 0.0))] * 2
    assert windowed(perfect, [[0]] * 4, [[0]] * 4) == 0.0
    # Two tracks for one target: half of the window with the one, and one place empty.
    found = windowed(changed, [[0]] * 4, [[0], [0], [1], [1]])
    assert found == pytest.approx(math.sqrt((2_500.0 / 2 + 2_500.0) / 2))


def test_ospa2_of_nobody_and_nobody_is_0() -> None:
    assert windowed([pairs()] * 3, [[]] * 3, [[]] * 3) == 0.0
    assert windowed([pairs()] * 3, [[0]] * 3, [[]] * 3) == 50.0
