"""The log on a disk: one SQLite file, one writer, any number of readers, and nothing ever taken back.

A night's directory holds one log (`night.db`), the `checkpoint.json` that goes with it and, once closed, a
`manifest.json` (`skykeep.store.manifest`). While the log is open the directory is locked against a second
writer; readers are welcome. Closed in good order, the log is a single file without journal. Killed, it is
that file and SQLite's write-ahead log; the next `open` finds every acknowledged entry, checks the end of the
chain and goes on.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlalchemy as sa

from skykeep.base.errors import IntegrityError, LinkError, SetupError
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.evidence.chain import FIRST_SEQUENCE, GENESIS_DIGEST, verify_chain
from skykeep.evidence.chain_head import Checkpoint, checkpoint_faults
from skykeep.store import manifest, schema
from skykeep.store.log_reader import LogReader
from skykeep.store.log_writer import LogWriter, write_checkpoint

CHECKPOINT_EVERY_S = 5.0
_TAIL_ENTRIES = 1_000
_LARGEST_INT64 = 2**63 - 1


class LogDatabase:
    """A log open for writing. `append` is the Recorder port; every other call may come from any thread."""

    def __init__(
        self,
        path: Path,
        lock: int,
        engine: sa.Engine,
        reader: LogReader,
        head: Checkpoint,
        on_acknowledged: Callable[[int], None] | None,
        checkpoint_every_s: float,
    ) -> None:
        self.path = path
        self._lock: int | None = lock
        self._engine = engine
        self._reader = reader
        self._on_acknowledged = on_acknowledged
        self._connection = engine.connect()
        self._writer = LogWriter(
            self._connection,
            head,
            on_committed=self._committed,
            on_checkpoint=self._write_checkpoint_file,
            checkpoint_every_s=checkpoint_every_s,
        )

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        on_acknowledged: Callable[[int], None] | None = None,
        checkpoint_every_s: float = CHECKPOINT_EVERY_S,
    ) -> LogDatabase:
        """Open or begin the log at `path`.

        SetupError when it is no log of ours or another process writes it; IntegrityError when its end does
        not agree with itself or with its checkpoints. `on_acknowledged` is called from the writer's thread
        with the highest sequence that is on the disk.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = _lock_directory(path.parent)
        engine = schema.writing_engine(path)
        try:
            _prepare(path, engine)
            reader = LogReader(path)
            head = _checked_head(path, reader)
            manifest.unseal_files(path.parent, path.name, manifest.CHECKPOINT)
            if head.sealed:
                head = Checkpoint(entries=head.entries, last_digest=head.last_digest, sealed=False)
                with engine.begin() as connection:
                    write_checkpoint(connection, head)
            return cls(path, lock, engine, reader, head, on_acknowledged, checkpoint_every_s)
        except sa.exc.DatabaseError as error:
            engine.dispose()
            os.close(lock)
            raise IntegrityError(f"{path}: cannot be opened as a log: {error.orig}") from error
        except BaseException:
            engine.dispose()
            os.close(lock)
            raise

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        """Take one entry and return its sequence, given out in the order of the calls, from 1.

        It is durable once `acknowledged()` has reached it, within some 20 ms. While the queue is full the
        call waits. LinkError while the disk is full; IntegrityError when the log can be written no more.
        """
        if not -_LARGEST_INT64 <= time_utc_ns <= _LARGEST_INT64:
            raise ValueError(f"time_utc_ns {time_utc_ns} must fit 64 bits")
        if not kind or not kind.isascii() or not isinstance(payload, bytes):
            raise ValueError(
                f"kind {kind!r} must be ASCII, and payload {type(payload).__name__} must be bytes"
            )
        return self._writer.append(time_utc_ns, role, kind, payload)

    def acknowledged(self) -> int:
        """Return the highest sequence that is on the disk; 0 for none."""
        return self._writer.head.entries

    def head(self) -> Checkpoint:
        """Return how long the durable log is and where its chain stands."""
        return self._writer.head

    def flush(self) -> None:
        """Wait until everything appended so far is on the disk."""
        self._writer.flush()

    def entries(
        self,
        from_sequence: int = FIRST_SEQUENCE,
        to_sequence: int | None = None,
        *,
        kind: str | None = None,
        role: EntryRole | None = None,
    ) -> Iterator[LogEntry]:
        """Yield durable entries from `from_sequence` to and with `to_sequence`; see `LogReader.entries`."""
        return self._reader.entries(from_sequence, to_sequence, kind=kind, role=role)

    def close(self) -> None:
        """Write what waits, seal the file and let go of it. A second call does nothing.

        LinkError when a reader in another place still holds the file after 5 s: then every entry is there,
        but the log is not sealed.
        """
        if self._lock is None:
            return
        lock, self._lock = self._lock, None
        try:
            self._writer.close()
            head = self._writer.head
            sealed = Checkpoint(entries=head.entries, last_digest=head.last_digest, sealed=True)
            with self._connection.begin():
                write_checkpoint(self._connection, sealed)
            self._write_checkpoint_file(sealed)
            self._reader.close()
            self._end_journal()
            self._connection.close()
            # Hash only after SQLite has let go: closing another handle on the file would drop its locks.
            self._engine.dispose()
            manifest.seal_files(self.path.parent, self.path.name, manifest.CHECKPOINT)
        finally:
            self._reader.close()
            self._connection.close()
            self._engine.dispose()
            os.close(lock)

    def _end_journal(self) -> None:
        try:
            self._connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            mode = self._connection.exec_driver_sql("PRAGMA journal_mode = DELETE").scalar()
        except sa.exc.OperationalError as error:
            raise LinkError(f"{self.path}: complete, but not sealed: {error.orig}") from error
        if mode != "delete":
            raise LinkError(f"{self.path}: complete, but not sealed: a reader still holds it")

    def _committed(self, head: Checkpoint) -> None:
        if self._on_acknowledged is not None:
            self._on_acknowledged(head.entries)

    def _write_checkpoint_file(self, checkpoint: Checkpoint) -> None:
        manifest.write_checkpoint_file(self.path.parent, self.path.name, checkpoint)

    def __enter__(self) -> LogDatabase:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def _lock_directory(directory: Path) -> int:
    """Lock a directory against a second writer; the lock ends with the process, however that ends."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise SetupError(f"{directory}: a log in it is being written by another process") from None
    return descriptor


def is_being_written(directory: Path) -> bool:
    """Say whether some process, this one included, has a log in `directory` open for writing."""
    try:
        os.close(_lock_directory(directory))
    except SetupError:
        return True
    return False


def _prepare(path: Path, engine: sa.Engine) -> None:
    """Make the tables of a new log; refuse a file that is something else."""
    with engine.connect() as connection:
        application_id = connection.exec_driver_sql("PRAGMA application_id").scalar()
        version = connection.exec_driver_sql("PRAGMA user_version").scalar()
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
        if application_id == 0 and tables == 0:
            # One transaction: a log killed while it is being made is an empty file, and made again.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            for statement in (*schema.CREATION_SQL, *schema.CREATION_PRAGMAS):
                connection.exec_driver_sql(statement)
            connection.commit()
            manifest.sync_directory(path.parent)
        elif application_id != schema.APPLICATION_ID or version != schema.FORMAT:
            raise SetupError(
                f"{path}: application {application_id} format {version}, must be a Skykeep log of format "
                f"{schema.FORMAT}"
            )


def _checked_head(path: Path, reader: LogReader) -> Checkpoint:
    """Return where the log stands, after checking its last entries and every checkpoint at hand.

    Only the tail: a whole night takes seconds, and `skykeep verify` is there for it.
    """
    beside = manifest.read_checkpoint(path.parent)
    if beside is not None and beside.database != path.name:
        raise SetupError(f"{path.parent}: holds the log {beside.database} already, must hold one log")
    last = reader.last_entry()
    entries = 0 if last is None else last.sequence
    first = max(FIRST_SEQUENCE, entries - _TAIL_ENTRIES + 1)
    before = next(reader.entries(first - 1, first - 1), None) if first > FIRST_SEQUENCE else None
    report = verify_chain(
        reader.entries(first),
        first_sequence=first,
        previous_digest=GENESIS_DIGEST if before is None else before.digest,
    )
    kept = reader.last_checkpoint()
    checkpoints = [kept] if beside is None else [kept, beside.checkpoint]
    named = {c.entries: e.digest for c in checkpoints for e in reader.entries(c.entries, c.entries)}
    faults = [report.first_bad] if report.first_bad else []
    faults += checkpoint_faults(checkpoints, named, entries)
    if faults:
        raise IntegrityError(
            f"{path}: {faults[0].sentence} Nothing more is written to it.", faults[0].sequence
        )
    return Checkpoint(entries=entries, last_digest=report.last_digest, sealed=kept.sealed)
