"""The page of grounds says what the code says."""

from __future__ import annotations

from grounds_scenes import PAGE, STORIES, page


def test_the_page_of_grounds_is_up_to_date() -> None:
    assert len(STORIES) == 20
    assert PAGE.read_text(encoding="utf-8") == page(), "python tests/grounds_scenes.py writes it anew"
