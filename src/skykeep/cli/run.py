"""`skykeep run SITE.toml`: the live watch, with its console."""

from __future__ import annotations

import os
import signal
import sys
import threading
import webbrowser
from pathlib import Path

import click


@click.command()
@click.argument(
    "site_file", metavar="SITE.toml", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Keep the log here; a watch that was broken off here, or in a folder that follows, goes on.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8750, show_default=True, help="Of the console; 0: any."
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option("--seconds", type=click.FloatRange(min=0.1), help="Stop by itself after so long.")
def run(site_file: Path, out: Path, port: int, no_browser: bool, seconds: float | None) -> None:
    """Keep watch over a site: its sensors, live, and the console. Ctrl-C ends it.

    Nothing that is approved here is carried out by anything: effects exist in simulation only.
    """
    from skykeep.base.compile import is_compiled
    from skykeep.cli.live_console import LiveConsole

    # From here on Ctrl-C and SIGTERM end the watch in good order, whatever it is doing; a second one breaks
    # it off.
    stop = threading.Event()

    def end(number: int, _: object) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        stop.set()
        click.echo("Ending ...", err=True)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    if not is_compiled():
        click.echo("First run of this version on this machine: compiling takes about a minute.", err=True)
    console = LiveConsole(site_file, out, port, stop, lambda sentence: click.echo(sentence, err=True))
    click.echo(f"Skykeep console: {console.url}")
    for line in console.configured:
        click.echo(line, err=True)
    if not no_browser and (
        sys.platform != "linux" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    ):
        threading.Thread(target=webbrowser.open, args=(console.url,), daemon=True).start()
    entries = console.run(seconds)
    click.echo(f"{console.folder}: {entries:,} entries, sealed.", err=True)
