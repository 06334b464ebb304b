"""Statements side by side: per slot who says what, how they stand, who is silent; never who is right.

A voice is one speaker with one value. Voices whose passages stand in one shared passage are one statement,
also where its wordings give different values. Sources are independent when no lineage, no common statement
and no common side joins them: what is said by one origin only is `one`, in however many papers it stands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import msgspec

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
from skykeep.statements.corrections import open_and_unclear, plain, without_repeated
from skykeep.statements.lineage import find_lineages, origins_of
from skykeep.statements.matrix_sentences import row_sentence
from skykeep.statements.origins import (
    OneMouth,
    contradicting,
    joined_origins,
    most_agreeing,
    numbered,
    row_relation,
)
from skykeep.statements.reading_bounds import unread_of
from skykeep.statements.silence import Silence, documents_apart
from skykeep.statements.speakers import Speakers
from skykeep.statements.value_relations import AGAINST, fate_of, relation_of
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
LONG_SENTENCE_WORDS = 12


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
    unread = unread_of(documents, assertions)
    comparison = Comparison(documents, standing, shared, lineages, [one for one, _ in unread])
    order = {one.document_id: number for number, one in enumerate(documents)}

    def place(one: SharedPassage) -> tuple[int, int, int, int]:
        return order[one.a.document_id], order[one.b.document_id], one.a.start, one.b.start

    said = measured or {}
    made = [comparison.row(slot, tuple(said.get(slot, ()))) for slot in Slot]
    rows = [row for row in made if row is not None]
    apart = documents_apart(documents, rows, (*shared, *claims))
    return StatementMatrix(
        documents=tuple(documents),
        assertions=tuple(standing),
        reviews=tuple(reviews),
        shared=tuple(sorted((*shared, *claims), key=place)),
        shared_share=shared_share(documents, shared, CopyKind.VERBATIM),
        reworded_share=shared_share(documents, shared, CopyKind.REWORDED),
        wordings=comparison.sentences.wordings(),
        lineages=lineages,
        rows=tuple(comparison.silent_apart_from(row, apart) for row in rows),
        heard_once=comparison.silence.heard_once(),
        apart=apart,
        unread=unread,
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
        unread: Sequence[str] = (),
    ) -> None:
        self._documents = {one.document_id: one for one in documents}
        self._assertions = assertions
        self._lineages = lineages
        self.sentences = SentenceGroups(documents, shared)
        self.speakers = Speakers(documents, assertions)
        self._open_corrections, self._unclear = open_and_unclear(assertions)
        self._fates: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for one in assertions:
            if one.slot is Slot.OUTCOME and one.act not in AGAINST:
                self._fates[self.name_of(one), one.passage.document_id].add(fate_of(one.value))
        self._said_in: defaultdict[str, set[int]] = defaultdict(set)
        self._by_slot: dict[Slot, tuple[list[list[Assertion]], tuple[tuple[int, ...], ...]]] = {}
        self._in_sentence = Counter((one.slot, self.sentences.sentence_of(one.passage)) for one in assertions)
        told = [self._groups_and_families(slot) for slot in Slot]
        self._one_mouth = OneMouth(told, self.speakers, self.sentences)
        self.silence = Silence(documents, assertions, self.speakers, self.sentences, self._one_mouth, unread)

    def row(self, slot: Slot, measured: tuple[str, ...] = ()) -> MatrixRow | None:
        """Return the row of a slot, None where nobody speaks of it and nothing was measured."""
        held = [one for one in self._assertions if one.slot is slot]
        if not held and not measured:
            return None
        groups, families = self._groups_and_families(slot)
        voices = tuple(self._voice(group) for group in groups)
        pairs = []
        for i, one in enumerate(groups):
            for j in range(i + 1, len(groups)):
                relation = self.relation(one, groups[j])
                if relation is not None:
                    pairs.append((i, j, relation))
        agreeing = [(i, j) for i, j, relation in pairs if relation is Relation.AGREE]
        joined = joined_origins(groups, families, agreeing, self.speakers, self._lineages, self._one_mouth)
        row = MatrixRow(
            slot=slot,
            relation=row_relation(voices, pairs, joined),
            voices=voices,
            silent=() if slot is Slot.COMMENT else self.silence.on(held),
            measured=measured,
            sentence="",
            origins=len(joined),
            agreeing=most_agreeing(joined, pairs),
            contradicting=contradicting(joined, pairs),
            voice_origins=numbered(joined),
            pairs=tuple(pairs),
            one_statement=families,
        )
        return msgspec.structs.replace(row, sentence=row_sentence(row, self._labels()))

    def silent_apart_from(self, row: MatrixRow, apart: Sequence[str]) -> MatrixRow:
        """Return a row without those silent who are heard only in documents about something else."""
        return msgspec.structs.replace(row, silent=self.silence.without(row.silent, apart))

    def _groups_and_families(self, slot: Slot) -> tuple[list[list[Assertion]], tuple[tuple[int, ...], ...]]:
        if slot not in self._by_slot:
            groups = self._grouped([one for one in self._assertions if one.slot is slot])
            self._by_slot[slot] = groups, self._families(groups)
        return self._by_slot[slot]

    def relation(self, some: Sequence[Assertion], others: Sequence[Assertion]) -> Relation | None:
        """Return how sayings on one slot stand: contradiction goes before agreement."""
        found = {self._relation(one, two) for one in some for two in others}
        return next((each for each in (Relation.CONTRADICT, Relation.AGREE) if each in found), None)

    def _relation(self, one: Assertion, two: Assertion) -> Relation | None:
        if one.assertion_id in self._unclear or two.assertion_id in self._unclear:
            # Whether this is the old value or the new one: who corrects the same value agrees either way.
            both = one.act is two.act is SpeechAct.CORRECTS and plain(one.value) == plain(two.value)
            return Relation.AGREE if both else None
        relation = relation_of(one.slot, self._said(one), self._said(two), self._days(one, two))
        if relation is None and one.slot is Slot.OUTCOME and self._fates_differ(one, two):
            relation = Relation.CONTRADICT
        if relation is Relation.CONTRADICT and one.slot is Slot.OUTCOME and self._knows_both(one, two):
            # Of several aircraft one came through and others fell: both say so.
            relation = None
        himself = self.name_of(one) == self.name_of(two) and one.act is two.act
        at_once = himself and one.passage.document_id == two.passage.document_id
        # Somebody who describes a thing twice in one text, in other words, does not contradict himself.
        return None if at_once and relation is Relation.CONTRADICT and one.slot in _IN_WORDS else relation

    def _fates_differ(self, one: Assertion, two: Assertion) -> bool:
        """Tell whether the one has every aircraft down and the other every aircraft away: neither knows of
        another fate in his document.
        """
        fates = [self._fates_of(each) for each in (one, two)]
        return all(len(fate) == 1 for fate in fates) and fates[0] | fates[1] == {"down", "flew_off"}

    def _fates_of(self, one: Assertion) -> set[str]:
        return self._fates[self.name_of(one), one.passage.document_id]

    def _knows_both(self, one: Assertion, two: Assertion) -> bool:
        """Tell whether two claims of fates are by speakers of whom one tells of the other's fate as well."""
        if one.act in AGAINST or two.act in AGAINST:
            return False
        if self.name_of(one) == self.name_of(two):
            # In one document he tells of several aircraft; in another he may have thought again.
            return one.passage.document_id == two.passage.document_id
        return fate_of(two.value) in self._fates_of(one) or fate_of(one.value) in self._fates_of(two)

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
        for one in without_repeated(held):
            mine = next((group for group in groups if self._belongs(one, group[0])), None)
            if mine is None:
                groups.append([one])
            else:
                mine.append(one)
        return groups

    def _belongs(self, one: Assertion, first: Assertion) -> bool:
        if self.name_of(one) != self.name_of(first) or one.act is not first.act:
            return False
        # In other words it is another saying: what a document does not say may not stand for it.
        return plain(one.value) == plain(first.value)

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
        if nodes[0] == nodes[1] or not self._may_be_one(one, two):
            return False
        alone = all(self._in_sentence[one.slot, node] == 1 for node in nodes)
        return alone or self.sentences.are_aligned(one.passage, two.passage)

    def _may_be_one(self, one: Assertion, two: Assertion) -> bool:
        """Tell whether sayings in like sentences can be one statement: two people who saw one thing may each
        use the same short sentence; two long ones, or several, are no chance.
        """
        sides = [self.speakers.side_of(self.name_of(each)) for each in (one, two)]
        if sides[0] == sides[1] or not (one.speaker or two.speaker):
            return True
        if min(self.sentences.length_of(each.passage) for each in (one, two)) >= LONG_SENTENCE_WORDS:
            return True
        if not self._said_in:
            for each in self._assertions:
                group = self.sentences.group_of(each.passage)
                if group is not None:
                    self._said_in[self.speakers.side_of(self.name_of(each))].add(group)
        return len(self._said_in[sides[0]] & self._said_in[sides[1]]) > 1

    def _labels(self) -> dict[str, str]:
        return document_labels(list(self._documents.values()))
