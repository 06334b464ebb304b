"""Whose detection is it: marginal probabilities for believed tracks, the best assignment for tentative ones.

Believed tracks weigh all their candidates at once. The marginals come from belief propagation on the graph
of gated pairs (Williams and Lau 2014), exact where the graph has no loop and close elsewhere; they converge
because every message is bounded. Tentative tracks then share what is left, one detection each, by the exact
best assignment: to weigh starts by marginals would let clutter starve them.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray, kernel
from skykeep.models.measurement import AZIMUTH_ELEVATION, difference
from skykeep.tracking.assign import assign
from skykeep.tracking.columns import (
    BLOCKED,
    KIND,
    LOG_ODDS,
    LOOK_KIND,
    MEASURED,
    RECORD,
    RESOLUTION,
    SIGMA,
    START_LOG_ODDS,
    STATUS,
    TENTATIVE,
)

_ROUNDS = 60
_SETTLED = 1e-4
_MOST = 25.0
"""Log-ratios are cut here, so that sums of messages keep their small members."""
_SURE = 0.98
"""A detection believed this much is taken as it is."""
LEAST = 0.05
"""What a track believes less than this is left alone."""


@kernel
def share(
    start: IntArray,
    candidate: IntArray,
    ratio: FloatArray,
    chance: FloatArray,
    odds: FloatArray,
    held: BoolArray,
    blocked: float,
    look: FloatArray,
    expected: FloatArray,
    belief: FloatArray,
    claimed: FloatArray,
    told: FloatArray,
    pull: FloatArray,
) -> None:
    """Write `belief` per edge, how likely that detection is that track's, `claimed` per detection, how
    likely it is any believed track's, and `told` per track, the log of what the scan says of its existence.

    `ratio` per edge is the log of the density under the track over clutter's, `chance` per track that a look
    sees it, `odds` those of its existence, `expected` (n, 2, 3) what it would measure; only tracks that are
    `held` take part. Tracks closer than the sensor resolves may share a detection: `pull` (edges, 2, 3) says
    by how much their companions then displace it, and the variance of that.
    """
    n, detections = held.shape[0], claimed.shape[0]
    edges = start[n]
    weight, message = np.zeros(edges), np.zeros(edges)
    wanted = np.zeros(detections, dtype=np.int64)
    total = np.zeros(detections)
    for d in range(detections):
        claimed[d] = 0.0
    for k in range(n):
        for e in range(start[k], start[k + 1]):
            belief[e] = 0.0
            if held[k]:
                # Odds that it is there and was seen, over that it is not there or was missed.
                p = odds[k] / (1.0 + odds[k])
                weight[e] = math.exp(min(ratio[e], _MOST)) * p * chance[k] / (1.0 - p * chance[k])
                wanted[candidate[e]] += 1
    first, rival, apart_at, apart, joint = rivals(start, candidate, held, wanted, look, expected)
    contested = False
    for k in range(n):
        if held[k]:
            sum_k = 1.0
            for e in range(start[k], start[k + 1]):
                sum_k += weight[e]
            for e in range(start[k], start[k + 1]):
                message[e] = weight[e] / (sum_k - weight[e])
                total[candidate[e]] += message[e]
                contested = contested or wanted[candidate[e]] > 1
    rounds = 0
    while contested and rounds < _ROUNDS:
        rounds += 1
        change = 0.0
        for k in range(n):
            if not held[k] or start[k] == start[k + 1]:
                continue
            sum_k = 1.0
            for e in range(start[k], start[k + 1]):
                belief[e] = weight[e] / (
                    1.0 + others(e, candidate[e], total, message, first, rival, apart_at, apart, joint)
                )
                sum_k += belief[e]
            for e in range(start[k], start[k + 1]):
                fresh = weight[e] / (sum_k - belief[e])
                # Relative to what is compared: huge messages settle by their logarithm.
                change = max(change, abs(fresh - message[e]) / (1.0 + fresh))
                total[candidate[e]] += fresh - message[e]
                message[e] = fresh
        if change < _SETTLED:
            break
    for k in range(n):
        if not held[k]:
            continue
        best, sum_k, likelihood = 0.0, 1.0, 1.0 - chance[k] * (1.0 - blocked)
        for e in range(start[k], start[k + 1]):
            free = 1.0 / (1.0 + others(e, candidate[e], total, message, first, rival, apart_at, apart, joint))
            belief[e] = weight[e] * free
            sum_k += belief[e]
            best = max(best, math.exp(min(ratio[e], _MOST)) * free)
        told[k] = math.log(likelihood + chance[k] * best)
        for e in range(start[k], start[k + 1]):
            belief[e] /= sum_k
            claimed[candidate[e]] += belief[e]
    displace(start, held, belief, expected, look, first, rival, apart_at, apart, joint, pull)


@kernel
def rivals(
    start: IntArray,
    candidate: IntArray,
    held: BoolArray,
    wanted: IntArray,
    look: FloatArray,
    expected: FloatArray,
) -> tuple[IntArray, IntArray, IntArray, FloatArray, BoolArray]:
    """Return who competes for each detection that more than one track wants: the edges of detection d are
    `rival[first[d]:first[d + 1]]`, m of them, and `apart[apart_at[d]:]` holds, (m, m), how likely each two
    tracks are far enough from one another to be resolved; `joint` says where any may not be.
    """
    detections, n = wanted.shape[0], held.shape[0]
    first, apart_at = np.zeros(detections + 1, dtype=np.int64), np.zeros(detections + 1, dtype=np.int64)
    for d in range(detections):
        m = wanted[d] if wanted[d] > 1 else 0
        first[d + 1], apart_at[d + 1] = first[d] + m, apart_at[d] + m * m
    rival, owner = np.empty(first[detections], dtype=np.int64), np.empty(first[detections], dtype=np.int64)
    filled, apart = first[:detections].copy(), np.ones(apart_at[detections])
    joint = np.zeros(detections, dtype=np.bool_)
    for k in range(n):
        for e in range(start[k], start[k + 1]):
            d = candidate[e]
            if held[k] and wanted[d] > 1:
                rival[filled[d]], owner[filled[d]] = e, k
                filled[d] += 1
    if look[RESOLUTION] > 0.0:
        for d in range(detections):
            m = first[d + 1] - first[d]
            for a in range(m):
                for b in range(a):
                    one = resolved(look, expected[owner[first[d] + a]], expected[owner[first[d] + b]])
                    apart[apart_at[d] + a * m + b] = apart[apart_at[d] + b * m + a] = one
                    joint[d] = joint[d] or one < 1.0 - LEAST
    return first, rival, apart_at, apart, joint


@kernel
def resolved(look: FloatArray, one: FloatArray, other: FloatArray) -> float:
    """Return how likely the sensor sees two targets as two; `one`, `other` (2, 3) as in `expected`."""
    both = 1.0
    for c in range(3):
        width = look[RESOLUTION + c]
        if width > 0.0:
            gap = abs(one[0, c] - other[0, c])
            if width < math.pi < gap and (c == 1 or look[LOOK_KIND] == AZIMUTH_ELEVATION):
                gap = abs(gap - 2.0 * math.pi)
            sigma = math.sqrt(2.0 * (one[1, c] + other[1, c])) + 1e-9
            both *= 0.5 * (math.erf((width - gap) / sigma) + math.erf((width + gap) / sigma))
    return 1.0 - both


@kernel
def others(
    e: int,
    d: int,
    total: FloatArray,
    message: FloatArray,
    first: IntArray,
    rival: IntArray,
    apart_at: IntArray,
    apart: FloatArray,
    joint: BoolArray,
) -> float:
    """Return what all other tracks say for detection `d`, those that may share it with edge `e` less so."""
    m = first[d + 1] - first[d]
    if not joint[d]:
        return float(max(total[d] - message[e], 0.0))
    said, a = 0.0, 0
    while rival[first[d] + a] != e:
        a += 1
    for b in range(m):
        if b != a:
            said += message[rival[first[d] + b]] * apart[apart_at[d] + a * m + b]
    return said


@kernel
def displace(
    start: IntArray,
    held: BoolArray,
    belief: FloatArray,
    expected: FloatArray,
    look: FloatArray,
    first: IntArray,
    rival: IntArray,
    apart_at: IntArray,
    apart: FloatArray,
    joint: BoolArray,
    pull: FloatArray,
) -> None:
    """Write by how much a track's companions displace a detection that they share: to their common middle."""
    if look[RESOLUTION] <= 0.0:
        return
    owner = np.empty(start[held.shape[0]], dtype=np.int64)
    for k in range(held.shape[0]):
        for e in range(start[k], start[k + 1]):
            owner[e] = k
    for d in range(first.shape[0] - 1):
        m = first[d + 1] - first[d] if joint[d] else 0
        for a in range(m):
            e = rival[first[d] + a]
            crowd = 1.0
            for b in range(m):
                f = rival[first[d] + b]
                share_of = belief[f] * (1.0 - apart[apart_at[d] + a * m + b])
                if b == a or share_of < LEAST:
                    continue
                crowd += share_of
                for c in range(3):
                    if math.isfinite(expected[owner[f], 0, c]):
                        gap = expected[owner[f], 0, c] - expected[owner[e], 0, c]
                        if abs(gap) > math.pi and look[RESOLUTION + c] < math.pi:
                            gap -= math.copysign(2.0 * math.pi, gap)
                        pull[e, 0, c] += share_of * gap
                        pull[e, 1, c] += share_of * (gap * gap / 3.0 + expected[owner[f], 1, c])
            for c in range(3):
                pull[e, 0, c] /= crowd
                pull[e, 1, c] /= crowd * crowd


