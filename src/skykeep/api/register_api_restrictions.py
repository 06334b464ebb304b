"""Restrictions over HTTP: drawn, signed by two, amended, cancelled; the emergency ring in one call.

What is published is for everybody who may read; drafts are for those who restrict for the same authority.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from skykeep.api.register_api_answers import Answer, Call, Endpoint, Parameter, RefusedError
from skykeep.api.register_api_models import ReasonBody
from skykeep.api.register_api_office import inside
from skykeep.api.register_api_permits import etag_of, must_match
from skykeep.api.register_api_zone_models import (
    AmendZoneBody,
    DrawBody,
    RestrictionList,
    RestrictionView,
    RestrictionWithEvents,
    RingBody,
    event_view,
    restriction_view,
    zone_of,
)
from skykeep.app.office import Office
from skykeep.base.errors import InputError
from skykeep.domain.actor import Actor, Right
from skykeep.domain.faults import UnknownSubjectError
from skykeep.domain.restriction import AirspaceRestriction, RestrictionState

PATH = "/v1/restrictions"
ONE = f"{PATH}/{{id}}"
S = RestrictionState


Act = Callable[[Office, Call], AirspaceRestriction]


class RestrictionDoor:
    """The restrictions' endpoints."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def draw(self, call: Call) -> Answer:
        """Keep a restriction that was drawn."""
        body: DrawBody = call.body
        drawn = self._office.restrictions.draw(
            call.actor,
            zone_of(body.zone, body.title),
            body.reason,
            title=body.title,
            template=body.template,
            lead_in_s=body.lead_in_s,
            incident_id=body.incident_id,
        )
        return _made(self._office, drawn)

    def ring(self, call: Call) -> Answer:
        """Close the sky round a live incident."""
        body: RingBody = call.body
        ring = self._office.restrictions.emergency_ring(
            call.actor,
            body.incident_id,
            (body.longitude_deg, body.latitude_deg),
            body.radius_m,
            body.reason,
            ceiling_agl_m=body.ceiling_agl_m,
        )
        return _made(self._office, ring)

    def list(self, call: Call) -> Answer:
        """Return the restrictions that the asker may know of."""
        states = None
        if "state" in call.query:
            states = frozenset(_state(word) for word in call.query["state"].split(","))
        found = self._office.restrictions.list(states)
        known = tuple(restriction_view(each) for each in found if _may_see(call.actor, each))
        return Answer(body=RestrictionList(known))

    def show(self, call: Call) -> Answer:
        """Return one restriction with its steps."""
        restriction = _seen(self._office, call)
        events = self._office.restrictions.history(restriction.restriction_id)
        view = RestrictionWithEvents(restriction_view(restriction), tuple(event_view(e) for e in events))
        tag = etag_of(restriction.version, len(events))
        return Answer(body=view, headers={"etag": tag})

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return what can be asked for."""
        made: dict[str, Any] = {
            "method": "POST",
            "status": 201,
            "gives": RestrictionView,
            "once": True,
        }
        states = Parameter(
            name="state", says="states, with commas between", schema={"type": "string", "maxLength": 200}
        )
        return (
            Endpoint(
                method="GET",
                path=PATH,
                name="list_restrictions",
                says="The restrictions that you may know of.",
                handler=self.list,
                gives=RestrictionList,
                parameters=(states,),
                answers=(400,),
            ),
            Endpoint(
                path=PATH,
                name="draw_restriction",
                says="Draw a restriction.",
                handler=self.draw,
                takes=DrawBody,
                **made,
            ),
            Endpoint(
                path=f"{PATH}/ring",
                name="emergency_ring",
                says="Close the sky round a live incident at once.",
                handler=self.ring,
                takes=RingBody,
                **made,
            ),
            Endpoint(
                method="GET",
                path=ONE,
                name="show_restriction",
                says="A restriction and its steps.",
                handler=self.show,
                gives=RestrictionWithEvents,
                answers=(404,),
            ),
            *(self._act(name, says, takes, act) for name, says, takes, act in ACTS),
        )

    def _act(self, name: str, says: str, takes: Any, act: Act) -> Endpoint:
        def handler(call: Call) -> Answer:
            def work(office: Office) -> tuple[AirspaceRestriction, str]:
                must_match(call, _tag(office, _seen(office, call)))
                after = act(office, call)
                return after, _tag(office, after)

            after, tag = inside(self._office, work)
            return Answer(body=restriction_view(after), headers={"etag": tag})

        return Endpoint(
            method="POST",
            path=f"{ONE}/{name}",
            name=f"{name}_restriction",
            says=says,
            handler=handler,
            takes=takes,
            gives=RestrictionView,
            versioned=True,
            once=True,
            answers=(404, 409, 412, 428),
        )


def _may_see(actor: Actor, restriction: AirspaceRestriction) -> bool:
    """Return whether somebody may know of a restriction: of what was ever in force everybody."""
    was_signed = restriction.version > 1 or len(restriction.signatures) > 1 or restriction.emergency
    if restriction.published is not None or (restriction.state in (S.CANCELLED, S.EXPIRED) and was_signed):
        return True
    return Right.RESTRICT in actor.rights and restriction.authority_id == actor.authority_id


def _seen(office: Office, call: Call) -> AirspaceRestriction:
    restriction = office.restrictions.show(call.path["id"])
    if not _may_see(call.actor, restriction):
        raise UnknownSubjectError("restriction_id", restriction.restriction_id, "one that was drawn")
    return restriction


def _tag(office: Office, restriction: AirspaceRestriction) -> str:
    return etag_of(restriction.version, len(office.restrictions.history(restriction.restriction_id)))


def _made(office: Office, restriction: AirspaceRestriction) -> Answer:
    headers = {"etag": _tag(office, restriction), "location": f"{PATH}/{restriction.restriction_id}"}
    return Answer(status=201, body=restriction_view(restriction), headers=headers)


def _state(word: str) -> RestrictionState:
    try:
        return RestrictionState(word)
    except ValueError:
        raise RefusedError(400, "state", word[:60], f"one of {', '.join(RestrictionState)}") from None


def _sign(office: Office, call: Call) -> AirspaceRestriction:
    return office.restrictions.sign(call.actor, call.path["id"])


def _amend(office: Office, call: Call) -> AirspaceRestriction:
    body: AmendZoneBody = call.body
    before = office.restrictions.show(call.path["id"])
    zone = None if body.zone is None else zone_of(body.zone, body.title or before.title)
    if zone is None and body.title is None and body.lead_in_s is None:
        raise InputError("zone", "nothing that is otherwise", "a title, a zone or a lead-in")
    return office.restrictions.amend(
        call.actor, call.path["id"], body.reason, zone=zone, title=body.title, lead_in_s=body.lead_in_s
    )


def _cancel(office: Office, call: Call) -> AirspaceRestriction:
    return office.restrictions.cancel(call.actor, call.path["id"], call.body.reason)


ACTS: tuple[tuple[str, str, Any, Act], ...] = (
    ("sign", "Sign; the second, different person's signature publishes it.", None, _sign),
    ("amend", "Make a new version, which two have to sign anew.", AmendZoneBody, _amend),
    ("cancel", "Take it back.", ReasonBody, _cancel),
)
