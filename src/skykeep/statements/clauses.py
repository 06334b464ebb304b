"""Clauses: where the words around a passage begin and end, and whether they tell of what happened."""

from __future__ import annotations

import re

from skykeep.statements.phrases import expand

_I = re.IGNORECASE
_BREAK = re.compile(r"[;:](?!\d)|, (?:but|and|while|although)\b| - |\b(?:but|while|although)\b", _I)
# Words without which a place or a time is of something else: who was to queue where, what opens when.
_HAPPENING = re.compile(
    expand(
        r"\b(?:{CRAFT}|{THING}|{ATTACK}|{BLAST}|{HUM}|{SHOW}|shot|down(?:ed)?|crash\w*|f(?:ell|alls?|alling"
        r"|allen)|land(?:s|ed|ing)|hit|struck|strike|dropp?(?:s|ed|ing)?|tumbl\w+|plung\w+|smoke|debris"
        r"|fragments|wreck\w*|hover\w*|circl\w+|cross\w+|fl(?:ew|y|ies|ying|own)|overfl\w+|appear\w*"
        r"|approach\w*|spotted|sighted|seen|saw|detected|hear|heard|woken|explo\w+|intercept\w+|jam\w*"
        r"|engag\w+|destroy\w*|fir(?:e|ed|ing)|burn\w*|happen\w*|going on|events?|incidents?|visitors?"
        r"|intru\w+|came|went|gone|got|lights?|pass(?:ed|es|ing)|climb\w*|launch\w*|sent|recovered|found"
        r"|netted|caught|alarms?|alerts?|damaged?|injur\w+|hurt|kept on|slid|ended|taken off|minus|film\w*"
        r"|twds|heading|hdg|called)\b"
    ),
    _I,
)


def clause_around(folded: str, start: int, end: int, begin: int, finish: int) -> tuple[int, int]:
    """Return the clause of the sentence `begin` to `finish` in which the passage `start` to `end` stands."""
    first, last = begin, finish
    for each in _BREAK.finditer(folded, begin, finish):
        if each.end() <= start:
            first = each.end()
        elif each.start() >= end:
            last = each.start()
            break
    return first, last


def tells_of_event(folded: str, start: int, end: int, begin: int, finish: int) -> bool:
    """Whether the clause around a passage, without the passage itself, speaks of the night's event."""
    first, last = clause_around(folded, start, end, begin, finish)
    return (
        _HAPPENING.search(folded, first, start) is not None
        or _HAPPENING.search(folded, end, last) is not None
    )
