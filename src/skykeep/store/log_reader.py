"""Reading a log while it is written, or long after: through connections that cannot write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from skykeep.base.errors import IntegrityError, SetupError
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.evidence.chain import FIRST_SEQUENCE
from skykeep.evidence.chain_head import EMPTY, Checkpoint
from skykeep.store import schema

_ROWS_AT_ONCE = 256


class LogReader:
    """What is in a log database, as it stood when each question was asked."""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise SetupError(f"{path}: no such log")
        self._path = path
        self._engine = schema.reading_engine(path)
        self._reading: set[sa.Connection] = set()

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
                for sequence, time_utc_ns, role_text, row_kind, payload, previous_digest, digest in rows:
                    yield LogEntry(
                        sequence=sequence,
                        time_utc_ns=time_utc_ns,
                        role=_role(sequence, role_text),
                        kind=row_kind,
                        payload=payload,
                        previous_digest=previous_digest,
                        digest=digest,
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

    def last_checkpoint(self) -> Checkpoint:
        """Return the last checkpoint in the database."""
        table = schema.checkpoint
        query = sa.select(*table.c).order_by(table.c.number.desc()).limit(1)
        with self._connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return EMPTY
        return Checkpoint(entries=row.entries, last_digest=row.last_digest, sealed=bool(row.sealed))

    def close(self) -> None:
        """Let go of the file, also where an iterator was left half-way."""
        for connection in tuple(self._reading):
            connection.close()
        self._engine.dispose()

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
