"""How long a debris footprint takes: both layers, level and mapped ground, in ms of processor. Budget: 50."""

from __future__ import annotations

import sys
import time

import numpy as np

from skykeep.geo.terrain import Terrain
from skykeep.models.debris import (
    FallModel,
    landed_states,
    order_by_depth,
    ring_holding,
    struck_bodies,
    whole_bodies,
)

BUDGET_MS = 50.0
ROUNDS = 40
STATE = np.array([1000.0, 800.0, 120.0, -15.0, -12.0, 0.0])
COVARIANCE = np.diag([20.0, 20.0, 15.0, 2.0, 2.0, 1.0]) ** 2


def footprint_ms(kind: str, ground: Terrain | float) -> float:
    """Return the median time of one footprint: its falls and three contours."""
    taken = []
    for ident in range(ROUNDS + 1):
        begun = time.process_time()
        if kind == "struck":
            bodies = struck_bodies(STATE, COVARIANCE, (3.0, 1.0), ground, FallModel(), (ident, 0))
        else:
            bodies = whole_bodies(STATE, COVARIANCE, (3.0, 1.0), ground, 0.5, FallModel(), (ident, 0))
        depth = order_by_depth(landed_states(bodies, ground)[:, :2])
        for share in (0.5, 0.95, 0.99):
            ring_holding(depth, share, 0.25)
        taken.append(1e3 * (time.process_time() - begun))
    # The first compiles.
    return float(np.median(taken[1:]))


def main() -> int:
    axis_m = np.arange(-6_000.0, 6_001.0, 25.0)
    hills_m = 40.0 * np.sin(axis_m / 400.0)[:, np.newaxis] * np.cos(axis_m / 300.0)
    terrain = Terrain(west_m=-6_000.0, south_m=-6_000.0, spacing_m=25.0, heights_m=hills_m)
    worst_ms = 0.0
    for kind in ("struck", "whole"):
        for name, ground in (("level", 20.0), ("mapped", terrain)):
            ms = footprint_ms(kind, ground)
            worst_ms = max(worst_ms, ms)
            print(f"{kind:7} {name:7} {ms:6.1f} ms  ({FallModel().samples} falls)")
    print(f"worst {worst_ms:.1f} ms, budget {BUDGET_MS:.0f} ms")
    return 0 if worst_ms <= BUDGET_MS else 1


if __name__ == "__main__":
    sys.exit(main())
