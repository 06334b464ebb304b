"""`skykeep keys`: the key that signs a site's logs: make it, show it, hand it on, say that it is lost."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

_FOLDER = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where keys are kept; by default in the user's data directory.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_BY = click.option("--by", required=True, help="Who does it.")
_WHY = click.option("--why", required=True, help="Why, in one line.")


@click.group()
def keys() -> None:
    """Keys that sign logs. What is printed is public; the private key stays in a folder of its own."""


@keys.command()
@click.argument("name")
@_FOLDER
@_JSON
def make(name: str, folder: Path | None, as_json: bool) -> None:
    """Make a key. NAME is an address of yours without https://, such as watch.example.org/harbour."""
    from skykeep.store.signing_keys import folder_of, make_key

    key = make_key(name, folder).verifier
    kept = str(folder_of(name, folder))
    _say(as_json, {"key": key.text, "kept_in": kept}, f"{key.text}\nkept in {kept}, for you alone.")


@keys.command()
@click.argument("name", required=False)
@_FOLDER
@_JSON
def show(name: str | None, folder: Path | None, as_json: bool) -> None:
    """Print public keys, to be handed out: by these others verify what you signed."""
    from skykeep.evidence.key_change import ROTATED, read_change
    from skykeep.store.signing_keys import folder_of, key_names, load_key, read_public

    names = (name,) if name is not None else key_names(folder)
    found = []
    for each in names:
        public = read_public(folder_of(each, folder))
        changes = [read_change(note) for note in load_key(each, folder).changes]
        found.append(
            {
                "key": public.text,
                "changes": [
                    {
                        "because": one.because,
                        "from": one.old.text,
                        "time": one.time,
                        "by": one.by,
                        "why": one.why,
                    }
                    for one in changes
                ],
            }
        )
    lines = []
    for one in found:
        lines.append(str(one["key"]))
        for change in one["changes"]:
            assert isinstance(change, dict)
            how = "handed on" if change["because"] == ROTATED else "LOST, not handed on"
            lines.append(
                f"  before {change['time']}: {change['from']} ({how} by {change['by']}: {change['why']})"
            )
    _say(as_json, {"keys": found}, "\n".join(lines) or "no keys are kept here.")


@keys.command()
@click.argument("name")
@_BY
@_WHY
@_FOLDER
@_JSON
def rotate(name: str, by: str, why: str, folder: Path | None, as_json: bool) -> None:
    """Make a new key that the old one names; the old private key is forgotten.

    Logs that are opened afterwards hold the statement, so that whoever knows either key can follow.
    """
    from skykeep.feeds.system_clock import SystemClock
    from skykeep.store.signing_keys import rotate_key

    now_utc_ns = SystemClock().now_utc_ns()
    new, statement = rotate_key(name, time_utc_ns=now_utc_ns, by=by, why=why, within=folder)
    said = f"{new.verifier.text}\nThe old key signed for it: whoever knew that one can follow."
    _say(as_json, {"key": new.verifier.text, "statement": statement.decode()}, said)


@keys.command()
@click.argument("name")
@_BY
@_WHY
@_FOLDER
@_JSON
def lose(name: str, by: str, why: str, folder: Path | None, as_json: bool) -> None:
    """Make a new key in the place of one that is gone, or that others may have.

    No old key stands behind the new one: tell it to whoever knew the old, in person or by telephone.
    """
    from skykeep.feeds.system_clock import SystemClock
    from skykeep.store.signing_keys import lose_key

    now_utc_ns = SystemClock().now_utc_ns()
    new, statement = lose_key(name, time_utc_ns=now_utc_ns, by=by, why=why, within=folder)
    said = (
        f"{new.verifier.text}\nNothing shows that it is the same hand: tell it in person to all who knew the "
        "old key. What the old key signed is still shown by it, unless others have it."
    )
    _say(as_json, {"key": new.verifier.text, "statement": statement.decode()}, said)


def _say(as_json: bool, found: dict[str, Any], words: str) -> None:
    if as_json:
        import msgspec

        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")
    else:
        click.echo(words)
