"""From what an aircraft says to a claim: its height, how sure all that is, and whether it can be true.

| what is given | height above the ellipsoid | one sigma |
|---|---|---|
| geometric height | that | by GVA, see `adsb_integrity` |
| pressure altitude and its own difference of the last 60 s | their sum | the same, and 25 ft of step |
| pressure altitude | that, as if the air were standard | `pressure_sigma_m`: weather |
| on the ground, nothing | the site's | 100 m, and 10 m for each km to there |
| in the air, nothing | 5,000 m | 4,000 m |

Horizontally one sigma is that of the aircraft's own figures, and what it flies in the 0.6 s by which its
sending may be late (14 CFR 91.227 (e)), evenly spread. Refused, by name: a place beyond the range of the
source, altitudes, speeds and rates that no aircraft has, and a place that the aircraft cannot have reached.
Also a place less sure than NACp 5: it would agree with any track around, and a liar need only say so. A
transmitter that is three times in a row where it could not be is followed there: two may use one address.
"""

from __future__ import annotations

import math

import msgspec

from skykeep.base.clock import NS_PER_S
from skykeep.domain.feed import Refusal
from skykeep.domain.place import Vector
from skykeep.domain.sensing import Claim, ClaimKind, Sensor
from skykeep.geo.frames import ECCENTRICITY_SQUARED, SEMI_MAJOR_AXIS_M, LocalFrame
from skykeep.wire.adsb_integrity import EPU_M, WITHIN_95_OF_TWO_AXES

