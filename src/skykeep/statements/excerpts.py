"""The words around a passage, so that a person sees what was proposed where it stands."""

from __future__ import annotations

import re
from typing import NamedTuple

from skykeep.domain.statement import Passage

_AROUND = 90
_BREAK = re.compile(r"\s*\n\s*")


class Excerpt(NamedTuple):
    """A passage's own words with those before and after it in its paragraph, cut at words."""

    before: str
    words: str
    after: str


def excerpt(text: str, passage: Passage, around: int = _AROUND) -> Excerpt:
    """Return the passage's words and at most `around` characters of its paragraph on either side."""
    start = max(text.rfind("\n", 0, passage.start) + 1, passage.start - around)
    line_end = text.find("\n", passage.end)
    end = min(len(text) if line_end < 0 else line_end, passage.end + around)
    before, after = text[start : passage.start], text[passage.end : end]
    if start and text[start - 1] not in "\n " and " " in before:
        before = "…" + before.split(" ", 1)[1]
    if end < len(text) and text[end] not in "\n " and " " in after:
        after = after.rsplit(" ", 1)[0] + "…"
    return Excerpt(before, one_line(text[passage.start : passage.end]), after)


def one_line(words: str) -> str:
    """Return words of several lines in one, a line's end as a mark of its own."""
    return _BREAK.sub(" ⏎ ", words.strip("\n"))
