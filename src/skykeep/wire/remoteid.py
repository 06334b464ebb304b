"""Remote ID messages (ASTM F3411-22a, ASD-STAN prEN 4709-002) from octets, nothing impossible let through.

Every message is 25 octets, little-endian; the first is type (high nibble) and protocol version 0 to 2.

| type | octets after the first |
|---|---|
| 0 Basic ID | id type, aircraft type (nibbles); 20 of identity; 3 reserved |
| 1 Location | status (4 bits), reserved, height type, course + 180, speed step; course; speed; vertical speed (0.5 m/s); latitude, longitude (4 each, 1e-7 degree); pressure altitude, altitude, height (2 each, 0.5 m from -1000); accuracies vertical, horizontal, pressure, speed (nibbles); tenths of a second after the hour (2); time accuracy (tenths); reserved |
| 2 Authentication | type, page (nibbles); page 0: last page, length, time since 2019 (4), 17 of data; others: 23 of data |
| 3 Self ID | type; 23 of text |
| 4 System | classification (3 bits), operator location type (2); latitude, longitude (4 each); count (2); radius (10 m); ceiling, floor (2 each); EU category, class (nibbles); operator altitude (2); time since 2019 (4); reserved |
| 5 Operator ID | type; 20 of identity; 3 reserved |
| 15 Pack | 25; count 1 to 9; the messages |

Speed steps are 0.25 m/s, or 0.75 m/s above 63.75 with the step bit. Reserved bits are ignored, as the
standard asks; reserved *values* are refused, and so is what no aircraft can do or be. Sources: F3411-22a
tables 2 to 12. Agreement with the reference program: `benchmarks/remoteid_agreement.py`.
"""  # noqa: E501

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable

from skykeep.base.errors import DecodeError
from skykeep.wire.remoteid_records import (
    EPOCH_2019_UTC_S,
    FIRST_PRIVATE_KIND,
    LAST_PAGE,
    MESSAGE_BYTES,
    MESSAGES_IN_PACK,
    PAGE_BYTES,
    PAGE_ZERO_BYTES,
    AircraftType,
    Authentication,
    BasicId,
    ClassificationType,
    HeightType,
    IdType,
    Location,
    Message,
    MessagePack,
    MessageType,
    OperatorId,
    OperatorLocationType,
    SelfId,
    Status,
    System,
)

HIGHEST_LATITUDE, HIGHEST_LONGITUDE = 900_000_000, 1_800_000_000
TENTHS_OF_AN_HOUR = 36_000
UNKNOWN_TENTHS = 0xFFFF
_LOCATION = struct.Struct("<xBBBbiiHHHBBHBx")
_PAGE_ZERO = struct.Struct("<xxBBI17s")
_SYSTEM = struct.Struct("<xBiiHBHHBHIx")
_ID_TYPES, _AIRCRAFT_TYPES, _STATUSES = tuple(IdType), tuple(AircraftType), tuple(Status)
_HEIGHT_TYPES, _CLASSIFICATIONS = tuple(HeightType), tuple(ClassificationType)
_LOCATION_TYPES = tuple(OperatorLocationType)


def decode_message(data: bytes) -> Message:
    """Decode one message of 25 octets, DecodeError naming the field where it cannot be one."""
    if len(data) != MESSAGE_BYTES:
        raise DecodeError("message", f"{len(data)} octets", f"{MESSAGE_BYTES}")
    head = data[0]
    if head >> 4 > 5:
        raise DecodeError("message_type", f"{head >> 4}", "0 to 5")
    if head & 0x0F > 2:
        raise DecodeError("protocol_version", f"{head & 0x0F}", "0, 1 or 2")
    if head == 0 and not any(data[1:22]):
        raise DecodeError("message", "zero but for reserved octets", "written: this is an empty buffer")
    return _DECODERS[head >> 4](data, head & 0x0F)


def decode_pack(data: bytes) -> MessagePack:
    """Decode a pack, DecodeError where any of its messages cannot be one; octets after it are not its own."""
    messages, errors = read_pack(data)
    if errors:
        raise errors[0]
    return MessagePack(version=data[0] & 0x0F, messages=tuple(messages))


def read_pack(data: bytes) -> tuple[list[Message], list[DecodeError]]:
    """Return the messages of a pack that can be believed, and why not the others; DecodeError when the pack
    itself is none.
    """
    messages, errors = [], []
    for octets in split_pack(data):
        try:
            messages.append(decode_message(octets))
        except DecodeError as error:
            errors.append(error)
    return messages, errors


