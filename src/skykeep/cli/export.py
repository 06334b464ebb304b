"""`skykeep export NIGHT --format KIND --out FILE`: a night for other programs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

# As in skykeep.app.export, which is too heavy to be asked for --help; a test compares them.
FORMATS = ("courageous", "geojson", "kml", "czml", "csv", "parquet", "mcap")
OCSF, BUNDLE = "ocsf", "bundle"


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--format", "kind", type=click.Choice((*FORMATS, OCSF, BUNDLE)), required=True, help="What.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to write it."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as one JSON object.")
def export(source: Path, kind: str, out: Path, as_json: bool) -> None:
    """Write a night's folder, its log, or a table of tracks (.parquet) for other programs.

    \b
    courageous  the European evaluation format (CWA 18150), JSON
    geojson     RFC 7946: tracks, zones, sensors, protected places
    kml         KML 2.2 with time, for Google Earth
    czml        for Cesium, playing in time
    csv         one row per track and tick, spreadsheet-safe
    parquet     the same, with units; `skykeep evaluate` and `replay` read it too
    mcap        for Foxglove: 3D, map, alerts, judgements and raw inputs
    ocsf        the incidents of its case, OCSF 1.7.0 Incident Finding, a line each
    bundle      everything in one ZIP, with a verifier that a stranger can run

    Of a log, every judgement is made again: that takes a few minutes for an hour of night. Where a part is
    redacted, what the log says is written instead.
    """
    folder = out.absolute().parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise click.BadParameter(f"nothing can be written in {folder}", param_hint="--out")
    night = source if source.is_dir() else source.parent if source.suffix == ".db" else None
    if out.exists() and (out.samefile(source) or (night is not None and folder.samefile(night))):
        raise click.BadParameter(
            f"a file of the night itself would be overwritten: {out}", param_hint="--out"
        )
    if kind == OCSF:
        from skykeep.app.incident_export import export_ocsf

        click.echo(f"{out}: {export_ocsf(source if night is None else night, out)} incidents", err=True)
        return
    if kind == BUNDLE:
        _bundle(source, out, as_json=as_json)
        return
    from skykeep.app.export import export as write

    with click.progressbar(
        length=1000, label=f"{source.name} as {kind}", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:

        def show(done: int, of: int) -> None:
            bar.update(1000 * done // of - bar.pos)

        exported = write(source, kind, out, show)
    click.echo(
        f"{out}: {exported.tracks:,} tracks, {exported.reports:,} reports, {exported.bytes / 1e6:.2f} MB",
        err=True,
    )
    for note in exported.notes:
        click.echo(note, err=True)
    if as_json:
        import msgspec

        sys.stdout.write(msgspec.json.encode(exported).decode() + "\n")


def _bundle(night: Path, out: Path, *, as_json: bool) -> None:
    if not night.is_dir():
        raise click.BadParameter(f"{night}: only a night's folder can be bundled", param_hint="SOURCE")
    from skykeep.app.papers import check_told
    from skykeep.store.bundle import write_bundle

    check_told(night)
    bundled = write_bundle(night, out)
    click.echo(f"{out}: {bundled.files} files of the night, {bundled.bytes / 1e6:.2f} MB", err=True)
    click.echo(f"SHA-256 {bundled.sha256}", err=True)
    if as_json:
        import msgspec

        sys.stdout.write(msgspec.json.encode(bundled).decode() + "\n")
