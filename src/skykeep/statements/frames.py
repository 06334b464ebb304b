"""Frames of saying in one sentence: who, with which verb, and whether what is said stands before it."""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

from skykeep.domain.statement import SpeechAct
from skykeep.statements.names import looks_like_speaker, subject_in, trim
from skykeep.statements.rules_form import FIELDS
from skykeep.statements.sentences import Sentence
from skykeep.statements.speaking import (
    ACT_OF_VERB,
    AMBIGUOUS,
    DEEDS,
    GENERIC_LISTENERS,
    LABELS,
    OUTLET_VERBS,
    PARTICIPLES,
    PRONOUN,
    VERB,
)

_SHORT_CLAUSE = 7
_OPENING = re.compile(
    r"(?P<who>[\w'-]+(?: [\w'-]+){0,7}?) (?:[a-z]+ed|said|says|say|wrote|rang|spoke|told|who|has"
    r"|have|had|claim|claims)\b"
)
_CLAUSE = re.compile(
    r"[;:](?!\d)|\"|, (?:but|and|while|although|though|whereas|yet)\b| - |\b(?:while|although"
    r"|because|but|(?<!note )(?<!message )(?<!statement )(?<!letter )that)\b(?= )",
    re.I,
)
# A clause with its speaker behind it: "A drone sent by the other side, says Karsk."
_NAMED_SAYS = re.compile(
    r"(?:says|say|said|claims?|claimed) (?:the |its |a )?(?:[A-Z][\w'-]+ ?){1,3}(?=[.,;]|$|in\b)"
)
# "What the neighbours heard was the kettle": the saying is another's.
_WHAT_BEFORE = re.compile(r"\bwhat (?:it was that )?$", re.IGNORECASE)
_ACCORDING = re.compile(
    r"\b(?:acc(?:\.|ording) to|in the words of|in the (?:view|account) of|(?:as )?(?:quoted|cited) by)\s+",
    re.IGNORECASE,
)
_COLON = re.compile(
    r"(?P<who>(?:[^:\n\"\x01.;!?]|(?<=\b[A-Z])\.|(?<=\b[A-Z]\w)\."
    r"|(?<=\b[A-Z]\w\w)\.(?= [A-Z])){2,90}(?<!\d\d))(?P<colon>:)(?=\s|$)"
)
_DEED_BEFORE_COLON = re.compile(
    r"(?P<who>(?:[Tt]he |[Aa]n? |[Ii]ts |[Hh]is |[Hh]er )?[\w'.-]+(?: [A-Z][\w'.-]+"
    r"| of [\w' ]+?)*) (?:took|was|is|had|has|put|went|gave|made|made|remained|laughed|smiled"
    r"|shrugged|insists?)\b"
)
_ACCOUNT = re.compile(
    r"(?:\b(?:[Bb]y|[Ii]n|[Oo]n|[Ff]or|[Ff]rom) )?(?P<who>(?:[Tt]he |[Aa]n? |[Ii]ts |[Hh]is |[Hh]er "
    r"|[Tt]heir )?[\w'.-]+(?: [\w'.-]+){0,4}?)'s? (?:own |first |latest |official )?(?:account"
    r"|claim|version|assertion|allegation|statement|announcement|explanation|theory|view)\b"
)
_AFTER_LISTENER = re.compile(
    r"\s*(?P<who>(?:(?:the|a|an|our|his|her|their) )?[\w'@-]+(?: (?-i:[A-Z])[\w'-]+)*)", re.IGNORECASE
)
_SUBJECT_AFTER = re.compile(r"\s*(?P<who>[^.;:\"\x01\n]{2,90})")
_STOPS_SUBJECT = re.compile(
    r",? (?:in|on|at|when|as|after|before|who|which|while|and|by|to|with|from|during|adding"
    r"|speaking|told|said|late|early|yesterday|today|last|this|through|via)\b|[.;:]|$",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"[ ,]*(?:(?:reporters|journalists|(?:the |a )?\w+(?: \w+)?)?[ ,]*)(?:(?:in|on|at|by|late"
    r"|early|yesterday|today|last|this|to|afterwards|later|earlier|during|from|through|when|after"
    r"|before|as|with|for)"
    r"\b[^\"\x01]*)?(?:[.!?\"]|$)",
    re.IGNORECASE,
)

_CLAUSE_FOLLOWS = re.compile(
    r"\s*(?:[:,]|that\b|it\b|he\b|she\b|they\b|the\b|an?\b|its\b|his\b|her\b|their\b|all\b|no\b"
    r"|two\b|three\b|\d|\"|hearing\b|seeing\b)",
    re.IGNORECASE,
)


class Frame(NamedTuple):
    """Somebody says something; all offsets are of the document. `looks_back`: what is said stands before."""

    who: tuple[int, int]
    verb: tuple[int, int]
    act: SpeechAct
    looks_back: bool
    via: tuple[int, int] | None = None


