"""The night on fifty seeds: how many are tracked, alerted in time, and not fooled, with Wilson intervals.

`python3 x.py bench seeds [--seeds N] [--first S] [--workers W]`. Budget: 45 of 50 good, 45 of 50 not fooled.
A night is good when the JSON of `demo --headless` would say: 2 intruders, 2 tracked, 2 alerted, 20 s of
warning or more for each, no authorised flight and no aircraft alerted, at most one bird, log verified, replay
identical.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from skykeep.models.intervals import wilson_interval
from skykeep.planning.campaign import run_campaign

NEEDED_SHARE = 0.9
LEAST_WARNING_S = 20.0
HEAD = (
    " seed  false identity  tracked alerted  warning s      auth air bird none stopped breach believed good"
)


def one_night(seed: int) -> dict[str, Any]:
    """Return the summary of one seed."""
    from skykeep.app.folder import demo_world
    from skykeep.app.summary import run_headless
    from skykeep.sim import load_scenario

    with tempfile.TemporaryDirectory(prefix="skykeep-bench-") as folder:
        return run_headless(load_scenario("the-night"), seed, demo_world(), Path(folder))


def is_good(night: dict[str, Any]) -> bool:
    """Return whether a night meets every figure."""
    warnings = night["warning_s"]
    return bool(
        night["intruders"] == night["intruders_tracked"] == night["intruders_alerted"] == 2
        and all(warning is not None and warning >= LEAST_WARNING_S for warning in warnings)
        and night["authorised_flights_alerted"] == 0
        and night["aircraft_alerted"] == 0
        and night["birds_alerted"] <= 1
        and night["log"]["verified"]
        and night["replay_identical"]
    )


def main() -> int:
    """Print the table and return 1 when a budget is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    began_s = time.monotonic()
    nights: dict[int, dict[str, Any]] = {}
    failed = 0
    print(HEAD)
    seeds = range(options.first, options.first + options.seeds)
    for result in run_campaign(one_night, seeds, options.workers):
        if result.failure:
            failed += 1
            print(f"{result.seed:5}  FAILED: {result.failure}")
            continue
        night = nights[result.seed] = result.value
        warnings = " ".join("  none" if w is None else f"{w:6.1f}" for w in night["warning_s"])
        print(
            f"{result.seed:5}  {night['false_identity']:<15} {night['intruders_tracked']:^7} "
            f"{night['intruders_alerted']:^7} {warnings:<14} {night['authorised_flights_alerted']:4} "
            f"{night['aircraft_alerted']:3} {night['birds_alerted']:4} {night['alerts_on_nothing']:4} "
            f"{night['stopped']:^7} {night['breaches']:^6} "
            f"{'YES' if night['false_identity_believed'] else 'no':^8} {'yes' if is_good(night) else 'NO'}",
            flush=True,
        )
    total = len(nights) + failed
    good = sum(is_good(night) for night in nights.values())
    not_fooled = sum(not night["false_identity_believed"] for night in nights.values())
    print(f"\n{total} nights in {time.monotonic() - began_s:.0f} s")
    missed = False
    for name, number in (("good", good), ("false identity not believed", not_fooled)):
        low, high = wilson_interval(number, total)
        ok = number >= NEEDED_SHARE * total
        missed |= not ok
        print(
            f"{name:<28} {number}/{total}  ({low:.3f} to {high:.3f})  budget {NEEDED_SHARE:.0%}  "
            f"{'ok' if ok else 'MISSED'}"
        )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
