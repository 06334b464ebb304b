"""Which volumes hold a point, compiled: a tree of boxes, then height and time, then the outline itself.

Angles are degrees, longitude first; heights metres, times UTC nanoseconds. A NaN height is inside everything.
Error: a point within `EDGE_DEG` (a tenth of a millimetre) of an edge is on it, and inside.
(tests/airspace/test_index.py, against every zone in turn, and PostGIS).
Derivation: inside are those about whom the winding number of the outer ring is not zero, that of no hole odd.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skykeep.airspace.arc_kernels import arc_m, on_ellipsoid_m
from skykeep.base.compile import FloatArray, IntArray, kernel

EDGE_DEG = 1e-9
ON_EDGE = 1 << 40
FAN_OUT = 8
"""Boxes in a box of the tree."""

DAY_NS = 86_400_000_000_000
_STACK = 256
# The least radius of curvature on the ellipsoid.
_LEAST_M = 6_335_439.0

# Columns of `Tables.limits`: floor, ceiling; a circle's centre (earth-centred, three) and radius.
FLOOR, CEILING, CENTRE, RADIUS, LIMITS = 0, 1, 2, 5, 6
# Columns of `Tables.volumes`: zone, what floor and ceiling are above, rings (from a first to a last).
ZONE, FLOOR_ABOVE, CEILING_ABOVE, FIRST_RING, LAST_RING, VOLUMES = 0, 1, 2, 3, 4, 5
ABOVE_GROUND, ABOVE_SEA, ABOVE_ELLIPSOID = 0, 1, 2
# Columns of `Tables.bands`: where a ring's bands begin in `first_edge`, and how many there are.
FIRST_BAND, BANDS = 0, 1
# Columns of `Tables.rings`: its box, bands per degree.
WEST, SOUTH, EAST, NORTH, PER_DEG = 0, 1, 2, 3, 4
# Columns of `Tables.periods`: begin, end, hours (from a first to a last); of `Tables.hours`: weekdays as
# bits, begin and end from midnight.
BEGIN, END, FIRST_HOURS, LAST_HOURS = 0, 1, 2, 3
WEEKDAYS, FROM, TO = 0, 1, 2


class Tables(NamedTuple):
    """What the kernels read. Volume v is leaf v of the tree; a parent's children lie together."""

    boxes: FloatArray  # (leaves and parents, 4) west, south, east, north; the root is the last
    levels: IntArray  # (levels + 1,) where each level of the tree begins, leaves first, and its end
    limits: FloatArray  # (volumes, LIMITS)
    volumes: IntArray  # (volumes, VOLUMES)
    rings: FloatArray  # (rings, 5)
    bands: IntArray  # (rings, 2)
    first_edge: IntArray  # (bands + 1 for each ring,) where a band's edges begin in `edges`
    edges: NDArray[np.int32]  # which corner of `corners` an edge begins at; it ends at the next
    corners: FloatArray  # (n, 2)
    zones: IntArray  # (zones, 2) periods, from a first to a last; none is always
    periods: IntArray  # (periods, 4)
    hours: IntArray  # (hours, 3)


@kernel
def zones_at(
    t: Tables,
    rank: IntArray,
    place: tuple[float, float],
    heights_m: tuple[float, float, float],
    time_utc_ns: int,
    found: IntArray,
    count: int,
) -> int:
    """Add to `found`, from `count` on, the rank of each zone that holds a point, once and in order; return
    the count then. A rank of -1 hides a zone. What is beyond the length of `found` is only counted.

    `place` is longitude and latitude, `heights_m` above ground, sea and ellipsoid.
    """
    return _search(
        t, rank, place, heights_m, time_utc_ns, found, count, np.empty((2, _STACK), dtype=np.int64)
    )


