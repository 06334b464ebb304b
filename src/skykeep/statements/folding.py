"""Text with its many marks made few, character for character, so that no offset moves.

Every kind of space becomes a space, every kind of quotation mark `"`, apostrophe `'` and dash `-`; marks
that only steer the direction of writing become spaces. Case and accents stay. A line end that only wraps
a line becomes a space; one that ends a paragraph, a line of a log or a post stays a line end.
"""

from __future__ import annotations

import re

_SPACES = (
    "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\v\f"
)
_UNSEEN = (
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufe0f\ufeff"
)
_MARKS = {
    **dict.fromkeys(_SPACES + _UNSEEN, " "),
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u2032\u05f3`", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u301d\u301e\u2033\u05f4", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
}
_TABLE = str.maketrans(_MARKS)
_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S+")
_WRAPPED_FROM_CHARACTERS = 50
_LINE_STARTS_ANEW = re.compile(r"\s*(?:[-*\u2022\u21b3>]|\d+[.):]|\d{2}:?\d{2}\b|[A-Z][\w -]{1,24}:|$)")


def fold(text: str) -> str:
    """Return `text` with its marks folded; as long as before, every character at its place."""
    folded = _ADDRESS.sub(lambda found: " " * len(found.group()), text.translate(_TABLE))
    return _unwrap(_unquote_lines(folded))


def _unquote_lines(folded: str) -> str:
    """Return the text with the `>` that mails put before quoted lines as spaces."""
    return re.sub(r"(?m)^[ ]*(?:>[ ]?)+", lambda found: " " * len(found.group()), folded)


def _unwrap(folded: str) -> str:
    """Return the text with those line ends as spaces that only wrap a line of a paragraph."""
    lines = folded.split("\n")
    parts: list[str] = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        parts.append(line)
        parts.append(" " if _is_wrapped(line, following) else "\n")
    return "".join(parts[:-1])


def _is_wrapped(line: str, following: str) -> bool:
    ended = line.rstrip()
    if not ended or not following.strip() or _LINE_STARTS_ANEW.match(following):
        return False
    if following.lstrip()[0].islower():
        return len(ended) > _WRAPPED_FROM_CHARACTERS or ended[-1] == ","
    return len(ended) > _WRAPPED_FROM_CHARACTERS and len(ended) < 100 and ended[-1] not in '.!?:"'
