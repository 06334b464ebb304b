"""Where a thing is heading: a bank of straight-flight models, each pinned to one destination at one
arrival time.

Model: the horizontal state (east, north, their rates) is a nearly constant velocity process with white
acceleration of spectral density q on each axis. "It is going to D and arrives T from now" adds one
terminal pseudo-measurement: position at T equals D, give or take `sigma_m`. By Bayes' rule the evidence
for that, given everything measured so far, is

    N(D; H F(T) x, H (F(T) P F(T)' + Q(T)) H' + sigma^2 I)  /  (density of D before anything was measured)

where (x, P) is the filtered state: so no filter need be run per destination, and the bank costs one
Gaussian for each destination and arrival time. Before anything is measured a destination is anywhere in
an area A, density 1/A; "none of them" has evidence 1. Arrival times are weighed alike: multiples of the
time at the present speed.

Shapes: n things, m destinations. Error: round-off; equals the joint Gaussian evidence of the whole run to
1e-8, and mirror-symmetric geometry gives equal probabilities to 1e-9 (tests/models/test_intent.py).
Source: the plain form of destination inference with bridging distributions (Ahmad, Murphy, Langdon,
Godsill 2016 and after); derived here from the joint Gaussian.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, kernel

# Arrival sooner than at the present speed (it speeds up) to much later (it dawdles or bends).
ARRIVAL_STRETCH = np.array([0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0])
SLOWEST_MPS = 3.0
# A weight this far below the greatest, in nats, is under the last digit of the sum.
_NEGLIGIBLE = 60.0


@kernel
def _miss(
    x: FloatArray, p: FloatArray, d_m: FloatArray, sigma_m: float, t: float, q: float
) -> tuple[float, float]:
    """Return how far the destination is missed at time t, as a squared Mahalanobis distance, and the
    determinant of the covariance of that.

    `x` (4,), `p` (4, 4): the state and its covariance; `d_m` (2,); `q` the spectral density.
    """
    own = q * t * t * t / 3.0 + sigma_m * sigma_m
    xx = p[0, 0] + t * (p[0, 2] + p[2, 0]) + t * t * p[2, 2] + own
    yy = p[1, 1] + t * (p[1, 3] + p[3, 1]) + t * t * p[3, 3] + own
    xy = p[0, 1] + t * (p[0, 3] + p[2, 1]) + t * t * p[2, 3]
    miss_x, miss_y = d_m[0] - (x[0] + t * x[2]), d_m[1] - (x[1] + t * x[3])
    determinant = xx * yy - xy * xy
    return (
        yy * miss_x * miss_x - 2.0 * xy * miss_x * miss_y + xx * miss_y * miss_y
    ) / determinant, determinant


@kernel
def _log_densities(
    x: FloatArray, p: FloatArray, d_m: FloatArray, sigma_m: float, t_s: FloatArray, q: float, out: FloatArray
) -> None:
    """Fill `out` (k,) with log N(D; ...) of one thing and one destination at each arrival time."""
    for k in range(len(t_s)):
        square, determinant = _miss(x, p, d_m, sigma_m, t_s[k], q)
        out[k] = -0.5 * square - 0.5 * math.log(determinant) - math.log(2.0 * math.pi)


@kernel
def _log_evidence(
    x: FloatArray,
    p: FloatArray,
    d_m: FloatArray,
    sigma_m: float,
    way_s: float,
    q: float,
    stretch: FloatArray,
    square: FloatArray,
    scale: FloatArray,
) -> float:
    """Return the logarithm of the mean of N(D; ...) over the arrival times `way_s * stretch`, by one
    logarithm; `square` and `scale` (k,) are scratch.
    """
    least = math.inf
    for k in range(len(stretch)):
        square[k], scale[k] = _miss(x, p, d_m, sigma_m, way_s * stretch[k], q)
        least = min(least, square[k])
    total = 0.0
    for k in range(len(stretch)):
        lost = 0.5 * (square[k] - least)
        if lost < _NEGLIGIBLE:
            total += math.exp(-lost) / math.sqrt(scale[k])
    return -0.5 * least + math.log(total / (2.0 * math.pi * len(stretch)))


@kernel
def _fill_probabilities(
    state: FloatArray,
    covariance: FloatArray,
    destination_m: FloatArray,
    sigma_m: FloatArray,
    log_prior: FloatArray,
    log_none: float,
    q: float,
    stretch: FloatArray,
    considered: BoolArray,
    out: FloatArray,
) -> None:
    """Fill `out` (n, m + 1) with the probabilities of each destination and, last, of none."""
    m = len(destination_m)
    square, scale = np.empty(len(stretch)), np.empty(len(stretch))
    for i in range(len(state)):
        x = state[i]
        speed_mps = max(math.sqrt(x[2] * x[2] + x[3] * x[3]), SLOWEST_MPS)
        weight = out[i]
        weight[m] = log_none
        for j in range(m):
            if not considered[i, j] or log_prior[j] == -math.inf:
                weight[j] = -math.inf
                continue
            east_m, north_m = destination_m[j, 0] - x[0], destination_m[j, 1] - x[1]
            way_s = math.sqrt(east_m * east_m + north_m * north_m) / speed_mps
            weight[j] = log_prior[j] + _log_evidence(
                x, covariance[i], destination_m[j], sigma_m[j], way_s, q, stretch, square, scale
            )
        highest, total = weight.max(), 0.0
        for j in range(m + 1):
            weight[j] = math.exp(weight[j] - highest)
            total += weight[j]
        for j in range(m + 1):
            weight[j] /= total


def terminal_log_density(
    state: FloatArray,
    covariance: FloatArray,
    destination_m: FloatArray,
    sigma_m: FloatArray,
    arrival_s: FloatArray,
    acceleration_psd: float,
) -> FloatArray:
    """Return log N(D; ...) for each pair of a thing and a destination, at each arrival time, shape (p, k).

    `state` (p, 4): east, north and their rates; `covariance` (p, 4, 4); `destination_m` (p, 2); `sigma_m`
    (p,); `arrival_s` (p, k); `acceleration_psd` in m^2/s^3.
    """
    found = np.empty_like(arrival_s)
    for pair in range(len(state)):
        _log_densities(
            state[pair],
            covariance[pair],
            destination_m[pair],
            float(sigma_m[pair]),
            arrival_s[pair],
            acceleration_psd,
            found[pair],
        )
    return found


def destination_probabilities(
    state: FloatArray,
    covariance: FloatArray,
    destination_m: FloatArray,
    sigma_m: FloatArray,
    prior: FloatArray,
    prior_none: float,
    area_m2: float,
    acceleration_psd: float,
    considered: BoolArray | None = None,
) -> FloatArray:
    """Return the probability of each destination and, last, of none of them: shape (n, m + 1), rows sum to 1.

    `state` (n, 4), `covariance` (n, 4, 4), `destination_m` (m, 2), `sigma_m` (m,). `prior` (m,) and
    `prior_none` are weights, not needing to sum to 1. With `prior_none` 0 and one destination the answer
    is 1: there is nowhere else to go. Pairs not `considered` (n, m) count as impossible; the caller knows
    why. A thing that can go nowhere at all has NaN.
    """
    n, m = len(state), len(destination_m)
    found = np.empty((n, m + 1))
    with np.errstate(divide="ignore"):
        log_prior, log_none = np.log(prior) + np.log(area_m2), float(np.log(prior_none))
    _fill_probabilities(
        np.ascontiguousarray(state),
        np.ascontiguousarray(covariance),
        np.ascontiguousarray(destination_m),
        np.ascontiguousarray(sigma_m),
        log_prior,
        log_none,
        acceleration_psd,
        ARRIVAL_STRETCH,
        np.ones((n, m), dtype=np.bool_) if considered is None else np.ascontiguousarray(considered),
        found,
    )
    return found
