"""Proposals: who says what about which slot, at which passage. A person confirms, corrects or refuses each.

`propose` is a pure function of the document. The rules are tables (`vocabulary`, `speaking`, `rules_event`,
`rules_saying`); what they mean is written in `tests/statements/README.md`, how well they do is printed by
`python3 x.py bench statements`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from skykeep.domain.statement import Assertion, Passage, Slot, SourceDocument, SpeechAct
from skykeep.statements import topics, values
from skykeep.statements.folding import fold
from skykeep.statements.mentions import aircraft_in, moments_in, places_in
from skykeep.statements.quotations import find_quotations
from skykeep.statements.rules import Find, finds_in, rules
from skykeep.statements.sentences import Sentence, split_sentences
from skykeep.statements.topics import Topics
from skykeep.statements.voices import Stretch, Voices

PROPOSED_BY = "rules"
_EVERY = {Slot.AIRCRAFT_TYPE: "mention", Slot.PLACE: "mention", Slot.EVENT_TIME: "mention"}


class Passed(NamedTuple):
    """What was found before it is put into words: the passage, its slot, its value, what the rule demands."""

    start: int
    end: int
    slot: Slot
    value: str
    act: SpeechAct | None
    is_hedged: bool
    rule: str


def propose(document: SourceDocument) -> tuple[Assertion, ...]:
    """Return what the document seems to say, in the order of its text; empty for a text in which nothing is found."""
    folded = fold(document.text)
    quotations = find_quotations(document.text, folded)
    sentences = split_sentences(folded)
    voices = Voices(document.text, folded, sentences, quotations, document.publisher)
    about = topics.of_document(folded, sentences, document)
    days = values.Days(folded, document.published)
    proposals = []
    for sentence, topic in zip(sentences, about.sentences, strict=True):
        if topic.is_silent:
            continue
        for found in _in_sentence(document, folded, sentence, topic, voices, days):
            proposals.append(_assertion(document, folded, found, topic, voices, about.is_satire))
    return tuple(sorted(proposals, key=lambda one: (one.passage.start, one.passage.end, one.slot)))


def _in_sentence(
    document: SourceDocument, folded: str, sentence: Sentence, topic: Topics, voices: Voices, days: values.Days
) -> list[Passed]:
    found = [_passed(document, each) for each in _by_rules(folded, sentence, topic)]
    silences = [one for one in found if one.slot is Slot.COMMENT]
    found = [one for one in found if one.slot is not Slot.ATTRIBUTION or not _inside(one.start, one.end, silences)]
    taken = {slot: [one for one in found if one.slot is slot] for slot in Slot}
    if not topic.is_ban or topic.is_event:
        kinds = _types(document, folded, sentence, topic, taken)
        taken[Slot.AIRCRAFT_TYPE] += kinds
        found += kinds
    if topic.is_event:
        moments = _moments(document, sentence, folded, topic, taken, days, voices)
        taken[Slot.EVENT_TIME] += moments
        found += moments + _places(document, sentence, folded, topic, taken, voices)
    return found


def _by_rules(folded: str, sentence: Sentence, topic: Topics) -> list[Find]:
    """What the tables find, of overlapping passages of one slot the one whose rule stands first."""
    kept: list[Find] = []
    for rule in rules():
        if not rule.needs <= topic.words:
            continue
        if rule.act is SpeechAct.CORRECTS and "corrects_any" not in rule.needs and not topic.is_correction:
            continue
        for one in finds_in(rule, folded, sentence.start, sentence.end):
            rivals = [other for other in kept if other.rule.slot is rule.slot]
            if not any(other.start < one.end and one.start < other.end for other in rivals):
                kept.append(one)
    return kept


def _passed(document: SourceDocument, one: Find) -> Passed:
    words = document.text[one.start : one.end]
    value = values.of_rule(one.rule.slot, one.rule.value, words)
    return Passed(one.start, one.end, one.rule.slot, value, one.rule.act, "hedged" in one.rule.needs, one.rule.name)


def _types(
    document: SourceDocument, folded: str, sentence: Sentence, topic: Topics, taken: dict[Slot, list[Passed]]
) -> list[Passed]:
    barred = [*taken[Slot.RESTRICTION], *taken[Slot.EXCEPTION], *taken[Slot.COMMENT]]
    return [
        Passed(start, end, Slot.AIRCRAFT_TYPE, _plural_of(kind), None, False, "aircraft_type")
        for start, end, kind in aircraft_in(folded, sentence.start, sentence.end)
        if not _inside(start, end, barred)
    ]


def _plural_of(kind: str) -> str:
    return re.sub(r"(?<=[a-z])s$", "", kind)


def _places(
    document: SourceDocument, sentence: Sentence, folded: str, topic: Topics, taken: dict[Slot, list[Passed]], voices: Voices
) -> list[Passed]:
    slots = (Slot.RESTRICTION, Slot.EXCEPTION, Slot.PURPOSE, Slot.COMMENT, Slot.WHEREABOUTS, Slot.RESPONSE_THREATENED)
    barred = [(one.start, one.end) for slot in slots for one in taken[slot]] + voices.mentions
    barred += [(one.start, one.end) for slot in (Slot.TARGET, Slot.EVENT_TIME) for one in taken[slot]]
    return [
        Passed(start, end, Slot.PLACE, document.text[start:end], None, False, "place")
        for start, end in places_in(folded, sentence.start, sentence.end)
        if not any(min(end, b) - max(start, a) > 0 for a, b in barred)
    ]


def _moments(
    document: SourceDocument,
    sentence: Sentence,
    folded: str,
    topic: Topics,
    taken: dict[Slot, list[Passed]],
    days: values.Days,
    voices: Voices,
) -> list[Passed]:
    slots = (Slot.RESTRICTION, Slot.EXCEPTION, Slot.PURPOSE, Slot.COMMENT, Slot.RESPONSE_THREATENED)
    barred = [one for slot in slots for one in taken[slot]]
    found = []
    entry = topics.time_of_entry(folded, sentence) if topic.is_log else None
    if entry is not None and taken[Slot.AIRCRAFT_TYPE]:
        found.append(Passed(*entry, Slot.EVENT_TIME, days.of_entry(*entry), None, False, "event_time"))
    return found + [
        Passed(start, end, Slot.EVENT_TIME, days.value(document.text[start:end]), None, False, "event_time")
        for start, end in moments_in(folded, sentence.start, sentence.end)
        if not _inside(start, end, barred)
        and not voices.is_in_signature(start)
        and not topics.is_date_of_document(document, folded, start)
        and not topics.is_of_saying(folded, sentence.start, start, end, sentence.end)
    ]


def _inside(start: int, end: int, barred: list[Passed]) -> bool:
    return any(one.start < end and start < one.end for one in barred)


def _assertion(
    document: SourceDocument, folded: str, found: Passed, topic: Topics, voices: Voices, is_satire: bool
) -> Assertion:
    voice = voices.at(found.start, found.end)
    who = voice.who if voice is not None else None
    act = SpeechAct.CLAIMS if is_satire else topics.act_of(folded, found.start, found.slot, found.act, voice, topic)
    is_own = who is None or who.name == ""
    return Assertion(
        assertion_id=f"{document.document_id}:{found.start}-{found.end}:{found.slot}",
        passage=Passage(document_id=document.document_id, start=found.start, end=found.end),
        slot=found.slot,
        value=found.value or document.text[found.start : found.end],
        speaker="" if who is None else who.name,
        speaker_passage=None if is_own or who is None else _passage(document, who.start, who.end),
        via=voice.via if voice is not None else (),
        act=act,
        is_direct=voices.is_direct(found.start, found.end),
        is_hedged=is_satire or found.is_hedged or topics.is_hedged(folded, found.start, found.end, topic),
        proposed_by=f"{PROPOSED_BY}:{found.rule}",
    )


def _passage(document: SourceDocument, start: int, end: int) -> Passage:
    return Passage(document_id=document.document_id, start=start, end=end)


__all__ = ["PROPOSED_BY", "Stretch", "propose"]
