"""The register at the console: its lists as the watch sees them, and what people there do with it.

A console is inside: it shows private permits too. Who acts is one of the people on duty, with the rights that
the site gives them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from skykeep.airspace.alternatives import Alternative
from skykeep.airspace.outlines import place_of
from skykeep.airspace.schedule import in_force
from skykeep.api import register_commands as rc
from skykeep.api import register_drawn as drawn_views
from skykeep.api import register_messages as r
from skykeep.api import register_views as views
from skykeep.app.office import Office
from skykeep.app.office_permit_views import AWAITING
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError
from skykeep.domain.actor import Actor, Right
from skykeep.domain.permit import ENDED, Permit, PermitConflict, Scope
from skykeep.domain.place import Person
from skykeep.domain.restriction import AirspaceRestriction, RestrictionState
from skykeep.domain.zone import STRICTNESS, LonLat, Restriction, Zone

ENDED_SHOWN_NS = 12 * 3_600 * NS_PER_S
MOST_SHOWN = 500
_OVER = (RestrictionState.CANCELLED, RestrictionState.EXPIRED)

Proposed = tuple[tuple[PermitConflict, ...], Alternative | None]
TEMPLATES = (
    r.TemplateView(id="parade_day", name="Parade day", duration_s=43_200.0, lead_in_s=86_400.0),
    r.TemplateView(id="city_wide_ban", name="City-wide ban", duration_s=86_400.0, lead_in_s=3_600.0),
    r.TemplateView(
        id="crime_scene", name="Crime scene", ceiling_m=150.0, duration_s=14_400.0, radius_m=500.0
    ),
    r.TemplateView(
        id="vip_movement", name="VIP movement", ceiling_m=500.0, duration_s=7_200.0, radius_m=2_000.0
    ),
)


class OfficeConsole:
    """A `RegisterDesk` over the office. `zones` are those of the watch, `track_place` says where a track is;
    `changed` is called after each act, so that the watch looks at once.
    """

    def __init__(
        self,
        office: Office,
        people: Iterable[Person],
        authority_id: str,
        zones: Callable[[], tuple[Zone, ...]],
        track_place: Callable[[int], LonLat | None],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._office = office
        self._authority_id = authority_id
        self._people = {person.person_id: person for person in people}
        self._zones, self._track_place, self._changed = zones, track_place, changed
        self._watch = Actor(name="console", role="watch", rights=frozenset(Right), authority_id=authority_id)
        self._lock = threading.Lock()
        self._seen = 0
        self._proposed: dict[str, Proposed] = {}

    # --- what is shown -----------------------------------------------------------------------------------

    def permits(self) -> r.Permits:
        """Return what waits, what is granted, and what ended of late."""
        now_utc_ns = self._office.clock.now_utc_ns()
        found = [
            permit
            for permit in self._office.permits.list(self._watch)
            if permit.state not in ENDED or permit.changed_utc_ns > now_utc_ns - ENDED_SHOWN_NS
        ]
        found.sort(key=lambda permit: (permit.state not in AWAITING, -permit.changed_utc_ns))
        with self._lock:
            return r.Permits(permits=tuple(self._view(permit) for permit in found[:MOST_SHOWN]))

    def restrictions(self) -> r.Restrictions:
        """Return what is drawn, signed or in force, and what ended of late."""
        now_utc_ns = self._office.clock.now_utc_ns()
        desk = self._office.restrictions
        found = [
            one
            for one in desk.list()
            if one.state not in _OVER or one.changed_utc_ns > now_utc_ns - ENDED_SHOWN_NS
        ]
        return r.Restrictions(
            restrictions=tuple(
                views.restriction_view(
                    one,
                    one.published is not None and self._holds(one.published),
                    desk.history(one.restriction_id),
                )
                for one in found[-MOST_SHOWN:]
            ),
            templates=TEMPLATES,
        )

    def zones(self) -> r.Zones:
        """Return the zones that the watch judges by."""
        own = frozenset(one.restriction_id for one in self._office.restrictions.in_force())
        return views.zones_view(self._zones(), self._holds, own)

    def _holds(self, zone: Zone) -> bool:
        return in_force(zone.periods, self._office.clock.now_utc_ns(), place_of(zone))

    def _view(self, permit: Permit) -> r.PermitView:
        conflicts: tuple[PermitConflict, ...] = ()
        proposed: Alternative | None = None
        if permit.state in AWAITING:
            conflicts, proposed = self._proposal(permit)
        return views.permit_view(
            permit,
            conflicts,
            proposed.scope if proposed else None,
            self._office.permits.history(self._watch, permit.permit_id),
            proposed.says if proposed else "",
        )

    def _proposal(self, permit: Permit) -> Proposed:
        """Return what is in a permit's way and what could be offered; thought out anew when anything in the
        register has changed.
        """
        while changes := self._office.register.read().changes_after(self._seen):
            self._seen = changes[-1].sequence
            self._proposed.clear()
        known = self._proposed.get(permit.permit_id)
        if known is None:
            asked = (self._watch, permit.scope, permit.priority, permit.authority_id, permit.permit_id)
            conflicts = self._office.permits.check(*asked).conflicts
            found = self._office.permits.alternatives(*asked) if conflicts else ()
            known = self._proposed[permit.permit_id] = (conflicts, found[0] if found else None)
        return known

    # --- what people do ----------------------------------------------------------------------------------

    def command(self, command: rc.RegisterCommand, now_utc_ns: int) -> None:  # noqa: ARG002
        """Carry out what a person decided; InputError where it cannot be."""
        actor = self._actor(command.by)
        match command:
            case rc.DecidePermit():
                self._decide(actor, command)
            case rc.DrawRestriction():
                drawn = command.drawn
                self._office.restrictions.draw(
                    actor,
                    _zone(drawn),
                    command.reason,
                    title=drawn.title,
                    template=drawn.template,
                    lead_in_s=drawn.lead_in_s,
                )
            case rc.AmendRestriction():
                self._same(command.restriction_id, command.version)
                self._office.restrictions.amend(
                    actor,
                    command.restriction_id,
                    command.reason,
                    zone=_zone(command.drawn),
                    title=command.drawn.title,
                    lead_in_s=command.drawn.lead_in_s,
                )
            case rc.SignRestriction():
                self._same(command.restriction_id, command.version)
                self._office.restrictions.sign(actor, command.restriction_id)
            case rc.CancelRestriction():
                self._same(command.restriction_id, command.version)
                self._office.restrictions.cancel(actor, command.restriction_id, command.reason)
            case rc.EmergencyRing():
                self._ring(actor, command)
        self._changed()

    def _actor(self, person_id: str) -> Actor:
        person = self._people.get(person_id)
        if person is None:
            raise InputError("by", repr(person_id), "somebody on duty")
        return Actor(
            name=person_id,
            role=person.role,
            rights=frozenset(person.rights),
            authority_id=self._authority_id,
        )

    def _same(self, restriction_id: str, version: int) -> AirspaceRestriction:
        restriction = self._office.restrictions.show(restriction_id)
        if restriction.version != version:
            raise InputError("version", str(version), f"{restriction.version}: it was changed meanwhile")
        return restriction

    def _decide(self, actor: Actor, command: rc.DecidePermit) -> None:
        desk, permit_id, reason = self._office.permits, command.permit_id, command.reason
        permit = desk.show(actor, permit_id)
        if permit.version != command.version:
            raise InputError("version", str(command.version), f"{permit.version}: it was changed meanwhile")
        match command.action:
            case "coordinate":
                raise InputError("action", "coordinate", "one that a person takes: this one a rule does")
            case "approve":
                desk.approve(actor, permit_id, reason)
            case "deny":
                desk.deny(actor, permit_id, reason)
            case "offer":
                desk.offer(actor, permit_id, self._offered(permit), reason or "in place of what was asked")
            case "suspend":
                desk.suspend(actor, permit_id, reason)
            case "resume":
                desk.resume(actor, permit_id, reason or "by the watch")
            case "revoke":
                desk.revoke(actor, permit_id, reason)
            case "close":
                desk.close(actor, permit_id, reason)

    def _offered(self, permit: Permit) -> Scope:
        with self._lock:
            _, proposed = self._proposal(permit)
        if proposed is None:
            raise InputError("action", "offer", "on a permit for which there is something to offer")
        return proposed.scope

    def _ring(self, actor: Actor, command: rc.EmergencyRing) -> None:
        place = self._track_place(command.track_id)
        if place is None:
            raise InputError("track_id", str(command.track_id), "a track that there is")
        incident = command.alert_id or f"track {command.track_id}"
        self._office.restrictions.emergency_ring(actor, incident, place, command.radius_m)


def _zone(drawn: rc.Drawn) -> Zone:
    restriction = Restriction(drawn.restriction)
    return Zone(
        zone_id="",
        name=drawn.title,
        restriction=restriction,
        volumes=drawn_views.drawn_volumes(drawn),
        strictness=STRICTNESS[restriction],
        document="",
        periods=drawn_views.drawn_periods(drawn),
    )
