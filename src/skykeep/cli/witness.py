"""`skykeep witness serve`: cosign other people's checkpoints, so that they cannot show two faces."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click


@click.group()
def witness() -> None:
    """A witness: keeps what logs showed it, and signs only what follows from that."""


@witness.command()
@click.argument("name")
@click.option("--log", "logs", multiple=True, required=True, help="Public key of a log to witness; repeat.")
@click.option(
    "--book",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Where it is kept what was signed; made when it is not there.",
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8474, show_default=True, help="0: any.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where keys are kept.")
def serve(name: str, logs: tuple[str, ...], book: Path, host: str, port: int, folder: Path | None) -> None:
    """Serve as witness NAME, whose key `skykeep keys make` made; Ctrl-C ends it.

    A log's key is believed for every checkpoint whose origin is the key's name, or begins with it and a
    slash. Use a key of its own for this, never one that signs a log.
    """
    from skykeep.api.server import serve as serve_app
    from skykeep.api.witness_api import Witness, create_witness
    from skykeep.evidence.signed_note import COSIGNATURE, read_verifier_key
    from skykeep.feeds.system_clock import SystemClock
    from skykeep.store.signing_keys import load_key
    from skykeep.store.witness_book import WitnessBook

    key = load_key(name, folder).key
    kept = WitnessBook(book)
    app = create_witness(Witness(key, [read_verifier_key(log) for log in logs], kept, SystemClock()))
    click.echo(f"Key of its cosignatures: {key.verifier.as_kind(COSIGNATURE).text}")
    with contextlib.suppress(KeyboardInterrupt):
        serve_app(app, host, port, lambda url: click.echo(f"Witness: {url}"))
    for head in kept.signed():
        click.echo(f"{head.origin}: signed up to {head.size:,} entries")
    if kept.refusals():
        click.echo(
            f"REFUSED: {kept.refusals()} requests that did not follow from what was signed; kept in {book}"
        )
    kept.close()
