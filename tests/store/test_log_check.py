"""Tampering with files: every byte, every field, every paper beside the log."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from skykeep.base.errors import SetupError
from skykeep.cli.verify import verify
from skykeep.domain.record import EntryRole
from skykeep.evidence.log_walk import walk_log
from skykeep.store import manifest, salvage, schema
from skykeep.store.log_check import CheckReport, check_path
from skykeep.store.log_database import LogDatabase
from tampered_night import make_night

ENTRIES = 400


@pytest.fixture(scope="module")
def sealed_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A night with short entries, entries that fill a page and entries that need several."""
    directory = tmp_path_factory.mktemp("sealed")
    with LogDatabase.open(directory / "night.db") as log:
        for n in range(1, ENTRIES + 1):
            log.append(
                1_000_000 * n,
                EntryRole.INPUT if n % 3 else EntryRole.OUTPUT,
                ("scan", "claim", "picture")[n % 3],
                b'{"n":%d,"x":"%s"}' % (n, b"7" * (n * 389 % 9_000 if n % 20 == 0 else n % 300)),
            )
    (directory / "dossier.pdf").write_bytes(b"%PDF-1.7 nothing much\n" * 100)
    manifest.seal_files(directory, "dossier.pdf")
    return directory


@pytest.fixture
def night(sealed_night: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed_night, tmp_path / "night"))


def test_a_paper_away_from_its_night_says_what_it_is_and_how_it_is_verified(
    night: Path, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    shutil.copy(make_night(tmp_path / "made") / "dossier.pdf", away / "dossier.pdf")
    shutil.copy(night / "dossier.pdf", away / "letter.pdf")

    with pytest.raises(SetupError, match=r"save verify.py.*`python3 -I verify.py dossier.pdf`"):
        check_path(away / "dossier.pdf")
    with pytest.raises(SetupError, match=r"letter.pdf: no log is beside it, and it carries no evidence"):
        check_path(away / "letter.pdf")


def flip(path: Path, offset: int, mask: int) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ mask]))


def change(path: Path, statement: str) -> None:
    """Do to a log what its triggers forbid, and put the triggers back as a careful hand would."""
    connection = sqlite3.connect(path)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    for _, sql in triggers:
        connection.execute(sql)
    connection.commit()
    connection.close()


def first_entry(report: CheckReport) -> int | None:
    return next((finding.entry for finding in report.findings if finding.entry is not None), None)


def test_an_untouched_night_is_verified_and_left_alone(night: Path) -> None:
    before = {path.name: path.read_bytes() for path in night.iterdir()}

    report = check_path(night)

    assert (report.verified, report.sealed, report.entries) == (True, True, ENTRIES)
    assert report.files == ("checkpoint.note", "dossier.pdf")
    assert {path.name: path.read_bytes() for path in night.iterdir()} == before
    assert CliRunner().invoke(verify, [str(night)]).exit_code == 0


@pytest.mark.parametrize("name", ["night.db", "dossier.pdf"])
def test_the_log_and_the_dossier_may_be_named_themselves(night: Path, name: str) -> None:
    assert check_path(night / name).verified


def test_a_bit_flipped_anywhere_in_the_file_is_seen_and_placed(night: Path) -> None:
    path = night / "night.db"
    size = path.stat().st_size
    dice = random.Random(7)
    offsets = [*range(100), *(dice.randrange(size) for _ in range(400))]
    named_entries = 0
    for offset in offsets:
        mask = 1 << dice.randrange(8)
        flip(path, offset, mask)
        report = check_path(night)
        flip(path, offset, mask)

        assert not report.verified
        page = offset // schema.PAGE_BYTES + 1
        assert any(f"page {page} (bytes" in finding.sentence for finding in report.findings), offset
        entry = first_entry(report)
        named_entries += entry is not None
        if entry is None:
            assert any("No entry differs" in finding.sentence for finding in report.findings)
    assert check_path(night).verified, "every flip was taken back"
    assert named_entries > 200, "most bytes belong to an entry"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("time_utc_ns", "time_utc_ns + 1"),
        ("role", "'output'"),
        ("role", "'inbut'"),
        ("kind", "'scam'"),
        ("payload", "x'7b7d'"),
        ("payload", "'text'"),
        ("digest", "zeroblob(32)"),
        ("digest", "'text'"),
        ("segments", "zeroblob(21)"),
        ("segments", "x''"),
    ],
)
@pytest.mark.parametrize("sealed", [True, False])
def test_every_field_of_a_row_is_covered_with_and_without_a_seal(
    night: Path, column: str, value: str, sealed: bool
) -> None:
    if not sealed:
        (night / "manifest.json").unlink()
    change(night / "night.db", f"UPDATE entry SET {column} = {value} WHERE sequence = 200")

    report = check_path(night)

    assert not report.verified
    assert first_entry(report) == 200


def take_guards_away(night: Path) -> None:
    (night / "manifest.json").unlink()
    connection = sqlite3.connect(night / "night.db")
    connection.execute("DROP TRIGGER entry_refuse_update")
    connection.close()