def split_pack(data: bytes) -> list[bytes]:
    """Return the messages of a pack, not yet decoded: one of each type, but two Basic IDs and the pages of an
    authentication.
    """
    if len(data) < 3 or data[0] >> 4 != MessageType.PACK:
        raise DecodeError("pack", data[:3].hex() or "nothing", "type 15, 25, and a count")
    if data[0] & 0x0F > 2:
        raise DecodeError("protocol_version", f"{data[0] & 0x0F}", "0, 1 or 2")
    if data[1] != MESSAGE_BYTES:
        raise DecodeError("pack.message_size", f"{data[1]}", f"{MESSAGE_BYTES}")
    count = data[2]
    if not 1 <= count <= MESSAGES_IN_PACK:
        raise DecodeError("pack.count", f"{count}", f"1 to {MESSAGES_IN_PACK}")
    if len(data) < 3 + count * MESSAGE_BYTES:
        raise DecodeError("pack", f"{len(data)} octets", f"{3 + count * MESSAGE_BYTES} for {count} messages")
    messages = [data[at : at + MESSAGE_BYTES] for at in range(3, 3 + count * MESSAGE_BYTES, MESSAGE_BYTES)]
    # Each page of an authentication is a kind of its own.
    kinds = Counter((m[0] >> 4, m[1] & 0x0F if m[0] >> 4 == 2 else 0) for m in messages)
    for (kind, _), number in kinds.items():
        if number > (2 if kind == MessageType.BASIC_ID else 1):
            raise DecodeError("pack.messages", f"{number} of type {kind}", "one, or two Basic IDs")
    return messages


def _decode_basic_id(data: bytes, version: int) -> BasicId:
    id_type = data[1] >> 4
    if id_type > 4:
        raise DecodeError("basic_id.id_type", f"{id_type}", "0 to 4")
    uas_id = data[2:22]
    if id_type in (1, 2):
        _require_text(uas_id, "basic_id.uas_id")
    return BasicId(
        version=version,
        id_type=_ID_TYPES[id_type],
        aircraft_type=_AIRCRAFT_TYPES[data[1] & 0x0F],
        uas_id=uas_id,
    )


def _decode_location(data: bytes, version: int) -> Location:
    (flags, course, speed, climb, lat, lon, pressure, hae, height, near, rates, tenths, late) = (
        _LOCATION.unpack(data)
    )
    if flags >> 4 > 4:
        raise DecodeError("location.status", f"{flags >> 4}", "0 to 4")
    if flags & 2:
        course += 180
    if course > 361:
        raise DecodeError("location.course_deg", f"{course}", "0 to 360, or 361 for unknown")
    speed_mps = speed * 0.75 + 63.75 if flags & 1 else speed * 0.25
    if not -124 <= climb <= 124 and climb != 126:
        raise DecodeError("location.vertical_speed_mps", f"{climb / 2}", "-62 to 62, or 63 for unknown")
    _require_place(lat, lon, "location.latitude_deg", "location.longitude_deg")
    if near & 0x0F > 12:
        raise DecodeError("location.horizontal_accuracy", f"{near & 0x0F}", "0 to 12")
    if near >> 4 > 6:
        raise DecodeError("location.vertical_accuracy", f"{near >> 4}", "0 to 6")
    if rates >> 4 > 6:
        raise DecodeError("location.pressure_accuracy", f"{rates >> 4}", "0 to 6")
    if rates & 0x0F > 4:
        raise DecodeError("location.speed_accuracy", f"{rates & 0x0F}", "0 to 4")
    if tenths > TENTHS_OF_AN_HOUR and tenths != UNKNOWN_TENTHS:
        raise DecodeError("location.seconds_after_hour", f"{tenths / 10}", "0 to 3600, or 6553.5 for unknown")
    known = lat != 0 or lon != 0
    late &= 0x0F
    return Location(
        version=version,
        status=_STATUSES[flags >> 4],
        height_type=_HEIGHT_TYPES[flags >> 2 & 1],
        course_deg=None if course == 361 else float(course),
        speed_mps=None if speed_mps == 255.0 else speed_mps,
        vertical_speed_mps=None if climb == 126 else climb * 0.5,
        latitude_deg=lat / 1e7 if known else None,
        longitude_deg=lon / 1e7 if known else None,
        pressure_altitude_m=pressure * 0.5 - 1000.0 if pressure else None,
        altitude_hae_m=hae * 0.5 - 1000.0 if hae else None,
        height_m=height * 0.5 - 1000.0 if height else None,
        horizontal_accuracy=near & 0x0F,
        vertical_accuracy=near >> 4,
        pressure_accuracy=rates >> 4,
        speed_accuracy=rates & 0x0F,
        seconds_after_hour=None if tenths == UNKNOWN_TENTHS else tenths / 10,
        time_accuracy_s=late / 10 if late else None,
    )


