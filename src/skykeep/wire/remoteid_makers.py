"""Remote ID in formats of their own: DJI's DroneID (OUI 26:37:12) and France's (OUI 6A:5C:35).

| DJI flight, little-endian | octets |
|---|---|
| head | `58`, 2 of any, `10` (flight) or `11` (purpose) |
| flight | version 1 or 2; sequence (2); state (2); serial (16); longitude, latitude (4 each) |
| | altitude (2, m); height over take-off (2, dm); velocity north, east, up (2 each, cm/s) |
| version 1 | pitch, roll, heading (2 each, 0.01 degree); home longitude, latitude (4 each) |
| version 2 | heading (2, 0.01 degree); time (8, ms); pilot's latitude, longitude; home longitude, latitude |
| both | product; length; 20 of user identity |
| purpose | serial (16); length; 10 of name; length; 100 of purpose |

Angles of place are 1e-7 radian. Pilot's latitude comes before longitude, everything else the other way about.
DJI has published none of this: the table is what several readers of the air agree on. They differ about the
altitude (metres or feet), which is therefore given a wide sigma.

| French, big-endian: type, length, value | value |
|---|---|
| 1, 2, 3 | version (1); identity (30); serial by ANSI/CTA-2063 |
| 4, 5; 8, 9 | latitude, longitude; of take-off (4 each, 1e-5 degree) |
| 6, 7 | altitude above the sea, height over take-off (2 each, m) |
| 10, 11 | ground speed (1, m/s); course (2, degree) |

Sources: DJI, published readings of its frames; French decree of 27 December 2019, annex.
"""

from __future__ import annotations

import math
import struct

import msgspec

from skykeep.base.errors import DecodeError

PER_DEGREE = math.pi / 180.0 * 1e7
FASTEST_MPS = 100.0  # no drone with DroneID flies faster; torn frames say 176 and more
HIGHEST_M, LOWEST_M = 10_000.0, -500.0
_HEAD = struct.Struct("<BHH16siihhhhh")
_VERSION_1 = struct.Struct("<hhhiiBB20s")
_VERSION_2 = struct.Struct("<hQiiiiBB20s")
_FLIGHT, _PURPOSE = 0x10, 0x11
LATEST_TIME_MS = 4_102_444_800_000  # the year 2100
_FRENCH_SIZES = {1: 1, 4: 4, 5: 4, 6: 2, 7: 2, 8: 4, 9: 4, 10: 1, 11: 2}


class DjiFlight(msgspec.Struct, frozen=True, kw_only=True):
    """Where a DJI drone says it is, and its pilot and home; None where it does not say. `state` are its own
    flags, as sent. `time_utc_ms` is 0 or its own clock's, which may be anything.
    """

    version: int
    sequence: int
    state: int
    serial: str
    latitude_deg: float | None
    longitude_deg: float | None
    altitude_m: float
    height_m: float
    velocity_north_mps: float
    velocity_east_mps: float
    velocity_up_mps: float
    heading_deg: float
    home_latitude_deg: float | None
    home_longitude_deg: float | None
    product: int
    user: str
    pilot_latitude_deg: float | None = None
    pilot_longitude_deg: float | None = None
    time_ms: int | None = None


class DjiPurpose(msgspec.Struct, frozen=True, kw_only=True):
    """What a DJI drone's user typed in about the flight."""

    serial: str
    name: str
    purpose: str


class FrenchId(msgspec.Struct, frozen=True, kw_only=True):
    """A French identification; None for what it does not send."""

    identity: str
    serial: str
    latitude_deg: float
    longitude_deg: float
    altitude_msl_m: float | None
    height_m: float | None
    home_latitude_deg: float | None
    home_longitude_deg: float | None
    speed_mps: float | None
    course_deg: float | None


def decode_dji(body: bytes) -> DjiFlight | DjiPurpose:
    """Decode the body of DJI's element, DecodeError naming what cannot be."""
    if len(body) < 4 or body[0] != 0x58 or body[3] not in (_FLIGHT, _PURPOSE):
        raise DecodeError("dji.head", body[:4].hex(), "58 .. .. and 10 or 11")
    if body[3] == _PURPOSE:
        return _dji_purpose(body[4:])
    if len(body) < 5 or body[4] not in (1, 2):
        raise DecodeError("dji.version", f"{body[4] if len(body) > 4 else None}", "1 or 2")
    tail = _VERSION_1 if body[4] == 1 else _VERSION_2
    need = 4 + _HEAD.size + tail.size
    if len(body) < need:
        raise DecodeError("dji.flight", f"{len(body)} octets", f"{need} of version {body[4]}")
    version, sequence, state, serial, lon, lat, altitude, height, north, east, up = _HEAD.unpack_from(body, 4)
    latitude_deg, longitude_deg = _dji_place(lat, lon, "dji.")
    pilot: tuple[float | None, float | None] = (None, None)
    time_ms = None
    rest = tail.unpack_from(body, 4 + _HEAD.size)
    if version == 1:
        _, _, heading, home_lon, home_lat, product, _, user = rest
    else:
        heading, time_ms, pilot_lat, pilot_lon, home_lon, home_lat, product, _, user = rest
        pilot = _dji_place(pilot_lat, pilot_lon, "dji.pilot_")
        time_ms = int(_within(time_ms, 0, LATEST_TIME_MS, "dji.time_ms")) or None
    home_latitude_deg, home_longitude_deg = _dji_place(home_lat, home_lon, "dji.home_")
    return DjiFlight(
        version=version,
        sequence=sequence,
        state=state,
        serial=_text(serial, "dji.serial"),
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        altitude_m=_within(float(altitude), LOWEST_M, HIGHEST_M, "dji.altitude_m"),
        height_m=_within(height / 10, LOWEST_M, HIGHEST_M, "dji.height_m"),
        velocity_north_mps=_within(north / 100, -FASTEST_MPS, FASTEST_MPS, "dji.velocity_north_mps"),
        velocity_east_mps=_within(east / 100, -FASTEST_MPS, FASTEST_MPS, "dji.velocity_east_mps"),
        velocity_up_mps=_within(up / 100, -FASTEST_MPS, FASTEST_MPS, "dji.velocity_up_mps"),
        heading_deg=_within(heading / 100, -180.0, 360.0, "dji.heading_deg"),
        home_latitude_deg=home_latitude_deg,
        home_longitude_deg=home_longitude_deg,
        product=product,
        user=_text(user.strip(b"\0"), "dji.user"),
        pilot_latitude_deg=pilot[0],
        pilot_longitude_deg=pilot[1],
        time_ms=time_ms,
    )