@kernel
def _search(
    t: Tables,
    rank: IntArray,
    place: tuple[float, float],
    heights_m: tuple[float, float, float],
    time_utc_ns: int,
    found: IntArray,
    count: int,
    stack: IntArray,
) -> int:
    """As `zones_at`; `stack` is room to work in."""
    y, n, top = place[1], count, t.levels.shape[0] - 2
    if t.volumes.shape[0] == 0:
        return n
    # By names of their own: an array taken out of `t` within the loop is counted in and out each time.
    boxes, tree, volumes, limits = t.boxes, t.levels, t.volumes, t.limits
    zones, periods, hours = t.zones, t.periods, t.hours
    x = place[0] - 360.0 * math.floor((place[0] + 180.0) / 360.0)
    last = boxes[boxes.shape[0] - 1, EAST]
    waiting, levels = stack[0], stack[1]
    ecef_m = (math.nan, 0.0, 0.0)
    while x <= last + EDGE_DEG:
        waiting[0], levels[0] = boxes.shape[0] - 1, top
        depth = 1 if is_in_box(boxes, boxes.shape[0] - 1, x, y) else 0
        while depth > 0:
            depth -= 1
            node, level = waiting[depth], levels[depth]
            if level > 0:
                first = tree[level - 1] + (node - tree[level]) * FAN_OUT
                for child in range(first, min(first + FAN_OUT, tree[level])):
                    # Counted, not branched upon: nobody can foresee which boxes hold a point.
                    waiting[depth], levels[depth] = child, level - 1
                    depth += is_in_box(boxes, child, x, y)
                continue
            floor_m, ceiling_m = limits[node, FLOOR], limits[node, CEILING]
            # A height that is not known is between any limits.
            if (
                heights_m[volumes[node, FLOOR_ABOVE]] < floor_m
                or heights_m[volumes[node, CEILING_ABOVE]] > ceiling_m
            ):
                continue
            zone = volumes[node, ZONE]
            r = rank[zone]
            if (
                r < 0
                or is_known(found, count, n, r)
                or not is_in_force(zones, periods, hours, zone, time_utc_ns)
            ):
                continue
            if volumes[node, FIRST_RING] < 0:
                if math.isnan(ecef_m[0]):
                    ecef_m = on_ellipsoid_m(x, y)
                held = is_in_circle(t, node, ecef_m)
            else:
                held = is_in_rings(t, node, x, y)
            if held:
                n = put(found, count, n, r)
        x += 360.0
    return n


@kernel
def is_in_box(boxes: FloatArray, node: int, x: float, y: float) -> bool:
    """Return whether a box of the tree holds a point."""
    return bool(
        (x >= boxes[node, WEST] - EDGE_DEG)
        & (x <= boxes[node, EAST] + EDGE_DEG)
        & (y >= boxes[node, SOUTH] - EDGE_DEG)
        & (y <= boxes[node, NORTH] + EDGE_DEG)
    )


@kernel
def is_known(found: IntArray, count: int, n: int, r: int) -> bool:
    """Return whether a rank stands between `count` and `n` already."""
    known = False
    for k in range(count, min(n, found.shape[0])):
        known |= found[k] == r
    return known


@kernel
def put(found: IntArray, count: int, n: int, r: int) -> int:
    """Put a rank in its order among those from `count` on."""
    if n < found.shape[0]:
        k = n
        while k > count and found[k - 1] > r:
            found[k] = found[k - 1]
            k -= 1
        found[k] = r
    return n + 1


@kernel
def all_zones_at(
    t: Tables,
    rank: IntArray,
    places: FloatArray,
    heights_m: FloatArray,
    times_utc_ns: IntArray,
    order: IntArray,
    found: IntArray,
    parts: IntArray,
) -> int:
    """Fill `found` with the ranks for one point after another, taken in `order`, and `parts` (points, 2) with
    where each point's begin and end; return how long `found` must be.
    """
    n, stack = 0, np.empty((2, _STACK), dtype=np.int64)
    for k in order:
        # What has no room is asked again, with all the others.
        start = min(n, found.shape[0])
        end = _search(
            t,
            rank,
            (places[k, 0], places[k, 1]),
            (heights_m[k, 0], heights_m[k, 1], heights_m[k, 2]),
            times_utc_ns[k],
            found,
            start,
            stack,
        )
        parts[k, 0] = n
        n += end - start
        parts[k, 1] = n
    return n


@kernel
def in_order_of_points(found: IntArray, parts: IntArray, point: IntArray, zone: IntArray) -> None:
    """Write pairs by point out of what was found in another order."""
    n = 0
    for k in range(parts.shape[0]):
        for at in range(parts[k, 0], parts[k, 1]):
            point[n], zone[n] = k, found[at]
            n += 1


@kernel
def is_in_force(zones: IntArray, periods: IntArray, hours: IntArray, zone: int, time_utc_ns: int) -> bool:
    """Return whether any of a zone's periods holds; the tables are those of `Tables`."""
    first, last = zones[zone, 0], zones[zone, 1]
    if first == last:
        return True
    # The first instant of 1970 was a Thursday's.
    day = time_utc_ns // DAY_NS
    of_day_ns = time_utc_ns - day * DAY_NS
    for p in range(first, last):
        if time_utc_ns < periods[p, BEGIN] or time_utc_ns > periods[p, END]:
            continue
        if periods[p, FIRST_HOURS] == periods[p, LAST_HOURS]:
            return True
        for h in range(periods[p, FIRST_HOURS], periods[p, LAST_HOURS]):
            begin, end, weekdays = hours[h, FROM], hours[h, TO], hours[h, WEEKDAYS]
            if begin <= of_day_ns <= end and (weekdays >> ((day + 3) % 7)) & 1:
                return True
            # Or they began yesterday.
            if begin <= of_day_ns + DAY_NS <= end and (weekdays >> ((day + 2) % 7)) & 1:
                return True
    return False


