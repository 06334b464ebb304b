"""Made-up zones, permits and restrictions for tests of what keeps them; times are whole seconds."""

from __future__ import annotations

from skykeep.airspace.releases import digest_of
from skykeep.domain.permit import (
    Permit,
    PermitAction,
    PermitEvent,
    PermitPriority,
    PermitState,
    Scope,
    Volume4D,
)
from skykeep.domain.register import Notice, Release, ReleaseState, Subscription
from skykeep.domain.restriction import (
    AirspaceRestriction,
    RestrictionAction,
    RestrictionEvent,
    RestrictionState,
)
from skykeep.domain.zone import STRICTNESS, Limit, Polygon, Restriction, Volume, Zone, ZoneList

S = 1_000_000_000


def square(west: float = 10.0, south: float = 50.0, side: float = 0.01) -> Polygon:
    east, north = west + side, south + side
    return Polygon(rings=(((west, south), (east, south), (east, north), (west, north)),))


def zone(
    zone_id: str = "Z1",
    restriction: Restriction = Restriction.PROHIBITED,
    name: str = "harbour",
    outline: Polygon | None = None,
) -> Zone:
    return Zone(
        zone_id=zone_id,
        name=name,
        restriction=restriction,
        volumes=(Volume(outline=outline or square(), ceiling=Limit(value=120.0)),),
        strictness=STRICTNESS[restriction],
        document=f"order {zone_id}",
    )


def zone_list(*zones: Zone, issued_s: int | None = None) -> ZoneList:
    return ZoneList(format="made", zones=zones, issued_utc_ns=None if issued_s is None else issued_s * S)


def release(
    listed: ZoneList,
    number: int = 1,
    from_s: int = 0,
    state: ReleaseState = ReleaseState.IN_FORCE,
    source: str = "town",
) -> Release:
    return Release(
        source=source,
        number=number,
        state=state,
        from_utc_ns=from_s * S,
        until_utc_ns=None,
        issued_utc_ns=listed.issued_utc_ns,
        sha256=digest_of(listed),
        zones=len(listed.zones),
        by="clerk",
        because="",
        listed=listed,
    )


def permit(
    permit_id: str = "P1",
    state: PermitState = PermitState.DRAFT,
    from_s: int = 100,
    until_s: int = 200,
    outline: Polygon | None = None,
    owner: str = "flyer",
    version: int = 1,
) -> Permit:
    volume = Volume(outline=outline or square(), ceiling=Limit(value=60.0))
    flown = Volume4D(volume=volume, start_utc_ns=from_s * S, end_utc_ns=until_s * S)
    return Permit(
        permit_id=permit_id,
        state=state,
        version=version,
        holder="Made-up Surveys",
        priority=PermitPriority.COMMERCIAL,
        scope=Scope(volumes=(flown,)),
        owner=owner,
    )


def permit_step(
    of: Permit,
    before: PermitState | None = None,
    action: PermitAction = PermitAction.SUBMIT,
    time_s: int = 1,
    by: str = "flyer",
) -> PermitEvent:
    return PermitEvent(
        permit_id=of.permit_id,
        version=of.version,
        action=action,
        by=by,
        role="applicant",
        reason="",
        time_utc_ns=time_s * S,
        before=before,
        after=of.state,
    )


def restriction(
    restriction_id: str = "R1",
    state: RestrictionState = RestrictionState.PUBLISHED,
    version: int = 1,
    drawn: Zone | None = None,
    published: Zone | None = None,
    lapses_s: int | None = None,
) -> AirspaceRestriction:
    return AirspaceRestriction(
        restriction_id=restriction_id,
        state=state,
        version=version,
        title="parade",
        zone=drawn or zone(restriction_id),
        authority_id="city",
        reason="parade",
        published=published,
        emergency=lapses_s is not None,
        lapses_utc_ns=None if lapses_s is None else lapses_s * S,
    )


def restriction_step(
    of: AirspaceRestriction,
    before: RestrictionState | None = None,
    action: RestrictionAction = RestrictionAction.PUBLISH,
    time_s: int = 1,
) -> RestrictionEvent:
    return RestrictionEvent(
        restriction_id=of.restriction_id,
        version=of.version,
        action=action,
        by="mayor",
        role="authority",
        reason="parade",
        time_utc_ns=time_s * S,
        before=before,
        after=of.state,
    )


def notice(number: int = 1, kind: str = "restriction", private: bool = False) -> Notice:
    return Notice(
        notice_id=f"N{number}",
        kind=kind,
        subject="R1",
        says="The parade ground is closed.",
        body="{}",
        time_utc_ns=number * S,
        private=private,
    )


def subscription(
    name: str = "police", kinds: tuple[str, ...] = (), sees_private: bool = False, address: str = "made-up"
) -> Subscription:
    return Subscription(
        subscription_id=name,
        owner=name,
        way="webhook",
        address=address,
        kinds=kinds,
        sees_private=sees_private,
    )
