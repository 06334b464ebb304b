"""Who is near whom, and the best one-to-one match of those who are.

Points are float64, shape (n, 3), metres, in one frame. A pair is (place in the first set, place in the
second). The cost grows with the number of near pairs, not with the product of the sets: a search tree finds
them, and the match falls apart into groups with no near pair between them, each solved alone and exactly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from skykeep.base.compile import BoolArray, FloatArray, IntArray


class Pairs(NamedTuple):
    """Pairs and how far apart they are."""

    first: IntArray
    second: IntArray
    distance_m: FloatArray

    def only(self, which: BoolArray | IntArray) -> Pairs:
        return Pairs(self.first[which], self.second[which], self.distance_m[which])


def near_pairs(first_m: FloatArray, second_m: FloatArray, reach_m: float) -> Pairs:
    """Return every pair that is closer than `reach_m`, in order of (first, second)."""
    if not len(first_m) or not len(second_m):
        none = np.zeros(0, dtype=np.int64)
        return Pairs(none, none, np.zeros(0))
    # The tree only proposes, with a margin; the distance is computed here, so a pair at 0 m is one too.
    lists = cKDTree(first_m).query_ball_tree(cKDTree(second_m), reach_m * (1.0 + 1e-9))
    counts = np.array([len(found) for found in lists], dtype=np.int64)
    first = np.repeat(np.arange(len(first_m), dtype=np.int64), counts)
    second = np.array([j for found in lists for j in sorted(found)], dtype=np.int64)
    distance_m = np.linalg.norm(first_m[first] - second_m[second], axis=1)
    return Pairs(first, second, distance_m).only(distance_m < reach_m)


def best_pairs(first: IntArray, second: IntArray, benefit: FloatArray) -> IntArray:
    """Return which of the pairs to take, none sharing a member, so that their summed benefit is greatest.

    Pairs whose benefit is not above 0 are never taken.
    """
    worth = np.flatnonzero(benefit > 0.0)
    if not len(worth):
        return worth
    _, row = np.unique(first[worth], return_inverse=True)
    _, column = np.unique(second[worth], return_inverse=True)
    rows, columns = int(row.max()) + 1, int(column.max()) + 1
    graph = coo_array((np.ones(len(worth), dtype=np.int8), (row, column + rows)), shape=(rows + columns,) * 2)
    group = connected_components(graph, directed=False)[1][row]
    order = np.argsort(group, kind="stable")
    ends = np.flatnonzero(np.diff(group[order], append=-1)) + 1
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1]))
    alone = ends - starts == 1
    taken = [worth[order[starts[alone]]]]
    for start, end in zip(starts[~alone].tolist(), ends[~alone].tolist(), strict=True):
        here = order[start:end]
        taken.append(worth[here[_solve(row[here], column[here], benefit[worth[here]])]])
    return np.sort(np.concatenate(taken))


def _solve(row: IntArray, column: IntArray, benefit: FloatArray) -> IntArray:
    """Return which pairs of one connected group to take."""
    rows, r = np.unique(row, return_inverse=True)
    columns, c = np.unique(column, return_inverse=True)
    gain = np.zeros((len(rows), len(columns)))
    pair = np.full(gain.shape, -1, dtype=np.int64)
    gain[r, c] = benefit
    pair[r, c] = np.arange(len(row))
    found: IntArray = pair[linear_sum_assignment(gain, maximize=True)]
    return found[found >= 0]
