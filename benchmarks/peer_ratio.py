"""Skykeep beside Stone Soup's GNN, JPDA, JPDA by EHM2 and GM-PHD on the same scenes: how near, at what cost.

    python3 x.py bench peer_ratio SCENE_FOLDER... [--limit-s 600] [--methods gnn,ehm2] [--write docs/peers.md]
        [--ours-only | --resume] [--evaluator-python PYTHON --evaluator-folder FOLDER]

Stone Soup lives in an environment of its own under `.cache/peers`, made on the first run. One process runs
at a time. A peer is cut at the limit, also in the middle of a look; it is scored on the seconds it finished,
and Skykeep on the same ones, by one evaluator: `skykeep evaluate`, or the yardstick's own.

Seconds are the processor's inside each tracker: without starting, compiling, reading, or stating the picture.
Detections are all that arrived, whether or not a tracker makes use of them. A speed probe runs beside each.
All is kept in `--results`; `--ours-only` makes our rows again beside the peers' that are kept there,
`--resume` takes the peers' runs that are in `.cache/peers` already. Budget: none; the figures speak.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
from _peer_results import (
    TRACKERS,
    Machine,
    Results,
    Run,
    Scene,
    Score,
    key_of,
    read_results,
    replace_table,
    table_of,
    write_results,
)
from stone_soup.make_environment import make_environment
from stone_soup.speed_probe import probe_s

from skykeep.base.errors import SetupError

HERE = Path(__file__).parent
CACHE, RUNNER = HERE.parent / ".cache" / "peers", HERE / "stone_soup" / "run_stone_soup.py"
RESULTS = HERE / "results" / "stone_soup.json"
START_ALLOWANCE_S, OURS_REPEATED = 300.0, 5
OWN_EVALUATOR, YARDSTICK_EVALUATOR = "`skykeep evaluate`", "the yardstick's own evaluator"
PEER_PACKAGES, OWN_PACKAGES = ("stonesoup", "pyehm", "numpy", "scipy"), ("skykeep", "numpy", "numba")
ASK_VERSIONS = (
    "import sys, json, importlib.metadata as m; print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"
)
# The yardstick's evaluator as a process: the scene's folder, the tracks and the last second.
YARDSTICK = """
import json, sys
import pandas
from yardstick.evaluate import evaluate
from yardstick.scenes import load
scores, _ = evaluate(load(sys.argv[1]), pandas.read_parquet(sys.argv[2]), float(sys.argv[3]))
print(json.dumps({name: scores[name] for name in ("gospa_rms", "siap_spuriousness", "id_switches")}))
"""


def read_yardstick(text: str) -> Score:
    """Return the score that the yardstick's evaluator printed."""
    found = json.loads(text)
    return Score(
        gospa_m=found["gospa_rms"], spurious=found["siap_spuriousness"], switches=int(found["id_switches"])
    )


def read_own(text: str) -> Score:
    """Return the score that `skykeep evaluate --json` printed."""
    found = json.loads(text)
    return Score(
        gospa_m=found["sets"]["gospa_m"]["value"],
        # Where no track is stated, none is spurious.
        spurious=found["siap"]["spuriousness"]["value"] or 0.0,
        switches=int(found["continuity"]["switches"]["value"]),
    )


def say(command: list[str | Path], timeout_s: float | None = None, cwd: Path | None = None) -> str:
    """Return what a command printed; it runs behind everything else on the machine, on one thread."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        ["nice", "-n", "15", *command],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=timeout_s,
        cwd=cwd,
        env=environment,
    )
    return done.stdout


def skykeep() -> Path:
    """Return our own command, of the environment this runs in."""
    return Path(sys.executable).with_name("skykeep")


def machine_of(python: Path, packages: tuple[str, ...]) -> Machine:
    """Return what this machine is, and what is installed beside a Python."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return Machine(
        processor=names[0] if names else platform.machine(),
        cores=os.cpu_count() or 1,
        python=platform.python_version(),
        versions=json.loads(say([python, "-c", ASK_VERSIONS, *packages])),
    )


