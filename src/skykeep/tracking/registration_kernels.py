"""Targets and constant sensor errors together, exactly but apart.

Given the constant errors b of all sensors, targets do not depend on one another. So each target has a plain
Kalman filter of its own in the form x | b ~ N(m + A (b - b0), P), b0 being the estimate last worked with, and
what is known of b is one information matrix and vector, Y and y. A measurement z = h(x) + G b + v has, given
b, the innovation nu - g'(b - b0) with g = H A + G and variance S = H P H' + R. Taking it in adds g g' / S to
Y and g (nu + g' b0) / S to y, moves m and P as in any Kalman filter and A by -K g. With nothing else
approximated this *is* the joint filter of all targets and all errors (tests/tracking/test_registration.py
compares them): errors of a track that persist are not counted twice, and the sigma is honest. Sources:
Friedland 1969 for the separation; the information form is textbook.

b counts in prior sigmas. What G is, per unit of error (said less true, `BiasComponent`): 1 for a component's
own; dh/dx for the place of the sensor, because it sees the target from elsewhere. A stamp late by tau belongs
to a target that has flown on for tau since it was measured: the sensor sees it displaced by -tau times its
velocity. So A has three columns for what a displacement, dh/dx, does, and g for the clock is what these say
along the velocity as it is known now. A velocity found to be other than thought then changes all that was
inferred from it: two clocks that are late alike shift every target along itself, g is 0 and nothing is
learned.

That velocity is an estimate. Its noise makes g g' larger on average, but not the mean of g nu: `W` is the sum
of what is too much, told by N, the covariance of the part of m's error that measurements make. (P is some
four times as large: it also holds what the target may have done since, which the estimate shows nothing of.)

x (9) is place, velocity and what the target's own word of its place is off by: a satellite receiver or a
barometer is wrong in the same way all flight long, and a hundred such messages are worth about one.

All is linearised at the present estimate, the sensor where it is thought to be and the measurement at the
time it is thought to be of. The product of two unknowns, velocity and clock, is carried to second order, as
noise.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel
from skykeep.models.measurement import locate
from skykeep.models.motion import predict_constant_velocity
from skykeep.tracking.columns import KIND, MEASURED, SENSOR, SIGMA
from skykeep.tracking.registration_bank import (
    ALONE_NS,
    CLIMB_VARIANCE,
    COMMON,
    GAP_NS,
    LATE,
    LOOKS,
    NOISE,
    OUTLIERS,
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
from skykeep.tracking.registration_learning import take_in

_S_PER_NS = 1e-9
_ANYWHERE_M2 = 1e8
_REFUSALS = 3
"""Measurements refused in a row after which a target is begun anew."""


@kernel
def absorb(bank: Bank, spread: FloatArray, rows: IntArray, records: FloatArray, rules: FloatArray) -> None:
    """Take in measurement records (n, RECORD), less the errors as estimated; `rows` (n, ROW) say whose, in
    order of time.

    `spread` (B, B) is the covariance of the estimate; the time is the present estimate of when the target was
    where it was measured.
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
        if take_in(bank, t, sensor, spread, record, rules):
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
            P[i, j] = bank.N[t, i, j] = 0.0
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
    P, N, A = bank.P[t], bank.N[t], bank.A[t]
    predict_constant_velocity(bank.m[t], P, dt_s, rules[NOISE], rules[VERTICAL])
    if A.shape[1] > bank.y.shape[0]:
        predict_constant_velocity(np.zeros(6), N, dt_s, 0.0, 0.0)
    for axis in range(3):
        for k in range(6, STATE):
            P[axis, k] += dt_s * P[axis + 3, k]
            P[k, axis] = P[axis, k]
            N[axis, k] += dt_s * N[axis + 3, k]
            N[k, axis] = N[axis, k]
        for j in range(A.shape[1]):
            A[axis, j] += dt_s * A[axis + 3, j]


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
