"""Reading a log while it is written, or long after: through connections that cannot write."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import sqlalchemy as sa

from skykeep.base.errors import InputError, IntegrityError, SetupError
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.evidence.checkpoint import Checkpoint, body_of_note, read_checkpoint_body
from skykeep.evidence.entry import FIRST_SEQUENCE
from skykeep.evidence.merkle import WIDTH, consistency_proof, inclusion_proof
from skykeep.store import schema

_ROWS_AT_ONCE = 256


class StoredTree:
    """The tree's hashes as a log keeps them, read through one connection, sixteen at a time and each once.

    For one proof or a few: what was read is kept as long as the tree is.
    """

    def __init__(self, connection: sa.Connection) -> None:
        # Straight to the driver: a proof asks some ten times, and SQLAlchemy would take most of the time.
        self._connection = cast(sqlite3.Connection, connection.connection.driver_connection)
        self._sixteens: dict[tuple[int, int], list[bytes]] = {}

    def hashes(self, level: int, begin: int, end: int) -> list[bytes]:
        """Return the hashes of the subtrees `begin` to before `end`, all below one of the level above;
        InputError when the log holds fewer.
        """
        key = level, begin // WIDTH
        first = key[1] * WIDTH
        found = self._sixteens.get(key)
        if found is None or len(found) < end - first:
            found = self._sixteens[key] = self._read(level, first)
        if not first <= begin <= end <= first + len(found):
            raise InputError("size", f"more than the log holds ({end} of level {level})", "no more than that")
        return found[begin - first : end - first]

    def _read(self, level: int, first: int) -> list[bytes]:
        if level == 0:
            query = "SELECT digest FROM entry WHERE sequence > ? AND sequence <= ? ORDER BY sequence"
            rows = self._connection.execute(query, (first, first + WIDTH))
        else:
            query = "SELECT hash FROM node WHERE level = ? AND number >= ? AND number < ? ORDER BY number"
            rows = self._connection.execute(query, (level, first, first + WIDTH))
        return [hash_ for (hash_,) in rows]

    def node(self, level: int, number: int) -> object:
        """Return one kept hash, None when there is none."""
        query = "SELECT hash FROM node WHERE level = ? AND number = ?"
        row = self._connection.execute(query, (level, number)).fetchone()
        return None if row is None else row[0]


class LogReader:
    """What is in a log database, as it stood when each question was asked."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise SetupError(f"{path}: no such log")
        self._path = path
        self._engine = schema.reading_engine(path)
        self._reading: set[sa.Connection] = set()
        self._check_format()

    def entries(
        self,
        from_sequence: int = FIRST_SEQUENCE,
        to_sequence: int | None = None,
        *,
        kind: str | None = None,
        role: EntryRole | None = None,
    ) -> Iterator[LogEntry]:
        """Yield the durable entries from `from_sequence` to and with `to_sequence`, in order.

        The iterator holds one view of the log until it is spent or closed: entries written since are for
        the next one.
        """
        table = schema.entry
        query = sa.select(*table.c).where(table.c.sequence >= from_sequence).order_by(table.c.sequence)
        if to_sequence is not None:
            query = query.where(table.c.sequence <= to_sequence)
        if kind is not None:
            query = query.where(table.c.kind == kind)
        if role is not None:
            query = query.where(table.c.role == role.value)
        with self._connect() as connection:
            self._reading.add(connection)
            try:
                rows = connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(query)
                for sequence, time_utc_ns, role_text, row_kind, digest, segments, payload in rows:
                    yield LogEntry(
                        sequence=sequence,
                        time_utc_ns=time_utc_ns,
                        role=_role(sequence, role_text),
                        kind=row_kind,
                        digest=digest,
                        segments=segments,
                        payload=payload,
                    )
            except sa.exc.DatabaseError as error:
                raise IntegrityError(f"{self._path}: cannot be read on: {error.orig}") from error
            finally:
                self._reading.discard(connection)

    def last_entry(self) -> LogEntry | None:
        """Return the last durable entry, or None when the log is empty."""
        with self._connect() as connection:
            last = connection.execute(sa.select(sa.func.max(schema.entry.c.sequence))).scalar()
        return None if last is None else next(self.entries(last, last), None)

    def last_note(self) -> bytes:
        """Return the note of the last checkpoint in the database; IntegrityError when there is none."""
        table = schema.checkpoint
        query = sa.select(table.c.note).order_by(table.c.number.desc()).limit(1)
        with self._connect() as connection:
            note = connection.execute(query).scalar()
        if not isinstance(note, str):
            raise IntegrityError(
                f"{self._path}: holds no checkpoint, must hold at least that of its beginning"
            )
        return note.encode()

    def notes(self) -> tuple[bytes, ...]:
        """Return the notes of all checkpoints in the database, the first first."""
        table = schema.checkpoint
        with self._connect() as connection:
            found = connection.execute(sa.select(table.c.note).order_by(table.c.number)).scalars().all()
        return tuple(str(note).encode() for note in found)

    def last_checkpoint(self) -> Checkpoint:
        """Return the last checkpoint in the database; its signatures are not looked at."""
        try:
            return read_checkpoint_body(body_of_note(self.last_note()))
        except InputError as error:
            raise IntegrityError(f"{self._path}: its last checkpoint is damaged: {error}") from error

    @contextlib.contextmanager
    def tree(self) -> Iterator[StoredTree]:
        """Give the tree as it is stored, for proofs, through one connection."""
        with self._connect() as connection:
            try:
                yield StoredTree(connection)
            except sqlite3.Error as error:
                raise IntegrityError(f"{self._path}: its tree cannot be read: {error}") from error

    def inclusion_proof(self, sequence: int, size: int) -> list[bytes]:
        """Return the audit path of an entry in the tree of the first `size` entries; InputError when the log
        holds no such entry or tree.
        """
        with self.tree() as tree:
            return inclusion_proof(tree, sequence - FIRST_SEQUENCE, size)

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the first `old` of `new` entries are as they were; InputError likewise."""
        with self.tree() as tree:
            return consistency_proof(tree, old, new)

    def close(self) -> None:
        """Let go of the file, also where an iterator was left half-way."""
        for connection in tuple(self._reading):
            connection.close()
        self._engine.dispose()

    def _check_format(self) -> None:
        try:
            with self._connect() as connection:
                application_id = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
                version = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        except sa.exc.DatabaseError as error:
            raise IntegrityError(f"{self._path}: cannot be read: {error.orig}") from error
        schema.check_format(self._path, application_id, version)

    def _connect(self) -> sa.Connection:
        try:
            return self._engine.connect()
        except sa.exc.DatabaseError as error:
            raise IntegrityError(f"{self._path}: cannot be opened: {error.orig}") from error


def _role(sequence: int, text: str) -> EntryRole:
    try:
        return EntryRole(text)
    except ValueError:
        raise IntegrityError(
            f"entry {sequence}: its role is {text!r}, must be input or output", sequence
        ) from None
