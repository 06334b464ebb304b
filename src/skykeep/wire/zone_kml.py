"""Zones as KML 2.2 (OGC 07-147r2) in: our own come back whole, others as far as they say something.

Each Placemark with a Polygon (alone or in a MultiGeometry) is a zone. What its ExtendedData say under
ED-269's names is read as ED-269; `description` is its message, `TimeSpan` its period.

| geometry | read as |
|---|---|
| `clampToGround`, or no altitudeMode | no limits |
| `relativeToGround`, `absolute` with `extrude` | from the surface to its highest corner |
| the same rings twice, not extruded, at two heights | floor and ceiling |
| one polygon in the air, not extruded | no limits: whether floor or ceiling is not said |

A zone that does not say its restriction is PROHIBITED. Edges are planar. Document types, and with them
entities, are refused; so is nesting deeper than `DEEPEST`. Placemarks without an area are left out.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import (
    HeightReference,
    Limit,
    LonLat,
    Polygon,
    Ring,
    Text,
    Texts,
    Volume,
    Zone,
    ZoneList,
)
from skykeep.wire.ed269 import note_twins, with_extended, zone_of_members
from skykeep.wire.zone_carry import MEMBER, restored
from skykeep.wire.zone_members import identifier_of
from skykeep.wire.zone_report import Json, Place, Report
from skykeep.wire.zone_rings import FARTHEST_DEG, check_polygon, checked_ring

DEEPEST = 64
_REFERENCES = {"relativeToGround": HeightReference.AGL, "absolute": HeightReference.AMSL}
_NUMBER = r"[+-]?(?:\d{1,20}\.?\d{0,20}|\.\d{1,20})(?:[eE][+-]?\d{1,3})?"
_CORNER = re.compile(rf"({_NUMBER})\s*,\s*({_NUMBER})(?:\s*,\s*({_NUMBER}))?", re.ASCII)


class Node:
    """An element: its local name, attributes, own text and children."""

    __slots__ = ("attributes", "children", "tag", "texts")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag.rsplit(":", 1)[-1]
        self.attributes = attributes
        self.texts: list[str] = []
        self.children: list[Node] = []

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def child(self, tag: str) -> Node | None:
        return next((one for one in self.children if one.tag == tag), None)

    def said(self, tag: str) -> str:
        found = self.child(tag)
        return "" if found is None else found.text

    def all(self, tag: str) -> Iterator[Node]:
        """Yield every element of that name below, in order."""
        stack = self.children[::-1]
        while stack:
            node = stack.pop()
            if node.tag == tag:
                yield node
            stack += node.children[::-1]


def parsed(data: bytes) -> Node:
    """Return the root of a document; DecodeError where it is not well-formed or not to be trusted."""
    stack: list[Node] = []
    roots: list[Node] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if len(stack) >= DEEPEST:
            raise DecodeError("file", f"nested over {DEEPEST} deep", f"at most {DEEPEST}")
        node = Node(tag, attributes)
        (stack[-1].children if stack else roots).append(node)
        stack.append(node)

    def text(text: str) -> None:
        if stack:
            stack[-1].texts.append(text)

    def refuse(*_: object) -> None:
        raise DecodeError("file", "a document type declaration", "without one")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: stack.pop()
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DecodeError("file", str(error)[:200], "well-formed XML") from None
    return roots[0]


def decode(data: bytes, name: str) -> ZoneList:
    """Return the zones of a file; `name` becomes their source."""
    root = parsed(data)
    if root.tag != "kml":
        raise DecodeError("file", f"XML of {root.tag[:80]}", "kml")
    report = Report()
    listed = _about(root.child("Document") or root, report.at(""))
    found = []
    for number, placemark in enumerate(root.all("Placemark"), 1):
        zone = _zone(placemark, number, listed.provider, report)
        if zone is not None:
            found.append(msgspec.structs.replace(zone, source=name))
    note_twins(found, report)
    return msgspec.structs.replace(
        listed, zones=tuple(found), deviations=tuple(report.deviations), left_out=tuple(report.left_out)
    )


def _about(document: Node, place: Place) -> ZoneList:
    title, data = document.said("name"), _data(document)
    provider = data.get("provider")
    listed = ZoneList(
        format="kml",
        zones=(),
        title=(Text(text=title),) if title else (),
        provider=(Text(text=provider),) if isinstance(provider, str) and provider else (),
    )
    return restored(listed, data[MEMBER], place) if MEMBER in data else listed


def _data(node: Node) -> Json:
    """Return what ExtendedData say; what is a JSON list or object is read as one."""
    extended = node.child("ExtendedData")
    out: Json = {}
    if extended is None:
        return out
    pairs = [(one.attributes.get("name", ""), one.said("value")) for one in extended.all("Data")]
    pairs += [(one.attributes.get("name", ""), one.text) for one in extended.all("SimpleData")]
    for name, text in pairs:
        out[name] = _value(text)
    return out


def _value(text: str) -> Any:
    if text[:1] in ("[", "{"):
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, ValueError, RecursionError):
            return text
    return text


def _zone(placemark: Node, number: int, provider: Texts, report: Report) -> Zone | None:
    said = _data(placemark)
    name = placemark.said("name").strip()
    said.setdefault("identifier", placemark.attributes.get("id") or name or None)
    identifier = identifier_of(said["identifier"], number, report.at(""), f"Placemark[{number - 1}]")
    place = report.at(identifier)
    said = {key: value for key, value in said.items() if key}
    if name:
        said["name"] = placemark.said("name")
    # Where the zone speaks for itself the description only says it again, for people.
    if "restriction" not in said and "message" not in said:
        said["message"] = placemark.said("description")
    span = placemark.child("TimeSpan")
    if span is not None and "applicability" not in said:
        begin, end = span.said("begin").strip(), span.said("end").strip()
        said["applicability"] = [{"permanent": "NO", "startDateTime": begin, "endDateTime": end}]
    volumes = _volumes(placemark, place)
    if not volumes:
        kinds = ", ".join(child.tag for child in placemark.children) or "nothing"
        place.left_out("", kinds, "a Polygon of at least 3 corners", _as_text(placemark))
        return None
    kept = {key: value for key, value in said.items() if key != MEMBER}
    zone = zone_of_members(kept, identifier, volumes, provider, place)
    zone = with_extended(zone, said, place)
    return restored(zone, said[MEMBER], place) if MEMBER in said else zone


def _as_text(node: Node) -> str:
    """Return an element as JSON, for the list of what was left out."""
    return msgspec.json.encode(_plain(node)).decode()


def _plain(node: Node) -> Json:
    inner = [_plain(child) for child in node.children]
    return {"tag": node.tag, **node.attributes, "text": node.text.strip(), "children": inner}


class _Area(msgspec.Struct, frozen=True):
    polygon: Polygon
    mode: str
    extruded: bool
    low_m: float
    high_m: float


def _volumes(placemark: Node, place: Place) -> tuple[Volume, ...]:
    areas: deque[tuple[_Area, Place]] = deque()
    for k, node in enumerate(placemark.all("Polygon")):
        inner = place.inner(f"Polygon[{k}]")
        area = _area(node, inner)
        if area is None:
            inner.left_out("", "no ring", "rings of at least 3 corners", _as_text(node))
        else:
            areas.append((area, inner))
    out: list[Volume] = []
    while areas:
        area, inner = areas.popleft()
        other = areas[0][0] if areas else None
        if other is not None and _in_the_air(area) and _in_the_air(other) and other.polygon == area.polygon:
            areas.popleft()
            lower, upper = (other, area) if area.high_m >= other.high_m else (area, other)
            out.append(Volume(outline=area.polygon, floor=_limit(lower), ceiling=_limit(upper)))
        elif area.extruded and area.mode in _REFERENCES:
            out.append(Volume(outline=area.polygon, ceiling=_limit(area)))
        else:
            if _in_the_air(area):
                found = f"a polygon at {area.high_m:g} m, not extruded"
                inner.read_as("", found, "a floor and a ceiling", "read as no limits")
            out.append(Volume(outline=area.polygon))
    return tuple(out)


def _in_the_air(area: _Area) -> bool:
    return area.mode in _REFERENCES and not area.extruded


def _limit(area: _Area) -> Limit:
    return Limit(value=area.high_m, reference=_REFERENCES[area.mode])


def _area(node: Node, place: Place) -> _Area | None:
    rings: list[Ring] = []
    heights: list[float] = []
    sides = [one for one in node.children if one.tag == "outerBoundaryIs"][:1]
    sides += [one for one in node.children if one.tag == "innerBoundaryIs"]
    for k, side in enumerate(sides):
        for text in [one.text for one in side.all("coordinates")][:1] or [""]:
            inner = place.inner(f"{side.tag}[{k}]")
            ring = _ring(text, heights, inner)
            if ring is None and not rings:
                return None
            if ring is None:
                inner.left_out("", text[:80], "a hole of at least 3 corners", text)
            else:
                rings.append(ring)
    if not rings:
        return None
    mode = node.said("altitudeMode").strip() or "clampToGround"
    extruded = node.said("extrude").strip() in ("1", "true")
    if heights and min(heights) != max(heights) and mode in _REFERENCES:
        place.noted("", f"{min(heights):g} to {max(heights):g} m", "one height", "read as its highest")
    polygon = Polygon(rings=tuple(rings))
    check_polygon(polygon, place)
    return _Area(polygon, mode, extruded, min(heights, default=0.0), max(heights, default=0.0))


def _ring(text: str, heights: list[float], place: Place) -> Ring | None:
    corners: list[LonLat] = []
    # Some put blanks about the commas.
    for tuple_text in " ".join(text.split()).replace(" ,", ",").replace(", ", ",").split():
        match = _CORNER.fullmatch(tuple_text)
        if match is None:
            return None
        longitude, latitude = float(match[1]), float(match[2])
        if abs(longitude) > FARTHEST_DEG or abs(latitude) > FARTHEST_DEG:
            return None
        height = float(match[3] or "0")
        if abs(height) < 1e6:
            heights.append(height)
        corners.append((longitude, latitude))
    return checked_ring(corners, place)
