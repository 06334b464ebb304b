"""Which detection could come from which track: what lies near what a sensor should measure of it."""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray, kernel
from skykeep.models.measurement import (
    COMPONENTS,
    POSITION,
    RANGE_AZIMUTH_ELEVATION,
    difference,
    measure,
)
from skykeep.tracking.columns import (
    ALONE,
    AZIMUTH_FROM,
    AZIMUTH_WIDTH,
    BORN,
    COASTING,
    CONFIRMED,
    ELEVATION_MAX,
    ELEVATION_MIN,
    LOOK_KIND,
    LOOK_SENSOR,
    MEASURED,
    MISSES_TELL,
    OF_BEARING,
    RANGE_MAX,
    RANGE_MIN,
    STATUS,
    TIME,
    Tracks,
    Ways,
)
from skykeep.tracking.crossing import is_crossed, is_sensors_own, log_meetings
from skykeep.tracking.index import Index, in_box, widest_of
from skykeep.tracking.likelihood import MIXTURE, ROOM, expect, extent, log_mixture, variance_of

_TWO_PI = 2.0 * math.pi
_S_PER_NS = 1e-9


@kernel
def place_seen(look: FloatArray, mean: FloatArray, seen: FloatArray) -> None:
    """Write range (m), azimuth and elevation (rad) of where a target is thought to be, `seen` (3,)."""
    e, n, u = mean[0] - look[LOOK_SENSOR], mean[1] - look[LOOK_SENSOR + 1], mean[2] - look[LOOK_SENSOR + 2]
    ground_m = math.sqrt(e * e + n * n)
    seen[0] = math.sqrt(ground_m * ground_m + u * u)
    seen[1], seen[2] = math.atan2(e, n) % _TWO_PI, math.atan2(u, ground_m)


@kernel
def looked_at(look: FloatArray, seen: FloatArray) -> bool:
    """Return whether the sensor was looking at a place, `seen` (3,) at this range, azimuth, elevation."""
    return bool(
        look[RANGE_MIN] <= seen[0] <= look[RANGE_MAX]
        and (seen[1] - look[AZIMUTH_FROM]) % _TWO_PI <= look[AZIMUTH_WIDTH]
        and look[ELEVATION_MIN] <= seen[2] <= look[ELEVATION_MAX]
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
def gate(
    tracks: Tracks,
    rows: IntArray,
    means: FloatArray,
    covariances: FloatArray,
    known: BoolArray,
    ways: Ways,
    look: FloatArray,
    rules: FloatArray,
    time_ns: int,
    records: FloatArray,
    index: Index,
    local_clutter: FloatArray,
    start: IntArray,
    in_view: BoolArray,
    expected: FloatArray,
) -> tuple[IntArray, FloatArray]:
    """Return every track's candidates and the log of their densities over clutter's; fill `start`, `in_view`.

    `rows` of the tracks were predicted as `means` (n, 6) and `covariances` (n, 6, 6), where `known`; the
    rest are left out. Believed tracks are asked by each of their `ways`. `expected` (n, 2, 3) becomes what
    the sensor should measure and the variance of that. `local_clutter` (detections,) is the log of the
    density of clutter at each detection.
    """
    detections, kind = records.shape[0], int(look[LOOK_KIND])
    n = components(kind, records)
    candidate, ratio = np.empty(4 * detections + 64, dtype=np.int64), np.empty(4 * detections + 64)
    predicted, H, gaps, seen = np.empty(4), np.empty((4, 6)), np.empty(4), np.empty(3)
    low, high, hits = np.empty(3), np.empty(3), np.empty(detections, dtype=np.int64)
    mixture, room = np.empty((ways.mu.shape[1], MIXTURE)), np.empty(ROOM)
    edges = 0
    for k in range(rows.shape[0]):
        start[k], in_view[k], mean, P = edges, False, means[k], covariances[k]
        if not known[k]:
            continue
        value, number = tracks.value[rows[k]], tracks.number[rows[k]]
        if number[OF_BEARING] == ALONE and detections > 0 and is_crossed(value, number, look):
            dt_s = (time_ns - number[TIME]) * _S_PER_NS
            while edges + detections > candidate.shape[0]:
                candidate, ratio = roomier(candidate, ratio)
            edges = add_meetings(value, dt_s, rules, records, local_clutter, candidate, ratio, edges)
        if number[OF_BEARING] == ALONE and not is_sensors_own(value, look):
            continue
        measure(kind, mean, look[LOOK_SENSOR:RANGE_MIN], predicted, H)
        if look[MISSES_TELL] > 0.0 and time_ns >= number[BORN]:
            if kind != RANGE_AZIMUTH_ELEVATION:
                place_seen(look, mean, seen)
            in_view[k] = looked_at(look, predicted if kind == RANGE_AZIMUTH_ELEVATION else seen)
        if kind != POSITION and beyond(look, mean, P):
            continue
        believed = CONFIRMED <= number[STATUS] <= COASTING
        count = expect(mean, P, ways, ways.of[k] if believed else -1, H, n, mixture)
        exists = True
        for c in range(3):
            expected[k, 0, c], expected[k, 1, c] = predicted[c], 0.0
            if c >= n:
                continue
            expected[k, 1, c] = variance_of(mixture, count, c)
            below, above = extent(mixture, count, c, widest_of(index, c), rules)
            low[c], high[c] = predicted[c] + below, predicted[c] + above
            exists = exists and math.isfinite(high[c] - low[c])
        for h in range(in_box(index, low, high, hits) if exists else 0):
            d = hits[h]
            for c in range(n):
                gaps[c] = difference(kind, c, records[d, MEASURED + c], predicted[c])
            log_likelihood = log_mixture(mixture, count, gaps, records[d], n, rules, room)
            if log_likelihood > -math.inf:
                if edges == candidate.shape[0]:
                    candidate, ratio = roomier(candidate, ratio)
                candidate[edges], ratio[edges] = d, log_likelihood - local_clutter[d]
                edges += 1
    start[rows.shape[0]] = edges
    return candidate, ratio


@kernel
def components(kind: int, records: FloatArray) -> int:
    """Return how many components the detections of one scan have: radars without Doppler tell no rate."""
    if kind == RANGE_AZIMUTH_ELEVATION:
        for d in range(records.shape[0]):
            if math.isfinite(records[d, MEASURED + 3]):
                return 4
        return 3
    return COMPONENTS[kind]


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
def roomier(candidate: IntArray, ratio: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return copies with twice the room."""
    size = candidate.shape[0]
    wider, wider_ratio = np.empty(2 * size, dtype=np.int64), np.empty(2 * size)
    for k in range(size):
        wider[k], wider_ratio[k] = candidate[k], ratio[k]
    return wider, wider_ratio
