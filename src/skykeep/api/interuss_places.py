"""Places and times as InterUSS and ASTM write them: `outline_circle` or `outline_polygon` between altitudes,
for a time, in the words of the flight planning, geospatial map and remote identification interfaces.

Altitudes are in M or FT above the surface (SFC) or the ellipsoid (W84). Edges of polygons are the shortest
ways between their corners. What the interfaces leave open is open: no outline is everywhere, no limit is
none. Fields that they do not name are passed over, for they grow.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
import shapely
from msgspec import Meta

from skykeep.api.register_api_answers import RefusedError
from skykeep.api.register_api_places import Time, time_of, utc_ns
from skykeep.base.errors import InputError
from skykeep.domain.permit import Volume4D
from skykeep.domain.zone import Circle, Edges, HeightReference, LengthUnit, Limit, Polygon, Volume, limit_m

REFERENCES = {"SFC": HeightReference.AGL, "W84": HeightReference.HAE}

Lat = Annotated[float, Meta(ge=-90, le=90)]
Lng = Annotated[float, Meta(ge=-180, le=180)]
Uuid = Annotated[str, Meta(pattern="^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")]


class LatLngPoint(msgspec.Struct, frozen=True):
    lat: Lat
    lng: Lng


class Radius(msgspec.Struct, frozen=True):
    value: Annotated[float, Meta(gt=0, le=1_000_000)]
    units: Annotated[str, Meta(pattern="^(M|FT)$")] = "M"


class OutlineCircle(msgspec.Struct, frozen=True):
    center: LatLngPoint
    radius: Radius


class OutlinePolygon(msgspec.Struct, frozen=True):
    vertices: Annotated[tuple[LatLngPoint, ...], Meta(min_length=3, max_length=10_000)]


class Altitude(msgspec.Struct, frozen=True):
    value: Annotated[float, Meta(ge=-8_000, le=328_000)]
    reference: Annotated[str, Meta(pattern="^(W84|SFC)$")] = "W84"
    units: Annotated[str, Meta(pattern="^(M|FT)$")] = "M"


class Moment(msgspec.Struct, frozen=True):
    value: Time
    format: Annotated[str, Meta(pattern="^RFC3339$")] = "RFC3339"


class Volume3DBody(msgspec.Struct, frozen=True, omit_defaults=True):
    outline_circle: OutlineCircle | None = None
    outline_polygon: OutlinePolygon | None = None
    altitude_lower: Altitude | None = None
    altitude_upper: Altitude | None = None


class Volume4DBody(msgspec.Struct, frozen=True, omit_defaults=True):
    volume: Volume3DBody
    time_start: Moment | None = None
    time_end: Moment | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A volume for a time in which anything may be open."""

    outline: Polygon | Circle | None
    floor: Limit | None
    ceiling: Limit | None
    start_utc_ns: int | None
    end_utc_ns: int | None


def uuid_of(text: str, field: str) -> str:
    """Return an id in small letters; 400 where it is no UUID."""
    try:
        return msgspec.convert(text, Uuid).lower()
    except msgspec.ValidationError:
        raise RefusedError(400, field, text[:80], "a UUID") from None


def place_of(body: Volume4DBody, field: str) -> Place:
    """Return a place; InputError names what is wrong in it."""
    start_utc_ns = None if body.time_start is None else utc_ns(body.time_start.value, f"{field}.time_start")
    end_utc_ns = None if body.time_end is None else utc_ns(body.time_end.value, f"{field}.time_end")
    if start_utc_ns is not None and end_utc_ns is not None and end_utc_ns <= start_utc_ns:
        raise InputError(f"{field}.time_end", "not after time_start", "after it")
    volume = body.volume
    floor, ceiling = limit_of(volume.altitude_lower), limit_of(volume.altitude_upper)
    if floor is not None and ceiling is not None and floor.reference is ceiling.reference:
        low_m, high_m = limit_m(floor), limit_m(ceiling)
        if high_m is not None and (low_m is None or high_m < low_m):
            found = f"{ceiling.value:g}"
            raise InputError(f"{field}.volume.altitude_upper", found, "at least altitude_lower")
    return Place(
        outline=_outline_of(volume, f"{field}.volume"),
        floor=floor,
        ceiling=ceiling,
        start_utc_ns=start_utc_ns,
        end_utc_ns=end_utc_ns,
    )


def volume4d_of(body: Volume4DBody, field: str) -> Volume4D:
    """Return a volume that can be flown in: it must have an outline, a start and an end."""
    place = place_of(body, field)
    if place.outline is None:
        raise InputError(f"{field}.volume", "no outline", "outline_circle or outline_polygon")
    if place.start_utc_ns is None or place.end_utc_ns is None:
        raise InputError(f"{field}", "no time_start or no time_end", "both")
    volume = Volume(outline=place.outline, floor=place.floor, ceiling=place.ceiling)
    return Volume4D(volume=volume, start_utc_ns=place.start_utc_ns, end_utc_ns=place.end_utc_ns)


def limit_of(altitude: Altitude | None) -> Limit | None:
    """Return an altitude as a limit."""
    if altitude is None:
        return None
    return Limit(
        value=altitude.value,
        unit=LengthUnit(altitude.units),
        reference=REFERENCES[altitude.reference],
    )


def moment_body(time_utc_ns: int) -> dict[str, Any]:
    """Return a time as the interfaces have it."""
    return {"value": rfc3339(time_utc_ns), "format": "RFC3339"}


def rfc3339(time_utc_ns: int) -> str:
    """Return a time with its Z, to the microsecond."""
    moment: datetime = time_of(time_utc_ns)
    return moment.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def outline_body(outline: Polygon | Circle) -> dict[str, Any]:
    """Return an outline as the interfaces have it; holes have no words there and are left out."""
    if isinstance(outline, Circle):
        center = {"lat": outline.latitude_deg, "lng": outline.longitude_deg}
        return {"outline_circle": {"center": center, "radius": {"value": outline.radius_m, "units": "M"}}}
    ring = outline.rings[0]
    ring = ring[:-1] if ring[0] == ring[-1] else ring
    return {"outline_polygon": {"vertices": [{"lat": lat, "lng": lon} for lon, lat in ring]}}


def _outline_of(volume: Volume3DBody, field: str) -> Polygon | Circle | None:
    circle, polygon = volume.outline_circle, volume.outline_polygon
    if circle is not None and polygon is not None:
        raise InputError(field, "two outlines", "outline_circle or outline_polygon")
    if circle is not None:
        radius_m = circle.radius.value * (0.3048 if circle.radius.units == "FT" else 1.0)
        return Circle(longitude_deg=circle.center.lng, latitude_deg=circle.center.lat, radius_m=radius_m)
    if polygon is None:
        return None
    ring = tuple((vertex.lng, vertex.lat) for vertex in polygon.vertices)
    drawn = shapely.Polygon(ring)
    if not drawn.is_valid or drawn.area == 0.0:
        found = shapely.is_valid_reason(drawn)[:120]
        raise InputError(f"{field}.outline_polygon.vertices", found, "a ring that does not cross itself")
    return Polygon(rings=(ring,), edges=Edges.GEODESIC)