def mask(folded: str, spans: list[tuple[int, int]]) -> str:
    """Return the text with what stands in quotation marks hidden, character for character."""
    parts, at = [], 0
    for start, end in spans:
        parts += [folded[at:start], "\x01" * (end - start)]
        at = end
    return "".join([*parts, folded[at:]])


def frames_in(masked: str, start: int, end: int) -> list[Frame]:
    """Return the frames of saying in `masked[start:end]`, in order; one that has no speaker is none."""
    found = [*_according(masked, start, end), *_accounts(masked, start, end), *_colon(masked, start, end)]
    taken = [(frame.who[0], frame.verb[1]) for frame in found]
    for each in VERB.finditer(masked, start, end):
        if any(a <= each.start() < b for a, b in taken):
            continue
        frame = _of_verb(masked, start, end, each)
        if frame is not None and not any(frame.who[0] == other.who[0] for other in found):
            found.append(frame)
    return sorted(found, key=lambda frame: frame.verb)


def _of_verb(masked: str, start: int, end: int, verb: re.Match[str]) -> Frame | None:
    word = verb.group().lower()
    if word in PARTICIPLES or _is_noun(masked, verb) or _is_plural(masked, verb):
        return None
    if verb.group()[0].isupper() and not verb.group().isupper() and verb.start() > start:
        return None
    act = ACT_OF_VERB[word]
    inverted = _inverted(masked, start, end, verb)
    if inverted is not None:
        return Frame(inverted, verb.span(), act, looks_back=True)
    clause = _clause_start(masked, start, verb.start())
    looks_back = _ends_after(masked, verb.end(), end) and word not in DEEDS
    looks_back = looks_back and masked[clause - 1 : clause] != ";"
    after_quotation = masked[clause - 1 : clause] == '"' and clause > start
    who = subject_in(masked, clause, verb.start(), only_last=looks_back and not after_quotation)
    if who is not None and _WHAT_BEFORE.search(masked[start : who[0]]):
        return None
    if who is None or (word in DEEDS and not _may_act(masked[who[0] : who[1]])):
        return None
    if clause > start and PRONOUN.match(masked[slice(*who)]):
        who = _opening(masked, start, clause) or who
    looks_back = (looks_back or after_quotation) and bool(masked[start : who[0]].strip(' "'))
    return Frame(who, verb.span(), act, looks_back, _listener(masked, verb))


def _opening(masked: str, start: int, end: int) -> tuple[int, int] | None:
    """The subject that opens a sentence, which a later pronoun means: "Residents rang to say that they"."""
    found = _OPENING.match(masked, start, end)
    if found is None:
        return None
    begin, finish = trim(masked, *found.span("who"))
    phrase = masked[begin:finish]
    return (begin, finish) if looks_like_speaker(phrase) and not PRONOUN.match(phrase) else None


def _is_noun(masked: str, verb: re.Match[str]) -> bool:
    """Whether the verb's letters are a noun or a passive here: "the report", "is said to"."""
    before = masked[max(0, verb.start() - 24) : verb.start()].lower()
    after = masked[verb.end() : verb.end() + 4].lower()
    if re.search(
        r"\b(?:the|a|an|this|that|its|his|her|their|our|my|of|no|any|for|to|each|every|first|in)\s+$", before
    ):
        return verb.group().lower() not in ("said", "told", "says")
    return re.search(r"\b(?:was|is|were|are|been|be|being)\s+$", before) is not None and (
        verb.group().lower() not in ("quoted",) or after.startswith(" by")
    )


def _is_plural(masked: str, verb: re.Match[str]) -> bool:
    """Whether a word such as "reports" or "order" names a thing here: no clause or quotation follows."""
    if verb.group().lower() not in AMBIGUOUS:
        return False
    return _CLAUSE_FOLLOWS.match(masked, verb.end()) is None


def _inverted(masked: str, start: int, end: int, verb: re.Match[str]) -> tuple[int, int] | None:
    """The subject after the verb: `"...", said the minister` or `Not so, says the movement`."""
    before = masked[start : verb.start()].rstrip()
    after_quotation = before.endswith(('"', '",'))
    short_clause = (
        before.endswith(",")
        and '"' not in before
        and (len(before.split()) < _SHORT_CLAUSE or _NAMED_SAYS.match(masked, verb.start(), end) is not None)
    )
    is_told = verb.group().lower() in ("told", "tells", "informed")
    if not (after_quotation or short_clause) or is_told or verb.group().lower() in DEEDS:
        return None
    following = _SUBJECT_AFTER.match(masked, verb.end(), end)
    if following is None or re.match(
        r"\s*(?:that|it|to|he|she|they|there|the same)\b", following.group(), re.I
    ):
        pronoun = re.match(
            r"\s*(?P<who>he|she|they|it)\b(?=[.,;\"]|$| (?:on|in|at)\b)", masked[verb.end() : end], re.I
        )
        if pronoun is None:
            return None
        return verb.end() + pronoun.start("who"), verb.end() + pronoun.end("who")
    words = following["who"]
    if short_clause and len(words.split()) > 8:
        return None
    stop = _STOPS_SUBJECT.search(words)
    begin, finish = trim(
        masked, following.start("who"), following.start("who") + (stop.start() if stop else len(words))
    )
    return (begin, finish) if looks_like_speaker(masked[begin:finish]) else None


