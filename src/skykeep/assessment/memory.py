"""For how long each track has been closing on each asset without a break, and how fast on the whole.

A filter's velocity answers to every gust; what decides when a flight arrives is the speed that it keeps.
So the closing speed is also averaged over `STEADY_S`, and is known the better the longer the approach has
lasted: one independent look every `LOOK_S`.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.track import Picture

# A gust or a bad measurement does not break an approach.
PATIENCE_NS = 3 * NS_PER_S
STEADY_S = 8.0
LOOK_S = 4.0
_NEVER = -1


class ClosingMemory:
    """Since when each track of the last picture has been closing; forgets tracks that have left."""

    def __init__(self, assets: int) -> None:
        self._track_id: IntArray = np.zeros(0, dtype=np.int64)
        self._since_utc_ns: IntArray = np.zeros((0, assets), dtype=np.int64)
        self._last_utc_ns: IntArray = np.zeros((0, assets), dtype=np.int64)
        self._steady_mps: FloatArray = np.zeros((0, assets))
        self._time_utc_ns = 0

    def update(
        self, picture: Picture, closing_mps: FloatArray, closing: BoolArray
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Take in how fast each closes, and who counts as closing, (n, assets) each.

        Return for how many seconds each has (0 where it is not closing), the steady closing speed, and how
        many looks that rests on.
        """
        now_utc_ns = picture.time_utc_ns
        since = np.full(closing.shape, _NEVER, dtype=np.int64)
        last = np.full(closing.shape, _NEVER, dtype=np.int64)
        old = np.searchsorted(self._track_id, picture.track_id)
        known = old < len(self._track_id)
        known[known] = self._track_id[old[known]] == picture.track_id[known]
        since[known], last[known] = self._since_utc_ns[old[known]], self._last_utc_ns[old[known]]
        steady_mps = closing_mps.copy()
        dt_s = max(now_utc_ns - self._time_utc_ns, 0) / NS_PER_S
        kept = np.exp(-dt_s / STEADY_S)
        steady_mps[known] += kept * (self._steady_mps[old[known]] - closing_mps[known])

        last = np.where(closing, now_utc_ns, last)
        lapsed = (last == _NEVER) | (now_utc_ns - last > PATIENCE_NS)
        since = np.where(lapsed, _NEVER, np.where((since == _NEVER) & closing, now_utc_ns, since))
        closing_s = np.where(since == _NEVER, 0.0, (now_utc_ns - since) / NS_PER_S)
        steady_mps = np.where(lapsed, closing_mps, steady_mps)
        self._track_id, self._since_utc_ns, self._last_utc_ns = picture.track_id.copy(), since, last
        self._steady_mps, self._time_utc_ns = steady_mps, now_utc_ns
        return closing_s, steady_mps, 1.0 + np.minimum(closing_s, 2.0 * STEADY_S) / LOOK_S
