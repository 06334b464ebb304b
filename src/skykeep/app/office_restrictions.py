"""The restrictions' desk: drawn, signed by one, published by another, amended, taken back."""

from __future__ import annotations

import msgspec

from skykeep.airspace.overlap import volumes_overlap
from skykeep.airspace.restriction_fields import check_restriction, restriction_faults
from skykeep.airspace.restriction_life import open_restriction, step_restriction
from skykeep.airspace.stretches import stretches
from skykeep.airspace.templates import EMERGENCY_RING, emergency_ring
from skykeep.app.office_desk import Desk, restriction_of
from skykeep.base.clock import iso_utc, seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.actor import Actor
from skykeep.domain.encoding import encode_json
from skykeep.domain.permit import ENDED, Permit, PermitState
from skykeep.domain.register import Notice, RegisterWriter
from skykeep.domain.restriction import (
    AirspaceRestriction,
    RestrictionAction,
    RestrictionEvent,
    RestrictionState,
    RestrictionTerms,
)
from skykeep.domain.zone import LonLat, Zone

A, S = RestrictionAction, RestrictionState
_NOTHING = RestrictionTerms()


class RestrictionDesk(Desk):
    """All that can be done with restrictions. Right.RESTRICT is needed, for the authority that drew it.

    Every method raises UnknownSubjectError, NotEntitledError, IllegalStepError or FormError, as the permits'
    desk does. What is published is for everybody to know; drafts are for those who may restrict.
    """

    def draw(
        self,
        actor: Actor,
        zone: Zone,
        reason: str,
        *,
        title: str = "",
        template: str = "",
        lead_in_s: float = 0.0,
        incident_id: str = "",
    ) -> AirspaceRestriction:
        """Keep a drawn restriction. Its zone takes the restriction's own id and the actor's authority."""
        return self.draw_all(
            actor,
            (zone,),
            reason,
            title=title,
            template=template,
            lead_in_s=lead_in_s,
            incident_id=incident_id,
        )[0]

    def draw_all(
        self,
        actor: Actor,
        zones: tuple[Zone, ...],
        reason: str,
        *,
        title: str = "",
        template: str = "",
        lead_in_s: float = 0.0,
        incident_id: str = "",
    ) -> tuple[AirspaceRestriction, ...]:
        """Keep what a template made, all of it or nothing."""
        if not zones:
            raise InputError("zones", "none", "at least one")

        def work(writer: RegisterWriter) -> tuple[AirspaceRestriction, ...]:
            drawn = []
            for zone in zones:
                terms = RestrictionTerms(
                    zone=zone,
                    title=title or zone.name,
                    template=template,
                    lead_in_s=lead_in_s,
                    incident_id=incident_id,
                )
                drawn.append(self._open(writer, actor, A.DRAW, reason, terms)[0])
            return tuple(drawn)

        return self.register.change(work)

    def faults(self, restriction: AirspaceRestriction) -> tuple[InputError, ...]:
        """Return all that keeps a restriction from being signed."""
        return restriction_faults(restriction.title, restriction.zone, self.clock.now_utc_ns())

    def sign(self, actor: Actor, restriction_id: str) -> AirspaceRestriction:
        """Give a signature: the first, or the second, different person's, which publishes it; of an emergency
        ring the second, which keeps it from lapsing.
        """

        def work(writer: RegisterWriter) -> AirspaceRestriction:
            before = restriction_of(writer, restriction_id)
            check_restriction(before.title, before.zone, self.clock.now_utc_ns())
            action = A.PUBLISH if before.state is S.SIGNED else A.SIGN
            after, event = self._step(writer, before, action, actor)
            if after.state is S.PUBLISHED:
                self._published(writer, before, after, event)
            return after

        return self.register.change(work)

    def amend(
        self,
        actor: Actor,
        restriction_id: str,
        reason: str,
        *,
        zone: Zone | None = None,
        title: str | None = None,
        lead_in_s: float | None = None,
    ) -> AirspaceRestriction:
        """Change a draft; or of what was signed or published make a new version, which both have to sign
        anew. What was published stays in force until then.
        """

        def work(writer: RegisterWriter) -> AirspaceRestriction:
            before = restriction_of(writer, restriction_id)
            terms = RestrictionTerms(zone=zone, title=title, lead_in_s=lead_in_s)
            after, _ = self._step(writer, before, A.AMEND, actor, reason, terms)
            check_restriction(after.title, after.zone, self.clock.now_utc_ns())
            return after

        return self.register.change(work)

    def cancel(self, actor: Actor, restriction_id: str, reason: str) -> AirspaceRestriction:
        """Take it back, whatever its state, with a reason that those who were told of it are told too."""

        def work(writer: RegisterWriter) -> AirspaceRestriction:
            before = restriction_of(writer, restriction_id)
            after, event = self._step(writer, before, A.CANCEL, actor, reason)
            if before.published is not None:
                self.tell_restriction(writer, after, event, "cancelled")
            return after

        return self.register.change(work)

    def emergency_ring(
        self,
        actor: Actor,
        incident_id: str,
        centre: LonLat,
        radius_m: float | None = None,
        reason: str = "",
        *,
        ceiling_agl_m: float | None = None,
    ) -> AirspaceRestriction:
        """Close the sky round a live incident at once, on one signature; it lapses unless a second signs."""
        now_utc_ns = self.clock.now_utc_ns()
        settings = self.settings
        wide_m = settings.ring_radius_m if radius_m is None else radius_m
        if not 0.0 < wide_m <= settings.ring_widest_m:
            raise InputError("radius_m", f"{wide_m:g}", f"over 0, at most {settings.ring_widest_m:g}")
        if not (abs(centre[0]) <= 180.0 and abs(centre[1]) <= 90.0):
            raise InputError("centre", f"{centre[0]:g}, {centre[1]:g}", "longitude and latitude in degrees")
        (zone,) = emergency_ring(
            incident_id,
            centre,
            wide_m,
            now_utc_ns,
            settings.ring_lasts_s,
            settings.ring_ceiling_agl_m if ceiling_agl_m is None else ceiling_agl_m,
        )
        terms = RestrictionTerms(
            zone=zone,
            title=zone.name,
            template=EMERGENCY_RING,
            incident_id=incident_id,
            lapses_utc_ns=now_utc_ns + seconds_to_ns(settings.ring_lapses_s),
        )

        def work(writer: RegisterWriter) -> AirspaceRestriction:
            because = reason or f"a live incident, {incident_id}"
            after, event = self._open(writer, actor, A.PUBLISH, because, terms)
            check_restriction(after.title, after.zone, now_utc_ns)
            self._published(writer, None, after, event)
            return after

        return self.register.change(work)

    def show(self, restriction_id: str) -> AirspaceRestriction:
        """Return a restriction; UnknownSubjectError where there is none."""
        return restriction_of(self.register.read(), restriction_id)

    def list(self, states: frozenset[RestrictionState] | None = None) -> tuple[AirspaceRestriction, ...]:
        """Return restrictions in order of id."""
        return self.register.read().restrictions(states)

    def in_force(self) -> tuple[AirspaceRestriction, ...]:
        """Return those of which something is published now, an amendment in the making or not."""
        return tuple(each for each in self.list() if each.published is not None)

    def history(self, restriction_id: str) -> tuple[RestrictionEvent, ...]:
        """Return every step of a restriction."""
        return self.register.read().restriction_events(restriction_id)

    def _open(
        self,
        writer: RegisterWriter,
        actor: Actor,
        action: RestrictionAction,
        reason: str,
        terms: RestrictionTerms,
    ) -> tuple[AirspaceRestriction, RestrictionEvent]:
        now_utc_ns = self.clock.now_utc_ns()
        restriction, event = open_restriction(self.new_id("R"), action, actor, now_utc_ns, reason, terms)
        if restriction.zone.document == "":
            # A verdict cites a document: without one of its own, the restriction itself.
            zone = msgspec.structs.replace(
                restriction.zone, document=f"restriction {restriction.restriction_id}"
            )
            terms = msgspec.structs.replace(terms, zone=zone)
            restriction, event = open_restriction(
                restriction.restriction_id, action, actor, now_utc_ns, reason, terms
            )
        writer.put_restriction(restriction, event)
        return restriction, event

    def _step(
        self,
        writer: RegisterWriter,
        before: AirspaceRestriction,
        action: RestrictionAction,
        actor: Actor,
        reason: str = "",
        terms: RestrictionTerms = _NOTHING,
    ) -> tuple[AirspaceRestriction, RestrictionEvent]:
        # Never before its last step: the clocks of two machines differ a little.
        now_utc_ns = max(self.clock.now_utc_ns(), before.changed_utc_ns)
        after, event = step_restriction(before, action, actor, now_utc_ns, reason, terms)
        writer.put_restriction(after, event)
        return after, event

    def _published(
        self,
        writer: RegisterWriter,
        before: AirspaceRestriction | None,
        after: AirspaceRestriction,
        event: RestrictionEvent,
    ) -> None:
        """Tell everybody, and the owner of each permit that it touches and that does not open it."""
        confirmed = before is not None and before.state is S.PUBLISHED
        kind = "confirmed" if confirmed else "published" if after.version == 1 else "amended"
        self.tell_restriction(writer, after, event, kind)
        if confirmed or after.published is None:
            return
        zone = after.published
        for permit in writer.permits(states=frozenset(PermitState) - ENDED, from_utc_ns=event.time_utc_ns):
            when = _touched(permit, zone)
            if when is not None:
                writer.post(_touching_notice(self.new_id("N"), permit, after, event, when))


