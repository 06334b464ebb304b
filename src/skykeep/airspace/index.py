"""Which zones hold which points, on the globe, at their height and time."""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from skykeep.airspace.outlines import EDGE_DEG, Outline, outline_of, place_of
from skykeep.airspace.schedule import in_force
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.base.errors import SetupError
from skykeep.domain.place import Point
from skykeep.domain.zone import HeightReference, Limit, Zone, limit_m
from skykeep.geo.geodesic import distance_m


class ZoneIndex:
    """Zones, strictest first, ready to be asked."""

    def __init__(self, zones: tuple[Zone, ...], qnh_hpa: float = 1013.25) -> None:
        self.zones = tuple(sorted(zones, key=lambda zone: (-zone.strictness, zone.zone_id)))
        self.strictness: IntArray = np.array([zone.strictness for zone in self.zones], dtype=np.int64)
        self._qnh_hpa = qnh_hpa
        self._outlines = [
            [outline_of(volume.outline, f"zone {zone.zone_id}") for volume in zone.volumes]
            for zone in self.zones
        ]
        self._place = [place_of(zone) for zone in self.zones]

    def changed(self, put: tuple[Zone, ...], gone: frozenset[str] = frozenset()) -> ZoneIndex:
        """Return an index with zones put in place of those of the same id, and others gone."""
        away = gone | {zone.zone_id for zone in put}
        kept = tuple(zone for zone in self.zones if zone.zone_id not in away)
        return ZoneIndex(kept + put, self._qnh_hpa)

    def at(
        self,
        longitude_deg: float,
        latitude_deg: float,
        height_agl_m: float,
        ground_amsl_m: float,
        time_utc_ns: int,
        geoid_m: float = 0.0,
    ) -> list[Zone]:
        """Return the zones in force at one place and height, strictest first."""
        _, zone = self.query(
            np.array([longitude_deg]),
            np.array([latitude_deg]),
            np.array([height_agl_m]),
            np.array([ground_amsl_m]),
            time_utc_ns,
            np.array([geoid_m]),
        )
        return [self.zones[z] for z in zone.tolist()]

    def query(
        self,
        longitude_deg: FloatArray,
        latitude_deg: FloatArray,
        height_agl_m: FloatArray,
        ground_amsl_m: FloatArray,
        time_utc_ns: int | IntArray,
        geoid_m: FloatArray | float = 0.0,
    ) -> tuple[IntArray, IntArray]:
        """Return (point, zone) index pairs, by point and then strictest first."""
        n = len(longitude_deg)
        time = np.broadcast_to(np.asarray(time_utc_ns, dtype=np.int64), (n,))
        points, zones = [], []
        for z, zone in enumerate(self.zones):
            for outline, volume in zip(self._outlines[z], zone.volumes, strict=True):
                low = self._above(volume.floor, height_agl_m, ground_amsl_m, geoid_m)
                high = self._above(volume.ceiling, height_agl_m, ground_amsl_m, geoid_m)
                on_ground = (
                    volume.floor is None
                    or volume.floor.reference is HeightReference.AGL
                    and volume.floor.value <= 0.0
                )
                keep = ~(high > 0.0) & (on_ground | ~(low < 0.0))
                keep &= holds(outline, longitude_deg, latitude_deg)
                for k in np.flatnonzero(keep).tolist():
                    if in_force(zone.periods, int(time[k]), self._place[z]):
                        points.append(k)
                        zones.append(z)
        pairs = sorted(set(zip(points, zones, strict=True)))
        found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return found[:, 0].copy(), found[:, 1].copy()

    def _above(
        self, limit: Limit | None, agl_m: FloatArray, ground_m: FloatArray, geoid_m: FloatArray | float
    ) -> FloatArray:
        """Return how far points are above a limit, NaN where there is no telling."""
        m = limit_m(limit)
        if limit is None or m is None:
            return np.full(len(agl_m), np.nan)
        if limit.reference is HeightReference.AGL:
            return agl_m - m
        if limit.reference is HeightReference.HAE:
            return agl_m + ground_m + geoid_m - m
        if limit.reference is HeightReference.STD:
            m -= pressure_height_m(self._qnh_hpa)
        return agl_m + ground_m - m


def pressure_height_m(pressure_hpa: float) -> float:
    """Return the height in the standard atmosphere, below 11 km, at which a pressure is found."""
    return float(44_330.769 * (1.0 - (pressure_hpa / 1013.25) ** 0.190263))


def holds(outline: Outline, longitude_deg: FloatArray, latitude_deg: FloatArray) -> BoolArray:
    """Return which points an outline holds, edges too."""
    y = np.asarray(latitude_deg, dtype=np.float64)
    west, south, east, north = outline.box
    x = west + (np.asarray(longitude_deg, dtype=np.float64) - west + EDGE_DEG) % 360.0 - EDGE_DEG
    keep = (x <= east + EDGE_DEG) & (y >= south - EDGE_DEG) & (y <= north + EDGE_DEG)
    if outline.circle is not None:
        lon, lat, radius_m = outline.circle
        at = np.stack((x, y), axis=1)
        keep[keep] &= distance_m(at[keep], np.broadcast_to([lon, lat], at[keep].shape)) <= radius_m
        return keep
    for k in np.flatnonzero(keep).tolist():
        turns, edge = winding(outline.rings[0], float(x[k]), float(y[k]))
        keep[k] = edge or turns != 0
        for hole in outline.rings[1:]:
            turns, edge = winding(hole, float(x[k]), float(y[k]))
            keep[k] &= edge or turns % 2 == 0
    return keep


def winding(ring: FloatArray, x: float, y: float) -> tuple[int, bool]:
    """Return how often a closed ring goes round a point, and whether the point is on it."""
    turns = 0
    for (ax, ay), (bx, by) in zip(ring[:-1].tolist(), ring[1:].tolist(), strict=True):
        along = (bx - ax) * (x - ax) + (by - ay) * (y - ay)
        length = (bx - ax) ** 2 + (by - ay) ** 2
        t = min(max(along / length, 0.0), 1.0) if length else 0.0
        if math.hypot(ax + t * (bx - ax) - x, ay + t * (by - ay) - y) <= EDGE_DEG:
            return 0, True
        if (ay <= y) != (by <= y) and ((bx - ax) * (y - ay) / (by - ay) + ax > x):
            turns += 1 if by > ay else -1
    return turns, False


def outline(rings_m: tuple[tuple[Point, ...], ...], name: str) -> BaseGeometry:
    """Return rings of a local frame as a valid planar outline; SetupError when they bound no area."""
    if not rings_m or any(len(ring) < 3 for ring in rings_m):
        raise SetupError(f"{name}: a ring must have at least 3 corners")
    polygon: BaseGeometry = shapely.make_valid(shapely.Polygon(rings_m[0], rings_m[1:]))
    if not np.isfinite(polygon.area) or polygon.area == 0.0:
        raise SetupError(f"{name}: its outline bounds no area")
    shapely.prepare(polygon)
    return polygon
