"""People, places and times for tests of the office: a made-up city on a made-up coast."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from memory_register import MemoryRegister
from skykeep.app.office import Office, OfficeSettings
from skykeep.base.clock import NS_PER_S, ManualClock
from skykeep.domain.actor import Actor, Right
from skykeep.domain.permit import Flight, PermitPriority, PermitTerms, Scope, Volume4D
from skykeep.domain.register import Release, ReleaseState
from skykeep.domain.zone import (
    STRICTNESS,
    Circle,
    HeightReference,
    Limit,
    Restriction,
    Volume,
    Zone,
    ZoneList,
)

NOW_NS = 1_900_000_000 * NS_PER_S
MINUTE_NS = 60 * NS_PER_S
HOUR_NS = 60 * MINUTE_NS
DAY_NS = 24 * HOUR_NS
CITY = "city"

ANA = Actor(name="ana", role="applicant", rights=frozenset({Right.APPLY}))
BEN = Actor(name="ben", role="applicant", rights=frozenset({Right.APPLY}))
EVERY_RIGHT = frozenset({Right.APPLY, Right.DECIDE, Right.RESTRICT, Right.SEE_PRIVATE, Right.READ})
CHIEF = Actor(name="chief", role="officer", rights=EVERY_RIGHT, authority_id=CITY)
DEPUTY = Actor(name="deputy", role="officer", rights=EVERY_RIGHT, authority_id=CITY)
CLERK = Actor(
    name="clerk",
    role="clerk",
    rights=frozenset({Right.APPLY, Right.DECIDE, Right.READ}),
    authority_id=CITY,
)
STRANGER = Actor(name="coast", role="officer", rights=EVERY_RIGHT, authority_id="state")
PEOPLE = (ANA, BEN, CHIEF, DEPUTY, CLERK, STRANGER)


def counting_dice() -> Callable[[int], bytes]:
    """Return dice whose throws are 1, 2, 3: ids that differ and come out the same each time."""
    numbers = itertools.count(1)
    return lambda size: next(numbers).to_bytes(size, "big")


def office_at(now_utc_ns: int = NOW_NS, settings: OfficeSettings | None = None) -> tuple[Office, ManualClock]:
    clock = ManualClock(now_utc_ns)
    settings = settings or OfficeSettings(default_authority_id=CITY)
    return Office(MemoryRegister(), clock, settings, counting_dice()), clock


def disc(east_km: float = 0.0, radius_m: float = 200.0, top_m: float = 60.0, bottom_m: float = 0.0) -> Volume:
    """Return a disc some way east of the middle of the city."""
    return Volume(
        outline=Circle(longitude_deg=20.0 + east_km / 74.6, latitude_deg=48.0, radius_m=radius_m),
        floor=Limit(value=bottom_m, reference=HeightReference.AGL),
        ceiling=Limit(value=top_m, reference=HeightReference.AGL),
    )


def scope_of(
    volume: Volume | None = None,
    start_utc_ns: int = NOW_NS + HOUR_NS,
    end_utc_ns: int = NOW_NS + 2 * HOUR_NS,
    unlocks: tuple[str, ...] = (),
) -> Scope:
    asked = Volume4D(volume=volume or disc(), start_utc_ns=start_utc_ns, end_utc_ns=end_utc_ns)
    return Scope(
        volumes=(asked,),
        serials=("1AF49UL5CC5J6K",),
        operator_ids=("CHEo5kut30e0mt01",),
        unlocks=unlocks,
        flight=Flight(
            purpose="survey",
            operation_category="Open",
            operation_mode="Vlos",
            uas_class="C0",
            identification_technologies=("ASTMNetRID",),
            connectivity_methods=("cellular",),
            endurance_minutes=30,
        ),
    )


def terms_of(scope: Scope | None = None, priority: PermitPriority = PermitPriority.COMMERCIAL) -> PermitTerms:
    return PermitTerms(
        scope=scope or scope_of(), holder="Ana's surveys", priority=priority, contact="ana@example.org"
    )


def zone_of(
    zone_id: str,
    volume: Volume | None = None,
    restriction: Restriction = Restriction.REQ_AUTHORISATION,
    authority_id: str = CITY,
) -> Zone:
    return Zone(
        zone_id=zone_id,
        name=f"zone {zone_id}",
        restriction=restriction,
        volumes=(volume or disc(radius_m=2_000.0),),
        strictness=STRICTNESS[restriction],
        document=f"list, {zone_id}",
        authority_id=authority_id,
    )


def bring_in(office: Office, *zones: Zone) -> None:
    """Bring a list of zones into force, as its import would."""
    release = Release(
        source="list",
        number=1,
        state=ReleaseState.IN_FORCE,
        from_utc_ns=0,
        until_utc_ns=None,
        issued_utc_ns=None,
        sha256="",
        zones=len(zones),
        by="chief",
        because="test",
        listed=ZoneList(format="made", zones=zones),
    )
    office.register.change(lambda writer: writer.put_release(release))
