"""A text as a reader sees it, whatever characters it is made of, and where each of them stands in the text.

What draws nothing (zero-width spaces, soft hyphens, marks of direction) is left out, and letters in other
clothes (full width, mathematical, circled, small capitals) are plain ones. Letters of Latin, Cyrillic and
Greek that look alike are a table of ours, after the confusables of Unicode's UTS #39, and no more than these.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

# Latin letters, and under each the letters of another script that look like it, in the same order.
_CYRILLIC_LOOKS: Final = (
    "ABEKMHOPCTYXIJSGVWQDLaeopcyxijshdqwlkmtvbgh",
    "АВЕКМНОРСТУХІЈЅԌѴԜԚԀӀаеорсухіјѕһԁԛԝӏкмтѵвԍн",
)
_GREEK_LOOKS: Final = ("ABEZHIKMNOPTYXaikvoptuxynwyb", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχγηωϒβ")
_TO_LATIN: Final = str.maketrans(_CYRILLIC_LOOKS[1] + _GREEK_LOOKS[1], _CYRILLIC_LOOKS[0] + _GREEK_LOOKS[0])
_FROM_LATIN: Final = {
    script: str.maketrans(dict(zip(reversed(latin), reversed(other), strict=True)))
    for script, (latin, other) in (("CYRILLIC", _CYRILLIC_LOOKS), ("GREEK", _GREEK_LOOKS))
}
# Nothing is drawn for these, beside what Unicode calls a format character (Cf).
_BLANK: Final = frozenset(map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0)))
_VARIANTS: Final = ("\u180b", "\u180f", "\ufe00", "\ufe0f", "\U000e0100", "\U000e01ef")
_DRESSED: Final = (
    "LATIN LETTER SMALL CAPITAL ",
    "NEGATIVE CIRCLED LATIN CAPITAL LETTER ",
    "NEGATIVE SQUARED LATIN CAPITAL LETTER ",
    "REGIONAL INDICATOR SYMBOL LETTER ",
)
# What carries no accent that could be taken off.
_NO_ACCENT: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "ı": "i"})

# Where each character of a changed text stands in the text that it is of.
Places = Sequence[int]


def as_seen(text: str) -> tuple[str, Places]:
    """Return a text as it is seen, and the place in `text` of each character of it."""
    return (text, range(len(text))) if text.isascii() else _each(text, _seen)


def flat(text: str) -> tuple[str, Places]:
    """Return a text in small letters without accents, letters that look Latin as Latin ones, with places."""
    return (text.lower(), range(len(text))) if text.isascii() else _each(text, _flat)


def folded(word: str) -> str:
    """Return a word without accents and in small letters, however it was put together."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return kept.translate(_NO_ACCENT)


def script_of(word: str) -> str:
    """Return the script of a word's first letter as Unicode names it: LATIN, CYRILLIC, ARABIC, CJK ..."""
    return unicodedata.name(word[0], "").partition(" ")[0] if word else ""


def readings(word: str) -> tuple[str, ...]:
    """Return a word, and what it is in Latin, Cyrillic or Greek letters alone where it looks the same so."""
    if word.isascii():
        return (word,)
    bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    ways = {"LATIN": bare.translate(_TO_LATIN)}
    if len({script_of(letter) for letter in bare}) > 1:
        ways |= {script: bare.translate(table) for script, table in _FROM_LATIN.items()}
    others = [
        way
        for script, way in ways.items()
        if way != bare and {script_of(letter) for letter in way} == {script}
    ]
    return (word, *others)


def _each(text: str, change: Callable[[str], str]) -> tuple[str, Places]:
    pieces: list[str] = []
    places: list[int] = []
    for k, character in enumerate(text):
        piece = change(character)
        pieces.append(piece)
        places += [k] * len(piece)
    return "".join(pieces), places


@lru_cache(maxsize=4096)
def _seen(character: str) -> str:
    if unicodedata.category(character) == "Cf" or character in _BLANK:
        return ""
    if any(first <= character <= last for first, last in zip(_VARIANTS[::2], _VARIANTS[1::2], strict=True)):
        return ""
    name = unicodedata.name(character, "")
    for dress in _DRESSED:
        if name.startswith(dress) and len(name) == len(dress) + 1:
            return name[-1]
    return unicodedata.normalize("NFKC", character)


@lru_cache(maxsize=4096)
def _flat(character: str) -> str:
    return folded(unicodedata.normalize("NFD", character).translate(_TO_LATIN))
