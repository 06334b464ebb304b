"""The labelled sets of statements as documents and assertions of the product, and scores against them.

A shared passage is *found* when passages of the same two documents cover at least half of both its sides
together; one that was proposed is *right* when labels cover it likewise, or would if a passage that a
document says twice (`copy_within`) stood in the other place. A cell is *shown* when some voices of its
speakers stand so on its slot; `silent` when none of those named says anything on it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from skykeep.domain.statement import (
    Assertion,
    Passage,
    Relation,
    SharedPassage,
    Slot,
    SourceDocument,
    SpeechAct,
)
from skykeep.statements.copies import find_copies
from skykeep.statements.lineage import find_lineages
from skykeep.statements.matrix import Comparison
from statement_gold import documents_of

HERE = Path(__file__).parent / "statements"
OPEN = tuple(sorted(path.parent for path in (HERE / "open").glob("*/labels.toml")))
FOUNDING = HERE / "founding"


class LabelledSet(msgspec.Struct, frozen=True):
    """One set: its labels as they stand, its documents by name, and the labels' assertions."""

    name: str
    labels: dict[str, Any]
    documents: dict[str, SourceDocument]
    assertions: tuple[Assertion, ...]


def document(name: str, text: str, publisher: str = "", published: str = "") -> SourceDocument:
    """Return a document of a test's own, with the publisher and time that a person gives it."""
    return SourceDocument(
        document_id=name,
        name=f"{name}.txt",
        media_type="text/plain",
        sha256="",
        size_bytes=len(text),
        text=text,
        publisher=publisher,
        published=published,
        published_from="person" if published else "",
        published_words=None,
        retrieved_utc_ns=0,
    )


def said(
    where: SourceDocument,
    words: str,
    slot: Slot,
    value: str,
    speaker: str = "",
    act: SpeechAct = SpeechAct.CLAIMS,
) -> Assertion:
    """Return an assertion of a test's own: what a speaker says with the first such words of a document."""
    start = where.text.index(words)
    return Assertion(
        assertion_id=f"{where.name}:{start}:{slot}",
        passage=Passage(document_id=where.document_id, start=start, end=start + len(words)),
        slot=slot,
        value=value,
        speaker=speaker,
        speaker_passage=None,
        via=(),
        act=act,
        is_direct=False,
        is_hedged=False,
        proposed_by="test",
    )


def read_set(folder: Path, texts: Path | None = None) -> LabelledSet:
    """Return a set; `texts` is where its documents lie when not beside the labels."""
    documents, labels = documents_of(folder, texts)
    names = {(one["document"], tuple(one["words"])): one["name"] for one in labels.get("alias", ())}
    assertions = tuple(
        _assertion(number, one, documents[one["document"]], names)
        for number, one in enumerate(labels["assertion"])
    )
    return LabelledSet(folder.name, labels, documents, assertions)


def _assertion(
    number: int,
    label: dict[str, Any],
    document: SourceDocument,
    names: dict[tuple[str, tuple[int, ...]], str],
) -> Assertion:
    start, end = label["words"]
    words = tuple(label.get("speaker_words", ()))
    speaker = label["speaker"] if "speaker" in label else names[label["document"], words]
    value = label["value"] if "value" in label else document.text[slice(*label["value_words"])]
    return Assertion(
        assertion_id=f"{document.name}-{number}",
        passage=Passage(document_id=document.document_id, start=start, end=end),
        slot=Slot(label["slot"]),
        value=value,
        speaker=speaker,
        speaker_passage=(
            Passage(document_id=document.document_id, start=words[0], end=words[1]) if words else None
        ),
        via=tuple(label.get("via", ())),
        act=SpeechAct(label["act"]),
        is_direct=label["direct"],
        is_hedged=label["certainty"] == "hedged",
        proposed_by="label",
    )


class Copy(NamedTuple):
    """A shared passage by names of documents: where it stands in each, and of which kind it is."""

    a: str
    a_span: tuple[int, int]
    b: str
    b_span: tuple[int, int]
    kind: str


def labelled_copies(of: LabelledSet) -> list[Copy]:
    """Return the labels of shared passages."""
    return [_labelled(one) for one in of.labels.get("copy", ())]


def found_copies(of: LabelledSet, shared: tuple[SharedPassage, ...]) -> list[Copy]:
    """Return passages that were found, in the labels' terms."""
    names = {one.document_id: name for name, one in of.documents.items()}
    return [
        Copy(
            names[one.a.document_id],
            (one.a.start, one.a.end),
            names[one.b.document_id],
            (one.b.start, one.b.end),
            one.kind.value,
        )
        for one in shared
    ]


def _labelled(one: dict[str, Any]) -> Copy:
    a, b = one["a"], one["b"]
    if "document" in one:  # the same words twice in one document may be told by their places alone
        a, b = ({"document": one["document"], "words": place} for place in (a, b))
    return Copy(a["document"], tuple(a["words"]), b["document"], tuple(b["words"]), one["kind"])


