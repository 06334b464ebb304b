"""`skykeep basemap CITY.osm.pbf`: map tiles of a real city."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec


@click.command()
@click.argument("extract", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="By default beside the extract, .pmtiles."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def basemap(extract: Path, out: Path | None, as_json: bool) -> None:
    """Build map tiles (PMTiles) from an OpenStreetMap extract (.osm.pbf, .osm.gz).

    The map data are © OpenStreetMap contributors, under the ODbL: the tiles carry that credit.
    """
    from skykeep.sim.world.basemap import build_basemap

    if out is None:
        out = extract.with_name(extract.name.split(".")[0] + ".pmtiles")
    report = build_basemap(extract, out)
    if as_json:
        sys.stdout.write(msgspec.json.encode(report).decode() + "\n")
        return
    click.echo(f"{out}: {report.tiles:,} tiles, {out.stat().st_size / 1e6:.1f} MB. {report.attribution}")
    for layer, number in report.features.items():
        click.echo(f"{number:>9,}  {layer}")
    for note in report.notes:
        click.echo(f"Note: {note}")
