"""A watch by one radar that an operator gives orders to: run at once, at a console, or killed half way."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np

from judged_scenes import RADAR, START_UTC_NS, at_ns, site
from skykeep.api import messages as m
from skykeep.api.watch import WatchSource
from skykeep.app.replay import NoRecorder
from skykeep.base.compile import FloatArray
from skykeep.base.errors import InputError
from skykeep.domain.commands import Command
from skykeep.domain.place import Person
from skykeep.domain.sensing import MeasurementKind, Scan, make_scan
from skykeep.domain.site import Site
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import RunHeader
from skykeep.engine.pipeline import Listener, Pipeline
from skykeep.engine.ports import Recorder
from skykeep.store.log_database import LogDatabase

HEADER = RunHeader(mode="LIVE", scenario="", seed=0, simulated=False, version="0", terrain_sha256="")
SENSOR = msgspec.structs.replace(RADAR, sigma=(8.0, 0.004, 0.005))


def place() -> Site:
    person = Person(person_id="op", name="Anna Weber", role="operator")
    return msgspec.structs.replace(site(sensors=(SENSOR,)), people=(person,))


def look(second: int, places_enu_m: FloatArray) -> Scan:
    """Return what the radar sees, without noise, of things at (n, 3) places."""
    at = places_enu_m.reshape(-1, 3) - np.array(SENSOR.position_enu_m)
    range_m = np.linalg.norm(at, axis=1)
    azimuth = np.arctan2(at[:, 0], at[:, 1]) % (2 * np.pi)
    return make_scan(
        sensor_id="radar",
        sequence=second,
        kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        time_utc_ns=at_ns(second),
        received_utc_ns=at_ns(second + 0.1),
        measured=np.stack((range_m, azimuth, np.arcsin(at[:, 2] / range_m)), axis=1),
        sigma=np.tile((8.0, 0.004, 0.005), (len(at), 1)),
    )


def run(recorder: Recorder, records: list[Input], *listeners: Listener) -> Pipeline:
    pipeline = Pipeline(HEADER, place(), None, recorder, None, listeners, start_utc_ns=START_UTC_NS)
    for record in records:
        pipeline.receive(record)
    return pipeline


def shown(pipeline: Pipeline) -> list[int]:
    assert pipeline.judgement is not None
    return [int(track_id) for track_id in pipeline.judgement.picture.track_id]


def console(records: list[Input]) -> tuple[WatchSource, Pipeline]:
    """Return a console over `records`, whose decisions go to the pipeline at once."""

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
    for record in records:
        pipeline.receive(record)
    return watch, pipeline


CHILD = """
import importlib, os, signal, sys
from pathlib import Path
sys.path[:0] = sys.argv[2:4]
from ordered_watch import run
from skykeep.store.log_database import LogDatabase

story = importlib.import_module(sys.argv[4])
log = LogDatabase.open(Path(sys.argv[1]))
run(log, story.inputs(to_s=story.KILLED_S))
log.flush()
os.write(1, b"written\\n")
signal.pause()
"""


def run_and_kill(path: Path, story: Path) -> None:
    """Run the test module `story` until its KILLED_S in a process of its own, with its log at `path`, and
    kill that.
    """
    arguments = [str(path), str(Path(__file__).parent), str(story.parent), story.stem]
    with subprocess.Popen([sys.executable, "-c", CHILD, *arguments], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"written\n"
        child.send_signal(signal.SIGKILL)


def assert_as_if_unbroken(path: Path, records: list[Input], whole: Path) -> None:
    """Assert that the log at `path` is that of a watch over `records` that nothing broke, kept at `whole`."""
    with LogDatabase.open(whole) as log:
        run(log, records)
        log.flush()
        unbroken = [entry.payload for entry in log.entries()]
    with LogDatabase.open(path) as log:
        assert [entry.payload for entry in log.entries()] == unbroken
