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

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray

# Arrival sooner than at the present speed (it speeds up) to much later (it dawdles or bends).
ARRIVAL_STRETCH = np.array([0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0])
SLOWEST_MPS = 3.0


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
    t = arrival_s
    x, y, vx, vy = (state[:, i, np.newaxis] for i in range(4))
    miss_x = destination_m[:, 0, np.newaxis] - (x + t * vx)
    miss_y = destination_m[:, 1, np.newaxis] - (y + t * vy)

    def spread(i: int, j: int) -> FloatArray:
        """Return the covariance of positions i and j at T, before process noise."""
        p = covariance[:, :, :, np.newaxis]
        return np.asarray(p[:, i, j] + t * (p[:, i, j + 2] + p[:, i + 2, j]) + t * t * p[:, i + 2, j + 2])

    own = acceleration_psd * t**3 / 3.0 + (sigma_m**2)[:, np.newaxis]
    xx, yy, xy = spread(0, 0) + own, spread(1, 1) + own, spread(0, 1)
    determinant = xx * yy - xy * xy
    square = (yy * miss_x**2 - 2.0 * xy * miss_x * miss_y + xx * miss_y**2) / determinant
    return np.asarray(-0.5 * square - 0.5 * np.log(determinant) - np.log(2.0 * np.pi))


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
    why.
    """
    n, m = len(state), len(destination_m)
    thing, place = np.nonzero(np.ones((n, m), dtype=np.bool_) if considered is None else considered)
    offset_m = destination_m[place] - state[thing, :2]
    speed_mps = np.maximum(np.hypot(state[thing, 2], state[thing, 3]), SLOWEST_MPS)
    arrival_s = (np.hypot(offset_m[:, 0], offset_m[:, 1]) / speed_mps)[:, np.newaxis] * ARRIVAL_STRETCH
    density = terminal_log_density(
        state[thing], covariance[thing], destination_m[place], sigma_m[place], arrival_s, acceleration_psd
    )
    highest = density.max(axis=1, initial=-np.inf)
    mean = highest + np.log(np.exp(density - highest[:, np.newaxis]).mean(axis=1))
    weight = np.full((n, m + 1), -np.inf)
    weight[thing, place] = np.log(prior[place]) + mean + np.log(area_m2)
    if prior_none > 0.0:
        weight[:, m] = np.log(prior_none)
    likely = np.exp(weight - weight.max(axis=1, keepdims=True))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))
