"""How sure a proportion is after so many trials: the Wilson score interval.

Exact in its algebra; its coverage is near the nominal 95 % for any proportion, also 0 and 1. Source: E. B.
Wilson, JASA 22 (1927), 209-212; checked against Newcombe 1998, table I (tests/planning/test_intervals.py).
"""

from __future__ import annotations

import math

Z_95 = 1.959963984540054


def wilson_interval(successes: int, trials: int, z: float = Z_95) -> tuple[float, float]:
    """Return the low and high end of the interval of a proportion, 0..1; (0, 1) after no trial at all."""
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials")
    if trials == 0:
        return 0.0, 1.0
    share = successes / trials
    centre = share + z * z / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    # The ends are exactly 0 and 1 where nothing or everything succeeded; rounding must not say otherwise.
    low = 0.0 if successes == 0 else (centre - half) / scale
    high = 1.0 if successes == trials else (centre + half) / scale
    return low, high
