"""Outlines as GeoJSON has them, both ways: rings checked and kept as published, circles, many pieces.

A ring keeps its corners in their order; only the repeated first corner at its end is dropped, which says
nothing. What is wrong with a ring (open, crossing itself, beyond a pole) is noted and the ring kept: a person
must look. A ring that no map can show (fewer than three corners, no numbers) leaves its piece out.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from skykeep.base.compile import FloatArray
from skykeep.domain.zone import Circle, Edges, LonLat, Polygon, Ring
from skykeep.geo.shapes import circle_lonlat_deg
from skykeep.wire.zone_report import Json, Place, number_of

# Farther is no place on the globe, whichever way round the two were meant.
FARTHEST_DEG = 540.0
LARGEST_RADIUS_M = 20_100_000.0
CIRCLE_CORNERS = 64
_LONG_EDGE_DEG = 0.05
_NUMBERS = (int, float)


def polygon_of(coordinates: object, place: Place) -> Polygon | None:
    """Return a polygon of GeoJSON's coordinates, or None where it has none that can be shown."""
    if not isinstance(coordinates, list) or not coordinates:
        return None
    rings = []
    for k, ring in enumerate(coordinates):
        found = _ring(ring, place.inner(f"[{k}]"))
        if found is None and k == 0:
            return None
        if found is None:
            # Without its hole the piece shuts more air.
            place.left_out(f"[{k}]", "a hole of no shape", "a ring of at least 3 corners", ring)
            continue
        rings.append(found)
    polygon = Polygon(rings=tuple(rings))
    check_polygon(polygon, place)
    return polygon


def _ring(value: object, place: Place) -> Ring | None:
    if not isinstance(value, list):
        return None
    corners: list[LonLat] = []
    longest = 2
    for corner in value:
        if not isinstance(corner, list) or len(corner) < 2:
            return None
        longest = max(longest, len(corner))
        x, y = corner[0], corner[1]
        # By type, not isinstance: true is no number. NaN fails the comparison.
        if type(x) not in _NUMBERS or type(y) not in _NUMBERS:
            return None
        if not (-FARTHEST_DEG <= x <= FARTHEST_DEG and -FARTHEST_DEG <= y <= FARTHEST_DEG):
            return None
        corners.append((float(x), float(y)))
    if longest > 2:
        place.noted(
            "", "more than two numbers to a corner", "longitude and latitude", "the others passed over"
        )
    return checked_ring(corners, place)


def checked_ring(corners: list[LonLat], place: Place) -> Ring | None:
    """Return corners as a ring without its repeated end; None where they are fewer than three."""
    closed = len(corners) > 1 and corners[0] == corners[-1]
    while len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    if len(set(corners)) < 3:
        return None
    if not closed:
        place.noted("", "a ring that does not end where it began", "closed", "closed")
    return tuple(corners)


def check_polygon(polygon: Polygon, place: Place) -> None:
    """Note what is wrong with rings that are kept as they are."""
    rings = [np.array((*ring, ring[0])) for ring in polygon.rings]
    x_deg, y_deg = np.concatenate(rings).T
    if abs(y_deg).max() > 90.0:
        may = " (longitude and latitude may be swapped)" if abs(x_deg).max() <= 90.0 else ""
        found = y_deg[np.argmax(abs(y_deg) > 90.0)]
        place.noted("", f"latitude {found:g}{may}", "within 90 degrees")
    elif abs(x_deg).max() > 180.0:
        place.noted("", "a longitude beyond 180", "within 180 degrees")
    elif any(abs(np.diff(ring[:, 0])).max() > 180.0 for ring in rings):
        place.noted("", "an edge over more than half the globe", "cut at the antimeridian")
    shape = shapely.Polygon(rings[0], rings[1:])
    if not shapely.is_valid(shape):
        place.noted("", shapely.is_valid_reason(shape), "a polygon that does not cross itself")


def circle_of(center: object, radius: object, place: Place) -> Circle | None:
    """Return a circle, or None where its centre or radius says none."""
    if not isinstance(center, list) or len(center) < 2:
        return None
    longitude, latitude = number_of(center[0], place, "center[0]"), number_of(center[1], place, "center[1]")
    radius_m = number_of(radius, place, "radius")
    if longitude is None or latitude is None or radius_m is None or not 0.0 <= radius_m <= LARGEST_RADIUS_M:
        return None
    if abs(longitude) > FARTHEST_DEG or abs(latitude) > 90.0:
        return None
    if len(center) > 2:
        place.noted("center", "more than two numbers", "longitude and latitude", "the others passed over")
    if radius_m == 0.0:
        place.noted("radius", "0", "above 0")
    return Circle(longitude_deg=longitude, latitude_deg=latitude, radius_m=radius_m)


