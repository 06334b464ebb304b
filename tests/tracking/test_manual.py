"""A person's word on tracks: one object is one row, two stay two, and a contradiction names the order."""

from __future__ import annotations

from itertools import islice

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judged_scenes import START_UTC_NS, picture
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError
from skykeep.domain.commands import CorrelateTrack, DecorrelateTrack, LiftOrder, RenameTrack, TrackCommand
from skykeep.domain.place import Person
from skykeep.domain.track import Picture, TrackStatus
from skykeep.tracking import OrderBook

PEOPLE = (
    Person(person_id="op", name="Anna Weber", role="operator"),
    Person(person_id="chief", name="Karim Haddad", role="commander"),
)
STATES = [[100.0 * k, 0.0, 80.0, 10.0, 0.0, 0.0] for k in range(1, 6)]


def scene(seconds: float = 0.0, ids: tuple[int, ...] = (1, 2, 3, 4, 5), **columns: object) -> Picture:
    whole = picture(seconds, [STATES[i - 1] for i in ids], track_ids=ids)
    changed = {name: np.array(values) for name, values in columns.items()}
    return msgspec.structs.replace(whole, **changed)


def book() -> OrderBook:
    fresh = OrderBook(PEOPLE)
    fresh.apply(scene())
    return fresh


def same(track_id: int, other: int | None = None, claimed_id: str = "", by: str = "op") -> CorrelateTrack:
    return CorrelateTrack(
        track_id=track_id, other_track_id=other, claimed_id=claimed_id, by=by, reason="seen", time_utc_ns=1
    )


def apart(track_id: int, other: int | None = None, claimed_id: str = "") -> DecorrelateTrack:
    return DecorrelateTrack(
        track_id=track_id, other_track_id=other, claimed_id=claimed_id, by="op", reason="seen", time_utc_ns=2
    )


def named(track_id: int, name: str) -> RenameTrack:
    return RenameTrack(track_id=track_id, name=name, by="op", time_utc_ns=3)


def lift(number: int) -> LiftOrder:
    return LiftOrder(order_id=f"order-{number:04d}", by="chief", time_utc_ns=4)


def test_two_tracks_told_to_be_one_are_one_row_under_the_chosen_number() -> None:
    orders = book()
    (order,) = orders.command(same(2, 1))
    shown = orders.apply(scene(hits=[10, 30, 5, 5, 5]))

    assert order.says == "Track 2 is the same object as track 1."
    assert shown.track_id.tolist() == [1, 3, 4, 5]
    # Track 2 had more detections: its state is the one that is kept.
    assert shown.state[0, 0] == 200.0
    assert orders.in_force.merged == ((2, 1, "order-0001"),)


def test_a_filter_that_sees_goes_before_one_that_coasts() -> None:
    orders = book()
    orders.command(same(2, 1))
    status = [TrackStatus.CONFIRMED, TrackStatus.COASTING, 1, 1, 1]
    assert orders.apply(scene(hits=[10, 30, 5, 5, 5], status=status)).state[0, 0] == 100.0


def test_the_chosen_number_goes_on_when_its_own_track_has_ended() -> None:
    orders = book()
    orders.command(same(2, 1))
    status = [TrackStatus.ENDED, TrackStatus.CONFIRMED, 1, 1, 1]
    born = [START_UTC_NS, START_UTC_NS + 9 * NS_PER_S] + [START_UTC_NS] * 3
    ending = orders.apply(scene(1.0, status=status, born_utc_ns=born))
    after = orders.apply(scene(2.0, (2, 3), born_utc_ns=born[1:3]))

    assert ending.track_id.tolist() == [1, 3, 4, 5]
    assert ending.status[0] == TrackStatus.CONFIRMED
    assert after.track_id.tolist() == [1, 3]
    assert after.state[0, 0] == 200.0
    assert after.born_utc_ns[0] == START_UTC_NS


