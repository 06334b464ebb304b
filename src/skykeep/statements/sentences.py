"""Sentences and lines of a folded text, as offsets."""

from __future__ import annotations

import re
from typing import NamedTuple

_SHORT_FORMS = frozenset(
    re.findall(
        r"\S+",
        """
    mr mrs ms dr prof st lt col gen capt maj sgt cpl cmdr adm insp supt det rev hon gov sen rep no nos
    art sec fig vs etc approx dept est ref tel acc jan feb mar apr jun jul aug sept oct nov dec a.m p.m i.e
    e.g u.s u.k u.n ca abt sgd
""",
    )
)
# A run of characters without an end is cut at a space: the longest sentence of the labelled sets has 446.
LONGEST_SENTENCE = 1_000
_END = re.compile(r"[.!?\u2026\u061f\u06d4\u3002]+[\"')\]]*(?=\s|$)|\n")


class Sentence(NamedTuple):
    """Characters `start` to `end` (not with it), without the spaces around; `line` counts lines from 0."""

    start: int
    end: int
    line: int


def split_sentences(folded: str) -> tuple[Sentence, ...]:
    """Return the sentences of a folded text; none goes over a line end that folding left.

    None is longer than `LONGEST_SENTENCE`: what has no end for so long is a list or a table, and is cut
    between two words.
    """
    found: list[Sentence] = []
    start = line = 0
    for each in _END.finditer(folded):
        is_line_end = each.group() == "\n"
        if not is_line_end and _is_short_form(folded, each.start(), each.end()):
            continue
        _add(found, folded, start, each.end(), line)
        start = each.end()
        line += is_line_end
    _add(found, folded, start, len(folded), line)
    return tuple(found)


def _add(found: list[Sentence], folded: str, start: int, end: int, line: int) -> None:
    while end - start > LONGEST_SENTENCE and folded[start:end].strip():
        start += len(folded[start:end]) - len(folded[start:end].lstrip())
        if end - start <= LONGEST_SENTENCE:
            break
        cut = folded.rfind(" ", start + 1, start + LONGEST_SENTENCE)
        cut = cut if cut >= 0 else start + LONGEST_SENTENCE
        found.append(Sentence(start, start + len(folded[start:cut].rstrip()), line))
        start = cut
    words = folded[start:end]
    if words.strip():
        begin = start + len(words) - len(words.lstrip())
        found.append(Sentence(begin, start + len(words.rstrip()), line))


def _is_short_form(folded: str, dot: int, end: int) -> bool:
    if folded[dot] not in ".":
        return False
    word = re.search(r"[\w.]*$", folded[max(0, dot - 12) : dot])
    last = word.group().lower() if word else ""
    follows = folded[end : end + 2].strip()
    if last in ("a.m", "p.m", "etc", "u.s", "u.k", "u.n"):
        return not follows or not (follows[0].isupper() or follows[0] == '"')
    if len(last) == 1 and last.isalpha():
        return last != "i"
    if last.isdigit() and folded[end : end + 1] == " ":
        return dot == 0 or folded[: dot - len(last)].rstrip(" ")[-1:] in ("\n", "")
    return last in _SHORT_FORMS
