"""What every entry of a case must be: said by somebody, at a time, in text that can be written down."""

from __future__ import annotations

from skykeep.base.errors import InputError
from skykeep.domain.incident import LONGEST_NAME

_LARGEST_INT64 = 2**63 - 1


def check_text(field: str, text: str, longest: int, *, lines: bool = False) -> None:
    """Raise InputError unless `text` says something, within `longest` characters, and no control character
    is in it; with `lines` it may have more than one.
    """
    if not text.strip():
        raise InputError(field, repr(text[:20]), "a text that says something")
    if len(text) > longest:
        raise InputError(field, f"{len(text)} characters", f"at most {longest}")
    allowed = "\n\t\r" if lines else ""
    for character in text:
        code = ord(character)
        if (code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000) and character not in allowed:
            raise InputError(field, f"the character U+{code:04X}", "text without control characters")


def check_time(field: str, time_utc_ns: int) -> None:
    """Raise InputError unless a time can be written down: nanoseconds since 1970 in 63 bits."""
    if not 0 <= time_utc_ns <= _LARGEST_INT64:
        raise InputError(field, str(time_utc_ns), f"0 to {_LARGEST_INT64}")


def check_who_and_when(by: str, time_utc_ns: int) -> None:
    """Raise InputError where nobody says it, or at no time."""
    check_text("by", by, LONGEST_NAME)
    check_time("time_utc_ns", time_utc_ns)
