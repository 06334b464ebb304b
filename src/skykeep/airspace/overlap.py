"""Whether two volumes share air: outlines in metres on a local plane, limits in one reference.

The plane is laid at a place as degrees times the length of a degree there, so that an edge that is straight
in longitude and latitude is straight on it, and two such outlines meet on it exactly where they meet on the
globe. Distances are right at the place itself; 10 km away they are off by 10 m at 45 degrees of latitude,
growing with the square. A circle is taken as the 128 corners around it: 3 in 10,000 of its radius too large.
Geodesic edges are cut into pieces of 2 km, which leaves them 0.1 m beside the true line at 60 degrees.

What cannot be told apart shares air: two limits in references between which the ground is not known, or of
which one is a pressure altitude or above the ellipsoid. Edges are inclusive: outlines that touch share air.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from skykeep.base.compile import FloatArray
from skykeep.domain.outline import rings_lonlat_deg
from skykeep.domain.zone import Circle, Edges, HeightReference, Limit, Polygon, Volume, limit_m
from skykeep.geo.frames import ECCENTRICITY_SQUARED, SEMI_MAJOR_AXIS_M
from skykeep.geo.shapes import circle_lonlat_deg

CIRCLE_CORNERS = 128
_EARTH_RADIUS_M = 6_371_000.0
_PIECE_RAD = 2_000.0 / _EARTH_RADIUS_M
# Beyond this a circle is taken as this large: a quarter of the way round the globe.
_LARGEST_CIRCLE_M = 5_000_000.0

Bounds = tuple[float, float, float, float]
# The lowest and the highest ground of a place, metres above mean sea level.
Ground = tuple[float, float]


class Plane(msgspec.Struct, frozen=True, kw_only=True):
    """A plane laid at a place, and the length of a degree there."""

    longitude_deg: float
    latitude_deg: float
    east_m_per_deg: float
    north_m_per_deg: float

    def to_m(self, ring_lonlat_deg: FloatArray) -> FloatArray:
        """Return a ring in metres east and north; longitudes a turn away are brought near."""
        lon = ring_lonlat_deg[:, 0]
        turns = np.round((lon.mean() - self.longitude_deg) / 360.0) if len(lon) else 0.0
        east_m = (lon - 360.0 * turns - self.longitude_deg) * self.east_m_per_deg
        north_m = (ring_lonlat_deg[:, 1] - self.latitude_deg) * self.north_m_per_deg
        return np.stack((east_m, north_m), axis=-1)

    def to_lonlat_deg(self, ring_m: FloatArray) -> FloatArray:
        """Return a ring of the plane in degrees."""
        ring_m = np.asarray(ring_m, dtype=np.float64)
        return np.stack(
            (
                ring_m[:, 0] / self.east_m_per_deg + self.longitude_deg,
                ring_m[:, 1] / self.north_m_per_deg + self.latitude_deg,
            ),
            axis=-1,
        )


def plane_at(longitude_deg: float, latitude_deg: float) -> Plane:
    """Return the plane of a place, which must not be a pole."""
    latitude_rad = math.radians(max(-89.9, min(89.9, latitude_deg)))
    squeeze = 1.0 - ECCENTRICITY_SQUARED * math.sin(latitude_rad) ** 2
    normal_radius_m = SEMI_MAJOR_AXIS_M / math.sqrt(squeeze)
    meridian_radius_m = normal_radius_m * (1.0 - ECCENTRICITY_SQUARED) / squeeze
    return Plane(
        longitude_deg=longitude_deg,
        latitude_deg=latitude_deg,
        east_m_per_deg=math.radians(normal_radius_m * math.cos(latitude_rad)),
        north_m_per_deg=math.radians(meridian_radius_m),
    )


def plane_of(outline: Polygon | Circle) -> Plane:
    """Return the plane laid at the middle of an outline."""
    west, south, east, north = bounds_deg(outline)
    return plane_at((west + east) / 2.0, (south + north) / 2.0)


def bounds_deg(outline: Polygon | Circle) -> Bounds:
    """Return west, south, east, north: never too small, for geodesic edges and circles a little too large."""
    if isinstance(outline, Circle):
        plane = plane_at(outline.longitude_deg, outline.latitude_deg)
        high = 1.02 * min(outline.radius_m, _LARGEST_CIRCLE_M) / plane.north_m_per_deg
        edge_deg = min(89.0, abs(outline.latitude_deg) + high)
        wide = high / max(0.01, math.cos(math.radians(edge_deg)))
        lon, lat = outline.longitude_deg, outline.latitude_deg
        return lon - wide, lat - high, lon + wide, lat + high
    ring = outline.rings[0]
    lons, lats = [corner[0] for corner in ring], [corner[1] for corner in ring]
    west, south, east, north = min(lons), min(lats), max(lons), max(lats)
    if outline.edges is Edges.GEODESIC:
        bulge = 0.1 * max(east - west, north - south)
        return west, south - bulge, east, north + bulge
    return west, south, east, north


def bounds_meet(one: Bounds, other: Bounds) -> bool:
    """Return whether two bounds share a point, whichever way round the globe they are written."""
    turn = 360.0 * round(((one[0] + one[2]) - (other[0] + other[2])) / 720.0)
    return (
        one[1] <= other[3] and other[1] <= one[3] and one[0] <= other[2] + turn and other[0] + turn <= one[2]
    )


def outline_on(plane: Plane, outline: Polygon | Circle, *, around: bool = True) -> BaseGeometry:
    """Return an outline on a plane. A circle's corners lie around it, or with `around` False on it."""
    if isinstance(outline, Circle):
        radius_m = min(outline.radius_m, _LARGEST_CIRCLE_M)
        # Laid out so that its corners are that far along the ground, however large it is.
        reach_m = _EARTH_RADIUS_M * math.tan(radius_m / _EARTH_RADIUS_M)
        if around:
            reach_m /= math.cos(math.pi / CIRCLE_CORNERS)
        ring = circle_lonlat_deg(outline.latitude_deg, outline.longitude_deg, reach_m, CIRCLE_CORNERS)
        shape = shapely.Polygon(plane.to_m(_unrolled(ring)))
    else:
        rings = [_ring_on(plane, ring, outline.edges) for ring in rings_lonlat_deg(outline)]
        shape = shapely.Polygon(rings[0], rings[1:])
    return shape if shape.is_valid else shapely.make_valid(shape)


