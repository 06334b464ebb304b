"""Where a bearing leads: the distance as a mixture of guesses, until a second sensor tells them apart.

A track that one sensor alone has bearings of is its latest bearing. What another sensor detects is compared
with the target at each of a row of distances, spaced evenly in their logarithm because none is likelier; the
detection weighs the guesses, and their mixture is where the track begins. One wide Gaussian instead would be
linearised where the target is not. Source: Peach 1995 for filters in parts of the range.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.models.measurement import (
    COMPONENTS,
    POSITION,
    difference,
    locate,
    measure,
)
from skykeep.tracking.columns import (
    CLIMB_VARIANCE,
    FIRST,
    GATE,
    HISTORY,
    KIND,
    LOCATED_VARIANCE,
    LOOK_KIND,
    LOOK_SENSOR,
    MEASURED,
    MISSES_TELL,
    OF_BEARING,
    PLACED,
    RAY_KIND,
    RECORD,
    SENSOR,
    SIGMA,
    SPEED_VARIANCE,
    TIME,
    History,
    Tracks,
)
from skykeep.tracking.filter import begin, update

_GUESSES = 16
_NEAREST_M = 5.0
_WIDER = 1.2
_ELSEWHERE_M = 10.0
_SHARP = 0.35
"""A distance is known when its sigma is below this part of it."""


@kernel
def is_crossed(value: FloatArray, number: IntArray, look: FloatArray) -> bool:
    """Return whether a look tells the distance of a lone bearing: of the same kind, from another place.

    A camera's bearing is not crossed with a direction finder's: most that cross so are of two targets.
    """
    apart_m = 0.0
    for axis in range(3):
        apart_m += abs(look[LOOK_SENSOR + axis] - value[FIRST + SENSOR + axis])
    return look[LOOK_KIND] == number[RAY_KIND] and apart_m > _ELSEWHERE_M


@kernel
def is_sensors_own(value: FloatArray, look: FloatArray) -> bool:
    """Return whether a look is of the sensor whose bearing a track began with."""
    apart_m = 0.0
    for axis in range(3):
        apart_m += abs(look[LOOK_SENSOR + axis] - value[FIRST + SENSOR + axis])
    return apart_m == 0.0 and look[MISSES_TELL] == 0.0


@kernel
def guess(
    value: FloatArray, k: int, dt_s: float, rules: FloatArray, state: FloatArray, covariance: FloatArray
) -> float:
    """Write the target at the k-th distance along a track's bearing, `dt_s` after it; return the distance."""
    record = value[FIRST : FIRST + RECORD].copy()
    half_m = math.sqrt(3.0) * record[SIGMA]
    far_m = record[MEASURED] + half_m
    near_m = max(record[MEASURED] - half_m, _NEAREST_M)
    low_m = near_m * (far_m / near_m) ** (k / _GUESSES)
    high_m = near_m * (far_m / near_m) ** ((k + 1) / _GUESSES)
    record[MEASURED] = 0.5 * (low_m + high_m)
    record[SIGMA] = _WIDER * (high_m - low_m) / math.sqrt(12.0)
    position, spread = np.empty(3), np.empty((3, 3))
    measured, sigma = record[MEASURED:SIGMA], record[SIGMA:]
    locate(int(record[KIND]), measured, sigma, record[SENSOR:MEASURED], position, spread)
    for i in range(3):
        speed = rules[CLIMB_VARIANCE] if i == 2 else rules[SPEED_VARIANCE]
        state[i], state[i + 3] = position[i], 0.0
        for j in range(3):
            covariance[i, j] = spread[i, j]
            covariance[i + 3, j] = covariance[i, j + 3] = covariance[i + 3, j + 3] = 0.0
        covariance[i, i] += speed * dt_s * dt_s
        covariance[i, i + 3] = covariance[i + 3, i] = speed * dt_s
        covariance[i + 3, i + 3] = speed
    return float(record[MEASURED])


