"""How likely a detection is under what is predicted of a track: one Gaussian, or one per way of flying.

To pool the ways first and ask then would have a track that turns hard lose its detections: the pool is as
narrow as the likeliest way, and how far a less likely one reaches is lost in it.

A *mixture* is a table of Gaussians of what a sensor should measure, a row each; only the first few may be in
use. It is one array because handing over several takes as long as the arithmetic.
"""

from __future__ import annotations

import math

from skykeep.base.compile import FloatArray, kernel
from skykeep.tracking.columns import GATE, LOG_RATE_SPAN, SIGMA, Ways

WEIGHT = 0  # how likely it is this one
OFFSET = 1  # of its mean from the measurement that all are about, 4
SPREAD = 5  # its covariance without the sensor's own error, 4 x 4
MIXTURE = 21
ROOM = 20
"""How much room there must be to work out a density."""
_HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)


@kernel
def expect(
    mean: FloatArray, P: FloatArray, ways: Ways, way: int, H: FloatArray, n: int, mixture: FloatArray
) -> int:
    """Write what a sensor should measure of n components, about what `mean` gives, by Jacobian `H` (4, 6);
    return as how many Gaussians: one, of `P`, or one for each of the `ways`, where `way` is not negative.
    """
    if way < 0:
        mixture[0, WEIGHT] = 1.0
        for c in range(n):
            mixture[0, OFFSET + c] = 0.0
        spread_of(P, H, n, mixture[0])
        return 1
    models, x, covariance = ways.mu.shape[1], ways.x[way], ways.P[way]
    for j in range(models):
        mixture[j, WEIGHT] = ways.mu[way, j]
        for c in range(n):
            offset = 0.0
            for i in range(6 if c == 3 else 3):
                offset += H[c, i] * (x[j, i] - mean[i])
            mixture[j, OFFSET + c] = offset
        spread_of(covariance[j], H, n, mixture[j])
    return int(models)


@kernel
def spread_of(P: FloatArray, H: FloatArray, n: int, one: FloatArray) -> None:
    """Write H P H', (n, n), into one row of a mixture. Only the range rate, the last of four, tells of the
    velocity.
    """
    for b in range(n):
        last = 6 if b == 3 else 3
        for a in range(b, n):
            one[SPREAD + 4 * a + b] = 0.0
        for i in range(6 if n == 4 else 3):
            PH = 0.0
            for j in range(last):
                PH += P[i, j] * H[b, j]
            for a in range(b, n):
                one[SPREAD + 4 * a + b] += H[a, i] * PH


@kernel
def variance_of(mixture: FloatArray, count: int, c: int) -> float:
    """Return the variance of one component, of `count` Gaussians together."""
    total = 0.0
    for j in range(count):
        total += mixture[j, WEIGHT] * (mixture[j, SPREAD + 5 * c] + mixture[j, OFFSET + c] ** 2)
    return total


@kernel
def extent(mixture: FloatArray, count: int, c: int, widest: float, rules: FloatArray) -> tuple[float, float]:
    """Return how far below and above one component of a detection may be, of sigmas up to `widest`."""
    below, above = 0.0, 0.0
    for j in range(count):
        half = math.sqrt(rules[GATE] * (mixture[j, SPREAD + 5 * c] + widest * widest))
        # What does not exist, straight above a sensor, is to come out as it is.
        if not math.isfinite(half):
            return half, half
        below = min(below, mixture[j, OFFSET + c] - half)
        above = max(above, mixture[j, OFFSET + c] + half)
    return below, above


@kernel
def log_mixture(
    mixture: FloatArray,
    count: int,
    gaps: FloatArray,
    record: FloatArray,
    n: int,
    rules: FloatArray,
    room: FloatArray,
) -> float:
    """Return the log of the density of a detection under `count` Gaussians, -inf outside the gates of all.

    `gaps` (4,): measured less predicted at the place that they are about, NaN where not measured; `room`
    (ROOM,).
    """
    most, total = -math.inf, 0.0
    for j in range(count):
        # What a look told against a way may have left it no weight at all.
        if mixture[j, WEIGHT] == 0.0:
            continue
        one = log_density(mixture, j, gaps, record, n, rules, room)
        if one > -math.inf:
            one += math.log(mixture[j, WEIGHT])
            if one > most:
                total, most = total * math.exp(most - one) + 1.0, one
            else:
                total += math.exp(one - most)
    return most + math.log(total) if total > 0.0 else -math.inf


@kernel
def log_density(
    mixture: FloatArray,
    j: int,
    gaps: FloatArray,
    record: FloatArray,
    n: int,
    rules: FloatArray,
    room: FloatArray,
) -> float:
    """Return that under the j-th Gaussian alone.

    A range rate counts against that of clutter, which is spread evenly.
    """
    # Cholesky's factor of S row by row, its b-th entry of the a-th row at 4 a + b, and with each row one more
    # whitened component, kept behind.
    distance, volume, log_volume = 0.0, 1.0, 0.0
    for a in range(n):
        gap = gaps[a] - mixture[j, OFFSET + a]
        if not math.isfinite(gap):
            continue
        variance = mixture[j, SPREAD + 5 * a] + record[SIGMA + a] * record[SIGMA + a]
        if gap * gap > rules[GATE] * variance:
            return -math.inf
        for b in range(a):
            entry = mixture[j, SPREAD + 4 * a + b]
            for c in range(b):
                entry -= room[4 * a + c] * room[4 * b + c]
            entry /= room[5 * b]
            room[4 * a + b] = entry
            gap -= entry * room[16 + b]
            variance -= entry * entry
        root = math.sqrt(variance)
        room[5 * a], room[16 + a] = root, gap / root
        distance += room[16 + a] * room[16 + a]
        volume *= root
        log_volume += _HALF_LOG_TWO_PI
        if a == 3:
            log_volume -= rules[LOG_RATE_SPAN]
    return -0.5 * distance - log_volume - math.log(volume) if distance <= rules[GATE] else -math.inf
