"""Who was here before: a new track that carries on where an ended one was lost takes its name up again.

When a track is confirmed it is compared, position and velocity, with what the ended ones would be by then.
Where one fits and no other nearly does, it is the same: its number is used again and the gap is told. What
landed is awaited for long where it stood, what hovered for a while; what was lost in flight only while its
prediction says where it is.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from skykeep.base.clock import seconds_to_ns
from skykeep.base.compile import FloatArray, IntArray
from skykeep.models.motion import predict_constant_velocity
from skykeep.tracking.columns import (
    BORN,
    CONFIRMED,
    EMPTY,
    ENDED,
    GROUND,
    HISTORY,
    HITS,
    SEEN,
    STATUS,
    TIME,
    TRACK_ID,
    VERTICAL,
    History,
    Tracks,
)

_FITS = 16.8
"""Squared Mahalanobis distance in six dimensions that 99 % of true continuations stay below."""
_NEXT_BEST = 6.0
_WITHIN_NS = seconds_to_ns(40.0)
_STOOD_WITHIN_NS = seconds_to_ns(120.0)
_LANDED_WITHIN_NS = seconds_to_ns(900.0)
_MOST_SIGMA_M = 400.0
_NOISE_M2PS3 = 3.0
_FASTEST_MPS, _NEAR_M = 120.0, 400.0
_FEWEST_HITS = 6
_KEPT = 256
_LANDED_UP_M, _LANDED_MPS, _HOVERS_MPS = 25.0, 6.0, 3.0
_STOOD_SIGMA_M, _TAKE_OFF_SIGMA_MPS = 15.0, 6.0


class Resumed(NamedTuple):
    """A number taken up again after `gap_ns` without its track, by one that had `own_id` for itself."""

    track_id: int
    gap_ns: int
    own_id: int


class _Past(NamedTuple):
    track_id: int
    seen_ns: int
    time_ns: int
    mean: FloatArray
    place: list[float]
    covariance: FloatArray
    stood: bool
    within_ns: int


class Lost:
    """The tracks that ended, the latest `_KEPT` of them, and which numbers were taken up again."""

    def __init__(self, rules: FloatArray) -> None:
        self._rules = rules
        self._past: list[_Past] = []
        self._remembered: set[int] = set()

    def note_ended(self, tracks: Tracks, rows: IntArray) -> None:
        """Remember the `rows` that ended, unless they hardly were tracks."""
        for row in rows:
            number = tracks.number[row]
            track_id = int(number[TRACK_ID])
            if track_id in self._remembered or number[HITS] < _FEWEST_HITS:
                continue
            mean, covariance = _moments(tracks, int(row))
            above_m = mean[2] - self._rules[GROUND]
            place = mean[:3].tolist()
            low = bool(above_m < _LANDED_UP_M + np.sqrt(covariance[2, 2]))
            stood = bool(np.linalg.norm(mean[3:5]) < (_LANDED_MPS if low else _HOVERS_MPS))
            within_ns = _WITHIN_NS if not stood else _LANDED_WITHIN_NS if low else _STOOD_WITHIN_NS
            past = _Past(
                track_id, int(number[SEEN]), int(number[TIME]), mean, place, covariance, stood, within_ns
            )
            self._past.append(past)
            self._remembered.add(track_id)
        while len(self._past) > _KEPT:
            self._remembered.discard(self._past.pop(0).track_id)

    def take_up(self, tracks: Tracks, history: History, rows: IntArray) -> list[Resumed]:
        """Give the new tracks in `rows` the numbers of those that they continue; return which."""
        resumed = []
        for row in rows:
            number = tracks.number[row]
            past = self._predecessor(tracks, int(row))
            if past is None:
                continue
            self._past.remove(past)
            self._remembered.discard(past.track_id)
            # An end that nobody was told of yet did not happen.
            used = tracks.number[:, TRACK_ID] == past.track_id
            for untold in np.flatnonzero(used & (tracks.number[:, STATUS] == ENDED)):
                tracks.number[untold, STATUS] = EMPTY
                if tracks.number[untold, HISTORY] >= 0:
                    history.ring[tracks.number[untold, HISTORY], 1] = 0
                    tracks.number[untold, HISTORY] = -1
            own_id, gap_ns = int(number[TRACK_ID]), max(int(number[BORN]) - past.seen_ns, 0)
            number[TRACK_ID] = past.track_id
            resumed.append(Resumed(past.track_id, gap_ns, own_id))
        return resumed

    def _predecessor(self, tracks: Tracks, row: int) -> _Past | None:
        number = tracks.number[row]
        mean, covariance = _moments(tracks, row)
        born_ns, time_ns = int(number[BORN]), int(number[TIME])
        self._forget(born_ns)
        place, fastest = mean[:3].tolist(), _FASTEST_MPS * 1e-9
        fits = []
        for past in self._past:
            if born_ns < past.seen_ns:
                continue
            # Most are too far away at a glance.
            if math.dist(place, past.place) > _NEAR_M + fastest * (time_ns - past.time_ns):
                continue
            if past.stood:
                then, spread = past.mean.copy(), past.covariance.copy()
                then[3:] = 0.0
                spread[:3, :3] += np.eye(3) * _STOOD_SIGMA_M**2
                spread[:3, 3:] = spread[3:, :3] = 0.0
                spread[3:, 3:] = np.eye(3) * _TAKE_OFF_SIGMA_MPS**2
                # It rose since: what it did after it was seen again is not held against it.
                then[:3] += (time_ns - born_ns) * 1e-9 * mean[3:]
            else:
                then, spread = past.mean.copy(), past.covariance.copy()
                gone_s = (time_ns - past.time_ns) * 1e-9
                predict_constant_velocity(then, spread, gone_s, _NOISE_M2PS3, self._rules[VERTICAL])
            if np.trace(spread[:3, :3]) > _MOST_SIGMA_M**2:
                continue
            gap = mean - then
            if gap[0] ** 2 + gap[1] ** 2 + gap[2] ** 2 > _FITS * np.trace((spread + covariance)[:3, :3]):
                continue
            fits.append((float(gap @ np.linalg.solve(spread + covariance, gap)), past.track_id, past))
        fits.sort(key=lambda fit: fit[:2])
        if not fits or fits[0][0] > _FITS or (len(fits) > 1 and fits[1][0] < fits[0][0] + _NEXT_BEST):
            return None
        return fits[0][2]

    def _forget(self, now_ns: int) -> None:
        kept = [p for p in self._past if now_ns - p.seen_ns <= p.within_ns]
        if len(kept) < len(self._past):
            self._past, self._remembered = kept, {past.track_id for past in kept}


def _moments(tracks: Tracks, row: int) -> tuple[FloatArray, FloatArray]:
    """Return mean (6,) and covariance (6, 6) of one track over its motion models, at its own time."""
    mu, x, P = tracks.mu[row], tracks.x[row], tracks.P[row]
    mean = mu @ x
    apart = x - mean
    covariance = np.einsum("m,mij->ij", mu, P) + np.einsum("m,mi,mj->ij", mu, apart, apart)
    return mean, covariance


def newly_confirmed(tracks: Tracks, first_id: int) -> IntArray:
    """Return the rows of the living tracks with numbers from `first_id` on, in order of their numbers."""
    fresh = (tracks.number[:, TRACK_ID] >= first_id) & (tracks.number[:, STATUS] >= CONFIRMED)
    rows: IntArray = np.flatnonzero(fresh & (tracks.number[:, STATUS] != ENDED))
    return rows[np.argsort(tracks.number[rows, TRACK_ID])]
