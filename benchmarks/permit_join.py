"""Who is whose flight: simulated scenes through tracker, identifier and airspace, every verdict marked.

`python3 x.py bench permit_join [--scenes N] [--first SEED] [--fresh SEED] [--workers W]`. N scenes of each of
nine kinds, first with the seeds on which the constants were chosen, then with as many fresh ones. Budgets, on
both: of the seconds of whoever has no leave, 0.5 % or fewer allowed; of the seconds of permitted flights
inside their volumes, from 15 s after they are first tracked, 1 % or fewer accused (forbidden), and of those
flights 1 % or fewer accused for 5 s on end or longer.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from permit_kinds import KINDS
from permit_marks import Mark, outcome, play
from skykeep.domain.airspace import Permission
from skykeep.models.intervals import wilson_interval

TAKEN_BUDGET, ACCUSED_BUDGET = 0.005, 0.01
ON_END_S = 5
TRUTHS = ("permitted, inside", "permitted, strayed", "mimic", "swapped", "intruder", "bird")
SAID = {
    "allowed": "allowed",
    "volume": "volume",
    "covered_by_another": "other's",
    "spoofed": "spoofed",
    "claim_contradicted": "contrad.",
    "serial": "serial",
    "no_permit": "no permit",
}
BINS = (0.0, 0.005, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0)


class Tally(NamedTuple):
    """What one scene adds up to."""

    kind: str
    cells: Counter[tuple[str, str]]
    flights: list[tuple[str, int, int, int, bool]]
    stated: list[tuple[float, bool]]


def truth_of(mark: Mark) -> str | None:
    """Return the row of the matrix that a mark belongs in, None where nobody can say."""
    if mark.flight:
        if mark.covered is None:
            return None
        return "permitted, inside" if mark.covered else "permitted, strayed"
    for word in ("mimic", "bird"):
        if mark.flyer.startswith(word):
            return word
    return "swapped" if " as " in mark.flyer else "intruder"


def longest_run(flags: Sequence[bool]) -> int:
    """Return the greatest number of true ones on end."""
    best = now = 0
    for flag in flags:
        now = now + 1 if flag else 0
        best = max(best, now)
    return best


def tally(asked: tuple[str, int]) -> Tally:
    """Play one scene and count."""
    kind, seed = asked
    marks = [mark for mark in play(KINDS[kind](seed)) if mark.settled]
    cells: Counter[tuple[str, str]] = Counter()
    flights = []
    for name in sorted({mark.flyer for mark in marks}):
        own = [mark for mark in marks if mark.flyer == name]
        for mark in own:
            truth = truth_of(mark)
            if truth is not None:
                cells[truth, outcome(mark)] += 1
        inside = [mark for mark in own if mark.flight and mark.covered]
        accused = [mark.verdict.permission is Permission.FORBIDDEN for mark in inside]
        barred = [mark for mark in own if not mark.flight]
        taken = sum(mark.verdict.permission is Permission.ALLOWED for mark in barred)
        flights.append((name, len(inside), longest_run(accused), len(barred), taken > 0))
    stated = [
        (p, permit_id == mark.flight)
        for mark in marks
        if round(mark.time_s) % 5 == 0
        for permit_id, p in mark.probabilities
    ]
    return Tally(kind, cells, flights, stated)


def share(part: int, whole: int) -> str:
    """Return e.g. `3 of 420 = 0.71 % (0.24 to 2.08)`, the interval Wilson's, at 95 %."""
    if not whole:
        return "none"
    low, high = wilson_interval(part, whole)
    return f"{part} of {whole} = {100 * part / whole:.2f} % ({100 * low:.2f} to {100 * high:.2f})"


def matrix(cells: Counter[tuple[str, str]]) -> None:
    """Print the confusion matrix, seconds."""
    print(f"{'seconds':<20}" + "".join(f"{name:>10}" for name in (*SAID.values(), "else")))
    for truth in TRUTHS:
        row = {said: n for (t, said), n in cells.items() if t == truth}
        rest = sum(n for said, n in row.items() if said not in SAID)
        counts = [row.get(said, 0) for said in SAID] + [rest]
        print(f"{truth:<20}" + "".join(f"{n:>10}" for n in counts))


