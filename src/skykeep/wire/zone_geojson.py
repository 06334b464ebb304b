"""Zones as plain GeoJSON (RFC 7946): exports that states and map makers made of ED-269, the FAA's UAS
facility maps, our own, and others as far as they say something.

| properties | read as |
|---|---|
| ED-269's members, flat, limits among them or under `geometry` | what they say |
| `id`, `title`, `reasons`, `authority`, `unit`, `lowerReference`, `upperReference` | their ED-269 names |
| `lower`, `upper` as text (`SFC`, `1000 FT ALT`, `FL095`, `UNL`) | limits, where no number is given |
| `volumeIndex` | one identifier, a higher index, all else the same: one more volume of the zone |
| `CEILING` with `UNIT` (facility maps) | authorisation from the ground up; automatic to so many feet |
| a Point with `Bufferzone` | a circle of that radius |
| `circleCenter`, `circleRadiusMetres` beside a polygon | the polygon counts; the circle stays in `extra` |

What does not say its restriction is PROHIBITED. All other properties are kept in `Zone.extra`. Edges are
planar. Points without a radius, and lines, have no inside: they are left out, with their text.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Restriction, Text, Volume, Zone, ZoneList
from skykeep.wire.ed269 import note_twins, with_extended, zone_of_members
from skykeep.wire.zone_carry import MEMBER, restored
from skykeep.wire.zone_json import decode_json
from skykeep.wire.zone_limits import LimitFields, LimitWords, limit_of, limit_of_text, ordered, spoken
from skykeep.wire.zone_members import identifier_of
from skykeep.wire.zone_report import Json, Place, Report, extra_of, json_text, texts_of
from skykeep.wire.zone_rings import circle_of, pieces_of, polygon_of
from skykeep.wire.zone_times import instant_ns

WORDS = LimitWords(hae="HAE", std="STD")
FLOOR = LimitFields(
    value="lowerLimit", unit="uomDimensions", reference="lowerVerticalReference", is_ceiling=False
)
CEILING = LimitFields(
    value="upperLimit", unit="uomDimensions", reference="upperVerticalReference", is_ceiling=True
)
_GEOMETRIES = ("Polygon", "MultiPolygon", "GeometryCollection", "Point", "MultiPoint", "LineString")
# Other names of ED-269's members, the first that is there counts.
_NAMES = {
    "identifier": ("id", "zone_id", "ident", "OBJECTID", "ObjectId", "objectid"),
    "name": ("title", "Name", "NAME"),
    "reason": ("reasons",),
    "zoneAuthority": ("authority",),
    "message": ("description",),
    "uomDimensions": ("unit", "uom"),
    "lowerVerticalReference": ("lowerReference",),
    "upperVerticalReference": ("upperReference",),
    "lowerLimit": ("lower", "floor"),
    "upperLimit": ("upper", "ceiling"),
}
_LIMITS = frozenset(
    {"uomDimensions", "lowerLimit", "lowerVerticalReference", "upperLimit", "upperVerticalReference"}
)
_OF_VOLUME = _LIMITS | {"volumeIndex", "circleCenter", "circleRadiusMetres", "lower", "upper", MEMBER}
_NOT_EXTRA = _LIMITS | {"volumeIndex", MEMBER}
_DEGREES = re.compile(r"4326|CRS84")
_BUFFER = re.compile(r"\s*(\d{1,6}(?:[.,]\d{1,3})?)\s*(m|km|nm)?\s*", re.ASCII | re.IGNORECASE)
_BUFFER_M = {"m": 1.0, "km": 1_000.0, "nm": 1_852.0}
_LIST = frozenset({"type", "features", "name", "title", "provider", MEMBER})


def looks_like_geojson(document: object) -> bool:
    """Whether a decoded document is GeoJSON of any kind."""
    if not isinstance(document, dict):
        return False
    kind = document.get("type")
    return kind in ("FeatureCollection", "Feature") or (
        kind in _GEOMETRIES and ("coordinates" in document or "geometries" in document)
    )


def decode(data: bytes, name: str) -> ZoneList:
    """Return the zones of a file; `name` becomes their source."""
    document, noted = decode_json(data)
    listed = zones_of(document, name)
    return msgspec.structs.replace(listed, deviations=noted + listed.deviations)


def zones_of(document: object, name: str) -> ZoneList:
    """Return the zones of a decoded document."""
    if not isinstance(document, dict):
        raise DecodeError("file", f"a {type(document).__name__}", "a FeatureCollection")
    report = Report()
    features = document.get("features")
    about: Json = document
    if document.get("type") == "Feature":
        features, about = [document], {}
    elif document.get("type") in _GEOMETRIES:
        features, about = [{"type": "Feature", "properties": {}, "geometry": document}], {}
    if not isinstance(features, list):
        raise DecodeError("features", "no list", "a list of features")
    listed = _about(about, report.at(""))
    found = _Merging(report)
    for number, feature in enumerate(features, 1):
        _read(feature, number, found, listed, report)
    zones = [msgspec.structs.replace(zone, source=name) for zone in found.zones()]
    note_twins(zones, report)
    return msgspec.structs.replace(
        listed, zones=tuple(zones), deviations=tuple(report.deviations), left_out=tuple(report.left_out)
    )


def _about(said: Json, place: Place) -> ZoneList:
    if said.get("crs") is not None and not _DEGREES.search(json_text(said["crs"])):
        place.noted("crs", said["crs"], "absent: WGS 84, longitude first", "corners read as degrees")
    issued = said.get("issued", said.get("generatedAt"))
    known = _LIST | ({"issued"} if "issued" in said else {"generatedAt"})
    listed = ZoneList(
        format="geojson",
        zones=(),
        title=texts_of(said.get("name", said.get("title")), place, "name", plain=True),
        provider=texts_of(said.get("provider"), place, "provider", plain=True),
        issued_utc_ns=instant_ns(issued, place, "issued"),
        valid_from_utc_ns=instant_ns(said.get("validFrom"), place, "validFrom"),
        valid_to_utc_ns=instant_ns(said.get("validTo"), place, "validTo", end=True),
        extra=extra_of(said, known | {"validFrom", "validTo"}),
    )
    return restored(listed, said[MEMBER], place) if MEMBER in said else listed


class _Merging:
    """Gathers features into zones: the volumes of one zone may be features of their own."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._zones: list[tuple[Zone, Json]] = []
        self._open: dict[str, tuple[int, int, str]] = {}

    def add(self, zone: Zone, said: Json) -> None:
        index = said.get("volumeIndex")
        same = json_text({key: said[key] for key in said if key not in _OF_VOLUME})
        if not isinstance(index, int) or isinstance(index, bool):
            self._zones.append((zone, said))
            return
        if (before := self._open.get(zone.zone_id)) and before[1] < index and before[2] == same:
            first, carried = self._zones[before[0]]
            volumes = (*first.volumes, *zone.volumes)
            self._zones[before[0]] = (msgspec.structs.replace(first, volumes=volumes), carried)
            self._open[zone.zone_id] = (before[0], index, same)
            return
        self._open[zone.zone_id] = (len(self._zones), index, same)
        self._zones.append((zone, said))

    def zones(self) -> list[Zone]:
        """Return the zones, each with what we carried for it put in place."""
        return [
            restored(zone, said[MEMBER], self._report.at(zone.zone_id)) if MEMBER in said else zone
            for zone, said in self._zones
        ]


