"""How two things said on one slot stand to one another: they agree, they contradict, or that cannot be told.

Numbers are compared as ranges, kinds by a table, times by the day, words by what they mean. Nothing is
guessed: where two sayings cannot be set against one another, the answer is None. Neither side is ever right.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Callable

from skykeep.domain.statement import Relation, Slot, SpeechAct
from skykeep.statements.copy_words import meaning_of, words_of

# A correction is told by the value that it takes back.
AGAINST = frozenset((SpeechAct.DENIES, SpeechAct.DOUBTS, SpeechAct.CORRECTS))
# A word of doubt on these is about the story as a whole, not about where or when.
_DOUBTED_IN_PASSING = frozenset((Slot.PLACE, Slot.EVENT_TIME, Slot.TARGET))
_NUMBER = re.compile(r"\d+")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NIGHT = re.compile(r"\b(?:last(?:s)? night|overnight|tonight|night|yesterday evening)\b", re.IGNORECASE)
_NOT_THERE = re.compile(r"\b(?:not|never|no|away|left|empty|elsewhere|nowhere)\b|n't\b", re.IGNORECASE)
_AT_A_PLACE = re.compile(r"^(?:at|in|on|aboard|inside|leaving|near|upstairs)\b", re.IGNORECASE)
_SAME_TIME_S = 1800.0
_GUNFIRE = re.compile(r"\b(?:gun|rifle|pistol|shot|gunfire|firing|cannon|machine-gun)s?\b", re.IGNORECASE)
_NAMED = re.compile(r"\b[A-Z]")
_ACCUSED = re.compile(r"\b(?:accus|claim|charge|alleg|attack|blame|report|it\b|this\b|that\b)", re.IGNORECASE)
_DRONES = frozenset(("drone", "multirotor", "fixed_wing"))
_KIND_WORDS = {
    "balloon": "balloon balloons lantern lanterns", "bird": "bird birds gull gulls goose geese starlings",
    "missile": "missile missiles rocket rockets shell", "kite": "kite kites",
    "star": "star planet moon satellite venus meteor comet", "target": "target targets",
    "aeroplane": "aeroplane airliner plane jet glider", "firework": "firework fireworks flare flares",
    "toy": "toy toys",
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in _KIND_WORDS.items() for word in words.split()}
_TYPES = _DRONES | {"helicopter", "aeroplane", "balloon", "bird", "missile"}
_MEANS = frozenset(("electronic", "radar", "projectile", "net", "crash"))
_AWAY = re.compile(r"flew|fled|left|away|turned back|escaped|vanished|gone|withdrew", re.IGNORECASE)
_DOWN = re.compile(
    r"disabled|destroyed|fell|captured|crash|down|shot|sea|sank|lost|neutral|suppress", re.IGNORECASE
)


def relation_of(
    slot: Slot,
    one: tuple[str, SpeechAct],
    other: tuple[str, SpeechAct],
    published: tuple[str, str] = ("", ""),
) -> Relation | None:
    """Return how two sayings (value, act) stand; `published` are the days their documents came out."""
    (value, act), (its_value, its_act) = one, other
    if slot is Slot.COMMENT or SpeechAct.DECLINES in (act, its_act):
        return None
    if slot is Slot.DAMAGE:
        value, act = _damage_denied(value, act)
        its_value, its_act = _damage_denied(its_value, its_act)
    if (act in AGAINST) != (its_act in AGAINST):
        passing = slot in _DOUBTED_IN_PASSING and SpeechAct.DOUBTS in (act, its_act)
        claim, denied = (its_value, value) if act in AGAINST else (value, its_value)
        return None if passing else _denied(slot, claim, denied)
    if act in AGAINST:
        return Relation.AGREE if _share_words(value, its_value) else None
    if slot is Slot.EVENT_TIME:
        return _times(value, its_value, published)
    return _COMPARED.get(slot, _words)(value, its_value)


def _damage_denied(value: str, act: SpeechAct) -> tuple[str, SpeechAct]:
    """Return who denies that anything was damaged as one who says that nothing was."""
    return ("none", SpeechAct.CLAIMS) if act is SpeechAct.DENIES and value == "some" else (value, act)


def _denied(slot: Slot, value: str, denied: str) -> Relation | None:
    """Return how a claim stands to a denial or doubt on the same slot."""
    if slot is Slot.AIRCRAFT_COUNT:
        # "Nobody saw any" is told as the denial of a number.
        if "0" in (value, denied):
            return Relation.CONTRADICT
        return Relation.CONTRADICT if _counts(value, denied) is Relation.AGREE else None
    if slot is Slot.MOTIVE:
        return Relation.CONTRADICT
    if slot is Slot.ATTRIBUTION:
        # Who denies that it was A says nothing on whether it was B; who denies "the accusation" denies it.
        of_somebody_else = _NAMED.search(denied) and not _ACCUSED.search(denied) and _NAMED.search(value)
        apart = value == "unknown" or (of_somebody_else and not _share_words(value, denied))
        return None if apart else Relation.CONTRADICT
    if slot in (Slot.MEANS_OF_DEFEAT, Slot.AIRCRAFT_TYPE, Slot.EVENT_TIME, Slot.CASUALTIES):
        return Relation.CONTRADICT if value == denied else None
    return Relation.CONTRADICT if _share_words(value, denied) else None


def _counts(value: str, other: str) -> Relation | None:
    (low, high), (its_low, its_high) = _range(value), _range(other)
    if math.isnan(low) or math.isnan(its_low):
        return None
    return Relation.AGREE if low <= its_high and its_low <= high else Relation.CONTRADICT


def _range(value: str) -> tuple[float, float]:
    numbers = [float(number) for number in _NUMBER.findall(value)]
    said = value.casefold()
    if not numbers:
        if said in ("none", "nobody", "nil"):
            return 0.0, 0.0
        return (2.0, math.inf) if said in ("several", "many", "some") else (math.nan, math.nan)
    if "at least" in said or "more than" in said or "over" in said:
        return numbers[0], math.inf
    if "up to" in said or "at most" in said or "fewer than" in said:
        return 0.0, numbers[0]
    return numbers[0], numbers[1] if len(numbers) > 1 and "-" in value else numbers[0]


def _heard(value: str, other: str) -> Relation | None:
    counted = _counts(value, other)
    if counted is not None:
        return counted
    both_guns = all(_GUNFIRE.search(one) for one in (value, other))
    return Relation.AGREE if both_guns else _words(value, other)


def _damage(value: str, other: str) -> Relation | None:
    if "none" in (value, other):
        return Relation.AGREE if value == other else Relation.CONTRADICT
    return Relation.AGREE if "some" in (value, other) else _words(value, other)


def _types(value: str, other: str) -> Relation | None:
    value, other = _kind_of(value), _kind_of(other)
    if value == other or ("drone" in (value, other) and {value, other} <= _DRONES):
        return Relation.AGREE
    return Relation.CONTRADICT if {value, other} <= _TYPES | set(_KIND_WORDS) - {"toy"} else None


def _kind_of(value: str) -> str:
    """Return the kind that the last telling word of a value names; a value that is a kind stays itself."""
    if value in _TYPES:
        return value
    named = [_KIND_OF[word.folded] for word in words_of(value) if word.folded in _KIND_OF]
    return named[-1] if named else value


def _means(value: str, other: str) -> Relation | None:
    if value == other:
        return Relation.AGREE
    return Relation.CONTRADICT if {value, other} <= _MEANS else None


def fate_of(value: str) -> str:
    """Return what an outcome comes to: `down`, `flew_off`, `hit`, or the value itself."""
    if value == "hit_target":
        return "hit"
    return "down" if _DOWN.search(value) else "flew_off" if _AWAY.search(value) else value


def _outcomes(value: str, other: str) -> Relation | None:
    kinds = {fate_of(one) for one in (value, other)}
    if len(kinds) == 1:
        return Relation.AGREE
    # One may have flown off and another have fallen: that is no contradiction.
    return Relation.CONTRADICT if "hit" in kinds and kinds & {"down", "flew_off", "landed"} else None


def _whereabouts(value: str, other: str) -> Relation | None:
    shared = _share_words(_NOT_THERE.sub("", value), _NOT_THERE.sub("", other))
    if bool(_NOT_THERE.search(value)) != bool(_NOT_THERE.search(other)):
        return Relation.CONTRADICT if shared else None
    if shared:
        return Relation.AGREE
    places = not _NOT_THERE.search(value) and _AT_A_PLACE.search(value) and _AT_A_PLACE.search(other)
    return Relation.CONTRADICT if places else None


def _attributions(value: str, other: str) -> Relation | None:
    if "unknown" in (value, other):
        return Relation.AGREE if value == other else None
    return Relation.AGREE if _share_words(value, other) else None


def _words(value: str, other: str) -> Relation | None:
    return Relation.AGREE if _share_words(value, other) else None


def _share_words(value: str, other: str) -> bool:
    return value.casefold() == other.casefold() or bool(meanings_of(value) & meanings_of(other))


def meanings_of(value: str) -> frozenset[str]:
    """Return what the words of a value mean, without grammar; a word and its adjective count as one."""
    held = {word.meaning for word in words_of(value) if word.meaning}
    held |= {meaning_of(part) for part in value.casefold().split("_")} if "_" in value else set()
    return frozenset(one[:5] if len(one) > 6 and one[0].isalpha() else one for one in held if one)


def _times(value: str, other: str, published: tuple[str, str]) -> Relation | None:
    moments = [_moment(one) for one in (value, other)]
    if moments[0] is not None and moments[1] is not None and all("T" in one for one in (value, other)):
        if (moments[0].tzinfo is None) != (moments[1].tzinfo is None):
            return _days_meet(value, other, published)
        apart_s = abs((moments[0] - moments[1]).total_seconds())
        return Relation.AGREE if apart_s <= _SAME_TIME_S else Relation.CONTRADICT
    return _days_meet(value, other, published)


def _days_meet(value: str, other: str, published: tuple[str, str]) -> Relation | None:
    mine, its = _days(value, published[0]), _days(other, published[1])
    if not mine or not its:
        return Relation.AGREE if _share_words(value, other) else None
    return Relation.AGREE if mine & its else Relation.CONTRADICT


def _moment(value: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return None


def _days(value: str, published: str) -> frozenset[datetime.date]:
    """Return the days that the words may mean, seen from the day of publication; none where that is open."""
    moment = _moment(value)
    if moment is not None:
        one_day = datetime.timedelta(days=1)
        # A night is told by either of its days.
        return frozenset((moment.date(), moment.date() - one_day if moment.hour < 12 else moment.date()))
    day = _moment(published)
    if day is None:
        return frozenset()
    said = value.casefold()
    for number, name in enumerate(_DAYS):
        if name in said:
            back = datetime.timedelta(days=(day.weekday() - number) % 7)
            found = (day - back).date()
            return (
                frozenset((found, found + datetime.timedelta(days=1)))
                if "night" in said
                else frozenset((found,))
            )
    if _NIGHT.search(said):
        return frozenset((day.date(), day.date() - datetime.timedelta(days=1)))
    return frozenset()


_COMPARED: dict[Slot, Callable[[str, str], Relation | None]] = {
    Slot.AIRCRAFT_COUNT: _counts,
    Slot.CASUALTIES: _counts,
    Slot.HEARD: _heard,
    Slot.DAMAGE: _damage,
    Slot.AIRCRAFT_TYPE: _types,
    Slot.MEANS_OF_DEFEAT: _means,
    Slot.OUTCOME: _outcomes,
    Slot.WHEREABOUTS: _whereabouts,
    Slot.ATTRIBUTION: _attributions,
}
