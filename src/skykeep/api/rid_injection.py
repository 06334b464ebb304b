"""Flights that a test makes up, shown as if they were seen (InterUSS injection 0.5.0).

| asked | answered |
|---|---|
| PUT `/ridsp/tests/{id}` | what was taken in, and its version; 409 where a test of that id is there |
| DELETE `/ridsp/tests/{id}/{version}` | what was taken out |
| GET `/ridsp/user_notifications?after=&before=` | what users were told: that a flight lacked something |

Each flight is shown as a simulated one, its states as their times come. They are kept in memory, by whoever
put them there, and never reach the sky that is judged. Where there is a DSS it is told of the area.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from skykeep.api.interuss_places import LatLngPoint, Uuid, moment_body
from skykeep.api.register_api_answers import Answer, Call, Endpoint, Parameter, RefusedError
from skykeep.api.register_api_places import Time, time_from_text, utc_ns
from skykeep.api.rid_dss import Dss
from skykeep.api.rid_flights import RETENTION_NS, FlightSource, FlightState, OwnFlight
from skykeep.base.errors import InputError
from skykeep.domain.zone import Polygon
from skykeep.wire.remoteid_network import AIRCRAFT_TYPES, HORIZONTAL, VERTICAL

MOST_TESTS, MOST_NOTICES = 50, 1_000
MARGIN_DEG = 0.01
# Twice the sigma is within the step that was injected, so that the same step is said again.
SHARE_OF_STEP = 0.495
_SPEED_SIGMA = {"SA10mps": 10.0, "SA3mps": 3.0, "SA1mps": 1.0, "SA03mps": 0.3}


class HeightBody(msgspec.Struct, frozen=True):
    distance: float = -1000.0
    reference: str = "GroundLevel"


class PositionBody(msgspec.Struct, frozen=True):
    lat: Annotated[float, Meta(ge=-90, le=90)] | None = None
    lng: Annotated[float, Meta(ge=-180, le=180)] | None = None
    alt: Annotated[float, Meta(ge=-8_000, le=100_000)] | None = None
    accuracy_h: str | None = None
    accuracy_v: str | None = None
    height: HeightBody | None = None


class StateBody(msgspec.Struct, frozen=True):
    timestamp: Time | None = None
    timestamp_accuracy: Annotated[float, Meta(ge=0, le=3_600)] | None = None
    operational_status: Annotated[str, Meta(max_length=40)] | None = None
    position: PositionBody | None = None
    track: Annotated[float, Meta(ge=-360, le=361)] | None = None
    speed: Annotated[float, Meta(ge=0, le=255)] | None = None
    speed_accuracy: str | None = None
    vertical_speed: Annotated[float, Meta(ge=-63, le=63)] | None = None


class UasIdBody(msgspec.Struct, frozen=True):
    serial_number: str | None = None
    registration_id: str | None = None


class DetailsBody(msgspec.Struct, frozen=True):
    id: Annotated[str, Meta(min_length=1, max_length=128)]
    operator_id: str | None = None
    operator_location: LatLngPoint | None = None
    operation_description: str | None = None
    serial_number: str | None = None
    registration_number: str | None = None
    uas_id: UasIdBody | None = None


class DetailsFromBody(msgspec.Struct, frozen=True):
    effective_after: Time
    details: DetailsBody


class FlightBody(msgspec.Struct, frozen=True):
    injection_id: Annotated[str, Meta(min_length=1, max_length=128)]
    telemetry: Annotated[tuple[StateBody, ...], Meta(max_length=5_000)]
    details_responses: Annotated[tuple[DetailsFromBody, ...], Meta(min_length=1, max_length=100)]
    aircraft_type: str = "NotDeclared"


class TestBody(msgspec.Struct, frozen=True):
    __test__ = False
    requested_flights: Annotated[tuple[FlightBody, ...], Meta(min_length=1, max_length=100)]


class Injected(msgspec.Struct, frozen=True, kw_only=True):
    """One test: by whom, in which version, and its flights with the times of their states."""

    owner: str
    version: str
    body: TestBody
    flights: tuple[tuple[FlightBody, tuple[FlightState, ...]], ...]


class Injection:
    """The tests that are there: a source of flights beside the real one."""

    def __init__(self, dss: Dss | None = None) -> None:
        self._dss = dss
        self._tests: dict[str, Injected] = {}
        self._notices: list[tuple[int, str]] = []

    def flights(self, now_utc_ns: int) -> Iterable[OwnFlight]:
        """Return the flights of all tests that are seen now."""
        for test in list(self._tests.values()):
            for body, states in test.flights:
                seen = tuple(s for s in states if now_utc_ns - RETENTION_NS <= s.time_utc_ns <= now_utc_ns)
                if seen:
                    yield _own_flight(body, seen, test.owner, now_utc_ns)

    def put(self, call: Call) -> Answer:
        """Take a test in."""
        test_id = _uuid(call.path["test_id"])
        if test_id in self._tests:
            raise RefusedError(409, "test_id", "a test of this id is there", "deleted first")
        if len(self._tests) >= MOST_TESTS:
            raise RefusedError(409, "test_id", f"{MOST_TESTS} tests are there", "fewer: delete some")
        body: TestBody = call.body
        flights = []
        for index, flight in enumerate(body.requested_flights):
            states, lacking = _states(flight, f"requested_flights[{index}]")
            flights.append((flight, states))
            if lacking:
                says = f"Flight {flight.injection_id} cannot be shown in full: it lacks {', '.join(lacking)}."
                self._notices = [*self._notices[-MOST_NOTICES + 1 :], (call.now_utc_ns, says)]
        self._declare(test_id, [state for _, states in flights for state in states])
        version = secrets.token_hex(8)
        self._tests[test_id] = Injected(
            owner=call.actor.name, version=version, body=body, flights=tuple(flights)
        )
        return Answer(body={"injected_flights": body.requested_flights, "version": version})

    def delete(self, call: Call) -> Answer:
        """Take a test out; the area goes from the DSS, expired or not."""
        test_id = _uuid(call.path["test_id"])
        test = self._tests.get(test_id)
        if test is None or test.owner != call.actor.name or test.version != call.path["version"]:
            raise RefusedError(404, "test_id", test_id, "a test of yours, in its version")
        if self._dss is not None and test_id in self._dss.areas:
            self._dss.delete_area(test_id)
        del self._tests[test_id]
        return Answer(body={"injected_flights": test.body.requested_flights})

    def notifications(self, call: Call) -> Answer:
        """Return what users were told in a time."""
        after = time_from_text(call.query["after"], "after") if "after" in call.query else 0
        before = time_from_text(call.query["before"], "before") if "before" in call.query else None
        told = [
            {"observed_at": moment_body(time_utc_ns), "message": says}
            for time_utc_ns, says in self._notices
            if time_utc_ns >= after and (before is None or time_utc_ns <= before)
        ]
        return Answer(body={"user_notifications": told})

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return what can be asked for."""
        times = tuple(
            Parameter(name=name, says="RFC 3339", schema={"type": "string", "format": "date-time"})
            for name in ("after", "before")
        )
        return (
            Endpoint(
                method="PUT",
                path="/ridsp/tests/{test_id}",
                name="create_test",
                says="Make flights up for a test.",
                handler=self.put,
                takes=TestBody,
                answers=(409,),
            ),
            Endpoint(
                method="DELETE",
                path="/ridsp/tests/{test_id}/{version}",
                name="delete_test",
                says="Take a test's flights out.",
                handler=self.delete,
                answers=(404,),
            ),
            Endpoint(
                method="GET",
                path="/ridsp/user_notifications",
                name="user_notifications",
                says="What users of injected flights were told.",
                handler=self.notifications,
                parameters=times,
            ),
        )

    def _declare(self, test_id: str, states: Sequence[FlightState]) -> None:
        if self._dss is None or not states:
            return
        south = min(state.latitude_deg for state in states) - MARGIN_DEG
        north = max(state.latitude_deg for state in states) + MARGIN_DEG
        west = min(state.longitude_deg for state in states) - MARGIN_DEG
        east = max(state.longitude_deg for state in states) + MARGIN_DEG
        ring = ((west, south), (east, south), (east, north), (west, north))
        heights_m = [state.height_hae_m for state in states if state.height_hae_m is not None] or [0.0]
        self._dss.put_area(
            test_id,
            Polygon(rings=(ring,)),
            (min(heights_m) - 50.0, max(heights_m) + 50.0),
            min(state.time_utc_ns for state in states),
            max(state.time_utc_ns for state in states) + RETENTION_NS,
        )