def _read(feature: object, number: int, found: _Merging, listed: ZoneList, report: Report) -> None:
    said = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or not isinstance(said, dict | None):
        report.at(f"#{number}").left_out("", feature, "a feature with properties", feature)
        return
    members, renamed = _renamed(dict(said or {}), feature)
    identifier = identifier_of(
        members.get("identifier"), number, report.at(""), f"features[{number - 1}].properties.identifier"
    )
    place = report.at(identifier)
    for name, member in renamed:
        place.noted(name, (said or {}).get(name, "it"), f"named {member}", f"read as {member}")
    volumes = _volumes(feature.get("geometry"), members, place)
    if not volumes:
        place.left_out("geometry", _kind(feature.get("geometry")), "an area", feature)
        return
    kept = {key: value for key, value in members.items() if key not in _NOT_EXTRA}
    kept.pop("geometry", None)
    is_grid = "CEILING" in kept and "restriction" not in kept
    if is_grid:
        kept = _grid_members(kept, place)
    zone = zone_of_members(kept, identifier, volumes, listed.provider, place)
    found.add(with_extended(zone, members, place), members)


def _kind(geometry: object) -> str:
    return str(geometry.get("type")) if isinstance(geometry, dict) else "none"


def _renamed(said: Json, feature: Json) -> tuple[Json, list[tuple[str, str]]]:
    """Return properties under ED-269's names, limits lifted out of a `geometry` of their own; and which were
    called otherwise.
    """
    renamed = []
    inner = said.get("geometry")
    if isinstance(inner, dict):
        said = {**{key: value for key, value in said.items() if key != "geometry"}, **inner}
    for member, names in _NAMES.items():
        for name in names:
            if name in said and said.get(member) is None:
                said[member] = said.pop(name)
                renamed.append((name, member))
    if said.get("identifier") is None and feature.get("id") is not None:
        said["identifier"] = feature["id"]
    if isinstance(said.get("zoneAuthority"), str):
        said["zoneAuthority"] = [{"name": said["zoneAuthority"]}]
    if "applicability" not in said and (said.get("datoTidSTART") or said.get("datoTidSLUT")):
        said["applicability"] = [
            {
                "permanent": "NO",
                "startDateTime": said.pop("datoTidSTART", None),
                "endDateTime": said.pop("datoTidSLUT", None),
            }
        ]
    return said, renamed


