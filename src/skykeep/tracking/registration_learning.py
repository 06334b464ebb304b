"""What one measurement says of its target and of the constant errors, and what all of them say together."""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, kernel
from skykeep.models.measurement import COMPONENTS, POSITION, difference, measure
from skykeep.tracking.columns import KIND, MEASURED, SENSOR, SIGMA
from skykeep.tracking.registration_bank import (
    CLOCK,
    FIT_EXCESS,
    FIT_WEIGHT,
    MOST,
    OWN_ERROR,
    PLACE,
    STATE,
    Bank,
)

_CAP, _CAPPED_MEAN, _CAPPED_SLOPE = 4.0, 0.92054, 0.73854
"""Squared normalised innovations above the first count as it, so that a wrong association in fifty tells
little; what their mean then is of a good sensor, and how it grows with the square of the error ratio."""


@kernel
def take_in(
    bank: Bank, t: int, sensor: int, spread: FloatArray, record: FloatArray, rules: FloatArray
) -> bool:
    """Update target `t` and what is known of b by one record less the errors as estimated; False, and nothing
    done, when it does not fit. How well it fits is noted either way.
    """
    m, P, B = bank.m[t], bank.P[t], spread.shape[0]
    kind, fits = int(record[KIND]), True
    predicted, H = np.empty(4), np.zeros((4, STATE))
    measure(kind, m, record[SENSOR:MEASURED], predicted, H)
    if bank.told[sensor] == 1 and kind == POSITION:
        for c in range(3):
            predicted[c] += m[6 + c]
            H[c, 6 + c] = 1.0
    G, nu, R = np.zeros((4, bank.A.shape[2])), np.empty(4), np.empty(4)
    d, g = np.empty(G.shape[1]), np.empty(B)
    for c in range(COMPONENTS[kind]):
        off = difference(kind, c, record[MEASURED + c], predicted[c])
        nu[c] = off
        if not math.isfinite(off):
            continue
        own = record[SIGMA + c] ** 2
        R[c] = own + depend(bank, G[c], sensor, OWN_ERROR[kind, c], H[c], P, spread)
        S = R[c]
        for i in range(STATE):
            for j in range(STATE):
                S += H[c, i] * P[i, j] * H[c, j]
        contract(bank, t, H[c], G[c], d, g)
        for j in range(B):
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
    bank: Bank, G: FloatArray, sensor: int, own: int, H: FloatArray, P: FloatArray, spread: FloatArray
) -> float:
    """Write how one component depends on the columns of A, `G`; return the variance that a clock not known
    and a velocity not known make together.
    """
    column, unit, variance = bank.column[sensor], bank.unit[sensor], 0.0
    if own >= 0 and column[own] >= 0:
        G[column[own]] = unit[own]
    for axis in range(3):
        if column[PLACE + axis] >= 0:
            G[column[PLACE + axis]] = unit[PLACE + axis] * H[axis]
    if column[CLOCK] >= 0:
        k = column[CLOCK]
        for i in range(3):
            G[bank.moved[sensor] + i] = H[i]
            for j in range(3):
                variance += H[i] * P[i + 3, j + 3] * H[j]
        variance *= unit[CLOCK] ** 2 * spread[k, k]
    return variance


@kernel
def contract(bank: Bank, t: int, H: FloatArray, G: FloatArray, d: FloatArray, g: FloatArray) -> None:
    """Write how an innovation depends on the columns of A, `d`, and on b, `g` (B,): a clock's error moves
    what the sensor sees along the target's velocity.
    """
    A, m = bank.A[t], bank.m[t]
    for j in range(d.shape[0]):
        d[j] = G[j]
        for i in range(STATE):
            d[j] += H[i] * A[i, j]
    for j in range(g.shape[0]):
        g[j] = d[j]
    for s in range(bank.moved.shape[0]):
        if bank.moved[s] >= 0:
            k = bank.column[s, CLOCK]
            g[k] = 0.0
            for axis in range(3):
                g[k] -= bank.unit[s, CLOCK] * d[bank.moved[s] + axis] * m[axis + 3]


@kernel
def learn(bank: Bank, t: int, H: FloatArray, G: FloatArray, nu: float, R: float) -> None:
    """Take in one component: its innovation `nu`."""
    m, P, A, B = bank.m[t], bank.P[t], bank.A[t], bank.y.shape[0]
    d, g, PH, S, known = np.empty(G.shape[0]), np.empty(B), np.zeros(STATE), R, 0.0
    contract(bank, t, H, G, d, g)
    for i in range(STATE):
        for j in range(STATE):
            PH[i] += P[i, j] * H[j]
        S += H[i] * PH[i]
    for j in range(B):
        known += g[j] * bank.b[j]
    for j in range(B):
        if g[j] != 0.0:
            bank.y[j] += g[j] * (nu + known) / S
            for k in range(B):
                bank.Y[j, k] += g[j] * g[k] / S
    if d.shape[0] > B:
        unlearn(bank, t, H, d, PH, S, R)
    for i in range(STATE):
        m[i] += PH[i] / S * nu
        for j in range(d.shape[0]):
            A[i, j] -= PH[i] / S * d[j]
        for j in range(i + 1):
            P[i, j] -= PH[i] * PH[j] / S
            P[j, i] = P[i, j]


@kernel
def unlearn(bank: Bank, t: int, H: FloatArray, d: FloatArray, PH: FloatArray, S: float, R: float) -> None:
    """Note how much of what was just learned of clocks is the square of the velocity's noise, which the
    innovation does not follow; then what noise this measurement brings.
    """
    N, unit, NH, noise = bank.N[t], bank.unit, np.zeros(STATE), R
    for r in range(bank.moved.shape[0]):
        for s in range(bank.moved.shape[0]):
            if bank.moved[r] >= 0 and bank.moved[s] >= 0:
                j, k, squared = bank.column[r, CLOCK], bank.column[s, CLOCK], 0.0
                for p in range(3):
                    for q in range(3):
                        squared += d[bank.moved[r] + p] * N[p + 3, q + 3] * d[bank.moved[s] + q]
                squared *= unit[r, CLOCK] * unit[s, CLOCK] / S
                bank.W[j, k] += squared
                bank.y[j] -= squared * bank.b[k]
    for i in range(STATE):
        for j in range(STATE):
            NH[i] += N[i, j] * H[j]
        noise += H[i] * NH[i]
    for i in range(STATE):
        for j in range(i + 1):
            N[i, j] += (PH[i] * PH[j] / S * noise - PH[i] * NH[j] - NH[i] * PH[j]) / S
            N[j, i] = N[i, j]


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