def _ends_after(masked: str, at: int, end: int) -> bool:
    """Whether nothing is said after the verb: the sentence ends, or goes on with when and where only."""
    return _ENDS.fullmatch(masked, at, end) is not None or masked[at : at + 1] == ","


def _clause_start(masked: str, start: int, verb_start: int) -> int:
    at = start
    for each in _CLAUSE.finditer(masked, start, verb_start):
        rest = masked[each.end() : verb_start]
        if each.group() == " - " and not rest.strip():
            continue
        at = each.end()
    return at


def _may_act(phrase: str) -> bool:
    return looks_like_speaker(phrase) and not phrase.lower().startswith(("the drone", "drones", "two drones"))


def _listener(masked: str, verb: re.Match[str]) -> tuple[int, int] | None:
    """Who passes it on: the named listener of "told NAME"."""
    if verb.group().lower() not in ("told", "tells", "informed"):
        return None
    found = _AFTER_LISTENER.match(masked, verb.end())
    if found is None or GENERIC_LISTENERS.match(found["who"]):
        return None
    words = found["who"].split()
    return (
        found.span("who")
        if words[-1][:1].isupper() or words[-1] in ("agency", "paper", "newspaper", "channel")
        else None
    )


def _according(masked: str, start: int, end: int) -> list[Frame]:
    found = []
    for each in _ACCORDING.finditer(masked, start, end):
        following = _SUBJECT_AFTER.match(masked, each.end(), end)
        if following is None:
            continue
        stop = re.search(
            r",| (?:two|three|four|five|one|\d+|there|it|they|no) |\bwho\b|\bwhich\b|[.;:]|\b(?:told|said"
            r"|says|spoke)\b|$",
            following["who"],
        )
        begin, finish = trim(
            masked, following.start("who"), following.start("who") + (stop.start() if stop else 0)
        )
        if looks_like_speaker(masked[begin:finish]):
            is_back = bool(masked[start : each.start()].strip(' "'))
            found.append(Frame((begin, finish), each.span(), SpeechAct.CLAIMS, looks_back=is_back))
    return found


def _accounts(masked: str, start: int, end: int) -> list[Frame]:
    """Frames without a verb: "by the ministry's account", "the ministry's claim that"."""
    found = []
    for each in _ACCOUNT.finditer(masked, start, end):
        begin, finish = trim(masked, *each.span("who"))
        leads = re.match(r"(?:by|in|on|for|from) ", each.group(), re.IGNORECASE)
        follows = re.match(r"\s+(?:that|of|is|was)\b", masked[each.end() :])
        if looks_like_speaker(masked[begin:finish]) and (leads or follows):
            found.append(Frame((begin, finish), each.span(), SpeechAct.CLAIMS, looks_back=False))
    return found


def _colon(masked: str, start: int, end: int) -> list[Frame]:
    each = _COLON.match(masked, start, end)
    if each is None:
        return []
    begin, finish = trim(masked, each.start("who"), each.end("who"))
    phrase = masked[begin:finish]
    deed = _DEED_BEFORE_COLON.match(phrase)
    if deed:
        finish = begin + deed.end("who")
        phrase = deed["who"]
    if (
        LABELS.match(phrase)
        or any(label.match(masked, begin, each.end("colon")) for label in FIELDS.values())
        or VERB.search(phrase)
        or len(phrase.split()) > 9
        or not looks_like_speaker(phrase)
    ):
        return []
    if PRONOUN.match(phrase):
        return []
    return [Frame((begin, finish), each.span("colon"), SpeechAct.CLAIMS, looks_back=False)]


def passed_on_by(masked: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the sentence names who passes the words on: "as quoted by NAME"."""
    found = OUTLET_VERBS.search(masked, start, end)
    return found.span("by") if found else None


def outermost(frames: list[Frame], masked: str, sentence: Sentence) -> list[Frame]:
    """Of a sentence without quotations that ends in "..., two diplomats said", only the last frame counts."""
    if len(frames) > 1 and frames[-1].looks_back and "\x01" not in masked[sentence.start : sentence.end]:
        return frames[-1:]
    return frames


def bounds_of(frames: list[Frame], start: int, end: int, masked: str) -> list[tuple[int, int]]:
    """Return which part of a sentence belongs to each of its frames: all of it where there is one."""
    cuts = [start]
    for before, after in itertools.pairwise(frames):
        if not after.looks_back:
            cuts.append(after.who[0])
        elif before.looks_back:
            cuts.append(max(before.verb[1], before.who[1]))
        else:
            comma = masked.find('"', before.verb[1], after.who[0])
            cuts.append(comma if comma > 0 else before.verb[1])
    cuts.append(end)
    return list(itertools.pairwise(cuts)) if frames else []