def _volumes(geometry: object, said: Json, place: Place) -> tuple[Volume, ...]:
    if not isinstance(geometry, dict):
        return ()
    outlines: list[Any] = []
    for path, piece in pieces_of(geometry):
        where = place.inner("geometry").inner(path) if path else place.inner("geometry")
        kind = piece.get("type") if isinstance(piece, dict) else None
        outline: Any = None
        if kind == "Polygon":
            outline = polygon_of(piece.get("coordinates"), where.inner("coordinates"))
        elif kind == "Point":
            outline = _round_point(piece, said, where)
        if outline is None and path:
            where.left_out("", kind or piece, "an area", piece)
        outlines += [] if outline is None else [outline]
    if not outlines:
        return ()
    if "circleRadiusMetres" in said:
        must = "a circle that is one"
        place.noted("circleRadiusMetres", said["circleRadiusMetres"], must, "the polygon counts; circle kept")
    elif said.get("Bufferzone") not in (None, "") and _kind(geometry).endswith("Polygon"):
        place.noted("Bufferzone", said["Bufferzone"], "in the polygon", "the polygon counts as published")
    floor, ceiling = limit_of(said, FLOOR, WORDS, place), limit_of(said, CEILING, WORDS, place)
    floor, ceiling = ordered(floor, ceiling, place)
    for key, limit in (("lower", floor), ("upper", ceiling)):
        text = said.get(key)
        other = limit_of_text(text) if isinstance(text, str) else None
        if (
            other is not None
            and limit is not None
            and other != limit
            and not other.value == limit.value == 0.0
        ):
            place.noted(key, text, spoken(limit), f"{key}Limit counts")
    return tuple(Volume(outline=outline, floor=floor, ceiling=ceiling) for outline in outlines)


def _round_point(piece: Json, said: Json, place: Place) -> object:
    """Return the circle about a point that says how far it reaches."""
    buffer = said.get("Bufferzone", said.get("buffer"))
    match = _BUFFER.fullmatch(buffer) if isinstance(buffer, str) else None
    if match is None:
        return None
    radius_m = float(match[1].replace(",", ".")) * _BUFFER_M[(match[2] or "m").lower()]
    circle = circle_of(piece.get("coordinates"), radius_m, place)
    if circle is not None:
        place.read_as(
            "", f"a point with a buffer of {buffer}", "an area", f"read as a circle of {radius_m:g} m"
        )
    return circle


def _grid_members(said: Json, place: Place) -> Json:
    """Return the members of a cell of a facility map, as what it means under 14 CFR 107.41."""
    ceiling = said.get("CEILING")
    place.noted("CEILING", ceiling, "a restriction", "read as authorisation from the ground up")
    conditions = f"Up to {ceiling} FT above ground authorisation is given automatically, above it on request."
    if ceiling in (0, "0", None):
        conditions = "No height above ground is authorised automatically."
    unit = said.get("UNIT")
    return {
        "name": f"Facility map {unit or ''} {ceiling} FT".replace("  ", " "),
        "restriction": Restriction.REQ_AUTHORISATION.value,
        "type": "COMMON",
        "country": "USA",
        "reason": ["AIR_TRAFFIC"],
        "restrictionConditions": conditions,
        "applicability": [{"permanent": "YES"}],
        "zoneAuthority": [{"name": Text(text=str(unit)).text, "purpose": "AUTHORIZATION"}] if unit else [],
        **said,
    }
