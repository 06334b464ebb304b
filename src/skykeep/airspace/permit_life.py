"""The life of a permit: which step leads from which state to which, and who may take it.

The table is in `permit_steps`, what each step does to the record in `permit_effects`.

An amendment starts again at submitted, with the next version. What was granted stays in force, in `granted`,
and can be activated, suspended, revoked and closed as ever, until the amendment is decided: approval puts the
new scope in its place (in the air too), refusal and withdrawal leave it as it was.

A suspension can have several causes, in `held_by`; the permit is resumed when the last of them is gone. A
person of the authority who resumes without naming a cause clears them all. While it is suspended nothing may
be flown under it and no amendment decided.

Nobody decides on what they themselves asked for. The one exception is the quick permit of police and
emergency services, which an authority grants in one step, with its legal basis.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from skykeep.airspace.permit_effects import EFFECTS, Taken
from skykeep.airspace.permit_steps import STEPS, A, Step, fits, not_theirs
from skykeep.base.clock import iso_utc
from skykeep.base.errors import InputError
from skykeep.domain.actor import SYSTEM, Actor, Right
from skykeep.domain.faults import IllegalStepError, NotEntitledError
from skykeep.domain.permit import (
    Permit,
    PermitAction,
    PermitEvent,
    PermitPriority,
    PermitState,
    PermitTerms,
    Scope,
)

# How long before its time a flight may be said to have begun.
EARLY_NS = 300 * 1_000_000_000


def allowed_actions(permit: Permit | None, actor: Actor | None = None) -> tuple[PermitAction, ...]:
    """Return the steps that the state allows, of this actor where one is given."""
    state = None if permit is None else permit.state
    return tuple(
        action
        for (before, action), step in STEPS.items()
        if before is state
        and fits(permit, action, step)
        and (actor is None or not not_theirs(permit, action, step, actor))
    )


def ends_utc_ns(permit: Permit) -> int:
    """Return when a permit is over by time: the end of what was asked and of what was granted."""
    return max(scope.end_utc_ns for scope in (permit.scope, permit.granted) if scope is not None)


def step_permit(
    permit: Permit,
    action: PermitAction,
    actor: Actor,
    time_utc_ns: int,
    reason: str = "",
    terms: PermitTerms = PermitTerms(),  # noqa: B008
) -> tuple[Permit, PermitEvent]:
    """Return the permit after a step, and the step; InputError where it is illegal."""
    step = STEPS.get((permit.state, action))
    if step is None or not fits(permit, action, step):
        allowed = ", ".join(allowed_actions(permit)) or "nothing: it has ended"
        raise IllegalStepError("action", f"{action} of a permit that is {permit.state}", f"one of {allowed}")
    _check(permit, action, step, actor, time_utc_ns, reason, terms)
    taken = Taken(permit=permit, after=step.after or permit.state, by=actor, terms=terms)
    after = msgspec.structs.replace(EFFECTS[action](taken), reason=reason, changed_utc_ns=time_utc_ns)
    return after, _event(after, action, actor, time_utc_ns, reason, permit.state, terms)


def open_permit(
    permit_id: str,
    action: PermitAction,
    actor: Actor,
    time_utc_ns: int,
    reason: str,
    terms: PermitTerms,
) -> tuple[Permit, PermitEvent]:
    """Return a new permit: a draft by REQUEST, or by GRANT_AT_ONCE one that stands."""
    step = STEPS.get((None, action))
    if step is None:
        raise IllegalStepError(
            "action", f"{action} of no permit", f"one of {', '.join(allowed_actions(None))}"
        )
    _check(None, action, step, actor, time_utc_ns, reason, terms)
    assert step.after is not None
    scope = terms.scope or Scope(volumes=())
    at_once = action is A.GRANT_AT_ONCE
    permit = Permit(
        permit_id=permit_id,
        state=step.after,
        version=1,
        holder=terms.holder or "",
        priority=terms.priority or PermitPriority.HOBBY,
        scope=scope,
        owner=actor.name,
        authority_id=actor.authority_id if at_once else terms.authority_id or "",
        legal_basis=terms.legal_basis or "",
        document=terms.document or (f"permit {permit_id}" if at_once else ""),
        reason=reason,
        private=bool(terms.private),
        contact=terms.contact or "",
        made_utc_ns=time_utc_ns,
        changed_utc_ns=time_utc_ns,
        granted=scope if at_once else None,
    )
    return permit, _event(permit, action, actor, time_utc_ns, reason, None, terms)


def replay_permit(events: Iterable[PermitEvent]) -> Permit:
    """Return the permit that its events made: nothing about it is known that no event says."""
    permit: Permit | None = None
    for event in events:
        actor = Actor(
            name=event.by, role=event.role, rights=frozenset(Right), authority_id=event.authority_id
        )
        if permit is None:
            permit, _ = open_permit(
                event.permit_id, event.action, actor, event.time_utc_ns, event.reason, event.terms
            )
        else:
            permit, _ = step_permit(permit, event.action, actor, event.time_utc_ns, event.reason, event.terms)
    if permit is None:
        raise InputError("events", "none", "those of a permit, from its first")
    return permit


def _check(
    permit: Permit | None,
    action: PermitAction,
    step: Step,
    actor: Actor,
    time_utc_ns: int,
    reason: str,
    terms: PermitTerms,
) -> None:
    """Refuse a step by the wrong person, without its reason, out of its time, or with terms not its own."""
    if (actor.name == SYSTEM.name) != (actor == SYSTEM):
        raise NotEntitledError("actor", f"a person named {actor.name}", "a name that is not our own")
    wrong = not_theirs(permit, action, step, actor)
    if wrong:
        raise NotEntitledError("actor", f"{action} by {actor.name} ({actor.role})", wrong)
    if step.reason and not reason.strip():
        raise InputError("reason", f"none for {action}", "a sentence")
    for name in terms.__struct_fields__:
        if getattr(terms, name) is not None and name not in step.terms:
            raise InputError(name, f"given with {action}", f"left out: {action} does not change it")
    if action in (A.OFFER, A.GRANT_AT_ONCE) and (terms.scope is None or not terms.scope.volumes):
        raise InputError("scope", f"none for {action}", "what is offered or granted")
    if action is A.GRANT_AT_ONCE and not (terms.legal_basis or "").strip():
        raise InputError("legal_basis", "none", "that on which it is granted at once")
    if permit is not None:
        _check_time(permit, action, time_utc_ns)


def _check_time(permit: Permit, action: PermitAction, time_utc_ns: int) -> None:
    if time_utc_ns < permit.changed_utc_ns:
        raise InputError(
            "time_utc_ns", f"{time_utc_ns}", f"{permit.changed_utc_ns}, that of the step before it, or later"
        )
    if action is A.EXPIRE and time_utc_ns <= ends_utc_ns(permit):
        end = iso_utc(ends_utc_ns(permit))
        raise InputError("time", iso_utc(time_utc_ns), f"past the permit's end, {end}")
    if action is A.ACTIVATE:
        assert permit.granted is not None
        first, last = permit.granted.start_utc_ns - EARLY_NS, permit.granted.end_utc_ns
        if not first <= time_utc_ns <= last:
            span = f"{iso_utc(first)} to {iso_utc(last)}"
            raise InputError("time", iso_utc(time_utc_ns), f"in what was granted, {span}")


def _event(
    after: Permit,
    action: PermitAction,
    actor: Actor,
    time_utc_ns: int,
    reason: str,
    before: PermitState | None,
    terms: PermitTerms,
) -> PermitEvent:
    return PermitEvent(
        permit_id=after.permit_id,
        version=after.version,
        action=action,
        by=actor.name,
        role=actor.role,
        reason=reason,
        time_utc_ns=time_utc_ns,
        before=before,
        after=after.state,
        authority_id=actor.authority_id,
        terms=terms,
    )
