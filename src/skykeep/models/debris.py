"""Where a stopped aircraft, or the pieces of one, would come down, and how much ground a piece endangers.

What comes down is drawn from Sobol points, never from dice, over: where the track really is (its covariance),
the wind, the drag, how the aircraft fails, and for pieces their mass and the kick that parts them. The points
come in `REPLICATES` blocks, each turned round the unit cube by numbers that a counter gives (`models.philox`,
keyed by ids): the same ids give the same falls, and how far the blocks differ tells how far a mean over all
of them is off for being a sample (`mean_and_error`). No public model of how a drone breaks up is fitted here:
pieces are `piece_count` parts whose masses spread as `piece_mass_sigma_ln` says, and every spread below is an
assumption to be set per site.

Two ways down. *Whole* (after a lost link or lost navigation, should it fall at all): motors stop; one arm is
lost, so part of the weight is still carried; it sinks with windmilling rotors; a fixed wing may glide on,
which is the same as sinking in air that moves with its glide speed. *Pieces*: after it is struck.

Contours are convex rings, edges in 32 directions, cut at equal ranks (half-space depth): nested, and each
holds its share of the samples. Measured against 40,000 falls drawn independently, rings said to hold 50 / 95
/ 99 % hold those shares to within 3 / 1.2 / 0.7 %, whatever the ids; of a normal pattern they have at most
8 % more area than its ellipses (tests/models/test_debris.py). Hulls of the densest samples were tried first:
they hold only 97 % where 99 is meant. Level sets of a density map may break into islands, which one ring
cannot name, and an ellipse misses the lean that wind and drag give the pattern.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np
from scipy.special import ndtri

from skykeep.base.compile import FloatArray, IntArray
from skykeep.geo.terrain import MEAN_EARTH_RADIUS_M, Terrain
from skykeep.models.ballistics import GRAVITY_MPS2, fall_to_ground, fall_to_terrain
from skykeep.models.low_discrepancy import sobol_points
from skykeep.models.philox import shares

REPLICATES = 8
PERSON_RADIUS_M = 0.3
PERSON_HEIGHT_M = 1.8
_LEAST_IMPACT_ANGLE_RAD = math.radians(10.0)
_STEP_S = 0.1
_LIMIT_S = 3600.0
_DIRECTIONS = 32


class FallModel(msgspec.Struct, frozen=True, kw_only=True):
    """What is assumed of the aircraft and of the air; `_sigma_ln` is of the natural logarithm.

    Shares of the ways a whole multirotor comes down are in the order motors stop, one arm lost, windmilling.
    The defaults are of a 1 to 5 kg multirotor with a drag coefficient of 0.7 to 1.0: assumptions, not fits.
    """

    drag_per_m: float = 0.017
    drag_sigma_ln: float = 0.35
    failure_shares: tuple[float, float, float] = (0.6, 0.25, 0.15)
    arm_lost_thrust_share: tuple[float, float] = (0.3, 0.8)
    windmilling_sink_mps: tuple[float, float] = (5.0, 10.0)
    glide_share: float = 0.5
    glide_sink_mps: tuple[float, float] = (2.0, 5.0)
    glide_speed_mps: float = 14.0
    glide_bearing_sigma_rad: float = 1.0
    wind_sigma_mps: float = 2.0
    radius_m: float = 0.25
    piece_count: int = 8
    piece_mass_sigma_ln: float = 0.8
    piece_drag_sigma_ln: float = 0.5
    piece_kick_sigma_mps: float = 6.0
    samples: int = 2048


class Bodies(msgspec.Struct, frozen=True, kw_only=True):
    """Equally likely bodies, n rows: state when stopped, what they are, how many one stop makes."""

    start: FloatArray
    drag_per_m: FloatArray
    thrust_share: FloatArray
    wind_mps: FloatArray
    radius_m: FloatArray
    per_stop: int


def _cholesky(covariance: FloatArray) -> FloatArray:
    """Return a lower factor; a direction without spread, or with less than none by round-off, gets none.

    Written out, because a library's factor differs in its last digits from one processor to the next.
    """
    n = covariance.shape[0]
    factor = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            rest = float(covariance[i, j])
            for k in range(j):
                rest -= float(factor[i, k]) * float(factor[j, k])
            if i == j:
                factor[i, i] = math.sqrt(rest) if rest > 0.0 else 0.0
            elif factor[j, j] > 0.0:
                factor[i, j] = rest / float(factor[j, j])
    return factor


def _drawn(count: int, dimensions: int, key: tuple[int, int]) -> FloatArray:
    """Return `count` points of the open unit cube, in blocks that are turned independently of one another."""
    block = sobol_points(count // REPLICATES, dimensions)
    turn = shares(REPLICATES * dimensions, key).reshape(REPLICATES, 1, dimensions)
    turned = (block[np.newaxis] + turn) % 1.0
    # Both are binary fractions, the turn of an odd last digit: only a sum cut off by the float can be 0.
    return np.maximum(turned.reshape(-1, dimensions), 2.0**-40)


def _ground_up_m(ground: Terrain | float, east_m: FloatArray, north_m: FloatArray) -> FloatArray:
    return np.asarray(ground.up_m(east_m, north_m) if isinstance(ground, Terrain) else ground)


def _stopped_states(
    state: FloatArray, covariance: FloatArray, ground: Terrain | float, normal: FloatArray
) -> FloatArray:
    """Return where it may be when stopped, (n, 6). It flies, so never lower than a metre above ground."""
    factor = _cholesky(covariance)
    states = np.empty((normal.shape[0], 6))
    for i in range(6):
        states[:, i] = state[i]
        for j in range(i + 1):
            states[:, i] += normal[:, j] * factor[i, j]
    states[:, 2] = np.maximum(states[:, 2], _ground_up_m(ground, states[:, 0], states[:, 1]) + 1.0)
    return states


def _between(limits: tuple[float, float], share: FloatArray) -> FloatArray:
    return limits[0] + (limits[1] - limits[0]) * share


def whole_bodies(
    state: FloatArray,
    covariance: FloatArray,
    wind_mps: tuple[float, float],
    ground: Terrain | float,
    fixed_wing_share: float,
    model: FallModel,
    key: tuple[int, int] = (0, 0),
) -> Bodies:
    """Return ways in which the aircraft may come down in one piece from `state` (6,), `covariance` (6, 6).

    `ground` is the terrain, or the one height of level ground; `key` two words made of ids.
    """
    points = _drawn(model.samples, 12, key)
    normal = ndtri(points[:, :10])
    way, level = points[:, 10], points[:, 11]
    start = _stopped_states(state, covariance, ground, normal)
    wind = np.asarray(wind_mps) + model.wind_sigma_mps * normal[:, 6:8]
    drag = model.drag_per_m * np.exp(model.drag_sigma_ln * normal[:, 8])
    thrust = np.zeros(len(points))

    # One coordinate chooses the way down: [0, gliding) glides, the rest is shared as `failure_shares` says.
    gliding = model.glide_share * fixed_wing_share
    glides = way < gliding
    failure = (way - gliding) / (1.0 - gliding) * sum(model.failure_shares)
    arm_lost = ~glides & (failure >= model.failure_shares[0])
    windmilling = arm_lost & (failure >= model.failure_shares[0] + model.failure_shares[1])
    arm_lost &= ~windmilling

    thrust[arm_lost] = _between(model.arm_lost_thrust_share, level)[arm_lost]
    # At its sink speed drag carries the weight: drag_per_m = g / sink^2.
    drag = np.where(windmilling, GRAVITY_MPS2 / _between(model.windmilling_sink_mps, level) ** 2, drag)
    drag = np.where(glides, GRAVITY_MPS2 / _between(model.glide_sink_mps, level) ** 2, drag)
    course_rad = np.arctan2(start[:, 3], start[:, 4]) + model.glide_bearing_sigma_rad * normal[:, 9]
    wind[:, 0] += np.where(glides, model.glide_speed_mps * np.sin(course_rad), 0.0)
    wind[:, 1] += np.where(glides, model.glide_speed_mps * np.cos(course_rad), 0.0)
    return Bodies(
        start=start,
        drag_per_m=drag,
        thrust_share=thrust,
        wind_mps=wind,
        radius_m=np.full(len(points), model.radius_m),
        per_stop=1,
    )


def struck_bodies(
    state: FloatArray,
    covariance: FloatArray,
    wind_mps: tuple[float, float],
    ground: Terrain | float,
    model: FallModel,
    key: tuple[int, int] = (0, 0),
) -> Bodies:
    """Return pieces that may fall when it is struck: each row one piece, `piece_count` of them to a stop.

    A piece with the share f of the mass has the size f^(1/3) and so f^(-1/3) of the drag constant, times a
    spread for its shape. Shares average 1 / piece_count.
    """
    normal = ndtri(_drawn(model.samples, 13, key))
    start = _stopped_states(state, covariance, ground, normal)
    start[:, 3:] += model.piece_kick_sigma_mps * normal[:, 10:13]
    sigma = model.piece_mass_sigma_ln
    share = np.minimum(1.0, np.exp(sigma * normal[:, 9] - 0.5 * sigma**2) / model.piece_count)
    size = np.cbrt(share)
    return Bodies(
        start=start,
        drag_per_m=model.drag_per_m * np.exp(model.piece_drag_sigma_ln * normal[:, 8]) / size,
        thrust_share=np.zeros(len(normal)),
        wind_mps=np.asarray(wind_mps) + model.wind_sigma_mps * normal[:, 6:8],
        radius_m=model.radius_m * size,
        per_stop=model.piece_count,
    )


def landed_states(bodies: Bodies, ground: Terrain | float) -> FloatArray:
    """Return (n, 7): each body's state at the ground and the seconds it took to get there."""
    landed = np.empty((bodies.start.shape[0], 7))
    what = (bodies.start, bodies.drag_per_m, bodies.thrust_share, bodies.wind_mps)
    if isinstance(ground, Terrain):
        grid = (ground.west_m, ground.south_m, ground.spacing_m, MEAN_EARTH_RADIUS_M)
        heights_m = np.ascontiguousarray(ground.heights_m, dtype=np.float64)
        fall_to_terrain(*what, grid, heights_m, _STEP_S, _LIMIT_S, landed)
    else:
        fall_to_ground(*what, np.zeros(2), float(ground), _STEP_S, _LIMIT_S, landed)
    return landed


