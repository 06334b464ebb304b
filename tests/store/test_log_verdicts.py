"""Two verdicts, and checkpoints that left the house: what each says, and with which exit status."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from skykeep.base.errors import IntegrityError, SetupError
from skykeep.cli.verify import verify
from skykeep.domain.record import EntryRole
from skykeep.evidence.checkpoint import Checkpoint, body_of_note, checkpoint_body, read_checkpoint_body
from skykeep.evidence.entry import simulated_salts
from skykeep.evidence.merkle import verify_consistency, verify_inclusion
from skykeep.store import schema
from skykeep.store.log_check import CheckReport, check_path
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader

ORIGIN = "verdicts.invalid/night"
SALTS = simulated_salts("verdicts", 1)


def write(path: Path, entries: int, changed: int | None = None, origin: str = ORIGIN) -> list[Checkpoint]:
    """Write a closed log, entry `changed` other than usual; return a checkpoint of every hundred entries."""
    handed_out = []
    with LogDatabase.open(path, origin=origin, salts=SALTS) as log:
        for n in range(1, entries + 1):
            log.append(1_000 * n, EntryRole.INPUT, "scan", b'{"n":%d}' % (0 if n == changed else n))
            if n % 100 == 0:
                log.flush()
                handed_out.append(log.head())
    return handed_out


def run(*arguments: object) -> Result:
    return CliRunner().invoke(verify, ["--no-orders", *map(str, arguments)])


def sentences(report: CheckReport) -> str:
    return " ".join(finding.sentence for finding in report.findings)


def test_a_closed_log_is_sound_and_complete(tmp_path: Path) -> None:
    handed_out = write(tmp_path / "night.db", 400)

    report = check_path(tmp_path, tuple(handed_out))
    said = run(tmp_path)

    assert (report.intact, report.complete, report.lacking, report.findings) == (True, True, (), ())
    assert said.exit_code == 0
    assert "integrity: holds.\ncompleteness: nothing is missing.\nverified: every entry" in said.output


def test_a_log_built_anew_by_its_owner_is_seen_by_a_checkpoint_that_left_the_house(tmp_path: Path) -> None:
    handed_out = write(tmp_path / "a" / "night.db", 400)
    write(tmp_path / "b" / "night.db", 400, changed=250)
    notes = [tmp_path / f"{c.entries}.note" for c in handed_out]
    for note, checkpoint in zip(notes, handed_out, strict=True):
        note.write_bytes(checkpoint_body(checkpoint))

    alone = run(tmp_path / "b")
    caught = run(tmp_path / "b", *(f"--checkpoint={note}" for note in notes))

    assert alone.exit_code == 0, "nobody can see it who has only what the owner made"
    assert caught.exit_code == 1
    assert (
        "entries 201 to 300: the checkpoint of 1970-01-01T00:00:00.000300000Z was made over" in caught.output
    )
    assert run(tmp_path / "a", *(f"--checkpoint={note}" for note in notes)).exit_code == 0


def test_an_end_that_was_cut_off_is_missing_and_what_is_there_is_sound(tmp_path: Path) -> None:
    handed_out = write(tmp_path / "a" / "night.db", 400)
    write(tmp_path / "b" / "night.db", 350)

    report = check_path(tmp_path / "b", (handed_out[-1],))

    assert (report.verified, report.intact, report.complete) == (False, True, False)
    assert report.findings[0].missing
    assert "entries 351 to 400 are missing: a checkpoint counted 400" in report.lacking[0]
    (tmp_path / "last.note").write_bytes(checkpoint_body(handed_out[-1]))
    said = run(tmp_path / "b", "--checkpoint", tmp_path / "last.note")
    assert (said.exit_code, "completeness: SOMETHING IS MISSING." in said.output) == (3, True)


def test_of_a_log_that_was_never_closed_nobody_can_tell(tmp_path: Path) -> None:
    with LogDatabase.open(tmp_path / "a" / "night.db") as log:
        log.append(1, EntryRole.INPUT, "scan", b"{}")
        log.append(2, EntryRole.OUTPUT, "rejection", b"{}")
        log.flush()
        shutil.copytree(tmp_path / "a", tmp_path / "b")

    report = check_path(tmp_path / "b")
    said = run(tmp_path / "b")

    assert (report.verified, report.intact, report.complete) == (True, True, None)
    assert report.lacking == (
        "nobody can tell what came after entry 2: the log was not closed.",
        "1 inputs were refused: they stand in the log with the reason, and nothing rests on them.",
    )
    assert (said.exit_code, "completeness: nobody can tell." in said.output) == (3, True)


def test_a_checkpoint_of_another_log_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "a" / "night.db", 100)
    (other,) = write(tmp_path / "b" / "night.db", 100, origin="another.invalid/night")

    assert f"a checkpoint is of the log another.invalid/night, not of {ORIGIN}." in sentences(
        check_path(tmp_path / "a", (other,))
    )
    shutil.copyfile(tmp_path / "b" / "checkpoint.note", tmp_path / "a" / "checkpoint.note")
    with pytest.raises(IntegrityError, match=f"another.invalid/night, must be of {ORIGIN}"):
        LogDatabase.open(tmp_path / "a" / "night.db")


def test_a_file_that_is_no_checkpoint_is_an_error_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "night.db", 3)
    (tmp_path / "no.note").write_text("a letter\n")

    said = run(tmp_path, "--checkpoint", tmp_path / "no.note")

    assert isinstance(said.exception, SetupError)
    assert "no.note: is no checkpoint: checkpoint: 1 lines, must be 5 lines" in str(said.exception)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE checkpoint SET note = replace(note, 'state sealed', 'state shut')", "is damaged: state"),
        ("UPDATE checkpoint SET entries = 7 WHERE number = 2", "of 7 entries is not the one"),
        ("DELETE FROM checkpoint WHERE number = 1", "its first checkpoint is not that of its beginning"),
        ("UPDATE checkpoint SET note = replace(note, 'night', 'day') WHERE number = 2", "must be verdicts"),
        ("UPDATE node SET hash = zeroblob(32) WHERE level = 1 AND number = 3", "entries 49 to 64: the hash"),
        ("DELETE FROM node WHERE level = 1 AND number = 3", "entries 49 to 64: the hash kept"),
        ("UPDATE node SET hash = zeroblob(32) WHERE level = 2", "entries 1 to 256: the hash kept"),
        ("INSERT INTO node VALUES (1, 99, zeroblob(32))", "19 hashes of level 1, must have 18"),
        (
            "UPDATE checkpoint SET note = replace(note, char(10) || '300', char(10) || '299')",
            "is not the one",
        ),
    ],
)
def test_the_tree_and_the_checkpoints_in_the_file_are_covered_too(
    tmp_path: Path, statement: str, says: str
) -> None:
    write(tmp_path / "night.db", 300)
    with contextlib.closing(sqlite3.connect(tmp_path / "night.db")) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement).rowcount >= 1
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()
    (tmp_path / "manifest.json").unlink()

    report = check_path(tmp_path)

    assert not report.intact
    assert says in sentences(report)


def test_a_log_of_format_1_is_refused_in_a_sentence(tmp_path: Path) -> None:
    old = tmp_path / "night.db"
    with contextlib.closing(sqlite3.connect(old)) as connection:
        connection.execute("CREATE TABLE entry (sequence INTEGER)")
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        connection.commit()

    for look in (LogDatabase.open, LogReader, check_path):
        with pytest.raises(SetupError, match="a log of format 1, must be of format 2"):
            look(old)


def test_proofs_out_of_the_database_hold_against_its_checkpoints(tmp_path: Path) -> None:
    handed_out = write(tmp_path / "night.db", 700)
    with contextlib.closing(LogReader(tmp_path / "night.db")) as reader:
        last = reader.last_checkpoint()
        for checkpoint in (*handed_out, last):
            grown = reader.consistency_proof(checkpoint.entries, last.entries)
            assert verify_consistency(checkpoint.entries, last.entries, checkpoint.root, last.root, grown)
            for entry in reader.entries(1, checkpoint.entries):
                if entry.sequence % 37 == 0:
                    proof = reader.inclusion_proof(entry.sequence, checkpoint.entries)
                    index = entry.sequence - 1
                    assert verify_inclusion(entry.digest, index, checkpoint.entries, proof, checkpoint.root)


class _Stamp:
    """Signs nothing, visibly."""

    name = "stamp.invalid"

    def sign(self, note_body: bytes) -> bytes:
        return note_body + "\n\u2014 stamp.invalid AAAA\n".encode()


def test_whoever_signs_signs_every_checkpoint_in_the_log_and_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "night.db"
    with LogDatabase.open(path, signer=_Stamp(), checkpoint_every_s=0.0) as log:
        log.append(1, EntryRole.INPUT, "scan", b"{}")
        log.flush()
        log.append(2, EntryRole.INPUT, "scan", b"{}")
    with LogDatabase.open(path, signer=_Stamp()) as log:
        log.append(3, EntryRole.INPUT, "scan", b"{}")

    with contextlib.closing(sqlite3.connect(path)) as connection:
        notes = [note.encode() for (note,) in connection.execute("SELECT note FROM checkpoint")]
    states = [(c.entries, c.sealed) for c in (read_checkpoint_body(body_of_note(note)) for note in notes)]
    assert all(note.endswith("\n\n\u2014 stamp.invalid AAAA\n".encode()) for note in notes)
    assert (states[0], states[-1]) == ((0, False), (3, True))
    assert (2, True) in states
    assert (2, False) in states, "gone on with, and so not sealed any more"
    assert (tmp_path / "checkpoint.note").read_bytes() == notes[-1]
    assert check_path(path).intact


def test_a_log_keeps_its_name_and_takes_no_other(tmp_path: Path) -> None:
    write(tmp_path / "night.db", 2)

    with LogDatabase.open(tmp_path / "night.db", origin="later.invalid/name") as log:
        assert log.head().origin == ORIGIN
        assert log.head() == msgspec.structs.replace(log.head(), entries=2, sealed=False)
