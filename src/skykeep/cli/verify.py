"""`skykeep verify`: is this night as it was written?"""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("verify")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences.")
def verify(path: Path, as_json: bool) -> None:
    """Check a night's directory, a log database, or a dossier in a night's directory.

    Exits 0 only when everything is as it was written; otherwise names the first entry that is not, or the
    place in the file. Nothing is changed and nothing repaired.
    """
    # Late, so that --help does not wait for SQLAlchemy.
    from skykeep.domain.encoding import encode_json
    from skykeep.store.log_check import check_path

    report = check_path(path)
    if as_json:
        click.echo(encode_json(report))
    else:
        state = "sealed" if report.sealed else "not sealed"
        click.echo(f"{report.path}: {report.entries} entries, {state}")
        click.echo(f"last digest {report.last_digest}")
        if report.files:
            click.echo(f"beside it, sealed: {', '.join(report.files)}")
        for note in report.notes:
            click.echo(f"note: {note}")
        for finding in report.findings:
            click.echo(f"WRONG in {finding.file}: {finding.sentence}")
        if report.verified:
            click.echo("verified: every entry is as it was written, and none is missing.")
        else:
            click.echo("NOT VERIFIED")
    sys.exit(0 if report.verified else 1)
