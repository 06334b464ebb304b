"""What could be flown instead: later, lower, in a part of the place, or a little way off; each free of
conflicts itself, or not proposed.

Zones that the authority opens on request are no obstacle, and an alternative names those that it needs.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator

import msgspec
import numpy as np
import shapely

from skykeep.airspace.conflicts import ON_REQUEST, TIERS, Air, review, zone_needs
from skykeep.airspace.overlap import (
    Plane,
    bounds_deg,
    bounds_meet,
    heights_overlap,
    outline_on,
    plane_at,
    plane_of,
    volumes_overlap,
)
from skykeep.airspace.stretches import stretches
from skykeep.base.clock import NS_PER_S, iso_utc
from skykeep.domain.permit import ENDED, PermitPriority, PermitState, Scope, Volume4D
from skykeep.domain.zone import Limit, LonLat, Period, Polygon, Restriction, Volume, limit_m

DIRECTIONS = 16
DISTANCES = 8
# What is clipped keeps this far from what it was clipped at, and is worth this part of what was asked.
CLIP_MARGIN_M = 5.0
LEAST_PART = 0.3
LEAST_HEIGHT_M = 10.0
_MOST_SLOTS = 200


class AlternativeKind(enum.StrEnum):
    TIME = "time"
    CEILING = "ceiling"
    PART = "part"
    PLACE = "place"


class Alternative(msgspec.Struct, frozen=True, kw_only=True):
    """Something else that is free, and a sentence that says how it differs from what was asked."""

    kind: AlternativeKind
    scope: Scope
    says: str


class _Obstacle(msgspec.Struct, frozen=True, kw_only=True):
    """Air that cannot be had: volumes, and when."""

    volumes: tuple[Volume, ...]
    periods: tuple[Period, ...]


class _Case(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked, of whom, and what is there."""

    priority: PermitPriority
    authority_id: str
    air: Air

    def free(self, scope: Scope) -> Scope | None:
        """Return the scope with the zones that it has to have opened, None where something is in its way."""
        needs = zone_needs(scope, self.authority_id, self.air)
        opens = [need.zone_id for need in needs if need.openable and need.on_request]
        scope = msgspec.structs.replace(scope, unlocks=tuple(dict.fromkeys((*scope.unlocks, *opens))))
        return None if review(scope, self.priority, self.authority_id, self.air).conflicts else scope


def alternatives(
    scope: Scope,
    priority: PermitPriority,
    authority_id: str,
    air: Air,
    *,
    within_ns: int,
    shift_within_m: float,
) -> tuple[Alternative, ...]:
    """Return what could be flown instead, at most one of each kind; nothing where the scope is free."""
    if not scope.volumes:
        return ()
    case = _Case(priority=priority, authority_id=authority_id, air=_near(air, scope, shift_within_m))
    if case.free(scope) is not None:
        return ()
    obstacles = _obstacles(scope, case)
    found = (
        in_time(scope, case, obstacles, within_ns),
        _below(scope, case, obstacles),
        _clipped(scope, case, obstacles),
        _shifted(scope, case, shift_within_m),
    )
    return tuple(each for each in found if each is not None)


def in_time(
    scope: Scope, case: _Case, obstacles: tuple[_Obstacle, ...], within_ns: int
) -> Alternative | None:
    """Return the next free slot of the same length.

    Each obstacle in the way of a volume has to be over before that volume begins, so that the longest such
    wait is the least that helps: no free slot is jumped over.
    """
    horizon_ns = scope.end_utc_ns + within_ns
    busy = [
        (asked, start, end)
        for asked in scope.volumes
        for obstacle in obstacles
        if any(volumes_overlap(asked.volume, volume, case.air.ground_amsl_m) for volume in obstacle.volumes)
        for start, end in stretches(obstacle.periods, asked.start_utc_ns, horizon_ns)
    ]
    later_ns = 0
    for _ in range(_MOST_SLOTS):
        waits = [
            end - asked.start_utc_ns + NS_PER_S
            for asked, start, end in busy
            if start <= asked.end_utc_ns + later_ns and end >= asked.start_utc_ns + later_ns
        ]
        if not waits:
            break
        later_ns = max(waits)
        if later_ns > within_ns:
            return None
    freed = case.free(_moved_in_time(scope, later_ns)) if later_ns else None
    if freed is None:
        return None
    says = f"the next free slot of the same length begins at {iso_utc(freed.start_utc_ns)}"
    return Alternative(kind=AlternativeKind.TIME, scope=freed, says=says)


