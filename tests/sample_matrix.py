"""Three short documents of which two share their words, set side by side by hand."""

from __future__ import annotations

import hashlib

from skykeep.domain.statement import (
    Assertion,
    CopyKind,
    Lineage,
    LineageGround,
    MatrixRow,
    Passage,
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

TEXTS = {
    "d1": "A spokesman of the Residence said: «Two drones were stopped by electronic warfare systems.»",
    "d2": "The Residence's spokesman said that two drones were stopped by radar warfare systems.",
    "d3": "صرّح ناطق باسم الميناء: لم نسمع شيئا. Мэр Щёголев: «Нет, это не мы».",
}
PUBLISHERS = {"d1": "Harbour Wire", "d2": "The Evening Sheet", "d3": "صحيفة الميناء"}


def document(document_id: str) -> SourceDocument:
    text = TEXTS[document_id]
    return SourceDocument(
        document_id=document_id,
        name=f"{document_id}.txt",
        media_type="text/plain",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        size_bytes=len(text.encode()),
        text=text,
        publisher=PUBLISHERS[document_id],
        published="2031-05-03",
        published_from="text",
        published_words=None,
        retrieved_utc_ns=0,
    )


def passage(document_id: str, words: str) -> Passage:
    start = TEXTS[document_id].index(words)
    return Passage(document_id=document_id, start=start, end=start + len(words))


def assertion(
    assertion_id: str, document_id: str, words: str, slot: Slot, value: str, speaker: str, act: SpeechAct
) -> Assertion:
    return Assertion(
        assertion_id=assertion_id,
        passage=passage(document_id, words),
        slot=slot,
        value=value,
        speaker=speaker,
        speaker_passage=None,
        via=("a paper",) if document_id == "d2" else (),
        act=act,
        is_direct="«" in TEXTS[document_id],
        is_hedged=False,
        proposed_by="a rule",
    )


def pair(a: str, b: str) -> tuple[int, int, int, int]:
    one, other = passage("d1", a), passage("d2", b)
    return (one.start, one.end, other.start, other.end)


_SPEAKER = "spokesman of the Residence"
MATRIX = StatementMatrix(
    documents=tuple(document(each) for each in TEXTS),
    assertions=(
        assertion(
            "a1",
            "d1",
            "electronic warfare systems",
            Slot.MEANS_OF_DEFEAT,
            "electronic warfare",
            _SPEAKER,
            SpeechAct.CLAIMS,
        ),
        assertion(
            "a2", "d2", "radar warfare systems", Slot.MEANS_OF_DEFEAT, "radar", _SPEAKER, SpeechAct.CLAIMS
        ),
        assertion(
            "a3", "d3", "«Нет, это не мы»", Slot.ATTRIBUTION, "not us", "Мэр Щёголев", SpeechAct.DENIES
        ),
    ),
    reviews=(
        Review(assertion_id="a1", state=ReviewState.CONFIRMED, by="Lina Reviewer", time_utc_ns=1, reason=""),
    ),
    shared=(
        SharedPassage(
            a=passage("d1", "Two drones were stopped by electronic warfare systems"),
            b=passage("d2", "two drones were stopped by radar warfare systems"),
            kind=CopyKind.REWORDED,
            similarity=0.86,
            aligned=(
                pair("Two drones were stopped by", "two drones were stopped by"),
                pair("warfare systems", "warfare systems"),
            ),
        ),
    ),
    shared_share=(("d1", "d2", 0.64, 0.47), ("d1", "d3", 0.0, 0.0)),
    lineages=(
        Lineage(
            lineage_id="l1",
            document_ids=("d1", "d2"),
            origin="a statement of the Residence",
            ground=LineageGround.COMMON_TEXT,
        ),
    ),
    rows=(
        MatrixRow(
            slot=Slot.MEANS_OF_DEFEAT,
            relation=Relation.CONTRADICT,
            voices=(
                Voice(
                    speaker=_SPEAKER,
                    value="electronic warfare",
                    act=SpeechAct.CLAIMS,
                    assertion_ids=("a1",),
                    document_ids=("d1",),
                    origins=1,
                ),
                Voice(
                    speaker=_SPEAKER,
                    value="radar",
                    act=SpeechAct.CLAIMS,
                    assertion_ids=("a2",),
                    document_ids=("d2",),
                    origins=1,
                ),
            ),
            silent=("the mayor",),
            measured=("Track 7 was struck at 02:11:10 (simulated).",),
            sentence="One statement, in two translations.",
        ),
        MatrixRow(
            slot=Slot.ATTRIBUTION,
            relation=Relation.ONE,
            voices=(
                Voice(
                    speaker="Мэр Щёголев",
                    value="not us",
                    act=SpeechAct.DENIES,
                    assertion_ids=("a3",),
                    document_ids=("d3",),
                    origins=1,
                ),
            ),
            silent=(),
            measured=(),
            sentence="",
        ),
    ),
    unreviewed=2,
)
