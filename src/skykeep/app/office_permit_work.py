"""How the permits' desk does what it is asked: the steps that several of its acts share."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from skykeep.airspace.conflicts import FIRST_TIER, Review, review
from skykeep.airspace.permit_fields import check_form, without_secrets
from skykeep.airspace.permit_life import open_permit, step_permit
from skykeep.airspace.rules import auto_decision
from skykeep.app.office_desk import Desk, air_of, conflicts_as_seen, permit_of
from skykeep.base.errors import InputError
from skykeep.domain.actor import SYSTEM, Actor, Right
from skykeep.domain.faults import ConflictError, NotEntitledError
from skykeep.domain.permit import (
    ENDED,
    Permit,
    PermitAction,
    PermitState,
    PermitTerms,
    Scope,
)
from skykeep.domain.register import RegisterReader, RegisterWriter

A, S = PermitAction, PermitState
_NOTHING = PermitTerms()


class PermitWork(Desk):
    """Works inside one change of the register, on a permit that was read there."""

    def _change(
        self, actor: Actor, permit_id: str, work: Callable[[RegisterWriter, Permit], Permit]
    ) -> Permit:
        return self.register.change(lambda writer: work(writer, permit_of(writer, actor, permit_id)))

    def _take(self, actor: Actor, permit_id: str, action: PermitAction, reason: str, tell: str) -> Permit:
        return self._change(
            actor,
            permit_id,
            lambda writer, permit: self._step(writer, permit, action, actor, reason, tell=tell),
        )

    def _step(
        self,
        writer: RegisterWriter,
        permit: Permit,
        action: PermitAction,
        actor: Actor,
        reason: str = "",
        terms: PermitTerms = _NOTHING,
        *,
        tell: str = "",
    ) -> Permit:
        """Take one step and write it; whoever the permit held up is let go when it ends."""
        after, event = step_permit(permit, action, actor, self._now(permit), reason, terms)
        writer.put_permit(after, event)
        if tell:
            self.tell_permit(writer, after, event, tell)
        if after.state in ENDED and permit.granted is not None:
            self._let_go(writer, f"permit {after.permit_id}", "the flight that goes first is over")
        return after

    def _now(self, permit: Permit) -> int:
        """Return the time, never before the permit's last step: the clocks of two machines differ."""
        return max(self.clock.now_utc_ns(), permit.changed_utc_ns)

    def _open(self, writer: RegisterWriter, actor: Actor, terms: PermitTerms) -> Permit:
        may_be_private(actor, terms)
        if not terms.authority_id and self.settings.default_authority_id:
            terms = msgspec.structs.replace(terms, authority_id=self.settings.default_authority_id)
        now_utc_ns = self.clock.now_utc_ns()
        terms = without_secrets(terms)
        permit, event = open_permit(self.new_id("P"), A.REQUEST, actor, now_utc_ns, "", terms)
        writer.put_permit(permit, event)
        return permit

    def _submit(self, writer: RegisterWriter, actor: Actor, permit: Permit) -> Permit:
        self._check_form(permit)
        return self._route(writer, self._step(writer, permit, A.SUBMIT, actor, tell="submitted"))

    def _check_form(self, permit: Permit) -> None:
        check_form(permit, self.clock.now_utc_ns(), self.settings.bounds)

    def _route(self, writer: RegisterWriter, permit: Permit) -> Permit:
        """Approve by rule what the rules allow; leave the rest to a person, and say why."""
        rules = self.settings.auto.get(permit.authority_id)
        found = self._review(writer, permit, permit.scope, permit.authority_id)
        now_utc_ns = self.clock.now_utc_ns()
        decision = auto_decision(permit, found, rules, now_utc_ns)
        if not decision.approved:
            return self._step(
                writer, permit, A.COORDINATE, SYSTEM, decision.because, tell="further_coordination"
            )
        terms = PermitTerms(
            scope=msgspec.structs.replace(permit.scope, unlocks=decision.unlocks),
            authority_id=permit.authority_id,
            legal_basis=decision.legal_basis or None,
        )
        return self._grant(
            writer, permit, A.AUTO_APPROVE, SYSTEM, decision.because, terms, permit.authority_id
        )

    def _grant(
        self,
        writer: RegisterWriter,
        permit: Permit,
        action: PermitAction,
        actor: Actor,
        reason: str,
        terms: PermitTerms,
        authority_id: str,
    ) -> Permit:
        """Put what was decided in force if the air is free for it, and hold whoever goes after it."""
        scope = terms.scope or (permit.offer if action is A.ACCEPT_OFFER else None) or permit.scope
        if action is not A.ACCEPT_OFFER and _asked(scope) != _asked(permit.scope):
            raise InputError("scope", "not what was asked for", "as asked; offer anything else")
        after = self._step(writer, permit, action, actor, reason, terms, tell="approved")
        found = self._must_be_free(writer, actor, permit, scope, authority_id)
        self._hold(writer, after, found)
        return after

    def _grant_at_once(self, writer: RegisterWriter, actor: Actor, terms: PermitTerms, reason: str) -> Permit:
        terms = without_secrets(terms)
        permit, _ = open_permit(
            self.new_id("P"), A.GRANT_AT_ONCE, actor, self.clock.now_utc_ns(), reason, terms
        )
        needs = self._review(writer, permit, permit.scope, permit.authority_id).needs
        opens = (*permit.scope.unlocks, *(need.zone_id for need in needs if need.openable))
        scope = msgspec.structs.replace(permit.scope, unlocks=tuple(dict.fromkeys(opens)))
        terms = msgspec.structs.replace(terms, scope=scope)
        permit, event = open_permit(
            permit.permit_id, A.GRANT_AT_ONCE, actor, permit.made_utc_ns, reason, terms
        )
        check_form(permit, permit.made_utc_ns, self.settings.bounds, at_once=True)
        writer.put_permit(permit, event)
        self.tell_permit(writer, permit, event, "approved")
        self._hold(writer, permit, self._must_be_free(writer, actor, permit, scope, permit.authority_id))
        return permit

    def _review(self, reader: RegisterReader, permit: Permit, scope: Scope, authority_id: str) -> Review:
        air = air_of(reader, scope, self.clock.now_utc_ns(), permit.permit_id)
        return review(scope, permit.priority, authority_id, air)

    def _must_be_free(
        self, reader: RegisterReader, actor: Actor, permit: Permit, scope: Scope, authority_id: str
    ) -> Review:
        found = self._review(reader, permit, scope, authority_id)
        if found.conflicts:
            raise ConflictError(conflicts_as_seen(actor, found.conflicts, scope))
        return found

    def _hold(self, writer: RegisterWriter, permit: Permit, found: Review) -> None:
        """Suspend what gives way to a permit that now stands."""
        cause = f"permit {permit.permit_id}"
        for permit_id in found.gives_way:
            other = writer.permit(permit_id)
            if other is not None and cause not in other.held_by:
                self._step(
                    writer,
                    other,
                    A.SUSPEND,
                    SYSTEM,
                    "gives way to a flight that goes first",
                    PermitTerms(cause=cause),
                    tell="suspended",
                )

    def _let_go(self, writer: RegisterWriter, cause: str, reason: str) -> tuple[Permit, ...]:
        """Resume what was held for one cause, as far as nothing else holds it."""
        let_go = []
        for other in writer.permits(states=frozenset({S.SUSPENDED})):
            if cause in other.held_by:
                left = len(other.held_by) > 1
                terms = PermitTerms(cause=cause)
                tell = "" if left else "resumed"
                let_go.append(self._step(writer, other, A.RESUME, SYSTEM, reason, terms, tell=tell))
        return tuple(let_go)


def may_be_private(actor: Actor, terms: PermitTerms) -> None:
    if not terms.private:
        return
    if Right.SEE_PRIVATE not in actor.rights:
        raise NotEntitledError(
            "private", f"asked for by {actor.name} ({actor.role})", "left to those who see what is private"
        )
    if terms.priority not in FIRST_TIER:
        raise InputError("private", f"with priority {terms.priority}", f"of {', '.join(FIRST_TIER)}")


def _asked(scope: Scope) -> Scope:
    """Return a scope without what the authority sets."""
    return msgspec.structs.replace(
        scope, unlocks=(), conditions=(), rule_set="", thresholds=Scope(volumes=()).thresholds
    )
