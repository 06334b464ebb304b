"""Network Remote ID (ASTM F3411-22a): what a service provider answers a display provider, as records.

| answer | has |
|---|---|
| flights | `timestamp`; `flights`, each `id`, `aircraft_type`, `current_state`, `simulated` |
| current state | `timestamp`, `position`, `track`, `speed`, `vertical_speed` |
| position | `lat`, `lng`, `alt`, `accuracy_h`, `accuracy_v`, `pressure_altitude` |
| details | `details`: `id`, `uas_id`, `operator_id`, `operator_location` |

Unknown is 361 degrees, 255 m/s, 63 m/s and -1000 m, as in the broadcast. A flight without a current state
(only an area) has no place. Only what is used is checked; what is not named here is ignored. Source: the
OpenAPI description of ASTM UTM remote identification, version v22a.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import TypeVar

import msgspec

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError, InputError
from skykeep.wire.remoteid_records import HORIZONTAL_ACCURACY_M, VERTICAL_ACCURACY_M

AIRCRAFT_TYPES = {
    "NotDeclared": "",
    "Aeroplane": "aeroplane",
    "Helicopter": "multirotor",
    "Gyroplane": "gyroplane",
    "HybridLift": "hybrid_lift",
    "Ornithopter": "ornithopter",
    "Glider": "glider",
    "Kite": "kite",
    "FreeBalloon": "free_balloon",
    "CaptiveBalloon": "captive_balloon",
    "Airship": "airship",
    "FreeFallOrParachute": "parachute",
    "Rocket": "rocket",
    "TetheredPoweredAircraft": "tethered",
    "GroundObstacle": "ground_obstacle",
    "Other": "other",
}
HORIZONTAL = dict(
    zip(
        (
            *("HAUnknown", "HA10NM", "HA4NM", "HA2NM", "HA1NM", "HA05NM", "HA03NM", "HA01NM", "HA005NM"),
            *("HA30m", "HA10m", "HA3m", "HA1m"),
        ),
        HORIZONTAL_ACCURACY_M,
        strict=True,
    )
) | {"HA10NMPlus": math.inf}
VERTICAL = dict(
    zip(("VAUnknown", "VA150m", "VA45m", "VA25m", "VA10m", "VA3m", "VA1m"), VERTICAL_ACCURACY_M, strict=True)
) | {"VA150mPlus": math.inf}


class Time(msgspec.Struct, frozen=True):
    value: str
    format: str = "RFC3339"


class LatLng(msgspec.Struct, frozen=True):
    lat: float
    lng: float


class Position(msgspec.Struct, frozen=True):
    lat: float | None = None
    lng: float | None = None
    alt: float = -1000.0
    accuracy_h: str = "HAUnknown"
    accuracy_v: str = "VAUnknown"
    pressure_altitude: float = -1000.0


class State(msgspec.Struct, frozen=True):
    timestamp: Time
    position: Position
    timestamp_accuracy: float = 0.0
    operational_status: str = "Undeclared"
    track: float = 361.0
    speed: float = 255.0
    vertical_speed: float = 63.0


class Flight(msgspec.Struct, frozen=True):
    id: str
    aircraft_type: str = "NotDeclared"
    current_state: State | None = None
    simulated: bool = False


class UasId(msgspec.Struct, frozen=True):
    serial_number: str = ""
    registration_id: str = ""
    utm_id: str = ""
    specific_session_id: str = ""


class Altitude(msgspec.Struct, frozen=True):
    value: float


class OperatorLocation(msgspec.Struct, frozen=True):
    position: LatLng
    altitude: Altitude | None = None


class Details(msgspec.Struct, frozen=True):
    id: str
    uas_id: UasId | None = None
    operator_id: str = ""
    operator_location: OperatorLocation | None = None
    serial_number: str = ""  # where version v19 had it
    registration_number: str = ""


class Answer(msgspec.Struct, frozen=True):
    """One answer. `flights` are not yet checked one by one, so that a bad one costs no other."""

    flights: list[msgspec.Raw] | None = None
    details: msgspec.Raw = msgspec.Raw(b"")


Kind = TypeVar("Kind")

_ANSWERS = msgspec.json.Decoder(Answer)
_FLIGHTS = msgspec.json.Decoder(Flight)
_DETAILS = msgspec.json.Decoder(Details)


def decode_answer(data: bytes) -> tuple[list[Flight], list[Details], list[InputError]]:
    """Return the flights and details of one answer that can be believed, and why not the others; DecodeError
    when it is no answer.
    """
    try:
        answer = _ANSWERS.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DecodeError("network_remote_id", str(error), "an answer with flights or details") from error
    if answer.flights is None and not bytes(answer.details):
        raise DecodeError("network_remote_id", "neither flights nor details", "one of them")
    flights: list[Flight] = []
    errors: list[InputError] = []
    for raw in answer.flights or ():
        try:
            flights.append(_checked(_decoded(_FLIGHTS, raw, "flight")))
        except DecodeError as error:
            errors.append(error)
    details: list[Details] = []
    if bytes(answer.details):
        try:
            details.append(_checked_details(_decoded(_DETAILS, answer.details, "details")))
        except DecodeError as error:
            errors.append(error)
    return flights, details, errors


def time_utc_ns(time: Time, field: str) -> int:
    """Return a time of the interface."""
    try:
        moment = datetime.fromisoformat(time.value)
    except ValueError:
        moment = None
    if time.format != "RFC3339" or moment is None or moment.tzinfo is None or not 1970 < moment.year < 2100:
        raise DecodeError(field, f"{time.format} {time.value[:40]}", "RFC3339 with its offset, 1971 to 2099")
    return int(moment.timestamp()) * NS_PER_S + moment.microsecond * 1_000


def _decoded(decoder: msgspec.json.Decoder[Kind], raw: msgspec.Raw, field: str) -> Kind:
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DecodeError(field, str(error), f"a {field} of the interface") from error


def _checked(flight: Flight) -> Flight:
    _named(flight.id, "flight.id")
    if flight.aircraft_type not in AIRCRAFT_TYPES:
        raise DecodeError("flight.aircraft_type", flight.aircraft_type[:40], "a type of the interface")
    state = flight.current_state
    if state is None:
        return flight
    time_utc_ns(state.timestamp, "flight.timestamp")
    _within(state.timestamp_accuracy, 0.0, 3600.0, "flight.timestamp_accuracy")
    place = state.position
    if (place.lat is None) != (place.lng is None):
        raise DecodeError("flight.position", f"{place.lat}, {place.lng}", "both latitude and longitude")
    _within(place.lat or 0.0, -90.0, 90.0, "flight.lat")
    _within(place.lng or 0.0, -180.0, 180.0, "flight.lng")
    _within(place.alt, -1000.0, 31767.5, "flight.alt")
    _within(place.pressure_altitude, -1000.0, 31767.5, "flight.pressure_altitude")
    if place.accuracy_h not in HORIZONTAL:
        raise DecodeError("flight.accuracy_h", place.accuracy_h[:40], "a step of the interface")
    if place.accuracy_v not in VERTICAL:
        raise DecodeError("flight.accuracy_v", place.accuracy_v[:40], "a step of the interface")
    if state.track != 361.0:
        _within(state.track, 0.0, 360.0, "flight.track")
    if state.speed != 255.0:
        _within(state.speed, 0.0, 254.25, "flight.speed")
    if state.vertical_speed != 63.0:
        _within(state.vertical_speed, -62.0, 62.0, "flight.vertical_speed")
    return flight


def _checked_details(details: Details) -> Details:
    _named(details.id, "details.id")
    if details.operator_location is not None:
        place = details.operator_location
        _within(place.position.lat, -90.0, 90.0, "details.operator_location.lat")
        _within(place.position.lng, -180.0, 180.0, "details.operator_location.lng")
        if place.altitude is not None:
            _within(place.altitude.value, -1000.0, 100_000.0, "details.operator_location.altitude")
    return details


def _named(text: str, field: str) -> None:
    if not text or len(text) > 128 or not text.isprintable():
        raise DecodeError(field, repr(text[:40]), "1 to 128 printable characters")


def _within(value: float, low: float, high: float, field: str) -> None:
    if not low <= value <= high:
        raise DecodeError(field, f"{value:g}", f"{low:g} to {high:g}")
