"""What can be printed: any text made safe for paper, and for the language the paper is set in.

The dossier must look the same on every machine, so it uses only the fonts inside typst, Libertinus Serif
(Latin, Greek, Cyrillic, Hebrew), New Computer Modern (what that lacks) and DejaVu Sans Mono, and Noto Naskh
Arabic, which comes with Skykeep. A character that none of them can draw is printed as its number, `[U+4E2D]`,
so that nothing is lost and nothing stops the press. So are characters that draw nothing but change how others
look, such as those that turn the direction of writing: a serial number must not be able to read backwards.
"""

from __future__ import annotations

import re
import unicodedata

# Every character in these ranges that Unicode assigns is drawn by those fonts
# (tests/store/test_dossier_file.py prints them all).
_DRAWN = (
    (0x0020, 0x007E),
    (0x00A0, 0x03FF),
    (0x0400, 0x04FF),
    (0x0510, 0x0513),
    (0x0591, 0x05F4),
    (0x0606, 0x0607),
    (0x0609, 0x060C),
    (0x0615, 0x0615),
    (0x061B, 0x061B),
    (0x061E, 0x06FF),
    (0x0750, 0x077F),
    (0x1E00, 0x1FFE),
    (0x2010, 0x2027),
    (0x2030, 0x2037),
    (0x2039, 0x2040),
    (0x2044, 0x204B),
    (0x2070, 0x209C),
    (0x20A0, 0x20C0),
    (0x2113, 0x2113),
    (0x2116, 0x2117),
    (0x2122, 0x2122),
    (0x2150, 0x2151),
    (0x2153, 0x2184),
    (0x2190, 0x21FF),
    (0x2200, 0x222E),
    (0x2241, 0x226B),
)
# From a right-to-left letter to the last one before the next letter of another script, so that numbers inside
# an Arabic sentence stay where an Arabic reader looks for them.
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08FF](?:[^A-Za-z\u00C0-\u058F]*[\u0590-\u08FF])*")
# A number and its unit stand on one line.
_WITH_UNIT = re.compile(r"(?<=\d) (?=(?:%|s|min|h|m|km|ha|dB|m/s|bytes|UTC)(?![A-Za-z0-9]))")
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z\u00C0-\u058F]")
# These draw nothing: what changes how its neighbours look, what joins letters, what nobody has assigned yet.
_HIDDEN_CATEGORIES = frozenset({"Cf", "Cn", "Cc", "Zl", "Zp"})
_HIDDEN = frozenset({0x034F})


def hidden(character: str) -> bool:
    """Say whether a character draws nothing itself, but may change how others look or where they stand."""
    return ord(character) in _HIDDEN or unicodedata.category(character) in _HIDDEN_CATEGORIES


def drawn(character: str) -> bool:
    """Return whether the fonts that every dossier has can draw this character."""
    code = ord(character)
    if hidden(character):
        return False
    return any(first <= code <= last for first, last in _DRAWN)


def printable(text: str) -> str:
    """Return text of which every character is drawn; line breaks become spaces, the rest its number."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isascii() and composed.isprintable():
        return composed
    return "".join(
        character if drawn(character) else " " if character in "\n\r\t" else f"[U+{ord(character):04X}]"
        for character in composed
    )


def visible(text: str) -> str:
    """Return text for a terminal, which has letters of its own: in one line, with a number in place of each
    character that is hidden or no character, so that it can neither move the cursor nor read backwards.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " "
        if character in "\n\r\t"
        else f"[U+{ord(character):04X}]"
        if hidden(character) or unicodedata.category(character) == "Cs"
        else character
        for character in text
    )


def quoted(text: str) -> str:
    """Return text as a typst string: inside one, nothing is markup and only `\\` and `"` mean anything.

    After a stretch of right-to-left writing stands a mark that ends it: without one, the date in
    "<Arabic name>, 2031-05-03" would be set as 03-05-2031. Between a number and its unit no line ends.
    """
    harmless = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    harmless = _WITH_UNIT.sub("\u00a0", harmless)
    ended = ending_stretches(harmless, "\\u{200E}")
    return f'"{ended}"'


def is_mixed(text: str) -> bool:
    """Say whether a text has writing of both directions: then our own sentence goes from left to right."""
    return bool(_RIGHT_TO_LEFT.search(text) and _LEFT_TO_RIGHT.search(text))


def ending_stretches(text: str, mark: str) -> str:
    """Return text with a mark after each stretch of right-to-left writing."""
    return _RIGHT_TO_LEFT.sub(lambda stretch: stretch.group() + mark, text)
