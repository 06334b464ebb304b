"""Whether memory stays flat: a scene replayed in a loop for an hour of its own time, as one unbroken watch.

    python benchmarks/memory_flat.py SCENE_FOLDER [--minutes 60] [--trace]

Each round's scans are moved on in time and numbered on, so that none is a duplicate; pictures are asked for
every second, as a console does, and dropped. Targets vanish at the end of a round and others appear: what is
kept of ended tracks would show. `--trace` names the lines that hold more at the end than after two rounds.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import msgspec

from skykeep.app.batch import Batch
from skykeep.base.clock import NS_PER_S
from skykeep.domain.sensing import Scan
from skykeep.feeds.scene_folder import START_UTC_NS, SceneFolder
from skykeep.tracking import TrackerSettings, warm_up

EVERY_S = 300
BUDGET_MIB = 4.0
"""What an hour may add after the first ten minutes."""
SETTLED_S = 600


def held_mib() -> float:
    """Return the memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def rounds(scene: SceneFolder, minutes: float) -> Iterator[Scan]:
    """Yield the scene's scans again and again, moved on by one scene's length each time."""
    length_ns = scene.moments_utc_ns[-1] - START_UTC_NS
    numbers = 1 + max(scan.sequence for scan in scene)
    for k in range(round(minutes * 60 * NS_PER_S / length_ns)):
        for scan in scene:
            # What arrives after the end of its round would overtake the next one's first.
            received_utc_ns = min(scan.received_utc_ns, START_UTC_NS + length_ns)
            yield msgspec.structs.replace(
                scan,
                sequence=scan.sequence + k * numbers,
                time_utc_ns=scan.time_utc_ns + k * length_ns,
                received_utc_ns=received_utc_ns + k * length_ns,
            )


def main() -> int:
    """Print what is held every five minutes; 1 when it grows by more than the budget."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("scene", type=Path, metavar="SCENE_FOLDER")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--identity", action="store_true", help="also say what each track is")
    parser.add_argument("--trace", action="store_true", help="name what grows (several times slower)")
    arguments = parser.parse_args()
    warm_up()
    scene = SceneFolder(arguments.scene)
    batch = Batch(scene.sensors, TrackerSettings(), scene.frame if arguments.identity else None)
    moments = range(
        START_UTC_NS + NS_PER_S, START_UTC_NS + round(arguments.minutes * 60) * NS_PER_S + 1, NS_PER_S
    )
    first = None
    held: dict[int, float] = {}
    if arguments.trace:
        tracemalloc.start(8)
    print(f"{'scene minutes':>14}{'tracks':>8}{'held MiB':>10}{'wall s':>8}")
    began_s = time.perf_counter()
    for picture in batch.pictures(rounds(scene, arguments.minutes), moments):
        if arguments.identity:
            batch.identify(picture)
        at_s = (picture.time_utc_ns - START_UTC_NS) // NS_PER_S
        if at_s % EVERY_S == 0 or at_s == 60:
            # What each scan cost is this benchmark's own note, 16 bytes a scan: a live watch keeps none.
            del batch.scan_ns[:], batch.scan_sizes[:]
            gc.collect()
            held[at_s] = held_mib()
            taken_s = time.perf_counter() - began_s
            print(f"{at_s / 60:>14.0f}{len(picture):>8}{held[at_s]:>10.1f}{taken_s:>8.1f}", flush=True)
        if arguments.trace and at_s == SETTLED_S:
            first = tracemalloc.take_snapshot()
    if first is not None:
        for line in tracemalloc.take_snapshot().compare_to(first, "lineno")[:12]:
            print(line)
    growth_mib = list(held.values())[-1] - held.get(SETTLED_S, next(iter(held.values())))
    print(f"growth since minute {SETTLED_S // 60}: {growth_mib:.1f} MiB, budget {BUDGET_MIB:.0f} MiB")
    return int(growth_mib > BUDGET_MIB)


if __name__ == "__main__":
    sys.exit(main())
