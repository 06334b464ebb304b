"""Papers beside a log that forgot something: after retention no file of the folder says it any more."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

import click
import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

import ordered_watch
from exported_night import inputs
from judged_scenes import at_ns
from skykeep.app import dossier as app
from skykeep.app.dossier import case_of_night, printed
from skykeep.app.folder import CASE, DOSSIER, RECORDING, SUMMARY
from skykeep.app.orders_check import check_night
from skykeep.app.replay import RedactedError
from skykeep.app.retention import enforce
from skykeep.base.errors import InputError, SetupError
from skykeep.cli.export import export
from skykeep.cli.redact import redact as redact_command
from skykeep.cli.verify import verify
from skykeep.domain.encoding import decode_json
from skykeep.domain.incident import NoteOnIncident, OpenIncident
from skykeep.domain.record import PapersRemade
from skykeep.domain.retention import PersonalDatum, RetentionRule
from skykeep.domain.sensing import Claim
from skykeep.engine.inputs import Input
from skykeep.evidence.case_json import case_json
from skykeep.evidence.levels import Level
from skykeep.evidence.simulation_key import SIMULATION_KEY
from skykeep.store.case_folder import CaseFolder
from skykeep.store.keys_file import add_keys
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader
from skykeep.store.manifest import hash_file, read_manifest, seal_files, unseal_files
from skykeep.store.redaction import Taking, redact
from tampered_night import by_stranger

RULES = tuple(
    RetentionRule(rule_id=datum.value, datum=datum, keep_h=1.0, reason=f"No need of {datum.value}")
    for datum in PersonalDatum
)
CLAIMED, OPERATOR, CALLER = "QUIET-77", "OP-QUIET-4", "A humming."
WORDS = tuple(word.encode() for word in (CLAIMED, OPERATOR, CALLER))
LATER = at_ns(100 * 3_600.0)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "cache_dir", lambda: tmp_path / "cache")


def anonymous(record: Input) -> Input:
    """Return it with an identity that no permit of the site names."""
    if not isinstance(record, Claim):
        return record
    return msgspec.structs.replace(record, claimed_id=CLAIMED, operator_id=OPERATOR)


@pytest.fixture
def night(tmp_path: Path) -> Path:
    """Return a signed night with every kind of paper beside it, sealed with it."""
    folder = tmp_path / "night"
    with LogDatabase.open(folder / "night.db", signer=SIMULATION_KEY) as log:
        ordered_watch.run(log, [anonymous(record) for record in inputs()])
    add_keys(folder, SIMULATION_KEY.verifier)
    case = case_of_night(folder)
    (folder / CASE).write_bytes(case_json(case, Level.FULL))
    (folder / DOSSIER).write_bytes(printed(case, Level.FULL, "pdf", folder / "night.db"))
    (folder / SUMMARY).write_text('{"intruders": 1}\n', encoding="utf-8")
    (folder / "tracks.csv").write_text(f"track,claimed\n1,{CLAIMED}\n", encoding="utf-8")
    pq.write_table(pa.table({"track_id": [1, 2]}), folder / RECORDING)
    pq.write_table(pa.table({"claimed": [CLAIMED]}), folder / "export.parquet")
    names = (CASE, DOSSIER, SUMMARY, "tracks.csv", RECORDING, "export.parquet", "keys.txt")
    seal_files(folder, *names, signer=SIMULATION_KEY)
    return folder


def everything(folder: Path) -> bytes:
    """Return the bytes of all files below a folder, and what is deflated in them."""
    found = b""
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        found += data
        for start in re.finditer(rb"stream\r?\n", data):
            try:
                found += zlib.decompressobj().decompress(data[start.end() :])
            except zlib.error:
                continue
    return found


def test_after_retention_no_file_of_the_folder_says_what_the_log_forgot(night: Path, tmp_path: Path) -> None:
    before = {name: hash_file(night / name).sha256 for name in (CASE, DOSSIER, "tracks.csv")}
    for word in WORDS:
        assert word in (night / "night.db").read_bytes()
        assert word in everything(night)
    assert CALLER.encode() in (night / CASE).read_bytes()
    assert any((tmp_path / "cache").rglob("*.json")), "the case was kept in the cache too"

    report = enforce(night, RULES, LATER, by="ada")

    for word in WORDS:
        assert word not in everything(night), word
        assert word not in everything(tmp_path / "cache"), word
    assert {paper.name: bool(paper.sha256_after) for paper in report.remade} == {
        CASE: True,
        DOSSIER: True,
        "tracks.csv": False,
        "export.parquet": False,
    }
    assert (night / SUMMARY).is_file()
    assert (night / RECORDING).is_file(), "numbers of tracks name nobody"
    (entry,) = LogReader(night / "night.db").entries(kind="papers_remade")
    told = decode_json(entry.payload, PapersRemade)
    assert (told.by, told.papers) == ("ada", report.remade)
    assert "No need of claimed_id" in told.because
    for paper in told.papers:
        assert paper.sha256_before == before.get(paper.name, paper.sha256_before)
        if paper.sha256_after:
            assert hash_file(night / paper.name).sha256 == paper.sha256_after


def test_what_was_made_again_is_sealed_and_signed_anew(night: Path) -> None:
    enforce(night, RULES, LATER)
    report = check_night(night)
    assert report.intact, report.findings
    found = by_stranger(night)
    assert "BROKEN" not in found.words, found.words
    sealed = read_manifest(night)
    assert sealed is not None
    assert {CASE, DOSSIER, SUMMARY, RECORDING} <= {each.name for each in sealed.files}
    assert sealed.file("tracks.csv") is None
    case = msgspec.json.decode((night / CASE).read_bytes())["case"]
    assert case["withheld"], "it says what is gone"


def test_a_running_watch_removes_what_it_has_no_time_to_make_again(night: Path) -> None:
    report = enforce(night, RULES, LATER, remake=False)
    assert {paper.name for paper in report.remade} == {CASE, DOSSIER, "tracks.csv", "export.parquet"}
    assert not any(paper.sha256_after for paper in report.remade)
    for word in WORDS:
        assert word not in everything(night)
    assert check_night(night).intact
    assert case_of_night(night).withheld, "whoever wants it has it made"


def test_what_was_taken_out_by_hand_leaves_the_papers_at_the_next_look_for_its_reason(night: Path) -> None:
    log = night / "night.db"
    sequence = next(LogReader(log).entries(kind="report")).sequence
    taking = Taking(sequence=sequence, path="text")
    redact(log, [taking], by="ada", because="asked for", now_utc_ns=LATER, signer=SIMULATION_KEY)
    assert CALLER.encode() in everything(night)
    enforce(night, RULES, at_ns(0.0))
    assert CALLER.encode() not in everything(night)
    (entry,) = LogReader(log).entries(kind="papers_remade")
    assert decode_json(entry.payload, PapersRemade).because == "asked for"


def command(*words: str) -> Result:
    root = click.Group(commands=[redact_command, export, verify])
    result = CliRunner().invoke(root, words)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def bundled(night: Path, out: Path) -> dict[str, bytes]:
    command("export", str(night), "--format", "bundle", "--out", str(out))
    with zipfile.ZipFile(out) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_the_command_that_takes_out_sees_to_the_papers_and_what_is_handed_out_says_it_no_more(
    night: Path, tmp_path: Path
) -> None:
    (night / "notes.txt").write_text("by hand", encoding="utf-8")
    sequence = str(next(LogReader(night / "night.db").entries(kind="report")).sequence)

    told = command(
        "redact", str(night), "--entry", sequence, "--field", "text", "--by", "ada", "--because", "asked"
    )

    assert told.output.splitlines() == [
        f"entry {sequence}: text taken out.",
        "case.json: made again.",
        "dossier.pdf: made again.",
        "export.parquet: removed.",
        "tracks.csv: removed.",
        "Not looked into, and perhaps saying the same: notes.txt",
    ]
    assert CALLER.encode() not in everything(night)
    assert CALLER.encode() not in everything(tmp_path / "cache")
    assert command("verify", str(night)).exit_code == 3, "sound, and not all of it is there"
    given = bundled(night, tmp_path / "night.zip")
    assert "night/dossier.pdf" in given
    assert not any(CALLER.encode() in data for data in given.values())


def test_papers_that_still_say_what_is_gone_are_in_no_bundle(night: Path, tmp_path: Path) -> None:
    log, out = night / "night.db", tmp_path / "night.zip"
    sequence = next(LogReader(log).entries(kind="report")).sequence
    taking = Taking(sequence=sequence, path="text")
    redact(log, [taking], by="ada", because="asked for", now_utc_ns=LATER, signer=SIMULATION_KEY)

    with pytest.raises(SetupError, match=r"case.json, dossier.pdf, export.parquet, tracks.csv.*asked for"):
        bundled(night, out)
    assert not out.exists()

    # As it says: this ends what was broken off, and takes nothing more out.
    told = command("redact", str(night), "--by", "ada")
    assert told.output.startswith("case.json: made again.\ndossier.pdf: made again.\n")
    assert not any(CALLER.encode() in data for data in bundled(night, out).values())
    assert command("redact", str(night), "--by", "ada").output == ""


def test_a_dossier_that_was_printed_since_is_bundled(night: Path, tmp_path: Path) -> None:
    log = night / "night.db"
    for name in (CASE, DOSSIER, "tracks.csv", "export.parquet"):
        (night / name).unlink()
    unseal_files(night, CASE, DOSSIER, "tracks.csv", "export.parquet", signer=SIMULATION_KEY)
    sequence = str(next(LogReader(log).entries(kind="report")).sequence)
    command("redact", str(night), "--entry", sequence, "--by", "ada", "--because", "asked for")
    (night / DOSSIER).write_bytes(printed(case_of_night(night), Level.FULL, "pdf", log))

    assert "night/dossier.pdf" in bundled(night, tmp_path / "night.zip")


def test_where_nothing_can_be_told_any_more_the_papers_go_and_the_log_is_sound(night: Path) -> None:
    told = command("redact", str(night), "--entry", "2", "--by", "ada", "--because", "asked for")

    assert "case.json: removed.\ndossier.pdf: removed.\n" in told.output
    report = check_night(night)
    assert report.intact, report.findings
    with pytest.raises(RedactedError, match="without its site nothing can be told"):
        case_of_night(night, fresh=True)


def test_the_case_is_its_own_record_and_is_named(night: Path) -> None:
    with CaseFolder.open(night / "case", signer=SIMULATION_KEY) as case:
        case.receive(OpenIncident(title="Two bangs", reason="Told", by="op", time_utc_ns=LATER))
        case.receive(NoteOnIncident(incident_id="I-1", text="Ask Mary", by="op", time_utc_ns=LATER))
    add_keys(night / "case", SIMULATION_KEY.verifier)

    sequence = str(next(LogReader(night / "night.db").entries(kind="report")).sequence)
    told = command("redact", str(night), "--entry", sequence, "--by", "ada", "--because", "asked for")

    assert "Not looked into either: case" in told.output
    taken = command(
        *("redact", str(night / "case/case.db"), "--entry", "3", "--field", "text"),
        *("--by", "ada", "--because", "asked for"),
    )
    assert taken.output.splitlines() == [
        "entry 3: text taken out.",
        "Not looked into, and perhaps saying the same: ../dossier.pdf",
    ]
    assert (night / "case/case.db").is_file(), "a log is no paper"
    assert check_night(night, orders=False).intact

    before = everything(night)
    whole = ("redact", str(night / "case/case.db"), "--entry", "3", "--by", "ada", "--because", "asked for")
    with pytest.raises(InputError, match="without a whole entry its case cannot be told"):
        command(*whole)
    assert everything(night) == before


def test_nobody_and_no_entry_are_refused_before_anything_is_changed(night: Path) -> None:
    before = everything(night)
    with pytest.raises(InputError, match="by: ' ', must be said"):
        command("redact", str(night), "--by", " ")
    with pytest.raises(InputError, match="because: '', must be said"):
        command("redact", str(night), "--by", "ada", "--entry", "2")
    assert command("redact", str(night), "--by", "ada", "--field", "text").exit_code == 2
    assert everything(night) == before


def test_a_second_time_nothing_changes_and_what_was_broken_off_is_done(night: Path) -> None:
    old = {name: (night / name).read_bytes() for name in (CASE, DOSSIER)}
    enforce(night, RULES, LATER)
    once = everything(night)
    assert enforce(night, RULES, LATER).remade == ()
    assert everything(night) == once

    # As if it had been broken off between the log and its papers: the old ones are back, and the log is
    # redacted once more since.
    for name, data in old.items():
        (night / name).write_bytes(data)
    seal_files(night, *old, signer=SIMULATION_KEY)
    with LogDatabase.open(night / "night.db", signer=SIMULATION_KEY) as log:
        first = next(log.entries(kind="redacted"))
        log.append(LATER, first.role, first.kind, first.payload)
    assert {paper.name for paper in enforce(night, RULES, LATER).remade} == {CASE, DOSSIER}
    assert CLAIMED.encode() not in everything(night)


def test_what_was_not_sealed_with_it_is_named(night: Path) -> None:
    (night / "notes.txt").write_text("by hand", encoding="utf-8")
    assert enforce(night, RULES, LATER).papers == ("notes.txt",)
    assert (night / "notes.txt").is_file()


def test_a_night_from_which_nothing_was_taken_keeps_its_papers(night: Path) -> None:
    before = everything(night)
    assert enforce(night, RULES, at_ns(0.0)).remade == ()
    assert everything(night) == before


def test_a_log_whose_sealing_was_cut_off_is_sealed_by_who_takes_nothing_out(night: Path) -> None:
    unseal_files(night, "night.db", signer=SIMULATION_KEY)
    assert not check_night(night).sealed

    command("redact", str(night), "--by", "ada")

    report = check_night(night)
    assert report.intact, report.findings
    assert report.sealed
