"""How soon the command answers: `--help` of `skykeep` and of each verb, in a new process each time."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from skykeep.cli import VERBS

BUDGET_S = 0.3
TIMES = 7
PROGRAM = Path(sys.executable).with_name("skykeep")


def seconds(*arguments: str) -> float:
    """Return the median time from start to end of a run."""
    taken = []
    for _ in range(TIMES):
        begin_s = time.perf_counter()
        subprocess.run([PROGRAM, *arguments], check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - begin_s)
    return statistics.median(taken)


def main() -> int:
    """Print a table; 1 when one is over its budget."""
    worst_s = 0.0
    print(f"{'command':<28}{'median s':>10}{'budget s':>10}")
    for arguments in ([], *([verb] for verb in VERBS)):
        taken_s = seconds(*arguments, "--help")
        worst_s = max(worst_s, taken_s)
        print(f"{' '.join(['skykeep', *arguments, '--help']):<28}{taken_s:>10.3f}{BUDGET_S:>10.1f}")
    return int(worst_s > BUDGET_S)


if __name__ == "__main__":
    sys.exit(main())
