"""Whether an independent sensor ought to see something at a place: then seeing nothing there is information.

A sensor's `coverage_range_m` is taken as where one look in two finds a small drone. A fading echo is then
found with probability 0.5 ** (range / coverage) ** 4 (Swerling 1, well above the threshold: power falls
with the fourth power of range). A track needs a few looks to begin. And whatever is claimed may be hidden
by a house for good, or by a hill where the terrain is not known, which no number of looks changes: so the
chance that a true claim goes unseen never falls below `HIDDEN`. Where the terrain is known, a place behind a
hill is not covered.
"""

from __future__ import annotations

import numpy as np

from skykeep.domain.place import Vector
from skykeep.domain.sensing import MeasurementKind, Sensor
from skykeep.geo.terrain import Terrain

HIDDEN = 0.004
# What just grazes a hill may be lost in its clutter.
CLEARANCE_M = 5.0
LOOKS_TO_BEGIN = 3
FULL_TURN_RAD = 2.0 * np.pi


def unseen_chance(
    sensors: tuple[Sensor, ...], position_enu_m: Vector, seconds: float, terrain: Terrain | None = None
) -> float:
    """Return the chance that a drone at this place went unseen for so long; 1 where no sensor covers it."""
    missed = 1.0
    for sensor in sensors:
        range_m = _covered_range_m(sensor, position_enu_m, terrain)
        if range_m is not None:
            looks = max(int(seconds / sensor.period_s) - LOOKS_TO_BEGIN, 0)
            missed *= (1.0 - 0.5 ** ((range_m / sensor.coverage_range_m) ** 4)) ** looks
    return HIDDEN + (1.0 - HIDDEN) * missed


def is_covered(sensors: tuple[Sensor, ...], position_enu_m: Vector, terrain: Terrain | None = None) -> bool:
    """Return whether any independent sensor that measures places covers this one."""
    return any(_covered_range_m(sensor, position_enu_m, terrain) is not None for sensor in sensors)


def _covered_range_m(sensor: Sensor, position_enu_m: Vector, terrain: Terrain | None) -> float | None:
    """Return the range at which a sensor that measures places looks at this one, None where it does not."""
    places = (MeasurementKind.RANGE_AZIMUTH_ELEVATION, MeasurementKind.POSITION)
    if not sensor.independent or sensor.measures not in places:
        return None
    offset_m = np.array(position_enu_m) - np.array(sensor.position_enu_m)
    ground_m = float(np.hypot(offset_m[0], offset_m[1]))
    range_m = float(np.hypot(ground_m, offset_m[2]))
    elevation_rad = float(np.arctan2(offset_m[2], ground_m))
    azimuth_rad = float(np.arctan2(offset_m[0], offset_m[1]))
    width_rad = sensor.azimuth_to_rad - sensor.azimuth_from_rad
    seen = (
        sensor.range_min_m <= range_m <= sensor.coverage_range_m
        and sensor.elevation_min_rad <= elevation_rad <= sensor.elevation_max_rad
        and (
            width_rad >= FULL_TURN_RAD
            or (azimuth_rad - sensor.azimuth_from_rad) % FULL_TURN_RAD <= width_rad % FULL_TURN_RAD
        )
    )
    if seen and terrain is not None:
        seen = bool(
            terrain.line_of_sight(np.array(sensor.position_enu_m), np.array(position_enu_m), CLEARANCE_M)[0]
        )
    return range_m if seen else None
