"""Network Remote ID to claims: flights joined with their details by the provider's own flight identity.

Details come in an answer of their own, so a flight waits for none: until they come it goes by its flight
identity. A place is told once for each of its times. Flights that say they are simulated are refused, and so
are times more than a minute from their reception, for the interface holds nothing older.
"""

from __future__ import annotations

import math
from collections import Counter

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError, InputError
from skykeep.domain.feed import Taken, refusal_of
from skykeep.domain.place import Vector
from skykeep.domain.sensing import Claim, ClaimKind, Sensor
from skykeep.geo.frames import LocalFrame
from skykeep.wire import remoteid_claim as claim_of
from skykeep.wire.remoteid_network import (
    AIRCRAFT_TYPES,
    HORIZONTAL,
    VERTICAL,
    Details,
    Flight,
    State,
    decode_answer,
    time_utc_ns,
)

OLDEST_S = 60.0  # the interface's NetMaxNearRealTimeDataPeriod
MOST_FLIGHTS = 10_000


class NetworkRemoteIdInput:
    """The translator of one service provider's answers. `wanted` are flights whose details have not come."""

    def __init__(self, sensor: Sensor, frame: LocalFrame) -> None:
        self.counts: Counter[str] = Counter()
        self._sensor_id, self._frame = sensor.sensor_id, frame
        self._details: dict[str, Details] = {}
        self._latest_utc_ns: dict[str, int] = {}
        self._sequence = 0

    @property
    def wanted(self) -> list[str]:
        """The flights known to fly whose details would name them."""
        return [flight for flight in self._latest_utc_ns if flight not in self._details]

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        """Take one answer, of flights or of details."""
        try:
            flights, details, errors = decode_answer(data)
        except DecodeError as error:
            return Taken(refusals=(refusal_of(error, data),))
        for one in details:
            self._details[one.id] = one
            self.counts["details"] += 1
        claims = []
        for flight in flights:
            self.counts["flights"] += 1
            try:
                claim = self._claim(flight, received_utc_ns)
            except InputError as error:
                errors.append(error)
                continue
            if claim is not None:
                claims.append(claim)
        while len(self._latest_utc_ns) > MOST_FLIGHTS:
            oldest = next(iter(self._latest_utc_ns))
            del self._latest_utc_ns[oldest]
            self._details.pop(oldest, None)
        while len(self._details) > MOST_FLIGHTS:
            del self._details[next(iter(self._details))]
        return Taken(records=tuple(claims), refusals=tuple(refusal_of(error, data) for error in errors))

    def _claim(self, flight: Flight, received_utc_ns: int) -> Claim | None:
        state = flight.current_state
        if flight.simulated:
            raise DecodeError("flight.simulated", f"true, of {flight.id}", "false")
        if state is None or state.position.lat is None or state.position.lng is None:
            self.counts["without a place"] += 1
            return None
        stated_utc_ns = time_utc_ns(state.timestamp, "flight.timestamp")
        off_s = (stated_utc_ns - received_utc_ns) / NS_PER_S
        if abs(off_s) > OLDEST_S:
            raise DecodeError(
                "flight.timestamp", f"{off_s:.1f} s from reception, of {flight.id}", f"within {OLDEST_S:g} s"
            )
        before = self._latest_utc_ns.pop(flight.id, None)
        self._latest_utc_ns[flight.id] = stated_utc_ns
        if before is not None and stated_utc_ns <= before:
            self.counts["repeats"] += 1
            return None
        details = self._details.get(flight.id)
        position, sigma_up_m = self._place(state, state.position.lat, state.position.lng)
        claim = Claim(
            sensor_id=self._sensor_id,
            sequence=self._sequence,
            kind=ClaimKind.NETWORK_REMOTE_ID,
            claimed_id=_identity(details) or flight.id,
            time_utc_ns=stated_utc_ns,
            received_utc_ns=received_utc_ns,
            position_enu_m=position,
            velocity_enu_mps=claim_of.velocity_of(
                None if state.track == 361.0 else state.track,
                None if state.speed == 255.0 else state.speed,
                None if state.vertical_speed == 63.0 else state.vertical_speed,
            ),
            sigma_m=(_horizontal_sigma_m(state), sigma_up_m),
            operator_id=details.operator_id if details else "",
            operator_position_enu_m=self._operator_place(details),
            aircraft_category=AIRCRAFT_TYPES[flight.aircraft_type],
        )
        self._sequence += 1
        self.counts["claims"] += 1
        return claim

    def _place(self, state: State, latitude_deg: float, longitude_deg: float) -> tuple[Vector, float]:
        place = state.position
        bound_m = VERTICAL[place.accuracy_v]
        if place.alt != -1000.0:
            hae_m = place.alt
            sigma_m = (
                bound_m / claim_of.LINE_95 if math.isfinite(bound_m) else claim_of.UNKNOWN_VERTICAL_SIGMA_M
            )
        elif place.pressure_altitude != -1000.0:
            hae_m, sigma_m = place.pressure_altitude, claim_of.PRESSURE_SIGMA_M
        else:
            hae_m, sigma_m = self._frame.height_hae_m + claim_of.NOWHERE_UP_M, claim_of.NOWHERE_SIGMA_M
        return claim_of.enu_m(self._frame, latitude_deg, longitude_deg, hae_m), sigma_m

    def _operator_place(self, details: Details | None) -> Vector | None:
        if details is None or details.operator_location is None:
            return None
        place, altitude = details.operator_location.position, details.operator_location.altitude
        height_m = (
            self._frame.height_hae_m if altitude is None or altitude.value == -1000.0 else altitude.value
        )
        return claim_of.enu_m(self._frame, place.lat, place.lng, height_m)


def _identity(details: Details | None) -> str:
    if details is None:
        return ""
    ids = details.uas_id
    own = (ids.serial_number, ids.registration_id, ids.specific_session_id, ids.utm_id) if ids else ()
    return next((one for one in (*own, details.serial_number, details.registration_number) if one), "")


def _horizontal_sigma_m(state: State) -> float:
    bound_m = HORIZONTAL[state.position.accuracy_h]
    sigma_m = bound_m / claim_of.RADIUS_95 if math.isfinite(bound_m) else claim_of.UNKNOWN_HORIZONTAL_SIGMA_M
    speed_mps = 0.0 if state.speed == 255.0 else state.speed
    return math.hypot(sigma_m, state.timestamp_accuracy / claim_of.LINE_95 * speed_mps)
