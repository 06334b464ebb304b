"""Two hundred generated nights: who is alerted in time, who wrongly, what lies are caught, what came true.

`python3 x.py bench nights [--nights N] [--first SEED] [--workers W] [--faults]`. One night in five has no
intruder. Seeds from 1 chose the constants; any `--first` beyond 10000 is fresh. Budgets stand beside the
figures; what each figure means is written where it is counted (`skykeep.sim.score_alerts`, `score_claims`,
`score_forecasts`). Some 4 s of processor time a night.
"""

from __future__ import annotations

import argparse
import sys
import time

from skykeep.planning.campaign import run_campaign
from skykeep.planning.generated_night import NightFigures, run_generated
from skykeep.planning.night_table import by_way, faults, holds, summary


def main() -> int:
    """Print the tables and return 1 when a bound is broken or had no trial, or a night broke off."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--nights", type=int, default=200)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--faults", action="store_true", help="list what went wrong, by seed")
    options = parser.parse_args()
    began_s = time.monotonic()
    nights: list[NightFigures] = []
    failed = 0
    for result in run_campaign(
        run_generated, range(options.first, options.first + options.nights), options.workers
    ):
        if result.failure:
            failed += 1
            print(f"seed {result.seed} FAILED: {result.failure}")
        else:
            nights.append(result.value)
    nights.sort(key=lambda night: night.seed)
    cost_s = sum(night.cost_s for night in nights)
    last = options.first + options.nights - 1
    hours = sum(night.hours for night in nights)
    print(
        f"{len(nights)} nights, seeds {options.first} to {last}, {hours:.1f} h of night "
        f"in {time.monotonic() - began_s:.0f} s ({cost_s:.0f} s of processor)\n"
    )
    rows = summary(nights)
    for row in rows:
        print(f"{row.name:<37}{row.figure:<48}{row.bound:<12}{row.verdict}".rstrip())
    print()
    print("\n".join(by_way(nights)))
    if options.faults:
        print()
        print("\n".join(faults(nights)))
    return int(failed > 0 or not holds(rows))


if __name__ == "__main__":
    sys.exit(main())
