"""Who flies with whom: tracks near one another in place and velocity, chained together.

Distance is scaled, |dp| / company_m and |dv| / company_mps together, and two tracks within 1 are
neighbours: DBSCAN with eps 1 and two members, which is to say the connected parts of the neighbour graph.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray, IntArray


def groups(points: FloatArray, reach: float) -> IntArray:
    """Return a group number for each row of `points` (n, k), in order of first member; -1 for those alone."""
    return chained(len(points), neighbours(points, reach)[0])


def chained(count: int, pairs: IntArray) -> IntArray:
    """Return a group number for each of `count` rows, chained by `pairs` (p, 2); -1 for those alone."""
    number = np.full(count, -1, dtype=np.int64)
    root = list(range(count))

    def find(row: int) -> int:
        while root[row] != row:
            root[row] = root[root[row]]
            row = root[row]
        return row

    for a, b in pairs.tolist():
        first, second = sorted((find(a), find(b)))
        root[second] = first
    joined = np.unique(pairs)
    numbers: dict[int, int] = {}
    for row in joined.tolist():
        number[row] = numbers.setdefault(find(row), len(numbers))
    return number


def neighbours(points: FloatArray, reach: float) -> tuple[IntArray, FloatArray]:
    """Return the pairs of rows within `reach` of one another, (p, 2), lower row first, in order, and how far
    apart each is, (p,).

    A sweep along the first column: only rows within reach there are compared in full. With the tracks of
    a city that is a fiftieth of all pairs, and no tree need be built.
    """
    order = np.argsort(points[:, 0], kind="stable")
    first = points[order, 0]
    after = np.searchsorted(first, first + reach, side="right") - np.arange(len(points)) - 1
    left = np.repeat(np.arange(len(points)), after)
    within = np.arange(len(left)) - np.repeat(np.cumsum(after) - after, after)
    a, b = order[left], order[left + 1 + within]
    squared = np.sum((points[a] - points[b]) ** 2, axis=1)
    near = squared <= reach * reach
    pairs = np.sort(np.stack((a[near], b[near]), axis=1), axis=1)
    inorder = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return np.asarray(pairs[inorder], dtype=np.int64), np.sqrt(squared[near][inorder])
