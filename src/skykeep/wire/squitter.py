"""What one extended squitter says, of place, speed, identity and how good they are.

| bits of the frame | what |
|---|---|
| 1-5 | format: 17 from a transponder, 18 from others |
| 6-8 | of 18: 0, 6 own address (6 repeated from another link), 1 other address, else of other aircraft |
| 9-32 | address |
| 33-88 | message; its bits 1-5 are the type code |
| 89-112 | parity |

| type code | message |
|---|---|
| 1-4 | callsign and category |
| 5-8 | place on the ground, speed, direction |
| 9-18, 20-22 | place in the air with pressure altitude, or with height above the ellipsoid |
| 19 | velocity, vertical rate, geometric less pressure altitude |
| 29, 31 | accuracy, integrity, version |

Parity is checked here. rs1090 reads callsigns, altitudes and movement on the ground. Velocity is read here:
rs1090 takes "not available" for -1 kt and a supersonic step for 1 kt (design/rs1090_velocity.py).
Source: ICAO Doc 9871, tables C-2; RTCA DO-260B, 2.2.3.2.
"""

from __future__ import annotations

import math
import re
from typing import Any

import msgspec
import rs1090

from skykeep.base.errors import DecodeError
from skykeep.wire.cpr import Report

FRAME_OCTETS = 14
_GENERATOR = 0xFFF409
_CALLSIGN = re.compile(r"[A-Z0-9 ]*")
_SPEAKS_OF_ITSELF = {0: "", 1: "~", 6: ""}


class NotOfItselfError(DecodeError):
    """A frame about an aircraft that did not send it."""


class Squitter(msgspec.Struct, frozen=True, kw_only=True):
    """One extended squitter; None and "" where it does not say.

    `address` is hex, with `~` before one that is not a 24-bit address of ICAO. Heights and altitudes in ft,
    speeds in kt, rates in ft/min and courses in degrees, as sent. `first_supplement` and `second_supplement`
    are NIC's, see `adsb_integrity.containment_m`.
    """

    address: str
    type_code: int
    place: Report | None = None
    pressure_altitude_ft: float | None = None
    height_hae_ft: float | None = None
    ground_speed_kt: float | None = None
    course_deg: float | None = None
    vertical_rate_ftpm: float | None = None
    geometric_less_pressure_ft: float | None = None
    callsign: str = ""
    category: str = ""
    version: int | None = None
    nac_p: int | None = None
    nac_v: int | None = None
    sil: int | None = None
    gva: int | None = None
    first_supplement: int | None = None
    second_supplement: int | None = None


def _parity_table() -> list[int]:
    table = []
    for octet in range(256):
        value = octet << 16
        for _ in range(8):
            value = (value << 1) ^ (_GENERATOR if value & 0x800000 else 0)
        table.append(value & 0xFFFFFF)
    return table


_PARITY = _parity_table()


def parity(data: bytes) -> int:
    """Return the 24 bits of parity of what stands before them."""
    value = 0
    for octet in data:
        value = ((value << 8) & 0xFFFFFF) ^ _PARITY[(value >> 16) ^ octet]
    return value


def with_parity(data: bytes) -> bytes:
    """Return a frame of format 17 or 18, given all but its parity."""
    return data + parity(data).to_bytes(3, "big")


def read_squitter(frame: bytes) -> Squitter:
    """Return what a frame of format 17 or 18 says; `NotOfItselfError` when of another aircraft."""
    if len(frame) != FRAME_OCTETS or frame[0] >> 3 not in (17, 18):
        raise DecodeError(
            "frame", f"{len(frame)} octets of format {frame[0] >> 3 if frame else '?'}", "17 or 18"
        )
    remainder = parity(frame[:11]) ^ int.from_bytes(frame[11:], "big")
    if remainder:
        raise DecodeError("parity", f"remainder {remainder:06x}", "0")
    prefix = ""
    if frame[0] >> 3 == 18:
        use = frame[0] & 7
        if use not in _SPEAKS_OF_ITSELF:
            raise NotOfItselfError("control field", f"{use}", "0, 1 or 6: what the sender says of itself")
        prefix = _SPEAKS_OF_ITSELF[use]
    address = frame[1:4].hex()
    if address in ("000000", "ffffff"):
        raise DecodeError("address", address, "an address that an aircraft can have")
    message = int.from_bytes(frame[4:11], "big")
    type_code = message >> 51
    said = _READERS[type_code](frame, message, type_code)
    return Squitter(address=prefix + address, type_code=type_code, **said)


