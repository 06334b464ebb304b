"""Numbers that people say, set against one another as ranges: how many, how many hurt, how often heard.

A bound is a range to infinity or from nothing ("at least 3", "no more than two"); an unknown number meets
none. Of the dead and the hurt like is compared with like; of noises only those that may be one noise.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from skykeep.domain.statement import Relation
from skykeep.statements.numbers_in_words import numbers_in

_NOBODY = re.compile(r"^\s*(?:none|nobody|nil|no one|nothing|zero)\b", re.IGNORECASE)
_MORE_THAN_ONE = re.compile(r"\bmore than one\b", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:several|many|some|more than one|dozens|a number of)\b", re.IGNORECASE)
_FROM = re.compile(r"\b(?:at least|more than|over|no fewer than|not less than|upwards of)\b", re.IGNORECASE)
_TO = re.compile(
    r"\b(?:up to|at most|fewer than|less than|no more than|not more than|as many as)\b", re.IGNORECASE
)
_BETWEEN = re.compile(r"[\d\w]\s*(?:-|\u2013|/|\b(?:to|or|and)\b)\s*[\d\w]", re.IGNORECASE)
_DEAD = re.compile(r"\b(?:dead|died|killed|deaths?|fatal\w*|slain)\b", re.IGNORECASE)
_HURT = re.compile(
    r"\b(?:hurt|injur\w+|wound\w+|burn(?:ed|t|s)|cuts?|treated|hospital\w*|casualt\w+)\b", re.IGNORECASE
)
_BANG_WORDS = """explosion explosions blast blasts bang bangs boom booms crack cracks crump crumps thud thuds
thump thumps report reports shot shots detonation detonations clap claps pop pops burst bursts gun guns rifle
salvo salvos round rounds"""
_BANGS = frozenset(_BANG_WORDS.split())
_NONE_OF = re.compile(r"\b(?:no|nobody|none|without)\b(?! (?:more|fewer|less))", re.IGNORECASE)
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)
_HOW_OFTEN_WORDS = "once twice thrice times at least loud more than about some several massive big"
_HOW_OFTEN = frozenset(_HOW_OFTEN_WORDS.split())


class Span(NamedTuple):
    """All numbers from `low` to `high`, both with it; NaN for no number that anybody said."""

    low: float
    high: float

    def relation(self, other: Span) -> Relation | None:
        """Return whether the two may be one number; None where one is unknown."""
        if math.isnan(self.low) or math.isnan(other.low):
            return None
        meet = self.low <= other.high and other.low <= self.high
        return Relation.AGREE if meet else Relation.CONTRADICT


UNKNOWN = Span(math.nan, math.nan)


def span_of(value: str) -> Span:
    """Return the numbers that a value stands for: "2-4", "three or four", "at least 3", "several", "none"."""
    numbers = numbers_in(value)
    if not numbers:
        if _NOBODY.search(value):
            return Span(0.0, 0.0)
        return Span(2.0, math.inf) if _SEVERAL.search(value) else UNKNOWN
    low = float(numbers[0])
    if _MORE_THAN_ONE.search(value):
        return Span(2.0, math.inf)
    if _TO.search(value):
        return Span(0.0, low)
    high = float(numbers[1]) if len(numbers) > 1 and numbers[1] > low and _BETWEEN.search(value) else low
    return Span(low, math.inf) if _FROM.search(value) else Span(low, high)


def counts(value: str, other: str) -> Relation | None:
    """Return how two numbers stand."""
    return span_of(value).relation(span_of(other))


def casualties(value: str, other: str) -> Relation | None:
    """Return how two tolls stand: the dead against the dead, the hurt against the hurt; nobody is of both."""
    mine, its = _toll(value), _toll(other)
    found = {mine[kind].relation(its[kind]) for kind in mine.keys() & its.keys()}
    return next((each for each in (Relation.CONTRADICT, Relation.AGREE) if each in found), None)


def _toll(value: str) -> dict[str, Span]:
    if span_of(value) == Span(0.0, 0.0) and not (_DEAD.search(value) or _HURT.search(value)):
        return {"dead": Span(0.0, 0.0), "hurt": Span(0.0, 0.0), "any": Span(0.0, 0.0)}
    found = {}
    for part in re.split(r",|;|\band\b|\bbut\b", value):
        kind = "dead" if _DEAD.search(part) else "hurt" if _HURT.search(part) else "any"
        span = Span(0.0, 0.0) if _NONE_OF.search(part) else span_of(part)
        if not math.isnan(span.low):
            found[kind] = span
    return found


def heard(value: str, other: str) -> Relation | None:
    """Return how noises that were counted stand; None where they are plainly not one kind of noise."""
    mine, its = _noises(value), _noises(other)
    alike = not mine or not its or mine & its or (mine & _BANGS and its & _BANGS)
    return counts(value, other) if alike else None


def _noises(value: str) -> frozenset[str]:
    words = {word.casefold() for word in _WORD.findall(value)}
    return frozenset(word for word in words - _HOW_OFTEN if not numbers_in(word) and len(word) > 2)
