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
from skykeep.models.measurement import difference
from skykeep.tracking.assign import assign
from skykeep.tracking.columns import (
    BLOCKED,
    KIND,
    LOG_ODDS,
    MEASURED,
    RECORD,
    SIGMA,
    START_LOG_ODDS,
    STATUS,
    TENTATIVE,
    Edges,
    Sweep,
    Tracks,
)
from skykeep.tracking.resolution import LEAST, Rivalry, displace, others, rivals

_ROUNDS = 60
_SETTLED = 1e-4
_MOST = 25.0
"""Log-ratios are cut here, so that sums of messages keep their small members."""
_SURE = 0.98
"""A detection believed this much is taken as it is."""


@kernel
def share(
    sweep: Sweep,
    edges: Edges,
    odds: FloatArray,
    held: BoolArray,
    look: FloatArray,
    blocked: float,
    claimed: FloatArray,
) -> None:
    """Write `belief` per edge, how likely that detection is that track's, `claimed` per detection, how likely
    it is any believed track's, and `told` per track, the log of what the scan says of its existence.

    `odds` are those of existence; only tracks that are `held` take part. Those closer than the sensor
    resolves may share a detection: `pull` says by how much their companions then displace it.
    """
    start, candidate, belief, chance = sweep.start, edges.candidate, edges.belief, sweep.chance
    n, detections = held.shape[0], claimed.shape[0]
    weight, message = np.zeros(start[n]), np.zeros(start[n])
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
                weight[e] = math.exp(min(edges.ratio[e], _MOST)) * p * chance[k] / (1.0 - p * chance[k])
                wanted[candidate[e]] += 1
    rivalry = rivals(sweep, candidate, held, wanted, look)
    pass_messages(start, candidate, held, weight, rivalry, message, total, belief)
    for k in range(n):
        if not held[k]:
            continue
        best, sum_k, likelihood = 0.0, 1.0, 1.0 - chance[k] * (1.0 - blocked)
        for e in range(start[k], start[k + 1]):
            free = 1.0 / (1.0 + others(e, candidate[e], total, message, rivalry))
            belief[e] = weight[e] * free
            sum_k += belief[e]
            best = max(best, math.exp(min(edges.ratio[e], _MOST)) * free)
        sweep.told[k] = math.log(likelihood + chance[k] * best)
        for e in range(start[k], start[k + 1]):
            belief[e] /= sum_k
            claimed[candidate[e]] += belief[e]
    displace(sweep, edges, held, look, rivalry)


@kernel
def pass_messages(
    start: IntArray,
    candidate: IntArray,
    held: BoolArray,
    weight: FloatArray,
    rivalry: Rivalry,
    message: FloatArray,
    total: FloatArray,
    work: FloatArray,
) -> None:
    """Let tracks and detections tell one another what they want until it settles; `message` is per edge,
    `total` its sum per detection, `work` room per edge.
    """
    contested = False
    for k in range(held.shape[0]):
        if held[k]:
            sum_k = 1.0
            for e in range(start[k], start[k + 1]):
                sum_k += weight[e]
            for e in range(start[k], start[k + 1]):
                message[e] = weight[e] / (sum_k - weight[e])
                total[candidate[e]] += message[e]
                contested = contested or rivalry.first[candidate[e]] < rivalry.first[candidate[e] + 1]
    rounds = 0
    while contested and rounds < _ROUNDS:
        rounds += 1
        change = 0.0
        for k in range(held.shape[0]):
            if not held[k] or start[k] == start[k + 1]:
                continue
            sum_k = 1.0
            for e in range(start[k], start[k + 1]):
                work[e] = weight[e] / (1.0 + others(e, candidate[e], total, message, rivalry))
                sum_k += work[e]
            for e in range(start[k], start[k + 1]):
                fresh = weight[e] / (sum_k - work[e])
                # Relative to what is compared: huge messages settle by their logarithm.
                change = max(change, abs(fresh - message[e]) / (1.0 + fresh))
                total[candidate[e]] += fresh - message[e]
                message[e] = fresh
        if change < _SETTLED:
            break


