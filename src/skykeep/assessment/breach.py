"""Time to breach: how long until the edge of an asset's keep-out circle is reached, as an interval.

A mixture of three, each way over speed, each log-logistic (so that no time is negative and one in some dozens
does something else):

| what it does | how long | how likely |
|---|---|---|
| comes straight, as fast as it gets on now | d / v | what is left |
| comes by a detour | `detour_ratio` d / v | `detour_share` of the chance that it aims elsewhere |
| speeds up to what is usual for its class | d / cruise | by its speed and since when it is seen (`pace`) |

The logarithm of the first is uncertain by

    s^2 = var(d) / d^2 + (var(v) + q T / 3) / v^2 + habit^2

where q is the spectral density of white acceleration, which changes the mean speed over T by q T / 3,
and habit is what no filter knows: wind, and slowing down to look. The whole is stretched by a factor that is
chosen so that the interval holds the truth nine times in ten (docs/threat.md). It is the flight's speed over
ground that counts, not how fast it nears the asset now: what comes in the end turns in, and then all of it
counts. Nothing comes sooner than the worst case.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from skykeep.assessment.breach_kernels import fill_quantiles
from skykeep.assessment.pair_kernels import SLOWEST_MPS
from skykeep.base.compile import FloatArray
from skykeep.domain.rules import ThreatRules

NEAREST_M = 1.0
# The scale of a logistic of standard deviation 1.
LOGISTIC = float(np.sqrt(3.0) / np.pi)
# Uncertainty beyond this is ignorance of the speed: the interval then says "soon or late" and no more.
MOST_LOG_SIGMA = 0.7
QUANTILES = (0.05, 0.5, 0.95)


class Coming(NamedTuple):
    """Flights that come for an asset, (k,) each: the way to go and its variance, the speed over ground and
    its variance, the speed usual for its class, the chances that it speeds up to that and goes elsewhere.
    """

    to_go_m: FloatArray
    variance_m2: FloatArray
    ground_mps: FloatArray
    variance_m2ps2: FloatArray
    cruise_mps: FloatArray
    speeds_up: FloatArray
    elsewhere: FloatArray


def breach_times_s(coming: Coming, worst_s: FloatArray, rules: ThreatRules) -> FloatArray:
    """Return the 5 % quantile, the median and the 95 % quantile, (3, k), none before `worst_s`; 0 for what is
    already there.
    """
    way_m = np.maximum(coming.to_go_m, NEAREST_M)
    ground_mps = np.maximum(coming.ground_mps, SLOWEST_MPS)
    mid_s = way_m / ground_mps
    drift = coming.variance_m2ps2 + rules.breach_acceleration_psd * mid_s / 3.0
    variance = coming.variance_m2 / way_m**2 + drift / ground_mps**2 + rules.habit**2
    detours = rules.detour_share * coming.elsewhere
    weight = np.stack(
        ((1.0 - coming.speeds_up) * (1.0 - detours), (1.0 - coming.speeds_up) * detours, coming.speeds_up)
    )
    fast_s = way_m / np.maximum(ground_mps, coming.cruise_mps)
    middle = np.log(np.stack((mid_s, rules.detour_ratio * mid_s, fast_s)))
    sigma = np.sqrt(
        np.stack((variance, variance + rules.detour_sigma_ln**2, variance + rules.speeds_up_sigma_ln**2))
    )
    scale = LOGISTIC * np.minimum(rules.breach_stretch * sigma, MOST_LOG_SIGMA)
    times_ln = np.empty_like(middle)
    fill_quantiles(np.array(QUANTILES), weight, middle, np.maximum(scale, 1e-9), times_ln)
    times_s = np.exp(times_ln)
    return np.where(coming.to_go_m <= 0.0, 0.0, np.maximum(times_s, worst_s))
