"""Passages that two texts share word for word, but for a few.

Every common run of `SEED` words is found by an index of the second text, made as long as it goes, and the
longest are taken first, so that no word stands in two. Runs that follow one another in both texts with small
gaps are one passage; a sentence that is mostly inside one is wholly so. Three words that stand in more
than `MOST_PLACES` places start no run; that keeps the cost near the number of words.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from skykeep.statements.copy_words import Sentence, Word

SEED, LEAST_RUN, LEAST_WORDS = 3, 3, 6
LARGEST_GAP, LEAST_SHARE = 8, 0.7
MOST_PLACES = 40
# Translations of one text share many short runs; a text that was edited, few and long ones.
LEAST_MEAN_RUN, ALMOST_ALL = 4.3, 0.85
_SENTENCE_SHARE = 0.55


class Run(NamedTuple):
    """`length` words that read alike, from word `a` of the one text and word `b` of the other."""

    a: int
    b: int
    length: int


class Passage(NamedTuple):
    """Words `a_first` to `a_last` (not with it) of one text and likewise of the other, and their runs."""

    a_first: int
    a_last: int
    b_first: int
    b_last: int
    runs: tuple[Run, ...]

    @property
    def share(self) -> float:
        """Return which part of the longer side's words stands in both."""
        longer = max(self.a_last - self.a_first, self.b_last - self.b_first)
        return sum(run.length for run in self.runs) / longer


def common_runs(a: tuple[Word, ...], b: tuple[Word, ...]) -> list[Run]:
    """Return runs of words that read alike, longest first, no word of either text in two of them."""
    mine, its = [word.folded for word in a], [word.folded for word in b]
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for there in range(len(its) - SEED + 1):
        places[tuple(its[there : there + SEED])].append(there)
    found: list[Run] = []
    # How far each diagonal (place in `a` less place in `b`) was followed: no run is walked twice.
    followed: dict[int, int] = {}
    for at in range(len(mine) - SEED + 1):
        held = places.get(tuple(mine[at : at + SEED]), ())
        for there in held if len(held) <= MOST_PLACES else ():
            if followed.get(at - there, 0) > at:
                continue
            first, last = at, at + SEED
            while first > 0 and first > at - there and mine[first - 1] == its[first - 1 - at + there]:
                first -= 1
            while last < len(mine) and last - at + there < len(its) and mine[last] == its[last - at + there]:
                last += 1
            followed[at - there] = last
            found.append(Run(first, first - at + there, last - first))
    return _apart(found, len(a), len(b))


def _apart(found: list[Run], a_size: int, b_size: int) -> list[Run]:
    taken_a, taken_b = bytearray(a_size), bytearray(b_size)
    kept: list[Run] = []
    for run in sorted(found, key=lambda run: (-run.length, abs(run.a - run.b), run.a)):
        begin, end = 0, run.length
        while begin < end and (taken_a[run.a + begin] or taken_b[run.b + begin]):
            begin += 1
        while end > begin and (taken_a[run.a + end - 1] or taken_b[run.b + end - 1]):
            end -= 1
        if end - begin < LEAST_RUN or any(taken_a[run.a + begin : run.a + end]):
            continue
        if any(taken_b[run.b + begin : run.b + end]):
            continue
        taken_a[run.a + begin : run.a + end] = b"\x01" * (end - begin)
        taken_b[run.b + begin : run.b + end] = b"\x01" * (end - begin)
        kept.append(Run(run.a + begin, run.b + begin, end - begin))
    return kept


def verbatim_passages(
    a: tuple[Word, ...],
    b: tuple[Word, ...],
    a_sentences: tuple[Sentence, ...],
    b_sentences: tuple[Sentence, ...],
) -> list[Passage]:
    """Return the passages that two texts share but for a few words, in the order of the first."""
    passages: list[Passage] = []
    for runs in _chains(sorted(common_runs(a, b))):
        passage = _passage(runs)
        while passage.share < LEAST_SHARE and len(passage.runs) > 1:
            passage = _passage(_without_weakest_end(passage.runs))
        if _weight(a, passage) >= LEAST_WORDS and passage.share >= LEAST_SHARE and _is_edited(passage):
            passages.append(_whole_sentences(passage, a_sentences, b_sentences))
    return passages


def _is_edited(passage: Passage) -> bool:
    mean_run = sum(run.length for run in passage.runs) / len(passage.runs)
    return mean_run >= LEAST_MEAN_RUN or passage.share >= ALMOST_ALL


def _passage(runs: tuple[Run, ...]) -> Passage:
    last = runs[-1]
    return Passage(runs[0].a, last.a + last.length, runs[0].b, last.b + last.length, runs)


def _weight(words: tuple[Word, ...], passage: Passage) -> float:
    """Return how many words are shared, a word of grammar as half a one."""
    return sum(
        1.0 if word.meaning else 0.5 for run in passage.runs for word in words[run.a : run.a + run.length]
    )


def _chains(runs: list[Run]) -> list[tuple[Run, ...]]:
    """Return runs that follow one another in both texts with gaps that a few changed words make."""
    open_chains: list[list[Run]] = []
    for run in runs:
        for chain in reversed(open_chains):
            last = chain[-1]
            gap_a, gap_b = run.a - last.a - last.length, run.b - last.b - last.length
            if 0 <= gap_a <= LARGEST_GAP and 0 <= gap_b <= LARGEST_GAP:
                chain.append(run)
                break
        else:
            open_chains.append([run])
    return [tuple(chain) for chain in open_chains]


def _without_weakest_end(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    return runs[1:] if runs[0].length < runs[-1].length else runs[:-1]


def _whole_sentences(
    passage: Passage, a_sentences: tuple[Sentence, ...], b_sentences: tuple[Sentence, ...]
) -> Passage:
    """Return the passage with its first and last sentence whole on both sides, where most of each is in it.

    Words that stand before or after it on one side only (a date, a credit) are no part of it.
    """
    a_first, a_last, b_first, b_last, runs = passage
    a_one, b_one = _at(a_sentences, a_first), _at(b_sentences, b_first)
    if _mostly(a_one, a_first, a_last) and _mostly(b_one, b_first, b_last):
        longer = Passage(min(a_first, a_one.first), a_last, min(b_first, b_one.first), b_last, runs)
        if longer.a_first < a_first and longer.b_first < b_first and longer.share >= LEAST_SHARE:
            a_first, b_first = longer.a_first, longer.b_first
    a_one, b_one = _at(a_sentences, a_last - 1), _at(b_sentences, b_last - 1)
    if _mostly(a_one, a_first, a_last) and _mostly(b_one, b_first, b_last):
        longer = Passage(a_first, max(a_last, a_one.last), b_first, max(b_last, b_one.last), runs)
        if longer.a_last > a_last and longer.b_last > b_last and longer.share >= LEAST_SHARE:
            a_last, b_last = longer.a_last, longer.b_last
    return Passage(a_first, a_last, b_first, b_last, runs)


def _at(sentences: tuple[Sentence, ...], word: int) -> Sentence:
    return next((one for one in sentences if one.first <= word < one.last), Sentence(word, word + 1))


def _mostly(one: Sentence, first: int, last: int) -> bool:
    inside = min(one.last, last) - max(one.first, first)
    return inside >= _SENTENCE_SHARE * (one.last - one.first)
