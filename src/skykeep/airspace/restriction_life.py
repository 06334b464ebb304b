"""The life of a restriction: drawn, signed by one, published by another, amended, taken back, expired.

`STEPS` is the whole of it. Nothing comes into force on one signature, with one exception: an emergency ring
round a live incident, which lapses unless a second person signs it in time. Whoever drew it may give one of
the signatures; never may one person give both.

An amendment of a published restriction starts again at draft with the next version and no signature; what
was published stays in force, in `published`, until the amendment has both of its own. Taking one back needs
one person and a reason, and takes back both the restriction and any amendment of it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from skykeep.base.clock import iso_utc
from skykeep.base.errors import InputError
from skykeep.domain.actor import SYSTEM, Actor, Right, same_person
from skykeep.domain.faults import IllegalStepError, NotEntitledError
from skykeep.domain.restriction import (
    AirspaceRestriction,
    RestrictionAction,
    RestrictionEvent,
    RestrictionState,
    RestrictionTerms,
    Signature,
)
from skykeep.domain.zone import Zone


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Where a step leads, which terms it may bring, whether it needs a reason or is a rule's own."""

    after: RestrictionState
    terms: frozenset[str] = frozenset()
    reason: bool = False
    rule: bool = False


S, A = RestrictionState, RestrictionAction
_DRAWN = frozenset({"zone", "title", "template", "lead_in_s", "incident_id"})

STEPS: dict[tuple[RestrictionState | None, RestrictionAction], Step] = {
    (None, A.DRAW): Step(after=S.DRAFT, terms=_DRAWN, reason=True),
    # The emergency ring: in force on one signature, until it lapses.
    (None, A.PUBLISH): Step(after=S.PUBLISHED, terms=_DRAWN | {"lapses_utc_ns"}, reason=True),
    (S.DRAFT, A.AMEND): Step(after=S.DRAFT, terms=_DRAWN),
    (S.DRAFT, A.SIGN): Step(after=S.SIGNED),
    (S.DRAFT, A.CANCEL): Step(after=S.CANCELLED, reason=True),
    (S.DRAFT, A.EXPIRE): Step(after=S.EXPIRED, rule=True),
    (S.SIGNED, A.AMEND): Step(after=S.DRAFT, terms=_DRAWN, reason=True),
    (S.SIGNED, A.PUBLISH): Step(after=S.PUBLISHED),
    (S.SIGNED, A.CANCEL): Step(after=S.CANCELLED, reason=True),
    (S.SIGNED, A.EXPIRE): Step(after=S.EXPIRED, rule=True),
    # The second signature of an emergency ring.
    (S.PUBLISHED, A.SIGN): Step(after=S.PUBLISHED),
    (S.PUBLISHED, A.AMEND): Step(after=S.DRAFT, terms=_DRAWN, reason=True),
    (S.PUBLISHED, A.CANCEL): Step(after=S.CANCELLED, reason=True),
    (S.PUBLISHED, A.EXPIRE): Step(after=S.EXPIRED, rule=True),
}


def allowed_actions(restriction: AirspaceRestriction | None) -> tuple[RestrictionAction, ...]:
    """Return the steps that the state allows."""
    state = None if restriction is None else restriction.state
    return tuple(action for (before, action) in STEPS if before is state and _fits(restriction, action))


def ends_utc_ns(restriction: AirspaceRestriction) -> int | None:
    """Return when it is over by time: when it lapses, or after the last of its periods. None is never."""
    if restriction.lapses_utc_ns is not None:
        return restriction.lapses_utc_ns
    ends = [zone_ends_utc_ns(zone) for zone in (restriction.zone, restriction.published) if zone is not None]
    last = [end for end in ends if end is not None]
    return max(last) if len(last) == len(ends) else None


def zone_ends_utc_ns(zone: Zone) -> int | None:
    """Return the end of a zone's last period; None where it has none."""
    ends = [None if period.permanent else period.end_utc_ns for period in zone.periods]
    last = [end for end in ends if end is not None]
    return max(last) if last and len(last) == len(ends) else None


