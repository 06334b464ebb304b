"""Distance between the set of what was there and the set of what was stated, at one instant.

Legend: `c` cut-off in m, `p` order, `d` distance of a matched pair, m true points, n stated ones.

GOSPA with alpha = 2 (Rahmathullah, Garcia-Fernandez and Svensson, Fusion 2017): the p-th root of
sum(d^p) + c^p / 2 * (missed + false) under the best match of pairs closer than c. Its three parts add up.
OSPA (Schuhmacher, Vo and Vo, IEEE Trans. Signal Processing 56, 2008): the p-th root of the mean, over
max(m, n) places, of min(d, c)^p, an empty place costing c^p. Both are metrics for p >= 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.scoring.match import Pairs, best_pairs, near_pairs


class Gospa(NamedTuple):
    """A GOSPA distance in m, its parts as p-th powers (they add up to distance^p), and how many they are."""

    distance_m: float
    localisation: float
    missed: float
    false: float
    missed_count: int
    false_count: int


def gospa(truth_m: FloatArray, stated_m: FloatArray, cutoff_m: float, order: float = 2.0) -> Gospa:
    """Return the GOSPA distance of two sets of points, shapes (m, 3) and (n, 3)."""
    matched = match_within(near_pairs(truth_m, stated_m, cutoff_m), cutoff_m, order)
    return gospa_of_match(matched.distance_m, len(truth_m), len(stated_m), cutoff_m, order)


def ospa(truth_m: FloatArray, stated_m: FloatArray, cutoff_m: float, order: float = 2.0) -> float:
    """Return the OSPA distance of two sets of points, shapes (m, 3) and (n, 3), in m."""
    matched = match_within(near_pairs(truth_m, stated_m, cutoff_m), cutoff_m, order)
    return ospa_of_match(matched.distance_m, len(truth_m), len(stated_m), cutoff_m, order)


def match_within(near: Pairs, cutoff_m: float, order: float = 2.0) -> Pairs:
    """Return the one-to-one match that both distances ask for: the greatest sum of c^p - d^p.

    Whoever is left over costs c^p / 2 on each side (GOSPA) or an empty place (OSPA), so a pair closer than
    c is worth its c^p - d^p in either.
    """
    benefit = np.where(near.distance_m < cutoff_m, cutoff_m**order - near.distance_m**order, 0.0)
    return near.only(best_pairs(near.first, near.second, benefit))


def gospa_of_match(distance_m: FloatArray, truths: int, stated: int, cutoff_m: float, order: float) -> Gospa:
    """Return GOSPA where the best match is known."""
    missed, false = truths - len(distance_m), stated - len(distance_m)
    localisation = float(np.sum(distance_m**order))
    each = cutoff_m**order / 2.0
    total = localisation + each * (missed + false)
    return Gospa(total ** (1.0 / order), localisation, each * missed, each * false, missed, false)


def ospa_of_match(distance_m: FloatArray, truths: int, stated: int, cutoff_m: float, order: float) -> float:
    """Return OSPA where the best match is known; two empty sets are the same."""
    places = max(truths, stated)
    if places == 0:
        return 0.0
    empty = cutoff_m**order * (places - len(distance_m))
    mean = (float(np.sum(distance_m**order)) + empty) / places
    return float(mean ** (1.0 / order))
