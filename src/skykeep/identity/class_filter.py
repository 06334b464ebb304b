"""Drone, bird or aircraft: a recursive Bayesian filter over classes, one row per track.

What is seen once and does not change (the size of the echo, its modulation, the speed and height it
keeps) counts once, as the running mean now stands. What goes on (wandering) is added up tick by tick, but
only as fast as it becomes news: ticks within `WANDER_MEMORY_S` see the same wiggle, so each counts for
the share of that time it spans, and old news fades over `FADE_S`. Without that a bird that holds a line
for a minute would be a drone with certainty. How evenly it has flown for half a minute is told by
`class_course`, and counts once. A small floor keeps every class possible.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.track import Picture
from skykeep.identity import likelihoods
from skykeep.identity.class_course import CourseMemory

WANDER_MEMORY_S = 4.0
FADE_S = 40.0
# Along, across and up move together, and a flight's wandering is a habit, not fresh at every look.
WANDER_WEIGHT = 0.75
SPEED_MEMORY_S = 10.0
# For so long the error of a velocity stays what it is: of a mean over longer, less of it is left.
ERROR_LASTS_S = 4.0
FLOOR = 2e-3


class ClassFilter:
    """Class probabilities of the tracks in the last picture. Tracks that leave the picture are forgotten."""

    def __init__(self) -> None:
        self._track_id: IntArray = np.zeros(0, dtype=np.int64)
        self._slow_mps: FloatArray = np.zeros((0, 3))
        self._speed_mps: FloatArray = np.zeros(0)
        self._wander: FloatArray = np.zeros((0, len(likelihoods.HABIT_CLASS)))
        self._time_utc_ns = 0
        self._course_memory, self._course = CourseMemory(), np.zeros((0, len(likelihoods.PRIOR)))
        # What the last judgement rests on, by name, (n, 5) each.
        self.parts: dict[str, FloatArray] = {}

    @property
    def speed_mps(self) -> FloatArray:
        """The mean speeds that the last judgement rests on."""
        return self._speed_mps

    def judge(self, picture: Picture, height_agl_m: FloatArray, beside: FloatArray) -> FloatArray:
        """Return class probabilities (n, 5). `beside` (n, 5) is further log-evidence, from claims and
        emitters.
        """
        self._remember(picture)
        variance = np.diagonal(picture.covariance, axis1=1, axis2=2)
        sigma_mps = np.sqrt(0.5 * (variance[:, 3] + variance[:, 4]))
        looks = picture.hits.astype(np.float64)
        self.parts = {
            "prior": np.broadcast_to(np.log(likelihoods.PRIOR), (len(picture), len(likelihoods.PRIOR))),
            "echo": likelihoods.rcs(picture.rcs_dbsm, picture.rcs_spread_db, looks),
            "fluctuation": likelihoods.echo_spread(picture.rcs_spread_db, looks),
            "rotors": likelihoods.modulation(picture.modulation_db, picture.modulation_looks),
            "speed": likelihoods.speed(self._speed_mps, sigma_mps * _share_left(picture)),
            "height": likelihoods.height(height_agl_m, np.sqrt(variance[:, 2])),
            "wander": likelihoods.of_classes(self._wander),
            "course": self._course,
            "claims": beside,
        }
        evidence = np.zeros((len(picture), len(likelihoods.PRIOR)))
        for part in self.parts.values():
            evidence = evidence + part
        likely = np.exp(evidence - evidence.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        likely = (1.0 - FLOOR) * likely + FLOOR * likelihoods.PRIOR
        return np.asarray(likely / likely.sum(axis=1, keepdims=True))

    def _remember(self, picture: Picture) -> None:
        """Bring the running means to the picture's tracks and time."""
        velocity_mps = picture.state[:, 3:]
        speed_mps = np.hypot(velocity_mps[:, 0], velocity_mps[:, 1])
        dt_s = max(picture.time_utc_ns - self._time_utc_ns, 0) * 1e-9
        self._time_utc_ns = picture.time_utc_ns

        old = np.searchsorted(self._track_id, picture.track_id)
        known = old < len(self._track_id)
        known[known] = self._track_id[old[known]] == picture.track_id[known]
        old = old[known]
        self._course = self._course_memory.update(picture, known, old)

        slow_mps = velocity_mps.copy()
        mean_mps = speed_mps.copy()
        wander = np.zeros((len(picture), len(likelihoods.HABIT_CLASS)))
        if len(old):
            before_mps, now_mps = self._slow_mps[old], velocity_mps[known]
            variance = np.diagonal(picture.covariance, axis1=1, axis2=2)[known, 3:]
            news = _wander_evidence(before_mps, now_mps, np.sqrt(variance))
            share = min(dt_s / WANDER_MEMORY_S, 1.0)
            wander[known] = self._wander[old] * np.exp(-dt_s / FADE_S) + WANDER_WEIGHT * share * news
            slow_mps[known] = before_mps + (1.0 - np.exp(-dt_s / WANDER_MEMORY_S)) * (now_mps - before_mps)
            kept_mps = self._speed_mps[old]
            mean_mps[known] = kept_mps + (1.0 - np.exp(-dt_s / SPEED_MEMORY_S)) * (
                speed_mps[known] - kept_mps
            )
        self._track_id = picture.track_id.copy()
        self._slow_mps, self._speed_mps, self._wander = slow_mps, mean_mps, wander


def _share_left(picture: Picture) -> FloatArray:
    """Return which share of a velocity's error the mean speed of each track still has, (n,): all of a new
    track's; in the end that of an exponential mean of errors that fade exponentially.
    """
    age_s = (picture.time_utc_ns - picture.born_utc_ns) * 1e-9
    forgotten = np.exp(-2.0 * age_s / SPEED_MEMORY_S)
    left = ERROR_LASTS_S / (ERROR_LASTS_S + SPEED_MEMORY_S)
    return np.asarray(np.sqrt(left + (1.0 - left) * forgotten))


def _wander_evidence(slow_mps: FloatArray, now_mps: FloatArray, sigma_mps: FloatArray) -> FloatArray:
    """Return the log-likelihood of the present departure from the slow mean, less its mean over the
    classes.
    """
    speed_mps = np.hypot(slow_mps[:, 0], slow_mps[:, 1])
    safe = np.maximum(speed_mps, 1e-9)
    east, north = slow_mps[:, 0] / safe, slow_mps[:, 1] / safe
    departure = now_mps - slow_mps
    along = departure[:, 0] * east + departure[:, 1] * north
    across = departure[:, 1] * east - departure[:, 0] * north
    horizontal_mps = np.hypot(sigma_mps[:, 0], sigma_mps[:, 1]) * np.sqrt(0.5)
    noise_mps = np.stack((horizontal_mps, horizontal_mps, sigma_mps[:, 2]), axis=1)
    news = likelihoods.wander(
        np.stack((along, across, departure[:, 2]), axis=1), noise_mps, speed_mps * WANDER_MEMORY_S
    )
    return np.asarray(news - news.mean(axis=1, keepdims=True))
