"""Who is whom, compiled: how likely each pair is, cluster by cluster (`join_marginals` says by what rule).

Shapes: n tracks, m flights; `odds` (n, m) at least 0.
Error: round-off; the exact sums are those of listing every assignment to 1e-9
(tests/airspace/test_join_marginals.py).
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel

MOST_EXACT_FLIGHTS = 5
HOPELESS = 1e-3
MOST_ROUNDS = 300
SETTLED = 1e-7


@kernel
def fill_marginals(odds: FloatArray, elsewhere: FloatArray, out: FloatArray) -> None:
    """Fill `out` (n, m), which is 0, with how likely each pair is; `elsewhere` (m,) are the odds that a
    flight is none of the tracks. What is hopeless in `odds` is set to 0.
    """
    drop_hopeless(odds)
    cluster = clusters(odds)
    tracks, flights = np.empty(len(odds), dtype=np.int64), np.empty(odds.shape[1], dtype=np.int64)
    for first in range(odds.shape[1]):
        if cluster[first] != first:
            continue
        m = 0
        for f in range(first, odds.shape[1]):
            if cluster[f] == first:
                flights[m], m = f, m + 1
        n = 0
        for t in range(len(odds)):
            for k in range(m):
                if odds[t, flights[k]] > 0.0:
                    tracks[n], n = t, n + 1
                    break
        block = np.empty((n, m))
        for t in range(n):
            for f in range(m):
                block[t, f] = odds[tracks[t], flights[f]] / elsewhere[flights[f]]
        found = exact_marginals(block) if m <= MOST_EXACT_FLIGHTS else believed_marginals(block)
        for t in range(n):
            for f in range(m):
                out[tracks[t], flights[f]] = found[t, f]


@kernel
def drop_hopeless(odds: FloatArray) -> None:
    """Set to 0 what competes with a sure pair: one whose track and whose flight have no other choice worth
    `HOPELESS` of it. No probability moves by much more than that.
    """
    n, m = odds.shape
    # Of each flight the best track and the second best odds; of each track the same.
    holder, second = np.zeros(m, dtype=np.int64), np.zeros(m)
    choice, best, rest = np.zeros(n, dtype=np.int64), np.zeros(n), np.zeros(n)
    for t in range(n):
        for f in range(m):
            worth = odds[t, f]
            if worth > odds[holder[f], f]:
                second[f] = odds[holder[f], f]
                holder[f] = t
            elif t != holder[f]:
                second[f] = max(second[f], worth)
            if worth > best[t]:
                rest[t], best[t], choice[t] = best[t], worth, f
            else:
                rest[t] = max(rest[t], worth)
    sure = np.zeros(m, dtype=np.bool_)
    for t in range(n):
        f, least = choice[t], HOPELESS * best[t]
        if rest[t] < least and second[f] < least:
            sure[f] = True
            odds[t] = 0.0
            odds[t, f] = best[t]
    for f in range(m):
        if sure[f]:
            worth = odds[holder[f], f]
            odds[:, f] = 0.0
            odds[holder[f], f] = worth


@kernel
def clusters(odds: FloatArray) -> IntArray:
    """Return of each flight the first of those that possible pairs connect it with, (m,); -1 where it has no
    possible pair.
    """
    n, m = odds.shape
    root = np.full(m, -1, dtype=np.int64)
    for t in range(n):
        own = -1
        for f in range(m):
            if odds[t, f] > 0.0:
                if root[f] < 0:
                    root[f] = f
                if own < 0:
                    own = root[f]
                elif root[f] != own:
                    low, high = min(own, root[f]), max(own, root[f])
                    for other in range(m):
                        root[other] = low if root[other] == high else root[other]
                    own = low
    return root


@kernel
def exact_marginals(odds: FloatArray) -> FloatArray:
    """Return the exact sum over all one-to-one assignments, (n, m), by the sets of flights given away."""
    n, m = odds.shape
    out = np.zeros((n, m))
    if m == 1:
        # One flight is one of the tracks or none: summed in the order of below, so to the last digit.
        whole = 0.0
        for t in range(n):
            whole += odds[t, 0]
        out[:] = odds / (1.0 + whole)
        return out
    sets = 1 << m
    # before[t, s]: worth of what the tracks before t can have done to give the flights of s away.
    before = np.zeros((n + 1, sets))
    before[0, 0] = 1.0
    for t in range(n):
        for s in range(sets):
            worth = before[t, s]
            for f in range(m):
                if (s >> f) & 1:
                    worth += before[t, s ^ (1 << f)] * odds[t, f]
            before[t + 1, s] = worth
    # after[s]: worth of what the tracks from t on can do when the flights of s are given away.
    after, whole = np.ones(sets), 0.0
    for s in range(sets):
        whole += before[n, s]
    for t in range(n - 1, -1, -1):
        # In order of s, because a set is asked for before any that it is part of is changed.
        for s in range(sets):
            further = after[s]
            for f in range(m):
                if not (s >> f) & 1:
                    share = odds[t, f] * after[s | (1 << f)]
                    out[t, f] += before[t, s] * share
                    further += share
            after[s] = further
    out /= whole
    return out


@kernel
def believed_marginals(odds: FloatArray) -> FloatArray:
    """Return the fixed point of belief propagation, (n, m)."""
    n, m = odds.shape
    to_track, to_flight = np.ones((n, m)), np.empty((n, m))
    wanted = np.empty(m)
    for _ in range(MOST_ROUNDS):
        wanted[:] = 0.0
        for t in range(n):
            pulled = 0.0
            for f in range(m):
                pulled += odds[t, f] * to_track[t, f]
            for f in range(m):
                to_flight[t, f] = odds[t, f] / (1.0 + pulled - odds[t, f] * to_track[t, f])
                wanted[f] += to_flight[t, f]
        moved = 0.0
        for t in range(n):
            for f in range(m):
                newer = 1.0 / (1.0 + wanted[f] - to_flight[t, f])
                moved = max(moved, abs(newer - to_track[t, f]))
                to_track[t, f] = newer
        if moved < SETTLED:
            break
    out = odds * to_track
    for t in range(n):
        pulled = 0.0
        for f in range(m):
            pulled += out[t, f]
        out[t] /= 1.0 + pulled
    return out