def test_an_object_ends_once_when_the_last_of_its_tracks_ends() -> None:
    orders = book()
    orders.command(same(2, 1))
    shown = orders.apply(scene(1.0, (2, 3), status=[TrackStatus.ENDED, TrackStatus.CONFIRMED]))
    assert list(zip(shown.track_id.tolist(), shown.status.tolist(), strict=True)) == [(1, 3), (3, 1)]


def test_an_echo_that_both_shared_is_the_objects_with_the_sum_of_their_shares() -> None:
    orders = book()
    orders.command(same(2, 1))
    shown = orders.apply(
        scene(
            support_track_id=[1, 2, 2, 3],
            support_sensor=[0, 0, 0, 0],
            support_sequence=[7, 7, 8, 7],
            support_row=[0, 0, 0, 0],
            support_weight=[0.3, 0.6, 1.0, 0.1],
        )
    )
    assert shown.support_track_id.tolist() == [1, 1, 3]
    assert shown.support_sequence.tolist() == [7, 8, 7]
    assert shown.support_weight.tolist() == pytest.approx([0.9, 1.0, 0.1])


def test_a_lifted_order_gives_the_machines_own_view_back() -> None:
    orders = book()
    orders.command(same(2, 1))
    (lifted,) = orders.command(lift(1))
    plain = scene(1.0)

    assert lifted.lifted_by == "chief"
    assert orders.apply(plain) is plain
    assert orders.in_force.standing == ()
    assert [order.order_id for order in orders.orders] == ["order-0001"]


def test_a_chain_is_one_object_under_the_last_number() -> None:
    orders = book()
    orders.command(same(3, 2))
    orders.command(same(2, 1))
    assert orders.apply(scene()).track_id.tolist() == [1, 4, 5]
    assert [row[:2] for row in orders.in_force.merged] == [(2, 1), (3, 1)]


def test_a_name_is_the_objects_and_a_new_one_takes_its_place() -> None:
    orders = book()
    orders.command(named(2, "  Grey   one "))
    orders.command(same(2, 1))
    assert orders.in_force.names == ((1, "Grey one"),)

    old, new = orders.command(named(2, "Police drone"))
    assert (old.lifted_by, new.name) == ("op", "Police drone")
    assert orders.in_force.names == ((1, "Police drone"),)


def test_tracks_told_to_be_two_may_not_be_joined() -> None:
    orders = book()
    orders.command(apart(4, 3))
    assert not orders.in_force.may_join(3, 4)
    assert not orders.in_force.may_join(4, 3)
    assert orders.in_force.may_join(3, 5)


def found_again(*taken_up: tuple[int, int], seconds: float = 1.0) -> Picture:
    """Return the picture in which each (number, own number) was taken up after 15 s."""
    numbers, own = zip(*taken_up, strict=True)
    gap_ns = [15 * NS_PER_S] * len(own)
    return scene(seconds, resumed_track_id=numbers, resumed_own_id=own, resumed_gap_ns=gap_ns)


def split_book() -> OrderBook:
    """Track 1 was found again: its later part had the number 7 for itself."""
    orders = book()
    orders.apply(found_again((1, 7)))
    return orders


def test_a_number_taken_up_again_is_told_to_be_two_until_that_is_lifted() -> None:
    orders = split_book()
    (order,) = orders.command(apart(7, 1))
    shown = orders.apply(scene(2.0, support_track_id=[1, 3], support_weight=[0.9, 0.8]))

    assert order.says == "Track 7 (taken for track 1 after 15 s unseen) is not the same object as track 1."
    assert shown.track_id.tolist() == [2, 3, 4, 5, 7]
    assert shown.state[:, 0].tolist() == [200.0, 300.0, 400.0, 500.0, 100.0]
    assert shown.support_track_id.tolist() == [7, 3]
    told = orders.in_force
    assert told.split == told.renumbered == ((1, 7, "order-0001"),)
    assert not told.may_join(1, 7)

    orders.command(lift(1))
    plain = scene(3.0)
    assert orders.apply(plain) is plain
    # Who followed it as 7 is told where it went.
    assert (orders.in_force.split, orders.in_force.renumbered) == ((), ((7, 1, "order-0001"),))


