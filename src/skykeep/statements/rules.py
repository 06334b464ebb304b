"""Rules of the tables, read and compiled: slot, value, what is needed, and where the passage is.

A rule is `slot | value | needs | pattern`; a line that begins with spaces goes on with the one before.
The passage is what stands between the guillemets. Words in braces are tables of `vocabulary`.

* value: `=` the words; `#` the number in them; `#=` the number, then the words; `# hurt`; else as written.
* needs, of the sentence or the document: `event` it speaks of the night, `hear` of hearing, `ban` of a ban
  shortly before, `footage` of pictures, `principal` of one who is protected; `log` it is a log's line,
  `posts` it is from social media, `corrects` it corrects something; `at_...` its line is that field of a form.
* needs, of the passage: `actor` a name or a role, `by_somebody` its subject is one, `not_aircraft`, `not_own` nobody of one's own side.
* an act's name: the proposal has that act (`corrects_any`: corrects, wherever it stands); `hedged`: it is.

Of overlapping passages of one slot the rule that stands first wins.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from skykeep.domain.statement import Slot, SpeechAct
from skykeep.statements.names import looks_like_speaker
from skykeep.statements.phrases import expand, mark
from skykeep.statements.rules_aircraft import RULES_AIRCRAFT
from skykeep.statements.rules_answer import RULES_ANSWER
from skykeep.statements.rules_ban import RULES_BAN
from skykeep.statements.rules_blame import RULES_BLAME
from skykeep.statements.rules_conduct import RULES_CONDUCT
from skykeep.statements.rules_form import RULES_FORM
from skykeep.statements.rules_general import RULES_GENERAL
from skykeep.statements.rules_harm import RULES_HARM

_TABLES = (
    RULES_FORM,
    RULES_AIRCRAFT,
    RULES_HARM,
    RULES_BLAME,
    RULES_ANSWER,
    RULES_BAN,
    RULES_GENERAL,
    RULES_CONDUCT,
)
_LONG = 24
# Where a refusal to comment ends and something else is said.
_MORE_SAID = re.compile(
    r",? (?:but (?:said|indicated|told|added|insisted|confirmed|did)|and (?:said|told|added)|told"
    r"|insisted|adding)\b"
)
_LONG_DOER = 8
_DEED = re.compile(expand(r" (?:{AUX})*(?:{ADV})?(?:{ACTED})\b"), re.IGNORECASE)
_KEEPS_CASE = "(?-i:"
_UPPER = re.compile(r"\\.|\(\?P|[A-Z]")
_ACTS = frozenset(SpeechAct)
_OF_PASSAGE = frozenset(
    ("hedged", "actor", "not_aircraft", "not_own", "no_person", "by_somebody", "not_flying", "corrects_any")
)
_CRAFT = re.compile(
    expand(r"\b(?:{CRAFT}|{THING}|search|speculation|silence|journey|law|investigation|day|night|time)\b"),
    re.IGNORECASE,
)
_OWN_SIDE = re.compile(
    r"(?:the |our |an? |its |this |local |any )*(?:(?:\w+ )?police(?: \w+)?|guards?|army|officers?"
    r"|law enforcement|(?:air|coastal)[- ]?(?:guard|defen[cs]es?)|security|forces|military"
    r"|firefighters?|ministry|terminal|"
    r"guard|soldiers|troops|service|services|coastguard|patrol|it|they|them|whoever|whatever"
    r"|companion|he|she|him|her|us|this|that|which|who|whom|what|anyone|anybody|nobody|no one"
    r"|someone|everyone|everybody|anything|something|nothing|"
    r"one|two|both|all|some|many|time|mistake|accident|telephone|phone|day|night|noon|\d+|people"
    r"|residents|witnesses|video|footage|report|drone|drones|statement|release|first|fourth|fifth"
    r"|last|latter|former|other|others"
    r"|second)(?: of \w+)?",
    re.IGNORECASE,
)
_NUMBER_FIRST = re.compile(expand(r"(?:{NUMBER}|both|all) (?:was|were|is|are|had)\b"), re.IGNORECASE)
_PEOPLE = re.compile(
    expand(
        r"\b(?!others?\b)(?:{PERSON}|{RESPONDER}|he|she|i|we|you|who|his|her|mr|mrs|ms|miss|dr|flights?"
        r"|passengers?)\b"
    ),
    re.IGNORECASE,
)
# What only speaks, or is of weapons, is no deed of those who respond.
_NOTHING_DONE = re.compile(
    r"\b(?:said|says|say|told|tells|confirmed|called the|asked not|no longer|sent us|drew \w+ attention"
    r"|carr(?:y|ies|ied) no|assess(?:ed|es)|in the service of|who spoke|since replaced|reckons?|(?:not"
    r"|never) been"
    r"|(?:would|will|did|does|do)(?: not|n't)|apologi[sz]ed)\b"
    r"|^(?:no|not|neither|none)\b|\b(?:weapons?|firearms?|shots?|fire) (?:was|were|is|are)\b",
    re.IGNORECASE,
)
_VERB_OF_STATE = re.compile(r" (?:was|were|is|are|has|have|had|being|been)\b", re.IGNORECASE)
_THING = re.compile(expand(r"\b(?:{CRAFT}|{THING}|{BLAST}|{ATTACK}|{NUMBER})\b"), re.IGNORECASE)


class Rule(NamedTuple):
    """One line of a table; `name` is its slot and its number among the rules of that slot."""

    name: str
    slot: Slot
    value: str
    needs: frozenset[str]
    passage: frozenset[str]
    act: SpeechAct | None
    pattern: re.Pattern[str]
    keeps_case: bool


class Find(NamedTuple):
    """A passage that a rule found; offsets of the document."""

    rule: Rule
    start: int
    end: int


class Texts(NamedTuple):
    """One text folded, with its noun phrases marked, and that in lower case; all of one length."""

    folded: str
    marked: str
    lowered: str


def texts_of(folded: str) -> Texts:
    """Return the three forms of a folded text in which rules look."""
    marked = mark(folded)
    lowered = marked.lower()
    if len(lowered) != len(marked):
        lowered = "".join(each.lower() if len(each.lower()) == 1 else each for each in marked)
    return Texts(folded, marked, lowered)


@functools.cache
def rules() -> tuple[Rule, ...]:
    """Return every rule of the tables, compiled once."""
    numbers: dict[str, int] = {}
    found = []
    for line in _lines(*_TABLES):
        slot, value, needed, pattern = (part.strip() for part in line.split(" | ", 3))
        numbers[slot] = numbers.get(slot, 0) + 1
        wanted = frozenset(each for each in needed.split(",") if each)
        act = next((SpeechAct(each) for each in wanted & _ACTS), None)
        act = SpeechAct.CORRECTS if "corrects_any" in wanted else act
        needs = wanted - _OF_PASSAGE - (_ACTS - {SpeechAct.CORRECTS})
        name = f"{slot}/{numbers[slot]}"
        keeps_case = _KEEPS_CASE in expand(pattern)
        found.append(
            Rule(name, Slot(slot), value, needs, wanted & _OF_PASSAGE, act, _compiled(pattern), keeps_case)
        )
    return tuple(found)


def _lines(*tables: str) -> list[str]:
    """Return the rules of the tables, each in one line."""
    found: list[str] = []
    for line in "\n".join(tables).splitlines():
        if line.startswith(" "):
            found[-1] += line.lstrip()
        elif line:
            found.append(line)
    return found


def _compiled(pattern: str) -> re.Pattern[str]:
    marked = expand(pattern)
    if _KEEPS_CASE not in marked:
        marked = _UPPER.sub(
            lambda found: found.group() if len(found.group()) > 1 else found.group().lower(), marked
        )
    count = marked.count("\u00ab")
    for number in range(count):
        marked = marked.replace("\u00ab", f"(?P<p{number}>", 1).replace("\u00bb", ")", 1)
    return re.compile(marked, re.IGNORECASE if _KEEPS_CASE in marked else 0)


def finds_in(rule: Rule, texts: Texts, start: int, end: int) -> list[Find]:
    """Return where a rule finds its passage in `start:end` of a text."""
    found, folded = [], texts.folded
    for each in rule.pattern.finditer(texts.marked if rule.keeps_case else texts.lowered, start, end):
        spans = [each.span(name) for name in rule.pattern.groupindex if each[name]]
        found += [Find(rule, *_shorn(rule.slot, folded, *span)) for span in spans]
    return [
        one for one in found if one.end > one.start and _is_whole(folded, one) and _is_wanted(folded, one)
    ]


def _is_whole(folded: str, one: Find) -> bool:
    """Whether no word is cut at the passage's ends."""
    starts_in_word = folded[max(0, one.start - 1) : one.start].isalnum() and folded[one.start].isalnum()
    return not starts_in_word and not (
        folded[one.end : one.end + 1].isalnum() and folded[one.end - 1].isalnum()
    )


