"""The live watch with its console, composed: the server in one thread, the feeds in another, the watch in a
third, and this one waits for Ctrl-C.
"""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

from skykeep.api.application import create_app
from skykeep.api.health import live_health
from skykeep.api.server import Server
from skykeep.api.watch import WatchSource
from skykeep.app.feed_factory import plans_of
from skykeep.app.folder import LOG
from skykeep.app.live import LiveWatch, open_pipeline
from skykeep.app.site_text import read_site_file, site_of
from skykeep.cli.console import no_tiles, site_tiles, webui_dir
from skykeep.domain.commands import Command
from skykeep.domain.feed import SourceHealth
from skykeep.engine.pipeline import Pipeline
from skykeep.feeds.system_clock import SystemClock
from skykeep.store.log_database import LogDatabase


class LiveConsole:
    """A site under watch. Made, it can be connected to; `run` keeps the watch."""

    def __init__(self, site_file: Path, folder: Path, port: int) -> None:
        found = read_site_file(site_file)
        site = site_of(found)
        plans = plans_of(found, site)
        tile_dir, tiles = None, no_tiles()
        if found.site.tiles:
            tile_dir, tiles = site_tiles(site_file.parent / found.site.tiles)
        clock = SystemClock()
        self._source = WatchSource(
            site=site,
            mode="LIVE",
            tiles=tiles,
            start_utc_ns=clock.now_utc_ns(),
            end_utc_ns=None,
            scenario=site.name,
            decide=self._decide,
        )
        self._server = Server(create_app(self._source, webui_dir(), tile_dir), port=port)
        self.url = self._server.url
        self._log = LogDatabase.open(folder / LOG)
        try:
            pipeline = open_pipeline(
                site, self._log, clock, listeners=(self._source,), on_made=self._source.attach
            )
        except BaseException:
            self._log.close()
            raise
        self._watch = LiveWatch(pipeline, plans, clock, on_health=self._show)
        self._stop = threading.Event()
        self.configured = tuple(f"  {plan.feed.source_id}" for plan in plans)

    @property
    def pipeline(self) -> Pipeline:
        return self._watch.pipeline

    def _decide(self, command: Command) -> None:
        self._watch.desk.decide(command)

    def _show(self, health: tuple[SourceHealth, ...]) -> None:
        latency_ms = {each.source_id: self._watch.latency_ms(each.source_id, 0.99) for each in health}
        self._source.show_sources(live_health(health, self._watch.site.sensors, latency_ms))

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
        with self._server:
            thread.start()
            with contextlib.suppress(KeyboardInterrupt):
                self._stop.wait(seconds)
            self._stop.set()
            thread.join()
        self._log.close()
        if failed:
            raise failed[0]
        return self.pipeline.counts["log_entries"]