def closed_rings(polygon: Polygon) -> list[list[list[float]]]:
    """Return the rings as GeoJSON has them, closed; shortest edges laid down as planar ones."""
    return [
        [list(corner) for corner in (*ring, ring[0])]
        for ring in (planar_ring(ring, polygon.edges) for ring in polygon.rings)
    ]


def opened(polygon: Polygon) -> Polygon:
    """Return a polygon without the repeated ends of its rings."""
    rings = []
    for ring in polygon.rings:
        end = len(ring)
        while end > 1 and ring[end - 1] == ring[0]:
            end -= 1
        rings.append(ring[:end])
    return Polygon(rings=tuple(rings), edges=polygon.edges)


def planar_ring(ring: Ring, edges: Edges) -> Ring:
    """Return a ring whose planar edges follow the given ones: a long shortest edge gets corners on the way.

    The way is that on a sphere, which is close to that on the ellipsoid.
    """
    if edges is Edges.PLANAR:
        return ring
    out: list[LonLat] = []
    for start, end in pairwise((*ring, ring[0])):
        out.append(start)
        out += _between(start, end)
    return tuple(out)


def _between(start: LonLat, end: LonLat) -> list[LonLat]:
    first, last = _unit(start), _unit(end)
    angle = math.acos(max(-1.0, min(1.0, float(first @ last))))
    pieces = min(400, math.ceil(math.degrees(angle) / _LONG_EDGE_DEG))
    if pieces < 2 or angle > 3.1:
        return []
    corners = []
    for k in range(1, pieces):
        x, y, z = (
            math.sin((1.0 - k / pieces) * angle) * first + math.sin(k / pieces * angle) * last
        ) / math.sin(angle)
        longitude = math.degrees(math.atan2(y, x))
        longitude += 360.0 * round((start[0] - longitude) / 360.0)
        corners.append((longitude, math.degrees(math.atan2(z, math.hypot(x, y)))))
    return corners


def _unit(corner: LonLat) -> FloatArray:
    longitude, latitude = math.radians(corner[0]), math.radians(corner[1])
    return np.array(
        [
            math.cos(latitude) * math.cos(longitude),
            math.cos(latitude) * math.sin(longitude),
            math.sin(latitude),
        ]
    )


def ring_round(circle: Circle) -> Ring:
    """Return a ring that holds a whole circle: its edges touch it from outside."""
    radius_m = circle.radius_m / math.cos(math.pi / CIRCLE_CORNERS)
    ring = circle_lonlat_deg(circle.latitude_deg, circle.longitude_deg, radius_m, CIRCLE_CORNERS)[:-1]
    return tuple((round(float(x), 9), round(float(y), 9)) for x, y in ring)


def pieces_of(geometry: Json) -> list[tuple[str, Any]]:
    """Return the simple geometries of a GeoJSON geometry, each with its path in it."""
    return [(path, one) for path, one in _pieces(geometry, "", 0)]


def _pieces(geometry: object, path: str, depth: int) -> list[tuple[str, Any]]:
    if not isinstance(geometry, dict) or depth > 8:
        return [(path, geometry)]
    kind, out = geometry.get("type"), []
    beside = {key: geometry[key] for key in geometry if key not in ("type", "coordinates", "geometries")}
    if kind == "GeometryCollection" and isinstance(geometry.get("geometries"), list):
        for k, one in enumerate(geometry["geometries"]):
            inner = {**beside, **one} if isinstance(one, dict) else one
            out += _pieces(inner, f"{path}.geometries[{k}]".lstrip("."), depth + 1)
        return out
    if kind in ("MultiPolygon", "MultiPoint") and isinstance(geometry.get("coordinates"), list):
        for k, one in enumerate(geometry["coordinates"]):
            where = f"{path}.coordinates[{k}]".lstrip(".")
            out.append((where, {**beside, "type": kind[5:], "coordinates": one}))
        return out
    return [(path, geometry)]
