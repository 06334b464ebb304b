"""One track's filter: an extended Kalman filter per motion model, weighed against one another (IMM).

x (M, 6), P (M, 6, 6), mu (M,): mean, covariance and probability of each model; H, S, K as everywhere in the
literature: Jacobian, innovation variance, gain. Sensors report independent errors per component, so an update takes
one component at a time and never inverts a matrix; every one is in Joseph's form, which keeps P symmetric and
positive definite. All components are linearised at one point, so that their order does not matter.
Sources: Blom and Bar-Shalom 1988 for the IMM; Bell and Cathey 1993 for iterating the linearisation.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, kernel
from skykeep.models.measurement import components, difference, locate, measure
from skykeep.models.motion import predict_constant_velocity
from skykeep.tracking.columns import KIND, MEASURED, SENSOR, SIGMA, Rules

_LOG_TWO_PI = math.log(2.0 * math.pi)
_POOR_GEOMETRY = 0.01
"""Iterate when the variance of the horizontal position exceeds this part of the ground distance squared: 6 degrees
across, where the first linearisation is off by more than a tenth of its own sigma."""


@kernel
def update_component(
    state: FloatArray, covariance: FloatArray, H: FloatArray, innovation: float, variance: float
) -> float:
    """Take in one scalar measurement, in place; return the log of its density before it came."""
    PH, K = np.zeros(6), np.zeros(6)
    S = variance
    for i in range(6):
        for j in range(6):
            PH[i] += covariance[i, j] * H[j]
        S += H[i] * PH[i]
    for i in range(6):
        K[i] = PH[i] / S
        state[i] += K[i] * innovation
    # Joseph, (I - K H) P (I - K H)' + R K K', one factor after the other: B = P - K (H P), then B - (B H') K' + R K K'.
    for i in range(6):
        BH = 0.0
        for j in range(6):
            covariance[i, j] -= K[i] * PH[j]
            BH += covariance[i, j] * H[j]
        for j in range(i + 1):
            covariance[i, j] += (variance * K[i] - BH) * K[j]
    for i in range(6):
        for j in range(i):
            covariance[j, i] = covariance[i, j]
    return -0.5 * (innovation * innovation / S + math.log(S) + _LOG_TWO_PI)


@kernel
def update(state: FloatArray, covariance: FloatArray, record: FloatArray) -> float:
    """Take in one measurement record, in place; return the log of its density before it came.

    Components that are not finite are not there. Near the sensor, or with a bearing on a poorly known target, the
    linearisation is repeated at the updated state.
    """
    kind, sensor_enu_m = int(record[KIND]), record[SENSOR:MEASURED]
    east_m, north_m = state[0] - sensor_enu_m[0], state[1] - sensor_enu_m[1]
    spread = covariance[0, 0] + covariance[1, 1]
    rounds = 3 if kind != 3 and spread > _POOR_GEOMETRY * (east_m * east_m + north_m * north_m) else 1
    prior, prior_covariance, about = state.copy(), covariance.copy(), state.copy()
    predicted, jacobian = np.empty(4), np.empty((4, 6))
    log_density = 0.0
    for again in range(rounds):
        measure(kind, about, sensor_enu_m, predicted, jacobian)
        state[:], covariance[:] = prior, prior_covariance
        total = 0.0
        for c in range(components(kind)):
            z = record[MEASURED + c]
            if math.isfinite(z):
                innovation = difference(kind, c, z, predicted[c])
                for i in range(6):
                    innovation -= jacobian[c, i] * (state[i] - about[i])
                sigma = record[SIGMA + c]
                total += update_component(state, covariance, jacobian[c], innovation, sigma * sigma)
        if again == 0:
            log_density = total
        about[:] = state
    return log_density


@kernel
def step(x: FloatArray, P: FloatArray, mu: FloatArray, dt_s: float, record: FloatArray, rules: Rules) -> None:
    """Carry one track over `dt_s` and take in a measurement, in place."""
    models = mu.shape[0]
    mix(x, P, mu, dt_s, rules)
    log_density = np.empty(models)
    for j in range(models):
        predict_constant_velocity(x[j], P[j], dt_s, rules.noise[j], rules.vertical)
        log_density[j] = update(x[j], P[j], record)
    best = log_density.max()
    total = 0.0
    for j in range(models):
        mu[j] *= math.exp(log_density[j] - best)
        total += mu[j]
    for j in range(models):
        mu[j] /= total


@kernel
def mix(x: FloatArray, P: FloatArray, mu: FloatArray, dt_s: float, rules: Rules) -> None:
    """Let each model start from what all of them know, by how likely a change of model in `dt_s` is, in place."""
    models = mu.shape[0]
    if models == 1 or dt_s == 0.0:
        return
    change = change_probability(models, dt_s, rules.sojourn_s)
    before, before_P, before_mu = x.copy(), P.copy(), mu.copy()
    offset = np.empty(6)
    for j in range(models):
        mu[j] = before_mu[j] * (1.0 - models * change) + change
        x[j, :] = 0.0
        P[j, :, :] = 0.0
        for i in range(models):
            weight = before_mu[i] * (change if i != j else 1.0 - (models - 1) * change) / mu[j]
            x[j] += weight * before[i]
        for i in range(models):
            weight = before_mu[i] * (change if i != j else 1.0 - (models - 1) * change) / mu[j]
            offset[:] = before[i] - x[j]
            for a in range(6):
                for b in range(6):
                    P[j, a, b] += weight * (before_P[i, a, b] + offset[a] * offset[b])


@kernel
def change_probability(models: int, dt_s: float, sojourn_s: float) -> float:
    """Return how likely the target flies by one given other model after `dt_s`: a Markov chain in continuous time."""
    rate = models / (sojourn_s * (models - 1))
    return (1.0 - math.exp(-rate * abs(dt_s))) / models


@kernel
def combine(
    x: FloatArray, P: FloatArray, mu: FloatArray, dt_s: float, rules: Rules, mean: FloatArray, covariance: FloatArray
) -> None:
    """Write the one Gaussian with the moments of all models, predicted by `dt_s`, into `mean` and `covariance`."""
    models = mu.shape[0]
    mean[:] = 0.0
    covariance[:] = 0.0
    change = change_probability(models, dt_s, rules.sojourn_s) if models > 1 else 0.0
    noise = 0.0
    for j in range(models):
        noise += (mu[j] * (1.0 - models * change) + change) * rules.noise[j]
        for a in range(6):
            mean[a] += mu[j] * x[j, a]
    for j in range(models):
        for a in range(6):
            for b in range(6):
                covariance[a, b] += mu[j] * (P[j, a, b] + (x[j, a] - mean[a]) * (x[j, b] - mean[b]))
    predict_constant_velocity(mean, covariance, dt_s, noise, rules.vertical)


@kernel
def begin(x: FloatArray, P: FloatArray, mu: FloatArray, record: FloatArray, rules: Rules) -> None:
    """Write the state of a target of which one position, perhaps with a range rate, is all that is known."""
    kind = int(record[KIND])
    x[:] = 0.0
    P[:] = 0.0
    mu[:] = 1.0 / mu.shape[0]
    locate(
        kind, record[MEASURED:SIGMA], record[SIGMA:], record[SENSOR:MEASURED], x[0, :3], P[0, :3, :3]
    )
    P[0, 3, 3] = P[0, 4, 4] = rules.speed_variance
    P[0, 5, 5] = rules.climb_variance
    if kind == 0 and math.isfinite(record[MEASURED + 3]):
        predicted, jacobian = np.empty(4), np.empty((4, 6))
        measure(kind, x[0], record[SENSOR:MEASURED], predicted, jacobian)
        sigma = record[SIGMA + 3]
        update_component(x[0], P[0], jacobian[3], record[MEASURED + 3] - predicted[3], sigma * sigma)
    for j in range(1, mu.shape[0]):
        x[j] = x[0]
        P[j] = P[0]
