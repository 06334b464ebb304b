"""People's orders about tracks, through the whole house: obeyed, recorded, and there again after a kill."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pytest

from judged_scenes import RADAR, SERIAL, START_UTC_NS, at_ns, claim, site
from skykeep.api import commands as c
from skykeep.api import messages as m
from skykeep.api.watch import WatchSource
from skykeep.app.replay import NoRecorder, Recording, verify_replay
from skykeep.app.watchers import NightMemory
from skykeep.base.errors import InputError
from skykeep.domain.commands import (
    Command,
    CorrelateTrack,
    DecorrelateTrack,
    LiftOrder,
    RenameTrack,
    Tick,
    TrackCommand,
)
from skykeep.domain.encoding import decode_json
from skykeep.domain.orders import StandingOrder
from skykeep.domain.place import Person
from skykeep.domain.record import EntryRole
from skykeep.domain.sensing import MeasurementKind, make_scan
from skykeep.domain.site import Site
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import PictureRecord, RunHeader
from skykeep.engine.pipeline import Pipeline
from skykeep.engine.ports import Recorder
from skykeep.store.log_database import LogDatabase
from skykeep.store.recorders import ResumingRecorder

HEADER = RunHeader(mode="LIVE", scenario="", seed=0, simulated=False, version="0", terrain_sha256="")
SENSOR = msgspec.structs.replace(RADAR, sigma=(8.0, 0.004, 0.005))
LOST_S, KILLED_S, END_S = 24, 20, 40


def place() -> Site:
    person = Person(person_id="op", name="Anna Weber", role="operator")
    return msgspec.structs.replace(site(sensors=(SENSOR,)), people=(person,))


def paths(second: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Two that fly apart from each other, in metres east, north and up; the first is seen until LOST_S."""
    first, second_one = [1500.0 + 12.0 * second, 2000.0, 120.0], [-1500.0, 2500.0 - 14.0 * second, 100.0]
    return np.array([first, second_one] if second < LOST_S else [second_one])


def sky(second: int) -> list[Input]:
    at = paths(second) - np.array(SENSOR.position_enu_m)
    range_m = np.linalg.norm(at, axis=1)
    azimuth = np.arctan2(at[:, 0], at[:, 1]) % (2 * np.pi)
    scan = make_scan(
        sensor_id="radar",
        sequence=second,
        kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        time_utc_ns=at_ns(second),
        received_utc_ns=at_ns(second + 0.1),
        measured=np.stack((range_m, azimuth, np.arcsin(at[:, 2] / range_m)), axis=1),
        sigma=np.tile((8.0, 0.004, 0.005), (len(at), 1)),
    )
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


def run(recorder: Recorder, records: list[Input], memory: NightMemory | None = None) -> Pipeline:
    listeners = () if memory is None else (memory,)
    pipeline = Pipeline(HEADER, place(), None, recorder, None, listeners, start_utc_ns=START_UTC_NS)
    for record in records:
        pipeline.receive(record)
    return pipeline


def shown(pipeline: Pipeline) -> list[int]:
    assert pipeline.judgement is not None
    return [int(track_id) for track_id in pipeline.judgement.picture.track_id]


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


def console() -> tuple[WatchSource, Pipeline]:
    """A console over the first 13 s, whose decisions go to the pipeline at once."""

    def decide(command: Command) -> None:
        rejection = pipeline.receive(command)
        if rejection is not None:
            raise InputError(rejection.field, rejection.found, rejection.must)

    watch = WatchSource(
        site=place(),
        mode="LIVE",
        tiles=m.TilesView(url="", attribution=""),
        start_utc_ns=START_UTC_NS,
        end_utc_ns=None,
        decide=decide,
    )
    pipeline = Pipeline(HEADER, place(), None, NoRecorder(), None, (watch,), start_utc_ns=START_UTC_NS)
    watch.attach(pipeline)
    for record in inputs(to_s=12):
        pipeline.receive(record)
    return watch, pipeline


def look_on(pipeline: Pipeline) -> None:
    for record in sky(13):
        pipeline.receive(record)


def test_the_console_tells_lists_names_and_lifts() -> None:
    watch, pipeline = console()
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
    watch, pipeline = console()
    watch.command(c.Correlate(track_id=SECOND, other_track_id=FIRST, by="op", reason="Same lights"))
    command, says = REFUSED[story]
    with pytest.raises(InputError) as error:
        watch.command(command)
    assert all(word in str(error.value) for word in says), str(error.value)
    assert len(pipeline.orders.in_force.standing) == 1


CHILD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
sys.path.insert(0, sys.argv[2] + "/app")
import test_standing_orders as story
from skykeep.store.log_database import LogDatabase

log = LogDatabase.open(Path(sys.argv[1]))
story.run(log, story.inputs(to_s=story.KILLED_S))
log.flush()
os.write(1, b"written\\n")
signal.pause()
"""


def test_killed_and_started_again_every_standing_order_holds(tmp_path: Path) -> None:
    path = tmp_path / "night.db"
    here = str(Path(__file__).parent.parent)
    with subprocess.Popen([sys.executable, "-c", CHILD, str(path), here], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"written\n"
        child.send_signal(signal.SIGKILL)

    with LogDatabase.open(path) as log:
        pipeline = Recording(path).resumed(ResumingRecorder(log))
        force = pipeline.orders.in_force
        assert [order.order_id for order in force.standing] == ["order-0001", "order-0002", "order-0003"]
        assert shown(pipeline) == [FIRST]
        for record in inputs(KILLED_S, END_S):
            pipeline.receive(record)
        assert shown(pipeline) == [SECOND]
    assert verify_replay(path).identical

    with LogDatabase.open(tmp_path / "whole" / "night.db") as log:
        run(log, inputs())
        log.flush()
        whole = [entry.payload for entry in log.entries()]
    with LogDatabase.open(path) as log:
        assert [entry.payload for entry in log.entries()] == whole