def _below(scope: Scope, case: _Case, obstacles: tuple[_Obstacle, ...]) -> Alternative | None:
    """Return the same place under whatever is above it."""
    lowered, least_m = [], math.inf
    for asked in scope.volumes:
        volume, top_m = asked.volume, limit_m(asked.volume.ceiling)
        for other in _in_way(asked, obstacles, case):
            floor_m = limit_m(other.floor)
            if other.floor is None or floor_m is None or top_m is None or volume.ceiling is None:
                return None
            if other.floor.reference is not volume.ceiling.reference:
                return None
            top_m = min(top_m, floor_m - 1.0)
        bottom_m = limit_m(volume.floor) or 0.0
        if top_m is None or top_m - bottom_m < LEAST_HEIGHT_M:
            return None
        if volume.ceiling is not None and top_m < (limit_m(volume.ceiling) or math.inf):
            limit = Limit(value=top_m, reference=volume.ceiling.reference)
            asked = msgspec.structs.replace(asked, volume=msgspec.structs.replace(volume, ceiling=limit))
        least_m = min(least_m, top_m)
        lowered.append(asked)
    freed = case.free(msgspec.structs.replace(scope, volumes=tuple(lowered)))
    if freed is None:
        return None
    says = f"the same place up to {least_m:g} m"
    return Alternative(kind=AlternativeKind.CEILING, scope=freed, says=says)


def _clipped(scope: Scope, case: _Case, obstacles: tuple[_Obstacle, ...]) -> Alternative | None:
    """Return the largest part of the place that is free, the one of the take-off where that is told."""
    clipped, least = [], 1.0
    for asked in scope.volumes:
        plane = plane_of(asked.volume.outline)
        whole = outline_on(plane, asked.volume.outline, around=False)
        taken = [outline_on(plane, other.outline) for other in _in_way(asked, obstacles, case)]
        if not taken:
            clipped.append(asked)
            continue
        left = whole.difference(shapely.union_all(taken).buffer(CLIP_MARGIN_M)).simplify(0.5)
        part = _part(left, plane, scope.flight.take_off)
        if part is None or part.area < LEAST_PART * whole.area:
            return None
        least = min(least, part.area / whole.area)
        volume = msgspec.structs.replace(asked.volume, outline=_outline(part, plane))
        clipped.append(msgspec.structs.replace(asked, volume=volume))
    freed = case.free(msgspec.structs.replace(scope, volumes=tuple(clipped)))
    if freed is None:
        return None
    return Alternative(kind=AlternativeKind.PART, scope=freed, says=f"{least:.0%} of the place is free")


def _shifted(scope: Scope, case: _Case, within_m: float) -> Alternative | None:
    """Return the nearest place of the same shape, looked for in rings about the one that was asked."""
    for distance_m, bearing_deg, east_m, north_m in _offsets(within_m):
        freed = case.free(_moved_in_place(scope, east_m, north_m))
        if freed is not None:
            says = f"the same shape {distance_m:,.0f} m towards {bearing_deg:.0f} degrees"
            return Alternative(kind=AlternativeKind.PLACE, scope=freed, says=says)
    return None


def _offsets(within_m: float) -> Iterator[tuple[float, float, float, float]]:
    for ring in range(1, DISTANCES + 1):
        distance_m = within_m * ring / DISTANCES
        for step in range(DIRECTIONS):
            bearing_rad = 2.0 * math.pi * step / DIRECTIONS
            east_m, north_m = distance_m * math.sin(bearing_rad), distance_m * math.cos(bearing_rad)
            yield distance_m, math.degrees(bearing_rad), east_m, north_m


def _near(air: Air, scope: Scope, within_m: float) -> Air:
    """Return what of the air a shifted scope could meet, so that a hundred tries need not look at it all."""
    places = []
    for asked in scope.volumes:
        west, south, east, north = bounds_deg(asked.volume.outline)
        plane = plane_of(asked.volume.outline)
        wide, high = 1.1 * within_m / plane.east_m_per_deg, 1.1 * within_m / plane.north_m_per_deg
        places.append((west - wide, south - high, east + wide, north + high))
    zones = tuple(
        zone
        for zone in air.zones
        if any(bounds_meet(bounds_deg(v.outline), place) for v in zone.volumes for place in places)
    )
    return msgspec.structs.replace(air, zones=zones)