class AllFlights:
    """Several sources as one."""

    def __init__(self, *sources: FlightSource) -> None:
        self._sources = sources

    def flights(self, now_utc_ns: int) -> Iterable[OwnFlight]:
        """Return the flights of all."""
        for source in self._sources:
            yield from source.flights(now_utc_ns)


def _states(flight: FlightBody, field: str) -> tuple[tuple[FlightState, ...], tuple[str, ...]]:
    """Return the states that say when and where, and the names of what some lack."""
    states, lacking = [], dict[str, None]()
    for index, body in enumerate(flight.telemetry):
        missing = [name for name in _MUST if getattr(body, name) is None]
        place = body.position or PositionBody()
        missing += [f"position.{name}" for name in ("lat", "lng", "alt") if getattr(place, name) is None]
        lacking |= dict.fromkeys(missing)
        if body.timestamp is None or place.lat is None or place.lng is None:
            continue
        states.append(_state(body, place, utc_ns(body.timestamp, f"{field}.telemetry[{index}].timestamp")))
    return tuple(sorted(states, key=lambda state: state.time_utc_ns)), tuple(lacking)


_MUST = ("timestamp", "timestamp_accuracy", "speed", "speed_accuracy", "vertical_speed", "track", "position")


def _state(body: StateBody, place: PositionBody, time_utc_ns: int) -> FlightState:
    assert place.lat is not None
    assert place.lng is not None
    height = place.height
    is_above_ground = height is not None and height.reference == "GroundLevel" and height.distance > -1000.0
    return FlightState(
        time_utc_ns=time_utc_ns,
        latitude_deg=place.lat,
        longitude_deg=place.lng,
        height_hae_m=None if place.alt in (None, -1000.0) else place.alt,
        height_agl_m=height.distance if height is not None and is_above_ground else None,
        course_deg=None if body.track in (None, 361.0) else body.track,
        speed_mps=None if body.speed in (None, 255.0) else body.speed,
        climb_mps=None if body.vertical_speed in (None, 63.0) else body.vertical_speed,
        horizontal_sigma_m=_sigma(HORIZONTAL, place.accuracy_h),
        vertical_sigma_m=_sigma(VERTICAL, place.accuracy_v),
        speed_sigma_mps=_sigma(_SPEED_SIGMA, body.speed_accuracy),
        time_sigma_s=(body.timestamp_accuracy or 0.0) / 2.0,
        status=body.operational_status or "Undeclared",
    )


