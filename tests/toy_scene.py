"""A small scene in the neutral format, from a seeded toy world: two targets on straight lines, five sensors.

The tables are plain columns that a test may spoil before they are written.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from skykeep.geo.frames import LocalFrame

FRAME = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)
SECTORS = 4
# Where they are at the start and how they fly: east, north, up in m and m/s.
TARGETS = (
    (np.array([900.0, 1_500.0, 120.0]), np.array([-12.0, -6.0, 0.0])),
    (np.array([-1_200.0, 700.0, 80.0]), np.array([9.0, 3.0, 0.5])),
)
_BATCHES = ("batch_id", "sensor_id", "t_meas", "t_arrival", "az_from", "az_to", "n_det")
_SINGLE = ("s1", "s2", "s3", "s4", "snr_db")
_DETECTIONS = (
    *("det_id", "batch_id", "t_meas", "t_arrival", "sensor_id", "kind"),
    *("v1", "v2", "v3", "v4", "s1", "s2", "s3", "s4", "snr_db", "label"),
)
_TEXT = ("kind", "label")
Columns = dict[str, list[Any]]


def sensor(number: int, kind: str, **changes: Any) -> dict[str, Any]:
    """Return one record of `sensors.json`."""
    place = [10.0 * number, -20.0, 15.0]
    latitude_deg, longitude_deg, height_m = (float(x) for x in FRAME.to_geodetic(np.array(place)))
    around = {"az_from_rad": None, "az_to_rad": None, "el_min_rad": -0.1, "el_max_rad": 1.0}
    record: dict[str, Any] = {
        "sensor_id": number,
        "name": f"{kind} {number}",
        "kind": kind,
        "lat_deg": latitude_deg,
        "lon_deg": longitude_deg,
        "h_m": height_m,
        "pos_enu": place,
        "period_s": 1.0,
        "phase_s": 0.1 * number,
        "sectors": 1,
        "fov": {"range_min_m": 50.0, "range_max_m": 5_000.0, **around},
        "bias_prior_sigma": [0.0, 0.0, 0.0],
        "pd_nominal": 0.9,
        "clutter_per_scan": 2.0,
        "miss_is_information": kind == "radar3d",
    }
    return record | changes


def _radar(number: int, **changes: Any) -> dict[str, Any]:
    model = {"type": "swerling1_r4", "pfa": 1e-4, "snr_ref_db": 20.0, "rcs_ref_m2": 0.1, "range_ref_m": 2e3}
    noise = {"range_m": 5.0, "az_rad": 0.007, "el_rad": 0.01, "rrate_mps": None}
    resolution = {"range_m": 8.0, "az_rad": 0.02, "el_rad": 0.04}
    more = {"noise": noise, "resolution": resolution, "pd_model": model, "mdv_mps": 0.0}
    return sensor(number, "radar3d", **(more | changes))


class ToyScene:
    """`header`, `batches` and `detections` as they will be written."""

    def __init__(self, duration_s: int = 20, seed: int = 7) -> None:
        self._dice = np.random.default_rng(seed)
        doppler = {"range_m": 7.0, "az_rad": 0.009, "el_rad": 0.012, "rrate_mps": 0.6}
        biased = {
            "bias_prior_sigma": [10.0, 0.006, 0.007],
            "mdv_mps": 1.0,
            "period_s": 2.0,
            "sectors": SECTORS,
        }
        angle = {"az_rad": 0.001, "el_rad": 0.001}
        self.header: dict[str, Any] = {
            "format": "1.0",
            "scene": "toy",
            "duration_s": float(duration_s),
            "origin": {"lat_deg": 38.5, "lon_deg": -40.0, "h_m": 0.0},
            "eval": {"t_from": 1.0, "t_to": float(duration_s), "step_s": 1.0},
            "sensors": [
                _radar(0),
                _radar(1, noise=doppler, **biased),
                sensor(2, "rf_df", noise={"az_rad": 0.04}),
                sensor(3, "camera", noise=angle, resolution=angle, period_s=0.5),
                sensor(4, "remote_id", noise={"h_m": 5.0, "v_m": 8.0}, clutter_per_scan=0.0),
            ],
        }
        looks: list[tuple[float, float, int, int]] = []
        for record in self.header["sensors"]:
            step_s = record["period_s"] / record["sectors"]
            for k in range(math.ceil((duration_s - record["phase_s"]) / step_s)):
                t_s = record["phase_s"] + k * step_s
                delay_s = 0.1 + 0.2 * float(self._dice.random())
                looks.append((t_s + delay_s, t_s, record["sensor_id"], k % record["sectors"]))
        self.batches: Columns = {name: [] for name in _BATCHES}
        self.detections: Columns = {name: [] for name in _DETECTIONS}
        for batch_id, (arrived_s, t_s, number, sector) in enumerate(sorted(looks)):
            self._look(batch_id, arrived_s, t_s, self.header["sensors"][number], sector)

    def _look(self, batch_id: int, arrived_s: float, t_s: float, record: dict[str, Any], sector: int) -> None:
        width = 2.0 * math.pi / record["sectors"]
        low, high = (sector * width, (sector + 1) * width) if record["sectors"] > 1 else (math.nan, math.nan)
        rows = []
        for k, (place, velocity) in enumerate(TARGETS):
            seen = self._measure(record, place + t_s * velocity, velocity, f"TOY{k:05d}")
            azimuth = seen[0][1 if record["kind"] == "radar3d" else 0]
            if record["sectors"] == 1 or low <= azimuth < high:
                rows.append(seen)
        number = record["sensor_id"]
        for values, sigmas, label in rows:
            row = [len(self.detections["det_id"]), batch_id, t_s, arrived_s, number, record["kind"]]
            row += [*values, *sigmas, 15.0, label]
            for name, value in zip(self.detections, row, strict=True):
                self.detections[name].append(value)
        look = [batch_id, number, t_s, arrived_s, low, high, len(rows)]
        for name, value in zip(self.batches, look, strict=True):
            self.batches[name].append(value)

    def _measure(
        self, record: dict[str, Any], place: Any, velocity: Any, serial: str
    ) -> tuple[list[float], list[float], str | None]:
        sigma = [math.nan if value is None else value for value in record["noise"].values()]
        if record["kind"] == "remote_id":
            sigma = [sigma[0], sigma[0], sigma[1]]
            there = place + self._dice.normal(size=3) * sigma
            return [*(float(x) for x in FRAME.to_geodetic(there)), math.nan], [*sigma, math.nan], serial
        offset = place - np.array(record["pos_enu"])
        range_m = float(np.linalg.norm(offset))
        polar = [range_m, math.atan2(offset[0], offset[1]), math.asin(offset[2] / range_m)]
        polar.append(float(offset @ velocity) / range_m)
        values = {"radar3d": polar, "rf_df": polar[1:2], "camera": polar[1:3]}[record["kind"]]
        values = [v + s * float(self._dice.normal()) for v, s in zip(values, sigma, strict=True)]
        azimuth = 1 if record["kind"] == "radar3d" else 0
        values[azimuth] %= 2.0 * math.pi
        unused = [math.nan] * (4 - len(values))
        return values + unused, sigma + unused, "RF-A" if record["kind"] == "rf_df" else None

    def write(self, folder: Path, *, as_csv: bool = False) -> Path:
        """Write the three files and return the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "sensors.json").write_text(json.dumps(self.header))
        for stem, columns in (("batches", self.batches), ("detections", self.detections)):
            table = pa.table({name: _column(name, values) for name, values in columns.items()})
            if as_csv:
                pa.csv.write_csv(table, folder / f"{stem}.csv")
            else:
                pq.write_table(table, folder / f"{stem}.parquet", compression="zstd")
        return folder


def _column(name: str, values: list[Any]) -> pa.Array:
    if name in _TEXT:
        return pa.array(values, type=pa.string())
    return pa.array(values, type=pa.float32() if name in _SINGLE else None)
