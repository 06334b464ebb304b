"""`skykeep verify`: is this night as it was written, and was every order in it rightly given?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from skykeep.app.days_check import DaysReport
    from skykeep.app.orders_check import NightReport
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
    """Check a night's directory, a log database, or a dossier in a night's directory; or a folder of nights,
    each in its own: then also whether every day is there that another goes on from.

    Exits 0 only when everything is as it was written, all of it is there, and every order (in simulation)
    was rightly given; 1 when something was changed, and then names the first entry that was, the place in
    the file, or what is wrong with an order: whose yes did not stand, who said yes to their own proposal,
    who is missing; 3 when what is there is sound but not all, or nobody can tell: the end is cut off, parts
    were redacted, or the log was never closed. Nothing is changed and nothing repaired.
    """
    # Late, so that --help does not wait for SQLAlchemy.
    from skykeep.app.days_check import check_days, holds_days
    from skykeep.app.orders_check import check_night
    from skykeep.domain.encoding import encode_json
    from skykeep.evidence.checkpoint import read_manifest_body
    from skykeep.evidence.signed_note import read_verifier_key
    from skykeep.evidence.timestamp import read_certificates
    from skykeep.store.known_note import KnownNote

    outside = tuple(KnownNote(name=note.name, note=note.read_bytes()) for note in (*notes, *manifests))
    for left in outside[len(notes) :]:
        read_manifest_body(left.text)
    known = tuple(read_verifier_key(key) for key in keys)
    theirs = tuple(one for each in authorities for one in read_certificates(each.read_bytes()))
    if holds_days(path):
        days = check_days(path, orders=not no_orders, outside=outside, known=known, authorities=theirs)
        if as_json:
            click.echo(encode_json(days))
        else:
            _tell_days(days)
        sys.exit((0 if days.complete else 3) if days.intact else 1)
    report = check_night(path, orders=not no_orders, outside=outside, known=known, authorities=theirs)
    if as_json:
        click.echo(encode_json(report))
    else:
        _tell(report)
    sys.exit(_exit_code(report))


def say(sentence: str) -> None:
    """Print a sentence as the stand-alone verifier does: names of files are spelt out, not smoothed."""
    from skykeep.store.standalone_verifier import plain

    click.echo(plain(sentence))


def _tell(report: NightReport) -> None:
    state = "sealed" if report.sealed else "not sealed"
    say(f"{report.path}: {report.entries} entries, {state}")
    say(f"root {report.root}")
    if report.files:
        say(f"beside it, sealed: {', '.join(report.files)}")
    for order in report.orders:
        say(f"{order.order_id}: {'rightly' if order.is_right else 'NOT RIGHTLY'} given")
    for note in report.notes:
        say(f"note: {note}")
    for finding in report.findings:
        say(f"WRONG in {finding.file}: {finding.sentence}")
    say("integrity: holds." if report.intact else "integrity: BROKEN.")
    say(f"completeness: {_COMPLETE[report.complete]}")
    for says in report.lacking:
        say(f"  {says}")
    if report.verified and report.complete:
        say("verified: every entry is as it was written, and none is missing.")
    elif report.intact:
        say("verified: what is there is as it was written. Whether it is all: see completeness.")
    else:
        say("NOT VERIFIED")


def _tell_days(days: DaysReport) -> None:
    for night in days.nights:
        _tell(night)
        say("")
    for finding in days.findings:
        say(f"{'MISSING' if finding.missing else 'WRONG'} at {finding.file}: {finding.sentence}")
    number = len(days.nights)
    hang = "hang together as each says" if not days.findings else "do NOT hang together"
    say(f"{days.path}: {number} nights; they {hang}.")


_COMPLETE = {True: "nothing is missing.", False: "SOMETHING IS MISSING.", None: "nobody can tell."}


def _exit_code(report: CheckReport) -> int:
    if not report.intact:
        return 1
    return 0 if report.verified and report.complete else 3
