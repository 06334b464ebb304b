"""Remote ID messages to octets (ASTM F3411-22a; the byte table is in `skykeep.wire.remoteid`).

What does not lie on a step is rounded as the reference program rounds, so that both give the same octets:
courses, speeds, places and times to the nearest, half away from zero; vertical speeds towards zero;
altitudes and radii downwards. Reserved bits are zero. What the standard cannot say is an InputError.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable

from skykeep.base.errors import InputError
from skykeep.wire.remoteid_records import (
    EPOCH_2019_UTC_S,
    FIRST_PRIVATE_KIND,
    ID_BYTES,
    MESSAGE_BYTES,
    MESSAGES_IN_PACK,
    PAGE_BYTES,
    PAGE_ZERO_BYTES,
    TEXT_BYTES,
    Authentication,
    BasicId,
    Location,
    Message,
    MessagePack,
    MessageType,
    OperatorId,
    SelfId,
    System,
)

PACK_VERSION = 2
_LOWEST_M, _HIGHEST_M = -1000.0, 31767.5


def encode_message(message: Message) -> bytes:
    """Return the 25 octets of a message."""
    match message:
        case BasicId():
            return _basic_id(message)
        case Location():
            return _location(message)
        case Authentication():
            return _authentication(message)
        case SelfId():
            kind = _kind(message.description_type, 2, "self_id.description_type")
            octets = _filled(message.octets, TEXT_BYTES, "self_id.description")
            return _head(MessageType.SELF_ID, message.version) + bytes([kind]) + octets
        case System():
            return _system(message)
        case OperatorId():
            kind = _kind(message.operator_id_type, 0, "operator_id.operator_id_type")
            octets = _filled(message.octets, ID_BYTES, "operator_id.operator_id")
            return _head(MessageType.OPERATOR_ID, message.version) + bytes([kind]) + octets + bytes(3)


def encode_pack(pack: MessagePack) -> bytes:
    """Return a pack; InputError when it holds none or more than nine."""
    return join_pack([encode_message(message) for message in pack.messages], pack.version)


def join_pack(messages: Iterable[bytes], version: int = PACK_VERSION) -> bytes:
    """Return encoded messages as one pack."""
    parts = list(messages)
    if not 1 <= len(parts) <= MESSAGES_IN_PACK:
        raise InputError("pack.count", f"{len(parts)}", f"1 to {MESSAGES_IN_PACK}")
    return _head(MessageType.PACK, version) + bytes([MESSAGE_BYTES, len(parts)]) + b"".join(parts)


def _basic_id(message: BasicId) -> bytes:
    octets = _filled(message.uas_id, ID_BYTES, "basic_id.uas_id")
    kinds = message.id_type << 4 | message.aircraft_type
    return _head(MessageType.BASIC_ID, message.version) + bytes([kinds]) + octets + bytes(3)


def _location(message: Location) -> bytes:
    course = 361
    if message.course_deg is not None:
        course = _nearest(_within(message.course_deg, 0.0, 360.0, "location.course_deg")) % 360
    speed, fast = _speed(message.speed_mps)
    climb = 126
    if message.vertical_speed_mps is not None:
        climb = int(2 * _within(message.vertical_speed_mps, -62.0, 62.0, "location.vertical_speed_mps"))
    tenths = 0xFFFF
    if message.seconds_after_hour is not None:
        tenths = _nearest(
            10 * _within(message.seconds_after_hour, 0.0, 3600.0, "location.seconds_after_hour")
        )
    late_s = 0.0 if message.time_accuracy_s is None else message.time_accuracy_s
    flags = message.status << 4 | message.height_type << 2 | (course >= 180) << 1 | fast
    return _head(MessageType.LOCATION, message.version) + struct.pack(
        "<BBBbiiHHHBBHBx",
        flags,
        course - 180 if course >= 180 else course,
        speed,
        climb,
        *_place(
            message.latitude_deg, message.longitude_deg, "location.latitude_deg", "location.longitude_deg"
        ),
        _altitude(message.pressure_altitude_m, "location.pressure_altitude_m"),
        _altitude(message.altitude_hae_m, "location.altitude_hae_m"),
        _altitude(message.height_m, "location.height_m"),
        _step(message.vertical_accuracy, 6, "location.vertical_accuracy") << 4
        | _step(message.horizontal_accuracy, 12, "location.horizontal_accuracy"),
        _step(message.pressure_accuracy, 6, "location.pressure_accuracy") << 4
        | _step(message.speed_accuracy, 4, "location.speed_accuracy"),
        tenths,
        _nearest(10 * _within(late_s, 0.0, 1.5, "location.time_accuracy_s")),
    )


def _authentication(message: Authentication) -> bytes:
    kind, page = message.authentication_type, _step(message.page, 15, "authentication.page")
    if not (0 <= kind <= 5 or 10 <= kind <= 15):
        raise InputError("authentication.authentication_type", f"{kind}", "0 to 5 or 10 to 15")
    head = _head(MessageType.AUTHENTICATION, message.version) + bytes([kind << 4 | page])
    if page:
        return head + _filled(message.data, PAGE_BYTES, "authentication.data")
    last_page = _step(message.last_page or 0, 15, "authentication.last_page")
    length = _step(message.length or 0, 255, "authentication.length")
    if length > PAGE_ZERO_BYTES + last_page * PAGE_BYTES:
        raise InputError("authentication.length", f"{length}", f"what {last_page + 1} pages hold")
    since_2019_s = _since_2019_s(message.time_utc_s, "authentication.time_utc_s")
    data = _filled(message.data, PAGE_ZERO_BYTES, "authentication.data")
    return head + struct.pack("<BBI", last_page, length, since_2019_s) + data


def _system(message: System) -> bytes:
    return _head(MessageType.SYSTEM, message.version) + struct.pack(
        "<BiiHBHHBHIx",
        message.classification_type << 2 | message.operator_location_type,
        *_place(
            message.operator_latitude_deg,
            message.operator_longitude_deg,
            "system.operator_latitude_deg",
            "system.operator_longitude_deg",
        ),
        _step(message.area_count, 0xFFFF, "system.area_count"),
        int(_within(message.area_radius_m, 0.0, 2550.0, "system.area_radius_m") // 10),
        _altitude(message.area_ceiling_hae_m, "system.area_ceiling_hae_m"),
        _altitude(message.area_floor_hae_m, "system.area_floor_hae_m"),
        _step(message.category_eu, 3, "system.category_eu") << 4
        | _step(message.class_eu, 7, "system.class_eu"),
        _altitude(message.operator_altitude_hae_m, "system.operator_altitude_hae_m"),
        _since_2019_s(message.time_utc_s, "system.time_utc_s"),
    )


def _head(kind: MessageType, version: int) -> bytes:
    return bytes([kind << 4 | _step(version, 2, "protocol_version")])


def _speed(speed_mps: float | None) -> tuple[int, int]:
    if speed_mps is None:
        return 255, 1
    _within(speed_mps, 0.0, 254.25, "location.speed_mps")
    if speed_mps <= 63.75:
        return _nearest(speed_mps / 0.25), 0
    return _nearest((speed_mps - 63.75) / 0.75), 1


def _place(
    latitude_deg: float | None, longitude_deg: float | None, latitude_field: str, longitude_field: str
) -> tuple[int, int]:
    if latitude_deg is None or longitude_deg is None:
        return 0, 0
    latitude_deg = _within(latitude_deg, -90.0, 90.0, latitude_field)
    longitude_deg = _within(longitude_deg, -180.0, 180.0, longitude_field)
    return _nearest(latitude_deg * 1e7), _nearest(longitude_deg * 1e7)


def _altitude(altitude_m: float | None, field: str) -> int:
    if altitude_m is None:
        return 0
    return int((_within(altitude_m, _LOWEST_M, _HIGHEST_M, field) + 1000.0) * 2)


def _since_2019_s(time_utc_s: int | None, field: str) -> int:
    return 0 if time_utc_s is None else _step(time_utc_s - EPOCH_2019_UTC_S, 0xFFFFFFFF, field)


def _nearest(value: float) -> int:
    """Round half away from zero, as C does; adding a half first would itself be rounded."""
    size = abs(value)
    whole = math.floor(size)
    whole += size - whole >= 0.5
    return -whole if value < 0.0 else whole


def _within(value: float, low: float, high: float, field: str) -> float:
    if not low <= value <= high:
        raise InputError(field, f"{value}", f"{low:g} to {high:g}")
    return value


def _step(value: int, high: int, field: str) -> int:
    if not 0 <= value <= high:
        raise InputError(field, f"{value}", f"0 to {high}")
    return value


def _kind(value: int, high: int, field: str) -> int:
    if not (0 <= value <= high or FIRST_PRIVATE_KIND <= value <= 255):
        raise InputError(field, f"{value}", f"0 to {high} or {FIRST_PRIVATE_KIND} to 255")
    return value


def _filled(octets: bytes, size: int, field: str) -> bytes:
    if len(octets) > size:
        raise InputError(field, f"{len(octets)} octets", f"at most {size}")
    return octets.ljust(size, b"\0")
