"""Everything that flies in a night, drawn from a scenario, each thing with dice of its own."""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray
from skykeep.sim import bird_paths, paths
from skykeep.sim.dice import stream, wander
from skykeep.sim.draw_flights import draw_flight
from skykeep.sim.paths import STEP_S
from skykeep.sim.places import Places
from skykeep.sim.plan_targets import (
    PERMIT_MARGIN_M,
    AircraftPlan,
    BirdsPlan,
    FalseIdentityPlan,
    IntruderPlan,
    PatternKind,
    PermittedFlightPlan,
)
from skykeep.sim.plan_terms import Between
from skykeep.sim.scenario import Scenario
from skykeep.sim.targets import FalseIdentity, Identity, Target, TargetKind

# Wing beats leak into the filter that looks for rotors: this much, at three beats a second.
FLAPPING_MODULATION_DB = -19.0
GLIDING_MODULATION_DB = -27.0


def draw_targets(scenario: Scenario, seed: int, places: Places, count: int) -> list[Target]:
    """Return everything that flies, `count` samples long, in the order of the file."""
    targets = [_intruder(plan, scenario, seed, places, count) for plan in scenario.intruders]
    targets += [_permitted(plan, scenario, seed, places, count) for plan in scenario.permitted]
    targets += [_aircraft(plan, seed, places, count) for plan in scenario.aircraft]
    for birds in scenario.birds:
        targets += _birds(birds, seed, places, count)
    for flight in scenario.flights:
        targets += draw_flight(flight, scenario.wind.gust_mps, seed, places, count)
    return targets


def _draw(dice: np.random.Generator, between: Between) -> float:
    return float(dice.uniform(between[0], between[1]))


def _whole(count: int) -> BoolArray:
    return np.ones(count, dtype=np.bool_)


def _intruder(plan: IntruderPlan, scenario: Scenario, seed: int, places: Places, count: int) -> Target:
    dice = stream(seed, "target", plan.name)
    goal_m = places.asset_enu_m(plan.asset_id) + np.array([0.0, 0.0, 8.0])
    from_rad = np.radians(_draw(dice, plan.from_deg))
    leave_s, arrive_s = _draw(dice, plan.start_delay_s), _draw(dice, plan.arrive_s)
    start_m = float(np.clip(_draw(dice, plan.speed_mps) * (arrive_s - leave_s), *plan.start_m))
    path, first, last = paths.run_in(
        dice,
        count,
        places.terrain,
        start_m=goal_m[:2] + start_m * paths.direction(from_rad),
        goal_enu_m=goal_m,
        leave_s=leave_s,
        arrive_s=arrive_s,
        height_agl_m=_draw(dice, plan.height_agl_m),
        gust_mps=scenario.wind.gust_mps,
    )
    aloft = _whole(count)
    aloft[:first] = False
    aloft[last + 1 :] = False
    failsafes = sorted(plan.failsafe_shares)
    shares = np.array([plan.failsafe_shares[name] for name in failsafes])
    target = Target(
        name=plan.name,
        kind=TargetKind.INTRUDER,
        planned=path,
        planned_aloft=aloft,
        rcs_dbsm=_draw(dice, plan.rcs_dbsm),
        modulation_db=_rotors(dice, count),
        size_m=plan.size_m,
        mass_kg=plan.mass_kg,
        failsafe=str(dice.choice(np.array(failsafes, dtype=object), p=shares / shares.sum())),
        emitter=plan.emitter if dice.random() < plan.transmits_share else "",
        asset_id=plan.asset_id,
        home_m=path[first, :2].copy(),
    )
    if plan.remote_id == "false" and scenario.false_identity is not None:
        _lie(target, dice, scenario.false_identity, places, count)
    return target


def _lie(
    target: Target, dice: np.random.Generator, plan: FalseIdentityPlan, places: Places, count: int
) -> None:
    """Give a target one of the false identities."""
    lie = list(FalseIdentity)[int(dice.integers(3))]
    claimed_place_m = None
    serial = {
        FalseIdentity.COPIED: plan.copied_serial,
        FalseIdentity.DISPLACED: plan.unused_serial,
        FalseIdentity.UNKNOWN: plan.unknown_serial,
    }[lie]
    if lie is FalseIdentity.DISPLACED:
        circle = paths.orbit(
            dice,
            count,
            places.terrain,
            centre_m=places.spot_m(plan.unused_at),
            radius_m=120.0,
            speed_mps=7.0,
            height_agl_m=60.0,
            gust_mps=0.3,
        )
        claimed_place_m = circle[:, :3]
    target.false_identity = lie
    target.identity = Identity(kind="remote_id", claimed_id=serial, claimed_place_m=claimed_place_m)


def _rotors(dice: np.random.Generator, count: int) -> FloatArray:
    """Return how strong a multirotor's blades echo beside its body, which changes with aspect and load."""
    level_db = float(dice.normal(-10.0, 2.0))
    return level_db + 2.0 * wander(dice, count, STEP_S, 6.0)


