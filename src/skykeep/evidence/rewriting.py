"""Words withheld from texts, and what becomes of places that count characters of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgspec

from skykeep.domain.statement import Passage, SourceDocument, StatementMatrix

# From, to, and what to put there instead.
Edit = tuple[int, int, str]
Moved = Callable[[int], int]


class FindsEdits(Protocol):
    """Somebody who knows what to replace in a text."""

    def edits(self, text: str) -> list[Edit]: ...


class Rewriting:
    """Puts something in place of `words` wherever they stand by themselves, then of what `further` finds."""

    def __init__(self, words: dict[str, str], further: FindsEdits) -> None:
        self._words, self._further = words, further
        # A number that is part of its role ("duty" of "duty officer") gives nothing away, and would garble.
        self._telling = {word: put for word, put in words.items() if word.casefold() not in put.casefold()}
        longest_first = sorted(self._telling, key=lambda word: (-len(word), word))
        any_of = "|".join(map(re.escape, longest_first))
        self._any_of = re.compile(rf"(?<!\w)(?:{any_of})(?!\w)") if any_of else None

    def __call__(self, text: str) -> str:
        """Return the text as it may be read."""
        return self.with_places(text)[0]

    def with_places(self, text: str) -> tuple[str, Moved]:
        """Return the same, and where each character of the text went."""
        if text in self._words:
            whole: list[Edit] = [(0, len(text), self._words[text])]
            return self._words[text], _moves(whole)
        first: list[Edit] = []
        if self._any_of is not None:
            first = [(*each.span(), self._telling[each.group()]) for each in self._any_of.finditer(text)]
        known = _edited(text, first)
        second = self._further.edits(known)
        if not first and not second:
            return text, _stays
        once, twice = _moves(first), _moves(second)
        return _edited(known, second), lambda place: twice(once(place))


def rewritten_matrix(matrix: StatementMatrix, rewriting: Rewriting) -> StatementMatrix:
    """Return a matrix with what is withheld replaced in its documents, and every passage where its words are
    now. The rest of its texts is as it was.
    """
    moved: dict[str, Moved] = {}
    documents = []
    for document in matrix.documents:
        text, moves = rewriting.with_places(document.text)
        moved[document.document_id] = moves
        documents.append(_with_text(document, text, moves))
    matrix = _with_passages(matrix, moved)
    return msgspec.structs.replace(matrix, documents=tuple(documents))


def _with_text(document: SourceDocument, text: str, moves: Moved) -> SourceDocument:
    words = document.published_words
    published = None if words is None else (moves(words[0]), moves(words[1]))
    return msgspec.structs.replace(document, text=text, published_words=published)


def _with_passages(value: Any, moved: dict[str, Moved]) -> Any:
    if isinstance(value, Passage):
        moves = moved.get(value.document_id, _stays)
        return msgspec.structs.replace(value, start=moves(value.start), end=moves(value.end))
    if isinstance(value, tuple):
        return tuple(_with_passages(each, moved) for each in value)
    if isinstance(value, msgspec.Struct) and not isinstance(value, SourceDocument):
        fields = {name: _with_passages(getattr(value, name), moved) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    return value


def _edited(text: str, edits: Sequence[Edit]) -> str:
    pieces, at = [], 0
    for start, end, put in edits:
        pieces += [text[at:start], put]
        at = end
    return "".join([*pieces, text[at:]]) if edits else text


def _moves(edits: Sequence[Edit]) -> Moved:
    def moves(place: int) -> int:
        by = 0
        for start, end, put in edits:
            if place <= start:
                break
            if place < end:
                # Within what was replaced: it ends where that ends, so that nothing is cut in two.
                return start + by + len(put)
            by += len(put) - (end - start)
        return place + by

    return moves


def _stays(place: int) -> int:
    return place
