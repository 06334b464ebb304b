"""Groups that keep their number: by hand through split and merge, and laws of any coming and going."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skykeep.assessment.groups import GroupBook, Part
from skykeep.base.clock import NS_PER_S
from skykeep.domain.rules import ThreatRules

RULES = ThreatRules()


def look(
    book: GroupBook, second: float, places_m: dict[int, float], rate_mps: float = 15.0
) -> dict[int, Part]:
    """Let tracks fly north abreast, each so far east."""
    place_m = np.array([[east_m, 100.0 + rate_mps * second, 80.0] for east_m in places_m.values()]).reshape(
        -1, 3
    )
    rates_mps = np.tile([0.0, rate_mps, 0.0], (len(places_m), 1))
    return book.update(round(second * NS_PER_S), list(places_m), place_m, rates_mps, RULES)


def test_a_pair_in_formation_and_one_that_only_crosses() -> None:
    place_m = np.array([[0.0, 0.0, 80.0], [60.0, 0.0, 80.0], [30.0, 30.0, 80.0]])
    rates_mps = np.array([[0.0, 15.0, 0.0], [0.0, 14.0, 0.0], [15.0, 0.0, 0.0]])
    found = GroupBook().update(0, [1, 2, 3], place_m, rates_mps, RULES)
    assert {track: part.group_id for track, part in found.items()} == {1: "G-1", 2: "G-1"}


def test_the_larger_part_keeps_the_number_and_the_other_names_it() -> None:
    book = GroupBook()
    look(book, 0, {1: 0.0, 2: 50.0, 3: 100.0, 4: 150.0, 5: 200.0})
    found = look(book, 1, {1: 0.0, 2: 50.0, 3: 2100.0, 4: 2150.0, 5: 2200.0})
    assert found[3].group_id == "G-1"
    assert found[1].group_id == "G-2"
    assert found[1].split_from == "G-1"


def test_of_two_halves_the_one_with_the_oldest_track_keeps_the_number() -> None:
    book = GroupBook()
    look(book, 0, {1: 0.0, 2: 50.0, 3: 100.0, 4: 150.0})
    found = look(book, 1, {1: 0.0, 2: 50.0, 3: 2100.0, 4: 2150.0})
    assert (found[1].group_id, found[4].group_id, found[4].split_from) == ("G-1", "G-2", "G-1")


def test_the_older_number_stays_when_two_join_and_names_the_other() -> None:
    book = GroupBook()
    look(book, 0, {5: 0.0, 6: 50.0})
    look(book, 1, {5: 0.0, 6: 50.0, 1: 2000.0, 2: 2050.0, 3: 2100.0})
    found = look(book, 2, {5: 0.0, 6: 50.0, 1: 100.0, 2: 150.0, 3: 200.0})
    assert {part.group_id for part in found.values()} == {"G-1"}
    assert found[1].merged == ("G-2",)
    assert found[1].since_utc_ns == 0


def test_who_comes_together_again_soon_is_the_same_group_and_later_another() -> None:
    book = GroupBook()
    look(book, 0, {1: 0.0, 2: 50.0})
    assert look(book, 5, {1: 0.0, 2: 900.0}) == {}
    assert look(book, 10, {1: 0.0, 2: 50.0})[1].group_id == "G-1"
    look(book, 11, {1: 0.0, 2: 900.0})
    look(book, 40, {1: 0.0, 2: 900.0})
    assert look(book, 41, {1: 0.0, 2: 50.0})[1].group_id == "G-2"


def test_at_the_edge_a_member_stays_and_a_stranger_does_not_join() -> None:
    book = GroupBook()
    look(book, 0, {1: 0.0, 2: 200.0})
    assert look(book, 1, {1: 0.0, 2: 300.0})[2].group_id == "G-1"
    assert look(GroupBook(), 1, {1: 0.0, 2: 300.0}) == {}


@given(st.integers(0, 10_000))
def test_any_coming_and_going(seed: int) -> None:
    """Nobody is in two groups or alone in one, no number comes back, and nothing is kept for ever."""
    dice, book, gone = np.random.default_rng(seed), GroupBook(), set[str]()
    place_m = dice.uniform(0.0, 1500.0, (12, 3)) * [1.0, 1.0, 0.05]
    for second in range(30):
        place_m += dice.normal(0.0, 60.0, place_m.shape)
        flying = np.flatnonzero(dice.random(12) < 0.8)
        found = book.update(
            second * NS_PER_S, (flying + 1).tolist(), place_m[flying], np.zeros((len(flying), 3)), RULES
        )
        now = {part.group_id for part in book.parts}
        assert {part.group_id for part in found.values()} == now
        assert not now & gone
        members = [track for part in book.parts for track in part.track_ids]
        assert sorted(members) == sorted(found)
        assert all(len(part.track_ids) >= 2 for part in book.parts)
        gone |= {name for part in book.parts for name in part.merged}
    book.update(100 * NS_PER_S, [], np.zeros((0, 3)), np.zeros((0, 3)), RULES)
    assert book.parts == ()
    assert not book._last
    assert not book._part
