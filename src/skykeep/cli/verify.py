"""`skykeep verify`: is this night as it was written, and was every order in it rightly given?"""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command("verify")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences.")
@click.option("--no-orders", is_flag=True, help="Leave out the orders, for which the night is replayed.")
def verify(path: Path, as_json: bool, no_orders: bool) -> None:
    """Check a night's directory, a log database, or a dossier in a night's directory.

    Exits 0 only when everything is as it was written and every order (in simulation) was rightly given;
    otherwise names the first entry that is not, the place in the file, or what is wrong with an order:
    whose yes did not stand, who said yes to their own proposal, who is missing. Nothing is changed and
    nothing repaired.
    """
    # Late, so that --help does not wait for SQLAlchemy.
    from skykeep.app.orders_check import check_night
    from skykeep.domain.encoding import encode_json

    report = check_night(path, orders=not no_orders)
    if as_json:
        click.echo(encode_json(report))
    else:
        state = "sealed" if report.sealed else "not sealed"
        click.echo(f"{report.path}: {report.entries} entries, {state}")
        click.echo(f"last digest {report.last_digest}")
        if report.files:
            click.echo(f"beside it, sealed: {', '.join(report.files)}")
        for order in report.orders:
            click.echo(f"{order.order_id}: {'rightly' if order.is_right else 'NOT RIGHTLY'} given")
        for note in report.notes:
            click.echo(f"note: {note}")
        for finding in report.findings:
            click.echo(f"WRONG in {finding.file}: {finding.sentence}")
        if report.verified:
            click.echo("verified: every entry is as it was written, and none is missing.")
        else:
            click.echo("NOT VERIFIED")
    sys.exit(0 if report.verified else 1)
