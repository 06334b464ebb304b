"""Proposals held against labels: what was found, what agrees, what was proposed in vain.

A labelled assertion is *found* when a proposal of the same document and slot overlaps its passage by at
least half of the shorter one; a proposal is *right* when it so meets a labelled one. `strictly right` counts
no two proposals for one label. Of those found the best overlapping proposal is compared: its act, its value
(the same but for articles, case and marks; for values in words at least half of the words in common; a day
in words may be given as its date), its speaker (the same name, or a mention that overlaps the labelled one),
direct or not, hedged or not.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from skykeep.domain.statement import Assertion, Slot, SourceDocument
from skykeep.statements.propose import propose

# Sets of `open` and `next` that were written after the rules, by writers who had not seen them. The rules
# have since learned from the first two groups; whoever works on the rules does not read the third, and only
# scores it.
LEARNED_FROM = ("gaol-question-hour", "kelstow-runway", "oremund-communique", "telm-governor-night")
LEARNED_LATER = (
    "explainer-and-its-correction",
    "hollin-castle-court",
    "lantern-park-match",
    "long-hour-radio",
    "long-read-and-chronology",
    "note-verbale-and-reply",
    "quell-reactor-recasts",
    "rumours-and-power-company",
    "village-bell-mayor-brigade",
)
ONLY_SCORED = ("advisory-and-order-sixteen", "harbour-log-and-notice", "two-papers-one-lectern")
LATER = {"learned from": LEARNED_FROM, "learned later": LEARNED_LATER, "only scored": ONLY_SCORED}
ASPECTS = ("act", "value", "speaker", "direct", "hedged")
Span = tuple[int, int]


@dataclass
class Tally:
    """Counts of one set, one slot, one act or all."""

    labelled: int = 0
    found: int = 0
    proposed: int = 0
    right: int = 0
    strictly: int = 0
    agreeing: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Add another's counts."""
        self.labelled += other.labelled
        self.found += other.found
        self.proposed += other.proposed
        self.right += other.right
        self.strictly += other.strictly
        self.agreeing += other.agreeing

    @property
    def recall(self) -> float:
        """Share of the labelled ones that were found; 1 where nothing is labelled."""
        return self.found / self.labelled if self.labelled else 1.0

    @property
    def precision(self) -> float:
        """Share of the proposals that meet a label."""
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def strict_precision(self) -> float:
        """The same, where each label excuses one proposal only."""
        return self.strictly / self.proposed if self.proposed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision."""
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0

    def share(self, aspect: str) -> float:
        """Share of the found ones of which one aspect agrees."""
        return self.agreeing[aspect] / self.found if self.found else 1.0


@dataclass
class Outcome:
    """A labelled assertion with the proposal that met it, or one of the two alone."""

    document: str
    gold: dict[str, Any] | None
    proposal: Assertion | None
    text: str
    agreeing: frozenset[str] = frozenset()
    is_right: bool = False


def documents_of(folder: Path, texts: Path | None = None) -> tuple[dict[str, SourceDocument], dict[str, Any]]:
    """Read a labelled set; `texts` is where its documents lie when not beside the labels."""
    labels = tomllib.loads((folder / "labels.toml").read_text(encoding="utf-8"))
    documents = {}
    for one in labels["document"]:
        path = _seen(texts or folder, one["name"])
        with path.open(encoding="utf-8", newline="") as file:
            text = file.read()
        whole = path.read_bytes()
        documents[one["name"]] = SourceDocument(
            document_id=f"{folder.name}/{one['name']}",
            name=one["name"],
            media_type="text/plain",
            sha256=hashlib.sha256(whole).hexdigest(),
            size_bytes=len(whole),
            text=text,
            publisher=one["source"],
            published=one["published"],
            published_from="text" if "published_words" in one else "",
            published_words=_pair(one["published_words"]) if "published_words" in one else None,
            retrieved_utc_ns=0,
            is_marked_satire=one.get("satire", False),
        )
    return documents, labels


def _seen(folder: Path, name: str) -> Path:
    path = folder / name
    if path.suffix == ".txt":
        return path
    choices = [folder / f"{name}.seen.txt", path.with_suffix(".seen.txt")]
    return next(each for each in choices if each.exists())


def _pair(words: list[int]) -> Span:
    return words[0], words[1]


def outcomes(folder: Path, texts: Path | None = None) -> list[Outcome]:
    """Propose for every document of a set and hold it against the labels."""
    documents, labels = documents_of(folder, texts)
    aliases = labels.get("alias", [])
    found: list[Outcome] = []
    for name, document in documents.items():
        golds = [one for one in labels["assertion"] if one["document"] == name]
        here = [one for one in aliases if one["document"] == name]
        found += _of_document(document, golds, propose(document), here)
    return found


def _of_document(
    document: SourceDocument,
    golds: list[dict[str, Any]],
    proposals: tuple[Assertion, ...],
    aliases: list[Any],
) -> list[Outcome]:
    found: list[Outcome] = []
    met: set[str] = set()
    for gold in golds:
        span = _pair(gold["words"])
        near = [one for one in proposals if one.slot is Slot(gold["slot"]) and meets(span, _span(one))]
        best = max(near, key=lambda one: _closeness(span, _span(one)), default=None)
        agreeing = _agreeing(document, gold, best, aliases) if best else frozenset()
        found.append(Outcome(document.name, gold, best, document.text, agreeing, is_right=best is not None))
        met |= {one.assertion_id for one in near}
    chosen = {one.proposal.assertion_id for one in found if one.proposal}
    alone = [one for one in proposals if one.assertion_id not in chosen]
    return found + [
        Outcome(document.name, None, one, document.text, is_right=one.assertion_id in met) for one in alone
    ]


def _span(one: Assertion) -> Span:
    return one.passage.start, one.passage.end


def meets(a: Span, b: Span) -> bool:
    """Whether two passages overlap by at least half of the shorter one."""
    overlap = min(a[1], b[1]) - max(a[0], b[0])
    return overlap > 0 and 2 * overlap >= min(a[1] - a[0], b[1] - b[0])


def _closeness(a: Span, b: Span) -> float:
    return (min(a[1], b[1]) - max(a[0], b[0])) / (max(a[1], b[1]) - min(a[0], b[0]))


def _agreeing(
    document: SourceDocument, gold: dict[str, Any], one: Assertion, aliases: list[Any]
) -> frozenset[str]:
    text = document.text
    found = {
        "act": gold["act"] == one.act,
        "value": _same_value(gold, one, text),
        "speaker": _same_speaker(gold, one, text, aliases),
        "direct": gold["direct"] == one.is_direct,
        "hedged": (gold["certainty"] == "hedged") == one.is_hedged,
    }
    return frozenset(aspect for aspect, agrees in found.items() if agrees)


def _plain(words: str) -> list[str]:
    return [
        each
        for each in re.findall(r"[\w.:+@-]+", words.lower().replace("’s", ""))
        if each not in ("the", "a", "an")
    ]


def _same_value(gold: dict[str, Any], one: Assertion, text: str) -> bool:
    wanted = gold["value"] if "value" in gold else text[slice(*gold["value_words"])]
    a, b = set(_plain(wanted)), set(_plain(one.value))
    said = set(_plain(text[slice(*gold["words"])]))
    if a == b or (a and 2 * len(a & b) >= len(a | b) and not (a | b) & {"0", "none"}):
        return True
    is_day = re.fullmatch(r"\d{4}-\d\d-\d\d(T[\d:+Z-]*)?", one.value) is not None
    return gold["slot"] == "event_time" and is_day and a == said


def _same_speaker(gold: dict[str, Any], one: Assertion, text: str, aliases: list[Any]) -> bool:
    words = gold.get("speaker_words")
    if words is None:
        return one.speaker == ""
    if one.speaker_passage and meets(_pair(words), (one.speaker_passage.start, one.speaker_passage.end)):
        return True
    same = {each["name"] for each in aliases if each["words"] == words}
    names = [text[slice(*each["words"])] for each in aliases if each["name"] in same]
    names.append(gold.get("speaker", ""))
    return bool(one.speaker) and any(_plain(one.speaker) == _plain(name) for name in names if name)


def tally(found: list[Outcome]) -> Tally:
    """Count outcomes."""
    counts = Tally()
    chosen: set[str] = set()
    for one in found:
        counts.labelled += one.gold is not None
        if one.gold is None:
            counts.proposed += 1
            counts.right += one.is_right
        elif one.proposal is not None:
            counts.found += 1
            counts.agreeing.update(one.agreeing)
            chosen.add(one.document + one.proposal.assertion_id)
    counts.proposed += len(chosen)
    counts.right += len(chosen)
    counts.strictly = len(chosen)
    return counts
