"""A small range: one radar at the origin, targets, and scans that a seeded generator disturbs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, make_scan

START_NS = 1_900_000_000_000_000_000
SIGMA = (5.0, 0.007, 0.01)


def spherical(position_enu_m: FloatArray) -> FloatArray:
    east, north, up = position_enu_m
    ground = math.hypot(east, north)
    return np.array([math.hypot(ground, up), math.atan2(east, north) % (2 * math.pi), math.atan2(up, ground)])


class RadarRange:
    """Makes sensors and scans for a test; `noise` and `clutter` come from its own generator."""

    def __init__(self, seed: int = 7) -> None:
        self.dice = np.random.default_rng(seed)
        self.sequence = 0

    def radar(self, name: str = "radar", *, clutter_per_scan: float = 5.0, **changes: object) -> Sensor:
        settings: dict[str, object] = {
            "sensor_id": name,
            "name": name,
            "kind": SensorKind.RADAR,
            "measures": MeasurementKind.RANGE_AZIMUTH_ELEVATION,
            "position_enu_m": (0.0, 0.0, 0.0),
            "coverage_range_m": 5000.0,
            "range_min_m": 50.0,
            "elevation_min_rad": -0.1,
            "elevation_max_rad": 0.7,
            "sigma": SIGMA,
            "clutter_per_scan": clutter_per_scan,
        }
        return Sensor(**{**settings, **changes})  # type: ignore[arg-type]

    def scan(
        self,
        time_s: float,
        targets: Sequence[FloatArray],
        *,
        sensor: str = "radar",
        clutter: int = 0,
        noisy: bool = True,
        arrives_s: float | None = None,
        rcs_dbsm: FloatArray | None = None,
        **sector: float,
    ) -> Scan:
        """Return what a radar at the origin sees at `time_s`: each target once, and `clutter` all over."""
        rows = [spherical(target[:3]) for target in targets]
        if noisy:
            rows = [row + self.dice.normal(0.0, SIGMA) for row in rows]
        rows += [self.dice.uniform((50.0, 0.0, -0.1), (5000.0, 2 * math.pi, 0.7)) for _ in range(clutter)]
        measured = np.array(rows).reshape(-1, 3)
        self.sequence += 1
        return make_scan(
            sensor_id=sensor,
            sequence=self.sequence,
            kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
            time_utc_ns=START_NS + round(time_s * 1e9),
            received_utc_ns=START_NS + round((time_s if arrives_s is None else arrives_s) * 1e9),
            measured=measured,
            sigma=np.tile(SIGMA, (len(measured), 1)),
            rcs_dbsm=rcs_dbsm,
            azimuth_from_rad=sector.get("azimuth_from_rad"),
            azimuth_to_rad=sector.get("azimuth_to_rad"),
        )


def utc_ns(time_s: float) -> int:
    """Return the time `time_s` after the start of a test."""
    return START_NS + round(time_s * 1e9)
