"""Restrictions that are drawn often, made from what differs: where, when and for whom it is known.

Each gives the zones to be drawn; the desk gives them their ids, signatures their force.
"""

from __future__ import annotations

import itertools

import msgspec
import numpy as np
import shapely

from skykeep.airspace.overlap import plane_of
from skykeep.base.clock import seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.zone import (
    STRICTNESS,
    Circle,
    HeightReference,
    Limit,
    LonLat,
    Period,
    Polygon,
    Restriction,
    Text,
    Volume,
    Zone,
)

PARADE_DAY = "parade day"
CITY_WIDE_BAN = "city-wide ban"
CRIME_SCENE = "crime scene"
VIP_MOVEMENT = "VIP movement"
EMERGENCY_RING = "emergency ring"
TEMPLATES = (PARADE_DAY, CITY_WIDE_BAN, CRIME_SCENE, VIP_MOVEMENT, EMERGENCY_RING)

# Within a city-wide ban an inner ring is stricter still: a permit for the city does not open it.
_INNER_STRICTNESS = STRICTNESS[Restriction.PROHIBITED] + 5


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """A place on a way, and when it is passed."""

    longitude_deg: float
    latitude_deg: float
    time_utc_ns: int


def parade_day(
    name: str, outline: Polygon | Circle, periods: tuple[Period, ...], ceiling_agl_m: float | None = None
) -> tuple[Zone, ...]:
    """Return the closed sky over a parade and its guests: stricter than a ban of the city around it."""
    return (_zone(name, outline, periods, ceiling_agl_m, ("NATURE_OF_EVENT",), strictness=_INNER_STRICTNESS),)


def city_wide_ban(
    name: str, outline: Polygon | Circle, periods: tuple[Period, ...], ceiling_agl_m: float | None = None
) -> tuple[Zone, ...]:
    """Return a ban of every flight but by special permit."""
    message = (Text(text="Every flight needs a special permit of this authority.", language="en"),)
    zone = _zone(name, outline, periods, ceiling_agl_m, ("OTHER",))
    return (msgspec.structs.replace(zone, message=message),)


def crime_scene(
    name: str,
    centre: LonLat,
    radius_m: float,
    start_utc_ns: int,
    lasts_s: float,
    ceiling_agl_m: float | None = 150.0,
) -> tuple[Zone, ...]:
    """Return the closed sky round a place where the police work."""
    periods = (Period(start_utc_ns=start_utc_ns, end_utc_ns=start_utc_ns + seconds_to_ns(lasts_s)),)
    return (_zone(name, _circle(centre, radius_m), periods, ceiling_agl_m, ("SENSITIVE",)),)


def emergency_ring(
    incident_id: str,
    centre: LonLat,
    radius_m: float,
    start_utc_ns: int,
    lasts_s: float,
    ceiling_agl_m: float | None = None,
) -> tuple[Zone, ...]:
    """Return the closed sky round a live incident."""
    name = f"Emergency ring round incident {incident_id}"
    periods = (Period(start_utc_ns=start_utc_ns, end_utc_ns=start_utc_ns + seconds_to_ns(lasts_s)),)
    zone = _zone(
        name,
        _circle(centre, radius_m),
        periods,
        ceiling_agl_m,
        ("EMERGENCY",),
        strictness=_INNER_STRICTNESS,
    )
    return (msgspec.structs.replace(zone, document=f"emergency ring, incident {incident_id}"),)


def vip_movement(
    name: str,
    way: tuple[Stop, ...],
    half_width_m: float,
    slack_s: float = 300.0,
    ceiling_agl_m: float | None = None,
) -> tuple[Zone, ...]:
    """Return a corridor along a way in slices of time, one zone for each leg: closed from `slack_s` before
    whoever is guarded comes to it until as long after they have left it, and open before and after.
    """
    if len(way) < 2:
        raise InputError("way", f"{len(way)} places", "at least 2")
    if not 1.0 <= half_width_m <= 20_000.0:
        raise InputError("half_width_m", f"{half_width_m}", "1 to 20,000")
    if not 0.0 <= slack_s <= 86_400.0:
        raise InputError("slack_s", f"{slack_s}", "0 to 86,400")
    zones = []
    slack_ns = seconds_to_ns(slack_s)
    for number, (start, end) in enumerate(itertools.pairwise(way), start=1):
        if end.time_utc_ns < start.time_utc_ns:
            raise InputError(
                f"way[{number}].time_utc_ns", f"{end.time_utc_ns}", f"{start.time_utc_ns} or later"
            )
        period = Period(start_utc_ns=start.time_utc_ns - slack_ns, end_utc_ns=end.time_utc_ns + slack_ns)
        leg = f"{name}, leg {number} of {len(way) - 1}"
        zones.append(
            _zone(
                leg,
                _corridor(start, end, half_width_m),
                (period,),
                ceiling_agl_m,
                ("SENSITIVE",),
                strictness=_INNER_STRICTNESS,
            )
        )
    return tuple(zones)


def _corridor(start: Stop, end: Stop, half_width_m: float) -> Polygon:
    """Return all within a distance of the line between two places."""
    line = ((start.longitude_deg, start.latitude_deg), (end.longitude_deg, end.latitude_deg))
    plane = plane_of(Polygon(rings=(line,)))
    way = shapely.LineString(plane.to_m(np.array(line)))
    ring = plane.to_lonlat_deg(np.asarray(way.buffer(half_width_m, quad_segs=16).exterior.coords)[:-1])
    return Polygon(rings=(tuple((round(lon, 8), round(lat, 8)) for lon, lat in ring.tolist()),))


def _circle(centre: LonLat, radius_m: float) -> Circle:
    return Circle(longitude_deg=centre[0], latitude_deg=centre[1], radius_m=radius_m)


def _zone(
    name: str,
    outline: Polygon | Circle,
    periods: tuple[Period, ...],
    ceiling_agl_m: float | None,
    reasons: tuple[str, ...],
    strictness: int = STRICTNESS[Restriction.PROHIBITED],
) -> Zone:
    """Return a prohibited zone from the surface up; the desk names the restriction as its document."""
    ceiling = None if ceiling_agl_m is None else Limit(value=ceiling_agl_m, reference=HeightReference.AGL)
    return Zone(
        zone_id="",
        name=name,
        restriction=Restriction.PROHIBITED,
        volumes=(Volume(outline=outline, ceiling=ceiling),),
        strictness=strictness,
        document="",
        periods=periods,
        reasons=reasons,
    )
