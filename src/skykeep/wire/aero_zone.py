"""What readers of aeronautical formats share in making zones: rings, safe limits, names once only."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import (
    STRICTNESS,
    Circle,
    Edges,
    HeightReference,
    Limit,
    LonLat,
    Polygon,
    Restriction,
    Ring,
    Volume,
    limit_m,
)
from skykeep.wire.aero_classes import restriction_of
from skykeep.wire.aero_notes import Notes
from skykeep.wire.aero_text import SURFACE, parse_limit

MOST_CORNERS = 1_000_000


def ring_of(points: Iterable[LonLat]) -> Ring:
    """Return the corners of a ring: open, no corner twice in a row, longitudes without jumps at 180."""
    ring: list[LonLat] = []
    for longitude, latitude in points:
        if ring:
            before = ring[-1][0]
            if abs(longitude - before) > 180.0:
                longitude = before + (longitude - before + 180.0) % 360.0 - 180.0
            if abs(longitude - before) < 1e-9 and abs(latitude - ring[-1][1]) < 1e-9:
                continue
        ring.append((longitude, latitude))
    while len(ring) > 1 and abs(ring[0][0] - ring[-1][0]) < 1e-9 and abs(ring[0][1] - ring[-1][1]) < 1e-9:
        ring.pop()
    if len(ring) < 3:
        raise DecodeError("boundary", f"{len(ring)} different corners", "at least 3")
    if len(ring) > MOST_CORNERS:
        raise DecodeError("boundary", f"{len(ring)} corners", f"at most {MOST_CORNERS}")
    return tuple(ring)


def polygon_of(points: Iterable[LonLat]) -> Polygon:
    """Return a polygon whose edges are geodesics."""
    return Polygon(rings=(ring_of(points),), edges=Edges.GEODESIC)


def circle_of(centre: LonLat, radius_m: float) -> Circle:
    return Circle(longitude_deg=centre[0], latitude_deg=centre[1], radius_m=radius_m)


def limit_or_none(notes: Notes, zone_id: str, field: str, text: str) -> Limit | None:
    """Return a limit; none where it cannot be read, which is the safer: to the ground, or without end."""
    if not text.strip():
        notes.read_as(zone_id, field, "absent", "a limit", "read as no limit")
        return None
    try:
        return parse_limit(field, text)
    except DecodeError as error:
        notes.read_as(zone_id, field, text, error.must, "read as no limit, the safer")
        return None


def upright(notes: Notes, zone_id: str, field: str, volume: Volume) -> Volume:
    """Return a volume whose floor is under its ceiling: the two are changed over where they stand wrong."""
    floor, ceiling = volume.floor, volume.ceiling
    bottom, top = limit_m(floor), limit_m(ceiling)
    if floor is None or ceiling is None or bottom is None or top is None:
        return volume
    if floor.reference is not ceiling.reference or bottom <= top:
        return volume
    notes.read_as(
        zone_id, field, f"floor {limit_text(floor)} over ceiling {limit_text(ceiling)}",
        "the floor below the ceiling", "read the other way round",
    )  # fmt: skip
    return Volume(outline=volume.outline, floor=ceiling, ceiling=floor)


def limit_text(limit: Limit | None) -> str:
    """Return a limit in words."""
    if limit is None or limit_m(limit) is None:
        return "none"
    if limit == SURFACE:
        return "SFC"
    if limit.reference is HeightReference.STD and limit.unit == "FL":
        return f"FL{limit.value:03.0f}"
    return f"{limit.value:g} {limit.unit} {limit.reference}"


def restriction_noted(notes: Notes, zone_id: str, field: str, kind: str, icao_class: str = "") -> Restriction:
    """Return what a kind of airspace means for a drone; the strictest for one that nobody knows."""
    found = restriction_of(kind, icao_class)
    if found is None:
        notes.read_as(
            zone_id, field, f"{kind} {icao_class}".strip() or "absent", "a kind or class of airspace",
            "read as PROHIBITED, the safer",
        )  # fmt: skip
        return Restriction.PROHIBITED
    return found


def strictness_of(restriction: Restriction) -> int:
    return STRICTNESS[restriction]


class Names:
    """Gives each zone of a list an identifier that no other has."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def once(self, notes: Notes, wanted: str, otherwise: str) -> str:
        name = " ".join(wanted.split())[:120] or otherwise
        count = self._given[name] = self._given.get(name, 0) + 1
        if count == 1:
            return name
        unique = f"{name} #{count}"
        while unique in self._given:
            count += 1
            unique = f"{name} #{count}"
        self._given[unique] = 1
        notes.noted(unique, "id", name, "different from every other in the file", f"called {unique}")
        return unique


def extra_of(**said: object) -> tuple[tuple[str, str], ...]:
    """Return what a source said beside the fields of a zone, by key, as JSON; nothing of what is empty."""
    return tuple((key, msgspec.json.encode(value).decode()) for key, value in said.items() if value)


def decoded(notes: Notes, data: bytes, most: int) -> str:
    """Return the text of a file: UTF-8, else what Windows wrote in the west."""
    if len(data) > most:
        raise DecodeError("file", f"{len(data)} bytes", f"at most {most}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        notes.read_as(
            "", "encoding", f"byte {data[error.start]:#04x} at {error.start}", "UTF-8", "read as CP1252"
        )
        return data.decode("cp1252", "replace")