@kernel
def log_meetings(
    value: FloatArray, dt_s: float, rules: FloatArray, records: FloatArray, meeting: FloatArray
) -> None:
    """Write, per bearing from elsewhere, the log of its density, -inf where no distance fits."""
    states, covariances = np.empty((_GUESSES, 6)), np.empty((_GUESSES, 6, 6))
    predicted, variance, H = np.empty((_GUESSES, 4)), np.zeros((_GUESSES, 2)), np.empty((4, 6))
    state, covariance = np.empty(6), np.empty((6, 6))
    kind = int(records[0, KIND])
    for k in range(_GUESSES):
        guess(value, k, dt_s, rules, states[k], covariances[k])
        measure(kind, states[k], records[0, SENSOR:MEASURED], predicted[k], H)
        for c in range(COMPONENTS[kind]):
            for i in range(6):
                for j in range(6):
                    variance[k, c] += H[c, i] * covariances[k, i, j] * H[c, j]
    for d in range(records.shape[0]):
        total = 0.0
        for k in range(_GUESSES):
            near = True
            for c in range(COMPONENTS[kind]):
                gap = difference(kind, c, records[d, MEASURED + c], predicted[k, c])
                allowed = variance[k, c] + records[d, SIGMA + c] * records[d, SIGMA + c]
                near = near and not gap * gap > rules[GATE] * allowed
            if near:
                for i in range(6):
                    state[i] = states[k, i]
                    for j in range(6):
                        covariance[i, j] = covariances[k, i, j]
                total += math.exp(update(state, covariance, records[d])) / _GUESSES
        meeting[d] = math.log(total) if total > 1e-300 else -math.inf


@kernel
def cross(
    tracks: Tracks, history: History, row: int, time_ns: int, rules: FloatArray, record: FloatArray
) -> bool:
    """Let a track of a lone bearing begin where a detection from elsewhere puts it; False when that leaves
    its distance open.
    """
    value, number = tracks.value[row], tracks.number[row]
    dt_s = (time_ns - number[TIME]) * 1e-9
    states, covariances = np.empty((_GUESSES, 6)), np.empty((_GUESSES, 6, 6))
    weight, best = np.empty(_GUESSES), -math.inf
    for k in range(_GUESSES):
        guess(value, k, dt_s, rules, states[k], covariances[k])
        weight[k] = update(states[k], covariances[k], record)
        best = max(best, weight[k])
    total = 0.0
    for k in range(_GUESSES):
        weight[k] = math.exp(weight[k] - best)
        total += weight[k]
    mean, P = np.zeros(6), np.zeros((6, 6))
    for k in range(_GUESSES):
        for i in range(6):
            mean[i] += weight[k] / total * states[k, i]
    for k in range(_GUESSES):
        for i in range(6):
            for j in range(6):
                apart = (states[k, i] - mean[i]) * (states[k, j] - mean[j])
                P[i, j] += weight[k] / total * (covariances[k, i, j] + apart)
    spread_m2, away_m2 = P[0, 0] + P[1, 1] + P[2, 2], 0.0
    for axis in range(3):
        away_m2 += (mean[axis] - value[FIRST + SENSOR + axis]) ** 2
    if not spread_m2 < min(rules[LOCATED_VARIANCE], _SHARP * _SHARP * away_m2):
        return False
    value[FIRST + KIND] = POSITION
    for axis in range(3):
        value[FIRST + MEASURED + axis] = mean[axis]
        value[FIRST + SIGMA + axis] = math.sqrt(P[axis, axis])
    value[FIRST + MEASURED + 3] = value[FIRST + SIGMA + 3] = np.nan
    begin(tracks.x[row], tracks.P[row], tracks.mu[row], value[FIRST : FIRST + RECORD], rules)
    for m in range(tracks.mu.shape[1]):
        for i in range(6):
            tracks.x[row, m, i] = mean[i]
            for j in range(6):
                tracks.P[row, m, i, j] = P[i, j]
    number[TIME], number[OF_BEARING] = time_ns, PLACED
    if number[HISTORY] >= 0:
        history.ring[number[HISTORY], 1] = 0
        number[HISTORY] = -1
    return True
