"""ASTERIX CAT021 to claims: what aircraft say of themselves over ADS-B, with the accuracy they admit to.

| of the claim | from |
|---|---|
| identity | 080, the 24-bit address; a report without one is no claim |
| place | 131 (fine), else 130; height 140, else 145 (a pressure level) |
| velocity | 160 ground speed and track angle, with 157, else 155, for the vertical |
| sigma | 090 and 210, see below; vertical GVA, else by the kind of height |

The category says how uncertain the place is in one of three scales, by the version of the transponder (210):
NUCp of version 0; NACp, whose 95 % radius is the Estimated Position Uncertainty, of versions 1 and 2.
Editions before 1.0 give a figure (PA) without saying of which scale it is: the worse reading is taken. A 95 %
radius is 2.448 sigma of a round normal error. Nothing said, or "unknown", is 10 NM. Sources: RTCA DO-260B
tables 2-70 and N-5, EUROCONTROL-SPEC-0149 part 12.
"""

from __future__ import annotations

import numpy as np

from skykeep.domain.place import Vector
from skykeep.domain.sensing import Claim, ClaimKind
from skykeep.geo.frames import LocalFrame
from skykeep.wire.asterix import AsterixRecord
from skykeep.wire.asterix_scan import (
    FLIGHT_LEVEL_M,
    FOOT_M,
    LEVEL_SIGMA_M,
    NAUTICAL_MILE_M,
    UNKNOWN_HEIGHT_M,
    UNKNOWN_HEIGHT_SIGMA_M,
)

RADIUS_95_SIGMAS = float(np.sqrt(-2.0 * np.log(0.05)))  # of a round normal error in the plane
HEIGHT_95_SIGMAS = 1.96
UNKNOWN_RADIUS_M = 10 * NAUTICAL_MILE_M
# NACp and NUCp to a 95 % radius
NACP_RADIUS_M = {
    11: 3.0, 10: 10.0, 9: 30.0, 8: 0.05 * 1_852, 7: 0.1 * 1_852, 6: 0.3 * 1_852, 5: 0.5 * 1_852, 4: 1_852.0,
    3: 2 * 1_852.0, 2: 4 * 1_852.0, 1: 10 * 1_852.0,
}  # fmt: skip
NUCP_RADIUS_M = {
    9: 3.0, 8: 10.0, 7: 0.05 * 1_852, 6: 0.1 * 1_852, 5: 0.25 * 1_852, 4: 0.5 * 1_852, 3: 1_852.0,
    2: 5 * 1_852.0, 1: 10 * 1_852.0,
}  # fmt: skip
GVA_HEIGHT_M = {1: 150.0, 2: 45.0}
# A height over the ellipsoid that no figure comes with, and one of who is on the ground.
GEOMETRIC_SIGMA_M, ON_GROUND_SIGMA_M = 77.0, 50.0
FOOT_PER_MINUTE_MPS = FOOT_M / 60.0
UNMANNED = 13
CATEGORIES = {
    1: "light", 2: "small", 3: "large", 4: "high vortex large", 5: "heavy", 6: "high performance",
    10: "rotorcraft", 11: "glider", 12: "lighter than air", UNMANNED: "unmanned", 14: "space",
    15: "ultralight", 16: "parachutist", 20: "emergency vehicle", 21: "service vehicle",
    22: "obstacle", 23: "obstacle", 24: "obstacle",
}  # fmt: skip


