"""Volumes of AIXM: limits, and the operations by which an airspace is put together.

Components are taken in the order of `operationSequence`: BASE begins, UNION adds, SUBTR takes away, INTERS
keeps what is common. A component may be another airspace of the file (`contributorAirspace`), with its own
limits (FULL_GEOMETRY) or its outline only (HORZ_PROJECTION). Shapes are cut on the plane of longitude and
latitude, curves as corners with an error under 1 m; what is only added stays as it was published. What
cannot be taken away or cut for certain (an airspace that is not in the file, limits with different
references) stays: the zone is larger, never smaller, and the report says so.

Limits: a number with FT, M or FL and SFC, MSL, W84 or STD; GND is the surface, UNL none. FLOOR and CEILING,
in the levels of an activation, are the volume's own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import shapely
from msgspec.structs import replace
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import (
    Circle,
    Edges,
    HeightReference,
    LengthUnit,
    Limit,
    LonLat,
    Polygon,
    Volume,
    limit_m,
)
from skykeep.geo.arcs import arc, geodesic_edge
from skykeep.wire.aero_text import SURFACE, UNLIMITED, parse_number
from skykeep.wire.aero_xml import Node
from skykeep.wire.aero_zone import limit_text, ring_of, upright
from skykeep.wire.aixm_curves import Frame, polygons_of

_REFERENCES = {
    "SFC": HeightReference.AGL, "GND": HeightReference.AGL, "MSL": HeightReference.AMSL,
    "W84": HeightReference.HAE, "STD": HeightReference.STD, "": HeightReference.AMSL,
}  # fmt: skip
_DEEPEST = 8
# What is left of a cut is dropped under this, in square degrees: about a square metre.
_CRUMB = 1e-10

# Finds an airspace of the same file by its identifier: its time slice, None where it is not there.
Find = Callable[[str], Node | None]


class _Component(NamedTuple):
    operation: str
    sequence: float
    volumes: list[Volume]
    missing: str


def volumes_of(frame: Frame, piece: Node, find: Find, depth: int = 0) -> list[Volume]:
    """Return the volumes of a time slice; none where it has no geometry of its own."""
    if depth > _DEEPEST:
        raise DecodeError("contributorAirspace", f"over {_DEEPEST} airspaces deep", "without a circle")
    components = [
        _component(frame, component, find, depth)
        for holder in piece.each("geometryComponent")
        for component in holder.children
    ]
    components.sort(key=lambda one: one.sequence)
    made: list[Volume] = []
    for component in components:
        if component.missing:
            frame.notes.read_as(
                frame.zone_id, "contributorAirspace", component.missing, "an airspace in the same file",
                "not taken away: the zone is larger" if component.operation == "SUBTR" else "passed over",
            )  # fmt: skip
            continue
        if component.operation == "SUBTR":
            made = [rest for volume in made for rest in _without(frame, volume, component.volumes)]
        elif component.operation == "INTERS":
            made = [both for volume in made for both in _common(frame, volume, component.volumes)]
        else:
            made += component.volumes
    return made


def _component(frame: Frame, node: Node, find: Find, depth: int) -> _Component:
    operation = node.word("operation").upper() or "BASE"
    text = node.word("operationSequence")
    sequence = parse_number("operationSequence", text, 0.0, 1e9) if text else 0.0
    volume = node.child("theAirspaceVolume", "AirspaceVolume")
    if volume is None:
        raise DecodeError("theAirspaceVolume", "absent", "given")
    dependency = volume.child("contributorAirspace", "AirspaceVolumeDependency")
    if dependency is not None:
        link = dependency.child("theAirspace")
        href = "" if link is None else link.attributes.get("href", "")
        found = find(href.rpartition(":")[2].lower())
        if found is None:
            title = "" if link is None else link.attributes.get("title", "")
            return _Component(operation, sequence, [], f"{href} {title}".strip() or "absent")
        volumes = volumes_of(frame, found, find, depth + 1)
        if dependency.word("dependency").upper() == "HORZ_PROJECTION":
            floor, ceiling = limits_of(frame, volume)
            volumes = [replace(one, floor=floor, ceiling=ceiling) for one in volumes]
        return _Component(operation, sequence, volumes, "")
    surface = volume.child("horizontalProjection")
    if surface is None or not surface.children:
        if volume.child("centreline") is not None:
            raise DecodeError("centreline", "a corridor", "a horizontal projection")
        raise DecodeError("horizontalProjection", "absent", "given")
    floor, ceiling = limits_of(frame, volume)
    outlines = [outline for one in surface.children for outline in polygons_of(frame, one)]
    volumes = [Volume(outline=outline, floor=floor, ceiling=ceiling) for outline in outlines]
    return _Component(
        operation, sequence, [upright(frame.notes, frame.zone_id, "lowerLimit", v) for v in volumes], ""
    )


def limits_of(frame: Frame, volume: Node) -> tuple[Limit | None, Limit | None]:
    """Return floor and ceiling of a volume or of the levels of an activation."""
    for name in ("maximumLimit", "minimumLimit"):
        if volume.word(name):
            done = "the other limit is applied"
            frame.notes.noted(frame.zone_id, name, volume.word(name), "upperLimit and lowerLimit alone", done)
    return _limit(frame, volume, "lower"), _limit(frame, volume, "upper")


def _limit(frame: Frame, volume: Node, which: str) -> Limit | None:
    node = volume.child(f"{which}Limit")
    text = "" if node is None else node.text.strip().upper()
    if node is None or not text or text in ("FLOOR", "CEILING"):
        return None
    if text in ("GND", "SFC"):
        return SURFACE
    if text in ("UNL", "UNLTD"):
        return UNLIMITED
    unit = node.attributes.get("uom", "FT").upper()
    reference = volume.word(f"{which}LimitReference").upper()
    try:
        value = parse_number(f"{which}Limit", text, -2_000.0, 200_000.0)
        if unit not in ("FT", "M", "FL") or (unit != "FL" and reference not in _REFERENCES):
            raise DecodeError(
                f"{which}Limit", f"{text} {unit} {reference}", "FT, M or FL, SFC, MSL, W84 or STD"
            )
    except DecodeError as error:
        frame.notes.read_as(
            frame.zone_id, error.field, error.found, error.must, "read as no limit, the safer"
        )
        return None
    datum = HeightReference.STD if unit == "FL" else _REFERENCES[reference]
    return Limit(value=value, unit=LengthUnit(unit), reference=datum)


def _without(frame: Frame, volume: Volume, others: list[Volume]) -> list[Volume]:
    left = [volume]
    for other in others:
        left = [rest for one in left for rest in _cut(frame, one, other)]
    return left


def _cut(frame: Frame, volume: Volume, other: Volume) -> list[Volume]:
    """Return a volume without another: beside it, and above and below it where it does not reach."""
    shape, hole = _shapes(volume, other)
    common = shape.intersection(hole)
    if common.area < _CRUMB:
        return [volume]
    bands = (volume.floor, volume.ceiling, other.floor, other.ceiling)
    floor, ceiling, bottom, top = (_metres(limit, i % 2 == 1) for i, limit in enumerate(bands))
    below, above = floor < bottom, ceiling > top
    if bottom >= ceiling or top <= floor:
        return [volume]
    if not (
        _comparable(volume.floor, other.floor, False) and _comparable(volume.ceiling, other.ceiling, True)
    ):
        words = f"{limit_text(other.floor)} to {limit_text(other.ceiling)}"
        done = "not taken away: the zone is larger"
        frame.notes.read_as(frame.zone_id, "SUBTR", words, "limits of the same reference", done)
        return [volume]
    rest = _volumes(shape.difference(hole), volume)
    if below:
        rest += [replace(one, ceiling=other.floor) for one in _volumes(common, volume)]
    if above:
        rest += [replace(one, floor=other.ceiling) for one in _volumes(common, volume)]
    return rest


def _comparable(one: Limit | None, other: Limit | None, is_ceiling: bool) -> bool:
    """Return whether it is certain which of two limits goes farther."""
    if math.isinf(_metres(one, is_ceiling)) or math.isinf(_metres(other, is_ceiling)):
        return True
    return one is not None and other is not None and one.reference is other.reference


def _common(frame: Frame, volume: Volume, others: list[Volume]) -> list[Volume]:
    kept: list[Volume] = []
    for other in others:
        shape, mask = _shapes(volume, other)
        for one in _volumes(shape.intersection(mask), volume):
            floor = _tighter(one.floor, other.floor, is_ceiling=False)
            ceiling = _tighter(one.ceiling, other.ceiling, is_ceiling=True)
            if _metres(floor, False) < _metres(ceiling, True):
                kept.append(replace(one, floor=floor, ceiling=ceiling))
    if not kept:
        done = "nothing is common: the zone as it was before, the safer"
        frame.notes.read_as(frame.zone_id, "INTERS", "no common ground", "some", done)
        return [volume]
    return kept


def _metres(limit: Limit | None, is_ceiling: bool) -> float:
    value = limit_m(limit)
    if value is None:
        return float("inf") if is_ceiling else float("-inf")
    return float("-inf") if not is_ceiling and limit == SURFACE else value


def _tighter(one: Limit | None, other: Limit | None, is_ceiling: bool) -> Limit | None:
    """Return the limit that lets less through; the first where the two cannot be compared."""
    if one is None or limit_m(one) is None or (not is_ceiling and one == SURFACE):
        return other
    if other is None or limit_m(other) is None or one.reference is not other.reference:
        return one
    lower = _metres(other, is_ceiling) < _metres(one, is_ceiling)
    return other if lower == is_ceiling else one


def _shapes(one: Volume, other: Volume) -> tuple[BaseGeometry, BaseGeometry]:
    first, second = _shape(one.outline), _shape(other.outline)
    turns = round((first.centroid.x - second.centroid.x) / 360.0)
    if turns:
        second = affinity.translate(second, xoff=360.0 * turns)
    return first, second


def _shape(outline: Polygon | Circle) -> BaseGeometry:
    if isinstance(outline, Circle):
        centre = (outline.longitude_deg, outline.latitude_deg)
        return shapely.Polygon(ring_of(arc(centre, outline.radius_m, 0.0, 360.0)))
    rings = [_dense(ring) if outline.edges is Edges.GEODESIC else list(ring) for ring in outline.rings]
    return shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))


def _dense(ring: tuple[LonLat, ...]) -> list[LonLat]:
    pairs = zip(ring, (*ring[1:], ring[0]), strict=True)
    return [corner for start, end in pairs for corner in geodesic_edge(start, end)]


def _volumes(shape: BaseGeometry, like: Volume) -> list[Volume]:
    """Return the polygons of a shape as volumes with the limits of another."""
    parts = shapely.get_parts(shape)
    volumes = []
    for part in parts:
        if part.geom_type != "Polygon" or part.area < _CRUMB:
            continue
        rings = (part.exterior, *part.interiors)
        corners = tuple(ring_of((float(x), float(y)) for x, y in ring.coords) for ring in rings)
        volumes.append(replace(like, outline=Polygon(rings=corners, edges=Edges.PLANAR)))
    return volumes
