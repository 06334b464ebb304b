"""Is this log, is this whole night, as it was written? Every answer in a sentence; nothing is ever repaired.

| what is set against what | what it catches |
|---|---|
| the file against the hash taken when it was sealed | one changed byte anywhere, also where no entry is |
| the file against SQLite's own rules, its tables against our definitions | damage to what holds entries |
| every entry against the chain | entries altered, dropped, put in, moved; which is the first |
| the length against the checkpoints | an end that was cut off |
| the other files against the manifest | a dossier or summary that was changed |

A log that was never closed has no hash: then entries, tables and checkpoints are all there is to check.
Looking changes nothing: a sealed file is read as if it stood on paper, an open one through a copy.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgspec

from skykeep.base.errors import IntegrityError, SetupError
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.evidence.chain import ChainReport, Fault, verify_chain
from skykeep.evidence.chain_head import Checkpoint, checkpoint_faults
from skykeep.store import manifest, salvage, schema
from skykeep.store.log_database import is_being_written

_REGIONS_NAMED = 5


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing found wrong: in which file, at which entry (None when no entry differs), and how."""

    file: str
    entry: int | None
    field: str
    sentence: str


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of checking a log and the files beside it; `verified` when nothing was found wrong."""

    path: str
    verified: bool
    sealed: bool
    entries: int
    last_digest: str
    clock_went_back: int
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


class _Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What could be read from a database."""

    chain: ChainReport
    checkpoints: tuple[Checkpoint, ...]
    digests: dict[int, str]
    wrong: tuple[str, ...]


def check_path(path: Path) -> CheckReport:
    """Check a night's directory, its log, or one of the files sealed beside it; SetupError when there is no
    log at `path`.
    """
    directory = path if path.is_dir() else path.parent
    try:
        sealed = manifest.read_manifest(directory)
        papers: list[Finding] = []
    except IntegrityError as error:
        sealed = None
        papers = [Finding(file=manifest.MANIFEST, entry=None, field="", sentence=f"{error}.")]
    log_path = path if path.is_file() and _is_log_name(path) else _log_in(directory, sealed)
    if path.is_file() and path != log_path and (sealed is None or sealed.file(path.name) is None):
        sentence = f"{path.name} is not among the sealed files."
        papers.append(Finding(file=path.name, entry=None, field="", sentence=sentence))
    files: list[str] = []
    for other in () if sealed is None else sealed.files:
        if other.name != log_path.name:
            papers += _file_findings(directory, other)
            files.append(other.name)
    return _check_log(
        log_path, sealed, papers, tuple(files), damaged_manifest=bool(papers) and sealed is None
    )


def _is_log_name(path: Path) -> bool:
    return path.suffix not in (".json", ".pdf", ".parquet", ".svg")


def _log_in(directory: Path, sealed: manifest.Manifest | None) -> Path:
    names = sorted(found.name for found in directory.glob("*.db"))
    if not names and sealed is not None:
        names = [file.name for file in sealed.files if file.name.endswith(".db")]
    if len(names) != 1:
        raise SetupError(f"{directory}: {len(names)} log databases, must be one")
    return directory / names[0]


def _file_findings(directory: Path, sealed: manifest.SealedFile) -> list[Finding]:
    path = directory / sealed.name
    if not path.is_file():
        says = f"{sealed.name} is missing; it was sealed with {sealed.size} bytes."
    elif (found := manifest.hash_file(path)).sha256 != sealed.sha256:
        size = "" if found.size == sealed.size else f", and has {found.size} bytes, must be {sealed.size}"
        says = f"{sealed.name} was changed after it was sealed{size}."
    else:
        return []
    return [Finding(file=sealed.name, entry=None, field="", sentence=says)]


def _check_log(
    path: Path,
    whole: manifest.Manifest | None,
    papers: list[Finding],
    files: tuple[str, ...],
    *,
    damaged_manifest: bool,
) -> CheckReport:
    sealed = None if whole is None else whole.file(path.name)
    if not path.is_file():
        raise SetupError(f"{path}: no such log")
    notes = []
    findings: list[Finding] = []
    beside, beside_findings = _checkpoint_beside(path)
    contents = _read(path, sealed is not None, set() if beside is None else {beside.entries})
    findings += beside_findings
    checkpoints = [*contents.checkpoints, *([beside] if beside else [])]
    report = contents.chain
    faults = [report.first_bad] if report.first_bad else []
    # Once the chain is broken, what a checkpoint adds is only noise, unless it speaks of the end.
    for fault in checkpoint_faults(checkpoints, contents.digests, report.last_sequence):
        if not faults or fault.sequence > report.last_sequence:
            faults.append(fault)
            break
    findings += [_from_fault(path, fault) for fault in faults]
    findings += [Finding(file=path.name, entry=None, field="", sentence=says) for says in contents.wrong]
    if sealed is not None:
        findings += _region_findings(path, sealed, any_entry=bool(faults))
    elif is_being_written(path.parent):
        notes.append("the log is being written just now: what is written later is not checked.")
    elif contents.checkpoints and contents.checkpoints[-1].sealed and not damaged_manifest:
        says = f"the log was closed in good order, but {manifest.MANIFEST} does not hold its hash any more."
        findings.append(Finding(file=manifest.MANIFEST, entry=None, field="", sentence=says))
    else:
        notes.append(
            "not sealed: the log was not closed in good order, so only entries and chain are checked."
        )
    if report.clock_went_back:
        notes.append(
            f"{len(report.clock_went_back)} entries carry a time before that of the entry before them, "
            f"the first is entry {report.clock_went_back[0]}: late data do that."
        )
    findings += papers
    return CheckReport(
        path=str(path),
        verified=not findings,
        sealed=sealed is not None,
        entries=report.entries,
        last_digest=report.last_digest,
        clock_went_back=len(report.clock_went_back),
        files=files,
        findings=tuple(findings),
        notes=tuple(notes),
    )


