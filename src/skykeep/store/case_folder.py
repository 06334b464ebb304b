"""A case on a disk: `case.db`, a log of all that people did, and `blobs/`, every file whole.

| in the folder | |
|---|---|
| `case.db` | a log like that of a night; what was done is an input, what was refused an output behind it |
| `blobs/SHA-256` | a file as it was handed in: written once, never changed, nobody's to write |

How the case stands is a fold over the log (`skykeep.evidence.case_book`), made again whenever it is opened.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from skykeep import __version__
from skykeep.base.errors import InputError, IntegrityError, SetupError
from skykeep.domain.casework import CASE_KINDS, AddDocument, AttachedNight, CaseEntry, Refusal
from skykeep.domain.encoding import decode_json, encode_json
from skykeep.domain.incident import Incident
from skykeep.domain.record import EntryRole, KeyChanged, LogEntry
from skykeep.domain.statement import SourceDocument
from skykeep.evidence.case_book import CaseBook, refusal_of
from skykeep.evidence.checkpoint import Signer
from skykeep.evidence.entry import Salts, shown_payload
from skykeep.evidence.key_change import KIND
from skykeep.evidence.log_walk import REDACTED_KIND
from skykeep.store.log_database import UNNAMED, LogDatabase
from skykeep.store.log_reader import LogReader
from skykeep.store.manifest import sync_directory

CASE_LOG, BLOBS, FOLDER = "case.db", "blobs", "case"
LARGEST_FILE_BYTES = 512 * 1024 * 1024
_TYPES = {kind: wanted for wanted, kind in CASE_KINDS.items()}
_BEGINNING, _REFUSED = "case", "refusal"


class CaseHeader(msgspec.Struct, frozen=True, kw_only=True):
    """The first entry of a case's log: which format, and what version began it."""

    format: int
    version: str


class CaseFolder:
    """A case open for writing, from any thread, by one process. `book` is how it stands."""

    def __init__(self, folder: Path, log: LogDatabase, book: CaseBook, last_utc_ns: int) -> None:
        self.folder = folder
        self.book = book
        self._log = log
        self._last_utc_ns = last_utc_ns
        self._lock = threading.RLock()

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        origin: str = UNNAMED,
        salts: Salts | None = None,
        signer: Signer | None = None,
    ) -> CaseFolder:
        """Open or begin the case in `folder`; the rest is as in `LogDatabase.open`.

        SetupError where it is another process's to write, or no case; IntegrityError where its log does not
        agree with itself.
        """
        (folder / BLOBS).mkdir(parents=True, exist_ok=True)
        log = LogDatabase.open(folder / CASE_LOG, origin=origin, salts=salts, signer=signer)
        try:
            book = CaseBook()
            last, pending = _fold(folder, log.entries(), book)
            if last is None:
                header = encode_json(CaseHeader(format=1, version=__version__))
                log.append(0, EntryRole.INPUT, _BEGINNING, header)
                log.flush()
            case = cls(folder, log, book, 0 if last is None else last.time_utc_ns)
            if pending is not None:
                # It was broken off between an entry and the word that it was refused.
                case._append(EntryRole.OUTPUT, _REFUSED, pending, pending.time_utc_ns)
            return case
        except BaseException:
            log.close()
            raise

    def receive(self, entry: CaseEntry, *, wait: bool = True) -> Incident | AttachedNight | None:
        """Write one entry, then follow it; return the incident or night that it made or changed.

        InputError where it is refused, which is written too; IntegrityError where the log cannot be written.
        With `wait` it is on the disk on return.
        """
        with self._lock:
            kind = CASE_KINDS[type(entry)]
            try:
                payload = encode_json(entry)
                decode_json(payload, type(entry))
            except (UnicodeEncodeError, msgspec.MsgspecError, OverflowError) as error:
                raise InputError(kind, str(error), "a record that can be written down") from error
            self._write(EntryRole.INPUT, kind, payload, entry.time_utc_ns)
            try:
                return self.book.apply(entry)
            except InputError as error:
                self._append(EntryRole.OUTPUT, _REFUSED, refusal_of(entry, error), entry.time_utc_ns)
                raise
            finally:
                if wait:
                    self._log.flush()

    def add_document(self, document: SourceDocument, data: bytes, by: str, time_utc_ns: int) -> None:
        """Keep a document whole, and file it. `data` are the file's own bytes, `document.sha256` of them."""
        sha256 = self.keep(data)
        if document.sha256 != sha256:
            raise InputError("sha256", document.sha256, f"that of its bytes, {sha256}")
        self.receive(AddDocument(document=document, by=by, time_utc_ns=time_utc_ns))

    @property
    def origin(self) -> str:
        """What the case's log is called."""
        return self._log.head().origin

    def take_changes(self, changes: Iterable[bytes]) -> None:
        """Write those changes of the key that signs which are not in the log yet."""
        with self._lock:
            there = {decode_json(entry.payload, KeyChanged).note for entry in self._log.entries(kind=KIND)}
            for note in (change.decode() for change in changes):
                if note not in there:
                    changed = KeyChanged(note=note, time_utc_ns=self._last_utc_ns)
                    self._append(EntryRole.INPUT, KIND, changed, self._last_utc_ns)
            self._log.flush()

    def keep(self, data: bytes) -> str:
        """Keep bytes whole, once, and return their SHA-256; InputError when they are too many."""
        if len(data) > LARGEST_FILE_BYTES:
            raise InputError("file", f"{len(data)} bytes", f"at most {LARGEST_FILE_BYTES}")
        sha256 = hashlib.sha256(data).hexdigest()
        place = self.folder / BLOBS / sha256
        if place.exists():
            read_blob(self.folder, sha256)
            return sha256
        draft = place.with_name(f".{sha256}.{os.getpid()}.{threading.get_ident()}")
        try:
            with draft.open("xb") as file:
                os.fchmod(file.fileno(), 0o444)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            # A link, not a rename: what is there already is never replaced.
            with contextlib.suppress(FileExistsError):
                os.link(draft, place)
        finally:
            draft.unlink(missing_ok=True)
        sync_directory(place.parent)
        return sha256

    def at_once(self) -> AbstractContextManager[object]:
        """Return a lock to hold where several entries belong together, or follow from how it stands."""
        return self._lock

    def blob(self, sha256: str) -> bytes:
        """Return a file that was kept; see `read_blob`."""
        return read_blob(self.folder, sha256)

    def close(self) -> None:
        """Seal the log and let go of it."""
        self._log.close()

    def __enter__(self) -> CaseFolder:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def _append(self, role: EntryRole, kind: str, record: object, time_utc_ns: int) -> None:
        self._write(role, kind, encode_json(record), time_utc_ns)

    def _write(self, role: EntryRole, kind: str, payload: bytes, time_utc_ns: int) -> None:
        # The log's time never runs backwards; an entry keeps its own.
        if -(2**63) < time_utc_ns < 2**63:
            self._last_utc_ns = max(self._last_utc_ns, time_utc_ns)
        self._log.append(self._last_utc_ns, role, kind, payload)


