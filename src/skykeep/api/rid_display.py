"""The display provider's side of network Remote ID: what an observer is shown of a view.

| diagonal | shown |
|---|---|
| to 2 km | each flight, where it is and where it was in the last 60 s |
| to 7 km | clusters only: how many fly in which box, none so small that it points at one |
| over 7 km | nothing (413) |

A cluster's box covers at least 15 % of the view and reaches at least 300 m beyond its flights on each side,
so that its middle tells nobody's place. Sources: the limits NetDetailsMaxDisplayAreaDiagonal, NetMaxDisplay-
AreaDiagonal, NetMinClusterSize and NetMinObfuscationDistance of the standard; the answers are those of the
InterUSS observation interface 0.3.0.
"""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Iterable
from typing import Any

from skykeep.api.interuss_places import rfc3339
from skykeep.api.register_api_answers import Answer, Call, Endpoint
from skykeep.api.rid_flights import (
    DETAILS_DIAGONAL_M,
    FlightSource,
    FlightState,
    OwnFlight,
    View,
    motion_body,
    position_body,
    runs_in,
    view_of,
    visible,
)
from skykeep.api.rid_provider import VIEW, flight_of, is_now_in

LEAST_CLUSTER_SHARE = 0.15
LEAST_MARGIN_M = 300.0
METRES_PER_DEGREE = 111_320.0


class DisplayProvider:
    """Shows flights to observers."""

    def __init__(self, source: FlightSource) -> None:
        self._source = source
        self._salt = secrets.token_bytes(16)

    def display(self, call: Call) -> Answer:
        """Return the flights or clusters of a view."""
        view = view_of(call.query["view"])
        flights = visible(self._source, call.actor, call.now_utc_ns)
        body: dict[str, Any] = {"flights": [], "clusters": []}
        if view.diagonal_m <= DETAILS_DIAGONAL_M:
            body["flights"] = [_flight(flight, view) for flight in flights if runs_in(flight, view)]
        else:
            seen = [flight for flight in flights if is_now_in(flight, view, call.now_utc_ns)]
            body["clusters"] = clusters_of([flight.states[-1] for flight in seen], view, self._salt)
        return Answer(body=body)

    def details(self, call: Call) -> Answer:
        """Return what an observer is told of one flight."""
        flight = flight_of(visible(self._source, call.actor, call.now_utc_ns), call.path["id"])
        operator: dict[str, Any] = {"id": flight.operator_id} if flight.operator_id else {}
        if flight.pilot_position is not None:
            lng, lat = flight.pilot_position
            operator["location"] = {"lat": lat, "lng": lng}
        uas_id = flight.serial or flight.registration
        return Answer(body={"operator": operator, "uas": {"id": uas_id} if uas_id else {}})

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return what can be asked for."""
        return (
            Endpoint(
                method="GET",
                path="/riddp/display_data",
                name="display_data",
                says="The flights or clusters of a view.",
                handler=self.display,
                parameters=(VIEW,),
                answers=(400, 413),
            ),
            Endpoint(
                method="GET",
                path="/riddp/display_data/{id}",
                name="display_details",
                says="What an observer is told of one flight.",
                handler=self.details,
                answers=(404,),
            ),
        )


def clusters_of(states: Iterable[FlightState], view: View, salt: bytes = b"") -> list[dict[str, Any]]:
    """Return clusters of places: those whose boxes touch are one."""
    side_m = math.sqrt(view.area_m2 * LEAST_CLUSTER_SHARE)
    half_m = max(LEAST_MARGIN_M, side_m / 2.0)
    boxes = [(_box(state, half_m, salt), 1) for state in states]
    merged: list[tuple[View, int]] = []
    for box, count in boxes:
        while touching := next((other for other in merged if _touch(other[0], box)), None):
            merged.remove(touching)
            box, count = _hull(box, touching[0]), count + touching[1]
        merged.append((box, count))
    return [
        {
            "corners": [
                {"lat": box.south_deg, "lng": box.west_deg},
                {"lat": box.north_deg, "lng": box.east_deg},
            ],
            "area_sqm": round(box.area_m2, 1),
            "number_of_flights": count,
        }
        for box, count in merged
    ]


def _flight(flight: OwnFlight, view: View) -> dict[str, Any]:
    newest = flight.states[-1]
    return {
        "id": flight.flight_id,
        "aircraft_type": flight.aircraft_type,
        "current_state": {"timestamp": rfc3339(newest.time_utc_ns), **motion_body(newest)},
        "most_recent_position": _position(newest),
        "recent_paths": [{"positions": [_position(state) for state in run]} for run in runs_in(flight, view)],
    }


def _position(state: FlightState) -> dict[str, Any]:
    body = position_body(state)
    del body["extrapolated"]
    return body


def _box(state: FlightState, half_m: float, salt: bytes) -> View:
    """Return a box of at least `half_m` on each side, its middle moved by a share that is the place's own:
    the same place gives the same box, and nobody can average the shift away by asking again.
    """
    place = f"{state.latitude_deg:.3f} {state.longitude_deg:.3f}".encode()
    digest = hashlib.blake2b(place, key=salt).digest()
    lat, lng = state.latitude_deg, state.longitude_deg
    per_lng = METRES_PER_DEGREE * max(0.01, math.cos(math.radians(lat)))
    grow = [half_m * (1.0 + byte / 255.0 / 2.0) for byte in digest[:4]]
    return View(
        south_deg=max(-90.0, lat - grow[0] / METRES_PER_DEGREE),
        north_deg=min(90.0, lat + grow[1] / METRES_PER_DEGREE),
        west_deg=max(-180.0, lng - grow[2] / per_lng),
        east_deg=min(180.0, lng + grow[3] / per_lng),
    )


def _touch(one: View, other: View) -> bool:
    return (
        one.south_deg <= other.north_deg
        and other.south_deg <= one.north_deg
        and one.west_deg <= other.east_deg
        and other.west_deg <= one.east_deg
    )


def _hull(one: View, other: View) -> View:
    return View(
        south_deg=min(one.south_deg, other.south_deg),
        west_deg=min(one.west_deg, other.west_deg),
        north_deg=max(one.north_deg, other.north_deg),
        east_deg=max(one.east_deg, other.east_deg),
    )
