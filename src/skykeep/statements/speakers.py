"""Which mentions are one speaker, where that is plain: by their words, and by a role that one document gives.

"the Ministry of the Interior" and "the Interior Ministry" hold the same words; "Dovetsky" is part of "Harl
Dovetsky"; a post's @handle is whose it is; "Quay Haven's mayor" is "Mayor Sera Obin" where the document has
one mayor, "the movement" the one it names in full. Whoever is brought in with "a" or "an" ("a senior officer
in the Palace Guard") is never folded into somebody by a part of his name. A spokesman stays a voice of his
own, but stands on the side of whom he speaks for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from skykeep.domain.statement import Assertion, SourceDocument
from skykeep.statements.folding import fold

_HANDLE = re.compile(r"@\w+")
_WORD = re.compile(r"\w+(?:['-]\w+)*")
_LEFT_OUT_WORDS = """the a an of in for s and on at its his her their our mr mrs ms miss dr sir general gen
colonel col lt lieutenant captain capt major officer president minister state ministry's statement"""
_ROLE_WORDS = "mayor president minister commander secretary governor chief king queen duke regent chancellor"
_LEFT_OUT, _ROLES = frozenset(_LEFT_OUT_WORDS.split()), frozenset(_ROLE_WORDS.split())
# What many speakers are called: alone it names nobody, and half a name made of it is no name.
_COMMON_WORDS = """ministry press department service office board government official officials police
residents witness witnesses outlet news agency media source sources spokesman spokeswoman side guard watch
paper company"""
_ORGANS = frozenset(
    [
        "ministry",
        "staff",
        "government",
        "army",
        "forces",
        "command",
        "navy",
        "cabinet",
        "presidency",
        "embassy",
    ]
)
_MANY = "(?:two|three|four|five|six|seven|eight|nine|ten|several|many)"
_LAND, _LAND_LETTERS = re.compile(r"(?:ians?|ia|ese|i|e)$"), 4
_ASIDE = re.compile(r" ?\([^)]*\)| in (?:English|[A-Z][a-z]+(?:ian|ish|ese|i))\b")
_KIND = re.compile(r"\b(?:outlet|agency|newspaper|paper|daily|channel|broadcaster|website|station) (?=[A-Z])")
_GROUP = re.compile(rf"^(?:{_MANY}|\d+|some|a number of)\b", re.IGNORECASE)
_COMMON = frozenset(_COMMON_WORDS.split())
# People of a place, who do not speak for it.
_CROWD = frozenset(("residents", "witness", "witnesses", "media", "source", "sources", "police"))
_SPEAKS = r"(?:spokes(?:man|woman|person)|press (?:secretary|officer|service)|deputy minister)"
_SPEAKS_FOR = re.compile(rf"{_SPEAKS}|\bspeak(?:s|ing) for\b", re.IGNORECASE)
_REACH = 60
_PREPOSITION = re.compile(r"\b(?:of|in|for|at|from)\b")


