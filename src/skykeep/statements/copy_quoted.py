"""Fragments that one text quotes and another has in the same words, however short: a lifted quotation.

Three words in a row are chance in running text. Between quotation marks they are somebody's words, and the
text that has them too has them from him, or is his.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from skykeep.statements.copy_verbatim import Passage, Run
from skykeep.statements.copy_words import Word

_QUOTED = re.compile(r"\"([^\"\n]{4,400})\"|(?<!\w)'((?:[^'\n]|(?<=\w)'(?=\w)){4,400})'(?!\w)")
LEAST_WORDS, LEAST_MEANINGS, LEAST_OF_QUOTE = 3, 2, 0.6
Span = tuple[int, int]


def quoted_spans(folded: str, words: Sequence[Word]) -> list[Span]:
    """Return what a folded text has between quotation marks, as ranges of its words."""
    starts = [word.start for word in words]
    found = []
    for each in _QUOTED.finditer(folded):
        group = 1 if each[1] is not None else 2
        first, last = (bisect_left(starts, at) for at in each.span(group))
        if last > first:
            found.append((first, last))
    return found


def lifted(
    a: Sequence[Word], b: Sequence[Word], quoted: tuple[Sequence[Span], Sequence[Span]], runs: Sequence[Run]
) -> list[Passage]:
    """Return the runs of common words that are most of a quotation in one of the texts, as passages."""
    found = []
    for run in runs:
        sides = ((a, run.a, quoted[0]), (b, run.b, quoted[1]))
        held = [_held(words, first, run.length, spans) for words, first, spans in sides]
        best = max((one for one in held if one is not None), key=lambda one: one[1] - one[0], default=None)
        if best is not None:
            skipped, length = best[0], best[1] - best[0]
            first, its = run.a + skipped, run.b + skipped
            found.append(Passage(first, first + length, its, its + length, (Run(first, its, length),)))
    return found


def _held(words: Sequence[Word], first: int, length: int, spans: Sequence[Span]) -> Span | None:
    """Return which part of a run lies in one quotation, as offsets in the run; None where that is little."""
    for begin, end in spans:
        low, high = max(first, begin), min(first + length, end)
        meanings = {word.meaning for word in words[low:high] if word.meaning}
        enough = high - low >= max(LEAST_WORDS, LEAST_OF_QUOTE * (end - begin))
        if enough and len(meanings) >= LEAST_MEANINGS:
            return low - first, high - first
    return None