@kernel
def is_in_rings(t: Tables, v: int, x: float, y: float) -> bool:
    """Return whether a volume's rings hold a point."""
    rings, bands, first_edge, edges, corners = t.rings, t.bands, t.first_edge, t.edges, t.corners
    first, inside = t.volumes[v, FIRST_RING], False
    for r in range(first, t.volumes[v, LAST_RING]):
        # The outer ring is always asked; a hole only where its box holds the point.
        if r > first and not (
            rings[r, WEST] <= x <= rings[r, EAST] and rings[r, SOUTH] <= y <= rings[r, NORTH]
        ):
            continue
        low = int((y - rings[r, SOUTH]) * rings[r, PER_DEG])
        band = bands[r, FIRST_BAND] + min(max(low, 0), bands[r, BANDS] - 1)
        turns = turns_about(corners, edges[first_edge[band] : first_edge[band + 1]], x, y)
        if r == first:
            if turns == ON_EDGE or turns == 0:
                return turns == ON_EDGE
            inside = True
        elif turns % 2 == 1:
            return False
    return inside


@kernel
def turns_about(corners: FloatArray, edges: NDArray[np.int32], x: float, y: float) -> int:
    """Return how often a ring, of which these are the edges at that latitude, goes round a point, or
    `ON_EDGE`.
    """
    turns = 0
    for e in edges:
        ax, ay, bx, by = corners[e, 0], corners[e, 1], corners[e + 1, 0], corners[e + 1, 1]
        across = (bx - ax) * (y - ay) - (by - ay) * (x - ax)
        # What is seldom so is asked first, and the rest counted: a branch that is foreseen costs nothing.
        if (
            across * across <= EDGE_DEG * EDGE_DEG * ((bx - ax) ** 2 + (by - ay) ** 2)
            and min(ay, by) - EDGE_DEG <= y <= max(ay, by) + EDGE_DEG
            and min(ax, bx) - EDGE_DEG <= x <= max(ax, bx) + EDGE_DEG
        ):
            return ON_EDGE
        # A level edge is crossed by nothing, whatever its rise is taken for.
        rise = by - ay if by != ay else 1.0
        is_east = ax + (bx - ax) * ((y - ay) / rise) > x
        turns += int((ay <= y) & (y < by) & is_east) - int((by <= y) & (y < ay) & is_east)
    return turns


@kernel
def lay_edges(
    corners: FloatArray,
    first_corner: IntArray,
    rings: FloatArray,
    bands: IntArray,
    first_edge: IntArray,
    edges: NDArray[np.int32],
    only_count: bool,
) -> None:
    """Sort the edges of all rings into bands of latitude: first count them into `first_edge`, one place
    further on, then, once these are sums, fill `edges` in.
    """
    for r in range(rings.shape[0]):
        base = bands[r, FIRST_BAND]
        for e in range(first_corner[r], first_corner[r + 1] - 1):
            low = min(corners[e, 1], corners[e + 1, 1]) - EDGE_DEG - rings[r, SOUTH]
            high = max(corners[e, 1], corners[e + 1, 1]) + EDGE_DEG - rings[r, SOUTH]
            last = min(max(int(high * rings[r, PER_DEG]), 0), bands[r, BANDS] - 1)
            for b in range(min(max(int(low * rings[r, PER_DEG]), 0), last), last + 1):
                if not only_count:
                    edges[first_edge[base + b]] = e
                first_edge[base + b] += 1


@kernel
def is_in_circle(t: Tables, v: int, ecef_m: tuple[float, float, float]) -> bool:
    """Return whether a place is within a volume's circle."""
    radius_m = t.limits[v, RADIUS]
    x, y, z = t.limits[v, CENTRE], t.limits[v, CENTRE + 1], t.limits[v, CENTRE + 2]
    chord2 = (ecef_m[0] - x) ** 2 + (ecef_m[1] - y) ** 2 + (ecef_m[2] - z) ** 2
    if chord2 > radius_m * radius_m:
        return False
    # How much longer than its chord an arc can be at the most.
    longest = 1.0 + 1.01 * chord2 / (24.0 * _LEAST_M * _LEAST_M)
    if chord2 * longest * longest <= radius_m * radius_m:
        return True
    return bool(arc_m((x, y, z), ecef_m) <= radius_m)
