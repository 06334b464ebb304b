"""The evidence inside a dossier, taken out and proven by the stand-alone verifier's own hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from skykeep.base.errors import InputError
from skykeep.store import standalone_verifier


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a dossier brings: the note of the checkpoint under which each entry that it cites was proven, how
    many entries that counts, their root, and the entries as they are told.
    """

    note: bytes
    size: int
    root: bytes
    entries: tuple[dict[str, Any], ...]


def evidence_of(path: Path) -> Evidence | None:
    """Return the evidence in a dossier, None where it holds none; InputError where it was changed, or an
    entry that it cites is not in the log that its checkpoint is of.
    """
    data = path.read_bytes()
    try:
        found = standalone_verifier.evidence_in(data, path.name)
        if not found:
            return None
        note, said = standalone_verifier.proven(found[0], path.name)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputError(path.name, f"{error}", "a dossier as Skykeep printed it") from error
    return Evidence(note=note.data, size=note.size, root=note.root, entries=tuple(said["entries"]))
