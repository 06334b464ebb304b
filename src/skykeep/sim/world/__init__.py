"""A made-up harbour capital, and maps of real cities: ground, streets, houses, people, and their tiles."""

from skykeep.sim.world.model import Feature, Layers, Place, PopulationGrid, SensorSite, World, position_enu_m
from skykeep.sim.world.package import (
    GENERATOR_VERSION,
    WorldTiles,
    build_world,
    ensure_world,
    ensure_world_tiles,
    write_pmtiles,
    write_terrain_pmtiles,
)

__all__ = [
    "GENERATOR_VERSION",
    "Feature",
    "Layers",
    "Place",
    "PopulationGrid",
    "SensorSite",
    "World",
    "WorldTiles",
    "build_world",
    "ensure_world",
    "ensure_world_tiles",
    "position_enu_m",
    "write_pmtiles",
    "write_terrain_pmtiles",
]
