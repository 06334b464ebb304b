"""Which detections of one scan lie in a box: they are kept by cells of two measured components, bearing and
range where there are both, so that whoever asks looks at the few cells that the box lies across.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.models.measurement import AZIMUTH, COMPONENTS, POSITION, RANGE_AZIMUTH_ELEVATION
from skykeep.tracking.columns import MEASURED, SIGMA

_TWO_PI = 2.0 * math.pi
_MOST_COLUMNS, _MOST_ROWS = 256, 32
_A_COLUMN = 16
"""Detections in each column on average: to step to the next takes as long as to look at a few."""
# Index.cut
_WIDEST, _FROM, _PER, _TO = 0, 3, 5, 7


class Index(NamedTuple):
    """The n detections of one scan in order of their cells, and how to find a cell. Few arrays, because
    handing each to a kernel takes as long as asking one cell.
    """

    parts: FloatArray  # (4, n) measured, and which detection
    first: IntArray  # (columns * rows + 4,) kind, columns, rows; where each cell begins, and an end
    cut: FloatArray  # (9,) widest sigma of each component; first, cells per unit and last of both axes


@kernel
def index_of(kind: int, records: FloatArray) -> Index:
    """Return the detections of one scan, of a measurement's kind, by their cells."""
    n = records.shape[0]
    bins = (min(max(n // _A_COLUMN, 1), _MOST_COLUMNS), min(max(int(math.sqrt(n)), 1), _MOST_ROWS))
    axes, cut = axes_of(kind), np.zeros(9)
    for d in range(n):
        for c in range(3):
            cut[_WIDEST + c] = max(cut[_WIDEST + c], records[d, SIGMA + c])
    for a in range(2):
        if axes[a] >= 0 and n > 0:
            low, high = math.inf, -math.inf
            for d in range(n):
                low = min(low, records[d, MEASURED + axes[a]])
                high = max(high, records[d, MEASURED + axes[a]])
            cut[_FROM + a], cut[_TO + a] = low, high
            cut[_PER + a] = bins[a] / (high - low) if high > low else 0.0
    cell, first = np.empty(n, dtype=np.int64), np.zeros(bins[0] * bins[1] + 4, dtype=np.int64)
    first[0], first[1], first[2] = kind, bins[0], bins[1]
    for d in range(n):
        cell[d] = 0
        for a in range(2):
            at = (records[d, MEASURED + axes[a]] - cut[_FROM + a]) * cut[_PER + a] if axes[a] >= 0 else 0.0
            cell[d] = cell[d] * bins[a] + min(int(at), bins[a] - 1)
        first[cell[d] + 4] += 1
    for k in range(3, first.shape[0] - 1):
        first[k + 1] += first[k]
    parts, filled = np.empty((4, n)), first.copy()
    for d in range(n):
        at = filled[cell[d] + 3]
        filled[cell[d] + 3] += 1
        parts[3, at] = d
        for c in range(3):
            parts[c, at] = records[d, MEASURED + c]
    return Index(parts, first, cut)


@kernel
def axes_of(kind: int) -> tuple[int, int]:
    """Return which components are cut into columns and rows of cells, -1 for none."""
    if kind == RANGE_AZIMUTH_ELEVATION:
        return 1, 0
    return 0, -1 if kind == AZIMUTH else 1


@kernel
def widest_of(index: Index, component: int) -> float:
    """Return the largest sigma of one component."""
    return float(index.cut[_WIDEST + component])


@kernel
def in_box(index: Index, low: FloatArray, high: FloatArray, hits: IntArray) -> int:
    """Write into `hits` which detections lie between `low` and `high` (3,), an azimuth also whole turns away,
    and return how many, no more than there is room for. What the kind does not measure is not asked for.
    """
    parts, first, cut, kind = index.parts, index.first, index.cut, int(index.first[0])
    columns, rows = int(first[1]), int(first[2])
    bearing, one = axes_of(kind)
    both, all_three = one >= 0, COMPONENTS[kind] > 2
    turns, n = 0 if kind == POSITION or high[bearing] - low[bearing] >= _TWO_PI else 1, 0
    for turn in range(-turns, turns + 1):
        below, above = low[bearing] + turn * _TWO_PI, high[bearing] + turn * _TWO_PI
        if kind != POSITION and turns == 0:
            below, above = cut[_FROM], cut[_TO]
        if above < cut[_FROM] or below > cut[_TO]:
            continue
        left, right = bins_between(cut, 0, columns, below, above)
        near, far = bins_between(cut, 1, rows, low[one], high[one]) if both else (0, rows - 1)
        for column in range(left, right + 1):
            cell = column * rows + 3
            for at in range(first[cell + near], first[cell + far + 1]):
                if not below <= parts[bearing, at] <= above:
                    continue
                if both and not low[one] <= parts[one, at] <= high[one]:
                    continue
                if all_three and not low[2] <= parts[2, at] <= high[2]:
                    continue
                if n == hits.shape[0]:
                    return n
                hits[n] = int(parts[3, at])
                n += 1
    return n


@kernel
def bins_between(cut: FloatArray, axis: int, bins: int, low: float, high: float) -> tuple[int, int]:
    """Return the first and the last of the `bins` of one axis that lie between two values, of which the
    higher is not below all detections, nor the lower above; else the outermost.
    """
    origin, per, last = cut[_FROM + axis], cut[_PER + axis], bins - 1.0
    return int(min(max((low - origin) * per, 0.0), last)), int(min(max((high - origin) * per, 0.0), last))