def mean_and_error(values: FloatArray) -> tuple[float, float]:
    """Return the mean of one value per body, and the standard error that it has for being a sample."""
    means = values.reshape(REPLICATES, -1).mean(axis=1)
    return float(means.mean()), float(means.std(ddof=1) / math.sqrt(REPLICATES))


def critical_area_m2(radius_m: FloatArray, impact_angle_rad: FloatArray) -> FloatArray:
    """Return the ground on which a standing person is met by a body that comes down at an angle, in m2.

    A person is a cylinder, 0.3 m by 1.8 m. While the body sinks the last 1.8 m it moves 1.8 / tan(angle) over
    the ground and meets whoever stands within both radii of that line: a strip with a half disc at either
    end. Tables in use count one half disc only, which at a steep fall is too little by half. Sliding,
    bouncing and roofs are left out. Angles under 10 degrees count as 10.
    """
    reach_m = PERSON_RADIUS_M + np.asarray(radius_m)
    glide_m = PERSON_HEIGHT_M / np.tan(np.maximum(impact_angle_rad, _LEAST_IMPACT_ANGLE_RAD))
    return np.asarray(2.0 * reach_m * glide_m + np.pi * reach_m**2)


def impact_angle_rad(landed: FloatArray) -> FloatArray:
    """Return the angle below the level at which each body of `landed` (n, 7) meets the ground."""
    return np.asarray(np.arctan2(-landed[:, 5], np.hypot(landed[:, 3], landed[:, 4])))


class DepthOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Points (n, 2) sorted by how deep among the others they lie, seen along `_DIRECTIONS` directions.

    `sorted_m` (n, directions) are their projections, each column ascending; `outermost` (n,), ascending: for
    each point the highest rank that it takes in any column. The middle of a cloud takes only middling ranks.
    """

    points_m: FloatArray
    sorted_m: FloatArray
    outermost: IntArray
    ranks: IntArray


def _project(points_m: FloatArray) -> FloatArray:
    """Return the projections (n, directions) on unit vectors all round, anticlockwise from east.

    Summed by hand, as a matrix product differs in its last digits from one processor to the next.
    """
    angle_rad = np.arange(_DIRECTIONS) * (2.0 * np.pi / _DIRECTIONS)
    east, north = points_m[:, :1], points_m[:, 1:2]
    return np.asarray(east * np.cos(angle_rad) + north * np.sin(angle_rad))


def order_by_depth(points_m: FloatArray) -> DepthOrder:
    """Return the depth order of points (n, 2), n at least 1."""
    projected_m = _project(points_m)
    order = np.argsort(projected_m, axis=0, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(len(points_m))[:, np.newaxis], axis=0)
    highest = ranks.max(axis=1)
    return DepthOrder(
        points_m=points_m,
        sorted_m=np.take_along_axis(projected_m, order, axis=0),
        outermost=np.sort(highest),
        ranks=highest,
    )


def middle_m(depth: DepthOrder) -> tuple[float, float]:
    """Return the mean of the deeper half of the points: a middle that a few far pieces do not move."""
    deep = depth.ranks <= depth.outermost[(len(depth.outermost) - 1) // 2]
    east_m, north_m = depth.points_m[deep].mean(axis=0)
    return float(east_m), float(north_m)


def ring_holding(depth: DepthOrder, share: float, margin_m: float) -> FloatArray:
    """Return the convex ring (k, 2), anticlockwise, that holds `share` of what the points stand for.

    It is cut out by one straight edge per direction, all at the same rank. The rank is one beyond the deepest
    `share` of the points: edges drawn *through* the outermost points would leave too little room, because
    the next fall may land beyond them. Edges stand `margin_m` further out, so that one point has a ring too.
    """
    n = len(depth.outermost)
    rank = min(n - 1, int(depth.outermost[max(0, math.ceil(share * n) - 1)]) + 1)
    reach_m = depth.sorted_m[rank] + margin_m
    # Begin with a square wider than all of it, and cut.
    wide_m = 2.0 * float(np.abs(depth.sorted_m).max()) + 10.0 * margin_m
    ring = [(-wide_m, -wide_m), (wide_m, -wide_m), (wide_m, wide_m), (-wide_m, wide_m)]
    for k in range(_DIRECTIONS):
        angle_rad = k * (2.0 * math.pi / _DIRECTIONS)
        ring = _cut(ring, (math.cos(angle_rad), math.sin(angle_rad)), float(reach_m[k]))
    return np.array(ring)


def _cut(
    ring: list[tuple[float, float]], towards: tuple[float, float], reach_m: float
) -> list[tuple[float, float]]:
    """Return the part of a convex ring that reaches no further than `reach_m` along a unit vector."""
    kept: list[tuple[float, float]] = []
    before = ring[-1]
    beyond_before_m = towards[0] * before[0] + towards[1] * before[1] - reach_m
    for corner in ring:
        beyond_m = towards[0] * corner[0] + towards[1] * corner[1] - reach_m
        if (beyond_m > 0.0) != (beyond_before_m > 0.0):
            part = beyond_before_m / (beyond_before_m - beyond_m)
            kept.append(
                (before[0] + part * (corner[0] - before[0]), before[1] + part * (corner[1] - before[1]))
            )
        if beyond_m <= 0.0:
            kept.append(corner)
        before, beyond_before_m = corner, beyond_m
    return kept
