"""Whether a zone and a place of the interfaces have anything in common: ground, heights and time.

What cannot be told apart is taken as common: unknown is never "allowed". Heights above ground and above the
sea are compared by how high and low the ground can be at all, or by the bounds that are given; flight levels
by how far the pressure can be from the standard.
"""

from __future__ import annotations

import msgspec

from skykeep.airspace.overlap import outlines_overlap
from skykeep.airspace.stretches import stretches
from skykeep.api.interuss_places import Place
from skykeep.domain.zone import (
    HeightReference,
    Limit,
    Period,
    Volume,
    Zone,
    limit_m,
)


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """How low and high the ground is above the sea, the sea above the ellipsoid, and how far, in metres, a
    pressure altitude may be from the true one.
    """

    amsl_m: tuple[float, float] = (-430.0, 8_850.0)
    geoid_m: tuple[float, float] = (-107.0, 86.0)
    pressure_m: float = 600.0


ANYWHERE = Ground()


def shares(zone: Zone, place: Place, ground: Ground = ANYWHERE) -> bool:
    """Return whether a zone and a place share an instant, a height and a spot, edges included."""
    if not in_force_within(zone, place.start_utc_ns, place.end_utc_ns):
        return False
    return any(
        heights_touch(volume, place, ground)
        and (place.outline is None or outlines_overlap(volume.outline, place.outline))
        for volume in zone.volumes
    )


def in_force_within(zone: Zone, start_utc_ns: int | None, end_utc_ns: int | None) -> bool:
    """Return whether a zone is in force at some instant of a time; None is open."""
    if not zone.periods:
        return True
    return any(_holds_within(period, start_utc_ns, end_utc_ns) for period in zone.periods)


def heights_touch(volume: Volume, place: Place, ground: Ground) -> bool:
    """Return whether the floor of either may lie under the ceiling of the other."""
    return _may_be_under(volume.floor, place.ceiling, ground) and _may_be_under(
        place.floor, volume.ceiling, ground
    )


def _may_be_under(floor: Limit | None, ceiling: Limit | None, ground: Ground) -> bool:
    low_m = None if floor is None else floor.value * _metres(floor)
    high_m = limit_m(ceiling)
    if floor is None or low_m is None or ceiling is None or high_m is None:
        return True
    if floor.reference is ceiling.reference:
        return low_m <= high_m
    return low_m + _bounds_m(floor.reference, ground)[0] <= high_m + _bounds_m(ceiling.reference, ground)[1]


def _metres(limit: Limit) -> float:
    one = limit_m(msgspec.structs.replace(limit, value=1.0))
    return 1.0 if one is None else one


def _bounds_m(reference: HeightReference, ground: Ground) -> tuple[float, float]:
    """Return how low and high above the ellipsoid the zero of a reference can be."""
    low_m, high_m = ground.geoid_m
    if reference is HeightReference.HAE:
        return 0.0, 0.0
    if reference is HeightReference.AMSL:
        return low_m, high_m
    if reference is HeightReference.STD:
        return low_m - ground.pressure_m, high_m + ground.pressure_m
    return low_m + ground.amsl_m[0], high_m + ground.amsl_m[1]


def _holds_within(period: Period, start_utc_ns: int | None, end_utc_ns: int | None) -> bool:
    if period.permanent:
        return True
    starts = [time for time in (start_utc_ns, period.start_utc_ns) if time is not None]
    ends = [time for time in (end_utc_ns, period.end_utc_ns) if time is not None]
    if starts and ends and max(starts) > min(ends):
        return False
    if not period.hours or not starts or not ends:
        return True
    return bool(stretches((period,), max(starts), min(ends)))
