"""`skykeep redact`: take a part of an entry out of a closed log, on record, without breaking a proof."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("redact")
@click.argument("night", type=click.Path(exists=True, path_type=Path))
@click.option("--entry", "entries", type=click.IntRange(min=1), multiple=True, required=True)
@click.option("--field", "fields", multiple=True, help="Of each entry only this; the whole payload without.")
@click.option("--by", required=True, help="Who takes it out. It stands in the log.")
@click.option("--because", required=True, help="Why. It stands in the log.")
@click.option("--rule", default="", help="The rule of retention that asks for it, if one does.")
@click.option(
    "--keys",
    "keys_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the key that signs the log is kept; by default in the user's data directory.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences.")
def redact(
    night: Path,
    entries: tuple[int, ...],
    fields: tuple[str, ...],
    by: str,
    because: str,
    rule: str,
    as_json: bool,
    keys_folder: Path | None,
) -> None:
    """Take parts of entries out of a night's closed log: the bytes are gone, every proof still holds.

    That it was done, by whom, why and when is written into the log first. A field that is not there is
    answered with those that are. Other papers of the night (dossier, exports) are not touched, only named.
    """
    # Late, so that --help does not wait for SQLAlchemy.
    from skykeep.app.folder import find_log
    from skykeep.app.record_duty import signer_of
    from skykeep.domain.encoding import encode_json
    from skykeep.feeds.system_clock import SystemClock
    from skykeep.store.redaction import WHOLE, Taking, redact

    takings = [Taking(sequence=entry, path=field) for entry in entries for field in fields or (WHOLE,)]
    now_utc_ns = SystemClock().now_utc_ns()
    log = find_log(night)
    taken = redact(
        log,
        takings,
        by=by,
        because=because,
        rule=rule,
        now_utc_ns=now_utc_ns,
        signer=signer_of(log.parent, keys_folder),
    )
    if as_json:
        click.echo(encode_json(taken))
        return
    for redaction in taken.redactions:
        what = ", ".join(path or "the whole payload" for path in redaction.paths)
        click.echo(f"entry {redaction.sequence}: {what} taken out.")
    if taken.papers:
        click.echo(f"Not looked into, and perhaps saying the same: {', '.join(taken.papers)}")