def _obstacles(scope: Scope, case: _Case) -> tuple[_Obstacle, ...]:
    """Return the air near by that this permit could not have."""
    found = [
        _Obstacle(volumes=zone.volumes, periods=zone.periods)
        for zone in case.air.zones
        if zone.restriction is not Restriction.NO_RESTRICTION
        and not (
            zone.authority_id in ("", case.authority_id)
            and (zone.restriction in ON_REQUEST or zone.zone_id in scope.unlocks)
        )
    ]
    for other in case.air.permits:
        claimed = other.granted or other.stands
        ended = other.state in ENDED or other.state is PermitState.DRAFT
        if claimed is None or ended or TIERS[other.priority] > TIERS[case.priority]:
            continue
        found += [
            _Obstacle(
                volumes=(each.volume,),
                periods=(Period(start_utc_ns=each.start_utc_ns, end_utc_ns=each.end_utc_ns),),
            )
            for each in claimed.volumes
        ]
    return tuple(found)


def _in_way(asked: Volume4D, obstacles: tuple[_Obstacle, ...], case: _Case) -> list[Volume]:
    """Return the volumes that share air with one while it is asked for."""
    return [
        volume
        for obstacle in obstacles
        if stretches(obstacle.periods, asked.start_utc_ns, asked.end_utc_ns)
        for volume in obstacle.volumes
        if heights_overlap(asked.volume, volume, case.air.ground_amsl_m)
        and volumes_overlap(asked.volume, volume, case.air.ground_amsl_m)
    ]


def _part(
    left: shapely.geometry.base.BaseGeometry, plane: Plane, take_off: LonLat | None
) -> shapely.Polygon | None:
    parts = [part for part in shapely.get_parts(left) if isinstance(part, shapely.Polygon) and part.area > 0]
    if take_off is not None:
        start = shapely.Point(plane.to_m(np.array([take_off]))[0])
        parts = [part for part in parts if part.covers(start)] or parts
    return max(parts, key=lambda part: float(part.area), default=None)


def _outline(part: shapely.Polygon, plane: Plane) -> Polygon:
    rings = []
    for ring in (part.exterior, *part.interiors):
        corners = plane.to_lonlat_deg(np.asarray(ring.coords)[:-1])
        rings.append(tuple((round(lon, 8), round(lat, 8)) for lon, lat in corners.tolist()))
    return Polygon(rings=tuple(rings))


def _moved_in_time(scope: Scope, later_ns: int) -> Scope:
    volumes = tuple(
        msgspec.structs.replace(
            each, start_utc_ns=each.start_utc_ns + later_ns, end_utc_ns=each.end_utc_ns + later_ns
        )
        for each in scope.volumes
    )
    flight = scope.flight
    if flight.take_off_utc_ns is not None:
        flight = msgspec.structs.replace(flight, take_off_utc_ns=flight.take_off_utc_ns + later_ns)
    return msgspec.structs.replace(scope, volumes=volumes, flight=flight)


def _moved_in_place(scope: Scope, east_m: float, north_m: float) -> Scope:
    west, south, east, north = bounds_deg(scope.volumes[0].volume.outline)
    plane = plane_at((west + east) / 2.0, (south + north) / 2.0)
    lon_deg, lat_deg = east_m / plane.east_m_per_deg, north_m / plane.north_m_per_deg

    def moved(place: LonLat) -> LonLat:
        return round(place[0] + lon_deg, 8), round(place[1] + lat_deg, 8)

    volumes = []
    for asked in scope.volumes:
        outline = asked.volume.outline
        if isinstance(outline, Polygon):
            rings = tuple(tuple(moved(corner) for corner in ring) for ring in outline.rings)
            outline = msgspec.structs.replace(outline, rings=rings)
        else:
            lon, lat = moved((outline.longitude_deg, outline.latitude_deg))
            outline = msgspec.structs.replace(outline, longitude_deg=lon, latitude_deg=lat)
        volume = msgspec.structs.replace(asked.volume, outline=outline)
        volumes.append(msgspec.structs.replace(asked, volume=volume))
    flight = msgspec.structs.replace(
        scope.flight,
        route=tuple((*moved((lon, lat)), height_m) for lon, lat, height_m in scope.flight.route),
        take_off=None if scope.flight.take_off is None else moved(scope.flight.take_off),
        pilot_position=None if scope.flight.pilot_position is None else moved(scope.flight.pilot_position),
    )
    return msgspec.structs.replace(scope, volumes=tuple(volumes), flight=flight)
