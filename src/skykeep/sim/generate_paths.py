"""The ways of drones in generated nights: legs between corners, a climb out of the streets, a long look.

Paths are as in `sim.paths`. Each returns its first and last sample in the air as well.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.geo.terrain import Terrain
from skykeep.sim.dice import wander
from skykeep.sim.paths import STEP_S, direction, ground_up_m, smoothed, with_rates

CLIMB_MPS = 4.0
DIVE_M = 120.0
# Corners are flown round, not cut: about as a multirotor at 20 m/s banks.
ROUNDED_S = 4.0

Flown = tuple[FloatArray, int, int]


def legs(
    dice: np.random.Generator,
    count: int,
    terrain: Terrain,
    *,
    corners_m: FloatArray,
    leave_s: float,
    speed_mps: float,
    height_agl_m: float,
    gust_mps: float,
    from_ground: bool = False,
    dives_to_m: float | None = None,
    stays: bool = False,
) -> Flown:
    """Return the path along corners (k, 2), at a speed that varies a little.

    `from_ground`: it climbs first. `dives_to_m`: the last `DIVE_M` go down to so far above ground. It is gone
    at the last corner unless it `stays` there.
    """
    first = round(leave_s / STEP_S)
    steps = np.hypot(*np.diff(corners_m, axis=0).T)
    whole_m = float(steps.sum())
    climb_s = height_agl_m / CLIMB_MPS if from_ground else 0.0
    since_s = STEP_S * (np.arange(count) - first)
    pace = np.where(since_s > 0.6 * climb_s, 1.0 + 0.04 * wander(dice, count, STEP_S, 9.0), 0.0)
    flown_m = np.minimum(np.cumsum(pace * speed_mps * STEP_S), whole_m)
    at_m = np.concatenate(([0.0], np.cumsum(steps)))
    place_m = np.column_stack([np.interp(flown_m, at_m, corners_m[:, axis]) for axis in (0, 1)])
    place_m = smoothed(place_m, ROUNDED_S)
    left_m = whole_m - flown_m
    sway_m = np.column_stack(
        [
            4.0 * wander(dice, count, STEP_S, 12.0) + 1.2 * gust_mps * wander(dice, count, STEP_S, 4.0)
            for _ in range(2)
        ]
    )
    place_m = place_m + sway_m * np.minimum(1.0, (1.0 if stays else left_m / 300.0))[..., np.newaxis]
    clearance_m = (
        height_agl_m
        + 0.04 * height_agl_m * wander(dice, count, STEP_S, 10.0)
        + gust_mps * wander(dice, count, STEP_S, 2.5)
    )
    if from_ground:
        clearance_m = np.minimum(clearance_m, np.maximum(CLIMB_MPS * since_s, 1.0))
    ground_m = ground_up_m(terrain, place_m, 6.0)
    up_m = ground_m + np.maximum(clearance_m, 1.0 if from_ground else 15.0)
    if dives_to_m is not None:
        level = np.clip(left_m / DIVE_M, 0.0, 1.0)
        up_m = level * up_m + (1.0 - level) * (ground_m + dives_to_m)
    arrived = np.flatnonzero(left_m <= 0.0)
    last = int(arrived[0]) if len(arrived) and not stays else count - 1
    return with_rates(smoothed(np.column_stack((place_m, up_m)), 1.0)), first, last


def dogleg_m(dice: np.random.Generator, start_m: FloatArray, goal_m: FloatArray) -> FloatArray:
    """Return corners that first lead past the goal: one or two turns, the last 700 to 1,400 m before it."""
    line_m = start_m - goal_m
    bearing_rad = float(np.arctan2(line_m[0], line_m[1]))
    turn = float(dice.choice([-1.0, 1.0]))
    last_m = goal_m + dice.uniform(700.0, 1_400.0) * direction(bearing_rad + turn * dice.uniform(0.5, 1.4))
    if dice.random() < 0.5:
        return np.array([start_m, last_m, goal_m])
    half_m = 0.5 * (start_m + goal_m) + dice.uniform(200.0, 600.0) * direction(bearing_rad - turn * 1.5)
    return np.array([start_m, half_m, last_m, goal_m])


def long_look(
    dice: np.random.Generator,
    count: int,
    terrain: Terrain,
    *,
    start_m: FloatArray,
    watch_m: FloatArray,
    leave_s: float,
    speed_mps: float,
    height_agl_m: float,
    gust_mps: float,
) -> Flown:
    """Return the path of one that comes near and stays to watch: it hovers, or goes round a small circle."""
    path, first, last = legs(
        dice,
        count,
        terrain,
        corners_m=np.array([start_m, watch_m]),
        leave_s=leave_s,
        speed_mps=speed_mps,
        height_agl_m=height_agl_m,
        gust_mps=gust_mps,
        stays=True,
    )
    if dice.random() < 0.5:
        there = np.hypot(*(path[:, :2] - watch_m).T) < 60.0
        start = int(np.argmax(there)) if there.any() else count
        since_s = STEP_S * np.maximum(np.arange(count) - start, 0)
        radius_m = np.minimum(since_s * 2.0, dice.uniform(25.0, 70.0))
        angle = dice.uniform(0.0, 2 * np.pi) + 6.0 / 45.0 * since_s
        circle_m = radius_m[:, np.newaxis] * np.column_stack((np.sin(angle), np.cos(angle)))
        path = with_rates(path[:, :3] + np.column_stack((circle_m, np.zeros(count))))
    return path, first, last


def hops_m(dice: np.random.Generator, middle_m: FloatArray, within_m: float, corners: int) -> FloatArray:
    """Return corners (k, 2) at random within a circle, at least a third of its radius apart."""
    chain = [middle_m + within_m * np.sqrt(dice.random()) * direction(dice.uniform(0, 2 * np.pi))]
    while len(chain) < corners:
        spot_m = middle_m + within_m * np.sqrt(dice.random()) * direction(dice.uniform(0, 2 * np.pi))
        if np.hypot(*(spot_m - chain[-1])) > within_m / 3.0:
            chain.append(spot_m)
    return np.array(chain)