class Speakers:
    """Who is who in a set of documents: `name_of` gives every speaker one name, `side_of` whom he stands for.

    A document that speaks for itself has its publisher's name, or where it tells none, its own.
    """

    def __init__(self, documents: Sequence[SourceDocument], assertions: Sequence[Assertion]) -> None:
        self._documents = {one.document_id: one for one in documents}
        mentions = list(dict.fromkeys((one.passage.document_id, one.speaker) for one in assertions))
        mentions += [(one.document_id, "") for one in documents]
        names = list(dict.fromkeys(self._said(*mention) for mention in mentions))
        folded = _folded(names, {one.publisher for one in documents if one.publisher})
        self._names = {mention: folded[self._said(*mention)] for mention in dict.fromkeys(mentions)}
        self._by_roles()
        self._by_bare_words()
        self._sides = self._by_spokesmen()

    def name_of(self, document_id: str, speaker: str) -> str:
        """Return the one name of a speaker that a document brings in."""
        return self._names.get((document_id, speaker)) or self._said(document_id, speaker)

    def of(self, one: Assertion) -> str:
        """Return the one name of whoever says it."""
        return self.name_of(one.passage.document_id, one.speaker)

    def side_of(self, name: str) -> str:
        """Return for whom a speaker stands: himself, or whose spokesman he is."""
        return self._sides.get(name, name)

    def _said(self, document_id: str, speaker: str) -> str:
        document = self._documents[document_id]
        return " ".join(speaker.split()) or document.publisher or document.name.rsplit(".", 1)[0]

    def _by_roles(self) -> None:
        """Fold "the mayor" into "Mayor Sera Obin" where a document has no other mayor."""
        for document_id in self._documents:
            held = [name for (its, _), name in self._names.items() if its == document_id]
            for role in _ROLES:
                named = list(dict.fromkeys(name for name in held if role in _all_tokens(name)))
                full = [name for name in named if len(_tokens(name) - {role}) >= 2]
                bare = [name for name in named if name not in full and not _is_indefinite(name)]
                if len(full) == 1:
                    self._rename(dict.fromkeys(bare, full[0]))

    def _by_bare_words(self) -> None:
        """Fold "the ministry" into the one speaker of its document whose name holds that word."""
        for document_id in self._documents:
            held = list(dict.fromkeys(name for (its, _), name in self._names.items() if its == document_id))
            bare = [name for name in held if len(_tokens(name)) == 1 and name.split()[-1].islower()]
            for name in bare:
                fuller = [other for other in held if other != name and _tokens(name) < _tokens(other)]
                if len(fuller) == 1 and not _is_indefinite(name):
                    self._rename({name: fuller[0]}, document_id)

    def _rename(self, new: Mapping[str, str], document_id: str = "") -> None:
        self._names = {
            mention: new.get(name, name) if document_id in ("", mention[0]) else name
            for mention, name in self._names.items()
        }

    def _by_spokesmen(self) -> dict[str, str]:
        texts = {key: fold(one.text) for key, one in self._documents.items()}
        sides: dict[str, str] = {}
        offices = self._by_offices()
        for (document_id, speaker), name in self._names.items():
            if not speaker or name in sides:
                continue
            stands_for = _stands_for(texts[document_id], speaker)
            held = {other for (its, _), other in self._names.items() if its == document_id and other != name}
            everybody = set(self._names.values()) - {name}
            for near in (held, everybody) if stands_for else ():
                fits = {offices.get(other, other) for other in near if stands_for <= _all_tokens(other)}
                if len(fits) == 1:
                    sides[name] = fits.pop()
                if fits or name in sides:
                    break
        sides = {**self._by_groups(texts), **self._by_countries(), **offices, **sides}
        return {name: sides.get(side, side) for name, side in sides.items()}

    def _by_countries(self) -> dict[str, str]:
        """Return for a country that speaks its one organ of state: "Vashar claims" is its ministry."""
        names = list(dict.fromkeys(self._names.values()))
        sides = {}
        for name in names:
            mine = _lands(name)
            if 0 < len(mine) <= 2 and name[:1].isupper() and not mine & (_COMMON | _ORGANS):
                organs = [one for one in names if mine < _lands(one) and _all_tokens(one) & _ORGANS]
                if len(organs) == 1:
                    sides[name] = organs[0]
        return sides

    def _by_offices(self) -> dict[str, str]:
        """Return for the holder of a role its one office: "the Governor" is "Office of the Governor"."""
        names = list(dict.fromkeys(self._names.values()))
        sides = {}
        for role in _ROLES:
            held = [name for name in names if role in _all_tokens(name)]
            offices = [name for name in held if "office" in _all_tokens(name)]
            others = [name for name in held if name not in offices]
            if len(offices) == len(others) == 1 and not _is_indefinite(others[0]):
                sides[others[0]] = offices[0]
        return sides

    def _by_groups(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Return for somebody who is "one of them" the group that speaks in his document."""
        sides = {}
        for (document_id, speaker), name in self._names.items():
            if not speaker or not speaker[:1].isupper():
                continue
            named = re.escape(speaker)
            held = {other for (its, said), other in self._names.items() if its == document_id and said}
            groups = [other for other in held if other != name and _GROUP.search(other)]
            says = rf"\bone of (?:them|the[\w ]{{3,40}}|{_MANY}[\w ]{{3,40}}),? (?:[\w-]+ )?{named}"
            was = rf"{named}[^.\"]{{0,90}}\. (?:She|He) (?:was|is) one of "
            if len(groups) == 1 and re.search(f"{says}|{was}", texts[document_id]):
                sides[name] = groups[0]
        return sides


def _stands_for(text: str, speaker: str) -> frozenset[str]:
    """Return the words of whom a text says that the speaker speaks for; none where it does not say."""
    if not _SPEAKS_FOR.search(text):
        return frozenset()
    named = re.escape(" ".join(speaker.split()[-2:]))
    patterns = (
        rf"([\w' -]{{3,{_REACH}}}?)'?s? {_SPEAKS},? {named}",
        rf"{named}, (?:the|a|an) ([\w' -]{{3,{_REACH}}}?)'?s? {_SPEAKS}",
        rf"{named}[\w ]{{0,20}}, {_SPEAKS} (?:of|for|at) ([\w' -]{{3,{_REACH}}})",
        rf"{_SPEAKS} (?:of|for) ([\w' -]{{3,{_REACH}}}), {named}",
        rf"{named}, (?:who speaks|speaking) for ([\w' -]{{3,{_REACH}}})",
    )
    for pattern in patterns:
        found = re.search(pattern, text, re.IGNORECASE)
        if found:
            held = [word.casefold() for word in _WORD.findall(found[1])]
            last = [word.removesuffix("'s") for word in held if word not in _LEFT_OUT][-2:]
            return frozenset(last[-1:]) if last and last[-1] in _COMMON | {"ministry"} else frozenset(last)
    return frozenset()


def _folded(names: list[str], publishers: set[str]) -> dict[str, str]:
    """Return for every name the fullest one of the same speaker; a publisher's is that of its documents."""
    full: dict[str, str] = {}
    by_length = sorted(names, key=lambda name: (-len(_tokens(name)), -len(name), name))
    for name in by_length:
        full[name] = next((other for other in by_length if other in full and _is_part(name, other)), name)
    called = {full[full[name]]: name for name in names if name in publishers}
    return {name: called.get(full[full[name]], full[full[name]]) for name in names}


def _is_part(name: str, other: str) -> bool:
    handles = set(_HANDLE.findall(name.casefold())) & set(_HANDLE.findall(other.casefold()))
    if handles:
        return True
    mine, its = _tokens(name), _tokens(other)
    if not mine:
        return False
    if mine == its or (len(_core(name)) > 1 and _core(name) == _core(other)):
        return True
    if not mine < its or _is_indefinite(name) or _is_indefinite(other) or mine <= _COMMON:
        return False
    # One word is a surname, or a body without its office; "Varsk" is not "the ministry in Varsk".
    is_surname = name.split()[-1] == other.split()[-1] and not _PREPOSITION.search(other)
    return len(mine) > 1 or is_surname or its - mine <= (_COMMON - _CROWD) | {"press-service"}


def _tokens(name: str) -> frozenset[str]:
    return _all_tokens(name) - _LEFT_OUT


def _all_tokens(name: str) -> frozenset[str]:
    words = (word.casefold().removesuffix("'s") for word in _WORD.findall(fold(name)))
    return frozenset(words)


def _lands(name: str) -> frozenset[str]:
    """Return the words of a name, a country and its adjective as one."""
    return frozenset(_LAND.sub("", word) if len(word) > _LAND_LETTERS else word for word in _tokens(name))


def _core(name: str) -> frozenset[str]:
    """Return the words of an outlet's own name: not what kind it is, nor in which tongue it writes."""
    plain = _ASIDE.sub("", fold(name))
    kind = _KIND.search(plain)
    return _tokens(plain[kind.end() :] if kind else plain)


def _is_indefinite(name: str) -> bool:
    first = name.split()[0].casefold()
    return first in (
        "a",
        "an",
        "one",
        "another",
        "some",
        "several",
        "two",
        "three",
        "our",
        "my",
        "her",
        "his",
    )
