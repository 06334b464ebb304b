"""The port for a language model: off unless somebody passes one in, and never believed unread.

A plug-in is given a document and offers assertions, each with the very words that it means. What it offers is
held against the text: a passage that is not there, or whose words are others, is refused and named. What
passes is marked with the plug-in's name and needs a person's word as every proposal does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

import msgspec

from skykeep.domain.statement import Assertion, Passage, Slot, SourceDocument, SpeechAct
from skykeep.statements.folding import fold

MODEL = "model"


class Offer(NamedTuple):
    """One assertion as a plug-in offers it, with the words of its passage and of its speaker's."""

    assertion: Assertion
    words: str
    speaker_words: str = ""


class Proposer(Protocol):
    """What a plug-in must be: a name without spaces, and one function of the document."""

    @property
    def name(self) -> str:
        """Return what its proposals are marked with."""

    def propose(self, document: SourceDocument) -> Iterable[Offer]:
        """Return what it reads in the document; it may be wrong, and is never the last word."""


class Offered(NamedTuple):
    """What of a plug-in's offers stands, and a sentence for each that was refused."""

    proposals: tuple[Assertion, ...]
    refused: tuple[str, ...]


def propose_with(plug_in: Proposer, document: SourceDocument) -> Offered:
    """Return what a plug-in offers for a document, without what is not in its text.

    A plug-in that breaks off loses only what it had not yet offered; that too is a refusal with a sentence.
    """
    kept: list[Assertion] = []
    refused: list[str] = []
    try:
        for number, offer in enumerate(plug_in.propose(document)):
            fault = _fault(document, offer)
            if fault:
                refused.append(f"{plug_in.name}, offer {number}: {fault}")
            else:
                mark = f"{MODEL}:{plug_in.name}"
                name = f"{document.document_id}:{mark}:{number}"
                kept.append(msgspec.structs.replace(offer.assertion, proposed_by=mark, assertion_id=name))
    except Exception as error:
        # A plug-in is not ours: whatever it raises must not take the rules' proposals with it.
        refused.append(f"{plug_in.name} broke off after {len(kept) + len(refused)} offers: {error!r}")
    return Offered(tuple(kept), tuple(refused))


def _fault(document: SourceDocument, offer: Offer) -> str:
    """What is wrong with an offer, "" for nothing."""
    one = offer.assertion
    fault = _passage_fault(document, one.passage, offer.words, "passage")
    if fault:
        return fault
    if (one.slot is Slot.COMMENT) != (one.act is SpeechAct.DECLINES):
        return f"slot {one.slot} with act {one.act}, must be both of silence or neither"
    if not one.value:
        return "value is empty, must say something"
    if one.speaker_passage is None:
        return f"speaker {one.speaker!r} has no passage, must be shown in the text" if one.speaker else ""
    return _passage_fault(document, one.speaker_passage, offer.speaker_words, "speaker_passage")


def _passage_fault(document: SourceDocument, passage: Passage, words: str, field: str) -> str:
    length = len(document.text)
    if passage.document_id != document.document_id:
        return f"{field} is of {passage.document_id}, must be of {document.document_id}"
    if not 0 <= passage.start < passage.end <= length:
        return f"{field} is {passage.start} to {passage.end}, must lie within the {length} characters"
    there = document.text[passage.start : passage.end]
    if fold(there).split() != fold(words).split():
        return f"{field} is said to be {words[:60]!r}, the text there is {there[:60]!r}"
    return ""
