"""What the office does by itself: what is over by time, what an incident holds, what is soon to begin."""

from __future__ import annotations

import hashlib

from skykeep.airspace.conflicts import held_by_zone
from skykeep.airspace.permit_life import ends_utc_ns as permit_ends_utc_ns
from skykeep.airspace.restriction_life import ends_utc_ns as restriction_ends_utc_ns
from skykeep.airspace.stretches import stretches
from skykeep.app.office_permit_work import PermitWork
from skykeep.app.office_restrictions import RestrictionDesk
from skykeep.base.clock import iso_utc, seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.actor import SYSTEM, Actor, Right
from skykeep.domain.encoding import encode_json
from skykeep.domain.faults import NotEntitledError
from skykeep.domain.permit import ENDED, Permit, PermitAction, PermitState, PermitTerms
from skykeep.domain.register import Notice, RegisterReader, RegisterWriter
from skykeep.domain.restriction import AirspaceRestriction, RestrictionAction, RestrictionState
from skykeep.domain.zone import Circle, Period, Polygon, Restriction, Volume, Zone

_LIVE = frozenset({RestrictionState.DRAFT, RestrictionState.SIGNED, RestrictionState.PUBLISHED})
# An announcement is looked for this far back, should nobody have looked for a while.
_LOOKS_BACK_S = 86_400.0
RING = "ring "


class PermitRules(PermitWork):
    """What happens to permits without anybody asking."""

    def expire_due(self) -> tuple[Permit, ...]:
        """End every permit whose time is over. A draft is nothing yet, and stays."""
        live = frozenset(PermitState) - ENDED - {PermitState.DRAFT}

        def work(writer: RegisterWriter) -> tuple[Permit, ...]:
            now_utc_ns = self.clock.now_utc_ns()
            over = [each for each in writer.permits(states=live) if permit_ends_utc_ns(each) < now_utc_ns]
            ended = []
            for permit in over:
                # One that ended before it may have let this one go.
                permit = writer.permit(permit.permit_id) or permit
                ended.append(
                    self._step(
                        writer, permit, PermitAction.EXPIRE, SYSTEM, "its time is over", tell="expired"
                    )
                )
            return tuple(ended)

        return self.register.change(work)

    def hold_for_rings(self) -> tuple[Permit, ...]:
        """Hold what stands inside emergency rings that are in force, as `suspend_for_incident` does, and let
        go of what was held for one that is no longer. Returns what changed.
        """
        reader = self.register.read()
        rings = {
            each.incident_id: volume.outline
            for each in reader.restrictions(frozenset({RestrictionState.PUBLISHED}))
            if each.emergency and each.published is not None
            for volume in each.published.volumes
        }
        held = reader.permits(states=frozenset({PermitState.SUSPENDED}))
        causes = {cause for permit in held for cause in permit.held_by if cause.startswith(RING)}
        changed: list[Permit] = []
        for incident_id, area in rings.items():
            says = "an emergency ring round a live incident"
            changed += self._hold_within(f"{RING}{incident_id}", area, says)
        for cause in sorted(causes - {f"{RING}{incident_id}" for incident_id in rings}):
            changed += self.register.change(
                lambda writer, cause=cause: self._let_go(writer, cause, "the emergency ring is gone")  # type: ignore[misc]
            )
        return tuple(changed)

    def suspend_for_incident(
        self, actor: Actor, incident_id: str, area: Polygon | Circle, reason: str = ""
    ) -> tuple[Permit, ...]:
        """Hold every permit that stands in an area from now on, but those of the priorities that are spared,
        until `resume_after`. The incident's own people are among the spared.
        """
        _may_hold(actor)
        if not incident_id:
            raise InputError("incident_id", "none", "the incident for which permits are held")
        return self._hold_within(f"incident {incident_id}", area, reason or "a live incident")

    def _hold_within(self, cause: str, area: Polygon | Circle, says: str) -> tuple[Permit, ...]:
        def within(reader: RegisterReader) -> list[Permit]:
            now_utc_ns = self.clock.now_utc_ns()
            return [
                permit
                for permit in reader.permits(states=frozenset(PermitState) - ENDED, from_utc_ns=now_utc_ns)
                if permit.granted is not None
                and permit.priority not in self.settings.spared
                and not (permit.state is PermitState.SUSPENDED and cause in permit.held_by)
                and held_by_zone(_ring(area, now_utc_ns), permit.granted.volumes)
            ]

        def work(writer: RegisterWriter) -> tuple[Permit, ...]:
            terms = PermitTerms(cause=cause)
            return tuple(
                self._step(writer, permit, PermitAction.SUSPEND, SYSTEM, says, terms, tell="suspended")
                for permit in within(writer)
            )

        # Asked every second: nothing is locked while there is nothing to hold.
        return self.register.change(work) if within(self.register.read()) else ()

    def resume_after(
        self, actor: Actor, incident_id: str, reason: str = "the incident is over"
    ) -> tuple[Permit, ...]:
        """Let go of every permit that was held for an incident; one that something else holds stays held."""
        _may_hold(actor)
        return self.register.change(lambda writer: self._let_go(writer, f"incident {incident_id}", reason))


