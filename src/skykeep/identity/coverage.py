"""Whether an independent sensor ought to see something at a place: then seeing nothing there is
information.
"""

from __future__ import annotations

import numpy as np

from skykeep.domain.place import Vector
from skykeep.domain.sensing import MeasurementKind, Sensor

# At the rim of the coverage a small drone may well be missed.
SURE_SHARE = 0.8
# Walls, trees and the ground hide what flies low: one look is worth less than the sensor's own figure.
CLEAR_VIEW = 0.5
FULL_TURN_RAD = 2.0 * np.pi


def missed_by_all(sensors: tuple[Sensor, ...], position_enu_m: Vector, seconds: float) -> float:
    """Return the chance that every sensor that covers a place missed a drone there for so long; 1 where
    none does.
    """
    chance = 1.0
    for sensor in sensors:
        if sensor.independent and covers(sensor, position_enu_m):
            looks = np.floor(seconds / sensor.period_s)
            chance *= (1.0 - CLEAR_VIEW * sensor.detection_probability) ** looks
    return float(chance)


def is_covered(sensors: tuple[Sensor, ...], position_enu_m: Vector) -> bool:
    """Return whether any independent sensor that measures places covers this one."""
    return any(sensor.independent and covers(sensor, position_enu_m) for sensor in sensors)


def covers(sensor: Sensor, position_enu_m: Vector) -> bool:
    """Return whether a sensor that measures places looks at this one, well inside its range."""
    if sensor.measures not in (MeasurementKind.RANGE_AZIMUTH_ELEVATION, MeasurementKind.POSITION):
        return False
    offset_m = np.array(position_enu_m) - np.array(sensor.position_enu_m)
    ground_m = float(np.hypot(offset_m[0], offset_m[1]))
    range_m = float(np.hypot(ground_m, offset_m[2]))
    if not sensor.range_min_m <= range_m <= SURE_SHARE * sensor.coverage_range_m:
        return False
    elevation_rad = float(np.arctan2(offset_m[2], ground_m))
    if not sensor.elevation_min_rad <= elevation_rad <= sensor.elevation_max_rad:
        return False
    width_rad = sensor.azimuth_to_rad - sensor.azimuth_from_rad
    if width_rad >= FULL_TURN_RAD:
        return True
    azimuth_rad = float(np.arctan2(offset_m[0], offset_m[1]))
    return (azimuth_rad - sensor.azimuth_from_rad) % FULL_TURN_RAD <= width_rad % FULL_TURN_RAD
