"""Quantiles of times to breach, compiled: many mixtures of logistics at once, each as if it were alone.

Error: 20 halvings, under a thousandth of the time (tests/assessment/test_breach.py, against the same in
NumPy).
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray, kernel
from skykeep.models.fading import fill_fading

# Halvings of a logarithm of time: to under a thousandth of it.
HALVINGS = 20
# Farther off than so many scales a logistic is all on one side.
_FAR = 50.0


@kernel
def fill_quantiles(
    share: FloatArray, weight: FloatArray, middle: FloatArray, scale: FloatArray, out: FloatArray
) -> None:
    """Fill `out` (q, k) with the quantiles at `share` (q,) of mixtures of logistics; weights, middles and
    scales are (parts, k).
    """
    parts, count = weight.shape
    low, high, half, below = np.empty(count), np.empty(count), np.empty(count), np.empty(count)
    away, fading, bits = np.empty(count), np.empty(count), np.empty(count, dtype=np.int64)
    power = bits.view(np.float64)
    for q in range(len(share)):
        # A mixture's quantile lies between those of its parts.
        odds = np.log(share[q] / (1.0 - share[q]))
        for j in range(count):
            low[j] = high[j] = middle[0, j] + scale[0, j] * odds
            for part in range(1, parts):
                own = middle[part, j] + scale[part, j] * odds
                low[j], high[j] = min(low[j], own), max(high[j], own)
        for _ in range(HALVINGS):
            for j in range(count):
                half[j] = 0.5 * (low[j] + high[j])
                below[j] = 0.0
            for part in range(parts):
                for j in range(count):
                    away[j] = min(max((half[j] - middle[part, j]) / scale[part, j], -_FAR), _FAR)
                fill_fading(away, power, bits, fading)
                for j in range(count):
                    below[j] += weight[part, j] / (1.0 + fading[j])
            for j in range(count):
                low[j] = half[j] if below[j] < share[q] else low[j]
                high[j] = high[j] if below[j] < share[q] else half[j]
        for j in range(count):
            out[q, j] = 0.5 * (low[j] + high[j])
