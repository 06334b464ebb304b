"""The tracker over scene folders: how near the truth and the bound, how fast; mean and spread per group.

    python benchmarks/tracking_yardstick.py SCENE_FOLDER... \\
        --evaluator-python PYTHON --evaluator-folder FOLDER --bound bounds.json

A group is the scenes whose names agree up to the first dash (M, M-1, M-2). The truth is for the yardstick's
own evaluator alone: a process of its own, in an environment of its own, that is given the scene's folder and
the table of tracks. Without one only the cost is printed. `--bound` is a JSON object from names of scenes to
the GOSPA of a good filter that is given the true association; the ratio to it is then printed.

Seconds are the processor's inside `Tracker.receive`, after compiling; p50 and p99 are of batches with more
than 100 detections where a scene has them, else of all.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from skykeep.app.scene import FULL, track_scene
from skykeep.store.archive import ArchiveHeader, write_archive
from skykeep.tracking import TrackerSettings

Figures = dict[str, float]
# Heading: decimals, and the name of the figure in the evaluator's answer or in our own statistics.
COLUMNS = {
    "GOSPA": (1, "gospa_rms"),
    "ratio": (3, "ratio"),
    "place": (1, "gospa_loc"),
    "missed": (1, "gospa_missed"),
    "false": (1, "gospa_false"),
    "spurious": (3, "siap_spuriousness"),
    "switches": (0, "id_switches"),
    "ANEES": (2, "anees"),
    "velocity": (2, "rmse_vel"),
    "confirm s": (1, "confirm_median_s"),
    "det/s": (0, "detections_per_s"),
    "p50 ms": (2, "p50"),
    "p99 ms": (2, "p99"),
    "class s": (1, "identity_s"),
    "MiB": (0, "peak_memory_mib"),
}
NAME_WIDTH, WIDTH = 12, 10


def settings_of(changes: list[str]) -> TrackerSettings:
    """Return the tracker's settings with `NAME=VALUE` changed; values are JSON."""
    changed: dict[str, Any] = {}
    for name, _, value in (item.partition("=") for item in changes):
        found = json.loads(value)
        changed[name] = tuple(found) if isinstance(found, list) else found
    return TrackerSettings(**changed)


def evaluate(arguments: argparse.Namespace, scene: Path, tracks: Path) -> dict[str, Any]:
    """Return what the evaluator says of a table of tracks, {} where there is none."""
    if arguments.evaluator_folder is None:
        return {}
    found = tracks.with_suffix(".json")
    command = [arguments.evaluator_python, "-m", arguments.evaluator_module]
    subprocess.run(
        [*command, str(scene.resolve()), str(tracks.resolve()), "--out", str(found.resolve())],
        cwd=arguments.evaluator_folder,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    score: dict[str, Any] = json.loads(found.read_text())
    return score


def figures_of(arguments: argparse.Namespace, scene: Path, folder: Path, bound: dict[str, float]) -> Figures:
    """Track and score one scene."""
    tracked = track_scene(scene, settings_of(arguments.set), classes=arguments.classes)
    tracks = folder / f"{scene.name}.parquet"
    header = ArchiveHeader(name=scene.name, origin=tracked.frame, start_utc_ns=tracked.start_utc_ns)
    write_archive(tracks, header, tracked.columns)
    (folder / f"{scene.name}.stats.json").write_text(json.dumps(tracked.stats, indent=2))
    score = evaluate(arguments, scene, tracks)
    if score and scene.name in bound:
        score["ratio"] = score["gospa_rms"] / bound[scene.name]
    batches = tracked.stats[f"batch_ms_over_{FULL}_detections"] or tracked.stats["batch_ms"] or {}
    found = score | tracked.stats | batches
    return {name: float(found[key]) for name, (_, key) in COLUMNS.items() if found.get(key) is not None}


def show(name: str, figures: Figures) -> None:
    cells = (f"{figures[c]:.{d}f}" if c in figures else "-" for c, (d, _) in COLUMNS.items())
    print(f"{name:<{NAME_WIDTH}}" + "".join(f"{cell:>{WIDTH}}" for cell in cells), flush=True)


def show_group(name: str, members: list[Figures]) -> None:
    """Print the mean and the standard deviation of what all members have."""
    for what, of in (("mean", statistics.fmean), ("spread", statistics.stdev)):
        each = {c: [figures[c] for figures in members if c in figures] for c in COLUMNS}
        show(f"{name} {what}", {c: of(values) for c, values in each.items() if len(values) > 1})


def main() -> int:
    """Print the table; what was tracked is kept in `--keep`."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scenes", type=Path, nargs="+", metavar="SCENE_FOLDER")
    parser.add_argument("--evaluator-python", default=sys.executable, help="the evaluator's Python")
    parser.add_argument("--evaluator-folder", type=Path, help="where to start the evaluator")
    parser.add_argument("--evaluator-module", default="yardstick.evaluate")
    parser.add_argument("--bound", type=Path, help="JSON: scene name to GOSPA with perfect association")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a tracker setting")
    parser.add_argument("--classes", action="store_true", help="also say what each track is")
    parser.add_argument("--keep", type=Path, help="a folder for tracks, scores and costs")
    arguments = parser.parse_args()
    bound = json.loads(arguments.bound.read_text()) if arguments.bound else {}
    groups: dict[str, list[Figures]] = {}
    print(" " * NAME_WIDTH + "".join(f"{name:>{WIDTH}}" for name in COLUMNS))
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for scene in arguments.scenes:
            figures = figures_of(arguments, scene, folder, bound)
            groups.setdefault(scene.resolve().name.split("-")[0], []).append(figures)
            show(scene.name, figures)
    for name, members in groups.items():
        if len(members) > 1:
            show_group(name, members)
    return 0


if __name__ == "__main__":
    sys.exit(main())
