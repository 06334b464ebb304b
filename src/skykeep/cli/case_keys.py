"""The option of all commands that write in a case: where the key is kept that signs it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from skykeep.store.case_folder import CaseFolder

_KEPT = "skykeep.keys_folder"


def _keep(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:  # noqa: ARG001
    context.meta[_KEPT] = value


KEYS = click.option(
    "--keys",
    type=click.Path(file_okay=False, path_type=Path),
    expose_value=False,
    callback=_keep,
    help="Where the key that signs the case is kept; by default in the user's data directory.",
)


def keys_folder() -> Path | None:
    """Return what was given to the command that runs."""
    folder: Path | None = click.get_current_context().meta.get(_KEPT)
    return folder


def open_case(case: Path) -> CaseFolder:
    """Open a case for writing, signed as it was begun; see `skykeep.app.case_opening`."""
    from skykeep.app import case_opening

    return case_opening.open_case(case, keys_folder())
