"""One track's filter: an extended Kalman filter per motion model, weighed against one another (IMM).

x (M, 6), P (M, 6, 6), mu (M,): mean, covariance and probability of each model; H, S, K as everywhere in the
literature: Jacobian, innovation variance, gain. Sensors report independent errors per component, so an
update takes one component at a time and never inverts a matrix; every one is in Joseph's form, which keeps P
symmetric and positive definite. All components are linearised at one point, so that their order does not
matter. Sources: Blom and Bar-Shalom 1988 for the IMM; Bell and Cathey 1993 for iterating the linearisation.
Loops are written out: NumPy's broadcasting inside a kernel takes ten times as long to compile.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, kernel
from skykeep.models.measurement import COMPONENTS, POSITION, difference, locate, measure
from skykeep.models.motion import predict_constant_velocity, predict_motion
from skykeep.tracking.columns import (
    CLIMB_VARIANCE,
    DAMPING,
    KIND,
    MEASURED,
    MODEL_VALUES,
    MOTION,
    NOISE,
    REDRAWS_PER_S,
    SENSOR,
    SHARE,
    SIGMA,
    SPEED_VARIANCE,
    TURN,
    VERTICAL,
)

_LOG_TWO_PI = math.log(2.0 * math.pi)
_POOR_GEOMETRY = 0.01
"""Linearise again when the variance of the horizontal position exceeds this part of the ground distance
squared, 6 degrees across: there the first linearisation is off by more than a tenth of its own sigma."""


@kernel
def absorb(
    state: FloatArray,
    covariance: FloatArray,
    H: FloatArray,
    innovation: float,
    variance: float,
    PH: FloatArray,
    K: FloatArray,
) -> float:
    """Take in one scalar measurement, in place; return the log of its density before it came. `PH` and
    `K` are room, (6,) each, for what is worked out on the way.
    """
    # Few measurements tell of the velocity: half the work then is none.
    moves = H[3] != 0.0 or H[4] != 0.0 or H[5] != 0.0
    h0, h1, h2, h3, h4, h5 = H[0], H[1], H[2], H[3], H[4], H[5]
    S = variance
    for i in range(6):
        PH[i] = covariance[i, 0] * h0 + covariance[i, 1] * h1 + covariance[i, 2] * h2
        if moves:
            PH[i] += covariance[i, 3] * h3 + covariance[i, 4] * h4 + covariance[i, 5] * h5
        S += H[i] * PH[i]
    for i in range(6):
        K[i] = PH[i] / S
        state[i] += K[i] * innovation
    # Joseph, (I - K H) P (I - K H)' + R K K', one factor after the other: B = P - K (H P), then
    # B - (B H') K' + R K K'.
    for i in range(6):
        for j in range(6):
            covariance[i, j] -= K[i] * PH[j]
        BH = covariance[i, 0] * h0 + covariance[i, 1] * h1 + covariance[i, 2] * h2
        if moves:
            BH += covariance[i, 3] * h3 + covariance[i, 4] * h4 + covariance[i, 5] * h5
        for j in range(i + 1):
            covariance[i, j] += (variance * K[i] - BH) * K[j]
    for i in range(6):
        for j in range(i):
            covariance[j, i] = covariance[i, j]
    return -0.5 * (innovation * innovation / S + math.log(S) + _LOG_TWO_PI)


@kernel
def update(state: FloatArray, covariance: FloatArray, record: FloatArray) -> float:
    """Take in one measurement record, in place; return the log of its density before it came.

    Components that are not finite are not there. Near the sensor, or with a bearing on a poorly known
    target, the linearisation is repeated at the updated state.
    """
    kind, sensor_enu_m = int(record[KIND]), record[SENSOR:MEASURED]
    east_m, north_m = state[0] - sensor_enu_m[0], state[1] - sensor_enu_m[1]
    spread = covariance[0, 0] + covariance[1, 1]
    rounds = 3 if kind != POSITION and spread > _POOR_GEOMETRY * (east_m * east_m + north_m * north_m) else 1
    # One piece of memory for all: asking for it takes as long as the arithmetic.
    room = np.empty((15, 6))
    jacobian, predicted, about, PH, K = room[:4], room[4], room[5], room[6], room[7]
    prior, prior_covariance = room[8], room[9:]
    for i in range(6):
        prior[i] = about[i] = state[i]
    if rounds > 1:
        for i in range(6):
            for j in range(6):
                prior_covariance[i, j] = covariance[i, j]
    log_density = 0.0
    for again in range(rounds):
        measure(kind, about, sensor_enu_m, predicted, jacobian)
        total = 0.0
        for c in range(COMPONENTS[kind]):
            z, sigma = record[MEASURED + c], record[SIGMA + c]
            if math.isfinite(z):
                innovation = difference(kind, c, z, predicted[c])
                for i in range(6):
                    innovation -= jacobian[c, i] * (state[i] - about[i])
                total += absorb(state, covariance, jacobian[c], innovation, sigma * sigma, PH, K)
        if again == 0:
            log_density = total
        if again < rounds - 1:
            for i in range(6):
                about[i], state[i] = state[i], prior[i]
                for j in range(6):
                    covariance[i, j] = prior_covariance[i, j]
    return log_density


@kernel
def carry(x: FloatArray, P: FloatArray, mu: FloatArray, dt_s: float, rules: FloatArray) -> None:
    """Predict all models of one track by `dt_s`, in place."""
    mix(x, P, mu, dt_s, rules)
    for j in range(mu.shape[0]):
        fly(x[j], P[j], j, dt_s, rules)


@kernel
def learn(x: FloatArray, P: FloatArray, mu: FloatArray, record: FloatArray) -> None:
    """Take a measurement into all models of one track, and weigh them by it, in place."""
    models = mu.shape[0]
    log_density = np.empty(models)
    best = -math.inf
    for j in range(models):
        log_density[j] = update(x[j], P[j], record)
        best = max(best, log_density[j])
    total = 0.0
    for j in range(models):
        mu[j] *= math.exp(log_density[j] - best)
        total += mu[j]
    for j in range(models):
        mu[j] /= total


@kernel
def copy_filter(
    x: FloatArray, P: FloatArray, mu: FloatArray, to_x: FloatArray, to_P: FloatArray, to_mu: FloatArray
) -> None:
    """Copy one track's filter."""
    for m in range(mu.shape[0]):
        to_mu[m] = mu[m]
        for i in range(6):
            to_x[m, i] = x[m, i]
            for j in range(6):
                to_P[m, i, j] = P[m, i, j]


