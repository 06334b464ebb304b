"""Tracks out to air traffic displays: `TrackReport` to ASTERIX CAT062, edition 1.18 and later.

| item | octets | holds |
|---|---|---|
| 010, 015 | 2, 1 | who we are: area and identification code, service |
| 070 | 3 | time of day, 1/128 s |
| 105 | 4, 4 | WGS 84 latitude, longitude, 180/2^25 degrees |
| 185 | 2, 2 | east and north velocity, 0.25 m/s |
| 245 | 7 | name, eight characters of A-Z, 0-9; STI 1, "not downlinked" |
| 380 | 3 + | ADR, a 24-bit address that sensors agree with; EMC 13, unmanned |
| 040 | 2 | track number: `track_id` modulo 65,536 |
| 080 | 2 or 4 | MON one sensor; MRH; CNF tentative; SIM simulated; TSE ended; CST coasting |
| 130, 220 | 2, 2 | height above the ellipsoid, 6.25 ft; climb, 6.25 ft/min |
| 500 | 1 + 7 | APC east and north sigma, 0.5 m; COV; AGA height sigma, 6.25 ft |

A sigma beyond its field is sent as the most the field holds. Anything else beyond its field is refused, so
that a display never shows a moved value. Source: EUROCONTROL-SPEC-0149 part 9, editions 1.18 to 1.21.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

import msgspec

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError
from skykeep.domain.identity import TargetClass
from skykeep.domain.track import TrackReport, TrackStatus
from skykeep.wire.asterix_scan import FOOT_M

CATEGORY = 62
DEGREES_STEP = 180.0 / 2**25
VELOCITY_STEP_MPS, SIGMA_STEP_M = 0.25, 0.5
HEIGHT_STEP_M, CLIMB_STEP_MPS = 6.25 * FOOT_M, 6.25 * FOOT_M / 60.0
UNMANNED = 13
# A block fits one datagram of a plain Ethernet.
LARGEST_BLOCK_OCTETS = 1_400

# Presence of 010 015 070 105 185 | 245 380 040 080 | 130 220 | 500, an FX bit after each seven.
_FSPEC = bytes((0b1011_1011, 0b0011_1101, 0b0001_0101, 0b0000_0100))
_FSPEC_WITHOUT_380 = bytes((0b1011_1011, 0b0010_1101, 0b0001_0101, 0b0000_0100))
_ADDRESS = re.compile(r"[0-9A-Fa-f]{6}")


class SystemIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """Who sends: area code and identification code as assigned, the service, and whether all is simulated."""

    area_code: int
    identification_code: int
    service: int = 1
    simulated: bool = False


def encode_tracks(reports: Iterable[TrackReport], system: SystemIdentity) -> list[bytes]:
    """Return the CAT062 blocks of these tracks; InputError names the field that cannot be sent."""
    return blocks_of(encode_record(report, system) for report in reports)


def blocks_of(records: Iterable[bytes]) -> list[bytes]:
    """Return CAT062 blocks of these records, in their order, none over `LARGEST_BLOCK_OCTETS`."""
    blocks: list[bytes] = []
    body = b""
    for record in records:
        if body and 3 + len(body) + len(record) > LARGEST_BLOCK_OCTETS:
            blocks.append(_block(body))
            body = b""
        body += record
    return [*blocks, _block(body)] if body else blocks


def _block(body: bytes) -> bytes:
    return bytes([CATEGORY]) + (3 + len(body)).to_bytes(2, "big") + body


def encode_record(report: TrackReport, system: SystemIdentity) -> bytes:
    """Return one CAT062 record."""
    east_mps, north_mps, up_mps = report.velocity_enu_mps
    derived = _derived(report)
    time_of_day_ns = report.time_utc_ns % (86_400 * NS_PER_S)
    return b"".join(
        (
            _FSPEC if derived else _FSPEC_WITHOUT_380,
            _unsigned("area_code", system.area_code, 1),
            _unsigned("identification_code", system.identification_code, 1),
            _unsigned("service", system.service, 1),
            # Rounded down, so that the last instant of a day is not 24:00.
            (time_of_day_ns * 128 // NS_PER_S).to_bytes(3, "big"),
            _signed("latitude_deg", report.latitude_deg, DEGREES_STEP, 4, 90.0),
            _signed("longitude_deg", report.longitude_deg, DEGREES_STEP, 4, 180.0),
            _signed("velocity_enu_mps[0]", east_mps, VELOCITY_STEP_MPS, 2),
            _signed("velocity_enu_mps[1]", north_mps, VELOCITY_STEP_MPS, 2),
            _name(report),
            derived,
            (report.track_id % 65_536).to_bytes(2, "big"),
            _status(report, system),
            _signed("height_hae_m", report.height_hae_m, HEIGHT_STEP_M, 2),
            _signed("velocity_enu_mps[2]", up_mps, CLIMB_STEP_MPS, 2),
            _accuracy(report),
        )
    )


def _unsigned(field: str, value: int, octets: int) -> bytes:
    if not 0 <= value < 256**octets:
        raise InputError(field, str(value), f"in 0..{256**octets - 1}")
    return value.to_bytes(octets, "big")


def _signed(field: str, value: float, step: float, octets: int, most: float | None = None) -> bytes:
    limit = step * (128 * 256 ** (octets - 1) - 1) if most is None else most
    if not -limit <= value <= limit:
        raise InputError(field, f"{value:g}", f"in {-limit:g}..{limit:g}")
    return round(value / step).to_bytes(octets, "big", signed=True)


def _saturated(field: str, sigma: float, step: float, octets: int) -> bytes:
    if not sigma >= 0.0:
        raise InputError(field, f"{sigma:g}", "a standard deviation")
    most = 256**octets - 1
    # Rounded up: a display may think us worse than we are, never better.
    return (most if sigma >= most * step else math.ceil(sigma / step)).to_bytes(octets, "big")


def _name(report: TrackReport) -> bytes:
    text = "".join(letter for letter in report.name.upper() if letter.isascii() and letter.isalnum())[:8]
    packed = 0
    for letter in text.ljust(8):
        # International Alphabet 5, its lower six bits.
        packed = packed << 6 | ord(letter) & 0x3F
    return b"\x40" + packed.to_bytes(6, "big")


def _derived(report: TrackReport) -> bytes:
    address = _ADDRESS.fullmatch(report.claimed_id)
    unmanned = report.target_class in (TargetClass.MULTIROTOR, TargetClass.FIXED_WING)
    if not address and not unmanned:
        return b""
    presence = bytes((0x80 * bool(address) | unmanned, 0x01, 0x02)) if unmanned else b"\x80"
    category = bytes([UNMANNED]) if unmanned else b""
    return presence + (bytes.fromhex(address.group()) if address else b"") + category


def _status(report: TrackReport, system: SystemIdentity) -> bytes:
    one_sensor, more_reliable_geometric = len(report.sensor_ids) == 1, True
    first = one_sensor << 7 | more_reliable_geometric << 5 | (report.status is TrackStatus.TENTATIVE) << 1
    second = system.simulated << 7 | (report.status is TrackStatus.ENDED) << 6
    if report.status is not TrackStatus.COASTING:
        return bytes((first | 1, second))
    return bytes((first | 1, second | 1, 0x01, 0x80))


def _accuracy(report: TrackReport) -> bytes:
    east_m, north_m, up_m = report.sigma_enu_m
    mixed_m2 = report.covariance_enu[1]
    root_m = math.copysign(math.sqrt(abs(mixed_m2)), mixed_m2)
    limit_m = SIGMA_STEP_M * 32_767
    return b"".join(
        (
            b"\xd0",
            _saturated("sigma_enu_m[0]", east_m, SIGMA_STEP_M, 2),
            _saturated("sigma_enu_m[1]", north_m, SIGMA_STEP_M, 2),
            _signed("covariance_enu[1]", min(max(root_m, -limit_m), limit_m), SIGMA_STEP_M, 2),
            _saturated("sigma_enu_m[2]", up_m, HEIGHT_STEP_M, 1),
        )
    )