def evaluate(options: argparse.Namespace, scene: Path, tracks: Path, to_s: float) -> Score | None:
    """Return the score of a table of tracks up to a second of the scene; None where that is too early."""
    asked = json.loads((scene / "sensors.json").read_text())["eval"]
    if to_s < asked["t_from"] + asked["step_s"]:
        return None
    if options.evaluator_folder:
        command = [options.evaluator_python, "-c", YARDSTICK, scene.resolve(), tracks.resolve(), str(to_s)]
        return read_yardstick(say(command, cwd=options.evaluator_folder))
    span = ["--from", str(asked["t_from"]), "--to", str(to_s), "--step", str(asked["step_s"])]
    return read_own(say([skykeep(), "evaluate", tracks, scene / "truth.parquet", *span, "--json"]))


def digest_of(scene: Path) -> str:
    """Return what a scene is known again by."""
    return hashlib.sha256((scene / "detections.parquet").read_bytes()).hexdigest()


def run_ours(options: argparse.Namespace, scene: Path, folder: Path) -> tuple[Run, Path, int]:
    """Return our run, its tracks and how many detections: the median of a few runs, as each is short."""
    tracks, stats = folder / "skykeep.parquet", folder / "skykeep.json"
    rates, probes, found = [], [probe_s()], {}
    for _ in range(OURS_REPEATED):
        say([skykeep(), "track", scene, "--out", tracks, "--stats", stats])
        found = json.loads(stats.read_text())
        rates.append(found["detections_per_s"])
        probes.append(probe_s())
    last_s = json.loads((scene / "sensors.json").read_text())["eval"]["t_to"]
    run = Run(
        ended="finished",
        finished_s=last_s,
        finished_share=1.0,
        detections_per_s=statistics.median(rates),
        probe_s=statistics.median(probes),
        score=evaluate(options, scene, tracks, last_s),
    )
    return run, tracks, found["detections"]


def kept_stats(stats: Path, scene: Path, limit_s: float) -> dict[str, Any] | None:
    """Return what a run said that is in the cache already, if it was of this very scene under this limit."""
    found: dict[str, Any] = json.loads(stats.read_text()) if stats.exists() else {}
    same = found.get("detections_sha256") == digest_of(scene) and found.get("limit_s") == limit_s
    return found if same else None


def run_peer(
    options: argparse.Namespace, python: Path, scene: Path, method: str, folder: Path
) -> tuple[Run, dict[str, object]]:
    """Return a peer's run and its settings; a runner that hangs past all limits has finished nothing."""
    tracks, stats, limit_s = folder / f"{method}.parquet", folder / f"{method}.json", options.limit_s
    found = kept_stats(stats, scene, limit_s) if options.resume else None
    if found is None:
        stats.unlink(missing_ok=True)
        command: list[str | Path] = [python, RUNNER, scene, "--method", method, "--limit-s", str(limit_s)]
        try:
            say([*command, "--out", tracks, "--stats", stats], timeout_s=6 * limit_s + START_ALLOWANCE_S)
            found = json.loads(stats.read_text())
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            print(f"{scene.name} {method}: {error}", file=sys.stderr)
            found = {"ended": "hung" if isinstance(error, subprocess.TimeoutExpired) else "failed"}
    to_s = found.get("finished_s", 0.0)
    run = Run(
        ended=found["ended"],
        finished_s=to_s,
        finished_share=found.get("finished_share", 0.0),
        limit_s=limit_s,
        detections_per_s=found.get("detections_per_s") or None,
        probe_s=found.get("probe_s", 0.0),
        score=evaluate(options, scene, tracks, to_s),
    )
    return run, found.get("tuning", {})