@kernel
def take_rest(sweep: Sweep, edges: Edges, proved: FloatArray, hopeful: BoolArray, taken_by: IntArray) -> None:
    """Let the `hopeful` tracks share the detections that are not `taken_by` another yet."""
    start, gain = sweep.start, np.empty(edges.ratio.shape[0])
    for k in range(hopeful.shape[0]):
        for e in range(start[k], start[k + 1]):
            # Were the track there, would it explain the detection better than clutter and a miss do? That it
            # may not be there must not keep a start from its second detection; the likelier start goes first.
            gain[e] = edges.ratio[e] + math.log(sweep.chance[k] / (1.0 - sweep.chance[k]))
            if gain[e] > 0.0:
                gain[e] += proved[k]
    assign(start, edges.candidate, gain, hopeful, taken_by, sweep.takes)


@kernel
def blended(records: FloatArray, sweep: Sweep, edges: Edges, k: int, blend: FloatArray) -> float:
    """Write the one measurement that stands for all that the k-th track was given, about the likeliest;
    return how likely it was given any.

    Its value is the mean of all, weighed by belief; its variance theirs and that of their spread, over the
    belief in any. A filter that takes it in moves as far as one that averaged over all hypotheses.
    """
    start, candidate, belief, pull = sweep.start, edges.candidate, edges.belief, edges.pull
    total, alone, best = 0.0, -1, sweep.takes[k]
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
                # Whose range rate a shared echo tells is not known.
                blend[MEASURED + 3] = np.nan
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
            if c == 3 and pull[e, 1, 0] > 0.0:
                continue
            gap = difference(kind, c, records[d, MEASURED + c], records[best, MEASURED + c])
            variance = records[d, SIGMA + c] ** 2
            if c < 3:
                gap -= pull[e, 0, c]
                variance += pull[e, 1, c]
            weight += belief[e]
            shift += belief[e] * gap
            square += belief[e] * (gap * gap + variance)
        if weight == 0.0:
            blend[MEASURED + c] = np.nan
            continue
        shift /= weight
        blend[MEASURED + c] += shift
        blend[SIGMA + c] = math.sqrt(max(square / weight - shift * shift, 1e-18) / total)
    return total


@kernel
def choose(
    tracks: Tracks, sweep: Sweep, edges: Edges, look: FloatArray, rules: FloatArray, claimed: FloatArray
) -> None:
    """Decide what each track is given: fill `takes` and `told` of the sweep, `belief` and `pull` of the
    edges, and `claimed` per detection, how likely any track explains it.
    """
    n, detections = sweep.rows.shape[0], claimed.shape[0]
    start, candidate, belief = sweep.start, edges.candidate, edges.belief
    taken_by, proved, odds = np.empty(detections, dtype=np.int64), np.empty(n), np.empty(n)
    held, hopeful = np.empty(n, dtype=np.bool_), np.empty(n, dtype=np.bool_)
    for k in range(n):
        value = tracks.value[sweep.rows[k]]
        hopeful[k] = tracks.number[sweep.rows[k], STATUS] == TENTATIVE
        held[k] = not hopeful[k]
        odds[k] = math.exp(value[LOG_ODDS])
        proved[k] = max(value[LOG_ODDS] - value[START_LOG_ODDS], 0.0)
    share(sweep, edges, odds, held, look, rules[BLOCKED], claimed)
    for d in range(detections):
        taken_by[d] = 0 if claimed[d] > 0.5 else -1
    take_rest(sweep, edges, proved, hopeful, taken_by)
    for k in range(n):
        most = LEAST
        for e in range(start[k], start[k + 1]):
            d = candidate[e]
            if hopeful[k]:
                belief[e] = 1.0 if sweep.takes[k] == d else 0.0
                if sweep.takes[k] == d:
                    sweep.told[k] = edges.ratio[e] + math.log(sweep.chance[k])
                    odds_k = odds[k]
                    claimed[d] = max(claimed[d], odds_k / (1.0 + odds_k))
            elif belief[e] > most:
                most, sweep.takes[k] = belief[e], d
        if hopeful[k] and sweep.takes[k] < 0:
            sweep.told[k] = math.log(1.0 - sweep.chance[k] * (1.0 - rules[BLOCKED]))
