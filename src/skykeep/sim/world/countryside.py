"""Beyond the city: woods, fields, beaches, contour lines."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from skykeep.geo.terrain import Terrain
from skykeep.sim.world.fields import SmoothNoise, contour_lines, patches, smoothstep, stage_generator
from skykeep.sim.world.model import Feature, polygons_of
from skykeep.sim.world.relief import Relief

CONTOUR_STEP_M = 20.0


def contours(terrain: Terrain) -> list[Feature]:
    """Return contour lines every 20 m; the sea's edge is the coastline, not a contour."""
    found = []
    for level_m in np.arange(CONTOUR_STEP_M, float(terrain.heights_m.max()), CONTOUR_STEP_M):
        lines = contour_lines(
            terrain.heights_m, level_m + 0.005, terrain.west_m, terrain.south_m, terrain.spacing_m
        )
        for line in shapely.get_parts(shapely.simplify(lines, 3.0)):
            if line.length > 180.0:
                index = int(round(level_m) % 100 == 0)
                found.append(Feature(line, {"height_m": int(level_m), "index": index}))
    return found


def green_and_fields(seed: int, relief: Relief, taken: BaseGeometry) -> list[tuple[str, Feature]]:
    """Return woods on the hills, scrub above them, farmland below; none of it on ground that is `taken`."""
    generator = stage_generator(seed, 5)
    terrain = relief.terrain
    step = 3
    heights_m = terrain.heights_m[::step, ::step]
    spacing_m = terrain.spacing_m * step
    rows, columns = heights_m.shape
    east, north = np.meshgrid(
        terrain.west_m + spacing_m * np.arange(columns), terrain.south_m + spacing_m * np.arange(rows)
    )
    noise = SmoothNoise(generator, 620.0).at(east, north) + 0.5 * SmoothNoise(generator, 240.0).at(
        east, north
    )
    wooded = (
        noise
        + 1.1 * smoothstep((heights_m - 25.0) / 150.0)
        - 0.42
        - 0.7 * smoothstep((heights_m - 330.0) / 120.0)
    )
    bare = 0.5 * noise + (heights_m - 330.0) / 90.0
    tilled = 0.55 - 0.9 * noise - smoothstep((heights_m - 70.0) / 90.0)
    wet = shapely.union_all([relief.river.buffer(12.0), relief.reservoir.buffer(15.0)])
    inland = relief.land.simplify(4.0).buffer(-22.0, quad_segs=2).difference(taken).difference(wet)
    found: list[tuple[str, Feature]] = []
    used: list[BaseGeometry] = []
    for layer, kind, field in (
        ("parks", "scrub", bare),
        ("parks", "wood", wooded),
        ("landuse", "farmland", tilled),
    ):
        areas = shapely.union_all(patches(field, terrain.west_m, terrain.south_m, spacing_m, 30_000.0))
        rounded = areas.buffer(-25.0).buffer(50.0, quad_segs=2).buffer(-25.0, quad_segs=2).simplify(6.0)
        ground = rounded.intersection(inland)
        if used:
            ground = ground.difference(shapely.union_all(used))
        used.append(rounded)
        found.extend(
            (layer, Feature(part, {"kind": kind})) for part in polygons_of(ground) if part.area > 9_000.0
        )
    return found


def beaches(seed: int, relief: Relief, taken: BaseGeometry) -> list[Feature]:
    """Return strips of sand along low, unbuilt shore."""
    step_m = 260
    noise = SmoothNoise(stage_generator(seed, 6), 1_300.0)
    strips = relief.land.difference(relief.land.buffer(-38.0)).difference(taken.buffer(70.0))
    cells = [
        shapely.box(east, north, east + step_m, north + step_m)
        for east in range(-10_400, 10_400, step_m)
        for north in range(-6_500, 10_400, step_m)
    ]
    middles = shapely.get_coordinates(shapely.centroid(cells))
    low = relief.terrain.height_m(middles[:, 0], middles[:, 1]) < 14.0
    sandy = low & (noise.at(middles[:, 0], middles[:, 1]) > 0.18)
    area = shapely.union_all(np.asarray(cells, dtype=object)[sandy])
    parts = [part for part in polygons_of(strips.intersection(area)) if part.area > 3_000.0]
    return [Feature(part.simplify(2.0), {"kind": "beach"}) for part in parts]
