"""Flight plans as InterUSS's automated testing drives them (interface 0.5.0), kept as permits of the office.

| asked | done | answered |
|---|---|---|
| Planned | apply, or amend where it differs | Completed, Planned; Rejected where no rule approves it |
| InUse | the same, then activate | Completed, OkToFly; OffNominal where the drone says so |
| Closed, DELETE | withdraw, or close what is in the air | Completed, Closed |
| Hypothetical | the same inside a change that is not kept | what would have been |

All of a request is one change of the register; what is Rejected leaves no trace in it. The interface has no
answer for "a person will decide": such a plan is Rejected, with the reason in `notes`. An area given above
the ellipsoid is taken as heights above ground where the configuration says how low and high the ground is,
always the wider way.

A plan belongs to whoever made it, by the subject of the token: its id means nothing to anybody else.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import msgspec

from skykeep import __version__
from skykeep.api.interuss_geospatial import IMPACTS
from skykeep.api.interuss_overlap import shares
from skykeep.api.interuss_places import Place, moment_body, place_of
from skykeep.api.interuss_plan import (
    MARK,
    ClearBody,
    PlanBody,
    PlanSettings,
    plan_id_of,
    terms_of_plan,
)
from skykeep.api.register_api_answers import Answer, Call, Endpoint, RefusedError
from skykeep.api.register_api_office import inside
from skykeep.app.office import Office
from skykeep.base.errors import InputError
from skykeep.domain.actor import SYSTEM, Actor
from skykeep.domain.permit import ENDED, Permit, PermitState, Scope
from skykeep.domain.zone import Restriction, Zone

API_NAME = "Flight Planning Automated Testing Interface"
API_VERSION = "v0.5.0"
MOST_REMEMBERED = 10_000

S = PermitState
_STATUS = {
    S.AUTO_APPROVED: "Planned",
    S.APPROVED: "Planned",
    S.SUSPENDED: "Planned",
    S.ACTIVE: "OkToFly",
    S.CLOSED: "Closed",
    S.WITHDRAWN: "Closed",
}


class FlightPlanning:
    """Plans, changes and closes flights for whoever asks."""

    def __init__(self, office: Office, settings: PlanSettings) -> None:
        self._office = office
        self._settings = settings
        self._answered: OrderedDict[tuple[str, str, str], tuple[bytes, Answer]] = OrderedDict()
        self._off_nominal: set[str] = set()

    def status(self, _: Call) -> Answer:
        """Return that we are ready."""
        names = {"api_name": API_NAME, "api_version": API_VERSION}
        return Answer(body={"status": "Ready", "system_version": __version__, **names})

    def put(self, call: Call) -> Answer:
        """Make or change a plan. The same request a second time is answered as the first."""
        plan_id = plan_id_of(call.path["id"])
        body: PlanBody = call.body
        key, said = (call.actor.name, plan_id, body.request_id), msgspec.json.encode(body)
        if key in self._answered:
            first, answer = self._answered[key]
            if first != said:
                raise RefusedError(409, "request_id", "that of another request", "one of its own")
            return answer
        answer = Answer(body=self._plan(call.actor, plan_id, body))
        self._answered[key] = (said, answer)
        while len(self._answered) > MOST_REMEMBERED:
            self._answered.popitem(last=False)
        return answer

    def delete(self, call: Call) -> Answer:
        """Close a plan."""
        plan_id = plan_id_of(call.path["id"])
        permit = self._permit_of(self._office, call.actor, plan_id)
        if permit is None:
            raise RefusedError(404, "id", plan_id, "a flight plan of yours")
        self._close(self._office, call.actor, permit)
        return Answer(body={"planning_result": "Completed", "flight_plan_status": "Closed"})

    def clear(self, call: Call) -> Answer:
        """Close all plans of the asker that touch an area."""
        body: ClearBody = call.body
        place = place_of(body.extent, "extent")
        failed = []
        for permit in _own(self._office, call.actor):
            if not any(_touches(scope, place) for scope in _scopes(permit)):
                continue
            try:
                self._close(self._office, call.actor, permit)
            except InputError as error:
                failed.append(f"{permit.scope.flight.purpose}: {error}")
        outcome: dict[str, Any] = {"success": not failed, "timestamp": moment_body(call.now_utc_ns)}
        if failed:
            outcome["message"] = "; ".join(failed)[:1_000]
        return Answer(body={"outcome": outcome})

    def notifications(self, call: Call) -> Answer:
        """Return what others did with the asker's plans: suspended, resumed, revoked."""
        reader = self._office.register.read()
        told = [
            event.time_utc_ns
            for permit in _own(self._office, call.actor)
            for event in reader.permit_events(permit.permit_id)
            if event.by not in (call.actor.name, SYSTEM.name) or event.after is S.SUSPENDED
        ]
        said = [{"observed_at": moment_body(time), "conflicts": "Unknown"} for time in sorted(told)]
        return Answer(body={"user_notifications": said})

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return what can be asked for."""

        def endpoint(method: str, path: str, name: str, says: str, **more: Any) -> Endpoint:
            return Endpoint(method=method, path=f"/flight_planning{path}", name=name, says=says, **more)

        plan = "/flight_plans/{id}"
        return (
            endpoint(
                "GET", "/status", "flight_planning_status", "Whether tests may begin.", handler=self.status
            ),
            endpoint(
                "POST",
                "/clear_area_requests",
                "clear_area",
                "Close your plans in an area.",
                handler=self.clear,
                takes=ClearBody,
            ),
            endpoint(
                "PUT",
                plan,
                "put_flight_plan",
                "Make or change a flight plan.",
                handler=self.put,
                takes=PlanBody,
                answers=(409,),
            ),
            endpoint(
                "DELETE",
                plan,
                "delete_flight_plan",
                "Close a flight plan.",
                handler=self.delete,
                answers=(404,),
            ),
            endpoint(
                "GET",
                "/user_notifications",
                "flight_planning_notifications",
                "What others did with your plans.",
                handler=self.notifications,
            ),
        )

    def _plan(self, actor: Actor, plan_id: str, body: PlanBody) -> dict[str, str]:
        """Do what is asked in one change of the register: all of it, or nothing that is ever seen."""
        keep = body.execution_style != "Hypothetical"
        try:
            permit, result = inside(
                self._office, lambda office: self._carry_out(office, actor, plan_id, body), keep=keep
            )
        except InputError as error:
            standing = self._permit_of(self._office, actor, plan_id)
            return _result("Rejected", self._status_of(standing), str(error))
        if keep and permit is not None:
            is_off_nominal = result["flight_plan_status"] == "OffNominal"
            (self._off_nominal.add if is_off_nominal else self._off_nominal.discard)(permit.permit_id)
        return result

    def _carry_out(
        self, office: Office, actor: Actor, plan_id: str, body: PlanBody
    ) -> tuple[Permit | None, dict[str, str]]:
        permit = self._permit_of(office, actor, plan_id)
        basic = body.flight_plan.basic_information
        if basic.usage_state == "Closed":
            closed = None if permit is None else self._close(office, actor, permit)
            return closed, _result("Completed", "Closed" if closed else "NotPlanned")
        permit = self._asked_for(office, actor, plan_id, permit, body)
        if basic.usage_state == "InUse" and permit.state is not S.ACTIVE:
            permit = office.permits.activate(actor, permit.permit_id)
        status = _STATUS.get(permit.state, "NotPlanned")
        if status == "OkToFly" and basic.uas_state in ("OffNominal", "Contingent"):
            status = "OffNominal"
        return permit, _result("Completed", status) | {"includes_advisories": _advisories(office, permit)}

    def _asked_for(
        self, office: Office, actor: Actor, plan_id: str, permit: Permit | None, body: PlanBody
    ) -> Permit:
        """Apply or amend, and return the permit that was granted; InputError where it was not."""
        terms = terms_of_plan(body.flight_plan, plan_id, self._settings)
        if permit is None:
            after = office.permits.apply(actor, terms)
        elif terms.scope is not None and _asks_the_same(permit, terms.scope):
            after = permit
        else:
            after = office.permits.amend(actor, permit.permit_id, terms, "the flight plan was changed")
        if after.state not in (S.AUTO_APPROVED, S.APPROVED, S.ACTIVE):
            raise InputError("flight_plan", f"{after.state}: {after.reason}", "approved by rule")
        return after

    def _close(self, office: Office, actor: Actor, permit: Permit) -> Permit:
        is_flown = S.ACTIVE in (permit.state, permit.standing, permit.resumes)
        end = office.permits.close if is_flown else office.permits.withdraw
        return end(actor, permit.permit_id, "the flight plan was closed")

    def _status_of(self, permit: Permit | None) -> str:
        if permit is None:
            return "NotPlanned"
        status = _STATUS.get(permit.state, "NotPlanned")
        return "OffNominal" if status == "OkToFly" and permit.permit_id in self._off_nominal else status

    def _permit_of(self, office: Office, actor: Actor, plan_id: str) -> Permit | None:
        """Return the permit that a plan stands for now; a closed plan's id may be used again."""
        mark = f"{MARK}{plan_id}"
        return next((each for each in _own(office, actor) if each.scope.flight.purpose == mark), None)


