"""What the office shows of permits, and to whom: a permit that is not somebody's to know of is nowhere."""

from __future__ import annotations

import msgspec

from skykeep.airspace.alternatives import Alternative, alternatives
from skykeep.airspace.conflicts import Review, review
from skykeep.airspace.permit_fields import faults_of
from skykeep.airspace.permit_life import allowed_actions
from skykeep.app.office_desk import (
    Desk,
    air_of,
    conflicts_as_seen,
    decides_on_all,
    may_see_permit,
    owner_of_reference,
    permit_of,
)
from skykeep.base.clock import seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.actor import Actor, Right
from skykeep.domain.faults import NotEntitledError
from skykeep.domain.permit import (
    Permit,
    PermitAction,
    PermitEvent,
    PermitPriority,
    PermitState,
    Scope,
)
from skykeep.domain.register import RegisterReader

AWAITING = frozenset(
    {PermitState.SUBMITTED, PermitState.FURTHER_COORDINATION, PermitState.ALTERNATIVE_OFFERED}
)
# What is said instead of a flight that somebody may not know of: of every such flight the same.
ANOTHER = "another flight"


class PermitViews(Desk):
    """Questions about permits."""

    def show(self, actor: Actor, permit_id: str) -> Permit:
        """Return a permit; UnknownSubjectError where it is none of the actor's to know of."""
        return self.as_seen(actor, permit_of(self.register.read(), actor, permit_id))

    def list(
        self,
        actor: Actor,
        states: frozenset[PermitState] | None = None,
        from_utc_ns: int | None = None,
        until_utc_ns: int | None = None,
    ) -> tuple[Permit, ...]:
        """Return the permits that the actor may know of, in order of id."""
        found = self.register.read().permits(states, None, from_utc_ns, until_utc_ns)
        return tuple(self.as_seen(actor, each) for each in found if may_see_permit(actor, each))

    def inbox(self, actor: Actor) -> tuple[Permit, ...]:
        """Return what waits for a decision of the actor's authority, the first to fly first."""
        if Right.DECIDE not in actor.rights:
            raise NotEntitledError("actor", f"{actor.name} ({actor.role})", "entitled to decide")
        waiting = (
            permit for permit in self.list(actor, AWAITING) if permit.authority_id in ("", actor.authority_id)
        )
        return tuple(sorted(waiting, key=lambda each: (each.scope.start_utc_ns, each.permit_id)))

    def history(self, actor: Actor, permit_id: str) -> tuple[PermitEvent, ...]:
        """Return every step of a permit."""
        reader = self.register.read()
        permit_of(reader, actor, permit_id)
        events = reader.permit_events(permit_id)
        return events if decides_on_all(actor) else tuple(_unnamed_event(each) for each in events)

    def actions(self, actor: Actor, permit_id: str) -> tuple[PermitAction, ...]:
        """Return what this actor could do with it now, as far as its state goes."""
        return allowed_actions(permit_of(self.register.read(), actor, permit_id), actor)

    def faults(self, permit: Permit) -> tuple[InputError, ...]:
        """Return all that is wrong with a form, field by field."""
        return faults_of(permit, self.clock.now_utc_ns(), self.settings.bounds)

    def check(
        self,
        actor: Actor,
        scope: Scope,
        priority: PermitPriority = PermitPriority.HOBBY,
        authority_id: str = "",
        but_permit_id: str = "",
    ) -> Review:
        """Return what is in the way of a scope. Who decides on no permits learns of other flights only that
        the air is not free, never whose or when.
        """
        reader = self.register.read()
        found = self._review_of(reader, scope, priority, authority_id, but_permit_id)
        if decides_on_all(actor):
            return found
        conflicts = conflicts_as_seen(actor, found.conflicts, scope)
        return msgspec.structs.replace(found, conflicts=conflicts, gives_way=(), waiting=())

    def alternatives(
        self,
        actor: Actor,
        scope: Scope,
        priority: PermitPriority = PermitPriority.HOBBY,
        authority_id: str = "",
        but_permit_id: str = "",
    ) -> tuple[Alternative, ...]:
        """Return what could be flown instead, each free of conflicts. To those who decide on no permits
        nothing is proposed where a private flight is in the way: a free slot would tell when it flies.
        """
        authority_id = authority_id or self.settings.default_authority_id
        within_ns = seconds_to_ns(self.settings.slot_within_s)
        air = air_of(self.register.read(), scope, self.clock.now_utc_ns(), but_permit_id, margin_ns=within_ns)
        if not decides_on_all(actor) and any(each.private for each in air.permits):
            public = msgspec.structs.replace(
                air, permits=tuple(each for each in air.permits if not each.private)
            )
            if review(scope, priority, authority_id, air) != review(scope, priority, authority_id, public):
                return ()
        return alternatives(
            scope,
            priority,
            authority_id,
            air,
            within_ns=within_ns,
            shift_within_m=self.settings.shift_within_m,
        )

    def of_reference(self, reference: str) -> Permit | None:
        """Return the permit that was asked for under a reference of the public page."""
        found = self.register.read().permits(owner=owner_of_reference(reference))
        return _unnamed_permit(found[-1]) if found else None

    def as_seen(self, actor: Actor, permit: Permit) -> Permit:
        """Return a permit without what it says of other flights, for those who decide on none."""
        return permit if decides_on_all(actor) else _unnamed_permit(permit)

    def _review_of(
        self,
        reader: RegisterReader,
        scope: Scope,
        priority: PermitPriority,
        authority_id: str,
        but_permit_id: str,
    ) -> Review:
        air = air_of(reader, scope, self.clock.now_utc_ns(), but_permit_id)
        return review(scope, priority, authority_id or self.settings.default_authority_id, air)


def _unnamed_permit(permit: Permit) -> Permit:
    held_by = tuple(ANOTHER if cause.startswith("permit ") else cause for cause in permit.held_by)
    return msgspec.structs.replace(permit, held_by=held_by)


def _unnamed_event(event: PermitEvent) -> PermitEvent:
    if not (event.terms.cause or "").startswith("permit "):
        return event
    return msgspec.structs.replace(event, terms=msgspec.structs.replace(event.terms, cause=ANOTHER))
