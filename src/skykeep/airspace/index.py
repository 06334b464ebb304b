"""Which zones hold which points: boxes first, then height and time, then the exact outline, for all
points at once.

Outlines are planar polygons in the site frame; edges, floors and ceilings are inclusive. A height that is
not known (NaN) is inside: not knowing never opens the sky. The order of questions was settled by
measurement: the box tree throws out nearly everything, height and time cost a comparison, and only what
is left meets the prepared outline.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from skykeep.airspace.schedule import in_force
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.base.errors import SetupError
from skykeep.domain.airspace import HeightReference, Zone
from skykeep.domain.place import Point

FEWEST_CORNERS = 3


def outline(rings_m: tuple[tuple[Point, ...], ...], name: str) -> BaseGeometry:
    """Return rings as a valid planar outline; SetupError when they bound no area."""
    if not rings_m or any(len(ring) < FEWEST_CORNERS for ring in rings_m):
        raise SetupError(f"{name}: a ring must have at least {FEWEST_CORNERS} corners")
    polygon: BaseGeometry = shapely.Polygon(rings_m[0], rings_m[1:])
    if not polygon.is_valid:
        polygon = shapely.make_valid(polygon)
    if not np.isfinite(polygon.area) or polygon.area == 0.0:
        raise SetupError(f"{name}: its outline bounds no area")
    shapely.prepare(polygon)
    return polygon


def _from_the_ground(zone: Zone) -> bool:
    return zone.reference is HeightReference.AGL and zone.floor_m <= 0.0


class ZoneIndex:
    """Zones, strictest first, ready to be asked. Built anew whenever the zones change: milliseconds for
    thousands.
    """

    def __init__(self, zones: tuple[Zone, ...]) -> None:
        self.zones = tuple(sorted(zones, key=lambda zone: (-zone.strictness, zone.zone_id)))
        self._outlines = np.array(
            [outline(zone.rings_enu_m, f"zone {zone.zone_id}") for zone in self.zones], dtype=object
        )
        self._tree = shapely.STRtree(self._outlines)
        self.strictness = np.array([zone.strictness for zone in self.zones], dtype=np.int64)
        # A floor on the ground has nothing below it: a track a metre under the grass is no exception.
        self._floor_m = np.array(
            [-np.inf if _from_the_ground(zone) else zone.floor_m for zone in self.zones], dtype=np.float64
        )
        self._ceiling_m = np.array([zone.ceiling_m for zone in self.zones], dtype=np.float64)
        self._amsl = np.array([zone.reference is HeightReference.AMSL for zone in self.zones], dtype=np.bool_)

    def query(
        self, position_m: FloatArray, height_agl_m: FloatArray, height_amsl_m: FloatArray, time_utc_ns: int
    ) -> tuple[IntArray, IntArray]:
        """Return (point, zone) index pairs, by point and then strictest first; `position_m` is (n, 2 or
        more).
        """
        empty = np.zeros(0, dtype=np.int64)
        if not self.zones or not len(position_m):
            return empty, empty
        east_m, north_m = position_m[:, 0], position_m[:, 1]
        point, zone = self._tree.query(shapely.points(east_m, north_m))
        height_m = np.where(self._amsl[zone], height_amsl_m[point], height_agl_m[point])
        keep = ~(height_m < self._floor_m[zone]) & ~(height_m > self._ceiling_m[zone])
        point, zone = point[keep], zone[keep]
        keep = self._holds(point, zone, east_m, north_m, time_utc_ns)
        point, zone = point[keep], zone[keep]
        order = np.lexsort((zone, point))
        return point[order].astype(np.int64), zone[order].astype(np.int64)

    def _holds(
        self, point: IntArray, zone: IntArray, east_m: FloatArray, north_m: FloatArray, time_utc_ns: int
    ) -> BoolArray:
        keep = np.zeros(len(point), dtype=np.bool_)
        if not len(point):
            return keep
        order = np.argsort(zone, kind="stable")
        which, first = np.unique(zone[order], return_index=True)
        ends = [*first[1:].tolist(), len(order)]
        for index, begin, end in zip(which.tolist(), first.tolist(), ends, strict=True):
            rows = order[begin:end]
            if in_force(self.zones[index].periods, time_utc_ns):
                at = point[rows]
                # Not contains_xy: that would leave the edge outside.
                keep[rows] = shapely.intersects_xy(self._outlines[index], east_m[at], north_m[at])
        return keep
