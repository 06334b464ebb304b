"""The three tables of a log, in SQLAlchemy Core, and what keeps them append-only.

`entry` holds the log itself, `node` the hashes of its tree, `checkpoint` says now and then how long it was
and what the tree's root was (`skykeep.evidence.entry` describes every column). SQL triggers refuse every
UPDATE and DELETE, and every INSERT that does not number on, except that a part of a payload may be taken out
once an entry says so: they stop our own mistakes and the careless hand. Against the careful hand there is the
tree.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.pool import NullPool, StaticPool

from skykeep.base.errors import SetupError

# "SkyK": `file night.db` and every SQLite tool show it.
APPLICATION_ID = 0x536B794B
FORMAT = 2
PAGE_BYTES = 4096
BUSY_TIMEOUT_MS = 5_000

metadata = sa.MetaData()

# The digest stands before what may be long, so that a proof never reads a payload's further pages.
entry = sa.Table(
    "entry",
    metadata,
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("time_utc_ns", sa.Integer, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("segments", sa.LargeBinary, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False),
)

node = sa.Table(
    "node",
    metadata,
    sa.Column("level", sa.Integer, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("hash", sa.LargeBinary, nullable=False),
)

checkpoint = sa.Table(
    "checkpoint",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("entries", sa.Integer, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)

# The very text that a log's file holds: `skykeep verify` compares, so it must not depend on what SQLAlchemy
# writes this year. The guards of INSERT are there because INSERT OR REPLACE deletes the old row without a
# DELETE trigger. What is taken out must be on record first, and a Redaction begins with the sequence.
CREATION_SQL = (
    """CREATE TABLE entry (
    sequence INTEGER NOT NULL PRIMARY KEY,
    time_utc_ns INTEGER NOT NULL,
    role TEXT NOT NULL,
    kind TEXT NOT NULL,
    digest BLOB NOT NULL,
    segments BLOB NOT NULL,
    payload BLOB NOT NULL
)""",
    """CREATE TABLE node (
    level INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, number)
) WITHOUT ROWID""",
    """CREATE TABLE checkpoint (
    number INTEGER NOT NULL PRIMARY KEY,
    entries INTEGER NOT NULL,
    note TEXT NOT NULL
)""",
    "CREATE INDEX entry_by_kind ON entry (kind, sequence)",
    """CREATE TRIGGER entry_refuse_update BEFORE UPDATE ON entry
    WHEN NEW.sequence IS NOT OLD.sequence OR NEW.time_utc_ns IS NOT OLD.time_utc_ns
        OR NEW.role IS NOT OLD.role OR NEW.kind IS NOT OLD.kind OR NEW.digest IS NOT OLD.digest
        OR length(NEW.payload) >= length(OLD.payload)
        OR NOT EXISTS (SELECT 1 FROM entry AS said WHERE said.kind = 'redacted'
            AND CAST(said.payload AS TEXT) LIKE '{"sequence":' || OLD.sequence || ',%')
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER entry_refuse_delete BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER entry_numbers_on BEFORE INSERT ON entry
    WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM entry)
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER node_refuse_update BEFORE UPDATE ON node
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER node_refuse_delete BEFORE DELETE ON node
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END""",
    """CREATE TRIGGER node_numbers_on BEFORE INSERT ON node
    WHEN NEW.number IS NOT (SELECT coalesce(max(number), -1) + 1 FROM node WHERE level = NEW.level)
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


def check_format(path: Path, application_id: int, version: int) -> None:
    """Raise SetupError unless a file says of itself that it is a log of this format."""
    if application_id == APPLICATION_ID and version == 1:
        raise SetupError(
            f"{path}: a log of format 1, must be of format {FORMAT}: an older Skykeep wrote it, and that one "
            "still reads and verifies it"
        )
    if (application_id, version) != (APPLICATION_ID, FORMAT):
        raise SetupError(
            f"{path}: application {application_id} format {version}, must be a Skykeep log of format {FORMAT}"
        )


def is_log_file(path: Path) -> bool:
    """Say whether a file's first bytes are those of a log, of whatever format."""
    with path.open("rb") as file:
        header = file.read(72)
    return header.startswith(b"SQLite format 3\0") and header[68:] == APPLICATION_ID.to_bytes(4, "big")


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
                # What was taken out, or moved elsewhere, leaves no bytes behind.
                "secure_delete = ON",
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
