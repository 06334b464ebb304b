"""The live console of a simulated night: the server in one thread, the night in this one."""

from __future__ import annotations

import threading
from importlib import resources
from pathlib import Path
from typing import Any

import click

from skykeep.api import messages as m
from skykeep.api.application import create_app
from skykeep.api.incident_desk import IncidentDesk
from skykeep.api.proof import MadeUpPersons
from skykeep.api.server import Server
from skykeep.api.watch import WatchSource
from skykeep.app.folder import DOSSIER, LOG, cache_dir, demo_world, simulated_origin
from skykeep.app.night_case import NightCase
from skykeep.app.night_papers import file_papers
from skykeep.app.pace import Pace
from skykeep.app.record_duty import SIMULATION_RING, open_simulated_log
from skykeep.app.register_text import RegisterText
from skykeep.app.summary import compose, sum_up
from skykeep.app.watchers import Telling, WholeMemory
from skykeep.base.errors import SetupError
from skykeep.cli.live_register import LiveRegister
from skykeep.sim import Narrator, load_scenario
from skykeep.sim.world.package import ensure_world_tiles


def webui_dir() -> Path:
    """Return where the built console lies; wheels and checkouts both have it as plain files."""
    return Path(str(resources.files("skykeep.webui")))


def world_tiles() -> tuple[Path, m.TilesView]:
    """Return the folder of the demo world's tiles, made on first use, and how the page finds them."""
    tiles = ensure_world_tiles(cache_dir() / "tiles")
    view = m.TilesView(
        url=f"/tiles/{tiles.vector_path.name}",
        attribution=tiles.attribution,
        terrain_url=f"/tiles/{tiles.terrain_path.name}",
    )
    return tiles.vector_path.parent, view


def no_tiles() -> m.TilesView:
    """Return what the page is told where there is no map."""
    return m.TilesView(url="", attribution="No map: this site has none")


def site_tiles(tiles: Path) -> tuple[Path, m.TilesView]:
    """Return the folder of a site's own tiles and how the page finds them; SetupError without any."""
    if not tiles.is_file():
        raise SetupError(f"{tiles}: no such tiles; `skykeep basemap` makes them")
    return tiles.parent, m.TilesView(url=f"/tiles/{tiles.name}", attribution="© OpenStreetMap contributors")


class Console:
    """A night that somebody watches. Its log is fresh: people take part, so it cannot be made again."""

    def __init__(self, scenario_name: str, seed: int, folder: Path, speed: float, port: int) -> None:
        if (folder / LOG).exists():
            raise SetupError(f"{folder} holds a night already: give --out another folder")
        scenario = load_scenario(scenario_name)
        self._world = demo_world()
        self._folder = folder
        self._pace = Pace(speed)
        self._stop = threading.Event()
        self._memory = WholeMemory()
        origin = simulated_origin(f"{scenario_name} watched", seed)
        self._log = open_simulated_log(folder / LOG, origin)
        self._case = NightCase(
            folder,
            say=lambda text: click.echo(text, err=True),
            origin=f"{origin}/case",
            ring=SIMULATION_RING,
        )
        self._run, self._keeper = compose(scenario, seed, self._world, self._log, self._memory)
        tile_dir, tiles = world_tiles()
        night = self._run.night
        text = RegisterText(authority="city", ring_radius_m=800.0)
        self._register = LiveRegister(text, night.site, folder, self._run, simulated=True)
        self._source = WatchSource(
            site=night.site,
            mode="SIMULATION",
            tiles=tiles,
            start_utc_ns=night.start_utc_ns,
            end_utc_ns=None,
            scenario=scenario.night.name,
            seed=seed,
            pace=self._pace,
            decide=self._run.desk.decide,
            register=self._register.console,
            proofs=MadeUpPersons("SIMULATION", "127.0.0.1"),
        )
        self._source.attach(self._run.pipeline)
        self._telling = Telling(
            Narrator(scenario, night.start_utc_ns), self._memory, night.truth, self._source.caption
        )
        self._case.follow(self._run.pipeline)
        self._run.pipeline.listeners = (*self._run.pipeline.listeners, self._source, self._telling)
        incidents = IncidentDesk(self._case.folder, night.site.people, self._run.now_utc_ns)
        app = create_app(self._source, webui_dir(), tile_dir, incidents=incidents)
        self._server = Server(app, port=port)
        self.url = self._server.url

    def run(self, seconds: float | None = None) -> dict[str, Any]:
        """Run the night in step with the wall, seal it, return its summary; Ctrl-C ends it early."""
        self._server.__enter__()
        duty, run = self._register.duty, self._run
        run.on_rules = duty.applied
        duty.follow(run.pipeline, run.changes.put, self._source.show_register)
        try:
            self._run.run(self._pace, self._stop, seconds)
        except KeyboardInterrupt:
            click.echo("Ending the night early ...", err=True)
        duty.stop()
        self._telling.tell(over=True)
        self._source.caption("Sealing the log, making every decision again, printing the dossier.", "event")
        self._log.close()
        self._case.attach_log(self._folder / LOG)
        if self._run.is_over:
            file_papers(self._case.folder, self._run.scenario.papers, self._run.night.start_utc_ns)
        summary = sum_up(
            self._run,
            self._keeper,
            self._memory,
            self._folder,
            self._world,
            lambda text: click.echo(text, err=True),
        )
        self._source.finish(summary, self._folder / DOSSIER)
        return summary

    def wait(self) -> None:
        """Keep the console open until Ctrl-C."""
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return

    def close(self) -> None:
        self._server.stop()
        self._case.folder.close()