def outlines_overlap(one: Polygon | Circle, other: Polygon | Circle, margin_m: float = 0.0) -> bool:
    """Return whether two outlines come within a margin of each other; touching is enough."""
    if margin_m == 0.0 and not bounds_meet(bounds_deg(one), bounds_deg(other)):
        return False
    plane = plane_of(one)
    first, second = outline_on(plane, one), outline_on(plane, other)
    if margin_m > 0.0:
        return bool(first.distance(second) <= margin_m)
    return bool(first.intersects(second))


def heights_overlap(one: Volume, other: Volume, ground_amsl_m: Ground | None = None) -> bool:
    """Return whether two volumes share a height somewhere over that ground; unknown is yes."""
    return not (
        _surely_below(one.ceiling, other.floor, ground_amsl_m)
        or _surely_below(other.ceiling, one.floor, ground_amsl_m)
    )


def volumes_overlap(one: Volume, other: Volume, ground_amsl_m: Ground | None = None) -> bool:
    """Return whether two volumes share air."""
    return heights_overlap(one, other, ground_amsl_m) and outlines_overlap(one.outline, other.outline)


def _surely_below(ceiling: Limit | None, floor: Limit | None, ground_amsl_m: Ground | None) -> bool:
    top_m, bottom_m = limit_m(ceiling), limit_m(floor)
    if top_m is None or bottom_m is None:
        return False
    assert ceiling is not None
    assert floor is not None
    if ceiling.reference is floor.reference:
        return top_m < bottom_m
    if ground_amsl_m is None:
        return False
    lowest_m, highest_m = ground_amsl_m
    if (ceiling.reference, floor.reference) == (HeightReference.AGL, HeightReference.AMSL):
        return top_m + highest_m < bottom_m
    if (ceiling.reference, floor.reference) == (HeightReference.AMSL, HeightReference.AGL):
        return top_m < bottom_m + lowest_m
    return False


def _ring_on(plane: Plane, ring_lonlat_deg: FloatArray, edges: Edges) -> FloatArray:
    ring = ring_lonlat_deg if edges is Edges.PLANAR else _geodesic_ring(ring_lonlat_deg)
    return plane.to_m(ring)


def _geodesic_ring(ring_lonlat_deg: FloatArray) -> FloatArray:
    """Return a ring with its edges cut into short pieces along great circles."""
    lon, lat = np.radians(ring_lonlat_deg).T
    corners = np.stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)), axis=-1)
    pieces = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        angle_rad = float(np.arctan2(np.linalg.norm(np.cross(start, end)), np.dot(start, end)))
        count = max(1, math.ceil(angle_rad / _PIECE_RAD))
        along = np.arange(count)[:, None] / count
        if count == 1:
            pieces.append(start[None, :])
        else:
            weights = np.sin((1 - along) * angle_rad), np.sin(along * angle_rad)
            pieces.append((weights[0] * start + weights[1] * end) / np.sin(angle_rad))
    x, y, z = np.concatenate(pieces).T
    return _unrolled(np.degrees(np.stack((np.arctan2(y, x), np.arctan2(z, np.hypot(x, y))), axis=-1)))


def _unrolled(ring_lonlat_deg: FloatArray) -> FloatArray:
    """Return a ring whose longitudes run on past 180 rather than jump back."""
    lon = np.degrees(np.unwrap(np.radians(ring_lonlat_deg[:, 0])))
    return np.stack((lon, ring_lonlat_deg[:, 1]), axis=-1)
