"""Proposals: who says what about which slot, at which passage. A person confirms, corrects or refuses each.

`propose` is a pure function of the document. The rules are tables (`vocabulary`, `speaking`, `rules_...`);
what slots, acts and values mean is written in `tests/statements/README.md`, how well they are found is
printed by `python3 x.py bench statements`.
"""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

import msgspec

from skykeep.domain.statement import Assertion, Passage, Slot, SourceDocument, SpeechAct
from skykeep.statements import acts, topics, values
from skykeep.statements.clauses import is_denied, tells_of_event
from skykeep.statements.folding import fold
from skykeep.statements.mentions import aircraft_in, heading_in, moments_in, places_in
from skykeep.statements.quotations import find_quotations
from skykeep.statements.reading_bounds import PROPOSALS_AT_MOST, PROPOSED_BY, characters_read
from skykeep.statements.rules import Find, Texts, finds_in, rules, texts_of
from skykeep.statements.sentences import Sentence, split_sentences
from skykeep.statements.topics import Topics
from skykeep.statements.voices import Voices

# A bare mention inside these says nothing of the night: "drone flights are banned from Monday".
_NO_TYPE_IN = (Slot.RESTRICTION, Slot.EXCEPTION, Slot.COMMENT)
_NO_MOMENT_IN = (Slot.RESTRICTION, Slot.EXCEPTION, Slot.PURPOSE, Slot.COMMENT, Slot.RESPONSE_THREATENED)
# What exempts, threatens or keeps silent is no deed done in answer as well.
_OF_A_CLAIM = re.compile(r"\b(?:claims?|accusations?|allegations?|charges?|not to)\b", re.IGNORECASE)
_NAMED_IN_DENIAL = (Slot.TARGET, Slot.AIRCRAFT_TYPE, Slot.PLACE, Slot.EVENT_TIME, Slot.MOTIVE)
_BANNED = re.compile(r"\bbe (?:banned|closed|forbidden|prohibited|suspended|restricted|grounded|shut)\b")
_NO_DEED_IN = (Slot.EXCEPTION, Slot.RESPONSE_THREATENED, Slot.COMMENT)
_NO_PLACE_IN = (*_NO_MOMENT_IN, Slot.PLACE, Slot.WHEREABOUTS, Slot.TARGET, Slot.EVENT_TIME)


class Found(NamedTuple):
    """What was found before it is put into words: where, its slot and value, and what its rule demands."""

    start: int
    end: int
    slot: Slot
    value: str
    rule: str
    act: SpeechAct | None = None
    is_hedged: bool = False


class Reading(NamedTuple):
    """One document as it is read: the forms of its text, whose words are whose, and its days."""

    document: SourceDocument
    texts: Texts
    voices: Voices
    days: values.Days
    satire: tuple[int, int]


def propose(document: SourceDocument) -> tuple[Assertion, ...]:
    """Return what the document seems to say, in the order of its text; empty where nothing is found.

    Of a text beyond the bounds of `reading_bounds`, only what stands up to there.
    """
    document = msgspec.structs.replace(document, text=document.text[: characters_read(document.text)])
    folded = fold(document.text)
    sentences = split_sentences(folded)
    quotations = find_quotations(document.text, folded)
    voices = Voices(document.text, folded, sentences, quotations, document.publisher)
    about = topics.of_document(folded, sentences, document)
    days = values.Days(folded, document.published)
    reading = Reading(document, texts_of(folded), voices, days, about.satire)
    found = (
        one
        for sentence, topic in zip(sentences, about.sentences, strict=True)
        if not topic.is_silent
        for one in _said_in(reading, sentence, topic)
    )
    proposals = itertools.islice(found, PROPOSALS_AT_MOST)
    return tuple(sorted(proposals, key=_place))


def _place(one: Assertion) -> tuple[int, int, Slot]:
    return one.passage.start, one.passage.end, one.slot


def _said_in(reading: Reading, sentence: Sentence, topic: Topics) -> list[Assertion]:
    """Return what a sentence says, without what somebody names in it only to deny it."""
    proposals = [_assertion(reading, found, topic) for found in _in_sentence(reading, sentence, topic)]
    denied = [
        one
        for one in proposals
        if one.slot is Slot.ATTRIBUTION
        and one.act is SpeechAct.DENIES
        and _OF_A_CLAIM.search(reading.document.text, one.passage.start, one.passage.end)
    ]
    kept = [one for one in proposals if not any(_is_of_what_is_denied(one, other) for other in denied)]
    return sorted(kept, key=_place)


