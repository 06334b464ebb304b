"""The mark that stands where something was withheld, in any text: which, and why.

It is made of two characters for private use about the reason, so that nothing from outside can look like it:
`outside` takes these two out of text first. Writers set it as a black bar.
"""

from __future__ import annotations

import re
from typing import Final

_OPEN, _CLOSE = "\ue000", "\ue001"
MARK: Final = re.compile(f"{_OPEN}([a-z ]+){_CLOSE}")


def mark(why: str) -> str:
    """Return the mark for a reason in small letters: `personal`, `security`."""
    return f"{_OPEN}{why}{_CLOSE}"


def outside(text: str) -> str:
    """Return text in which nothing can be taken for a mark."""
    return text.replace(_OPEN, "[U+E000]").replace(_CLOSE, "[U+E001]")


def in_words(text: str) -> str:
    """Return text with marks as words: `[withheld: personal]`."""
    return MARK.sub(r"[withheld: \1]", text)
