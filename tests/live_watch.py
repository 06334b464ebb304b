"""What tests of the live watch share: a site, a watch that runs, a drone that flies, patience that ends."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from skykeep.app.bare_site import bare_site
from skykeep.app.bridge import Bridge, Sink
from skykeep.app.feed_runner import FeedPlan
from skykeep.app.live import LiveWatch, open_pipeline
from skykeep.app.watchers import Quiet
from skykeep.domain.feed import SourceEvent, SourceState
from skykeep.domain.place import Person
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import Judgement
from skykeep.feeds.system_clock import SystemClock
from skykeep.feeds.udp import UdpFeed
from skykeep.geo.frames import LocalFrame
from skykeep.store.log_database import LogDatabase

ORIGIN = LocalFrame(latitude_deg=10.0, longitude_deg=20.0, height_hae_m=0.0)
PATIENCE_S = 30.0


def a_sensor(sensor_id: str) -> Sensor:
    return Sensor(
        sensor_id=sensor_id,
        name=sensor_id,
        kind=SensorKind.RADAR,
        measures=MeasurementKind.POSITION,
        position_enu_m=(0.0, 0.0, 0.0),
        coverage_range_m=5_000.0,
        sigma=(5.0, 5.0, 5.0),
        period_s=0.1,
        clutter_per_scan=0.01,
    )


class Watching(Quiet):
    """Keeps what a live watch said."""

    def __init__(self) -> None:
        self.events: list[SourceEvent] = []
        self.scans: list[int] = []
        self.judgement: Judgement | None = None

    def on_input(self, record: Input) -> None:
        if isinstance(record, SourceEvent):
            self.events.append(record)
        elif isinstance(record, Scan):
            self.scans.append(record.sequence)

    def on_judgement(self, judgement: Judgement) -> None:
        self.judgement = judgement

    @property
    def says(self) -> list[str]:
        return [event.says for event in self.events]


@contextmanager
def live(
    folder: Path, plans: list[FeedPlan], *sensor_ids: str, sinks: tuple[Sink, ...] = ()
) -> Iterator[tuple[LiveWatch, Watching]]:
    """Run a watch in a thread of its own until the block ends; its log lies in `folder`."""
    site = bare_site("test", "test", ORIGIN, tuple(a_sensor(sensor_id) for sensor_id in sensor_ids))
    site = msgspec.structs.replace(site, people=(Person(person_id="amara", name="Amara", role="operator"),))
    log, watching, stop = LogDatabase.open(folder / "night.db"), Watching(), threading.Event()
    clock = SystemClock()
    bridge = Bridge(site, sinks)
    pipeline = open_pipeline(site, log, clock, listeners=(watching, bridge))
    watch = LiveWatch(pipeline, plans, clock, tick_s=0.1)
    bridge.connect(watch.feeds.post)
    thread = threading.Thread(target=watch.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield watch, watching
    finally:
        stop.set()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
        log.close()


def wait_for(true: Callable[[], bool]) -> None:
    ends_s = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < ends_s, "waited in vain"
        time.sleep(0.01)


def fly(radar: UdpFeed, seconds: float = 2.0) -> None:
    """Send a drone at 15 m/s, ten times a second."""
    address = radar.listening.result(PATIENCE_S)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        began_s, k = time.monotonic(), 0
        while (now_s := time.monotonic() - began_s) < seconds:
            sender.sendto(b"%d %f %f" % (k, 500.0 + 15.0 * now_s, 200.0), address)
            k += 1
            time.sleep(0.1)


def state_of(watch: LiveWatch, sensor_id: str) -> SourceState:
    states = {health.source_id: health.state for health in watch.feeds.health()}
    return states[sensor_id]
