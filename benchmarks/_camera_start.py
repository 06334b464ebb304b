"""Where rays of several cameras meet, given to the tracker as a position to start from."""

from __future__ import annotations

import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, make_scan
from skykeep.domain.track import Picture, TrackStatus
from skykeep.models.camera import directions_of, meet

STARTER = Sensor(
    sensor_id="meeting-rays",
    name="meeting rays",
    kind=SensorKind.CAMERA,
    measures=MeasurementKind.POSITION,
    position_enu_m=(0.0, 0.0, 0.0),
    coverage_range_m=500.0,
    clutter_per_scan=0.01,
)
ENDED = TrackStatus.ENDED
TOGETHER_NS = NS_PER_S // 10
FASTEST_MPS = 15.0


class Starter:
    """Keeps each camera's newest ray, and says where they meet."""

    def __init__(self, origin_m: dict[str, FloatArray]) -> None:
        self._origin_m = origin_m
        self._newest: dict[str, Scan] = {}
        self._sequence = 0

    def hear(self, scan: Scan) -> None:
        self._newest[scan.sensor_id] = scan

    def position(self, now_utc_ns: int, picture: Picture) -> Scan | None:
        """Return where rays of the last tenth of a second meet, None when they do not, or a track is near."""
        fresh = [scan for scan in self._newest.values() if now_utc_ns - scan.time_utc_ns <= TOGETHER_NS]
        if len(fresh) < 2:
            return None
        origins_m = np.array([self._origin_m[scan.sensor_id] for scan in fresh])
        directions = directions_of(np.concatenate([scan.measured[:, :2] for scan in fresh]))
        place_m, covariance_m2 = meet(origins_m, directions, np.array([s.sigma[0, 1] for s in fresh]))
        ahead = np.einsum("ij,ij->i", place_m - origins_m, directions)
        sigma_m = np.sqrt(np.diag(covariance_m2)) + FASTEST_MPS * TOGETHER_NS / NS_PER_S
        if not (ahead > 0.0).all() or not (sigma_m < 10.0).all():
            return None
        near_m = 3.0 * (np.linalg.norm(sigma_m) + np.sqrt(picture.covariance[:, :3, :3].trace(0, 1, 2)))
        if (np.linalg.norm(picture.state[:, :3] - place_m, axis=1) < near_m)[picture.status < ENDED].any():
            return None
        self._sequence += 1
        return make_scan(
            sensor_id=STARTER.sensor_id,
            sequence=self._sequence,
            kind=MeasurementKind.POSITION,
            time_utc_ns=now_utc_ns,
            received_utc_ns=now_utc_ns,
            measured=place_m.reshape(1, 3),
            sigma=sigma_m.reshape(1, 3),
        )
