"""A site as its file has it, watched live on loopback."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from skykeep.app.feed_factory import FeedMaker
from skykeep.app.live import LiveWatch, open_pipeline
from skykeep.app.replay import verify_replay
from skykeep.app.site_text import read_site_file, site_of
from skykeep.app.watchers import Quiet
from skykeep.domain.feed import SourceEvent, SourceHealth
from skykeep.domain.sensing import Claim, Scan
from skykeep.domain.track import TrackStatus
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import Judgement
from skykeep.feeds.system_clock import SystemClock
from skykeep.store.log_database import LogDatabase

PATIENCE_S = 30.0
HEAD = """
[site]
id = "place"
name = "Place"
latitude_deg = 10.0
longitude_deg = 20.0
"""


def free_port(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    with socket.socket(socket.AF_INET, kind) as asking:
        asking.bind(("127.0.0.1", 0))
        port: int = asking.getsockname()[1]
        return port


def sensor_text(sensor_id: str, kind: str = "radar") -> str:
    """A sensor at the site's origin, of positions unless it only hears claims."""
    measured = 'measures = "position"\nsigma = [5.0, 5.0, 5.0]\n' if kind == "radar" else ""
    return (
        f'\n[[sensors]]\nid = "{sensor_id}"\nname = "{sensor_id}"\nkind = "{kind}"\n{measured}'
        "latitude_deg = 10.0\nlongitude_deg = 20.0\nrange_m = 20000\nperiod_s = 0.1\n"
        "clutter_per_scan = 0.01\n"
    )


def feed_text(kind: str, name: str, sensor: str, **more: object) -> str:
    given = {"kind": kind, "name": name, **({"sensor": sensor} if sensor else {})}
    lines = [f"{key} = {json.dumps(value)}" for key, value in given.items()]
    return "\n[[feeds]]\n" + "\n".join([*lines, *(f"{key} = {value}" for key, value in more.items())]) + "\n"


def udp(port: int) -> str:
    return f'{{ host = "127.0.0.1", port = {port} }}'


# --- the watch ----------------------------------------------------------------------------------------------


class Watched(Quiet):
    """A live watch, and all that it said."""

    def __init__(self) -> None:
        self.inputs: list[Input] = []
        self.judgement: Judgement | None = None
        self.watch: LiveWatch

    def on_input(self, record: Input) -> None:
        self.inputs.append(record)

    def on_judgement(self, judgement: Judgement) -> None:
        self.judgement = judgement

    def says(self, source_id: str | None = None) -> list[str]:
        """What the log has been told of a source."""
        events = [record for record in list(self.inputs) if isinstance(record, SourceEvent)]
        return [event.says for event in events if source_id in (None, event.source_id)]

    def heard(self, part: str) -> bool:
        return any(part in sentence for sentence in self.says())

    def scans(self) -> list[Scan]:
        return [record for record in list(self.inputs) if isinstance(record, Scan)]

    def claims(self) -> list[Claim]:
        return [record for record in list(self.inputs) if isinstance(record, Claim)]

    def health(self, source_id: str) -> SourceHealth:
        return {each.source_id: each for each in self.watch.feeds.health()}[source_id]

    def tracks(self) -> list[int]:
        """The numbers of the tracks that are there now."""
        if self.judgement is None:
            return []
        picture = self.judgement.picture
        return [int(number) for number in picture.track_id[picture.status != TrackStatus.ENDED]]

    def latest(self) -> Judgement:
        assert self.judgement is not None
        return self.judgement


@contextmanager
def watched(folder: Path, text: str) -> Iterator[Watched]:
    """Watch a site, whose file this is below its head, until the block ends; then its log must replay to the
    same bytes.
    """
    file = folder / "site.toml"
    file.write_text(HEAD + text)
    found = read_site_file(file)
    site = site_of(found)
    log, seen, stop, clock = (
        LogDatabase.open(folder / "night.db"),
        Watched(),
        threading.Event(),
        SystemClock(),
    )
    pipeline = open_pipeline(site, log, clock, listeners=(seen,))
    seen.watch = LiveWatch(pipeline, FeedMaker(found, site, folder).plans(), clock, tick_s=0.1)
    thread = threading.Thread(target=seen.watch.run, args=(stop,), daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
        log.close()
    report = verify_replay(folder)
    assert report.identical, report.sentence


def wait_for(true: Callable[[], bool], what: str = "it") -> None:
    ends_s = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < ends_s, f"waited for {what} in vain"
        time.sleep(0.01)
