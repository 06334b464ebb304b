"""Which tracks a scan could touch at all, told by cheap arithmetic before any track is predicted in full.

Each track carries a *bound*: its combined mean and the traces of its position and velocity covariance at its
own time. From these follows a ball that its gate leaves only where an unlikely way of flying reaches further
than all together. A track whose ball holds no detection is only asked whether the sensor looked at it.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray, kernel
from skykeep.models.measurement import AZIMUTH, POSITION, RANGE_AZIMUTH_ELEVATION
from skykeep.tracking.columns import (
    ALONE,
    AT_S,
    BORN,
    BOUND,
    COASTING,
    CONFIRMED,
    EAST,
    FIRM,
    FIRM_AT,
    GATE,
    GROWS,
    LOOK_KIND,
    LOOK_SENSOR,
    MEASURED,
    MISSES_TELL,
    MOST_BEND,
    MOST_NOISE,
    NEXT_TRACK_ID,
    NORTH,
    OF_BEARING,
    POSITION_TRACE,
    RADIUS,
    RANGE_MAX,
    SIGMA,
    STATUS,
    TIME,
    USED,
    VELOCITY_TRACE,
    Tracks,
)
from skykeep.tracking.gate import looked_at, place_seen
from skykeep.tracking.index import Index, in_box, widest_of

_S_PER_NS = 1e-9
_TWO_PI = 2.0 * math.pi
_SOON_NS = 5_000_000_000
"""How long before and after its own time a track's disc holds."""


@kernel
def note_bound(tracks: Tracks, row: int, rules: FloatArray, fresh: bool) -> None:
    """Write the bound of one track, moments of all its models together (of the first, where it is `fresh`),
    and the disc that it gives.
    """
    value, x, P, mu = tracks.value[row], tracks.x[row], tracks.P[row], tracks.mu[row]
    models = 1 if fresh else mu.shape[0]
    for axis in range(6):
        value[BOUND + axis] = 0.0
        for j in range(models):
            value[BOUND + axis] += (1.0 if fresh else mu[j]) * x[j, axis]
    value[POSITION_TRACE] = value[VELOCITY_TRACE] = 0.0
    for j in range(models):
        weight = 1.0 if fresh else mu[j]
        for axis in range(3):
            apart_m, apart_mps = x[j, axis] - value[BOUND + axis], x[j, axis + 3] - value[BOUND + axis + 3]
            value[POSITION_TRACE] += weight * (P[j, axis, axis] + apart_m * apart_m)
            value[VELOCITY_TRACE] += weight * (P[j, axis + 3, axis + 3] + apart_mps * apart_mps)
    disc, soon_s = tracks.disc[row], _SOON_NS * _S_PER_NS
    disc[EAST], disc[NORTH] = value[BOUND], value[BOUND + 1]
    disc[AT_S] = tracks.number[row, TIME] * _S_PER_NS
    # All of this grows ever faster with time, so that a straight line to what it is then is never below it.
    spread_m = soon_s * math.sqrt(value[VELOCITY_TRACE]) + bend_m(value, soon_s, rules)
    spread_m += math.sqrt(rules[MOST_NOISE] * soon_s * soon_s * soon_s)
    disc[RADIUS] = math.sqrt(rules[GATE] * value[POSITION_TRACE])
    disc[GROWS] = math.sqrt(rules[GATE]) * spread_m / soon_s
    disc[GROWS] += math.hypot(value[BOUND + 3], value[BOUND + 4])


@kernel
def bend_m(value: FloatArray, span_s: float, rules: FloatArray) -> float:
    """Return how far at most, root mean square, a track leaves the straight line by turning or slowing."""
    # What is not known of the velocity is no matter: turned or slowed it carries no further than straight on.
    squared = 0.0
    for axis in range(3):
        squared += value[BOUND + axis + 3] * value[BOUND + axis + 3]
    return float(0.5 * rules[MOST_BEND] * span_s * span_s * math.sqrt(squared))


@kernel
def rows_about(
    tracks: Tracks, counters: IntArray, time_ns: int, records: FloatArray, rules: FloatArray
) -> IntArray:
    """Return the rows of tracks, confirmed not long ago, whose discs hold one of a few measured positions."""
    if counters[FIRM_AT] != counters[NEXT_TRACK_ID]:
        counters[FIRM_AT], counters[FIRM] = counters[NEXT_TRACK_ID], 0
        for row in range(counters[USED]):
            if CONFIRMED <= tracks.number[row, STATUS] <= COASTING:
                tracks.firm[counters[FIRM]] = row
                counters[FIRM] += 1
    rows, n, now_s = np.empty(counters[FIRM], dtype=np.int64), 0, time_ns * _S_PER_NS
    root = math.sqrt(rules[GATE])
    for k in range(counters[FIRM]):
        row = tracks.firm[k]
        disc = tracks.disc[row]
        away_s = abs(now_s - disc[AT_S])
        known = away_s <= _SOON_NS * _S_PER_NS
        for d in range(records.shape[0]):
            far_m = disc[RADIUS] + away_s * disc[GROWS] + root * records[d, SIGMA]
            apart_m = max(abs(records[d, MEASURED] - disc[EAST]), abs(records[d, MEASURED + 1] - disc[NORTH]))
            if apart_m <= far_m or not known:
                rows[n] = row
                n += 1
                break
    return rows[:n]


