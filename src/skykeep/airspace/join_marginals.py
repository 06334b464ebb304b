"""Who is whom, when each track is at most one flight and each flight at most one track.

`odds` (tracks, flights) are how much better a pair explains what was seen of the track than any other
thing in the air would; 0 is impossible. `elsewhere` (flights,) are the odds that a flight is none of these
tracks, at least 1. An assignment is worth the product of the odds of its pairs, and of `elsewhere` for
each flight that it leaves out. The answer is how likely each pair is, over all assignments.

Small clusters are summed exactly, by dynamic programming over the sets of flights given away; large ones by
belief propagation (Williams and Lau, IEEE Trans. AES 50(4), 2014), which is within 0.06 of the exact sum in
99 of 100 tables of chance figures, and off by a third where three want two and nothing decides
(tests/airspace/test_join_marginals.py).
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray, IntArray

MOST_EXACT_FLIGHTS = 5
HOPELESS = 1e-3
MOST_ROUNDS = 300
SETTLED = 1e-7


def marginals(odds: FloatArray, elsewhere: FloatArray) -> FloatArray:
    """Return (tracks, flights) probabilities."""
    out = np.zeros_like(odds)
    if not odds.size:
        return out
    odds = without_hopeless(odds)
    for tracks, flights in clusters(odds):
        block = odds[np.ix_(tracks, flights)] / elsewhere[flights]
        exact = len(flights) <= MOST_EXACT_FLIGHTS
        out[np.ix_(tracks, flights)] = exact_marginals(block) if exact else believed_marginals(block)
    return out


def without_hopeless(odds: FloatArray) -> FloatArray:
    """Return the odds without what competes with a sure pair: one whose track and whose flight have no other
    choice worth `HOPELESS` of it. No probability moves by much more than that.
    """
    tracks = np.arange(len(odds))
    choice = odds.argmax(axis=1)
    best = odds[tracks, choice]
    rest = odds.copy()
    rest[tracks, choice] = 0.0
    others = odds.copy()
    others[odds.argmax(axis=0), np.arange(odds.shape[1])] = 0.0
    second = others.max(axis=0)
    sure = (rest.max(axis=1) < HOPELESS * best) & (second[choice] < HOPELESS * best)
    kept = odds.copy()
    kept[sure] = 0.0
    kept[:, choice[sure]] = 0.0
    kept[tracks[sure], choice[sure]] = best[sure]
    return kept


def clusters(odds: FloatArray) -> list[tuple[IntArray, IntArray]]:
    """Return (tracks, flights) that possible pairs connect, by their first flight."""
    possible = odds > 0.0
    left = possible.any(axis=0)
    found = []
    while left.any():
        flights = np.zeros(odds.shape[1], dtype=np.bool_)
        flights[int(np.argmax(left))] = True
        while True:
            tracks = possible[:, flights].any(axis=1)
            wider = possible[tracks].any(axis=0) | flights
            if np.array_equal(wider, flights):
                break
            flights = wider
        left &= ~flights
        found.append((np.flatnonzero(tracks), np.flatnonzero(flights)))
    return found


def exact_marginals(odds: FloatArray) -> FloatArray:
    """Return the exact sum over all one-to-one assignments."""
    tracks, flights = odds.shape
    if flights == 1:
        # One flight is one of the tracks or none: summed in the order of below, so to the last digit.
        return np.asarray(odds / (1.0 + np.cumsum(odds)[-1]))
    taken = np.arange(1 << flights)
    frees = [taken[(taken >> f) & 1 == 0] for f in range(flights)]
    before = np.zeros((tracks + 1, 1 << flights))
    before[0, 0] = 1.0
    for t in range(tracks):
        before[t + 1] = _give(before[t], odds[t], frees)
    # after[t][s]: worth of what the tracks from t on can do when the flights of s are given away.
    after = np.ones(1 << flights)
    out = np.zeros_like(odds)
    whole = float(before[tracks].sum())
    for t in range(tracks - 1, -1, -1):
        further = after.copy()
        for f, free in enumerate(frees):
            share = odds[t, f] * after[free | (1 << f)]
            out[t, f] = float(np.sum(before[t, free] * share)) / whole
            further[free] += share
        after = further
    return out


def _give(worth: FloatArray, odds: FloatArray, frees: list[IntArray]) -> FloatArray:
    out = worth.copy()
    for f, (odd, free) in enumerate(zip(odds.tolist(), frees, strict=True)):
        out[free | (1 << f)] += worth[free] * odd
    return out


def believed_marginals(odds: FloatArray) -> FloatArray:
    """Return the fixed point of belief propagation."""
    to_track = np.ones_like(odds)
    for _ in range(MOST_ROUNDS):
        pull = odds * to_track
        to_flight = odds / (1.0 + pull.sum(axis=1, keepdims=True) - pull)
        wanted = 1.0 + to_flight.sum(axis=0, keepdims=True) - to_flight
        newer = 1.0 / wanted
        moved = float(np.abs(newer - to_track).max())
        to_track = newer
        if moved < SETTLED:
            break
    pull = odds * to_track
    believed: FloatArray = pull / (1.0 + pull.sum(axis=1, keepdims=True))
    return believed
