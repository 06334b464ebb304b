"""MAVLink frames and flight logs made for tests. The house itself has no way to write one."""

from __future__ import annotations

import hashlib
import struct
from typing import Any

from skykeep.domain.sensing import Sensor, SensorKind
from skykeep.geo.frames import LocalFrame
from skykeep.wire.mavlink import SIGNING_EPOCH_UTC_NS
from skykeep.wire.mavlink_tables import CRC_EXTRAS, LAYOUT_OF, TYPES

SITE = LocalFrame(latitude_deg=60.0, longitude_deg=25.0, height_hae_m=20.0)
NOON_UTC_NS = 1_900_000_800 * 1_000_000_000  # a full hour
LINK = Sensor(
    sensor_id="own-drones",
    name="Own drones",
    kind=SensorKind.REMOTE_ID,
    measures=None,
    position_enu_m=(0.0, 0.0, 0.0),
    coverage_range_m=10_000.0,
)


def crc_by_bits(data: bytes) -> int:
    """CRC-16/MCRF4XX as its definition has it, a bit at a time."""
    crc = 0xFFFF
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ (0x8408 if crc & 1 else 0)
    return crc


def payload_of(name: str, **values: Any) -> bytes:
    """The payload of a message, all of it; what is not named is zero."""
    flat: list[Any] = []
    letters = "<"
    for field in LAYOUT_OF[name].fields:
        value = values.pop(field.name, None)
        letter = TYPES[field.type][0]
        if field.type == "char":
            flat.append(b"" if value is None else str(value).encode())
            letters += f"{field.count}s"
        elif field.count:
            flat.extend(value or [0] * field.count)
            letters += f"{field.count}{letter}"
        else:
            flat.append(value or 0)
            letters += letter
    assert not values, f"{name} has no {sorted(values)}"
    return struct.pack(letters, *flat)


def frame(
    message_id: int,
    payload: bytes,
    *,
    version: int = 2,
    sequence: int = 0,
    system_id: int = 1,
    component_id: int = 1,
    incompat: int = 0,
    key: bytes | None = None,
    signed_utc_ns: int = NOON_UTC_NS,
    extra: int | None = None,
) -> bytes:
    """One whole frame, signed where a key is given."""
    if version == 1:
        head = bytes((0xFE, len(payload), sequence, system_id, component_id, message_id))
    else:
        payload = payload.rstrip(b"\0") or payload[:1]
        flags = incompat | (1 if key else 0)
        head = bytes((0xFD, len(payload), flags, 0, sequence, system_id, component_id))
        head += message_id.to_bytes(3, "little")
    extra = CRC_EXTRAS.get(message_id, 0) if extra is None else extra
    whole = head + payload + crc_by_bits(head[1:] + payload + bytes((extra,))).to_bytes(2, "little")
    if key is not None:
        ticks = (signed_utc_ns - SIGNING_EPOCH_UTC_NS) // 10_000
        whole += b"\x07" + ticks.to_bytes(6, "little")
        whole += hashlib.sha256(key + whole).digest()[:6]
    return whole


def message(name: str, values: dict[str, Any] | None = None, **how: Any) -> bytes:
    """One whole frame of a message by its name."""
    payload = payload_of(name, **(values or {}))
    if how.get("version") == 1:
        payload = payload[: LAYOUT_OF[name].base_octets]
    return frame(LAYOUT_OF[name].message_id, payload, **how)


# A drone 100 m north of the site, 50 m above it, flying east at 10 m/s and climbing at 1 m/s.
FLYING = {
    "time_boot_ms": 60_000,
    "lat": 600_008_977,
    "lon": 250_000_000,
    "alt": 70_000,
    "relative_alt": 50_000,
    "vy": 1_000,
    "vz": -100,
    "hdg": 9_000,
}
FIX = {
    "time_usec": 60_000_000,
    "fix_type": 4,
    "lat": 600_008_977,
    "lon": 250_000_000,
    "alt": 70_000,
    "alt_ellipsoid": 70_000,
    "eph": 90,
    "epv": 140,
    "vel": 1_000,
    "cog": 9_000,
    "h_acc": 1_500,
    "v_acc": 2_500,
}


def timed(time_utc_ns: int, octets: bytes) -> bytes:
    """One entry of a tlog."""
    return (time_utc_ns // 1_000).to_bytes(8, "big") + octets


class BinLog:
    """A DataFlash log, written message by message."""

    def __init__(self) -> None:
        self.data = self._fmt(128, 89, "FMT", "BBnNZ", "Type,Length,Name,Format,Columns")
        self._formats: dict[str, tuple[int, str]] = {}

    @staticmethod
    def _fmt(number: int, length: int, name: str, letters: str, columns: str) -> bytes:
        body = struct.pack("<BB4s16s64s", number, length, name.encode(), letters.encode(), columns.encode())
        return b"\xa3\x95\x80" + body

    def describe(self, number: int, name: str, letters: str, columns: str, codes: str) -> None:
        """Write the FMT of a message whose `codes` are its fields in struct's letters."""
        length = 3 + struct.calcsize("<" + codes)
        self.data += self._fmt(number, length, name, letters, columns)
        self._formats[name] = (number, codes)

    def write(self, name: str, *values: Any) -> None:
        number, codes = self._formats[name]
        self.data += b"\xa3\x95" + bytes((number,)) + struct.pack("<" + codes, *values)


def flown_bin() -> BinLog:
    """A log of three moments: no fix yet, the first fix, a place a fifth of a second later."""
    log = BinLog()
    log.describe(
        1,
        "GPS",
        "QBBIHBcLLeffff",
        "TimeUS,I,Status,GMS,GWk,NSats,HDop,Lat,Lng,Alt,Spd,GCrs,VZ,Yaw",
        "QBBIHBhiiiffff",
    )
    log.describe(2, "GPA", "QBCCCCfBIHf", "TimeUS,I,VDop,HAcc,VAcc,SAcc,YAcc,VV,SMS,Delta,Und", "QBHHHHfBIHf")
    log.describe(3, "POS", "QLLfff", "TimeUS,Lat,Lng,Alt,RelHomeAlt,RelOriginAlt", "Qiifff")
    log.describe(4, "MSG", "QZ", "TimeUS,Message", "Q64s")
    log.describe(5, "UNIT", "QbZ", "TimeUS,Id,Label", "Qb64s")
    log.describe(6, "MULT", "Qbd", "TimeUS,Id,Mult", "Qbd")
    log.describe(7, "FMTU", "QBNN", "TimeUS,FmtType,UnitIds,MultIds", "QB16s16s")
    log.write("UNIT", 0, ord("s"), b"s")
    log.write("MULT", 0, ord("F"), 1e-6)
    log.write("FMTU", 0, 3, b"sDUmmm", b"FGG000")
    log.write("MSG", 0, b"ArduCopter V4.5.1 (abcdef01)")
    log.write("GPS", 1_000_000, 0, 1, 0, 0, 0, 9_999, 0, 0, 0, 0.0, 0.0, 0.0, 0.0)
    # Week 2238, 86,418 s: Monday 2022-11-28 00:00:00 UTC.
    log.write(
        "GPS",
        2_000_000,
        0,
        3,
        86_418_000,
        2_238,
        14,
        70,
        600_008_977,
        250_000_000,
        7_000,
        10.0,
        90.0,
        -1.0,
        0.0,
    )
    log.write("GPA", 2_000_000, 0, 110, 150, 250, 30, 0.0, 1, 2_000, 200, -17.0)
    log.write("POS", 2_200_000, 600_008_977, 250_000_360, 70.0, 50.0, 50.0)
    return log
