"""Printing a sentence at a terminal, whoever wrote what stands in it."""

from __future__ import annotations

import click


def say(sentence: str, *, err: bool = False) -> None:
    """Print a sentence on one line, nothing in it hidden: names and notes are written by others."""
    from skykeep.evidence.printable import visible

    click.echo(visible(sentence), err=err)
