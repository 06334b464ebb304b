"""What must be remembered of each track to judge it: since when it closes and how fast on the whole, where it
was first seen, where it stays, and how often it came nearer and turned back.

A filter's velocity answers to every gust; what decides when a flight arrives is the speed that it keeps.
So the closing speed is also averaged over `STEADY_S`, and is known the better the longer the approach has
lasted: one independent look every `LOOK_S`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.rules import ThreatRules
from skykeep.domain.track import Picture

# A gust or a bad measurement does not break an approach.
PATIENCE_NS = 3 * NS_PER_S
STEADY_S = 8.0
LOOK_S = 4.0
_NEVER = -1


class Columns(NamedTuple):
    """One row per track of the last picture; (n,) or (n, 2) of the track alone, (n, m) of it and an asset.

    `first_m` is where it was first seen and `first_utc_ns` when. `stay_m` is the place that it has not been
    farther from than the loitering radius since `stay_utc_ns`. Of its distance, `turn_m` is the least since
    it last came nearer (`nearing`) or the greatest since it last went away, and `turned_back` counts how
    often it came nearer and went again.
    """

    first_m: FloatArray
    first_utc_ns: IntArray
    stay_m: FloatArray
    stay_utc_ns: IntArray
    since_utc_ns: IntArray
    last_utc_ns: IntArray
    steady_mps: FloatArray
    turn_m: FloatArray
    nearing: BoolArray
    turned_back: IntArray


class Looks(NamedTuple):
    """What the memory says at one look. (n, m): for how many seconds each has closed (0 where it does not),
    the steady closing speed, how many independent looks that rests on, and how often it came and turned back.
    (n,): for how long it has stayed where it is. (n, 2) and (n,): where it was first seen, and how long ago.
    """

    closing_s: FloatArray
    steady_mps: FloatArray
    looks: FloatArray
    turned_back: IntArray
    nearing: BoolArray
    stayed_s: FloatArray
    first_m: FloatArray
    seen_s: FloatArray


class TrackMemory:
    """Remembers the tracks of the last picture; forgets those that have left."""

    def __init__(self) -> None:
        self._track_id: IntArray = np.zeros(0, dtype=np.int64)
        self._kept: Columns | None = None
        self._time_utc_ns = 0

    def forget(self) -> None:
        """Forget what belongs to assets that are no longer those of before."""
        self._track_id, self._kept = np.zeros(0, dtype=np.int64), None

    def update(
        self,
        picture: Picture,
        distance_m: FloatArray,
        closing_mps: FloatArray,
        edge_m: FloatArray,
        rules: ThreatRules,
    ) -> Looks:
        """Take in how far each is from each asset and how fast it closes, (n, m) each; `edge_m` (m,) is how
        near to an asset a turn must be to be looked at.
        """
        now_utc_ns = picture.time_utc_ns
        c = self._carried(picture, distance_m, closing_mps)
        closing = closing_mps > rules.closing_mps
        # Steady speed, and since when it closes.
        kept = np.exp(-max(now_utc_ns - self._time_utc_ns, 0) / NS_PER_S / STEADY_S)
        steady_mps = closing_mps + kept * (c.steady_mps - closing_mps)
        last = np.where(closing, now_utc_ns, c.last_utc_ns)
        lapsed = (last == _NEVER) | (now_utc_ns - last > PATIENCE_NS)
        since = np.where((c.since_utc_ns == _NEVER) & closing, now_utc_ns, c.since_utc_ns)
        since = np.where(lapsed, _NEVER, since)
        steady_mps = np.where(lapsed, closing_mps, steady_mps)
        # Where it stays.
        place_m = picture.state[:, :2]
        moved = np.hypot(*(place_m - c.stay_m).T) > rules.loiter_radius_m
        stay_m = np.where(moved[:, np.newaxis], place_m, c.stay_m)
        stay_utc_ns = np.where(moved, now_utc_ns, c.stay_utc_ns)
        turn_m, nearing, turned_back = _turns(c, distance_m, edge_m, rules.probe_m)
        self._kept = Columns(
            c.first_m,
            c.first_utc_ns,
            stay_m,
            stay_utc_ns,
            since,
            last,
            steady_mps,
            turn_m,
            nearing,
            turned_back,
        )
        self._track_id, self._time_utc_ns = picture.track_id.copy(), now_utc_ns
        closing_s = np.where(since == _NEVER, 0.0, (now_utc_ns - since) / NS_PER_S)
        return Looks(
            closing_s,
            steady_mps,
            1.0 + np.minimum(closing_s, 2.0 * STEADY_S) / LOOK_S,
            turned_back,
            nearing,
            (now_utc_ns - stay_utc_ns) / NS_PER_S,
            c.first_m,
            (now_utc_ns - c.first_utc_ns) / NS_PER_S,
        )

    def _carried(self, picture: Picture, distance_m: FloatArray, closing_mps: FloatArray) -> Columns:
        """Return what is known of this picture's tracks: from before, or from now on where they are new."""
        n, m = distance_m.shape
        now = np.full(n, picture.time_utc_ns, dtype=np.int64)
        never = np.full((n, m), _NEVER, dtype=np.int64)
        place_m = picture.state[:, :2].copy()
        fresh = Columns(
            place_m,
            now,
            place_m.copy(),
            now.copy(),
            never,
            never.copy(),
            closing_mps.copy(),
            distance_m.copy(),
            np.zeros((n, m), dtype=np.bool_),
            np.zeros((n, m), dtype=np.int64),
        )
        if self._kept is None or not len(self._track_id):
            return fresh
        old = np.searchsorted(self._track_id, picture.track_id)
        known = old < len(self._track_id)
        known[known] = self._track_id[old[known]] == picture.track_id[known]
        for new, before in zip(fresh, self._kept, strict=True):
            new[known] = before[old[known]]
        return fresh


def _turns(
    c: Columns, distance_m: FloatArray, edge_m: FloatArray, probe_m: float
) -> tuple[FloatArray, BoolArray, IntArray]:
    """Return the columns of coming nearer and turning back, after one more look."""
    turn_m = np.where(c.nearing, np.minimum(c.turn_m, distance_m), np.maximum(c.turn_m, distance_m))
    comes = ~c.nearing & (distance_m < turn_m - probe_m)
    goes = c.nearing & (distance_m > turn_m + probe_m)
    turned_back = c.turned_back + (goes & (turn_m <= edge_m))
    return np.where(comes | goes, distance_m, turn_m), (c.nearing | comes) & ~goes, turned_back
