"""Engines that are wrong in one way each: the same engine, given zones or questions bent accordingly.

Whoever keeps a golden table shows with these that the table would have caught it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec

from skykeep.app.zone_queries import Queries
from skykeep.domain.zone import (
    Circle,
    HeightReference,
    Hours,
    LengthUnit,
    Limit,
    Period,
    Polygon,
    Volume,
    Zone,
    limit_m,
)

replace = msgspec.structs.replace
Bend = Callable[[Zone], Zone]


def volumes(change: Callable[[Volume], Volume]) -> Bend:
    return lambda zone: replace(zone, volumes=tuple(change(each) for each in zone.volumes))


def outlines(change: Callable[[Any], Any]) -> Bend:
    return volumes(lambda volume: replace(volume, outline=change(volume.outline)))


def limits(change: Callable[[Limit], Limit | None]) -> Bend:
    def changed(limit: Limit | None) -> Limit | None:
        return None if limit is None else change(limit)

    return volumes(lambda v: replace(v, floor=changed(v.floor), ceiling=changed(v.ceiling)))


def periods(change: Callable[[Period], Period]) -> Bend:
    return lambda zone: replace(zone, periods=tuple(change(each) for each in zone.periods))


def hours(change: Callable[[Hours], Hours]) -> Bend:
    return periods(lambda period: replace(period, hours=tuple(change(each) for each in period.hours)))


def _box(outline: Polygon | Circle) -> Polygon:
    if isinstance(outline, Circle):
        high = outline.radius_m / 111_195.0
        wide = high / math.cos(math.radians(outline.latitude_deg))
        west, east = outline.longitude_deg - wide, outline.longitude_deg + wide
        south, north = outline.latitude_deg - high, outline.latitude_deg + high
    else:
        west, east = (pick(corner[0] for corner in outline.rings[0]) for pick in (min, max))
        south, north = (pick(corner[1] for corner in outline.rings[0]) for pick in (min, max))
    return Polygon(rings=(((west, south), (east, south), (east, north), (west, north)),))


def _swapped(outline: Polygon | Circle) -> Polygon | Circle:
    if isinstance(outline, Circle):
        latitude_deg = _latitude(outline.longitude_deg)
        return replace(outline, longitude_deg=outline.latitude_deg, latitude_deg=latitude_deg)
    return replace(outline, rings=tuple(tuple((y, _latitude(x)) for x, y in ring) for ring in outline.rings))


def _latitude(degrees: float) -> float:
    return max(-90.0, min(90.0, degrees))


def _otherwise(one: HeightReference, other: HeightReference) -> Bend:
    return limits(lambda limit: replace(limit, reference=other) if limit.reference is one else limit)


def _strict_limits(volume: Volume) -> Volume:
    def moved(limit: Limit | None, towards: float) -> Limit | None:
        metres = limit_m(limit)
        if limit is None or metres is None or limit.reference is HeightReference.STD:
            return limit
        return replace(limit, value=metres + math.copysign(1e-6, towards), unit=LengthUnit.M)

    return replace(volume, floor=moved(volume.floor, math.inf), ceiling=moved(volume.ceiling, -math.inf))


def _strict_dates(period: Period) -> Period:
    begin, end = period.start_utc_ns, period.end_utc_ns
    return replace(
        period, start_utc_ns=None if begin is None else begin + 1, end_utc_ns=None if end is None else end - 1
    )


def _strict_hours(part: Hours) -> Hours:
    return replace(part, from_s=(part.from_s or 0.0) + 1e-3, to_s=part.to_s - 1e-3 if part.to_s else None)


def _midnight_before(part: Hours) -> Hours:
    # All that is left of a part that ends before it begins.
    return part if part.to_s else replace(part, to_s=part.from_s or 1e-3)


def _never_overnight(part: Hours) -> Hours:
    over = part.to_s and part.from_s is not None and part.to_s < part.from_s
    return replace(part, to_s=part.from_s) if over else part


def _literal(limit: Limit) -> Limit:
    return replace(limit, value=99_998.9) if limit.value >= 99_999 else limit


NEVER = Period(end_utc_ns=-(2**62))

ZONE_MUTANTS: dict[str, Bend] = {
    "no holes": outlines(lambda o: replace(o, rings=o.rings[:1]) if isinstance(o, Polygon) else o),
    "bounding box only": outlines(_box),
    "longitude and latitude swapped": outlines(_swapped),
    "no height at all": limits(lambda limit: None),
    "no floor": volumes(lambda v: replace(v, floor=None)),
    "no ceiling": volumes(lambda v: replace(v, ceiling=None)),
    "above ground taken for above sea": _otherwise(HeightReference.AGL, HeightReference.AMSL),
    "above sea taken for above ground": _otherwise(HeightReference.AMSL, HeightReference.AGL),
    "feet taken for metres": limits(
        lambda limit: replace(limit, unit=LengthUnit.M) if limit.unit is LengthUnit.FT else limit
    ),
    "99999 taken literally": limits(_literal),
    "floors and ceilings strict": volumes(_strict_limits),
    "begin and end strict": periods(_strict_dates),
    "hours strict": hours(_strict_hours),
    "permanent ignored": periods(lambda period: replace(period, permanent=False)),
    "first period only": lambda zone: replace(zone, periods=zone.periods[:1]),
    "dates but no schedule": periods(lambda period: replace(period, hours=())),
    "schedule but no dates": periods(lambda p: replace(p, start_utc_ns=None, end_utc_ns=None)),
    "weekday off by one": hours(lambda h: replace(h, weekdays=tuple((day + 1) % 7 for day in h.weekdays))),
    "any weekday": hours(lambda h: replace(h, weekdays=())),
    "local time for UTC": periods(lambda period: replace(period, time_zone="Europe/Helsinki")),
    "an end of 00:00 is the midnight before": hours(_midnight_before),
    "hours never run past midnight": hours(_never_overnight),
    "second volume ignored": lambda zone: replace(zone, volumes=zone.volumes[:1]),
    "no periods means never": lambda zone: zone if zone.periods else replace(zone, periods=(NEVER,)),
}
QUERY_MUTANTS: dict[str, Callable[[Queries], Queries]] = {
    "ground ignored": lambda q: q._replace(ground_amsl_m=q.ground_amsl_m * 0.0),
    "time of the first question for all": lambda q: q._replace(
        time_utc_ns=q.time_utc_ns * 0 + q.time_utc_ns[0]
    ),
}
