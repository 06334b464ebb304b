"""Passages that say the same in other words: paraphrases, and two translations of one text.

Two sentences are compared by what their words mean (`copy_words`). A meaning weighs by how rare it is among
the sentences of all documents at hand, names and numbers more; alike they are by the weight they share, of
both (Dice) and of the lighter one (a sentence may be cut or filled out), and by how far the shared meanings
keep their order. Sentences beside one another whose partners are beside one another are one passage.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from skykeep.statements.copy_words import Sentence, Word

# How alike two stretches must be, by how many meanings they share: three may be chance, eight hardly.
LEAST_MEANINGS, LEAST_SMALL = 3, 2
LEAST_LIKE = {3: 0.65, 4: 0.57, 5: 0.55, 6: 0.52, 7: 0.49}
LEAST_LIKE_OF_MANY = 0.46
NEIGHBOUR_WORDS, GAIN_OF_NEIGHBOUR = 25, 0.12
SAME_IN_ONE_TEXT, GAIN_OF_ONE_MORE, LARGEST_UNIT = 0.85, 0.02, 3
MOST_UNITS, MOST_WORDS_OF_A_UNIT, MOST_EDGES = 900, 150, 4_000
_NAME, _NUMBER = 1.2, 1.3
_CONTAINED, _ORDERED = 0.35, 0.15


class Likeness(NamedTuple):
    """How alike two stretches of words are, from 0 to 1, and how many meanings they share."""

    value: float
    shared: int


class Rarity:
    """What a meaning weighs among the sentences of all documents at hand."""

    def __init__(self, sentences: Iterable[Sequence[Word]]) -> None:
        self._seen: Counter[str] = Counter()
        self._number = 0
        for words in sentences:
            self._number += 1
            self._seen.update({word.meaning for word in words if word.meaning})

    def of(self, meaning: str) -> float:
        return math.log(1.0 + self._number / self._seen.get(meaning, 1))


def weights_of(words: Sequence[Word], rarity: Rarity) -> dict[str, float]:
    """Return what each meaning of a stretch of words weighs."""
    found: dict[str, float] = {}
    for word in words:
        if word.meaning:
            factor = _NUMBER if word.meaning.startswith("#") else _NAME if word.is_name else 1.0
            found[word.meaning] = max(found.get(word.meaning, 0.0), factor * rarity.of(word.meaning))
    return found


def likeness(
    a: Sequence[Word], b: Sequence[Word], a_weights: Mapping[str, float], b_weights: Mapping[str, float]
) -> Likeness:
    """Return how alike two stretches of words are."""
    shared = a_weights.keys() & b_weights.keys()
    whole_a, whole_b = sum(a_weights.values()), sum(b_weights.values())
    if not shared or not whole_a or not whole_b:
        return Likeness(0.0, 0)
    common_a, common_b = sum(a_weights[one] for one in shared), sum(b_weights[one] for one in shared)
    dice = (common_a + common_b) / (whole_a + whole_b)
    contained = common_a / whole_a if whole_a < whole_b else common_b / whole_b
    order = _in_order(
        [w.meaning for w in a if w.meaning in shared], [w.meaning for w in b if w.meaning in shared]
    )
    value = (1.0 - _CONTAINED - _ORDERED) * dice + _CONTAINED * contained + _ORDERED * order
    return Likeness(value, len(shared))


def _in_order(a: list[str], b: list[str]) -> float:
    """Return which part of the shared meanings stands in one order (longest common subsequence)."""
    row = [0] * (len(b) + 1)
    for one in a:
        before = 0
        for at, other in enumerate(b, start=1):
            above = row[at]
            row[at] = before + 1 if one == other else max(row[at], row[at - 1])
            before = above
    return row[-1] / max(1, min(len(a), len(b)))


class Pair(NamedTuple):
    """Words `a_first` to `a_last` (not with it) of one text, likewise of the other; how alike they are."""

    a_first: int
    a_last: int
    b_first: int
    b_last: int
    value: float


class _Unit(NamedTuple):
    """One sentence or a few beside one another, by number; their words and what they weigh."""

    first: int
    last: int
    words: Sequence[Word]
    weights: dict[str, float]


class _Edge(NamedTuple):
    value: float
    a: _Unit
    b: _Unit


def reworded_pairs(
    a: tuple[Word, ...],
    b: tuple[Word, ...],
    a_sentences: Sequence[Sentence],
    b_sentences: Sequence[Sentence],
    rarity: Rarity,
    beside: Sequence[tuple[int, int, int, int]] = (),
    largest: int = LARGEST_UNIT,
    starts: tuple[Container[int], Container[int]] = ((), ()),
) -> list[Pair]:
    """Return passages that stand for one another, of the sentences given, in the order of the first text.

    `beside` are passages known to stand for one another, as words of both: what stands next to one on both
    sides needs less to be taken for one as well. `starts` are words of either text before which a stretch
    must end, such as the first of a paragraph; `largest` is how many sentences a stretch may have.
    """
    a_units, b_units = (
        _units(words, sentences, rarity, largest, its_starts)
        for words, sentences, its_starts in ((a, a_sentences, starts[0]), (b, b_sentences, starts[1]))
    )
    places: dict[str, list[int]] = defaultdict(list)
    for number, other in enumerate(b_units):
        for meaning in other.weights:
            places[meaning].append(number)
    edges: list[_Edge] = []
    for one in a_units:
        shares = Counter(number for meaning in one.weights for number in places.get(meaning, ()))
        for number, shared in shares.items():
            other = b_units[number]
            if shared < LEAST_MEANINGS or not _is_said(one, other):
                continue
            value = likeness(one.words, other.words, one.weights, other.weights).value
            value -= GAIN_OF_ONE_MORE * (one.last - one.first + other.last - other.first - 2)
            spans = (
                (a_sentences[one.first].first, a_sentences[one.last - 1].last),
                (b_sentences[other.first].first, b_sentences[other.last - 1].last),
            )
            value += GAIN_OF_NEIGHBOUR * _is_beside(spans, beside)
            if value >= LEAST_LIKE.get(shared, LEAST_LIKE_OF_MANY):
                edges.append(_Edge(value, one, other))
    return sorted(_pair(cluster, a_sentences, b_sentences) for cluster in _clusters(_best(edges)))


def _is_said(one: _Unit, other: _Unit) -> bool:
    """Tell whether they share more than names: at least two meanings that neither writes with a capital."""
    shared = one.weights.keys() & other.weights.keys()
    small = [
        {word.meaning for word in unit.words if word.meaning in shared and not word.is_capital}
        for unit in (one, other)
    ]
    return len(small[0] & small[1]) >= LEAST_SMALL


def _is_beside(
    spans: tuple[tuple[int, int], tuple[int, int]], known: Sequence[tuple[int, int, int, int]]
) -> bool:
    (first, last), (its_first, its_last) = spans
    return any(
        (0 <= first - one[1] <= NEIGHBOUR_WORDS and 0 <= its_first - one[3] <= NEIGHBOUR_WORDS)
        or (0 <= one[0] - last <= NEIGHBOUR_WORDS and 0 <= one[2] - its_last <= NEIGHBOUR_WORDS)
        for one in known
    )


def _pair(cluster: list[_Edge], a_sentences: Sequence[Sentence], b_sentences: Sequence[Sentence]) -> Pair:
    return Pair(
        a_sentences[min(edge.a.first for edge in cluster)].first,
        a_sentences[max(edge.a.last for edge in cluster) - 1].last,
        b_sentences[min(edge.b.first for edge in cluster)].first,
        b_sentences[max(edge.b.last for edge in cluster) - 1].last,
        max(edge.value for edge in cluster),
    )


def _units(
    words: tuple[Word, ...],
    sentences: Sequence[Sentence],
    rarity: Rarity,
    largest: int,
    starts: Container[int],
) -> list[_Unit]:
    spans = [
        (at, at + size)
        for size in range(1, largest + 1)
        for at in range(len(sentences) - size + 1)
        if all(
            one.last == two.first and two.first not in starts
            for one, two in pairwise(sentences[at : at + size])
        )
    ]
    found = []
    for first, last in spans[:MOST_UNITS]:
        stretch = words[sentences[first].first : sentences[last - 1].last]
        if len(stretch) <= MOST_WORDS_OF_A_UNIT:
            found.append(_Unit(first, last, stretch, weights_of(stretch, rarity)))
    return found


def _best(edges: list[_Edge]) -> list[_Edge]:
    """Return the likest pairs, each sentence in one, but for a sentence that one text says twice."""
    kept: list[_Edge] = []
    likest = sorted(edges, key=lambda one: (-one.value, one.a.first, one.b.first))[:MOST_EDGES]
    for edge in likest:
        rivals = [one for one in kept if _meet(one.a, edge.a) or _meet(one.b, edge.b)]
        if all(
            (one.a == edge.a and _says_again(one.b, edge.b))
            or (one.b == edge.b and _says_again(one.a, edge.a))
            for one in rivals
        ):
            kept.append(edge)
    return kept


def _meet(one: _Unit, other: _Unit) -> bool:
    return one.first < other.last and other.first < one.last


def _says_again(one: _Unit, other: _Unit) -> bool:
    if _meet(one, other):
        return False
    return likeness(one.words, other.words, one.weights, other.weights).value >= SAME_IN_ONE_TEXT


def _clusters(edges: list[_Edge]) -> list[list[_Edge]]:
    """Return edges grouped where both their sentences are neighbours."""
    clusters: list[list[_Edge]] = []
    for edge in sorted(edges, key=lambda one: (one.a.first, one.b.first)):
        near = [cluster for cluster in clusters if any(_beside(edge, one) for one in cluster)]
        joined = [edge, *(one for cluster in near for one in cluster)]
        clusters = [cluster for cluster in clusters if cluster not in near] + [joined]
    return clusters


def _beside(one: _Edge, other: _Edge) -> bool:
    return (one.a.last == other.a.first and one.b.last == other.b.first) or (
        other.a.last == one.a.first and other.b.last == one.b.first
    )