STORIES: dict[str, tuple[Callable[[Path], object], int | None, str]] = {
    "sequence altered": (
        lambda night: change(night / "night.db", "UPDATE entry SET sequence = 900 WHERE sequence = 200"),
        200,
        "entry 200 is missing",
    ),
    "entry dropped": (
        lambda night: change(night / "night.db", "DELETE FROM entry WHERE sequence = 200"),
        200,
        "entry 200 is missing",
    ),
    "end cut off": (
        lambda night: change(night / "night.db", "DELETE FROM entry WHERE sequence > 390"),
        391,
        "entries 391 to 400 are missing",
    ),
    "everything gone": (lambda night: change(night / "night.db", "DELETE FROM entry"), 1, "entries 1 to 400"),
    "file cut in half": (
        lambda night: (night / "night.db").write_bytes((night / "night.db").read_bytes()[: 40 * 4096]),
        None,
        "SQLite cannot read it",
    ),
    "guards taken away": (take_guards_away, None, "not defined as Skykeep defines them"),
    "manifest gone": (
        lambda night: (night / "manifest.json").unlink(),
        None,
        "does not hold its hash any more",
    ),
    "manifest changed": (
        lambda night: flip(night / "manifest.json", 40, 1),
        None,
        "manifest.json is damaged",
    ),
    "checkpoint changed": (lambda night: flip(night / "checkpoint.note", 12, 1), None, "checkpoint.note"),
    "dossier changed": (
        lambda night: flip(night / "dossier.pdf", 99, 1),
        None,
        "dossier.pdf was changed after",
    ),
    "dossier gone": (lambda night: (night / "dossier.pdf").unlink(), None, "dossier.pdf is missing"),
    "a journal put beside it": (
        lambda night: (night / "night.db-wal").write_bytes(b"x" * 5_000),
        None,
        "night.db-wal lies beside a sealed log",
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_a_story_of_tampering_is_told(night: Path, story: str) -> None:
    tamper, entry, says = STORIES[story]
    tamper(night)

    report = check_path(night)

    assert not report.verified
    assert any(says in finding.sentence for finding in report.findings), report.findings
    if entry is not None:
        assert first_entry(report) == entry


def test_every_byte_of_the_papers_beside_the_log_counts(night: Path) -> None:
    for name in ("checkpoint.note", "manifest.json"):
        data = (night / name).read_bytes()
        for offset in range(0, len(data), max(1, len(data) // 150)):
            flip(night / name, offset, 1)
            assert not check_path(night).verified, (name, offset)
            flip(night / name, offset, 1)


def test_a_killed_log_is_checked_without_touching_it(tmp_path: Path) -> None:
    with LogDatabase.open(tmp_path / "a" / "night.db") as log:
        for n in range(50):
            log.append(n, EntryRole.INPUT, "scan", b"{}")
        log.flush()
        assert "being written" in check_path(tmp_path / "a").notes[0]
        killed = Path(shutil.copytree(tmp_path / "a", tmp_path / "b"))
    before = {path.name: path.read_bytes() for path in killed.iterdir()}

    report = check_path(killed)

    assert (report.verified, report.sealed, report.entries) == (True, False, 50)
    assert report.notes[0].startswith("not sealed")
    assert {path.name: path.read_bytes() for path in killed.iterdir()} == before


def test_a_killed_log_without_its_journal_lost_entries_that_a_checkpoint_counted(tmp_path: Path) -> None:
    with LogDatabase.open(tmp_path / "a" / "night.db", checkpoint_every_s=0.0) as log:
        for n in range(50):
            log.append(n, EntryRole.INPUT, "scan", b"{}")
        log.flush()
        log.append(50, EntryRole.INPUT, "scan", b"{}")
        log.flush()
        killed = Path(shutil.copytree(tmp_path / "a", tmp_path / "b"))
    (killed / "night.db-wal").unlink()

    report = check_path(killed)

    assert not report.verified
    assert first_entry(report) == 1


def test_pages_give_the_same_entries_as_sqlite(night: Path) -> None:
    salvaged = salvage.salvage_entries(night / "night.db")

    report = walk_log(salvaged)
    assert (report.entries, report.first_bad) == (ENTRIES, None)


def test_a_log_that_sqlite_cannot_open_still_names_what_is_missing(night: Path) -> None:
    path = night / "night.db"
    with path.open("r+b") as file:
        file.write(b"\0" * 100)
    report = check_path(night)
    assert (report.verified, report.entries, first_entry(report)) == (False, ENTRIES, None)

    leaf = next(p for p in range(20, 200) if salvage.page_kind(path, p) == "rows")
    flip(path, (leaf - 1) * schema.PAGE_BYTES, 0x0D)
    report = check_path(night)
    assert report.entries < ENTRIES
    assert "missing" in report.findings[0].sentence


def test_the_command_names_the_entry_and_fails(night: Path) -> None:
    change(night / "night.db", "UPDATE entry SET payload = x'00' WHERE sequence = 200")

    result = CliRunner().invoke(verify, [str(night)])
    as_json = CliRunner().invoke(verify, [str(night), "--json"])

    assert (result.exit_code, as_json.exit_code) == (1, 1)
    assert "entry 200: its payload, or how it is cut, was changed" in result.output
    assert '"entry":200' in as_json.output
