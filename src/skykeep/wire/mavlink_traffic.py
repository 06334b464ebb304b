"""What a MAVLink link tells of other aircraft: ADSB_VEHICLE, and OPEN_DRONE_ID messages put together.

A Remote ID sender tells who, where, from where and by whom in messages of their own. They are put together by
sender: `id_or_mac` where the message was received from another aircraft, else the MAVLink system itself. A
place without a name yet is counted and dropped; a name comes at least every 3 s.

Accuracies of Remote ID are 95 % bounds in steps: a 95 % circle is 2.448 sigma, a 95 % interval 1.960. ADS-B
through MAVLink carries no accuracy: taken as NACp 8 (95 % within 92.6 m), heights by pressure as 150 m of
weather, and half a second of flight for its time in whole seconds.
Source: the public MAVLink definitions; ASTM F3411-22a tables of accuracy; DO-260B for NACp.
"""

from __future__ import annotations

import math
from typing import Any

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError
from skykeep.domain.place import Vector
from skykeep.domain.sensing import Claim, ClaimKind
from skykeep.geo.frames import LocalFrame
from skykeep.wire.flight_fix import GEOID_SIGMA_M, site_velocity_mps

CIRCLE_95, INTERVAL_95 = 2.448, 1.960
REMEMBERED_SENDERS = 1_000
HOUR_S = 3_600.0
MOST_LATE_S = 60.0
UNKNOWN_HORIZONTAL_M, UNKNOWN_VERTICAL_M = 50.0, 50.0
PRESSURE_SIGMA_M = 150.0
# A Remote ID that gives no height: half of the 120 m that most rules allow, above the site's ground.
NO_HEIGHT_UP_M, NO_HEIGHT_SIGMA_M = 60.0, 150.0
ADSB_SIGMA_M, ADSB_GEOMETRIC_SIGMA_M, ADSB_TIME_SIGMA_S = 92.6 / CIRCLE_95, 25.0, 0.5
_COORDINATES, _ALTITUDE, _HEADING, _VELOCITY, _SIMULATED, _VERTICAL = 1, 2, 4, 8, 64, 128

_HORIZONTAL_95_M = dict(
    enumerate((18_520.0, 7_408.0, 3_704.0, 1_852.0, 926.0, 555.6, 185.2, 92.6, 30.0, 10.0, 3.0, 1.0), start=1)
)
_VERTICAL_95_M = dict(enumerate((150.0, 45.0, 25.0, 10.0, 3.0, 1.0), start=1))
UA_TYPES = (
    "",
    "aeroplane",
    "helicopter or multirotor",
    "gyroplane",
    "vertical take-off, fixed wing",
    "ornithopter",
    "glider",
    "kite",
    "free balloon",
    "captive balloon",
    "airship",
    "parachute",
    "rocket",
    "tethered aircraft",
    "ground obstacle",
    "other",
)
EMITTER_TYPES = {
    1: "light aircraft",
    2: "small aircraft",
    3: "large aircraft",
    4: "large aircraft, high vortex",
    5: "heavy aircraft",
    6: "highly manoeuvrable",
    7: "rotorcraft",
    9: "glider",
    10: "lighter than air",
    11: "parachute",
    12: "ultralight",
    14: "drone",
    15: "space vehicle",
    17: "emergency vehicle",
    18: "service vehicle",
    19: "obstacle",
}


