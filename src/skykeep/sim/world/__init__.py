"""A made-up harbour capital, and maps of real cities: ground, streets, houses, people, and their tiles."""

from skykeep.sim.world.generate import GENERATOR_VERSION, build_world, position_enu_m
from skykeep.sim.world.model import Feature, Layers, Place, PopulationGrid, SensorSite, World

__all__ = [
    "GENERATOR_VERSION",
    "Feature",
    "Layers",
    "Place",
    "PopulationGrid",
    "SensorSite",
    "World",
    "build_world",
    "position_enu_m",
]
