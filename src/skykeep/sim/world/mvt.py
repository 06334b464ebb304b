"""Geometry and properties as Mapbox Vector Tile messages (specification 2.1).

A geometry is a list of unsigned integers: commands (id in the low 3 bits, count above: 1 MoveTo, 2 LineTo,
7 ClosePath) and, after each, steps from the pen's last place, zigzag-coded. x grows east, y grows south, in
4096ths of the tile. Outer rings have positive area by the surveyor's formula in that frame, holes negative.
Written for whole columns of features at once: a call per vertex would be most of the cost of a world.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import shapely
from mapbox_vector_tile.Mapbox import vector_tile_pb2

from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.sim.world.model import GeometryArray, Properties

EXTENT = 4096
POINT, LINE, POLYGON = 1, 2, 3
_TYPE_OF_DIMENSION = {0: POINT, 1: LINE, 2: POLYGON}


class EncodedFeature:
    """One feature of one tile: its type, its commands and what it says."""

    __slots__ = ("commands", "geometry_type", "properties")

    def __init__(self, geometry_type: int, commands: list[int], properties: Properties) -> None:
        self.geometry_type = geometry_type
        self.commands = commands
        self.properties = properties


def encode_tile(layers: Mapping[str, Iterable[EncodedFeature]]) -> bytes:
    """Return one tile; layers without features are left out."""
    tile = vector_tile_pb2.tile()
    for name in sorted(layers):
        features = list(layers[name])
        if features:
            _add_layer(tile, name, features)
    encoded: bytes = tile.SerializeToString(deterministic=True)
    return encoded


def _add_layer(tile: vector_tile_pb2.tile, name: str, features: list[EncodedFeature]) -> None:
    layer = tile.layers.add()
    layer.name, layer.version, layer.extent = name, 2, EXTENT
    keys: dict[str, int] = {}
    values: dict[tuple[str, str | int | float], int] = {}
    for feature in features:
        message = layer.features.add()
        message.type = feature.geometry_type
        message.geometry.extend(feature.commands)
        tags = []
        for key, value in feature.properties.items():
            tags.append(keys.setdefault(key, len(keys)))
            # 1 and 1.0 are equal but not the same value on the wire.
            tags.append(values.setdefault((type(value).__name__, value), len(values)))
        message.tags.extend(tags)
    layer.keys.extend(keys)
    for _, value in values:
        item = layer.values.add()
        if isinstance(value, str):
            item.string_value = value
        elif isinstance(value, int):
            item.sint_value = value
        else:
            item.double_value = value


def encode_geometries(
    geometries: GeometryArray,
    dimension: int,
    origins: FloatArray,
    scale: float,
) -> tuple[int, list[list[int]]]:
    """Return the geometry type and, for each geometry, its commands: empty where nothing of it is left.

    `geometries` lie in the unit square of Web Mercator, all of one `dimension`; `origins` (n, 2) is each
    one's tile corner in tile units, `scale` tiles per unit.
    """
    commands: list[list[int]] = [[] for _ in geometries]
    parts, owner = shapely.get_parts(geometries, return_index=True)
    if dimension == 2:
        rings, polygon_of_ring = shapely.get_rings(parts, return_index=True)
        owner = owner[polygon_of_ring]
        outer = np.diff(polygon_of_ring, prepend=-1) != 0
        parts = rings
    else:
        outer = np.ones(len(parts), dtype=np.bool_)
    xy, ring = shapely.get_coordinates(parts, return_index=True)
    grid = np.rint((xy * scale - origins[owner[ring]]) * EXTENT).astype(np.int64)
    keep = np.ones(len(grid), dtype=np.bool_)
    if len(grid):
        same_as_last = np.all(grid[1:] == grid[:-1], axis=1) & (ring[1:] == ring[:-1])
        keep[1:] = ~same_as_last
    grid, ring = grid[keep], ring[keep]
    starts = np.searchsorted(ring, np.arange(len(parts) + 1))
    if dimension == 2:
        _encode_rings(grid, starts, owner, outer, commands)
    else:
        _encode_lines(grid, starts, owner, commands, least=2 if dimension == 1 else 1)
    return _TYPE_OF_DIMENSION[dimension], commands


def _zigzag(steps: IntArray) -> list[int]:
    zigzag: list[int] = ((steps << 1) ^ (steps >> 63)).ravel().tolist()
    return zigzag


def _encode_lines(
    grid: IntArray, starts: IntArray, owner: IntArray, commands: list[list[int]], least: int
) -> None:
    pens: dict[int, IntArray] = {}
    nowhere = np.zeros((1, 2), dtype=np.int64)
    for part, geometry in enumerate(owner.tolist()):
        points = grid[starts[part] : starts[part + 1]]
        if len(points) < least:
            continue
        steps = _zigzag(np.diff(points, axis=0, prepend=pens.get(geometry, nowhere)))
        out = commands[geometry]
        out.append((1 << 3) | 1)
        out.extend(steps[:2])
        if len(points) > 1:
            out.append(((len(points) - 1) << 3) | 2)
            out.extend(steps[2:])
        pens[geometry] = points[-1:]


def _encode_rings(
    grid: IntArray, starts: IntArray, owner: IntArray, outer: BoolArray, commands: list[list[int]]
) -> None:
    pens: dict[int, IntArray] = {}
    nowhere = np.zeros((1, 2), dtype=np.int64)
    outer_was_drawn = False
    for number, (geometry, is_outer) in enumerate(zip(owner.tolist(), outer.tolist(), strict=True)):
        # The last corner repeats the first; ClosePath says so.
        points = grid[starts[number] : starts[number + 1] - 1]
        doubled_area = 0
        if len(points) >= 3 and (is_outer or outer_was_drawn):
            x, y = points[:, 0], points[:, 1]
            doubled_area = int(x[:-1] @ y[1:] - x[1:] @ y[:-1] + x[-1] * y[0] - x[0] * y[-1])
        if is_outer:
            outer_was_drawn = doubled_area != 0
        if doubled_area == 0:
            continue
        if (doubled_area > 0) != is_outer:
            points = points[::-1]
        steps = _zigzag(np.diff(points, axis=0, prepend=pens.get(geometry, nowhere)))
        out = commands[geometry]
        out.append((1 << 3) | 1)
        out.extend(steps[:2])
        out.append(((len(points) - 1) << 3) | 2)
        out.extend(steps[2:])
        out.append((1 << 3) | 7)
        pens[geometry] = points[-1:]
