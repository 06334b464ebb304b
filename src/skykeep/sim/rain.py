"""Rain over a part of the site: echoes of drops that drift with the wind, among which small things hide."""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.sim.places import Places
from skykeep.sim.plan_sensors import RainPlan

# Drops fall, and the air among them is not at rest.
FALL_MPS = 6.0
STIR_MPS = 1.5


class Rain:
    """A shower that drifts with the wind; a radar draws its echoes with dice of its own."""

    def __init__(self, plan: RainPlan, places: Places) -> None:
        self._plan, self._terrain = plan, places.terrain
        self._at_m = places.spot_m(plan.at)
        self._wind_mps = places.wind_enu_mps

    def echoes(self, dice: np.random.Generator, time_s: float) -> FloatArray:
        """Return states (n, 6) of what echoes at one moment."""
        count = int(dice.poisson(self._plan.echoes_per_scan))
        away_m = self._plan.radius_m * np.sqrt(dice.random(count))
        bearing_rad = dice.uniform(0.0, 2 * np.pi, count)
        middle_m = self._at_m + self._wind_mps * time_s
        states = np.zeros((count, 6))
        states[:, 0] = middle_m[0] + away_m * np.sin(bearing_rad)
        states[:, 1] = middle_m[1] + away_m * np.cos(bearing_rad)
        ground_m = self._terrain.up_m(states[:, 0], states[:, 1])
        states[:, 2] = ground_m + dice.uniform(5.0, self._plan.top_m, count)
        states[:, 3:5] = self._wind_mps
        states[:, 5] = -FALL_MPS
        states[:, 3:] += STIR_MPS * dice.standard_normal((count, 3))
        return states
