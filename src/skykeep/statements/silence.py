"""Who is silent on a slot: of whom it can be said that he spoke of the night, and not of this.

Silent is a speaker heard in at least two sentences, where neither his side, nor a spokesman, nor an outlet
that carries his statement says anything on the slot; and a publisher in none of whose documents anybody says
anything on it. Who is heard in one sentence was asked or quoted for that alone; a clip shows and does not
speak; a document that meets no other on any slot, and shares no passage, tells of something else; and who is
heard in a text that was not read to its end may speak of it there. None of these is called silent.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from skykeep.domain.statement import Assertion, MatrixRow, SharedPassage, Slot, SourceDocument
from skykeep.statements.origins import OneMouth
from skykeep.statements.speakers import Speakers
from skykeep.statements.wordings import SentenceGroups

LEAST_SENTENCES = 2
_CANNOT_SPEAK = re.compile(
    r"\b(?:footage|videos?|clips?|pictures?|images?|photographs?|photos?|recordings?|posts?|radar|cameras?)$",
    re.IGNORECASE,
)


class Silence:
    """Who of a set of documents could have spoken of a slot."""

    def __init__(
        self,
        documents: Sequence[SourceDocument],
        assertions: Sequence[Assertion],
        speakers: Speakers,
        sentences: SentenceGroups,
        one_mouth: OneMouth,
        unread: Collection[str] = (),
    ) -> None:
        self._speakers = speakers
        self._one_mouth = one_mouth
        self._own = {one.document_id: speakers.name_of(one.document_id, "") for one in documents}
        self._heard: dict[str, set[tuple[str, int]]] = {}
        self._in: dict[str, set[str]] = {}
        self._says: dict[str, int] = {}
        for one in assertions:
            name = speakers.of(one)
            self._heard.setdefault(name, set()).add(sentences.sentence_of(one.passage))
            self._in.setdefault(name, set()).add(one.passage.document_id)
            self._says[name] = self._says.get(name, 0) + 1
        self._unknown = {self._own[document_id] for document_id in unread}
        self._unknown |= {name for name, heard_in in self._in.items() if heard_in & set(unread)}

    def heard_once(self) -> tuple[str, ...]:
        """Return those who are heard in one sentence only, in the order in which they come."""
        own = set(self._own.values())
        return tuple(
            name
            for name, sentences in self._heard.items()
            if len(sentences) < LEAST_SENTENCES and name not in own and not _CANNOT_SPEAK.search(name)
        )

    def on(self, held: Iterable[Assertion]) -> tuple[str, ...]:
        """Return who is silent where `held` is all that is said on a slot, those who speak most first."""
        said = list(held)
        sides = {self._side(self._speakers.of(one)) for one in said}
        told_in = {one.passage.document_id for one in said}
        publishers = {self._own[document_id] for document_id in told_in}
        own = dict.fromkeys(self._own.values())
        left = [name for name in own if name not in publishers and self._side(name) not in sides]
        left += [
            name
            for name, sentences in self._heard.items()
            if name not in own
            and len(sentences) >= LEAST_SENTENCES
            and self._side(name) not in sides
            and not _CANNOT_SPEAK.search(name)
        ]
        known = (name for name in left if name not in self._unknown)
        return tuple(sorted(known, key=lambda name: (-self._says.get(name, 0), name)))

    def _side(self, name: str) -> str:
        return self._one_mouth.of(self._speakers.side_of(name))

    def without(self, silent: Collection[str], apart: Collection[str]) -> tuple[str, ...]:
        """Return those silent who are heard in other documents than those apart."""
        own = {name for document_id, name in self._own.items() if document_id not in apart}
        return tuple(name for name in silent if name in own or self._in.get(name, set()) - set(apart))


def documents_apart(
    documents: Sequence[SourceDocument],
    rows: Sequence[MatrixRow],
    shared: Sequence[SharedPassage],
) -> tuple[str, ...]:
    """Return the documents that tell of something else: no voice of theirs stands to one of another document,
    and they share no passage. None where all do: then it cannot be told which of them is about what.
    """
    linked = {side.document_id for each in shared for side in (each.a, each.b)}
    for row in rows:
        if row.slot is Slot.COMMENT:
            continue
        for i, j, _ in row.pairs:
            mine, its = set(row.voices[i].document_ids), set(row.voices[j].document_ids)
            if mine != its or len(mine) > 1:
                linked |= mine | its
        linked |= {one for voice in row.voices if len(voice.document_ids) > 1 for one in voice.document_ids}
    apart = tuple(one.document_id for one in documents if one.document_id not in linked)
    return apart if linked else ()
