"""One sentence in several documents: its wordings side by side.

A sentence that says two things is cut at the clause where a passage reworded elsewhere begins or ends in it.
Sentences are joined where a shared passage aligns enough of their words; each stands in one group only.
Groups in which nothing was reworded are copies, and no wordings.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence

import msgspec

from skykeep.domain.statement import CopyKind, Passage, SharedPassage, SourceDocument
from skykeep.statements.copies import CopiedText, clause_starts, prepare
from skykeep.statements.copy_words import Sentence

LEAST_PIECE_WORDS = 4
LEAST_ALIGNED, LEAST_PART = 3, 0.3
_Node = tuple[str, int]


class SentenceGroups:
    """Sentences of several documents that say one thing, in the same words or in others."""

    def __init__(self, documents: Sequence[SourceDocument], shared: Sequence[SharedPassage]) -> None:
        self._texts = {
            one.document_id: _cut(
                prepare(one),
                [side for each in shared if each.kind is CopyKind.REWORDED for side in (each.a, each.b)],
            )
            for one in documents
        }
        self._order = {one.document_id: number for number, one in enumerate(documents)}
        self._groups = _grouped(self._texts, shared)
        self._words = [(each.a.document_id, each.b.document_id, each.aligned) for each in shared]
        reworded = [each for each in shared if each.kind is CopyKind.REWORDED]
        self._shared = [side for each in reworded for side in (each.a, each.b)]

    def group_of(self, passage: Passage) -> int | None:
        """Return the number of the group in which the sentence of a passage stands, None for none."""
        node = self._node(passage)
        return next((at for at, (nodes, _) in enumerate(self._groups) if node in nodes), None)

    def sentence_of(self, passage: Passage) -> tuple[str, int]:
        """Return the document and the number of the sentence in which a passage begins."""
        return self._node(passage)

    def are_aligned(self, one: Passage, two: Passage) -> bool:
        """Tell whether a word of the one passage stands for a word of the other."""
        for a, b, aligned in self._words:
            for mine, its, swapped in ((one, two, False), (two, one, True)):
                if (mine.document_id, its.document_id) != (a, b):
                    continue
                first, second = (two, one) if swapped else (one, two)
                if any(
                    start < first.end
                    and first.start < end
                    and its_start < second.end
                    and second.start < its_end
                    for start, end, its_start, its_end in aligned
                ):
                    return True
        return False

    def wordings(self) -> tuple[tuple[Passage, ...], ...]:
        """Return groups in which something was reworded, in the order of the first document."""
        found = [
            tuple(self._passage(node) for node in sorted(nodes, key=self._place))
            for nodes, kinds in self._groups
            if CopyKind.REWORDED in kinds
        ]
        return tuple(sorted(found, key=lambda group: (self._order[group[0].document_id], group[0].start)))

    def _passage(self, node: _Node) -> Passage:
        """Return the sentence, without what stands in no shared passage before and after it."""
        text = self._texts[node[0]]
        first, last = text.sentences[node[1]]
        start, end = text.words[first].start, text.words[last - 1].end
        sides = [one for one in self._shared if one.document_id == node[0]]
        held = [one for one in sides if one.start < end and start < one.end]
        if held:
            start = max(start, min(one.start for one in held))
            end = min(end, max(one.end for one in held))
        return Passage(document_id=node[0], start=start, end=end)

    def _place(self, node: _Node) -> tuple[int, int]:
        return self._order[node[0]], node[1]

    def _node(self, passage: Passage) -> _Node:
        text = self._texts[passage.document_id]
        held = [at for at, one in enumerate(text.sentences) if text.words[one.first].start <= passage.start]
        return passage.document_id, held[-1] if held else -1


def _cut(text: CopiedText, sides: Sequence[Passage]) -> CopiedText:
    """Return the text with its sentences cut at clauses with which passages begin or end inside them."""
    starts = [word.start for word in text.words]
    mine = [side for side in sides if side.document_id == text.document_id]
    marks = sorted({bisect_left(starts, at) for side in mine for at in (side.start, side.end)})
    pieces: list[Sentence] = []
    for first, last in text.sentences:
        begin = first
        clauses = {at for at, _ in clause_starts(text, first, last)}
        for mark in (mark for mark in marks if mark in clauses):
            if begin + LEAST_PIECE_WORDS <= mark <= last - LEAST_PIECE_WORDS:
                pieces.append(Sentence(begin, mark))
                begin = mark
        pieces.append(Sentence(begin, last))
    return msgspec.structs.replace(text, sentences=tuple(pieces))


def _grouped(
    texts: dict[str, CopiedText], shared: Sequence[SharedPassage]
) -> list[tuple[set[_Node], set[CopyKind]]]:
    links: Counter[tuple[_Node, _Node]] = Counter()
    kinds: dict[tuple[_Node, _Node], set[CopyKind]] = {}
    for each in shared:
        a, b = texts[each.a.document_id], texts[each.b.document_id]
        for start, end, its_start, its_end in each.aligned:
            for link in _links(a, (start, end), b, (its_start, its_end)):
                links[link] += 1
                kinds.setdefault(link, set()).add(each.kind)
    groups: list[tuple[set[_Node], set[CopyKind]]] = []
    for link, number in links.most_common():
        if number < LEAST_ALIGNED or number < LEAST_PART * min(_size(texts, node) for node in link):
            continue
        near = [group for group in groups if group[0] & set(link)]
        nodes = set(link).union(*(group[0] for group in near))
        held = kinds[link].union(*(group[1] for group in near))
        groups = [group for group in groups if group not in near] + [(nodes, held)]
    return groups


def _links(
    a: CopiedText, span: tuple[int, int], b: CopiedText, its_span: tuple[int, int]
) -> list[tuple[_Node, _Node]]:
    """Return for each word of an aligned stretch the two sentences that it joins."""
    mine, its = _words_in(a, span), _words_in(b, its_span)
    return [
        ((a.document_id, _sentence(a, i)), (b.document_id, _sentence(b, j)))
        for i, j in zip(mine, its, strict=False)
    ]


def _words_in(text: CopiedText, span: tuple[int, int]) -> range:
    starts = [bisect_left(text.words, end, key=lambda word: word.start) for end in span]
    return range(starts[0], starts[1])


def _sentence(text: CopiedText, word: int) -> int:
    return bisect_right(text.sentences, word, key=lambda one: one.first) - 1


def _size(texts: dict[str, CopiedText], node: _Node) -> int:
    one = texts[node[0]].sentences[node[1]]
    return one.last - one.first
