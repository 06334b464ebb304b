"""Land and water: the coast, the river and the heights, grown over the plan."""

from __future__ import annotations

import msgspec
import numpy as np
import shapely
from scipy import ndimage
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from skykeep.base.compile import FloatArray
from skykeep.geo.terrain import Terrain
from skykeep.sim.world import plan
from skykeep.sim.world.fields import (
    SmoothNoise,
    Warp,
    inside_grid,
    smooth_line,
    smoothstep,
    stage_generator,
    warped_polygon,
)
from skykeep.sim.world.model import largest_polygon, polygons_of

GRID_WEST_M, GRID_SOUTH_M, GRID_SPACING_M = -10_200.0, -6_300.0, 30.0
GRID_COLUMNS, GRID_ROWS = 681, 541
HARBOUR = (-300.0, -1900.0)
QUAY_HEIGHT_M = 3.0


class Relief(msgspec.Struct, frozen=True, kw_only=True):
    """Where there is land, where there is water, and how high the ground is."""

    land: BaseGeometry
    river: BaseGeometry
    reservoir: Polygon
    river_line: LineString
    breakwaters: BaseGeometry
    terrain: Terrain


def build_relief(seed: int) -> Relief:
    """Grow the island."""
    generator = stage_generator(seed, 1)
    warp = Warp(generator, [(2600.0, 620.0), (950.0, 270.0), (340.0, 90.0), (110.0, 26.0)])
    natural = _natural_land(warp)
    river_line, river = _river(generator)
    reservoir = _reservoir(generator)
    breakwaters = shapely.union_all(
        [LineString(smooth_line(line)).buffer(13.0, cap_style="round") for line in plan.BREAKWATERS]
    )
    reclaimed = [Polygon(ring) for ring in plan.RECLAIMED]
    ground = shapely.union_all([natural, *reclaimed])
    # The river ends where the quays end: beyond is harbour.
    river = largest_polygon(river.intersection(ground))
    land = ground.difference(river)
    parts = [part for part in polygons_of(land) if part.area > 4_000.0]
    land = shapely.set_precision(MultiPolygon(parts), 0.01)
    terrain = _terrain(generator, land, river_line, river, reservoir, breakwaters)
    return Relief(
        land=land,
        river=river,
        reservoir=reservoir,
        river_line=river_line,
        breakwaters=breakwaters,
        terrain=terrain,
    )


def _natural_land(warp: Warp) -> BaseGeometry:
    outline = smooth_line(plan.COAST, spacing_m=14.0, closed=True)
    from_harbour_m = np.hypot(outline[:, 0] - HARBOUR[0], outline[:, 1] - HARBOUR[1])
    # The harbour was charted, the far coast was not: there the plan may wander.
    strength = 0.10 + 0.90 * smoothstep((from_harbour_m - 1_700.0) / 2_600.0)
    islands = [warped_polygon(warp, outline, strength)]
    for east_m, north_m, radius_m in plan.ISLETS:
        ring = np.asarray(Point(east_m, north_m).buffer(radius_m).segmentize(12.0).exterior.coords)
        islands.append(warped_polygon(warp, ring, min(0.6, radius_m / 400.0)))
    return shapely.union_all(islands)


def _river(generator: np.random.Generator) -> tuple[LineString, BaseGeometry]:
    meander = Warp(generator, [(520.0, 90.0), (210.0, 26.0)])
    pieces = []
    lines: list[LineString] = []
    for points, widths_m in ((plan.RIVER, (12.0, 92.0)), (plan.TRIBUTARY, (6.0, 16.0))):
        line = smooth_line(points, spacing_m=16.0)
        along = np.linspace(0.0, 1.0, len(line))
        # In the city the river was straightened between quays.
        line = meander.moved(line, 1.0 - smoothstep((along - 0.55) / 0.25))
        if points is plan.TRIBUTARY:
            line[-1] = lines[0].interpolate(lines[0].project(Point(line[-1]))).coords[0]
        half_width_m = 0.5 * (widths_m[0] + (widths_m[1] - widths_m[0]) * along**1.6)
        lines.append(LineString(line))
        pieces.append(_ribbon(line, half_width_m))
    return lines[0], shapely.union_all(pieces)


def _ribbon(line: FloatArray, half_width_m: FloatArray) -> BaseGeometry:
    """Return a band of varying width: the hulls of neighbouring circles, joined."""
    circles = shapely.buffer(shapely.points(line), half_width_m, quad_segs=6)
    pairs = shapely.convex_hull(shapely.multipolygons(np.stack((circles[:-1], circles[1:]), axis=1)))
    return shapely.union_all(pairs)


def _reservoir(generator: np.random.Generator) -> Polygon:
    east_m, north_m, radius_m = plan.RESERVOIR
    ring = np.asarray(Point(east_m, north_m).buffer(radius_m).segmentize(15.0).exterior.coords)
    ring = (ring - [east_m, north_m]) * [0.62, 1.25] + [east_m, north_m]
    return warped_polygon(Warp(generator, [(330.0, 110.0), (120.0, 20.0)]), ring)


