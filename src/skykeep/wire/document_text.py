"""Plain text as a stranger hands it in: bytes of any encoding to characters, none lost and none moved.

The byte-order mark goes first, then what was declared, then UTF-8, then a guess by the bytes' own statistics
(charset-normalizer). No-break spaces and line ends stay as they are: every offset counts from this text.
"""

from __future__ import annotations

import codecs
import re

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
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode_text(data: bytes, declared: str = "") -> str:
    """Return the characters of `data`; DecodeError when it is no text, empty, or longer than we read."""
    text = _decoded(data, declared)
    if not text.strip():
        raise DecodeError("text", "nothing a reader could see", "at least one word")
    if len(text) > LARGEST_CHARACTERS:
        raise DecodeError("text", f"{len(text):,} characters", f"at most {LARGEST_CHARACTERS:,}")
    if len(_CONTROL.findall(text)) > len(text) // 100:
        raise DecodeError("text", "control characters", "text, not a program or a picture")
    return text


def _decoded(data: bytes, declared: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding) or ""
    for encoding in (declared, "utf-8"):
        text = _strictly(data, encoding) if encoding else None
        if text is not None:
            return text
    guess = from_bytes(data[:_GUESSED_FROM_BYTES]).best()
    text = _strictly(data, guess.encoding) if guess is not None else None
    if text is None:
        raise DecodeError("text", "bytes of no encoding we know", "text in a known encoding")
    return text


def _strictly(data: bytes, encoding: str) -> str | None:
    """Return the text, or None where the bytes are not of that encoding or nobody knows it."""
    try:
        if not codecs.lookup(encoding)._is_text_encoding:
            return None
        return data.decode(encoding)
    except (LookupError, UnicodeError, ValueError):
        return None