def open_restriction(
    restriction_id: str,
    action: RestrictionAction,
    actor: Actor,
    time_utc_ns: int,
    reason: str,
    terms: RestrictionTerms,
) -> tuple[AirspaceRestriction, RestrictionEvent]:
    """Return a new restriction: a draft by DRAW, or by PUBLISH an emergency ring that is in force at once."""
    step = STEPS.get((None, action))
    if step is None:
        raise IllegalStepError("action", f"{action} of no restriction", f"one of {A.DRAW}, {A.PUBLISH}")
    _check(None, action, step, actor, time_utc_ns, reason, terms)
    if terms.zone is None:
        raise InputError("zone", "none", "what is restricted, where and when")
    ring = action is A.PUBLISH
    if ring and (terms.lapses_utc_ns is None or not terms.incident_id):
        raise InputError(
            "incident_id" if not terms.incident_id else "lapses_utc_ns",
            "none",
            "said for what is published on one signature",
        )
    if ring and terms.lapses_utc_ns is not None and terms.lapses_utc_ns <= time_utc_ns:
        raise InputError("lapses_utc_ns", f"{terms.lapses_utc_ns}", f"after {time_utc_ns}")
    zone = _own(terms.zone, restriction_id, actor.authority_id)
    restriction = AirspaceRestriction(
        restriction_id=restriction_id,
        state=step.after,
        version=1,
        title=terms.title or zone.name,
        zone=zone,
        authority_id=actor.authority_id,
        reason=reason,
        published=zone if ring else None,
        signatures=(Signature(by=actor.name, time_utc_ns=time_utc_ns),) if ring else (),
        template=terms.template or "",
        lead_in_s=terms.lead_in_s or 0.0,
        emergency=ring,
        lapses_utc_ns=terms.lapses_utc_ns,
        incident_id=terms.incident_id or "",
        made_utc_ns=time_utc_ns,
        changed_utc_ns=time_utc_ns,
    )
    return restriction, _event(restriction, action, actor, time_utc_ns, reason, None, terms)


def step_restriction(
    restriction: AirspaceRestriction,
    action: RestrictionAction,
    actor: Actor,
    time_utc_ns: int,
    reason: str = "",
    terms: RestrictionTerms = RestrictionTerms(),  # noqa: B008
) -> tuple[AirspaceRestriction, RestrictionEvent]:
    """Return the restriction after a step, and the step; InputError where it is illegal."""
    step = STEPS.get((restriction.state, action))
    if step is None or not _fits(restriction, action):
        allowed = ", ".join(allowed_actions(restriction)) or "nothing: it has ended"
        raise IllegalStepError(
            "action", f"{action} of a restriction that is {restriction.state}", f"one of {allowed}"
        )
    _check(restriction, action, step, actor, time_utc_ns, reason, terms)
    changes: dict[str, object] = {"state": step.after, "changed_utc_ns": time_utc_ns}
    if action in (A.SIGN, A.PUBLISH):
        changes["signatures"] = (
            *restriction.signatures,
            Signature(by=actor.name, time_utc_ns=time_utc_ns),
        )
        if step.after is S.PUBLISHED:
            changes |= {"published": restriction.zone, "lapses_utc_ns": None}
    elif action is A.AMEND:
        changes |= _amended(restriction, reason, terms)
    else:
        # Cancelled or expired: nothing of it is in force any more.
        changes |= {"published": None, "reason": reason}
    after = msgspec.structs.replace(restriction, **changes)
    return after, _event(after, action, actor, time_utc_ns, reason, restriction.state, terms)


