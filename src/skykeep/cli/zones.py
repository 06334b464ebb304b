"""`skykeep zones ...`: zones as published, and which are in force where."""

from __future__ import annotations

import click

from skykeep.cli.zones_check import check


@click.group("zones")
def zones() -> None:
    """Zones as published: which are in force where and when."""


zones.add_command(check)
