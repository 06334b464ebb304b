"""Where the private key that signs a site's logs is kept: a folder of its own, never the night's.

| file | what |
|---|---|
| `private.key` | the key, as `skykeep.evidence.signed_note` spells it; for its owner only (mode 0600) |
| `public.vkey` | the public half, to be handed out |
| `changes/0001.note` | the first change of key, signed (`skykeep.evidence.key_change`), and so on |

By default the folder is in the user's data directory, under the key's name. A rotation that broke off is
ended or undone when the key is next looked at: the new private key lies as `private.key.new` until the
statement that names it is on the disk.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from urllib.parse import quote

import msgspec
import platformdirs

from skykeep.base.errors import InputError, SetupError
from skykeep.evidence.key_change import read_change, state_change
from skykeep.evidence.signed_note import SigningKey, VerifierKey, read_signing_key, read_verifier_key
from skykeep.store.manifest import replace_file, sync_directory

PRIVATE, PUBLIC, CHANGES = "private.key", "public.vkey", "changes"
_NEW = PRIVATE + ".new"


class KeyRing(msgspec.Struct, frozen=True, kw_only=True):
    """A key and how it came to be: `changes` are the signed statements, the oldest first."""

    key: SigningKey
    changes: tuple[bytes, ...]


def keys_dir() -> Path:
    """Return where keys are kept by default."""
    return Path(platformdirs.user_data_dir("skykeep", appauthor=False)) / "keys"


def folder_of(name: str, within: Path | None = None) -> Path:
    """Return the folder of a key of that name."""
    return (within or keys_dir()) / quote(name, safe="")


def key_names(within: Path | None = None) -> tuple[str, ...]:
    """Return the names of the keys that are kept here."""
    found = (within or keys_dir()).glob(f"*/{PUBLIC}")
    return tuple(sorted(read_public(path.parent).name for path in found))


def make_key(name: str, within: Path | None = None) -> SigningKey:
    """Make a key from the system's randomness and keep it; SetupError where there is one of that name."""
    key = SigningKey(name, os.urandom(32))
    folder = folder_of(name, within)
    if (folder / PUBLIC).exists():
        raise SetupError(f"{folder}: a key of that name is there; rotate it, or say that it is lost")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_private(folder / _NEW, key)
    (folder / _NEW).replace(folder / PRIVATE)
    replace_file(folder / PUBLIC, f"{key.verifier.text}\n".encode())
    return key


def load_key(name: str, within: Path | None = None) -> KeyRing:
    """Return a key with its past; SetupError where it is not there, others may read it, or it is no key."""
    folder = folder_of(name, within)
    _settle(folder)
    changes = tuple(_statements(folder))
    key = _read_private(folder / PRIVATE)
    if changes and read_change(changes[-1]).new.public != key.verifier.public:
        raise SetupError(f"{folder / PRIVATE}: not the key that the last change names")
    return KeyRing(key=key, changes=changes)


def read_public(folder: Path) -> VerifierKey:
    """Return the public key in a key's folder."""
    path = folder / PUBLIC
    try:
        return read_verifier_key(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, InputError) as error:
        raise SetupError(f"{path}: cannot be read as a public key: {error}") from error


def rotate_key(
    name: str, *, time_utc_ns: int, by: str, why: str, within: Path | None = None
) -> tuple[SigningKey, bytes]:
    """Make a new key that the old one names, and forget the old; return it with the statement of both."""
    old = load_key(name, within).key
    return _change(name, old, time_utc_ns, by, why, within)


def lose_key(
    name: str, *, time_utc_ns: int, by: str, why: str, within: Path | None = None
) -> tuple[SigningKey, bytes]:
    """Make a new key in the place of one that is gone, or that others may have; return it with its statement,
    which no old key signed.
    """
    folder = folder_of(name, within)
    _settle(folder)
    return _change(name, read_public(folder), time_utc_ns, by, why, within)


def _change(
    name: str, old: SigningKey | VerifierKey, time_utc_ns: int, by: str, why: str, within: Path | None
) -> tuple[SigningKey, bytes]:
    folder = folder_of(name, within)
    new = SigningKey(name, os.urandom(32))
    statement = state_change(old, new, time_utc_ns=time_utc_ns, by=by, why=why)
    changes = folder / CHANGES
    changes.mkdir(exist_ok=True)
    number = len(tuple(_statements(folder))) + 1
    _write_private(folder / _NEW, new)
    replace_file(changes / f"{number:04d}.note", statement)
    _settle(folder)
    return new, statement


def _settle(folder: Path) -> None:
    """End a change of key that was broken off: the new key holds once its statement is on the disk."""
    draft = folder / _NEW
    if not draft.exists():
        return
    new = _read_private(draft)
    statements = list(_statements(folder))
    if statements and read_change(statements[-1]).new.public == new.verifier.public:
        draft.replace(folder / PRIVATE)
        replace_file(folder / PUBLIC, f"{new.verifier.text}\n".encode())
    else:
        draft.unlink()
        sync_directory(folder)


def _statements(folder: Path) -> list[bytes]:
    found = []
    for path in sorted((folder / CHANGES).glob("[0-9]*.note")):
        statement = path.read_bytes()
        try:
            read_change(statement)
        except InputError as error:
            raise SetupError(f"{path}: is no change of key: {error}") from error
        found.append(statement)
    return found


def _write_private(path: Path, key: SigningKey) -> None:
    # Made for its owner only, not made and then closed to others.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(descriptor, 0o600)
        file.write(key.secret_text + "\n")
        file.flush()
        os.fsync(descriptor)
    sync_directory(path.parent)


def _read_private(path: Path) -> SigningKey:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: cannot be read: {error}; a key that is gone must be said lost") from error
    if mode & 0o077:
        raise SetupError(f"{path}: mode {mode:04o}, must be 0600: others could sign with it")
    try:
        return read_signing_key(text)
    except InputError as error:
        raise SetupError(f"{path}: {error}") from error
