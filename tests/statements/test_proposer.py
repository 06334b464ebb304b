"""A language model may be plugged in; what it invents is refused, counted and named."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import pytest

from skykeep.domain.statement import Assertion, Passage, Slot, SourceDocument, SpeechAct
from skykeep.statements.proposer import Offer, propose_with

TEXT = "The ministry said that two\u00a0drones were shot down."
DOCUMENT = SourceDocument(
    document_id="d1",
    name="d1.txt",
    media_type="text/plain",
    sha256="",
    size_bytes=0,
    text=TEXT,
    publisher="",
    published="",
    published_from="",
    published_words=None,
    retrieved_utc_ns=0,
)
TRUE = Assertion(
    assertion_id="whatever it likes",
    passage=Passage(document_id="d1", start=23, end=33),
    slot=Slot.AIRCRAFT_COUNT,
    value="2",
    speaker="The ministry",
    speaker_passage=Passage(document_id="d1", start=0, end=12),
    via=(),
    act=SpeechAct.CLAIMS,
    is_direct=False,
    is_hedged=False,
    proposed_by="a person, it says",
)


class Fake:
    """A plug-in that offers what it is told to, and then breaks off when told to."""

    name = "parrot-1"

    def __init__(self, offers: list[Offer], breaks_off: bool = False) -> None:
        self._offers = offers
        self._breaks_off = breaks_off

    def propose(self, document: SourceDocument) -> Iterable[Offer]:
        yield from self._offers
        if self._breaks_off:
            raise RuntimeError("out of tokens")


def with_passage(start: int, end: int, document_id: str = "d1") -> Assertion:
    return msgspec.structs.replace(TRUE, passage=Passage(document_id=document_id, start=start, end=end))


def test_what_stands_in_the_text_is_kept_under_the_plug_ins_own_name() -> None:
    offered = propose_with(Fake([Offer(TRUE, "two drones", "The ministry")]), DOCUMENT)
    assert offered.refused == ()
    assert [one.proposed_by for one in offered.proposals] == ["model:parrot-1"]
    assert offered.proposals[0].assertion_id == "d1:model:parrot-1:0"
    assert offered.proposals[0].value == "2"


@pytest.mark.parametrize(
    ("offer", "why"),
    [
        (Offer(TRUE, "three drones", "The ministry"), "said to be 'three drones', the text there is 'two"),
        (Offer(with_passage(23, 999), "two drones", "The ministry"), "must lie within the 49 characters"),
        (Offer(with_passage(33, 23), "two drones", "The ministry"), "passage is 33 to 23"),
        (Offer(with_passage(-5, 4), "two drones", "The ministry"), "passage is -5 to 4"),
        (Offer(with_passage(23, 33, "d2"), "two drones", "The ministry"), "passage is of d2, must be of d1"),
        (Offer(TRUE, "two drones", "The palace"), "speaker_passage is said to be 'The palace'"),
        (
            Offer(msgspec.structs.replace(TRUE, speaker_passage=None), "two drones"),
            "speaker 'The ministry' has no passage",
        ),
        (Offer(msgspec.structs.replace(TRUE, value=""), "two drones", "The ministry"), "value is empty"),
        (
            Offer(msgspec.structs.replace(TRUE, slot=Slot.COMMENT), "two drones", "The ministry"),
            "slot comment with act claims",
        ),
    ],
)
def test_what_is_invented_is_refused_and_named(offer: Offer, why: str) -> None:
    offered = propose_with(Fake([Offer(TRUE, "two drones", "The ministry"), offer]), DOCUMENT)
    assert len(offered.proposals) == 1
    assert len(offered.refused) == 1
    assert offered.refused[0].startswith("parrot-1, offer 1: ")
    assert why in offered.refused[0]


def test_a_plug_in_that_breaks_off_loses_only_what_it_had_not_said() -> None:
    offered = propose_with(Fake([Offer(TRUE, "two drones", "The ministry")], breaks_off=True), DOCUMENT)
    assert len(offered.proposals) == 1
    assert offered.refused == ("parrot-1 broke off after 1 offers: RuntimeError('out of tokens')",)
