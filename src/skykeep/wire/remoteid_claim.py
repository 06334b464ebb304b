"""A Remote ID location to what we keep: place and speed in the site's frame, its time, and honest sigmas.

| field | how |
|---|---|
| time | tenths of a second after the hour, put next to the moment of reception |
| place | latitude and longitude; the altitude above the ellipsoid, else pressure altitude, else height |
| horizontal sigma | the accuracy's 95 % radius / 2.448, and the way flown in the time's uncertainty |
| vertical sigma | the accuracy's 95 % / 1.960 |

Where a message gives no accuracy, the constants below stand in for it.
"""

from __future__ import annotations

import math

import msgspec

from skykeep.base.clock import NS_PER_S
from skykeep.domain.place import Vector
from skykeep.geo.frames import LocalFrame
from skykeep.wire.remoteid_records import (
    HORIZONTAL_ACCURACY_M,
    VERTICAL_ACCURACY_M,
    HeightType,
    Location,
)

HOUR_S = 3_600
BELIEVED_S = 60.0
# 95 % of a two-dimensional, a one-dimensional normal error, in sigmas.
RADIUS_95, LINE_95 = 2.448, 1.960
# A satellite receiver that says nothing of its error: three times the 10 m that most of them state.
UNKNOWN_HORIZONTAL_SIGMA_M, UNKNOWN_VERTICAL_SIGMA_M = 12.0, 15.0
# Pressure altitude against the ellipsoid: weather (100 m) and the geoid (50 m). Height over a take-off that
# nobody knows the ground of: hills around the site.
PRESSURE_SIGMA_M, HEIGHT_SIGMA_M = 110.0, 60.0
# No height at all: anywhere in the air that small drones use.
NOWHERE_UP_M, NOWHERE_SIGMA_M = 100.0, 300.0
# F3411-22a: sent within a second of its validity. Taken where a message's own time is not to be had.
UNSTAMPED_S = 1.0


class Stamp(msgspec.Struct, frozen=True, kw_only=True):
    """When a location was true. `off_s` is how far its own time lies from reception, None without one."""

    time_utc_ns: int
    believed: bool
    off_s: float | None


def stamp_of(seconds_after_hour: float | None, received_utc_ns: int) -> Stamp:
    """Return the moment next to reception that is so many seconds after an hour; reception itself where the
    message has no time or one that is more than `BELIEVED_S` away.
    """
    if seconds_after_hour is None:
        return Stamp(time_utc_ns=received_utc_ns, believed=False, off_s=None)
    hour_ns = HOUR_S * NS_PER_S
    after_ns = round(seconds_after_hour * 10) * (NS_PER_S // 10)
    off_ns = (after_ns - received_utc_ns + hour_ns // 2) % hour_ns - hour_ns // 2
    believed = abs(off_ns) <= BELIEVED_S * NS_PER_S
    time_utc_ns = received_utc_ns + off_ns if believed else received_utc_ns
    return Stamp(time_utc_ns=time_utc_ns, believed=believed, off_s=off_ns / NS_PER_S)


def place_of(location: Location, frame: LocalFrame) -> tuple[Vector, float] | None:
    """Return the place in the site's frame and the sigma of its height; None when it says no place."""
    if location.latitude_deg is None or location.longitude_deg is None:
        return None
    hae_m, sigma_m = NOWHERE_UP_M + frame.height_hae_m, NOWHERE_SIGMA_M
    if location.altitude_hae_m is not None:
        hae_m, sigma_m = location.altitude_hae_m, vertical_sigma_m(location.vertical_accuracy)
    elif location.pressure_altitude_m is not None:
        hae_m, sigma_m = location.pressure_altitude_m, PRESSURE_SIGMA_M
    elif location.height_m is not None:
        hae_m, sigma_m = location.height_m + frame.height_hae_m, HEIGHT_SIGMA_M
        if location.height_type is HeightType.ABOVE_TAKEOFF:
            sigma_m = math.hypot(sigma_m, HEIGHT_SIGMA_M)
    return enu_m(frame, location.latitude_deg, location.longitude_deg, hae_m), sigma_m


def horizontal_sigma_m(location: Location, stamp: Stamp) -> float:
    """Return one sigma of each horizontal axis."""
    bound_m = HORIZONTAL_ACCURACY_M[location.horizontal_accuracy]
    sigma_m = bound_m / RADIUS_95 if math.isfinite(bound_m) else UNKNOWN_HORIZONTAL_SIGMA_M
    late_s = UNSTAMPED_S if not stamp.believed else (location.time_accuracy_s or 0.0) / LINE_95
    return math.hypot(sigma_m, late_s * (location.speed_mps or 0.0))


def vertical_sigma_m(accuracy: int) -> float:
    """Return one sigma of a height of this accuracy."""
    bound_m = VERTICAL_ACCURACY_M[accuracy]
    return bound_m / LINE_95 if math.isfinite(bound_m) else UNKNOWN_VERTICAL_SIGMA_M


def velocity_of(
    course_deg: float | None, speed_mps: float | None, vertical_speed_mps: float | None
) -> Vector | None:
    """Return the velocity, None where a part of it is unknown; what stands still has no need of a course."""
    if speed_mps is None or vertical_speed_mps is None or (course_deg is None and speed_mps > 0.0):
        return None
    course_rad = math.radians(course_deg or 0.0)
    return speed_mps * math.sin(course_rad), speed_mps * math.cos(course_rad), vertical_speed_mps


def enu_m(frame: LocalFrame, latitude_deg: float, longitude_deg: float, height_hae_m: float) -> Vector:
    """Return a place in the site's frame."""
    east_m, north_m, up_m = frame.to_enu_m(latitude_deg, longitude_deg, height_hae_m).tolist()
    return east_m, north_m, up_m
