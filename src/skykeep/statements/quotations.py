"""Where somebody's own words stand: quotation marks of all kinds, over paragraphs too.

Curly, straight, low and angled marks. A quotation left open at the end of a paragraph goes on where a later
paragraph begins with a mark of its own (newspapers do that) or closes it; a post set into a page (`"... -
Name (@handle) May 3, 2023`) ends at its signature; any other open mark ends with its paragraph.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from skykeep.statements.spans import Spans

SIGNATURE = re.compile(r"-\s*(?P<name>[^\n(\-]{2,60}\(@\w+\))\s+(?:[A-Z][a-z]+\s+\d{1,2},\s+\d{4})?")
_OPENS = "\u201c\u201e\u00ab\u201f\u301d\u300c\u300e"
_CLOSES = "\u201d\u00bb\u301e\u300d\u300f"
_MARK = re.compile(f'["{_OPENS}{_CLOSES}]')
_SINGLE = re.compile(
    r"(?<![\w])[\u2018'](?=\w)[^\u2018\n\"\u201c\u201d]{2,400}?[\w.,!?\u2026][\u2019']" r"(?=[\s,.;:?!)]|$)"
)
_PARAGRAPHS_AT_MOST = 6


class Quotation(NamedTuple):
    """The characters between two marks, without them; not closed where the second is missing."""

    start: int
    end: int
    is_closed: bool


def find_quotations(text: str, folded: str) -> tuple[Quotation, ...]:
    """Return every quotation of the text in order, none within another; offsets are of `text`."""
    marks = [found.start() for found in _MARK.finditer(text)]
    found: list[Quotation] = []
    at = 0
    while at < len(marks):
        start = marks[at]
        if not _can_open(text, start):
            at += 1
            continue
        end_at = at + 1
        while end_at < len(marks) and _goes_on(text, start, marks[end_at]):
            end_at += 1
        if end_at < len(marks) and _closes(text, start, marks[end_at]):
            found.append(Quotation(start + 1, marks[end_at], is_closed=True))
            at = end_at + 1
        else:
            end = marks[end_at] if end_at < len(marks) else len(text)
            found.append(Quotation(start + 1, _open_end(folded, start, end), is_closed=False))
            at += 1
    return tuple(sorted(found + _single_ones(text, found)))


def _begins_paragraph(text: str, at: int) -> bool:
    while at > 0 and text[at - 1] in " \t\u00a0>":
        at -= 1
    return at == 0 or text[at - 1] == "\n"


def _can_open(text: str, at: int) -> bool:
    mark = text[at]
    if mark in _OPENS or mark == "\u00bb":
        return at + 1 < len(text) and not text[at + 1].isspace()
    if mark != '"':
        return False
    follows = text[at + 1 : at + 2]
    return bool(follows) and not follows.isspace() and (at == 0 or not text[at - 1].isalnum())


def _can_close(text: str, opened_by: str, at: int) -> bool:
    mark = text[at]
    if opened_by == '"':
        return mark == '"' and not text[at - 1].isspace()
    if opened_by == "\u201e":
        return mark in "\u201c\u201d"
    if opened_by == "\u00bb":
        return mark == "\u00ab"
    return mark in _CLOSES or (mark == '"' and not _can_open(text, at))


def _paragraph_breaks(text: str, start: int, end: int) -> int:
    return len(re.findall(r"\n[ \t\r\u00a0]*\n+", text[start:end]))


def _goes_on(text: str, start: int, at: int) -> bool:
    """Whether the mark at `at` only takes up again, in a new paragraph, what was opened at `start`."""
    if not 1 <= _paragraph_breaks(text, start, at) <= _PARAGRAPHS_AT_MOST:
        return False
    return _begins_paragraph(text, at) and _can_open(text, at) and not _signed(text[start:at])


def _closes(text: str, start: int, at: int) -> bool:
    if not _can_close(text, text[start], at) or _signed(text[start:at]):
        return False
    return not (_begins_paragraph(text, at) and _can_open(text, at))


def _signed(between: str) -> bool:
    return re.search(r"\(@\w+\)", between) is not None


def _open_end(folded: str, start: int, end: int) -> int:
    signature = SIGNATURE.search(folded, start, end)
    if signature:
        return signature.start()
    paragraph_end = re.search(r"\n\s*\n", folded[start:end])
    return start + paragraph_end.start() if paragraph_end else min(end, len(folded))


def _single_ones(text: str, doubles: list[Quotation]) -> list[Quotation]:
    """Quotations in single marks that lie in no double ones: the British way."""
    found = [Quotation(each.start() + 1, each.end() - 1, is_closed=True) for each in _SINGLE.finditer(text)]
    held = Spans(doubles)
    return [one for one in found if not held.at(one.start)]
