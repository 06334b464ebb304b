"""The service provider's side of network Remote ID (ASTM F3411-22a): display providers ask for our flights.

| asked | answered |
|---|---|
| GET `/rid/uss/flights?view=&recent_positions_duration=` | flights in the view now, or less than 60 s ago |
| GET `/rid/uss/flights/{id}/details` | who and with what; 404 for a flight that the asker may not know of |
| POST `/rid/uss/identification_service_areas/{id}` | 204: somebody tells that an area changed |
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import msgspec

from skykeep.api.interuss_places import Volume4DBody, moment_body, uuid_of
from skykeep.api.register_api_answers import Answer, Call, Endpoint, Parameter, RefusedError
from skykeep.api.rid_dss import Area, SubscriptionState
from skykeep.api.rid_flights import (
    RETENTION_NS,
    FlightSource,
    OwnFlight,
    View,
    details_body,
    flight_body,
    runs_in,
    view_of,
    visible,
)
from skykeep.base.clock import NS_PER_S

MOST_AREAS = 1_000
VIEW = Parameter(
    name="view",
    says="the area: lat1,lng1,lat2,lng2",
    schema={"type": "string", "maxLength": 200},
    required=True,
)
_DURATION = Parameter(
    name="recent_positions_duration",
    says="seconds of recent positions",
    schema={"type": "number", "minimum": 0, "maximum": 60},
)


class AreaNotice(msgspec.Struct, frozen=True):
    """That an identification service area was made, changed (it is there) or deleted (it is not)."""

    subscriptions: list[SubscriptionState]
    service_area: Area | None = None
    extents: Volume4DBody | None = None


class ServiceProvider:
    """Answers for our own flights. `notices` keeps which areas of others were told of, the last thousand."""

    def __init__(self, source: FlightSource) -> None:
        self._source = source
        self.notices: OrderedDict[str, AreaNotice] = OrderedDict()

    def flights(self, call: Call) -> Answer:
        """Return the flights in a view."""
        view = view_of(call.query["view"])
        recent_s = _seconds(call.query.get("recent_positions_duration", "0"))
        body: dict[str, Any] = {
            "timestamp": moment_body(call.now_utc_ns),
            "flights": [
                flight_body(flight, view, recent_s)
                for flight in visible(self._source, call.actor, call.now_utc_ns)
                if runs_in(flight, view)
            ],
        }
        return Answer(body=body)

    def details(self, call: Call) -> Answer:
        """Return the details of one flight."""
        flight = flight_of(visible(self._source, call.actor, call.now_utc_ns), call.path["id"])
        return Answer(body={"details": details_body(flight)})

    def area(self, call: Call) -> Answer:
        """Take notice of an area."""
        area_id = uuid_of(call.path["id"], "id")
        self.notices.pop(area_id, None)
        self.notices[area_id] = call.body
        while len(self.notices) > MOST_AREAS:
            self.notices.popitem(last=False)
        return Answer(status=204)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return what can be asked for."""
        return (
            Endpoint(
                method="GET",
                path="/rid/uss/flights",
                name="search_flights",
                says="The flights in a view.",
                handler=self.flights,
                parameters=(VIEW, _DURATION),
                answers=(400, 413),
            ),
            Endpoint(
                method="GET",
                path="/rid/uss/flights/{id}/details",
                name="flight_details",
                says="Who flies, and with what.",
                handler=self.details,
                answers=(404,),
            ),
            Endpoint(
                method="POST",
                path="/rid/uss/identification_service_areas/{id}",
                name="take_notice_of_area",
                says="An identification service area of somebody else changed.",
                handler=self.area,
                takes=AreaNotice,
                status=204,
            ),
        )


def flight_of(flights: list[OwnFlight], flight_id: str) -> OwnFlight:
    """Return one of some flights; 404 where it is not among them."""
    for flight in flights:
        if flight.flight_id == flight_id:
            return flight
    raise RefusedError(404, "id", flight_id[:80], "a flight of the last 60 s")


def is_now_in(flight: OwnFlight, view: View, now_utc_ns: int) -> bool:
    """Return whether a flight's newest state is in the view and fresh."""
    newest = flight.states[-1]
    return view.holds(newest) and now_utc_ns - newest.time_utc_ns <= RETENTION_NS


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0.0 <= seconds <= RETENTION_NS / NS_PER_S:
        raise RefusedError(400, "recent_positions_duration", text[:40], "0 to 60 seconds")
    return seconds
