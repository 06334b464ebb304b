"""A body that falls through moving air, down to flat ground or to the ground as it is.

Drag is quadratic in the speed through the air, with one constant per body: `drag_per_m` = air density x drag
coefficient x area / (2 mass). Residual thrust is a share of the weight, straight up. The air is of sea-level
density at every height (over 500 m of fall it is thinner by 5 %, less than anyone knows of a drag
coefficient) and moves level: `wind_mps` at the ground, growing by `wind_shear_per_s` with height above it.

Positions are metres east, north, up in one local frame, in which down is -up.
Error: classical Runge-Kutta of order four; with a step of 0.1 s the place, speed and time of the fall of a
compact body differ from the closed forms by under 1e-6 of their size, and a light piece thrown out fast
(drag 0.4 per metre, 40 m/s) lands within 2 cm (tests/models/test_ballistics.py). Halving the step divides
the error by 16 (same test). On uneven ground the crossing is found to 1e-8 s; a crest narrower than what the
body crosses in a step may be missed, and is where the grid is no finer than that.
Source: Newton's second law; the closed forms for rest and for vacuum are in any mechanics text.
"""

from __future__ import annotations

import math

from skykeep.base.compile import FloatArray, kernel

GRAVITY_MPS2 = 9.81
AIR_DENSITY_KGPM3 = 1.225

_Six = tuple[float, float, float, float, float, float]


def drag_per_m(mass_kg: float, area_m2: float, drag_coefficient: float) -> float:
    """Return the drag constant of a body: its deceleration is this times the square of its airspeed."""
    return AIR_DENSITY_KGPM3 * drag_coefficient * area_m2 / (2.0 * mass_kg)


@kernel
def _acceleration(
    height_m: float, ve: float, vn: float, vu: float, drag: float, pull: float, wind: _Six
) -> tuple[float, float, float]:
    """Return the acceleration. `wind` is east and north at the ground, their shears, and two not used."""
    air_e = ve - wind[0] - wind[2] * height_m
    air_n = vn - wind[1] - wind[3] * height_m
    brake = drag * math.sqrt(air_e * air_e + air_n * air_n + vu * vu)
    return -brake * air_e, -brake * air_n, -brake * vu - pull


@kernel
def _advance(s: _Six, h: float, drag: float, pull: float, wind: _Six) -> _Six:
    """Return the state one Runge-Kutta step of `h` seconds on; its third number is height above ground."""
    a = _acceleration(s[2], s[3], s[4], s[5], drag, pull, wind)
    m = 0.5 * h
    be, bn, bu = s[3] + m * a[0], s[4] + m * a[1], s[5] + m * a[2]
    b = _acceleration(s[2] + m * s[5], be, bn, bu, drag, pull, wind)
    ce, cn, cu = s[3] + m * b[0], s[4] + m * b[1], s[5] + m * b[2]
    c = _acceleration(s[2] + m * bu, ce, cn, cu, drag, pull, wind)
    de, dn, du = s[3] + h * c[0], s[4] + h * c[1], s[5] + h * c[2]
    d = _acceleration(s[2] + h * cu, de, dn, du, drag, pull, wind)
    w = h / 6.0
    return (
        s[0] + w * (s[3] + 2.0 * be + 2.0 * ce + de),
        s[1] + w * (s[4] + 2.0 * bn + 2.0 * cn + dn),
        s[2] + w * (s[5] + 2.0 * bu + 2.0 * cu + du),
        s[3] + w * (a[0] + 2.0 * b[0] + 2.0 * c[0] + d[0]),
        s[4] + w * (a[1] + 2.0 * b[1] + 2.0 * c[1] + d[1]),
        s[5] + w * (a[2] + 2.0 * b[2] + 2.0 * c[2] + d[2]),
    )


