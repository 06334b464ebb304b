"""Turns of a transcript and posts of a forum: lines whose beginning names who speaks until the next.

A turn is "Ms Whitcombe: I would never say so.", a post stands under a line with a name and a time. Both are
seen only where a text has several, so that a single label before a colon makes no speaker.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from skykeep.statements.names import looks_like_speaker
from skykeep.statements.speaking import LABELS

# A turn under a name in capitals: "COL. VARGA: Good morning. ..."
_CAPITALS = re.compile(r"(?m)^[ ]*(?P<who>(?:[A-Z][A-Z'-]+\.?|Q|A)(?: [A-Z][\w'-]*\.?){0,4}):(?= )")
_NAMED = re.compile(r"(?m)^[ ]*(?P<who>[A-Z][\w.'-]*(?: [\w.'-]+){0,6}?)(?: \([^()\n]{1,60}\)){0,3} ?:(?= )")
_HEADING = re.compile(
    r"(?m)^[ >*]*(?P<who>[^\s:@\n\"()\d][^:@\n\"(),]{0,40}?)"
    r"(?:,? \((?:[\w ]{1,20},? )?\d\d?[:.]\d\d(?: ?[ap]m)?\)|, \d\d?[:.]\d\d(?: ?[ap]m)?| wrote:"
    r"| posted:)[ ]*$"
)
# A line of a chat with its hour ("01:19 | mo: heard it"), and a handle with its hour above a post.
_CHAT = re.compile(
    r"(?m)^[ ]*\[?\d\d?[:.]\d\d(?:[:.]\d\d)?\]? ?[|\]-] ?(?:(?:forwarded|fwd|reposted) from )?"
    r"(?P<who>[\w.@'-]+(?: [\w.@'-]+){0,4}):(?= )"
)
_HANDLE = re.compile(
    r"(?m)^[ >*\u21b3]*(?P<who>(?:[^\s:@\n][^:@\n]{0,40} )?@\w+)(?: \([^()\n]{1,40}\))?[ ,\u00b7-]*"
    r"\d\d?[:.]\d\d(?: ?[ap]m)?[ ]*$"
)
_AT_LEAST = 3


class Turn(NamedTuple):
    """Who speaks from `start` to `end`; `who` is where the name stands."""

    who: tuple[int, int]
    start: int
    end: int


def turns_in(folded: str, masked: str) -> list[Turn]:
    """Return the turns and posts of a text; `masked` is the same without what stands in quotation marks."""
    turns = [each for each in _CAPITALS.finditer(masked) if _takes_turn(each["who"])]
    named = [each for each in _NAMED.finditer(masked) if _takes_turn(each["who"])]
    names = [each["who"] for each in named]
    if len(named) >= _AT_LEAST and len(set(names)) < len(names):
        turns += named
    chat = list(_CHAT.finditer(masked))
    turns += chat if len(chat) >= _AT_LEAST else []
    found = [Turn(each.span("who"), each.end(), _line_end(folded, each.end())) for each in turns]
    for heads in (list(_HEADING.finditer(folded)), list(_HANDLE.finditer(folded))):
        if len(heads) < _AT_LEAST:
            continue
        ends = [*(each.start() for each in heads[1:]), len(folded)]
        found += [Turn(each.span("who"), each.end(), end) for each, end in zip(heads, ends, strict=True)]
    return found


def _line_end(folded: str, at: int) -> int:
    end = folded.find("\n", at)
    return end if end >= 0 else len(folded)


def _takes_turn(phrase: str) -> bool:
    """Whether what stands before a colon at the beginning of a line is one who speaks all of that line."""
    return looks_like_speaker(phrase) and not LABELS.match(phrase) and phrase.split()[0][0].isupper()
