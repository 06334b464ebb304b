"""Plain text as a stranger hands it in: bytes of any encoding to characters, none lost and none moved.

The byte-order mark goes first, then what was declared, then UTF-8, then UTF-8 with stray bytes in it, each
shown as U+FFFD and counted; only then a guess by the bytes' own statistics (charset-normalizer). Encodings of
old Macintoshes and of mainframes are never guessed: nearly any bytes can be read as those. No-break spaces
and line ends stay as they are: every offset counts from this text.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from charset_normalizer import from_bytes

from skykeep.base.errors import DecodeError

LARGEST_CHARACTERS = 2_000_000
_GUESSED_FROM_BYTES = 200_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHERS = ("mac_roman", "mac_latin2", "mac_iceland", "mac_turkish", "mac_greek", "mac_cyrillic",
    "mac_croatian", "cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140")  # fmt: skip
# Valid sequences of several bytes; those of dashes and curly quotes stand in no other encoding's text.
_SEVERAL = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_TELLING = re.compile(rb"\xe2\x80[\x90-\xaf]")
STRAY = "\ufffd"
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class DecodedText(NamedTuple):
    """Characters, the encoding they were read in, whether that was guessed from the bytes, and how many
    bytes are not of it: each of those stands in the text as U+FFFD.
    """

    text: str
    encoding: str
    is_guessed: bool = False
    stray_bytes: int = 0


def decode_text(data: bytes, declared: str = "") -> DecodedText:
    """Return the characters of `data`; DecodeError when it is no text, empty, or longer than we read."""
    found = _decoded(data, declared)
    text = found.text
    if not text.strip():
        raise DecodeError("text", "nothing a reader could see", "at least one word")
    if len(text) > LARGEST_CHARACTERS:
        raise DecodeError("text", f"{len(text):,} characters", f"at most {LARGEST_CHARACTERS:,}")
    if len(_CONTROL.findall(text)) > len(text) // 100:
        raise DecodeError("text", "control characters", "text, not a program or a picture")
    return found


def _decoded(data: bytes, declared: str) -> DecodedText:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return DecodedText(_strictly(data, encoding) or "", encoding.removesuffix("-sig"))
    for encoding in (declared, "utf-8"):
        text = _strictly(data, encoding) if encoding else None
        if text is not None:
            return DecodedText(text, codecs.lookup(encoding).name)
    mixed = _mixed(data)
    if mixed is not None:
        return mixed
    guess = from_bytes(data[:_GUESSED_FROM_BYTES], cp_exclusion=list(_OTHERS)).best()
    text = _strictly(data, guess.encoding) if guess is not None else None
    if guess is None or text is None:
        raise DecodeError("text", "bytes of no encoding we know", "text in a known encoding")
    return DecodedText(text, codecs.lookup(guess.encoding).name, is_guessed=True)


def _mixed(data: bytes) -> DecodedText | None:
    """Return text that is UTF-8 but for stray bytes, None where the bytes do not look like that."""
    valid = len(_SEVERAL.findall(data))
    stray = sum(byte > 0x7F for byte in _SEVERAL.sub(b"", data))
    if not valid or (valid < stray and not _TELLING.search(data)):
        return None
    # The handler marks a broken sequence once; each of its bytes is to be seen.
    kept = data.decode("utf-8", errors="surrogateescape")
    text = re.sub("[\udc80-\udcff]", STRAY, kept)
    return DecodedText(text, "utf-8", stray_bytes=text.count(STRAY) - data.count(STRAY.encode()))


def _strictly(data: bytes, encoding: str) -> str | None:
    """Return the text, or None where the bytes are not of that encoding or nobody knows it."""
    try:
        if not codecs.lookup(encoding)._is_text_encoding:
            return None
        return data.decode(encoding)
    except (LookupError, UnicodeError, ValueError):
        return None