def claim_of(
    record: AsterixRecord,
    sensor_id: str,
    sequence: int,
    time_utc_ns: int,
    received_utc_ns: int,
    frame: LocalFrame,
) -> Claim | None:
    """Return the claim of a CAT021 record, None when it names no aircraft or no place."""
    items = record.items
    place = items.get("131") or items.get("130")
    address = items.get("080")
    if not isinstance(place, dict) or not isinstance(address, int) or address in (0, 0xFFFFFF):
        return None
    height_m, height_sigma_m = _height(record, frame)
    east_m, north_m, up_m = frame.to_enu_m(place["LAT"], place["LON"], height_m).tolist()
    emitter = items.get("020")
    return Claim(
        sensor_id=sensor_id,
        sequence=sequence,
        kind=ClaimKind.ADSB,
        claimed_id=f"{address:06X}",
        time_utc_ns=time_utc_ns,
        received_utc_ns=received_utc_ns,
        position_enu_m=(east_m, north_m, up_m),
        velocity_enu_mps=_velocity(record, frame),
        sigma_m=(radius_95_m(record) / RADIUS_95_SIGMAS, height_sigma_m),
        aircraft_category=CATEGORIES.get(emitter, "") if isinstance(emitter, int) else "",
    )


def radius_95_m(record: AsterixRecord) -> float:
    """Return the radius that holds the true place in 95 of 100 reports, by the aircraft's own word."""
    quality = record.items.get("090")
    if not isinstance(quality, dict):
        return UNKNOWN_RADIUS_M
    if "PA" in quality:
        figure = int(quality["PA"]) & 0xF
        return max(NACP_RADIUS_M.get(figure, UNKNOWN_RADIUS_M), NUCP_RADIUS_M.get(figure, 0.0))
    version = record.items.get("210")
    if "NACP" in quality and not (isinstance(version, dict) and version.get("VN") == 0):
        return NACP_RADIUS_M.get(quality["NACP"], UNKNOWN_RADIUS_M)
    if isinstance(version, dict) and version.get("VN") in (1, 2):
        return UNKNOWN_RADIUS_M  # a NIC bounds integrity; it is no accuracy
    return NUCP_RADIUS_M.get(quality.get("NUCPNIC", 0), UNKNOWN_RADIUS_M)


def _height(record: AsterixRecord, frame: LocalFrame) -> tuple[float, float]:
    items = record.items
    quality, descriptor = items.get("090"), items.get("040")
    if isinstance(items.get("140"), float):
        gva = quality.get("GVA", 0) if isinstance(quality, dict) else 0
        told_m = GVA_HEIGHT_M.get(gva)
        return items["140"] * FOOT_M, GEOMETRIC_SIGMA_M if told_m is None else told_m / HEIGHT_95_SIGMAS
    if isinstance(items.get("145"), float):
        return items["145"] * FLIGHT_LEVEL_M, LEVEL_SIGMA_M
    if isinstance(descriptor, dict) and descriptor.get("GBS"):
        return frame.height_hae_m, ON_GROUND_SIGMA_M
    return UNKNOWN_HEIGHT_M, UNKNOWN_HEIGHT_SIGMA_M


def _velocity(record: AsterixRecord, frame: LocalFrame) -> Vector | None:
    """Return the velocity in the site's axes; None when it is not told or beyond what can be told (RE)."""
    vector = record.items.get("160")
    place = record.items.get("131") or record.items.get("130")
    if not isinstance(vector, dict) or vector.get("RE") or not isinstance(place, dict):
        return None
    speed_mps, course_rad = vector["GS"] * NAUTICAL_MILE_M, np.radians(vector["TA"])
    own = LocalFrame(latitude_deg=place["LAT"], longitude_deg=place["LON"], height_hae_m=0.0)
    turn = frame.rotation_ecef_to_enu() @ own.rotation_ecef_to_enu().T
    east, north, up = (
        turn @ (speed_mps * np.sin(course_rad), speed_mps * np.cos(course_rad), _climb_mps(record))
    ).tolist()
    return east, north, up


def _climb_mps(record: AsterixRecord) -> float:
    for number, name in (("157", "GVR"), ("155", "BVR")):
        rate = record.items.get(number)
        if isinstance(rate, dict):
            rate = None if rate.get("RE") else rate.get(name)
        if isinstance(rate, float):
            return rate * FOOT_PER_MINUTE_MPS
    return 0.0