def _permitted(
    plan: PermittedFlightPlan, scenario: Scenario, seed: int, places: Places, count: int
) -> Target:
    dice = stream(seed, "target", plan.name)
    outline = next(permit.outline for permit in scenario.permits if permit.permit_id == plan.permit_id)
    centre_m = places.spot_m(outline.at)
    if plan.pattern is PatternKind.ORBIT:
        path = paths.orbit(
            dice,
            count,
            places.terrain,
            centre_m=centre_m,
            radius_m=plan.orbit_radius_m,
            speed_mps=plan.speed_mps,
            height_agl_m=plan.height_agl_m,
            gust_mps=scenario.wind.gust_mps,
        )
    else:
        inside_m = 2.0 * PERMIT_MARGIN_M
        corners_m = paths.lawn_mower_corners_m(
            centre_m,
            outline.length_m - inside_m,
            outline.width_m - inside_m,
            np.radians(outline.bearing_deg),
            plan.line_spacing_m,
        )
        path = paths.survey(
            dice,
            count,
            places.terrain,
            corners_m=corners_m,
            speed_mps=plan.speed_mps,
            height_agl_m=plan.height_agl_m,
            gust_mps=scenario.wind.gust_mps,
        )
    return Target(
        name=plan.name,
        kind=TargetKind.PERMITTED,
        planned=path,
        planned_aloft=_whole(count),
        rcs_dbsm=_draw(dice, plan.rcs_dbsm),
        modulation_db=_rotors(dice, count),
        size_m=plan.size_m,
        mass_kg=plan.mass_kg,
        emitter=plan.emitter,
        identity=Identity(kind="remote_id", claimed_id=plan.serial, operator_id=plan.operator_id),
        failsafe="return",
        home_m=centre_m,
    )


def _aircraft(plan: AircraftPlan, seed: int, places: Places, count: int) -> Target:
    dice = stream(seed, "target", plan.name)
    when_s = _draw(dice, plan.before_s)
    path = paths.straight_past(
        dice,
        count,
        places.terrain,
        past_m=places.spot_m(plan.at),
        when_s=when_s,
        course_rad=np.radians(plan.course_deg),
        speed_mps=plan.speed_mps,
        height_agl_m=plan.height_agl_m,
        descent_rad=np.radians(plan.descent_deg),
    )
    aloft = _whole(count)
    if plan.route == "approach":
        aloft[round(when_s / STEP_S) + 1 :] = False
    return Target(
        name=plan.name,
        kind=TargetKind.AIRCRAFT,
        planned=path,
        planned_aloft=aloft,
        rcs_dbsm=_draw(dice, plan.rcs_dbsm),
        modulation_db=plan.modulation_db + 1.5 * wander(dice, count, STEP_S, 6.0),
        size_m=plan.size_m,
        mass_kg=3_000.0,
        identity=Identity(kind="adsb", claimed_id=plan.address, category=plan.category),
    )


def _birds(plan: BirdsPlan, seed: int, places: Places, count: int) -> list[Target]:
    flock = stream(seed, "flock", plan.name)
    leader = _bird_path(plan, flock, places, count) if plan.habit == "flock" else None
    birds = []
    for i in range(plan.count):
        name = f"{plan.name}-{i + 1}"
        dice = stream(seed, "target", name)
        if leader is None:
            path = _bird_path(plan, dice, places, count)
        else:
            path = bird_paths.flock_member(dice, leader, plan.spread_m)
        flapping = wander(dice, count, STEP_S, 8.0) > (1.0 if plan.habit == "soaring" else -1.0)
        beat_db = 10.0 * np.log10(plan.wingbeat_hz / 3.0)
        birds.append(
            Target(
                name=name,
                kind=TargetKind.BIRD,
                planned=path,
                planned_aloft=_whole(count),
                rcs_dbsm=_draw(dice, plan.rcs_dbsm),
                modulation_db=np.where(flapping, FLAPPING_MODULATION_DB + beat_db, GLIDING_MODULATION_DB)
                + dice.normal(0.0, 2.0)
                + 2.0 * wander(dice, count, STEP_S, 3.0),
                size_m=plan.size_m,
                mass_kg=0.8,
            )
        )
    return birds


def _bird_path(plan: BirdsPlan, dice: np.random.Generator, places: Places, count: int) -> FloatArray:
    about_m = places.spot_m(plan.about)
    airspeed_mps, height_agl_m = _draw(dice, plan.airspeed_mps), _draw(dice, plan.height_agl_m)
    from_rad = dice.uniform(0.0, 2 * np.pi)
    if plan.habit == "soaring":
        return bird_paths.soar(
            dice,
            count,
            places.terrain,
            start_m=about_m + plan.spread_m * np.sqrt(dice.random()) * paths.direction(from_rad),
            airspeed_mps=airspeed_mps,
            height_agl_m=height_agl_m,
            wind_mps=places.wind_enu_mps,
        )
    far_m = 1_500.0 if plan.habit == "flock" else plan.spread_m
    start_m = about_m + far_m * dice.uniform(0.4, 1.0) * paths.direction(from_rad)
    near_m = about_m + dice.normal(0.0, 80.0, 2)
    away_m = about_m + far_m * paths.direction(from_rad + dice.uniform(1.5, 4.5))
    fly = bird_paths.glide if plan.habit == "gliding" else bird_paths.commute
    return fly(
        dice,
        count,
        places.terrain,
        start_m=start_m,
        goals_m=np.array([near_m, away_m, start_m]),
        airspeed_mps=airspeed_mps,
        height_agl_m=height_agl_m,
        wind_mps=places.wind_enu_mps,
    )
