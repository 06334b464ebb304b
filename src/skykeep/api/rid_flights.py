"""Our own permitted flights as network Remote ID shows them (ASTM F3411-22a), from the tracks that were
matched to active permits.

| said | from |
|---|---|
| `current_state` | the newest state; unknown is 361 degrees, 255 m/s, 63 m/s, -1000 m, as in the broadcast |
| `recent_positions` | states of the last 60 s at most, in the view or next to one that is |
| `accuracy_h`, `accuracy_v` | the step of the standard that holds twice the 1-sigma |
| `operating_area` | never: every flight of ours is seen by a sensor |

A private flight is shown to those alone who are entitled: it is left out as if it were not there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Protocol

import msgspec

from skykeep.api.interuss_places import moment_body
from skykeep.api.register_api_answers import RefusedError
from skykeep.base.clock import NS_PER_S
from skykeep.domain.actor import Actor, Right
from skykeep.wire.remoteid_network import HORIZONTAL, VERTICAL

RETENTION_NS = 60 * NS_PER_S
LONGEST_DIAGONAL_M = 7_000.0
DETAILS_DIAGONAL_M = 2_000.0
_MEAN_RADIUS_M = 6_371_008.8


class FlightState(msgspec.Struct, frozen=True, kw_only=True):
    """Where a flight was at a time. Heights are above the ellipsoid; None is not known."""

    time_utc_ns: int
    latitude_deg: float
    longitude_deg: float
    height_hae_m: float | None = None
    height_agl_m: float | None = None
    course_deg: float | None = None
    speed_mps: float | None = None
    climb_mps: float | None = None
    horizontal_sigma_m: float | None = None
    vertical_sigma_m: float | None = None
    speed_sigma_mps: float | None = None
    time_sigma_s: float = 0.1
    status: str = "Airborne"


class OwnFlight(msgspec.Struct, frozen=True, kw_only=True):
    """A flight that an active permit covers, and the states of its track, oldest first.

    `flight_id` stays the same for as long as the flight lasts and tells nothing; `aircraft_type` is a word of
    the interface; `pilot_position` is longitude and latitude.
    """

    flight_id: str
    permit_id: str
    states: tuple[FlightState, ...]
    private: bool
    owner: str = ""
    serial: str = ""
    registration: str = ""
    operator_id: str = ""
    aircraft_type: str = "NotDeclared"
    pilot_position: tuple[float, float] | None = None
    purpose: str = ""
    category: str = ""
    uas_class: str = ""
    simulated: bool = False


class FlightSource(Protocol):
    """Where our own flights come from."""

    def flights(self, now_utc_ns: int) -> Iterable[OwnFlight]:
        """Return the permitted flights seen in the last 60 s. Called from any thread."""
        ...


class View(msgspec.Struct, frozen=True, kw_only=True):
    """The area asked about: the smallest box of two corners."""

    south_deg: float
    west_deg: float
    north_deg: float
    east_deg: float

    @property
    def diagonal_m(self) -> float:
        return distance_m(self.south_deg, self.west_deg, self.north_deg, self.east_deg)

    @property
    def area_m2(self) -> float:
        width_m = distance_m(self.south_deg, self.west_deg, self.south_deg, self.east_deg)
        return width_m * distance_m(self.south_deg, self.west_deg, self.north_deg, self.west_deg)

    def holds(self, state: FlightState) -> bool:
        """Return whether a state lies in the view, edges inclusive."""
        lon, lat = state.longitude_deg, state.latitude_deg
        return self.south_deg <= lat <= self.north_deg and self.west_deg <= lon <= self.east_deg


def view_of(text: str) -> View:
    """Return the view of `lat,lng,lat,lng`: 400 when it is none, 413 when its diagonal is over 7 km."""
    try:
        lat1, lng1, lat2, lng2 = (float(part) for part in text.split(","))
    except ValueError:
        raise RefusedError(400, "view", text[:80], "lat1,lng1,lat2,lng2 in degrees") from None
    latitudes, longitudes = sorted((lat1, lat2)), sorted((lng1, lng2))
    is_on_earth = all(-90.0 <= lat <= 90.0 for lat in latitudes) and all(
        -180.0 <= lng <= 180.0 for lng in longitudes
    )
    if not is_on_earth:
        raise RefusedError(400, "view", text[:80], "latitudes to 90, longitudes to 180 degrees")
    view = View(
        south_deg=latitudes[0], north_deg=latitudes[1], west_deg=longitudes[0], east_deg=longitudes[1]
    )
    if view.diagonal_m > LONGEST_DIAGONAL_M:
        found, must = f"a diagonal of {view.diagonal_m / 1_000:.2f} km", "at most 7 km"
        raise RefusedError(413, "view", found, must)
    return view


def distance_m(lat1_deg: float, lng1_deg: float, lat2_deg: float, lng2_deg: float) -> float:
    """Return the great-circle distance on the mean sphere; good to 0.6 % of the ellipsoid's."""
    lat1, lat2 = math.radians(lat1_deg), math.radians(lat2_deg)
    half_lat, half_lng = (lat2 - lat1) / 2, math.radians(lng2_deg - lng1_deg) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(half_lng) ** 2
    return 2.0 * _MEAN_RADIUS_M * math.asin(min(1.0, math.sqrt(chord)))