def test_the_later_part_was_born_when_it_was_found_again() -> None:
    orders = split_book()
    orders.command(apart(7, 1))
    orders.command(same(7, 3))
    born = [START_UTC_NS + k * NS_PER_S for k in (40, 50, 60, 70, 80)]
    shown = orders.apply(scene(2.0, born_utc_ns=born, hits=[30, 9, 9, 9, 9]))
    assert shown.track_id.tolist() == [2, 3, 4, 5]
    # It is the row of the later part, under the number chosen for it; track 1 of before has no say in it.
    assert shown.state[1, 0] == 100.0
    assert orders.in_force.renumbered == ((1, 3, "order-0001"),)
    assert orders.apply(
        scene(3.0, (1, 2), born_utc_ns=[START_UTC_NS + 40 * NS_PER_S] * 2)
    ).track_id.tolist() == [2, 3]


def test_what_goes_on_from_the_later_part_goes_on_under_its_number() -> None:
    orders = split_book()
    orders.command(apart(7, 1))
    again = orders.apply(found_again((1, 9), seconds=30.0))
    assert again.track_id.tolist() == [2, 3, 4, 5, 7]
    assert again.resumed_track_id.tolist() == [7]

    # And when that is another one too, it goes by its own; with the first order lifted 7 is 1, and 9 is 9.
    orders.command(apart(9, 7))
    assert orders.apply(scene(31.0)).track_id.tolist() == [2, 3, 4, 5, 9]
    assert orders.in_force.renumbered == ((1, 9, "order-0002"), (7, 9, "order-0002"))
    orders.command(lift(1))
    assert orders.apply(scene(32.0)).track_id.tolist() == [2, 3, 4, 5, 9]
    assert orders.in_force.apart == ((1, 9),)


def test_what_returns_may_be_told_to_be_the_earlier_part() -> None:
    orders = split_book()
    orders.command(apart(7, 1))
    orders.command(same(5, 1))
    assert orders.apply(scene(2.0)).track_id.tolist() == [1, 2, 3, 4, 7]


def test_what_follows_from_orders_parts_a_number_too() -> None:
    orders = split_book()
    orders.command(same(5, 7))
    assert orders.apply(scene(2.0)).track_id.tolist() == [1, 2, 3, 4]
    # Track 5 is the later part, and it is not track 1.
    orders.command(apart(5, 1))
    assert orders.apply(scene(3.0)).track_id.tolist() == [2, 3, 4, 7]
    assert orders.in_force.split == ((1, 7, "order-0002"),)


def test_a_resumption_that_a_person_confirmed_stands_against_its_denial() -> None:
    orders = split_book()
    orders.command(same(7, 1))
    plain = scene(2.0)
    assert orders.apply(plain).track_id.tolist() == plain.track_id.tolist()
    with pytest.raises(InputError, match="order-0001 of Anna Weber"):
        orders.command(apart(7, 1))


