"""Shortest ways over the ellipsoid drawn as lines that are straight in longitude and latitude.

Longitudes and latitudes are degrees on WGS 84, rings float64 (n, 2): longitude first, not closed.
Error: the line drawn is nowhere further than a metre from the shortest way, between corners up to half of the
Earth apart, except within a kilometre of a pole (tests/geo/test_geodesic.py).
Derivation: an edge is halved until the middle of each piece lies where the geodesic has it; PROJ says where.
"""

from __future__ import annotations

import numpy as np
from pyproj import Geod

from skykeep.base.compile import FloatArray

WGS84 = Geod(ellps="WGS84")
WITHIN_M = 0.25
_MOST_PIECES = 4096
_EARTH_M = 6_371_000.0


def distance_m(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return how far apart places are along the ground, row by row."""
    return np.asarray(WGS84.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2], dtype=np.float64)


def densify(ring_deg: FloatArray, within_m: float = WITHIN_M) -> FloatArray:
    """Return the ring with corners added, so that straight pieces follow the shortest ways."""
    following = np.roll(ring_deg, -1, axis=0)
    forward_deg, _, length_m = WGS84.inv(ring_deg[:, 0], ring_deg[:, 1], following[:, 0], following[:, 1])
    steepest = np.radians(np.maximum(np.abs(ring_deg[:, 1]), np.abs(following[:, 1])))
    # A short edge bends by less than this.
    bend_m = length_m**2 * np.tan(np.minimum(steepest, 1.57)) / (8.0 * _EARTH_M)
    pieces = []
    for k in range(len(ring_deg)):
        pieces.append(ring_deg[k : k + 1])
        if bend_m[k] > within_m / 2.0:
            pieces.append(_between(ring_deg[k], float(forward_deg[k]), float(length_m[k]), within_m))
    return np.concatenate(pieces)


def _between(start_deg: FloatArray, forward_deg: float, length_m: float, within_m: float) -> FloatArray:
    """Return the corners to add on the way from `start_deg`."""
    pieces = 2
    while True:
        fine = _along(start_deg, forward_deg, length_m * np.arange(2 * pieces + 1) / (2 * pieces))
        step = np.diff(fine[::2], axis=0)
        step[:, 0] -= 360.0 * np.round(step[:, 0] / 360.0)
        off_m = distance_m(fine[:-1:2] + step / 2.0, fine[1::2])
        if float(off_m.max()) <= within_m or pieces >= _MOST_PIECES:
            return fine[2:-1:2]
        pieces *= 2


def _along(start_deg: FloatArray, forward_deg: float, way_m: FloatArray) -> FloatArray:
    ones = np.ones(len(way_m))
    longitude, latitude, _ = WGS84.fwd(start_deg[0] * ones, start_deg[1] * ones, forward_deg * ones, way_m)
    return np.stack((longitude, latitude), axis=1)


def circle_ring_deg(
    longitude_deg: float, latitude_deg: float, radius_m: float, within_m: float = WITHIN_M
) -> FloatArray:
    """Return a circle's corners, each at exactly its radius; between them it keeps within the circle by less
    than twice `within_m`.
    """
    corners = max(64, int(np.ceil(np.pi / np.sqrt(2.0 * within_m / radius_m))))
    ones, bearing_deg = np.ones(corners), np.arange(corners) * (360.0 / corners)
    longitude, latitude, _ = WGS84.fwd(
        longitude_deg * ones, latitude_deg * ones, bearing_deg, radius_m * ones
    )
    return np.stack((longitude, latitude), axis=1)
