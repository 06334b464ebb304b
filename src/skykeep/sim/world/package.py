"""The world's tiles on disk: written once, then reused."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
from shapely.geometry import Point

from skykeep.sim.world.generate import GENERATOR_VERSION, build_world
from skykeep.sim.world.mercator import box_from_enu, layers_from_enu
from skykeep.sim.world.model import Feature, Layers, World
from skykeep.sim.world.raster import write_terrain_tiles
from skykeep.sim.world.tiles import write_vector_tiles

WORLD_ATTRIBUTION = "A made-up place, grown by Skykeep"
# Beyond the island there is only sea, and this much of it is drawn.
HALF_WIDTH_M = 24_000.0
TERRAIN_HALF_WIDTH_M = 16_000.0


class WorldTiles(msgspec.Struct, frozen=True, kw_only=True):
    """Where a world's tiles lie and whom to credit."""

    vector_path: Path
    terrain_path: Path
    attribution: str


def map_layers(world: World) -> Layers:
    """Return all the layers of the map: those of the world and its named places."""
    places = tuple(
        Feature(
            Point(place.east_m, place.north_m), {"name": place.name, "kind": place.kind, "rank": place.rank}
        )
        for place in world.places
    )
    return {**world.layers, "places": places}


def write_pmtiles(world: World, path: Path) -> int:
    """Write the world's vector tiles; return how many."""
    return write_vector_tiles(
        layers_from_enu(map_layers(world), world.origin),
        box_from_enu(HALF_WIDTH_M, world.origin),
        path,
        name=world.name,
        attribution=WORLD_ATTRIBUTION,
    )


def write_terrain_pmtiles(world: World, path: Path) -> int:
    """Write the world's heights as raster-dem tiles; return how many."""
    return write_terrain_tiles(
        world.terrain,
        world.origin,
        box_from_enu(TERRAIN_HALF_WIDTH_M, world.origin),
        path,
        name=f"{world.name} terrain",
        attribution=WORLD_ATTRIBUTION,
    )


def ensure_world_tiles(cache_dir: Path, seed: int = 7, world: World | None = None) -> WorldTiles:
    """Return the tiles of the world of this seed, building them on first use.

    A file appears whole or not at all: it is written beside its place and renamed into it. Two processes
    that build
    at once write the same bytes, so it does not matter whose file stays.
    """
    if world is not None and world.seed != seed:
        raise ValueError(f"world of seed {world.seed}, must be of seed {seed}")
    cache_dir.mkdir(parents=True, exist_ok=True)
    key = f"{GENERATOR_VERSION}-{seed}"
    tiles = WorldTiles(
        vector_path=cache_dir / f"world-{key}.pmtiles",
        terrain_path=cache_dir / f"terrain-{key}.pmtiles",
        attribution=WORLD_ATTRIBUTION,
    )
    wanted: tuple[tuple[Path, Callable[[World, Path], int]], ...] = (
        (tiles.vector_path, write_pmtiles),
        (tiles.terrain_path, write_terrain_pmtiles),
    )
    for path, write in wanted:
        if not path.exists():
            world = build_world(seed) if world is None else world
            _write_whole(world, path, write)
    return tiles


def _write_whole(world: World, path: Path, write: Callable[[World, Path], int]) -> None:
    handle, name = tempfile.mkstemp(prefix=path.name, suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        write(world, part)
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
