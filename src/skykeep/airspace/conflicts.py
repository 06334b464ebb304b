"""What is in the way of a flight that is asked for: zones, restrictions and flights granted before.

A zone that restricts must be opened: the permit has to name it, and only the authority that keeps it can open
it. Police, medical, fire and state flights go first, then commercial, then hobby; of equals the one that was
granted first. Flights that go after give way: they are no conflict, but are held when the permit is granted.
A suspended permit keeps its claim.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from skykeep.airspace.overlap import Bounds, Ground, bounds_deg, bounds_meet, volumes_overlap
from skykeep.airspace.stretches import Stretch, merged, stretches
from skykeep.base.clock import iso_utc
from skykeep.domain.permit import (
    ENDED,
    Permit,
    PermitConflict,
    PermitPriority,
    PermitState,
    Scope,
    Volume4D,
)
from skykeep.domain.zone import Restriction, Zone

P = PermitPriority
FIRST_TIER = (P.POLICE, P.MEDICAL, P.FIRE, P.STATE)
TIERS = {**dict.fromkeys(FIRST_TIER, 0), P.COMMERCIAL: 1, P.HOBBY: 2}
# What an authority opens to whoever asks and is granted; what is prohibited it must name.
ON_REQUEST = frozenset({Restriction.REQ_AUTHORISATION, Restriction.CONDITIONAL, Restriction.USPACE})


class Air(msgspec.Struct, frozen=True, kw_only=True):
    """What there is already: every zone in force by publication, which of them are restrictions of ours, and
    the permits, as far as they may matter. `ground_amsl_m` is the lowest and highest ground, where known.
    """

    zones: tuple[Zone, ...] = ()
    restriction_ids: frozenset[str] = frozenset()
    permits: tuple[Permit, ...] = ()
    ground_amsl_m: Ground | None = None


class ZoneNeed(msgspec.Struct, frozen=True, kw_only=True):
    """A zone that a flight has to have opened, and when it first holds in its way. `openable` by the
    authority that was asked; `on_request` if that is what the zone is for; `named` by the scope.
    """

    zone_id: str
    name: str
    restriction: Restriction
    authority_id: str
    openable: bool
    on_request: bool
    named: bool
    ours: bool
    start_utc_ns: int
    end_utc_ns: int


class Review(msgspec.Struct, frozen=True, kw_only=True):
    """What is in the way: zones to be opened, conflicts, granted permits that would give way, and permits
    that were asked for earlier, wait for a decision and would not.
    """

    needs: tuple[ZoneNeed, ...] = ()
    conflicts: tuple[PermitConflict, ...] = ()
    gives_way: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


def review(scope: Scope, priority: PermitPriority, authority_id: str, air: Air) -> Review:
    """Return what is in the way of a scope that this authority would grant at this priority."""
    needs = zone_needs(scope, authority_id, air)
    conflicts = [_zone_conflict(need) for need in needs if not (need.named and need.openable)]
    gives_way, waiting = [], []
    for other in air.permits:
        if other.state in ENDED or other.state is PermitState.DRAFT:
            continue
        claimed = other.granted or other.stands
        goes_first = TIERS[other.priority] <= TIERS[priority]
        shared = (
            [] if claimed is None else shared_stretches(scope.volumes, claimed.volumes, air.ground_amsl_m)
        )
        if shared and goes_first:
            conflicts.append(_permit_conflict(other, merged(shared)))
        elif shared:
            gives_way.append(other.permit_id)
        elif (
            claimed is None
            and goes_first
            and shared_stretches(scope.volumes, other.scope.volumes, air.ground_amsl_m)
        ):
            waiting.append(other.permit_id)
    return Review(needs=needs, conflicts=tuple(conflicts), gives_way=tuple(gives_way), waiting=tuple(waiting))


def zone_needs(scope: Scope, authority_id: str, air: Air) -> tuple[ZoneNeed, ...]:
    """Return every zone in the way, in the order of the air."""
    needs = []
    for zone in zones_near(air.zones, [bounds_deg(each.volume.outline) for each in scope.volumes]):
        held = held_by_zone(zone, scope.volumes, air.ground_amsl_m)
        if not held:
            continue
        needs.append(
            ZoneNeed(
                zone_id=zone.zone_id,
                name=zone.name,
                restriction=zone.restriction,
                authority_id=zone.authority_id,
                openable=zone.authority_id in ("", authority_id),
                on_request=zone.restriction in ON_REQUEST,
                named=zone.zone_id in scope.unlocks,
                ours=zone.zone_id in air.restriction_ids,
                start_utc_ns=held[0][0],
                end_utc_ns=held[0][1],
            )
        )
    return tuple(needs)


def zones_near(zones: Iterable[Zone], places: list[Bounds]) -> tuple[Zone, ...]:
    """Return the zones that restrict and whose bounds meet any of these."""
    return tuple(
        zone
        for zone in zones
        if zone.restriction is not Restriction.NO_RESTRICTION
        and any(
            bounds_meet(bounds, place)
            for bounds in [bounds_deg(volume.outline) for volume in zone.volumes]
            for place in places
        )
    )


def held_by_zone(
    zone: Zone, volumes: tuple[Volume4D, ...], ground_amsl_m: Ground | None = None
) -> tuple[Stretch, ...]:
    """Return when a zone holds in the way of volumes."""
    found: list[Stretch] = []
    for asked in volumes:
        when = stretches(zone.periods, asked.start_utc_ns, asked.end_utc_ns)
        if when and any(volumes_overlap(asked.volume, volume, ground_amsl_m) for volume in zone.volumes):
            found += when
    return merged(found)


def shared_stretches(
    asked: tuple[Volume4D, ...], claimed: tuple[Volume4D, ...], ground_amsl_m: Ground | None = None
) -> list[Stretch]:
    """Return when two flights would be in the same air."""
    found = []
    for one in asked:
        for other in claimed:
            start = max(one.start_utc_ns, other.start_utc_ns)
            end = min(one.end_utc_ns, other.end_utc_ns)
            if start <= end and volumes_overlap(one.volume, other.volume, ground_amsl_m):
                found.append((start, end))
    return found


def _zone_conflict(need: ZoneNeed) -> PermitConflict:
    kind = "restriction" if need.ours else "zone"
    if not need.openable:
        why = f"only authority {need.authority_id} opens it"
    else:
        why = f"it is {need.restriction} and the permit does not name it"
    return PermitConflict(
        with_kind=kind,
        with_id=need.zone_id,
        because=f"{kind} {need.zone_id} ({need.name}): {why}",
        start_utc_ns=need.start_utc_ns,
        end_utc_ns=need.end_utc_ns,
    )


def _permit_conflict(other: Permit, when: tuple[Stretch, ...]) -> PermitConflict:
    start, end = when[0]
    from_to = f"from {iso_utc(start)} to {iso_utc(end)}"
    return PermitConflict(
        with_kind="permit",
        with_id=other.permit_id,
        because=f"permit {other.permit_id} ({other.priority}) has this air {from_to}",
        start_utc_ns=start,
        end_utc_ns=end,
    )