def _is_of_what_is_denied(one: Assertion, denial: Assertion) -> bool:
    """Whether somebody would be said to claim, or to deny by itself, what he names to deny that he did it."""
    return (
        one.slot in _NAMED_IN_DENIAL
        and one.act in (SpeechAct.CLAIMS, SpeechAct.DENIES)
        and one.speaker == denial.speaker
        and denial.passage.start <= one.passage.start
        and one.passage.end <= denial.passage.end
    )


def _in_sentence(reading: Reading, sentence: Sentence, topic: Topics) -> list[Found]:
    found = [_of_rule(reading, one) for one in _by_rules(reading.texts, sentence, topic)]
    silences = _of_slots(found, (Slot.COMMENT,))
    found = [one for one in found if one.slot is not Slot.ATTRIBUTION or not _meets(one, silences)]
    names = reading.voices.mentions
    found = [one for one in found if one.slot is not Slot.PLACE or not names.meeting(one.start, one.end)]
    # Pictures that are forbidden show nothing, and a place is one of the night where its clause tells of it.
    forbidden = _of_slots(found, (Slot.RESTRICTION, Slot.RESPONSE_THREATENED))
    found = [one for one in found if one.slot is not Slot.FOOTAGE or not _meets(one, forbidden)]
    found = [one for one in found if one.slot is not Slot.PLACE or _tells(reading, topic, one)]
    # A ban that is to come threatens nobody.
    bans = _of_slots(found, (Slot.RESTRICTION,))
    found = [one for one in found if not _is_ban_to_come(reading, one) or not _meets(one, bans)]
    spoken_for = _of_slots(found, _NO_DEED_IN)
    found = [one for one in found if one.slot is not Slot.RESPONSE_TAKEN or not _meets(one, spoken_for)]
    if not topic.is_ban or topic.is_event:
        found += _types(reading, sentence, _of_slots(found, _NO_TYPE_IN))
    if topic.is_question:
        # Who asks says nothing but what the question takes for granted.
        return _of_slots(found, (Slot.AIRCRAFT_TYPE, Slot.MOTIVE, Slot.HEARD)) + _places(
            reading, sentence, topic, []
        )
    if topic.is_event:
        found += _moments(reading, sentence, topic, found)
        found += _places(reading, sentence, topic, _of_slots(found, _NO_PLACE_IN))
    return found


def _is_ban_to_come(reading: Reading, one: Found) -> bool:
    return one.slot is Slot.RESPONSE_THREATENED and bool(
        _BANNED.search(reading.texts.folded, one.start, one.end)
    )


def _by_rules(texts: Texts, sentence: Sentence, topic: Topics) -> list[Find]:
    """What the tables find, of overlapping passages of one slot the one whose rule stands first."""
    kept: dict[Slot, list[Find]] = {}
    for rule in rules():
        if not rule.needs <= topic.words:
            continue
        rivals = kept.setdefault(rule.slot, [])
        for one in finds_in(rule, texts, sentence.start, sentence.end):
            if not any(other.start < one.end and one.start < other.end for other in rivals):
                rivals.append(one)
    return [one for found in kept.values() for one in found]


def _of_rule(reading: Reading, one: Find) -> Found:
    rule = one.rule
    value = values.of_rule(rule.value, reading.document.text[one.start : one.end])
    return Found(one.start, one.end, rule.slot, value, rule.name, rule.act, "hedged" in rule.passage)


def _types(reading: Reading, sentence: Sentence, barred: list[Found]) -> list[Found]:
    named = aircraft_in(reading.texts.marked, sentence.start, sentence.end)
    found = [
        Found(start, end, Slot.AIRCRAFT_TYPE, re.sub(r"(?<=[a-z])s$", "", kind), "aircraft_type")
        for start, end, kind in named
    ]
    return [one for one in found if not _meets(one, barred)]


