"""A real city's map from an OpenStreetMap extract, in the same layers as the made-up one.

Reads what osmium reads (.osm.pbf, .osm.gz, .osm.bz2, .osm), multipolygons included. The map ends where the
extract ends: at the box its header declares or, where it declares none, 400 m round its roads and buildings.
The data are (c) OpenStreetMap contributors, Open Database Licence; the credit goes into file and report.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import msgspec
import numpy as np
import osmium
import shapely
from shapely.geometry import LineString, Polygon
from shapely.geometry import box as box_polygon
from shapely.geometry.base import BaseGeometry

from skykeep.base.errors import InputError, SetupError
from skykeep.sim.world.coast import sea_within
from skykeep.sim.world.mercator import lonlat_deg, unit_square
from skykeep.sim.world.model import Feature, Layers, Properties
from skykeep.sim.world.osm_tags import Drawn, Tags, drawn_area, drawn_line, drawn_place
from skykeep.sim.world.tiles import write_vector_tiles

OSM_ATTRIBUTION = "© OpenStreetMap contributors (ODbL)"
EARTH_CIRCUMFERENCE_M = 40_075_016.686
MARGIN_M = 400.0
_RUNWAY_WIDTH_M = {"runway": 45.0, "taxiway": 18.0}


class BasemapReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was built. `notes` are sentences on what the map does not know."""

    name: str
    west_deg: float
    south_deg: float
    east_deg: float
    north_deg: float
    features: dict[str, int]
    unusable_geometries: int
    tiles: int
    attribution: str
    notes: tuple[str, ...]


class _Found:
    """What one pass through the extract gathered: geometry as WKB, by layer."""

    def __init__(self) -> None:
        self.wkb: dict[str, list[bytes]] = defaultdict(list)
        self.said: dict[str, list[Properties]] = defaultdict(list)
        self.unusable = 0

    def add(self, drawn: list[Drawn], wkb_hex: str) -> None:
        for layer, properties in drawn:
            self.wkb[layer].append(bytes.fromhex(wkb_hex))
            self.said[layer].append(properties)


def build_basemap(osm_path: Path, out_path: Path) -> BasemapReport:
    """Write the vector tiles of an extract and report what they hold.

    Raises `SetupError` when there is no such file, `InputError` when it is no OpenStreetMap extract or holds
    nothing.
    """
    if not osm_path.is_file():
        raise SetupError(f"{osm_path} is not a file: give an OpenStreetMap extract, .osm.pbf or .osm.gz")
    try:
        declared, found = _read(osm_path)
    except RuntimeError as error:
        raise InputError(
            str(osm_path), str(error), "an OpenStreetMap extract that osmium can read"
        ) from error
    layers = _in_unit_square(found)
    box = _map_box(declared, layers)
    notes: list[str] = []
    layers["places"] = _each_once(layers.get("places", []))
    drawn = _with_sea(_within(layers, box), layers.get("coastline", []), box, notes)
    if found.unusable:
        notes.append(
            f"{found.unusable} areas or lines have no usable geometry in this extract and are left out."
        )
    name = osm_path.name.split(".")[0]
    tiles = write_vector_tiles(drawn, box.bounds, out_path, name=name, attribution=OSM_ATTRIBUTION)
    west, north, east, south = box.bounds
    (west_deg, south_deg), (east_deg, north_deg) = lonlat_deg(
        np.array([[west, south], [east, north]])
    ).tolist()
    return BasemapReport(
        name=name, west_deg=west_deg, south_deg=south_deg, east_deg=east_deg, north_deg=north_deg,
        features=dict(sorted(Counter({layer: len(features) for layer, features in drawn.items()}).items())),
        unusable_geometries=found.unusable, tiles=tiles, attribution=OSM_ATTRIBUTION, notes=tuple(notes),
    )  # fmt: skip


def _read(osm_path: Path) -> tuple[tuple[float, float, float, float] | None, _Found]:
    """Return the box that the header declares, if any, and everything that goes on a map."""
    found = _Found()
    factory = osmium.geom.WKBFactory()
    processor = osmium.FileProcessor(str(osm_path)).with_locations().with_areas()
    header_box = processor.header.box()
    for item in processor:
        tags: Tags = dict(item.tags)
        try:
            if isinstance(item, osmium.osm.Node) and drawn_place(tags):
                found.add(drawn_place(tags), factory.create_point(item))
            elif isinstance(item, osmium.osm.Area) and (drawn := drawn_area(tags) + drawn_place(tags)):
                found.add(drawn, factory.create_multipolygon(item))
            elif isinstance(item, osmium.osm.Way) and (drawn := drawn_line(tags)):
                outline = item.is_closed() and _is_areal(tags)
                for wkb_hex in () if outline else _lines_within(item):
                    found.add(drawn, wkb_hex)
        except (RuntimeError, osmium.InvalidLocationError):
            found.unusable += 1
    if not header_box.valid():
        return None, found
    low, high = header_box.bottom_left, header_box.top_right
    return (low.lon, low.lat, high.lon, high.lat), found