@kernel
def fall_to_ground(
    start: FloatArray,
    drag_per_m: FloatArray,
    thrust_share: FloatArray,
    wind_mps: FloatArray,
    wind_shear_per_s: FloatArray,
    ground_up_m: float,
    step_s: float,
    limit_s: float,
    landed: FloatArray,
) -> None:
    """Let n bodies fall and write, for each, its state at the ground and the time it took.

    `start` (n, 6): east, north, up, then their rates. `drag_per_m`, `thrust_share` (n,). `wind_mps` (n, 2)
    east and north, `wind_shear_per_s` (2,). `landed` (n, 7) is written: state, then seconds. A body at or
    below the ground has landed at once; one still in the air after `limit_s` gets NaN.
    """
    for i in range(start.shape[0]):
        drag = drag_per_m[i]
        pull = GRAVITY_MPS2 * (1.0 - thrust_share[i])
        wind = (wind_mps[i, 0], wind_mps[i, 1], wind_shear_per_s[0], wind_shear_per_s[1], 0.0, 0.0)
        s = (start[i, 0], start[i, 1], start[i, 2] - ground_up_m, start[i, 3], start[i, 4], start[i, 5])
        time_s = 0.0
        while s[2] > 0.0 and time_s <= limit_s:
            air_e, air_n = s[3] - wind[0] - wind[2] * s[2], s[4] - wind[1] - wind[3] * s[2]
            speed = math.sqrt(air_e * air_e + air_n * air_n + s[5] * s[5])
            # A light piece is braked within a fraction of a step: never step past half its braking time.
            h = step_s if drag * speed * step_s <= 0.5 else 0.5 / (drag * speed)
            after = _advance(s, h, drag, pull, wind)
            if after[2] > 0.0:
                s = after
                time_s += h
                continue
            # It lands within this step: find the part of the step that ends at the ground, by Newton from
            # the chord. Four rounds square the error to round-off. NaN ends up here and stays NaN.
            part_s = h * s[2] / (s[2] - after[2])
            for _ in range(4):
                after = _advance(s, part_s, drag, pull, wind)
                part_s -= after[2] / after[5]
            s = _advance(s, part_s, drag, pull, wind)
            time_s += part_s
            break
        aloft = time_s > limit_s
        for k in range(6):
            landed[i, k] = float("nan") if aloft else s[k]
        landed[i, 2] += ground_up_m
        landed[i, 6] = float("nan") if aloft else time_s


@kernel
def _clearance_m(
    s: _Six, west_m: float, south_m: float, spacing_m: float, heights_m: FloatArray, radius_m: float
) -> float:
    """Return the height above ground: bilinear between nodes, the nearest edge beyond them, and the fall of a
    sphere of `radius_m` below the frame's plane. As `geo.terrain.Terrain.up_m`, for one point.
    """
    rows, columns = heights_m.shape
    column = min(max((s[0] - west_m) / spacing_m, 0.0), columns - 1.0)
    row = min(max((s[1] - south_m) / spacing_m, 0.0), rows - 1.0)
    left, low = min(int(column), columns - 2), min(int(row), rows - 2)
    right_part, high_part = column - left, row - low
    south = heights_m[low, left] * (1.0 - right_part) + heights_m[low, left + 1] * right_part
    north = heights_m[low + 1, left] * (1.0 - right_part) + heights_m[low + 1, left + 1] * right_part
    fall_m = (s[0] * s[0] + s[1] * s[1]) / (2.0 * radius_m)
    ground_m: float = south * (1.0 - high_part) + north * high_part - fall_m
    return s[2] - ground_m


@kernel
def fall_to_terrain(
    start: FloatArray,
    drag_per_m: FloatArray,
    thrust_share: FloatArray,
    wind_mps: FloatArray,
    grid: tuple[float, float, float, float],
    heights_m: FloatArray,
    step_s: float,
    limit_s: float,
    landed: FloatArray,
) -> None:
    """Let n bodies fall to uneven ground; as `fall_to_ground`, without shear.

    `grid` is west edge, south edge, spacing and the earth's radius, in metres; `heights_m` (rows, columns)
    at its nodes, row 0 southernmost. What it meets first counts: a slope, also on the way to a valley.
    """
    for i in range(start.shape[0]):
        drag = drag_per_m[i]
        pull = GRAVITY_MPS2 * (1.0 - thrust_share[i])
        wind = (wind_mps[i, 0], wind_mps[i, 1], 0.0, 0.0, 0.0, 0.0)
        s = (start[i, 0], start[i, 1], start[i, 2], start[i, 3], start[i, 4], start[i, 5])
        known = math.isfinite(s[0] + s[1] + s[2] + s[3] + s[4] + s[5] + drag + pull + wind[0] + wind[1])
        time_s = 0.0
        while (
            known
            and time_s <= limit_s
            and _clearance_m(s, grid[0], grid[1], grid[2], heights_m, grid[3]) > 0.0
        ):
            air_e, air_n = s[3] - wind[0], s[4] - wind[1]
            speed = math.sqrt(air_e * air_e + air_n * air_n + s[5] * s[5])
            h = step_s if drag * speed * step_s <= 0.5 else 0.5 / (drag * speed)
            after = _advance(s, h, drag, pull, wind)
            if _clearance_m(after, grid[0], grid[1], grid[2], heights_m, grid[3]) > 0.0:
                s = after
                time_s += h
                continue
            # It meets the ground within this step: halve the part of it until the moment is known.
            short_s, long_s = 0.0, h
            for _ in range(24):
                middle_s = 0.5 * (short_s + long_s)
                after = _advance(s, middle_s, drag, pull, wind)
                if _clearance_m(after, grid[0], grid[1], grid[2], heights_m, grid[3]) > 0.0:
                    short_s = middle_s
                else:
                    long_s = middle_s
            s = _advance(s, long_s, drag, pull, wind)
            time_s += long_s
            break
        down = known and time_s <= limit_s
        for k in range(6):
            landed[i, k] = s[k] if down else float("nan")
        landed[i, 6] = time_s if down else float("nan")