def _is_wanted(folded: str, one: Find) -> bool:
    words = folded[one.start : one.end]
    if one.rule.slot is Slot.RESPONSE_TAKEN and _NOTHING_DONE.search(words):
        return False
    if one.rule.slot is Slot.ATTRIBUTION and _OWN_SIDE.fullmatch(words):
        return False
    if "not_own" in one.rule.passage:
        return _OWN_SIDE.fullmatch(words) is None and _THING.search(words) is None
    if "not_aircraft" in one.rule.passage:
        return _CRAFT.search(words) is None and _NUMBER_FIRST.match(words) is None
    if "by_somebody" in one.rule.passage:
        return _is_somebody(words)
    if "no_person" in one.rule.passage:
        return _PEOPLE.search(words) is None
    if "not_flying" in one.rule.passage:
        return _CRAFT.search(_VERB_OF_STATE.split(words, maxsplit=1)[0]) is None
    if "actor" not in one.rule.passage:
        return True
    return len(words) > 2 and _THING.search(words) is None and looks_like_speaker(words)


def _is_somebody(words: str) -> bool:
    """Whether what stands before the verb of a deed is a person, an office or a service."""
    doer = _DEED.split(words, maxsplit=1)[0]
    return (
        _CRAFT.search(doer) is None
        and 0 < len(doer.split()) < _LONG_DOER
        and looks_like_speaker(doer.strip())
    )


def _shorn(slot: Slot, folded: str, start: int, end: int) -> tuple[int, int]:
    while end > start and folded[end - 1] in " ,;:.-\n":
        end -= 1
    if slot is Slot.COMMENT:
        more = _MORE_SAID.search(folded, start + 1, end)
        end = more.start() if more else end
    if end - start > _LONG and folded[end : end + 1].isalnum() and folded[end - 1].isalnum():
        # A run of any words that its own limit cut short: back to the last whole one.
        end = max(folded.rfind(" ", start, end), start)
    while start < end and (folded[start] in ' ,;:"\n' or _in_clock(folded, start)):
        start += 1
    return start, end


def _in_clock(folded: str, at: int) -> bool:
    """Whether these are the minutes of a time that opens a line: "02:40 Update"."""
    return folded[at].isdigit() and re.search(r"\d:\d?$", folded[max(0, at - 3) : at]) is not None
