"""How two things said on one slot stand to one another: they agree, they contradict, or that cannot be told.

Numbers are compared as ranges, kinds by a table, times by the day, words by what they mean. Nothing is
guessed: where two sayings cannot be set against one another, the answer is None. Neither side is ever right.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from skykeep.domain.statement import Relation, Slot, SpeechAct
from skykeep.statements.copy_words import meaning_of, words_of
from skykeep.statements.value_numbers import casualties, counts, heard
from skykeep.statements.value_times import end_otherwise, lasting, times

# A correction is told by the value that it takes back.
AGAINST = frozenset((SpeechAct.DENIES, SpeechAct.DOUBTS, SpeechAct.CORRECTS))
# A word of doubt on these is about the story as a whole, not about where or when.
_DOUBTED_IN_PASSING = frozenset((Slot.PLACE, Slot.EVENT_TIME, Slot.TARGET))
_NOT_THERE = re.compile(r"\b(?:not|never|no|away|left|empty|elsewhere|nowhere)\b|n't\b", re.IGNORECASE)
_AT_A_PLACE = re.compile(r"^(?:at|in|on|aboard|inside|leaving|near|upstairs)\b", re.IGNORECASE)
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
_MEANS = frozenset(("electronic", "radar", "projectile", "net", "crash", "laser"))
_MEANS_WORDS = {
    "electronic": re.compile(r"\b(?:electronic|jamm\w*|radio|EW|spoof\w*|signal|RF)\b", re.IGNORECASE),
    "projectile": re.compile(r"\b(?:shots?|missiles?|guns?|rifles?|bullets?|gunfire|fired)\b", re.IGNORECASE),
    "net": re.compile(r"\b(?:net|nets|netted)\b", re.IGNORECASE),
    "laser": re.compile(r"\b(?:laser|beam of \w+ ?light|beam)\b", re.IGNORECASE),
    "crash": re.compile(r"\b(?:by itself|batter(?:y|ies)|motor failed|collision|collided)\b", re.IGNORECASE),
}  # fmt: skip
_WHOLE = re.compile(
    r"\b(?:no|nothing|none|not|whole|intact|fine|unharmed|undamaged|unscathed|clean|safe)\b", re.IGNORECASE
)
_BROKEN = re.compile(
    r"\b(?:but|except|only|beyond|although|though|however|broke\w*|lost|burn\w*|hole|gone)\b", re.IGNORECASE
)
_LIFTED = re.compile(
    r"\b(?:open(?:ed|s)?|re-?open\w*|again|lifted|restart\w*|resum\w*|runs|unchanged|laps\w+|ended)\b",
    re.IGNORECASE,
)
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
        by_time = times(value, its_value, published)
        return by_time or (Relation.AGREE if _share_words(value, its_value) else None)
    if slot is Slot.RESTRICTION:
        return _bans(value, its_value, published)
    return _COMPARED.get(slot, _words)(value, its_value)


def _damage_denied(value: str, act: SpeechAct) -> tuple[str, SpeechAct]:
    """Return who denies that anything was damaged, or finds it whole, as one who says that nothing was."""
    whole = act not in AGAINST and _WHOLE.search(value) and not _BROKEN.search(value)
    return ("none", SpeechAct.CLAIMS) if whole or (act in AGAINST and value == "some") else (value, act)


def _denied(slot: Slot, value: str, denied: str) -> Relation | None:
    """Return how a claim stands to a denial or doubt on the same slot."""
    if slot is Slot.AIRCRAFT_COUNT:
        # "Nobody saw any" is told as the denial of a number.
        if "0" in (value, denied):
            return Relation.CONTRADICT
        return Relation.CONTRADICT if counts(value, denied) is Relation.AGREE else None
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


def _heard(value: str, other: str) -> Relation | None:
    counted = heard(value, other)
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
    value, other = _means_kind(value), _means_kind(other)
    if value == other:
        return Relation.AGREE
    return Relation.CONTRADICT if {value, other} <= _MEANS else None


def _means_kind(value: str) -> str:
    """Return the one kind of means that the words of a value name; a value that is a kind stays itself."""
    named = {kind for kind, words in _MEANS_WORDS.items() if words.search(value)}
    return value if value in _MEANS or len(named) != 1 else named.pop()


def _bans(value: str, other: str, published: tuple[str, str]) -> Relation | None:
    """Return how two bans stand: one that begins and one that ends are two moments of one thing."""
    if not _share_words(value, other) or bool(_LIFTED.search(value)) != bool(_LIFTED.search(other)):
        return None
    relation = lasting(value, other, published)
    return Relation.AGREE if relation is None and not end_otherwise(value, other) else relation


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


_COMPARED: dict[Slot, Callable[[str, str], Relation | None]] = {
    Slot.AIRCRAFT_COUNT: counts,
    Slot.CASUALTIES: casualties,
    Slot.HEARD: _heard,
    Slot.DAMAGE: _damage,
    Slot.AIRCRAFT_TYPE: _types,
    Slot.MEANS_OF_DEFEAT: _means,
    Slot.OUTCOME: _outcomes,
    Slot.WHEREABOUTS: _whereabouts,
    Slot.ATTRIBUTION: _attributions,
}