def _terrain(
    generator: np.random.Generator,
    land: BaseGeometry,
    river_line: LineString,
    river: BaseGeometry,
    reservoir: Polygon,
    breakwaters: BaseGeometry,
) -> Terrain:
    east_m: FloatArray = GRID_WEST_M + GRID_SPACING_M * np.arange(float(GRID_COLUMNS))
    north_m: FloatArray = GRID_SOUTH_M + GRID_SPACING_M * np.arange(float(GRID_ROWS))
    east, north = np.meshgrid(east_m, north_m)
    is_land = inside_grid(shapely.union_all([land, river]), east_m, north_m)
    from_sea_m = GRID_SPACING_M * ndimage.distance_transform_edt(is_land)
    heights_m = _hills(generator, east, north) * smoothstep((from_sea_m - 60.0) / 1_300.0)
    heights_m += 2.5 + 6.0 * smoothstep(from_sea_m / 250.0) + 0.006 * from_sea_m
    heights_m = _carve_river(heights_m, river_line, east_m, north_m, reservoir)
    heights_m = _level_airport(heights_m, east, north)
    heights_m = np.maximum(heights_m, _rock(generator, east, north))
    # Cliffs: a headland stays high to within two cells of the sea.
    heights_m = np.where(is_land, np.minimum(heights_m, 2.5 + 0.9 * from_sea_m), 0.0)
    on_mole = inside_grid(breakwaters, east_m, north_m)
    heights_m = np.where(on_mole & ~is_land, QUAY_HEIGHT_M, heights_m)
    return Terrain(
        west_m=GRID_WEST_M,
        south_m=GRID_SOUTH_M,
        spacing_m=GRID_SPACING_M,
        heights_m=np.round(heights_m, 2),
    )


def _hills(generator: np.random.Generator, east: FloatArray, north: FloatArray) -> FloatArray:
    """Return gaussian hills broken into ridges by noise."""
    octaves = [(SmoothNoise(generator, 1500.0 / 2**i), 0.5**i) for i in range(5)]
    rough = sum((amplitude * noise.at(east, north) for noise, amplitude in octaves), np.zeros_like(east))
    ridged = sum(
        (amplitude * (1.0 - 2.2 * np.abs(noise.at(east + 3_000.0, north))) for noise, amplitude in octaves),
        np.zeros_like(east),
    )
    total = np.zeros_like(east)
    for hill_east, hill_north, height_m, half_east_m, half_north_m in plan.HILLS:
        square = ((east - hill_east) / half_east_m) ** 2 + ((north - hill_north) / half_north_m) ** 2
        total = np.hypot(total, height_m * np.exp(-0.75 * square))
    high = smoothstep(total / 220.0)
    shaped = (
        total * (1.0 + high * (0.20 * ridged + 0.14 * rough))
        + (7.0 + 22.0 * smoothstep(total / 90.0)) * rough
    )
    return np.asarray(np.maximum(shaped, 0.0))


def _carve_river(
    heights_m: FloatArray, river_line: LineString, east_m: FloatArray, north_m: FloatArray, reservoir: Polygon
) -> FloatArray:
    """Lay a valley: beside the river the ground falls to its bed, which falls to the sea."""
    on_line = np.asarray(river_line.segmentize(GRID_SPACING_M / 2).coords)
    bed_m = np.linspace(95.0, 0.5, len(on_line))
    column = np.rint((on_line[:, 0] - east_m[0]) / GRID_SPACING_M).astype(np.int64)
    row = np.rint((on_line[:, 1] - north_m[0]) / GRID_SPACING_M).astype(np.int64)
    bed_grid = np.full(heights_m.shape, np.nan)
    bed_grid[row, column] = bed_m
    distance, nearest = ndimage.distance_transform_edt(np.isnan(bed_grid), return_indices=True)
    nearest_bed_m = bed_grid[nearest[0], nearest[1]]
    share = smoothstep((distance * GRID_SPACING_M - 30.0) / 750.0)
    carved = nearest_bed_m + (heights_m - nearest_bed_m) * share
    in_lake = inside_grid(reservoir, east_m, north_m)
    lake_level_m = float(np.median(carved[in_lake])) if in_lake.any() else 0.0
    near_lake = smoothstep(GRID_SPACING_M * ndimage.distance_transform_edt(~in_lake) / 240.0)
    return np.asarray(np.minimum(heights_m + 2.0, lake_level_m + (carved - lake_level_m) * near_lake))


def _level_airport(heights_m: FloatArray, east: FloatArray, north: FloatArray) -> FloatArray:
    bearing_rad = np.radians(plan.RUNWAY_BEARING_DEG)
    offset_east, offset_north = east - plan.AIRPORT_CENTRE[0], north - plan.AIRPORT_CENTRE[1]
    along = np.abs(offset_east * np.sin(bearing_rad) + offset_north * np.cos(bearing_rad))
    across = np.abs(offset_east * np.cos(bearing_rad) - offset_north * np.sin(bearing_rad))
    outside = np.hypot(np.maximum(along - 1_300.0, 0.0), np.maximum(across - 520.0, 0.0))
    share = smoothstep(outside / 500.0)
    return np.asarray(7.0 + (heights_m - 7.0) * share)


def _rock(generator: np.random.Generator, east: FloatArray, north: FloatArray) -> FloatArray:
    """The Residence's rock: a flat top, steep to the sea, less steep to the town."""
    crag = SmoothNoise(generator, 160.0)
    rock_east, rock_north, height_m = plan.ROCK
    radius = np.hypot((east - rock_east) / 1.15, north - rock_north) + 24.0 * crag.at(east, north)
    landward = smoothstep((rock_east - east - 120.0) / 200.0)
    return np.asarray(height_m * smoothstep((250.0 + 130.0 * landward - radius) / (95.0 + 190.0 * landward)))
