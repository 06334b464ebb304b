"""What a track has been seen to do: closing, loitering, probing, popping up, hiding behind the ground."""

from __future__ import annotations

import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.rules import ThreatRules
from skykeep.domain.sensing import Sensor, SensorKind
from skykeep.domain.track import Picture
from skykeep.geo.terrain import Terrain

# Rays over ground cost a millisecond for some: each track's are asked for again only so often, and only for
# the most urgent.
MASKED_EVERY_NS = 2 * NS_PER_S
MASKED_MOST = 12
LOOKING = (SensorKind.RADAR, SensorKind.CAMERA)


def popped_up(
    first_off_m: FloatArray, seen_s: FloatArray, watched_s: float, rules: ThreatRules
) -> FloatArray:
    """Return how far from a keep-out circle each was first seen, (k,), where that is a pop-up; else NaN.

    `first_off_m` may be negative; it was `seen_s` ago. `watched_s` is for how long the watch has been kept.
    """
    recent = (seen_s <= rules.pop_up_s) & (watched_s - seen_s > rules.start_up_s)
    return np.where(recent & (first_off_m <= rules.pop_up_m), np.maximum(first_off_m, 0.0), np.nan)


class GroundMask:
    """From how many of the radars and cameras in reach the ground hides a track. Remembers its last look."""

    def __init__(self, terrain: Terrain | None, sensors: tuple[Sensor, ...]) -> None:
        self._terrain = terrain
        looking = [sensor for sensor in sensors if sensor.kind in LOOKING and sensor.coverage_range_m > 0.0]
        self._place_m = np.array([sensor.position_enu_m for sensor in looking]).reshape(-1, 3)
        self._reach_m = np.array([sensor.coverage_range_m for sensor in looking])
        self._seen: dict[int, tuple[int, int, int]] = {}

    def hidden(self, picture: Picture, rows: list[int]) -> dict[int, tuple[int, int]]:
        """Return for each of `rows`, the most urgent first, from how many it is hidden, of how many."""
        if self._terrain is None or not len(self._place_m):
            return {}
        found, kept = {}, {}
        for row in rows[:MASKED_MOST]:
            track_id = int(picture.track_id[row])
            looked = self._seen.get(track_id)
            if looked is None or picture.time_utc_ns - looked[0] >= MASKED_EVERY_NS:
                looked = (picture.time_utc_ns, *self._look(self._terrain, picture.state[row, :3]))
            kept[track_id] = looked
            found[row] = looked[1:]
        self._seen = kept
        return found

    def _look(self, terrain: Terrain, place_m: FloatArray) -> tuple[int, int]:
        way_m = self._place_m - place_m
        near = np.sqrt(np.sum(way_m * way_m, axis=1)) <= self._reach_m
        if not near.any():
            return 0, 0
        sees = terrain.line_of_sight(self._place_m[near], place_m)
        return int(np.sum(~sees)), int(near.sum())