def _own(office: Office, actor: Actor) -> list[Permit]:
    """Return the plans of somebody that have not ended."""
    found = office.register.read().permits(states=frozenset(S) - ENDED, owner=actor.name)
    return [each for each in found if each.scope.flight.purpose.startswith(MARK)]


def _advisories(office: Office, permit: Permit) -> str:
    scope = permit.granted or permit.scope
    zones = office.register.read().zones_at(office.permits.clock.now_utc_ns())
    if scope.conditions or any(_advises(zone, scope) for zone in zones):
        return "AtLeastOneAdvisoryOrCondition"
    return "NoAdvisoriesOrConditions"


def _result(result: str, status: str, notes: str = "") -> dict[str, str]:
    said = {"planning_result": result, "flight_plan_status": status}
    if result != "Completed":
        said["includes_advisories"] = "Unknown"
    return said | ({"notes": notes[:1_000]} if notes else {})


def _asks_the_same(permit: Permit, scope: Scope) -> bool:
    """Return whether a permit is for a scope already, as far as its owner says what is in it."""

    def asked(one: Scope) -> Scope:
        public = tuple(operator_id.partition("-")[0] for operator_id in one.operator_ids)
        return msgspec.structs.replace(
            one, unlocks=(), conditions=(), thresholds=scope.thresholds, operator_ids=public
        )

    return asked(permit.scope) == asked(scope)


