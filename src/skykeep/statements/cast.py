"""Everybody who speaks in one document: pronouns and short names led back to the fullest one."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from skykeep.statements.names import Mention
from skykeep.statements.speaking import PRONOUN, ROLES

_TITLES = frozenset(
    re.findall(
        r"\S+",
        """
    mr mrs ms miss dr prof lt col gen capt maj sgt di ds dc dci pc insp colonel major captain general
    lieutenant inspector sergeant constable president minister mayor sir lady lord detective chief
    superintendent admiral commander professor reverend rev
""",
    )
)
_SAID_THINGS = re.compile(
    r"^(?:the |its |his |a |an |that )?(?:\w+ )?(?:message|statement|release|communiqu[ée]|letter"
    r"|note|post|notice)$",
    re.I,
)
_THIS_TEXT = re.compile(
    r"\b(?:earlier|previous|first|this|our|the) (?:version|report|article|edition|story"
    r"|headline)(?: of this)?\b|^this (?:newspaper|paper|page|service|office|ministry|board|company|club"
    r"|council)$",
    re.I,
)
# A paragraph that opens with a person: its "he" or "she" is that one.
_PARAGRAPH_OF = re.compile(
    r"(?:But |And |Meanwhile, )?(?:[Tt]he )?(?P<who>(?:[A-Z][\w.'-]* ){1,3}[A-Z][\w'-]+)"
    r"(?=,| (?:(?:last night|yesterday|today|on \w+day|also|now|later) )?"
    r"(?:was|is|has|had|did|does|would|will|[a-z]+ed|stuck|told|said|took|made|gave|went|came"
    r"|wrote|held|put|stood"
    r"|spoke|kept|left)\b)"
)
# A short name is led back to one of so many that spoke last.
_BODIES_AT_MOST = 200


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


class Cast:
    """Everybody who has spoken in one document so far, to whom pronouns and short names are led back."""

    def __init__(self, folded: str, publisher: str) -> None:
        self._folded = folded
        self._publisher = publisher
        self._last: Mention | None = None
        self._last_body: Mention | None = None
        self._names = _full_names(folded)
        self._bodies: list[str] = []
        self._fuller: dict[str, str] = {}

    @property
    def last(self) -> Mention | None:
        """Who spoke last."""
        return self._last

    def mention(self, original: str, start: int, end: int, *, speaks: bool = True) -> Mention:
        """Return the mention at `start` to `end` under its fullest name.

        One that `speaks` is remembered: later pronouns may mean it.
        """
        phrase = re.sub(r"(?:,| aged) \d{1,3}$", "", " ".join(original[start:end].split()))
        if _THIS_TEXT.search(phrase):
            self._last_body = Mention("", start, end)
            return self._last_body
        found = Mention(self._fullest(phrase, start), start, end)
        if self._is_publisher(found.name):
            return Mention("", start, end)
        if speaks:
            self._last = found
            self._last_body = self._last_body if _is_person(found.name) else found
        return found

    def _fullest(self, phrase: str, start: int) -> str:
        plain = phrase.replace("\u2019", "'")
        if PRONOUN.match(plain):
            is_body = plain.lower() in ("it", "they", "the same", "this")
            opening = None if is_body else _PARAGRAPH_OF.match(self._folded, _line_start(self._folded, start))
            if opening and opening.end("who") < start and not ROLES.search(opening["who"].split()[-1]):
                return self._names.get(opening["who"].split()[-1].lower(), opening["who"])
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
            for known in itertools.islice(reversed(self._bodies), _BODIES_AT_MOST):
                if (
                    known.lower().split()[-1] == head
                    or f"{head} of" in known.lower()
                    or f" {head}" in known.lower()
                ):
                    return known
            if phrase[:1].lower() == "t" and (fuller := self._in_full(head)):
                return fuller
        self._bodies.append(phrase)
        return phrase

    def _in_full(self, head: str) -> str:
        """Return how the text names in full whoever it calls "the ..." here; "" where it does not."""
        if head not in self._fuller:
            self._fuller[head] = self._sought(head)
        return self._fuller[head]

    def _sought(self, head: str) -> str:
        # Plainly sought first: that is soon done where the words are nowhere.
        title = f"{head.capitalize()} "
        titled = title in self._folded and re.search(
            rf"\b{re.escape(title)}(?P<name>[A-Z][\w'-]+ [A-Z][\w'-]+)", self._folded
        )
        if titled:
            return self._names.get(titled["name"].split()[-1].lower(), titled["name"])
        whole = re.search(rf"\b[Tt]he (?:[A-Z][\w'-]* ){{1,12}}{re.escape(head)}\b", self._folded)
        return "the" + whole.group()[3:] if whole else ""

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
