"""For how long each track has been closing on each asset, without a break."""

from __future__ import annotations

import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.track import Picture

# A gust or a bad measurement does not break an approach.
PATIENCE_NS = 3 * NS_PER_S
_NEVER = -1


class ClosingMemory:
    """Since when each track of the last picture has been closing; forgets tracks that have left."""

    def __init__(self, assets: int) -> None:
        self._track_id: IntArray = np.zeros(0, dtype=np.int64)
        self._since_utc_ns: IntArray = np.zeros((0, assets), dtype=np.int64)
        self._last_utc_ns: IntArray = np.zeros((0, assets), dtype=np.int64)

    def update(self, picture: Picture, closing: BoolArray) -> FloatArray:
        """Take in who is closing now, (n, assets); return for how many seconds, 0 where it is not."""
        now_utc_ns = picture.time_utc_ns
        since = np.full(closing.shape, _NEVER, dtype=np.int64)
        last = np.full(closing.shape, _NEVER, dtype=np.int64)
        old = np.searchsorted(self._track_id, picture.track_id)
        known = old < len(self._track_id)
        known[known] = self._track_id[old[known]] == picture.track_id[known]
        since[known], last[known] = self._since_utc_ns[old[known]], self._last_utc_ns[old[known]]

        last = np.where(closing, now_utc_ns, last)
        lapsed = (last == _NEVER) | (now_utc_ns - last > PATIENCE_NS)
        since = np.where(lapsed, _NEVER, np.where((since == _NEVER) & closing, now_utc_ns, since))
        self._track_id, self._since_utc_ns, self._last_utc_ns = picture.track_id.copy(), since, last
        return np.where(since == _NEVER, 0.0, (now_utc_ns - since) / NS_PER_S)