@kernel
def take_rest(
    start: IntArray,
    candidate: IntArray,
    ratio: FloatArray,
    chance: FloatArray,
    proved: FloatArray,
    hopeful: BoolArray,
    taken_by: IntArray,
    takes: IntArray,
) -> None:
    """Let the `hopeful` tracks share the detections that are not `taken_by` another yet."""
    gain = np.empty(start[hopeful.shape[0]])
    for k in range(hopeful.shape[0]):
        for e in range(start[k], start[k + 1]):
            # Were the track there, would it explain the detection better than clutter and a miss do? That it
            # may not be there must not keep a start from its second detection; the likelier start goes first.
            gain[e] = ratio[e] + math.log(chance[k] / (1.0 - chance[k]))
            if gain[e] > 0.0:
                gain[e] += proved[k]
    assign(start, candidate, gain, hopeful, taken_by, takes)


@kernel
def belief_of(start: IntArray, candidate: IntArray, belief: FloatArray, k: int, d: int) -> float:
    """Return how likely detection `d` is the k-th track's."""
    for e in range(start[k], start[k + 1]):
        if candidate[e] == d:
            return float(belief[e])
    return 0.0


@kernel
def blended(
    records: FloatArray,
    start: IntArray,
    candidate: IntArray,
    belief: FloatArray,
    pull: FloatArray,
    k: int,
    best: int,
    blend: FloatArray,
) -> float:
    """Write the one measurement that stands for all that the k-th track was given, about its `best`; return
    how likely it was given any.

    Its value is the mean of all, weighed by belief; its variance theirs and that of their spread, over the
    belief in any. A filter that takes it in moves as far as one that averaged over all hypotheses.
    """
    total, alone = 0.0, -1
    for c in range(RECORD):
        blend[c] = records[best, c]
    for e in range(start[k], start[k + 1]):
        total += belief[e]
        if candidate[e] == best and belief[e] >= _SURE:
            alone = e
    if alone >= 0:
        for c in range(3):
            if pull[alone, 1, c] > 0.0:
                blend[MEASURED + c] -= pull[alone, 0, c]
                blend[SIGMA + c] = math.sqrt(blend[SIGMA + c] ** 2 + pull[alone, 1, c])
        return total
    kind = int(blend[KIND])
    for c in range(4):
        if not math.isfinite(blend[MEASURED + c]):
            continue
        shift, square, weight = 0.0, 0.0, 0.0
        for e in range(start[k], start[k + 1]):
            d = candidate[e]
            if not math.isfinite(records[d, MEASURED + c]):
                continue
            gap = difference(kind, c, records[d, MEASURED + c], records[best, MEASURED + c])
            variance = records[d, SIGMA + c] ** 2
            if c < 3:
                gap -= pull[e, 0, c]
                variance += pull[e, 1, c]
            weight += belief[e]
            shift += belief[e] * gap
            square += belief[e] * (gap * gap + variance)
        shift /= weight
        blend[MEASURED + c] += shift
        blend[SIGMA + c] = math.sqrt(max(square / weight - shift * shift, 1e-18) / total)
    return total


