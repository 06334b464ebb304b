"""What we read of an event's detail, and its bounds.

| element | attributes | accepted |
|---|---|---|
| contact | callsign, endpoint, phone | any |
| __group | name, role | any |
| takv | device, platform, os, version | any |
| status | battery | 0..100 % |
| track | course, speed, slope | 0..360 deg, 0..10,000 m/s, -90..90 deg; 9999999 and -1 are unknown |
| height | value | -12,000..100,000 m |
| precisionlocation | geopointsrc, altsrc | any |
| uid | Droid | any |
| link | uid, type, relation, parent_callsign | any, many |
| remarks | its text | any |
| sensor | azimuth, north | -360..360 deg |
| | elevation, roll | -90..90, -180..180 deg |
| | fov, vfov | 0..360 deg |
| | range; model, type | 0..1e8 m; any |
| _uastool, __uastool, uastool, vehicle, spatial | kept, not read | |

Everything else is kept and not read. The schema's upper ends (360 not included) are loosened, since
phones round up to them. Sources: MITRE track, sensor and link schemas (public release); TAK's messages.
"""

from __future__ import annotations

import math

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.wire.cot import UNKNOWN, UNKNOWN_TOO, Element, within

UAS_TOOLS = ("_uastool", "__uastool", "uastool")
# element: attribute, least, most
_BOUNDS: dict[str, tuple[tuple[str, float, float], ...]] = {
    "status": (("battery", 0.0, 100.0),),
    "track": (("course", 0.0, 360.0), ("speed", 0.0, 10_000.0), ("slope", -90.0, 90.0)),
    "height": (("value", -12_000.0, 100_000.0),),
    "sensor": (
        ("azimuth", -360.0, 360.0),
        ("elevation", -90.0, 90.0),
        ("roll", -180.0, 180.0),
        ("fov", 0.0, 360.0),
        ("vfov", 0.0, 360.0),
        ("north", -360.0, 360.0),
        ("range", 0.0, 1e8),
    ),
}
_UNKNOWN = {"track": (-1.0, UNKNOWN, UNKNOWN_TOO), "height": (UNKNOWN, UNKNOWN_TOO)}


class CotLink(msgspec.Struct, frozen=True, kw_only=True):
    """Another thing that an event names, and how it is related."""

    uid: str
    type: str
    relation: str
    parent_callsign: str


class CotSensorView(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sensor looks: degrees from north, its widths, and how far; None where not said."""

    azimuth_deg: float | None
    elevation_deg: float | None
    fov_deg: float | None
    vfov_deg: float | None
    range_m: float | None
    model: str


class CotDetail(msgspec.Struct, frozen=True, kw_only=True):
    """The detail as far as we read it. `speed_mps` is in three dimensions where `slope_deg` is given."""

    callsign: str
    endpoint: str
    group: str
    role: str
    platform: str
    device: str
    software_version: str
    droid: str
    remarks: str
    geopoint_source: str
    altitude_source: str
    battery_percent: float | None
    course_deg: float | None
    speed_mps: float | None
    slope_deg: float | None
    height_m: float | None
    links: tuple[CotLink, ...]
    sensor: CotSensorView | None
    has_uas_tool: bool


def check_detail(detail: tuple[Element, ...]) -> None:
    """Raise DecodeError where an element that we read holds what cannot be."""
    for element in detail:
        for name, _, _ in _BOUNDS.get(element.tag, ()):
            _number(element, name)


def read_detail(detail: tuple[Element, ...]) -> CotDetail:
    """Return what we read; where an element is there twice, its first."""
    first: dict[str, Element] = {}
    for element in detail:
        first.setdefault(element.tag, element)

    def text(tag: str, name: str) -> str:
        return first[tag].attributes.get(name, "") if tag in first else ""

    def number(tag: str, name: str) -> float | None:
        return _number(first[tag], name) if tag in first else None

    return CotDetail(
        callsign=text("contact", "callsign"),
        endpoint=text("contact", "endpoint"),
        group=text("__group", "name"),
        role=text("__group", "role"),
        platform=text("takv", "platform"),
        device=text("takv", "device"),
        software_version=text("takv", "version"),
        droid=text("uid", "Droid"),
        remarks=first["remarks"].text if "remarks" in first else "",
        geopoint_source=text("precisionlocation", "geopointsrc"),
        altitude_source=text("precisionlocation", "altsrc"),
        battery_percent=number("status", "battery"),
        course_deg=number("track", "course"),
        speed_mps=number("track", "speed"),
        slope_deg=number("track", "slope"),
        height_m=number("height", "value"),
        links=tuple(_link(element) for element in detail if element.tag == "link"),
        sensor=_sensor(first["sensor"]) if "sensor" in first else None,
        has_uas_tool=any(tool in first for tool in UAS_TOOLS),
    )


def _link(element: Element) -> CotLink:
    of = element.attributes
    return CotLink(
        uid=of.get("uid", ""),
        type=of.get("type", ""),
        relation=of.get("relation", ""),
        parent_callsign=of.get("parent_callsign", ""),
    )


def _sensor(element: Element) -> CotSensorView:
    return CotSensorView(
        azimuth_deg=_number(element, "azimuth"),
        elevation_deg=_number(element, "elevation"),
        fov_deg=_number(element, "fov"),
        vfov_deg=_number(element, "vfov"),
        range_m=_number(element, "range"),
        model=element.attributes.get("model", ""),
    )


def _number(element: Element, name: str) -> float | None:
    """Return a bounded attribute; None where it is absent, empty or says that it is unknown."""
    text = element.attributes.get(name, "").strip()
    if not text:
        return None
    field = f"{element.tag}.{name}"
    try:
        value = float(text)
    except ValueError:
        raise DecodeError(field, repr(text[:80]), "a number") from None
    if math.isnan(value) or value in _UNKNOWN.get(element.tag, ()):
        return None
    low, high = next((low, high) for known, low, high in _BOUNDS[element.tag] if known == name)
    return within(field, value, low, high)
