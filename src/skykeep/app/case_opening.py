"""A case opened for work: what it says is signed by the key that signed it before, and the night names it.

`case.txt` in a night's folder says which log its case is, and whose key signs that. It is sealed with the
night, so that a case that was taken away or exchanged is seen.
"""

from __future__ import annotations

from pathlib import Path

from skykeep.app.record_duty import ring_of
from skykeep.base.errors import InputError, SetupError
from skykeep.evidence.entry import Salts
from skykeep.evidence.key_change import read_change
from skykeep.evidence.signed_note import SigningKey, read_note
from skykeep.store.case_folder import FOLDER, CaseFolder
from skykeep.store.keys_file import add_keys, read_keys
from skykeep.store.log_database import UNNAMED
from skykeep.store.manifest import CASE_NAMED, CHECKPOINT, KEYS, replace_file
from skykeep.store.signing_keys import KeyRing


def open_case(
    folder: Path,
    keys_folder: Path | None = None,
    *,
    origin: str = UNNAMED,
    salts: Salts | None = None,
    ring: KeyRing | None = None,
) -> CaseFolder:
    """Open or begin a case, signed as it was begun, or by the key of `ring`, whose changes are written into
    it; SetupError where the key that signed it is not kept in `keys_folder` (by default the user's own
    place).
    """
    ring = ring or _ring_of_case(folder, keys_folder)
    key = None if ring is None else ring.key
    case = CaseFolder.open(folder, origin=origin, salts=salts, signer=key)
    try:
        if ring is not None:
            case.take_changes(ring.changes)
            add_keys(folder, ring.key.verifier)
    except BaseException:
        case.close()
        raise
    return case


def name_case(night: Path, case: CaseFolder, key: SigningKey | None) -> None:
    """Name a night's own case in its folder, once, before the night is sealed."""
    if case.folder == night / FOLDER and not (night / CASE_NAMED).exists():
        signed = "" if key is None else f"key {key.verifier.text}\n"
        replace_file(night / CASE_NAMED, f"log {case.origin}\n{signed}".encode())


def _ring_of_case(folder: Path, keys_folder: Path | None) -> KeyRing | None:
    ring = ring_of(folder, keys_folder)
    if ring is None:
        note = folder / CHECKPOINT
        if note.is_file() and b"\n\n" in (data := note.read_bytes()):
            by = ", ".join(one.name for one in read_note(data).signatures)
            raise SetupError(f"{folder}: is signed by {by}, and {KEYS} that names the key is not there")
        return None
    there = {key.text for key in read_keys(folder)}
    try:
        olds = {read_change(change).old.text for change in ring.changes}
    except InputError as error:
        raise SetupError(f"{ring.key.name}: a change of key cannot be read: {error}") from error
    if not there & {ring.key.verifier.text, *olds}:
        raise SetupError(
            f"{folder}: the key {ring.key.name} that is kept here is another than the one that signed it; "
            "give the folder of that one with --keys"
        )
    return ring
