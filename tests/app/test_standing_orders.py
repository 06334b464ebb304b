"""People's orders about tracks, through the whole house: obeyed, recorded, and there again after a kill."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from judged_scenes import SERIAL, at_ns, claim
from ordered_watch import assert_as_if_unbroken, console, look, run, run_and_kill, shown
from skykeep.api import commands as c
from skykeep.app.replay import NoRecorder, Recording, verify_replay
from skykeep.app.watchers import NightMemory
from skykeep.base.errors import InputError
from skykeep.domain.commands import (
    CorrelateTrack,
    DecorrelateTrack,
    LiftOrder,
    RenameTrack,
    Tick,
    TrackCommand,
)
from skykeep.domain.encoding import decode_json
from skykeep.domain.orders import StandingOrder
from skykeep.domain.record import EntryRole
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import PictureRecord
from skykeep.engine.pipeline import Pipeline
from skykeep.store.log_database import LogDatabase
from skykeep.store.recorders import ResumingRecorder

LOST_S, KILLED_S, END_S = 24, 20, 40


def paths(second: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Two that fly apart from each other, in metres east, north and up; the first is seen until LOST_S."""
    first, second_one = [1500.0 + 12.0 * second, 2000.0, 120.0], [-1500.0, 2500.0 - 14.0 * second, 100.0]
    return np.array([first, second_one] if second < LOST_S else [second_one])


def sky(second: int) -> list[Input]:
    scan = look(second, paths(second))
    broadcast = claim(second, paths(second)[-1], (0.0, -14.0, 0.0), claimed_id=SERIAL)
    return [scan, broadcast, Tick(time_utc_ns=at_ns(second + 0.5))]


def orders_at(second: int) -> list[TrackCommand]:
    now = at_ns(second + 0.6)
    one, other = FIRST, SECOND
    return {
        12: [CorrelateTrack(track_id=other, other_track_id=one, by="op", reason="Both", time_utc_ns=now)],
        14: [RenameTrack(track_id=other, name="Grey one", by="op", time_utc_ns=now)],
        15: [DecorrelateTrack(track_id=one, other_track_id=other, by="op", reason="No", time_utc_ns=now)],
        16: [CorrelateTrack(track_id=one, claimed_id="NOT-HEARD", by="op", reason="Told", time_utc_ns=now)],
        34: [LiftOrder(order_id="order-0001", by="op", time_utc_ns=now)],
    }.get(second, [])  # type: ignore[return-value]


def inputs(from_s: int = 0, to_s: int = END_S) -> list[Input]:
    return [record for second in range(from_s, to_s) for record in (*sky(second), *orders_at(second))]


FIRST, SECOND = 1, 2


def test_an_order_holds_from_the_next_picture_until_it_is_lifted() -> None:
    pipeline = run(NoRecorder(), inputs(to_s=13))
    assert shown(pipeline) == [FIRST, SECOND]
    for record in inputs(13, 14):
        pipeline.receive(record)
    assert shown(pipeline) == [FIRST]
    for record in inputs(14, 34):
        pipeline.receive(record)
    # The one that the number was of has been gone for long; the other is shown under it.
    assert shown(pipeline) == [FIRST]
    assert pipeline.judgement is not None
    assert pipeline.judgement.picture.state[0, 4] == pytest.approx(-14.0, abs=2.0)
    for record in inputs(34, END_S):
        pipeline.receive(record)
    assert shown(pipeline) == [SECOND]


def test_a_contradiction_names_the_order_that_stands() -> None:
    memory = NightMemory()
    pipeline = run(NoRecorder(), inputs(to_s=16), memory)
    refused = [because for _, because in memory.commands if because]
    assert len(refused) == 1
    assert "order-0001 of Anna Weber" in refused[0]
    assert len(pipeline.orders.in_force.standing) == 2


def test_a_claim_that_is_told_is_the_tracks_whatever_the_machine_matched() -> None:
    pipeline = run(NoRecorder(), inputs(to_s=18))
    assert pipeline.judgement is not None
    (one,) = pipeline.judgement.identifications
    assert one.claimed_id == "NOT-HEARD"
    assert "It is NOT-HEARD, by order-0003 of Anna Weber." in one.evidence


