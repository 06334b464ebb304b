"""Simulated effects: what becomes of the one target an order was aimed at. They exist only here.

A soft effect breaks link and navigation: the drone then does what it was set to do (its failsafe), and one
that was set to carry on carries on. A hard effect strikes it: it falls with drag and wind, and pieces fall
beside it. Whether an effect works is drawn from dice of that target, that layer and that attempt, with the
probability its proposal stated. Only the aimed-at target's path changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.base.compile import FloatArray
from skykeep.domain.response import EffectLayer, EffectOrder, EffectOutcome
from skykeep.sim.dice import stream
from skykeep.sim.paths import STEP_S
from skykeep.sim.places import Places
from skykeep.sim.scenario import EffectPlan, Scenario
from skykeep.sim.sky import Sky
from skykeep.sim.targets import Target

GRAVITY_MPS2 = 9.81
AIR_KG_PER_M3 = 1.225
DRAG_COEFFICIENT = 0.9
# A track may be this far from its target and the effect still finds it.
REACH_M = 150.0
LAUNCH_S = 1.0
WATCHED_S = {"flew_on": 4.0, "fell": 2.0, "landed": 2.0, "returned": 12.0}
SAYS = {
    "flew_on": "It flies on.",
    "fell": "It was struck and has fallen.",
    "landed": "It has landed by itself.",
    "returned": "It has turned back and is flying away.",
}
FAILSAFE_MPS2 = 4.0
HOME_MPS = 15.0
DESCENT_MPS = 5.0
HOVER_S = 4.0
PIECES = 6


@dataclass(frozen=True)
class Bang:
    """A noise that people can hear."""

    time_utc_ns: int
    position_enu_m: FloatArray


class Effects:
    """Carries out orders, in simulation only."""

    def __init__(self, scenario: Scenario, sky: Sky, places: Places, *, seed: int, start_utc_ns: int) -> None:
        self._sky, self._places, self._seed, self._start_utc_ns = sky, places, seed, start_utc_ns
        self._plans: dict[EffectLayer, EffectPlan] = {
            effect.layer: effect for book in reversed(scenario.playbooks) for effect in book.effects
        }
        self._attempts: dict[tuple[str, EffectLayer], int] = {}
        self.fates: dict[str, tuple[str, int]] = {}
        self.pieces_enu_m: dict[str, FloatArray] = {}

    def carry_out(self, order: EffectOrder, now_utc_ns: int) -> tuple[EffectOutcome, list[Bang]]:
        """Change what is to come by an order; return its outcome, which lies in the future, and its noise.

        `now_utc_ns` is up to when sensors have looked already: the past does not change.
        """
        if order.simulated is not True:
            raise ValueError("only a simulated order is carried out")
        plan = self._plans.get(order.layer)
        which = self._aimed_at(order)
        delay_s = plan.delay_s if plan is not None else 0.0
        acts_utc_ns = max(order.time_utc_ns + seconds_to_ns(delay_s), now_utc_ns)
        acts_s = (acts_utc_ns - self._start_utc_ns) / NS_PER_S
        if plan is None or which is None or not self._sky.aloft[which, self._sky.sample(acts_s)]:
            return self._outcome(order, "flew_on", acts_s, "Nothing was there that it could reach."), []
        target = self._sky.targets[which]
        attempt = self._attempts.get((target.name, order.layer), 0)
        self._attempts[(target.name, order.layer)] = attempt + 1
        dice = stream(self._seed, "effect", target.name, order.layer.value, str(attempt))
        bangs = self._noise(order, target, acts_s) if order.layer is EffectLayer.HARD else []
        if dice.random() >= plan.success_probability:
            result, seen_s = "flew_on", acts_s
        elif order.layer is EffectLayer.HARD:
            result, seen_s = "fell", self._fall(target, self._sky.sample(acts_s), dice)
        else:
            result, seen_s = self._fail_safe(target, self._sky.sample(acts_s))
        self._sky.renew(which)
        outcome = self._outcome(order, result, seen_s)
        if result != "flew_on":
            self.fates[target.name] = (result, outcome.time_utc_ns)
        return outcome, bangs

    def _aimed_at(self, order: EffectOrder) -> int | None:
        """Return the target nearest to where the order aims, or None when none is near."""
        states, aloft = self._sky.at((order.time_utc_ns - self._start_utc_ns) / NS_PER_S)
        distance_m = np.linalg.norm(states[:, :3] - np.array(order.aim_enu_m), axis=1)
        distance_m[~aloft] = np.inf
        nearest = int(np.argmin(distance_m))
        return nearest if distance_m[nearest] <= REACH_M else None

    def _outcome(self, order: EffectOrder, result: str, seen_s: float, says: str = "") -> EffectOutcome:
        watched_s = WATCHED_S[result]
        milliseconds = round(1e3 * (seen_s + watched_s))
        return EffectOutcome(
            order_id=order.order_id,
            time_utc_ns=self._start_utc_ns + milliseconds * 1_000_000,
            result=result,
            says=says or SAYS[result],
        )

    def _noise(self, order: EffectOrder, target: Target, acts_s: float) -> list[Bang]:
        """A hard effect is heard twice: where it starts, beside the asset, and where it bursts."""
        if target.asset_id:
            from_enu_m = self._places.asset_enu_m(target.asset_id)
        else:
            from_enu_m = np.array(order.aim_enu_m)
        acts_utc_ns = self._start_utc_ns + seconds_to_ns(acts_s)
        launched_utc_ns = min(order.time_utc_ns + seconds_to_ns(LAUNCH_S), acts_utc_ns)
        at = target.states[self._sky.sample(acts_s), :3].copy()
        return [Bang(launched_utc_ns, from_enu_m), Bang(acts_utc_ns, at)]

    def _fall(self, target: Target, first: int, dice: np.random.Generator) -> float:
        """Let a target fall from sample `first` on; return when it is on the ground, in seconds."""
        area_m2 = 0.25 * target.size_m**2
        path = self._drop(target.states[first], target.mass_kg / area_m2)
        rest = min(len(path), self._sky.count - first)
        target.states[first : first + rest] = path[:rest]
        target.states[first + rest :] = path[rest - 1]
        target.aloft[first + rest :] = False
        pieces = []
        for _ in range(PIECES):
            state = target.states[first].copy()
            state[3:] += dice.normal(0.0, 6.0, 3)
            # Pieces are light for their size: 0.2 to 1 of the whole's mass per area.
            pieces.append(self._drop(state, dice.uniform(0.2, 1.0) * target.mass_kg / area_m2)[-1, :3])
        self.pieces_enu_m[target.name] = np.vstack((path[-1:, :3], pieces))
        return (first + rest) * STEP_S

    def _drop(self, state: FloatArray, mass_per_area: float) -> FloatArray:
        """Return the fall (n, 6) of a body down to the ground."""
        per_m = 0.5 * AIR_KG_PER_M3 * DRAG_COEFFICIENT / mass_per_area
        wind_mps = np.array([*self._places.wind_enu_mps, 0.0])
        place_m, velocity_mps = state[:3].copy(), state[3:].copy()
        path = [state.copy()]
        # 60 s fall from over 2 km: nothing here is higher.
        for _ in range(round(60.0 / STEP_S)):
            # The midpoint rule: tests/sim/test_effects.py compares with the closed form.
            half_mps = velocity_mps + 0.5 * STEP_S * _pull_mps2(velocity_mps - wind_mps, per_m)
            velocity_mps = velocity_mps + STEP_S * _pull_mps2(half_mps - wind_mps, per_m)
            place_m = place_m + half_mps * STEP_S
            path.append(np.concatenate((place_m, velocity_mps)))
            ground_m = float(self._sky.terrain.up_m(place_m[0], place_m[1]))
            if place_m[2] <= ground_m:
                path[-1][2:] = [ground_m, 0.0, 0.0, 0.0]
                break
        return np.array(path)

    def _fail_safe(self, target: Target, first: int) -> tuple[str, float]:
        """Let a target do what it was set to do without link; return the result and when it is plain."""
        if target.failsafe == "continue":
            return "flew_on", first * STEP_S
        home = target.failsafe == "return"
        state = target.states[first].copy()
        safe_up_m = state[2] + 25.0
        for i in range(first, self._sky.count):
            target.states[i] = state
            east_m, north_m, up_m = state[:3]
            if not home and up_m <= float(self._sky.terrain.up_m(east_m, north_m)) + 0.2:
                state[3:] = 0.0
                target.states[i:] = state
                target.aloft[i:] = False
                return "landed", i * STEP_S
            wanted_mps = self._wanted_mps(target, state, (i - first) * STEP_S, safe_up_m)
            change = wanted_mps - state[3:]
            most = FAILSAFE_MPS2 * STEP_S
            size = float(np.sqrt(change @ change))
            state[3:] += change if size <= most else change * (most / size)
            state[:3] += state[3:] * STEP_S
        # It is in the air to the end: away, or not down yet.
        target.aloft[first:] = True
        return ("returned", first * STEP_S) if home else ("landed", (self._sky.count - 1) * STEP_S)

    def _wanted_mps(self, target: Target, state: FloatArray, since_s: float, safe_up_m: float) -> FloatArray:
        if target.failsafe == "return":
            to_home_m = target.home_m - state[:2]
            away_m = float(np.hypot(*to_home_m))
            across_mps = to_home_m / max(away_m, 1.0) * min(HOME_MPS, 0.3 * away_m)
            return np.array([*across_mps, min(2.0, 0.5 * (safe_up_m - state[2]))])
        if target.failsafe == "hover" and since_s < HOVER_S:
            return np.zeros(3)
        return np.array([0.0, 0.0, -DESCENT_MPS])


def _pull_mps2(through_air_mps: FloatArray, per_m: float) -> FloatArray:
    """Return the acceleration of a falling body: quadratic drag and gravity."""
    drag = -per_m * np.sqrt(through_air_mps @ through_air_mps) * through_air_mps
    drag[2] -= GRAVITY_MPS2
    return np.asarray(drag)
