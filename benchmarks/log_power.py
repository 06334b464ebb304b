"""A log whose machine fails 160 times: killed, torn, full; what was acknowledged is there.

Budget: 0 acknowledged entries lost, 0 faults found by the walk afterwards. Exits 1 on the first loss.

    python benchmarks/log_power.py [--killed 60] [--torn 20] [--full 20] [--disk 40] [--limit 20]

Killed: `kill -9` at any moment, sixty times over one log. Torn: what lies behind the last acknowledgement in
the journal is cut at any byte, and its last page holds anything. Full: SQLite lets
the file grow no more, then killed. Disk: a small file system is really full (tmpfs; ENOSPC), then killed, or
killed once room was made and it went on; passed over, and said, where nobody may mount one. Limit: no file
may grow any more (RLIMIT_FSIZE; EFBIG), the log stops, then killed. A real power cut also tests that the disk
keeps what it says it has; no program can.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from power_rounds import file_limit_round, full_disk_round, full_round, killed_round, torn_round


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--killed", type=int, default=60)
    parser.add_argument("--torn", type=int, default=20)
    parser.add_argument("--full", type=int, default=20)
    parser.add_argument("--disk", type=int, default=40)
    parser.add_argument("--limit", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dir", type=Path, default=None, help="Where to write: the disk that is tried.")
    options = parser.parse_args()
    dice = random.Random(options.seed)
    with tempfile.TemporaryDirectory(dir=options.dir, prefix="skykeep-bench-") as folder:
        place = Path(folder)
        for name, rounds, one_round, path in (
            ("killed", options.killed, killed_round, place / "killed" / "night.db"),
            ("torn", options.torn, torn_round, place),
            ("full", options.full, full_round, place / "full" / "night.db"),
            ("disk", options.disk, full_disk_round, place / "disk"),
            ("limit", options.limit, file_limit_round, place / "limit" / "night.db"),
        ):
            start_s = time.perf_counter()
            for number in range(1, rounds + 1):
                try:
                    one_round(path, dice)
                except PermissionError as error:
                    print(f"| {name} | passed over: no file system may be mounted here: {error} |")
                    break
                except Exception as error:
                    print(f"| {name} | LOST in round {number}: {type(error).__name__}: {error} |")
                    return 1
            else:
                took_s = time.perf_counter() - start_s
                print(f"| {name} | {rounds} rounds, nothing acknowledged lost | {took_s:.0f} s |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
