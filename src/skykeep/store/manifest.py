"""What lies beside a log: `checkpoint.note`, `manifest.json` with the hash of every sealed file, and
`manifest.note`, where somebody signs that.

A manifest names each file of a night's directory with its size and SHA-256. For the log it also keeps four
bytes of the SHA-256 of each page, in one string of hex: they prove nothing, but when the whole file's hash no
longer fits they say *where*. The manifest is canonical JSON: a byte changed in it is seen, because what it
decodes to would be spelt differently. The checkpoint is a note (`skykeep.evidence.checkpoint`).

The note of the manifest is that checkpoint with further lines: `sha256 <of manifest.json in hex>`, and
`file <its sha256> <name>` for each file that no entry of the log speaks for. So it goes wherever a checkpoint
goes, and shows there which file was changed and sealed anew. Where there is no checkpoint, and in nights of
before, it is of two lines: `skykeep manifest 1` and the hash.

A manifest never stands without its note, whenever the power goes: the note is written first, over the old
manifest and the new (two lines `sha256`, one of them `none` where there was no manifest), then the manifest,
then the note over the new one alone. So a log that was closed in good order and is in no manifest was being
closed or opened again just then, if the manifest's note is of the log's last checkpoint; else its seal was
taken away.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import msgspec

from skykeep.base.errors import InputError, IntegrityError
from skykeep.domain.encoding import encode_json
from skykeep.evidence.checkpoint import (
    Checkpoint,
    Signer,
    body_of_note,
    checkpoint_body,
    names_files,
    read_checkpoint_body,
)
from skykeep.store.schema import PAGE_BYTES
from skykeep.store.standalone_verifier import VOUCHES

MANIFEST = "manifest.json"
CHECKPOINT = "checkpoint.note"
MANIFEST_NOTE = "manifest.note"
KEYS = "keys.txt"
COSIGNED = "cosigned"
CASE_NAMED = "case.txt"
_ALONE = b"skykeep manifest 1\n"
_PAGE_DIGEST_HEX = 8
_PAGES_AT_ONCE = 256


class SealedFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file as it was sealed; `page_digests` is empty except for a log."""

    name: str
    size: int
    sha256: str
    page_digests: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All sealed files of one directory, by name; `digest` is the SHA-256 of `files` as spelt here."""

    format: int
    files: tuple[SealedFile, ...]
    digest: str

    def file(self, name: str) -> SealedFile | None:
        """Return the entry of that name, or None."""
        return next((sealed for sealed in self.files if sealed.name == name), None)


def hash_file(path: Path, *, pages: bool = False) -> SealedFile:
    """Return a file's size and hash, and with `pages` where each page stands."""
    whole = hashlib.sha256()
    page_digests: list[str] = []
    size = 0
    with path.open("rb") as file:
        while block := file.read(PAGE_BYTES * _PAGES_AT_ONCE):
            whole.update(block)
            size += len(block)
            if pages:
                page_digests.extend(
                    hashlib.sha256(block[at : at + PAGE_BYTES]).hexdigest()[:_PAGE_DIGEST_HEX]
                    for at in range(0, len(block), PAGE_BYTES)
                )
    return SealedFile(name=path.name, size=size, sha256=whole.hexdigest(), page_digests="".join(page_digests))


def changed_pages(sealed: SealedFile, found: SealedFile) -> list[int]:
    """Return the numbers, from 1, of the pages that differ, are missing or are too many."""
    was, now = _split(sealed.page_digests), _split(found.page_digests)
    common = min(len(was), len(now))
    differ = [page + 1 for page in range(common) if was[page] != now[page]]
    return differ + list(range(common + 1, max(len(was), len(now)) + 1))


def _split(page_digests: str) -> list[str]:
    return [page_digests[at : at + _PAGE_DIGEST_HEX] for at in range(0, len(page_digests), _PAGE_DIGEST_HEX)]


def read_manifest(directory: Path) -> Manifest | None:
    """Return the manifest, None when there is none; IntegrityError when it is not as we write it."""
    manifest = _read(directory / MANIFEST)
    if manifest is not None and manifest.digest != _digest(manifest.files):
        raise IntegrityError(f"{MANIFEST} is damaged: its own digest does not fit")
    return manifest


def unlisted(directory: Path) -> tuple[str, ...]:
    """Return the files that lie in a sealed directory itself and are not in its manifest."""
    try:
        manifest = read_manifest(directory)
    except IntegrityError:
        return ()
    if manifest is None:
        return ()
    sealed = {MANIFEST, MANIFEST_NOTE, *(each.name for each in manifest.files)}
    there = (path.name for path in directory.glob("[!.]*") if path.is_file())
    return tuple(sorted(name for name in there if name not in sealed))


def strangers(directory: Path) -> tuple[list[str], list[str]]:
    """Return what lies anywhere below a sealed directory and nothing speaks for: links, which are never what
    was sealed, and files. Those in `blobs/` are set against their names, and are not among them.
    """
    try:
        manifest = read_manifest(directory)
    except IntegrityError:
        return [], []
    if manifest is None:
        return [], []
    sealed = {MANIFEST, MANIFEST_NOTE, *(each.name for each in manifest.files)}
    there = {path.relative_to(directory).as_posix(): path for path in sorted(directory.rglob("*"))}
    links = [name for name, path in there.items() if path.is_symlink()]
    files = [name for name, path in there.items() if name not in {*sealed, *links} and path.is_file()]
    return links, [name for name in files if not VOUCHES.match(name) and not name.startswith("blobs/")]