@kernel
def reach(
    values: FloatArray,
    number: IntArray,
    rows: IntArray,
    look: FloatArray,
    rules: FloatArray,
    time_ns: int,
    index: Index,
    near: BoolArray,
    in_view: BoolArray,
    spread_m2: FloatArray,
) -> None:
    """Write per row whether any detection may be its own (`near`), whether the sensor looked at it
    (`in_view`) and the trace of its position covariance, or a little more (`spread_m2`).
    """
    kind, detections = int(look[LOOK_KIND]), index.parts.shape[1]
    root, hit = math.sqrt(rules[GATE]), np.empty(1, dtype=np.int64)
    widest = np.array([widest_of(index, c) for c in range(3)])
    mean, seen, low, high = np.empty(3), np.empty(3), np.empty(3), np.empty(3)
    for k in range(rows.shape[0]):
        value = values[rows[k]]
        dt_s = (time_ns - number[rows[k], TIME]) * _S_PER_NS
        for axis in range(3):
            mean[axis] = value[BOUND + axis] + dt_s * value[BOUND + axis + 3]
        span_s = abs(dt_s)
        one_sigma_m = math.sqrt(value[POSITION_TRACE]) + span_s * math.sqrt(value[VELOCITY_TRACE])
        one_sigma_m += bend_m(value, span_s, rules)
        spread_m2[k] = one_sigma_m * one_sigma_m + rules[MOST_NOISE] * span_s * span_s * span_s
        in_view[k] = False
        if look[MISSES_TELL] > 0.0:
            place_seen(look, mean, seen)
            in_view[k] = time_ns >= number[rows[k], BORN] and looked_at(look, seen)
        near[k] = False
        if detections == 0 or (kind != POSITION and out_of_range(look, mean, root * math.sqrt(spread_m2[k]))):
            continue
        if dt_s < 0.0 or number[rows[k], OF_BEARING] == ALONE:
            # What was known before its latest detection is another, wider ball: only its history can tell. A
            # lone bearing has none.
            near[k] = True
            continue
        ball_m = root * math.sqrt(spread_m2[k])
        if look[MISSES_TELL] == 0.0 and kind != POSITION:
            place_seen(look, mean, seen)
        if box(kind, mean, seen, ball_m, root, widest, low, high):
            near[k] = in_box(index, low, high, hit) > 0
        else:
            near[k] = True


@kernel
def out_of_range(look: FloatArray, mean: FloatArray, ball_m: float) -> bool:
    """Return whether no sensor of this reach could see into a ball of `ball_m` about a place."""
    squared = 0.0
    for axis in range(3):
        gap = mean[axis] - look[LOOK_SENSOR + axis]
        squared += gap * gap
    reach_m = look[RANGE_MAX] + ball_m
    return bool(squared > reach_m * reach_m)


@kernel
def box(
    kind: int,
    mean: FloatArray,
    seen: FloatArray,
    ball_m: float,
    root: float,
    widest: FloatArray,
    low: FloatArray,
    high: FloatArray,
) -> bool:
    """Write bounds of what the sensor would measure of a ball about `mean`, which is `seen` in range, azimuth
    and elevation; False where the ball is too near to tell.
    """
    if kind == POSITION:
        for axis in range(3):
            low[axis] = mean[axis] - ball_m - root * widest[axis]
            high[axis] = mean[axis] + ball_m + root * widest[axis]
        return True
    ground_m = seen[0] * math.cos(seen[2])
    if not ball_m < 0.5 * ground_m:
        return False
    # The arcsine of up to a half exceeds its argument by less than a twentieth.
    turn = 1.05 * ball_m / ground_m
    first = 1 if kind == RANGE_AZIMUTH_ELEVATION else 0
    low[first] = seen[1] - turn - root * widest[first]
    high[first] = seen[1] + turn + root * widest[first]
    if high[first] - low[first] >= math.pi:
        return False
    if kind != AZIMUTH:
        low[first + 1] = seen[2] - turn - root * widest[first + 1]
        high[first + 1] = seen[2] + turn + root * widest[first + 1]
    if kind == RANGE_AZIMUTH_ELEVATION:
        low[0] = seen[0] - ball_m - root * widest[0]
        high[0] = seen[0] + ball_m + root * widest[0]
    return True
