"""How a target flies once its failsafe has it, and how it falls: its path from one sample on."""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.sim.effects_failsafe import Conduct
from skykeep.sim.paths import STEP_S
from skykeep.sim.places import Places
from skykeep.sim.sky import Sky
from skykeep.sim.targets import Target

GRAVITY_MPS2 = 9.81
AIR_KG_PER_M3 = 1.225
DRAG_COEFFICIENT = 0.9
FAILSAFE_MPS2 = 4.0
HOME_MPS = 15.0
DESCENT_MPS = 5.0
# A hover or a drift ends when the battery does: nobody publishes when, and a night is short.
HOVER_S = 20.0
CLIMB_M = 25.0
PIECES = 6
# What drag may take of the speed in one step.
STIFFEST = 0.5


class Flight:
    """Rewrites what is to come of a target."""

    def __init__(self, sky: Sky, places: Places) -> None:
        self._sky, self._wind_mps = sky, np.array([*places.wind_enu_mps, 0.0])

    def fail_safe(self, target: Target, first: int, conduct: Conduct) -> int | None:
        """Let a target go on as its failsafe says from sample `first`; return the sample of its landing."""
        home = conduct is Conduct.RETURN
        state = target.states[first].copy()
        safe_up_m = state[2] + CLIMB_M
        for i in range(first, self._sky.count):
            target.states[i] = state
            east_m, north_m, up_m = state[:3]
            if not home and up_m <= float(self._sky.terrain.up_m(east_m, north_m)) + 0.2:
                state[3:] = 0.0
                target.states[i:] = state
                target.aloft[i:] = False
                return i
            wanted_mps = self._wanted_mps(target, state, conduct, (i - first) * STEP_S, safe_up_m)
            change = wanted_mps - state[3:]
            most = FAILSAFE_MPS2 * STEP_S
            size = float(np.sqrt(change @ change))
            state[3:] += change if size <= most else change * (most / size)
            state[:3] += state[3:] * STEP_S
        # It is in the air to the end: away, or not down yet. What was planned to be over is not.
        target.aloft[first:] = True
        return None

    def _wanted_mps(
        self, target: Target, state: FloatArray, conduct: Conduct, since_s: float, safe_up_m: float
    ) -> FloatArray:
        if conduct is Conduct.RETURN:
            to_home_m = target.home_m - state[:2]
            away_m = float(np.hypot(*to_home_m))
            across_mps = to_home_m / max(away_m, 1.0) * min(HOME_MPS, 0.3 * away_m)
            return np.array([*across_mps, min(2.0, 0.5 * (safe_up_m - state[2]))])
        # Without a position nothing holds it against the wind.
        carried_mps: FloatArray = self._wind_mps if conduct is Conduct.DRIFT else np.zeros(3)
        if conduct in (Conduct.HOVER, Conduct.DRIFT) and since_s < HOVER_S:
            return carried_mps
        return np.asarray(carried_mps + np.array([0.0, 0.0, -DESCENT_MPS]))

    def fall(self, target: Target, first: int) -> int:
        """Let a target fall from sample `first` on; return the sample at which it is on the ground."""
        path = self._drop(target.states[first], target.mass_kg / _area_m2(target))
        rest = min(len(path), self._sky.count - first)
        target.states[first : first + rest] = path[:rest]
        target.states[first + rest :] = path[rest - 1]
        target.aloft[first + rest :] = False
        return first + rest

    def pieces(self, target: Target, state: FloatArray, dice: np.random.Generator) -> FloatArray:
        """Return where the pieces of a target struck in `state` come to lie, (n, 3)."""
        found = []
        for _ in range(PIECES):
            kicked = state.copy()
            kicked[3:] += dice.normal(0.0, 6.0, 3)
            # Pieces are light for their size: 0.2 to 1 of the whole's mass per area.
            lightness = dice.uniform(0.2, 1.0)
            found.append(self._drop(kicked, lightness * target.mass_kg / _area_m2(target))[-1, :3])
        return np.array(found)

    def _drop(self, state: FloatArray, mass_per_area: float) -> FloatArray:
        """Return the fall (n, 6) of a body down to the ground."""
        per_m = 0.5 * AIR_KG_PER_M3 * DRAG_COEFFICIENT / mass_per_area
        place_m, velocity_mps = state[:3].copy(), state[3:].copy()
        path = [state.copy()]
        # 60 s fall from over 2 km: nothing here is higher.
        for _ in range(round(60.0 / STEP_S)):
            # The midpoint rule: tests/sim/test_effects.py compares with the closed form. What is light as a
            # feather takes shorter steps: where drag takes twice its speed in one, the rule runs away.
            airspeed_mps = float(np.linalg.norm(velocity_mps - self._wind_mps))
            parts = max(1, int(np.ceil(per_m * airspeed_mps * STEP_S / STIFFEST)))
            for _ in range(parts):
                step_s = STEP_S / parts
                half_mps = velocity_mps + 0.5 * step_s * _pull_mps2(velocity_mps - self._wind_mps, per_m)
                velocity_mps = velocity_mps + step_s * _pull_mps2(half_mps - self._wind_mps, per_m)
                place_m = place_m + half_mps * step_s
            path.append(np.concatenate((place_m, velocity_mps)))
            ground_m = float(self._sky.terrain.up_m(place_m[0], place_m[1]))
            if place_m[2] <= ground_m:
                path[-1][2:] = [ground_m, 0.0, 0.0, 0.0]
                break
        return np.array(path)


def _area_m2(target: Target) -> float:
    return 0.25 * target.size_m**2


def _pull_mps2(through_air_mps: FloatArray, per_m: float) -> FloatArray:
    """Return the acceleration of a falling body: quadratic drag and gravity."""
    drag = -per_m * np.sqrt(through_air_mps @ through_air_mps) * through_air_mps
    drag[2] -= GRAVITY_MPS2
    return np.asarray(drag)
