"""Permits over HTTP: asked for, checked, decided, flown, held, ended; the office says who may.

A permit's ETag is its version and how many steps were taken. Every act on a permit wants it in If-Match, and
it is compared in the same change in which the step is taken: of two officers who decide at once the second is
told that what he read no longer stands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from skykeep.api.register_api_answers import Answer, Call, Endpoint, Parameter, RefusedError
from skykeep.api.register_api_models import (
    AlternativeView,
    AmendBody,
    ApplyBody,
    CheckBody,
    CheckView,
    DecideBody,
    NeedView,
    PermitList,
    PermitView,
    PermitWithEvents,
    QuickBody,
    ReasonBody,
    StepBody,
    conflict_view,
    event_view,
    permit_view,
    scope_body,
    scope_of,
)
from skykeep.api.register_api_office import inside
from skykeep.api.register_api_places import time_from_text
from skykeep.app.office import Office
from skykeep.base.errors import InputError
from skykeep.domain.permit import DeviationThresholds, Permit, PermitState, PermitTerms

PATH = "/v1/permits"
ONE = f"{PATH}/{{id}}"
MOST_LISTED = 500

Act = Callable[[Office, Call], Permit]


def etag_of(version: int, steps: int) -> str:
    """Return the tag of a record as it stands: no two of its steps have the same."""
    return f'"{version}.{steps}"'


class PermitDoor:
    """The permits' endpoints."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def apply(self, call: Call) -> Answer:
        """Apply, or keep a draft."""
        body: ApplyBody = call.body
        terms = PermitTerms(
            scope=scope_of(body.scope),
            holder=body.holder,
            priority=body.priority,
            authority_id=body.authority_id or None,
            contact=body.contact,
            private=body.private or None,
        )
        permits = self._office.permits
        permit = (permits.apply if body.submit else permits.request)(call.actor, terms)
        return self._made(permit)

    def quick(self, call: Call) -> Answer:
        """Grant a flight of police or emergency services at once."""
        body: QuickBody = call.body
        terms = PermitTerms(
            scope=scope_of(body.scope),
            holder=body.holder,
            priority=body.priority,
            legal_basis=body.legal_basis,
            contact=body.contact or None,
            document=body.document or None,
            private=body.private,
        )
        return self._made(self._office.permits.quick(call.actor, terms, body.reason))

    def check(self, call: Call) -> Answer:
        """Return what is in the way of a scope, and what could be flown instead."""
        body: CheckBody = call.body
        scope, permits = scope_of(body.scope), self._office.permits
        if not scope.volumes:
            raise InputError("scope.volumes", "none", "at least one")
        found = permits.check(call.actor, scope, body.priority, body.authority_id)
        instead = permits.alternatives(call.actor, scope, body.priority, body.authority_id)
        view = CheckView(
            conflicts=tuple(conflict_view(conflict) for conflict in found.conflicts),
            needs=tuple(
                NeedView(**{name: getattr(need, name) for name in NeedView.__struct_fields__})
                for need in found.needs
            ),
            alternatives=tuple(
                AlternativeView(str(each.kind), each.says, scope_body(each.scope)) for each in instead
            ),
        )
        return Answer(body=view)

    def list(self, call: Call) -> Answer:
        """Return the permits that the asker may know of."""
        query = call.query
        states = None
        if "state" in query:
            states = frozenset(_state(word) for word in query["state"].split(","))
        from_utc_ns = time_from_text(query["from"], "from") if "from" in query else None
        until_utc_ns = time_from_text(query["until"], "until") if "until" in query else None
        found = self._office.permits.list(call.actor, states, from_utc_ns, until_utc_ns)
        after = query.get("after", "")
        later = [permit for permit in found if permit.permit_id > after][: MOST_LISTED + 1]
        view = PermitList(tuple(permit_view(permit) for permit in later[:MOST_LISTED]))
        more = {"x-next-after": later[MOST_LISTED - 1].permit_id} if len(later) > MOST_LISTED else {}
        return Answer(body=view, headers=more)

    def show(self, call: Call) -> Answer:
        """Return one permit with its steps."""
        permits, permit_id = self._office.permits, call.path["id"]
        permit = permits.show(call.actor, permit_id)
        events = permits.history(call.actor, permit_id)
        view = PermitWithEvents(permit_view(permit), tuple(event_view(event) for event in events))
        return Answer(body=view, headers={"etag": etag_of(permit.version, len(events))})

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return what can be asked for."""
        text = {"type": "string", "maxLength": 500}
        time = {"type": "string", "format": "date-time"}
        listing = (
            Parameter(name="state", says="states, with commas between", schema=text),
            Parameter(name="from", says="touching this time or later", schema=time),
            Parameter(name="until", says="touching this time or earlier", schema=time),
            Parameter(name="after", says="x-next-after of the answer before", schema=text),
        )
        more: dict[str, Any] = {"once": True, "gives": PermitView}
        return (
            Endpoint(
                method="GET",
                path=PATH,
                name="list_permits",
                says="The permits that you may know of, by id, 500 at a time.",
                handler=self.list,
                gives=PermitList,
                parameters=listing,
                answers=(400,),
            ),
            Endpoint(
                method="POST",
                path=PATH,
                name="apply",
                says="Apply for a permit.",
                handler=self.apply,
                takes=ApplyBody,
                status=201,
                **more,
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/quick",
                name="grant_at_once",
                says="Grant a flight of police or emergency services at once.",
                handler=self.quick,
                takes=QuickBody,
                status=201,
                **more,
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/check",
                name="check_scope",
                says="What is in the way of a flight, and what could be flown instead.",
                handler=self.check,
                takes=CheckBody,
                gives=CheckView,
            ),
            Endpoint(
                method="GET",
                path=ONE,
                name="show_permit",
                says="A permit and its steps.",
                handler=self.show,
                gives=PermitWithEvents,
                answers=(404,),
            ),
            *(self._act(name, says, takes, act) for name, says, takes, act in ACTS),
        )

    def _act(self, name: str, says: str, takes: Any, act: Act) -> Endpoint:
        def handler(call: Call) -> Answer:
            def work(office: Office) -> tuple[Permit, str]:
                must_match(call, _tag(office, office.permits.show(call.actor, call.path["id"])))
                permit = act(office, call)
                return permit, _tag(office, permit)

            permit, tag = inside(self._office, work)
            return Answer(body=permit_view(permit), headers={"etag": tag})

        return Endpoint(
            method="POST",
            path=f"{ONE}/{name}",
            name=f"{name}_permit",
            says=says,
            handler=handler,
            takes=takes,
            gives=PermitView,
            versioned=True,
            once=True,
            answers=(404, 409, 412, 428),
        )

    def _made(self, permit: Permit) -> Answer:
        headers = {"etag": _tag(self._office, permit), "location": f"{PATH}/{permit.permit_id}"}
        return Answer(status=201, body=permit_view(permit), headers=headers)


def must_match(call: Call, tag: str) -> None:
    """Refuse a call whose If-Match is not the tag of what stands."""
    if call.headers.get("if-match") != tag:
        raise RefusedError(412, "if-match", "the version of another time", "the ETag of what stands now")


def _tag(office: Office, permit: Permit) -> str:
    steps = len(office.register.read().permit_events(permit.permit_id))
    return etag_of(permit.version, steps)


def _state(word: str) -> PermitState:
    try:
        return PermitState(word)
    except ValueError:
        raise RefusedError(400, "state", word[:60], f"one of {', '.join(PermitState)}") from None


def _decide(office: Office, call: Call) -> Permit:
    body: DecideBody = call.body
    permits, permit_id = office.permits, call.path["id"]
    if body.decision == "approve":
        if body.scope is not None:
            raise InputError("scope", "given with approve", "left out: offer anything else than was asked")
        bounds = body.thresholds
        return permits.approve(
            call.actor,
            permit_id,
            body.reason,
            unlocks=body.unlocks,
            conditions=body.conditions,
            thresholds=None if bounds is None else DeviationThresholds(**msgspec.structs.asdict(bounds)),
            rule_set=body.rule_set,
            legal_basis=body.legal_basis,
            document=body.document,
        )
    for name in ("unlocks", "conditions", "thresholds", "rule_set", "legal_basis", "document"):
        if getattr(body, name) is not None:
            raise InputError(name, f"given with {body.decision}", "left out: it comes with approve")
    if body.decision == "deny":
        if body.scope is not None:
            raise InputError("scope", "given with deny", "left out: it comes with offer")
        return permits.deny(call.actor, permit_id, body.reason)
    if body.scope is None:
        raise InputError("scope", "missing", "what is offered")
    return permits.offer(call.actor, permit_id, scope_of(body.scope), body.reason)


def _amend(office: Office, call: Call) -> Permit:
    body: AmendBody = call.body
    terms = PermitTerms(
        scope=None if body.scope is None else scope_of(body.scope),
        holder=body.holder,
        contact=body.contact,
        priority=body.priority,
    )
    return office.permits.amend(call.actor, call.path["id"], terms, body.reason)


def _step(name: str) -> Act:
    def act(office: Office, call: Call) -> Permit:
        step: Callable[..., Permit] = getattr(office.permits, name)
        return step(call.actor, call.path["id"], call.body.reason)

    return act


def _submit(office: Office, call: Call) -> Permit:
    return office.permits.submit(call.actor, call.path["id"])


ACTS: tuple[tuple[str, str, Any, Act], ...] = (
    ("submit", "Submit a draft.", None, _submit),
    ("amend", "Rewrite a draft, or ask anew in place of what was asked or granted.", AmendBody, _amend),
    ("accept_offer", "Take what was offered.", StepBody, _step("accept")),
    ("withdraw", "Want it no more.", StepBody, _step("withdraw")),
    ("activate", "Say that the flight begins.", StepBody, _step("activate")),
    ("close", "Say that the flight is over.", StepBody, _step("close")),
    ("decide", "Approve, deny, or offer something else.", DecideBody, _decide),
    ("suspend", "Hold a granted permit.", ReasonBody, _step("suspend")),
    ("resume", "Let it stand again.", ReasonBody, _step("resume")),
    ("revoke", "Take it back for good.", ReasonBody, _step("revoke")),
)