def adsb_claim(
    fields: dict[str, Any],
    sensor_id: str,
    sequence: int,
    received_utc_ns: int,
    frame: LocalFrame,
    geoid_height_m: float | None,
) -> Claim:
    """Return the claim of a checked ADSB_VEHICLE; DecodeError where it has no place, or is made up."""
    flags = fields["flags"]
    if flags & _SIMULATED:
        raise DecodeError(
            "ADSB_VEHICLE.flags", f"{flags:#06x}", "without 0x40: simulated aircraft are not real"
        )
    if flags & (_COORDINATES | _ALTITUDE) != _COORDINATES | _ALTITUDE:
        raise DecodeError("ADSB_VEHICLE.flags", f"{flags:#06x}", "with coordinates and altitude (0x03)")
    if fields["tslc"] > MOST_LATE_S:
        raise DecodeError("ADSB_VEHICLE.tslc", f"{fields['tslc']} s", f"{MOST_LATE_S:g} s or less")
    latitude_deg, longitude_deg = fields["lat"] / 1e7, fields["lon"] / 1e7
    height_m, geometric = fields["altitude"] / 1e3, fields["altitude_type"] == 1
    height_m += 0.0 if geometric else geoid_height_m or 0.0
    has_velocity = flags & (_HEADING | _VELOCITY) == _HEADING | _VELOCITY
    velocity: Vector | None = None
    speed_mps = fields["hor_velocity"] / 1e2 if has_velocity else 250.0
    if (
        has_velocity
        and flags & _VERTICAL
        and fields["heading"] <= 36_000
        and fields["hor_velocity"] != 65_535
    ):
        course_rad = math.radians(fields["heading"] / 1e2)
        along = (speed_mps * math.sin(course_rad), speed_mps * math.cos(course_rad))
        velocity = site_velocity_mps(
            frame, latitude_deg, longitude_deg, (*along, fields["ver_velocity"] / 1e2)
        )
    east_m, north_m, up_m = frame.to_enu_m(latitude_deg, longitude_deg, height_m).tolist()
    return Claim(
        sensor_id=sensor_id,
        sequence=sequence,
        kind=ClaimKind.ADSB,
        claimed_id=f"{fields['ICAO_address']:06x}",
        time_utc_ns=received_utc_ns - fields["tslc"] * NS_PER_S,
        received_utc_ns=received_utc_ns,
        position_enu_m=(east_m, north_m, up_m),
        velocity_enu_mps=velocity,
        sigma_m=(
            math.hypot(ADSB_SIGMA_M, ADSB_TIME_SIGMA_S * speed_mps),
            ADSB_GEOMETRIC_SIGMA_M if geometric else PRESSURE_SIGMA_M,
        ),
        aircraft_category=EMITTER_TYPES.get(fields["emitter_type"], ""),
    )


