"""`skykeep demo`: the night on a made-up harbour city."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import webbrowser
from pathlib import Path
from typing import Any

import click
import msgspec


@click.command()
@click.option("--headless", is_flag=True, help="No console: run as fast as it goes.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as one JSON object.")
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True, help="Vary the night."
)
@click.option("--scenario", default="the-night", show_default=True, help="A bundled scenario or a TOML file.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the night here; a night that was broken off here is gone on with (headless).",
)
@click.option("--seconds", type=click.FloatRange(min=1.0), help="Stop after so many seconds of the night.")
@click.option(
    "--speed",
    type=click.FloatRange(0.25, 32.0),
    default=2.0,
    show_default=True,
    help="Of the console's night.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Of the console; a free one by default."
)
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option(
    "--acknowledge", is_flag=True, help="Say on standard error which log entries are on the disk (headless)."
)
def demo(
    headless: bool,
    as_json: bool,
    seed: int,
    scenario: str,
    out: Path | None,
    seconds: float | None,
    speed: float,
    port: int,
    no_browser: bool,
    acknowledge: bool,
) -> None:
    """Run the night: two drones come for a residence. All of it is made up, every effect simulated."""
    folder = out if out is not None else Path(tempfile.mkdtemp(prefix="skykeep-night-"))
    if headless:
        summary = _headless(scenario, seed, folder, seconds, acknowledge)
    else:
        summary = _with_console(scenario, seed, folder, seconds, speed, port, not no_browser)
    if as_json:
        sys.stdout.write(msgspec.json.encode(summary).decode() + "\n")
    else:
        show_summary(summary)


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _headless(
    scenario_name: str, seed: int, folder: Path, seconds: float | None, acknowledge: bool
) -> dict[str, Any]:
    _say("Skykeep: growing the world, drawing the night ...")
    from skykeep.app.folder import demo_world
    from skykeep.app.summary import run_headless
    from skykeep.sim import load_scenario

    return run_headless(
        load_scenario(scenario_name),
        seed,
        demo_world(),
        folder,
        say=_say,
        on_acknowledged=(lambda sequence: _say(f"on disk: {sequence}")) if acknowledge else None,
        seconds=seconds,
    )


def _with_console(
    scenario_name: str, seed: int, folder: Path, seconds: float | None, speed: float, port: int, browse: bool
) -> dict[str, Any]:
    from skykeep.cli.console import Console

    console = Console(scenario_name, seed, folder, speed, port)
    click.echo(f"Skykeep console: {console.url}")
    if browse and (sys.platform != "linux" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ):
        threading.Thread(target=webbrowser.open, args=(console.url,), daemon=True).start()
    summary = console.run(seconds=seconds)
    if seconds is None:
        _say("The night is over; the console stays open. Ctrl-C ends it.")
        console.wait()
    console.close()
    return summary


def show_summary(summary: dict[str, Any]) -> None:
    """Print a summary as a table for people."""
    from rich.console import Console as Terminal
    from rich.table import Table

    table = Table(title="The night", show_header=False, title_justify="left")
    for name, value in summary.items():
        table.add_row(
            name.replace("_", " "), "yes" if value is True else "no" if value is False else str(value)
        )
    Terminal().print(table)
