"""How birds fly: to and fro across the wind, in flocks, in circles that drift, and gliding on a line.

A bird holds its airspeed, so its ground speed changes with the wind; only a glider holds a straight course
for long. `python3 x.py bench classes` says how easily they are told from drones. Paths are as in `sim.paths`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.geo.terrain import Terrain
from skykeep.sim.dice import wander
from skykeep.sim.paths import STEP_S, direction, smoothed, with_rates

DECISION_S = 0.5
NEAR_GOAL_M = 60.0
MOST_TURN_RAD = np.radians(25.0) * DECISION_S


def commute(
    dice: np.random.Generator,
    count: int,
    terrain: Terrain,
    *,
    start_m: FloatArray,
    goals_m: FloatArray,
    airspeed_mps: float,
    height_agl_m: float,
    wind_mps: FloatArray,
) -> FloatArray:
    """Return the path of a bird that heads for one goal (m, 2) after another, correcting for wind by eye."""
    decisions = int(count * STEP_S / DECISION_S) + 2
    stray_rad = np.radians(14.0) * wander(dice, decisions, DECISION_S, 7.0)
    speeds_mps = airspeed_mps * (1.0 + 0.06 * wander(dice, decisions, DECISION_S, 6.0))
    heading_rad = float(np.arctan2(*(goals_m[0] - start_m)))

    def velocity_mps(i: int, to_goal_m: FloatArray) -> FloatArray:
        nonlocal heading_rad
        # It aims off for most of the wind, not for all of it.
        wanted = to_goal_m / max(1.0, float(np.hypot(*to_goal_m))) * airspeed_mps - 0.7 * wind_mps
        off_rad = float(np.arctan2(wanted[0], wanted[1])) + stray_rad[i] - heading_rad
        off_rad = (off_rad + np.pi) % (2 * np.pi) - np.pi
        heading_rad += float(np.clip(off_rad, -MOST_TURN_RAD, MOST_TURN_RAD))
        velocity: FloatArray = speeds_mps[i] * direction(heading_rad) + wind_mps
        return velocity

    places_m = _to_goals(decisions, start_m, goals_m, velocity_mps)
    return _at_height(dice, count, terrain, places_m, height_agl_m, 3.0)


def glide(
    dice: np.random.Generator,
    count: int,
    terrain: Terrain,
    *,
    start_m: FloatArray,
    goals_m: FloatArray,
    airspeed_mps: float,
    height_agl_m: float,
    wind_mps: FloatArray,
) -> FloatArray:
    """Return the path of a gull that glides on a line for half a minute, hangs on the wind, and glides on:
    of all birds the most like a drone.
    """
    decisions = int(count * STEP_S / DECISION_S) + 2
    stray_rad = np.radians(2.5) * wander(dice, decisions, DECISION_S, 15.0)
    # It loiters for some seconds at a time: then it holds against the wind and hardly moves over the ground.
    hangs = wander(dice, decisions, DECISION_S, 25.0) > 1.0
    share = np.convolve(np.pad(np.where(hangs, 0.25, 1.0), 6, mode="edge"), np.full(13, 1 / 13), "valid")
    ground_mps = airspeed_mps * share * (1.0 + 0.02 * wander(dice, decisions, DECISION_S, 10.0))

    def velocity_mps(i: int, to_goal_m: FloatArray) -> FloatArray:
        course_rad = float(np.arctan2(to_goal_m[0], to_goal_m[1]) + stray_rad[i])
        # It looks where it goes and corrects for the wind, but for a tenth of it.
        velocity: FloatArray = ground_mps[i] * direction(course_rad) + 0.1 * wind_mps
        return velocity

    places_m = _to_goals(decisions, start_m, goals_m, velocity_mps)
    return _at_height(dice, count, terrain, places_m, height_agl_m, 1.5)


def soar(
    dice: np.random.Generator,
    count: int,
    terrain: Terrain,
    *,
    start_m: FloatArray,
    airspeed_mps: float,
    height_agl_m: float,
    wind_mps: FloatArray,
) -> FloatArray:
    """Return the path of a bird that circles on rising air, and drifts with it."""
    decisions = int(count * STEP_S / DECISION_S) + 2
    time_s = np.arange(decisions) * DECISION_S
    radius_m = dice.uniform(25.0, 60.0)
    turn = float(dice.choice([-1.0, 1.0]))
    rate_rps = turn * airspeed_mps / radius_m * (1.0 + 0.15 * wander(dice, decisions, DECISION_S, 15.0))
    angle = dice.uniform(0.0, 2 * np.pi) + np.cumsum(rate_rps) * DECISION_S
    circle_m = radius_m * np.column_stack((np.sin(angle), np.cos(angle)))
    places_m = start_m + circle_m + 0.5 * time_s[:, np.newaxis] * wind_mps
    return _at_height(dice, count, terrain, places_m, height_agl_m, 12.0)


def flock_member(dice: np.random.Generator, leader: FloatArray, spread_m: float) -> FloatArray:
    """Return the path of one bird of a flock: near its leader, changing places."""
    count = len(leader)
    offset_m = spread_m * (
        0.6 * dice.standard_normal(3)
        + np.column_stack([0.4 * wander(dice, count, STEP_S, 10.0) for _ in range(3)])
    )
    offset_m[:, 2] *= 0.3
    return with_rates(leader[:, :3] + smoothed(offset_m, 2.0))


def _to_goals(
    decisions: int,
    start_m: FloatArray,
    goals_m: FloatArray,
    velocity_mps: Callable[[int, FloatArray], FloatArray],
) -> FloatArray:
    """Return the places (decisions, 2), one each `DECISION_S`, of a bird that turns for the next goal where
    it is near one; `velocity_mps` is asked with the number of the decision and the way to the goal.
    """
    places_m = np.empty((decisions, 2))
    at_m = np.array(start_m, dtype=np.float64)
    goal = 0
    for i in range(decisions):
        places_m[i] = at_m
        to_goal_m = goals_m[goal] - at_m
        if np.hypot(*to_goal_m) < NEAR_GOAL_M:
            goal = (goal + 1) % len(goals_m)
            to_goal_m = goals_m[goal] - at_m
        at_m = at_m + velocity_mps(i, to_goal_m) * DECISION_S
    return places_m


def _at_height(
    dice: np.random.Generator,
    count: int,
    terrain: Terrain,
    places_m: FloatArray,
    height_agl_m: float,
    roam_m: float,
) -> FloatArray:
    """Return the path over `places_m`, one each `DECISION_S`, at a height that roams by `roam_m`."""
    time_s = np.arange(count) * STEP_S
    knots_s = np.arange(len(places_m)) * DECISION_S
    place_m = np.column_stack([np.interp(time_s, knots_s, places_m[:, axis]) for axis in (0, 1)])
    place_m = smoothed(place_m, 1.2)
    ground_m = smoothed(terrain.up_m(place_m[:, 0], place_m[:, 1]), 8.0)
    up_m = ground_m + np.maximum(height_agl_m + roam_m * wander(dice, count, STEP_S, 12.0), 8.0)
    up_m = np.maximum(up_m, terrain.up_m(place_m[:, 0], place_m[:, 1]) + 4.0)
    return with_rates(smoothed(np.column_stack((place_m, up_m)), 1.0))
