"""`skykeep redact`: take a part of an entry out of a closed log, on record, without breaking a proof."""

from __future__ import annotations

from pathlib import Path

import click

from skykeep.cli.say import say


@click.command("redact")
@click.argument("night", type=click.Path(exists=True, path_type=Path))
@click.option("--entry", "entries", type=click.IntRange(min=1), multiple=True, help="Which.")
@click.option("--field", "fields", multiple=True, help="Of each entry only this; the whole payload without.")
@click.option("--by", required=True, help="Who takes it out. It stands in the log.")
@click.option("--because", default="", help="Why. It stands in the log; needed with --entry.")
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
    answered with those that are. Papers that were sealed with the night (case, dossier, exports) are made
    again from what is left, or removed; files that nobody sealed are only named. Without --entry nothing is
    taken out: papers are seen to that still wait for it.
    """
    # Late, so that --help does not wait for SQLAlchemy.
    from skykeep.app.folder import find_log
    from skykeep.app.record_duty import signer_of
    from skykeep.app.taking_out import Wanted, take_out
    from skykeep.domain.encoding import encode_json
    from skykeep.feeds.system_clock import SystemClock
    from skykeep.store.case_folder import CASE_LOG, FOLDER
    from skykeep.store.redaction import WHOLE, Taking

    if fields and not entries:
        raise click.UsageError("--field says what of an entry: it needs --entry")
    takings = [Taking(sequence=entry, path=field) for entry in entries for field in fields or (WHOLE,)]
    wanted = [Wanted(takings=takings, because=because, rule=rule)] if takings else []
    log = find_log(night)
    taken = take_out(
        log, wanted, by=by, now_utc_ns=SystemClock().now_utc_ns(), signer=signer_of(log.parent, keys_folder)
    )
    if as_json:
        click.echo(encode_json(taken))
        return
    for redaction in taken.redactions:
        what = ", ".join(path or "the whole payload" for path in redaction.paths)
        say(f"entry {redaction.sequence}: {what} taken out.")
    for paper in taken.remade:
        say(f"{paper.name}: {'made again' if paper.sha256_after else 'removed'}.")
    if taken.papers:
        say(f"Not looked into, and perhaps saying the same: {', '.join(taken.papers)}")
    if (log.parent / FOLDER / CASE_LOG).is_file():
        say(f"Not looked into either: {FOLDER}, which keeps what people filed, in their own words.")
