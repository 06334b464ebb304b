"""The plain way to say which zones hold a point: every zone in turn, slowly, one rule after another."""

from __future__ import annotations

import math
from typing import Any

import msgspec
import shapely
from pyproj import Geod

from skykeep.base.clock import from_iso_utc
from skykeep.domain.zone import Circle, HeightReference, Limit, Period, Polygon, Restriction, Volume, Zone

NOON_UTC_NS = from_iso_utc("2031-05-07T12:00:00Z")
METRES = {"M": 1.0, "FT": 0.3048, "FL": 30.48}
WGS84 = Geod(ellps="WGS84")
SQUARE = ((10.0, 50.0), (10.2, 50.0), (10.2, 50.1), (10.0, 50.1))


def volume(outline: Polygon | Circle, floor: object = None, ceiling: object = None) -> Volume:
    """Limits as `120`, `(400, "FT")` or `(95, "FL", "STD")`: metres above ground where nothing is said."""
    return Volume(outline=outline, floor=_limit(floor), ceiling=_limit(ceiling))


def _limit(said: object) -> Limit | None:
    if said is None or isinstance(said, Limit):
        return said
    parts: Any = said if isinstance(said, tuple) else (said,)
    names = ("value", "unit", "reference")
    return msgspec.convert(dict(zip(names, parts, strict=False)), Limit, strict=False)


def zone(zone_id: str, *volumes: Volume, strictness: int = 90, periods: tuple[Period, ...] = ()) -> Zone:
    return Zone(
        zone_id=zone_id,
        name=zone_id,
        restriction=Restriction.PROHIBITED,
        volumes=volumes,
        strictness=strictness,
        document=f"Order {zone_id}",
        periods=periods,
    )


def square(zone_id: str = "z", floor: object = None, ceiling: object = None, **others: Any) -> Zone:
    return zone(zone_id, volume(Polygon(rings=(SQUARE,)), floor, ceiling), **others)


def plainly_inside(of: Volume, lon: float, lat: float, agl_m: float, ground_m: float) -> bool:
    """Planar edges and circles only, no level, nowhere near the antimeridian or a pole."""
    for limit, sign in ((of.floor, 1.0), (of.ceiling, -1.0)):
        if limit is None or limit.value >= 99_999:
            continue
        metres = limit.value * METRES[limit.unit.value]
        if sign > 0 and limit.reference is HeightReference.AGL and metres <= 0.0:
            continue
        height_m = agl_m if limit.reference is HeightReference.AGL else agl_m + ground_m
        if not math.isnan(height_m) and sign * (height_m - metres) < 0.0:
            return False
    outline = of.outline
    if isinstance(outline, Circle):
        return bool(WGS84.inv(outline.longitude_deg, outline.latitude_deg, lon, lat)[2] <= outline.radius_m)
    polygon = shapely.Polygon(outline.rings[0], outline.rings[1:])
    return bool(polygon.intersects(shapely.Point(lon, lat)))
