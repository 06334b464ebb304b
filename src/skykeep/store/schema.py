"""The two tables of a log, in SQLAlchemy Core, and what keeps them append-only.

`entry` holds the log itself. `checkpoint` says now and then how long it was and where its chain stood. SQL
triggers refuse every UPDATE and DELETE, and every INSERT that does not number on: they stop our own mistakes
and the careless hand. Against the careful hand there is the chain.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import NullPool, StaticPool

# "SkyK": `file night.db` and every SQLite tool show it.
APPLICATION_ID = 0x536B794B
FORMAT = 1
PAGE_BYTES = 4096
BUSY_TIMEOUT_MS = 5_000

metadata = sa.MetaData()

entry = sa.Table(
    "entry",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("time_utc_ns", sa.Integer, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
    sa.Column("previous_digest", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
)

checkpoint = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("entries", sa.Integer, nullable=False),
    sa.Column("last_digest", sa.Text, nullable=False),
    sa.Column("sealed", sa.Integer, nullable=False),
)

# The very text that a log's file holds: `skykeep verify` compares, so it must not depend on what SQLAlchemy
# writes this year. Of each three guards the last is there because INSERT OR REPLACE deletes the old row
# without a DELETE trigger.
CREATION_SQL = (
    """CREATE TABLE entry (
    sequence INTEGER NOT NULL PRIMARY KEY,
    time_utc_ns INTEGER NOT NULL,
    role TEXT NOT NULL,
    kind TEXT NOT NULL,
    payload BLOB NOT NULL,
    previous_digest TEXT NOT NULL,
    digest TEXT NOT NULL
)""",
    """CREATE TABLE checkpoint (
    number INTEGER NOT NULL PRIMARY KEY,
    entries INTEGER NOT NULL,
    last_digest TEXT NOT NULL,
    sealed INTEGER NOT NULL
)""",
    "CREATE INDEX entry_by_kind ON entry (kind, sequence)",
    """CREATE TRIGGER entry_refuse_update BEFORE UPDATE ON entry
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER entry_refuse_delete BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER entry_numbers_on BEFORE INSERT ON entry
    WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM entry)
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER checkpoint_refuse_update BEFORE UPDATE ON checkpoint
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER checkpoint_refuse_delete BEFORE DELETE ON checkpoint
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER checkpoint_numbers_on BEFORE INSERT ON checkpoint
    WHEN NEW.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM checkpoint)
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
)


CREATION_PRAGMAS = (f"PRAGMA application_id = {APPLICATION_ID}", f"PRAGMA user_version = {FORMAT}")


def insert_sql(table: sa.Table) -> str:
    """Return the INSERT of all columns of `table`, with question marks: the fast path for many rows."""
    return str(table.insert().compile(dialect=sqlite.dialect(paramstyle="qmark")))


def writing_engine(path: Path) -> sa.Engine:
    """Return an engine with the one connection that writes; it may be used from another thread."""

    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_MS / 1_000, check_same_thread=False)
        try:
            for pragma in (
                f"page_size = {PAGE_BYTES}",
                "journal_mode = WAL",
                # NORMAL loses acknowledged entries when the power goes.
                "synchronous = FULL",
                "trusted_schema = OFF",
            ):
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    return sa.create_engine("sqlite://", creator=connect, poolclass=StaticPool)


def reading_engine(path: Path) -> sa.Engine:
    """Return an engine whose connections cannot write."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro",
            uri=True,
            timeout=BUSY_TIMEOUT_MS / 1_000,
            check_same_thread=False,
        )

    return sa.create_engine("sqlite://", creator=connect, poolclass=NullPool)