def may_see(flight: OwnFlight, actor: Actor) -> bool:
    """Return whether somebody may know of a flight."""
    return not flight.private or Right.SEE_PRIVATE in actor.rights or (flight.owner or None) == actor.name


def visible(source: FlightSource, actor: Actor, now_utc_ns: int) -> list[OwnFlight]:
    """Return the flights that somebody may know of, with the states that are not too old."""
    flights = []
    for flight in source.flights(now_utc_ns):
        states = tuple(
            state for state in flight.states if now_utc_ns - RETENTION_NS <= state.time_utc_ns <= now_utc_ns
        )
        if states and may_see(flight, actor):
            flights.append(msgspec.structs.replace(flight, states=states))
    return sorted(flights, key=lambda flight: flight.flight_id)


def runs_in(flight: OwnFlight, view: View) -> list[tuple[FlightState, ...]]:
    """Return the stretches of a flight in a view, each with the state before and after it where it crosses
    the edge; no stretch has two states outside beside one another.
    """
    inside = [view.holds(state) for state in flight.states]
    runs: list[list[FlightState]] = []
    previous = -2
    for index, state in enumerate(flight.states):
        if not any(inside[max(0, index - 1) : index + 2]):
            continue
        if previous != index - 1 or not (inside[previous] or inside[index]):
            runs.append([])
        runs[-1].append(state)
        previous = index
    return [tuple(run) for run in runs]


def flight_body(flight: OwnFlight, view: View, recent_s: float) -> dict[str, Any]:
    """Return one RIDFlight."""
    newest = flight.states[-1]
    body: dict[str, Any] = {
        "id": flight.flight_id,
        "aircraft_type": flight.aircraft_type,
        "current_state": _state_body(newest),
        "simulated": flight.simulated,
    }
    if recent_s > 0:
        first_utc_ns = newest.time_utc_ns - round(recent_s * NS_PER_S)
        body["recent_positions"] = [
            {"time": moment_body(state.time_utc_ns), "position": position_body(state)}
            for run in runs_in(flight, view)
            for state in run
            if state.time_utc_ns >= first_utc_ns
        ]
    return body


def details_body(flight: OwnFlight) -> dict[str, Any]:
    """Return the RIDFlightDetails of a flight; what is not known is left out."""
    uas_id = {"serial_number": flight.serial, "registration_id": flight.registration}
    body: dict[str, Any] = {
        "id": flight.flight_id,
        "uas_id": {name: value for name, value in uas_id.items() if value},
        "operator_id": flight.operator_id,
        "operation_description": flight.purpose,
    }
    if flight.pilot_position is not None:
        lng, lat = flight.pilot_position
        body["operator_location"] = {"position": {"lat": lat, "lng": lng}}
    if flight.category or flight.uas_class:
        body["eu_classification"] = {
            "category": flight.category or "EUCategoryUndefined",
            "class": f"Class{flight.uas_class[1:]}" if flight.uas_class[:1] == "C" else "EUClassUndefined",
        }
    return {name: value for name, value in body.items() if value not in ("", {})}


def position_body(state: FlightState) -> dict[str, Any]:
    """Return one RIDAircraftPosition, to 1e-7 degrees."""
    body: dict[str, Any] = {
        "lat": round(state.latitude_deg, 7),
        "lng": round(state.longitude_deg, 7),
        "alt": -1000.0 if state.height_hae_m is None else round(state.height_hae_m, 1),
        "accuracy_h": _step(HORIZONTAL, state.horizontal_sigma_m, "HAUnknown"),
        "accuracy_v": _step(VERTICAL, state.vertical_sigma_m, "VAUnknown"),
        "extrapolated": False,
    }
    if state.height_agl_m is not None:
        body["height"] = {"distance": round(state.height_agl_m, 1), "reference": "GroundLevel"}
    return body


def motion_body(state: FlightState) -> dict[str, Any]:
    """Return how fast and where to: what the display's and the provider's answers have in common."""
    climb_mps = state.climb_mps
    return {
        "timestamp_accuracy": round(state.time_sigma_s * 2.0, 1),
        "operational_status": state.status,
        "track": 361.0 if state.course_deg is None else round(state.course_deg) % 360,
        "speed": 255.0 if state.speed_mps is None else min(254.25, round(state.speed_mps * 4.0) / 4.0),
        "speed_accuracy": _speed_step(state.speed_sigma_mps),
        "vertical_speed": 63.0 if climb_mps is None else min(62.0, max(-62.0, round(climb_mps, 1))),
    }


def _state_body(state: FlightState) -> dict[str, Any]:
    return {
        "timestamp": moment_body(state.time_utc_ns),
        "position": position_body(state),
        **motion_body(state),
    }


def _step(steps: dict[str, float], sigma_m: float | None, unknown: str) -> str:
    """Return the least step of the standard that holds 95 %."""
    if sigma_m is None:
        return unknown
    fitting = [(bound_m, name) for name, bound_m in steps.items() if 2.0 * sigma_m < bound_m]
    return min(fitting, default=(0.0, unknown))[1]


def _speed_step(sigma_mps: float | None) -> str:
    if sigma_mps is None:
        return "SAUnknown"
    steps = ((0.3, "SA03mps"), (1.0, "SA1mps"), (3.0, "SA3mps"), (10.0, "SA10mps"))
    return next((name for bound, name in steps if 2.0 * sigma_mps < bound), "SA10mpsPlus")
