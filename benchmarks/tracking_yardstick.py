"""Track one scene of the yardstick's neutral format: time it, and write what the tracker stated.

    python benchmarks/tracking_yardstick.py SCENE_FOLDER --out tracks.parquet

Reads only `sensors.json`, `batches.parquet` and `detections.parquet`, never the truth, and times `receive`
alone. Score the result with the yardstick's own evaluator, in an environment of its own.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from skykeep.base.clock import seconds_to_ns
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind
from skykeep.geo.frames import LocalFrame
from skykeep.tracking import Tracker, TrackerSettings, tabulate, warm_up

START_NS = 1_900_000_000_000_000_000
KINDS = {
    "radar3d": (SensorKind.RADAR, MeasurementKind.RANGE_AZIMUTH_ELEVATION),
    "rf_df": (SensorKind.RF_DIRECTION_FINDER, MeasurementKind.AZIMUTH),
    "camera": (SensorKind.CAMERA, MeasurementKind.AZIMUTH_ELEVATION),
    "remote_id": (SensorKind.REMOTE_ID, MeasurementKind.POSITION),
}


def read_sensor(record: dict[str, Any]) -> Sensor:
    """Return one sensor of `sensors.json` as ours."""
    kind, measures = KINDS[record["kind"]]
    fov = record["fov"]

    def bound(key: str, otherwise: float) -> float:
        return otherwise if fov.get(key) is None else float(fov[key])

    return Sensor(
        sensor_id=str(record["sensor_id"]),
        name=str(record.get("name", record["kind"])),
        kind=kind,
        measures=measures,
        position_enu_m=tuple(record["pos_enu"]),
        coverage_range_m=float(fov["range_max_m"]),
        range_min_m=bound("range_min_m", 0.0),
        azimuth_from_rad=bound("az_from_rad", 0.0),
        azimuth_to_rad=bound("az_to_rad", 2 * math.pi),
        elevation_min_rad=bound("el_min_rad", -math.pi / 2),
        elevation_max_rad=bound("el_max_rad", math.pi / 2),
        period_s=float(record["period_s"]),
        detection_probability=float(record.get("pd_nominal") or 0.8),
        clutter_per_scan=float(record.get("clutter_per_scan") or 0.0),
        independent=record["kind"] != "remote_id",
    )


def read_scans(folder: Path, meta: dict[str, Any]) -> list[Scan]:
    """Return all scans in order of arrival."""
    batches = pq.read_table(folder / "batches.parquet").to_pydict()
    table = pq.read_table(folder / "detections.parquet")
    v = np.stack([table[f"v{k}"].to_numpy().astype(float) for k in range(1, 5)], axis=1)
    s = np.stack([table[f"s{k}"].to_numpy().astype(float) for k in range(1, 5)], axis=1)
    snr = table["snr_db"].to_numpy().astype(float)
    origin = meta["origin"]
    frame = LocalFrame(
        latitude_deg=origin["lat_deg"], longitude_deg=origin["lon_deg"], height_hae_m=origin["h_m"]
    )
    sensors = {r["sensor_id"]: r for r in meta["sensors"]}
    ends = np.cumsum(batches["n_det"])
    scans = []
    for k, end in enumerate(ends):
        rows = slice(int(end) - batches["n_det"][k], int(end))
        record = sensors[batches["sensor_id"][k]]
        measured, sigma = v[rows].copy(), s[rows].copy()
        if record["kind"] == "remote_id" and len(measured):
            measured[:, :3] = frame.to_enu_m(measured[:, 0], measured[:, 1], measured[:, 2])
        if record["kind"] == "radar3d":
            # An unknown constant bias is, until it is estimated, one more error.
            sigma[:, :3] = np.hypot(sigma[:, :3], record["bias_prior_sigma"])
        n = len(measured)
        scans.append(
            Scan(
                sensor_id=str(record["sensor_id"]),
                sequence=int(batches["batch_id"][k]),
                kind=KINDS[record["kind"]][1],
                time_utc_ns=START_NS + seconds_to_ns(batches["t_meas"][k]),
                received_utc_ns=START_NS + seconds_to_ns(batches["t_arrival"][k]),
                measured=measured,
                sigma=sigma,
                snr_db=snr[rows],
                rcs_dbsm=np.full(n, np.nan),
                modulation_db=np.full(n, np.nan),
                azimuth_from_rad=batches["az_from"][k],
                azimuth_to_rad=batches["az_to"][k],
            )
        )
    return scans


def run(folder: Path, settings: TrackerSettings) -> tuple[dict[str, Any], dict[str, float]]:
    """Return the columns of `tracks.parquet` and the cost."""
    meta = json.loads((folder / "sensors.json").read_text())
    scans = read_scans(folder, meta)
    tracker = Tracker(tuple(read_sensor(r) for r in meta["sensors"]), settings)
    step_s, last_s = meta["eval"]["step_s"], meta["eval"]["t_to"]
    moments = [START_NS + seconds_to_ns(step_s * (k + 1)) for k in range(round(last_s / step_s))]
    pictures, took_s, cpu_s = [], [], 0.0
    asked = 0
    for scan in scans:
        while asked < len(moments) and moments[asked] < scan.received_utc_ns:
            pictures.append(tracker.picture(moments[asked]))
            asked += 1
        began, began_cpu = time.perf_counter(), time.process_time()
        tracker.receive(scan)
        took_s.append(time.perf_counter() - began)
        cpu_s += time.process_time() - began_cpu
    pictures += [tracker.picture(moment) for moment in moments[asked:]]
    detections = sum(len(scan) for scan in scans)
    radar = np.array([took for took, scan in zip(took_s, scans, strict=True) if len(scan) > 5])
    cost = {
        "detections": detections,
        "scans": len(scans),
        "cpu_s": cpu_s,
        "detections_per_s": detections / cpu_s,
        "scan_ms_p50": float(np.median(took_s)) * 1e3,
        "full_scan_ms_p50": float(np.median(radar)) * 1e3,
        "full_scan_ms_p99": float(np.quantile(radar, 0.99)) * 1e3,
        "too_late": tracker.too_late_rows,
    }
    return tabulate(pictures, START_NS), cost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scene", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a tracker setting")
    arguments = parser.parse_args()
    changed = {name: json.loads(value) for name, value in (item.split("=") for item in arguments.set)}
    changed = {k: tuple(v) if isinstance(v, list) else v for k, v in changed.items()}
    began = time.perf_counter()
    warm_up()
    compiled_s = time.perf_counter() - began
    columns, cost = run(arguments.scene, TrackerSettings(**changed))
    print(
        f"{arguments.scene.name}: warm-up {compiled_s:.2f} s, "
        + ", ".join(f"{k} {v:.4g}" for k, v in cost.items())
    )
    if arguments.out:
        pq.write_table(pa.table(columns), arguments.out)


if __name__ == "__main__":
    main()
