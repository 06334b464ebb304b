"""Which detection could come from which track: predict every track to the scan, then sweep over sorted
bearings.

Detections arrive sorted by azimuth (by east, where positions are measured), so that a track finds its few
candidates by bisection and looks at no others.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray, kernel
from skykeep.models.measurement import COMPONENTS, POSITION, difference, measure
from skykeep.tracking.columns import (
    ALONE,
    AZIMUTH_FROM,
    AZIMUTH_WIDTH,
    BORN,
    ELEVATION_MAX,
    ELEVATION_MIN,
    GATE,
    LOG_RATE_SPAN,
    LOOK_KIND,
    LOOK_SENSOR,
    MEASURED,
    MISSES_TELL,
    OF_BEARING,
    RANGE_MAX,
    RANGE_MIN,
    SIGMA,
    TIME,
    Tracks,
)
from skykeep.tracking.crossing import is_crossed, is_sensors_own, log_meetings

_TWO_PI = 2.0 * math.pi
_S_PER_NS = 1e-9


@kernel
def looked_at(look: FloatArray, mean: FloatArray) -> bool:
    """Return whether the sensor was looking at where a target is thought to be."""
    e, n, u = mean[0] - look[LOOK_SENSOR], mean[1] - look[LOOK_SENSOR + 1], mean[2] - look[LOOK_SENSOR + 2]
    ground_m = math.sqrt(e * e + n * n)
    range_m = math.sqrt(ground_m * ground_m + u * u)
    elevation_rad = math.atan2(u, ground_m)
    return bool(
        look[RANGE_MIN] <= range_m <= look[RANGE_MAX]
        and (math.atan2(e, n) - look[AZIMUTH_FROM]) % _TWO_PI <= look[AZIMUTH_WIDTH]
        and look[ELEVATION_MIN] <= elevation_rad <= look[ELEVATION_MAX]
    )


@kernel
def beyond(look: FloatArray, mean: FloatArray, P: FloatArray) -> bool:
    """Return whether a target is farther away than the sensor sees, for certain."""
    square, spread = 0.0, 0.0
    for axis in range(3):
        gap = mean[axis] - look[LOOK_SENSOR + axis]
        square += gap * gap
        spread += P[axis, axis]
    return bool(math.sqrt(square) - 3.0 * math.sqrt(spread) > look[RANGE_MAX])


@kernel
def log_density(
    gaps: FloatArray, S0: FloatArray, record: FloatArray, n: int, rules: FloatArray, L: FloatArray
) -> float:
    """Return the log of the density of a detection under a track's prediction, -inf outside the gate.

    `gaps` (4,) measured less predicted, NaN where not measured; `S0` (4, 4) the spread of the prediction; n
    components. A range rate counts against that of clutter, which is spread evenly. `L` (5, 4) is room to
    work.
    """
    distance, log_volume = 0.0, 0.0
    for a in range(n):
        if not math.isfinite(gaps[a]):
            continue
        # One row of Cholesky's factor of S, and with it one more whitened component (kept in the last row).
        gap, spread = gaps[a], S0[a, a] + record[SIGMA + a] * record[SIGMA + a]
        for b in range(a):
            entry = S0[a, b]
            for c in range(b):
                entry -= L[a, c] * L[b, c]
            L[a, b] = entry / L[b, b]
            gap -= L[a, b] * L[4, b]
            spread -= L[a, b] * L[a, b]
        L[a, a] = math.sqrt(spread)
        L[4, a] = gap / L[a, a]
        distance += L[4, a] * L[4, a]
        log_volume += math.log(L[a, a]) + 0.5 * math.log(_TWO_PI)
        if a == 3:
            log_volume -= rules[LOG_RATE_SPAN]
    return -0.5 * distance - log_volume if distance <= rules[GATE] else -math.inf


@kernel
def spread_of(P: FloatArray, H: FloatArray, n: int, S0: FloatArray) -> None:
    """Write H P H', (n, n), into `S0`."""
    for a in range(n):
        for b in range(a + 1):
            total = 0.0
            for i in range(6):
                if H[a, i] != 0.0:
                    for j in range(6):
                        total += H[a, i] * P[i, j] * H[b, j]
            S0[a, b] = S0[b, a] = total


