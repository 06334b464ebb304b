"""Names of persons in a text, wherever and however they stand there: the whole name or a part of it, in small
letters or capitals, with accents or without, declined, or in the letters of another script.

A part counts only where the name is a person's: a title ("Duty officer of the night") has no second word with
a capital. What looks like such a name and is another word is withheld too; what is a nickname, a description
or a name in a script that we have no table for is not found, unless it is given.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping

from skykeep.evidence.as_seen import Places, as_seen, folded, readings, script_of
from skykeep.evidence.joined_names import JoinedNames
from skykeep.evidence.other_letters import in_latin, stem
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
_JOINS = ("_", "@", "#", *"0123456789")
# What a Latin name ends in, in Slavic and Baltic sentences and in the Germanic plural, when it ends otherwise
# by itself: after a consonant, and in place of its last vowel.
_AFTER_CONSONANT = frozenset(
    {
        "s",
        "es",
        "as",
        "a",
        "u",
        "em",
        "om",
        "am",
        "ym",
        "im",
        "ovi",
        "owi",
        "ova",
        "ove",
        "ovou",
        "owa",
        "owej",
    }
    | {"ow", "ami", "ach"}
)
_FOR_VOWEL = frozenset(
    {
        "a",
        "e",
        "i",
        "o",
        "u",
        "y",
        "s",
        "as",
        "es",
        "os",
        "ou",
        "oj",
        "ej",
        "em",
        "om",
        "am",
        "ym",
        "im",
        "ami",
    }
    | {"ach", "iem", "ii", "ie", "iego", "iemu", "iej", "ich", "imi", "ego", "emu"}
)
_LEAST_DECLINED, _LONGEST_WORD = 5, 32
_CAMEL = re.compile(
    r"(?<=[a-z\u00df-\u00ff\u0430-\u045f\u03ac-\u03ce])(?=[A-Z\u00c0-\u00de\u0400-\u042f\u0391-\u03a9])"
)
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
        self._joined = JoinedNames(shared)
        for name, (put, is_given) in known.items():
            parts = _parts(name, is_given=is_given)
            self._joined.add([word.group() for word in _WORD.finditer(as_seen(name)[0])], parts, put)
            for part in parts:
                script = script_of(part)
                if script in _UNSPACED:
                    self._unspaced[part] = put
                    continue
                known_parts = self._parts.setdefault(script, {})
                key = folded(part)
                known_parts[key] = put if known_parts.get(key, put) == put else shared

    def __bool__(self) -> bool:
        return bool(self._parts or self._unspaced)

    def edits(self, text: str) -> list[Edit]:
        """Return what to put where in a text; names side by side count as one."""
        if not self:
            return []
        seen, places = as_seen(text)
        found = self._joined.edits(seen)
        taken = bytearray(len(seen))
        for start, end, _ in found:
            taken[start:end] = bytes([1]) * (end - start)
        for word in _WORD.finditer(seen):
            start, end = word.span()
            if not any(taken[start:end]):
                found += self._in_word(seen, start, end)
        if self._unspaced:
            for start, end, _ in found:
                taken[start:end] = bytes([1]) * (end - start)
            found += [
                (*each.span(), self._unspaced[each.group()])
                for each in re.finditer("|".join(map(re.escape, self._unspaced)), seen)
                if not any(taken[each.start() : each.end()])
            ]
        edits = _side_by_side(sorted(found), seen, places)
        self.count += len(edits)
        return edits

    def _in_word(self, seen: str, start: int, end: int) -> list[Edit]:
        """Return what to put for a word, or for those that a tag writes as one (`#AnnaKarenina`)."""
        joined = seen[start - 1 : start] in _JOINS or seen[end : end + 1] in _JOINS
        word = seen[start:end]
        put = self._put(word, joined=joined)
        if put is not None:
            return [(start, end, put)]
        if not joined:
            return []
        if "@" in (seen[start - 1 : start], seen[end : end + 1]):
            put = self._joined.by_initial(word)
        if put is not None:
            return [(start, end, put)]
        cuts = [0, *(cut.start() for cut in _CAMEL.finditer(word)), len(word)]
        pieces = itertools.pairwise(cuts) if len(cuts) > 2 else ()
        looked = ((a, b, self._put(word[a:b], joined=True)) for a, b in pieces)
        return [(start + a, start + b, put) for a, b, put in looked if put is not None]

    def _put(self, word: str, *, joined: bool) -> str | None:
        key = (word, joined)
        if key not in self._found:
            self._found[key] = self._look(word, joined=joined)
        return self._found[key]

    def _look(self, word: str, *, joined: bool) -> str | None:
        ways = (self._look_as(way, joined=joined) for way in readings(word))
        return next((put for put in ways if put is not None), None)

    def _look_as(self, word: str, *, joined: bool) -> str | None:
        script = script_of(word)
        plain = folded(word)
        small = script == "LATIN" and not word[0].isupper()
        if small and not joined and len(plain) < _LEAST_SMALL:
            return None
        own = self._parts.get(script, {})
        if plain in own:
            return own[plain]
        for part, put in own.items():
            if script == "LATIN" and (plain == part + "s" or (not small and _is_declined(plain, part))):
                return put
            if script == "CYRILLIC" and _same_stem(plain, part):
                return put
        if script != "LATIN":
            ways = in_latin(word)
            latin = self._parts.get("LATIN", {}).items() if ways is not None else ()
            return next((put for part, put in latin if ways is not None and ways.fullmatch(part)), None)
        if not _LEAST_LATIN <= len(plain) <= _LONGEST_WORD:
            return None
        for part, put in (
            (part, put) for key, parts in self._parts.items() if key != "LATIN" for part, put in parts.items()
        ):
            ways = in_latin(part)
            if ways is not None and ways.fullmatch(plain):
                return put
        return None


def _side_by_side(found: list[Edit], seen: str, places: Places) -> list[Edit]:
    """Return edits of the text as it is seen as those of the text itself, neighbours of one person as one."""
    edits: list[Edit] = []
    before = 0
    for start, end, put in found:
        first, last = places[start], places[end - 1] + 1
        if edits:
            overlaps = first < edits[-1][1]
            if overlaps or (edits[-1][2] == put and _BETWEEN.fullmatch(seen[before:start])):
                first, was_last, put = edits[-1][0], edits[-1][1], edits[-1][2]
                edits.pop()
                last = max(last, was_last)
        edits.append((first, last, put))
        before = end
    return edits


def _is_declined(word: str, part: str) -> bool:
    """Return whether a Latin word is a name with an ending of a case; both folded."""
    if len(part) < _LEAST_DECLINED:
        return False
    if part[-1] in "aeiouy":
        return word.startswith(part[:-1]) and word[len(part) - 1 :] in _FOR_VOWEL
    return word.startswith(part) and word[len(part) :] in _AFTER_CONSONANT


def _same_stem(word: str, part: str) -> bool:
    kept = stem(part)
    return word.startswith(kept) and len(word) - len(kept) <= _LONGEST_ENDING


def _parts(name: str, *, is_given: bool) -> list[str]:
    """Return the parts of a name by which its bearer may be known; none where it is a title or an office."""
    words = [word.group() for word in _WORD.finditer(as_seen(name)[0])]
    capitals = [word for word in words if not word[0].islower()]
    if not is_given and (len(capitals) < 2 and script_of(name) not in _UNSPACED):
        return []
    least = {"LATIN": 1 if is_given else _LEAST_LATIN}
    return [
        word
        for word in (words if is_given else capitals)
        if folded(word) not in _PARTICLES and len(word) >= least.get(script_of(word), _LEAST_OTHER)
    ]
