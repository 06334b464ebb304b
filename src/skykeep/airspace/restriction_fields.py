"""What a restriction must say before anybody signs it: every fault at once, field by field."""

from __future__ import annotations

import math
from collections.abc import Iterator

from skykeep.airspace.permit_fields import MOST_TEXT, PermitBounds, outline_faults
from skykeep.airspace.restriction_life import zone_ends_utc_ns
from skykeep.airspace.stretches import DAY_S, time_zone
from skykeep.base.clock import iso_utc
from skykeep.base.errors import InputError
from skykeep.domain.faults import FormError
from skykeep.domain.zone import HeightReference, Period, Restriction, Zone, limit_m

# A ban may be wider than a flight.
BOUNDS = PermitBounds(widest_m=1_000_000.0, most_corners=20_000)
MOST_PERIODS = 1_000


def restriction_faults(title: str, zone: Zone, now_utc_ns: int) -> tuple[InputError, ...]:
    """Return all that is wrong with a restriction."""
    return tuple(_faults(title, zone, now_utc_ns))


def check_restriction(title: str, zone: Zone, now_utc_ns: int) -> None:
    """Raise FormError with all that is wrong with a restriction."""
    faults = tuple(_faults(title, zone, now_utc_ns))
    if faults:
        raise FormError(faults)


def _faults(title: str, zone: Zone, now_utc_ns: int) -> Iterator[InputError]:
    if not title.strip() or len(title) > MOST_TEXT:
        yield InputError("title", f"{len(title)} letters", "what people will call it")
    if zone.restriction is Restriction.NO_RESTRICTION:
        yield InputError("zone.restriction", zone.restriction, "one that restricts")
    if not 0 <= zone.strictness <= 100:
        yield InputError("zone.strictness", f"{zone.strictness}", "0 to 100")
    if not 1 <= len(zone.volumes) <= BOUNDS.most_volumes:
        yield InputError("zone.volumes", f"{len(zone.volumes)}", f"1 to {BOUNDS.most_volumes}")
    for place, volume in enumerate(zone.volumes):
        field = f"zone.volumes[{place}]"
        yield from outline_faults(f"{field}.outline", volume.outline, BOUNDS)
        for name, limit in (("floor", volume.floor), ("ceiling", volume.ceiling)):
            if limit is not None and not math.isfinite(limit.value):
                yield InputError(f"{field}.{name}", f"{limit.value}", "a number, or left out")
        floor, ceiling = volume.floor, volume.ceiling
        if ceiling is not None and ceiling.reference is HeightReference.AGL and ceiling.value <= 0.0:
            yield InputError(f"{field}.ceiling", f"{ceiling.value:g} {ceiling.unit} AGL", "above the ground")
        bottom_m, top_m = limit_m(floor), limit_m(ceiling)
        same = floor is not None and ceiling is not None and floor.reference is ceiling.reference
        if same and bottom_m is not None and top_m is not None and not bottom_m < top_m:
            yield InputError(f"{field}.floor", f"{bottom_m:g} m", f"below the ceiling, {top_m:g} m")
    if len(zone.periods) > MOST_PERIODS:
        yield InputError("zone.periods", f"{len(zone.periods)}", f"at most {MOST_PERIODS:,}")
    for place, period in enumerate(zone.periods):
        yield from _period_faults(f"zone.periods[{place}]", period)
    end = zone_ends_utc_ns(zone)
    if end is not None and end <= now_utc_ns:
        yield InputError("zone.periods", "over already", "still to come")


def _period_faults(field: str, period: Period) -> Iterator[InputError]:
    start, end = period.start_utc_ns, period.end_utc_ns
    if start is not None and end is not None and start >= end:
        yield InputError(f"{field}.end", f"{_said(end)}", f"after its start, {_said(start)}")
    if time_zone(period.time_zone) is None:
        yield InputError(f"{field}.time_zone", repr(period.time_zone[:60]), "an IANA name, as UTC")
    for number, hours in enumerate(period.hours):
        if any(not 0 <= day <= 6 for day in hours.weekdays):
            yield InputError(f"{field}.hours[{number}].weekdays", f"{hours.weekdays}", "0 (Monday) to 6")
        for name, second in (("from_s", hours.from_s), ("to_s", hours.to_s)):
            if second is not None and not 0.0 <= second <= DAY_S:
                must = "seconds of day, 0 to 86,400"
                yield InputError(f"{field}.hours[{number}].{name}", f"{second}", must)


def _said(time_utc_ns: int) -> str:
    try:
        return iso_utc(time_utc_ns)
    except (ValueError, OverflowError, OSError):
        return f"{time_utc_ns} ns"
