"""Tables put into patterns, and texts marked so that a noun phrase can be told by its spaces.

`mark` turns the space before a word at which no noun phrase goes on (`STOPS`) into the character 1F, and that
before a past form into 1E; a noun phrase is then words with plain spaces between them. A space in a pattern
stands for any of these, and for a quotation mark beside them.
"""

from __future__ import annotations

import re

from skykeep.statements.vocabulary import NO_PAST_FORMS, STOPS, TABLES

_NAME = re.compile(r"\{([A-Z_]+)\}")
_SPACE = re.compile(r"\[[^\]]*\]| \?| ")
_SPACES = {" ": '[ \x1e\x1f"]+', " ?": "[ \x1e\x1f]*"}
_WORD = re.compile(r" ([\w'/-]+)")


def expand(pattern: str) -> str:
    """Return a pattern with every `{TABLE}` put in and every space standing for any spaces.

    Raises `KeyError` for a table that is not there: a mistake of ours.
    """
    while _NAME.search(pattern):
        pattern = _NAME.sub(lambda found: f"(?:{TABLES[found.group(1)]})", pattern)
    return _SPACE.sub(lambda found: _spaces(found.group()), pattern)


def _spaces(piece: str) -> str:
    if piece in _SPACES:
        return _SPACES[piece]
    return (
        piece[:-1] + "\x1e\x1f]"
        if " " in piece and not piece.startswith("[^") and "\\x1" not in piece
        else piece
    )


def mark(folded: str) -> str:
    """Return a folded text with the spaces before stops and past forms marked; as long as before."""
    return _WORD.sub(_marked, folded)


def _marked(found: re.Match[str]) -> str:
    word = found[1]
    plain = word.lower()
    if plain in STOPS and not (word == "May" or word == "US"):
        return "\x1f" + word
    is_past = word.endswith("ed") and len(word) > 3 and word.islower() and not word.startswith("un")
    return ("\x1e" if is_past and plain not in NO_PAST_FORMS else " ") + word
