"""The permits' desk: asked for, checked, decided, flown, held, ended. Each act is one change of the register,
and what it is decided on is read inside that change.
"""

from __future__ import annotations

from typing import Any

import msgspec

from skykeep.airspace.conflicts import FIRST_TIER
from skykeep.airspace.permit_fields import without_secrets
from skykeep.app.office_desk import conflicts_as_seen
from skykeep.app.office_permit_work import PermitWork, may_be_private
from skykeep.base.errors import InputError
from skykeep.domain.actor import Actor, Right
from skykeep.domain.faults import ConflictError, NotEntitledError
from skykeep.domain.permit import (
    DeviationThresholds,
    Permit,
    PermitAction,
    PermitState,
    PermitTerms,
    Scope,
)
from skykeep.domain.register import RegisterWriter

A, S = PermitAction, PermitState
_NOTHING = PermitTerms()


class PermitDesk(PermitWork):
    """All that can be done with permits, and who may.

    Every method raises UnknownSubjectError for a permit that is not the actor's to know of, NotEntitledError
    for a step that is not theirs, IllegalStepError for one that its state does not allow, FormError for a
    form with faults (all of them), ConflictError for what cannot stand beside what was granted or published.
    """

    def quick(self, actor: Actor, terms: PermitTerms, reason: str) -> Permit:
        """Grant a flight of police or emergency services at once: private unless `terms` says otherwise.

        All the zones in its way that the actor's authority may open are opened, prohibited ones too; flights
        that go after it are held. One in the way that goes first, or was granted before with the same right,
        is a conflict as ever.
        """
        if Right.SEE_PRIVATE not in actor.rights:
            raise NotEntitledError("actor", f"{actor.name} ({actor.role})", "entitled to see what is private")
        if terms.priority not in FIRST_TIER:
            must = f"one of {', '.join(FIRST_TIER)}"
            raise InputError("priority", f"{terms.priority or 'none'}", must)
        if terms.private is None:
            terms = msgspec.structs.replace(terms, private=True)
        return self.register.change(lambda writer: self._grant_at_once(writer, actor, terms, reason))

    def request(self, actor: Actor, terms: PermitTerms) -> Permit:
        """Keep a draft: whatever is in it, faults and all."""
        return self.register.change(lambda writer: self._open(writer, actor, terms))

    def apply(self, actor: Actor, terms: PermitTerms) -> Permit:
        """Draft and submit in one; with faults nothing is kept."""

        def work(writer: RegisterWriter) -> Permit:
            return self._submit(writer, actor, self._open(writer, actor, terms))

        return self.register.change(work)

    def submit(self, actor: Actor, permit_id: str) -> Permit:
        """Submit a draft: at once it is approved by rule, or waits for a person, with the reason."""
        return self._change(actor, permit_id, lambda writer, permit: self._submit(writer, actor, permit))

    def amend(self, actor: Actor, permit_id: str, terms: PermitTerms, reason: str = "") -> Permit:
        """Rewrite a draft, or ask anew in place of what was asked or granted."""

        terms = without_secrets(terms)

        def work(writer: RegisterWriter, permit: Permit) -> Permit:
            may_be_private(actor, terms)
            was_draft = permit.state is S.DRAFT
            permit = self._step(
                writer, permit, A.AMEND, actor, reason, terms, tell="" if was_draft else "amended"
            )
            if was_draft:
                return permit
            self._check_form(permit)
            return self._route(writer, permit)

        return self._change(actor, permit_id, work)

    def approve(
        self,
        actor: Actor,
        permit_id: str,
        reason: str = "",
        *,
        unlocks: tuple[str, ...] | None = None,
        conditions: tuple[str, ...] | None = None,
        thresholds: DeviationThresholds | None = None,
        rule_set: str | None = None,
        legal_basis: str | None = None,
        document: str | None = None,
    ) -> Permit:
        """Grant what was asked. `unlocks` None: the zones that it asked for and those in its way that this
        authority opens on request; a prohibited one has to be named.
        """

        def work(writer: RegisterWriter, permit: Permit) -> Permit:
            authority_id = permit.authority_id or actor.authority_id
            scope = permit.scope
            if unlocks is None:
                needs = self._review(writer, permit, scope, authority_id).needs
                on_request = tuple(n.zone_id for n in needs if n.openable and n.on_request)
                scope = _with(scope, unlocks=tuple(dict.fromkeys((*scope.unlocks, *on_request))))
            else:
                scope = _with(scope, unlocks=unlocks)
            scope = _with(scope, conditions=conditions, thresholds=thresholds, rule_set=rule_set)
            terms = PermitTerms(scope=scope, legal_basis=legal_basis, document=document)
            return self._grant(writer, permit, A.APPROVE, actor, reason, terms, authority_id)

        return self._change(actor, permit_id, work)

    def deny(self, actor: Actor, permit_id: str, reason: str) -> Permit:
        """Refuse what was asked; of an amendment, what was granted before stays."""
        return self._take(actor, permit_id, A.DENY, reason, "denied")

    def offer(self, actor: Actor, permit_id: str, scope: Scope, reason: str) -> Permit:
        """Offer something else; it must be free of conflicts when it is offered, and again when accepted."""

        def work(writer: RegisterWriter, permit: Permit) -> Permit:
            self._must_be_free(writer, actor, permit, scope, permit.authority_id or actor.authority_id)
            offered = msgspec.structs.replace(permit, scope=scope)
            self._check_form(offered)
            return self._step(
                writer, permit, A.OFFER, actor, reason, PermitTerms(scope=scope), tell="offered"
            )

        return self._change(actor, permit_id, work)

    def accept(self, actor: Actor, permit_id: str, reason: str = "") -> Permit:
        """Take what was offered: granted, if the air is still free."""

        def work(writer: RegisterWriter, permit: Permit) -> Permit:
            return self._grant(writer, permit, A.ACCEPT_OFFER, actor, reason, _NOTHING, permit.authority_id)

        return self._change(actor, permit_id, work)

    def activate(self, actor: Actor, permit_id: str, reason: str = "") -> Permit:
        """Say that the flight begins."""
        return self._take(actor, permit_id, A.ACTIVATE, reason, "activated")

    def suspend(self, actor: Actor, permit_id: str, reason: str) -> Permit:
        """Hold a granted permit; nothing may be flown under it until it is resumed."""
        return self._take(actor, permit_id, A.SUSPEND, reason, "suspended")

    def resume(self, actor: Actor, permit_id: str, reason: str) -> Permit:
        """Let it stand again, for whatever it was held; not while a flight that goes first is in its way."""

        def work(writer: RegisterWriter, permit: Permit) -> Permit:
            after = self._step(writer, permit, A.RESUME, actor, reason, tell="resumed")
            if after.granted is not None:
                found = self._review(writer, after, after.granted, after.authority_id)
                others = tuple(each for each in found.conflicts if each.with_kind == "permit")
                if others:
                    raise ConflictError(conflicts_as_seen(actor, others, after.granted))
            return after

        return self._change(actor, permit_id, work)

    def revoke(self, actor: Actor, permit_id: str, reason: str) -> Permit:
        """Take back what was granted, for good."""
        return self._take(actor, permit_id, A.REVOKE, reason, "revoked")

    def withdraw(self, actor: Actor, permit_id: str, reason: str = "") -> Permit:
        """The owner wants it no more; of an amendment, only the amendment."""
        return self._take(actor, permit_id, A.WITHDRAW, reason, "withdrawn")

    def close(self, actor: Actor, permit_id: str, reason: str = "") -> Permit:
        """Say that the flight is over."""
        return self._take(actor, permit_id, A.CLOSE, reason, "closed")


def _with(scope: Scope, **changes: Any) -> Scope:
    """Return the scope with what is said of it; None is not said."""
    return msgspec.structs.replace(scope, **{k: v for k, v in changes.items() if v is not None})
