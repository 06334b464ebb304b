"""Zones as KML 2.2 (OGC 07-147r2) out: a Placemark for each, drawn as bodies between floor and ceiling.

A volume from the surface is a polygon at its ceiling, extruded; one that begins higher is its ceiling and its
floor; one without a ceiling lies on the ground. Heights are metres above ground or above mean sea level. A
circle is a ring of 64 corners that holds the whole of it. ED-269's members stand in ExtendedData; what
KML cannot say is carried there under `skykeep`, so that our own reader gets the very same zone back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from skykeep.domain.zone import (
    Circle,
    Deviation,
    HeightReference,
    Limit,
    Polygon,
    Restriction,
    Volume,
    Zone,
    ZoneList,
    limit_m,
)
from skykeep.wire.ed269_out import MUSTS, members_json
from skykeep.wire.zone_carry import MEMBER, Writing, written
from skykeep.wire.zone_kml import decode
from skykeep.wire.zone_limits import spoken
from skykeep.wire.zone_report import Json, json_text
from skykeep.wire.zone_rings import closed_rings, ring_round
from skykeep.wire.zone_short import one_text

LONGEST_SHORT = 200
_MODES = {HeightReference.AGL: "relativeToGround", HeightReference.AMSL: "absolute"}
# Alpha, blue, green, red.
_COLOURS = {
    Restriction.PROHIBITED: "2020e0",
    Restriction.REQ_AUTHORISATION: "0080ff",
    Restriction.USPACE: "c06020",
    Restriction.CONDITIONAL: "00d7ff",
    Restriction.NO_RESTRICTION: "60c060",
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def encode(listed: ZoneList) -> tuple[bytes, tuple[Deviation, ...]]:
    """Return the file in UTF-8, and what others than we will not read in it."""
    writing = Writing(
        features=lambda zone: [_placemark(zone)],
        document=_document,
        read=lambda document: decode(_rendered(document), ""),
        carry=_carry,
        musts={**MUSTS, "volumes": "planar polygons, heights in metres above ground or sea"},
        otherwise="what KML and ED-269 have a member for",
        where=f"ExtendedData {MEMBER}",
    )
    document, deviations = written(listed, writing)
    return _rendered(document), deviations


def _carry(placemark: Json, carried: Json) -> None:
    placemark["data"][MEMBER] = carried


def _document(listed: ZoneList, placemarks: list[Json]) -> Json:
    return {
        "name": one_text(listed.title, LONGEST_SHORT),
        "provider": one_text(listed.provider, LONGEST_SHORT),
        "placemarks": placemarks,
    }


def _placemark(zone: Zone) -> Json:
    members = members_json(zone, zone.zone_id)
    lines = [zone.restriction.value.replace("_", " ").lower()]
    lines += dict.fromkeys(f"{spoken(volume.floor or _SURFACE)} to {_top(volume)}" for volume in zone.volumes)
    lines += [one.text for one in zone.message] + [zone.document]
    return {
        "name": members.pop("name"),
        "description": "\n".join(lines),
        "style": zone.restriction.value,
        "span": _span(members["applicability"]),
        "data": members,
        "volumes": zone.volumes,
    }


_SURFACE = Limit(value=0.0)


def _top(volume: Volume) -> str:
    return "unlimited" if volume.ceiling is None else spoken(volume.ceiling)


def _span(applicability: list[Json]) -> Json:
    one = applicability[0]
    if len(applicability) > 1 or one["permanent"] == "YES":
        return {}
    return {
        key: one[name] for key, name in (("begin", "startDateTime"), ("end", "endDateTime")) if name in one
    }


def _rendered(document: Json) -> bytes:
    return "\n".join(_lines(document)).encode() + b"\n"


def _lines(document: Json) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
    yield _element("name", document["name"])
    for restriction, colour in _COLOURS.items():
        line = f"<LineStyle><color>ff{colour}</color><width>1</width></LineStyle>"
        area = f"<PolyStyle><color>30{colour}</color></PolyStyle>"
        yield f'<Style id="{restriction.value}">{line}{area}</Style>'
    about = {key: document[key] for key in ("provider", MEMBER) if document.get(key)}
    yield from _data(about)
    for placemark in document["placemarks"]:
        yield f"<Placemark>{_element('name', placemark['name'])}"
        yield _element("description", placemark["description"])
        if placemark["span"]:
            inner = "".join(_element(key, text) for key, text in placemark["span"].items())
            yield f"<TimeSpan>{inner}</TimeSpan>"
        yield f"<styleUrl>#{placemark['style']}</styleUrl>"
        yield from _data(placemark["data"])
        yield "<MultiGeometry>"
        for volume in placemark["volumes"]:
            yield from _volume(volume)
        yield "</MultiGeometry></Placemark>"
    yield "</Document></kml>"


def _data(members: Json) -> Iterator[str]:
    if not members:
        return
    yield "<ExtendedData>"
    for key, value in members.items():
        text = value if isinstance(value, str) else _json(value)
        yield f'<Data name="{_escaped(key)}">{_element("value", text)}</Data>'
    yield "</ExtendedData>"


def _json(value: object) -> str:
    """Return JSON whose every character XML can hold."""
    return _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", json_text(value))


def _volume(volume: Volume) -> Iterator[str]:
    outline = volume.outline
    if isinstance(outline, Circle):
        outline = Polygon(rings=(ring_round(outline),))
    rings = closed_rings(outline)
    floor_m, ceiling_m = limit_m(volume.floor), limit_m(volume.ceiling)
    top = None if volume.ceiling is None or ceiling_m is None else _MODES.get(volume.ceiling.reference)
    bottom = None if volume.floor is None or not floor_m else _MODES.get(volume.floor.reference)
    if volume.ceiling is None or ceiling_m is None or top is None:
        yield from _polygon(rings, 0.0, "clampToGround", extrude=False)
    elif volume.floor is None or bottom is None or floor_m is None:
        yield from _polygon(rings, ceiling_m, top, extrude=True)
    else:
        yield from _polygon(rings, ceiling_m, top, extrude=False)
        yield from _polygon(rings, floor_m, bottom, extrude=False)


def _polygon(rings: list[list[list[float]]], height_m: float, mode: str, *, extrude: bool) -> Iterator[str]:
    yield f"<Polygon><extrude>{int(extrude)}</extrude><altitudeMode>{mode}</altitudeMode>"
    for k, ring in enumerate(rings):
        side = "outerBoundaryIs" if k == 0 else "innerBoundaryIs"
        places = " ".join(f"{_longitude(x)!r},{y!r},{height_m!r}" for x, y in ring)
        yield f"<{side}><LinearRing><coordinates>{places}</coordinates></LinearRing></{side}>"
    yield "</Polygon>"


def _longitude(degrees: float) -> float:
    """Return a longitude within 180 degrees, as KML wants it."""
    return degrees if -180.0 <= degrees <= 180.0 else (degrees + 180.0) % 360.0 - 180.0


def _element(name: str, text: str) -> str:
    return f"<{name}>{_escaped(text)}</{name}>"


def _escaped(text: str) -> str:
    """Return text as XML has it; what XML cannot hold becomes a replacement character."""
    text = _NOT_XML.sub("\ufffd", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text.replace("\r", "&#13;")
