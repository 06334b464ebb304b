"""Run one Stone Soup tracker over a scene folder and write its picture, in an environment made for it.

    python run_stone_soup.py SCENE --method gnn|jpda|ehm2|phd --limit-s N --out TRACKS --stats STATS

Only the tracker's own processor seconds are counted: reading, making its detections and stating the picture
are not. At the limit it stops, also in the middle of a look, and says how much of the scene it finished.
"""

# mypy: disable-error-code="import-not-found"
from __future__ import annotations

import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import dataclasses
import gc
import hashlib
import importlib.metadata
import json
import resource
import signal
import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from phd import PhdTracker
from scene_looks import Scene, in_order, read_scene
from speed_probe import probe_s
from trackers import TrackTracker, Tuning

METHODS = ("gnn", "jpda", "ehm2", "phd")
COLUMNS = ("t", "track_id", "x", "y", "z", "vx", "vy", "vz", "pxx", "pxy", "pxz", "pyy", "pyz", "pzz")
MEMORY_LIMIT_BYTES = 6 * 2**30
PROBE_EVERY_S = 0.5


class TimeUpError(Exception):
    """The limit of processor time is reached."""


def time_up(*_: object) -> None:
    """Stop the tracker wherever it is."""
    raise TimeUpError


def to_row(moment_s: float, number: int, x: Any, covariance: Any) -> list[float]:
    """Return one line of the picture table."""
    p = covariance[np.ix_((0, 2, 4), (0, 2, 4))]
    return [moment_s, number, *x[[0, 2, 4, 1, 3, 5]], *p[np.triu_indices(3)]]


def track(
    scene: Scene, tracker: Any, tuning: Tuning, limit_s: float
) -> tuple[list[list[float]], dict[str, Any]]:
    """Return the rows of the picture and what it cost."""
    rows: list[list[float]] = []
    kinds = {key: record["kind"] for key, record in scene.sensors.items()}
    cpu_s, used, looks, too_late, finished_s, why = 0.0, 0, 0, 0, 0.0, "finished"
    probes, probed_s = [probe_s()], 0.0
    signal.signal(signal.SIGPROF, time_up)
    try:
        for moment_s, usable, late in in_order(scene, tuning.hold_s):
            too_late += sum(map(len, late))
            for look in usable:
                # A look with nothing in it takes no part: Stone Soup's tracks carry no existence to lower.
                if not len(look) or kinds[look.sensor_id] not in tuning.kinds:
                    continue
                detections = tracker.prepare(look)
                signal.setitimer(signal.ITIMER_PROF, max(limit_s - cpu_s, 0.01))
                began_s = time.process_time()
                tracker.receive(look, detections)
                cpu_s += time.process_time() - began_s
                signal.setitimer(signal.ITIMER_PROF, 0.0)
                used, looks = used + len(look), looks + 1
            rows += [to_row(moment_s, *state) for state in tracker.picture(moment_s)]
            finished_s = moment_s
            if cpu_s - probed_s > PROBE_EVERY_S:
                probes, probed_s = [*probes, probe_s()], cpu_s
    except TimeUpError:
        cpu_s, why = limit_s, "time limit"
    except MemoryError:
        cpu_s, why = cpu_s + time.process_time() - began_s, "memory limit"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
    probes.append(probe_s())
    arrived = sum(len(look) for look in scene.looks if look.arrived_s <= finished_s)
    return rows, {
        "ended": why,
        "finished_s": finished_s,
        "finished_share": finished_s / scene.moments_s[-1],
        "detections": scene.detections,
        "detections_arrived": arrived,
        "detections_used": used,
        "detections_too_late": too_late,
        "looks_used": looks,
        "processor_s": cpu_s,
        "detections_per_s": arrived / cpu_s if cpu_s else None,
        "probe_s": statistics.fmean(probes),
    }


def main() -> None:
    """Read, track, write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scene", type=Path)
    parser.add_argument("--method", choices=METHODS, required=True)
    parser.add_argument("--limit-s", type=float, default=600.0, help="processor seconds in the tracker")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--stats", type=Path)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a field of Tuning")
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    changed = {name: json.loads(value) for name, value in (item.split("=", 1) for item in options.set)}
    tuning = Tuning(**changed)
    scene = read_scene(options.scene)
    is_phd = options.method == "phd"
    tracker = PhdTracker(scene, tuning) if is_phd else TrackTracker(scene, options.method, tuning)
    gc.freeze()
    rows, stats = track(scene, tracker, tuning, options.limit_s)
    table = np.array(rows, dtype=float).reshape(-1, len(COLUMNS))
    columns = {name: table[:, k] for k, name in enumerate(COLUMNS)}
    columns["track_id"] = columns["track_id"].astype(np.int64)
    pq.write_table(pa.table(columns), options.out)
    stats |= {"method": options.method, "stone_soup": importlib.metadata.version("stonesoup")}
    detections = (options.scene / "detections.parquet").read_bytes()
    stats["detections_sha256"] = hashlib.sha256(detections).hexdigest()
    stats |= {"scene": options.scene.name, "limit_s": options.limit_s, "tuning": dataclasses.asdict(tuning)}
    text = json.dumps(stats, indent=2)
    if options.stats:
        options.stats.write_text(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
