"""What can be printed: any text made safe for paper, and for the language the paper is set in.

The dossier must look the same on every machine, so it uses only the fonts inside typst: Libertinus Serif
(Latin, Greek, Cyrillic, Hebrew) and DejaVu Sans Mono (which adds Arabic). A character that neither can draw
is printed as its number, `[U+4E2D]`, so that nothing is lost and nothing stops the press. So are characters
that draw nothing but change how others look, such as those that turn the direction of writing: a serial
number must not be able to read backwards.
"""

from __future__ import annotations

import re
import unicodedata

# Every character in these ranges that Unicode assigns is drawn by the fonts inside typst
# (tests/store/test_dossier_file.py prints them all).
_DRAWN = (
    (0x0020, 0x007E),
    (0x00A0, 0x017F),
    (0x0391, 0x03C9),
    (0x0400, 0x045F),
    (0x0490, 0x0491),
    (0x05D0, 0x05EA),
    (0x060C, 0x060C),
    (0x061B, 0x061B),
    (0x061F, 0x061F),
    (0x0621, 0x063A),
    (0x0640, 0x0655),
    (0x0660, 0x066D),
    (0x06A9, 0x06A9),
    (0x06AF, 0x06AF),
    (0x06CC, 0x06CC),
    (0x067E, 0x067E),
    (0x0686, 0x0686),
    (0x0698, 0x0698),
    (0x2010, 0x2014),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x2032, 0x2033),
    (0x20AC, 0x20AC),
    (0x2116, 0x2116),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2248, 0x2248),
    (0x2264, 0x2265),
)
# From a right-to-left letter to the last one before the next letter of another script, so that numbers inside
# an Arabic sentence stay where an Arabic reader looks for them.
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08FF](?:[^A-Za-z\u00C0-\u058F]*[\u0590-\u08FF])*")
# A soft hyphen draws nothing.
_HIDDEN = frozenset({0x00AD})


def drawn(character: str) -> bool:
    """Return whether the fonts that every dossier has can draw this character."""
    code = ord(character)
    return code not in _HIDDEN and any(first <= code <= last for first, last in _DRAWN)


def printable(text: str) -> str:
    """Return text of which every character is drawn; line breaks become spaces, the rest its number."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isascii() and composed.isprintable():
        return composed
    return "".join(
        character if drawn(character) else " " if character in "\n\r\t" else f"[U+{ord(character):04X}]"
        for character in composed
    )


def quoted(text: str) -> str:
    """Return text as a typst string: inside one, nothing is markup and only `\\` and `"` mean anything.

    After a stretch of right-to-left writing stands a mark that ends it: without one, the date in
    "<Arabic name>, 2031-05-03" would be set as 03-05-2031.
    """
    harmless = printable(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_RIGHT_TO_LEFT.sub(_end_of_stretch, harmless)}"'


def _end_of_stretch(stretch: re.Match[str]) -> str:
    return stretch.group() + "\\u{200E}"
