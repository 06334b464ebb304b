"""Values of slots, as the labelling guide writes them."""

from __future__ import annotations

import datetime
import re

from skykeep.statements.dates import anchor_of, day_in, time_value, zone_of
from skykeep.statements.folding import fold
from skykeep.statements.numbers_in_words import count_value, counted_words

_NIGHT_OR_DAY = re.compile(
    r"\b(?:early|late|small|hours|night|overnight|morning|dawn|evening|on|at|before|after"
    r"|midnight)\b[^.\n]{0,30}?"
    r"\b((?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b",
    re.IGNORECASE,
)

# Who says it, in words that a rule took along: they are the speaker's, and no part of what is said.
_WHO = r"(?:(?!and\b|or\b|but\b)[\w'\u2019.-]+ ){0,4}"
_SAYING = r"(?:said|says|say|told [\w ]{1,20}|adds|added|wrote|announced|stated)"
_BEFORE, _AFTER = rf"^{_WHO}{_SAYING}(?: that)? (?=\w+ \w)", rf",[\"\u201d]? {_WHO}{_SAYING}[ \w]{{0,20}}$"
_AROUND = re.compile(rf"{_BEFORE}|{_AFTER}", re.IGNORECASE)


def of_rule(value: str, words: str) -> str:
    """Return the value that a rule's value column asks for, of the words of its passage."""
    plain = " ".join(fold(words).split())
    if value == "=":
        return _AROUND.sub("", " ".join(words.split()))
    if value == "#=":
        return counted_words(plain)
    if value == "# hurt":
        number = count_value(plain) or "1"
        is_dead = re.search(r"\b(?:killed|dead|died|deaths?|fatalit)", plain, re.IGNORECASE)
        return f"{number} {'dead' if is_dead else 'hurt'}"
    if value == "#":
        if re.search(r"\band (?:a|the) second\b", plain, re.IGNORECASE):
            return "2"
        # How many a further one makes is not said.
        return ("" if "further" in plain.casefold() else count_value(plain)) or plain
    return value


class Days:
    """The days that one document speaks of, by its own date."""

    def __init__(self, folded: str, published: str) -> None:
        self._anchor = anchor_of(published)
        self._zone = zone_of(folded)
        self._folded = folded
        self._morning = _first_of_morning(folded)
        self._day = None
        spoken_of = _NIGHT_OR_DAY.search(folded)
        if self._anchor is not None and spoken_of:
            self._day = day_in(spoken_of.group(1), self._anchor)

    def value(self, words: str) -> str:
        """Return a moment in words as ISO where the document's date allows, else as it is."""
        return time_value(" ".join(fold(words).split()), self._anchor, self._day, self._zone)

    def of_entry(self, start: int, end: int) -> str:
        """Return the time of a log's entry as ISO; before midnight it is of the day before the log's date."""
        words = self._folded[start:end]
        day = self._anchor
        if day is not None and self._morning is not None and start < self._morning:
            day -= datetime.timedelta(days=1)
        digits = words if len(words) > 4 else f"{words[:2]}:{words[2:]}"
        return time_value(digits, day, day, self._zone)


def _first_of_morning(folded: str) -> int | None:
    """Return where a log's times begin again after midnight; None where they do not."""
    last = -1
    for each in re.finditer(r"(?m)^[ ]*(\d{2}):?(\d{2})Z?[ ]", folded):
        minutes = int(each[1]) * 60 + int(each[2])
        if minutes < last - 360:
            return each.start()
        last = minutes
    return None
