"""Which points are near which, compiled: a sweep along the first column.

Error: round-off (tests/assessment/test_company.py, against every pair in turn).
"""

from __future__ import annotations

from skykeep.base.compile import FloatArray, IntArray, kernel


@kernel
def fill_neighbours(
    points: FloatArray, order: IntArray, reach: float, pairs: IntArray, squared: FloatArray
) -> int:
    """Return how many pairs of `points` (n, k) are within `reach` of one another; fill `pairs` (p, 2), lower
    row first, and the square of how far apart each is, (p,), as far as there is room.

    `order` (n,) is that of the first column.
    """
    count = 0
    for first in range(len(order)):
        a = order[first]
        for second in range(first + 1, len(order)):
            b = order[second]
            if points[b, 0] > points[a, 0] + reach:
                break
            apart = 0.0
            for column in range(points.shape[1]):
                way = points[a, column] - points[b, column]
                apart += way * way
            if apart <= reach * reach:
                if count < len(pairs):
                    pairs[count, 0], pairs[count, 1] = min(a, b), max(a, b)
                    squared[count] = apart
                count += 1
    return count