def _dji_purpose(body: bytes) -> DjiPurpose:
    if len(body) < 128:
        raise DecodeError("dji.purpose", f"{len(body)} octets", "128")
    name = body[17 : 17 + _within_int(body[16], 10, "dji.name")]
    purpose = body[28 : 28 + _within_int(body[27], 100, "dji.purpose")]
    return DjiPurpose(
        serial=_text(body[:16], "dji.serial"),
        name=_text(name, "dji.name"),
        purpose=_text(purpose, "dji.purpose"),
    )


def _dji_place(lat: int, lon: int, field: str) -> tuple[float | None, float | None]:
    if lat == 0 and lon == 0:
        return None, None
    latitude_deg = _within(lat / PER_DEGREE, -90.0, 90.0, f"{field}latitude_deg")
    return latitude_deg, _within(lon / PER_DEGREE, -180.0, 180.0, f"{field}longitude_deg")


def decode_french(body: bytes) -> FrenchId:
    """Decode the body of the French element, DecodeError naming what cannot be."""
    if body[:1] != b"\x01":
        raise DecodeError("french.type", body[:1].hex() or "nothing", "01")
    values: dict[int, bytes] = {}
    at = 1
    while at + 2 <= len(body):
        kind, length = body[at], body[at + 1]
        value = body[at + 2 : at + 2 + length]
        if len(value) < length or length != _FRENCH_SIZES.get(kind, length):
            need = _FRENCH_SIZES.get(kind, length)
            raise DecodeError(f"french.{kind}", f"{len(value)} octets of {length}", f"{need}")
        values.setdefault(kind, value)
        at += 2 + length
    if at != len(body):
        raise DecodeError("french", "half a value at the end", "whole values")
    if missing := [str(kind) for kind in (1, 4, 5) if kind not in values]:
        raise DecodeError("french", f"no value {', '.join(missing)}", "version, latitude and longitude")
    if values[1] != b"\x01":
        raise DecodeError("french.version", values[1].hex(), "01")
    return FrenchId(
        identity=_text(values.get(2, b""), "french.identity"),
        serial=_text(values.get(3, b""), "french.serial"),
        latitude_deg=_within(_number(values[4]) / 1e5, -90.0, 90.0, "french.latitude_deg"),
        longitude_deg=_within(_number(values[5]) / 1e5, -180.0, 180.0, "french.longitude_deg"),
        altitude_msl_m=_optional(values, 6, 1.0, LOWEST_M, HIGHEST_M, "french.altitude_msl_m"),
        height_m=_optional(values, 7, 1.0, -HIGHEST_M, HIGHEST_M, "french.height_m"),
        home_latitude_deg=_optional(values, 8, 1e5, -90.0, 90.0, "french.home_latitude_deg"),
        home_longitude_deg=_optional(values, 9, 1e5, -180.0, 180.0, "french.home_longitude_deg"),
        speed_mps=None
        if 10 not in values
        else _within(float(values[10][0]), 0.0, FASTEST_MPS, "french.speed_mps"),
        course_deg=None
        if 11 not in values
        else _within(float(_number(values[11])), 0.0, 360.0, "french.course_deg"),
    )


def _optional(
    values: dict[int, bytes], kind: int, steps: float, low: float, high: float, field: str
) -> float | None:
    return None if kind not in values else _within(_number(values[kind]) / steps, low, high, field)


def _number(octets: bytes) -> int:
    return int.from_bytes(octets, "big", signed=True)


def _within(value: float, low: float, high: float, field: str) -> float:
    if not low <= value <= high:
        raise DecodeError(field, f"{value:.7g}", f"{low:g} to {high:g}")
    return value


def _within_int(value: int, high: int, field: str) -> int:
    if value > high:
        raise DecodeError(field, f"a length of {value}", f"at most {high}")
    return value


def _text(octets: bytes, field: str) -> str:
    text = octets.split(b"\0", 1)[0].decode("ascii", "replace")
    if not (text.isascii() and text.isprintable()):
        raise DecodeError(field, octets.hex(), "printable ASCII")
    return text.strip()
