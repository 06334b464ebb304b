"""Global nearest neighbour: which track takes which detection so that the sum of all scores is greatest.

The candidates are sparse: those of track i are `candidate[start[i]:start[i + 1]]`, each with its score, the
log of how much likelier the detection comes from the track than from clutter and the track being missed. A
track may stay without. Exact: each track in turn is let in along the cheapest chain of exchanges (Jonker and
Volgenant 1987, after Dijkstra and Hungarian prices), which touches only tracks that compete with it, so no
clusters need to be formed first.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray, kernel


@kernel
def assign(
    start: IntArray,
    candidate: IntArray,
    score: FloatArray,
    wanted: BoolArray,
    taken_by: IntArray,
    takes: IntArray,
) -> None:
    """Give detections to the `wanted` tracks; write `takes` (track to detection) and `taken_by` (back), -1
    for none.

    Detections already taken on entry (by tracks that were served before) stay taken.
    """
    detections = taken_by.shape[0]
    track_price, price = np.zeros(takes.shape[0]), np.zeros(detections)
    reach, via = np.empty(detections), np.zeros(detections, dtype=np.int64)
    closed, held = np.empty(detections, dtype=np.bool_), np.empty(detections, dtype=np.bool_)
    for d in range(detections):
        reach[d] = np.inf
        closed[d] = held[d] = taken_by[d] >= 0
    touched, scanned = np.empty(detections, dtype=np.int64), np.empty(takes.shape[0], dtype=np.int64)
    scanned_at = np.empty(takes.shape[0])
    for newcomer in range(takes.shape[0]):
        if not wanted[newcomer] or start[newcomer] == start[newcomer + 1]:
            continue
        for e in range(start[newcomer], start[newcomer + 1]):
            if not held[candidate[e]]:
                track_price[newcomer] = min(track_price[newcomer], -score[e] - price[candidate[e]])
        touched_count = scanned_count = 0
        track, so_far = newcomer, 0.0
        loser, loser_cost, last = -1, np.inf, -1
        while True:
            scanned[scanned_count], scanned_at[scanned_count] = track, so_far
            scanned_count += 1
            # The track could go without a detection: that costs nothing beyond its own price.
            if so_far - track_price[track] < loser_cost:
                loser, loser_cost = track, so_far - track_price[track]
            for e in range(start[track], start[track + 1]):
                d = candidate[e]
                cost = so_far - score[e] - track_price[track] - price[d]
                if not closed[d] and cost < reach[d]:
                    if reach[d] == np.inf:
                        touched[touched_count] = d
                        touched_count += 1
                    reach[d], via[d] = cost, track
            nearest = -1
            for k in range(touched_count):
                d = touched[k]
                if not closed[d] and (nearest < 0 or reach[d] < reach[nearest]):
                    nearest = d
            if nearest < 0 or loser_cost <= reach[nearest]:
                so_far = loser_cost
                last = takes[loser]
                takes[loser] = -1
                break
            so_far = reach[nearest]
            if taken_by[nearest] < 0:
                last = nearest
                break
            closed[nearest] = True
            track = taken_by[nearest]
        for k in range(scanned_count):
            track_price[scanned[k]] += so_far - scanned_at[k]
        for k in range(touched_count):
            d = touched[k]
            if closed[d]:
                price[d] += reach[d] - so_far
        # Hand each detection on the chain to the track that reached for it.
        while last >= 0:
            track = via[last]
            before = takes[track]
            takes[track], taken_by[last] = last, track
            if track == newcomer:
                break
            last = before
        for k in range(touched_count):
            closed[touched[k]] = False
            reach[touched[k]] = np.inf
