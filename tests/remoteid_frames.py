"""Remote ID octets to try decoders on: written here, and the real ones where the recordings are."""

from __future__ import annotations

import gzip
import json
import struct
from collections import Counter
from pathlib import Path
from typing import Any

from recordings import RECORDINGS
from skykeep.wire.capture import read_packets
from skykeep.wire.remoteid_makers import PER_DEGREE

FOLDER = RECORDINGS / "remoteid"
VECTORS = FOLDER / "odid_vectors_dev.jsonl.gz"
CAPTURES = (
    "odid_wireshark/odid_wifi_bcn_sample.pcap",
    "odid_wireshark/odid_wifi_sample.pcap",
    "ridreceiver/mavic_multiple_spoofed.pcapng",
)
SENDER = bytes.fromhex("021122334455")

# A Basic ID: multirotor, serial "1ABC23DEF". A location: airborne, course 90, 10 m/s, up 1 m/s, 60.0 N
# 25.0 E, 100 m by pressure and 120 m above the ellipsoid, 50 m over take-off, 3 m and 10 m true, 12.5 s.
BASIC_ID = bytes.fromhex("0212") + b"1ABC23DEF".ljust(20, b"\0") + bytes(3)
LOCATION = bytes.fromhex("12205a28020046c32380b2e60e9808c00834084b437d000100")
SYSTEM = bytes.fromhex("42010046c32380b2e60e010000000000000098080000000000")
OPERATOR_ID = bytes.fromhex("5200") + b"FIN87astrdge12k8".ljust(20, b"\0") + bytes(3)
SELF_ID = bytes.fromhex("3200") + b"Looking at roofs".ljust(23, b"\0")
PACK = bytes.fromhex("f21903") + BASIC_ID + LOCATION + OPERATOR_ID


def vectors() -> list[dict[str, Any]]:
    """The vectors of the reference program."""
    with gzip.open(VECTORS, "rt") as lines:
        return [json.loads(line) for line in lines]


def real_packets() -> list[tuple[int, bytes]]:
    """Every packet of the real captures, with its link type."""
    packets = []
    for name in CAPTURES:
        for _, link_type, data in read_packets((FOLDER / name).read_bytes(), Counter()):
            packets.append((link_type, data))
    return packets


def module_octets() -> dict[str, bytes]:
    """What a real add-on module sent, by file name."""
    return {path.name: octets_of(path) for path in sorted((FOLDER / "sutt0n").glob("*.txt"))}


def octets_of(path: Path) -> bytes:
    """One list of numbers as octets."""
    return bytes(json.loads(path.read_text()))


def dji(
    *,
    latitude_deg: float = 60.0,
    altitude_m: int = 120,
    height_dm: int = 505,
    north_cmps: int = 1_200,
    version: int = 2,
) -> bytes:
    """The body of DJI's element: 60 N 25 E, 12 m/s north, 5 m/s west, 1 m/s up."""
    place = (round(25.0 * PER_DEGREE), round(latitude_deg * PER_DEGREE))
    head = struct.pack(
        "<BHH16siihhhhh",
        version,
        7,
        0x1F33,
        b"1ABC23DEF".ljust(16, b"\0"),
        *place,
        altitude_m,
        height_dm,
        north_cmps,
        -500,
        100,
    )
    home = struct.pack("<iiBB20s", *place, 16, 3, b"abc")
    if version == 1:
        return b"\x58\x62\x13\x10" + head + struct.pack("<hhh", 10, -20, 9_000) + home
    return b"\x58\x62\x13\x10" + head + struct.pack("<hQii", 9_000, 0, place[1], place[0]) + home