def score_copies(of: LabelledSet, shared: tuple[SharedPassage, ...]) -> Counter[tuple[str, str]]:
    """Return per kind how many passages are labelled and found, proposed and right."""
    gold, found = labelled_copies(of), found_copies(of, shared)
    within = [_labelled(one) for one in of.labels.get("copy_within", ())]
    counts: Counter[tuple[str, str]] = Counter()
    for one in gold:
        counts[one.kind, "labelled"] += 1
        counts[one.kind, "found"] += _covered(one, found)
        counts[one.kind, "found as such"] += _covered(one, [each for each in found if each.kind == one.kind])
    for one in found:
        counts[one.kind, "proposed"] += 1
        counts[one.kind, "right"] += _covered(one, gold) or _covered(_moved(one, within), gold)
    return counts


def _covered(one: Copy, others: list[Copy]) -> bool:
    near = [each for each in others if (each.a, each.b) == (one.a, one.b)]
    a_met = sum(_overlap(one.a_span, each.a_span) for each in near if _overlap(one.b_span, each.b_span))
    b_met = sum(_overlap(one.b_span, each.b_span) for each in near if _overlap(one.a_span, each.a_span))
    return 2 * a_met >= one.a_span[1] - one.a_span[0] and 2 * b_met >= one.b_span[1] - one.b_span[0]


def spans_meet(one: Copy, other: Copy) -> bool:
    """Tell whether two passages of the same documents overlap on both sides."""
    same = (one.a, one.b) == (other.a, other.b)
    return same and bool(_overlap(one.a_span, other.a_span) and _overlap(one.b_span, other.b_span))


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _moved(one: Copy, within: list[Copy]) -> Copy:
    """Return the passage as if it stood where its document says the same before."""
    firsts = [each for each in within if each.a == one.a and _overlap(each.b_span, one.a_span)]
    if not firsts:
        return one
    return one._replace(
        a_span=(min(each.a_span[0] for each in firsts), max(each.a_span[1] for each in firsts))
    )


class Cell(NamedTuple):
    """One labelled cell, whether it is shown, and whether the opposite is shown of the same speakers too."""

    label: dict[str, Any]
    shown: bool
    opposite_too: bool


def score_cells(of: LabelledSet, assertions: tuple[Assertion, ...]) -> list[Cell]:
    """Return every labelled cell as the comparison shows it from these assertions."""
    documents = list(of.documents.values())
    shared = find_copies(documents)
    comparison = Comparison(documents, assertions, shared, find_lineages(documents, shared, assertions))
    return [_cell(label, _Voices(of, assertions, comparison)) for label in of.labels["cell"]]


class _Voices:
    """Finds what a speaker says by the name that the labels give him."""

    def __init__(self, of: LabelledSet, assertions: tuple[Assertion, ...], comparison: Comparison) -> None:
        self.comparison = comparison
        self._of = of
        self._assertions = assertions
        self._regions = {
            one["name"]: one
            for one in of.labels.get("alias", ())
            if one["name"].startswith(("statement-", "document-"))
        }
        # Names of labels are tied to whoever is found to speak at the same mention.
        self._names: dict[str, set[str]] = {}
        for gold in of.assertions:
            self._names.setdefault(gold.speaker, set()).update(
                comparison.name_of(one) for one in assertions if _same_mention(gold, one)
            )
        for one in of.labels["document"]:
            document = of.documents[one["name"]]
            name = comparison.speakers.name_of(document.document_id, "")
            self._names.setdefault(one["source"], set()).add(name)

    def held(self, name: str, slot: Slot) -> list[Assertion]:
        region = self._regions.get(name)
        held = [one for one in self._assertions if one.slot is slot]
        if region is not None:
            document_id = self._of.documents[region["document"]].document_id
            start, end = region["words"]
            inside = [
                one
                for one in held
                if one.passage.document_id == document_id and start <= one.passage.start < end
            ]
            return inside if name.startswith("statement-") else [one for one in inside if not one.speaker]
        names = self._names.get(name, set())
        return [one for one in held if one.speaker == name or self.comparison.name_of(one) in names]


def _same_mention(gold: Assertion, one: Assertion) -> bool:
    if gold.assertion_id == one.assertion_id:
        return True
    mine, its = gold.speaker_passage, one.speaker_passage
    if mine is None or its is None or mine.document_id != its.document_id:
        return False
    return 2 * _overlap((mine.start, mine.end), (its.start, its.end)) >= min(
        mine.end - mine.start, its.end - its.start
    )


def _cell(label: dict[str, Any], voices: _Voices) -> Cell:
    slot, relation = Slot(label["slot"]), Relation(label["relation"])
    names = label["between"]
    if relation is Relation.SILENT:
        speak = [
            one for name in names for one in voices.held(name, slot) if one.act is not SpeechAct.DECLINES
        ]
        return Cell(label, not speak, False)
    if relation is Relation.ONE:
        row = voices.comparison.row(slot)
        shown = row is not None and row.relation is Relation.ONE and bool(voices.held(names[0], slot))
        return Cell(label, shown, False)
    found = {
        voices.comparison.relation([one], [two])
        for at, name in enumerate(names)
        for other in names[at + 1 :]
        for one in voices.held(name, slot)
        for two in voices.held(other, slot)
    }
    return Cell(label, relation in found, {Relation.AGREE, Relation.CONTRADICT} <= found)
