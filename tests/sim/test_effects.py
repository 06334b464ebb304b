"""How a struck drone falls, against the closed form; how one that lost its link flies, by its limits."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from skykeep.domain.response import EffectLayer, EffectOrder
from skykeep.geo.terrain import Terrain
from skykeep.sim import Scenario
from skykeep.sim.effects import Effects
from skykeep.sim.effects_failsafe import FAILSAFES, Conduct, Loss, failsafe_of
from skykeep.sim.effects_flight import AIR_KG_PER_M3, DRAG_COEFFICIENT, GRAVITY_MPS2, HOVER_S, PIECES
from skykeep.sim.paths import STEP_S
from skykeep.sim.places import Places
from skykeep.sim.sky import Sky
from skykeep.sim.targets import Target, TargetKind
from skykeep.sim.world.model import World

SECOND = "another-loss"
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


def effects_on(
    target: Target,
    scenario: Scenario,
    world: World,
    *,
    wind_mps: float = 0.0,
    breaks: Loss = Loss.LINK,
    second: Loss = Loss.LINK,
) -> Effects:
    """Return effects that always work, at once, in a given west wind; the option `SECOND` breaks `second`."""
    sure = msgspec.structs.replace(
        scenario,
        wind=msgspec.structs.replace(scenario.wind, from_deg=270.0, speed_mps=wind_mps),
        playbooks=tuple(
            msgspec.structs.replace(
                book,
                effects=tuple(
                    msgspec.structs.replace(
                        effect, option_id=name, success_probability=1.0, delay_s=0.0, breaks=loss.value
                    )
                    for effect in book.effects
                    for name, loss in ((SECOND, second), (effect.option_id, breaks))
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
    effects = effects_on(target, scenario, world)
    (outcome,), bangs = effects.carry_out(order(target, EffectLayer.HARD), 0)
    assert outcome.result == "fell"
    # It came down where it hung: the ground there, seen two seconds after.
    assert outcome.place_enu_m == pytest.approx((0.0, 0.0, 0.0), abs=0.05)
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


def test_what_is_light_as_a_feather_comes_down_at_its_terminal_speed(
    scenario: Scenario, world: World
) -> None:
    target = hovering(75.0, speed_mps=40.0)
    target.mass_kg = 0.02
    effects = effects_on(target, scenario, world)
    effects.carry_out(order(target, EffectLayer.HARD), 0)
    area_m2 = 0.25 * target.size_m**2
    terminal_mps = np.sqrt(2.0 * 0.02 * GRAVITY_MPS2 / (AIR_KG_PER_M3 * DRAG_COEFFICIENT * area_m2))
    fallen_s = (np.flatnonzero(~target.aloft)[0] - 100) * STEP_S
    assert fallen_s == pytest.approx(75.0 / terminal_mps, rel=0.02)
    assert np.all(np.isfinite(effects.pieces_enu_m["one"]))


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


# What a lost link alone, a lost position alone and both lead to, in the words of outcomes.
STORIES: dict[str, dict[Loss, list[str]]] = {
    "land": {loss: ["landed"] for loss in Loss},
    "hover": {loss: ["hovered", "landed"] for loss in Loss},
    "return": {Loss.LINK: ["returned"], Loss.NAVIGATION: ["landed"], Loss.BOTH: ["landed"]},
    "continue": {loss: ["flew_on"] for loss in Loss},
    "px4-terminate": {Loss.LINK: ["fell"], Loss.NAVIGATION: ["landed"], Loss.BOTH: ["fell"]},
    "dji-return": {
        Loss.LINK: ["returned"],
        Loss.NAVIGATION: ["hovered", "landed"],
        Loss.BOTH: ["hovered", "landed"],
    },
    "nobody knows": {loss: ["flew_on"] for loss in Loss},
}


@pytest.mark.parametrize("loss", list(Loss))
@pytest.mark.parametrize("failsafe", STORIES)
def test_what_is_lost_ends_as_the_failsafe_says(
    failsafe: str, loss: Loss, scenario: Scenario, world: World
) -> None:
    target = hovering(60.0, failsafe, speed_mps=15.0)
    effects = effects_on(target, scenario, world, breaks=loss)
    outcomes, bangs = effects.carry_out(order(target, EffectLayer.SOFT), 0)
    results = [outcome.result for outcome in outcomes]
    assert results == STORIES[failsafe][loss]
    assert all(outcome.simulated is True for outcome in outcomes)
    assert bangs == []
    assert target.aloft[-1] == (results[-1] in ("returned", "flew_on"))
    waits = round(failsafe_of(failsafe).delay_s / STEP_S)
    # Until it notices it flies as planned.
    assert np.array_equal(target.states[: 100 + waits], target.planned[: 100 + waits])
    if results == ["flew_on"]:
        assert np.array_equal(target.states, target.planned)
    if results[-1] == "landed":
        acceleration_mps2 = np.diff(target.states[:, 3:], axis=0) / STEP_S
        assert np.linalg.norm(acceleration_mps2[target.aloft[1:]], axis=1).max() < 4.1
        assert outcomes[-1].place_enu_m is not None
        assert outcomes[-1].place_enu_m[2] == pytest.approx(0.0, abs=0.5)
    if results == ["returned"]:
        assert np.hypot(*(target.states[-1, :2] - target.home_m)) < 20.0
        assert target.states[-1, 2] > 80.0
    # Facts come in order, and each is of its own time.
    assert [outcome.time_utc_ns for outcome in outcomes] == sorted(
        outcome.time_utc_ns for outcome in outcomes
    )


def test_a_hover_holds_its_place_and_a_drift_goes_with_the_wind(scenario: Scenario, world: World) -> None:
    held, blown = hovering(60.0, "hover"), hovering(60.0, "hover")
    effects_on(held, scenario, world, wind_mps=5.0).carry_out(order(held, EffectLayer.SOFT), 0)
    away = effects_on(blown, scenario, world, wind_mps=5.0, breaks=Loss.NAVIGATION)
    (first, _), _ = away.carry_out(order(blown, EffectLayer.SOFT), 0)
    late = 105 + round(HOVER_S / STEP_S)
    assert np.hypot(*held.states[late, :2]) < 0.5
    assert blown.states[late, 0] == pytest.approx(5.0 * HOVER_S, abs=8.0)
    assert blown.states[late, 2] == pytest.approx(60.0, abs=0.5)
    assert "drifts with the wind" in first.says


@pytest.mark.parametrize("then", list(Loss))
def test_who_is_in_a_failsafe_stays_in_it(then: Loss, scenario: Scenario, world: World) -> None:
    """Authority 15 says sticky: the link back, or something lost once more, changes nothing. Without a
    position this one would land, had it not begun to return.
    """
    assert failsafe_of("ardupilot-1").conduct(Loss.BOTH) is Conduct.LAND
    target = hovering(60.0, "ardupilot-1", speed_mps=15.0)
    effects = effects_on(target, scenario, world, second=then)
    effects.carry_out(order(target, EffectLayer.SOFT), 0)
    path = target.states.copy()
    again = msgspec.structs.replace(
        order(target, EffectLayer.SOFT),
        order_id="order-2",
        option_id=SECOND,
        time_utc_ns=30_000_000_000,
        aim_enu_m=tuple(path[300, :3].tolist()),
    )
    (outcome,), _ = effects.carry_out(again, 30_000_000_000)
    assert outcome.result == "returned"
    assert np.array_equal(target.states, path)


def test_every_documented_setting_ends_in_a_state_we_can_fly() -> None:
    for name, failsafe in FAILSAFES.items():
        assert failsafe.delay_s >= 0.0
        # Without a position nobody finds home.
        assert failsafe.conduct(Loss.BOTH) is not Conduct.RETURN, name
        assert failsafe.conduct(Loss.NAVIGATION) is not Conduct.RETURN, name
        assert failsafe.conduct(Loss.BOTH) is not Conduct.HOVER, name


def test_nothing_there_is_flown_on_and_moves_nobody(scenario: Scenario, world: World) -> None:
    target = hovering(60.0)
    effects = effects_on(target, scenario, world)
    far = msgspec.structs.replace(order(target, EffectLayer.HARD), aim_enu_m=(900.0, 900.0, 60.0))
    (outcome,), bangs = effects.carry_out(far, 0)
    assert (outcome.result, outcome.place_enu_m, bangs) == ("flew_on", None, [])
    assert np.array_equal(target.states, target.planned)


def test_the_past_does_not_change(scenario: Scenario, world: World) -> None:
    target = hovering(75.0)
    effects = effects_on(target, scenario, world)
    # Sensors have looked up to 20 s: an order dated 10 s acts from then on only.
    effects.carry_out(order(target, EffectLayer.HARD), 20_000_000_000)
    assert np.array_equal(target.states[:201], target.planned[:201])
    assert not target.aloft[-1]