def _scopes(permit: Permit) -> list[Scope]:
    return [scope for scope in (permit.scope, permit.granted) if scope is not None]


def _advises(zone: Zone, scope: Scope) -> bool:
    return IMPACTS.get(zone.restriction) == "Advise" and any(
        shares(zone, _place_of(scope, index)) for index in range(len(scope.volumes))
    )


def _touches(scope: Scope, place: Place) -> bool:
    def touches(index: int) -> bool:
        flown = scope.volumes[index]
        start, end = place.start_utc_ns, place.end_utc_ns
        if (end is not None and flown.start_utc_ns > end) or (start is not None and flown.end_utc_ns < start):
            return False
        # A zone of that volume, always in force: what a zone shares with a place is known already.
        zone = Zone(
            zone_id="",
            name="",
            restriction=Restriction.NO_RESTRICTION,
            volumes=(flown.volume,),
            strictness=0,
            document="",
        )
        return shares(zone, place)

    return any(touches(index) for index in range(len(scope.volumes)))


def _place_of(scope: Scope, index: int) -> Place:
    flown = scope.volumes[index]
    return Place(
        outline=flown.volume.outline,
        floor=flown.volume.floor,
        ceiling=flown.volume.ceiling,
        start_utc_ns=flown.start_utc_ns,
        end_utc_ns=flown.end_utc_ns,
    )
