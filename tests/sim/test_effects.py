"""How a struck drone falls, against the closed form; how one that lost its link flies, by its limits."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from skykeep.domain.response import EffectLayer, EffectOrder
from skykeep.geo.terrain import Terrain
from skykeep.sim import Scenario
from skykeep.sim.effects import AIR_KG_PER_M3, DRAG_COEFFICIENT, GRAVITY_MPS2, PIECES, Effects
from skykeep.sim.paths import STEP_S
from skykeep.sim.places import Places
from skykeep.sim.sky import Sky
from skykeep.sim.targets import Target, TargetKind
from skykeep.sim.world.model import World

FLAT = Terrain(west_m=-2_000.0, south_m=-2_000.0, spacing_m=100.0, heights_m=np.zeros((41, 41)))


def hovering(height_m: float, failsafe: str = "land", speed_mps: float = 0.0) -> Target:
    """Return a drone of 4 kg and 0.6 m that passes the origin eastward at 10 s, or hovers there."""
    time_s = np.arange(1_200) * STEP_S
    path = np.zeros((1_200, 6))
    path[:, 0], path[:, 2], path[:, 3] = speed_mps * (time_s - 10.0), height_m, speed_mps
    return Target(
        name="one",
        kind=TargetKind.INTRUDER,
        planned=path,
        planned_aloft=np.ones(1_200, dtype=np.bool_),
        rcs_dbsm=-15.0,
        modulation_db=np.full(1_200, -10.0),
        size_m=0.6,
        mass_kg=4.0,
        failsafe=failsafe,
        home_m=np.array([-500.0, 0.0]),
    )


def effects_on(target: Target, scenario: Scenario, world: World, *, wind_mps: float = 0.0) -> Effects:
    """Return effects that always work, at once, in a given west wind."""
    sure = msgspec.structs.replace(
        scenario,
        wind=msgspec.structs.replace(scenario.wind, from_deg=270.0, speed_mps=wind_mps),
        playbooks=tuple(
            msgspec.structs.replace(
                book,
                effects=tuple(
                    msgspec.structs.replace(effect, success_probability=1.0, delay_s=0.0)
                    for effect in book.effects
                ),
            )
            for book in scenario.playbooks
        ),
    )
    return Effects(sure, Sky([target], FLAT), Places(sure, world), seed=1, start_utc_ns=0)


def order(target: Target, layer: EffectLayer) -> EffectOrder:
    """Return an order aimed at where the target is at 10 s."""
    return EffectOrder(
        order_id="order-1",
        proposal_id="proposal-1",
        track_id=1,
        layer=layer,
        time_utc_ns=10_000_000_000,
        aim_enu_m=(0.0, 0.0, float(target.planned[100, 2])),
        approvals=(),
    )


def test_a_drop_from_rest_is_the_closed_form(scenario: Scenario, world: World) -> None:
    target = hovering(75.0)
    outcome, bangs = effects_on(target, scenario, world).carry_out(order(target, EffectLayer.HARD), 0)
    assert outcome.result == "fell"
    assert len(bangs) == 2
    # Quadratic drag from rest: v = vt sqrt(1 - exp(-2 g h / vt^2)), t = vt / g arcosh(exp(g h / vt^2)).
    area_m2 = 0.25 * 0.6**2
    terminal_mps = np.sqrt(2.0 * 4.0 * GRAVITY_MPS2 / (AIR_KG_PER_M3 * DRAG_COEFFICIENT * area_m2))
    fallen = np.flatnonzero(~target.aloft)[0] - 100
    exact_s = terminal_mps / GRAVITY_MPS2 * np.arccosh(np.exp(GRAVITY_MPS2 * 75.0 / terminal_mps**2))
    assert fallen * STEP_S == pytest.approx(exact_s, abs=2.0 * STEP_S)
    before = target.states[100 + fallen - 3]
    height_fallen_m = 75.0 - before[2]
    exact_mps = terminal_mps * np.sqrt(1.0 - np.exp(-2.0 * GRAVITY_MPS2 * height_fallen_m / terminal_mps**2))
    assert -before[5] == pytest.approx(exact_mps, rel=2e-3)
    assert np.abs(before[:2]).max() < 1e-9


def test_wind_carries_the_fall_and_light_pieces_farther(scenario: Scenario, world: World) -> None:
    still, windy = hovering(100.0), hovering(100.0)
    calm = effects_on(still, scenario, world)
    calm.carry_out(order(still, EffectLayer.HARD), 0)
    blown = effects_on(windy, scenario, world, wind_mps=8.0)
    blown.carry_out(order(windy, EffectLayer.HARD), 0)
    assert abs(calm.pieces_enu_m["one"][0, 0]) < 1e-9
    assert 0.5 < blown.pieces_enu_m["one"][0, 0] < 20.0
    assert len(blown.pieces_enu_m["one"]) == 1 + PIECES
    # The same dice throw the pieces; the wind alone moves every one of them east.
    assert np.all(blown.pieces_enu_m["one"][:, 0] > calm.pieces_enu_m["one"][:, 0])


def test_what_flew_falls_ahead_of_where_it_was_struck(scenario: Scenario, world: World) -> None:
    target = hovering(80.0, speed_mps=18.0)
    effects = effects_on(target, scenario, world)
    effects.carry_out(order(target, EffectLayer.HARD), 0)
    # Less than in a vacuum: 18 m/s for 4.04 s is 72.7 m.
    assert 40.0 < effects.pieces_enu_m["one"][0, 0] < 72.7


FAILSAFES = {
    "land": ("landed", False),
    "hover": ("landed", False),
    "return": ("returned", True),
    "continue": ("flew_on", True),
}


@pytest.mark.parametrize("failsafe", FAILSAFES)
def test_a_lost_link_ends_as_the_failsafe_says(failsafe: str, scenario: Scenario, world: World) -> None:
    result, stays_aloft = FAILSAFES[failsafe]
    target = hovering(60.0, failsafe, speed_mps=15.0)
    effects = effects_on(target, scenario, world)
    outcome, bangs = effects.carry_out(order(target, EffectLayer.SOFT), 0)
    assert outcome.result == result
    assert outcome.simulated is True
    assert bangs == []
    assert target.aloft[-1] == stays_aloft
    acceleration_mps2 = np.diff(target.states[:, 3:], axis=0) / STEP_S
    in_flight = target.aloft[1:]
    assert np.linalg.norm(acceleration_mps2[in_flight], axis=1).max() < 4.1
    if failsafe == "continue":
        assert np.array_equal(target.states, target.planned)
    if failsafe == "return":
        assert np.hypot(*(target.states[-1, :2] - target.home_m)) < 20.0
        assert target.states[-1, 2] > 80.0


def test_the_past_does_not_change(scenario: Scenario, world: World) -> None:
    target = hovering(75.0)
    effects = effects_on(target, scenario, world)
    # Sensors have looked up to 20 s: an order dated 10 s acts from then on only.
    effects.carry_out(order(target, EffectLayer.HARD), 20_000_000_000)
    assert np.array_equal(target.states[:201], target.planned[:201])
    assert not target.aloft[-1]
