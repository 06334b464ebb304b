"""Arcs of circles and straight edges on the ellipsoid, as corners so dense that the shape is kept.

A place is (longitude, latitude) in degrees on WGS 84; azimuths are degrees clockwise from true north;
`radius_m` is along the ground. Corners lie on the arc, joined by geodesics: what is cut off is at most
`CUT_OFF_M`, because a chord that turns by `a` stays within radius * a^2 / 8 of its arc. Error: under 1 m out
to 500 km, measured against PROJ's inverse solution half way between corners (tests/geo/test_arcs.py).
"""

from __future__ import annotations

import math

import numpy as np
from pyproj import Geod

Place = tuple[float, float]
CUT_OFF_M = 0.5
LARGEST_RADIUS_M = 2_000_000.0
_MOST_CORNERS = 5_000
_WGS84 = Geod(ellps="WGS84")


def place_at(start: Place, azimuth_deg: float, distance_m: float) -> Place:
    """Return where a geodesic ends."""
    longitude, latitude, _ = _WGS84.fwd(start[0], start[1], azimuth_deg, distance_m)
    return float(longitude), float(latitude)


def azimuth_and_distance(start: Place, end: Place) -> tuple[float, float]:
    """Return the azimuth at `start`, 0 to 360 degrees, and the distance in metres."""
    azimuth, _, distance = _WGS84.inv(start[0], start[1], end[0], end[1])
    return float(azimuth) % 360.0, float(distance)


def arc(
    centre: Place, radius_m: float, from_deg: float, to_deg: float, clockwise: bool = True
) -> tuple[Place, ...]:
    """Return the corners of an arc from one azimuth to another, both ends included; the same azimuth twice is
    a whole circle.
    """
    return _swept(centre, radius_m, radius_m, from_deg, _turn_deg(from_deg, to_deg, clockwise))


def arc_between(centre: Place, start: Place, end: Place, clockwise: bool = True) -> tuple[Place, ...]:
    """Return the corners of an arc between two places, which stay as they are. Where they are not equally far
    from the centre, as published coordinates seldom are, the radius goes evenly from one to the other.
    """
    from_deg, from_m = azimuth_and_distance(centre, start)
    to_deg, to_m = azimuth_and_distance(centre, end)
    corners = _swept(centre, from_m, to_m, from_deg, _turn_deg(from_deg, to_deg, clockwise))
    return (start, *corners[1:-1], end)


def planar_edge(start: Place, end: Place) -> tuple[Place, ...]:
    """Return corners along an edge that is straight in longitude and latitude, so dense that geodesics
    between them stay on it; `start` included, `end` not.
    """
    pieces = _pieces(azimuth_and_distance(start, end)[1])
    return tuple(
        (start[0] + (end[0] - start[0]) * i / pieces, start[1] + (end[1] - start[1]) * i / pieces)
        for i in range(pieces)
    )


def geodesic_edge(start: Place, end: Place) -> tuple[Place, ...]:
    """Return corners along a geodesic, so dense that straight lines in longitude and latitude between them
    stay on it; `start` included, `end` not. Longitudes go on from `start` without a jump.
    """
    azimuth_deg, distance_m = azimuth_and_distance(start, end)
    pieces = _pieces(distance_m)
    corners = [start]
    for i in range(1, pieces):
        longitude, latitude = place_at(start, azimuth_deg, distance_m * i / pieces)
        corners.append((start[0] + (longitude - start[0] + 180.0) % 360.0 - 180.0, latitude))
    return tuple(corners)


def _pieces(distance_m: float) -> int:
    # An edge of 3 km bends away from a straight line by d^2 tan(latitude) / 8 R: 0.5 m at 70 degrees.
    return max(1, min(_MOST_CORNERS, math.ceil(distance_m / 3_000.0)))


def _turn_deg(from_deg: float, to_deg: float, clockwise: bool) -> float:
    turn = (to_deg - from_deg) % 360.0 if clockwise else (from_deg - to_deg) % 360.0
    turn = turn or 360.0
    return turn if clockwise else -turn


def _swept(centre: Place, from_m: float, to_m: float, from_deg: float, turn_deg: float) -> tuple[Place, ...]:
    most_m = max(from_m, to_m, 1.0)
    step_rad = min(math.sqrt(8.0 * CUT_OFF_M / most_m), 0.2)
    pieces = min(_MOST_CORNERS, max(2, math.ceil(math.radians(abs(turn_deg)) / step_rad)))
    share = np.arange(pieces + 1) / pieces
    azimuth_deg = from_deg + turn_deg * share
    radius_m = from_m + (to_m - from_m) * share
    longitude, latitude, _ = _WGS84.fwd(
        np.full(pieces + 1, centre[0]), np.full(pieces + 1, centre[1]), azimuth_deg, radius_m
    )
    return tuple(zip(longitude.tolist(), latitude.tolist(), strict=True))
