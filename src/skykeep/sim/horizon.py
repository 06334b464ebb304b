"""What the ground hides from one stand: its horizon in every direction and at every distance, found once.

For each of 720 bearings and each step of distance the steepest slope of the ground up to there is kept. A
target is clear when it stands above that slope. Rays are straight; the earth's fall is in the ground's
heights. Against sampling every sight line anew, under 1 % of random targets differ, all of them grazing a
crest (tests/sim/test_horizon.py).
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray
from skykeep.geo.terrain import Terrain

BEARINGS = 720
# Farther out there is only sea in a world, and what flies there flies high.
FARTHEST_M = 14_000.0


class Horizon:
    """The horizon of a stand in the site frame."""

    def __init__(self, terrain: Terrain, stand_enu_m: FloatArray, range_m: float) -> None:
        self._stand_enu_m = stand_enu_m
        self._step_m = max(25.0, 1.25 * terrain.spacing_m)
        away_m = np.arange(self._step_m, min(range_m, FARTHEST_M) + 2 * self._step_m, self._step_m)
        bearing_rad = np.arange(BEARINGS)[:, np.newaxis] * (2 * np.pi / BEARINGS)
        ground_m = terrain.up_m(
            stand_enu_m[0] + away_m * np.sin(bearing_rad), stand_enu_m[1] + away_m * np.cos(bearing_rad)
        )
        self._slope = np.maximum.accumulate((ground_m - stand_enu_m[2]) / away_m, axis=1)

    def clear(self, states: FloatArray) -> BoolArray:
        """Return which of some states (n, 3 or more) the ground does not hide."""
        east_m, north_m, up_m = (states[:, :3] - self._stand_enu_m).T
        away_m = np.hypot(east_m, north_m)
        bearing = np.rint(np.arctan2(east_m, north_m) * (BEARINGS / (2 * np.pi))).astype(np.int64) % BEARINGS
        # The ground counts up to one step before the target: its own place does not hide it.
        step = np.minimum((away_m / self._step_m).astype(np.int64) - 2, self._slope.shape[1] - 1)
        near = step < 0
        hidden = up_m < away_m * self._slope[bearing, np.maximum(step, 0)]
        return np.asarray(near | ~hidden)
