"""What must be remembered of each track to judge it: since when it closes, what way it made good, where it
was first seen, where it stays, and how often it came nearer and turned back.

How fast it gets on is taken from the way that it made good (`pace`), not from its filter's velocity.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from skykeep.assessment.pace import SUMS, advanced
from skykeep.assessment.pair_kernels import NEVER, Memory, look
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.rules import ThreatRules
from skykeep.domain.track import Picture

# A gust or a bad measurement does not break an approach.
PATIENCE_NS = 3 * NS_PER_S


class Columns(NamedTuple):
    """One row per track of the last picture; (n,) or (n, 2).

    `first_m` is where it was first seen and `first_utc_ns` when. `stay_m` is the place that it has not been
    farther from than the loitering radius since `stay_utc_ns`. `way` (n, SUMS) are the sums of
    `pace.advanced`.
    """

    first_m: FloatArray
    first_utc_ns: IntArray
    stay_m: FloatArray
    stay_utc_ns: IntArray
    way: FloatArray


class Looks(NamedTuple):
    """What the memory says at one look; it holds until the next. (n, m): how far each track is from each
    asset, since when it closes (`NEVER` where it does not), how often it came and turned back. (n,): for how
    long it has stayed where it is. (n, 2) and (n,): where it was first seen, and how long ago. (n, SUMS):
    sums of the way made good.
    """

    distance_m: FloatArray
    since_utc_ns: IntArray
    turned_back: IntArray
    stayed_s: FloatArray
    first_m: FloatArray
    seen_s: FloatArray
    way: FloatArray


class TrackMemory:
    """Remembers the tracks of the last picture; forgets those that have left."""

    def __init__(self) -> None:
        self._track_id: IntArray = np.zeros(0, dtype=np.int64)
        self._columns: Columns | None = None
        self._pairs: Memory | None = None
        self._time_utc_ns = 0

    def update(
        self,
        picture: Picture,
        place_m: FloatArray,
        asset_m: FloatArray,
        edge_m: FloatArray,
        rules: ThreatRules,
    ) -> Looks:
        """Take in where tracks are, `place_m` (n, 2), and how they near the assets at `asset_m` (m, 2);
        `edge_m` (m,) is how near to an asset a turn must be to be looked at.
        """
        now_utc_ns = picture.time_utc_ns
        c, pairs = self._carried(picture, place_m, len(asset_m))
        distance_m = np.empty((len(place_m), len(asset_m)))
        limits = (rules.closing_mps, rules.probe_m, PATIENCE_NS)
        look(now_utc_ns, place_m, picture.state[:, 3:5].copy(), asset_m, edge_m, limits, pairs, distance_m)
        # Where it stays.
        step_s = max(now_utc_ns - self._time_utc_ns, 0) / NS_PER_S if self._time_utc_ns else 0.0
        way = advanced(c.way, place_m - c.first_m, step_s, rules)
        moved = np.hypot(*(place_m - c.stay_m).T) > rules.loiter_radius_m
        stay_m = np.where(moved[:, np.newaxis], place_m, c.stay_m)
        stay_utc_ns = np.where(moved, now_utc_ns, c.stay_utc_ns)
        self._columns = Columns(c.first_m, c.first_utc_ns, stay_m, stay_utc_ns, way)
        self._track_id, self._pairs, self._time_utc_ns = picture.track_id.copy(), pairs, now_utc_ns
        return Looks(
            distance_m,
            pairs.since_utc_ns,
            pairs.turned_back,
            (now_utc_ns - stay_utc_ns) / NS_PER_S,
            c.first_m,
            (now_utc_ns - c.first_utc_ns) / NS_PER_S,
            way,
        )

    def _carried(self, picture: Picture, place_m: FloatArray, assets: int) -> tuple[Columns, Memory]:
        """Return what is known of this picture's tracks: from before, or from now on where they are new."""
        if self._columns and self._pairs and np.array_equal(self._track_id, picture.track_id):
            return self._columns, self._pairs
        n = len(place_m)
        now = np.full(n, picture.time_utc_ns, dtype=np.int64)
        columns = Columns(place_m.copy(), now, place_m.copy(), now.copy(), np.zeros((n, SUMS)))
        pairs = Memory(
            np.full((n, assets), NEVER, dtype=np.int64),
            np.full((n, assets), NEVER, dtype=np.int64),
            np.full((n, assets), np.nan),
            np.zeros((n, assets), dtype=np.bool_),
            np.zeros((n, assets), dtype=np.int64),
        )
        if self._columns and self._pairs and len(self._track_id):
            old = np.searchsorted(self._track_id, picture.track_id)
            known = old < len(self._track_id)
            known[known] = self._track_id[old[known]] == picture.track_id[known]
            for new, before in zip((*columns, *pairs), (*self._columns, *self._pairs), strict=True):
                new[known] = before[old[known]]
        return columns, pairs