def _from_fault(path: Path, fault: Fault) -> Finding:
    return Finding(file=path.name, entry=fault.sequence, field=fault.field, sentence=fault.sentence)


def _checkpoint_beside(path: Path) -> tuple[Checkpoint | None, list[Finding]]:
    try:
        beside = manifest.read_checkpoint(path.parent)
    except IntegrityError as error:
        return None, [Finding(file=manifest.CHECKPOINT, entry=None, field="", sentence=f"{error}.")]
    if beside is None or beside.database != path.name:
        return None, []
    return beside.checkpoint, []


def _region_findings(path: Path, sealed: manifest.SealedFile, *, any_entry: bool) -> list[Finding]:
    findings = []
    for ending in ("-wal", "-journal"):
        left = path.with_name(path.name + ending)
        if left.exists():
            says = f"{left.name} lies beside a sealed log, and must not be there."
            findings.append(Finding(file=left.name, entry=None, field="", sentence=says))
    found = manifest.hash_file(path, pages=True)
    if found.sha256 == sealed.sha256:
        return findings
    pages = manifest.changed_pages(sealed, found)
    entries = "" if any_entry else " No entry differs."
    for page in pages[:_REGIONS_NAMED]:
        first = (page - 1) * schema.PAGE_BYTES
        kind = salvage.page_kind(path, page)
        place = f"page {page} (bytes {first} to {first + schema.PAGE_BYTES - 1}; {kind})"
        says = f"{place} is not as it was sealed.{entries}"
        findings.append(Finding(file=path.name, entry=None, field="", sentence=says))
    if len(pages) > _REGIONS_NAMED or not pages:
        says = (
            f"the file is not as it was sealed, in {len(pages)} pages; {found.size} bytes, was {sealed.size}."
        )
        findings.append(Finding(file=path.name, entry=None, field="", sentence=says))
    return findings


def _read(path: Path, sealed: bool, named: set[int]) -> _Contents:
    """Read everything through SQLite; where it gives up, straight from the pages."""
    try:
        with _open(path, sealed) as connection:
            return _read_rows(connection, named)
    except (sqlite3.Error, OverflowError, UnicodeError) as error:
        entries = salvage.salvage_entries(path)
        report = verify_chain(entries)
        wrong = f"SQLite cannot read it ({error}); {report.entries} entries could be read from its pages."
        digests = {entry.sequence: entry.digest for entry in entries}
        return _Contents(chain=report, checkpoints=(), digests=digests, wrong=(wrong,))


@contextlib.contextmanager
def _open(path: Path, sealed: bool) -> Iterator[sqlite3.Connection]:
    with contextlib.ExitStack() as stack:
        if sealed:
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        elif is_being_written(path.parent):
            uri = f"{path.resolve().as_uri()}?mode=ro"
        else:
            # Opening a killed log would take its journal in and so change the evidence.
            copy = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="skykeep-"))) / path.name
            for ending in ("", "-wal"):
                original = path.with_name(path.name + ending)
                if original.exists():
                    shutil.copyfile(original, copy.with_name(copy.name + ending))
            uri = copy.as_uri()
        connection = stack.enter_context(contextlib.closing(sqlite3.connect(uri, uri=True)))
        # A damaged file may hold bytes that are no UTF-8: they must reach the chain all the same.
        connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection


def _read_rows(connection: sqlite3.Connection, named: set[int]) -> _Contents:
    wrong = [
        f"SQLite: {says}." for (says,) in connection.execute("PRAGMA integrity_check(3)") if says != "ok"
    ]
    defined = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master ORDER BY rowid")]
    if defined != list(schema.CREATION_SQL):
        wrong.append("its tables or guards are not defined as Skykeep defines them.")
    checkpoints = tuple(
        Checkpoint(entries=entries, last_digest=str(digest), sealed=bool(is_sealed))
        for entries, digest, is_sealed in connection.execute(
            "SELECT entries, last_digest, sealed FROM checkpoint NOT INDEXED ORDER BY number"
        )
        if isinstance(entries, int)
    )
    wanted = named | {checkpoint.entries for checkpoint in checkpoints}
    digests: dict[int, str] = {}

    def entries() -> Iterator[LogEntry]:
        for row in connection.execute(
            "SELECT sequence, time_utc_ns, role, kind, payload, previous_digest, digest "
            "FROM entry NOT INDEXED ORDER BY sequence"
        ):
            sequence, time_utc_ns, role, kind, payload, previous_digest, digest = row
            if sequence in wanted:
                digests[sequence] = digest
            yield LogEntry(
                sequence=sequence,
                time_utc_ns=time_utc_ns,
                role=cast(EntryRole, role),
                kind=kind,
                payload=payload,
                previous_digest=previous_digest,
                digest=digest,
            )

    report = verify_chain(entries())
    return _Contents(chain=report, checkpoints=checkpoints, digests=digests, wrong=tuple(wrong))
