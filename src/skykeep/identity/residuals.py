"""How far one stream's claims were off each track near it, over the last few claims."""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray, IntArray

WINDOW = 6


class Residuals:
    """For each of the tracks that are near, (m,), `count` residuals of place and velocity in metres and
    metres per second, oldest first: `off` is (m, WINDOW, 6), and 0 beyond the count.
    """

    def __init__(self) -> None:
        self.track_id: IntArray = np.zeros(0, dtype=np.int64)
        self.off: FloatArray = np.zeros((0, WINDOW, 6))
        self.count: IntArray = np.zeros(0, dtype=np.int64)
        self._compared_utc_ns: IntArray = np.zeros(0, dtype=np.int64)

    def note(self, track_id: IntArray, off: FloatArray, claim_utc_ns: int) -> None:
        """Forget all but these tracks, and note how far the claim of that time is off each, (m, 6), where it
        was not noted before.
        """
        if not np.array_equal(track_id, self.track_id):
            self._turn_to(track_id)
        news = np.flatnonzero((self.count == 0) | (self._compared_utc_ns != claim_utc_ns))
        full = news[self.count[news] == WINDOW]
        self.off[full, :-1] = self.off[full, 1:]
        self.count[news] = np.minimum(self.count[news] + 1, WINDOW)
        self.off[news, self.count[news] - 1] = off[news]
        self._compared_utc_ns[news] = claim_utc_ns

    def of(self, track_id: int) -> FloatArray:
        """Return the residuals (k, 6) of one of the tracks, oldest first."""
        at = int(np.flatnonzero(self.track_id == track_id)[0])
        return self.off[at, : self.count[at]]

    def _turn_to(self, track_id: IntArray) -> None:
        place = {number: k for k, number in enumerate(self.track_id.tolist())}
        before = np.array([place.get(number, -1) for number in track_id.tolist()], dtype=np.int64)
        known, count = before >= 0, len(track_id)
        off, counts = np.zeros((count, WINDOW, 6)), np.zeros(count, dtype=np.int64)
        compared_utc_ns = np.zeros(count, dtype=np.int64)
        off[known], counts[known] = self.off[before[known]], self.count[before[known]]
        compared_utc_ns[known] = self._compared_utc_ns[before[known]]
        self.track_id, self.off, self.count = track_id, off, counts
        self._compared_utc_ns = compared_utc_ns
