"""Time to breach: how long until the edge of an asset's keep-out circle is reached, as an interval.

Time is way over speed. Both are uncertain, and neither can be negative, so both are taken as log-normal
about what the track says; then so is the time, its median is way / speed, and a quantile is one
exponential:

    T(z) = d / v exp(z s),    s^2 = var(d) / d^2 + var(v) / v^2 + q T / (3 v^2) + habit^2

The first two terms are the track's covariance along the line of sight. The third is white acceleration of
spectral density q, which changes the mean speed over T by variance q T / 3. The fourth is what no filter
knows: detours, wind, and slowing down to look. The first terms are those of first passage with drift
(inverse Gaussian: mean d / v, variance d sigma^2 / v^3); unlike a Gaussian way covered, this one never
finds that the breach does not come at all. The whole is then stretched by a factor that is chosen so that
the interval holds the truth nine times in ten (docs/threat.md).
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray

Z_95 = 1.6448536269514722
# Uncertainty beyond this is ignorance of the speed: the interval then says "soon or late" and no more.
MOST_LOG_SIGMA = 0.7
NEAREST_M = 1.0


def breach_times_s(
    to_go_m: FloatArray,
    closing_mps: FloatArray,
    variance_m2: FloatArray,
    variance_m2ps2: FloatArray,
    acceleration_psd: float,
    habit: float,
    stretch: float = 1.0,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the 5 % quantile, the median and the 95 % quantile; 0 for what is already there.

    `closing_mps` must be positive. `variance_m2` is of the way to go, `variance_m2ps2` of the closing speed.
    """
    way_m = np.maximum(to_go_m, NEAREST_M)
    mid_s = way_m / closing_mps
    relative = (
        variance_m2 / way_m**2 + (variance_m2ps2 + acceleration_psd * mid_s / 3.0) / closing_mps**2 + habit**2
    )
    log_sigma = np.minimum(stretch * np.sqrt(relative), MOST_LOG_SIGMA)
    there = to_go_m <= 0.0
    low_s, high_s = mid_s * np.exp(-Z_95 * log_sigma), mid_s * np.exp(Z_95 * log_sigma)
    return np.where(there, 0.0, low_s), np.where(there, 0.0, mid_s), np.where(there, 0.0, high_s)
