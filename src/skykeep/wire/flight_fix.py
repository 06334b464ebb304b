"""Where a drone says it is, from its own link or its own log, and how that becomes a claim.

MAVLink, DataFlash and ULog all come to this one record, so that one gate stands before all of them: a place
off the globe or of exactly 0/0, a height, a speed or an accuracy that cannot be is refused by name.

Autopilots give heights above mean sea level; ours are above the ellipsoid. Where neither the vehicle nor the
site tells how far the two lie apart, they are taken as equal and 30 m (the root mean square of the EGM96
geoid over the earth) is added to the vertical sigma.
"""

from __future__ import annotations

import math

import msgspec
import numpy as np

from skykeep.base.errors import DecodeError
from skykeep.domain.place import Vector
from skykeep.domain.sensing import Claim, ClaimKind
from skykeep.geo.frames import LocalFrame

GEOID_SIGMA_M = 30.0
LEAST_HEIGHT_M, MOST_HEIGHT_M = -1_000.0, 40_000.0
MOST_SPEED_MPS = 350.0
MOST_SIGMA_M = 1_000.0
# For a receiver that gives no accuracy: one of 1 m range error per unit of dilution is a good one, of 5 m a
# poor one; GPS SPS Performance Standard (2020), 3.8, allows the signal alone 2.0 m rms.
RANGE_ERROR_M = 3.0
DEFAULT_SIGMA_M = (5.0, 10.0)


class FlightFix(msgspec.Struct, frozen=True, kw_only=True):
    """One place of one drone. `says` names the message. Of the two heights at least one is known, else the
    fix is refused. `sigma_m` is horizontal and vertical.
    """

    says: str
    latitude_deg: float
    longitude_deg: float
    altitude_msl_m: float | None
    height_hae_m: float | None
    velocity_ned_mps: Vector | None
    sigma_m: tuple[float, float]


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Whose fix it is and by which sensor it came."""

    sensor_id: str
    claimed_id: str
    aircraft_category: str = ""


def check_fix(fix: FlightFix) -> None:
    """Raise DecodeError for what cannot be."""
    _bounded(fix.says, "latitude", fix.latitude_deg, -90.0, 90.0, "deg")
    _bounded(fix.says, "longitude", fix.longitude_deg, -180.0, 180.0, "deg")
    if fix.latitude_deg == fix.longitude_deg == 0.0:
        raise DecodeError(f"{fix.says} position", "0/0", "a place that the vehicle knows")
    if fix.altitude_msl_m is None and fix.height_hae_m is None:
        raise DecodeError(f"{fix.says} height", "none", "above the sea or the ellipsoid")
    for height_m in (fix.altitude_msl_m, fix.height_hae_m):
        if height_m is not None:
            _bounded(fix.says, "height", height_m, LEAST_HEIGHT_M, MOST_HEIGHT_M, "m")
    for speed_mps in fix.velocity_ned_mps or ():
        _bounded(fix.says, "velocity", speed_mps, -MOST_SPEED_MPS, MOST_SPEED_MPS, "m/s")
    for sigma_m in fix.sigma_m:
        _bounded(fix.says, "accuracy", sigma_m, 1e-3, MOST_SIGMA_M, "m")


def _bounded(says: str, name: str, value: float, least: float, most: float, unit: str) -> None:
    if not (math.isfinite(value) and least <= value <= most):
        raise DecodeError(f"{says} {name}", f"{value:g} {unit}", f"in {least:g}..{most:g} {unit}")


def claim_of_fix(
    fix: FlightFix,
    sender: Sender,
    sequence: int,
    time_utc_ns: int,
    received_utc_ns: int,
    frame: LocalFrame,
    geoid_height_m: float | None,
) -> Claim:
    """Return the claim of a fix; DecodeError where it cannot be. `geoid_height_m` is how far the geoid lies
    above the ellipsoid at the site, None where nobody said.
    """
    check_fix(fix)
    height_m, vertical_m = fix.height_hae_m, fix.sigma_m[1]
    if height_m is None:
        assert fix.altitude_msl_m is not None
        height_m = fix.altitude_msl_m + (geoid_height_m or 0.0)
        if geoid_height_m is None:
            vertical_m = math.hypot(vertical_m, GEOID_SIGMA_M)
    east_m, north_m, up_m = frame.to_enu_m(fix.latitude_deg, fix.longitude_deg, height_m).tolist()
    velocity = fix.velocity_ned_mps
    return Claim(
        sensor_id=sender.sensor_id,
        sequence=sequence,
        kind=ClaimKind.TELEMETRY,
        claimed_id=sender.claimed_id,
        time_utc_ns=time_utc_ns,
        received_utc_ns=received_utc_ns,
        position_enu_m=(east_m, north_m, up_m),
        velocity_enu_mps=None
        if velocity is None
        else site_velocity_mps(
            frame, fix.latitude_deg, fix.longitude_deg, (velocity[1], velocity[0], -velocity[2])
        ),
        sigma_m=(fix.sigma_m[0], vertical_m),
        aircraft_category=sender.aircraft_category,
    )


def site_velocity_mps(
    frame: LocalFrame, latitude_deg: float, longitude_deg: float, velocity_enu_mps: Vector
) -> Vector:
    """Return a velocity given east, north, up at a place, in the axes of the site: 64 km away they differ by
    more than half a degree.
    """
    there = LocalFrame(latitude_deg=latitude_deg, longitude_deg=longitude_deg, height_hae_m=0.0)
    ecef_mps = there.velocity_to_ecef_mps(np.array(velocity_enu_mps))
    east, north, up = (frame.rotation_ecef_to_enu() @ ecef_mps).tolist()
    return (east, north, up)


def sigma_of_dilution_m(
    horizontal_dilution: float | None, vertical_dilution: float | None
) -> tuple[float, float]:
    """Return the sigma of a receiver that gives only its dilutions of precision."""
    horizontal_m, vertical_m = DEFAULT_SIGMA_M
    if horizontal_dilution is not None:
        horizontal_m = RANGE_ERROR_M * horizontal_dilution
        vertical_m = 2.0 * horizontal_m
    if vertical_dilution is not None:
        vertical_m = RANGE_ERROR_M * vertical_dilution
    return horizontal_m, vertical_m
