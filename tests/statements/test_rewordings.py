"""Rewordings written for this test, in other registers than the labelled sets, among other news.

`rewordings.txt` holds a line for each: two hands' words for one thing (`||`), or two sentences of the same
places and people that say different things (`//`). The two texts hold them in different orders. None of it
was tuned for.
"""

from __future__ import annotations

import random
from pathlib import Path

from skykeep.domain.statement import CopyKind, Passage, SourceDocument
from skykeep.statements.copies import find_copies
from statement_sets import document

LINES = (Path(__file__).parent / "rewordings.txt").read_text(encoding="utf-8").splitlines()
PAIRS = [tuple(line.split(" || ")) for line in LINES if " || " in line]
OTHERS = [tuple(line.split(" // ")) for line in LINES if " // " in line]


def shuffled(name: str, sentences: list[str]) -> SourceDocument:
    random.Random(name).shuffle(sentences)
    return document(name, "\n\n".join(sentences))


def test_twelve_rewordings_are_found_and_none_in_vain() -> None:
    one = shuffled("one", [pair[0] for pair in PAIRS + OTHERS])
    other = shuffled("other", [pair[1] for pair in PAIRS + OTHERS])
    shared = find_copies((one, other))
    assert {each.kind for each in shared} == {CopyKind.REWORDED}

    def pair_at(text: str, passage: Passage, side: int) -> int:
        middle = (passage.start + passage.end) // 2
        starts = [(text.index(pair[side]), number) for number, pair in enumerate(PAIRS)]
        return next((n for at, n in starts if at <= middle < at + len(PAIRS[n][side])), -1)

    met = [(pair_at(one.text, each.a, 0), pair_at(other.text, each.b, 1)) for each in shared]
    assert all(a == b != -1 for a, b in met)
    assert len(PAIRS) == len(met) == 12
