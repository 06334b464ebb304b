"""What a speaker does with the words, and whether they are hedged: read off the words around a passage."""

from __future__ import annotations

import re

from skykeep.domain.statement import Passage, Slot, SpeechAct
from skykeep.statements.clauses import begins_negated, clause_around, is_denied, is_denied_after
from skykeep.statements.speaking import HEARING, ROLES, SEEING
from skykeep.statements.topics import Topics
from skykeep.statements.vocabulary import DOUBTS, HEDGES
from skykeep.statements.voices import Stretch

_I = re.IGNORECASE
_HEDGE = re.compile(rf"\b(?:{HEDGES})\b", _I)
_DOUBT = re.compile(rf"\b(?:{DOUBTS})\b", _I)
_DOUBTED = re.compile(
    rf"\b(?:{DOUBTS})(?: \"?(?!\w+ed\b|took|undertook|has|have|had|was|were|is|are|of)[\w'-]+){{0,4}}\W*$", _I
)
# What a paper puts into others' statements to keep its distance.
_ASIDE = re.compile(r"\b(?:alleged|purported|reported|supposed)(?:ly)?\b|so-called", _I)
_OUTLET = re.compile(
    r"\b(?:post|news|newspaper|gazette|herald|times|chronicle|mail|courier|ledger|tribune|star"
    r"|observer|echo|wire|agency|bell|enquirer|weekly|daily|radio|tv|channel|outlet)\b",
    _I,
)
_REOPENS = re.compile(r"\b(?:re-?open\w*|runs? again|resum\w+|lifted)\b", _I)
_UNVERIFIED = re.compile(
    r"can't|cannot|could not|couldn't|unable|not (?:been|yet)|doctored|faked?|\bold\b|edited" r"|unverified",
    _I,
)
_REPORTED = frozenset(
    (Slot.HEARD, Slot.PLACE, Slot.EVENT_TIME, Slot.AIRCRAFT_TYPE, Slot.AIRCRAFT_COUNT, Slot.OUTCOME)
)
_DENIABLE = frozenset(
    (
        Slot.HEARD,
        Slot.MEANS_OF_DEFEAT,
        Slot.AIRCRAFT_TYPE,
        Slot.MOTIVE,
        Slot.ATTRIBUTION,
        Slot.OUTCOME,
        Slot.TARGET,
        Slot.PLACE,
    )
)
_CORRECTABLE = frozenset(
    (
        Slot.AIRCRAFT_COUNT,
        Slot.EVENT_TIME,
        Slot.MEANS_OF_DEFEAT,
        Slot.CASUALTIES,
        Slot.HEARD,
        Slot.ATTRIBUTION,
        Slot.DAMAGE,
        Slot.TARGET,
    )
)


_TYPE_WITHIN = 16


def is_hedged(folded: str, passage: Passage, topic: Topics, *, is_passed_on: bool = False) -> bool:
    """Whether the clause around the passage says it with "may", "appears", "believed" and their like.

    Of what a paper passes on in its own words, "alleged" and "purported" are its own hedges, no speaker's.
    """
    start, end = passage.start, passage.end
    begin, finish = clause_around(folded, start, end, topic.start, topic.end)
    part = max(begin, folded.rfind(", ", begin, start) + 1)
    stop = folded.find(", ", end, finish)
    if _DOUBT.search(folded, max(begin, start - 28), end) is not None and not is_passed_on:
        return True
    stretches = ((part, min(stop if stop >= 0 else finish, end + 50)), (max(begin, start - 45), start))
    hedges = [each.group() for a, b in stretches for each in _HEDGE.finditer(folded, a, b)]
    return any(not (is_passed_on and _ASIDE.search(words)) for words in hedges)


def is_doubted(folded: str, start: int, end: int) -> bool:
    """Whether "alleged", "so-called" or their like opens a passage or the noun phrase that it stands in."""
    return (
        _DOUBT.search(folded, start, min(end, start + 24)) is not None
        or _DOUBTED.search(folded[max(0, start - 50) : start]) is not None
    )


def is_official(name: str) -> bool:
    """Whether one who may order things is named: an office or a service, no newspaper."""
    return ROLES.search(name) is not None and _OUTLET.search(name) is None


