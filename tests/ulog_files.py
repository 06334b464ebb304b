"""ULog files (PX4) made for tests, and small ones cut out of real ones."""

from __future__ import annotations

import struct
from collections.abc import Iterator

HEAD = b"ULog\x01\x12\x35\x01" + (1_000_000).to_bytes(8, "little")
GPS = (
    "vehicle_gps_position:uint64_t timestamp;uint64_t time_utc_usec;int32_t lat;int32_t lon;int32_t alt;"
    "int32_t alt_ellipsoid;float eph;float epv;float vel_n_m_s;float vel_e_m_s;float vel_d_m_s;"
    "bool vel_ned_valid;uint8_t fix_type;uint8_t[2] _padding0;"
)


def part(kind: str, body: bytes) -> bytes:
    """One message of a ULog."""
    return struct.pack("<HB", len(body), ord(kind)) + body


def subscribe(number: int, topic: str) -> bytes:
    return part("A", struct.pack("<BH", 0, number) + topic.encode())


def gps_row(number: int, time_us: int, utc_us: int, fix_type: int) -> bytes:
    body = struct.pack(
        "<QQiiiifffff?B",
        time_us,
        utc_us,
        600_008_977,
        250_000_000,
        70_000,
        87_000,
        1.5,
        2.5,
        0.0,
        10.0,
        -1.0,
        True,
        fix_type,
    )
    return part("D", struct.pack("<H", number) + body)


def flown_ulog(utc_us: int) -> bytes:
    """A log of two rows: without a fix, and a second later with one."""
    name = b"int32_t MAV_SYS_ID"
    parameter = part("P", bytes((len(name),)) + name + struct.pack("<i", 3))
    rows = gps_row(0, 1_000_000, 0, 1) + gps_row(0, 2_000_000, utc_us, 3)
    return HEAD + part("F", GPS.encode()) + parameter + subscribe(0, "vehicle_gps_position") + rows


def parts(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the messages of an undamaged ULog, whole, with their kind."""
    at = 16
    while at + 3 <= len(data):
        length, kind = struct.unpack_from("<HB", data, at)
        yield chr(kind), data[at : at + 3 + length]
        at += 3 + length


def cut_down(data: bytes, topics: set[str], rows: int) -> bytes:
    """Return a ULog of the same kind with only a few rows of a few topics."""
    kept = [data[:16]]
    numbers: dict[int, int] = {}
    for kind, whole in parts(data):
        if kind == "B" or (kind == "F" and whole[3:].split(b":")[0].decode() in topics):
            kept.append(whole)
        elif kind == "A" and whole[6:].decode() in topics:
            kept.append(whole)
            numbers[struct.unpack_from("<H", whole, 4)[0]] = rows
        elif kind == "D" and numbers.get(number := struct.unpack_from("<H", whole, 3)[0], 0):
            kept.append(whole)
            numbers[number] -= 1
    return b"".join(kept)
