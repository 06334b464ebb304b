"""From the nouns of who may fly to the console's messages, and from what was drawn to the nouns.

Nothing here decides anything: whether a zone holds now is asked of `holds`, which the caller gives.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping

import numpy as np

from skykeep.api import register_messages as r
from skykeep.base.clock import NS_PER_S
from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.outline import rings_lonlat_deg
from skykeep.domain.permit import Permit, PermitConflict, PermitEvent, Scope
from skykeep.domain.restriction import AirspaceRestriction, RestrictionEvent
from skykeep.domain.zone import (
    Circle,
    HeightReference,
    Hours,
    Period,
    Restriction,
    SunEvent,
    Volume,
    Zone,
    limit_m,
)

Holds = Callable[[Zone], bool]

KIND: dict[Restriction, r.ZoneKind] = {
    Restriction.PROHIBITED: "prohibited",
    Restriction.REQ_AUTHORISATION: "restricted",
    Restriction.USPACE: "restricted",
    Restriction.CONDITIONAL: "conditional",
    Restriction.NO_RESTRICTION: "open",
}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
SUN = {
    SunEvent.BMCT: "morning twilight",
    SunEvent.SR: "sunrise",
    SunEvent.SS: "sunset",
    SunEvent.EECT: "evening twilight",
}
NO_CEILING_M = 99_999.0


# --- places ----------------------------------------------------------------------------------------------


def volume_view(
    volume: Volume, start_utc_ns: int | None = None, end_utc_ns: int | None = None
) -> r.VolumeView:
    """Return a volume with closed rings, to a tenth of a metre."""
    outline = volume.outline
    circle = None
    if isinstance(outline, Circle):
        circle = r.CircleView(lon=outline.longitude_deg, lat=outline.latitude_deg, radius_m=outline.radius_m)
    return r.VolumeView(
        rings=tuple(_closed(ring.tolist()) for ring in map(_six_digits, rings_lonlat_deg(outline))),
        circle=circle,
        floor_m=limit_m(volume.floor),
        floor_reference=(volume.floor.reference if volume.floor else HeightReference.AGL).value,
        ceiling_m=limit_m(volume.ceiling),
        ceiling_reference=(volume.ceiling.reference if volume.ceiling else HeightReference.AGL).value,
        start_utc_ns=start_utc_ns,
        end_utc_ns=end_utc_ns,
    )


def _six_digits(
    ring: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.round(ring, 6)


def _closed(ring: list[list[float]]) -> r.Ring:
    points = [(lon, lat) for lon, lat in ring]
    return tuple(points + points[:1]) if points and points[0] != points[-1] else tuple(points)


def scope_view(scope: Scope, says: str = "") -> r.ScopeView:
    """Return where and when a permit holds."""
    return r.ScopeView(
        volumes=tuple(volume_view(v.volume, v.start_utc_ns, v.end_utc_ns) for v in scope.volumes),
        start_utc_ns=scope.start_utc_ns,
        end_utc_ns=scope.end_utc_ns,
        says=says,
    )


# --- times -----------------------------------------------------------------------------------------------


def periods_say(periods: tuple[Period, ...]) -> str:
    """Return when a zone holds, in a sentence, in the time zone that it was published with."""
    if not periods or any(period.permanent for period in periods):
        return "Always."
    return "; ".join(_period_says(period) for period in periods) + "."


def _period_says(period: Period) -> str:
    start, end = moment_says(period.start_utc_ns), moment_says(period.end_utc_ns)
    if start and end:
        span = f"{start} to {end} UTC"
    elif start:
        span = f"from {start} UTC"
    elif end:
        span = f"until {end} UTC"
    else:
        span = "all year"
    if not period.hours:
        return span
    hours = ", ".join(_hours_say(hours) for hours in period.hours)
    return f"{span}, {hours} ({period.time_zone})"


def _hours_say(hours: Hours) -> str:
    days = " ".join(WEEKDAYS[day] for day in hours.weekdays) or "daily"
    begin = SUN[hours.from_event] if hours.from_event else _clock(hours.from_s or 0.0)
    end = SUN[hours.to_event] if hours.to_event else _clock(hours.to_s or 86_400.0)
    return f"{days} {begin}–{end}"


def _clock(second: float) -> str:
    minutes = round(second) // 60
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def moment_says(time_utc_ns: int | None) -> str:
    """Return a time to the minute, "" for none."""
    if time_utc_ns is None:
        return ""
    whole = datetime.datetime.fromtimestamp(time_utc_ns // NS_PER_S, datetime.UTC)
    return whole.strftime("%Y-%m-%d %H:%M")


# --- lists -----------------------------------------------------------------------------------------------


def zones_view(zones: Iterable[Zone], holds: Holds, restrictions: frozenset[str] = frozenset()) -> r.Zones:
    """Return all zones; those whose id is in `restrictions` were made by a restriction of our own."""
    return r.Zones(zones=tuple(zone_view(zone, holds(zone), zone.zone_id in restrictions) for zone in zones))


def zone_view(zone: Zone, in_force: bool, is_own: bool = False) -> r.ZoneView:
    """Return a zone, drawn by its first volume where a page knows only one."""
    volumes = tuple(volume_view(volume) for volume in zone.volumes)
    first = volumes[0] if volumes else r.VolumeView(rings=((),))
    return r.ZoneView(
        id=zone.zone_id,
        name=zone.name,
        kind=KIND[zone.restriction],
        polygon=first.rings[0],
        floor_m=first.floor_m or 0.0,
        ceiling_m=NO_CEILING_M if first.ceiling_m is None else first.ceiling_m,
        reference="AGL" if first.ceiling_reference == "AGL" else "AMSL",
        document=zone.document,
        volumes=volumes,
        source=zone.source,
        hours=periods_say(zone.periods),
        authority=zone.authority_id,
        in_force=in_force,
        restriction_id=zone.zone_id if is_own else None,
    )


def airspace_view(verdict: AirspaceVerdict, permits: Mapping[str, Permit]) -> r.AirspaceView:
    """Return the verdict on a track, with what it cites: the permit that allows it or all but does, else the
    zone.
    """
    permit = permits.get(verdict.permit_id)
    cites = None
    if permit is not None and verdict.document == permit.document:
        cites = r.CitesView(kind="permit", id=permit.permit_id)
    elif verdict.zone_id:
        cites = r.CitesView(kind="zone", id=verdict.zone_id)
    candidates = tuple(
        r.CandidateView(
            permit_id=permit_id,
            holder=permits[permit_id].holder,
            probability=round(probability, 3),
            failing=verdict.failing_condition if permit_id == verdict.permit_id else "",
        )
        for permit_id, probability in verdict.candidates
        if permit_id in permits
    )
    told = bool(verdict.candidates or verdict.permit_id)
    return r.AirspaceView(
        permission=verdict.permission.value,
        reason=verdict.reason,
        document=verdict.document,
        permit_probability=round(sum(each.probability for each in candidates), 3) if told else None,
        failing=verdict.failing_condition,
        candidates=candidates,
        cites=cites,
    )


def permit_view(
    permit: Permit,
    conflicts: tuple[PermitConflict, ...] = (),
    alternative: Scope | None = None,
    events: tuple[PermitEvent, ...] = (),
    alternative_says: str = "",
) -> r.PermitView:
    """Return a permit; `alternative` is what the office proposes where none was offered yet."""
    scope, flight = permit.scope, permit.scope.flight
    other = permit.offer or alternative
    return r.PermitView(
        id=permit.permit_id,
        state=permit.state.value,
        version=permit.version,
        holder=permit.holder,
        priority=permit.priority.value,
        scope=scope_view(scope),
        serials=scope.serials,
        operator_ids=scope.operator_ids,
        purpose=flight.purpose,
        category=flight.operation_category,
        uas_class=flight.uas_class,
        conditions=scope.conditions,
        unlocks=scope.unlocks,
        document=permit.document,
        reason=permit.reason,
        contact=permit.contact,
        private=permit.private,
        conflicts=tuple(_conflict_view(conflict) for conflict in conflicts),
        alternative=None if other is None else scope_view(other, alternative_says),
        steps=tuple(_step_view(event) for event in events),
        made_utc_ns=permit.made_utc_ns,
    )


def _conflict_view(conflict: PermitConflict) -> r.ConflictView:
    kind = conflict.with_kind
    return r.ConflictView(
        with_kind=kind if kind in ("zone", "restriction", "permit") else "zone",  # type: ignore[arg-type]
        with_id=conflict.with_id,
        because=conflict.because,
        start_utc_ns=conflict.start_utc_ns,
        end_utc_ns=conflict.end_utc_ns,
    )


def _step_view(event: PermitEvent | RestrictionEvent) -> r.StepView:
    return r.StepView(
        action=event.action.value,
        # Who holds a reference has no other name, and that one says nothing to anybody.
        by="" if event.by.startswith("reference ") else event.by,
        role=event.role,
        reason=event.reason,
        time_utc_ns=event.time_utc_ns,
    )


def restriction_view(
    restriction: AirspaceRestriction, in_force: bool, events: tuple[RestrictionEvent, ...] = ()
) -> r.RestrictionView:
    """Return a restriction as it is drawn now; `in_force` is of what is published of it."""
    zone = restriction.zone
    period = zone.periods[0] if zone.periods else Period(permanent=True)
    return r.RestrictionView(
        id=restriction.restriction_id,
        state=restriction.state.value,
        version=restriction.version,
        title=restriction.title,
        restriction=zone.restriction.value,
        volumes=tuple(volume_view(volume) for volume in zone.volumes),
        reason=restriction.reason,
        document=zone.document,
        template=restriction.template,
        start_utc_ns=None if period.permanent else period.start_utc_ns,
        end_utc_ns=None if period.permanent else period.end_utc_ns,
        hours=tuple(
            r.HoursView(weekdays=hours.weekdays, from_s=hours.from_s, to_s=hours.to_s)
            for hours in period.hours
        ),
        time_zone=period.time_zone,
        says=periods_say(zone.periods),
        lead_in_s=restriction.lead_in_s,
        emergency=restriction.emergency,
        lapses_utc_ns=restriction.lapses_utc_ns,
        incident_id=restriction.incident_id,
        in_force=in_force,
        signatures=tuple(r.SignatureView(by=s.by, time_utc_ns=s.time_utc_ns) for s in restriction.signatures),
        steps=tuple(_step_view(event) for event in events),
    )