class RestrictionRules(RestrictionDesk):
    """What happens to restrictions without anybody asking."""

    def expire_due(self) -> tuple[AirspaceRestriction, ...]:
        """End what is over by time, and emergency rings that nobody signed a second time."""

        def work(writer: RegisterWriter) -> tuple[AirspaceRestriction, ...]:
            now_utc_ns = self.clock.now_utc_ns()
            ended = []
            for each in writer.restrictions(_LIVE):
                end = restriction_ends_utc_ns(each)
                if end is None or end >= now_utc_ns:
                    continue
                lapsed = each.lapses_utc_ns is not None
                reason = "nobody signed it a second time" if lapsed else "its time is over"
                after, event = self._step(writer, each, RestrictionAction.EXPIRE, SYSTEM, reason)
                if each.published is not None:
                    self.tell_restriction(writer, after, event, "lapsed" if lapsed else "expired")
                ended.append(after)
            return tuple(ended)

        return self.register.change(work)

    def announce_due(self) -> tuple[str, ...]:
        """Announce what begins within its lead-in; each beginning once, however often this is asked. Returns
        the restrictions' ids.
        """

        def work(writer: RegisterWriter) -> tuple[str, ...]:
            now_utc_ns = self.clock.now_utc_ns()
            told = []
            for each in writer.restrictions(_LIVE):
                begins = _next_beginning(each, now_utc_ns)
                if begins is None:
                    continue
                writer.post(_announcement(each, begins))
                told.append(each.restriction_id)
            return tuple(told)

        return self.register.change(work)


def _next_beginning(restriction: AirspaceRestriction, now_utc_ns: int) -> int | None:
    """Return the beginning that is to be announced now; None for none."""
    if restriction.published is None or restriction.lead_in_s <= 0.0:
        return None
    lead_in_ns = seconds_to_ns(restriction.lead_in_s)
    looks_back_ns = seconds_to_ns(_LOOKS_BACK_S)
    zone = restriction.published
    for start, _ in stretches(zone.periods, now_utc_ns - looks_back_ns, now_utc_ns + lead_in_ns):
        if now_utc_ns < start:
            return start
    return None


def _announcement(restriction: AirspaceRestriction, begins_utc_ns: int) -> Notice:
    """Return the notice of a beginning: byte for byte the same each time, which is how it is kept once."""
    zone = restriction.published
    assert zone is not None
    body = encode_json(
        {"restriction_id": restriction.restriction_id, "begins_utc_ns": begins_utc_ns, "zone": zone}
    )
    says = f"{zone.name} begins at {iso_utc(begins_utc_ns)}"
    time_utc_ns = begins_utc_ns - seconds_to_ns(restriction.lead_in_s)
    digest = hashlib.sha256(f"{time_utc_ns}".encode() + body).hexdigest()[:16]
    return Notice(
        notice_id=f"announced {restriction.restriction_id} {begins_utc_ns} {digest}",
        kind="restriction.announced",
        subject=restriction.restriction_id,
        says=says,
        body=body.decode(),
        time_utc_ns=time_utc_ns,
    )


def _may_hold(actor: Actor) -> None:
    if Right.DECIDE not in actor.rights:
        raise NotEntitledError("actor", f"{actor.name} ({actor.role})", "entitled to decide")


def _ring(area: Polygon | Circle, from_utc_ns: int) -> Zone:
    return Zone(
        zone_id="",
        name="",
        restriction=Restriction.PROHIBITED,
        volumes=(Volume(outline=area),),
        strictness=0,
        document="",
        periods=(Period(start_utc_ns=from_utc_ns),),
    )