FOOT_M, KNOT_MPS = 0.3048, 1_852.0 / 3_600.0
FOOT_PER_MINUTE_MPS = FOOT_M / 60.0
DEFAULT_REACH_M = 500_000.0
# Uniform over 0 to 0.6 s.
LATE_RMS_S = 0.6 / math.sqrt(3.0)
AIRBORNE_STEP_M, SURFACE_STEP_M = 5.1 / math.sqrt(12.0), 1.3 / math.sqrt(12.0)
DIFFERENCE_STEP_M = 25.0 * FOOT_M / math.sqrt(12.0)
LARGEST_SIGMA_M = EPU_M[5] / WITHIN_95_OF_TWO_AXES
# Weather at sea level, and temperature's share of the height above it: design/pressure_altitude.py.
PRESSURE_SIGMA_M, PRESSURE_SIGMA_SHARE = 90.0, 0.03
GROUND_SIGMA_M, GROUND_SLOPE = 100.0, 0.01
UNKNOWN_HEIGHT_M, UNKNOWN_HEIGHT_SIGMA_M = 5_000.0, 4_000.0
LOWEST_M, HIGHEST_M = -610.0, 30_480.0
FASTEST_MPS, STEEPEST_MPS = 1_000.0, 170.0
# What a place may be off from the last one beyond flying there.
USUAL_MPS, SLACK_M, LARGEST_ERROR_M = 350.0, 500.0, 5_000.0
IN_A_ROW = 3
PLACES_KEPT, PLACE_HELD_NS = 4, 60 * NS_PER_S
AIRCRAFT_KEPT = 10_000


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What an aircraft says of itself, in our units; None and "" where it does not say.

    `geometric_less_pressure_m` is fresh and the aircraft's own. `horizontal_sigma_m` is by its own figures.
    """

    address: str
    time_utc_ns: int
    latitude_deg: float
    longitude_deg: float
    on_ground: bool
    horizontal_sigma_m: float
    pressure_altitude_m: float | None = None
    height_hae_m: float | None = None
    geometric_less_pressure_m: float | None = None
    geometric_sigma_m: float | None = None
    ground_speed_mps: float | None = None
    course_rad: float | None = None
    climb_mps: float | None = None
    category: str = ""
    callsign: str = ""
    rssi_dbm: float | None = None


class _Place:
    """Where one transmitter was last, and how often it was there."""

    __slots__ = ("seen", "sigma_m", "time_utc_ns", "x_m", "y_m")

    def __init__(self, time_utc_ns: int, x_m: float, y_m: float, sigma_m: float, seen: int) -> None:
        self.time_utc_ns, self.x_m, self.y_m, self.sigma_m, self.seen = time_utc_ns, x_m, y_m, sigma_m, seen


def pressure_sigma_m(pressure_altitude_m: float) -> float:
    """Return one sigma of taking a pressure altitude for a height above the ellipsoid."""
    return math.hypot(PRESSURE_SIGMA_M, PRESSURE_SIGMA_SHARE * max(pressure_altitude_m, 0.0))


class ClaimMaker:
    """Makes the claims of one source, and refuses what cannot be true."""

    def __init__(self, sensor: Sensor, frame: LocalFrame, reach_m: float = DEFAULT_REACH_M) -> None:
        self._sensor_id, self._reach_m = sensor.sensor_id, reach_m
        self._ground_hae_m = frame.height_hae_m
        self._origin = [float(value) for value in frame.origin_ecef_m()]
        self._rows = [[float(value) for value in row] for row in frame.rotation_ecef_to_enu()]
        self._sensor_enu_m = sensor.position_enu_m
        self._places: dict[str, list[_Place]] = {}
        self._sequence = 0

    def next_sequence(self) -> int:
        """Return the number of the next record of this source."""
        self._sequence += 1
        return self._sequence - 1

    def claim(self, said: Said, received_utc_ns: int, data: bytes) -> Claim | Refusal:
        """Return the claim, or why there is none."""
        doubt = impossible(said)
        if doubt is not None:
            return Refusal(field=doubt[0], found=doubt[1], must=doubt[2], data=data)
        height_m, up_sigma_m = self._height(said)
        place_m = self._enu_m(said.latitude_deg, said.longitude_deg, height_m)
        if up_sigma_m == GROUND_SIGMA_M:
            up_sigma_m = math.hypot(up_sigma_m, GROUND_SLOPE * math.hypot(place_m[0], place_m[1]))
        away_m = math.dist(place_m, self._sensor_enu_m)
        if away_m > self._reach_m:
            found, must = f"{away_m / 1e3:,.0f} km from the receiver", f"within {self._reach_m / 1e3:,.0f} km"
            return Refusal(field="position", found=found, must=must, data=data)
        speed_mps = said.ground_speed_mps or 0.0
        sigma_m = math.hypot(
            said.horizontal_sigma_m,
            SURFACE_STEP_M if said.on_ground else AIRBORNE_STEP_M,
            LATE_RMS_S * speed_mps,
        )
        jump = self._jump(said, place_m, sigma_m)
        if jump is not None:
            return Refusal(field="position", found=jump[0], must=jump[1], data=data)
        return Claim(
            sensor_id=self._sensor_id,
            sequence=self.next_sequence(),
            kind=ClaimKind.ADSB,
            claimed_id=said.address,
            time_utc_ns=said.time_utc_ns,
            received_utc_ns=received_utc_ns,
            position_enu_m=place_m,
            velocity_enu_mps=_velocity(said),
            sigma_m=(sigma_m, up_sigma_m),
            aircraft_category=_category(said),
            rssi_dbm=said.rssi_dbm,
        )

    def _height(self, said: Said) -> tuple[float, float]:
        sigma_m = said.geometric_sigma_m or UNKNOWN_HEIGHT_SIGMA_M
        if said.height_hae_m is not None:
            return said.height_hae_m, sigma_m
        if said.pressure_altitude_m is not None:
            if said.geometric_less_pressure_m is None:
                return said.pressure_altitude_m, pressure_sigma_m(said.pressure_altitude_m)
            height_m = said.pressure_altitude_m + said.geometric_less_pressure_m
            return height_m, math.hypot(sigma_m, DIFFERENCE_STEP_M)
        if said.on_ground:
            return self._ground_hae_m, GROUND_SIGMA_M
        return UNKNOWN_HEIGHT_M, UNKNOWN_HEIGHT_SIGMA_M

    def _enu_m(self, latitude_deg: float, longitude_deg: float, height_m: float) -> Vector:
        """Return a place in the site's frame, as `LocalFrame.to_enu_m` but in plain floats: 40 times faster
        for one place (tests/wire/test_adsb_claims.py compares them).
        """
        latitude_rad, longitude_rad = math.radians(latitude_deg), math.radians(longitude_deg)
        sin_latitude = math.sin(latitude_rad)
        normal_m = SEMI_MAJOR_AXIS_M / math.sqrt(1.0 - ECCENTRICITY_SQUARED * sin_latitude**2)
        from_axis_m = (normal_m + height_m) * math.cos(latitude_rad)
        x_m = from_axis_m * math.cos(longitude_rad) - self._origin[0]
        y_m = from_axis_m * math.sin(longitude_rad) - self._origin[1]
        z_m = (normal_m * (1.0 - ECCENTRICITY_SQUARED) + height_m) * sin_latitude - self._origin[2]
        east_m, north_m, up_m = (row[0] * x_m + row[1] * y_m + row[2] * z_m for row in self._rows)
        return east_m, north_m, up_m

    def _jump(self, said: Said, place_m: Vector, sigma_m: float) -> tuple[str, str] | None:
        """Return what cannot be about a place, None when the aircraft can have got there."""
        held = self._places.pop(said.address, [])
        held = [place for place in held if said.time_utc_ns - place.time_utc_ns < PLACE_HELD_NS]
        self._places[said.address] = held
        if len(self._places) > AIRCRAFT_KEPT:
            del self._places[next(iter(self._places))]
        x_m, y_m = place_m[0], place_m[1]
        nearest: tuple[float, float, float] | None = None
        for place in held:
            elapsed_s = abs(said.time_utc_ns - place.time_utc_ns) / NS_PER_S
            away_m = math.hypot(x_m - place.x_m, y_m - place.y_m)
            fastest_mps = max(USUAL_MPS, 1.5 * (said.ground_speed_mps or 0.0))
            error_m = min(4.0 * (sigma_m + place.sigma_m), LARGEST_ERROR_M)
            reach_m = fastest_mps * elapsed_s + error_m + SLACK_M
            if away_m <= reach_m:
                place.seen += 1
                if said.time_utc_ns >= place.time_utc_ns:
                    place.time_utc_ns, place.x_m, place.y_m = said.time_utc_ns, x_m, y_m
                    place.sigma_m = sigma_m
                if place.seen >= IN_A_ROW:
                    return None
                return _far(nearest or (away_m, elapsed_s, reach_m))
            if nearest is None:
                nearest = (away_m, elapsed_s, reach_m)
        first = not held
        held.append(_Place(said.time_utc_ns, x_m, y_m, sigma_m, IN_A_ROW if first else 1))
        if len(held) > PLACES_KEPT:
            held.remove(min(held, key=lambda place: place.seen))
        return None if nearest is None else _far(nearest)


def _far(nearest: tuple[float, float, float]) -> tuple[str, str]:
    away_m, elapsed_s, reach_m = nearest
    return f"{away_m:,.0f} m from where it was {elapsed_s:.1f} s before", f"within {reach_m:,.0f} m"


def impossible(said: Said) -> tuple[str, str, str] | None:
    """Return field, what was found and must be, of the first thing no aircraft can be."""
    if not (abs(said.latitude_deg) <= 90.0 and abs(said.longitude_deg) <= 180.0):
        return "position", f"{said.latitude_deg}, {said.longitude_deg} degrees", "within 90 and 180 degrees"
    if said.latitude_deg == 0.0 and said.longitude_deg == 0.0:
        return "position", "0, 0 degrees", "a place that was measured"
    bounded = (
        ("pressure altitude", said.pressure_altitude_m, LOWEST_M, HIGHEST_M, "m"),
        ("height", said.height_hae_m, LOWEST_M, HIGHEST_M, "m"),
        ("ground speed", said.ground_speed_mps, 0.0, FASTEST_MPS, "m/s"),
        ("vertical rate", said.climb_mps, -STEEPEST_MPS, STEEPEST_MPS, "m/s"),
        ("one sigma of its accuracy", said.horizontal_sigma_m, 0.0, LARGEST_SIGMA_M, "m"),
    )
    for field, value, low, high, unit in bounded:
        if value is not None and not low <= value <= high:
            return field, f"{value:,.0f} {unit}", f"{low:,.0f} to {high:,.0f} {unit}"
    return None


def _velocity(said: Said) -> Vector | None:
    if said.ground_speed_mps is None or said.course_rad is None:
        return None
    east_mps = said.ground_speed_mps * math.sin(said.course_rad)
    north_mps = said.ground_speed_mps * math.cos(said.course_rad)
    return east_mps, north_mps, 0.0 if said.on_ground else (said.climb_mps or 0.0)


def _category(said: Said) -> str:
    """Return category and what else there is no field for: the callsign, and that it is on the ground."""
    parts = [said.category, said.callsign, "on the ground" if said.on_ground else ""]
    return " ".join(part for part in parts if part)