def _bits(message: int, first: int, last: int) -> int:
    """Return bits `first` to `last` of 56, counted from 1 at the left."""
    return message >> (56 - last) & ((1 << (last - first + 1)) - 1)


def _by_rs1090(frame: bytes) -> dict[str, Any]:
    found: Any = rs1090.decode(frame.hex())
    if found is None:
        raise DecodeError("message", frame[4:11].hex(), "one that rs1090 reads")
    return dict(found)


def _nothing(frame: bytes, message: int, type_code: int) -> dict[str, Any]:
    del frame, message, type_code
    return {}


def _identity(frame: bytes, message: int, type_code: int) -> dict[str, Any]:
    kind = _bits(message, 6, 8)
    category = f"{'DCBA'[type_code - 1]}{kind}" if kind else ""
    callsign = _by_rs1090(frame)["callsign"].strip("_ ")
    # Parity passes one damaged frame in 16 million; a character that does not exist tells one of them.
    if not _CALLSIGN.fullmatch(callsign):
        raise DecodeError("callsign", repr(callsign), "letters, digits and spaces")
    return {"callsign": callsign, "category": category}


def _place(message: int, *, surface: bool) -> Report:
    return Report(_bits(message, 23, 39), _bits(message, 40, 56), bool(_bits(message, 22, 22)), surface)


def _on_ground(frame: bytes, message: int, type_code: int) -> dict[str, Any]:
    del type_code
    found = _by_rs1090(frame)
    return {
        "place": _place(message, surface=True),
        "ground_speed_kt": found["groundspeed"],
        "course_deg": found["track"] if _bits(message, 13, 13) else None,
    }


def _in_the_air(frame: bytes, message: int, type_code: int) -> dict[str, Any]:
    altitude_ft = _by_rs1090(frame)["altitude"] if _bits(message, 9, 20) else None
    said: dict[str, Any] = {"place": _place(message, surface=False)}
    said["height_hae_ft" if type_code >= 20 else "pressure_altitude_ft"] = altitude_ft
    if type_code < 20 and frame[0] >> 3 == 17:
        said["second_supplement"] = _bits(message, 8, 8)
    return said


def _velocity(frame: bytes, message: int, type_code: int) -> dict[str, Any]:
    del frame, type_code
    said: dict[str, Any] = {"nac_v": _bits(message, 11, 13)}
    subtype = _bits(message, 6, 8)
    east, north = _bits(message, 15, 24), _bits(message, 26, 35)
    if subtype in (1, 2) and east and north:
        step_kt = 4 if subtype == 2 else 1
        east_kt = step_kt * (east - 1) * (-1 if _bits(message, 14, 14) else 1)
        north_kt = step_kt * (north - 1) * (-1 if _bits(message, 25, 25) else 1)
        said["ground_speed_kt"] = math.hypot(east_kt, north_kt)
        said["course_deg"] = math.degrees(math.atan2(east_kt, north_kt)) % 360.0
    rate = _bits(message, 38, 46)
    if rate and 1 <= subtype <= 4:
        said["vertical_rate_ftpm"] = 64 * (rate - 1) * (-1 if _bits(message, 37, 37) else 1)
    difference = _bits(message, 50, 56)
    # 127 says "more than 3,137.5 ft".
    if 0 < difference < 127 and 1 <= subtype <= 4:
        said["geometric_less_pressure_ft"] = 25 * (difference - 1) * (-1 if _bits(message, 49, 49) else 1)
    return said


def _target_state(frame: bytes, message: int, type_code: int) -> dict[str, Any]:
    del frame, type_code
    if _bits(message, 6, 7) > 1:
        return {}
    return {"nac_p": _bits(message, 40, 43), "sil": _bits(message, 45, 46)}


def _operation(frame: bytes, message: int, type_code: int) -> dict[str, Any]:
    del frame, type_code
    subtype, version = _bits(message, 6, 8), _bits(message, 41, 43)
    if subtype > 1 or version > 2:
        return {}
    said: dict[str, Any] = {"version": version}
    if version:
        said |= {
            "first_supplement": _bits(message, 44, 44),
            "nac_p": _bits(message, 45, 48),
            "sil": _bits(message, 51, 52),
        }
    if version == 2 and subtype == 0:
        said["gva"] = _bits(message, 49, 50)
    if version == 2 and subtype == 1:
        said["second_supplement"] = _bits(message, 20, 20)
    return said


_READERS = (
    [_nothing]
    + [_identity] * 4
    + [_on_ground] * 4
    + [_in_the_air] * 10
    + [_velocity]
    + [_in_the_air] * 3
    + [_nothing] * 6
    + [_target_state, _nothing, _operation]
)
