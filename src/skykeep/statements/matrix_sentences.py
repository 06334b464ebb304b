"""A row of the matrix in one sentence: who says what, in which document, and how that stands.

Never a verdict: the words say who differs from whom, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from skykeep.base.number_words import ONE_TO_NINETEEN
from skykeep.domain.statement import MatrixRow, Relation, Slot, SpeechAct, Voice

SLOT_NAMES: dict[Slot, str] = {
    Slot.AIRCRAFT_COUNT: "How many aircraft",
    Slot.AIRCRAFT_TYPE: "What they were",
    Slot.EVENT_TIME: "When",
    Slot.PLACE: "Where",
    Slot.TARGET: "Aimed at what",
    Slot.HEARD: "What was heard",
    Slot.MEANS_OF_DEFEAT: "What stopped them",
    Slot.OUTCOME: "What became of them",
    Slot.CASUALTIES: "Dead and hurt",
    Slot.DAMAGE: "Damage",
    Slot.ATTRIBUTION: "Who is said to have done it",
    Slot.MOTIVE: "What it is called, or said to be for",
    Slot.WHEREABOUTS: "Where the one to be protected was",
    Slot.FOOTAGE: "Pictures",
    Slot.RESPONSE_TAKEN: "What was done",
    Slot.RESPONSE_THREATENED: "What is threatened",
    Slot.RESTRICTION: "What was restricted",
    Slot.EXCEPTION: "Who is exempt",
    Slot.PURPOSE: "For what purpose",
    Slot.COMMENT: "Asked, and gave no comment",
}
VALUE_NAMES = {
    "fixed_wing": "fixed-wing", "flew_off": "flew off", "hit_target": "hit the target",
    "electronic": "electronic means", "projectile": "a projectile", "radar": "radar", "net": "a net",
    "crash": "crashed by itself",
}  # fmt: skip
ACT_NAMES: dict[SpeechAct, str] = {
    SpeechAct.CLAIMS: "says",
    SpeechAct.DENIES: "denies",
    SpeechAct.REPORTS_HEARING: "heard",
    SpeechAct.REPORTS_SEEING: "saw",
    SpeechAct.POSTS_FOOTAGE: "posts pictures",
    SpeechAct.ANNOUNCES: "announces",
    SpeechAct.THREATENS: "threatens",
    SpeechAct.DECLINES: "does not comment",
    SpeechAct.CORRECTS: "corrects",
    SpeechAct.DOUBTS: "doubts",
}
_NUMBERS = ("no", *ONE_TO_NINETEEN[:10])
_PLAIN_ACTS = frozenset((SpeechAct.CLAIMS, SpeechAct.ANNOUNCES, SpeechAct.THREATENS))


def number_word(number: int) -> str:
    """Return a small number in words."""
    return _NUMBERS[number] if number < len(_NUMBERS) else str(number)


def value_words(slot: Slot, value: str) -> str:
    """Return a slot's value as people say it."""
    if slot is Slot.CASUALTIES and value == "0":
        return "none"
    return " ".join(VALUE_NAMES.get(value, value).split())


def row_sentence(row: MatrixRow, documents: Mapping[str, str]) -> str:
    """Return what stands in a row: "electronic means (A, in the Post); radar (A, in the Mail): one statement
    in two wordings; a projectile (B): they contradict one another".
    """
    slot, voices, families = row.slot, row.voices, row.one_statement
    if not voices:
        return "Nobody speaks of it."
    if slot is Slot.COMMENT:
        named = dict.fromkeys(_said_by([voice], documents) for voice in voices)
        return f"Asked, and gave no comment: {'; '.join(named)}."
    told: set[int] = set()
    parts: list[str] = []
    for number in range(len(voices)):
        if number in told:
            continue
        family = next((one for one in families if number in one), (number,))
        told.update(family)
        said = _senses(slot, [voices[one] for one in family], documents)
        wordings = len({voices[one].value for one in family})
        parts.append(
            "; ".join(said) + (f": one statement in {number_word(wordings)} wordings" if wordings > 1 else "")
        )
    sentence = " | ".join(parts)
    return f"{sentence[:1].upper()}{sentence[1:]} – {standing_words(row)}."


def standing_words(row: MatrixRow) -> str:
    """Return how the origins of a row stand, and how many of them stand so."""
    if not row.voices:
        return "nobody speaks of it"
    if row.origins == 1:
        differ = row.relation is Relation.CONTRADICT
        return "one origin, and its wordings differ" if differ else "one origin"
    parts = []
    if row.contradicting:
        among = row.contradicting > 2
        told = _of(row.contradicting, row.origins)
        parts.append(f"contradiction among {told}" if among else f"{told} contradict one another")
    elif row.relation is Relation.CONTRADICT:
        parts.append(f"{number_word(row.origins)} origins, of which one differs with itself")
    if row.agreeing:
        parts.append(f"{_of(row.agreeing, row.origins, short=bool(parts))} agree")
    return "; ".join(parts) or f"{number_word(row.origins)} origins, of different things or not comparable"


def _of(number: int, whole: int, *, short: bool = False) -> str:
    if short:
        return number_word(number)
    if number == whole:
        return f"{number_word(number)} origins"
    return f"{number_word(number)} of {number_word(whole)} origins"


def _senses(slot: Slot, voices: Sequence[Voice], documents: Mapping[str, str]) -> list[str]:
    """Return each value of one statement once, with all who give it."""
    by_sense: dict[tuple[str, bool, SpeechAct], list[Voice]] = {}
    for voice in voices:
        act = SpeechAct.CLAIMS if voice.act in _PLAIN_ACTS else voice.act
        by_sense.setdefault((value_words(slot, voice.value), act is SpeechAct.CLAIMS, act), []).append(voice)
    found = []
    for (value, is_plain, act), held in by_sense.items():
        said = value if is_plain else f"{ACT_NAMES[act]}: {value}"
        found.append(f"{said} ({_said_by(held, documents)})")
    return found


def _said_by(voices: Sequence[Voice], documents: Mapping[str, str]) -> str:
    by_name: dict[str, list[str]] = {}
    for voice in voices:
        by_name.setdefault(voice.speaker, []).extend(documents[one] for one in voice.document_ids)
    return ", ".join(_with_documents(name, dict.fromkeys(held)) for name, held in by_name.items())


def _with_documents(name: str, held: Mapping[str, None]) -> str:
    others = [document for document in held if document != name]
    return f"{name} in {' and '.join(others)}" if others else name
