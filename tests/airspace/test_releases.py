"""May a new list replace the one in force: by hand, and the laws."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from made_register import release, square, zone, zone_list
from skykeep.airspace.releases import compare, digest_of, weigh
from skykeep.domain.register import ReleaseState
from skykeep.domain.zone import Restriction, Zone

TEN = tuple(zone(f"Z{number}") for number in range(10))


def test_the_first_list_comes_into_force() -> None:
    weighed = weigh(zone_list(*TEN), None)
    assert weighed.state is ReleaseState.IN_FORCE
    assert len(weighed.difference.came) == 10


def test_a_first_list_without_a_zone_waits() -> None:
    weighed = weigh(zone_list(), None)
    assert (weighed.state, weighed.because) == (ReleaseState.HELD, "It holds no zones at all.")


def test_two_of_ten_lost_is_let_through_and_three_are_not() -> None:
    in_force = release(zone_list(*TEN))
    assert weigh(zone_list(*TEN[2:]), in_force).state is ReleaseState.IN_FORCE
    weighed = weigh(zone_list(*TEN[3:]), in_force)
    assert weighed.state is ReleaseState.HELD
    assert weighed.because == "It loses 3 of 10 zones (30 %), more than 20 %."


def test_zones_that_come_do_not_make_up_for_those_that_go() -> None:
    came = tuple(zone(f"N{number}") for number in range(10))
    assert weigh(zone_list(*TEN[3:], *came), release(zone_list(*TEN))).state is ReleaseState.HELD


def test_a_zone_that_no_longer_restricts_counts_as_lost() -> None:
    freed = tuple(zone(f"Z{number}", Restriction.NO_RESTRICTION) for number in range(3))
    weighed = weigh(zone_list(*freed, *TEN[3:]), release(zone_list(*TEN)))
    assert weighed.state is ReleaseState.HELD
    assert weighed.difference.went == ()


def test_a_list_older_than_the_last_waits() -> None:
    in_force = release(zone_list(*TEN, issued_s=10 * 86_400))
    weighed = weigh(zone_list(*TEN[1:], issued_s=7 * 86_400), in_force)
    assert weighed.state is ReleaseState.HELD
    assert weighed.because == "It was issued 3 days before release 1, which is in force."
    assert weigh(zone_list(*TEN[1:], issued_s=10 * 86_400), in_force).state is ReleaseState.IN_FORCE
    # Whoever does not say when it was issued is not held for that.
    assert weigh(zone_list(*TEN[1:]), in_force).state is ReleaseState.IN_FORCE


def test_going_back_to_an_earlier_content_waits() -> None:
    first, second = zone_list(*TEN), zone_list(*TEN[1:])
    known = (release(first, 1, state=ReleaseState.PAST), release(second, 2))
    weighed = weigh(first, known[1], known)
    assert (weighed.state, weighed.because) == (
        ReleaseState.HELD,
        "It goes back to what release 1 said.",
    )


def test_the_same_zones_are_no_new_release_whenever_they_were_issued() -> None:
    in_force = release(zone_list(*TEN, issued_s=5))
    for issued_s in (1, 5, 9):
        weighed = weigh(zone_list(*TEN, issued_s=issued_s), in_force)
        assert (weighed.state, weighed.because) == (None, "Release 1, in force, says the same.")


def test_what_waits_already_does_not_wait_twice() -> None:
    held = release(zone_list(*TEN[5:]), 2, state=ReleaseState.HELD)
    weighed = weigh(zone_list(*TEN[5:]), release(zone_list(*TEN)), (held,))
    assert (weighed.state, weighed.because) == (None, "Release 2 says the same and waits.")


def test_a_change_is_named_field_by_field() -> None:
    moved = zone("Z1", name="port", outline=square(west=11.0))
    (changed,) = compare([zone("Z1")], [moved]).changed
    assert [(field.field, field.before[:10]) for field in changed.fields] == [
        ("name", '"harbour"'),
        ("volumes", '[{"outline'),
    ]
    assert changed.fields[0].after == '"port"'


def test_an_id_given_twice_is_two_zones() -> None:
    one, other = zone("Z", name="one"), zone("Z", name="other")
    assert compare([one, other], [other, one]).changed == ()
    assert compare([one, other], [other]).went == ("Z",)
    assert compare([other], [one, other]).came == ("Z",)


zones = st.lists(
    st.builds(
        zone,
        st.sampled_from(["A", "B", "C", "D"]),
        st.sampled_from(Restriction),
        st.sampled_from(["x", "y"]),
    ),
    max_size=8,
)


@given(zones, zones)
def test_nothing_is_lost_in_a_comparison(before: list[Zone], after: list[Zone]) -> None:
    difference = compare(before, after)
    assert len(after) - len(before) == len(difference.came) - len(difference.went)
    back = compare(after, before)
    assert (back.came, back.went) == (difference.went, difference.came)
    assert [change.zone_id for change in back.changed] == [change.zone_id for change in difference.changed]
    assert all(change.fields for change in difference.changed)


@given(zones, zones)
def test_two_lists_compare_as_equal_only_when_they_hold_the_same_zones(
    before: list[Zone], after: list[Zone]
) -> None:
    difference = compare(before, after)
    same = not (difference.came or difference.went or difference.changed)
    assert same == (sorted(map(repr, before)) == sorted(map(repr, after)))


@given(zones, zones)
def test_what_is_held_lost_more_than_a_fifth(before: list[Zone], after: list[Zone]) -> None:
    old, new = zone_list(*before), zone_list(*after)
    weighed = weigh(new, release(old))
    kept = [zone_id for zone_id in (z.zone_id for z in before) if zone_id in {z.zone_id for z in after}]
    if digest_of(old) == digest_of(new):
        assert weighed.state is None
    elif 5 * (len(before) - len(kept)) > len(before):
        assert weighed.state is ReleaseState.HELD
    elif weighed.state is ReleaseState.HELD:
        assert 5 * weighed.difference.lost > len(before)
