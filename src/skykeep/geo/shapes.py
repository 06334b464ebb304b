"""Plain shapes on a plane and on the ellipsoid: circle, polygon area, point in polygon.

A ring is float64, shape (n, 2): east and north in metres, or for `circle_lonlat_deg` longitude and latitude
in degrees. Rings may be open or closed and run either way. Error: round-off, except where said.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray
from skykeep.geo.frames import LocalFrame


def circle_lonlat_deg(
    latitude_deg: float, longitude_deg: float, radius_m: float, corners: int = 64
) -> FloatArray:
    """Return a closed ring (corners + 1, 2) of longitude, latitude, anticlockwise from due east.

    Laid out on the plane that touches the ellipsoid at the centre, so a corner's distance along the ground is
    too short by radius^3 / (3 R^2): 8 mm at 10 km, 8 m at 100 km.
    """
    frame = LocalFrame(latitude_deg=latitude_deg, longitude_deg=longitude_deg, height_hae_m=0.0)
    angle_rad = np.arange(corners) * (2.0 * np.pi / corners)
    ring_enu_m = np.stack(
        (radius_m * np.cos(angle_rad), radius_m * np.sin(angle_rad), np.zeros(corners)), axis=-1
    )
    corner_latitude_deg, corner_longitude_deg, _ = frame.to_geodetic(ring_enu_m)
    ring = np.stack((corner_longitude_deg, corner_latitude_deg), axis=-1)
    return np.concatenate((ring, ring[:1]))


def polygon_area_m2(ring_m: FloatArray) -> float:
    """Return the signed area: positive when the ring runs anticlockwise."""
    # About the first corner, so that a small polygon far from the origin keeps its digits.
    x, y = (np.asarray(ring_m, dtype=np.float64)[:, :2] - ring_m[0, :2]).T
    return float(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


def points_in_polygon(points_m: FloatArray, ring_m: FloatArray) -> BoolArray:
    """Return for each row of `points_m` (n, 2 or more columns) whether it lies inside the ring.

    Even-odd rule. Edges are half open: of two polygons that share an edge, exactly one holds a point on it.
    """
    points_m = np.atleast_2d(np.asarray(points_m, dtype=np.float64))
    x, y = points_m[:, 0], points_m[:, 1]
    inside = np.zeros(len(points_m), dtype=np.bool_)
    previous_x, previous_y = ring_m[-1, :2]
    for corner_x, corner_y in ring_m[:, :2]:
        if corner_y != previous_y:
            spans = (corner_y > y) != (previous_y > y)
            # Always from the lower end, so that the edge crosses at the same x whichever way it is walked.
            (low_x, low_y), (high_x, high_y) = sorted(
                ((corner_x, corner_y), (previous_x, previous_y)), key=lambda corner: float(corner[1])
            )
            crossing_x = low_x + (y - low_y) * ((high_x - low_x) / (high_y - low_y))
            inside ^= spans & (x < crossing_x)
        previous_x, previous_y = corner_x, corner_y
    return inside
