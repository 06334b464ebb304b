"""What must be remembered of each track to judge it: since when it closes, what way it made good, where it
was first seen, where it stays, and how often it came nearer and turned back.

How fast it gets on is taken from the way that it made good (`pace`), not from its filter's velocity.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from skykeep.assessment.pace import SUMS, advanced
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.rules import ThreatRules
from skykeep.domain.track import Picture

# A gust or a bad measurement does not break an approach.
PATIENCE_NS = 3 * NS_PER_S
_NEVER = -1


class Columns(NamedTuple):
    """One row per track of the last picture; (n,) or (n, 2) of the track alone, (n, m) of it and an asset.

    `first_m` is where it was first seen and `first_utc_ns` when. `stay_m` is the place that it has not been
    farther from than the loitering radius since `stay_utc_ns`. Of its distance, `turn_m` is the least since
    it last came nearer (`nearing`) or the greatest since it last went away, and `turned_back` counts how
    often it came nearer and went again. `way` (n, SUMS) are the sums of `pace.advanced`.
    """

    first_m: FloatArray
    first_utc_ns: IntArray
    stay_m: FloatArray
    stay_utc_ns: IntArray
    since_utc_ns: IntArray
    last_utc_ns: IntArray
    turn_m: FloatArray
    nearing: BoolArray
    turned_back: IntArray
    way: FloatArray


class Looks(NamedTuple):
    """What the memory says at one look. (n, m): for how many seconds each has closed (0 where it does not),
    whether it gave up closing, and how often it came and turned back. (n,): for how long it has stayed where
    it is. (n, 2) and (n,): where it was first seen, and how long ago. (n, SUMS): sums of the way made good.
    """

    closing_s: FloatArray
    lapsed: BoolArray
    turned_back: IntArray
    nearing: BoolArray
    stayed_s: FloatArray
    first_m: FloatArray
    seen_s: FloatArray
    way: FloatArray


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
        c = self._carried(picture, distance_m)
        closing = closing_mps > rules.closing_mps
        # Since when it closes.
        last = np.where(closing, now_utc_ns, c.last_utc_ns)
        lapsed = (last == _NEVER) | (now_utc_ns - last > PATIENCE_NS)
        since = np.where((c.since_utc_ns == _NEVER) & closing, now_utc_ns, c.since_utc_ns)
        since = np.where(lapsed, _NEVER, since)
        # Where it stays.
        place_m = picture.state[:, :2]
        step_s = max(now_utc_ns - self._time_utc_ns, 0) / NS_PER_S if self._time_utc_ns else 0.0
        way = advanced(c.way, place_m - c.first_m, step_s, rules)
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
            turn_m,
            nearing,
            turned_back,
            way,
        )
        self._track_id, self._time_utc_ns = picture.track_id.copy(), now_utc_ns
        closing_s = np.where(since == _NEVER, 0.0, (now_utc_ns - since) / NS_PER_S)
        return Looks(
            closing_s,
            lapsed,
            turned_back,
            nearing,
            (now_utc_ns - stay_utc_ns) / NS_PER_S,
            c.first_m,
            (now_utc_ns - c.first_utc_ns) / NS_PER_S,
            way,
        )

    def _carried(self, picture: Picture, distance_m: FloatArray) -> Columns:
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
            distance_m.copy(),
            np.zeros((n, m), dtype=np.bool_),
            np.zeros((n, m), dtype=np.int64),
            np.zeros((n, SUMS)),
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
