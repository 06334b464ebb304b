"""How evenly a flight holds its course over half a minute: what a look of a few seconds cannot show.

A drone on a leg keeps its line and its speed within metres for as long as the leg lasts; a bird beats,
drifts, hangs on the wind and looks about. Of the places of the last `SAMPLES` x `EVERY_S` seconds the best
even straight course is taken out; what is left over (root mean square, along and across together) is the
feature, and it counts once, as it now stands. Places at which nothing was detected are left out: a track that
coasts is straight because nobody looked.

Birds commute and glide on a line as well, and drones survey and orbit: each class has a straight habit and a
winding one, and the tails are heavy, so that the straightest line is worth about 2 to 1 and no more.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.track import Picture
from skykeep.identity.likelihoods import PRIOR, student_t

SAMPLES = 11
EVERY_S = 4.0
SPAN_S = (SAMPLES - 1) * EVERY_S
LEAST_SAMPLES = 5
DETECTED_WITHIN_S = 2.0
# Straighter than this says no more; the share of a track's own error that shows as wandering.
LEAST_M = 3.0
NOISE_SHARE = 0.4
# It sees some of what `likelihoods.wander` has seen.
WEIGHT = 0.8

# Habits: multirotor, fixed wing, bird, aircraft, other on a leg; then the first three and aircraft winding.
HABIT_CLASS = np.array([0, 1, 2, 3, 4, 0, 1, 2, 3])
HABIT_SHARE = np.array([0.6, 0.6, 0.6, 0.8, 1.0, 0.4, 0.4, 0.4, 0.2])
# What is left over after `SPAN_S`, metres, how it grows with the time seen, and its spread.
LEFT_OVER_M = np.array([6.0, 7.0, 8.5, 4.0, 18.0, 25.0, 28.0, 27.0, 30.0])
GROWS = np.array([0.4, 0.4, 0.8, 0.5, 0.7, 0.8, 0.8, 0.8, 0.8])
LOG_SIGMA = np.array([0.4, 0.45, 0.4, 0.45, 0.9, 0.55, 0.6, 0.55, 0.8])


class CourseMemory:
    """Where each track was every few seconds, and what its evenness says of each class, (n, 5)."""

    def __init__(self) -> None:
        self._place_m: FloatArray = np.zeros((0, SAMPLES, 2))
        self._time_s: FloatArray = np.zeros((0, SAMPLES))
        self._taken_utc_ns: IntArray = np.zeros(0, dtype=np.int64)
        self._evidence: FloatArray = np.zeros((0, len(PRIOR)))

    def update(self, picture: Picture, known: BoolArray, old: IntArray) -> FloatArray:
        """Return the evidence of each row; the k-th `known` row was row `old[k]` of the last picture."""
        n, now_utc_ns = len(picture), picture.time_utc_ns
        place_m = np.full((n, SAMPLES, 2), np.nan)
        time_s = np.full((n, SAMPLES), np.nan)
        taken_utc_ns = np.full(n, -1, dtype=np.int64)
        evidence = np.zeros((n, len(PRIOR)))
        place_m[known], time_s[known] = self._place_m[old], self._time_s[old]
        taken_utc_ns[known], evidence[known] = self._taken_utc_ns[old], self._evidence[old]

        waited = (taken_utc_ns < 0) | (now_utc_ns - taken_utc_ns >= seconds_to_ns(EVERY_S))
        seen = now_utc_ns - picture.last_detected_utc_ns <= seconds_to_ns(DETECTED_WITHIN_S)
        due = np.flatnonzero(waited & seen)
        if len(due):
            place_m[due, :-1], time_s[due, :-1] = place_m[due, 1:], time_s[due, 1:]
            place_m[due, -1] = picture.state[due, :2]
            # Since the track began: small numbers, which a fit keeps whole.
            time_s[due, -1] = (now_utc_ns - picture.born_utc_ns[due]) / NS_PER_S
            taken_utc_ns[due] = now_utc_ns
            variance_m2 = picture.covariance[due, 0, 0] + picture.covariance[due, 1, 1]
            evidence[due] = _evidence(place_m[due], time_s[due], variance_m2)
        self._place_m, self._time_s, self._taken_utc_ns = place_m, time_s, taken_utc_ns
        self._evidence = evidence
        return evidence


def left_over_m(place_m: FloatArray, time_s: FloatArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return what an even straight course leaves over of places (n, k, 2) at times (n, k), the time between
    the first and the last, and how many there are; NaN stands for none.
    """
    there = np.isfinite(time_s)
    count = there.sum(axis=1)
    some = np.maximum(count, 1)
    at_s = np.where(there, time_s, 0.0)
    at_s = np.where(there, at_s - (at_s.sum(axis=1) / some)[:, np.newaxis], 0.0)
    spread_s2 = np.maximum((at_s**2).sum(axis=1), 1e-9)
    squares_m2 = np.zeros(len(time_s))
    for axis in (0, 1):
        offset_m = np.where(there, place_m[..., axis], 0.0)
        mean_m = (offset_m.sum(axis=1) / some)[:, np.newaxis]
        offset_m = np.where(there, offset_m - mean_m, 0.0)
        slope_mps = (at_s * offset_m).sum(axis=1) / spread_s2
        squares_m2 += ((offset_m - slope_mps[:, np.newaxis] * at_s) ** 2).sum(axis=1)
    return np.sqrt(squares_m2 / some), at_s.max(axis=1) - at_s.min(axis=1), count


def _evidence(place_m: FloatArray, time_s: FloatArray, variance_m2: FloatArray) -> FloatArray:
    """Return the log-evidence for each class, (n, 5)."""
    left_m, span_s, count = left_over_m(place_m, time_s)
    span = np.clip(span_s / SPAN_S, 0.1, 2.0)[:, np.newaxis]
    usual_m = np.sqrt((LEFT_OVER_M * span**GROWS) ** 2 + NOISE_SHARE * variance_m2[:, np.newaxis])
    at = np.log(np.maximum(left_m, LEAST_M))[:, np.newaxis]
    log_usual = np.log(usual_m)
    habits = np.log(HABIT_SHARE) + student_t(at, log_usual, np.broadcast_to(LOG_SIGMA, log_usual.shape), 5.0)
    columns = [np.flatnonzero(number == HABIT_CLASS) for number in range(len(PRIOR))]
    found = np.stack([np.logaddexp.reduce(habits[:, column], axis=1) for column in columns], axis=1)
    found = WEIGHT * (found - found.mean(axis=1, keepdims=True))
    return np.asarray(np.where((count >= LEAST_SAMPLES)[:, np.newaxis], found, 0.0))
