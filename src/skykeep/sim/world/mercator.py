"""Web Mercator as the unit square of map tiles: x from 180 W eastwards, y from the north edge southwards."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from skykeep.base.compile import FloatArray
from skykeep.geo.frames import LocalFrame
from skykeep.sim.world.model import Feature, Layers


def unit_square(longitude_deg: FloatArray, latitude_deg: FloatArray) -> FloatArray:
    """Return x, y (n, 2)."""
    latitude_rad = np.radians(latitude_deg)
    y = 0.5 - np.arcsinh(np.tan(latitude_rad)) / (2.0 * np.pi)
    return np.stack((np.asarray(longitude_deg) / 360.0 + 0.5, y), axis=-1)


def lonlat_deg(xy: FloatArray) -> FloatArray:
    """Return longitude, latitude (n, 2)."""
    latitude_rad = np.arctan(np.sinh(np.pi * (1.0 - 2.0 * xy[..., 1])))
    return np.stack(((xy[..., 0] - 0.5) * 360.0, np.degrees(latitude_rad)), axis=-1)


def from_enu(points_m: FloatArray, origin: LocalFrame) -> FloatArray:
    """Return places given by east and north (n, 2) in the unit square."""
    enu_m = np.column_stack((points_m, np.zeros(len(points_m))))
    latitude_deg, longitude_deg, _ = origin.to_geodetic(enu_m)
    return unit_square(longitude_deg, latitude_deg)


def layers_from_enu(layers: Layers, origin: LocalFrame) -> Layers:
    """Return the layers with every geometry in the unit square."""
    moved: dict[str, tuple[Feature, ...]] = {}
    for name, features in layers.items():
        geometries = shapely.transform(
            [feature.geometry for feature in features], lambda xy: from_enu(xy, origin)
        )
        moved[name] = tuple(
            Feature(geometry, feature.properties)
            for geometry, feature in zip(geometries, features, strict=True)
        )
    return moved


def box_from_enu(half_width_m: float, origin: LocalFrame) -> tuple[float, float, float, float]:
    """Return the unit-square bounds of a square about the origin."""
    corners = from_enu(half_width_m * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]]), origin)
    west, north = corners.min(axis=0)
    east, south = corners.max(axis=0)
    return float(west), float(north), float(east), float(south)


def bounds_of(geometries: list[BaseGeometry]) -> tuple[float, float, float, float]:
    """Return the bounds of everything given."""
    west, low, east, high = shapely.total_bounds(geometries)
    return float(west), float(low), float(east), float(high)
