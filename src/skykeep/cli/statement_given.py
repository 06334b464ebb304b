"""What is handed to `skykeep statements`: files, standard input (`-`) and pasted text, with what a person
says of each.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from skykeep.app.statement_work import Pasted

STANDARD_INPUT = Path("-")
_Command = Callable[..., Any]


def said_options(command: _Command) -> _Command:
    """Add what a person may say of a pasted text; given again, it is said of the next one."""
    for name, shown, says in (
        ("--url", "PLACE", "Where you have the pasted text from, e.g. a URL."),
        ("--retrieved", "TIME", "When you took it, with its time zone; by default now."),
        ("--published", "TIME", "When the pasted text came out: an ISO date or date-time."),
        ("--publisher", "NAME", "Who published the pasted text."),
        ("--text", "TEXT", "A pasted text, beside files; `-` among the files reads one from standard input."),
    ):
        field = {"--text": "texts", "--url": "urls"}.get(name, name.strip("-"))
        command = click.option(name, field, multiple=True, metavar=shown, help=says)(command)
    return command


def given(
    paths: Sequence[Path],
    texts: Sequence[str],
    said: Mapping[str, Sequence[str]],
    now_utc_ns: int,
) -> list[Path | Pasted]:
    """Return files and pasted texts in the order in which they were given, pasted ones with what is said of
    them: `publisher`, `published`, `retrieved`, `url`, the first of each of standard input if that is read.
    """
    from skykeep.app.statement_work import Pasted
    from skykeep.wire.documents import LARGEST_BYTES, Said

    if paths.count(STANDARD_INPUT) > 1:
        raise click.UsageError("`-`: given twice, standard input can be read once")
    read = [sys.stdin.buffer.read(LARGEST_BYTES + 1)] if STANDARD_INPUT in paths else []
    held = [*read, *(text.encode() for text in texts)]
    for name, each in said.items():
        if len(each) > len(held):
            raise click.UsageError(f"--{name}: given {len(each)} times, for {len(held)} pasted texts")
    pasted = []
    for number, (data, publisher, published, retrieved, url) in enumerate(
        zip_longest(held, *said.values(), fillvalue=""), start=1
    ):
        pasted.append(
            Pasted(
                name=f"pasted-{number}.txt",
                data=data if isinstance(data, bytes) else b"",
                person=Said(publisher=str(publisher), published=str(published)),
                retrieved_utc_ns=time_of(str(retrieved)) if retrieved else now_utc_ns,
                retrieved_from=str(url),
            )
        )
    of_input = iter(pasted[: len(read)])
    files = [next(of_input) if path == STANDARD_INPUT else path for path in paths]
    return [*files, *pasted[len(read) :]]


def time_of(text: str) -> int:
    """Return a moment as nanoseconds of UTC; a usage error where it is none or has no time zone."""
    from skykeep.base.clock import from_iso_utc

    try:
        return from_iso_utc(text)
    except ValueError as error:
        raise click.UsageError(
            f"--retrieved {text!r}: must be a date and time with its zone, such as 2031-05-03T07:30+02:00"
        ) from error
