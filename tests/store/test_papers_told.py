"""After a lawful forgetting: what was made again is told so, what was swapped is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from cut_papers import BECAUSE, BY, made_again, make_forgetful_night, see_to
from made_tree import LOG
from skykeep.app import papers
from skykeep.domain.record import Paper
from skykeep.store import manifest
from skykeep.store.log_excerpt import excerpt_of_log
from skykeep.store.papers_told import against_log, read_told
from tampered_night import CITED, by_skykeep, dossier


@pytest.fixture
def forgot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(papers, "_made_again", made_again)
    return make_forgetful_night(tmp_path)


def swap(night: Path) -> None:
    """Do what only the owner can: lay another dossier there and sign anew."""
    (night / "dossier.pdf").write_bytes(
        dossier(excerpt_of_log(night / "night.db", CITED, personal=False), "No.")
    )
    manifest.seal_files(night, "dossier.pdf", signer=LOG)


@pytest.mark.parametrize("remake", [True, False])
def test_against_an_older_note_what_the_log_tells_is_not_broken(forgot: Path, remake: bool) -> None:
    old = forgot.parent / "files.note"
    seen_to = see_to(forgot, remake=remake)
    found = by_skykeep(forgot, (old,))
    assert "BROKEN" not in found.words, found.words
    assert found.code != 1
    words = " ".join(found.words.split())
    for paper in seen_to:
        what = "made again" if paper.sha256_after else "removed"
        says = f"{paper.name} is not the one over which {old.name}, from you, was signed: since then it was"
        assert f"{says} {what} by {BY} because {BECAUSE} (entry 602)." in words, words


def test_a_paper_that_is_neither_is_broken_as_before(forgot: Path) -> None:
    old = forgot.parent / "files.note"
    see_to(forgot)
    (forgot / "summary.json").write_text('{"alerts":0}\n')
    manifest.seal_files(forgot, "summary.json", signer=LOG)
    found = by_skykeep(forgot, (old,))
    assert found.code == 1
    assert "summary.json is not the one over which files.note was signed" in " ".join(found.words.split())


def test_swapped_and_signed_anew_after_it_was_made_again_is_found_with_and_without_a_note(
    forgot: Path,
) -> None:
    see_to(forgot)
    swap(forgot)
    for outside in ((), (forgot.parent / "files.note",)):
        found = by_skykeep(forgot, outside)
        assert found.code == 1, found.words
        words = " ".join(found.words.split())
        assert "dossier.pdf is not the one of which entry 602 says that it was made again" in words
        assert ("dossier.pdf is not the one over which files.note was signed" in words) == bool(outside)


def test_one_laid_there_after_it_was_removed_is_not_the_old_one(forgot: Path) -> None:
    see_to(forgot, remake=False)
    swap(forgot)
    assert by_skykeep(forgot).code != 1, "whoever wants a dossier again has it made"
    assert by_skykeep(forgot, (forgot.parent / "files.note",)).code == 1


def test_an_entry_from_before_the_note_excuses_nothing(forgot: Path) -> None:
    old = (forgot / "dossier.pdf").read_bytes()
    made: dict[str, Paper] = {paper.name: paper for paper in see_to(forgot)}
    new = (forgot / "dossier.pdf").read_bytes()
    assert manifest.hash_file(forgot / "dossier.pdf").sha256 == made["dossier.pdf"].sha256_after
    (forgot / "dossier.pdf").write_bytes(old)
    manifest.seal_files(forgot, "dossier.pdf", signer=LOG)
    late = forgot.parent / "late.note"
    late.write_bytes((forgot / "manifest.note").read_bytes())
    (forgot / "dossier.pdf").write_bytes(new)
    manifest.seal_files(forgot, "dossier.pdf", signer=LOG)
    found = by_skykeep(forgot, (late,))
    assert found.code == 1
    assert "dossier.pdf is not the one over which late.note was signed" in " ".join(found.words.split())


def test_the_old_one_beside_its_entry_is_told(forgot: Path) -> None:
    old = (forgot / "case.json").read_bytes()
    see_to(forgot)
    (forgot / "case.json").write_bytes(old)
    told = read_told(forgot / "night.db")
    found = against_log(forgot, told)
    assert found.findings == ()
    (note,) = found.notes
    assert note.startswith("case.json is on record as made again by ada")
    (forgot / "case.json").unlink()
    (finding,) = against_log(forgot, told).findings
    assert finding.missing


def test_what_witnesses_signed_is_no_paper(forgot: Path) -> None:
    cosigned = sorted((forgot / "cosigned").iterdir())
    assert cosigned
    assert not any(paper.name.startswith("cosigned") for paper in see_to(forgot))
    assert sorted((forgot / "cosigned").iterdir()) == cosigned
