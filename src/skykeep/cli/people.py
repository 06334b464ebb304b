"""`skykeep people`: who may prove who they are at the doors, by a passphrase."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from skykeep.cli.say import say

if TYPE_CHECKING:
    from skykeep.store.people_file import PeopleFile

_FILE = click.option(
    "--file",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file of passphrases' digests; made when it is not there.",
)


@click.group()
def people() -> None:
    """Persons on duty and their passphrases: without one (or a token) nobody approves in a live watch."""


@people.command()
@click.argument("person_id")
@_FILE
@click.option(
    "--site", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="They must be on duty there."
)
@click.option("--by", required=True, help="Who enrols them.")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the passphrase from there, one line.")
def enrol(person_id: str, path: Path, site: Path | None, by: str, from_stdin: bool) -> None:
    """Give a person a passphrase, in the place of any they had. They type it; it is never shown."""
    if site is not None:
        from skykeep.app.site_text import read_site_file

        ids = [each.id for each in read_site_file(site).people]
        if person_id not in ids:
            raise click.BadParameter(f"{person_id}, must be one of {', '.join(ids)}", param_hint="PERSON_ID")
    if from_stdin:
        passphrase = sys.stdin.readline().rstrip("\r\n")
    else:
        passphrase = click.prompt(f"Passphrase of {person_id}", hide_input=True, confirmation_prompt=True)
    _opened(path).enrol(person_id, passphrase, by)
    say(f"{person_id} is enrolled.")


@people.command(name="list")
@_FILE
def list_(path: Path) -> None:
    """Say who is enrolled, since when and by whom."""
    from skykeep.base.clock import iso_utc

    for each in _opened(path).people:
        since = f"{each.person_id}: enrolled {iso_utc(each.enrolled_utc_ns)} by {each.enrolled_by}"
        ended = (
            ""
            if each.revoked_utc_ns is None
            else f", ended {iso_utc(each.revoked_utc_ns)} by {each.revoked_by}"
        )
        say(since + ended)


@people.command()
@click.argument("person_id")
@_FILE
@click.option("--by", required=True, help="Who ends it.")
def revoke(person_id: str, path: Path, by: str) -> None:
    """End a person's passphrase; a watch that runs knows it at once."""
    _opened(path).revoke(person_id, by)
    say(f"{person_id} can prove nothing any more.")


def _opened(path: Path) -> PeopleFile:
    from skykeep.feeds.system_clock import SystemClock
    from skykeep.store.people_file import PeopleFile

    return PeopleFile(path, SystemClock())
