"""Layers to vector tiles: what is shown at which zoom, cut to tiles, packed as PMTiles 3.

docs/map_schema.md says what the tiles hold. The same layers give the same bytes.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import shapely
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from shapely.geometry.base import BaseGeometry

from skykeep.base.compile import IntArray
from skykeep.sim.world.mercator import lonlat_deg
from skykeep.sim.world.model import Feature, GeometryArray, Layers, Properties
from skykeep.sim.world.mvt import EXTENT, EncodedFeature, encode_geometries, encode_tile

MIN_ZOOM, MAX_ZOOM = 9, 15
# A tile carries a margin of its neighbours, so that lines and outlines join unseen.
MARGIN = 80.0 / EXTENT
Bounds: TypeAlias = tuple[float, float, float, float]
Tiles: TypeAlias = dict[tuple[int, int, int], dict[str, list[EncodedFeature]]]

_LAYER_FROM_ZOOM = {"contours": 12, "bridges": 13, "buildings": 13, "walls": 13, "runway": 10}
_ROAD_FROM_ZOOM = {"motorway": 9, "primary": 9, "rail": 9, "secondary": 11, "tertiary": 12, "street": 13}
_PLACE_FROM_ZOOM = {1: 9, 2: 11, 3: 12, 4: 13, 5: 14}


def shown(layer: str, properties: Properties, zoom: int) -> bool:
    """Return whether a feature belongs on the map at this zoom."""
    if layer == "roads":
        return zoom >= _ROAD_FROM_ZOOM.get(str(properties["class"]), 14)
    if layer == "places":
        return zoom >= _PLACE_FROM_ZOOM[int(properties["rank"])]
    if layer == "walls" and properties["kind"] != "wall":
        return zoom >= 11
    return zoom >= _LAYER_FROM_ZOOM.get(layer, MIN_ZOOM)


def said(layer: str, properties: Properties, zoom: int) -> Properties:
    """Return the properties worth carrying at this zoom: road names only where they can be drawn."""
    if layer == "roads" and "name" in properties:
        named_from = 12 if properties["class"] in {"motorway", "primary"} else 14
        if zoom < named_from:
            return {key: value for key, value in properties.items() if key != "name"}
    return properties


def write_vector_tiles(layers: Layers, bounds: Bounds, path: Path, *, name: str, attribution: str) -> int:
    """Write layers, given in Web Mercator's unit square, as tiles over `bounds`; return how many tiles."""
    tiles: Tiles = defaultdict(lambda: defaultdict(list))
    for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
        for layer in sorted(layers):
            features = [feature for feature in layers[layer] if shown(layer, feature.properties, zoom)]
            if features:
                _cut(tiles, layer, features, zoom, bounds)
    packed = {
        zxy_to_tileid(*address): gzip.compress(encode_tile(content), compresslevel=6, mtime=0)
        for address, content in tiles.items()
    }
    metadata = {
        "name": name,
        "attribution": attribution,
        "type": "baselayer",
        "vector_layers": [_described(layer, layers[layer]) for layer in sorted(layers)],
    }
    write_pmtiles_archive(
        packed, path, TileType.MVT, Compression.GZIP, bounds, (MIN_ZOOM, MAX_ZOOM), metadata
    )
    return len(packed)


def write_pmtiles_archive(
    packed: dict[int, bytes],
    path: Path,
    tile_type: TileType,
    compression: Compression,
    bounds: Bounds,
    zooms: tuple[int, int],
    metadata: Mapping[str, object],
) -> None:
    """Write finished tiles in the order of their numbers."""
    west, north, east, south = bounds
    corners = np.rint(lonlat_deg(np.array([[west, south], [east, north]])) * 1e7).astype(np.int64).tolist()
    (min_lon_e7, min_lat_e7), (max_lon_e7, max_lat_e7) = corners
    header = {
        "tile_type": tile_type, "tile_compression": compression, "min_zoom": zooms[0], "max_zoom": zooms[1],
        "min_lon_e7": min_lon_e7, "min_lat_e7": min_lat_e7, "max_lon_e7": max_lon_e7,
        "max_lat_e7": max_lat_e7,
        "center_zoom": 12, "center_lon_e7": (min_lon_e7 + max_lon_e7) // 2,
        "center_lat_e7": (min_lat_e7 + max_lat_e7) // 2,
    }  # fmt: skip
    with path.open("wb") as file:
        writer: Any = Writer(file)  # type: ignore[no-untyped-call]
        for tile_id in sorted(packed):
            writer.write_tile(tile_id, packed[tile_id])
        writer.finalize(header, metadata)


