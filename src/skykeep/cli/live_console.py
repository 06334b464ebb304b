"""The live watch with its console, composed: the server in one thread, the feeds in another, the watch in a
third, and this one waits for Ctrl-C.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from skykeep.api.application import create_app
from skykeep.api.health import live_health
from skykeep.api.incident_desk import IncidentDesk
from skykeep.api.intake import create_intake
from skykeep.api.messages import TilesView
from skykeep.api.report_desk import ReportDesk
from skykeep.api.report_page import Place
from skykeep.api.sensor_api import Tokens
from skykeep.api.server import Server
from skykeep.api.watch import WatchSource
from skykeep.app.bridge import Bridge
from skykeep.app.feed_factory import FeedMaker
from skykeep.app.ground_text import keep_ground, terrain_of
from skykeep.app.live import LiveWatch, open_pipeline
from skykeep.app.notice_duty import NoticeDuty
from skykeep.app.registers_text import registers_of
from skykeep.app.registry_watch import RegistryWatch
from skykeep.app.site_text import IntakeText, SiteFile, read_site_file, site_of
from skykeep.app.watchers import Quiet
from skykeep.cli.console import no_tiles, site_tiles, webui_dir
from skykeep.cli.live_books import LiveBook, LiveBooks
from skykeep.cli.live_register import LiveRegister
from skykeep.cli.response_doors import ResponseDoors
from skykeep.domain.commands import Command
from skykeep.domain.feed import SourceEvent, SourceHealth
from skykeep.domain.site import Site
from skykeep.engine.inputs import Input
from skykeep.engine.pipeline import Listener, Pipeline
from skykeep.feeds.system_clock import SystemClock
from skykeep.geo.terrain import Terrain
from skykeep.store.contact_file import ContactFile
from skykeep.tracking import warm_up


class LiveConsole:
    """A site under watch. Made, it can be connected to; `run` keeps the watch."""

    def __init__(
        self,
        site_file: Path,
        folder: Path,
        port: int,
        stop: threading.Event,
        tell: Callable[[str], None],
    ) -> None:
        found = read_site_file(site_file)
        site = site_of(found, site_file.parent)
        terrain = _terrain(found, site, site_file.parent)
        maker = FeedMaker(found, site, site_file.parent)
        plans = maker.plans()
        clock = SystemClock()
        register = self._register = (
            None if found.register is None else LiveRegister(found.register, site, site_file.parent, clock)
        )
        doors = ResponseDoors(found.approvals, site_file.parent, clock)
        named = found.site.tiles
        tile_dir, tiles = site_tiles(site_file.parent / named) if named else (None, no_tiles())
        self._source = self._shown(site, tiles, clock, doors)
        self._servers: list[Server] = []
        self.configured = [f"  {plan.feed.source_id}" for plan in plans]
        if found.intake is not None:
            self._open_intake(found.intake, maker, _report_desk(maker, site, folder, clock))
        self._open_doors(doors)
        # What has to be compiled is, before anybody is told an address.
        warm_up()
        bridge = Bridge(site, maker.sinks, maker.rules)
        notices = self._notices = (
            None if found.notices is None else NoticeDuty(found.notices, site, site_file.parent, clock, tell)
        )
        registers = registers_of(found.registers, site_file.parent)
        asking = self._asking = RegistryWatch(registers, clock, say=tell)
        self._stop, self._tell = stop, tell
        books = self._books = LiveBooks(found, site, site_file.parent, folder, clock, tell, self._show_event)
        listeners: tuple[Listener, ...] = (
            self._source,
            bridge,
            *(() if register is None else (register.flights,)),
            *(() if notices is None else (notices.waiting,)),
            *((asking,) if found.registers else ()),
        )

        def begin(book: LiveBook, told_again: Iterable[Input]) -> Pipeline:
            """Begin in one folder, or go on there; the same for each folder of the watch."""
            pipeline = open_pipeline(
                site,
                book.log,
                clock,
                terrain,
                listeners=(*listeners, book.case.listener, book.memory),
                on_made=self._made,
                configuration=(site_file,),
                told_again=told_again,
            )
            if terrain is not None:
                keep_ground(terrain, book.folder)
            book.record.begin(book.log, pipeline.receive)
            # From now on only: what an earlier run said goes by once more while the log is played through.
            pipeline.listeners = (*pipeline.listeners, Teller(tell))
            return pipeline

        try:
            self._incidents = IncidentDesk(books.book.case.folder, site.people, clock.now_utc_ns)
            app = create_app(self._source, webui_dir(), tile_dir, incidents=self._incidents)
            self._servers.insert(0, Server(app, port=port))
            self.url = self._servers[0].url
            pipeline = books.begin(begin)
        except BaseException:
            books.book.abandon()
            raise
        self._watch = LiveWatch(pipeline, plans, clock, on_health=self._show, go_on=self._go_on)
        bridge.connect(self._watch.feeds.post)

    @property
    def folder(self) -> Path:
        """Where the watch writes now."""
        return self._books.book.folder

    @property
    def pipeline(self) -> Pipeline:
        return self._watch.pipeline

    def _shown(self, site: Site, tiles: TilesView, clock: SystemClock, doors: ResponseDoors) -> WatchSource:
        return WatchSource(
            site=site,
            mode="LIVE",
            tiles=tiles,
            start_utc_ns=clock.now_utc_ns(),
            end_utc_ns=None,
            scenario=site.name,
            decide=self._decide,
            register=None if self._register is None else self._register.console,
            proofs=doors.proofs,
        )

    def _open_doors(self, doors: ResponseDoors) -> None:
        if self._register is not None:
            servers = self._register.servers
            self._servers.extend(servers)
            self.configured += [f"  Who may fly, over HTTP: {server.url}" for server in servers]
        for server in doors.servers(self._source, self._decide):
            self._servers.append(server)
            self.configured.append(f"  Decisions on proposals, over HTTP: {server.url}")

    def _open_intake(self, text: IntakeText, maker: FeedMaker, reports: ReportDesk | None) -> None:
        applying = None if self._register is None else self._register.apply_desk()
        intake = create_intake(maker.door, Tokens(maker.tokens), reports, applying)
        self._servers.append(Server(intake, host=text.host, port=text.port))
        self.configured.append(f"  Sensors over HTTP and reports of people: {self._servers[-1].url}")

    def _made(self, pipeline: Pipeline) -> None:
        self._source.attach(pipeline)
        self._books.book.case.listener.attach(pipeline)

    def _go_on(self, pipeline: Pipeline, now_utc_ns: int) -> Pipeline:
        """Have whoever looks into the pipeline look into that which took over from it."""
        fresh = self._books.go_on(pipeline, now_utc_ns, self._watch.hold)
        if fresh is not pipeline:
            self._source.go_on(fresh)
            self._incidents.go_on(self._books.book.case.folder)
            if self._register is not None:
                self._register.duty.go_on(fresh)
        return fresh

    def _show_event(self, sentence: str) -> None:
        """Say something at the terminal and at the console."""
        self._tell(sentence)
        self._source.caption(sentence, "event")

    def _decide(self, command: Command) -> None:
        self._watch.desk.decide(command)

    def _show(self, health: tuple[SourceHealth, ...]) -> None:
        latency_ms = {each.source_id: self._watch.latency_ms(each.source_id, 0.99) for each in health}
        self._source.sensors.sources = live_health(health, self._watch.site.sensors, latency_ms)

    def run(self, seconds: float | None = None) -> int:
        """Keep watch until Ctrl-C, or for so long; return how many entries the log holds."""
        failed: list[BaseException] = []

        def watch() -> None:
            try:
                self._watch.run(self._stop)
            except BaseException as error:
                failed.append(error)
            finally:
                self._stop.set()

        thread = threading.Thread(target=watch, name="watch")
        with contextlib.ExitStack() as serving:
            for server in self._servers:
                serving.enter_context(server)
            thread.start()
            if self._register is not None:
                duty, give = self._register.duty, self._watch.changes.put
                self._watch.on_rules = duty.applied
                duty.follow(self.pipeline, give, self._source.show_register, self._tell)
            if self._notices is not None:
                self._notices.start(self._watch.changes.put)
            self._asking.start(self._watch.changes.put)
            self._books.retention.start()
            while not (self._watch.watching.wait(0.1) or self._stop.is_set()):
                pass
            self._tell("Watching.")
            self._stop.wait(seconds)
            self._stop.set()
            if self._notices is not None:
                self._notices.stop()
            self._asking.stop()
            self._books.retention.stop()
            if self._asking.summary:
                self._tell(self._asking.summary)
            thread.join()
            if self._register is not None:
                self._register.duty.stop()
        self._books.close()
        if failed:
            raise failed[0]
        return self.pipeline.counts["log_entries"]


class Teller(Quiet):
    """Says on the terminal what a person there must know of sources."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    def on_input(self, record: Input) -> None:
        if isinstance(record, SourceEvent) and record.kind in ("link", "quarantine", "quarantine_lifted"):
            self._tell(f"{record.source_id}: {record.says}")


def _terrain(found: SiteFile, site: Site, folder: Path) -> Terrain | None:
    return None if found.terrain is None else terrain_of(found.terrain, site.origin, folder)


def _report_desk(maker: FeedMaker, site: Site, folder: Path, clock: SystemClock) -> ReportDesk | None:
    people = maker.people
    if people is None:
        return None
    place = Place(name=people.place, zone_name=people.time_zone)
    keep = ContactFile(folder / people.contacts_file).keep if people.contacts_file else None
    return ReportDesk(maker.door, people.sensor, site.origin, place, clock, keep)
