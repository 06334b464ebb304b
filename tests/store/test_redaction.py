"""Taken out: gone from every byte of the file, on record, and every proof still holds."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from skykeep.base.errors import InputError, IntegrityError, SetupError
from skykeep.cli.redact import redact as redact_command
from skykeep.cli.verify import verify
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.engine.inputs import INPUT_KINDS
from skykeep.evidence.entry import seal_entry, simulated_salts, take_out
from skykeep.evidence.log_walk import REDACTED_KIND
from skykeep.evidence.merkle import verify_consistency, verify_inclusion
from skykeep.store import schema
from skykeep.store.log_check import check_path
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader
from skykeep.store.redaction import Taking, redact

SECRET = "Quendolyn Marchbanks, 14 Lower Quay"
LONG_SECRET = "heard-" + "Xanthippe" * 1_000
SALTS = simulated_salts("redaction", 3)


def report(text: str) -> bytes:
    return b'{"sensor_id":"resident","text":"%s","kind":"bang"}' % text.encode()


@pytest.fixture
def night(tmp_path: Path) -> Path:
    with LogDatabase.open(tmp_path / "night.db", origin="redaction", salts=SALTS) as log:
        for n in range(1, 301):
            log.append(n, EntryRole.INPUT, "scan", b'{"n":%d}' % n)
        log.append(301, EntryRole.INPUT, "report", report(SECRET))
        log.append(302, EntryRole.INPUT, "report", report(LONG_SECRET))
        log.append(303, EntryRole.INPUT, "scan", b'{"said":"%s"}' % LONG_SECRET.encode())
        log.append(304, EntryRole.OUTPUT, "picture", b"{}")
    return tmp_path / "night.db"


def raw(night: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(night.parent.iterdir()))


def entry(night: Path, sequence: int) -> LogEntry:
    with contextlib.closing(LogReader(night)) as reader:
        return next(reader.entries(sequence, sequence))


def take(night: Path, *takings: Taking) -> None:
    redact(night, takings, by="data officer", because="asked for by law", now_utc_ns=1_000)


def test_what_was_taken_out_is_in_no_byte_of_the_file_and_nothing_else_is_gone(night: Path) -> None:
    salts = [SALTS(301, 1), SALTS(302, 1)]
    before = raw(night)
    assert SECRET.encode() in before
    assert b"XanthippeXanthippe" in before
    assert all(salt in before for salt in salts)

    take(night, Taking(sequence=301, path="text"), Taking(sequence=302, path="text"), Taking(sequence=303))

    after = raw(night)
    for word in (SECRET, "Quendolyn", "Lower Quay", "Xanthippe"):
        assert word.encode() not in after
    assert not any(salt in after for salt in salts)
    assert entry(night, 301).payload == b'{"sensor_id":"resident","text":,"kind":"bang"}'
    assert entry(night, 303).payload == b""
    assert entry(night, 300).payload == b'{"n":300}'
    assert sorted(path.name for path in night.parent.iterdir()) == [
        "checkpoint.note",
        "manifest.json",
        "night.db",
    ]


def test_integrity_holds_completeness_says_who_and_why(night: Path) -> None:
    take(night, Taking(sequence=301, path="text"), Taking(sequence=303))

    found = check_path(night.parent)
    said = CliRunner().invoke(verify, [str(night.parent), "--no-orders"])

    assert (found.findings, found.intact, found.complete, found.sealed) == ((), True, False, True)
    assert [(r.sequence, r.paths, r.by) for r in found.redactions] == [
        (301, ("text",), "data officer"),
        (303, ("",), "data officer"),
    ]
    assert "entries 301, 303 redacted by data officer: asked for by law." in found.lacking
    assert said.exit_code == 3
    assert "integrity: holds." in said.output
    assert "entries 301, 303 redacted by data officer: asked for by law." in said.output


def test_proofs_and_old_checkpoints_hold_as_before(night: Path) -> None:
    with contextlib.closing(LogReader(night)) as reader:
        old = reader.last_checkpoint()
        digest = entry(night, 301).digest
        proof = reader.inclusion_proof(301, old.entries)

    take(night, Taking(sequence=301, path="text"))

    with contextlib.closing(LogReader(night)) as reader:
        new = reader.last_checkpoint()
        assert entry(night, 301).digest == digest
        assert reader.inclusion_proof(301, old.entries) == proof
        assert verify_inclusion(digest, 300, old.entries, proof, old.root)
        grown = reader.consistency_proof(old.entries, new.entries)
        assert verify_consistency(old.entries, new.entries, old.root, new.root, grown)
        assert new.sealed
    assert check_path(night, (old,)).intact


def test_a_redacted_log_goes_on_and_can_be_redacted_again(night: Path) -> None:
    take(night, Taking(sequence=301, path="text"))
    with LogDatabase.open(night) as log:
        last = next(log.entries(305))
        assert log.append(last.time_utc_ns, EntryRole.INPUT, "report", report("a Third Name")) == 306
    take(night, Taking(sequence=306, path="text"), Taking(sequence=302))

    assert check_path(night).intact
    assert b"a Third Name" not in raw(night)


def change(night: Path, *statements: str, values: tuple[object, ...] = ()) -> None:
    """Do with a database tool what the guards forbid, and put them back."""
    with contextlib.closing(sqlite3.connect(night)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement, values)
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()
    (night.parent / "manifest.json").unlink()


def test_an_alteration_dressed_up_as_a_redaction_is_named(night: Path) -> None:
    """The owner takes something out on record, and changes what was beside it."""
    take(night, Taking(sequence=301, path="text"))
    there = entry(night, 301)
    change(night, "UPDATE entry SET payload = replace(payload, 'bang', 'bird') WHERE sequence = 301")

    found = check_path(night)

    assert not found.intact
    assert found.findings[0].entry == 301
    assert entry(night, 301).payload != there.payload


def test_a_part_taken_out_in_silence_is_named(night: Path) -> None:
    gone = take_out(entry(night, 301), frozenset({1}))
    change(
        night,
        "UPDATE entry SET segments = ?, payload = ? WHERE sequence = 301",
        values=(gone.segments, gone.payload),
    )

    found = check_path(night)

    assert (found.intact, found.findings[0].entry) == (False, 301)
    assert "no entry says who took it out" in found.findings[0].sentence


def test_another_entry_put_in_the_place_of_a_redacted_one_is_named(night: Path) -> None:
    take(night, Taking(sequence=301, path="text"))
    other = seal_entry(301, 301, EntryRole.INPUT, "report", report("Somebody else"), SALTS)
    gone = take_out(other, frozenset({1}))
    change(
        night,
        "UPDATE entry SET digest = ?, segments = ?, payload = ? WHERE sequence = 301",
        values=(gone.digest, gone.segments, gone.payload),
    )

    found = check_path(night)

    assert not found.intact
    assert found.findings[0].sentence.startswith("entries 289 to 304: the hash kept of the tree over them")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET payload = x'' WHERE sequence = 302",
        "UPDATE entry SET payload = 'longer than before' || payload WHERE sequence = 301",
        "UPDATE entry SET payload = x'', digest = zeroblob(32) WHERE sequence = 301",
        "UPDATE entry SET payload = x'', kind = 'scan' WHERE sequence = 301",
        "UPDATE entry SET payload = x'', sequence = 999 WHERE sequence = 301",
        "UPDATE node SET hash = zeroblob(32) WHERE number = 2",
        "DELETE FROM node",
        "INSERT INTO node VALUES (1, 99, zeroblob(32))",
        "INSERT OR REPLACE INTO node VALUES (1, 3, zeroblob(32))",
    ],
)
def test_the_guards_let_pass_only_what_is_on_record(night: Path, statement: str) -> None:
    take(night, Taking(sequence=301, path="text"))

    with (
        contextlib.closing(sqlite3.connect(night)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement)


def test_a_log_in_use_is_left_alone(night: Path) -> None:
    with LogDatabase.open(night), pytest.raises(SetupError, match="is being written"):
        take(night, Taking(sequence=301))


def test_nothing_is_taken_out_of_a_log_that_was_altered(night: Path) -> None:
    change(night, "UPDATE entry SET payload = x'7b7d' WHERE sequence = 12")
    before = night.read_bytes()

    with pytest.raises(IntegrityError, match="entry 12") as refused:
        take(night, Taking(sequence=301))

    assert refused.value.entry == 12
    assert night.read_bytes() == before


WRONG = {
    "no such entry": ((Taking(sequence=999),), "officer", "law", "one of the 304 that the log holds"),
    "no such field": ((Taking(sequence=301, path="name"),), "officer", "law", "must be one of: text"),
    "no field to take": ((Taking(sequence=5, path="n"),), "officer", "law", "only its whole payload"),
    "nobody": ((Taking(sequence=301),), " ", "law", "by: ' '"),
    "no reason": ((Taking(sequence=301),), "officer", "", "because: ''"),
}


@pytest.mark.parametrize("story", WRONG)
def test_what_cannot_be_taken_out_is_refused_before_anything_is_changed(night: Path, story: str) -> None:
    takings, by, because, says = WRONG[story]
    before = night.read_bytes()

    with pytest.raises(InputError) as refused:
        redact(night, takings, by=by, because=because, now_utc_ns=1_000)

    assert says in str(refused.value)
    assert night.read_bytes() == before


def test_who_took_something_out_and_what_is_gone_already_cannot_be_taken_out(night: Path) -> None:
    take(night, Taking(sequence=301))

    for sequence, says in ((305, "of a kind that may be redacted"), (301, "still there")):
        with pytest.raises(InputError, match=says):
            take(night, Taking(sequence=sequence))


def test_the_command_says_what_it_did_and_what_it_did_not(night: Path) -> None:
    said = CliRunner().invoke(
        redact_command,
        [str(night), "--entry", "301", "--field", "text", "--by", "officer", "--because", "law"],
    )

    assert (said.exit_code, said.output) == (0, "entry 301: text taken out.\n")
    assert SECRET.encode() not in raw(night)


def test_a_replay_knows_the_kind() -> None:
    assert REDACTED_KIND in INPUT_KINDS.values()
    assert schema.FORMAT == 2
