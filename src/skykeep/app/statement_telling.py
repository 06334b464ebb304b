"""What the page and the terminal both tell of a matrix: letters for documents, shares, lineages, reviews."""

from __future__ import annotations

from collections.abc import Sequence

from skykeep.domain.statement import (
    Assertion,
    Lineage,
    LineageGround,
    Passage,
    ReviewState,
    SharedPassage,
    SourceDocument,
    StatementMatrix,
)
from skykeep.statements.copy_words import words_of
from skykeep.statements.excerpts import one_line
from skykeep.statements.matrix import document_labels
from skykeep.statements.matrix_sentences import number_word
from skykeep.statements.proposer import MODEL

Share = tuple[float, float]
_MOST_NAMED = 8
NOT_REVIEWED = "proposed, not reviewed"


class Telling:
    """Looks things of a matrix up, and says them in words."""

    def __init__(self, matrix: StatementMatrix) -> None:
        self.matrix = matrix
        self._texts = {one.document_id: one.text for one in matrix.documents}
        self._letters = {one.document_id: _letter(number) for number, one in enumerate(matrix.documents)}
        self._publishers = {one.document_id: one.publisher for one in matrix.documents}
        self._labels = document_labels(matrix.documents)
        self._assertions = {one.assertion_id: one for one in matrix.assertions}
        self._unread = dict(matrix.unread)
        self._reviews = {one.assertion_id: one for one in matrix.reviews}

    def letter(self, document_id: str) -> str:
        """Return the letter that stands for a document."""
        return self._letters[document_id]

    def label(self, document_id: str) -> str:
        """Return what a document is called."""
        return self._labels[document_id]

    def text(self, document_id: str) -> str:
        """Return a document's text."""
        return self._texts[document_id]

    def words(self, passage: Passage) -> str:
        """Return the words of a passage."""
        return self._texts[passage.document_id][passage.start : passage.end]

    def assertion(self, assertion_id: str) -> Assertion:
        """Return an assertion as it stands after review."""
        return self._assertions[assertion_id]

    def review_of(self, one: Assertion) -> tuple[bool, str]:
        """Return whether a person has looked at it, and who made what of it, in words."""
        review = self._reviews.get(one.assertion_id)
        if review is None or review.state is ReviewState.PROPOSED:
            return False, unreviewed_words(one)
        return True, f"{review.state.value} by {review.by}" + (f": {review.reason}" if review.reason else "")

    def refused(self) -> list[str]:
        """Return a line for each file that could not be read, with the reason."""
        return [
            f"{one_line(one.name)} could not be read: {one_line(one.reason)}" for one in self.matrix.refused
        ]

    def when(self, one: SourceDocument) -> str:
        """Return when a document came out, with where that was read, in words."""
        if not one.published:
            return "no time of publication"
        where = {"text": "its text", "metadata": "its metadata", "person": "the person who handed it in"}
        return f"published {one.published} (from {where.get(one.published_from, one.published_from)})"

    def is_unread(self, document_id: str) -> bool:
        """Say whether the rules did not read a document to its end."""
        return document_id in self._unread

    def how_read(self, one: SourceDocument) -> str:
        """Return what is to be known of how a document was read, "" where that is plain."""
        told = (self._how_decoded(one), self._unread.get(one.document_id, ""))
        return "; ".join(words for words in told if words)

    def _how_decoded(self, one: SourceDocument) -> str:
        if one.stray_bytes:
            number = f"{one.stray_bytes:,} byte{'s' if one.stray_bytes > 1 else ''}"
            return f"{number} of its file cannot be read in its encoding; each is shown as \ufffd"
        return f"read as {one.encoding}, as its bytes look like that" if one.is_encoding_guessed else ""

    def shares(self) -> list[tuple[str, str, Share, Share]]:
        """Return for two documents what part of each stands in the other: word for word, and reworded."""
        same = {(a, b): (x, y) for a, b, x, y in self.matrix.shared_share}
        other = {(a, b): (x, y) for a, b, x, y in self.matrix.reworded_share}
        found = []
        for pair in dict.fromkeys((*same, *other)):
            (same_a, same_b), (other_a, other_b) = same.get(pair, (0.0, 0.0)), other.get(pair, (0.0, 0.0))
            found.append((*pair, (same_a, other_a), (same_b, other_b)))
        order = list(self._letters)
        return sorted(found, key=lambda one: (order.index(one[0]), order.index(one[1])))

    def wordings(self) -> list[tuple[Passage, ...]]:
        """Return groups of wordings; what one document says twice in the same words stands once."""
        found = []
        for group in self.matrix.wordings:
            once = {(one.document_id, *_folded(self.words(one))): one for one in reversed(group)}
            found.append(tuple(one for one in group if one in once.values()))
        return found

    def lineages(self) -> list[str]:
        """Return each lineage as a sentence."""
        told = []
        for one in self.matrix.lineages:
            letters = ", ".join(self.letter(each) for each in one.document_ids)
            if one.ground is LineageGround.CITED:
                told.append(f"{letters}: {self._cited(one)}; what else is said there is its own.")
                continue
            number = number_word(len(one.document_ids))
            told.append(f"{letters}: {number} documents, one lineage: {self._ground(one)}; {_source(one)}.")
        return told

    def _ground(self, one: Lineage) -> str:
        """Return by what a lineage was told."""
        others = [self.letter(each) for each in one.document_ids if each != one.source_id]
        if one.ground is LineageGround.QUOTED and one.source_id:
            verb = "has" if len(others) == 1 else "have"
            return (
                f"{' and '.join(others)} {verb} {one.origin} say what stands in {self.letter(one.source_id)}"
            )
        return {
            LineageGround.PUBLISHER: "one publisher's versions",
            LineageGround.CREDIT: f"they share passages and credit {one.origin}",
            LineageGround.REPOST: f"one says that it has the common words from {one.origin}",
            LineageGround.QUOTED: f"one has {one.origin} say what another says itself",
            LineageGround.SAME_SPEAKER: f"{one.origin} says several things alike in each",
            LineageGround.COMMON_TEXT: "much of their text is the same",
            LineageGround.NOT_TOLD: "by what was not told",
            LineageGround.ONE_STATEMENT: "they carry one statement in their own wordings",
        }[one.ground]

    def _cited(self, one: Lineage) -> str:
        """Return who cites an origin for what; its own document may be later than those that cite it."""
        own = {each for each in one.document_ids if self._publishers[each] == one.origin} or {one.source_id}
        others = [self.letter(each) for each in one.document_ids if each not in own]
        there = " and ".join(self.letter(each) for each in one.document_ids if each in own)
        where = f"what stands in {there}" if one.source_id else f"what it also says, later, in {there}"
        return f"{' and '.join(others)} cite{'s' if len(others) == 1 else ''} {one.origin} for {where}"

    def unheard(self) -> list[str]:
        """Return who is called silent nowhere, and why, as sentences."""
        once, apart = self.matrix.heard_once, self.matrix.apart
        told = []
        if once:
            named = ", ".join(one_line(name) for name in once[:_MOST_NAMED])
            more = f" and {len(once) - _MOST_NAMED} more" if len(once) > _MOST_NAMED else ""
            told.append(f"Heard in one sentence only, and so not called silent: {named}{more}.")
        if apart:
            letters = " and ".join(self.letter(one) for one in apart)
            told.append(f"Nothing in {letters} meets what the others tell; nobody there is called silent.")
        return told

    def alike_spans(self, passage: Passage, others: Sequence[Passage]) -> list[tuple[int, int]]:
        """Return the words of a passage that read alike in each of the others (of other documents)."""
        spans = [self._alike(passage, one) for one in others if one.document_id != passage.document_id]
        if not spans:
            return [(passage.start, passage.end)]
        return sorted(set.intersection(*map(set, spans)))

    def _alike(self, passage: Passage, other: Passage) -> list[tuple[int, int]]:
        held = [word.folded for word in words_of(self.words(other))]
        return [
            (passage.start + word.start, passage.start + word.end)
            for word in words_of(self.words(passage))
            if word.folded in held
        ]

    def same_words(self, shared: SharedPassage, side: Passage) -> list[tuple[int, int]]:
        """Return the stretches of one side that read the same on the other."""
        a, b = self.text(shared.a.document_id), self.text(shared.b.document_id)
        found = []
        for start, end, its_start, its_end in shared.aligned:
            if _folded(a[start:end]) == _folded(b[its_start:its_end]):
                found.append((start, end) if side is shared.a else (its_start, its_end))
        return found


def _source(one: Lineage) -> str:
    return f"their words come from {one.origin}" if one.origin else "where their words come from is not said"


def unreviewed_words(one: Assertion) -> str:
    """Return what is said of a proposal that nobody has looked at; what a model proposed says so."""
    return (
        NOT_REVIEWED if not one.proposed_by.startswith(f"{MODEL}:") else f"{NOT_REVIEWED} ({one.proposed_by})"
    )


def percent(share: float) -> str:
    """Return a share as people read it."""
    return f"{100 * share:.0f} %"


def _folded(words: str) -> list[str]:
    return [word.folded for word in words_of(words)]


def _letter(number: int) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return letters[number] if number < len(letters) else f"{letters[number // 26 - 1]}{letters[number % 26]}"
