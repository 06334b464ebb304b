"""What a watch runs on stands in its log and changes no decision; a redacted night is replayed as far as it
goes.
"""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner

import exported_night
from skykeep.app.replay import Recording, verify_replay
from skykeep.app.software import PACKAGES, software_now, source_sha256
from skykeep.base.errors import IntegrityError
from skykeep.cli.replay import replay
from skykeep.domain.encoding import decode_json, encode_json
from skykeep.domain.record import EntryRole, Software
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader
from skykeep.store.recorders import ComparingRecorder
from skykeep.store.redaction import Taking, redact


@pytest.fixture
def night(tmp_path: Path) -> Path:
    return exported_night.write_log(tmp_path / "night.db")


def first_of(night: Path, kind: str, role: EntryRole) -> int:
    with contextlib.closing(LogReader(night)) as reader:
        return next(reader.entries(kind=kind, role=role)).sequence


def take(night: Path, *takings: Taking) -> None:
    redact(night, takings, by="data officer", because="asked for by law", now_utc_ns=1)


def test_what_runs_is_said_in_full_and_the_source_by_its_bytes(tmp_path: Path) -> None:
    site = tmp_path / "site.toml"
    site.write_text("[site]\n")

    said = software_now(7, (site,))

    assert decode_json(encode_json(said), Software) == said
    assert [name for name, _ in said.packages] == list(PACKAGES)
    assert said.configuration == (("site.toml", hashlib.sha256(b"[site]\n").hexdigest()),)
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    for folder, text in (("one", "a = 1\n"), ("two", "a = 2\n")):
        (tmp_path / folder / "code.py").write_text(text)
        (tmp_path / folder / "notes.txt").write_text(folder)
    assert source_sha256(tmp_path / "one") != source_sha256(tmp_path / "two")


def test_a_replay_elsewhere_is_no_other_for_what_it_ran_on(night: Path, tmp_path: Path) -> None:
    """The same inputs on 'other software': only that entry differs, and both replay to the byte."""
    other = Software(
        time_utc_ns=1, skykeep="9", python="3.99", machine="z80", packages=(), source_sha256="00"
    )
    recording = Recording(night)
    with LogDatabase.open(tmp_path / "elsewhere" / "night.db") as log:
        pipeline = recording.pipeline(log)
        pipeline.receive(other)
        for record in recording.inputs():
            pipeline.receive(record)

    assert verify_replay(night).identical
    assert verify_replay(tmp_path / "elsewhere" / "night.db").identical
    with contextlib.closing(LogReader(tmp_path / "elsewhere" / "night.db")) as reader:
        outputs = [(e.kind, e.payload) for e in reader.entries(role=EntryRole.OUTPUT)]
    with contextlib.closing(LogReader(night)) as reader:
        assert outputs == [(e.kind, e.payload) for e in reader.entries(role=EntryRole.OUTPUT)]


def test_a_redacted_input_ends_the_replay_where_it_stands_and_says_why(night: Path) -> None:
    sequence = first_of(night, "report", EntryRole.INPUT)
    take(night, Taking(sequence=sequence, path="text"))

    report = verify_replay(night)
    said = CliRunner().invoke(replay, [str(night), "--verify"])

    assert (report.identical, report.missing) == (False, 0)
    assert report.compared == sequence - 1
    assert report.sentence == (
        f"{sequence - 1} entries came out the same, byte for byte. But entry {sequence} was redacted by data "
        "officer: asked for by law; from there on nothing can be made again."
    )
    assert said.exit_code == 3
    assert report.sentence in said.output
    with pytest.raises(IntegrityError, match=f"entry {sequence} was redacted by data officer"):
        list(Recording(night).inputs())


def test_a_redacted_output_is_compared_in_what_is_left(night: Path) -> None:
    take(night, Taking(sequence=first_of(night, "identification", EntryRole.OUTPUT)))

    report = verify_replay(night)

    assert (report.redacted, report.missing, report.extra, report.identical) == (1, 0, 0, False)
    assert report.sentence == (
        f"every decision was made again: {report.compared - 1} of {report.compared} entries came out the "
        "same, byte for byte, and of 1 redacted since only time and kind could be compared."
    )


def test_a_redacted_output_of_another_kind_or_time_is_still_told(night: Path) -> None:
    with contextlib.closing(LogReader(night)) as reader:
        entry = next(reader.entries(kind="identification"))
    take(night, Taking(sequence=entry.sequence))
    with contextlib.closing(LogReader(night)) as reader:
        recorder = ComparingRecorder(reader.entries(entry.sequence))
        with pytest.raises(IntegrityError, match="time_utc_ns came out as"):
            recorder.append(entry.time_utc_ns + 1, entry.role, entry.kind, entry.payload)
