"""Flights that a scenario leads by the hand, drawn: whole paths, echoes, and what they say of themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray
from skykeep.sim.dice import stream, wander
from skykeep.sim.paths import STEP_S, direction, ground_up_m, smoothed, with_rates
from skykeep.sim.places import Places
from skykeep.sim.plan_flights import Body, BroadcastPlan, FlightPlan
from skykeep.sim.plan_terms import EchoBetween
from skykeep.sim.targets import Identity, Target
from skykeep.sim.ways import Way, lay_way

# Between corners of a swarm's pattern: the angle that leaves no gaps.
GOLDEN_RAD = np.pi * (3.0 - np.sqrt(5.0))
JUMP_S = 4.0


@dataclass(frozen=True)
class Make:
    """What a body is like: echo, size, mass, blades beside the body line, how slowly it turns, how much a
    gust moves it, and over how long it looks ahead for ground.
    """

    rcs_dbsm: EchoBetween
    size_m: float
    mass_kg: float
    modulation_db: float
    modulation_sigma_db: float
    turning_s: float
    gust_share: float
    ahead_s: float


MAKES = {
    Body.MULTIROTOR: Make((-18.0, -12.0), 0.6, 3.0, -10.0, 2.0, 2.0, 0.8, 6.0),
    Body.FIXED_WING: Make((-17.0, -11.0), 2.0, 8.0, -17.0, 2.5, 5.0, 1.0, 12.0),
    Body.HELICOPTER: Make((5.0, 9.0), 13.0, 3_000.0, -7.0, 1.5, 5.0, 0.5, 20.0),
    Body.AIRLINER: Make((16.0, 20.0), 38.0, 60_000.0, -18.0, 1.5, 8.0, 0.2, 60.0),
    Body.BALLOON: Make((-22.0, -14.0), 1.0, 0.3, -27.0, 2.0, 1.0, 1.5, 80.0),
    Body.KITE: Make((-24.0, -16.0), 1.5, 1.0, -24.0, 2.0, 1.0, 2.0, 2.0),
    Body.SENDER: Make((-60.0, -60.0), 0.2, 1.0, -40.0, 0.0, 1.0, 0.0, 1.0),
}


def draw_flight(plan: FlightPlan, gust_mps: float, seed: int, places: Places, count: int) -> list[Target]:
    """Return everything that flies by one plan, `count` samples long."""
    shared = stream(seed, "flight", plan.name)
    first = round(float(shared.uniform(*plan.start_s)) / STEP_S)
    pattern_rad = shared.uniform(0.0, 2 * np.pi)
    turn = float(shared.choice([-1.0, 1.0]))
    start = Way(
        place_m=places.spot_m(plan.start)[np.newaxis],
        height_agl_m=np.array([plan.height_agl_m]),
        speed_mps=plan.speed_mps,
    )
    trunk = lay_way(start, plan.legs, places, turn)
    ways = [lay_way(trunk, branch, places, turn) for branch in plan.branches] or [trunk]
    leader_m = _gusts_m(shared, plan, gust_mps, count)
    targets = []
    for i in range(plan.count):
        name = plan.name if plan.count == 1 else f"{plan.name}-{i + 1}"
        dice = stream(seed, "target", name)
        away_m = plan.spread_m * np.sqrt((i + 0.5) / plan.count) if plan.count > 1 else 0.0
        offset_m = np.array([*(away_m * direction(pattern_rad + i * GOLDEN_RAD)), 0.0])
        own_m = leader_m + offset_m
        if plan.count > 1:
            own_m = own_m + 0.08 * plan.spread_m * np.column_stack(
                [share * wander(dice, count, STEP_S, 8.0) for share in (1.0, 1.0, 0.4)]
            )
        path, aloft = _fly(ways[i % len(ways)], own_m, first, plan.body, places, count)
        targets.append(_target(plan, name, dice, path, aloft, first, i == 0, places))
    return targets


def _gusts_m(dice: np.random.Generator, plan: FlightPlan, gust_mps: float, count: int) -> FloatArray:
    """Return how far gusts push it off its way, (n, 3)."""
    push_m = MAKES[plan.body].gust_share * gust_mps
    return push_m * np.column_stack(
        [share * wander(dice, count, STEP_S, tau_s) for share, tau_s in ((1.5, 4.0), (1.5, 4.0), (0.8, 3.0))]
    )


def _fly(
    way: Way, aside_m: FloatArray, first: int, body: Body, places: Places, count: int
) -> tuple[FloatArray, BoolArray]:
    """Return the path that is flown over a way, and when it is in the air."""
    make = MAKES[body]
    first = min(first, count - 2)
    flown = max(2, min(len(way.place_m), count - first))
    rows = np.minimum(np.arange(flown), len(way.place_m) - 1)
    window_s = min(make.turning_s, 0.4 * flown * STEP_S)
    place_m = smoothed(way.place_m[rows], window_s) + aside_m[first : first + flown, :2]
    height_m = smoothed(way.height_agl_m[rows], min(2.0, window_s)) + aside_m[first : first + flown, 2]
    ahead_s = min(make.ahead_s, 0.4 * flown * STEP_S)
    up_m = ground_up_m(places.terrain, place_m, ahead_s) + np.maximum(height_m, 1.0)
    position_m = np.column_stack((place_m, up_m))
    path = np.empty((count, 6))
    path[first : first + flown] = with_rates(position_m)
    path[:first] = np.concatenate((position_m[0], np.zeros(3)))
    path[first + flown :] = np.concatenate((position_m[-1], np.zeros(3)))
    aloft = np.zeros(count, dtype=np.bool_)
    aloft[first : first + flown] = True
    return path, aloft


def _target(
    plan: FlightPlan,
    name: str,
    dice: np.random.Generator,
    path: FloatArray,
    aloft: BoolArray,
    first: int,
    speaks: bool,
    places: Places,
) -> Target:
    make, says = MAKES[plan.body], plan.broadcast if speaks else None
    count = len(path)
    identity = None if says is None else _identity(says, path, places)
    if says is not None and says.sent_from is not None:
        path = np.tile(np.concatenate((places.ground_enu_m(says.sent_from, 1.5), np.zeros(3))), (count, 1))
        make = MAKES[Body.SENDER]
    rotors_db = dice.normal(make.modulation_db, make.modulation_sigma_db)
    rcs_dbsm = make.rcs_dbsm if plan.rcs_dbsm is None or make is MAKES[Body.SENDER] else plan.rcs_dbsm
    return Target(
        name=name,
        kind=plan.kind,
        planned=path,
        planned_aloft=aloft,
        rcs_dbsm=float(dice.uniform(*rcs_dbsm)),
        modulation_db=rotors_db + 2.0 * wander(dice, count, STEP_S, 6.0),
        size_m=make.size_m if plan.size_m is None else plan.size_m,
        mass_kg=make.mass_kg if plan.mass_kg is None else plan.mass_kg,
        failsafe=plan.failsafe,
        emitter=plan.emitter,
        identity=identity,
        false_identity=None if says is None else says.false_as,
        asset_id=plan.asset_id,
        home_m=path[first, :2].copy(),
    )


def _identity(says: BroadcastPlan, path: FloatArray, places: Places) -> Identity:
    """Return what it broadcasts, and from where it says to."""
    claimed_m: FloatArray | None = None
    if says.sent_from is not None or says.shift_m or says.jump_m:
        claimed_m = path[:, :3].copy()
        aside = direction(float(np.radians(says.shift_deg)))
        claimed_m[:, :2] += says.shift_m * aside
        there = np.arange(len(path)) % round(2.0 * JUMP_S / STEP_S) >= round(JUMP_S / STEP_S)
        claimed_m[:, :2] += np.outer(there * says.jump_m, aside)
    return Identity(
        kind="adsb" if says.address else "remote_id",
        claimed_id=says.address or says.serial,
        operator_id=says.operator_id,
        category=says.category,
        claimed_place_m=claimed_m,
        operator_m=None if says.operator_at is None else places.spot_m(says.operator_at),
        from_s=says.from_s,
        until_s=says.until_s,
    )
