"""Whether an hour with 300 tracks comes out the same, byte for byte, on every Python and number of threads.

`python3 x.py bench replay_identical [--minutes 60] [--birds 400] [--pythons 3.11 3.12 3.13] [--threads 1 2]
[--keep FOLDER]`

One night is recorded in this process: the bundled night's place, sensors, people and flights, in a sky full
of birds. Then `skykeep replay --verify` makes every decision of it again, once for each Python and number of
threads, each time as after a restart of the machine: a new process, an empty folder for compiled code, and
another seed for Python's hashes. An environment is made for each Python from the lock file. Exits 1 when one
entry differs, naming it, or when the sky was not as crowded as it must be.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import numpy as np

from skykeep.app.folder import LOG, demo_world
from skykeep.app.night import NightRun
from skykeep.app.watchers import Quiet
from skykeep.domain.track import TrackStatus
from skykeep.engine.outputs import Judgement
from skykeep.sim import Scenario
from skykeep.sim.loading import load_scenario
from skykeep.store.log_database import LogDatabase

ROOT = Path(__file__).parents[1]
UV = ROOT / ".tools" / "bin" / "uv"
SEED = 7
LARGEST_GROUP = 60
THREAD_SETTINGS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Crowd(Quiet):
    """Counts confirmed tracks."""

    def __init__(self) -> None:
        self.confirmed: list[int] = []

    def on_judgement(self, judgement: Judgement) -> None:
        status = judgement.picture.status
        self.confirmed.append(int(np.count_nonzero(status == TrackStatus.CONFIRMED)))


def crowded(minutes: float, birds: int) -> Scenario:
    """Return the bundled night made longer, ticking once a second, with so many birds more."""
    scenario = load_scenario("the-night")
    gull = scenario.birds[0]
    groups = []
    for number, first in enumerate(range(0, birds, LARGEST_GROUP)):
        groups.append(
            msgspec.structs.replace(
                gull,
                name=f"crowd-{number}",
                count=min(LARGEST_GROUP, birds - first),
                habit=("commuting", "soaring", "gliding")[number % 3],
                spread_m=3200.0,
                height_agl_m=(40.0, 160.0),
                rcs_dbsm=(-18.0, -12.0),
            )
        )
    night = msgspec.structs.replace(
        scenario.night, duration_s=minutes * 60.0, quiet_after_s=minutes * 60.0, tick_s=1.0
    )
    return msgspec.structs.replace(scenario, night=night, birds=(*scenario.birds, *groups))


def record(scenario: Scenario, folder: Path) -> list[int]:
    """Run the night into `folder`; return how many confirmed tracks each tick had."""
    crowd = Crowd()
    with LogDatabase.open(folder / LOG) as log:
        run = NightRun(scenario, SEED, demo_world(), log, (crowd,))
        run.run()
    return crowd.confirmed


def interpreter(version: str) -> str:
    """Return a Python of this version that pyenv keeps, else the version, for uv to find or to fetch."""
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    return str(kept[-1]) if kept else version


def environment_of(python: str, folder: Path) -> Path:
    """Make an environment for one Python from the lock file; return its `skykeep`."""
    place = folder / f"python-{python}"
    subprocess.run(
        [
            str(UV),
            "sync",
            "--locked",
            "--no-dev",
            "--no-editable",
            "--quiet",
            "--python",
            interpreter(python),
        ],
        check=True,
        cwd=ROOT,
        env={**os.environ, "UV_PROJECT_ENVIRONMENT": str(place)},
    )
    return place / "bin" / "skykeep"


def replay(skykeep: Path, night: Path, threads: int, folder: Path) -> tuple[bool, str, float]:
    """Replay as after a restart; return whether it was the same, what was said, and the seconds it took."""
    compiled = Path(tempfile.mkdtemp(dir=folder, prefix="compiled-"))
    environment = {
        **os.environ,
        **dict.fromkeys(THREAD_SETTINGS, str(threads)),
        "NUMBA_CACHE_DIR": str(compiled),
        "PYTHONHASHSEED": str(1000 + threads),
    }
    began_s = time.perf_counter()
    done = subprocess.run(
        [str(skykeep), "replay", str(night), "--verify"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    taken_s = time.perf_counter() - began_s
    shutil.rmtree(compiled)
    said = (done.stdout.strip() or done.stderr.strip()).splitlines()
    return done.returncode == 0, said[-1] if said else "nothing said", taken_s


def main() -> int:
    """Print one line for each replay; 1 when one of them differs or the sky was too empty."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--birds", type=int, default=400)
    parser.add_argument("--tracks", type=int, default=300, help="as many at a time, in the median")
    parser.add_argument("--pythons", nargs="+", default=["3.11", "3.12", "3.13"])
    parser.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--keep", type=Path, help="keep the recording here, or replay the one that is here")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="skykeep-replay-") as temporary:
        folder = Path(temporary)
        night = arguments.keep or folder / "night"
        enough = True
        if not (night / LOG).exists():
            began_s = time.perf_counter()
            confirmed = record(crowded(arguments.minutes, arguments.birds), night)
            at_a_time = float(np.median(confirmed[len(confirmed) // 10 :]))
            size_mb = (night / LOG).stat().st_size / 1e6
            print(
                f"recorded {len(confirmed)} ticks in {time.perf_counter() - began_s:.0f} s: {at_a_time:.0f} "
                f"confirmed tracks at a time (most {max(confirmed)}), a log of {size_mb:.0f} MB",
                flush=True,
            )
            enough = at_a_time >= arguments.tracks
            if not enough:
                print(f"too few tracks at a time: {at_a_time:.0f}, must be {arguments.tracks}")
        all_same = True
        for python in arguments.pythons:
            skykeep = environment_of(python, folder)
            for threads in arguments.threads:
                same, said, taken_s = replay(skykeep, night, threads, folder)
                all_same &= same
                print(f"Python {python}, {threads} threads, {taken_s:6.0f} s: {said}", flush=True)
    return 0 if all_same and enough else 1


if __name__ == "__main__":
    sys.exit(main())