@kernel
def fly(state: FloatArray, covariance: FloatArray, model: int, dt_s: float, rules: FloatArray) -> None:
    """Predict one model's state by `dt_s`, in place."""
    own = MOTION + MODEL_VALUES * model
    noise, turn, damping = rules[own + NOISE], rules[own + TURN], rules[own + DAMPING]
    predict_motion(state, covariance, dt_s, noise, rules[VERTICAL], turn, damping)


@kernel
def pool(x: FloatArray, P: FloatArray, mu: FloatArray, mean: FloatArray, covariance: FloatArray) -> None:
    """Write the Gaussian with the moments of all models: `mean`, `covariance`."""
    models = mu.shape[0]
    for a in range(6):
        mean[a] = 0.0
        for j in range(models):
            mean[a] += mu[j] * x[j, a]
    for a in range(6):
        for b in range(a + 1):
            covariance[a, b] = 0.0
            for j in range(models):
                apart = (x[j, a] - mean[a]) * (x[j, b] - mean[b])
                covariance[a, b] += mu[j] * (P[j, a, b] + apart)
            covariance[b, a] = covariance[a, b]


@kernel
def mix(x: FloatArray, P: FloatArray, mu: FloatArray, dt_s: float, rules: FloatArray) -> None:
    """Let the way of flying have changed within `dt_s`: a Markov chain in continuous time, in place.

    At rate `REDRAWS_PER_S` the model is drawn anew by the shares, whatever it was. So each is a mixture of
    two: itself, and with what was drawn anew, the pool of all.
    """
    models = mu.shape[0]
    drawn = 1.0 - math.exp(-rules[REDRAWS_PER_S] * abs(dt_s))
    if drawn == 0.0:
        return
    mean, covariance = np.empty(6), np.empty((6, 6))
    pool(x, P, mu, mean, covariance)
    for j in range(models):
        anew = drawn * rules[MOTION + MODEL_VALUES * j + SHARE]
        after = (1.0 - drawn) * mu[j] + anew
        new = anew / after
        mu[j] = after
        for a in range(6):
            for b in range(a + 1):
                apart = (mean[a] - x[j, a]) * (mean[b] - x[j, b])
                P[j, a, b] += new * (covariance[a, b] - P[j, a, b] + (1.0 - new) * apart)
                P[j, b, a] = P[j, a, b]
        for a in range(6):
            x[j, a] += new * (mean[a] - x[j, a])


