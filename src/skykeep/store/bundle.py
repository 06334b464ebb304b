"""The bundle: a night with all that belongs to it in one ZIP, for a stranger who has nothing of ours.

| in the ZIP | |
|---|---|
| `README.txt` | what this is, how to verify it, what that shows and what it does not |
| `verify.py` | the stand-alone verifier (`skykeep.store.standalone_verifier`), plain Python |
| `contents.txt` | the SHA-256 of every other file, as `sha256sum -c` reads it |
| `night/` | the night's folder as it is: log, dossier, tables, case, media, statements, checkpoints, keys |

The same folder gives the same bytes every time: names in order, one fixed time, no mark of the machine.
Only a log that was closed in good order is bundled: one that is open is somebody's to write on.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from skykeep.base.errors import SetupError
from skykeep.store import manifest, standalone_verifier
from skykeep.store.keys_file import read_keys
from skykeep.store.log_database import is_being_written
from skykeep.store.log_reader import LogReader

README, VERIFIER, CONTENTS, NIGHT = "README.txt", "verify.py", "contents.txt", "night"
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = ("-wal", "-shm", "-journal", ".new")
_PIECE_BYTES = 1 << 20


class Bundled(msgspec.Struct, frozen=True, kw_only=True):
    """What was written: how many files of the night, how many bytes the ZIP has, and its SHA-256."""

    files: int
    bytes: int
    sha256: str


def write_bundle(night: Path, out: Path) -> Bundled:
    """Bundle the night in a folder into `out`, in one step; SetupError where it is not closed, or `out` lies
    in it.
    """
    if out.resolve().is_relative_to(night.resolve()):
        raise SetupError(f"{out}: lies in the night's own folder, must be elsewhere")
    readme = _readme(night)
    files = list(_files(night))
    draft = out.with_name(out.name + ".new")
    with zipfile.ZipFile(draft, "w") as bundle:
        sums = [
            _put(bundle, README, readme),
            _put(bundle, VERIFIER, Path(standalone_verifier.__file__).read_bytes()),
            *(_put(bundle, f"{NIGHT}/{path.relative_to(night).as_posix()}", path) for path in files),
        ]
        _put(bundle, CONTENTS, "".join(sums).encode())
    draft.replace(out)
    return Bundled(files=len(files), bytes=out.stat().st_size, sha256=manifest.hash_file(out).sha256)


def _files(night: Path) -> Iterator[Path]:
    for path in sorted(night.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(night).parts)
        if path.is_file() and not path.is_symlink() and not hidden and not path.name.endswith(_LEFT_OUT):
            yield path


def _put(bundle: zipfile.ZipFile, name: str, data: bytes | Path) -> str:
    """Add a file; return its line in `contents.txt`."""
    info = zipfile.ZipInfo(name, _FIXED_TIME)
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
    found = hashlib.sha256()
    with bundle.open(info, "w", force_zip64=isinstance(data, Path)) as place:
        if isinstance(data, bytes):
            found.update(data)
            place.write(data)
        else:
            with data.open("rb") as file:
                while piece := file.read(_PIECE_BYTES):
                    found.update(piece)
                    place.write(piece)
    return f"{found.hexdigest()}  {name}\n"


def _readme(night: Path) -> bytes:
    """Return the text for a stranger, after checking that every log in the folder was closed."""
    logs = sorted(path for path in night.rglob("*.db") if path.is_file())
    if not logs:
        raise SetupError(f"{night}: holds no log")
    told = []
    for log in logs:
        sealed = manifest.read_manifest(log.parent)
        if is_being_written(log.parent) or sealed is None or sealed.file(log.name) is None:
            raise SetupError(f"{log}: was not closed in good order, must be closed before it is bundled")
        reader = LogReader(log)
        head = reader.last_checkpoint()
        reader.close()
        keys = "".join(f"    key        {key.text}\n" for key in read_keys(log.parent))
        told.append(
            f"{NIGHT}/{log.relative_to(night).as_posix()}\n    log        {head.origin}\n"
            f"    entries    {head.entries}\n{keys}"
        )
    return _TEXT.format(logs="\n".join(told)).encode()


_TEXT = """\
A record made by Skykeep, and how to verify it without Skykeep
==============================================================

In `night` lies the record of one watch over the low sky: every message that sensors sent, what the
system made of it, what people were shown and what they decided, in the order in which it happened; the
dossier (a PDF), and what was filed with the case. It holds:

{logs}
To verify it you need Python 3.9 or later and nothing else, and no network:

    python3 -I verify.py night

`verify.py` is one file of plain Python. Read it first: it is written to be read. It gives two verdicts:

    INTEGRITY     what is here is as it was written (nothing altered, put in, moved, or swapped)
    COMPLETENESS  nothing is missing (nothing dropped, no end cut off), as far as anything at hand can show

What the record cannot show by itself: whoever owns the log and its key could rewrite all of it, and this
file too. So use what you have from elsewhere. If anybody gave you a checkpoint earlier (a file, a letter,
a printed page with a QR code), or you know the key of the log or of a witness otherwise, say so:

    python3 -I verify.py night --checkpoint FILE --key KEY
    python3 -I verify.py night --manifest FILE      # a manifest.note: for the files beside the log too

Then a log that was cut, altered or rebuilt since then is found, whoever did it. Nothing here shows that
what sensors reported was true, nor that everything that happened was reported: only what was on record,
and when. Parts may have been redacted for privacy. That is said, with who did it and why, and it breaks
nothing else.

`contents.txt` holds the SHA-256 of every file (`sha256sum -c contents.txt`).
"""
