"""Buildings fitted to their blocks: every footprint lies inside the block it was made for."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias

import msgspec
import numpy as np
import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from skykeep.base.compile import FloatArray
from skykeep.sim.world.fields import SmoothNoise, stage_generator
from skykeep.sim.world.model import polygons_of
from skykeep.sim.world.streets import Block


class Building(msgspec.Struct, frozen=True):
    """One building: its ground, its height above that, its kind and perhaps its name."""

    ground: BaseGeometry
    height_m: float
    kind: str
    name: str = ""
    min_height_m: float = 0.0


Architect: TypeAlias = Callable[[Block, float, np.random.Generator], list[Building]]
STOREY_M = 3.2


def oriented_box(
    east_m: float, north_m: float, length_m: float, width_m: float, bearing_deg: float
) -> Polygon:
    """Return a rectangle about a middle whose length runs along `bearing_deg`."""
    turn_rad = np.radians(bearing_deg)
    along_m = 0.5 * length_m * np.array([np.sin(turn_rad), np.cos(turn_rad)])
    right_m = 0.5 * width_m * np.array([np.cos(turn_rad), -np.sin(turn_rad)])
    corners = np.array([-along_m - right_m, along_m - right_m, along_m + right_m, right_m - along_m])
    return Polygon(corners + np.array([east_m, north_m]))


def build_on(seed: int, blocks: tuple[Block, ...]) -> list[Building]:
    """Return the buildings of all blocks."""
    generator = stage_generator(seed, 3)
    height_noise = SmoothNoise(generator, 900.0)
    middles = shapely.get_coordinates(shapely.centroid([block.ground for block in blocks]))
    # Neighbouring blocks grow alike: heights drift over the city by a third up or down.
    growth = 1.0 + 0.55 * height_noise.at(middles[:, 0], middles[:, 1])
    built: list[Building] = []
    for block, factor in zip(blocks, growth, strict=True):
        designed = _ARCHITECTS[block.kind](block, float(factor), generator)
        built.extend(building for building in designed if building.ground.area > 45.0)
    return built


def _perimeter(block: Block, depth_m: float, pieces: int, turn_rad: float) -> list[Polygon]:
    """Return a closed row of houses round a courtyard, cut into `pieces` from the middle."""
    outer = block.ground.buffer(-1.5, join_style="mitre")
    if outer.is_empty:
        return []
    court = outer.buffer(-depth_m, join_style="mitre")
    row = outer.difference(court) if court.area > 0.18 * outer.area else outer
    if pieces == 1:
        return polygons_of(row)
    middle = np.asarray(outer.centroid.coords[0])
    reach_m = 2.0 * float(np.hypot(*(np.asarray(outer.bounds[2:]) - outer.bounds[:2])))
    cuts_rad = turn_rad + np.arange(pieces + 1) * (2.0 * np.pi / pieces)
    found: list[Polygon] = []
    for first, last in pairwise(cuts_rad):
        angles = np.linspace(first, last, 4)
        rim = middle + reach_m * np.stack((np.cos(angles), np.sin(angles)), axis=-1)
        found.extend(polygons_of(row.intersection(Polygon([middle, *rim]))))
    return found


def _long_axis(ground: Polygon) -> tuple[float, float, float]:
    """Return (bearing_deg, length_m, width_m) of the least rectangle round a block."""
    corners = shapely.get_coordinates(ground.minimum_rotated_rectangle)
    sides: FloatArray = np.diff(corners, axis=0)[:2]
    lengths_m = np.hypot(sides[:, 0], sides[:, 1])
    longest = int(lengths_m[1] > lengths_m[0] + 1e-3)
    bearing_deg = float(np.degrees(np.arctan2(sides[longest, 0], sides[longest, 1])))
    return bearing_deg, float(lengths_m[longest]), float(lengths_m[1 - longest])


def _storeys(generator: np.random.Generator, low: float, high: float, factor: float) -> float:
    return round(max(2.0, generator.uniform(low, high) * factor)) * STOREY_M + 1.0


def _old_town(block: Block, factor: float, generator: np.random.Generator) -> list[Building]:
    pieces = int(np.clip(round(block.ground.area / 2_600.0), 1, 4))
    grounds = _perimeter(block, 12.0, pieces, generator.uniform(0.0, 6.0))
    return [Building(ground, _storeys(generator, 2.6, 5.4, factor), "block") for ground in grounds]


def _centre(block: Block, factor: float, generator: np.random.Generator) -> list[Building]:
    if generator.random() < 0.14 and block.ground.area > 3_000.0:
        bearing_deg, _, width_m = _long_axis(block.ground)
        side_m = min(34.0, 0.5 * width_m)
        middle = block.ground.centroid
        tower = oriented_box(middle.x, middle.y, 1.2 * side_m, side_m, bearing_deg)
        podium = block.ground.buffer(-7.0, join_style="mitre")
        if podium.contains(tower):
            tall_m = _storeys(generator, 13.0, 24.0, factor)
            rest = podium.difference(tower)
            return [Building(rest, 2 * STOREY_M + 2.0, "block"), Building(tower, tall_m, "tower")]
    grounds = _perimeter(block, 15.0, int(generator.integers(2, 4)), generator.uniform(0.0, 6.0))
    return [Building(ground, _storeys(generator, 5.0, 8.0, factor), "block") for ground in grounds]


def _residential(block: Block, factor: float, generator: np.random.Generator) -> list[Building]:
    if generator.random() < 0.45:
        grounds = _perimeter(block, 12.0, int(generator.integers(1, 3)), generator.uniform(0.0, 6.0))
        return [Building(ground, _storeys(generator, 3.0, 6.0, factor), "block") for ground in grounds]
    return _slabs(block, factor, generator)


def _slabs(block: Block, factor: float, generator: np.random.Generator) -> list[Building]:
    """Return free-standing rows along the block, with green between."""
    bearing_deg, length_m, width_m = _long_axis(block.ground)
    rows = int(np.clip(round(width_m / 45.0), 1, 3))
    inner = block.ground.buffer(-4.0)
    middle = block.ground.minimum_rotated_rectangle.centroid
    across = np.radians(bearing_deg + 90.0)
    found: list[Building] = []
    for row in range(rows):
        offset_m = ((row + 0.5) / rows - 0.5) * width_m * 0.92
        east_m, north_m = middle.x + offset_m * np.sin(across), middle.y + offset_m * np.cos(across)
        slab = oriented_box(east_m, north_m, length_m * generator.uniform(0.6, 0.9), 13.0, bearing_deg)
        grounds = [part for part in polygons_of(slab.intersection(inner)) if part.area > 260.0]
        found.extend(Building(ground, _storeys(generator, 3.0, 7.0, factor), "block") for ground in grounds)
    return found


def _suburb(block: Block, _: float, generator: np.random.Generator) -> list[Building]:
    """Return rows of houses along the block's edge, with gaps: not every plot is built on."""
    houses: list[Building] = []
    for part in polygons_of(block.ground.buffer(-13.0, join_style="mitre")):
        ring = part.exterior
        for along_m in np.arange(generator.uniform(10.0, 60.0), ring.length, 105.0):
            here, ahead = ring.interpolate(along_m), ring.interpolate(along_m + 6.0)
            bearing_deg = float(np.degrees(np.arctan2(ahead.x - here.x, ahead.y - here.y)))
            length_m = generator.choice([13.0, 24.0, 46.0, 62.0]) * generator.uniform(0.9, 1.1)
            wanted, height_m = generator.random() < 0.55, float(np.round(generator.uniform(5.0, 9.5), 1))
            house = oriented_box(here.x, here.y, length_m, 10.5, bearing_deg)
            clear = all(house.distance(other.ground) > 4.0 for other in houses)
            if wanted and clear and block.ground.contains(house):
                houses.append(Building(house, height_m, "house"))
    return houses


