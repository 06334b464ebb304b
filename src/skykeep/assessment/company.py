"""Who flies with whom: tracks near one another in place and velocity, chained into groups.

Distance is scaled, |dp| / company_m and |dv| / company_mps together, and two tracks within 1 are
neighbours: DBSCAN with eps 1 and two members, which is to say the connected parts of the neighbour graph.
"""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from skykeep.base.compile import FloatArray, IntArray


def groups(points: FloatArray, reach: float) -> IntArray:
    """Return a group number for each row of `points` (n, k), in order of first member; -1 for those alone."""
    number = np.full(len(points), -1, dtype=np.int64)
    if len(points) < 2:
        return number
    pairs = cKDTree(points).query_pairs(reach, output_type="ndarray")
    root = list(range(len(points)))

    def find(row: int) -> int:
        while root[row] != row:
            root[row] = root[root[row]]
            row = root[row]
        return row

    for a, b in pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].tolist():
        first, second = sorted((find(a), find(b)))
        root[second] = first
    joined = np.unique(pairs)
    numbers: dict[int, int] = {}
    for row in joined.tolist():
        number[row] = numbers.setdefault(find(row), len(numbers))
    return number


def company_of(
    position_m: FloatArray, velocity_mps: FloatArray, company_m: float, company_mps: float
) -> list[tuple[int, ...]]:
    """Return, for each row, the other rows of its group."""
    number = groups(np.hstack((position_m / company_m, velocity_mps / company_mps)), 1.0)
    members: dict[int, list[int]] = {}
    for row, group in enumerate(number.tolist()):
        if group >= 0:
            members.setdefault(group, []).append(row)
    return [
        tuple(other for other in members[group] if other != row) if group >= 0 else ()
        for row, group in enumerate(number.tolist())
    ]
