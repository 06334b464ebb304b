"""Zones and permits drawn in metres about a frame's origin, as a person sketches them."""

from __future__ import annotations

from skykeep.domain.outline import polygon_of_enu_m
from skykeep.domain.permit import Permit, PermitPriority, PermitState, Scope, Volume4D
from skykeep.domain.place import Point
from skykeep.domain.zone import HeightReference, Limit, Period, Restriction, Volume, Zone
from skykeep.geo.frames import LocalFrame

Rings = tuple[tuple[Point, ...], ...]


def drawn_volume(
    frame: LocalFrame,
    rings_m: Rings,
    floor_m: float,
    ceiling_m: float,
    reference: HeightReference = HeightReference.AGL,
) -> Volume:
    return Volume(
        outline=polygon_of_enu_m(rings_m, frame),
        floor=Limit(value=floor_m, reference=reference),
        ceiling=Limit(value=ceiling_m, reference=reference),
    )


def drawn_zone(
    frame: LocalFrame,
    zone_id: str,
    rings_m: Rings,
    *,
    name: str = "",
    restriction: Restriction = Restriction.REQ_AUTHORISATION,
    floor_m: float = 0.0,
    ceiling_m: float = 500.0,
    reference: HeightReference = HeightReference.AGL,
    strictness: int = 10,
    document: str = "Order 12",
    periods: tuple[Period, ...] = (),
) -> Zone:
    return Zone(
        zone_id=zone_id,
        name=name or zone_id,
        restriction=restriction,
        volumes=(drawn_volume(frame, rings_m, floor_m, ceiling_m, reference),),
        strictness=strictness,
        document=document,
        periods=periods,
    )


def drawn_permit(
    frame: LocalFrame,
    permit_id: str,
    ring_m: tuple[Point, ...],
    *,
    start_utc_ns: int,
    end_utc_ns: int,
    serials: tuple[str, ...] = (),
    holder: str = "Harbour Survey",
    priority: PermitPriority = PermitPriority.COMMERCIAL,
    state: PermitState = PermitState.ACTIVE,
    ceiling_agl_m: float = 120.0,
    unlocks: tuple[str, ...] = (),
    document: str = "",
) -> Permit:
    volume = drawn_volume(frame, (ring_m,), 0.0, ceiling_agl_m)
    return Permit(
        permit_id=permit_id,
        state=state,
        version=1,
        holder=holder,
        priority=priority,
        scope=Scope(
            volumes=(Volume4D(volume=volume, start_utc_ns=start_utc_ns, end_utc_ns=end_utc_ns),),
            serials=serials,
            unlocks=unlocks,
        ),
        owner=holder,
        document=document or f"Special permit {permit_id}",
    )