def _industrial(block: Block, _: float, generator: np.random.Generator) -> list[Building]:
    bearing_deg, length_m, width_m = _long_axis(block.ground)
    inner = block.ground.buffer(-9.0, join_style="mitre")
    middle = block.ground.centroid
    along = np.radians(bearing_deg)
    count = max(1, int(length_m // 95.0))
    found: list[Building] = []
    for number in range(count):
        offset_m = ((number + 0.5) / count - 0.5) * length_m
        east_m, north_m = middle.x + offset_m * np.sin(along), middle.y + offset_m * np.cos(along)
        share = generator.uniform(0.45, 0.75)
        shed = oriented_box(east_m, north_m, 0.78 * length_m / count, share * width_m, bearing_deg)
        ground = shed.intersection(inner)
        if isinstance(ground, Polygon) and ground.area > 350.0 and generator.random() < 0.85:
            found.append(Building(ground, float(np.round(generator.uniform(7.0, 14.0), 1)), "industrial"))
    if block.ground.area > 30_000.0 and generator.random() < 0.3:
        found.extend(_tanks(inner, found, generator))
    return found


def _tanks(inner: BaseGeometry, taken: list[Building], generator: np.random.Generator) -> list[Building]:
    west, south, east, north = inner.bounds
    tanks: list[Building] = []
    for _ in range(12):
        tank = Point(generator.uniform(west, east), generator.uniform(south, north)).buffer(11.0, quad_segs=5)
        if inner.contains(tank) and all(tank.distance(other.ground) > 5.0 for other in [*taken, *tanks]):
            tanks.append(Building(tank, 16.0, "industrial"))
    return tanks


_ARCHITECTS: dict[str, Architect] = {
    "old_town": _old_town,
    "centre": _centre,
    "residential": _residential,
    "suburb": _suburb,
    "industrial": _industrial,
    "port": _industrial,
}