def calibration(stated: list[tuple[float, bool]]) -> None:
    """Print how often what was stated was so."""
    p = np.array([one for one, _ in stated])
    true = np.array([one for _, one in stated], dtype=np.float64)
    print(f"{'stated':>16}{'pairs':>9}{'mean':>8}{'true':>8}")
    for low, high in pairwise(BINS):
        rows = (p >= low) & ((p < high) | (high == 1.0))
        if rows.any():
            print(
                f"{low:>8.3f} to {high:<5.3f}{rows.sum():>8}{p[rows].mean():>8.3f}{true[rows].mean():>8.3f}"
            )
    base = true.mean()
    print(f"Brier score {np.mean((p - true) ** 2):.5f}; of always saying {base:.3f}: {base * (1 - base):.5f}")


def report(tallies: list[Tally]) -> bool:
    """Print all tables of a set of scenes; return whether the budgets are kept."""
    cells: Counter[tuple[str, str]] = Counter()
    for one in tallies:
        cells.update(one.cells)
    matrix(cells)
    print()
    print(
        f"{'kind':<18}{'scenes':>7}{'taken s':>9}{'of':>8}{'flyers':>8}"
        f"{'accused s':>11}{'of':>8}{'flights':>9}{'of':>5}"
    )
    for kind in KINDS:
        _kind_row(kind, [one for one in tallies if one.kind == kind])
    barred = [truth for truth in TRUTHS if not truth.startswith("permitted")]
    taken = sum(cells[truth, "allowed"] for truth in barred)
    seconds = sum(n for (truth, _), n in cells.items() if truth in barred)
    inside = sum(n for (truth, _), n in cells.items() if truth == "permitted, inside")
    accused = inside - cells["permitted, inside", "allowed"]
    flights = [f for one in tallies for f in one.flights]
    flown = [f for f in flights if f[1]]
    longer = sum(f[2] >= ON_END_S for f in flown)
    strangers = [f for f in flights if f[3]]
    print()
    print(f"no leave, allowed, seconds:            {share(taken, seconds)}; budget 0.5 %")
    print(f"no leave, ever allowed, flyers:        {share(sum(f[4] for f in strangers), len(strangers))}")
    print(f"permitted inside, accused, seconds:    {share(accused, inside)}; budget 1 %")
    print(f"permitted, accused 5 s on end:         {share(longer, len(flown))}; budget 1 %")
    print(f"permitted, ever accused:               {share(sum(f[2] > 0 for f in flown), len(flown))}")
    print()
    calibration([pair for one in tallies for pair in one.stated])
    print()
    kept = taken <= TAKEN_BUDGET * seconds and accused <= ACCUSED_BUDGET * inside
    return kept and longer <= ACCUSED_BUDGET * len(flown)


def _kind_row(kind: str, tallies: list[Tally]) -> None:
    cells: Counter[tuple[str, str]] = Counter()
    for one in tallies:
        cells.update(one.cells)
    barred = {key: n for key, n in cells.items() if not key[0].startswith("permitted")}
    taken = sum(n for (_, said), n in barred.items() if said == "allowed")
    inside = {said: n for (truth, said), n in cells.items() if truth == "permitted, inside"}
    flights = [f for one in tallies for f in one.flights]
    print(
        f"{kind:<18}{len(tallies):>7}{taken:>9}{sum(barred.values()):>8}{sum(f[4] for f in flights):>8}"
        f"{sum(inside.values()) - inside.get('allowed', 0):>11}{sum(inside.values()):>8}"
        f"{sum(f[1] > 0 and f[2] >= ON_END_S for f in flights):>9}{sum(f[1] > 0 for f in flights):>5}"
    )


def main() -> int:
    """Print the tables of both sets and return 1 when a budget is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scenes", type=int, default=25)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--fresh", type=int, default=1001)
    parser.add_argument("--only", choices=("chosen", "fresh"))
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    kept = True
    sets = {"chosen": (asked.first, "seeds on which the constants were chosen")}
    sets["fresh"] = (asked.fresh, "fresh seeds, which chose nothing")
    with ProcessPoolExecutor(asked.workers) as pool:
        for name, (first, says) in sets.items():
            if asked.only not in (None, name):
                continue
            began_s = time.monotonic()
            wanted = [(kind, seed) for kind in KINDS for seed in range(first, first + asked.scenes)]
            tallies = list(pool.map(tally, wanted, chunksize=5))
            print(f"{len(tallies)} scenes, {says} ({time.monotonic() - began_s:.0f} s)\n")
            kept &= report(tallies)
    print(f"budgets {'kept' if kept else 'MISSED'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
