"""Packet captures (pcap and pcapng) to UDP datagrams, without trusting a single length in them.

| file | starts with | then |
|---|---|---|
| pcap | `a1b2c3d4` (us) or `a1b23c4d` (ns), either order; link type at 20 | s, us or ns, kept, original |
| pcapng | `0a0d0d0a`, byte order at 8 | blocks: type, length, body, length; 1 interface, 6 packet |

Link types read: null 0, Ethernet 1 (with VLAN tags), raw IP 101 and 228/229, Linux cooked 113. IPv4 and
IPv6 without extension headers. What is not UDP is counted as `other`; what is cut short as `damaged`.
Source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator

import msgspec

from skykeep.base.errors import DecodeError

LARGEST_PACKET_BYTES = 1 << 18
_PCAP_MAGIC = {0xA1B2C3D4: 1_000, 0xA1B23C4D: 1}
_PCAPNG_MAGIC = b"\x0a\x0d\x0d\x0a"


class Datagram(msgspec.Struct, frozen=True, kw_only=True):
    """One UDP payload, with the time the capture gives it. `source` and `destination` are `address:port`."""

    time_utc_ns: int
    source: str
    destination: str
    payload: bytes


def is_capture(data: bytes) -> bool:
    """Return whether these bytes begin like a pcap or pcapng file."""
    if data[:4] == _PCAPNG_MAGIC:
        return True
    return len(data) >= 4 and any(
        struct.unpack(order + "I", data[:4])[0] in _PCAP_MAGIC for order in ("<", ">")
    )


def read_capture(data: bytes, counts: Counter[str]) -> Iterator[Datagram]:
    """Yield the UDP datagrams of a capture in file order, counting `udp`, `other` and `damaged` packets.

    DecodeError when it is no capture at all; a file cut short yields what came before the cut.
    """
    for time_utc_ns, link_type, frame in read_packets(data, counts):
        try:
            datagram = _udp(time_utc_ns, link_type, frame)
        except (struct.error, IndexError):
            counts["damaged"] += 1
            continue
        counts["udp" if datagram is not None else "other"] += 1
        if datagram is not None:
            yield datagram


def read_packets(data: bytes, counts: Counter[str]) -> Iterator[tuple[int, int, bytes]]:
    """Yield (time_utc_ns, link type, octets) of every packet in file order, as captured.

    DecodeError when it is no capture at all; a file cut short, counted as `damaged`, yields what came before.
    """
    if not is_capture(data):
        raise DecodeError("capture", f"starts with {data[:4].hex()}", "a pcap or pcapng file")
    yield from _pcapng_frames(data, counts) if data[:4] == _PCAPNG_MAGIC else _pcap_frames(data, counts)


def _pcap_frames(data: bytes, counts: Counter[str]) -> Iterator[tuple[int, int, bytes]]:
    order = "<" if struct.unpack("<I", data[:4])[0] in _PCAP_MAGIC else ">"
    if len(data) < 24:
        raise DecodeError("capture", f"{len(data)} bytes", "at least the 24 of a pcap header")
    magic, link_type = struct.unpack(order + "I16xI", data[:24])
    at = 24
    while at + 16 <= len(data):
        seconds, fraction, kept, _ = struct.unpack_from(order + "IIII", data, at)
        if kept > LARGEST_PACKET_BYTES or at + 16 + kept > len(data):
            break
        # The upper bits of the link type may carry the length of a frame check sequence.
        yield (
            seconds * 1_000_000_000 + fraction * _PCAP_MAGIC[magic],
            link_type & 0xFFFF,
            data[at + 16 : at + 16 + kept],
        )
        at += 16 + kept
    if at != len(data):
        counts["damaged"] += 1


def _pcapng_frames(data: bytes, counts: Counter[str]) -> Iterator[tuple[int, int, bytes]]:
    order, at = "<", 0
    interfaces: list[tuple[int, int]] = []
    while at + 12 <= len(data):
        if data[at : at + 4] == _PCAPNG_MAGIC:
            order = "<" if data[at + 8 : at + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            interfaces = []
        kind, length = struct.unpack_from(order + "II", data, at)
        if length < 12 or length % 4 or at + length > len(data):
            break
        body = data[at + 8 : at + length - 4]
        if kind == 1 and len(body) >= 8:
            interfaces.append((struct.unpack_from(order + "H", body)[0], _ticks_per_s(order, body[8:])))
        elif kind == 6 and len(body) >= 20:
            which, high, low, kept, _ = struct.unpack_from(order + "IIIII", body)
            if which < len(interfaces) and 20 + kept <= len(body):
                link_type, per_s = interfaces[which]
                time_utc_ns = ((high << 32) | low) * 1_000_000_000 // per_s
                yield time_utc_ns, link_type, body[20 : 20 + kept]
            else:
                counts["damaged"] += 1
        at += length
    if at != len(data):
        counts["damaged"] += 1


def _ticks_per_s(order: str, options: bytes) -> int:
    """Return the time resolution (option 9): a power of ten, or of two where the top bit is set;
    microseconds if absent.
    """
    at = 0
    while at + 4 <= len(options):
        code, length = struct.unpack_from(order + "HH", options, at)
        if code == 9 and length >= 1 and at + 4 < len(options):
            value = options[at + 4]
            return int(2 ** (value & 0x3F)) if value & 0x80 else int(10 ** min(value, 18))
        if code == 0:
            break
        at += 4 + length + (-length) % 4
    return 1_000_000


def _udp(time_utc_ns: int, link_type: int, frame: bytes) -> Datagram | None:
    """Return the UDP datagram of a frame, None when it holds something else; struct.error when it is cut
    short.
    """
    packet = _network_packet(link_type, frame)
    if packet is None or not packet:
        return None
    version = packet[0] >> 4
    if version == 4:
        header = 4 * (packet[0] & 0x0F)
        (fragment,) = struct.unpack_from(">H", packet, 6)
        if packet[9] != 17 or fragment & 0x3FFF:  # a fragment is not a datagram
            return None
        addresses = [".".join(str(octet) for octet in packet[at : at + 4]) for at in (12, 16)]
    elif version == 6:
        header = 40
        if packet[6] != 17:
            return None
        addresses = [f"[{packet[at : at + 16].hex()}]" for at in (8, 24)]
    else:
        return None
    source_port, destination_port, length = struct.unpack_from(">HHH", packet, header)
    if length < 8 or header + length > len(packet):
        raise IndexError("UDP length beyond the packet")
    return Datagram(
        time_utc_ns=time_utc_ns,
        source=f"{addresses[0]}:{source_port}",
        destination=f"{addresses[1]}:{destination_port}",
        payload=packet[header + 8 : header + length],
    )


def _network_packet(link_type: int, frame: bytes) -> bytes | None:
    if link_type in (101, 228, 229):
        return frame
    if link_type == 0:
        return frame[4:]
    if link_type == 113:
        (protocol,) = struct.unpack_from(">H", frame, 14)
        return frame[16:] if protocol in (0x0800, 0x86DD) else None
    if link_type != 1:
        return None
    at = 12
    (protocol,) = struct.unpack_from(">H", frame, at)
    while protocol in (0x8100, 0x88A8):
        at += 4
        (protocol,) = struct.unpack_from(">H", frame, at)
    return frame[at + 2 :] if protocol in (0x0800, 0x86DD) else None
