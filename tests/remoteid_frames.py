"""Remote ID octets to try decoders on: written here, and the real ones where the recordings are."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

from recordings import RECORDINGS
from skykeep.wire.capture import read_packets

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