def test_the_record_says_who_when_why_and_what_became_of_the_merged_track(tmp_path: Path) -> None:
    with LogDatabase.open(tmp_path / "night.db") as log:
        run(log, inputs())
        log.flush()
        entries = [(entry.kind, entry.payload) for entry in log.entries(role=EntryRole.OUTPUT)]
    orders = [decode_json(payload, StandingOrder) for kind, payload in entries if kind == "standing_order"]
    pictures = [decode_json(payload, PictureRecord) for kind, payload in entries if kind == "picture"]

    assert [order.order_id for order in orders] == ["order-0001", "order-0002", "order-0003", "order-0001"]
    assert (orders[0].by, orders[0].time_utc_ns, orders[0].reason) == ("op", at_ns(12.6), "Both")
    assert (orders[-1].lifted_by, orders[-1].lifted_utc_ns) == ("op", at_ns(34.6))
    merged = [picture.time_utc_ns for picture in pictures if picture.merged]
    assert (merged[0], merged[-1]) == (at_ns(13.5), at_ns(34.5))
    assert {picture.merged for picture in pictures} == {(), ((SECOND, FIRST, "order-0001"),)}
    assert b'{"track_id":2,"status":"merged","into":1,"by":"order-0001"}' in [p for _, p in entries]
    assert verify_replay(tmp_path / "night.db").identical


def look_on(pipeline: Pipeline) -> None:
    for record in sky(13):
        pipeline.receive(record)


def test_the_console_tells_lists_names_and_lifts() -> None:
    watch, pipeline = console(inputs(to_s=12))
    watch.command(c.Rename(track_id=FIRST, name="Grey one", by="op"))
    watch.command(c.Correlate(track_id=SECOND, other_track_id=FIRST, by="op", reason="Same lights"))
    look_on(pipeline)

    listed = watch.present().lists.orders
    assert [(order.id, order.kind, order.shown_track_id) for order in listed.orders] == [
        ("order-0001", "rename", FIRST),
        ("order-0002", "correlate", FIRST),
    ]
    assert listed.names == ((FIRST, "Grey one"),)
    shown_one, gone = watch.track_details(FIRST, None), watch.track_details(SECOND, None)
    assert shown_one is not None
    assert gone is not None
    assert shown_one.label == f"Grey one (T{FIRST})"
    assert f"Shown in it by a person's order: track {SECOND}." in shown_one.lines
    assert gone.lines == (f"Shown as track {FIRST}, by order-0002.",)
    said = [caption.text for caption in watch.present().captions]
    assert "Anna Weber, order-0002: Track 2 is the same object as track 1. Same lights" in said

    watch.command(c.Lift(order_id="order-0002", by="op"))
    look_on(pipeline)
    assert [order.id for order in watch.present().lists.orders.orders] == ["order-0001"]
    assert shown(pipeline) == [FIRST, SECOND]


REFUSED: dict[str, tuple[c.TrackOrder, tuple[str, ...]]] = {
    "unknown track": (c.Rename(track_id=77, name="n", by="op"), ("track_id", "track 77")),
    "contradiction": (
        c.Decorrelate(track_id=FIRST, other_track_id=SECOND, by="op", reason="r"),
        ("order-0001 of Anna Weber", "lifted"),
    ),
    "blank name": (c.Rename(track_id=FIRST, name=" ", by="op"), ("name", "empty")),
    "name too long": (c.Rename(track_id=FIRST, name="n" * 41, by="op"), ("name", "41 characters")),
    "no person": (c.Rename(track_id=FIRST, name="n", by=""), ("by", "''")),
    "neither": (c.Correlate(track_id=FIRST, by="op", reason="r"), ("claimed_id", "neither")),
    "both": (
        c.Correlate(track_id=FIRST, other_track_id=SECOND, claimed_id="X", by="op", reason="r"),
        ("claimed_id", "both"),
    ),
    "blank reason": (c.Correlate(track_id=FIRST, claimed_id="X", by="op", reason=" "), ("reason", "empty")),
    "no such order": (c.Lift(order_id="order-0009", by="op"), ("order_id", "order-0009")),
}


@pytest.mark.parametrize("story", REFUSED)
def test_the_console_is_told_what_is_wrong(story: str) -> None:
    watch, pipeline = console(inputs(to_s=12))
    watch.command(c.Correlate(track_id=SECOND, other_track_id=FIRST, by="op", reason="Same lights"))
    command, says = REFUSED[story]
    with pytest.raises(InputError) as error:
        watch.command(command)
    assert all(word in str(error.value) for word in says), str(error.value)
    assert len(pipeline.orders.in_force.standing) == 1


def test_killed_and_started_again_every_standing_order_holds(tmp_path: Path) -> None:
    path = tmp_path / "night.db"
    run_and_kill(path, Path(__file__))
    with LogDatabase.open(path) as log:
        pipeline = Recording(path).resumed(ResumingRecorder(log))
        force = pipeline.orders.in_force
        assert [order.order_id for order in force.standing] == ["order-0001", "order-0002", "order-0003"]
        assert shown(pipeline) == [FIRST]
        for record in inputs(KILLED_S, END_S):
            pipeline.receive(record)
        assert shown(pipeline) == [SECOND]
    assert verify_replay(path).identical
    assert_as_if_unbroken(path, inputs(), tmp_path / "whole" / "night.db")
