"""How a name is written in Latin letters: every usual way at once, as a pattern.

Passports, papers and posts write one Cyrillic, Greek, Arabic or Hebrew name in many ways, so each letter
stands for all that it is written as; between the letters of a script without vowels any vowels may stand. The
tables are our own, after the romanisations in use (ISO 9, ICAO 9303, BGN/PCGN, and how papers write).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from skykeep.evidence.as_seen import folded, script_of

_CYRILLIC: Final = {
    "оу": "ow|ou|o|oe", "ау": "au|ow|aw|aou", "ей": "ey|ei|ay|ai|ej|yey|iey", "эй": "ey|ei|ay|ai|ej",
    "ай": "ai|ay|ei|i|y|aj", "дж": "j|g|dj|dzh|dz", "кс": "x|ks|cs|cks", "ью": "yu|u|ew|iew|ju",
    "а": "a", "б": "b", "в": "v|w|ff|f", "г": "g|h|gh", "ґ": "g", "д": "d", "е": "e|ye|je|ie|yo",
    "ё": "e|yo|jo|io|ye", "є": "e|ye|je|ie", "ж": "zh|j|z|g", "з": "z|s", "и": "i|y", "і": "i",
    "ї": "i|yi|ji", "й": "y|i|j|", "к": "k|c", "л": "l|ll", "м": "m", "н": "n|nn", "о": "o", "п": "p",
    "р": "r", "с": "s|ss", "т": "t", "у": "u|ou|w|oo", "ў": "u|w", "ф": "f|ph", "х": "kh|h|ch|x",
    "ц": "ts|c|tz|cz", "ч": "ch|c|tch|tsch", "ш": "sh|s|sch|ch", "щ": "shch|sch|sc|sht|schtsch",
    "ъ": "a|", "ы": "y|i", "ь": "y|j|", "э": "e", "ю": "yu|iu|ju|u", "я": "ya|ia|ja|a", "ј": "j|y",
    "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj|d", "џ": "dz|dzh",
}  # fmt: skip
_GREEK: Final = {
    "ου": "ou|u", "μπ": "b|mp|mb", "ντ": "d|nt|nd", "γκ": "g|gk|ng", "αυ": "av|af|au", "ευ": "ev|ef|eu",
    "α": "a", "β": "v|b", "γ": "g|y|gh", "δ": "d|dh", "ε": "e", "ζ": "z", "η": "i|e", "θ": "th",
    "ι": "i|y", "κ": "k|c", "λ": "l", "μ": "m", "ν": "n", "ξ": "x|ks", "ο": "o", "π": "p", "ρ": "r|rh",
    "σ": "s", "ς": "s", "τ": "t", "υ": "y|u|i", "φ": "f|ph", "χ": "ch|h|kh|x", "ψ": "ps", "ω": "o",
}  # fmt: skip
_HEBREW: Final = {
    "א": "", "ב": "b|v|bh", "ג": "g|j", "ד": "d", "ה": "h|", "ו": "v|w|", "ז": "z", "ח": "ch|h|kh",
    "ט": "t", "י": "y|j|", "כ": "k|kh|ch|c", "ך": "k|kh|ch|c", "ל": "l", "מ": "m", "ם": "m", "נ": "n",
    "ן": "n", "ס": "s", "ע": "", "פ": "p|f|ph", "ף": "p|f|ph", "צ": "ts|tz|z|c", "ץ": "ts|tz|z|c",
    "ק": "k|q|c", "ר": "r", "ש": "sh|s", "ת": "t|th",
}  # fmt: skip
_ARABIC: Final = {
    "ا": "", "أ": "", "إ": "", "آ": "", "ى": "", "ء": "", "ؤ": "", "ئ": "", "ع": "", "ب": "b|p", "ت": "t",
    "ط": "t", "ث": "th|s", "ج": "j|g|dj", "ح": "h", "ه": "h|", "ة": "h|t|", "خ": "kh|k|h", "د": "d",
    "ذ": "dh|d|z|th", "ر": "r", "ز": "z", "س": "s", "ص": "s", "ش": "sh|ch", "ض": "d|dh|z", "ظ": "z|dh",
    "غ": "gh|g", "ف": "f|v", "ڤ": "v", "ق": "q|k|g|c", "ك": "k|c", "ک": "k|c", "ل": "l", "م": "m", "ن": "n",
    "و": "w|v|", "ي": "y|j|", "ی": "y|j|", "پ": "p", "چ": "ch", "ژ": "zh|j", "گ": "g",
}  # fmt: skip
_WITHOUT_VOWELS: Final = {**_HEBREW, **_ARABIC}
_WITH_VOWELS: Final = {**_CYRILLIC, **_GREEK}
_ANY_VOWELS: Final = "[aeiouy]*"
# What a Russian, Ukrainian, Serbian ... name ends in when it is not the subject of its sentence.
_ENDINGS: Final = (
    "(?:|a|u|yu|ju|iu|om|em|ym|im|oy|oi|oj|ey|ei|e|y|i|ya|ja|ia|iy|ij|ii|yj|yy|iya|ija|iyu|iju|"
    "ogo|omu|aya|aja)"
)
# The same as it stands in the text, and Greek, to be taken off a name that is foreign there.
_TAKEN_OFF: Final = (
    *("а", "у", "ом", "ем", "е", "ы", "и", "ой", "ей", "ою", "ю", "я", "ам", "ами", "ах", "ов", "ым", "ому"),
    *("ς", "σ", "υ", "ου", "ων", "α"),
)
_LEAST_LETTERS, _LEAST_STEM, _LEAST_KEPT, _LONGEST = 2, 3, 4, 32


@cache
def in_latin(word: str) -> re.Pattern[str] | None:
    """Return what a word of another script may be in folded Latin letters; None where we do not know, or too
    little is left of it to tell it from others, or it is longer than names are.
    """
    if len(word) > _LONGEST:
        return None
    composed = unicodedata.normalize("NFC", word.casefold())
    composed = "".join(letter for letter in composed if not unicodedata.combining(letter))
    script = script_of(composed)
    composed = folded(word) if script == "GREEK" else composed
    if script in ("CYRILLIC", "GREEK"):
        if _pieces(composed, _WITH_VOWELS) is None:
            return None
        kept = {composed[: -len(end)] for end in _TAKEN_OFF if composed.endswith(end)}
        ways = [
            _spelt(way) for way in sorted({composed, *kept}) if way == composed or len(way) >= _LEAST_KEPT
        ]
        ways += [_spelt(stem(composed)) + _ENDINGS] if script == "CYRILLIC" else []
        return re.compile("|".join(ways))
    return _consonants(composed) if script in ("HEBREW", "ARABIC") else None


def _consonants(word: str) -> re.Pattern[str] | None:
    """Return the same for a script that writes few vowels."""
    article = ""
    if word.startswith("\u0627\u0644") and len(word) > _LEAST_LETTERS + 2:
        article, word = "(?:[aeu]l)?", word[2:]
    ways = _pieces(word, _WITHOUT_VOWELS)
    if ways is None or sum(bool(way) and not way.endswith("|)") for way in ways) < _LEAST_LETTERS:
        return None
    # Never an empty way inside of a repetition: forty such letters would be tried in 2^40 ways.
    letters = "".join(
        f"{way[:-2]}){{0,2}}{_ANY_VOWELS}" if way.endswith("|)") else f"{way}{{1,2}}{_ANY_VOWELS}"
        for way in filter(None, ways)
    )
    return re.compile(article + _ANY_VOWELS + letters)


def stem(word: str) -> str:
    """Return what a Cyrillic name in small letters keeps in all its cases."""
    while len(word) > _LEAST_STEM and word[-1] in "аяйьоеыиуюі":
        word = word[:-1]
    return word


def _spelt(word: str) -> str:
    return "".join(_pieces(word, _WITH_VOWELS) or ())


def _pieces(word: str, table: dict[str, str]) -> list[str] | None:
    """Return a pattern for each letter, or pair that is one sound; None where one is in no table."""
    pieces, k = [], 0
    while k < len(word):
        ways = table.get(word[k : k + 2]) if len(word[k : k + 2]) == 2 else None
        step = 1 if ways is None else 2
        ways = table.get(word[k]) if ways is None else ways
        if ways is None:
            return None
        pieces.append(f"(?:{ways})" if ways else "")
        k += step
    return pieces
