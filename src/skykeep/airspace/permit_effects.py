"""What each step of a permit does to its record."""

from __future__ import annotations

from typing import Any

import msgspec

from skykeep.airspace.permit_steps import ASKED, ASKS, STANDING, A, S
from skykeep.domain.actor import Actor
from skykeep.domain.permit import ENDED, Permit, PermitState, PermitTerms


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A step that was found legal: of which permit, to which state by the table, by whom, on what terms."""

    permit: Permit
    after: PermitState
    by: Actor
    terms: PermitTerms


def move(taken: Taken) -> Permit:
    """Go to a state and change nothing else; what has ended waits for nothing any more."""
    if taken.after not in ENDED:
        return msgspec.structs.replace(taken.permit, state=taken.after)
    return msgspec.structs.replace(
        taken.permit, state=taken.after, standing=None, resumes=None, held_by=(), offer=None
    )


def grant(taken: Taken) -> Permit:
    """Put what was decided in force: the offer where one was accepted. A flight in the air stays active."""
    permit = taken.permit
    scope = taken.terms.scope or permit.offer or permit.scope
    return msgspec.structs.replace(
        permit,
        state=S.ACTIVE if permit.standing is S.ACTIVE else taken.after,
        scope=scope,
        granted=scope,
        standing=None,
        offer=None,
        **_papers(taken),
    )


def offer(taken: Taken) -> Permit:
    """Keep what the authority offers beside what was asked for."""
    return msgspec.structs.replace(taken.permit, state=taken.after, offer=taken.terms.scope, **_papers(taken))


def refuse(taken: Taken) -> Permit:
    """End what was asked for; of an amendment, only the amendment."""
    permit = taken.permit
    if permit.standing is None or permit.state not in ASKED:
        return move(taken)
    assert permit.granted is not None
    return msgspec.structs.replace(
        permit, state=permit.standing, scope=permit.granted, standing=None, offer=None
    )


def amend(taken: Taken) -> Permit:
    """Take in what is asked for anew. A draft is only rewritten; all else is a new version, and one that was
    granted stays with its authority.
    """
    permit = taken.permit
    said: dict[str, Any] = {
        name: value
        for name in ASKS | {"private"}
        if (value := getattr(taken.terms, name)) is not None
        and (name != "authority_id" or permit.granted is None)
    }
    if permit.state is not S.DRAFT:
        said |= {"version": permit.version + 1, "offer": None}
    if permit.state in STANDING:
        said["standing"] = permit.state
    return msgspec.structs.replace(permit, state=taken.after, **said)


def activate(taken: Taken) -> Permit:
    """Begin the flight; while an amendment waits it begins under what was granted."""
    standing = S.ACTIVE if taken.permit.state in ASKED else None
    return msgspec.structs.replace(taken.permit, state=taken.after, standing=standing)


def suspend(taken: Taken) -> Permit:
    """Hold it, and keep for whose sake."""
    permit = taken.permit
    cause = taken.terms.cause or f"person {taken.by.name}"
    return msgspec.structs.replace(
        permit,
        state=taken.after,
        resumes=permit.resumes or permit.state,
        held_by=permit.held_by if cause in permit.held_by else (*permit.held_by, cause),
    )


def resume(taken: Taken) -> Permit:
    """Let go of one cause, or of all where none is named; with the last of them it is as it was before."""
    permit = taken.permit
    left = tuple(cause for cause in permit.held_by if taken.terms.cause not in (None, cause))
    if left:
        return msgspec.structs.replace(permit, held_by=left)
    assert permit.resumes is not None
    return msgspec.structs.replace(permit, state=permit.resumes, resumes=None, held_by=())


def _papers(taken: Taken) -> dict[str, str]:
    """Return who grants it, on what basis, and by which document."""
    permit, terms = taken.permit, taken.terms
    return {
        "authority_id": permit.authority_id or terms.authority_id or taken.by.authority_id,
        "legal_basis": terms.legal_basis or permit.legal_basis,
        "document": terms.document or permit.document or f"permit {permit.permit_id}",
    }


EFFECTS = {
    A.SUBMIT: move,
    A.COORDINATE: move,
    A.REVOKE: move,
    A.EXPIRE: move,
    A.CLOSE: move,
    A.AUTO_APPROVE: grant,
    A.APPROVE: grant,
    A.ACCEPT_OFFER: grant,
    A.OFFER: offer,
    A.DENY: refuse,
    A.WITHDRAW: refuse,
    A.AMEND: amend,
    A.ACTIVATE: activate,
    A.SUSPEND: suspend,
    A.RESUME: resume,
}
