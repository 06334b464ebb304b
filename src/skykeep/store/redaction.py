"""Taking parts out of a closed log: on record first, then gone from the file.

1. The log is checked: nothing is taken out of one that is not as it was written.
2. An entry of kind `redacted` says what is taken out of which entry, by whom and why, and the log is closed.
3. Bytes and salts are taken out of the rows. `secure_delete` writes zeros over what is freed, and `VACUUM`
   then makes the file anew without free pages; the journal is folded in and removed; the log is sealed again.

Cut off between 2 and 3, the log says of itself that something on record is still there, and is not sealed;
doing it again ends it. What the disk below the file still holds (a copy-on-write file system, worn flash
cells, backups) is beyond this; to the papers beside the log `skykeep.app.taking_out` sees.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa

from skykeep.base.errors import InputError, IntegrityError, SetupError
from skykeep.domain.encoding import encode_json
from skykeep.domain.record import EntryRole, LogEntry, Redaction
from skykeep.evidence.checkpoint import Signer
from skykeep.evidence.entry import Salts, segments_of, shown_payload, take_out
from skykeep.evidence.log_walk import REDACTED_KIND
from skykeep.evidence.personal import NEVER_REDACTED, personal_spans
from skykeep.store import manifest, schema
from skykeep.store.cut_off import seal_again
from skykeep.store.log_check import check_path
from skykeep.store.log_database import LogDatabase, is_being_written, lock_directory
from skykeep.store.log_reader import LogReader

WHOLE = ""


class Taking(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be taken out of one entry: the personal field `path`, or the whole payload (`WHOLE`)."""

    sequence: int
    path: str = WHOLE


def redact(
    path: Path,
    takings: Sequence[Taking],
    *,
    by: str,
    because: str,
    now_utc_ns: int,
    rule: str = "",
    salts: Salts | None = None,
    signer: Signer | None = None,
) -> tuple[Redaction, ...]:
    """Take parts of entries out of the closed log at `path`, and seal it again; return what is on record.

    SetupError while it is being written; IntegrityError when it is not as it was written; InputError when
    nobody or nothing is named, or an entry holds no such part; then nothing was changed.
    """
    for field, said in (("by", by), ("because", because)):
        if not said.strip():
            raise InputError(field, repr(said), "said: it stands in the log")
    if is_being_written(path.parent):
        raise SetupError(f"{path}: is being written, must be closed before anything is taken out")
    report = check_path(path)
    if not report.intact:
        says = report.findings[0].sentence
        raise IntegrityError(f"{path}: {says} Nothing is taken out of it.", report.findings[0].entry)
    seal_again(path, signer)
    redactions, changed = _planned(path, takings, by, because, rule, now_utc_ns)
    with LogDatabase.open(path, salts=salts, signer=signer) as log:
        for redaction in redactions:
            log.append(redaction.time_utc_ns, EntryRole.INPUT, REDACTED_KIND, encode_json(redaction))
    _carry_out(path, changed, signer)
    return redactions


def _planned(
    path: Path, takings: Sequence[Taking], by: str, because: str, rule: str, now_utc_ns: int
) -> tuple[tuple[Redaction, ...], list[LogEntry]]:
    """Return what goes on record, and the entries as they will be."""
    by_entry: dict[int, list[str]] = {}
    for taking in takings:
        by_entry.setdefault(taking.sequence, []).append(taking.path)
    redactions: list[Redaction] = []
    changed: list[LogEntry] = []
    with contextlib.closing(LogReader(path)) as reader:
        last = reader.last_entry()
        # A replay writes no time before that of the entry before, so neither does this.
        time_utc_ns = max(now_utc_ns, now_utc_ns if last is None else last.time_utc_ns)
        for sequence, paths in by_entry.items():
            entry = next(reader.entries(sequence, sequence), None)
            if entry is None:
                held = 0 if last is None else last.sequence
                raise InputError("entry", str(sequence), f"one of the {held} that the log holds")
            segments = _segments_named(entry, paths)
            redactions.append(
                Redaction(
                    sequence=sequence,
                    segments=tuple(sorted(segments)),
                    paths=tuple(paths),
                    by=by,
                    because=because,
                    rule=rule,
                    time_utc_ns=time_utc_ns,
                )
            )
            changed.append(take_out(entry, segments))
    return tuple(redactions), changed


def personal_fields(entry: LogEntry) -> tuple[str, ...]:
    """Return the paths of what may be taken out of an entry by itself."""
    return tuple(span.path for span in personal_spans(entry.kind, shown_payload(entry)))


def _segments_named(entry: LogEntry, paths: Sequence[str]) -> frozenset[int]:
    if entry.kind in NEVER_REDACTED:
        raise InputError("entry", f"{entry.sequence} of kind {entry.kind}", "of a kind that may be redacted")
    segments = segments_of(entry.segments, entry.payload)
    fields = personal_fields(entry)
    numbers: set[int] = set()
    for path in paths:
        if path == WHOLE:
            numbers.update(range(len(segments)))
        elif path in fields:
            # Public and personal segments take turns, and the first is public.
            numbers.add(2 * fields.index(path) + 1)
        else:
            known = ", ".join(fields) or "none: only its whole payload can be taken out"
            raise InputError("field", f"{path} of entry {entry.sequence}", f"one of: {known}")
    there = frozenset(number for number in numbers if segments[number].data)
    if not there:
        raise InputError("field", f"entry {entry.sequence}, {', '.join(paths) or 'whole'}", "still there")
    # An empty segment beside them goes too: what is left must say the same as the record.
    return frozenset(number for number in numbers if segments[number].data is not None)


def _carry_out(path: Path, changed: list[LogEntry], signer: Signer | None) -> None:
    lock = lock_directory(path.parent)
    engine = schema.writing_engine(path)
    try:
        manifest.unseal_files(path.parent, path.name, signer=signer)
        with engine.connect() as connection:
            with connection.begin():
                for entry in changed:
                    connection.exec_driver_sql(
                        "UPDATE entry SET segments = ?, payload = ? WHERE sequence = ?",
                        (entry.segments, entry.payload, entry.sequence),
                    )
            # Zeros over the old bytes where they stood, before VACUUM gives their pages back.
            _fold_in(path, connection)
            connection.exec_driver_sql("VACUUM")
            connection.commit()
            _fold_in(path, connection)
            connection.exec_driver_sql("PRAGMA journal_mode = DELETE").scalar()
        engine.dispose()
        manifest.seal_files(path.parent, path.name, manifest.CHECKPOINT, signer=signer)
    except sa.exc.DatabaseError as error:
        raise IntegrityError(f"{path}: on record as redacted, and not carried out: {error.orig}") from error
    finally:
        engine.dispose()
        os.close(lock)


def _fold_in(path: Path, connection: sa.Connection) -> None:
    busy, _, _ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    connection.commit()
    if busy:
        raise IntegrityError(f"{path}: on record as redacted, and not carried out: a reader still holds it")