def _touched(permit: Permit, zone: Zone) -> int | None:
    """Return when a zone first holds in what was granted and is not opened by it; None for never."""
    if permit.granted is None or zone.zone_id in permit.granted.unlocks:
        return None
    moments = [
        when[0][0]
        for asked in permit.granted.volumes
        if (when := stretches(zone.periods, asked.start_utc_ns, asked.end_utc_ns))
        and any(volumes_overlap(asked.volume, volume) for volume in zone.volumes)
    ]
    return min(moments, default=None)


def _touching_notice(
    notice_id: str,
    permit: Permit,
    restriction: AirspaceRestriction,
    event: RestrictionEvent,
    when_utc_ns: int,
) -> Notice:
    says = (
        f"{restriction.title} closes air of permit {permit.permit_id} from {iso_utc(when_utc_ns)}: "
        f"{restriction.reason}"
    )
    body = {
        "permit_id": permit.permit_id,
        "restriction_id": restriction.restriction_id,
        "from_utc_ns": when_utc_ns,
        "reason": restriction.reason,
    }
    return Notice(
        notice_id=notice_id,
        kind="permit.touched",
        subject=permit.permit_id,
        says=says,
        body=encode_json(body).decode(),
        time_utc_ns=event.time_utc_ns,
        private=True,
        owner=permit.owner,
    )