def _described(layer: str, features: tuple[Feature, ...]) -> dict[str, object]:
    fields = {
        key: "String" if isinstance(value, str) else "Number"
        for feature in features
        for key, value in feature.properties.items()
    }
    return {"id": layer, "fields": dict(sorted(fields.items())), "minzoom": MIN_ZOOM, "maxzoom": MAX_ZOOM}


def _cut(tiles: Tiles, layer: str, features: list[Feature], zoom: int, bounds: Bounds) -> None:
    """Add one layer's features to every tile they touch at one zoom."""
    scale = float(1 << zoom)
    unit = 1.0 / (scale * EXTENT)
    geometries, keep = _generalised([feature.geometry for feature in features], layer, zoom, unit)
    spoken = [said(layer, features[index].properties, zoom) for index in keep]
    columns = np.arange(int(bounds[0] * scale), int(bounds[2] * scale) + 1)
    rows = np.arange(int(bounds[1] * scale), int(bounds[3] * scale) + 1)
    west, north = (axis.ravel() for axis in np.meshgrid(columns, rows))
    # A label belongs to one tile only, or it would be drawn twice.
    margin = 0.0 if layer == "places" else MARGIN
    boxes = shapely.box(
        (west - margin) / scale,
        (north - margin) / scale,
        (west + 1 + margin) / scale,
        (north + 1 + margin) / scale,
    )
    tile_of, feature_of = shapely.STRtree(geometries).query(boxes, predicate="intersects")
    order = np.lexsort((feature_of, tile_of))
    tile_of, feature_of = tile_of[order], feature_of[order]
    pieces = _clipped(geometries, boxes, tile_of, feature_of)
    dimensions = shapely.get_dimensions(pieces)
    for dimension in (0, 1, 2):
        # A clipped outline can leave a touching point behind: only the dimension that went in may come out.
        chosen = np.nonzero(
            (dimensions == dimension) & (shapely.get_dimensions(geometries[feature_of]) == dimension)
        )[0]
        if not len(chosen):
            continue
        origins = np.stack((west[tile_of[chosen]], north[tile_of[chosen]]), axis=-1).astype(np.float64)
        geometry_type, commands = encode_geometries(pieces[chosen], dimension, origins, scale)
        for pair, steps in zip(chosen.tolist(), commands, strict=True):
            if steps:
                address = (zoom, int(west[tile_of[pair]]), int(north[tile_of[pair]]))
                tiles[address][layer].append(EncodedFeature(geometry_type, steps, spoken[feature_of[pair]]))


def _generalised(
    geometries: list[BaseGeometry], layer: str, zoom: int, unit: float
) -> tuple[GeometryArray, list[int]]:
    """Return what is big enough to see, with the corners that can be seen, and which features those are."""
    array = np.asarray(geometries, dtype=object)
    areal = shapely.get_dimensions(array) == 2
    linear = shapely.get_dimensions(array) == 1
    pixel = 16.0 * unit
    seen = np.where(areal, shapely.area(array) > (1.5 * pixel) ** 2, True)
    seen &= np.where(linear, shapely.length(array) > 2.0 * pixel, True)
    if layer in {"landuse", "parks"} and zoom < 12:
        seen &= shapely.area(array) > (5.0 * pixel) ** 2
    keep = np.nonzero(seen)[0]
    array = array[keep]
    if zoom < MAX_ZOOM and not (layer == "buildings" and zoom >= 14):
        array = shapely.simplify(array, 6.0 * unit, preserve_topology=True)
    return array, keep.tolist()


def _clipped(
    geometries: GeometryArray, boxes: GeometryArray, tile_of: IntArray, feature_of: IntArray
) -> GeometryArray:
    """Return each pair's geometry within its tile's box."""
    pieces: GeometryArray = geometries[feature_of]
    limits = shapely.bounds(boxes)[tile_of]
    extents = shapely.bounds(pieces)
    inside = np.all(extents[:, :2] >= limits[:, :2], axis=1) & np.all(extents[:, 2:] <= limits[:, 2:], axis=1)
    # A polygon that covers the whole tile becomes the tile: open sea is most of this map.
    shapely.prepare(geometries)
    covers = (
        ~inside & (shapely.get_dimensions(pieces) == 2) & shapely.contains_properly(pieces, boxes[tile_of])
    )
    pieces[covers] = boxes[tile_of[covers]]
    for pair in np.nonzero(~inside & ~covers)[0]:
        pieces[pair] = shapely.clip_by_rect(pieces[pair], *limits[pair])
    return pieces
