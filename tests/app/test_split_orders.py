"""A number that was taken up again, told to be two: through the whole house, recorded, there after a kill."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np

from judged_scenes import RADAR, START_UTC_NS, at_ns, site
from skykeep.api import commands as c
from skykeep.api import messages as m
from skykeep.api.watch import WatchSource
from skykeep.app.replay import NoRecorder, Recording, verify_replay
from skykeep.domain.commands import Command, DecorrelateTrack, LiftOrder, Tick
from skykeep.domain.encoding import decode_json
from skykeep.domain.orders import StandingOrder
from skykeep.domain.place import Person
from skykeep.domain.record import EntryRole
from skykeep.domain.sensing import MeasurementKind, make_scan
from skykeep.domain.site import Site
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import PictureRecord, RunHeader
from skykeep.engine.pipeline import Listener, Pipeline
from skykeep.engine.ports import Recorder
from skykeep.store.log_database import LogDatabase
from skykeep.store.recorders import ResumingRecorder

HEADER = RunHeader(mode="LIVE", scenario="", seed=0, simulated=False, version="0", terrain_sha256="")
SENSOR = msgspec.structs.replace(RADAR, sigma=(8.0, 0.004, 0.005))
HIDDEN_S = range(30, 44)
TOLD_S, KILLED_S, LIFTED_S, END_S = 56, 60, 66, 70
NUMBER, LATER = 1, 2


def place() -> Site:
    person = Person(person_id="op", name="Anna Weber", role="operator")
    return msgspec.structs.replace(site(sensors=(SENSOR,)), people=(person,))


def inputs(from_s: int = 0, to_s: int = END_S) -> list[Input]:
    """One that flies east, is hidden for a while, and is found again where it must be."""
    records: list[Input] = []
    for second in range(from_s, to_s):
        east_m, north_m, up_m = np.array([1500.0 + 12.0 * second, 2000.0, 120.0]) - SENSOR.position_enu_m
        range_m = float(np.sqrt(east_m**2 + north_m**2 + up_m**2))
        seen = [[range_m, np.arctan2(east_m, north_m) % (2 * np.pi), np.arcsin(up_m / range_m)]]
        measured = np.array([] if second in HIDDEN_S else seen).reshape(-1, 3)
        scan = make_scan(
            sensor_id="radar",
            sequence=second,
            kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
            time_utc_ns=at_ns(second),
            received_utc_ns=at_ns(second + 0.1),
            measured=measured,
            sigma=np.tile((8.0, 0.004, 0.005), (len(measured), 1)),
        )
        records += [scan, Tick(time_utc_ns=at_ns(second + 0.5)), *orders_at(second)]
    return records


def orders_at(second: int) -> list[Input]:
    now = at_ns(second + 0.6)
    if second == TOLD_S:
        why = "Other lights"
        return [DecorrelateTrack(track_id=LATER, other_track_id=NUMBER, by="op", reason=why, time_utc_ns=now)]
    return [LiftOrder(order_id="order-0001", by="op", time_utc_ns=now)] if second == LIFTED_S else []


def run(recorder: Recorder, records: list[Input], *listeners: Listener) -> Pipeline:
    pipeline = Pipeline(HEADER, place(), None, recorder, None, listeners, start_utc_ns=START_UTC_NS)
    for record in records:
        pipeline.receive(record)
    return pipeline


def shown(pipeline: Pipeline) -> list[int]:
    assert pipeline.judgement is not None
    return [int(track_id) for track_id in pipeline.judgement.picture.track_id]


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
    def decide(command: Command) -> None:
        assert pipeline.receive(command) is None

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
    for record in inputs(to_s=TOLD_S):
        pipeline.receive(record)
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


CHILD = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
sys.path.insert(0, sys.argv[2] + "/app")
import test_split_orders as story
from skykeep.store.log_database import LogDatabase

log = LogDatabase.open(Path(sys.argv[1]))
story.run(log, story.inputs(to_s=story.KILLED_S))
log.flush()
os.write(1, b"written\\n")
signal.pause()
"""


def test_killed_and_started_again_the_two_are_still_two(tmp_path: Path) -> None:
    path = tmp_path / "night.db"
    here = str(Path(__file__).parent.parent)
    with subprocess.Popen([sys.executable, "-c", CHILD, str(path), here], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"written\n"
        child.send_signal(signal.SIGKILL)

    with LogDatabase.open(path) as log:
        pipeline = Recording(path).resumed(ResumingRecorder(log))
        assert pipeline.orders.in_force.split == ((NUMBER, LATER, "order-0001"),)
        assert shown(pipeline) == [LATER]
        for record in inputs(KILLED_S, END_S):
            pipeline.receive(record)
        assert shown(pipeline) == [NUMBER]
    assert verify_replay(path).identical

    with LogDatabase.open(tmp_path / "whole" / "night.db") as log:
        run(log, inputs())
        log.flush()
        whole = [entry.payload for entry in log.entries()]
    with LogDatabase.open(path) as log:
        assert [entry.payload for entry in log.entries()] == whole
