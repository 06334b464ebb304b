"""`skykeep rollover`: have a running watch begin a new folder."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--by", required=True, help="Who asks for it. It stands in the log.")
@click.option("--because", required=True, help="Why. It stands in the log.")
def rollover(folder: Path, by: str, because: str) -> None:
    """Have the watch that writes in FOLDER go on in a new one beside it, at the next quiet moment.

    FOLDER is where the watch was begun, or any of those that followed. Nothing that comes in meanwhile is
    lost, and no sensor has to connect anew. What it waits for stands on the watch's terminal and console.
    """
    from skykeep.app.days import latest_folder
    from skykeep.app.new_folder import ask

    latest, _ = latest_folder(folder)
    ask(latest, by, because)
    click.echo(f"Asked the watch in {latest} for a new folder.")
