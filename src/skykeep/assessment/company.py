"""Who flies with whom: tracks near one another in place and velocity, chained together.

Distance is scaled, |dp| / company_m and |dv| / company_mps together, and two tracks within 1 are
neighbours: DBSCAN with eps 1 and two members, which is to say the connected parts of the neighbour graph.
"""

from __future__ import annotations

import numpy as np

from skykeep.assessment.company_kernels import fill_neighbours
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
    room = 4 * len(points)
    while True:
        pairs, squared = np.empty((room, 2), dtype=np.int64), np.empty(room)
        count = fill_neighbours(points, order, reach, pairs, squared)
        if count <= room:
            break
        room = count
    pairs, squared = pairs[:count], squared[:count]
    inorder = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return pairs[inorder], np.sqrt(squared[inorder])
