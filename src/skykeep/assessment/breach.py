"""Time to breach: how long until the edge of an asset's keep-out circle is reached, as an interval.

Along the line of sight the distance still to go, d, closes at v. Both are uncertain (the track's
covariance), and v will not stay what it is (white acceleration of spectral density q). By time t the way
covered has mean v t and

    s(t)^2 = var(d) - 2 t cov(d, v) + t^2 var(v) + q t^3 / 3

so the chance of being there by t is Phi((v t - d) / s(t)). The median is d / v; the quantile for z solves
v t - d = z s(t), found by bisection. For small s this is the first passage of a drifting Brownian path
(inverse Gaussian); it differs by ignoring paths that were there and came back, which nobody would call a
miss.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray

Z_95 = 1.6448536269514722
_HALVINGS = 40


def breach_quantile_s(
    to_go_m: FloatArray,
    closing_mps: FloatArray,
    variance: tuple[FloatArray, FloatArray, FloatArray],
    acceleration_psd: float,
    z: float,
    horizon_s: float,
) -> FloatArray:
    """Return the time by which the breach has come with the chance that `z` stands for, at most `horizon_s`.

    `variance` holds var(d), cov(d, v) and var(v), d being the way to go. What is already there breaches at 0.
    """
    of_place, of_both, of_speed = variance
    early = np.zeros_like(to_go_m)
    late = np.full_like(to_go_m, horizon_s)
    for _ in range(_HALVINGS):
        t = 0.5 * (early + late)
        spread = of_place - 2.0 * t * of_both + t * t * of_speed + acceleration_psd * t**3 / 3.0
        there = closing_mps * t - to_go_m >= z * np.sqrt(np.maximum(spread, 0.0))
        late = np.where(there, t, late)
        early = np.where(there, early, t)
    return np.asarray(np.where(to_go_m <= 0.0, 0.0, late))
