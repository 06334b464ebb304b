"""What is in the air at one moment: all targets as columns, for sensors to look at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.place import Vector
from skykeep.geo.terrain import Terrain
from skykeep.sim.paths import STEP_S
from skykeep.sim.targets import Target


class Sky:
    """All targets, in the order given. An effect changes a target's rest, and `renew` brings it in here."""

    def __init__(self, targets: Sequence[Target], terrain: Terrain) -> None:
        self.targets = tuple(targets)
        self.terrain = terrain
        self.states: FloatArray = np.stack([target.states for target in targets])
        self.aloft: BoolArray = np.stack([target.aloft for target in targets])
        self.modulation_db: FloatArray = np.stack([target.modulation_db for target in targets])
        self.rcs_dbsm: FloatArray = np.array([target.rcs_dbsm for target in targets])
        self.size_m: FloatArray = np.array([target.size_m for target in targets])

    @property
    def count(self) -> int:
        """How many samples a path has."""
        return int(self.states.shape[1])

    def sample(self, time_s: float) -> int:
        """Return the number of the sample nearest to a time."""
        return min(max(round(time_s / STEP_S), 0), self.count - 1)

    def at(self, time_s: float) -> tuple[FloatArray, BoolArray]:
        """Return states (targets, 6) and which are in the air."""
        position = min(max(time_s / STEP_S, 0.0), self.count - 1.0)
        left = min(int(position), self.count - 2)
        part = position - left
        states = self.states[:, left] * (1.0 - part) + self.states[:, left + 1] * part
        return states, self.aloft[:, self.sample(time_s)]

    def renew(self, which: int) -> None:
        """Take in what has become of one target."""
        self.states[which] = self.targets[which].states
        self.aloft[which] = self.targets[which].aloft


def ranges_and_angles(
    from_enu_m: FloatArray, states: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return range, azimuth in [0, 2 pi), elevation and range rate of states (n, 6), in the site's axes."""
    away_m = states[:, :3] - from_enu_m
    range_m = np.sqrt(np.sum(away_m**2, axis=1))
    azimuth_rad = np.arctan2(away_m[:, 0], away_m[:, 1]) % (2 * np.pi)
    elevation_rad = np.arcsin(away_m[:, 2] / range_m)
    range_rate_mps = np.sum(away_m * states[:, 3:], axis=1) / range_m
    return range_m, azimuth_rad, elevation_rad, range_rate_mps


def by_first_column(measured: FloatArray) -> IntArray:
    """Return the order of rows by range or azimuth: an order that tells nothing of what they come from."""
    return np.asarray(np.argsort(measured[:, 0], kind="stable"), dtype=np.int64)


def vector(values: FloatArray) -> Vector:
    """Return three numbers as records hold them."""
    return float(values[0]), float(values[1]), float(values[2])
