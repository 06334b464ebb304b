"""The drones of a generated night: permitted flights and strays, strangers, and intruders of every way."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.sim import paths
from skykeep.sim.dice import stream, wander
from skykeep.sim.generate_facts import Flight, Leave, Role, Way
from skykeep.sim.generate_ground import Ground
from skykeep.sim.generate_paths import Flown, dogleg_m, hops_m, legs, long_look
from skykeep.sim.generate_permits import Filed
from skykeep.sim.paths import STEP_S
from skykeep.sim.places import Places
from skykeep.sim.targets import Identity, Target, TargetKind

MARGIN_M = 60.0
# Echo in dBsm, size in metres, mass in kilograms, speed in m/s, height above ground in metres: from, to.
MADE: dict[Way, tuple[tuple[float, float], float, float, tuple[float, float], tuple[float, float]]] = {
    Way.DIRECT: ((-19.0, -10.0), 0.7, 5.0, (13.0, 22.0), (60.0, 140.0)),
    Way.DOGLEG: ((-19.0, -10.0), 0.7, 5.0, (14.0, 22.0), (60.0, 140.0)),
    Way.LOW: ((-19.0, -11.0), 0.6, 4.0, (14.0, 22.0), (22.0, 38.0)),
    Way.POP_UP: ((-18.0, -11.0), 0.5, 2.0, (10.0, 17.0), (40.0, 80.0)),
    Way.SWARM: ((-18.0, -12.0), 0.5, 2.0, (13.0, 19.0), (60.0, 120.0)),
    Way.DECOY: ((-13.0, -8.0), 1.0, 8.0, (12.0, 16.0), (90.0, 150.0)),
    Way.QUIET: ((-20.0, -15.0), 0.5, 3.0, (15.0, 20.0), (25.0, 50.0)),
    Way.LOITERER: ((-18.0, -11.0), 0.5, 2.0, (10.0, 16.0), (60.0, 120.0)),
    Way.DARK: ((-20.0, -14.0), 0.6, 4.0, (14.0, 22.0), (50.0, 120.0)),
    Way.FAST: ((-16.0, -9.0), 1.8, 12.0, (28.0, 40.0), (80.0, 160.0)),
    Way.LYING: ((-19.0, -11.0), 0.6, 4.0, (13.0, 21.0), (60.0, 140.0)),
}


class Air(NamedTuple):
    """What flights are drawn in: the seed, the ground, how many samples, how gusty."""

    seed: int
    ground: Ground
    places: Places
    samples: int
    gust_mps: float


def drawn(dice: np.random.Generator, between: tuple[float, float]) -> float:
    return float(dice.uniform(between[0], between[1]))


def drone(air: Air, name: str, kind: TargetKind, flown: Flown, made: Any, **more: Any) -> Target:
    """Return a drone on its path, of the echo, size and mass that are `made`."""
    path, first, last = flown
    dice = stream(air.seed, "generated", "drone", name)
    aloft = np.zeros(air.samples, dtype=np.bool_)
    aloft[first : last + 1] = True
    return Target(
        name=name,
        kind=kind,
        planned=path,
        planned_aloft=aloft,
        rcs_dbsm=drawn(dice, made[0]),
        modulation_db=float(dice.normal(-10.0, 2.0)) + 2.0 * wander(dice, air.samples, STEP_S, 6.0),
        size_m=made[1],
        mass_kg=made[2],
        home_m=path[first, :2].copy(),
        failsafe="continue",
        **more,
    )


def permitted(air: Air, filed: Filed, stray_s: float | None) -> tuple[Target, Flight]:
    """Return a flight under a permit, and out of its area from `stray_s` on."""
    dice = stream(air.seed, "generated", "permitted", filed.name)
    leave, terrain = filed.leave, air.places.terrain
    common: Any = {
        "speed_mps": filed.speed_mps,
        "height_agl_m": filed.height_agl_m,
        "gust_mps": air.gust_mps,
    }
    if filed.lines and stray_s is None:
        corners_m = paths.lawn_mower_corners_m(
            leave.middle_m,
            leave.length_m - 2 * MARGIN_M,
            leave.width_m - 2 * MARGIN_M,
            leave.bearing_rad,
            55.0,
        )
        path = paths.survey(dice, air.samples, terrain, corners_m=corners_m, **common)
        flown: Flown = (path, 0, air.samples - 1)
    else:
        within_m = (leave.radius_m or 0.5 * min(leave.length_m, leave.width_m)) - MARGIN_M
        corners = hops_m(dice, leave.middle_m, within_m, 60)
        if stray_s is not None:
            corners = _straying(dice, corners, leave, filed.speed_mps * stray_s)
        leave_s = 0.0 if dice.random() < 0.6 else float(dice.uniform(5.0, 40.0))
        flown = legs(
            dice,
            air.samples,
            terrain,
            corners_m=corners,
            leave_s=leave_s,
            from_ground=leave_s > 0.0,
            **common,
        )
    agl_m = flown[0][:, 2] - terrain.up_m(flown[0][:, 0], flown[0][:, 1])
    identity = Identity(kind="remote_id", claimed_id=filed.serial, operator_id=filed.operator_id)
    emitter = "multirotor-control-2.4" if dice.random() < 0.8 else ""
    made = ((-18.0, -11.0), 0.7, 4.0)
    target = drone(air, filed.name, TargetKind.PERMITTED, flown, made, identity=identity, emitter=emitter)
    covered = leave.covers(flown[0][:, :2], agl_m)
    return target, Flight(filed.name, Role.PERMITTED, claimed_id=filed.serial, covered=covered)


def _straying(dice: np.random.Generator, corners: FloatArray, leave: Leave, after_m: float) -> FloatArray:
    """Return corners that leave the area for good once `after_m` have been flown."""
    steps = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))))
    keep = max(2, int(np.searchsorted(steps, after_m)))
    across_m = leave.radius_m or 0.5 * float(np.hypot(leave.length_m, leave.width_m))
    out_m = leave.middle_m + (across_m + dice.uniform(500.0, 900.0)) * paths.direction(
        float(dice.uniform(0.0, 2 * np.pi))
    )
    away_m = hops_m(dice, out_m, 200.0, 30)
    return np.vstack((corners[:keep], away_m))


def stranger(air: Air, which: int) -> tuple[Target, Flight]:
    """Return somebody who flies about without leave, far from every asset, and mostly says so."""
    name = f"stranger-{which + 1}"
    dice = stream(air.seed, "generated", name)
    assets_m = [air.ground.place_m(plan.place) for plan in air.ground.assets]
    middle_m = np.zeros(2)
    for _ in range(40):
        middle_m = dice.uniform(1_800.0, 3_600.0) * paths.direction(dice.uniform(0.0, 2 * np.pi))
        if min(float(np.hypot(*(middle_m - asset_m))) for asset_m in assets_m) > 1_500.0:
            break
    flown = legs(
        dice,
        air.samples,
        air.places.terrain,
        corners_m=hops_m(dice, middle_m, 180.0, 60),
        leave_s=float(dice.uniform(0.0, 60.0)),
        speed_mps=float(dice.uniform(4.0, 9.0)),
        height_agl_m=float(dice.uniform(40.0, 110.0)),
        gust_mps=air.gust_mps,
        from_ground=True,
    )
    says = dice.random() < 0.7
    serial = _serial(dice)
    target = drone(
        air,
        name,
        TargetKind.INTRUDER,
        flown,
        ((-20.0, -14.0), 0.4, 1.0),
        identity=Identity(kind="remote_id", claimed_id=serial, operator_id="OPR7X2K9") if says else None,
        emitter="multirotor-video-5.8",
    )
    return target, Flight(name, Role.STRANGER, claimed_id=serial if says else "")


def _serial(dice: np.random.Generator) -> str:
    letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    return "QVTX9" + "".join(letters[int(i)] for i in dice.integers(0, len(letters), 9))


def intruders(air: Air, way: Way) -> list[tuple[Target, Flight]]:
    """Return the intruders of a night: one, a swarm, or a decoy and a quiet one."""
    dice = stream(air.seed, "generated", "intruders")
    asset = air.ground.assets[0 if dice.random() < 0.6 else int(dice.integers(len(air.ground.assets)))]
    from_rad = float(dice.uniform(0.0, 2 * np.pi))
    if way is Way.SWARM:
        leave_s, start_m = float(dice.uniform(15.0, 30.0)), float(dice.uniform(2_000.0, 3_000.0))
        common = (start_m, drawn(dice, MADE[way][3]), drawn(dice, MADE[way][4]))
        return [
            _intruder(air, way, k, asset.asset_id, from_rad, leave_s, common)
            for k in range(int(dice.integers(4, 9)))
        ]
    if way is Way.DECOY:
        decoy = _intruder(air, Way.DECOY, 0, asset.asset_id, from_rad, float(dice.uniform(15.0, 25.0)))
        other_rad = from_rad + float(dice.choice([-1.0, 1.0])) * float(dice.uniform(1.7, 3.1))
        quiet = _intruder(air, Way.QUIET, 1, asset.asset_id, other_rad, float(dice.uniform(25.0, 60.0)))
        return [decoy, quiet]
    return [_intruder(air, way, 0, asset.asset_id, from_rad, float(dice.uniform(15.0, 40.0)))]


def _intruder(
    air: Air,
    way: Way,
    which: int,
    asset_id: str,
    from_rad: float,
    leave_s: float,
    common: tuple[float, float, float] | None = None,
) -> tuple[Target, Flight]:
    name = f"{way.value.split()[0]}-{which + 1}"
    dice = stream(air.seed, "generated", name)
    made, goal_m = MADE[way], air.places.asset_enu_m(asset_id)[:2]
    breach_m = next(plan.breach_radius_m for plan in air.ground.assets if plan.asset_id == asset_id)
    far_m, speed_mps, height_m = common or (
        breach_m + drawn(dice, (250.0, 500.0)) if way is Way.POP_UP else drawn(dice, (2_000.0, 3_600.0)),
        drawn(dice, made[3]),
        drawn(dice, made[4]),
    )
    if way is Way.FAST:
        far_m += 1_200.0
    start_m = goal_m + far_m * paths.direction(from_rad)
    flight: Any = {
        "leave_s": leave_s,
        "speed_mps": speed_mps,
        "height_agl_m": height_m,
        "gust_mps": air.gust_mps,
    }
    if way is Way.LOITERER:
        watch_m = goal_m + (breach_m + drawn(dice, (80.0, 500.0))) * paths.direction(
            from_rad + float(dice.normal(0.0, 0.5))
        )
        flown = long_look(dice, air.samples, air.places.terrain, start_m=start_m, watch_m=watch_m, **flight)
    else:
        if way is Way.DOGLEG:
            corners_m = dogleg_m(dice, start_m, goal_m)
        elif way is Way.SWARM:
            corners_m = _in_formation(dice, start_m, goal_m)
        else:
            aside = paths.direction(from_rad + np.pi / 2)
            bend_m = float(dice.normal(0.0, 60.0 if far_m > 1_000.0 else 5.0))
            corners_m = np.array([start_m, 0.5 * (start_m + goal_m) + bend_m * aside, goal_m])
        popping = way is Way.POP_UP
        flown = legs(
            dice,
            air.samples,
            air.places.terrain,
            corners_m=corners_m,
            from_ground=popping,
            dives_to_m=8.0,
            **flight,
        )
    emitter = "" if way in (Way.DARK, Way.QUIET) or dice.random() < 0.4 else "multirotor-video-5.8"
    claimed_id, identity = "", None
    if way is Way.DECOY or (way in (Way.DIRECT, Way.LOITERER) and dice.random() < 0.25):
        # It says who it is: nobody we know.
        claimed_id = _serial(dice)
        identity = Identity(kind="remote_id", claimed_id=claimed_id)
    target = drone(
        air,
        name,
        TargetKind.INTRUDER,
        flown,
        made,
        identity=identity,
        emitter=emitter,
        asset_id=asset_id,
    )
    return target, Flight(name, Role.INTRUDER, way=way, asset_id=asset_id, claimed_id=claimed_id)


def _in_formation(dice: np.random.Generator, start_m: FloatArray, goal_m: FloatArray) -> FloatArray:
    """Return the way of one of a swarm: beside the others, and each to its own spot near the goal."""
    beside_m = dice.normal(0.0, 70.0, 2)
    return np.array([start_m + beside_m, goal_m + 0.3 * (start_m - goal_m) + beside_m, goal_m])
