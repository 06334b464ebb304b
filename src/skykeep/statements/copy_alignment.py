"""Which word of one passage stands for which of another.

Words that read alike or mean the same are set against one another in order, the most weight in all (dynamic
programming); meanings that crossed over come after; a word changed for another between two that stand firm
("EW systems", "radar systems") is paired with it. Passages beyond `MOST_WORDS` keep their runs alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from skykeep.statements.copy_words import Word

MOST_WORDS = 600
_ALIKE, _MEANS, _PREFIX, _GRAMMAR = 3.0, 2.0, 1.2, 0.6
_LEAST_PREFIX = 5


def worth(one: Word, other: Word) -> float:
    """Return how well two words stand for one another; 0 when they do not."""
    if one.folded == other.folded:
        return _ALIKE if one.meaning else _GRAMMAR
    if not one.meaning or not other.meaning:
        return 0.0
    if one.meaning == other.meaning:
        return _MEANS
    long_enough = min(len(one.folded), len(other.folded)) > _LEAST_PREFIX
    return _PREFIX if long_enough and one.folded[:_LEAST_PREFIX] == other.folded[:_LEAST_PREFIX] else 0.0


def aligned(a: Sequence[Word], b: Sequence[Word]) -> list[tuple[int, int]]:
    """Return pairs of word numbers that stand for one another, in the order of the first passage."""
    if len(a) > MOST_WORDS or len(b) > MOST_WORDS:
        return []
    pairs = _in_order(a, b)
    taken_a, taken_b = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, one in enumerate(a):
        if i in taken_a or not one.meaning:
            continue
        j = next((j for j, two in enumerate(b) if j not in taken_b and worth(one, two) >= _MEANS), None)
        if j is not None:
            pairs.append((i, j))
            taken_a.add(i)
            taken_b.add(j)
    return sorted(pairs + _changed(a, b, pairs, taken_a, taken_b))


def _in_order(a: Sequence[Word], b: Sequence[Word]) -> list[tuple[int, int]]:
    rows = [[0.0] * (len(b) + 1)]
    for one in a:
        before, row = rows[-1], [0.0]
        for j, other in enumerate(b):
            gain = worth(one, other)
            row.append(max(before[j + 1], row[j], before[j] + gain if gain else 0.0))
        rows.append(row)
    pairs, i, j = [], len(a), len(b)
    while i and j:
        if rows[i][j] == rows[i - 1][j]:
            i -= 1
        elif rows[i][j] == rows[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _changed(
    a: Sequence[Word], b: Sequence[Word], pairs: list[tuple[int, int]], taken_a: set[int], taken_b: set[int]
) -> list[tuple[int, int]]:
    """Return the pairs of words that were changed for one another: both next to one pair, neither in any."""
    found = []
    for i, j in pairs:
        for step in (-1, 1):
            x, y = i + step, j + step
            inside = 0 <= x < len(a) and 0 <= y < len(b) and x not in taken_a and y not in taken_b
            if inside and a[i].meaning and a[x].meaning and b[y].meaning:
                found.append((x, y))
                taken_a.add(x)
                taken_b.add(y)
    return found
