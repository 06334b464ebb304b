"""Decisions on proposals over HTTP: the same acts as at the console, by whoever a token says they are.

The subject of the token is the person: no body names anybody. Which scope opens what is in `SCOPES`; that
the person is on duty here and may approve is asked of the watch, which says no as it does to anybody.
Statuses and the shape of errors are those of the register (`register_api_http.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import msgspec
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from skykeep.api import commands as c
from skykeep.api.codec import to_json
from skykeep.api.orders import proposal_command
from skykeep.api.proof import APPROVE
from skykeep.api.register_api_answers import Answer, Call, Endpoint
from skykeep.api.register_api_http import Desk
from skykeep.api.source import Present
from skykeep.api.tokens import Gatekeeper
from skykeep.base.clock import Clock
from skykeep.base.errors import InputError
from skykeep.domain.commands import ProposalCommand
from skykeep.domain.faults import UnknownSubjectError

READ = "skykeep.response.read"
PROPOSE = "skykeep.response.propose"

SCOPES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("GET", "/v1/proposals"): (READ, PROPOSE, APPROVE),
    ("GET", "/v1/proposals/{id}"): (READ, PROPOSE, APPROVE),
    ("POST", "/v1/alerts/{id}/propose"): (PROPOSE, APPROVE),
    ("POST", "/v1/proposals/{id}/approve"): (APPROVE,),
    ("POST", "/v1/proposals/{id}/refuse"): (APPROVE,),
    ("POST", "/v1/proposals/{id}/withdraw"): (PROPOSE, APPROVE),
    ("POST", "/v1/proposals/{id}/take_back"): (APPROVE,),
}


class ResponseSource(Protocol):
    """The watch, as this door sees it."""

    def present(self) -> Present: ...


class Yes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    option_id: c.Name
    terms_sha256: c.Digest
    approval_id: c.Name


class Because(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: c.Sentence


class Nothing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An empty object."""


def create_response_api(
    source: ResponseSource, decide: Callable[[ProposalCommand], None], gatekeeper: Gatekeeper, clock: Clock
) -> ASGIApp:
    """Return the application. `decide` has a command carried out, or raises InputError saying why not."""
    desk = Desk(gatekeeper, {key: frozenset(scopes) for key, scopes in SCOPES.items()}, clock.now_utc_ns)
    counter = _Counter(source, decide, clock)
    acts: tuple[tuple[str, str, Any, Any, str], ...] = (
        ("GET", "/v1/proposals", counter.everything, None, "All proposals, those that wait first."),
        ("GET", "/v1/proposals/{id}", counter.one, None, "One proposal."),
        ("POST", "/v1/alerts/{id}/propose", counter.propose, Nothing, "Ask others to decide on an alert."),
        ("POST", "/v1/proposals/{id}/approve", counter.approve, Yes, "Say yes to an option, on its terms."),
        ("POST", "/v1/proposals/{id}/refuse", counter.refuse, Because, "Say no, and why."),
        ("POST", "/v1/proposals/{id}/withdraw", counter.withdraw, Because, "Take the question back."),
        ("POST", "/v1/proposals/{id}/take_back", counter.take_back, Because, "Take back one's own yes."),
    )
    endpoints = [
        Endpoint(
            method=method,
            path=path,
            handler=handler,
            takes=takes,
            name=path.rsplit("/", 1)[-1].strip("{}"),
            says=says,
        )
        for method, path, handler, takes, says in acts
    ]
    return Starlette(routes=[Route(each.path, desk.serve(each), methods=[each.method]) for each in endpoints])


class _Counter:
    def __init__(
        self, source: ResponseSource, decide: Callable[[ProposalCommand], None], clock: Clock
    ) -> None:
        self._source, self._decide, self._clock = source, decide, clock

    def everything(self, call: Call) -> Answer:
        del call
        return _json(to_json(self._source.present().lists.proposals))

    def one(self, call: Call) -> Answer:
        return self._shown(call)

    def propose(self, call: Call) -> Answer:
        self._do(c.Propose(alert_id=_id(call), by=_by(call)))
        return self.everything(call)

    def approve(self, call: Call) -> Answer:
        yes: Yes = call.body
        self._do(
            c.Approve(
                proposal_id=_id(call),
                option_id=yes.option_id,
                terms_sha256=yes.terms_sha256,
                approval_id=yes.approval_id,
                by=_by(call),
            )
        )
        return self._shown(call)

    def refuse(self, call: Call) -> Answer:
        self._do(c.Refuse(proposal_id=_id(call), reason=call.body.reason, by=_by(call)))
        return self._shown(call)

    def withdraw(self, call: Call) -> Answer:
        self._do(c.Withdraw(proposal_id=_id(call), reason=call.body.reason, by=_by(call)))
        return self._shown(call)

    def take_back(self, call: Call) -> Answer:
        self._do(c.TakeBack(proposal_id=_id(call), reason=call.body.reason, by=_by(call)))
        return self._shown(call)

    def _do(self, command: c.ProposalAct) -> None:
        self._decide(proposal_command(command, self._clock.now_utc_ns(), "token"))

    def _shown(self, call: Call) -> Answer:
        for proposal in self._source.present().lists.proposals.proposals:
            if proposal.id == _id(call):
                return _json(to_json(proposal))
        raise UnknownSubjectError("proposal_id", repr(_id(call)), "a proposal of this watch")


def _json(text: str) -> Answer:
    return Answer(status=200, body=text.encode())


def _id(call: Call) -> str:
    name: Any = call.path["id"]
    if not isinstance(name, str) or not 0 < len(name) <= 100:
        raise InputError("id", "of a length that none has", "1 to 100 characters")
    return name


def _by(call: Call) -> str:
    """Return the person that the token was made for."""
    return call.caller.actor.name