def _sigma(steps: dict[str, float], name: str | None) -> float | None:
    step = steps.get(name or "")
    return None if step is None or step == float("inf") else step * SHARE_OF_STEP


def _own_flight(body: FlightBody, states: tuple[FlightState, ...], owner: str, now_utc_ns: int) -> OwnFlight:
    effective = [one for one in body.details_responses if _after(one) <= now_utc_ns]
    details = max(effective or body.details_responses[:1], key=_after).details
    uas_id = details.uas_id or UasIdBody()
    place = details.operator_location
    return OwnFlight(
        flight_id=details.id,
        permit_id="",
        states=states,
        private=False,
        owner=owner,
        serial=uas_id.serial_number or details.serial_number or "",
        registration=uas_id.registration_id or details.registration_number or "",
        operator_id=details.operator_id or "",
        aircraft_type=body.aircraft_type if body.aircraft_type in AIRCRAFT_TYPES else "NotDeclared",
        pilot_position=None if place is None else (place.lng, place.lat),
        purpose=details.operation_description or "",
        simulated=True,
    )


def _after(details: DetailsFromBody) -> int:
    try:
        return utc_ns(details.effective_after, "effective_after")
    except InputError:
        return 0


def _uuid(text: str) -> str:
    try:
        return msgspec.convert(text, Uuid).lower()
    except msgspec.ValidationError:
        raise RefusedError(400, "test_id", text[:80], "a UUID") from None
