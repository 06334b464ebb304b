"""The steps of a permit as a table: which leads from which state to which, and who may take it.

Where a row's `after` is None the permit goes back to what it was before it was suspended.
"""

from __future__ import annotations

import enum

import msgspec

from skykeep.domain.actor import SYSTEM, Actor, Right
from skykeep.domain.permit import Permit, PermitAction, PermitState


class Who(enum.StrEnum):
    """The owner of the permit, a person of its authority, or a rule of ours."""

    OWNER = "owner"
    AUTHORITY = "authority"
    RULE = "rule"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Where a step leads (None: back), who may take it, which terms it may bring, and what it needs."""

    after: PermitState | None
    who: frozenset[Who]
    terms: frozenset[str] = frozenset()
    reason: bool = False
    granted: bool = False


S, A = PermitState, PermitAction
ASKED = (S.SUBMITTED, S.FURTHER_COORDINATION, S.ALTERNATIVE_OFFERED)
STANDING = (S.AUTO_APPROVED, S.APPROVED, S.ACTIVE)
_OWNER, _AUTHORITY, _RULE = frozenset({Who.OWNER}), frozenset({Who.AUTHORITY}), frozenset({Who.RULE})
ASKS = frozenset({"scope", "holder", "priority", "contact", "authority_id"})
GRANTS = frozenset({"scope", "legal_basis", "document", "authority_id"})


def _steps() -> dict[tuple[PermitState | None, PermitAction], Step]:
    """Return the table, the rows that many states share written once."""
    steps: dict[tuple[PermitState | None, PermitAction], Step] = {
        (None, A.REQUEST): Step(after=S.DRAFT, who=_OWNER, terms=ASKS | {"private"}),
        (None, A.GRANT_AT_ONCE): Step(
            after=S.APPROVED, who=_AUTHORITY, terms=ASKS | GRANTS | {"private"}, reason=True
        ),
        (S.DRAFT, A.AMEND): Step(after=S.DRAFT, who=_OWNER, terms=ASKS | {"private"}),
        (S.DRAFT, A.SUBMIT): Step(after=S.SUBMITTED, who=_OWNER),
        (S.DRAFT, A.WITHDRAW): Step(after=S.WITHDRAWN, who=_OWNER),
        (S.SUBMITTED, A.AUTO_APPROVE): Step(after=S.AUTO_APPROVED, who=_RULE, terms=GRANTS, reason=True),
        (S.SUBMITTED, A.COORDINATE): Step(after=S.FURTHER_COORDINATION, who=_RULE | _AUTHORITY, reason=True),
        (S.SUBMITTED, A.APPROVE): Step(after=S.APPROVED, who=_AUTHORITY, terms=GRANTS),
        (S.FURTHER_COORDINATION, A.APPROVE): Step(after=S.APPROVED, who=_AUTHORITY, terms=GRANTS),
        (S.ALTERNATIVE_OFFERED, A.ACCEPT_OFFER): Step(after=S.APPROVED, who=_OWNER),
        (S.SUSPENDED, A.SUSPEND): Step(
            after=S.SUSPENDED, who=_RULE | _AUTHORITY, terms=frozenset({"cause"}), reason=True
        ),
        (S.SUSPENDED, A.RESUME): Step(
            after=None, who=_RULE | _AUTHORITY, terms=frozenset({"cause"}), reason=True
        ),
        (S.SUSPENDED, A.WITHDRAW): Step(after=S.WITHDRAWN, who=_OWNER),
    }
    for state in ASKED:
        steps[state, A.OFFER] = Step(after=S.ALTERNATIVE_OFFERED, who=_AUTHORITY, terms=GRANTS, reason=True)
        steps[state, A.DENY] = Step(after=S.DENIED, who=_AUTHORITY, reason=True)
        steps[state, A.AMEND] = Step(after=S.SUBMITTED, who=_OWNER, terms=ASKS)
        steps[state, A.WITHDRAW] = Step(after=S.WITHDRAWN, who=_OWNER)
        steps[state, A.ACTIVATE] = Step(after=state, who=_OWNER | _AUTHORITY, granted=True)
    for state in STANDING:
        steps[state, A.AMEND] = Step(after=S.SUBMITTED, who=_OWNER, terms=ASKS, granted=True)
    for state in (S.AUTO_APPROVED, S.APPROVED):
        steps[state, A.ACTIVATE] = Step(after=S.ACTIVE, who=_OWNER | _AUTHORITY, granted=True)
        steps[state, A.WITHDRAW] = Step(after=S.WITHDRAWN, who=_OWNER)
    for state in (*ASKED, *STANDING):
        steps[state, A.SUSPEND] = Step(
            after=S.SUSPENDED,
            who=_RULE | _AUTHORITY,
            terms=frozenset({"cause"}),
            reason=True,
            granted=True,
        )
    for state in (*ASKED, *STANDING, S.SUSPENDED):
        steps[state, A.REVOKE] = Step(after=S.REVOKED, who=_AUTHORITY, reason=True, granted=True)
        steps[state, A.EXPIRE] = Step(after=S.EXPIRED, who=_RULE)
    for state in (*ASKED, S.ACTIVE, S.SUSPENDED):
        steps[state, A.CLOSE] = Step(after=S.CLOSED, who=_OWNER | _AUTHORITY, granted=True)
    return steps


STEPS = _steps()


def fits(permit: Permit | None, action: PermitAction, step: Step) -> bool:
    if permit is None or not step.granted:
        return True
    if permit.granted is None:
        return False
    if permit.state in ASKED and action is A.ACTIVATE:
        return permit.standing in (S.AUTO_APPROVED, S.APPROVED)
    if permit.state in ASKED and action is A.CLOSE:
        return permit.standing is S.ACTIVE
    return True


def not_theirs(permit: Permit | None, action: PermitAction, step: Step, actor: Actor) -> str:
    """Return why this actor may not take the step, "" where they may."""
    if actor == SYSTEM:
        return "" if Who.RULE in step.who else "a person's step"
    if (
        Who.OWNER in step.who
        and Right.APPLY in actor.rights
        and (permit is None or permit.owner == actor.name)
    ):
        return ""
    if Who.AUTHORITY not in step.who:
        return "the step of the permit's owner" if Who.OWNER in step.who else "a rule's step"
    if Right.DECIDE not in actor.rights:
        return "the step of somebody with the right to decide"
    if permit is not None and permit.authority_id not in ("", actor.authority_id):
        return f"the step of authority {permit.authority_id}"
    if permit is not None and permit.owner == actor.name and action in (A.APPROVE, A.OFFER):
        return "the step of somebody who did not ask for it"
    return ""
