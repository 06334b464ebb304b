"""One track per target, kept for as long as it can be: switches, fragments, segments, delay.

The sticky match of the CLEAR measures (Bernardin and Stiefelhagen, EURASIP J. Image and Video Processing
2008): a pair that was matched a moment ago stays so while it is within the gate; the rest are matched as well
as can be. A *switch* is a target matched with another track than the last it had; a *fragment* is one found
again by its own track after a moment without.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray, IntArray
from skykeep.scoring.match import Pairs
from skykeep.scoring.sets import match_within


class Continuity(msgspec.Struct, frozen=True, kw_only=True):
    """What the sticky match came to. `matched` holds per moment the pairs (target, track).

    Per target: `present` moments, `longest` moments with one track, `switches`, `fragments`, and the first
    moment present and matched (-1: never).
    """

    matched: list[Pairs]
    present: IntArray
    longest: IntArray
    switches: IntArray
    fragments: IntArray
    first_present: IntArray
    first_matched: IntArray


def follow(
    present: Sequence[IntArray], near: Sequence[Pairs], gate_m: float, targets: int, tracks: int
) -> Continuity:
    """Match moment by moment. Per moment: the numbers of the targets `present`, and the pairs (target, track)
    that were `near`.
    """
    matched: list[Pairs] = []
    now, last = np.full(targets, -1), np.full(targets, -1)
    was_matched = np.ones(targets, dtype=np.bool_)
    switches, fragments, count = np.zeros((3, targets), dtype=np.int64)
    first_present, first_matched = np.full((2, targets), -1)
    for k, (here, pairs) in enumerate(zip(present, near, strict=True)):
        pairs = pairs.only(pairs.distance_m < gate_m)
        taken = _sticky(pairs, now, gate_m, tracks)
        target, track = taken.first, taken.second
        switched = (last[target] >= 0) & (last[target] != track)
        switches[target[switched]] += 1
        fragments[target[(last[target] == track) & ~was_matched[target]]] += 1
        was_matched[here] = False
        was_matched[target] = True
        now[:] = -1
        now[target] = last[target] = track
        count[here] += 1
        first_present[here[first_present[here] < 0]] = k
        first_matched[target[first_matched[target] < 0]] = k
        matched.append(taken)
    key = np.concatenate(
        [p.first * max(tracks, 1) + p.second for p in matched] or [np.zeros(0, dtype=np.int64)]
    )
    pair, together = np.unique(key, return_counts=True)
    longest = np.zeros(targets, dtype=np.int64)
    np.maximum.at(longest, pair // max(tracks, 1), together)
    return Continuity(
        matched=matched,
        present=count,
        longest=longest,
        switches=switches,
        fragments=fragments,
        first_present=first_present,
        first_matched=first_matched,
    )


def _sticky(pairs: Pairs, now: IntArray, gate_m: float, tracks: int) -> Pairs:
    """Return the match: who was matched stays so, the others as well as can be."""
    held = pairs.only(now[pairs.first] == pairs.second)
    target_taken = np.zeros(len(now), dtype=np.bool_)
    track_taken = np.zeros(tracks, dtype=np.bool_)
    target_taken[held.first] = track_taken[held.second] = True
    free = pairs.only(~target_taken[pairs.first] & ~track_taken[pairs.second])
    fresh = match_within(free, gate_m)
    return Pairs(*(np.concatenate(both) for both in zip(held, fresh, strict=True)))


def delays_s(continuity: Continuity, step_s: float) -> FloatArray:
    """Return, per target that was ever present, how long after that it was first matched; inf: never."""
    there = continuity.first_present >= 0
    first, matched = continuity.first_present[there], continuity.first_matched[there]
    return np.where(matched >= 0, (matched - first) * step_s, np.inf)