@kernel
def gate(
    tracks: Tracks,
    rows: IntArray,
    means: FloatArray,
    covariances: FloatArray,
    known: BoolArray,
    look: FloatArray,
    rules: FloatArray,
    time_ns: int,
    records: FloatArray,
    local_clutter: FloatArray,
    start: IntArray,
    in_view: BoolArray,
    expected: FloatArray,
) -> tuple[IntArray, FloatArray]:
    """Return every track's candidates and the log of their densities over clutter's; fill `start`, `in_view`.

    `rows` of the tracks were predicted as `means` (n, 6) and `covariances` (n, 6, 6), where `known`; the
    rest are left out. `expected` (n, 2, 3) becomes what the sensor should measure and the variance of that.
    `local_clutter` (detections,) is the log of the density of clutter at each detection.
    """
    detections, kind = records.shape[0], int(look[LOOK_KIND])
    n, sweep = COMPONENTS[kind], 1 if kind == 0 else 0
    candidate, ratio = np.empty(4 * detections + 64, dtype=np.int64), np.empty(4 * detections + 64)
    predicted, H = np.empty(4), np.empty((4, 6))
    S0, gaps, L = np.zeros((4, 4)), np.empty(4), np.zeros((5, 4))
    edges = 0
    parts, widest = np.empty((3, detections)), np.zeros(3)
    columns(records, parts, widest)
    # Beside the bearing, range (or the north of a position) tells most: -1 where there is none.
    check = (0, -1, 1, 1)[kind]
    for k in range(rows.shape[0]):
        start[k], in_view[k], mean, P = edges, False, means[k], covariances[k]
        if not known[k]:
            continue
        if look[MISSES_TELL] > 0.0 and time_ns >= tracks.number[rows[k], BORN]:
            in_view[k] = looked_at(look, mean)
        value, number = tracks.value[rows[k]], tracks.number[rows[k]]
        if number[OF_BEARING] == ALONE and detections > 0 and is_crossed(value, number, look):
            dt_s = (time_ns - number[TIME]) * _S_PER_NS
            while edges + detections > candidate.shape[0]:
                candidate, ratio = roomier(candidate, ratio)
            edges = add_meetings(value, dt_s, rules, records, local_clutter, candidate, ratio, edges)
        if number[OF_BEARING] == ALONE and not is_sensors_own(value, look):
            in_view[k] = False
            continue
        if kind != POSITION and beyond(look, mean, P):
            continue
        measure(kind, mean, look[LOOK_SENSOR:RANGE_MIN], predicted, H)
        spread_of(P, H, n, S0)
        for c in range(3):
            expected[k, 0, c], expected[k, 1, c] = predicted[c], S0[c, c]
        half = half_width(S0, widest, sweep, rules)
        if not math.isfinite(half):
            continue
        wide = 0.0 if check < 0 else half_width(S0, widest, check, rules)
        turns = 0 if kind == POSITION else 1
        if turns == 1 and half >= math.pi:
            half, turns = _TWO_PI, 0
        for turn in range(-turns, turns + 1):
            low, high = predicted[sweep] + turn * _TWO_PI - half, predicted[sweep] + turn * _TWO_PI + half
            for d in range(first_not_below(records, MEASURED + sweep, low), detections):
                if parts[sweep, d] > high:
                    break
                # Most fall outside here, at a glance.
                if check >= 0 and not abs(parts[check, d] - predicted[check]) <= wide:
                    continue
                near = True
                for c in range(n):
                    gaps[c] = difference(kind, c, records[d, MEASURED + c], predicted[c])
                    sigma = records[d, SIGMA + c]
                    near = near and not gaps[c] * gaps[c] > rules[GATE] * (S0[c, c] + sigma * sigma)
                log_likelihood = log_density(gaps, S0, records[d], n, rules, L) if near else -math.inf
                if log_likelihood > -math.inf:
                    if edges == candidate.shape[0]:
                        candidate, ratio = roomier(candidate, ratio)
                    candidate[edges], ratio[edges] = d, log_likelihood - local_clutter[d]
                    edges += 1
    start[rows.shape[0]] = edges
    return candidate, ratio


@kernel
def half_width(S0: FloatArray, widest: FloatArray, component: int, rules: FloatArray) -> float:
    """Return how far off one component of any detection may be."""
    variance = S0[component, component] + widest[component] * widest[component]
    return math.sqrt(rules[GATE] * variance)


@kernel
def add_meetings(
    value: FloatArray,
    dt_s: float,
    rules: FloatArray,
    records: FloatArray,
    local_clutter: FloatArray,
    candidate: IntArray,
    ratio: FloatArray,
    edges: int,
) -> int:
    """Add the bearings that cross a lone one to the candidates, `edges` so far; return how many then."""
    meeting = np.empty(records.shape[0])
    log_meetings(value, dt_s, rules, records, meeting)
    for d in range(records.shape[0]):
        if meeting[d] > -math.inf:
            candidate[edges], ratio[edges] = d, meeting[d] - local_clutter[d]
            edges += 1
    return edges


@kernel
def columns(records: FloatArray, parts: FloatArray, widest: FloatArray) -> None:
    """Copy the first three measured columns to `parts` (3, detections), next to each other in memory, and
    note the widest sigma of each.
    """
    for d in range(records.shape[0]):
        for c in range(3):
            parts[c, d] = records[d, MEASURED + c]
            if records[d, SIGMA + c] > widest[c]:
                widest[c] = records[d, SIGMA + c]


@kernel
def first_not_below(records: FloatArray, column: int, bound: float) -> int:
    """Return the first row whose value in the sorted `column` is not below `bound`."""
    low, high = 0, records.shape[0]
    while low < high:
        middle = (low + high) // 2
        if records[middle, column] < bound:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def roomier(candidate: IntArray, ratio: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return copies with twice the room."""
    size = candidate.shape[0]
    wider, wider_ratio = np.empty(2 * size, dtype=np.int64), np.empty(2 * size)
    for k in range(size):
        wider[k], wider_ratio[k] = candidate[k], ratio[k]
    return wider, wider_ratio