REFUSALS: dict[str, tuple[tuple[TrackCommand, ...], TrackCommand, tuple[str, ...]]] = {
    "no such track": ((), same(99, 1), ("track_id", "track 99", "was in the picture")),
    "no such other": ((), same(1, 99), ("other_track_id", "track 99")),
    "itself": ((), same(1, 1), ("track 1 itself", "another track")),
    "no person": ((), same(2, 1, by="ghost"), ("by", "'ghost'", "person on duty")),
    "empty person": ((), same(2, 1, by=""), ("by", "''", "person on duty")),
    "apart stands": (
        (apart(1, 2),),
        same(2, 1),
        ("order-0001 of Anna Weber", "not the same object", "lifted"),
    ),
    "one stands": ((same(2, 1),), apart(1, 2), ("order-0001 of Anna Weber", "lifted")),
    "one by a chain": ((same(2, 1), same(3, 2)), apart(1, 3), ("order-0002", "lifted")),
    "a chain that closes": ((same(2, 1), apart(3, 1)), same(3, 2), ("order-0002", "lifted")),
    "said already": ((same(2, 1),), same(1, 2), ("order-0001", "already")),
    "apart already": ((apart(1, 2),), apart(2, 1), ("order-0001", "already")),
    "claim of another": ((same(1, claimed_id="X1"),), same(2, claimed_id="X1"), ("order-0001", "X1")),
    "claim denied": ((apart(1, claimed_id="X1"),), same(1, claimed_id="X1"), ("order-0001", "X1")),
    "claim by a chain": ((same(2, 1), same(2, claimed_id="X1")), apart(1, claimed_id="X1"), ("order-0002",)),
    "two owners in one": ((same(1, claimed_id="X"), apart(2, claimed_id="X")), same(2, 1), ("order-0002",)),
    "empty name": ((), named(1, "  "), ("name", "empty", "1 to 40")),
    "long name": ((), named(1, "x" * 41), ("name", "41 characters", "1 to 40")),
    "unprintable name": ((), named(1, "a\u202eb"), ("name", "printable")),
    "name taken": ((named(1, "Grey"),), named(2, "grey"), ("track 1 by order-0001",)),
    "lift what is not": ((), lift(7), ("order_id", "'order-0007'", "a standing order")),
    "lift twice": ((same(2, 1), lift(1)), lift(1), ("order-0001, which Karim Haddad lifted",)),
}


@pytest.mark.parametrize("story", REFUSALS)
def test_what_cannot_hold_is_refused_in_words(story: str) -> None:
    before, refused, says = REFUSALS[story]
    orders = book()
    for command in before:
        orders.command(command)
    standing = orders.in_force
    with pytest.raises(InputError) as error:
        orders.command(refused)
    for word in says:
        assert word in str(error.value)
    assert orders.in_force == standing


# Tracks 1, 2 and 3 were found again, 1 three times; what they were for themselves is 11 to 15.
TAKEN_UP = ((1, 11), (2, 12), (1, 13), (3, 14), (1, 15))
tracks = st.sampled_from((*range(1, 6), *range(11, 16)))
labels = st.sampled_from(("X1", "X2"))
commands = st.one_of(
    st.builds(same, tracks, tracks),
    st.builds(apart, tracks, tracks),
    st.builds(lambda t, c: same(t, claimed_id=c), tracks, labels),
    st.builds(lambda t, c: apart(t, claimed_id=c), tracks, labels),
    st.builds(named, tracks, st.sampled_from(("Grey", "Red"))),
    st.builds(lift, st.integers(1, 8)),
)


@given(st.lists(st.one_of(commands, st.just("found again")), max_size=16))
def test_whatever_is_ordered_stands_in_the_picture_without_contradiction(
    happened: list[TrackCommand | str],
) -> None:
    orders = played(happened)
    force = orders.in_force
    shown = orders.apply(scene())

    apart_now = {number: later for number, later, _ in force.split}
    shown_as = {track_id: shown for track_id, shown, _ in force.merged}
    named = [apart_now.get(k, k) for k in range(1, 6)]
    assert shown.track_id.tolist() == sorted({shown_as.get(k, k) for k in named})
    # Two that are told to be two have two numbers, whatever the tracker took for one.
    assert all(one not in shown_as and other not in shown_as and one < other for one, other in force.apart)
    owned = [(c.track_id, c.claimed_id) for c in force.claims if c.is_its]
    denied = [(c.track_id, c.claimed_id) for c in force.claims if not c.is_its]
    assert not set(owned) & set(denied)
    assert len({label for _, label in owned}) == len(set(owned))
    # And the same orders again give the same; all lifted, the machine's view.
    assert played(happened).in_force == force
    for order in force.standing:
        orders.command(LiftOrder(order_id=order.order_id, by="chief", time_utc_ns=5))
    plain = scene()
    assert orders.apply(plain) is plain


def played(happened: list[TrackCommand | str]) -> OrderBook:
    orders, taken_up = book(), iter(TAKEN_UP)
    for one in happened:
        if isinstance(one, str):
            for next_one in islice(taken_up, 1):
                orders.apply(found_again(next_one))
            continue
        try:
            orders.command(one)
        except InputError:
            continue
    return orders
