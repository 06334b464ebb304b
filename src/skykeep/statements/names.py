"""Those who speak: phrases cut out of sentences, pronouns and short names led back to the fullest one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from skykeep.statements.speaking import PRONOUN, ROLES

_LEADING = re.compile(
    r"^(?:\W|(?:date )?\d{4}-\d\d-\d\d\b|(?:but|and|yet|so|then|also|earlier|later|meanwhile"
    r"|however|instead|now|here|while|although|as|that|when|if|because|though|"
    r"for (?:its|his|her|their) part|in turn|still|even|what|where|where|after|since|until|only|not so|"
    r"on (?:mon|tues|wednes|thurs|fri|satur|sun)day(?: \w+)?|(?:yesterday|today|tonight"
    r"|last night|this \w+)|how|"
    r"\d{1,2}[:.]?\d\d(?: ?[ap]\.?m\.?)?|(?:lol|ok|btw|so|well|hey|sooo?|omg|guys)|update|breaking|correction)\b[ ,:]*)+",
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
    r"|letter)|last night|this (?:morning|evening|afternoon)|by (?:phone|telephone)|no longer))+$",
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
_TITLES = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "lt",
        "col",
        "gen",
        "capt",
        "maj",
        "sgt",
        "di",
        "ds",
        "dc",
        "dci",
        "pc",
        "insp",
        "colonel",
        "major",
        "captain",
        "general",
        "lieutenant",
        "inspector",
        "sergeant",
        "constable",
        "president",
        "minister",
        "mayor",
        "sir",
        "lady",
        "lord",
        "detective",
        "chief",
        "superintendent",
        "admiral",
        "commander",
        "professor",
        "reverend",
        "rev",
    ]
)
_SAID_THINGS = re.compile(
    r"^(?:the |its |his |a |an |that )?(?:\w+ )?(?:message|statement|release|communiqu[ée]|letter"
    r"|note|post|notice)$",
    re.I,
)
_VERBAL = re.compile(
    r"\b(?:is|are|was|were|be|been|may|might|could|can|must|should|being|has|have|had|will|would"
    r"|shall|stay|stays|remain|remains|there|did|does|do)\b|^(?:two|three|four|one|i|we"
    r"|you)\b(?! of)",
    re.I,
)
_THIS_TEXT = re.compile(
    r"\b(?:earlier|previous|first|this|our|the) (?:version|report|article|edition|story"
    r"|headline)(?: of this)?\b|^this (?:newspaper|paper|page)$",
    re.I,
)
_WORDS_AT_MOST = 16
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
    if _VERBAL.search(phrase):
        return False
    if (
        words[0].lower()
        in ("there", "nothing", "everything", "this", "what", "i", "we", "you", "to", "no", "its", "if")
        and len(words) == 1
    ):
        return False
    return ROLES.search(phrase) is not None or "@" in phrase or any(word[0].isupper() for word in words)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the phrase `start` to `end` of a folded text without what leads into it and trails after it."""
    phrase = text[start:end]
    leading = _LEADING.match(phrase)
    if leading and leading.end() < len(phrase):
        start += leading.end()
    phrase = text[start:end]
    trailing = _TRAILING.search(phrase)
    if trailing and trailing.start() > 0:
        end = start + trailing.start()
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
    start, end = trim(text, start, end)
    chunks = _chunks(text, start, end)
    if chunks and re.fullmatch(r"(?:i|we|you|one)", text[chunks[-1][0] : chunks[-1][1]], re.I):
        return None
    if only_last and len(chunks) > 1:
        last = chunks[-1]
        before = chunks[-2]
        is_name = _NAME.fullmatch(text[last[0] : last[1]]) is not None
        role = re.match(r"(?:an?|the|its|their|his|her) [a-z]", text[before[0] : before[1]])
        chunks = [before, last] if is_name and role and ROLES.search(text[before[0] : before[1]]) else [last]
    chunks = [each for each in chunks if not _ADVERBIAL.match(text[each[0] : each[1]])]
    chunks = [_doer(text, *each) for each in chunks]
    good = [each for each in chunks if looks_like_speaker(text[each[0] : each[1]])]
    if not good:
        return None
    first = good[0]
    if len(good) > 1 and good[1][0] - first[1] <= 3:
        return first[0], good[1][1] if _is_named(text[good[1][0] : good[1][1]]) else first[1]
    return first


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