def _places(reading: Reading, sentence: Sentence, topic: Topics, barred: list[Found]) -> list[Found]:
    text, names = reading.document.text, reading.voices.mentions
    found = [
        Found(start, end, Slot.PLACE, " ".join(text[start:end].split()), "place")
        for start, end in places_in(reading.texts.marked, sentence.start, sentence.end)
        if not names.meeting(start, end)
    ]
    heading = heading_in(text, reading.texts.folded, sentence.start, sentence.end)
    if heading is not None and not found:
        found = [Found(*heading, Slot.PLACE, text[slice(*heading)], "place")]
    return [one for one in found if not _meets(one, barred) and _tells(reading, topic, one)]


def _moments(reading: Reading, sentence: Sentence, topic: Topics, found: list[Found]) -> list[Found]:
    folded, days = reading.texts.folded, reading.days
    barred = _of_slots(found, _NO_MOMENT_IN)
    spans = [
        (start, end)
        for start, end in moments_in(reading.texts.marked, sentence.start, sentence.end)
        if not reading.voices.is_in_signature(start)
        and not topics.is_date_of_document(reading.document, folded, start)
        and not topics.is_of_saying(folded, sentence.start, start, end, sentence.end)
    ]
    moments = [
        Found(a, b, Slot.EVENT_TIME, days.value(reading.document.text[a:b]), "event_time") for a, b in spans
    ]
    entry = topics.time_of_entry(folded, sentence) if topic.is_log else None
    if entry is not None and _of_slots(found, (Slot.AIRCRAFT_TYPE,)):
        moments.append(Found(*entry, Slot.EVENT_TIME, days.of_entry(*entry), "event_time"))
    return [one for one in moments if not _meets(one, barred) and _tells(reading, topic, one)]


def _tells(reading: Reading, topic: Topics, one: Found) -> bool:
    return (
        topic.is_log
        or not topic.words.isdisjoint(("at_time", "at_place"))
        or tells_of_event(reading.texts.folded, one.start, one.end, topic.start, topic.end)
    )


def _of_slots(found: list[Found], slots: tuple[Slot, ...]) -> list[Found]:
    return [one for one in found if one.slot in slots]


def _meets(one: Found, barred: list[Found]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in barred)


def _is_elsewhere(folded: str, found: Found, topic: Topics) -> bool:
    """Whether a whereabouts is denied by words before it: "it is not thought that he was in the building"."""
    has_own = re.match(r"(?:not|never|nowhere|n't|no)\b", folded[found.start : found.end], re.IGNORECASE)
    return has_own is None and is_denied(folded, found.start, topic.start, topic.end)


def _assertion(reading: Reading, found: Found, topic: Topics) -> Assertion:
    document, voices, folded = reading.document, reading.voices, reading.texts.folded
    voice = voices.at(found.start)
    who = voice.who if voice is not None else None
    is_direct = voices.is_direct(found.start, found.end)
    if found.slot is Slot.COMMENT and not is_direct:
        who = voices.silent_one(found.start, topic.start) or who
    is_satire = reading.satire[0] <= found.start < reading.satire[1]
    is_passed_on = not is_direct and voice is not None and voice.is_reported
    speaker = who.name if who is not None else ""
    passage = Passage(document_id=document.document_id, start=found.start, end=found.end)
    value = found.value or document.text[found.start : found.end]
    if found.slot is Slot.WHEREABOUTS and _is_elsewhere(folded, found, topic):
        value = f"not {value}"
    act = acts.act_of(folded, passage, found.slot, found.act, voice, topic, speaker or document.publisher)
    if act is SpeechAct.DOUBTS and is_passed_on and acts.is_doubted(folded, found.start, found.end):
        # "The ministry spoke of the alleged attack": who calls it alleged is the paper.
        who, speaker, voice = None, "", None
    return Assertion(
        assertion_id=f"{document.document_id}:{found.start}-{found.end}:{found.slot}",
        passage=passage,
        slot=found.slot,
        value=value,
        speaker=speaker,
        speaker_passage=Passage(document_id=document.document_id, start=who.start, end=who.end)
        if who is not None and speaker
        else None,
        via=voice.via if voice is not None else (),
        act=SpeechAct.CLAIMS if is_satire else act,
        is_direct=is_direct,
        is_hedged=is_satire
        or found.is_hedged
        or acts.is_hedged(folded, passage, found.slot, topic, is_passed_on=is_passed_on and bool(speaker)),
        proposed_by=f"{PROPOSED_BY}:{found.rule}",
    )
