"""Texts of any shape: the work grows in step with them, and whatever is left unread is told."""

import sys
from types import FrameType
from typing import Any

import msgspec
import pytest

from skykeep.app.statement_telling import Telling
from skykeep.domain.statement import Slot, SourceDocument
from skykeep.statements.folding import fold
from skykeep.statements.matrix import compare
from skykeep.statements.propose import propose
from skykeep.statements.reading_bounds import CHARACTERS_AT_MOST, PROPOSALS_AT_MOST, characters_read
from skykeep.statements.sentences import LONGEST_SENTENCE, split_sentences
from skykeep.statements.spans import Span, Spans
from statement_sets import document as named

SHAPES = {
    "verbs of saying": " said ",
    "quotation marks": '"',
    "quoted claims without an end": 'The mayor said "two drones fell and ',
    "one claim again and again": "A drone fell. ",
    "single quotations": "'a drone fell' ",
}


def document_of(text: str) -> SourceDocument:
    """Return a document of a text that nobody signed."""
    return named("d", text)


def calls_of(text: str) -> int:
    """Return how many functions are called while a text is read: work, not time."""
    count = 0

    def counted(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        propose(document_of(text))
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("piece", SHAPES.values(), ids=SHAPES)
def test_twice_the_text_is_no_more_than_about_twice_the_work(piece: str) -> None:
    once = piece * (4_000 // len(piece))
    propose(document_of(once))

    assert calls_of(once + once) <= 2.5 * calls_of(once)


def test_no_sentence_is_longer_than_its_bound_and_no_word_is_lost() -> None:
    text = fold("The mayor said two drones fell and " * 300 + "x" * 2_500)
    sentences = split_sentences(text)

    assert max(one.end - one.start for one in sentences) <= LONGEST_SENTENCE
    assert "".join(text[one.start : one.end] for one in sentences).replace(" ", "") == text.replace(" ", "")


def test_spans_are_found_where_they_lie() -> None:
    spans = [Span(0, 2_000), Span(600, 610), Span(610, 620), Span(3_000, 3_000)]
    held = Spans(spans)

    for at in range(0, 3_100, 5):
        assert held.at(at) == [one for one in spans if one.start <= at < one.end]
        assert held.meeting(at, at + 9) == [one for one in spans if one.start < at + 9 and at < one.end]
        assert held.touching(at, at + 9) == [one for one in spans if one.start <= at + 9 and at <= one.end]


def test_what_lies_behind_the_most_proposals_is_not_proposed_and_the_reader_is_told() -> None:
    document = document_of("A drone fell. " * PROPOSALS_AT_MOST)
    found = propose(document)
    last = max(one.passage.start for one in found)

    assert len(found) == PROPOSALS_AT_MOST
    told = Telling(compare([document], found)).how_read(document)
    assert told.startswith(f"read for proposals up to character {last:,} of {len(document.text):,}")


def test_what_lies_behind_the_most_characters_is_not_proposed_and_the_reader_is_told() -> None:
    document = document_of("- " * (CHARACTERS_AT_MOST // 2) + "\nA drone fell.")
    said_before = msgspec.structs.replace(document, text="A drone fell.\n" + document.text)
    found = propose(said_before)

    assert propose(document) == ()
    assert found
    assert all(one.passage.end <= 13 for one in found)
    told = Telling(compare([said_before], found)).how_read(said_before)
    assert told.startswith(f"read for proposals up to character {characters_read(said_before.text):,} of")


def test_a_text_within_the_bounds_is_read_whole() -> None:
    document = document_of("A drone fell on the harbour.")

    assert Telling(compare([document], propose(document))).how_read(document) == ""


def test_nobody_is_called_silent_in_a_text_that_was_not_read_to_its_end() -> None:
    said = "Minister Ola Berg said two drones fell. Minister Ola Berg said the harbour was closed.\n"
    short, other = named("s", said), named("o", "Mayor Tom Lund said two drones fell and nobody was hurt.")
    long = named("l", said + "- " * CHARACTERS_AT_MOST + "\nMinister Ola Berg said three people were hurt.")

    def silent(document: SourceDocument) -> tuple[str, ...]:
        proposed = (*propose(document), *propose(other))
        matrix = compare([document, other], proposed)
        return next(row.silent for row in matrix.rows if row.slot is Slot.CASUALTIES)

    assert "Minister Ola Berg" in silent(short)
    assert silent(long) == ()