@kernel
def carry_first(
    x: FloatArray,
    P: FloatArray,
    mu: FloatArray,
    dt_s: float,
    rules: FloatArray,
    mean: FloatArray,
    covariance: FloatArray,
) -> None:
    """Write what is known `dt_s` later, `mean` and `covariance`, of a track that rests on one detection: all
    models say the same, which is what the first says, and none turns what stands still.
    """
    drawn = 1.0 - math.exp(-rules[REDRAWS_PER_S] * abs(dt_s))
    noise = 0.0
    for j in range(mu.shape[0]):
        own = MOTION + MODEL_VALUES * j
        noise += ((1.0 - drawn) * mu[j] + drawn * rules[own + SHARE]) * rules[own + NOISE]
    for a in range(6):
        mean[a] = x[0, a]
        for b in range(6):
            covariance[a, b] = P[0, a, b]
    predict_constant_velocity(mean, covariance, dt_s, noise, rules[VERTICAL])


@kernel
def begin(x: FloatArray, P: FloatArray, mu: FloatArray, record: FloatArray, rules: FloatArray) -> None:
    """Write the state of a target of which one position, perhaps with a range rate, is all that is known."""
    begin_first(x, P, mu, record, rules)
    follow_first(x, P)


@kernel
def follow_first(x: FloatArray, P: FloatArray) -> None:
    """Let all models say what the first says."""
    for m in range(1, x.shape[0]):
        for i in range(6):
            x[m, i] = x[0, i]
            for j in range(6):
                P[m, i, j] = P[0, i, j]


@kernel
def begin_first(x: FloatArray, P: FloatArray, mu: FloatArray, record: FloatArray, rules: FloatArray) -> None:
    """Begin with the first model alone: of what clutter starts, most never needs another."""
    kind, models = int(record[KIND]), mu.shape[0]
    position, spread = np.empty(3), np.empty((3, 3))
    locate(kind, record[MEASURED:SIGMA], record[SIGMA:], record[SENSOR:MEASURED], position, spread)
    for i in range(6):
        x[0, i] = position[i] if i < 3 else 0.0
        for j in range(6):
            P[0, i, j] = spread[i, j] if i < 3 and j < 3 else 0.0
    P[0, 3, 3] = P[0, 4, 4] = rules[SPEED_VARIANCE]
    P[0, 5, 5] = rules[CLIMB_VARIANCE]
    rate_mps, sigma = record[MEASURED + 3], record[SIGMA + 3]
    if kind == 0 and math.isfinite(rate_mps):
        # At rest the rate does not depend on where the target is, so that only its velocity learns from it.
        S = sigma * sigma
        for i in range(3):
            toward = (position[i] - record[SENSOR + i]) / record[MEASURED]
            spread[0, i], spread[1, i] = toward, P[0, 3 + i, 3 + i] * toward
            S += toward * spread[1, i]
        for i in range(3):
            x[0, 3 + i] = spread[1, i] * rate_mps / S
            for j in range(3):
                P[0, 3 + i, 3 + j] -= spread[1, i] * spread[1, j] / S
    for m in range(models):
        mu[m] = rules[MOTION + MODEL_VALUES * m + SHARE]
