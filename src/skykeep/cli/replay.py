"""`skykeep replay RECORDING`: on the console, or --verify: every decision again, byte for byte."""

from __future__ import annotations

import contextlib
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from skykeep.cli.case_keys import KEYS, open_case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from skykeep.api.incident_desk import IncidentDesk
    from skykeep.api.watch import WatchSource
    from skykeep.app.case_desk import CaseDesk
    from skykeep.app.pace import Pace
    from skykeep.app.replay import Recording


@click.command()
@click.argument("recording", type=click.Path(exists=True, path_type=Path))
@click.option("--verify", is_flag=True, help="Make the same decisions again; fail if one byte differs.")
@click.option("--json", "as_json", is_flag=True, help="With --verify: print the result as one JSON object.")
@click.option("--speed", type=click.FloatRange(0.25, 32.0), default=2.0, show_default=True)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Of the console; a free one by default."
)
@click.option("--once", is_flag=True, help="End with the recording instead of keeping the console open.")
@click.option(
    "--case",
    type=click.Path(file_okay=False, path_type=Path),
    help="Go on with this case, begun if new; without it that of the night is only shown.",
)
@KEYS
def replay(
    recording: Path, verify: bool, as_json: bool, speed: float, port: int, once: bool, case: Path | None
) -> None:
    """Replay a night's folder, its log, or a table of tracks (.parquet)."""
    if verify:
        sys.exit(_verify(recording, as_json))
    from skykeep.app.pace import Pace

    pace = Pace(speed)
    if recording.suffix == ".parquet":
        _show_table(recording, pace, port, once)
    else:
        _show_log(recording, pace, port, once, case)


def _verify(recording: Path, as_json: bool) -> int:
    from skykeep.app.replay import verify_replay
    from skykeep.base.errors import IntegrityError

    try:
        report = verify_replay(recording)
    except IntegrityError as error:
        result = {
            "identical": False,
            "entry": error.entry,
            "field": error.field or None,
            "because": str(error),
        }
    else:
        result = {"identical": report.identical, "entry": None, "field": None, "because": report.sentence}
    if as_json:
        sys.stdout.write(msgspec.json.encode(result).decode() + "\n")
    else:
        click.echo(("Identical: " if result["identical"] else "NOT identical: ") + str(result["because"]))
    return 0 if result["identical"] else 3


def _show_log(path: Path, pace: Pace, port: int, once: bool, case_folder: Path | None) -> None:
    from skykeep.api.incident_desk import IncidentDesk
    from skykeep.api.watch import WatchSource
    from skykeep.app.incident_watch import IncidentWatch
    from skykeep.app.replay import NoRecorder, Recording, play
    from skykeep.cli.console import no_tiles, world_tiles
    from skykeep.feeds.system_clock import SystemClock

    opened = Recording(path)
    # Only the made-up world has a map of its own; a live watch was over real ground.
    tile_dir, tiles = (None, no_tiles()) if opened.header.mode == "LIVE" else world_tiles()
    source = WatchSource(
        site=opened.site,
        mode="REPLAY",
        tiles=tiles,
        start_utc_ns=opened.start_utc_ns,
        end_utc_ns=opened.end_utc_ns,
        scenario=opened.header.scenario or None,
        seed=opened.header.seed,
        pace=pace,
    )
    with _case_of(opened, case_folder) as (case, files):
        listener = IncidentWatch(case)
        pipeline = opened.pipeline(NoRecorder(), (source, listener))
        source.attach(pipeline)
        listener.attach(pipeline)
        incidents = IncidentDesk(case, opened.site.people, SystemClock().now_utc_ns, files)
        _serve(
            source,
            tile_dir,
            port,
            once,
            lambda stopped: play(opened, pipeline, pace, stopped.is_set),
            incidents,
        )


@contextlib.contextmanager
def _case_of(opened: Recording, case: Path | None) -> Iterator[tuple[CaseDesk, Path | None]]:
    """Give the case that is gone on with, or that beside the recording to be looked at, and its folder."""
    from skykeep.app.case_desk import CaseInMemory
    from skykeep.store.case_folder import CASE_LOG, FOLDER, read_case

    beside = opened.log.parent / FOLDER
    if case is not None:
        with open_case(case) as opened_case:
            yield opened_case, case
    elif (beside / CASE_LOG).is_file():
        yield CaseInMemory(read_case(beside)), beside
    else:
        yield CaseInMemory(), None


def _show_table(path: Path, pace: Pace, port: int, once: bool) -> None:
    from skykeep.api.messages import TilesView
    from skykeep.api.watch import WatchSource
    from skykeep.app.archive_replay import ArchiveReplay

    table = ArchiveReplay(path)
    source = WatchSource(
        site=table.site,
        mode="REPLAY",
        tiles=TilesView(url="", attribution="No map: a recording from elsewhere"),
        start_utc_ns=table.start_utc_ns,
        end_utc_ns=table.end_utc_ns,
        scenario=path.name,
        pace=pace,
        extent_m=table.extent_m,
    )

    def run(stopped: threading.Event) -> None:
        now_utc_ns = table.start_utc_ns
        for judgement in table.judgements():
            due_utc_ns = judgement.picture.time_utc_ns
            while now_utc_ns < due_utc_ns:
                step_ns = min(due_utc_ns - now_utc_ns, 100_000_000)
                while not pace.wait(step_ns):
                    if stopped.is_set():
                        return
                now_utc_ns += step_ns
            source.on_judgement(judgement)
            source.show_moment(due_utc_ns)

    _serve(source, None, port, once, run)


def _serve(
    source: WatchSource,
    tile_dir: Path | None,
    port: int,
    once: bool,
    run: Callable[[threading.Event], None],
    incidents: IncidentDesk | None = None,
) -> None:
    from skykeep.api.application import create_app
    from skykeep.api.server import Server
    from skykeep.cli.console import webui_dir

    stopped = threading.Event()
    with Server(create_app(source, webui_dir(), tile_dir, incidents=incidents), port=port) as server:
        click.echo(f"Skykeep console: {server.url}")
        try:
            run(stopped)
            source.caption("The recording has ended.", "event")
            if not once:
                click.echo("The recording has ended; the console stays open. Ctrl-C ends it.", err=True)
                threading.Event().wait()
        except KeyboardInterrupt:
            stopped.set()
