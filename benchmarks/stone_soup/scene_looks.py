"""Reads a scene folder for Stone Soup; puts its looks in an order that a tracker without a history can use.

Reads `sensors.json`, `batches.parquet` and `detections.parquet`; never the truth. Needs numpy and pyarrow.
Frames: east-north-up metres of the scene; azimuth clockwise from north, radians; seconds from scene start.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
WGS84_RADIUS_M = 6_378_137.0
WGS84_ECCENTRICITY_SQUARED = 6.69437999014e-3


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look of one sensor: `measured`, `sigma` are (n, 4); a Remote ID position is east-north-up here."""

    batch_id: int
    sensor_id: int
    measured_s: float
    arrived_s: float
    azimuth_from_rad: float
    azimuth_to_rad: float
    measured: FloatArray
    sigma: FloatArray

    def __len__(self) -> int:
        return len(self.measured)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A scene as a tracker may see it: `looks` in order of arrival, `moments_s` when the picture is asked."""

    sensors: dict[int, dict[str, Any]]
    looks: list[Look]
    moments_s: list[float]

    @property
    def detections(self) -> int:
        """Return how many detections the scene holds."""
        return sum(map(len, self.looks))


def earth_fixed_m(
    latitude_deg: FloatArray, longitude_deg: FloatArray, height_hae_m: FloatArray
) -> FloatArray:
    """Return (n, 3) earth-centred metres of WGS84 positions."""
    latitude, longitude = np.radians(latitude_deg), np.radians(longitude_deg)
    curvature_m = WGS84_RADIUS_M / np.sqrt(1.0 - WGS84_ECCENTRICITY_SQUARED * np.sin(latitude) ** 2)
    across_m = (curvature_m + height_hae_m) * np.cos(latitude)
    up_m = (curvature_m * (1.0 - WGS84_ECCENTRICITY_SQUARED) + height_hae_m) * np.sin(latitude)
    return np.column_stack((across_m * np.cos(longitude), across_m * np.sin(longitude), up_m))


def east_north_up_m(origin: dict[str, float], positions: FloatArray) -> FloatArray:
    """Return (n, 3) places, given as latitude and longitude in degrees and height, in the scene's frame."""
    home = np.array([[origin["lat_deg"], origin["lon_deg"], origin["h_m"]]])
    offset_m = earth_fixed_m(*positions.T) - earth_fixed_m(*home.T)
    latitude, longitude = np.radians(home[0, :2])
    sin_lat, cos_lat = np.sin(latitude), np.cos(latitude)
    sin_lon, cos_lon = np.sin(longitude), np.cos(longitude)
    axes = np.array(
        [
            [-sin_lon, cos_lon, 0.0],
            [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat],
            [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat],
        ]
    )
    return np.asarray(offset_m @ axes.T)


def read_scene(folder: Path) -> Scene:
    """Return what the three open files of a scene say."""
    meta = json.loads((folder / "sensors.json").read_text())
    sensors = {int(record["sensor_id"]): record for record in meta["sensors"]}
    opened = pq.read_table(folder / "batches.parquet")
    batches = {name: opened[name].to_numpy() for name in opened.column_names}  # a null becomes NaN
    table = pq.read_table(folder / "detections.parquet")
    measured = np.stack([table[f"v{k}"].to_numpy().astype(float) for k in range(1, 5)], axis=1)
    sigma = np.stack([table[f"s{k}"].to_numpy().astype(float) for k in range(1, 5)], axis=1)
    looks = []
    ends = np.cumsum(batches["n_det"])
    for k, end in enumerate(ends):
        rows = slice(int(end) - int(batches["n_det"][k]), int(end))
        record = sensors[int(batches["sensor_id"][k])]
        v, s = measured[rows].copy(), sigma[rows].copy()
        if record["kind"] == "remote_id" and len(v):
            v[:, :3] = east_north_up_m(meta["origin"], v[:, :3])
        if record["kind"] == "radar3d":
            # A constant bias that nobody knows is, to a tracker that does not estimate it, one more error.
            s[:, :3] = np.hypot(s[:, :3], record["bias_prior_sigma"])
        looks.append(
            Look(
                batch_id=int(batches["batch_id"][k]),
                sensor_id=int(record["sensor_id"]),
                measured_s=float(batches["t_meas"][k]),
                arrived_s=float(batches["t_arrival"][k]),
                azimuth_from_rad=float(batches["az_from"][k]),
                azimuth_to_rad=float(batches["az_to"][k]),
                measured=v,
                sigma=s,
            )
        )
    step_s, last_s = meta["eval"]["step_s"], meta["eval"]["t_to"]
    moments_s = [step_s * (k + 1) for k in range(round(last_s / step_s))]
    return Scene(sensors=sensors, looks=looks, moments_s=moments_s)


def in_order(scene: Scene, hold_s: float) -> Iterator[tuple[float, list[Look], list[Look]]]:
    """Yield each moment of the picture, the looks to use for it in order of measurement, and those too late.

    A look is used once it has arrived and was measured `hold_s` before the moment; one measured before one
    that is already used is too late, for Stone Soup's multi-target trackers do not go back in time.
    """
    waiting: list[tuple[float, int]] = []
    newest_s, arrived = -np.inf, 0
    for moment_s in scene.moments_s:
        while arrived < len(scene.looks) and scene.looks[arrived].arrived_s <= moment_s:
            heapq.heappush(waiting, (scene.looks[arrived].measured_s, arrived))
            arrived += 1
        usable: list[Look] = []
        too_late: list[Look] = []
        while waiting and waiting[0][0] <= moment_s - hold_s:
            measured_s, index = heapq.heappop(waiting)
            (usable if measured_s >= newest_s else too_late).append(scene.looks[index])
            newest_s = max(newest_s, measured_s)
        yield moment_s, usable, too_late
