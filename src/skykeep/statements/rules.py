"""Rules of the tables, read and compiled: slot, value, what the sentence must speak of, and where the passage is."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from skykeep.domain.statement import Slot, SpeechAct
from skykeep.statements.names import looks_like_speaker
from skykeep.statements.rules_event import EVENT_RULES
from skykeep.statements.rules_saying import SAYING_RULES
from skykeep.statements.vocabulary import expand

_ACTS = frozenset(SpeechAct)
_CRAFT = re.compile(expand(r"\b(?:{CRAFT}|{THING}|search|speculation|silence|journey|law|investigation|day|night|time)\b"), re.IGNORECASE)
_OWN_SIDE = re.compile(
    r"(?:the |our |an? |its |this |local |any )*(?:police(?: \w+)?|guards?|army|officers?|law enforcement|(?:air|coastal)[- ]?(?:guard|defen[cs]es?)|security|forces|military|firefighters?|ministry|terminal|"
    r"guard|soldiers|troops|service|services|coastguard|patrol|it|they|them|whoever|whatever|companion|he|she|him|her|us|this|that|which|who|whom|what|anyone|anybody|nobody|no one|someone|everyone|everybody|anything|something|nothing|"
    r"one|two|both|all|some|many|time|mistake|accident|telephone|phone|day|night|noon|\d+|people|residents|witnesses|video|footage|report|drone|drones|statement|release|other|others|second)(?: of \w+)?",
    re.IGNORECASE,
)
_THING = re.compile(expand(r"\b(?:{CRAFT}|{THING}|{BLAST}|{ATTACK}|{NUMBER})\b"), re.IGNORECASE)


class Rule(NamedTuple):
    """One line of a table; `name` is its slot and its number among the rules of that slot."""

    name: str
    slot: Slot
    value: str
    needs: frozenset[str]
    act: SpeechAct | None
    pattern: re.Pattern[str]
    order: int


class Find(NamedTuple):
    """A passage that a rule found; offsets of the document."""

    rule: Rule
    start: int
    end: int


@functools.cache
def rules() -> tuple[Rule, ...]:
    """Return every rule of both tables, compiled once."""
    numbers: dict[str, int] = {}
    found = []
    for order, line in enumerate(f"{EVENT_RULES}\n{SAYING_RULES}".splitlines()):
        if not line.strip():
            continue
        slot, value, needs, pattern = (part.strip() for part in line.split(" | ", 3))
        numbers[slot] = numbers.get(slot, 0) + 1
        wanted = frozenset(each for each in needs.split(",") if each)
        act = next((SpeechAct(each) for each in wanted & _ACTS), None)
        if "corrects_any" in wanted:
            act = SpeechAct.CORRECTS
        found.append(
            Rule(f"{slot}/{numbers[slot]}", Slot(slot), value, wanted - _ACTS, act, _compiled(pattern), order)
        )
    return tuple(found)


def _compiled(pattern: str) -> re.Pattern[str]:
    marked = expand(pattern)
    count = marked.count("\u00ab")
    for number in range(count):
        marked = marked.replace("\u00ab", f"(?P<p{number}>", 1).replace("\u00bb", ")", 1)
    return re.compile(marked, re.IGNORECASE)


def finds_in(rule: Rule, folded: str, start: int, end: int) -> list[Find]:
    """Return where a rule finds its passage in `folded[start:end]`."""
    found = []
    for each in rule.pattern.finditer(folded, start, end):
        spans = [each.span(name) for name in rule.pattern.groupindex if each[name]]
        found += [Find(rule, *_shorn(folded, *span)) for span in spans]
    return [one for one in found if one.end > one.start and _is_whole(folded, one) and _is_wanted(folded, one)]


def _is_whole(folded: str, one: Find) -> bool:
    """Whether no word is cut at the passage's ends."""
    starts_in_word = folded[max(0, one.start - 1) : one.start].isalnum() and folded[one.start].isalnum()
    return not starts_in_word and not (folded[one.end : one.end + 1].isalnum() and folded[one.end - 1].isalnum())


def _is_wanted(folded: str, one: Find) -> bool:
    words = folded[one.start : one.end]
    if one.rule.slot is Slot.ATTRIBUTION and _OWN_SIDE.fullmatch(words):
        return False
    if "not_own" in one.rule.needs:
        return _OWN_SIDE.fullmatch(words) is None and _THING.search(words) is None
    if "not_aircraft" in one.rule.needs:
        return _CRAFT.search(words) is None
    if "actor" not in one.rule.needs:
        return True
    return len(words) > 2 and _THING.search(words) is None and looks_like_speaker(words)


def _shorn(folded: str, start: int, end: int) -> tuple[int, int]:
    while end > start and folded[end - 1] in " ,;:.-\n":
        end -= 1
    while start < end and folded[start] in " ,;:\"\n":
        start += 1
    return start, end
