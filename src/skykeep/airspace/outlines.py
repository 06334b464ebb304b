"""Volumes made ready to be asked: rings in one piece, in degrees, with the box that holds them.

* A step of more than half a turn in longitude goes the other way about: that ring crosses the antimeridian.
* A ring that comes round to its begin a whole turn away lies about the pole that its corners are nearer to.
* Of an outer ring that crosses itself everything counts that it goes round (the union), of a hole only what
  it goes round an odd number of times: what is doubtful is zone. A repeated corner changes nothing, a spike
  is part of the zone.
* A ring of one or two corners, or without area, holds what lies on it.
* Edges are planar or geodesic as the outline says; the latter are cut into planar ones (`geo/geodesic.py`).
* A circle is exact out to 100 km of radius, and beyond a polygon within a metre of it.

Rings are float64 (n, 2), closed, longitude first; west of the box lies in [-180, 180), the rest east of it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from skykeep.airspace.index_kernels import EDGE_DEG
from skykeep.base.compile import FloatArray
from skykeep.base.errors import SetupError
from skykeep.domain.zone import Circle, Edges, Limit, LonLat, Polygon, Ring, Zone
from skykeep.geo.geodesic import circle_ring_deg, densify

WIDEST_CIRCLE_M = 100_000.0
# Radius of curvature of the ellipsoid where it is least: along the meridian, at the equator.
_LEAST_RADIUS_M = 6_335_439.0
_QUARTER_M = 10_000_000.0


class Outline(NamedTuple):
    """`box` is west, south, east, north; a circle has no rings."""

    rings: tuple[FloatArray, ...]
    box: tuple[float, float, float, float]
    circle: tuple[float, float, float] | None = None


WORLD = (-180.0, -90.0, 180.0, 90.0)


def outline_of(outline: Polygon | Circle, name: str) -> Outline:
    """Return an outline ready to be asked; SetupError where it is none at all."""
    if isinstance(outline, Circle):
        return _circle(outline, name)
    if not outline.rings or not all(outline.rings):
        raise SetupError(f"{name}: a ring without corners, must be at least one corner")
    rings = [_unrolled(_corners(ring, name), outline.edges) for ring in outline.rings]
    return _placed(rings)


def place_of(zone: Zone) -> LonLat:
    """Return where a zone has its sun: the middle of its first outline."""
    if not zone.volumes:
        return (0.0, 0.0)
    first = zone.volumes[0].outline
    if isinstance(first, Circle):
        return first.longitude_deg, first.latitude_deg
    corners = first.rings[0]
    east_of_first = [(corner[0] - corners[0][0] + 180.0) % 360.0 for corner in corners]
    latitudes = [corner[1] for corner in corners]
    middle_deg = corners[0][0] - 180.0 + (min(east_of_first) + max(east_of_first)) / 2.0
    return middle_deg, (min(latitudes) + max(latitudes)) / 2.0


def check_limit(limit: Limit | None, name: str) -> None:
    """SetupError when a limit is not a number."""
    if limit is not None and math.isnan(limit.value):
        raise SetupError(f"{name}: a limit that is not a number, must be metres, feet or a flight level")


def _corners(ring: Ring, name: str) -> FloatArray:
    corners = np.array(ring, dtype=np.float64).reshape(-1, 2)
    if not np.isfinite(corners).all() or np.abs(corners[:, 0]).max() > 720.0:
        raise SetupError(f"{name}: a corner {_first_bad(corners)}, must be a longitude and a latitude")
    if np.abs(corners[:, 1]).max() > 90.0:
        raise SetupError(f"{name}: a latitude of {np.abs(corners[:, 1]).max():g}, must be -90 to 90")
    if len(corners) > 1 and np.array_equal(corners[0], corners[-1]):
        corners = corners[:-1]
    return corners


def _first_bad(corners: FloatArray) -> str:
    bad = ~np.isfinite(corners).all(axis=1) | (np.abs(corners[:, 0]) > 720.0)
    return str(tuple(corners[int(np.argmax(bad))].tolist()))


def _unrolled(corners: FloatArray, edges: Edges) -> FloatArray:
    """Return a ring in one piece, closed, closed over the pole when it lies about one."""
    if edges is Edges.GEODESIC:
        corners = densify(corners)
    longitude, latitude = corners[:, 0], corners[:, 1]
    step = np.diff(np.append(longitude, longitude[0]))
    near = step - 360.0 * np.round(step / 360.0)
    if np.abs(step).max() <= 180.0 or np.ptp(np.cumsum(near)) == 0.0 < np.ptp(longitude):
        # Nothing to unroll; or a band around the whole Earth.
        return np.concatenate((corners, corners[:1]))
    longitude = longitude[0] + np.append(0.0, np.cumsum(near))
    ring = np.stack((longitude, np.append(latitude, latitude[0])), axis=1)
    if abs(longitude[-1] - longitude[0]) < 180.0:
        ring[-1] = ring[0]
        return ring
    pole = math.copysign(90.0, float(latitude.mean()))
    over = [(longitude[-1], pole), (longitude[0], pole), (longitude[0], latitude[0])]
    return np.concatenate((ring, np.array(over)))


def _placed(rings: list[FloatArray]) -> Outline:
    outer = rings[0]
    turn = -360.0 * math.floor((float(outer[:, 0].min()) + 180.0) / 360.0)
    outer = outer + np.array([turn, 0.0])
    west, south = outer.min(axis=0).tolist()
    east, north = outer.max(axis=0).tolist()
    placed = [outer]
    for hole in rings[1:]:
        middle = (float(hole[:, 0].min()) + float(hole[:, 0].max())) / 2.0
        turn = 360.0 * round(((west + east) / 2.0 - middle) / 360.0)
        placed.append(hole + np.array([turn, 0.0]))
    return Outline(rings=tuple(placed), box=(west, south, east, north))


def _circle(circle: Circle, name: str) -> Outline:
    longitude, latitude, radius_m = circle.longitude_deg, circle.latitude_deg, circle.radius_m
    if not (abs(longitude) <= 720.0 and abs(latitude) <= 90.0):
        raise SetupError(f"{name}: a centre {(longitude, latitude)}, must be a longitude and a latitude")
    if not 0.0 <= radius_m < math.inf:
        raise SetupError(f"{name}: a radius of {radius_m:g} m, must be 0 or more")
    if radius_m >= _QUARTER_M:
        ring = np.array([(-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0), (-180.0, -90.0)])
        return Outline(rings=(ring,), box=WORLD)
    if radius_m > WIDEST_CIRCLE_M:
        return _placed([_unrolled(circle_ring_deg(longitude, latitude, radius_m), Edges.PLANAR)])
    # A little wider than it is: the distance itself decides.
    across_rad = radius_m / _LEAST_RADIUS_M
    across_deg = math.degrees(across_rad) + EDGE_DEG
    south, north = max(latitude - across_deg, -90.0), min(latitude + across_deg, 90.0)
    widen = math.sin(across_rad) / max(math.cos(math.radians(latitude)), 1e-12)
    if widen >= 1.0 or north == 90.0 or south == -90.0:
        return Outline((), (-180.0, south, 180.0, north), (longitude, latitude, radius_m))
    half_deg = math.degrees(math.asin(widen)) + EDGE_DEG
    west = (longitude - half_deg + 180.0) % 360.0 - 180.0
    return Outline((), (west, south, west + 2.0 * half_deg, north), (longitude, latitude, radius_m))