def find_case(path: Path) -> Path:
    """Return the case folder that `path` is or holds; SetupError where there is none."""
    for folder in (path, path / FOLDER):
        if (folder / CASE_LOG).is_file():
            return folder
    raise SetupError(f"{path}: no case: neither {CASE_LOG} nor {FOLDER}/{CASE_LOG} is there")


def read_case(folder: Path) -> CaseBook:
    """Return how a case stands, without opening it for writing: somebody else may have it open."""
    return read_case_log(find_case(folder) / CASE_LOG)


def read_case_log(log: Path) -> CaseBook:
    """Return how a case stands by its log alone; see `read_case`."""
    book = CaseBook()
    reader = LogReader(log)
    try:
        _fold(log.parent, reader.entries(), book)
    finally:
        reader.close()
    return book


def read_blob(folder: Path, sha256: str) -> bytes:
    """Return the bytes of a file that was kept; IntegrityError where it is gone or is not what it was."""
    try:
        data = (folder / BLOBS / sha256).read_bytes()
    except FileNotFoundError as error:
        raise IntegrityError(f"{BLOBS}/{sha256}: is missing") from error
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise IntegrityError(f"{BLOBS}/{sha256}: holds something else, with the SHA-256 {found}")
    return data


def blob_faults(folder: Path, book: CaseBook) -> tuple[tuple[str, bool], ...]:
    """Return what is wrong with the files of a case, in sentences, each with whether the file is gone; none
    when all are as they were filed.
    """
    faults = []
    wanted = book.blobs()
    for sha256, name in wanted.items():
        try:
            read_blob(folder, sha256)
        except IntegrityError as error:
            faults.append((f"{name}: {error}", not (folder / BLOBS / sha256).exists()))
    return tuple(faults)


def _fold(
    folder: Path, entries: Iterable[LogEntry], book: CaseBook
) -> tuple[LogEntry | None, Refusal | None]:
    """Follow a case's log; return its last entry, and a refusal that should stand behind it and does not.

    SetupError where it is not the log of a case; IntegrityError where what it says was refused was not, or
    the other way round.
    """
    last: LogEntry | None = None
    refused: Refusal | None = None
    for entry in entries:
        if last is None and entry.kind != _BEGINNING:
            raise SetupError(f"{folder}: begins with {entry.kind!r}, must begin with {_BEGINNING!r}")
        last = entry
        if entry.kind in (_BEGINNING, REDACTED_KIND, KIND):
            continue
        if entry.role is EntryRole.OUTPUT or refused is not None:
            if entry.kind != _REFUSED or refused is None or encode_json(refused) != entry.payload:
                raise IntegrityError(
                    f"entry {entry.sequence}: what was refused came out otherwise", entry.sequence
                )
            refused = None
            continue
        record = _decode(entry)
        try:
            book.apply(record)
        except InputError:
            refused = book.refusals[-1]
    return last, refused


def _decode(entry: LogEntry) -> CaseEntry:
    wanted = _TYPES.get(entry.kind)
    if wanted is None:
        raise IntegrityError(f"entry {entry.sequence}: {entry.kind!r} is nothing of a case", entry.sequence)
    try:
        record: CaseEntry = decode_json(shown_payload(entry), wanted)
    except (msgspec.DecodeError, ValueError) as error:
        raise IntegrityError(f"entry {entry.sequence}: cannot be read: {error}", entry.sequence) from error
    return record
