"""How soon a new process has served its first detection, with compiled kernels on the disk.

From the moment the process is asked for to the moment the first detection is in a track, through the tracker
alone and through the whole pipeline. Where the environment forbids Python to keep the bytecode of packages
(PYTHONDONTWRITEBYTECODE) most of the time goes there, and what it would be otherwise is printed too. `--cold`
adds a process that finds no compiled kernel.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time

BUDGET_S = 1.5
TIMES = 5
STAGES = ("interpreter", "imports", "ready", "first detection")

_RADAR = """
import sys, time
at = [time.monotonic()]
import numpy as np
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind, make_scan
radar = Sensor(sensor_id="r", name="r", kind=SensorKind.RADAR, position_enu_m=(0.0, 0.0, 0.0),
               measures=MeasurementKind.RANGE_AZIMUTH_ELEVATION, coverage_range_m=5000.0)
scan = make_scan(sensor_id="r", sequence=1, kind=radar.measures, time_utc_ns=10**18, received_utc_ns=10**18,
                 measured=np.array([[1000.0, 1.0, 0.1]]), sigma=np.array([[5.0, 0.01, 0.01]]))
"""
_TRACKER = """
from skykeep.tracking import Tracker
at.append(time.monotonic())
watch = Tracker((radar,))
"""
_PIPELINE = """
from skykeep.app.bare_site import bare_site
from skykeep.engine.outputs import RunHeader
from skykeep.engine.pipeline import Pipeline
from skykeep.geo.frames import LocalFrame
at.append(time.monotonic())
class Log:
    def append(self, *entry): return 0
header = RunHeader(mode="LIVE", scenario="", seed=0, simulated=False, version="0", terrain_sha256="")
frame = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)
watch = Pipeline(header, bare_site("s", "s", frame, (radar,)), None, Log(), start_utc_ns=10**18)
"""
_SERVE = """
at.append(time.monotonic())
watch.receive(scan)
at.append(time.monotonic())
print(*at)
"""
WAYS = {"tracker": _RADAR + _TRACKER + _SERVE, "pipeline": _RADAR + _PIPELINE + _SERVE}


def stages_s(program: str, environment: dict[str, str]) -> list[float]:
    """Return the seconds that each stage of a new process took."""
    # time.monotonic is one clock for all processes of a machine.
    begin_s = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, env=environment
    )
    at = [begin_s, *map(float, done.stdout.split())]
    return [after - before for before, after in itertools.pairwise(at)]


def show(name: str, stages: list[float], budget: str) -> None:
    print(f"{name:<24}" + "".join(f"{s:>17.3f}" for s in (*stages, sum(stages))) + f"{budget:>10}")


def medians_s(program: str, environment: dict[str, str]) -> list[float]:
    stages_s(program, environment)  # whoever runs first compiles
    runs = [stages_s(program, environment) for _ in range(TIMES)]
    return [statistics.median(stage) for stage in zip(*runs, strict=True)]


def main() -> int:
    """Print a table; 1 when one is over budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cold", action="store_true", help="also without compiled kernels (no budget)")
    cold = parser.parse_args().cold
    here = dict(os.environ)
    print(f"{'seconds':<24}" + "".join(f"{name:>17}" for name in (*STAGES, "in all")) + f"{'budget':>10}")
    worst_s = 0.0
    for name, program in WAYS.items():
        stages = medians_s(program, here)
        worst_s = max(worst_s, sum(stages))
        show(name, stages, f"{BUDGET_S:.1f}")
    with tempfile.TemporaryDirectory() as empty:
        if here.pop("PYTHONDONTWRITEBYTECODE", ""):
            kept = here | {"PYTHONPYCACHEPREFIX": empty}
            for name, program in WAYS.items():
                show(f"{name}, bytecode kept", medians_s(program, kept), "-")
    with tempfile.TemporaryDirectory() as empty:
        if cold:
            show("tracker, cold", stages_s(WAYS["tracker"], os.environ | {"NUMBA_CACHE_DIR": empty}), "-")
    return int(worst_s > BUDGET_S)


if __name__ == "__main__":
    sys.exit(main())
