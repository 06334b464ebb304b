"""One claim in two hands' words: the same speaker says the same thing on one slot in both documents.

Two short sayings may mean one thing and share no word ("already six", "six before two o'clock"). What joins
them is who says them and what they come to: one speaker by his reduced name, one slot, one value, in
documents that tell of one event; nearest in their order of telling where one is said twice. A document that
says it itself is a speaker too, but not two documents of one publisher, whose words are compared as words.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from skykeep.domain.statement import (
    Assertion,
    CopyGround,
    CopyKind,
    Passage,
    Relation,
    SharedPassage,
    Slot,
    SourceDocument,
    SpeechAct,
)
from skykeep.statements.copy_alignment import aligned
from skykeep.statements.copy_words import words_of
from skykeep.statements.speakers import Speakers
from skykeep.statements.value_relations import AGAINST, meanings_of, relation_of

# Slots whose words are a saying; a place, a kind or a bare number is one word that anybody would use.
_TELLING = frozenset(
    (
        Slot.MEANS_OF_DEFEAT,
        Slot.OUTCOME,
        Slot.CASUALTIES,
        Slot.DAMAGE,
        Slot.HEARD,
        Slot.WHEREABOUTS,
        Slot.RESPONSE_TAKEN,
        Slot.RESPONSE_THREATENED,
        Slot.RESTRICTION,
        Slot.EXCEPTION,
        Slot.PURPOSE,
    )
)
_LEAST_WORDS, _LEAST_MEANINGS = 2, 2


def same_claims(
    documents: Sequence[SourceDocument], assertions: Sequence[Assertion], known: Sequence[SharedPassage]
) -> tuple[SharedPassage, ...]:
    """Return sayings that are one claim of one speaker and stand in no passage that is known already."""
    speakers = Speakers(documents, assertions)
    told = [one for one in assertions if one.slot in _TELLING and one.act is not SpeechAct.DECLINES]
    found: list[SharedPassage] = []
    for a, b in combinations(documents, 2):
        mine = [one for one in told if one.passage.document_id == a.document_id]
        its = [one for one in told if one.passage.document_id == b.document_id]
        pairs = [
            (abs(_place(one, a) - _place(two, b)), one, two)
            for one in mine
            for two in its
            if _is_one_claim(one, two, (a, b), speakers)
        ]
        taken: set[str] = set()
        for _, one, two in sorted(pairs, key=lambda pair: (pair[0], pair[1].passage.start)):
            held = [*known, *found]
            if {one.assertion_id, two.assertion_id} & taken or _stands_in(one.passage, two.passage, held):
                continue
            taken |= {one.assertion_id, two.assertion_id}
            found.append(_passage(one.passage, two.passage, a.text, b.text))
    return tuple(found)


def _is_one_claim(
    one: Assertion, two: Assertion, documents: tuple[SourceDocument, SourceDocument], speakers: Speakers
) -> bool:
    is_denied = one.act in AGAINST or two.act in AGAINST
    if one.slot is not two.slot or (is_denied and one.act is not two.act):
        return False
    if speakers.side_of(speakers.of(one)) != speakers.side_of(speakers.of(two)):
        return False
    if not one.speaker and not two.speaker:
        return False
    days = documents[0].published, documents[1].published
    agree = relation_of(one.slot, (one.value, one.act), (two.value, two.act), days) is Relation.AGREE
    if not agree or not _is_same(one.value, two.value):
        return False
    words = [
        words_of(document.text[each.passage.start : each.passage.end])
        for each, document in zip((one, two), documents, strict=True)
    ]
    folded = [" ".join(word.folded for word in side) for side in words]
    # The same few words again are no other wording.
    return min(map(len, words)) >= _LEAST_WORDS and folded[0] not in folded[1] and folded[1] not in folded[0]


def _is_same(value: str, other: str) -> bool:
    """Tell whether two values come to one: coded or written alike, or words with as much in common."""
    if value.casefold() == other.casefold():
        return True
    return len(meanings_of(value) & meanings_of(other)) >= _LEAST_MEANINGS


def _place(one: Assertion, document: SourceDocument) -> float:
    return one.passage.start / max(1, len(document.text))


def _stands_in(one: Passage, two: Passage, shared: Sequence[SharedPassage]) -> bool:
    return any(
        (_meet(one, each.a) and _meet(two, each.b)) or (_meet(one, each.b) and _meet(two, each.a))
        for each in shared
    )


def _meet(one: Passage, other: Passage) -> bool:
    return one.document_id == other.document_id and one.start < other.end and other.start < one.end


def _passage(one: Passage, two: Passage, text: str, other: str) -> SharedPassage:
    words, its = words_of(text[one.start : one.end]), words_of(other[two.start : two.end])
    pairs = tuple(
        (
            one.start + words[i].start,
            one.start + words[i].end,
            two.start + its[j].start,
            two.start + its[j].end,
        )
        for i, j in aligned(words, its)
    )
    alike = len(pairs) / max(1, min(len(words), len(its)))
    return SharedPassage(
        a=one,
        b=two,
        kind=CopyKind.REWORDED,
        similarity=round(alike, 3),
        aligned=pairs,
        ground=CopyGround.CLAIM,
    )