def run_scene(
    options: argparse.Namespace, python: Path | None, folder: Path, kept: Scene | None
) -> tuple[Scene, dict[str, object]]:
    """Return one scene's runs and the peers' settings; without a peers' Python their runs are the kept."""
    digest = digest_of(folder)
    tuning: dict[str, object] = {}
    if kept and kept.detections_sha256 != digest:
        kept = None
    if kept is None and python is None:
        raise SetupError(f"{folder.name}: no other's run is kept for this scene; run it without --ours-only")
    scratch = options.cache / folder.name
    scratch.mkdir(parents=True, exist_ok=True)
    peers = dict(kept.peers) if kept else {}
    for method in options.methods if python else ():
        assert python is not None
        peers[method], tuning = run_peer(options, python, folder, method, scratch)
        print(f"{folder.name} {method}: {peers[method].ended}", file=sys.stderr, flush=True)
    ours, tracks, detections = run_ours(options, folder, scratch)
    cut_s = sorted({run.finished_s for run in peers.values()})
    scores = {key_of(to_s): evaluate(options, folder, tracks, to_s) for to_s in cut_s}
    scene = Scene(
        detections_sha256=digest,
        detections=detections,
        ours=ours,
        ours_to={key: score for key, score in scores.items() if score},
        peers=peers,
    )
    return scene, tuning


def methods_of(text: str) -> tuple[str, ...]:
    """Return the methods named in a list with commas."""
    unknown = [name for name in text.split(",") if name not in TRACKERS]
    if unknown:
        raise argparse.ArgumentTypeError(f"no method {unknown[0]!r}: there are {', '.join(TRACKERS)}")
    return tuple(text.split(","))


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scenes", nargs="*", type=Path, metavar="SCENE_FOLDER")
    parser.add_argument("--methods", type=methods_of, default=tuple(TRACKERS), metavar="NAME,NAME")
    parser.add_argument("--limit-s", type=float, default=600.0, help="processor seconds in each peer")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--ours-only", action="store_true", help="make our rows again, keep the others'")
    how.add_argument("--resume", action="store_true", help="take runs of the others that are in the cache")
    parser.add_argument("--cache", type=Path, default=CACHE, help="environment and tracks of the others")
    parser.add_argument("--results", type=Path, default=RESULTS, help="where all is kept")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a page whose table is replaced")
    parser.add_argument("--evaluator-python", default=sys.executable, help="the yardstick's Python")
    parser.add_argument("--evaluator-folder", type=Path, help="where to start the yardstick's own evaluator")
    return parser.parse_args(arguments)


def compare(options: argparse.Namespace) -> Results:
    """Run all scenes one after the other, keep what comes out after each, and return it."""
    kept = read_results(options.results)
    evaluator = YARDSTICK_EVALUATOR if options.evaluator_folder else OWN_EVALUATOR
    if kept and kept.evaluator != evaluator:
        raise SetupError(
            f"{options.results} is by {kept.evaluator}, must be by {evaluator}: name another --results"
        )
    python = None if options.ours_only else make_environment((options.cache / "environment").absolute())
    peers_on = machine_of(python, PEER_PACKAGES) if python else kept.peers_on if kept else None
    if peers_on is None:
        raise SetupError(f"{options.results}: nothing is kept there; run without --ours-only")
    results = Results(
        evaluator=evaluator,
        peers_on=peers_on,
        ours_on=machine_of(Path(sys.executable), OWN_PACKAGES),
        tuning=kept.tuning if kept else {},
        scenes=kept.scenes if kept else {},
    )
    for folder in options.scenes:
        scene, tuning = run_scene(options, python, folder, results.scenes.get(folder.name))
        scenes = results.scenes | {folder.name: scene}
        results = msgspec.structs.replace(results, scenes=scenes, tuning=tuning or results.tuning)
        write_results(options.results, results)
    return results


def main() -> int:
    """Compare, print the table, and put it into a page; with no scene, of what is kept."""
    options = parse()
    try:
        results = compare(options) if options.scenes else read_results(options.results)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    if results is None:
        print(f"{options.results}: nothing is kept there; name scenes", file=sys.stderr)
        return 2
    table = table_of(results)
    print(table)
    if options.write:
        options.write.write_text(replace_table(options.write.read_text(), table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
