"""Reading all of a log for a check: through SQLite, or where that gives up straight from its pages.

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

from skykeep.base.errors import InputError, IntegrityError
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.evidence.checkpoint import Checkpoint, body_of_note, read_checkpoint_body
from skykeep.evidence.log_walk import WalkReport, walk_log
from skykeep.evidence.merkle import WIDTH
from skykeep.store import salvage, schema
from skykeep.store.log_database import is_being_written

SOURCE_STATES = "source states"

_SOURCE_EVENT = "source_event"
_CHANGED_STATE = b'"kind":"state"'
_LOG_FORMAT_1 = 1
_GIVES_UP = (sqlite3.Error, OverflowError, UnicodeError)


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What could be read from a log: the walk along its entries, its own checkpoints, how many entries of
    each kind it holds (`kinds`; `SOURCE_STATES` counts those in which a source fell silent or got well), and
    sentences about what is wrong but belongs to no entry.
    """

    walk: WalkReport
    checkpoints: tuple[Checkpoint, ...]
    kinds: dict[str, int]
    wrong: tuple[str, ...]


def read_contents(path: Path, *, sealed: bool, outside: tuple[Checkpoint, ...]) -> Contents:
    """Read a log whole and walk it; `outside` are checkpoints that were kept elsewhere. SetupError when it is
    of an older format.
    """
    try:
        with open_untouched(path, sealed=sealed) as connection:
            return _read_rows(path, connection, outside)
    except _GIVES_UP as error:
        entries = salvage.salvage_entries(path)
        walk = walk_log(entries, checkpoints=outside)
        wrong = f"SQLite cannot read it ({error}); {walk.entries} entries could be read from its pages."
        return Contents(walk=walk, checkpoints=(), kinds={}, wrong=(wrong,))


@contextlib.contextmanager
def open_untouched(path: Path, *, sealed: bool) -> Iterator[sqlite3.Connection]:
    """Open a log so that looking at it changes nothing: `sealed` as if it stood on paper, else in a copy."""
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
        # A damaged file may hold bytes that are no UTF-8: they must reach the walk all the same.
        connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        yield connection


@contextlib.contextmanager
def rows_of(log: Path) -> Iterator[sqlite3.Connection]:
    """Open a log as it lies there, to read some of its rows; IntegrityError where SQLite gives up on it."""
    try:
        with open_untouched(log, sealed=not log.with_name(log.name + "-wal").exists()) as rows:
            yield rows
    except _GIVES_UP as error:
        raise IntegrityError(f"{log.name}: cannot be read: {error}") from error


def _read_rows(path: Path, connection: sqlite3.Connection, outside: tuple[Checkpoint, ...]) -> Contents:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == _LOG_FORMAT_1:
        schema.check_format(path, schema.APPLICATION_ID, version)
    wrong = [
        f"SQLite: {says}." for (says,) in connection.execute("PRAGMA integrity_check(3)") if says != "ok"
    ]
    defined = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master ORDER BY rowid")]
    if defined != list(schema.CREATION_SQL):
        wrong.append("its tables or guards are not defined as Skykeep defines them.")
    checkpoints = _read_checkpoints(connection, wrong)
    kinds: dict[str, int] = {}

    def stored_node(level: int, number: int) -> object:
        query = "SELECT hash FROM node WHERE level = ? AND number = ?"
        row = connection.execute(query, (level, number)).fetchone()
        return None if row is None else row[0]

    # One of another log says nothing of this one: `log_check` names it.
    own = [c for c in outside if not checkpoints or c.origin == checkpoints[0].origin]
    walk = walk_log(
        _read_entries(connection, kinds), stored_node=stored_node, checkpoints=checkpoints, outside=own
    )
    for level, count in connection.execute("SELECT level, count(*) FROM node GROUP BY level"):
        must = walk.last_sequence // WIDTH**level if isinstance(level, int) and 0 < level < WIDTH else 0
        if count > must:
            wrong.append(f"its tree has {count} hashes of level {level}, must have {must}: entries are gone.")
    return Contents(walk=walk, checkpoints=checkpoints, kinds=kinds, wrong=tuple(wrong))


def _read_checkpoints(connection: sqlite3.Connection, wrong: list[str]) -> tuple[Checkpoint, ...]:
    checkpoints: list[Checkpoint] = []
    query = "SELECT number, entries, note FROM checkpoint NOT INDEXED ORDER BY number"
    for number, entries, note in connection.execute(query):
        try:
            body = body_of_note(str(note).encode("utf-8", "surrogateescape"))
            checkpoint = read_checkpoint_body(body)
        except InputError as error:
            wrong.append(f"checkpoint {number} is damaged: {error}.")
            continue
        if number != len(checkpoints) + 1 or checkpoint.entries != entries:
            wrong.append(f"checkpoint {number} of {entries} entries is not the one that was written there.")
        checkpoints.append(checkpoint)
    if not checkpoints or checkpoints[0].entries:
        wrong.append("its first checkpoint is not that of its beginning.")
    for checkpoint in checkpoints:
        if checkpoint.origin != checkpoints[0].origin:
            wrong.append(f"a checkpoint is of the log {checkpoint.origin}, must be {checkpoints[0].origin}.")
            break
    return tuple(checkpoints)


def _read_entries(connection: sqlite3.Connection, kinds: dict[str, int]) -> Iterator[LogEntry]:
    """Yield the rows as they stand, and count them by kind."""
    for sequence, time_utc_ns, role, kind, digest, segments, payload in connection.execute(
        "SELECT sequence, time_utc_ns, role, kind, digest, segments, payload "
        "FROM entry NOT INDEXED ORDER BY sequence"
    ):
        kinds[kind] = kinds.get(kind, 0) + 1
        if kind == _SOURCE_EVENT and isinstance(payload, bytes) and _CHANGED_STATE in payload:
            kinds[SOURCE_STATES] = kinds.get(SOURCE_STATES, 0) + 1
        yield LogEntry(
            sequence=sequence,
            time_utc_ns=time_utc_ns,
            role=cast(EntryRole, role),
            kind=kind,
            digest=digest,
            segments=segments,
            payload=payload,
        )