class _Told:
    """What one Remote ID sender has told so far."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self.category = ""
        self.operator_id = ""
        self.operator_enu_m: Vector | None = None

    def name(self) -> str:
        """Return the serial, else the registration, else whatever name it gave."""
        return next((self.names[kind] for kind in (1, 2, 3, 4) if kind in self.names), "")


class RemoteIdCollector:
    """Puts the OPEN_DRONE_ID messages of each sender together."""

    def __init__(self, sensor_id: str, frame: LocalFrame) -> None:
        self._sensor_id, self._frame = sensor_id, frame
        self._told: dict[tuple[int, tuple[int, ...]], _Told] = {}

    def take(
        self, name: str, system_id: int, fields: dict[str, Any], sequence: int, received_utc_ns: int
    ) -> Claim | None:
        """Take one checked message; return the claim that a LOCATION makes, once the sender has a name."""
        key = (system_id, fields.get("id_or_mac", (0,) * 20))
        told = self._told.pop(key, None) or _Told()
        self._told[key] = told  # the last place: whoever was silent longest is forgotten first
        if len(self._told) > REMEMBERED_SENDERS:
            del self._told[next(iter(self._told))]
        match name:
            case "OPEN_DRONE_ID_BASIC_ID":
                if fields["id_type"]:
                    told.names[fields["id_type"]] = uas_id(fields["id_type"], bytes(fields["uas_id"]))
                told.category = UA_TYPES[fields["ua_type"]] or told.category
            case "OPEN_DRONE_ID_OPERATOR_ID":
                told.operator_id = fields["operator_id"].strip()
            case "OPEN_DRONE_ID_SYSTEM" | "OPEN_DRONE_ID_SYSTEM_UPDATE":
                told.operator_enu_m = self._operator(fields)
            case "OPEN_DRONE_ID_LOCATION" if told.name():
                return self._claim(told, fields, sequence, received_utc_ns)
        return None

    def _operator(self, fields: dict[str, Any]) -> Vector | None:
        latitude, longitude = fields["operator_latitude"], fields["operator_longitude"]
        if latitude == longitude == 0:
            return None
        height_m = fields["operator_altitude_geo"]
        known_m = self._frame.height_hae_m if height_m <= -1_000.0 else height_m
        east_m, north_m, up_m = self._frame.to_enu_m(latitude / 1e7, longitude / 1e7, known_m).tolist()
        return (east_m, north_m, up_m)

    def _claim(self, told: _Told, fields: dict[str, Any], sequence: int, received_utc_ns: int) -> Claim:
        latitude_deg, longitude_deg = fields["latitude"] / 1e7, fields["longitude"] / 1e7
        height_m, vertical_m = self._height(fields)
        east_m, north_m, up_m = self._frame.to_enu_m(latitude_deg, longitude_deg, height_m).tolist()
        bound_m = _HORIZONTAL_95_M.get(fields["horizontal_accuracy"])
        velocity: Vector | None = None
        if fields["direction"] <= 36_000 and fields["speed_horizontal"] <= 25_425:
            course_rad, speed_mps = math.radians(fields["direction"] / 1e2), fields["speed_horizontal"] / 1e2
            climb_mps = fields["speed_vertical"] / 1e2
            if climb_mps <= 62.0:
                along = (speed_mps * math.sin(course_rad), speed_mps * math.cos(course_rad))
                velocity = site_velocity_mps(self._frame, latitude_deg, longitude_deg, (*along, climb_mps))
        return Claim(
            sensor_id=self._sensor_id,
            sequence=sequence,
            kind=ClaimKind.REMOTE_ID,
            claimed_id=told.name(),
            time_utc_ns=time_in_hour_utc_ns(fields["timestamp"], received_utc_ns),
            received_utc_ns=received_utc_ns,
            position_enu_m=(east_m, north_m, up_m),
            velocity_enu_mps=velocity,
            sigma_m=(UNKNOWN_HORIZONTAL_M if bound_m is None else bound_m / CIRCLE_95, vertical_m),
            operator_id=told.operator_id,
            operator_position_enu_m=told.operator_enu_m,
            aircraft_category=told.category,
        )

    def _height(self, fields: dict[str, Any]) -> tuple[float, float]:
        if fields["altitude_geodetic"] > -1_000.0:
            bound_m = _VERTICAL_95_M.get(fields["vertical_accuracy"])
            sigma_m = UNKNOWN_VERTICAL_M if bound_m is None else bound_m / INTERVAL_95
            return fields["altitude_geodetic"], sigma_m
        if fields["altitude_barometric"] > -1_000.0:
            return fields["altitude_barometric"], math.hypot(PRESSURE_SIGMA_M, GEOID_SIGMA_M)
        return self._frame.height_hae_m + NO_HEIGHT_UP_M, NO_HEIGHT_SIGMA_M


def uas_id(id_type: int, data: bytes) -> str:
    """Return a name as text: as it stands for serials (1) and registrations (2), in hex for the others."""
    if id_type > 2:
        return data.rstrip(b"\0").hex() or _no_name(data)
    text = data.rstrip(b"\0 ")
    if not text or not all(0x20 < octet < 0x7F for octet in text):
        return _no_name(data)
    return text.decode("ascii")


def _no_name(data: bytes) -> str:
    raise DecodeError(
        "OPEN_DRONE_ID_BASIC_ID.uas_id", data.hex(), "printable ASCII without spaces, not empty"
    )


def time_in_hour_utc_ns(second_of_hour: float, received_utc_ns: int) -> int:
    """Return the moment nearest to the reception that is so many seconds past an hour; DecodeError where that
    is over a minute away. 65535 is *not known*: the time of reception.
    """
    if second_of_hour > HOUR_S:
        return received_utc_ns
    received_s_of_hour = received_utc_ns / NS_PER_S % HOUR_S
    apart_s = (second_of_hour - received_s_of_hour + HOUR_S / 2) % HOUR_S - HOUR_S / 2
    if abs(apart_s) > MOST_LATE_S:
        raise DecodeError(
            "OPEN_DRONE_ID_LOCATION.timestamp",
            f"{apart_s:+.0f} s from its reception",
            f"within {MOST_LATE_S:g} s",
        )
    return received_utc_ns + round(apart_s * NS_PER_S)
