"""Where things fly: whole paths, from the start of the night to its end, laid out before it begins.

A path is float64, shape (n, 6): east, north, up and their rates in the site frame, a sample every `STEP_S`.
Nothing here knows of sensors or of effects; an effect later replaces the rest of one path. Between samples a
straight line is off by under 2 cm at 1.5 g.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.geo.terrain import Terrain
from skykeep.sim.dice import wander

STEP_S = 0.1


def sample_count(duration_s: float) -> int:
    """Return how many samples a path has in a night that long."""
    return int(np.ceil(duration_s / STEP_S)) + 2


def direction(bearing_rad: float) -> FloatArray:
    """Return the unit vector (east, north) of a bearing."""
    return np.array([np.sin(bearing_rad), np.cos(bearing_rad)])


def smoothed(values: FloatArray, window_s: float) -> FloatArray:
    """Return the running mean over `window_s`, taken twice, along the first axis; ends run straight on."""
    half = round(window_s / STEP_S / 2.0)
    width = 2 * half + 1
    columns = values.reshape(len(values), -1)
    for _ in range(2):
        padded = np.pad(columns, ((half, half), (0, 0)), mode="reflect", reflect_type="odd")
        total = np.cumsum(np.vstack((np.zeros_like(padded[:1]), padded)), axis=0)
        columns = (total[width:] - total[:-width]) / width
    return np.asarray(columns.reshape(values.shape))


def with_rates(position_m: FloatArray) -> FloatArray:
    """Return (n, 6) from positions (n, 3)."""
    return np.hstack((position_m, np.gradient(position_m, STEP_S, axis=0)))


def ground_up_m(terrain: Terrain, place_m: FloatArray, window_s: float) -> FloatArray:
    """Return the ground under a path as an autopilot keeps to it: the highest of a few seconds, smoothed."""
    under = terrain.up_m(place_m[:, 0], place_m[:, 1])
    reach = max(1, round(window_s / 2.0 / STEP_S))
    # The highest within reach, from few shifted copies: a sample a second is dense enough for ground.
    stride = max(1, min(reach, round(1.0 / STEP_S)))
    padded = np.pad(under, reach, mode="edge")
    shifts = range(0, 2 * reach + 1, stride)
    highest = np.max([padded[shift : shift + len(under)] for shift in shifts], axis=0)
    return np.maximum(smoothed(highest, window_s / 2.0), under)


def run_in(
    dice: np.random.Generator,
    count: int,
    terrain: Terrain,
    *,
    start_m: FloatArray,
    goal_enu_m: FloatArray,
    leave_s: float,
    arrive_s: float,
    height_agl_m: float,
    gust_mps: float,
) -> tuple[FloatArray, int, int]:
    """Return the path of a drone that follows the ground to a goal, and its first and last sample.

    It corrects its course a few times, wanders with the gusts, and dives on the last 120 m.
    """
    first, last = round(leave_s / STEP_S), round(arrive_s / STEP_S)
    speed = 1.0 + 0.04 * wander(dice, count, STEP_S, 9.0)
    flown = np.cumsum(np.where(np.arange(count) > first, speed, 0.0))
    fraction = np.minimum(flown / flown[min(last, count - 1)], 1.0) if last < count else flown / flown[-1]
    if last >= count:
        fraction *= (count - 1 - first) / (last - first)

    line_m = goal_enu_m[:2] - start_m
    length_m = float(np.hypot(*line_m))
    across = np.array([-line_m[1], line_m[0]]) / length_m
    knots = np.array([0.0, 0.28, 0.55, 0.8, 1.0])
    offsets_m = np.concatenate(([0.0], dice.normal(0.0, [70.0, 55.0, 25.0]), [0.0]))
    aside_m = np.interp(fraction, knots, offsets_m)
    aside_m += 8.0 * wander(dice, count, STEP_S, 12.0) + 1.5 * gust_mps * wander(dice, count, STEP_S, 3.0)
    left_m = (1.0 - fraction) * length_m
    aside_m = smoothed(aside_m, 3.0) * np.minimum(1.0, left_m / 300.0)
    place_m = start_m + fraction[:, np.newaxis] * line_m + aside_m[:, np.newaxis] * across

    clearance_m = (
        height_agl_m + 4.0 * wander(dice, count, STEP_S, 10.0) + gust_mps * wander(dice, count, STEP_S, 2.5)
    )
    up_m = ground_up_m(terrain, place_m, 6.0) + np.maximum(clearance_m, 20.0)
    level = np.clip(left_m / 120.0, 0.0, 1.0)
    up_m = level * up_m + (1.0 - level) * goal_enu_m[2]
    return with_rates(smoothed(np.column_stack((place_m, up_m)), 1.0)), first, last


def along(points_m: FloatArray, distance_m: FloatArray) -> FloatArray:
    """Return the places so far along a closed chain of corners, shape (n, 2)."""
    closed = np.vstack((points_m, points_m[:1]))
    lengths = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(closed, axis=0).T))))
    wrapped = np.mod(distance_m, lengths[-1])
    return np.column_stack([np.interp(wrapped, lengths, closed[:, axis]) for axis in (0, 1)])


def lawn_mower_corners_m(
    centre_m: FloatArray, length_m: float, width_m: float, bearing_rad: float, spacing_m: float
) -> FloatArray:
    """Return the corners of parallel lines, there and back, `length_m` long along the bearing."""
    forward, right = direction(bearing_rad), direction(bearing_rad + np.pi / 2)
    lines = max(2, int(width_m / spacing_m) + 1)
    corners = []
    for i, aside_m in enumerate((np.arange(lines) - (lines - 1) / 2.0) * spacing_m):
        ends = (-0.5, 0.5) if i % 2 == 0 else (0.5, -0.5)
        corners += [centre_m + forward * (end * length_m) + right * aside_m for end in ends]
    return np.array(corners)


def survey(
    dice: np.random.Generator,
    count: int,
    terrain: Terrain,
    *,
    corners_m: FloatArray,
    speed_mps: float,
    height_agl_m: float,
    gust_mps: float,
) -> FloatArray:
    """Return the path of a drone that flies a chain of corners round and round, from somewhere on it."""
    closed = np.vstack((corners_m, corners_m[:1]))
    whole_m = float(np.sum(np.hypot(*np.diff(closed, axis=0).T)))
    flown_m = np.asarray(dice.uniform(0.0, whole_m) + speed_mps * STEP_S * np.arange(count, dtype=np.float64))
    place_m = smoothed(along(corners_m, flown_m), 3.0)
    place_m += np.column_stack([0.6 * gust_mps * wander(dice, count, STEP_S, 4.0) for _ in range(2)])
    up_m = ground_up_m(terrain, place_m, 8.0) + height_agl_m + 1.5 * wander(dice, count, STEP_S, 8.0)
    return with_rates(smoothed(np.column_stack((place_m, up_m)), 1.0))


def orbit(
    dice: np.random.Generator,
    count: int,
    terrain: Terrain,
    *,
    centre_m: FloatArray,
    radius_m: float,
    speed_mps: float,
    height_agl_m: float,
    gust_mps: float,
) -> FloatArray:
    """Return the path of a drone that circles a place."""
    turn = float(dice.choice([-1.0, 1.0]))
    angle = dice.uniform(0.0, 2 * np.pi) + turn * speed_mps / radius_m * STEP_S * np.arange(count)
    radii_m = radius_m + 6.0 * wander(dice, count, STEP_S, 15.0) + gust_mps * wander(dice, count, STEP_S, 3.0)
    place_m = centre_m + radii_m[:, np.newaxis] * np.column_stack((np.sin(angle), np.cos(angle)))
    up_m = ground_up_m(terrain, place_m, 12.0) + height_agl_m + 2.0 * wander(dice, count, STEP_S, 8.0)
    return with_rates(smoothed(np.column_stack((place_m, up_m)), 1.0))


def straight_past(
    dice: np.random.Generator,
    count: int,
    terrain: Terrain,
    *,
    past_m: FloatArray,
    when_s: float,
    course_rad: float,
    speed_mps: float,
    height_agl_m: float,
    descent_rad: float,
) -> FloatArray:
    """Return the path of an aircraft that is over a spot at `when_s`; on a glide path where it descends.

    In level flight the height is above the highest ground for a minute about; on a glide path, above the
    spot.
    """
    before_m = (when_s - STEP_S * np.arange(count)) * speed_mps
    place_m = past_m - before_m[:, np.newaxis] * direction(course_rad)
    aside_m = 5.0 * wander(dice, count, STEP_S, 25.0)
    place_m += aside_m[:, np.newaxis] * direction(course_rad + np.pi / 2)
    if descent_rad > 0.0:
        up_m = float(terrain.up_m(past_m[0], past_m[1])) + height_agl_m + before_m * np.tan(descent_rad)
    else:
        up_m = ground_up_m(terrain, place_m, 60.0) + height_agl_m
    up_m = up_m + 3.0 * wander(dice, count, STEP_S, 20.0)
    return with_rates(smoothed(np.column_stack((place_m, up_m)), 2.0))
