"""What DJI's and the French format say, as claims.

Neither gives an accuracy. DJI's altitude is of unsure meaning (`remoteid_makers`), so its height over a
take-off on unknown ground stands for it, with the sigma of such heights; the French altitude is above the
sea, whose surface is up to 50 m from the ellipsoid in Europe.
"""

from __future__ import annotations

import math

from skykeep.domain.sensing import Claim, ClaimKind
from skykeep.geo.frames import LocalFrame
from skykeep.wire.remoteid_claim import (
    HEIGHT_SIGMA_M,
    NOWHERE_SIGMA_M,
    NOWHERE_UP_M,
    UNKNOWN_HORIZONTAL_SIGMA_M,
    UNSTAMPED_S,
    enu_m,
    velocity_of,
)
from skykeep.wire.remoteid_heard import Heard
from skykeep.wire.remoteid_makers import DjiPurpose, decode_dji, decode_french

SEA_SIGMA_M = 50.0


def dji_claim(
    heard: Heard, frame: LocalFrame, sensor_id: str, sequence: int, received_utc_ns: int
) -> Claim | None:
    """Return the claim of a DJI element, None when it says no place; DecodeError when it cannot be."""
    flight = decode_dji(heard.payload)
    if isinstance(flight, DjiPurpose) or flight.latitude_deg is None or flight.longitude_deg is None:
        return None
    velocity_mps = (flight.velocity_east_mps, flight.velocity_north_mps, flight.velocity_up_mps)
    height_hae_m = flight.height_m + frame.height_hae_m
    pilot = None
    if flight.pilot_latitude_deg is not None and flight.pilot_longitude_deg is not None:
        pilot = enu_m(frame, flight.pilot_latitude_deg, flight.pilot_longitude_deg, frame.height_hae_m)
    speed_mps = math.hypot(flight.velocity_east_mps, flight.velocity_north_mps)
    return Claim(
        sensor_id=sensor_id,
        sequence=sequence,
        kind=ClaimKind.REMOTE_ID,
        claimed_id=flight.serial or f"unnamed {heard.transmitter}".strip(),
        time_utc_ns=received_utc_ns,
        received_utc_ns=received_utc_ns,
        position_enu_m=enu_m(frame, flight.latitude_deg, flight.longitude_deg, height_hae_m),
        velocity_enu_mps=velocity_mps,
        sigma_m=(_late_sigma_m(speed_mps), math.hypot(HEIGHT_SIGMA_M, HEIGHT_SIGMA_M)),
        operator_position_enu_m=pilot,
        rssi_dbm=heard.radio.rssi_dbm,
    )


def french_claim(
    heard: Heard, frame: LocalFrame, sensor_id: str, sequence: int, received_utc_ns: int
) -> Claim | None:
    """Return the claim of a French element; DecodeError when it cannot be."""
    said = decode_french(heard.payload)
    height_hae_m, sigma_m = NOWHERE_UP_M + frame.height_hae_m, NOWHERE_SIGMA_M
    if said.altitude_msl_m is not None:
        height_hae_m, sigma_m = said.altitude_msl_m, SEA_SIGMA_M
    elif said.height_m is not None:
        height_hae_m, sigma_m = said.height_m + frame.height_hae_m, math.sqrt(2.0) * HEIGHT_SIGMA_M
    return Claim(
        sensor_id=sensor_id,
        sequence=sequence,
        kind=ClaimKind.REMOTE_ID,
        claimed_id=said.serial or said.identity or f"unnamed {heard.transmitter}".strip(),
        time_utc_ns=received_utc_ns,
        received_utc_ns=received_utc_ns,
        position_enu_m=enu_m(frame, said.latitude_deg, said.longitude_deg, height_hae_m),
        velocity_enu_mps=velocity_of(said.course_deg, said.speed_mps, None),
        sigma_m=(_late_sigma_m(said.speed_mps or 0.0), sigma_m),
        rssi_dbm=heard.radio.rssi_dbm,
    )


def _late_sigma_m(speed_mps: float) -> float:
    return math.hypot(UNKNOWN_HORIZONTAL_SIGMA_M, UNSTAMPED_S * speed_mps)
