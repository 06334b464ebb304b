"""OSPA(2): distance between two sets of tracks over a window, which a change of name makes larger.

Beard, Vo and Vo, "A solution for large-scale multi-object tracking", IEEE Trans. Signal Processing 68, 2020.
Legend: `c` cut-off in m, `p` order over tracks, `q` order over time, both the same here. The base distance of
two tracks is the q-mean, over the moments of the window at which either exists, of min(d, c), being c where
only one does; over it, OSPA of order p.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.scoring.match import Pairs, best_pairs


def ospa2(
    near: Sequence[Pairs],
    truths: Sequence[IntArray],
    tracks: Sequence[IntArray],
    cutoff_m: float,
    order: float = 2.0,
) -> float:
    """Return OSPA(2) in m over one window.

    Per moment: `truths` and `tracks` hold the numbers (from 0) of who existed, and `near` the pairs of these
    numbers that were closer than the cut-off.
    """
    existed = _existence(truths), _existence(tracks)
    places = max(int(there.any(axis=0).sum()) for there in existed)
    if places == 0:
        return 0.0
    width = existed[1].shape[1]
    key = np.concatenate([pairs.first * width + pairs.second for pairs in near])
    distance_m = np.concatenate([pairs.distance_m for pairs in near])
    pair, which = np.unique(key, return_inverse=True)
    # Each moment together and near saves c^q - d^q of the c^q that any moment of either costs.
    saved = np.bincount(which, weights=cutoff_m**order - distance_m**order, minlength=len(pair))
    first, second = np.divmod(pair, max(width, 1))
    either = (existed[0][:, first] | existed[1][:, second]).sum(axis=0)
    benefit: FloatArray = saved / np.maximum(either, 1)
    taken = best_pairs(first, second, benefit)
    total = cutoff_m**order - float(benefit[taken].sum()) / places
    # Round-off may leave a hair below 0 where all is perfect.
    return float(max(total, 0.0) ** (1.0 / order))


def _existence(numbers: Sequence[IntArray]) -> BoolArray:
    """Return who existed when, shape (moments, numbers up to the highest)."""
    there = np.zeros(
        (len(numbers), 1 + max((int(n.max()) for n in numbers if len(n)), default=-1)), dtype=np.bool_
    )
    for k, present in enumerate(numbers):
        there[k, present] = True
    return there