def _decode_authentication(data: bytes, version: int) -> Authentication:
    authentication_type, page = data[1] >> 4, data[1] & 0x0F
    if 5 < authentication_type < 10:
        raise DecodeError(
            "authentication.authentication_type", f"{authentication_type}", "0 to 5 or 10 to 15"
        )
    if page:
        return Authentication(
            version=version, authentication_type=authentication_type, page=page, data=data[2:]
        )
    last_page, length, since_2019_s, octets = _PAGE_ZERO.unpack(data)
    if last_page > LAST_PAGE:
        raise DecodeError("authentication.last_page", f"{last_page}", f"0 to {LAST_PAGE}")
    room = PAGE_ZERO_BYTES + last_page * PAGE_BYTES
    if length > room:
        raise DecodeError("authentication.length", f"{length}", f"at most the {room} of its pages")
    return Authentication(
        version=version,
        authentication_type=authentication_type,
        page=0,
        data=octets,
        last_page=last_page,
        length=length,
        time_utc_s=since_2019_s + EPOCH_2019_UTC_S if since_2019_s else None,
    )


def _decode_self_id(data: bytes, version: int) -> SelfId:
    if 2 < data[1] < FIRST_PRIVATE_KIND:
        raise DecodeError("self_id.description_type", f"{data[1]}", "0 to 2 or 200 to 255")
    return SelfId(version=version, description_type=data[1], octets=data[2:])


def _decode_system(data: bytes, version: int) -> System:
    flags, lat, lon, count, radius, ceiling, floor, eu, altitude, since_2019_s = _SYSTEM.unpack(data)
    if flags & 3 > 2:
        raise DecodeError("system.operator_location_type", f"{flags & 3}", "0 to 2")
    if flags >> 2 & 7 > 1:
        raise DecodeError("system.classification_type", f"{flags >> 2 & 7}", "0 or 1")
    _require_place(lat, lon, "system.operator_latitude_deg", "system.operator_longitude_deg")
    if eu >> 4 > 3:
        raise DecodeError("system.category_eu", f"{eu >> 4}", "0 to 3")
    if eu & 0x0F > 7:
        raise DecodeError("system.class_eu", f"{eu & 0x0F}", "0 to 7")
    known = lat != 0 or lon != 0
    return System(
        version=version,
        operator_location_type=_LOCATION_TYPES[flags & 3],
        classification_type=_CLASSIFICATIONS[flags >> 2 & 7],
        operator_latitude_deg=lat / 1e7 if known else None,
        operator_longitude_deg=lon / 1e7 if known else None,
        operator_altitude_hae_m=altitude * 0.5 - 1000.0 if altitude else None,
        area_count=count,
        area_radius_m=radius * 10.0,
        area_ceiling_hae_m=ceiling * 0.5 - 1000.0 if ceiling else None,
        area_floor_hae_m=floor * 0.5 - 1000.0 if floor else None,
        category_eu=eu >> 4,
        class_eu=eu & 0x0F,
        time_utc_s=since_2019_s + EPOCH_2019_UTC_S if since_2019_s else None,
    )


def _decode_operator_id(data: bytes, version: int) -> OperatorId:
    if 0 < data[1] < FIRST_PRIVATE_KIND:
        raise DecodeError("operator_id.operator_id_type", f"{data[1]}", "0 or 200 to 255")
    octets = data[2:22]
    _require_text(octets, "operator_id.operator_id")
    return OperatorId(version=version, operator_id_type=data[1], octets=octets)


def _require_place(lat: int, lon: int, latitude_field: str, longitude_field: str) -> None:
    if not -HIGHEST_LATITUDE <= lat <= HIGHEST_LATITUDE:
        raise DecodeError(latitude_field, f"{lat / 1e7}", "-90 to 90")
    if not -HIGHEST_LONGITUDE <= lon <= HIGHEST_LONGITUDE:
        raise DecodeError(longitude_field, f"{lon / 1e7}", "-180 to 180")


def _require_text(octets: bytes, field: str) -> None:
    text = octets.split(b"\0", 1)[0]
    if not (text.isascii() and text.decode("ascii").isprintable()):
        raise DecodeError(field, octets.hex(), "printable ASCII up to its first zero octet")


_DECODERS: tuple[Callable[[bytes, int], Message], ...] = (
    _decode_basic_id,
    _decode_location,
    _decode_authentication,
    _decode_self_id,
    _decode_system,
    _decode_operator_id,
)
