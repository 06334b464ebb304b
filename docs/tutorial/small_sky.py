"""The tutorial's small sky: a radar and a camera, what they say of given targets, and distances on a map.

Chapter 1 builds a sensor and a scan by hand; from chapter 2 on these functions do the same. Noise is drawn
from the sensor's own sigma, false detections evenly over its view, both by the dice that the chapter throws.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, make_scan
from skykeep.domain.track import Picture

START_NS = 1_900_000_000_000_000_000
Dice = np.random.Generator


def utc_ns(time_s: float) -> int:
    """Return the moment `time_s` after the chapter began."""
    return START_NS + round(time_s * 1e9)


def radar(name: str = "radar", **changes: object) -> Sensor:
    """Return a radar that looks all round once a second: 5 m in range, 0.4 and 0.6 degrees in angle."""
    settings: dict[str, object] = {
        "sensor_id": name,
        "name": name,
        "kind": SensorKind.RADAR,
        "measures": MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        "position_enu_m": (0.0, 0.0, 0.0),
        "coverage_range_m": 3000.0,
        "range_min_m": 50.0,
        "elevation_min_rad": -0.05,
        "elevation_max_rad": 0.7,
        "sigma": (5.0, math.radians(0.4), math.radians(0.6)),
        "detection_probability": 0.9,
        "clutter_per_scan": 1.0,
    }
    return Sensor(**{**settings, **changes})  # type: ignore[arg-type]


def camera(name: str, position_enu_m: tuple[float, float, float], **changes: object) -> Sensor:
    """Return a camera that knows directions to a milliradian, and no distance."""
    settings: dict[str, object] = {
        "sensor_id": name,
        "name": name,
        "kind": SensorKind.CAMERA,
        "measures": MeasurementKind.AZIMUTH_ELEVATION,
        "position_enu_m": position_enu_m,
        "coverage_range_m": 2000.0,
        "elevation_min_rad": -0.05,
        "elevation_max_rad": 1.2,
        "sigma": (0.001, 0.001),
        "detection_probability": 0.9,
        "clutter_per_scan": 0.2,
    }
    return Sensor(**{**settings, **changes})  # type: ignore[arg-type]


def seen_from(stand_m: Sequence[float] | FloatArray, target_m: FloatArray) -> FloatArray:
    """Return range, azimuth (clockwise from north) and elevation of a target, without any error."""
    east, north, up = np.asarray(target_m, dtype=float)[:3] - np.asarray(stand_m, dtype=float)
    ground_m = math.hypot(east, north)
    azimuth_rad = math.atan2(east, north) % (2 * math.pi)
    return np.array([math.hypot(ground_m, up), azimuth_rad, math.atan2(up, ground_m)])


def look(
    sensor: Sensor,
    sequence: int,
    time_s: float,
    targets_m: Sequence[FloatArray],
    dice: Dice,
    *,
    clutter: bool = True,
    off: Sequence[float] = (0.0, 0.0, 0.0),
) -> Scan:
    """Return one scan: each target with the sensor's detection probability, and false detections.

    `off` is a constant error of range (m), azimuth and elevation (rad), the same in every scan.
    """
    true = [seen_from(sensor.position_enu_m, target) + off for target in targets_m]
    rows = [row for row in true if dice.random() < sensor.detection_probability]
    low = (sensor.range_min_m, 0.0, sensor.elevation_min_rad)
    high = (sensor.coverage_range_m, 2 * math.pi, sensor.elevation_max_rad)
    false = dice.uniform(low, high, (dice.poisson(sensor.clutter_per_scan) if clutter else 0, 3))
    measured = np.array(rows).reshape(-1, 3)
    ranged = sensor.measures is MeasurementKind.RANGE_AZIMUTH_ELEVATION
    if not ranged:
        measured, false = measured[:, 1:], false[:, 1:]
    measured = np.vstack([measured + dice.normal(0.0, sensor.sigma, measured.shape), false])
    measured[:, 1 if ranged else 0] %= 2 * math.pi
    return make_scan(
        sensor_id=sensor.sensor_id,
        sequence=sequence,
        kind=sensor.measures or MeasurementKind.POSITION,
        time_utc_ns=utc_ns(time_s),
        received_utc_ns=utc_ns(time_s),
        measured=measured,
        sigma=np.tile(sensor.sigma, (len(measured), 1)),
    )


def on_the_map(scan: Scan) -> FloatArray:
    """Return (n, 3): where a radar at the origin says its detections are, in m."""
    range_m, azimuth_rad, elevation_rad = scan.measured[:, :3].T
    ground_m = range_m * np.cos(elevation_rad)
    east, north = ground_m * np.sin(azimuth_rad), ground_m * np.cos(azimuth_rad)
    return np.column_stack([east, north, range_m * np.sin(elevation_rad)])


def nearest(picture: Picture, target_m: FloatArray, within_m: float = 100.0) -> int:
    """Return the row of the track that is nearest to a target on the map, -1 where none is near enough."""
    if len(picture) == 0:
        return -1
    away_m = np.hypot(*(picture.state[:, :2] - target_m[:2]).T)
    row = int(np.argmin(away_m))
    return row if away_m[row] < within_m else -1
