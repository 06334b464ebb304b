"""The log on a disk: one SQLite file, one writer, any number of readers, and nothing ever taken back.

A night's directory holds one log (`night.db`), the `checkpoint.note` that goes with it and, once closed, a
`manifest.json` (`skykeep.store.manifest`). While the log is open the directory is locked against a second
writer; readers are welcome. Closed in good order, the log is a single file without journal. Killed, it is
that file and SQLite's write-ahead log; the next `open` finds every acknowledged entry, checks the end of the
log and goes on.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import sqlalchemy as sa

from skykeep.base.errors import IntegrityError, LinkError, SetupError
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.evidence.checkpoint import Checkpoint, Signer, empty_checkpoint, note_of
from skykeep.evidence.entry import FIRST_SEQUENCE, SALT_BYTES, Salts
from skykeep.evidence.merkle import Frontier
from skykeep.store import manifest, schema
from skykeep.store.log_head import checked_head
from skykeep.store.log_reader import LogReader
from skykeep.store.log_writer import LogWriter, write_checkpoint

CHECKPOINT_EVERY_S = 5.0
UNNAMED = "skykeep.invalid/log"
_SALTS_AT_ONCE = 256
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
        frontier: Frontier,
        *,
        salts: Salts,
        signer: Signer | None,
        on_acknowledged: Callable[[int], None] | None,
        checkpoint_every_s: float,
    ) -> None:
        self.path = path
        self._lock: int | None = lock
        self._engine = engine
        self.reader = reader
        self._signer = signer
        self._on_acknowledged = on_acknowledged
        self._connection = engine.connect()
        self._writer = LogWriter(
            self._connection,
            head,
            frontier,
            salts=salts,
            signer=signer,
            on_committed=self._committed,
            on_checkpoint=self._write_checkpoint_note,
            checkpoint_every_s=checkpoint_every_s,
        )

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        origin: str = UNNAMED,
        salts: Salts | None = None,
        signer: Signer | None = None,
        on_acknowledged: Callable[[int], None] | None = None,
        checkpoint_every_s: float = CHECKPOINT_EVERY_S,
    ) -> LogDatabase:
        """Open or begin the log at `path`.

        `origin` names a log that is begun; one that is gone on with keeps its name. Without `salts` they are
        random; a simulation brings its own. Without a `signer` checkpoints stand unsigned. `on_acknowledged`
        is called from the writer's thread with the highest sequence that is on the disk. SetupError when it
        is no log of ours or another process writes it; IntegrityError when its end does not agree with
        itself or with its checkpoints.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = lock_directory(path.parent)
        engine = schema.writing_engine(path)
        try:
            _refuse_a_second_log(path)
            if manifest.is_sealed(path):
                # What is not as it was sealed keeps its seal, which shows that.
                with contextlib.closing(LogReader(path)) as sealed:
                    checked_head(path, sealed)
            # Before its first byte is changed: only to look at it as one who writes changes the file.
            manifest.unseal_files(path.parent, *_sealed_with(path), signer=signer)
            _prepare(path, engine, note_of(empty_checkpoint(origin), signer))
            reader = LogReader(path)
            head, frontier = checked_head(path, reader)
            if head.sealed:
                head = msgspec.structs.replace(head, sealed=False)
                with engine.begin() as connection:
                    write_checkpoint(connection, head.entries, note_of(head, signer))
            return cls(
                path,
                lock,
                engine,
                reader,
                head,
                frontier,
                salts=salts or random_salts(),
                signer=signer,
                on_acknowledged=on_acknowledged,
                checkpoint_every_s=checkpoint_every_s,
            )
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
        """Return how long the durable log is and the root of its tree."""
        return self._writer.head

    def note(self) -> bytes:
        """Return the checkpoint of what is durable, signed as this log is: the log stays open."""
        return note_of(self.head(), self._signer)

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
        return self.reader.entries(from_sequence, to_sequence, kind=kind, role=role)

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
            # Until it is sealed a log that says it was closed needs a manifest that says: of this very end.
            self._write_checkpoint_note(note_of(head, self._signer))
            manifest.unseal_files(self.path.parent, *_sealed_with(self.path), signer=self._signer, anew=True)
            note = note_of(msgspec.structs.replace(head, sealed=True), self._signer)
            with self._connection.begin():
                write_checkpoint(self._connection, head.entries, note)
            self._write_checkpoint_note(note)
            self.reader.close()
            self._end_journal()
            self._connection.close()
            # Hash only after SQLite has let go: closing another handle on the file would drop its locks.
            self._engine.dispose()
            there = (manifest.KEYS, manifest.CASE_NAMED)
            beside = [name for name in there if (self.path.parent / name).is_file()]
            # What witnesses signed by now cannot be taken away unseen; what they sign later can.
            cosigned = (self.path.parent / manifest.COSIGNED).glob("*.note")
            beside += [f"{manifest.COSIGNED}/{path.name}" for path in cosigned]
            names = (self.path.name, manifest.CHECKPOINT, *beside)
            manifest.seal_files(self.path.parent, *names, signer=self._signer)
        finally:
            self.reader.close()
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

    def _write_checkpoint_note(self, note: bytes) -> None:
        manifest.write_checkpoint_note(self.path.parent, note)

    def __enter__(self) -> LogDatabase:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


def lock_directory(directory: Path) -> int:
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
        os.close(lock_directory(directory))
    except SetupError:
        return True
    return False


def random_salts() -> Salts:
    """Return the salts of a real log: from the operating system, asked for many at a time."""
    pool: list[bytes] = []

    def salt(sequence: int, segment: int) -> bytes:
        del sequence, segment
        if not pool:
            many = os.urandom(SALT_BYTES * _SALTS_AT_ONCE)
            pool.extend(many[at : at + SALT_BYTES] for at in range(0, len(many), SALT_BYTES))
        return pool.pop()

    return salt


def _sealed_with(path: Path) -> tuple[str, ...]:
    """Return which files change while a log is open."""
    return (path.name, manifest.CHECKPOINT, manifest.KEYS)


def _refuse_a_second_log(path: Path) -> None:
    for other in sorted(path.parent.glob("*.db")):
        if other.name != path.name and schema.is_log_file(other):
            raise SetupError(f"{path.parent}: holds the log {other.name} already, must hold one log")


def _prepare(path: Path, engine: sa.Engine, first_note: bytes) -> None:
    """Make the tables of a new log; refuse a file that is something else."""
    with engine.connect() as connection:
        application_id = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
        if application_id == 0 and tables == 0:
            # One transaction: a log killed while it is being made is an empty file, and made again.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            for statement in (*schema.CREATION_SQL, *schema.CREATION_PRAGMAS):
                connection.exec_driver_sql(statement)
            write_checkpoint(connection, 0, first_note)
            connection.commit()
            manifest.sync_directory(path.parent)
        else:
            schema.check_format(path, application_id, version)
