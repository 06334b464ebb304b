"""How sure a figure is after so many trials: Wilson's interval of a share, the bootstrap's of a ratio.

Wilson is exact in its algebra; its coverage is near the nominal 95 % for any proportion, also 0 and 1.
Source: E. B. Wilson, JASA 22 (1927), 209-212; checked against Newcombe 1998, table I
(tests/models/test_intervals.py).

The bootstrap is the percentile bootstrap of Efron (Annals of Statistics 7, 1979, 1-26) over *units*: whole
targets, or whole blocks of time, because what happens to one of them at one moment says much of the next, and
an interval over moments would be far too narrow. With few units it is still somewhat too narrow (of 10 units
about 90 % instead of 95 %: same test); below `FEWEST_UNITS` there is none. It rolls no dice: which units a
resample holds is a hash of the seed, so the same figures give the same interval.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, IntArray

Z_95 = 1.959963984540054
FEWEST_UNITS = 5
RESAMPLES = 1_000
_AT_ONCE = 4_000_000


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


def bootstrap_ratio(
    parts: FloatArray, wholes: FloatArray, seed: int = 1, resamples: int = RESAMPLES
) -> tuple[float, float] | None:
    """Return the 95 % interval of sum(parts) / sum(wholes), one entry of each per unit.

    None with fewer than `FEWEST_UNITS` units that have a whole at all. A mean over units is the ratio with
    wholes of 1.
    """
    there = wholes > 0.0
    parts, wholes = parts[there], wholes[there]
    if len(parts) < FEWEST_UNITS:
        return None
    ratios = []
    step = max(_AT_ONCE // len(parts), 1)
    for first in range(0, resamples, step):
        counts = resample_counts(len(parts), min(step, resamples - first), seed, first)
        ratios.append((counts @ parts) / (counts @ wholes))
    low, high = np.quantile(np.concatenate(ratios), (0.025, 0.975))
    return float(low), float(high)


def resample_counts(units: int, resamples: int, seed: int, first: int = 0) -> FloatArray:
    """Return how often each unit is in each resample, shape (resamples, units); each row sums to `units`.

    `first` is the number of the first resample: a resample's content depends on its number alone.
    """
    place = np.arange(first * units, (first + resamples) * units, dtype=np.uint64)
    start = np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64)
    drawn = (_hash(place + start) >> np.uint64(11)) * 2.0**-53
    unit = np.minimum((drawn * units).astype(np.int64), units - 1)
    row = np.repeat(np.arange(resamples), units)
    counts: IntArray = np.bincount(row * units + unit, minlength=resamples * units)
    return counts.reshape(resamples, units).astype(np.float64)


def _hash(
    number: np.ndarray[tuple[int, ...], np.dtype[np.uint64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint64]]:
    """Return SplitMix64 of each number (Steele, Lea and Flood, OOPSLA 2014): well-mixed 64 bits."""
    z = (number + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
