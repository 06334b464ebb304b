"""Simulated effects: what becomes of the one target an order was aimed at. They exist only here.

A soft effect takes the link, the navigation or both: after the time that its autopilot waits the drone does
what it was set to do (`effects_failsafe`), and one that was set to carry on carries on. Who is in a failsafe
stays in it. A hard effect strikes it: it falls with drag and wind, and pieces fall beside it. Whether an
effect works is drawn from dice of that target, that layer and that attempt, with the probability its proposal
stated. Only the aimed-at target's path changes. What comes of it is told as facts, each when it can be seen
and with its place: it hovered, and later it landed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.base.compile import FloatArray
from skykeep.domain.place import Vector
from skykeep.domain.response import EffectLayer, EffectOrder, EffectOutcome
from skykeep.sim.dice import stream
from skykeep.sim.effects_failsafe import Conduct, Loss, failsafe_of
from skykeep.sim.effects_flight import Flight
from skykeep.sim.paths import STEP_S
from skykeep.sim.places import Places
from skykeep.sim.scenario import EffectPlan, Scenario
from skykeep.sim.sky import Sky
from skykeep.sim.targets import Target

# A track may be this far from its target and the effect still finds it.
REACH_M = 150.0
LAUNCH_S = 1.0
WATCHED_S = {"flew_on": 4.0, "fell": 2.0, "landed": 2.0, "hovered": 8.0, "returned": 12.0}
SAYS = {
    "flew_on": "It flies on.",
    "fell": "It has fallen.",
    "struck": "It was struck and has fallen.",
    "landed": "It has landed by itself.",
    "hovered": "It stands still in the air.",
    "drifted": "It holds its height and drifts with the wind.",
    "returned": "It has turned back and is flying away.",
}


@dataclass(frozen=True)
class Bang:
    """A noise that people can hear."""

    time_utc_ns: int
    position_enu_m: FloatArray


class Effects:
    """Carries out orders, in simulation only."""

    def __init__(self, scenario: Scenario, sky: Sky, places: Places, *, seed: int, start_utc_ns: int) -> None:
        self._sky, self._places, self._seed, self._start_utc_ns = sky, places, seed, start_utc_ns
        self._flight = Flight(sky, places)
        plans = [effect for book in reversed(scenario.playbooks) for effect in book.effects]
        self._by_layer: dict[EffectLayer, EffectPlan] = {effect.layer: effect for effect in plans}
        self._by_option: dict[str, EffectPlan] = {effect.option_id: effect for effect in plans}
        self._attempts: dict[tuple[str, EffectLayer], int] = {}
        self._in_failsafe: dict[str, Conduct] = {}
        self.fates: dict[str, tuple[str, int]] = {}
        self.pieces_enu_m: dict[str, FloatArray] = {}

    def carry_out(self, order: EffectOrder, now_utc_ns: int) -> tuple[tuple[EffectOutcome, ...], list[Bang]]:
        """Change what is to come by an order; return what comes of it, which lies in the future, and its
        noise.

        `now_utc_ns` is up to when sensors have looked already: the past does not change.
        """
        if order.simulated is not True:
            raise ValueError("only a simulated order is carried out")
        plan = self._by_option.get(order.option_id, self._by_layer.get(order.layer))
        which = self._aimed_at(order)
        delay_s = plan.delay_s if plan is not None else 0.0
        acts_utc_ns = max(order.time_utc_ns + seconds_to_ns(delay_s), now_utc_ns)
        acts_s = (acts_utc_ns - self._start_utc_ns) / NS_PER_S
        if plan is None or which is None or not self._sky.aloft[which, self._sky.sample(acts_s)]:
            return (self._outcome(order, "flew_on", acts_s, None, "Nothing was there to reach."),), []
        target = self._sky.targets[which]
        attempt = self._attempts.get((target.name, order.layer), 0)
        self._attempts[(target.name, order.layer)] = attempt + 1
        dice = stream(self._seed, "effect", target.name, order.layer.value, str(attempt))
        bangs = self._noise(order, target, acts_s) if order.layer is EffectLayer.HARD else []
        if dice.random() >= plan.success_probability:
            outcomes = self._flew_on(order, target, acts_s)
        elif order.layer is EffectLayer.HARD:
            outcomes = self._strike(order, target, self._sky.sample(acts_s), dice)
        else:
            outcomes = self._take_away(order, target, acts_s, Loss(plan.breaks))
        self._sky.renew(which)
        if outcomes[-1].result != "flew_on":
            self.fates[target.name] = (outcomes[-1].result, outcomes[-1].time_utc_ns)
        return outcomes, bangs

    def _aimed_at(self, order: EffectOrder) -> int | None:
        """Return the target nearest to where the order aims, or None when none is near."""
        states, aloft = self._sky.at((order.time_utc_ns - self._start_utc_ns) / NS_PER_S)
        distance_m = np.linalg.norm(states[:, :3] - np.array(order.aim_enu_m), axis=1)
        distance_m[~aloft] = np.inf
        nearest = int(np.argmin(distance_m))
        return nearest if distance_m[nearest] <= REACH_M else None

    def _outcome(
        self, order: EffectOrder, result: str, seen_s: float, target: Target | None, says: str = ""
    ) -> EffectOutcome:
        """Return a fact that can be seen at `seen_s`, told once it has been watched for a while."""
        told_s = 1e-3 * round(1e3 * (seen_s + WATCHED_S[result]))
        place: Vector | None = None
        if target is not None:
            east_m, north_m, up_m = target.states[self._sky.sample(told_s), :3].tolist()
            place = (round(east_m, 1), round(north_m, 1), round(up_m, 1))
        return EffectOutcome(
            order_id=order.order_id,
            time_utc_ns=self._start_utc_ns + round(1e3 * told_s) * 1_000_000,
            result=result,
            says=says or SAYS[result],
            place_enu_m=place,
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

    def _flew_on(self, order: EffectOrder, target: Target, acts_s: float) -> tuple[EffectOutcome, ...]:
        return (self._outcome(order, "flew_on", acts_s, target),)

    def _strike(
        self, order: EffectOrder, target: Target, first: int, dice: np.random.Generator
    ) -> tuple[EffectOutcome, ...]:
        struck = target.states[first].copy()
        down = self._flight.fall(target, first)
        pieces_enu_m = self._flight.pieces(target, struck, dice)
        self.pieces_enu_m[target.name] = np.vstack((target.states[-1:, :3], pieces_enu_m))
        return (self._outcome(order, "fell", down * STEP_S, target, SAYS["struck"]),)

    def _take_away(
        self, order: EffectOrder, target: Target, acts_s: float, loss: Loss
    ) -> tuple[EffectOutcome, ...]:
        """Let a target do what it was set to do without its link or its position, after its time to notice.

        A failsafe that has begun holds: when the link is lost again, nothing changes.
        """
        failsafe = failsafe_of(target.failsafe)
        first = self._sky.sample(acts_s + failsafe.delay_s)
        if not target.aloft[first]:
            # It was down before it noticed anything.
            return self._flew_on(order, target, acts_s)
        already = self._in_failsafe.get(target.name)
        conduct = already or failsafe.conduct(loss)
        if conduct is Conduct.CONTINUE:
            return self._flew_on(order, target, acts_s + failsafe.delay_s)
        self._in_failsafe[target.name] = conduct
        begun_s = first * STEP_S
        if conduct is Conduct.DROP:
            down: int | None = self._flight.fall(target, first)
            return (self._outcome(order, "fell", (down or 0) * STEP_S, target),)
        if already is None:
            down = self._flight.fail_safe(target, first, conduct)
        else:
            down = None if target.aloft[-1] else int(np.flatnonzero(target.aloft)[-1]) + 1
        if conduct is Conduct.RETURN:
            return (self._outcome(order, "returned", begun_s, target),)
        facts = []
        if conduct is not Conduct.LAND:
            says = SAYS["drifted" if conduct is Conduct.DRIFT else "hovered"]
            facts.append(self._outcome(order, "hovered", begun_s, target, says))
        if down is not None:
            facts.append(self._outcome(order, "landed", down * STEP_S, target))
        # Not down before the night ends: it was seen to come down by itself, and no more.
        return tuple(facts) or (self._outcome(order, "hovered", begun_s, target, "It is coming down."),)
