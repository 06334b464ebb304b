"""Names of persons in a text, wherever and however they stand there: the whole name or a part of it, in small
letters or capitals, with accents or without, declined, or in the letters of another script.

A part counts only where the name is a person's: a title ("Duty officer of the night") has no second word with
a capital. What looks like such a name and is another word is withheld too; what is a nickname, a description
or a name in a script that we have no table for is not found, unless it is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from skykeep.evidence.other_letters import folded, in_latin, script_of, stem
from skykeep.evidence.rewriting import Edit

# Letters with the marks that stand over or under them.
_MARKS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670"
_WORD = re.compile(rf"[^\W\d_](?:[^\W\d_]|[{_MARKS}])*")
# Parts of names that are no names.
_PARTICLES = frozenset(
    {"al", "el", "bin", "ibn", "bint", "ben", "abu", "van", "von", "der", "den", "het", "ter", "ten", "del"}
    | {"della", "dos", "des", "los", "las", "san", "بن", "ابن", "بنت", "ابو", "ال"}
)
_UNSPACED = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR"})
_LEAST_LATIN, _LEAST_SMALL, _LEAST_OTHER, _LONGEST_ENDING = 3, 6, 2, 3
# What joins the parts of an address or a handle, where names are written small.
_JOINS = ("_", "@")
_BETWEEN = re.compile(r"[ \u00a0.,'\u2019-]{1,2}")


class PersonNames:
    """Persons' names with what is put in place of each; `given` are names that somebody says are a person's,
    whatever they look like. What stands for two persons stands for neither: then `shared` is put.
    """

    def __init__(self, names: Mapping[str, str], shared: str, given: Iterable[str] = ()) -> None:
        self._parts: dict[str, dict[str, str]] = {}
        self._unspaced: dict[str, str] = {}
        self._found: dict[tuple[str, bool], str | None] = {}
        self.count = 0
        known = {name: (put, False) for name, put in names.items()} | dict.fromkeys(given, (shared, True))
        for name, (put, is_given) in known.items():
            for part in _parts(name, is_given=is_given):
                script = script_of(part)
                if script in _UNSPACED:
                    self._unspaced[part] = put
                    continue
                parts = self._parts.setdefault(script, {})
                key = folded(part)
                parts[key] = put if parts.get(key, put) == put else shared

    def __bool__(self) -> bool:
        return bool(self._parts or self._unspaced)

    def edits(self, text: str) -> list[Edit]:
        """Return what to put where in a text; names side by side count as one."""
        found: list[Edit] = []
        for word in _WORD.finditer(text):
            start, end = word.span()
            joined = text[start - 1 : start] in _JOINS or text[end : end + 1] in _JOINS
            put = self._put(word.group(), joined=joined)
            if put is None:
                continue
            if found and found[-1][2] == put and _BETWEEN.fullmatch(text[found[-1][1] : start]):
                start = found.pop()[0]
            found.append((start, end, put))
        if self._unspaced:
            taken = [(start, end) for start, end, _ in found]
            found += [
                (*each.span(), self._unspaced[each.group()])
                for each in re.finditer("|".join(map(re.escape, self._unspaced)), text)
                if not any(start < each.end() and each.start() < end for start, end in taken)
            ]
        self.count += len(found)
        return sorted(found)

    def _put(self, word: str, *, joined: bool) -> str | None:
        key = (word, joined)
        if key not in self._found:
            self._found[key] = self._look(word, joined=joined)
        return self._found[key]

    def _look(self, word: str, *, joined: bool) -> str | None:
        script = script_of(word)
        plain = folded(word)
        small = script == "LATIN" and not word[0].isupper()
        if small and not joined and len(plain) < _LEAST_SMALL:
            return None
        for part, put in self._parts.get(script, {}).items():
            if plain == part or (script == "LATIN" and plain == part + "s"):
                return put
            if script == "CYRILLIC" and _same_stem(plain, part):
                return put
        if script == "LATIN":
            others = (each for each in self._parts.items() if each[0] != "LATIN")
            for part, put in ((part, put) for _, parts in others for part, put in parts.items()):
                ways = in_latin(part)
                if ways is not None and len(plain) >= _LEAST_LATIN and ways.fullmatch(plain):
                    return put
        elif (ways := in_latin(word)) is not None:
            for part, put in self._parts.get("LATIN", {}).items():
                if ways.fullmatch(part):
                    return put
        return None


def _same_stem(word: str, part: str) -> bool:
    kept = stem(part)
    return word.startswith(kept) and len(word) - len(kept) <= _LONGEST_ENDING


def _parts(name: str, *, is_given: bool) -> list[str]:
    """Return the parts of a name by which its bearer may be known; none where it is a title or an office."""
    words = [word.group() for word in _WORD.finditer(name)]
    capitals = [word for word in words if not word[0].islower()]
    if not is_given and (len(capitals) < 2 and script_of(name) not in _UNSPACED):
        return []
    least = {"LATIN": 1 if is_given else _LEAST_LATIN}
    return [
        word
        for word in (words if is_given else capitals)
        if folded(word) not in _PARTICLES and len(word) >= least.get(script_of(word), _LEAST_OTHER)
    ]