def read_checkpoint(directory: Path) -> Checkpoint | None:
    """Return the checkpoint beside a log, None when there is none; IntegrityError when it is not as we write
    it. Its signatures are not looked at.
    """
    try:
        note = (directory / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        return None
    try:
        return read_checkpoint_body(body_of_note(note))
    except InputError as error:
        raise IntegrityError(f"{CHECKPOINT} is damaged: {error}") from error


def note_of_files(directory: Path) -> tuple[bytes, ...]:
    """Return the note of the manifest where there is one that can leave the house, else nothing."""
    path = directory / MANIFEST_NOTE
    note = path.read_bytes() if path.is_file() else b""
    return (note,) if names_files(note) and not note.startswith(_ALONE) else ()


def write_checkpoint_note(directory: Path, note: bytes) -> None:
    """Replace `checkpoint.note` in one step."""
    replace_file(directory / CHECKPOINT, note)


def seal_files(directory: Path, *names: str, signer: Signer | None = None) -> Manifest:
    """Put files of `directory` into its manifest as they are now, each in place of its old entry, and have
    that signed when there is somebody to sign.
    """
    manifest = read_manifest(directory)
    files = {} if manifest is None else {sealed.name: sealed for sealed in manifest.files}
    for name in names:
        found = hash_file(directory / name, pages=name.endswith(".db"))
        files[name] = msgspec.structs.replace(found, name=name)
    return _write_manifest(directory, files, signer)


def unseal_files(directory: Path, *names: str, signer: Signer | None = None, anew: bool = False) -> None:
    """Take files out of the manifest, before they are changed in good order. `anew`: write and sign it even
    where none of them is in it, for the checkpoint that lies there now.
    """
    manifest = read_manifest(directory)
    files = () if manifest is None else manifest.files
    left = {sealed.name: sealed for sealed in files if sealed.name not in names}
    if anew or len(left) < len(files):
        _write_manifest(directory, left, signer)


def sign_alone(directory: Path, signer: Signer) -> None:
    """Do the last step of writing a manifest where that was cut off before it; a note by another is left."""
    path = directory / MANIFEST_NOTE
    note = path.read_bytes() if path.is_file() else b""
    text = body_of_note(note)
    if text.count(b"\nsha256 ") > 1 and is_signed_over(directory, text) and signer.sign(text) == note:
        replace_file(path, signer.sign(manifest_body(directory)))


def is_sealed(path: Path) -> bool:
    """Say whether a file is in the manifest of its directory."""
    manifest = read_manifest(path.parent)
    return manifest is not None and manifest.file(path.name) is not None


def replace_file(path: Path, data: bytes) -> None:
    """Write a whole file so that after a power cut either the old one or the new one is there."""
    draft = path.with_name(path.name + ".new")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def manifest_body(directory: Path) -> bytes:
    """Return what is signed of a manifest as it lies there."""
    lines = _lines_of(directory)
    head = _head(directory)
    return head + "".join(lines[:1] if head == _ALONE else lines).encode()


def _head(directory: Path) -> bytes:
    """Return what the text of a manifest's note begins with."""
    try:
        head = read_checkpoint(directory)
    except IntegrityError:
        head = None
    return _ALONE if head is None else checkpoint_body(head)


def is_signed_over(directory: Path, text: bytes) -> bool:
    """Say whether the text of a manifest's note is over the manifest that lies there. Which checkpoint it
    begins with is not looked at: the log may have gone on.
    """
    return _line_of(_bytes_of(directory)).encode() in text.splitlines(keepends=True)


def _bytes_of(directory: Path) -> bytes | None:
    path = directory / MANIFEST
    return path.read_bytes() if path.is_file() else None


def _line_of(data: bytes | None) -> str:
    """Return the line that says which manifest a note is over."""
    return f"sha256 {'none' if data is None else hashlib.sha256(data).hexdigest()}\n"


def _lines_of(directory: Path) -> list[str]:
    """Return the lines that a manifest adds to the checkpoint, each with its end."""
    lines = [_line_of(_bytes_of(directory))]
    try:
        manifest = read_manifest(directory)
    except IntegrityError:
        return lines
    files = () if manifest is None else manifest.files
    return lines + [f"file {each.sha256} {each.name}\n" for each in files if _is_paper(each.name)]


def _is_paper(name: str) -> bool:
    return not name.endswith(".db") and name not in (CHECKPOINT, KEYS)


def _write_manifest(directory: Path, files: dict[str, SealedFile], signer: Signer | None) -> Manifest:
    ordered = tuple(files[name] for name in sorted(files))
    manifest = Manifest(format=1, files=ordered, digest=_digest(ordered))
    data, note = encode_json(manifest), directory / MANIFEST_NOTE
    if signer is None:
        note.unlink(missing_ok=True)
        replace_file(directory / MANIFEST, data)
        return manifest
    either = _line_of(data) + _line_of(_bytes_of(directory))
    replace_file(note, signer.sign(_head(directory) + either.encode()))
    replace_file(directory / MANIFEST, data)
    replace_file(note, signer.sign(manifest_body(directory)))
    return manifest


def _digest(files: tuple[SealedFile, ...]) -> str:
    return hashlib.sha256(encode_json(files)).hexdigest()


def _read(path: Path) -> Manifest | None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise IntegrityError(f"{path.name} is damaged: {error}") from error
    if encode_json(manifest) != data:
        raise IntegrityError(f"{path.name} is damaged: it is not spelt as Skykeep spells it")
    return manifest
