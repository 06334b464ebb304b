"""A number that was taken up again, told to be two: through the whole house, recorded, there after a kill."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from judged_scenes import at_ns
from ordered_watch import assert_as_if_unbroken, console, look, run, run_and_kill, shown
from skykeep.api import commands as c
from skykeep.app.replay import NoRecorder, Recording, verify_replay
from skykeep.domain.commands import DecorrelateTrack, LiftOrder, Tick
from skykeep.domain.encoding import decode_json
from skykeep.domain.orders import StandingOrder
from skykeep.domain.record import EntryRole
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import PictureRecord
from skykeep.store.log_database import LogDatabase
from skykeep.store.recorders import ResumingRecorder

HIDDEN_S = range(30, 44)
TOLD_S, KILLED_S, LIFTED_S, END_S = 56, 60, 66, 70
NUMBER, LATER = 1, 2


def inputs(from_s: int = 0, to_s: int = END_S) -> list[Input]:
    """One that flies east, is hidden for a while, and is found again where it must be."""
    records: list[Input] = []
    for second in range(from_s, to_s):
        at_m = np.array([1500.0 + 12.0 * second, 2000.0, 120.0])
        scan = look(second, np.empty((0, 3)) if second in HIDDEN_S else at_m)
        records += [scan, Tick(time_utc_ns=at_ns(second + 0.5)), *orders_at(second)]
    return records


def orders_at(second: int) -> list[Input]:
    now = at_ns(second + 0.6)
    if second == TOLD_S:
        why = "Other lights"
        return [DecorrelateTrack(track_id=LATER, other_track_id=NUMBER, by="op", reason=why, time_utc_ns=now)]
    return [LiftOrder(order_id="order-0001", by="op", time_utc_ns=now)] if second == LIFTED_S else []


def test_the_later_part_has_its_own_name_from_the_next_picture_until_the_order_is_lifted() -> None:
    pipeline = run(NoRecorder(), inputs(to_s=TOLD_S + 1))
    assert shown(pipeline) == [NUMBER]
    for record in inputs(TOLD_S + 1, LIFTED_S + 1):
        pipeline.receive(record)
        assert shown(pipeline) == [LATER] or not isinstance(record, Tick)
    for record in inputs(LIFTED_S + 1, END_S):
        pipeline.receive(record)
    assert shown(pipeline) == [NUMBER]


def test_the_record_says_who_when_why_and_under_which_number(tmp_path: Path) -> None:
    with LogDatabase.open(tmp_path / "night.db") as log:
        run(log, inputs())
        log.flush()
        entries = [(entry.kind, entry.payload) for entry in log.entries(role=EntryRole.OUTPUT)]
    given, lifted = [decode_json(said, StandingOrder) for kind, said in entries if kind == "standing_order"]
    pictures = [decode_json(said, PictureRecord) for kind, said in entries if kind == "picture"]

    assert (given.by, given.time_utc_ns, given.reason) == ("op", at_ns(TOLD_S + 0.6), "Other lights")
    assert (lifted.lifted_by, lifted.lifted_utc_ns) == ("op", at_ns(LIFTED_S + 0.6))
    (taken_up,) = [picture.resumed for picture in pictures if picture.resumed]
    assert taken_up == ((NUMBER, 15_000_000_000, LATER),)
    split = [picture.time_utc_ns for picture in pictures if picture.split]
    assert (split[0], split[-1]) == (at_ns(TOLD_S + 1.5), at_ns(LIFTED_S + 0.5))
    assert {picture.split for picture in pictures} == {(), ((NUMBER, LATER, "order-0001"),)}
    said = [payload for kind, payload in entries if kind == "track"]
    assert b'{"track_id":1,"status":"renumbered","into":2,"by":"order-0001"}' in said
    assert b'{"track_id":2,"status":"renumbered","into":1,"by":"order-0001"}' in said
    assert verify_replay(tmp_path / "night.db").identical


def test_the_console_tells_the_number_to_split_by() -> None:
    watch, pipeline = console(inputs(to_s=TOLD_S))
    before = watch.track_details(NUMBER, None)
    assert before is not None
    assert "Seen again after 15 s; if that was another object, track 2 is not track 1." in before.lines

    watch.command(c.Decorrelate(track_id=LATER, other_track_id=NUMBER, by="op", reason="Other lights"))
    pipeline.receive(Tick(time_utc_ns=at_ns(TOLD_S)))
    gone, later = watch.track_details(NUMBER, None), watch.track_details(LATER, None)
    assert gone is not None
    assert later is not None
    assert gone.lines == ("What was shown as it is track 2, by order-0001.",)
    assert later.label == "Track 2"


def test_killed_and_started_again_the_two_are_still_two(tmp_path: Path) -> None:
    path = tmp_path / "night.db"
    run_and_kill(path, Path(__file__))
    with LogDatabase.open(path) as log:
        pipeline = Recording(path).resumed(ResumingRecorder(log))
        assert pipeline.orders.in_force.split == ((NUMBER, LATER, "order-0001"),)
        assert shown(pipeline) == [LATER]
        for record in inputs(KILLED_S, END_S):
            pipeline.receive(record)
        assert shown(pipeline) == [NUMBER]
    assert verify_replay(path).identical
    assert_as_if_unbroken(path, inputs(), tmp_path / "whole" / "night.db")
