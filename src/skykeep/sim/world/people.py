"""Where people are, by day and by night: what falling debris could meet."""

from __future__ import annotations

import numpy as np
import shapely

from skykeep.base.compile import FloatArray
from skykeep.sim.world.buildings import STOREY_M, Building
from skykeep.sim.world.landmarks import Landmark
from skykeep.sim.world.model import PopulationGrid
from skykeep.sim.world.streets import Block

CELL_M = 100.0
WEST_M, SOUTH_M, COLUMNS, ROWS = -9_000.0, -5_000.0, 180, 140

# Persons per square kilometre of block, (day, night), as of a dense European port; streets are not counted.
DENSITY_PER_KM2 = {
    "old_town": (21_000.0, 15_000.0),
    "centre": (34_000.0, 9_000.0),
    "residential": (8_500.0, 16_500.0),
    "suburb": (1_500.0, 3_200.0),
    "industrial": (4_500.0, 120.0),
    "port": (2_200.0, 150.0),
}
# Persons at one site, (day, night).
AT_SITE = {
    "residence": (190.0, 70.0),
    "airport": (2_600.0, 240.0),
    "parade_square": (2_900.0, 90.0),
    "central_station": (1_300.0, 60.0),
    "stadium": (60.0, 8.0),
}


def count_people(
    blocks: tuple[Block, ...], buildings: list[Building], landmarks: list[Landmark]
) -> PopulationGrid:
    """Return people per cell: a block's are in its buildings by floor area, or spread on bare ground."""
    day, night = np.zeros((ROWS, COLUMNS)), np.zeros((ROWS, COLUMNS))
    grounds = [block.ground for block in blocks]
    middles = shapely.get_coordinates(shapely.centroid([building.ground for building in buildings]))
    floor_m2 = np.array([b.ground.area * max(1.0, b.height_m / STOREY_M) for b in buildings])
    building_of, block_of = shapely.STRtree(grounds).query(shapely.points(middles), predicate="within")
    total_m2 = np.bincount(block_of, weights=floor_m2[building_of], minlength=len(blocks))
    area_km2 = np.array([ground.area for ground in grounds]) / 1e6
    density = np.array([DENSITY_PER_KM2[block.kind] for block in blocks])
    share = floor_m2[building_of] / total_m2[block_of]
    _spread(day, middles[building_of], share * area_km2[block_of] * density[block_of, 0])
    _spread(night, middles[building_of], share * area_km2[block_of] * density[block_of, 1])
    bare = total_m2 == 0.0
    open_ground = shapely.get_coordinates(shapely.point_on_surface(grounds))[bare]
    _spread(day, open_ground, (area_km2 * density[:, 0])[bare])
    _spread(night, open_ground, (area_km2 * density[:, 1])[bare])
    for site in landmarks:
        if site.id in AT_SITE:
            homes = [building for building in site.buildings if building.height_m > 8.0]
            spots = shapely.get_coordinates(shapely.point_on_surface([home.ground for home in homes]))
            for grid, persons in zip((day, night), AT_SITE[site.id], strict=True):
                _spread(grid, spots, np.full(len(homes), persons / len(homes)))
    return PopulationGrid(
        west_m=WEST_M,
        south_m=SOUTH_M,
        cell_m=CELL_M,
        persons_day=np.round(day, 2),
        persons_night=np.round(night, 2),
    )


def _spread(grid: FloatArray, places_m: FloatArray, persons: FloatArray) -> None:
    column = np.clip(((places_m[:, 0] - WEST_M) // CELL_M).astype(np.int64), 0, COLUMNS - 1)
    row = np.clip(((places_m[:, 1] - SOUTH_M) // CELL_M).astype(np.int64), 0, ROWS - 1)
    np.add.at(grid, (row, column), persons)