@kernel
def choose(
    value: FloatArray,
    number: IntArray,
    rows: IntArray,
    look: FloatArray,
    rules: FloatArray,
    start: IntArray,
    candidate: IntArray,
    ratio: FloatArray,
    chance: FloatArray,
    expected: FloatArray,
    takes: IntArray,
    belief: FloatArray,
    claimed: FloatArray,
    told: FloatArray,
    pull: FloatArray,
) -> None:
    """Decide what each track is given: `takes`, its likeliest detection or -1, and `belief` per edge; `told`
    is what the scan says of its existence, as log-odds; `claimed` per detection, how likely it is explained.
    """
    n, detections = rows.shape[0], claimed.shape[0]
    taken_by, proved, odds = np.empty(detections, dtype=np.int64), np.empty(n), np.empty(n)
    held, hopeful = np.empty(n, dtype=np.bool_), np.empty(n, dtype=np.bool_)
    for k in range(n):
        takes[k], hopeful[k] = -1, number[rows[k], STATUS] == TENTATIVE
        held[k] = not hopeful[k]
        odds[k] = math.exp(value[rows[k], LOG_ODDS])
        proved[k] = max(value[rows[k], LOG_ODDS] - value[rows[k], START_LOG_ODDS], 0.0)
    share(
        start,
        candidate,
        ratio,
        chance,
        odds,
        held,
        rules[BLOCKED],
        look,
        expected,
        belief,
        claimed,
        told,
        pull,
    )
    for d in range(detections):
        taken_by[d] = 0 if claimed[d] > 0.5 else -1
    take_rest(start, candidate, ratio, chance, proved, hopeful, taken_by, takes)
    for k in range(n):
        most, total = LEAST, 0.0
        for e in range(start[k], start[k + 1]):
            d = candidate[e]
            if hopeful[k]:
                belief[e] = 1.0 if takes[k] == d else 0.0
                if takes[k] == d:
                    told[k] = ratio[e] + math.log(chance[k])
                    claimed[d] = max(claimed[d], 1.0 / (1.0 + math.exp(-value[rows[k], LOG_ODDS])))
            else:
                total += belief[e]
                if belief[e] > most:
                    most, takes[k] = belief[e], d
        if hopeful[k] and takes[k] < 0:
            told[k] = math.log(1.0 - chance[k] * (1.0 - rules[BLOCKED]))
