"""The map of a case: the ground where it is known, and the ways that its tracks took."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from skykeep.app.watchers import NightMemory
from skykeep.domain.place import Point
from skykeep.domain.site import Site
from skykeep.evidence.case import MapFigure, MapTrack, Story
from skykeep.sim.world.model import World, lines_of, polygons_of

HALF_WIDTH_M = 5_200.0
LEAST_HALF_WIDTH_M = 1_000.0
ROOM = 1.3
MAJOR_ROADS = ("motorway", "primary", "secondary")
MINOR_ROADS = ("tertiary",)
COARSE_M, FINE_M = 15.0, 6.0


def map_figure(world: World | None, site: Site, stories: Iterable[Story], memory: NightMemory) -> MapFigure:
    """Return the figure about a site's first asset, with one way for each track of each story. Without a
    world there is no ground to draw, and the figure is as wide as what is protected.
    """
    east, north = site.assets[0].position_enu_m[:2] if site.assets else (0.0, 0.0)
    reach_m = HALF_WIDTH_M
    if world is None:
        widest_m = max((asset.warning_radius_m for asset in site.assets), default=LEAST_HALF_WIDTH_M)
        reach_m = max(ROOM * widest_m, LEAST_HALF_WIDTH_M)
    extent = (east - reach_m, north - reach_m, east + reach_m, north + reach_m)
    layers = world.layers if world is not None else {}
    frame = shapely.box(*extent)

    def rings(layer: str) -> tuple[tuple[Point, ...], ...]:
        return tuple(
            _points(polygon.exterior)
            for feature in layers.get(layer, ())
            for polygon in polygons_of(_fit(feature.geometry, frame, COARSE_M))
            if polygon.area > 2_000.0
        )

    def lines(layer: str, classes: tuple[str, ...] = ()) -> tuple[tuple[Point, ...], ...]:
        return tuple(
            _points(line)
            for feature in layers.get(layer, ())
            if not classes or feature.properties.get("class") in classes
            for line in lines_of(_fit(feature.geometry, frame, FINE_M))
        )

    return MapFigure(
        extent_enu_m=extent,
        water=rings("water"),
        green=rings("parks"),
        coast=lines("coastline"),
        major_roads=lines("roads", MAJOR_ROADS),
        minor_roads=lines("roads", MINOR_ROADS),
        tracks=tuple(way for story in stories for way in _ways(story, memory) if len(way.points_enu_m) > 1),
        credit="A made-up place, grown by Skykeep." if world is not None else "",
    )


def _fit(geometry: BaseGeometry, frame: BaseGeometry, tolerance_m: float) -> BaseGeometry:
    return shapely.simplify(shapely.intersection(geometry, frame), tolerance_m)


def _points(line: BaseGeometry) -> tuple[Point, ...]:
    rows = np.round(shapely.get_coordinates(line), 1).tolist()
    return tuple((east, north) for east, north in rows)


def _ways(story: Story, memory: NightMemory) -> Iterable[MapTrack]:
    for track_id in story.track_ids:
        for told in memory.tracks.of((track_id,)):
            yield MapTrack(
                label=f"{story.name} (track {track_id})",
                looks=story.looks,
                times_utc_ns=told.times_utc_ns,
                points_enu_m=told.points_enu_m,
            )
