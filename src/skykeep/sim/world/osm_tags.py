"""What OpenStreetMap's tags mean on our map: tags in, layer and properties out, by docs/map_schema.md.

Tags are what anyone typed. Whatever is not understood is left off the map; a height that cannot be is not
believed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias, TypeVar

Tags: TypeAlias = Mapping[str, str]
T = TypeVar("T")
Drawn: TypeAlias = tuple[str, dict[str, str | int | float]]

STOREY_M, DEFAULT_HEIGHT_M, TALLEST_M = 3.2, 8.0, 900.0

_ROADS = {
    "motorway": "motorway", "motorway_link": "motorway", "trunk": "motorway", "trunk_link": "primary",
    "primary": "primary", "primary_link": "primary", "secondary": "secondary", "secondary_link": "secondary",
    "tertiary": "tertiary", "tertiary_link": "tertiary", "residential": "street", "unclassified": "street",
    "living_street": "street", "pedestrian": "street", "road": "street", "service": "service",
    "track": "path",
    "footway": "path", "path": "path", "cycleway": "path", "steps": "path", "bridleway": "path",
}  # fmt: skip
_LANDUSE = {
    ("landuse", "residential"): "residential", ("landuse", "commercial"): "commercial", ("landuse",
    "retail"): "commercial",
    ("landuse", "industrial"): "industrial", ("landuse", "railway"): "industrial", ("landuse",
    "port"): "port",
    ("landuse", "harbour"): "port", ("industrial", "port"): "port", ("landuse", "farmland"): "farmland",
    ("landuse", "orchard"): "farmland", ("landuse", "vineyard"): "farmland", ("natural", "beach"): "beach",
    ("natural", "sand"): "beach", ("natural", "bare_rock"): "rock", ("natural", "scree"): "rock",
    ("aeroway", "aerodrome"): "airport", ("aeroway", "heliport"): "airport", ("aeroway", "apron"): "apron",
    ("amenity", "school"): "institution", ("amenity", "university"): "institution", ("amenity",
    "hospital"): "institution",
    ("landuse", "military"): "institution", ("leisure", "stadium"): "stadium", ("place", "square"): "square",
    ("highway", "pedestrian"): "square", ("man_made", "pier"): "port", ("man_made", "breakwater"): "rock",
}  # fmt: skip
_PARKS = {
    ("leisure", "park"): "park", ("leisure", "garden"): "park", ("leisure", "nature_reserve"): "wood",
    ("leisure", "playground"): "grass", ("landuse", "forest"): "wood", ("natural", "wood"): "wood",
    ("landuse", "grass"): "grass", ("landuse", "meadow"): "grass", ("landuse", "village_green"): "grass",
    ("landuse", "recreation_ground"): "grass", ("landuse", "cemetery"): "cemetery", ("amenity",
    "grave_yard"): "cemetery",
    ("natural", "scrub"): "scrub", ("natural", "heath"): "scrub", ("natural", "grassland"): "grass",
    ("leisure", "pitch"): "pitch",
}  # fmt: skip
_WATER = {
    ("natural", "water"): "lake", ("waterway", "riverbank"): "river", ("landuse", "reservoir"): "lake",
    ("landuse", "basin"): "lake", ("waterway", "dock"): "dock", ("leisure", "swimming_pool"): "pool",
}  # fmt: skip
_WATER_KINDS = {
    "river": "river",
    "canal": "river",
    "stream": "river",
    "harbour": "dock",
    "basin": "dock",
    "pool": "pool",
}
_PLACES = {
    ("place", "city"): ("place", 1), ("place", "town"): ("place", 1), ("place", "village"): ("place", 2),
    ("place", "suburb"): ("district", 3), ("place", "quarter"): ("district", 3),
    ("place", "neighbourhood"): ("district", 4), ("place", "island"): ("island", 3), ("place",
    "islet"): ("island", 4),
    ("natural", "bay"): ("bay", 3), ("natural", "peak"): ("hill", 3), ("aeroway", "aerodrome"): ("airport",
    2),
    ("aeroway", "heliport"): ("airport", 3), ("leisure", "stadium"): ("stadium", 3), ("place",
    "square"): ("square", 4),
    ("amenity", "police"): ("police", 4), ("amenity", "hospital"): ("hospital", 3), ("railway",
    "station"): ("station", 3),
    ("amenity", "university"): ("university", 4), ("tourism", "museum"): ("museum", 4),
    ("amenity", "marketplace"): ("market", 4), ("man_made", "lighthouse"): ("lighthouse", 4),
    ("leisure", "park"): ("park", 5), ("historic", "castle"): ("residence", 3),
}  # fmt: skip
_BUILDINGS = {
    "house": "house", "detached": "house", "semidetached_house": "house", "terrace": "house",
    "bungalow": "house",
    "industrial": "industrial", "warehouse": "industrial", "hangar": "industrial", "church": "landmark",
    "cathedral": "landmark", "castle": "landmark", "public": "public", "civic": "public",
    "hospital": "public",
    "school": "public", "university": "public", "government": "public", "train_station": "public",
}  # fmt: skip
_LENGTH = re.compile(r"^\s*([0-9]{1,4}(?:[.,][0-9]{1,3})?)\s*(m|metres|meters|ft|feet|')?\s*$")


def length_m(text: str | None) -> float | None:
    """Return a length such as `12`, `12.5 m` or `40 ft`; None when it says nothing credible."""
    match = _LENGTH.match(text or "")
    if match is None:
        return None
    value = float(match[1].replace(",", "."))
    metres = value * 0.3048 if match[2] in {"ft", "feet", "'"} else value
    return metres if metres <= TALLEST_M else None


def drawn_area(tags: Tags) -> list[Drawn]:
    """Return what a closed area is on the map."""
    if _yes(tags, "building") or _yes(tags, "building:part"):
        return [("buildings", _building(tags))]
    water = _first(tags, _WATER)
    if water is not None:
        kind = _WATER_KINDS.get(tags.get("water", ""), water)
        return [("water", _named({"kind": kind}, tags))]
    if tags.get("aeroway") in {"runway", "taxiway"}:
        return [("runway", _runway(tags))]
    if tags.get("man_made") == "bridge":
        return [("bridges", {"class": "street"})]
    for layer, table in (("parks", _PARKS), ("landuse", _LANDUSE)):
        kind_found = _first(tags, table)
        if kind_found is not None:
            properties: dict[str, str | int | float] = {"kind": kind_found}
            return [(layer, _named(properties, tags) if layer == "parks" else properties)]
    return []


def drawn_line(tags: Tags) -> list[Drawn]:
    """Return what a line is on the map."""
    if tags.get("natural") == "coastline":
        return [("coastline", {})]
    if tags.get("area") == "yes":
        return []
    road_class = _ROADS.get(tags.get("highway", ""))
    if tags.get("railway") in {"rail", "light_rail", "tram"}:
        road_class = "rail"
    if road_class is not None:
        properties = _named({"class": road_class}, tags)
        properties.update({key: 1 for key in ("bridge", "tunnel") if _yes(tags, key)})
        return [("roads", properties)]
    if tags.get("aeroway") in {"runway", "taxiway"}:
        return [("runway", _runway(tags))]
    wall = {"city_wall": "fortress", "wall": "wall", "retaining_wall": "wall"}.get(tags.get("barrier", ""))
    if tags.get("man_made") in {"breakwater", "groyne", "pier"}:
        wall = "breakwater"
    if wall is not None:
        usual_m = {"fortress": 8.0, "wall": 2.5, "breakwater": 3.0}[wall]
        return [("walls", {"kind": wall, "height_m": length_m(tags.get("height")) or usual_m})]
    return []


def drawn_place(tags: Tags) -> list[Drawn]:
    """Return the label of a named node or area."""
    found = _first(tags, _PLACES)
    if found is None or not tags.get("name"):
        return []
    kind, rank = found
    return [("places", {"name": tags["name"], "kind": kind, "rank": rank})]


def _first(tags: Tags, table: Mapping[tuple[str, str], T]) -> T | None:
    return next((value for (key, tag), value in table.items() if tags.get(key) == tag), None)


def _yes(tags: Tags, key: str) -> bool:
    return tags.get(key, "no") not in {"no", "false", "0", ""}


def _named(properties: dict[str, str | int | float], tags: Tags) -> dict[str, str | int | float]:
    if tags.get("name"):
        properties["name"] = tags["name"]
    return properties


def _runway(tags: Tags) -> dict[str, str | int | float]:
    properties: dict[str, str | int | float] = {"kind": tags["aeroway"]}
    if tags.get("ref"):
        properties["ref"] = tags["ref"]
    return properties


def _building(tags: Tags) -> dict[str, str | int | float]:
    levels = length_m(tags.get("building:levels"))
    from_levels_m = None if levels is None or levels > 250.0 else levels * STOREY_M + 1.0
    height_m = length_m(tags.get("height")) or from_levels_m or DEFAULT_HEIGHT_M
    lowest = length_m(tags.get("building:min_level"))
    min_height_m = length_m(tags.get("min_height")) or (0.0 if lowest is None else lowest * STOREY_M)
    kind = _BUILDINGS.get(tags.get("building", ""), "tower" if height_m > 45.0 else "block")
    properties: dict[str, str | int | float] = {
        "height_m": round(max(height_m, min_height_m), 1),
        "min_height_m": round(min_height_m, 1),
        "kind": kind,
    }
    return _named(properties, tags)
