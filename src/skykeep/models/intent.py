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
from skykeep.models.fading import fill_fading

# Arrival sooner than at the present speed (it speeds up) to much later (it dawdles or bends).
ARRIVAL_STRETCH = np.array([0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0])
SLOWEST_MPS = 3.0
_Terms = tuple[float, float, float, float, float, float, float, float, float, float, float, float, float]


@kernel
def _terms(x: FloatArray, p: FloatArray) -> _Terms:
    """Return the state, then each of the covariance's three at time t as a sum of 1, t and t^2.

    `x` (4,), `p` (4, 4): the state and its covariance.
    """
    east = (p[0, 0], p[0, 2] + p[2, 0], p[2, 2])
    north = (p[1, 1], p[1, 3] + p[3, 1], p[3, 3])
    return (x[0], x[1], x[2], x[3], *east, *north, p[0, 1], p[0, 3] + p[2, 1], p[2, 3])


@kernel
def _miss(
    terms: _Terms, east_m: float, north_m: float, sigma_m: float, t: float, q: float
) -> tuple[float, float]:
    """Return how far the destination is missed at time t, as a squared Mahalanobis distance, and the
    determinant of the covariance of that.

    `terms` are of `_terms`; `east_m`, `north_m` the destination; `q` the spectral density.
    """
    x0, x1, x2, x3, xx0, xx1, xx2, yy0, yy1, yy2, xy0, xy1, xy2 = terms
    own = q * t * t * t / 3.0 + sigma_m * sigma_m
    xx = xx0 + t * xx1 + t * t * xx2 + own
    yy = yy0 + t * yy1 + t * t * yy2 + own
    xy = xy0 + t * xy1 + t * t * xy2
    miss_x, miss_y = east_m - (x0 + t * x2), north_m - (x1 + t * x3)
    determinant = xx * yy - xy * xy
    return (
        yy * miss_x * miss_x - 2.0 * xy * miss_x * miss_y + xx * miss_y * miss_y
    ) / determinant, determinant


@kernel
def _log_densities(
    x: FloatArray, p: FloatArray, d_m: FloatArray, sigma_m: float, t_s: FloatArray, q: float, out: FloatArray
) -> None:
    """Fill `out` (k,) with log N(D; ...) of one thing and one destination at each arrival time."""
    terms = _terms(x, p)
    for k in range(len(t_s)):
        square, determinant = _miss(terms, d_m[0], d_m[1], sigma_m, t_s[k], q)
        out[k] = -0.5 * square - 0.5 * math.log(determinant) - math.log(2.0 * math.pi)


@kernel
def _fill_misses(
    x: FloatArray,
    p: FloatArray,
    to_m: FloatArray,
    sigma_m: FloatArray,
    q: float,
    stretch: FloatArray,
    way_s: FloatArray,
    square: FloatArray,
    scale: FloatArray,
    least: FloatArray,
) -> None:
    """Fill `square` and `scale` (k, m) with what `_miss` returns of one thing for each destination, at the
    arrival times `way_s * stretch`, and `least` (m,) with the least square; `to_m` (2, m) are destinations.

    Destinations innermost, so that the compiler takes several at once.
    """
    terms = _terms(x, p)
    speed_mps = max(math.sqrt(x[2] * x[2] + x[3] * x[3]), SLOWEST_MPS)
    for j in range(len(way_s)):
        east_m, north_m = to_m[0, j] - terms[0], to_m[1, j] - terms[1]
        way_s[j] = math.sqrt(east_m * east_m + north_m * north_m) / speed_mps
        least[j] = math.inf
    for k in range(len(stretch)):
        for j in range(len(way_s)):
            found, determinant = _miss(terms, to_m[0, j], to_m[1, j], sigma_m[j], way_s[j] * stretch[k], q)
            square[k, j], scale[k, j] = found, determinant
            least[j] = min(least[j], found)


@kernel
def _fill_probabilities(
    state: FloatArray,
    covariance: FloatArray,
    to_m: FloatArray,
    sigma_m: FloatArray,
    prior: FloatArray,
    none: float,
    q: float,
    stretch: FloatArray,
    considered: BoolArray,
    out: FloatArray,
) -> None:
    """Fill `out` (n, m + 1) with the probabilities of each destination and, last, of none. `prior` (m,) is
    what each destination's evidence is worth, as against `none`.
    """
    m, times = to_m.shape[1], len(stretch)
    square, scale = np.empty((times, m)), np.empty((times, m))
    way_s, least, fading = np.empty(m), np.empty(m), np.empty(m)
    bits = np.empty(m, dtype=np.int64)
    power = bits.view(np.float64)
    for i in range(len(state)):
        weight = out[i, :m]
        _fill_misses(state[i], covariance[i], to_m, sigma_m, q, stretch, way_s, square, scale, least)
        weight[:] = 0.0
        for k in range(times):
            for j in range(m):
                square[k, j] = 0.5 * (square[k, j] - least[j])
            fill_fading(square[k], power, bits, fading)
            for j in range(m):
                weight[j] += fading[j] / math.sqrt(scale[k, j])
        # Where none is as good as any, what all have in common may be too small to be told from nothing.
        common = 0.0
        if none == 0.0:
            common = math.inf
            for j in range(m):
                if considered[i, j] and prior[j] > 0.0:
                    common = min(common, least[j])
            common = 0.0 if common == math.inf else common
        for j in range(m):
            least[j] = 0.5 * (least[j] - common)
        fill_fading(least, power, bits, fading)
        total = 0.0
        for j in range(m):
            if considered[i, j] and prior[j] > 0.0:
                weight[j] *= fading[j] * prior[j] / (2.0 * math.pi * times)
            else:
                weight[j] = 0.0
            total += weight[j]
        out[i, m] = none
        total += none
        for j in range(m + 1):
            out[i, j] /= total


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
    _fill_probabilities(
        np.ascontiguousarray(state),
        np.ascontiguousarray(covariance),
        np.ascontiguousarray(destination_m.T),
        np.ascontiguousarray(sigma_m),
        np.ascontiguousarray(prior * area_m2),
        float(prior_none),
        acceleration_psd,
        ARRIVAL_STRETCH,
        np.ones((n, m), dtype=np.bool_) if considered is None else np.ascontiguousarray(considered),
        found,
    )
    return found
