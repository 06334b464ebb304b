"""Phrases that show who speaks, cut out of sentences."""

from __future__ import annotations

import re
from typing import NamedTuple

from skykeep.statements.phrases import expand
from skykeep.statements.speaking import PRONOUN, ROLES

_LEADING = re.compile(
    r"^(?:[^\w@]|\d{1,2}[.)/](?:\d+)?(?= )|\(?[a-z]\)(?= )|(?:date )?\d{4}-\d\d-\d\d\b|(?:but|and|yet|so"
    r"|then|also|earlier|later|meanwhile"
    r"|however|instead|now|here|while|although|as|that|when|if|because|though|"
    r"(?:official|private|public|initial|final|sudden|short|immediate|sad|unfortunate|actual"
    r"|clear|obvious|apparent|reported"
    r"|separate|previous|recent|subsequent)ly|for (?:its|his|her|their) part|in turn|still|even"
    r"|what|where|where|after|since|until|only|not so|"
    r"on (?:mon|tues|wednes|thurs|fri|satur|sun)day(?: (?:morning|evening|night|afternoon))?"
    r"|(?:yesterday|today|tonight"
    r"|last night|this \w+)|how|"
    r"\d{1,2}[:.]?\d\d(?: ?[ap]\.?m\.?)?|(?:forwarded from|fwd from|reposted from|lol|ok|btw|so|well|hey"
    r"|sooo?|omg|guys)|update"
    r"|breaking|correction)\b[ ,:]*)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    r"(?:[ ,]+(?:didn't|doesn't|don't|hasn't|wouldn't|won't|couldn't|isn't|wasn't|has|have|had"
    r"|also|later|earlier|then|did|do|does|not|n't|never|repeatedly|immediately|now|further|again"
    r"|first|himself|herself|itself|who|which|was|were|is|are|"
    r"be|been|being|still|already|simply|flatly|today|yesterday|tonight|only|just|would|will"
    r"|could|once|twice|overheard|previously|"
    r"categorically|strongly|firmly|angrily|quickly|promptly|reportedly|apparently|publicly"
    r"|separately|officially|on (?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"(?: \w+)?|in a (?:\w+ ){0,2}(?:statement|message|release|post|tweet|interview|briefing|note"
    r"|letter)|last night|this (?:morning|evening|afternoon)|by (?:phone|telephone)|in fact"
    r"|actually|in turn|no longer))+$",
    re.IGNORECASE,
)
_ADVERBIAL = re.compile(
    r"^(?:on|in|at|by|after|before|during|since|as|for|with|from|to|under|over|speaking|asked|put"
    r"|quoted|citing|referring|according|who|which|whose|where|when|"
    r"while|if|though|although|because|despite|following|meanwhile|however|earlier|later"
    r"|yesterday|today|tonight|last|this|too|then|moments|minutes|hours|writing|replying|"
    r"responding|reached|contacted|flying|\w+ing)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:[A-Z][\w'.-]*|[\u0400-\u042f][\w-]*)(?: (?:[A-Z][\w'.-]*|de|van|von|al|bin|der|la|le))*"
)
_VERBAL = re.compile(
    r"^(?:nobody|no one|nothing|total)\b|^(?:all|both|none|each|most|some|many)$|\b(?:is|are|was|were"
    r"|be|been|may|might|could|can|must|should"
    r"|being|has|have|had|will|would"
    r"|shall|stay|stays|remain|remains|there|did|does|do)\b|^(?:i|we|you)\b(?! of)|.\b(?:i|we|you)$",
    re.I,
)
_MACHINE = re.compile(
    r"(?:the |an? |two |three )?(?:\w+ )?(?:drones?|UAVs?|quadcopters?|helicopters?|planes?"
    r"|aircraft|machines?)\b"
    r"(?! (?:pilots?|operators?|clubs?|makers?|owners?|company|team|unit|expert))",
    re.IGNORECASE,
)
# Several who speak together: "three residents", "two of them", "half the village".
_COUNTED = re.compile(
    r"(?:two|three|four|five|six|seven|eight|nine|ten|several|some|many|most|half|one|\d+)\b", re.IGNORECASE
)
_COUNTED_PEOPLE = re.compile(
    expand(
        r"(?:[\w'-]+ )(?:of )?(?:(?!{CRAFT}|{THING})[\w'-]+ ){0,3}?(?:{ANYONE}|them|us)\b|half the \w+"
        r"|(?:one|some|many|most)$"
    ),
    re.IGNORECASE,
)
_WORDS_AT_MOST = 16
# So many characters at most trail after a name, and before a verb its subject is looked for in so many.
_TRAILING_AT_MOST = 200
_SUBJECT_WITHIN = 500
_LONG_SUBJECT = 8


class Mention(NamedTuple):
    """A phrase of the text that shows who speaks; `name` is the fullest one known for it."""

    name: str
    start: int
    end: int


def looks_like_speaker(phrase: str) -> bool:
    """Whether a phrase may be one who speaks: a pronoun, a role or a name, and no longer than such are."""
    words = phrase.split()
    if not 0 < len(words) <= _WORDS_AT_MOST or "\x01" in phrase:
        return False
    if PRONOUN.match(phrase):
        return True
    if _VERBAL.search(phrase) or _MACHINE.match(phrase):
        return False
    if (
        words[0].lower()
        in ("there", "nothing", "everything", "this", "what", "i", "we", "you", "to", "no", "its", "if")
        and len(words) == 1
    ):
        return False
    if _COUNTED.match(phrase):
        return _COUNTED_PEOPLE.match(phrase) is not None
    return ROLES.search(phrase) is not None or "@" in phrase or any(word[0].isupper() for word in words)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the phrase `start` to `end` of a folded text without what leads into it and trails after it."""
    phrase = text[start:end]
    leading = _LEADING.match(phrase)
    if leading and leading.end() < len(phrase):
        start += leading.end()
    phrase = text[start:end]
    trailing = _TRAILING.search(text, max(start, end - _TRAILING_AT_MOST), end)
    if trailing and trailing.start() > start:
        end = trailing.start()
    aside = text.find(" (", start, end)
    if aside > start and "@" not in text[aside:end] and text.find(")", aside, end) in (-1, end - 1):
        end = aside
    while end > start and text[end - 1] in " ,;:-(":
        end -= 1
    while start < end and text[start] in " ,;:-\"'*\u21b3\u2022":
        start += 1
    return start, end


def subject_in(text: str, start: int, end: int, only_last: bool) -> tuple[int, int] | None:
    """Return where in `text[start:end]`, which stands before a verb of saying, its subject is.

    `only_last`: the clause before is what was said, so that only what follows the last comma may be it.
    """
    start, end = trim(text, max(start, end - _SUBJECT_WITHIN), end)
    chunks = _chunks(text, start, end)
    if chunks and re.fullmatch(r"(?:i|we|you|one)", text[chunks[-1][0] : chunks[-1][1]], re.I):
        return None
    if only_last and len(chunks) > 1:
        last = chunks[-1]
        before = chunks[-2]
        is_name = _NAME.fullmatch(text[last[0] : last[1]]) is not None
        role = re.match(r"(?:an?|the|its|their|his|her) [a-z]", text[before[0] : before[1]])
        chunks = [before, last] if is_name and role and ROLES.search(text[before[0] : before[1]]) else [last]
        if re.fullmatch(r"\w+ing|\d+", text[last[0] : last[1]]) and _is_named(text[before[0] : before[1]]):
            chunks = [before]
    chunks = [each for each in chunks if not _ADVERBIAL.match(text[each[0] : each[1]])]
    chunks = [_doer(text, *_without_clause(text, *each)) for each in chunks]
    good = [each for each in chunks if looks_like_speaker(text[each[0] : each[1]])]
    if not good:
        return None
    first = good[0]
    if len(good) > 1 and good[1][0] - first[1] <= 3:
        return first[0], good[1][1] if _is_named(text[good[1][0] : good[1][1]]) else first[1]
    return first


def _without_clause(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a chunk up to the clause that hangs on it: "a person who has spoken to them" is a person."""
    found = re.search(r" (?:who|which|whose|whom)\b", text[start:end])
    return (start, start + found.start()) if found else (start, end)


def _doer(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the name that opens a long chunk: "Abrams urged people not to ... and" is of Abrams."""
    phrase = text[start:end]
    if len(phrase.split()) > _LONG_SUBJECT and re.search(r" (?:and|[a-z]+ed|to|not)\b", phrase):
        name = re.match(r"(?:[Tt]he )?[A-Z][\w'.-]+(?: (?:of (?:the )?)?[A-Z][\w'.-]+)*", phrase)
        return (start, start + name.end()) if name else (start, end)
    return start, end


def _is_named(phrase: str) -> bool:
    return phrase[:1].isupper() and _NAME.match(phrase) is not None


def _chunks(text: str, start: int, end: int) -> list[tuple[int, int]]:
    found, at = [], start
    for part in re.split(r"(, )", text[start:end]):
        if part != ", " and part.strip():
            begin, stop = trim(text, at, at + len(part))
            if stop > begin:
                found.append((begin, stop))
        at += len(part)
    return found