def _lines_within(way: osmium.osm.Way) -> list[str]:
    """Return the stretches of a way whose nodes the extract holds: it cuts ways at its edge."""
    stretches: list[list[tuple[float, float]]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            stretches[-1].append((node.location.lon, node.location.lat))
        elif stretches[-1]:
            stretches.append([])
    return [LineString(stretch).wkb_hex for stretch in stretches if len(stretch) > 1]


def _is_areal(tags: Tags) -> bool:
    """Return whether a closed way is the outline of something and not a line of its own."""
    return bool(drawn_area(tags)) and tags.get("highway") in {None, "pedestrian"}


def _in_unit_square(found: _Found) -> dict[str, list[Feature]]:
    layers: dict[str, list[Feature]] = defaultdict(list)
    for layer, blobs in found.wkb.items():
        lonlat = shapely.from_wkb(blobs)
        moved = shapely.transform(lonlat, lambda points: unit_square(points[:, 0], points[:, 1]))
        if layer in {"places"}:
            moved = shapely.point_on_surface(moved)
        moved = np.where(shapely.is_valid(moved), moved, shapely.make_valid(moved))
        for geometry, properties in zip(moved, found.said[layer], strict=True):
            layers[layer].append(Feature(_widened(layer, geometry, properties), properties))
    return layers


def _each_once(places: list[Feature]) -> list[Feature]:
    """Return places without repeats: a square is often mapped both as a point and as an area."""
    first = {
        (feature.properties["name"], feature.properties["kind"]): feature for feature in reversed(places)
    }
    return list(reversed(first.values()))


def _widened(layer: str, geometry: BaseGeometry, properties: Properties) -> BaseGeometry:
    """Return a runway that was drawn as a line as the strip it is."""
    if layer != "runway" or shapely.get_dimensions(geometry) != 1:
        return geometry
    width_m = _RUNWAY_WIDTH_M[str(properties["kind"])]
    return geometry.buffer(0.5 * width_m * _unit_per_m(geometry.centroid.y), cap_style="flat")


def _unit_per_m(y: float) -> float:
    """Return how much of the unit square one metre is at a place."""
    latitude_rad = np.arctan(np.sinh(np.pi * (1.0 - 2.0 * y)))
    return float(1.0 / (EARTH_CIRCUMFERENCE_M * np.cos(latitude_rad)))


def _map_box(declared: tuple[float, float, float, float] | None, layers: dict[str, list[Feature]]) -> Polygon:
    if declared is not None:
        west, south, east, north = declared
        corners = unit_square(np.array([west, east]), np.array([north, south]))
        (left, top), (right, bottom) = corners.tolist()
        return box_polygon(left, top, right, bottom)
    built = [feature.geometry for layer in ("roads", "buildings") for feature in layers.get(layer, [])]
    if not built:
        raise InputError("extract", "no road and no building", "the extract of an inhabited place")
    west, low, east, high = shapely.total_bounds(built)
    margin = MARGIN_M * _unit_per_m((low + high) / 2)
    return box_polygon(west - margin, low - margin, east + margin, high + margin)


def _within(layers: dict[str, list[Feature]], box: Polygon) -> dict[str, list[Feature]]:
    """Return what lies in the box, cut at its edge; a building on the edge stays whole."""
    shapely.prepare(box)
    kept: dict[str, list[Feature]] = {}
    for layer, features in layers.items():
        kept[layer] = []
        for feature in features:
            if not box.intersects(feature.geometry):
                continue
            whole = layer == "buildings" or box.contains(feature.geometry)
            geometry = feature.geometry if whole else feature.geometry.intersection(box)
            dimension = shapely.get_dimensions(feature.geometry)
            for part in [geometry] if whole else shapely.get_parts(geometry):
                if shapely.get_dimensions(part) == dimension and not part.is_empty:
                    kept[layer].append(Feature(part, feature.properties))
    return kept


def _with_sea(
    layers: dict[str, list[Feature]], coastline: list[Feature], box: Polygon, notes: list[str]
) -> Layers:
    # The unit square's y grows southwards, which swaps left and right: lines are turned round for the sea's
    # sake.
    dry = [feature.geometry for feature in [*layers.get("roads", []), *layers.get("buildings", [])]]
    sea = sea_within([shapely.reverse(feature.geometry) for feature in coastline], box, dry)
    water = [Feature(polygon, {"kind": "sea"}) for polygon in sea.water]
    if sea.open_ends:
        notes.append(f"{sea.open_ends} coastline ends stop inside the map; the coast beyond each is a guess.")
    if sea.contradicted_faces:
        notes.append(
            f"{sea.contradicted_faces} areas lie on both sides of a coastline; the longer side was believed."
        )
    if not coastline:
        notes.append("The extract holds no coastline: if the place lies by the sea, the sea is missing.")
    return {
        layer: tuple(features)
        for layer, features in {**layers, "water": [*layers.get("water", []), *water]}.items()
    }
