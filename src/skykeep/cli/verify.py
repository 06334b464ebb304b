"""`skykeep verify`: is this night as it was written, and was every order in it rightly given?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from skykeep.store.log_check import CheckReport


@click.command("verify")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences.")
@click.option(
    "--checkpoint",
    "notes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A checkpoint that left the house, to set the log against; as often as there are some.",
)
@click.option(
    "--key", "keys", multiple=True, help="A key of the log, or of a witness, that you know otherwise."
)
@click.option(
    "--manifest",
    "manifests",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A manifest.note that left the house, to set the files beside the log against.",
)
@click.option(
    "--tsa-certificate",
    "authorities",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Certificates (PEM) of whoever timestamps, that you have otherwise.",
)
@click.option("--no-orders", is_flag=True, help="Leave out the orders, for which the night is replayed.")
def verify(
    path: Path,
    as_json: bool,
    notes: tuple[Path, ...],
    keys: tuple[str, ...],
    manifests: tuple[Path, ...],
    authorities: tuple[Path, ...],
    no_orders: bool,
) -> None:
    """Check a night's directory, a log database, or a dossier in a night's directory.

    Exits 0 only when everything is as it was written, all of it is there, and every order (in simulation)
    was rightly given; 1 when something was changed, and then names the first entry that was, the place in
    the file, or what is wrong with an order: whose yes did not stand, who said yes to their own proposal,
    who is missing; 3 when what is there is sound but not all, or nobody can tell: the end is cut off, parts
    were redacted, or the log was never closed. Nothing is changed and nothing repaired.
    """
    # Late, so that --help does not wait for SQLAlchemy.
    from skykeep.app.orders_check import check_night
    from skykeep.domain.encoding import encode_json
    from skykeep.evidence.checkpoint import read_manifest_body
    from skykeep.evidence.signed_note import read_verifier_key
    from skykeep.evidence.timestamp import read_certificates
    from skykeep.store.record_check import KnownNote

    outside = tuple(KnownNote(name=note.name, note=note.read_bytes()) for note in (*notes, *manifests))
    for left in outside[len(notes) :]:
        read_manifest_body(left.text)
    known = tuple(read_verifier_key(key) for key in keys)
    theirs = tuple(one for each in authorities for one in read_certificates(each.read_bytes()))
    report = check_night(path, orders=not no_orders, outside=outside, known=known, authorities=theirs)
    if as_json:
        click.echo(encode_json(report))
    else:
        state = "sealed" if report.sealed else "not sealed"
        click.echo(f"{report.path}: {report.entries} entries, {state}")
        click.echo(f"root {report.root}")
        if report.files:
            click.echo(f"beside it, sealed: {', '.join(report.files)}")
        for order in report.orders:
            click.echo(f"{order.order_id}: {'rightly' if order.is_right else 'NOT RIGHTLY'} given")
        for note in report.notes:
            click.echo(f"note: {note}")
        for finding in report.findings:
            click.echo(f"WRONG in {finding.file}: {finding.sentence}")
        click.echo("integrity: holds." if report.intact else "integrity: BROKEN.")
        click.echo(f"completeness: {_COMPLETE[report.complete]}")
        for says in report.lacking:
            click.echo(f"  {says}")
        if report.verified and report.complete:
            click.echo("verified: every entry is as it was written, and none is missing.")
        elif report.intact:
            click.echo("verified: what is there is as it was written. Whether it is all: see completeness.")
        else:
            click.echo("NOT VERIFIED")
    sys.exit(_exit_code(report))


_COMPLETE = {True: "nothing is missing.", False: "SOMETHING IS MISSING.", None: "nobody can tell."}


def _exit_code(report: CheckReport) -> int:
    if not report.intact:
        return 1
    return 0 if report.verified and report.complete else 3
