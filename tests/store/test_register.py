"""The register on SQLite and on PostgreSQL: what is put in comes out, all of it or nothing, in order."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from made_register import (
    S,
    permit,
    permit_step,
    release,
    restriction,
    restriction_step,
    square,
    zone,
    zone_list,
)
from skykeep.base.errors import InputError
from skykeep.domain.permit import Permit, PermitAction, PermitEvent, PermitState
from skykeep.domain.register import ChangeKind, RegisterWriter, ReleaseState
from skykeep.domain.restriction import RestrictionAction, RestrictionState
from skykeep.store.register import DatabaseRegister, open_register

WAIT_S = 30.0


def put(register: DatabaseRegister, made: Permit, event: PermitEvent) -> None:
    register.change(lambda writer: writer.put_permit(made, event))


def test_a_permit_comes_back_with_every_version_and_step(register: DatabaseRegister) -> None:
    asked = permit()
    granted = permit(state=PermitState.APPROVED, from_s=150, version=2)
    first = permit_step(asked)
    second = permit_step(granted, PermitState.DRAFT, PermitAction.APPROVE, time_s=2, by="clerk")
    put(register, asked, first)
    put(register, granted, second)

    read = register.read()
    assert read.permit("P1") == granted
    assert read.permit("P2") is None
    assert read.permit_events("P1") == (first, second)
    assert register.read().permit_versions("P1") == (asked, granted)
    assert [(c.sequence, c.kind, c.subject, c.time_utc_ns, c.by) for c in read.changes_after(0)] == [
        (1, ChangeKind.PERMIT, "P1", 1 * S, "flyer"),
        (2, ChangeKind.PERMIT, "P1", 2 * S, "clerk"),
    ]
    assert [c.sequence for c in read.changes_after(1)] == [2]
    assert [c.sequence for c in read.changes_after(0, most=1)] == [1]


def test_permits_are_found_by_state_owner_and_time(register: DatabaseRegister) -> None:
    def work(writer: RegisterWriter) -> None:
        for made in (
            permit("A", PermitState.APPROVED, 100, 200),
            permit("B", PermitState.APPROVED, 300, 400, owner="other"),
            permit("C", PermitState.DENIED, 100, 400),
        ):
            writer.put_permit(made, permit_step(made))

    register.change(work)
    read = register.read()

    def found(**asked: object) -> str:
        return "".join(p.permit_id for p in read.permits(**asked))  # type: ignore[arg-type]

    assert found() == "ABC"
    assert found(states=frozenset({PermitState.APPROVED})) == "AB"
    assert found(states=frozenset()) == ""
    assert found(owner="other") == "B"
    # Both ends count.
    assert found(from_utc_ns=200 * S, until_utc_ns=300 * S) == "ABC"
    assert found(from_utc_ns=200 * S + 1, until_utc_ns=300 * S - 1) == "C"
    assert found(from_utc_ns=401 * S) == ""


def test_a_draft_without_a_place_is_kept_and_has_no_time(register: DatabaseRegister) -> None:
    bare = msgspec.structs.replace(permit(), scope=msgspec.structs.replace(permit().scope, volumes=()))
    put(register, bare, permit_step(bare))
    assert register.read().permits() == (bare,)
    assert register.read().permits(from_utc_ns=0) == ()


def test_a_change_that_raises_leaves_nothing(register: DatabaseRegister) -> None:
    def work(writer: RegisterWriter) -> None:
        made = permit()
        writer.put_permit(made, permit_step(made))
        assert writer.permit("P1") == made
        raise KeyError("on the way")

    with pytest.raises(KeyError, match="on the way"):
        register.change(work)
    assert register.read().permit("P1") is None
    assert register.read().changes_after(0) == ()
    # And the next change starts where it stood.
    put(register, permit(), permit_step(permit()))
    assert [c.sequence for c in register.read().changes_after(0)] == [1]


def test_a_step_that_does_not_follow_is_a_mistake_of_ours(register: DatabaseRegister) -> None:
    put(register, permit(), permit_step(permit()))
    granted = permit(state=PermitState.APPROVED)
    for event in (
        permit_step(granted),
        permit_step(granted, PermitState.SUBMITTED),
        permit_step(permit("P2"), PermitState.DRAFT),
        permit_step(permit(), PermitState.DRAFT),
    ):
        with pytest.raises(ValueError, match="a permit's event"):
            put(register, granted, event)
    assert len(register.read().permit_events("P1")) == 1


def test_a_change_within_a_change_is_refused_and_not_waited_for(register: DatabaseRegister) -> None:
    with pytest.raises(ValueError, match="within a change"):
        register.change(lambda _: register.change(lambda _: None))
    register.change(lambda _: None)


def test_what_a_change_returns_is_handed_on(register: DatabaseRegister) -> None:
    assert register.change(lambda writer: len(writer.permits())) == 0


def test_zones_of_then_are_those_of_the_releases_and_restrictions_of_then(
    register: DatabaseRegister,
) -> None:
    first, second = zone_list(zone("A"), zone("B")), zone_list(zone("B"), zone("C"))
    other = zone_list(zone("X"))
    parade = restriction("R1")
    moved = zone("R1", outline=square(west=11.0))
    drafted = restriction("R1", RestrictionState.DRAFT, 2, drawn=moved, published=parade.zone)
    amended = restriction("R1", RestrictionState.PUBLISHED, 2, drawn=moved, published=moved)
    gone = restriction("R1", RestrictionState.CANCELLED, 2, drawn=moved)
    P = RestrictionState.PUBLISHED
    for step in (
        lambda writer: writer.put_release(release(first, 1, from_s=10)),
        lambda writer: writer.put_release(release(other, 1, from_s=15, source="harbour")),
        lambda writer: writer.put_restriction(parade, restriction_step(parade, time_s=20)),
        lambda writer: writer.put_restriction(
            drafted, restriction_step(drafted, P, RestrictionAction.AMEND, 25)
        ),
        lambda writer: writer.put_release(release(second, 2, from_s=30)),
        lambda writer: writer.put_restriction(
            amended, restriction_step(amended, RestrictionState.DRAFT, RestrictionAction.PUBLISH, 35)
        ),
        lambda writer: writer.put_restriction(gone, restriction_step(gone, P, RestrictionAction.CANCEL, 40)),
    ):
        register.change(step)

    def ids(time_s: float) -> str:
        return " ".join(z.zone_id for z in register.read().zones_at(int(time_s * S)))

    assert [ids(t) for t in (9, 10, 14.9, 15, 19, 20, 25, 29, 30, 39, 40, 1e6)] == [
        "",
        "A B",
        "A B",
        "X A B",
        "X A B",
        "X A B R1",
        "X A B R1",
        "X A B R1",
        "X B C R1",
        "X B C R1",
        "X B C",
        "X B C",
    ]
    # Until both had signed the amendment the zone stayed where it was.
    assert register.read().zones_at(34 * S)[-1] == parade.zone
    assert register.read().zones_at(35 * S)[-1] == moved
    assert register.read().restriction("R1") == gone
    assert len(register.read().restriction_events("R1")) == 4
    assert register.read().restriction_versions("R1") == (parade, drafted, amended, gone)
    assert register.read().restrictions(frozenset({P})) == ()
    assert register.read().restrictions() == (gone,)


def test_an_emergency_ring_lapses_by_itself(register: DatabaseRegister) -> None:
    ring = restriction("R1", lapses_s=100)
    register.change(lambda writer: writer.put_restriction(ring, restriction_step(ring, time_s=10)))
    assert [len(register.read().zones_at(t)) for t in (10 * S, 100 * S, 100 * S + 1)] == [1, 1, 0]

    # A second one signs: it lasts.
    signed = restriction("R1")
    event = restriction_step(signed, RestrictionState.PUBLISHED, RestrictionAction.SIGN, 50)
    register.change(lambda writer: writer.put_restriction(signed, event))
    assert [len(register.read().zones_at(t)) for t in (10 * S, 49 * S, 100 * S + 1)] == [1, 1, 1]


def test_releases_are_kept_with_their_lists(register: DatabaseRegister) -> None:
    first, second = zone_list(zone("A"), issued_s=5), zone_list(zone("B"), zone("C"))
    held = release(second, 2, from_s=20, state=ReleaseState.HELD)
    register.change(lambda writer: writer.put_release(release(first, 1, from_s=10)))
    register.change(lambda writer: writer.put_release(held))
    read = register.read()
    assert read.release("town") == release(first, 1, from_s=10)
    assert read.release("town", 2) == held
    assert read.release("town", 3) is None
    assert read.release("village") is None
    assert [z.zone_id for z in read.zones_at(30 * S)] == ["A"]

    register.change(lambda writer: writer.put_release(release(second, 2, from_s=30)))
    past, now = read.releases("town")
    assert (past.state, past.until_utc_ns) == (ReleaseState.PAST, 30 * S)
    assert now == release(second, 2, from_s=30)
    assert [r.listed.zones for r in register.read().releases("town", with_lists=False)] == [(), ()]
    assert [z.zone_id for z in read.zones_at(30 * S)] == ["B", "C"]


def test_a_release_cannot_come_into_force_before_the_one_in_force_did(register: DatabaseRegister) -> None:
    register.change(lambda writer: writer.put_release(release(zone_list(zone("A")), 1, from_s=10)))
    with pytest.raises(InputError, match="from_utc_ns: 9000000000, must be at or after"):
        register.change(lambda writer: writer.put_release(release(zone_list(zone("B")), 2, from_s=9)))
    assert [z.zone_id for z in register.read().zones_at(20 * S)] == ["A"]


def test_a_releases_list_never_changes(register: DatabaseRegister) -> None:
    register.change(lambda writer: writer.put_release(release(zone_list(zone("A")), 1)))
    with pytest.raises(ValueError, match="list has changed"):
        register.change(lambda writer: writer.put_release(release(zone_list(zone("B")), 1)))


def test_nothing_is_lost_when_it_is_closed_and_opened(register_url: str) -> None:
    with open_register(register_url) as register:
        put(register, permit(), permit_step(permit()))
    with open_register(register_url) as register:
        assert register.read().permit("P1") == permit()


def test_a_reader_does_not_wait_for_a_writer(register: DatabaseRegister) -> None:
    put(register, permit(), permit_step(permit()))

    def work(writer: RegisterWriter) -> tuple[int, int]:
        made = permit("P2")
        writer.put_permit(made, permit_step(made))
        with ThreadPoolExecutor(1) as pool:
            seen = pool.submit(lambda: len(register.read().permits())).result(WAIT_S)
        return seen, len(writer.permits())

    assert register.change(work) == (1, 2)
    assert len(register.read().permits()) == 2


def test_changes_are_seen_in_order_and_without_a_gap(register: DatabaseRegister) -> None:
    writers, each = 4, 15
    done = threading.Event()
    seen: list[int] = []

    def watch() -> None:
        last = False
        while not last:
            last = done.is_set()
            seen.extend(c.sequence for c in register.read().changes_after(seen[-1] if seen else 0))

    def write(name: int) -> None:
        for number in range(each):
            made = permit(f"{name}-{number}")
            put(register, made, permit_step(made))

    with ThreadPoolExecutor(writers + 1) as pool:
        watching = pool.submit(watch)
        try:
            for writing in [pool.submit(write, name) for name in range(writers)]:
                writing.result(WAIT_S)
        finally:
            done.set()
        watching.result(WAIT_S)
    assert seen == list(range(1, writers * each + 1))
