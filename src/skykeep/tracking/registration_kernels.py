"""Targets and constant sensor errors together, exactly but apart.

Given the constant errors b of all sensors, targets do not depend on one another. So each target has a plain
Kalman filter of its own in the form x | b ~ N(m + A b, P), and what is known of b is one information matrix
and vector, Y and y. A measurement z = h(x) + G b + v has, given b, the innovation nu - g'b with g = H A + G
and variance S = H P H' + R. Taking it in adds g g' / S to Y and g nu / S to y, moves m and P as in any Kalman
filter and A by -K g. With nothing else approximated this *is* the joint filter of all targets and all errors
(tests/tracking/test_registration.py compares them): errors of a track that persist are not counted twice, and
the sigma is honest. Sources: Friedland 1969 for the separation; the information form is textbook.

b counts in prior sigmas. What G is, per unit of error (said less true, `BiasComponent`): 1 for a component's
own; dh/dx for the place of the sensor, because it sees the target from elsewhere; -dh/dt for the clock: a
stamp late by tau belongs to a target that has flown on for tau since it was measured.

x (9) is place, velocity and what the target's own word of its place is off by: a satellite receiver or a
barometer is wrong in the same way all flight long, and a hundred such messages are worth about one.

All is linearised at the present estimate, m + A b, the sensor where it is thought to be and the measurement
at the time it is thought to be of. The product of two unknowns, velocity and clock, is carried to second
order, as noise.
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
from skykeep.models.motion import predict_constant_velocity
from skykeep.tracking.columns import KIND, MEASURED, SENSOR, SIGMA
from skykeep.tracking.registration_bank import (
    ALONE_NS,
    CLIMB_VARIANCE,
    CLOCK,
    COMMON,
    FIT_EXCESS,
    FIT_WEIGHT,
    GAP_NS,
    LATE,
    LOOKS,
    MOST,
    NOISE,
    OUTLIERS,
    OWN_ERROR,
    PLACE,
    REFUSED,
    ROW_MAY_START,
    ROW_SENSOR,
    ROW_TIME,
    ROW_UID,
    SENSORS,
    SINCE,
    SPEED_VARIANCE,
    STATE,
    TIME,
    TOLD_UP_VARIANCE,
    TOLD_VARIANCE,
    UID,
    VERTICAL,
    Bank,
)

_S_PER_NS = 1e-9
_ANYWHERE_M2 = 1e8
_REFUSALS = 3
"""Measurements refused in a row after which a target is begun anew."""
_CAP, _CAPPED_MEAN, _CAPPED_SLOPE = 4.0, 0.92054, 0.73854
"""Squared normalised innovations above the first count as it, so that a wrong association in fifty tells
little; what their mean then is of a good sensor, and how it grows with the square of the error ratio."""


@kernel
def inverted(Y: FloatArray) -> FloatArray:
    """Return the inverse of 1 + Y, (B, B), Y positive semidefinite: by Gauss and Jordan, the same bits on
    every machine, as a library's need not be.
    """
    n = Y.shape[0]
    left, out = Y.copy(), np.zeros((n, n))
    for i in range(n):
        left[i, i] += 1.0
        out[i, i] = 1.0
    for i in range(n):
        pivot = left[i, i]
        for j in range(n):
            left[i, j] /= pivot
            out[i, j] /= pivot
        for row in range(n):
            if row != i:
                factor = left[row, i]
                for j in range(n):
                    left[row, j] -= factor * left[i, j]
                    out[row, j] -= factor * out[i, j]
    return out


@kernel
def absorb(
    bank: Bank, b: FloatArray, spread: FloatArray, rows: IntArray, records: FloatArray, rules: FloatArray
) -> None:
    """Take in measurement records (n, RECORD), less the errors as estimated; `rows` (n, ROW) say whose, in
    order of time.

    `b` (B,) and `spread` (B, B) are the present estimate and its covariance; the time is the present estimate
    of when the target was where it was measured.
    """
    for r in range(rows.shape[0]):
        uid, sensor, time_ns = rows[r, ROW_UID], rows[r, ROW_SENSOR], rows[r, ROW_TIME]
        t = place_of(bank.number, uid, time_ns, rows[r, ROW_MAY_START] == 1, rules)
        if t < 0:
            continue
        number, record = bank.number[t], records[r]
        if number[UID] != uid or time_ns - number[TIME] > rules[GAP_NS] or number[REFUSED] >= _REFUSALS:
            number[UID] = -1
            if rows[r, ROW_MAY_START] != 1:
                continue
            begin(bank, t, record, rules)
            number[UID], number[TIME], number[SINCE] = uid, time_ns, time_ns
        if time_ns < number[TIME]:
            bank.tally[sensor, LATE] += 1
            continue
        advance(bank, t, (time_ns - number[TIME]) * _S_PER_NS, rules)
        number[TIME] = time_ns
        if take_in(bank, t, sensor, b, spread, record, rules):
            number[REFUSED] = 0
            bank.tally[sensor, LOOKS] += 1
            note_seen(bank, t, sensor)
        else:
            bank.tally[sensor, OUTLIERS] += 1
            # What a target says of itself may be a lie; that is no reason to doubt where it is.
            number[REFUSED] += 1 - bank.told[sensor]


@kernel
def place_of(number: IntArray, uid: int, time_ns: int, may_start: bool, rules: FloatArray) -> int:
    """Return the place of a track's target, or one that it may have; -1 for none.

    A place is free when its target was not seen for long; or, where all are held, when after a while only one
    sensor has seen it, so that it says little.
    """
    for t in range(number.shape[0]):
        if number[t, UID] == uid:
            return t
    if not may_start:
        return -1
    alone = -1
    for t in range(number.shape[0]):
        if number[t, UID] < 0 or time_ns - number[t, TIME] > rules[GAP_NS]:
            return t
        if alone < 0 and number[t, SENSORS] < 2 and time_ns - number[t, SINCE] > rules[ALONE_NS]:
            alone = t
    return alone


@kernel
def begin(bank: Bank, t: int, record: FloatArray, rules: FloatArray) -> None:
    """Place a target where the measurement says, as if it could be anywhere: taking the measurement in then
    tells where it is, and how that depends on b.
    """
    kind, m, P, unused = int(record[KIND]), bank.m[t], bank.P[t], np.empty((3, 3))
    for i in range(STATE):
        m[i] = 0.0
        for j in range(STATE):
            P[i, j] = 0.0
        for j in range(bank.A.shape[2]):
            bank.A[t, i, j] = 0.0
    locate(kind, record[MEASURED:SIGMA], record[SIGMA:], record[SENSOR:MEASURED], m[:3], unused)
    for axis in range(3):
        P[axis, axis] = _ANYWHERE_M2
        P[axis + 3, axis + 3] = rules[CLIMB_VARIANCE] if axis == 2 else rules[SPEED_VARIANCE]
        P[axis + 6, axis + 6] = rules[TOLD_UP_VARIANCE] if axis == 2 else rules[TOLD_VARIANCE]
    for s in range(bank.seen.shape[1]):
        bank.seen[t, s] = 0
    bank.number[t, SENSORS] = bank.number[t, REFUSED] = 0


@kernel
def advance(bank: Bank, t: int, dt_s: float, rules: FloatArray) -> None:
    """Let a target fly on."""
    P, A = bank.P[t], bank.A[t]
    predict_constant_velocity(bank.m[t], P, dt_s, rules[NOISE], rules[VERTICAL])
    for axis in range(3):
        for k in range(6, STATE):
            P[axis, k] += dt_s * P[axis + 3, k]
            P[k, axis] = P[axis, k]
        for j in range(A.shape[1]):
            A[axis, j] += dt_s * A[axis + 3, j]


@kernel
def take_in(
    bank: Bank, t: int, sensor: int, b: FloatArray, spread: FloatArray, record: FloatArray, rules: FloatArray
) -> bool:
    """Update target `t` and what is known of b by one record less the errors as estimated; False, and nothing
    done, when it does not fit. How well it fits is noted either way.
    """
    m, P, A, B = bank.m[t], bank.P[t], bank.A[t], b.shape[0]
    kind, fits = int(record[KIND]), True
    here, predicted, H = m.copy(), np.empty(4), np.zeros((4, STATE))
    for i in range(STATE):
        for j in range(B):
            here[i] += A[i, j] * b[j]
    measure(kind, here, record[SENSOR:MEASURED], predicted, H)
    if bank.told[sensor] == 1 and kind == POSITION:
        for c in range(3):
            predicted[c] += here[6 + c]
            H[c, 6 + c] = 1.0
    G, nu, R, g = np.zeros((4, B)), np.empty(4), np.empty(4), np.empty(B)
    for c in range(COMPONENTS[kind]):
        off = difference(kind, c, record[MEASURED + c], predicted[c])
        nu[c] = off
        if not math.isfinite(off):
            continue
        own = record[SIGMA + c] ** 2
        R[c] = own + depend(bank, G[c], sensor, OWN_ERROR[kind, c], H[c], P, here, spread)
        S = R[c]
        for i in range(STATE):
            for j in range(STATE):
                S += H[c, i] * P[i, j] * H[c, j]
        for j in range(B):
            g[j] = G[c, j]
            for i in range(STATE):
                g[j] += H[c, i] * A[i, j]
        for j in range(B):
            nu[c] += g[j] * b[j]
            for k in range(B):
                S += g[j] * spread[j, k] * g[k]
        # The error ratio squared is 1 + (capped - mean) / slope * S / R, weighed by one over its variance.
        capped = min(off * off / S, _CAP)
        bank.fit[sensor, c, FIT_WEIGHT] += (own / S) ** 2
        bank.fit[sensor, c, FIT_EXCESS] += (capped - _CAPPED_MEAN) / _CAPPED_SLOPE * own / S
        fits = fits and off * off <= rules[MOST] * S
    if not fits:
        return False
    start = m.copy()
    for c in range(COMPONENTS[kind]):
        if math.isfinite(nu[c]):
            for i in range(STATE):
                nu[c] -= H[c, i] * (m[i] - start[i])
            learn(bank, t, H[c], G[c], nu[c], R[c])
    return True


@kernel
def depend(
    bank: Bank,
    G: FloatArray,
    sensor: int,
    own: int,
    H: FloatArray,
    P: FloatArray,
    here: FloatArray,
    spread: FloatArray,
) -> float:
    """Write how one component depends on b, `G` (B,); return the variance that a clock not known and a
    velocity not known make together.
    """
    column, unit, variance = bank.column[sensor], bank.unit[sensor], 0.0
    if own >= 0 and column[own] >= 0:
        G[column[own]] = unit[own]
    if column[CLOCK] >= 0:
        k, flow = column[CLOCK], 0.0
        for i in range(3):
            flow += H[i] * here[i + 3]
            for j in range(3):
                variance += H[i] * P[i + 3, j + 3] * H[j]
        G[k] = -unit[CLOCK] * flow
        variance *= unit[CLOCK] ** 2 * spread[k, k]
    for axis in range(3):
        if column[PLACE + axis] >= 0:
            G[column[PLACE + axis]] = unit[PLACE + axis] * H[axis]
    return variance


@kernel
def learn(bank: Bank, t: int, H: FloatArray, G: FloatArray, nu: float, R: float) -> None:
    """Take in one component: its innovation `nu` as if b were 0."""
    m, P, A, B = bank.m[t], bank.P[t], bank.A[t], G.shape[0]
    PH, g, S = np.zeros(STATE), G.copy(), R
    for i in range(STATE):
        for j in range(STATE):
            PH[i] += P[i, j] * H[j]
        S += H[i] * PH[i]
        for j in range(B):
            g[j] += H[i] * A[i, j]
    for j in range(B):
        if g[j] != 0.0:
            bank.y[j] += g[j] * nu / S
            for k in range(B):
                bank.Y[j, k] += g[j] * g[k] / S
            for i in range(STATE):
                A[i, j] -= PH[i] / S * g[j]
    for i in range(STATE):
        m[i] += PH[i] / S * nu
        for j in range(i + 1):
            P[i, j] -= PH[i] * PH[j] / S
            P[j, i] = P[i, j]


@kernel
def note_seen(bank: Bank, t: int, sensor: int) -> None:
    """Count the sensors that have seen a target, and for each the targets that it shares with another."""
    if bank.seen[t, sensor] == 1:
        return
    bank.seen[t, sensor] = 1
    bank.number[t, SENSORS] += 1
    if bank.number[t, SENSORS] == 2:
        for s in range(bank.seen.shape[1]):
            bank.tally[s, COMMON] += bank.seen[t, s]
    elif bank.number[t, SENSORS] > 2:
        bank.tally[sensor, COMMON] += 1
