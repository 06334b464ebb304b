"""Which detection could come from which track: predict every track to the scan, then one sweep over sorted bearings.

Detections arrive sorted by azimuth (by east, where positions are measured), so that a track finds its few candidates
by bisection and looks at no others.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray, kernel
from skykeep.models.measurement import components, difference, measure
from skykeep.tracking.columns import (
    COASTING,
    CONFIRMED,
    ENDED,
    KIND,
    MEASURED,
    SIGMA,
    TENTATIVE,
    History,
    Look,
    Rules,
    Tracks,
)
from skykeep.tracking.filter import combine

_TWO_PI = 2.0 * math.pi
_NS = 1e-9


@kernel
def latest_before(history: History, row: int, time_ns: int) -> int:
    """Return how many entries of a history are not later than `time_ns`."""
    depth = history.time_ns.shape[1]
    k = history.count[row]
    while k > 0 and history.time_ns[row, (history.head[row] + k - 1) % depth] > time_ns:
        k -= 1
    return int(k)


@kernel
def predict_track(
    tracks: Tracks, history: History, row: int, time_ns: int, rules: Rules, mean: FloatArray, P: FloatArray
) -> bool:
    """Write what was known of a track at `time_ns` from detections until then; False when nothing was.

    Before its first detection a track is looked back upon from there.
    """
    if time_ns >= tracks.time_ns[row]:
        dt_s = (time_ns - tracks.time_ns[row]) * _NS
        combine(tracks.x[row], tracks.P[row], tracks.mu[row], dt_s, rules, mean, P)
        return True
    h = tracks.history[row]
    if h < 0:
        dt_s = (time_ns - tracks.time_ns[row]) * _NS
        combine(tracks.x[row], tracks.P[row], tracks.mu[row], dt_s, rules, mean, P)
        return bool(tracks.hits[row] == 1)
    depth = history.time_ns.shape[1]
    k = latest_before(history, h, time_ns)
    place = (history.head[h] + max(k - 1, 0)) % depth
    dt_s = (time_ns - history.time_ns[h, place]) * _NS
    combine(history.x[h, place], history.P[h, place], history.mu[h, place], dt_s, rules, mean, P)
    return bool(k > 0 or history.time_ns[h, place] == tracks.born_ns[row])


@kernel
def inside(look: Look, range_m: float, azimuth_rad: float, elevation_rad: float) -> bool:
    """Return whether the sensor was looking there."""
    turned = (azimuth_rad - look.azimuth_from_rad) % _TWO_PI
    return bool(
        look.range_min_m <= range_m <= look.range_max_m
        and turned <= look.azimuth_width_rad
        and look.elevation_min_rad <= elevation_rad <= look.elevation_max_rad
    )


@kernel
def first_not_below(values: FloatArray, bound: float) -> int:
    """Return the first place in sorted `values` that is not below `bound`."""
    low, high = 0, values.shape[0]
    while low < high:
        middle = (low + high) // 2
        if values[middle] < bound:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def log_density(
    gaps: FloatArray, S0: FloatArray, record: FloatArray, n: int, gate: float, range_rate_span: float, L: FloatArray
) -> float:
    """Return the log of the density of a detection under a track's prediction, -inf outside the gate.

    `gaps` (4,) measured less predicted, NaN where not measured; `S0` (4, 4) the spread of the prediction; n components.
    A missing range rate counts as spread evenly over the log-width `range_rate_span`, as it is for clutter.
    """
    distance, log_volume, used = 0.0, 0.0, 0
    for a in range(n):
        if not math.isfinite(gaps[a]):
            continue
        # One row of Cholesky's factor, and with it one more whitened component.
        whitened = gaps[a]
        spread = S0[a, a] + record[SIGMA + a] * record[SIGMA + a]
        for b in range(a):
            entry = S0[a, b]
            for c in range(b):
                entry -= L[a, c] * L[b, c]
            L[a, b] = entry / L[b, b]
            whitened -= L[a, b] * L[b, 3 + 1]
            spread -= L[a, b] * L[a, b]
        L[a, a] = math.sqrt(spread)
        L[a, 3 + 1] = whitened / L[a, a]
        distance += L[a, 3 + 1] * L[a, 3 + 1]
        log_volume += math.log(L[a, a])
        used += 1
        if not distance <= gate:
            return -math.inf
    if n == 4 and used == 4:
        log_volume -= range_rate_span
    return -0.5 * distance - log_volume - 0.5 * used * math.log(_TWO_PI)


@kernel
def gate(
    tracks: Tracks,
    history: History,
    used: int,
    look: Look,
    rules: Rules,
    time_ns: int,
    records: FloatArray,
    sort_key: FloatArray,
    start: IntArray,
    in_view: BoolArray,
) -> tuple[IntArray, FloatArray]:
    """Return the candidates of every track and their log densities over clutter; fill `start` and `in_view`.

    A coasting track can take what a confirmed one can; ended ones take nothing.
    """
    n = components(look.kind)
    detections = records.shape[0]
    candidate, density = np.empty(4 * detections + 64, dtype=np.int64), np.empty(4 * detections + 64)
    edges = 0
    mean, P = np.empty(6), np.empty((6, 6))
    predicted, H = np.empty(4), np.empty((4, 6))
    PH, S0, gaps, L = np.empty((6, 4)), np.zeros((4, 4)), np.empty(4), np.zeros((4, 5))
    sweep = 1 if look.kind == 0 else 0
    widest = 0.0
    for d in range(detections):
        widest = max(widest, records[d, SIGMA + sweep])
    for row in range(used):
        start[row] = edges
        in_view[row] = False
        status = tracks.status[row]
        if status < TENTATIVE or status == ENDED:
            continue
        if status == TENTATIVE and not look.tentative_too:
            continue
        if not predict_track(tracks, history, row, time_ns, rules, mean, P):
            continue
        if look.misses_tell:
            measure(0, mean, look.position_enu_m, predicted, H)
            in_view[row] = time_ns >= tracks.born_ns[row] and inside(look, predicted[0], predicted[1], predicted[2])
        if detections == 0:
            continue
        if look.kind != 0 or not look.misses_tell:
            measure(look.kind, mean, look.position_enu_m, predicted, H)
        for c in range(n):
            for a in range(6):
                total = 0.0
                for b in range(6):
                    total += P[a, b] * H[c, b]
                PH[a, c] = total
        for c in range(n):
            for a in range(c + 1):
                total = 0.0
                for b in range(6):
                    total += H[a, b] * PH[b, c]
                S0[a, c] = S0[c, a] = total
        half = math.sqrt(rules.gate * (S0[sweep, sweep] + widest * widest))
        if not math.isfinite(half):
            continue
        circular = look.kind != 3
        turns = 1 if circular else 0
        if circular and half >= math.pi:
            half, turns = _TWO_PI, 0
        for turn in range(-turns, turns + 1):
            center = predicted[sweep] + turn * _TWO_PI
            d = first_not_below(sort_key, center - half)
            while d < detections and sort_key[d] <= center + half:
                near = True
                for c in range(n):
                    gaps[c] = difference(look.kind, c, records[d, MEASURED + c], predicted[c])
                    sigma = records[d, SIGMA + c]
                    if gaps[c] * gaps[c] > rules.gate * (S0[c, c] + sigma * sigma):
                        near = False
                        break
                if near:
                    value = log_density(gaps, S0, records[d], n, rules.gate, rules.log_range_rate_span, L)
                    if value > -math.inf:
                        if edges == candidate.shape[0]:
                            candidate = np.concatenate((candidate, np.empty_like(candidate)))
                            density = np.concatenate((density, np.empty_like(density)))
                        candidate[edges], density[edges] = d, value - look.log_clutter
                        edges += 1
                d += 1
    start[used] = edges
    return candidate, density


__all__ = ["COASTING", "CONFIRMED", "KIND", "gate", "predict_track"]
