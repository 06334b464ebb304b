"""Seeing to papers, killed at each step: the next look finishes it, and the log says who and why."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from cut_papers import BECAUSE, BY, FORGOTTEN, made_again, make_forgetful_night, see_to
from skykeep.app import papers
from skykeep.domain.encoding import decode_json
from skykeep.domain.record import PapersRemade
from skykeep.store import manifest
from skykeep.store.log_check import check_path
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader
from skykeep.store.record_check import check_record

PAPERS = ("case.json", "dossier.pdf", "tracks.csv")
STEPS = (
    (Path, "replace"),
    (Path, "unlink"),
    (manifest, "seal_files"),
    (LogDatabase, "append"),
    (LogDatabase, "_end_journal"),  # entry and checkpoint written, not sealed
)


class Killed(BaseException):
    """The end of the process."""


def kill_before(patch: pytest.MonkeyPatch, place: object, name: str, call: int) -> None:
    """Have the process end where it is about to call something for the n-th time."""
    real, calls = getattr(place, name), []

    def dying(*args: Any, **named: Any) -> Any:
        calls.append(name)
        if len(calls) == call:
            raise Killed
        return real(*args, **named)

    patch.setattr(place, name, dying)


def told(night: Path) -> list[PapersRemade]:
    reader = LogReader(night / "night.db")
    try:
        return [decode_json(entry.payload, PapersRemade) for entry in reader.entries(kind="papers_remade")]
    finally:
        reader.close()


@pytest.fixture
def forgot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(papers, "_made_again", made_again)
    return make_forgetful_night(tmp_path)


@pytest.mark.parametrize("remake", [True, False])
@pytest.mark.parametrize(("place", "name"), STEPS, ids=lambda each: each if isinstance(each, str) else "")
def test_killed_at_any_step_it_is_finished_at_the_next_look(
    forgot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: object, name: str, remake: bool
) -> None:
    before = {each: manifest.hash_file(forgot / each).sha256 for each in PAPERS}
    for call in range(1, 40):
        night = tmp_path / f"cut {call}"
        shutil.copytree(forgot, night)
        with monkeypatch.context() as patch:
            kill_before(patch, place, name, call)
            try:
                see_to(night, remake=remake)
            except Killed:
                pass
            else:
                break
        see_to(night, remake=not remake)
        (said,) = told(night)
        assert (said.by, said.because) == (BY, BECAUSE)
        assert {paper.name: paper.sha256_before for paper in said.papers} == before
        sealed = manifest.read_manifest(night)
        assert sealed is not None
        for paper in said.papers:
            listed = sealed.file(paper.name)
            assert (listed.sha256 if listed else "") == paper.sha256_after, (call, paper)
            path = night / paper.name
            assert (manifest.hash_file(path).sha256 if path.is_file() else "") == paper.sha256_after
        assert manifest.unlisted(night) == ()
        assert not [
            path for path in night.rglob("*") if path.is_file() and FORGOTTEN in path.read_text("latin-1")
        ]
        assert check_path(night).findings == ()
        assert check_record(night / "night.db").findings == (), (call, check_record(night / "night.db"))
        assert see_to(night) == ()
    assert 1 < call < 39


def test_a_paper_whose_new_one_was_lost_is_seen_to_anew(
    forgot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        kill_before(patch, papers, "_carry_out", 1)
        with pytest.raises(Killed):
            see_to(forgot)
    for draft in forgot.glob("*.remade"):
        draft.unlink()
    assert FORGOTTEN in (forgot / "case.json").read_text()
    assert {paper.name for paper in see_to(forgot)} == {"case.json", "dossier.pdf"}
    assert [said.because for said in told(forgot)] == [BECAUSE, BECAUSE]
    assert FORGOTTEN not in (forgot / "case.json").read_text()


def test_what_was_changed_by_another_hand_is_not_mended(forgot: Path) -> None:
    see_to(forgot)
    (forgot / "case.json").write_text("{}\n")
    assert see_to(forgot) == ()
    assert (forgot / "case.json").read_text() == "{}\n"
