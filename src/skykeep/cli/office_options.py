"""What the verbs of the office share: where the register is, who asks, and how an answer is printed."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

if TYPE_CHECKING:
    from skykeep.app.office import Office
    from skykeep.domain.actor import Actor

F = TypeVar("F", bound=Callable[..., None])
T = TypeVar("T")


def office_command(group: click.Group, name: str, *, rules: bool = False) -> Callable[[F], click.Command]:
    """Make a function that is given the office and who asks into a command of a group."""

    def make(work: F) -> click.Command:
        @functools.wraps(work)
        def run(
            register: str,
            as_name: str,
            people: Path | None,
            role: str,
            authority: str,
            settings: Path | None,
            **rest: Any,
        ) -> None:
            from skykeep.store.register import open_register

            with open_register(register) as opened:
                office = _office(opened, settings)
                if rules:
                    office.tick()
                work(office, _actor(as_name, people, role, authority), **rest)

        return group.command(name)(_with_options(run))

    return make


def _with_options(run: Callable[..., None]) -> Callable[..., None]:
    options = (
        click.option(
            "--register",
            required=True,
            metavar="FILE-OR-URL",
            help="The register: a SQLite file, or postgresql://...",
        ),
        click.option("--as", "as_name", required=True, metavar="NAME", help="Who asks: a name."),
        click.option(
            "--people",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A TOML or JSON file of the people and their rights; NAME must be in it.",
        ),
        click.option(
            "--role",
            type=click.Choice(["applicant", "officer"]),
            default="applicant",
            show_default=True,
            help="Without --people: what NAME is.",
        ),
        click.option(
            "--authority", default="", metavar="ID", help="Without --people: whom an officer acts for."
        ),
        click.option(
            "--settings",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="A TOML or JSON file of the office's settings.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    )
    for option in reversed(options):
        run = option(run)
    return run


def read_file(path: Path, wanted: type[T]) -> T:
    """Return the form in a file."""
    from skykeep.app.office_forms import read_form

    return read_form(path.read_bytes(), path.name, wanted)


def show_json(found: object) -> None:
    """Print a record as JSON."""
    from skykeep.domain.encoding import encode_json

    sys.stdout.write(msgspec.json.format(encode_json(found), indent=2).decode() + "\n")


def _office(register: Any, settings: Path | None) -> Office:
    from skykeep.app.office import Office, OfficeSettings
    from skykeep.feeds.system_clock import SystemClock

    chosen = OfficeSettings() if settings is None else read_file(settings, OfficeSettings)
    return Office(register, SystemClock(), chosen)


def _actor(name: str, people: Path | None, role: str, authority: str) -> Actor:
    from skykeep.app.office_forms import PeopleForm, actor_of
    from skykeep.domain.actor import Actor, Right

    if people is not None:
        for person in read_file(people, PeopleForm).people:
            if person.name == name:
                return actor_of(person)
        raise click.BadParameter(f"{name} is not in {people}", param_hint="--as")
    if role == "officer":
        if not authority:
            raise click.UsageError("an officer acts for an authority: --authority ID")
        return Actor(name=name, role=role, rights=frozenset(Right), authority_id=authority)
    return Actor(name=name, role=role, rights=frozenset({Right.APPLY}))
