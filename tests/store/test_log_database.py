"""The log database: order, durability, append-only, sealing, and refusing what does not agree."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from skykeep.base.errors import IntegrityError, LinkError, SetupError
from skykeep.domain.record import EntryRole
from skykeep.evidence.checkpoint import body_of_note, read_checkpoint_body
from skykeep.evidence.log_walk import walk_log
from skykeep.store.log_database import LogDatabase, is_being_written


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "night" / "night.db"


@pytest.fixture
def log(path: Path) -> Iterator[LogDatabase]:
    log = LogDatabase.open(path)
    yield log
    log.close()


def write(log: LogDatabase, first: int, last: int) -> None:
    for n in range(first, last + 1):
        log.append(n, EntryRole.INPUT if n % 2 else EntryRole.OUTPUT, "scan", b'{"n":%d}' % n)


def change(path: Path, statement: str) -> None:
    """Do to a closed log what its triggers forbid."""
    connection = sqlite3.connect(path)
    for name, text in connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
        del text
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_entries_come_back_in_the_order_of_the_calls(log: LogDatabase) -> None:
    sequences = [
        log.append(t, EntryRole.INPUT, kind, b"{}") for t, kind in ((5, "site"), (7, "scan"), (6, "scan"))
    ]
    log.flush()

    assert sequences == [1, 2, 3]
    assert [(e.sequence, e.time_utc_ns, e.kind) for e in log.entries()] == [
        (1, 5, "site"),
        (2, 7, "scan"),
        (3, 6, "scan"),
    ]
    assert [e.sequence for e in log.entries(kind="scan")] == [2, 3]
    assert [e.sequence for e in log.entries(2, 2)] == [2]
    assert walk_log(log.entries()).first_bad is None


def test_what_was_flushed_is_acknowledged_and_told(path: Path) -> None:
    told: list[int] = []
    with LogDatabase.open(path, on_acknowledged=told.append) as log:
        write(log, 1, 250)
        log.flush()

        assert log.acknowledged() == 250
        assert told[-1] == 250
        assert told == sorted(told)


def test_a_reader_sees_what_is_durable_while_the_log_is_written(log: LogDatabase) -> None:
    write(log, 1, 10)
    log.flush()
    reading = log.entries()
    assert next(reading).sequence == 1
    write(log, 11, 20)
    log.flush()

    assert [e.sequence for e in reading] == list(range(2, 11)), "the view of when the question was asked"
    assert sum(1 for _ in log.entries()) == 20


def test_a_closed_log_is_one_file_with_checkpoint_and_manifest(path: Path) -> None:
    with LogDatabase.open(path) as log:
        write(log, 1, 30)

    assert sorted(p.name for p in path.parent.iterdir()) == ["checkpoint.note", "manifest.json", "night.db"]
    note = (path.parent / "checkpoint.note").read_bytes()
    checkpoint = read_checkpoint_body(body_of_note(note))
    assert (checkpoint.entries, checkpoint.sealed, checkpoint.time_utc_ns) == (30, True, 30)


def test_a_log_goes_on_where_it_was_closed(path: Path) -> None:
    with LogDatabase.open(path) as log:
        write(log, 1, 30)
    with LogDatabase.open(path) as log:
        assert log.append(31, EntryRole.INPUT, "scan", b"{}") == 31
    with LogDatabase.open(path) as log:
        report = walk_log(log.entries())

    assert (report.entries, report.first_bad) == (31, None)


def test_an_open_log_is_unsealed(path: Path) -> None:
    with LogDatabase.open(path) as log:
        write(log, 1, 3)
    with LogDatabase.open(path):
        names = [f["name"] for f in json.loads((path.parent / "manifest.json").read_bytes())["files"]]
        assert names == []
        assert is_being_written(path.parent)
    assert not is_being_written(path.parent)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET payload = x'00' WHERE sequence = 2",
        "DELETE FROM entry WHERE sequence = 3",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT 2, 0, role, kind, digest, segments, payload FROM entry LIMIT 1",
        "INSERT INTO entry SELECT 9, 0, role, kind, digest, segments, payload FROM entry LIMIT 1",
        "UPDATE checkpoint SET entries = 1",
        "DELETE FROM checkpoint",
        "INSERT OR REPLACE INTO checkpoint SELECT 1, 0, note FROM checkpoint LIMIT 1",
    ],
)
def test_sql_that_takes_something_back_is_refused(path: Path, statement: str) -> None:
    with LogDatabase.open(path) as log:
        write(log, 1, 3)

    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(statement)
    connection.close()


def test_a_second_writer_is_refused(log: LogDatabase) -> None:
    with pytest.raises(SetupError, match="written by another process"):
        LogDatabase.open(log.path)


def test_another_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE holidays (day TEXT)")
    connection.commit()
    connection.close()

    with pytest.raises(SetupError, match="must be a Skykeep log"):
        LogDatabase.open(path)


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"a letter to the harbour master " * 100)

    with pytest.raises(IntegrityError, match="cannot be opened as a log"):
        LogDatabase.open(path)
    assert not is_being_written(path.parent), "the lock must not outlive the refusal"


def test_a_second_log_in_the_same_directory_is_refused(log: LogDatabase) -> None:
    write(log, 1, 1)
    log.close()

    with pytest.raises(SetupError, match=r"holds the log night\.db already"):
        LogDatabase.open(log.path.with_name("other.db"))


def test_nothing_is_written_after_an_end_that_was_cut_off(path: Path) -> None:
    with LogDatabase.open(path) as log:
        write(log, 1, 30)
    change(path, "DELETE FROM entry WHERE sequence > 25")

    with pytest.raises(IntegrityError, match="entries 26 to 30 are missing") as raised:
        LogDatabase.open(path)
    assert raised.value.entry == 26


def test_nothing_is_written_after_an_altered_end(path: Path) -> None:
    with LogDatabase.open(path) as log:
        write(log, 1, 30)
    change(path, "UPDATE entry SET payload = x'00' WHERE sequence = 29")

    with pytest.raises(IntegrityError, match="entry 29"):
        LogDatabase.open(path)


def test_a_full_disk_refuses_loses_nothing_and_gets_well(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skykeep.store.log_writer.RETRY_S", 0.01)
    written = threading.Event()
    with LogDatabase.open(path, on_acknowledged=lambda n: written.set() if n == 11 else None) as log:
        write(log, 1, 10)
        log.flush()
        sqlite = log._connection.connection.driver_connection
        assert isinstance(sqlite, sqlite3.Connection)
        # What a disk of exactly this size does.
        sqlite.execute(f"PRAGMA max_page_count = {sqlite.execute('PRAGMA page_count').fetchone()[0]}")
        log.append(11, EntryRole.INPUT, "scan", b"x" * 100_000)
        with pytest.raises(LinkError, match="disk is full"):
            log.flush()
        with pytest.raises(LinkError, match="disk is full"):
            log.append(12, EntryRole.INPUT, "scan", b"{}")
        assert log.acknowledged() == 10

        sqlite.execute("PRAGMA max_page_count = 100000")
        assert written.wait(30.0)
        log.flush()
        assert log.append(13, EntryRole.INPUT, "scan", b"{}") == 12

    with LogDatabase.open(path) as log:
        assert [e.time_utc_ns for e in log.entries(10)] == [10, 11, 13]


def test_a_failed_write_stops_the_log_for_good_and_says_what_is_lost(path: Path) -> None:
    log = LogDatabase.open(path)
    write(log, 1, 3)
    log.flush()
    intruder = sqlite3.connect(path)
    intruder.execute("INSERT INTO entry VALUES (4, 0, 'input', 'scan', x'00', x'00', x'00')")
    intruder.commit()
    intruder.close()

    write(log, 4, 5)
    with pytest.raises(IntegrityError, match="cannot be written any more"):
        log.flush()
    with pytest.raises(IntegrityError, match="cannot be written any more"):
        log.append(6, EntryRole.INPUT, "scan", b"{}")
    with pytest.raises(IntegrityError, match="2 entries from 4 on were taken and could not be written"):
        log.close()
    assert not is_being_written(path.parent)


def test_what_is_no_entry_is_our_own_mistake(log: LogDatabase) -> None:
    with pytest.raises(ValueError, match="64 bits"):
        log.append(2**63, EntryRole.INPUT, "scan", b"{}")
    with pytest.raises(ValueError, match="must be bytes"):
        log.append(0, EntryRole.INPUT, "scan", "{}")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="ASCII"):
        log.append(0, EntryRole.INPUT, "скан", b"{}")
    log.append(1, EntryRole.INPUT, "scan", b"{}")
    log.flush()

    assert log.acknowledged() == 1
