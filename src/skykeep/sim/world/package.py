"""The world and its tiles on disk: made once, then reused."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec
from shapely.geometry import Point

from skykeep.base.errors import DecodeError
from skykeep.sim.world.mercator import box_from_enu, layers_from_enu
from skykeep.sim.world.model import Feature, Layers, World
from skykeep.sim.world.raster import write_terrain_tiles
from skykeep.sim.world.stored import world_from_bytes, world_to_bytes
from skykeep.sim.world.tiles import write_vector_tiles

# Raised whenever the same seed grows another world or other tiles: the cache is keyed by it.
GENERATOR_VERSION = 2
WORLD_ATTRIBUTION = "A made-up place, grown by Skykeep"
# Beyond the island there is only sea, and this much of it is drawn.
HALF_WIDTH_M = 24_000.0
TERRAIN_HALF_WIDTH_M = 16_000.0


class WorldTiles(msgspec.Struct, frozen=True, kw_only=True):
    """Where a world's tiles lie and whom to credit."""

    vector_path: Path
    terrain_path: Path
    attribution: str


def build_world(seed: int = 7) -> World:
    """Return the harbour capital grown from `seed`: the same seed gives the same world."""
    # Imported here because growing needs scipy, and reading a grown world should not wait for that.
    from skykeep.sim.world.generate import grow_world

    return grow_world(seed)


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


def ensure_world(cache_dir: Path, seed: int = 7) -> World:
    """Return the world of this seed, growing it on first use; a spoilt file is grown anew."""
    path = cache_dir / f"world-{GENERATOR_VERSION}-{seed}.msgpack"
    try:
        return world_from_bytes(path.read_bytes())
    except (FileNotFoundError, DecodeError):
        world = build_world(seed)
        _write_whole(path, lambda part: part.write_bytes(world_to_bytes(world)))
        return world


def ensure_world_tiles(cache_dir: Path, seed: int = 7) -> WorldTiles:
    """Return the tiles of the world of this seed, building them on first use.

    A file appears whole or not at all: it is written beside its place and renamed into it. Two processes that
    build at once write the same bytes, so it does not matter whose file stays.
    """
    key = f"{GENERATOR_VERSION}-{seed}"
    tiles = WorldTiles(
        vector_path=cache_dir / f"world-{key}.pmtiles",
        terrain_path=cache_dir / f"terrain-{key}.pmtiles",
        attribution=WORLD_ATTRIBUTION,
    )
    if not tiles.vector_path.exists():
        _write_whole(tiles.vector_path, lambda part: write_pmtiles(ensure_world(cache_dir, seed), part))
    if not tiles.terrain_path.exists():
        _write_whole(
            tiles.terrain_path, lambda part: write_terrain_pmtiles(ensure_world(cache_dir, seed), part)
        )
    return tiles


def _write_whole(path: Path, write: Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=path.name, suffix=".part", dir=path.parent)
    os.close(handle)
    part = Path(name)
    try:
        write(part)
        part.chmod(0o644)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