def replay_restriction(events: Iterable[RestrictionEvent]) -> AirspaceRestriction:
    """Return the restriction that its events made: nothing about it is known that no event says."""
    restriction: AirspaceRestriction | None = None
    for event in events:
        actor = Actor(
            name=event.by, role=event.role, rights=frozenset(Right), authority_id=event.authority_id
        )
        said = (event.action, actor, event.time_utc_ns, event.reason, event.terms)
        if restriction is None:
            restriction, _ = open_restriction(event.restriction_id, *said)
        else:
            restriction, _ = step_restriction(restriction, *said)
    if restriction is None:
        raise InputError("events", "none", "those of a restriction, from its first")
    return restriction


def _amended(restriction: AirspaceRestriction, reason: str, terms: RestrictionTerms) -> dict[str, object]:
    """Return what an amendment changes: a new version unless it is a draft that nobody signed yet."""
    said = {name: value for name in _DRAWN if (value := getattr(terms, name)) is not None}
    if terms.zone is not None:
        said["zone"] = _own(terms.zone, restriction.restriction_id, restriction.authority_id)
    if restriction.state is not S.DRAFT:
        said |= {"version": restriction.version + 1, "signatures": ()}
    return said | ({"reason": reason} if reason else {})


def _own(zone: Zone, restriction_id: str, authority_id: str) -> Zone:
    """Return the zone under the restriction's own id, kept by its authority."""
    return msgspec.structs.replace(zone, zone_id=restriction_id, authority_id=authority_id, source="")


def _fits(restriction: AirspaceRestriction | None, action: RestrictionAction) -> bool:
    if restriction is not None and restriction.state is S.PUBLISHED and action is A.SIGN:
        return restriction.lapses_utc_ns is not None
    return True


def _check(
    restriction: AirspaceRestriction | None,
    action: RestrictionAction,
    step: Step,
    actor: Actor,
    time_utc_ns: int,
    reason: str,
    terms: RestrictionTerms,
) -> None:
    """Refuse a step by the wrong person, without its reason, out of its time, or with terms not its own."""
    by = f"{action} by {actor.name} ({actor.role})"
    if (actor.name == SYSTEM.name) != (actor == SYSTEM):
        raise NotEntitledError("actor", f"a person named {actor.name}", "a name that is not our own")
    if step.rule != (actor == SYSTEM):
        raise NotEntitledError("actor", by, "a rule's step" if step.rule else "a person's step")
    if Right.RESTRICT not in actor.rights:
        raise NotEntitledError("actor", by, "the step of somebody with the right to restrict")
    if restriction is not None and not step.rule and restriction.authority_id != actor.authority_id:
        raise NotEntitledError("actor", by, f"the step of authority {restriction.authority_id or '(none)'}")
    if step.reason and not reason.strip():
        raise InputError("reason", f"none for {action}", "a sentence")
    for name in terms.__struct_fields__:
        if getattr(terms, name) is not None and name not in step.terms:
            raise InputError(name, f"given with {action}", f"left out: {action} does not change it")
    if restriction is None:
        return
    if time_utc_ns < restriction.changed_utc_ns:
        raise InputError(
            "time_utc_ns",
            f"{time_utc_ns}",
            f"{restriction.changed_utc_ns}, that of the step before it, or later",
        )
    if action in (A.SIGN, A.PUBLISH) and any(same_person(s.by, actor.name) for s in restriction.signatures):
        raise NotEntitledError("actor", f"{by}, who has signed it", "a second, different person")
    end = ends_utc_ns(restriction)
    if action is A.EXPIRE and (end is None or time_utc_ns <= end):
        raise InputError(
            "time", iso_utc(time_utc_ns), f"past its end, {'none' if end is None else iso_utc(end)}"
        )
    lapses = restriction.lapses_utc_ns
    if action is A.SIGN and lapses is not None and time_utc_ns > lapses:
        raise InputError("time", iso_utc(time_utc_ns), f"by {iso_utc(lapses)}, when it lapsed")


def _event(
    after: AirspaceRestriction,
    action: RestrictionAction,
    actor: Actor,
    time_utc_ns: int,
    reason: str,
    before: RestrictionState | None,
    terms: RestrictionTerms,
) -> RestrictionEvent:
    return RestrictionEvent(
        restriction_id=after.restriction_id,
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
