"""What a world is made of: features, places, people, sensor sites.

Geometry is shapely, in metres east and north of the world's origin. Heights are above the ellipsoid, which
here
is also the sea: a made-up world has no geoid.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from skykeep.base.compile import FloatArray
from skykeep.geo.frames import LocalFrame
from skykeep.geo.terrain import Terrain, fall_m

GeometryArray: TypeAlias = NDArray[np.object_]
Properties: TypeAlias = Mapping[str, str | int | float]


class Feature(msgspec.Struct, frozen=True):
    """One thing on the map; `properties` are those of docs/map_schema.md."""

    geometry: BaseGeometry
    properties: Properties


Layers: TypeAlias = Mapping[str, tuple[Feature, ...]]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A named place. `footprint` is its ground, where it has an edge."""

    id: str
    name: str
    kind: str
    rank: int
    east_m: float
    north_m: float
    height_hae_m: float
    footprint: BaseGeometry | None = None


class SensorSite(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sensor stands by default: `height_hae_m` is its antenna's or lens's, `mast_m` above ground."""

    id: str
    name: str
    kind: str
    east_m: float
    north_m: float
    height_hae_m: float
    mast_m: float


class PopulationGrid(msgspec.Struct, frozen=True, kw_only=True):
    """People per cell by day and by night: row 0 is the southernmost, column 0 the westernmost."""

    west_m: float
    south_m: float
    cell_m: float
    persons_day: FloatArray
    persons_night: FloatArray


class World(msgspec.Struct, frozen=True, kw_only=True):
    """A place to keep the sky over, complete."""

    seed: int
    name: str
    origin: LocalFrame
    layers: Layers
    terrain: Terrain
    population: PopulationGrid
    places: tuple[Place, ...]
    sensor_sites: tuple[SensorSite, ...]

    def place(self, place_id: str) -> Place:
        """Return the place with this id; KeyError names the ids there are."""
        for place in self.places:
            if place.id == place_id:
                return place
        raise KeyError(f"{place_id!r} is not one of {', '.join(place.id for place in self.places)}")

    def sensor_site(self, site_id: str) -> SensorSite:
        """Return the sensor site with this id; KeyError names the ids there are."""
        for site in self.sensor_sites:
            if site.id == site_id:
                return site
        raise KeyError(f"{site_id!r} is not one of {', '.join(site.id for site in self.sensor_sites)}")


def polygons_of(geometry: BaseGeometry) -> list[Polygon]:
    """Return the polygons among the parts of any geometry."""
    return [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]


def lines_of(geometry: BaseGeometry) -> list[LineString]:
    """Return the lines among the parts of any geometry."""
    return [part for part in shapely.get_parts(geometry) if isinstance(part, LineString)]


def largest_polygon(geometry: BaseGeometry) -> Polygon:
    """Return the polygon with the greatest area; ValueError where there is none."""
    return max(polygons_of(geometry), key=lambda part: float(part.area))


def position_enu_m(site: SensorSite | Place) -> FloatArray:
    """Return where a site or place is in the world's frame: its height less the fall of the earth."""
    up_m = site.height_hae_m - float(fall_m(site.east_m, site.north_m))
    return np.array([site.east_m, site.north_m, up_m])
