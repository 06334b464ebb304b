"""Rings of AIXM: GML curves, with the axes in the order that their reference system has.

* GeodesicString, Geodesic: geodesics. LineStringSegment, LineString, LinearRing: straight in longitude and
  latitude.
* ArcByCenterPoint: an arc. Its angles run clockwise from north (CRS84: anticlockwise from east) and go from
  start to end without a step over 360: an end below the start turns the other way. CircleByCenterPoint: a
  circle.
* curveMember with xlink:href: that part of a GeoBorder which lies between its neighbours.

EPSG:4326, and what does not say, is latitude first; CRS84 is longitude first. A ring with straight edges
only stays planar; in a ring of both kinds straight edges get corners, so that all of it can be read as
geodesics. What cannot be read within a ring is drawn straight and reported.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Circle, Edges, LonLat, Polygon, Ring
from skykeep.geo.arcs import LARGEST_RADIUS_M, arc, azimuth_and_distance, planar_edge
from skykeep.wire.aero_notes import Notes
from skykeep.wire.aero_text import METRES_OF, parse_number
from skykeep.wire.aero_xml import Node
from skykeep.wire.aero_zone import circle_of, ring_of

_SEGMENTS = (
    "GeodesicString", "Geodesic", "LineStringSegment", "LineString", "LinearRing", "ArcByCenterPoint",
    "CircleByCenterPoint", "Arc", "ArcString", "Circle", "ArcByBulge", "Clothoid", "CubicSpline", "BSpline",
)  # fmt: skip
_STRAIGHT = ("LineStringSegment", "LineString", "LinearRing")
_NEAR_M = 2_000.0


class Frame(NamedTuple):
    """Who reads, for which zone, and with which axes."""

    notes: Notes
    zone_id: str
    borders: Mapping[str, tuple[LonLat, ...]]
    longitude_first: bool = False

    def of(self, node: Node) -> Frame:
        """Return the frame inside an element that names a reference system."""
        name = node.attributes.get("srsName", "")
        if not name:
            return self
        return self._replace(longitude_first="CRS84" in name.upper())


class _Piece(NamedTuple):
    """Corners in a row, and whether the edges between them are straight in longitude and latitude."""

    corners: tuple[LonLat, ...]
    planar: bool
    circle: Circle | None = None


def polygons_of(frame: Frame, surface: Node) -> list[Polygon | Circle]:
    """Return what a surface holds: one outline for each of its patches."""
    frame = frame.of(surface)
    outlines: list[Polygon | Circle] = []
    patches = list(surface.under("PolygonPatch", "Rectangle", "Triangle"))
    if not patches and (surface.name == "Polygon" or surface.child("exterior")):
        patches = [surface]
    for patch in patches:
        exterior = patch.child("exterior")
        if exterior is None:
            raise DecodeError("exterior", "absent", "given")
        outer = _pieces(frame, exterior)
        holes = [_pieces(frame, interior) for interior in patch.each("interior")]
        if len(outer) == 1 and outer[0].circle is not None and not holes:
            outlines.append(outer[0].circle)
            continue
        planar = all(piece.planar for piece in outer) and all(p.planar for hole in holes for p in hole)
        rings = tuple(_ring(pieces, planar) for pieces in (outer, *holes))
        outlines.append(Polygon(rings=rings, edges=Edges.PLANAR if planar else Edges.GEODESIC))
    if not outlines:
        raise DecodeError("horizontalProjection", "no patch", "at least one PolygonPatch")
    return outlines


def curve_points(frame: Frame, curve: Node) -> tuple[LonLat, ...]:
    """Return the corners of a curve on its own, such as a border."""
    frame = frame.of(curve)
    return tuple(corner for node in curve.under(*_SEGMENTS) for corner in _piece(frame, node).corners)


def _ring(pieces: list[_Piece], planar: bool) -> Ring:
    corners: list[LonLat] = []
    for piece in pieces:
        if piece.planar and not planar:
            for start, end in zip(piece.corners, piece.corners[1:], strict=False):
                corners += planar_edge(start, end)
            corners += piece.corners[-1:]
        else:
            corners += piece.corners
    return ring_of(corners)


def _pieces(frame: Frame, boundary: Node) -> list[_Piece]:
    """Return the pieces of a ring in a row, borders cut to what lies between their neighbours."""
    frame = frame.of(boundary)
    members: list[list[_Piece] | str] = []
    for ring in boundary.children:
        frame = frame.of(ring)
        if ring.name == "LinearRing":
            members.append([_piece(frame, ring)])
        for member in ring.each("curveMember"):
            href = member.attributes.get("href", "")
            if href:
                members.append(href)
                continue
            members.append([piece for curve in member.children for piece in _curve(frame, curve)])
    pieces: list[_Piece] = []
    for i, each in enumerate(members):
        pieces += _border(frame, each, members, i) if isinstance(each, str) else each
    if not pieces:
        raise DecodeError("exterior", "no curve that can be read", "at least one")
    return pieces


def _curve(frame: Frame, curve: Node) -> list[_Piece]:
    inner = frame.of(curve)
    nodes = [curve] if curve.name in _SEGMENTS else list(curve.under(*_SEGMENTS))
    return [_piece(inner, node) for node in nodes]


def _border(frame: Frame, href: str, members: list[list[_Piece] | str], i: int) -> list[_Piece]:
    corners = frame.borders.get(href.rpartition(":")[2].lower())
    before, after = members[i - 1], members[(i + 1) % len(members)]
    if corners is None:
        frame.notes.read_as(
            frame.zone_id, "curveMember", href, "a border in the same file",
            "drawn straight: the zone may be too small there",
        )  # fmt: skip
        return []
    if isinstance(before, str) or isinstance(after, str) or not before or not after:
        return [_Piece(corners, planar=False)]
    first, first_m = _nearest(corners, before[-1].corners[-1])
    last, last_m = _nearest(corners, after[0].corners[0])
    if max(first_m, last_m) > _NEAR_M:
        frame.notes.read_as(
            frame.zone_id, "curveMember", f"{href}, {max(first_m, last_m):.0f} m off",
            "a border that meets the ring", "joined straight",
        )  # fmt: skip
    part = corners[first : last + 1] if first <= last else corners[last : first + 1][::-1]
    return [_Piece(part, planar=False)]


def _nearest(corners: tuple[LonLat, ...], place: LonLat) -> tuple[int, float]:
    # On the plane of degrees first: a border may have a million corners.
    shrink = math.cos(math.radians(place[1]))
    best = min(
        range(len(corners)),
        key=lambda i: ((corners[i][0] - place[0]) * shrink) ** 2 + (corners[i][1] - place[1]) ** 2,
    )
    return best, azimuth_and_distance(place, corners[best])[1]


def _piece(frame: Frame, segment: Node) -> _Piece:
    frame = frame.of(segment)
    places = _places(frame, segment)
    if segment.name in ("ArcByCenterPoint", "CircleByCenterPoint"):
        return _round(frame, segment, places)
    if not places:
        raise DecodeError(segment.name, "no position", "at least one")
    if segment.name not in (*_STRAIGHT, "GeodesicString", "Geodesic"):
        frame.notes.read_as(
            frame.zone_id, "segments", segment.name, "a string, an arc or a circle by its centre",
            "its corners joined by geodesics",
        )  # fmt: skip
    return _Piece(tuple(places), planar=segment.name in _STRAIGHT)


def _round(frame: Frame, segment: Node, places: list[LonLat]) -> _Piece:
    if len(places) != 1:
        raise DecodeError(segment.name, f"{len(places)} positions", "one, the centre")
    radius_m = length_m(segment.child("radius"), "radius")
    if segment.name == "CircleByCenterPoint":
        ring = arc(places[0], radius_m, 0.0, 360.0)
        return _Piece(ring, planar=True, circle=circle_of(places[0], radius_m))
    start_deg, end_deg = (_angle_deg(segment.child(name), name) for name in ("startAngle", "endAngle"))
    clockwise = end_deg >= start_deg
    if frame.longitude_first:
        start_deg, end_deg, clockwise = 90.0 - start_deg, 90.0 - end_deg, not clockwise
    return _Piece(arc(places[0], radius_m, start_deg, end_deg, clockwise), planar=False)


def _places(frame: Frame, segment: Node) -> list[LonLat]:
    places: list[LonLat] = []
    for node in segment.under("pos", "posList"):
        numbers = node.text.split()
        dimension = 3 if node.attributes.get("srsDimension") == "3" and len(numbers) % 3 == 0 else 2
        if len(numbers) % dimension or not numbers:
            raise DecodeError(node.name, f"{len(numbers)} numbers", "pairs of latitude and longitude")
        longitude_first = frame.of(node).longitude_first
        places += [
            _place(frame, numbers[i], numbers[i + 1], longitude_first)
            for i in range(0, len(numbers), dimension)
        ]
    return places


def _place(frame: Frame, first: str, second: str, longitude_first: bool) -> LonLat:
    one, two = (parse_number("pos", text, -360.0, 360.0) for text in (first, second))
    longitude, latitude = (one, two) if longitude_first else (two, one)
    if abs(latitude) > 90.0 and abs(longitude) <= 90.0:
        frame.notes.read_as(
            frame.zone_id, "pos", f"{first} {second}", "latitude and longitude in the order of srsName",
            "read the other way round",
        )  # fmt: skip
        longitude, latitude = latitude, longitude
    if abs(latitude) > 90.0:
        raise DecodeError("pos", f"{first[:30]} {second[:30]}", "a latitude of -90 to 90")
    return longitude, latitude


def length_m(node: Node | None, field: str) -> float:
    """Return a length with its uom in metres."""
    if node is None:
        raise DecodeError(field, "absent", "given")
    unit = node.attributes.get("uom", "").strip("[] ").upper()
    factor = METRES_OF.get(unit)
    if factor is None:
        raise DecodeError(f"{field} uom", repr(unit[:20]), "NM, KM, M or FT")
    value = parse_number(field, node.text, 0.0) * factor
    if not 0.0 < value <= LARGEST_RADIUS_M:
        raise DecodeError(field, f"{node.text.strip()[:30]} {unit}", "over 0 and at most 2,000 km")
    return value


def _angle_deg(node: Node | None, field: str) -> float:
    if node is None:
        raise DecodeError(field, "absent", "given")
    value = parse_number(field, node.text, -720.0, 720.0)
    return math.degrees(value) if node.attributes.get("uom", "deg").lower().startswith("rad") else value
