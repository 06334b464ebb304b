"""An outline as rings of corners, on the globe or in a local frame: for maps, and for measuring in metres."""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.zone import Circle, Polygon
from skykeep.geo.frames import LocalFrame
from skykeep.geo.shapes import circle_lonlat_deg

CIRCLE_CORNERS = 64


def rings_lonlat_deg(outline: Polygon | Circle, corners: int = CIRCLE_CORNERS) -> tuple[FloatArray, ...]:
    """Return the outer ring and the holes, each (n, 2): longitude, latitude. Rings are not closed."""
    if isinstance(outline, Circle):
        ring = circle_lonlat_deg(outline.latitude_deg, outline.longitude_deg, outline.radius_m, corners)
        return (ring[:-1],)
    return tuple(_open(np.array(ring, dtype=np.float64).reshape(-1, 2)) for ring in outline.rings)


def rings_enu_m(outline: Polygon | Circle, frame: LocalFrame) -> tuple[FloatArray, ...]:
    """Return the rings in a local frame, each (n, 2): metres east and north, corners taken at the height of
    the frame's origin.
    """
    rings = []
    for ring in rings_lonlat_deg(outline):
        height_m = np.full(len(ring), frame.height_hae_m)
        rings.append(frame.to_enu_m(ring[:, 1], ring[:, 0], height_m)[:, :2])
    return tuple(rings)


def polygon_of_enu_m(rings_m: tuple[tuple[tuple[float, float], ...], ...], frame: LocalFrame) -> Polygon:
    """Return rings of a local frame as a polygon on the globe, to a tenth of a millimetre."""
    rings = []
    for ring_m in rings_m:
        corners = np.array([(east, north, 0.0) for east, north in ring_m], dtype=np.float64)
        latitude_deg, longitude_deg, _ = frame.to_geodetic(corners)
        rings.append(
            tuple(
                (round(lon, 9), round(lat, 9))
                for lon, lat in zip(longitude_deg.tolist(), latitude_deg.tolist(), strict=True)
            )
        )
    return Polygon(rings=tuple(rings))


def _open(ring: FloatArray) -> FloatArray:
    return ring[:-1] if len(ring) > 1 and np.array_equal(ring[0], ring[-1]) else ring
