"""Registration's tables: targets that several sensors see, what they say of the sensors' constant errors, and
how well each sensor's detections fit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from skykeep.base.compile import FloatArray, IntArray

STATE = 9
"""Place, velocity, and what the target's own word of its place is off by."""

# Places in Bank.number, one row per target; times in ns.
UID = 0  # of the track, or -1
TIME = 1
SINCE = 2
SENSORS = 3  # how many have seen it
REFUSED = 4  # measurements refused in a row
NUMBERS = 5

# Errors of one sensor in Bank.column and Bank.unit, in the order of BiasComponent.
CLOCK, PLACE = 3, 4
ERRORS = 7
OWN_ERROR = np.array([[0, 1, 2, -1], [1, -1, -1, -1], [1, 2, -1, -1], [-1, -1, -1, -1]])
"""Which error of a sensor is a measured component's own, by kind of measurement; -1 for none."""

# Places in the row of rules.
NOISE, VERTICAL, SPEED_VARIANCE, CLIMB_VARIANCE, MOST, GAP_NS, ALONE_NS = 0, 1, 2, 3, 4, 5, 6
TOLD_VARIANCE, TOLD_UP_VARIANCE = 7, 8
RULES = 9

# Places in a row to take in.
ROW_UID, ROW_SENSOR, ROW_TIME, ROW_MAY_START = 0, 1, 2, 3
ROW = 4

# Places in Bank.tally, one row per sensor.
LOOKS, COMMON, OUTLIERS, LATE = 0, 1, 2, 3
COUNTS = 4

# Places in Bank.fit, per sensor and measured component.
FIT_WEIGHT, FIT_EXCESS = 0, 1


class Bank(NamedTuple):
    """The targets, and what they say of b, of size B; S sensors."""

    m: FloatArray  # (targets, STATE)
    P: FloatArray  # (targets, STATE, STATE)
    A: FloatArray  # (targets, STATE, B + 3 for each clock)
    N: FloatArray  # (targets, STATE, STATE) covariance of m's error as far as measurements make it
    number: IntArray  # (targets, NUMBERS)
    seen: IntArray  # (targets, S) 1 for a sensor that has seen it
    Y: FloatArray  # (B, B) without the prior
    W: FloatArray  # (B, B) what of Y is noise of velocities
    y: FloatArray  # (B,)
    b: FloatArray  # (B,) the estimate that m is for
    tally: IntArray  # (S, COUNTS)
    column: IntArray  # (S, ERRORS) place in b, or -1
    moved: IntArray  # (S,) first of three columns of A, for a displacement of what it sees, or -1
    unit: FloatArray  # (S, ERRORS) prior sigma
    told: IntArray  # (S,) 1 where detections are what the target says of itself
    factor: FloatArray  # (S, 4) what claimed sigmas are multiplied with
    fit: FloatArray  # (S, 4, 2) FIT_WEIGHT and FIT_EXCESS


def empty_bank(unit: FloatArray, told: IntArray, targets: int) -> Bank:
    """Return a bank of `targets` free places for sensors with the prior sigmas `unit` (S, ERRORS)."""
    column = np.full(unit.shape, -1, dtype=np.int64)
    errors = int(np.count_nonzero(unit > 0.0))
    column[unit > 0.0] = np.arange(errors)
    sensors = len(unit)
    clocks = unit[:, CLOCK] > 0.0
    moved = np.where(clocks, errors + 3 * (np.cumsum(clocks) - 1), -1)
    bank = Bank(
        m=np.zeros((targets, STATE)),
        P=np.zeros((targets, STATE, STATE)),
        A=np.zeros((targets, STATE, errors + 3 * int(clocks.sum()))),
        N=np.zeros((targets, STATE, STATE)),
        number=np.zeros((targets, NUMBERS), dtype=np.int64),
        seen=np.zeros((targets, sensors), dtype=np.int64),
        Y=np.zeros((errors, errors)),
        W=np.zeros((errors, errors)),
        y=np.zeros(errors),
        b=np.zeros(errors),
        tally=np.zeros((sensors, COUNTS), dtype=np.int64),
        column=column,
        moved=moved,
        unit=unit,
        told=told,
        factor=np.ones((sensors, 4)),
        fit=np.zeros((sensors, 4, 2)),
    )
    bank.number[:, UID] = -1
    return bank
