"""The tutorial runs: its code prints what its text shows, and draws the pictures that stand in it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# The chapters import their helpers as a reader does who started Python in the root of a checkout.
sys.path.append(str(ROOT))

from docs.tutorial import drawing  # noqa: E402
from docs.tutorial.make import CHAPTERS, alike, played  # noqa: E402

PICTURE = re.compile(r"^!\[[^\]]+\]\(pictures/([^)]+\.svg)\)$", re.MULTILINE)
PIXELS = re.compile(r"-?\d+(?:\.\d+)?")
A_FEW_PIXELS = 3.0


def pictures_agree(kept: str, drawn: str) -> bool:
    """Return whether two charts have the same parts, each within a few pixels of the other's."""
    if PIXELS.sub("#", kept) != PIXELS.sub("#", drawn):
        return False
    pairs = zip(PIXELS.findall(kept), PIXELS.findall(drawn), strict=True)
    return all(abs(float(a) - float(b)) <= A_FEW_PIXELS for a, b in pairs)


def test_numbers_may_differ_in_their_last_digit_and_words_not_at_all() -> None:
    assert alike("error 4.9 m, 12 of 60\n", "error  5.0 m, 11 of 60\n")
    assert not alike("error 4.9 m", "error 5.1 m")
    assert not alike("12 of 60", "14 of 60")
    assert not alike("error 4.9 m", "error 4.90 m")
    assert not alike("1 track", "1 track, 2 false")


def test_pictures_differ_when_a_line_lies_elsewhere_or_is_missing() -> None:
    one = '<path d="M10.0 20.0L30.0 40.0"/>'
    assert pictures_agree(one, '<path d="M10.4 19.2L30.0 40.0"/>')
    assert not pictures_agree(one, '<path d="M10.0 20.0L30.0 48.0"/>')
    assert not pictures_agree(one, '<path d="M10.0 20.0"/>')


def test_there_are_six_chapters_and_each_picture_is_used_once() -> None:
    used = [name for chapter in CHAPTERS for name in PICTURE.findall(chapter.read_text(encoding="utf-8"))]
    assert [chapter.name[:2] for chapter in CHAPTERS] == ["01", "02", "03", "04", "05", "06"]
    assert sorted(used) == sorted(path.name for path in drawing.PICTURES.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_says_what_its_code_does(
    chapter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "folder", tmp_path)
    text = chapter.read_text(encoding="utf-8")
    for block, said in played(text, chapter.name):
        shown = block[2] or ""
        assert alike(shown, said), f"the chapter shows\n{shown}\nand its code prints\n{said}"
    for name in PICTURE.findall(text):
        kept = (drawing.PICTURES / name).read_text(encoding="utf-8")
        assert pictures_agree(kept, (tmp_path / name).read_text(encoding="utf-8")), f"{name} has changed"
