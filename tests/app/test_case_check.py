"""A night is verified with its case: the case's log, how it comes out, and every file in it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from exported_night import write_log
from skykeep.app.orders_check import check_night
from skykeep.domain.incident import NoteOnIncident, OpenIncident
from skykeep.domain.record import EntryRole
from skykeep.store import standalone_verifier
from skykeep.store.case_folder import CASE_LOG, CaseFolder
from skykeep.store.log_database import UNNAMED, LogDatabase
from skykeep.store.manifest import CASE_NAMED
from skykeep.store.media_file import keep_media

T0 = 1_900_000_000_000_000_000


@pytest.fixture
def night(tmp_path: Path) -> Path:
    write_log(tmp_path / "night.db")
    with CaseFolder.open(tmp_path / "case") as case:
        case.receive(OpenIncident(title="Two bangs", reason="Told", by="op", time_utc_ns=T0))
        case.receive(NoteOnIncident(incident_id="I-1", text="Nobody was hurt", by="op", time_utc_ns=T0))
        keep_media(case, "clip.bin", b"\x00\x01 as it was handed in", "op", T0)
    return tmp_path


def wrong(night: Path) -> list[str]:
    return [f"{each.file}: {each.sentence}" for each in check_night(night, orders=False).findings]


def test_a_case_as_it_was_left_is_sound_by_itself_and_beside_its_night(night: Path) -> None:
    assert wrong(night) == []
    assert wrong(night / "case") == []


def test_a_file_that_was_swapped_is_named(night: Path) -> None:
    (blob,) = (night / "case/blobs").iterdir()
    blob.chmod(0o644)
    blob.write_bytes(b"something else")

    for path, where in ((night, "case/blobs"), (night / "case", "blobs")):
        (says,) = [each for each in wrong(path) if "clip.bin" in each]
        assert says.startswith(f"{where}: clip.bin: blobs/")
        assert "holds something else" in says


def test_a_file_that_is_gone_is_named(night: Path) -> None:
    (blob,) = (night / "case/blobs").iterdir()
    blob.unlink()

    assert "is missing" in wrong(night)[0]


def test_a_note_that_was_altered_is_named_with_its_entry(night: Path) -> None:
    log = night / "case" / CASE_LOG
    log.write_bytes(log.read_bytes().replace(b"Nobody was hurt", b"Somebody was hu"))

    findings = check_night(night, orders=False).findings

    assert any(each.file == "case/case.db" and each.entry == 3 for each in findings)


def test_what_cannot_have_been_refused_is_named(night: Path) -> None:
    with LogDatabase.open(night / "case" / CASE_LOG) as log:
        log.append(T0, EntryRole.OUTPUT, "refusal", b"{}")

    assert any("what was refused came out otherwise" in says for says in wrong(night))


def by_stranger_alone(night: Path) -> tuple[int, str]:
    """Return how the stand-alone verifier ends, and what it says."""
    done = subprocess.run(
        [sys.executable, "-I", standalone_verifier.__file__, night],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_a_file_that_nobody_filed_is_only_mentioned(night: Path) -> None:
    stray = hashlib.sha256(b"?").hexdigest()
    (night / "case/blobs" / stray).write_bytes(b"?")

    report = check_night(night, orders=False)

    assert report.findings == ()
    assert any(f"1 files in blobs were never filed, the first {stray}" in note for note in report.notes)
    assert by_stranger_alone(night)[0] != 1


def test_a_file_under_another_name_than_its_hash_is_named_as_the_stranger_names_it(night: Path) -> None:
    (blob,) = (night / "case/blobs").iterdir()
    renamed = blob.rename(blob.with_name(blob.name.upper()))

    report = check_night(night, orders=False)

    code, says = by_stranger_alone(night)
    assert (report.intact, code) == (False, 1)
    assert {each.file for each in report.findings} == {"case/blobs", f"case/blobs/{renamed.name}"}
    assert renamed.name in says


def test_a_case_that_was_cut_off_is_read_and_left_as_it_is(night: Path) -> None:
    log = night / "case" / CASE_LOG
    with CaseFolder.open(night / "case") as case:
        case.receive(NoteOnIncident(incident_id="I-1", text="Later", by="op", time_utc_ns=T0))
        cut = {each.name: each.read_bytes() for each in (night / "case").iterdir() if each.is_file()}
    for each in (night / "case").iterdir():
        if each.is_file():
            each.unlink()
    for name, data in cut.items():
        if not name.endswith("-shm"):
            (night / "case" / name).write_bytes(data)
    before = {each.name: each.read_bytes() for each in (night / "case").iterdir() if each.is_file()}

    assert wrong(night) == []
    assert {each.name: each.read_bytes() for each in (night / "case").iterdir() if each.is_file()} == before
    assert log.is_file()


@pytest.mark.parametrize(
    "left",
    [b"", hashlib.shake_256(b"garbage").digest(40_000), 9_000],
    ids=["emptied", "overwritten", "cut"],
)
def test_a_case_that_cannot_be_read_is_named_and_its_night_is_judged_all_the_same(
    night: Path, left: bytes | int
) -> None:
    (night / CASE_NAMED).write_text(f"log {UNNAMED}\n")
    log = night / "case" / CASE_LOG
    log.write_bytes(log.read_bytes()[:left] if isinstance(left, int) else left)

    report = check_night(night, orders=False)

    assert not report.intact
    assert report.entries > 0
    assert {each.file for each in report.findings} == {"case/case.db"}
    assert any("how the case stands cannot be told" in each.sentence for each in report.findings)


def test_wherever_a_byte_of_a_case_is_flipped_it_is_found(night: Path) -> None:
    (night / CASE_NAMED).write_text(f"log {UNNAMED}\n")
    log = night / "case" / CASE_LOG
    sound = log.read_bytes()

    for at in range(0, len(sound), len(sound) // 40 + 1):
        log.write_bytes(sound[:at] + bytes([sound[at] ^ 0xA5]) + sound[at + 1 :])
        assert any(each.file == "case/case.db" for each in check_night(night, orders=False).findings), at
