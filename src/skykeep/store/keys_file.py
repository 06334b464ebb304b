"""`keys.txt` beside a log: the public keys of whoever signed it, and of its witnesses, one on a line.

It says which keys to try and proves nothing: whoever makes a log can make this file. What counts is a key
that the reader knows from elsewhere. Lines that begin with `#` are for people.
"""

from __future__ import annotations

from pathlib import Path

from skykeep.base.errors import InputError, IntegrityError
from skykeep.evidence.signed_note import VerifierKey, read_verifier_key
from skykeep.evidence.simulation_key import PROVES_NOTHING, SIMULATION_NAME
from skykeep.store.manifest import KEYS, replace_file


def read_keys(folder: Path) -> tuple[VerifierKey, ...]:
    """Return the keys, none where there is no such file; IntegrityError where a line is no key."""
    try:
        lines = (folder / KEYS).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError as error:
        raise IntegrityError(f"{KEYS} is damaged: {error.reason}") from error
    try:
        return tuple(read_verifier_key(line) for line in lines if line.strip() and not line.startswith("#"))
    except InputError as error:
        raise IntegrityError(f"{KEYS} is damaged: {error}") from error


def add_keys(folder: Path, *keys: VerifierKey) -> None:
    """Write keys behind those that are there already."""
    known = {key.text: key for key in (*read_keys(folder), *keys)}
    lines = ["# Keys to verify this log with. They lie beside it and so prove nothing by themselves."]
    if any(key.name == SIMULATION_NAME for key in known.values()):
        lines.append(f"# {PROVES_NOTHING}")
    replace_file(folder / KEYS, "".join(f"{line}\n" for line in (*lines, *known)).encode())
