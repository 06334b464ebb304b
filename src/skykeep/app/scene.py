"""A scene folder through the tracker: the table of what it stated, and what that cost."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

import skykeep
from skykeep.app.batch import Batch, class_columns
from skykeep.app.workers import Threads
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.feeds.scene_folder import START_UTC_NS, SceneFolder
from skykeep.geo.frames import LocalFrame
from skykeep.store.archive import CLASS_COLUMNS
from skykeep.tracking import TrackerSettings, tabulate, warm_up

FULL = 100
"""Detections above which a batch counts as a full one."""


class TrackedScene(msgspec.Struct, frozen=True, kw_only=True):
    """What was stated, as the columns of a table of tracks, and the figures of `--stats`."""

    frame: LocalFrame
    start_utc_ns: int
    columns: dict[str, FloatArray | IntArray | BoolArray]
    stats: dict[str, Any]


def track_scene(
    folder: Path,
    settings: TrackerSettings,
    *,
    classes: bool = True,
    threads: int = 1,
    on_moment: Callable[[int, int], None] | None = None,
) -> TrackedScene:
    """Track a scene from end to end; `on_moment` is told how many pictures are made, of how many.

    Compiling and reading come first and are not in the tracker's seconds; neither is making pictures, nor,
    with `classes`, saying what each track is.
    """
    # What cannot be read is said before anything is compiled.
    began = _Now()
    scene = SceneFolder(folder)
    read = _Now()
    workers = Threads(threads) if threads > 1 else None
    warm_up(workers)
    warm = _Now()
    # As in a live watch: what is here now stays, so the collector need not walk through it again.
    gc.collect()
    gc.freeze()
    batch = Batch(scene.sensors, settings, scene.frame if classes else None, workers)
    # Rows are taken from each picture at once: what pictures rest on would fill the memory of a large scene.
    columns = tabulate((), START_UTC_NS)
    columns.update(dict.fromkeys(CLASS_COLUMNS if classes else (), np.empty(0)))
    blocks = [columns]
    try:
        for k, picture in enumerate(batch.pictures(scene, scene.moments_utc_ns)):
            block = tabulate((picture,), START_UTC_NS)
            if classes:
                block.update(class_columns(picture, batch.identify(picture)))
            blocks.append(block)
            if on_moment is not None:
                on_moment(k + 1, len(scene.moments_utc_ns))
    finally:
        gc.unfreeze()
        if workers is not None:
            workers.close()
    done = _Now()
    columns = {name: np.concatenate([block[name] for block in blocks]) for name in columns}
    stats = {
        "version": skykeep.__version__,
        "scene": scene.name,
        "threads": threads,
        "scans": len(scene),
        "detections": scene.detections,
        **cost_of(batch),
        "pictures": len(blocks) - 1,
        "rows": len(columns["t"]),
        "tracks": len(np.unique(columns["track_id"])),
        "warm_up_s": warm.processor_s - read.processor_s,
        "read_s": read.processor_s - began.processor_s,
        "wall_s": done.wall_s - warm.wall_s,
        "peak_memory_mib": peak_memory_mib(),
    }
    return TrackedScene(frame=scene.frame, start_utc_ns=START_UTC_NS, columns=columns, stats=stats)


def cost_of(batch: Batch) -> dict[str, Any]:
    """Return what a batch cost and refused; times are the processor's, inside the tracker unless named."""
    sizes = np.frombuffer(batch.scan_sizes, dtype=np.int64)
    taken_ns = np.frombuffer(batch.scan_ns, dtype=np.int64)
    processor_s = float(taken_ns.sum()) * 1e-9
    tracker = batch.tracker
    return {
        "processor_s": processor_s,
        "detections_per_s": float(sizes.sum()) / processor_s if processor_s > 0.0 else None,
        "batch_ms": _spread_ms(taken_ns),
        f"batch_ms_over_{FULL}_detections": _spread_ms(taken_ns[sizes > FULL]),
        "picture_s": batch.picture_ns * 1e-9,
        "identity_s": batch.identity_ns * 1e-9,
        "refused_scans": batch.refusals.total(),
        "refused_scans_by_field": dict(sorted(batch.refusals.items())),
        "refused_claims": batch.refused_claims,
        "refused_detections": tracker.refused_rows,
        "too_late_detections": tracker.too_late_rows,
        "unassociated_bearings": tracker.unassociated_bearings,
        "sensor_errors": [msgspec.to_builtins(bias) for bias in tracker.registration.estimates()],
        "sensor_trust": [msgspec.to_builtins(trust) for trust in tracker.registration.trust()],
    }


def peak_memory_mib() -> float | None:
    """Return the most memory this process has held, None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux tells KiB, macOS bytes.
    return most / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _spread_ms(taken_ns: IntArray) -> dict[str, float] | None:
    if not len(taken_ns):
        return None
    half, most, longest = np.quantile(taken_ns, (0.5, 0.99, 1.0)) * 1e-6
    return {"batches": len(taken_ns), "p50": float(half), "p99": float(most), "longest": float(longest)}


class _Now:
    """This moment, on the wall and for the processor."""

    def __init__(self) -> None:
        self.wall_s = time.perf_counter()
        self.processor_s = time.process_time()
