"""Corrections among sayings: which value is taken back, which is the new one, and where nobody can tell."""

from __future__ import annotations

from collections.abc import Sequence

from skykeep.domain.statement import Assertion, Slot, SpeechAct


def without_repeated(held: Sequence[Assertion]) -> list[Assertion]:
    """Return sayings without corrections to a value that the speaker claims in the same document: that value
    is the new one, and said already.
    """
    claimed = {_spoken(one) for one in held if one.act not in (SpeechAct.CORRECTS, SpeechAct.DENIES)}
    return [one for one in held if one.act is not SpeechAct.CORRECTS or _spoken(one) not in claimed]


def open_and_unclear(assertions: Sequence[Assertion]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the corrections that count as claims, and those of which nobody can tell.

    A lone correction gives the value that it takes back. Of two by one speaker one is the old value and one
    the new: they count as claims. One beside a claim of another value may be either.
    """
    values: dict[tuple[str, str, Slot], set[str]] = {}
    claimed: dict[tuple[str, str, Slot], set[str]] = {}
    corrections = [one for one in assertions if one.act is SpeechAct.CORRECTS]
    for one in assertions:
        held = values if one.act is SpeechAct.CORRECTS else claimed
        if one.act in (SpeechAct.CORRECTS, SpeechAct.CLAIMS):
            held.setdefault(_spoken(one)[:3], set()).add(plain(one.value))
    both, unclear = set(), set()
    for one in corrections:
        key = _spoken(one)[:3]
        if key not in claimed and len(values[key]) > 1:
            both.add(one.assertion_id)
        elif claimed.get(key, set()) - {plain(one.value)}:
            unclear.add(one.assertion_id)
    return frozenset(both), frozenset(unclear)


def _spoken(one: Assertion) -> tuple[str, str, Slot, str]:
    return one.passage.document_id, one.speaker, one.slot, plain(one.value)


def plain(value: str) -> str:
    """Return a value as it is compared: without case, and with single spaces."""
    return " ".join(value.casefold().split())
