"""Zones laid out in the flat tables that the kernels read (`index_kernels.Tables`).

Each zone is made ready by itself, once; a table over thousands is then a matter of putting arrays together.
A flight level becomes a height above the sea: an altimeter set to QNH differs from one set to 1013.25 hPa
by the height at which the standard atmosphere has QNH.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skykeep.airspace.arc_kernels import on_ellipsoid_m
from skykeep.airspace.index_kernels import (
    ABOVE_ELLIPSOID,
    ABOVE_GROUND,
    ABOVE_SEA,
    FAN_OUT,
    LIMITS,
    Tables,
    lay_edges,
)
from skykeep.airspace.outlines import Outline, check_limit, outline_of, place_of
from skykeep.airspace.schedule import LAST_UTC_NS, clipped_utc_ns, is_plain, plain_hours_ns
from skykeep.base.compile import FloatArray, IntArray
from skykeep.base.errors import SetupError
from skykeep.domain.zone import HeightReference, Limit, LonLat, Period, Zone, limit_m

_ABOVE = {
    HeightReference.AGL: ABOVE_GROUND,
    HeightReference.AMSL: ABOVE_SEA,
    HeightReference.STD: ABOVE_SEA,
    HeightReference.HAE: ABOVE_ELLIPSOID,
}
_EVERY_DAY = 0b111_1111
_ALWAYS: tuple[Period, ...] = ()
EDGES_A_BAND = 2
STANDARD_HPA = 1013.25
_ISA_M, _ISA_POWER = 44_330.769, 0.190263


def pressure_height_m(pressure_hpa: float) -> float:
    """Return the height in the standard atmosphere, below 11 km, at which a pressure is found."""
    return float(_ISA_M * (1.0 - (pressure_hpa / STANDARD_HPA) ** _ISA_POWER))


class Ready(NamedTuple):
    """A zone made ready: `outlines` and `limits` (floor, ceiling; metres, above what) of each volume, the
    place of its sun, and its periods where they are plain. `special`: some are not.
    """

    zone: Zone
    outlines: tuple[Outline, ...]
    limits: tuple[tuple[float, float, int, int], ...]
    periods: tuple[Period, ...]
    place: LonLat
    special: bool


def ready_zone(zone: Zone, qnh_hpa: float) -> Ready:
    """Return a zone made ready; SetupError, naming it, where it cannot be."""
    name = f"zone {zone.zone_id}"
    outlines, limits = [], []
    for volume in zone.volumes:
        outlines.append(outline_of(volume.outline, name))
        check_limit(volume.floor, name)
        check_limit(volume.ceiling, name)
        floor_m, floor_above = _limit(volume.floor, -math.inf, qnh_hpa)
        ceiling_m, ceiling_above = _limit(volume.ceiling, math.inf, qnh_hpa)
        if floor_above == ABOVE_GROUND and floor_m <= 0.0:
            # A floor on the ground has nothing below it.
            floor_m = -math.inf
        limits.append((floor_m, ceiling_m, floor_above, ceiling_above))
    always = any(period.permanent for period in zone.periods)
    special = not always and not all(map(is_plain, zone.periods))
    periods = _ALWAYS if always or special else zone.periods
    return Ready(zone, tuple(outlines), tuple(limits), periods, place_of(zone), special)


def _limit(limit: Limit | None, none_m: float, qnh_hpa: float) -> tuple[float, int]:
    m = limit_m(limit)
    if limit is None or m is None:
        return none_m, ABOVE_GROUND
    if limit.reference is HeightReference.STD:
        m -= pressure_height_m(qnh_hpa)
    return m, _ABOVE[limit.reference]


def tables_of(ready: Sequence[Ready]) -> Tables:
    """Return the tables over zones, zone k being `ready[k]`."""
    leaves = [
        (k, outline, limits)
        for k, zone in enumerate(ready)
        for outline, limits in zip(zone.outlines, zone.limits, strict=True)
    ]
    leaf_boxes = np.array([outline.box for _, outline, _ in leaves], dtype=np.float64).reshape(-1, 4)
    order = _near_together(leaf_boxes)
    leaves = [leaves[k] for k in order.tolist()]
    boxes, levels = _tree(leaf_boxes[order])
    rings = [ring for _, outline, _ in leaves for ring in outline.rings]
    zones, periods, hours = _times(ready)
    limits, volumes = _volumes(leaves)
    return Tables(boxes, levels, limits, volumes, *_rings(rings), zones, periods, hours)


def _volumes(leaves: list[tuple[int, Outline, tuple[float, float, int, int]]]) -> tuple[FloatArray, IntArray]:
    first_ring = 0
    limits, volumes = np.zeros((len(leaves), LIMITS)), []
    for v, (zone, outline, (floor_m, ceiling_m, floor_above, ceiling_above)) in enumerate(leaves):
        limits[v, :2] = floor_m, ceiling_m
        if outline.circle is not None:
            longitude_deg, latitude_deg, radius_m = outline.circle
            limits[v, 2:] = (*on_ellipsoid_m(longitude_deg, latitude_deg), radius_m)
            volumes.append((zone, floor_above, ceiling_above, -1, -1))
            continue
        last_ring = first_ring + len(outline.rings)
        volumes.append((zone, floor_above, ceiling_above, first_ring, last_ring))
        first_ring = last_ring
    return limits, np.array(volumes, dtype=np.int64).reshape(-1, 5)


def _rings(
    rings: list[FloatArray],
) -> tuple[FloatArray, IntArray, IntArray, NDArray[np.int32], FloatArray]:
    """Return rings, bands, first_edge, edges and corners of `Tables`."""
    lengths = np.array([len(ring) for ring in rings], dtype=np.int64)
    first_corner = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(lengths)))
    corners = np.concatenate([np.zeros((0, 2)), *rings])
    table, bands = np.zeros((len(rings), 5)), np.zeros((len(rings), 2), dtype=np.int64)
    if rings:
        table[:, 0:2] = np.minimum.reduceat(corners, first_corner[:-1])
        table[:, 2:4] = np.maximum.reduceat(corners, first_corner[:-1])
    bands[:, 1] = np.maximum(lengths // EDGES_A_BAND, 1)
    # One more than there are bands, so that a ring's last band has an end of its own.
    bands[:, 0] = np.cumsum(bands[:, 1] + 1) - (bands[:, 1] + 1)
    high = table[:, 3] - table[:, 1]
    table[:, 4] = np.divide(bands[:, 1], high, out=np.zeros(len(rings)), where=high > 0.0)
    counts = np.zeros(int((bands[:, 1] + 1).sum()), dtype=np.int64)
    none = np.zeros(0, dtype=np.int32)
    lay_edges(corners, first_corner, table, bands, counts, none, True)
    first_edge: IntArray = np.cumsum(counts) - counts
    edges = np.zeros(int(counts.sum()), dtype=np.int32)
    lay_edges(corners, first_corner, table, bands, first_edge.copy(), edges, False)
    return table, bands, first_edge, edges, corners


def _times(ready: Sequence[Ready]) -> tuple[IntArray, IntArray, IntArray]:
    periods: list[tuple[int, int, int, int]] = []
    hours: list[tuple[int, int, int]] = []
    for zone in ready:
        for period in zone.periods:
            first = len(hours)
            for each in period.hours:
                days = sum(1 << day for day in {d for d in each.weekdays if 0 <= d <= 6})
                hours.append((days if each.weekdays else _EVERY_DAY, *plain_hours_ns(each)))
            begin = -LAST_UTC_NS if period.start_utc_ns is None else clipped_utc_ns(period.start_utc_ns)
            end = LAST_UTC_NS if period.end_utc_ns is None else clipped_utc_ns(period.end_utc_ns)
            periods.append((begin, end, first, len(hours)))
    ends = np.array(list(accumulate((len(zone.periods) for zone in ready), initial=0)), dtype=np.int64)
    return (
        np.stack((ends[:-1], ends[1:]), axis=1),
        np.array(periods, dtype=np.int64).reshape(-1, 4),
        np.array(hours, dtype=np.int64).reshape(-1, 3),
    )


def _tree(leaf_boxes: FloatArray) -> tuple[FloatArray, IntArray]:
    """Return the boxes of all levels, leaves first, and where each level begins."""
    levels, boxes, begin = [0], [leaf_boxes], len(leaf_boxes)
    while len(boxes[-1]) > 1:
        first = np.arange(0, len(boxes[-1]), FAN_OUT)
        low = np.minimum.reduceat(boxes[-1][:, :2], first)
        boxes.append(np.hstack((low, np.maximum.reduceat(boxes[-1][:, 2:], first))))
        levels.append(begin)
        begin += len(first)
    return np.concatenate(boxes), np.array([*levels, begin], dtype=np.int64)


def _near_together(boxes: FloatArray) -> IntArray:
    """Return an order in which neighbours on the ground are neighbours: small boxes by strips of longitude
    and then latitude, wide ones among themselves.
    """
    if not len(boxes):
        return np.zeros(0, dtype=np.int64)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2.0
    size = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    # Each class four times as wide as the one before: a wide box among small ones would widen their parent.
    width = np.maximum(np.round(np.log2(np.maximum(size, 1e-3)) / 2.0), -4.0)
    rank = np.argsort(np.lexsort((middle[:, 0], width)))
    strips = max(1, math.ceil(math.sqrt(len(boxes) / FAN_OUT)))
    per_strip = math.ceil(len(boxes) / strips)
    return np.lexsort((middle[:, 1], rank // per_strip))


@lru_cache(maxsize=8)
def must_be_pressure(qnh_hpa: float) -> float:
    """Return a QNH; SetupError when no air has it."""
    if not 500.0 <= qnh_hpa <= 1200.0:
        raise SetupError(f"QNH {qnh_hpa:g} hPa, must be 500 to 1200")
    return qnh_hpa
