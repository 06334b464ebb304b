"""What is told falsely in a generated night: by an intruder about itself, or from the ground about nobody."""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.sim import paths
from skykeep.sim.dice import stream
from skykeep.sim.generate_facts import Flight, Lie, Role
from skykeep.sim.generate_flights import Air, drawn, drone
from skykeep.sim.generate_permits import Filed
from skykeep.sim.targets import FalseIdentity, Identity, Target, TargetKind

LIES_AS = {
    Lie.COPIED: FalseIdentity.COPIED,
    Lie.BORROWED: FalseIdentity.COPIED,
    Lie.DISPLACED: FalseIdentity.DISPLACED,
    Lie.SHIFTED: FalseIdentity.DISPLACED,
    Lie.GHOST: FalseIdentity.DISPLACED,
}


def lie(air: Air, target: Target, flight: Flight, what: Lie, flying: Filed, idle: Filed) -> Flight:
    """Have a target broadcast something false; return what is then known of it."""
    dice = stream(air.seed, "generated", "lie")
    filed = flying if what is Lie.COPIED else idle
    claimed_m: FloatArray | None = None
    if what is Lie.DISPLACED:
        claimed_m = _circle_m(air, dice, idle.leave.middle_m)
    elif what is Lie.SHIFTED:
        aside = paths.direction(float(dice.uniform(0.0, 2 * np.pi)))
        claimed_m = target.planned[:, :3] + np.array([*(drawn(dice, (350.0, 900.0)) * aside), 0.0])
    target.identity = Identity(kind="remote_id", claimed_id=filed.serial, claimed_place_m=claimed_m)
    target.false_identity = LIES_AS[what]
    return flight._replace(lie=what, claimed_id=filed.serial)


def ghost(air: Air, idle: Filed) -> tuple[Target, Flight]:
    """Return a transmitter on the ground that tells of a permitted flight where there is none."""
    dice = stream(air.seed, "generated", "ghost")
    at_m = drawn(dice, (600.0, 2_500.0)) * paths.direction(float(dice.uniform(0.0, 2 * np.pi)))
    still = np.zeros((air.samples, 6))
    still[:, :2] = at_m
    still[:, 2] = float(air.places.terrain.up_m(at_m[0], at_m[1])) + 2.0
    made = ((-59.0, -58.0), 0.01, 0.1)
    target = drone(air, "ghost", TargetKind.INTRUDER, (still, 0, air.samples - 1), made)
    target.modulation_db[:] = -60.0
    claimed_m = _circle_m(air, dice, idle.leave.middle_m)
    target.identity = Identity(kind="remote_id", claimed_id=idle.serial, claimed_place_m=claimed_m)
    target.false_identity = LIES_AS[Lie.GHOST]
    return target, Flight("ghost", Role.GHOST, lie=Lie.GHOST, claimed_id=idle.serial)


def _circle_m(air: Air, dice: np.random.Generator, middle_m: FloatArray) -> FloatArray:
    """Return a circling flight as somebody would make it up, (n, 3)."""
    path = paths.orbit(
        dice,
        air.samples,
        air.places.terrain,
        centre_m=middle_m,
        radius_m=110.0,
        speed_mps=7.0,
        height_agl_m=60.0,
        gust_mps=0.3,
    )
    return path[:, :3]