class Cast:
    """Everybody who has spoken in one document so far, to whom pronouns and short names are led back."""

    def __init__(self, folded: str, publisher: str) -> None:
        self._folded = folded
        self._publisher = publisher
        self._last: Mention | None = None
        self._last_body: Mention | None = None
        self._names = _full_names(folded)
        self._bodies: list[str] = []

    @property
    def last(self) -> Mention | None:
        """Who spoke last."""
        return self._last

    def mention(self, original: str, start: int, end: int, *, speaks: bool = True) -> Mention:
        """Return the mention at `start` to `end` under its fullest name.

        One that `speaks` is remembered: later pronouns may mean it.
        """
        phrase = " ".join(original[start:end].split())
        if _THIS_TEXT.search(phrase):
            return Mention("", start, end)
        found = Mention(self._fullest(phrase), start, end)
        if self._is_publisher(found.name):
            return Mention("", start, end)
        if speaks:
            self._last = found
            self._last_body = self._last_body if _is_person(found.name) else found
        return found

    def _fullest(self, phrase: str) -> str:
        plain = phrase.replace("\u2019", "'")
        if PRONOUN.match(plain):
            is_body = plain.lower() in ("it", "they", "the same", "this")
            last = (self._last_body if is_body else self._last) or self._last
            return last.name if last else phrase
        if _SAID_THINGS.match(plain) and self._last_body:
            return self._last_body.name
        name = _person_in(phrase)
        if name:
            return self._names.get(name.split()[-1].lower(), name) if len(_bare(name).split()) < 2 else name
        return self._longer_body(phrase)

    def _longer_body(self, phrase: str) -> str:
        head = re.sub(r"^(?:the|this|that|its|their|a|an) ", "", phrase.lower())
        if " " not in head:
            for known in reversed(self._bodies):
                if (
                    known.lower().split()[-1] == head
                    or f"{head} of" in known.lower()
                    or f" {head}" in known.lower()
                ):
                    return known
            whole = re.search(rf"\b[Tt]he (?:[A-Z][\w'-]* )+{re.escape(head)}\b", self._folded)
            if whole and phrase[:1].lower() == "t":
                return "the" + whole.group()[3:]
        self._bodies.append(phrase)
        return phrase

    def _is_publisher(self, name: str) -> bool:
        ours = _content(self._publisher)
        theirs = _content(name)
        return bool(ours and theirs) and (
            theirs == ours
            or (theirs <= ours and (len(theirs) > 1 or name.lower().startswith("the ")))
            or _same_handle(self._publisher, name)
        )


def _same_handle(a: str, b: str) -> bool:
    return bool(set(re.findall(r"@\w+", a)) & set(re.findall(r"@\w+", b)))


def _content(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.lower())) - {"the", "a", "an", "of"}


def _bare(name: str) -> str:
    return " ".join(word for word in name.split() if word.lower().strip(".") not in _TITLES)


def _is_person(name: str) -> bool:
    return bool(_person_in(name)) or re.match(r"(?:an?|his|her|my|one) ", name, re.I) is not None


def _person_in(phrase: str) -> str:
    """Return the personal name in a phrase such as "city spokesman Ned Hale", "" where there is none."""
    title = re.search(
        r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Sir|Lady|Lord|DI|DS|DC|PC|Lt|Col|Gen|Capt|Maj|Sgt"
        r"|Insp)\.? [A-Z][\w'-]+(?: [A-Z][\w'-]+)*",
        phrase,
    )
    if title:
        return title.group()
    rank = (
        r"(?:Colonel|Major|Captain|General|Lieutenant|Inspector|Sergeant|Constable|Superintendent"
        r"|Admiral|Commander|Professor|Detective|Chief)"
    )
    ranked = re.search(rf"\b{rank}(?: {rank})* (?:[A-Z][\w'.-]+ ?)+", phrase)
    if ranked:
        return ranked.group().strip()
    role = re.search(
        r"(?:spokes\w+|secretary|minister|commander|director|manager|mayor|chief|head|officer|captain"
        r"|owner|editor|leader|resident|neighbour|baker|chair\w*|governor|president|"
        r"envoy|ambassador|councillor|speaker|witness|adviser)(?:,"
        r"| of [\w ]+,)? (?P<name>[A-Z][\w'-]+(?: [A-Z][\w'.-]+)+)$",
        phrase,
    )
    if role:
        return role["name"]
    whole = re.match(r"[A-Z][a-z'-]+(?: [A-Z]\.)? [A-Z][a-z'-]+(?=,|$)", phrase)
    if whole and not ROLES.search(whole.group()):
        return whole.group()
    return phrase if re.fullmatch(r"[A-Z][a-z'-]+", phrase) and not ROLES.search(phrase) else ""


def _full_names(folded: str) -> dict[str, str]:
    """Return by surname the longest name of each person whom the text names in full."""
    titled = re.findall(
        r"\b(?:(?:Detective|Chief|Colonel|Major|Captain|General|Lieutenant|Inspector|Sergeant"
        r"|Constable|Superintendent|Admiral|Commander|Lt\.|Capt\.|Col\.|Dr\.?|Miss)[ ])*"
        r"[A-Z](?:[a-z'-]+|\.)(?: [A-Z]\.)? [A-Z][a-z'-]+\b",
        folded,
    )
    names: dict[str, str] = {}
    for name in _plainly(titled):
        surname = name.split()[-1].lower()
        if len(name) > len(names.get(surname, "")):
            names[surname] = name
    return names


def _plainly(found: Iterable[str]) -> list[str]:
    return [
        " ".join(name.split())
        for name in found
        if not ROLES.search(_bare(name)) and len(_bare(name).split()) > 1
    ]
