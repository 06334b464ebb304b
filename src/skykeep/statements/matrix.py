"""Statements side by side: per slot who says what, how they stand, who is silent; never who is right.

A voice is one speaker with one value. Voices whose passages stand in one shared passage are one statement,
also where its wordings give different values. Sources are independent when no lineage, no common statement
and no common side joins them: what is said by one origin only is `one`, in however many papers it stands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from skykeep.domain.statement import (
    Assertion,
    CopyKind,
    Lineage,
    MatrixRow,
    Relation,
    Review,
    ReviewState,
    SharedPassage,
    Slot,
    SourceDocument,
    SpeechAct,
    StatementMatrix,
    Voice,
)
from skykeep.statements.copies import find_copies, shared_share
from skykeep.statements.copy_claims import same_claims
from skykeep.statements.lineage import find_lineages, origins_of
from skykeep.statements.matrix_sentences import row_sentence
from skykeep.statements.origins import joined_origins
from skykeep.statements.speakers import Speakers
from skykeep.statements.value_relations import AGAINST, fate_of, meanings_of, relation_of
from skykeep.statements.wordings import SentenceGroups

_IN_WORDS = frozenset(
    (
        Slot.PLACE,
        Slot.TARGET,
        Slot.MOTIVE,
        Slot.WHEREABOUTS,
        Slot.FOOTAGE,
        Slot.RESPONSE_TAKEN,
        Slot.RESPONSE_THREATENED,
        Slot.RESTRICTION,
        Slot.EXCEPTION,
        Slot.PURPOSE,
        Slot.ATTRIBUTION,
    )
)
_SAME_WORDS = 0.5


def compare(
    documents: Sequence[SourceDocument],
    assertions: Sequence[Assertion],
    reviews: Sequence[Review] = (),
    measured: Mapping[Slot, Sequence[str]] | None = None,
) -> StatementMatrix:
    """Return the matrix of what documents say. What a person refused is left out, what he corrected counts
    as corrected; `measured` are sentences of the record to stand beside a slot.
    """
    standing = reviewed(assertions, reviews)
    shared = find_copies(documents)
    claims = same_claims(documents, standing, shared)
    lineages = find_lineages(documents, shared, standing)
    looked_at = {review.assertion_id for review in reviews if review.state is not ReviewState.PROPOSED}
    comparison = Comparison(documents, standing, shared, lineages)
    order = {one.document_id: number for number, one in enumerate(documents)}

    def place(one: SharedPassage) -> tuple[int, int, int, int]:
        return order[one.a.document_id], order[one.b.document_id], one.a.start, one.b.start

    said = measured or {}
    rows = [comparison.row(slot, tuple(said.get(slot, ()))) for slot in Slot]
    return StatementMatrix(
        documents=tuple(documents),
        assertions=tuple(standing),
        reviews=tuple(reviews),
        shared=tuple(sorted((*shared, *claims), key=place)),
        shared_share=shared_share(documents, shared, CopyKind.VERBATIM),
        reworded_share=shared_share(documents, shared, CopyKind.REWORDED),
        wordings=comparison.sentences.wordings(),
        lineages=lineages,
        rows=tuple(row for row in rows if row is not None),
        unreviewed=sum(one.assertion_id not in looked_at for one in standing),
    )


def reviewed(assertions: Sequence[Assertion], reviews: Sequence[Review]) -> list[Assertion]:
    """Return the assertions as the last person to look at each left them, without those refused."""
    last = {review.assertion_id: review for review in reviews}
    standing = []
    for one in assertions:
        review = last.get(one.assertion_id)
        if review is None or review.state in (ReviewState.PROPOSED, ReviewState.CONFIRMED):
            standing.append(one)
        elif review.state is ReviewState.CORRECTED and review.corrected is not None:
            standing.append(review.corrected)
    return standing


def document_labels(documents: Sequence[SourceDocument]) -> dict[str, str]:
    """Return what each document is called: its publisher, or its name where that is needed to tell it."""
    number = Counter(one.publisher for one in documents)
    labels = {}
    for one in documents:
        name = one.name.rsplit(".", 1)[0]
        labels[one.document_id] = (
            name
            if not one.publisher
            else one.publisher
            if number[one.publisher] == 1
            else f"{one.publisher} ({name})"
        )
    return labels


class Comparison:
    """What is needed to set the sayings of a set of documents against one another."""

    def __init__(
        self,
        documents: Sequence[SourceDocument],
        assertions: Sequence[Assertion],
        shared: Sequence[SharedPassage],
        lineages: Sequence[Lineage],
    ) -> None:
        self._documents = {one.document_id: one for one in documents}
        self._assertions = assertions
        self._lineages = lineages
        self.sentences = SentenceGroups(documents, shared)
        self.speakers = Speakers(documents, assertions)
        self._open_corrections, self._unclear = _corrections(assertions)
        self._fates: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for one in assertions:
            if one.slot is Slot.OUTCOME and one.act not in AGAINST:
                self._fates[self.name_of(one), one.passage.document_id].add(fate_of(one.value))
        self._in_sentence = Counter((one.slot, self.sentences.sentence_of(one.passage)) for one in assertions)

    def row(self, slot: Slot, measured: tuple[str, ...] = ()) -> MatrixRow | None:
        """Return the row of a slot, None where nobody speaks of it and nothing was measured."""
        held = [one for one in self._assertions if one.slot is slot]
        if not held and not measured:
            return None
        groups = self._grouped(held)
        voices = tuple(self._voice(group) for group in groups)
        pairs = []
        for i, one in enumerate(groups):
            for j in range(i + 1, len(groups)):
                relation = self.relation(one, groups[j])
                if relation is not None:
                    pairs.append((i, j, relation))
        families = self._families(groups)
        agreeing = [(i, j) for i, j, relation in pairs if relation is Relation.AGREE]
        joined = joined_origins(groups, families, agreeing, self.speakers, self._lineages)
        origins, relation = len(joined), _row_relation(voices, pairs, joined)
        silent = self._silent(slot, held)
        return MatrixRow(
            slot=slot,
            relation=relation,
            voices=voices,
            silent=silent,
            measured=measured,
            sentence=row_sentence(slot, relation, voices, families, origins, self._labels()),
            origins=origins,
            pairs=tuple(pairs),
            one_statement=families,
        )

    def relation(self, some: Sequence[Assertion], others: Sequence[Assertion]) -> Relation | None:
        """Return how sayings on one slot stand: contradiction goes before agreement."""
        found = {self._relation(one, two) for one in some for two in others}
        return next((each for each in (Relation.CONTRADICT, Relation.AGREE) if each in found), None)

    def _relation(self, one: Assertion, two: Assertion) -> Relation | None:
        if one.assertion_id in self._unclear or two.assertion_id in self._unclear:
            # Whether this is the old value or the new one: who corrects the same value agrees either way.
            both = one.act is two.act is SpeechAct.CORRECTS and _plain(one.value) == _plain(two.value)
            return Relation.AGREE if both else None
        relation = relation_of(one.slot, self._said(one), self._said(two), self._days(one, two))
        if relation is None and one.slot is Slot.OUTCOME and self._fates_differ(one, two):
            relation = Relation.CONTRADICT
        himself = self.name_of(one) == self.name_of(two) and one.act is two.act
        # Somebody who describes a thing twice in other words does not contradict himself.
        return None if himself and relation is Relation.CONTRADICT and one.slot in _IN_WORDS else relation

    def _fates_differ(self, one: Assertion, two: Assertion) -> bool:
        """Tell whether the one has every aircraft down and the other every aircraft away: neither knows of
        another fate in his document.
        """
        fates = [self._fates[self.name_of(each), each.passage.document_id] for each in (one, two)]
        return all(len(fate) == 1 for fate in fates) and fates[0] | fates[1] == {"down", "flew_off"}

    def _said(self, one: Assertion) -> tuple[str, SpeechAct]:
        return one.value, SpeechAct.CLAIMS if one.assertion_id in self._open_corrections else one.act

    def _days(self, one: Assertion, two: Assertion) -> tuple[str, str]:
        published = [self._documents[each.passage.document_id].published for each in (one, two)]
        return published[0], published[1]

    def name_of(self, one: Assertion) -> str:
        """Return who says it, by the one name that speaker has in this set."""
        return self.speakers.name_of(one.passage.document_id, one.speaker)

    def _grouped(self, held: Sequence[Assertion]) -> list[list[Assertion]]:
        """Return sayings of one speaker in one sense together, in the order in which they come."""
        groups: list[list[Assertion]] = []
        for one in _without_repeated(held):
            mine = next((group for group in groups if self._belongs(one, group[0])), None)
            if mine is None:
                groups.append([one])
            else:
                mine.append(one)
        return groups

    def _belongs(self, one: Assertion, first: Assertion) -> bool:
        if self.name_of(one) != self.name_of(first) or one.act is not first.act:
            return False
        if _plain(one.value) == _plain(first.value):
            return True
        if one.slot is Slot.EVENT_TIME:
            same = relation_of(one.slot, self._said(one), self._said(first), self._days(one, first))
            return same is Relation.AGREE
        mine, its = meanings_of(one.value), meanings_of(first.value)
        return one.slot in _IN_WORDS and len(mine & its) >= _SAME_WORDS * max(1, len(mine | its))

    def _voice(self, group: Sequence[Assertion]) -> Voice:
        documents = tuple(dict.fromkeys(one.passage.document_id for one in group))
        return Voice(
            speaker=self.name_of(group[0]),
            value=group[0].value,
            act=group[0].act,
            assertion_ids=tuple(one.assertion_id for one in group),
            document_ids=documents,
            origins=origins_of(documents, self._lineages),
        )

    def _families(self, groups: Sequence[Sequence[Assertion]]) -> tuple[tuple[int, ...], ...]:
        """Return the numbers of voices that one shared passage joins."""
        joined: list[set[int]] = []
        for i, one in enumerate(groups):
            for j in range(i + 1, len(groups)):
                if any(self._in_one_passage(x, y) for x in one for y in groups[j]):
                    near = [group for group in joined if group & {i, j}]
                    joined = [group for group in joined if group not in near] + [{i, j}.union(*near)]
        return tuple(tuple(sorted(group)) for group in joined)

    def _in_one_passage(self, one: Assertion, two: Assertion) -> bool:
        """Tell whether two sayings are one statement: their sentences say one thing, and either these words
        stand for one another or each sentence says only this on the slot.
        """
        group = self.sentences.group_of(one.passage)
        if group is None or group != self.sentences.group_of(two.passage):
            return False
        nodes = [self.sentences.sentence_of(each.passage) for each in (one, two)]
        if nodes[0] == nodes[1]:
            return False
        alone = all(self._in_sentence[one.slot, node] == 1 for node in nodes)
        return alone or self.sentences.are_aligned(one.passage, two.passage)

    def _silent(self, slot: Slot, held: Sequence[Assertion]) -> tuple[str, ...]:
        """Return speakers of this set who say nothing on the slot, those who speak most first. Who was asked
        and declined is silent as well; that he declined stands in the row of comments.
        """
        if slot is Slot.COMMENT:
            return ()
        speaking = {self.name_of(one) for one in held}
        speaking |= {self.speakers.side_of(name) for name in speaking}
        number: dict[str, int] = {}
        for one in self._assertions:
            name = self.name_of(one)
            number[name] = number.get(name, 0) + 1
        for document in self._documents.values():
            number.setdefault(self.speakers.name_of(document.document_id, ""), 0)
        left = [name for name in number if name not in speaking]
        return tuple(sorted(left, key=lambda name: (-number[name], name)))

    def _labels(self) -> dict[str, str]:
        return document_labels(list(self._documents.values()))


def _without_repeated(held: Sequence[Assertion]) -> list[Assertion]:
    """Return sayings without corrections to a value that the speaker claims in the same document: that value
    is the new one, and said already.
    """
    claimed = {_spoken(one) for one in held if one.act not in (SpeechAct.CORRECTS, SpeechAct.DENIES)}
    return [one for one in held if one.act is not SpeechAct.CORRECTS or _spoken(one) not in claimed]


def _spoken(one: Assertion) -> tuple[str, str, Slot, str]:
    return one.passage.document_id, one.speaker, one.slot, _plain(one.value)


def _corrections(assertions: Sequence[Assertion]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the corrections that count as claims, and those of which nobody can tell.

    A lone correction gives the value that it takes back. Of two by one speaker one is the old value and one
    the new: they count as claims. One beside a claim of another value may be either.
    """
    values: dict[tuple[str, str, Slot], set[str]] = {}
    claimed: dict[tuple[str, str, Slot], set[str]] = {}
    corrections = [one for one in assertions if one.act is SpeechAct.CORRECTS]
    for one in assertions:
        held = values if one.act is SpeechAct.CORRECTS else claimed
        if one.act in (SpeechAct.CORRECTS, SpeechAct.CLAIMS):
            held.setdefault(_spoken(one)[:3], set()).add(_plain(one.value))
    both, unclear = set(), set()
    for one in corrections:
        key = _spoken(one)[:3]
        if key not in claimed and len(values[key]) > 1:
            both.add(one.assertion_id)
        elif claimed.get(key, set()) - {_plain(one.value)}:
            unclear.add(one.assertion_id)
    return frozenset(both), frozenset(unclear)


def _plain(value: str) -> str:
    return " ".join(value.casefold().split())


def _row_relation(
    voices: Sequence[Voice], pairs: Sequence[tuple[int, int, Relation]], joined: Sequence[set[int]]
) -> Relation:
    """Return how a row stands: it agrees where two voices of different origins do."""
    if not voices:
        return Relation.SILENT
    relations = {relation for _, _, relation in pairs}
    if Relation.CONTRADICT in relations:
        return Relation.CONTRADICT
    across = any(
        relation is Relation.AGREE and not any({i, j} <= origin for origin in joined)
        for i, j, relation in pairs
    )
    return Relation.AGREE if across else Relation.ONE