def act_of(
    folded: str,
    passage: Passage,
    slot: Slot,
    demanded: SpeechAct | None,
    voice: Stretch | None,
    topic: Topics,
    speaker: str,
) -> SpeechAct:
    """Return what the speaker does with these words: what the rule demands, else what the words around say.

    `speaker` is who speaks, the publisher where the document speaks for itself.
    """
    start, words = passage.start, folded[passage.start : passage.end]
    if demanded is not None:
        return demanded
    if slot is Slot.COMMENT:
        return SpeechAct.DECLINES
    if slot is Slot.RESPONSE_THREATENED:
        return SpeechAct.THREATENS
    if slot in (Slot.RESTRICTION, Slot.EXCEPTION, Slot.PURPOSE):
        speaks = voice is not None and voice.who is not None and voice.who.name != ""
        return (
            SpeechAct.ANNOUNCES
            if (speaks or is_official(speaker)) and not _REOPENS.search(words)
            else SpeechAct.CLAIMS
        )
    if slot is Slot.FOOTAGE and _UNVERIFIED.search(words):
        return SpeechAct.DOUBTS
    if slot is Slot.RESPONSE_TAKEN and re.search(r"\bauth(?:ori[sz]ed|'d|d)\b", words, _I):
        return SpeechAct.ANNOUNCES
    if topic.is_correction and slot in _CORRECTABLE:
        return SpeechAct.CORRECTS
    if slot in (Slot.AIRCRAFT_COUNT, Slot.MOTIVE) and is_denied_after(folded, passage.end, topic.end):
        return SpeechAct.DENIES
    if slot in (Slot.MOTIVE, Slot.PLACE, Slot.EVENT_TIME, Slot.TARGET) and is_doubted(
        folded, start, passage.end
    ):
        return SpeechAct.DOUBTS
    spoken = voice.act if voice is not None else SpeechAct.CLAIMS
    if slot in _DENIABLE and (
        _is_denied(folded, passage, slot, topic) or (spoken is SpeechAct.DENIES and slot is Slot.ATTRIBUTION)
    ):
        return SpeechAct.DENIES
    return _as_witness(folded, slot, spoken, voice, topic)


def _is_denied(folded: str, passage: Passage, slot: Slot, topic: Topics) -> bool:
    start, end = passage.start, passage.end
    if slot in (Slot.MEANS_OF_DEFEAT, Slot.HEARD) and begins_negated(folded[start:end]):
        return True
    if slot is Slot.AIRCRAFT_TYPE:
        # "They did not shoot the drone down" leaves it a drone: only "no drone" and "not a drone" deny one.
        return is_denied(folded, start, max(topic.start, start - _TYPE_WITHIN), topic.end)
    return is_denied(folded, start, topic.start, topic.end) or (
        slot is not Slot.OUTCOME and is_denied_after(folded, end, topic.end)
    )


def _as_witness(
    folded: str, slot: Slot, spoken: SpeechAct, voice: Stretch | None, topic: Topics
) -> SpeechAct:
    whole = folded[topic.start : topic.end]
    if slot is Slot.HEARD and (HEARING.search(whole) or voice is None):
        return SpeechAct.REPORTS_HEARING
    if slot is Slot.FOOTAGE and re.search(
        r"\b(?:post(?:ed|s|ing)?|shar(?:ed|es|ing)|upload\w*|publish\w*|here's|moment)\b", whole, _I
    ):
        return SpeechAct.POSTS_FOOTAGE
    if spoken in (SpeechAct.REPORTS_HEARING, SpeechAct.REPORTS_SEEING) and slot in _REPORTED:
        return spoken
    is_witness = voice is not None and voice.who is not None and voice.who.name != ""
    if (
        slot in (Slot.PLACE, Slot.EVENT_TIME)
        and is_witness
        and re.search(r"\b(?:hear(?:d|ing|s)?|woken)\b", whole, _I)
    ):
        return SpeechAct.REPORTS_HEARING
    if topic.is_log and is_witness and slot in _REPORTED - {Slot.HEARD, Slot.EVENT_TIME}:
        return SpeechAct.REPORTS_SEEING
    if slot in _REPORTED and voice is not None and SEEING.search(whole):
        return SpeechAct.REPORTS_SEEING
    return (
        SpeechAct.POSTS_FOOTAGE
        if spoken is SpeechAct.POSTS_FOOTAGE and slot in _REPORTED
        else SpeechAct.CLAIMS
    )
