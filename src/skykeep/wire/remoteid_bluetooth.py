"""Remote ID in Bluetooth advertisements: legacy (one message each) and extended (packs), on any LE radio.

| part | octets |
|---|---|
| link layer | access address `d6 be 89 8e`, header (2), payload, CRC (3) |
| on the long-range radio | a coding indicator before the header |
| header | type (low nibble), length |
| legacy 0, 2, 4, 6 | sender (6, reversed), structures |
| extended 7 | header length (6 bits), flags, sender (6) and others as the flags say, structures |
| a structure | length, `16`, `fa ff`, `0d`, counter, message or pack |

The receiver's header of link type 256: channel, signal dBm, noise dBm, offences, reference address (4), flags
(2). The CRC of advertisements starts at `555555`; where it fails, nothing is read. Chained advertisements
are not joined: a pack of nine fits into one. Sources: Bluetooth Core 5.4 volume 6 part B; F3411-22a section
5.4; tcpdump.org link types 251 and 256.
"""

from __future__ import annotations

import struct

from skykeep.base.errors import DecodeError
from skykeep.wire.remoteid_heard import (
    APPLICATION_CODE,
    NOT_REMOTE_ID,
    Carrier,
    Heard,
    Radio,
    Reading,
    address_text,
)

SERVICE_UUID = b"\xfa\xff"
ADVERTISING_ADDRESS = b"\xd6\xbe\x89\x8e"
_SERVICE_DATA = 0x16
_LEGACY, _EXTENDED = (0, 2, 4, 6), 7
_SIGNAL_VALID, _CODED_PHY, _PHY = 0x0002, 0x8000, 0xC000
# What the flags of an extended header put before the structures, in order: sender, target, direction
# finding, set, pointer, synchronisation, power.
_EXTENDED_FIELDS = (6, 6, 1, 2, 3, 18, 1)


def read_with_header(data: bytes) -> Reading:
    """Return the Remote ID of a packet of link type 256."""
    if len(data) < 10:
        return _refused("bluetooth.header", f"{len(data)} octets", "10")
    channel, signal_dbm, flags = struct.unpack_from("<Bb6xH", data)
    radio = Radio(
        rssi_dbm=float(signal_dbm) if flags & _SIGNAL_VALID else None,
        frequency_mhz=2402.0 + 2.0 * channel if channel < 40 else None,
    )
    return read_link_layer(data[10:], radio, coded=flags & _PHY == _CODED_PHY)


def read_link_layer(data: bytes, radio: Radio = Radio(), coded: bool = False) -> Reading:  # noqa: B008
    """Return the Remote ID of a packet that begins with its access address (link type 251)."""
    if data[:4] != ADVERTISING_ADDRESS:
        return NOT_REMOTE_ID  # a connection's or a train's: no advertisement
    unit = data[5 if coded else 4 :]
    if len(unit) < 5 or len(unit) != 2 + unit[1] + 3:
        return _refused("bluetooth.length", f"{len(unit)} octets", "header, the payload it states, and CRC")
    check = int.from_bytes(unit[-3:], "little")
    if crc24(unit[:-3]) != check:
        return _refused("bluetooth.crc", f"{check:06x}", "the CRC-24 of the advertisement")
    return read_advertisement(unit[:-3], radio)


def read_advertisement(unit: bytes, radio: Radio = Radio()) -> Reading:  # noqa: B008
    """Return the Remote ID of an advertising unit: header of two octets and payload."""
    kind, payload = unit[0] & 0x0F, unit[2:]
    if kind in _LEGACY:
        return read_structures(payload[6:], Carrier.BLUETOOTH_LEGACY, sender_of(payload[:6]), radio)
    if kind != _EXTENDED or not payload:
        return NOT_REMOTE_ID
    length = payload[0] & 0x3F
    header, rest = payload[1 : 1 + length], payload[1 + length :]
    sender = ""
    if header:
        sizes = [size for bit, size in enumerate(_EXTENDED_FIELDS) if header[0] >> bit & 1]
        if 1 + sum(sizes) > len(header):
            return _refused("bluetooth.extended_header", header.hex(), "as long as its flags say")
        sender = sender_of(header[1:7]) if header[0] & 1 else ""
    return read_structures(rest, Carrier.BLUETOOTH_EXTENDED, sender, radio)


def read_structures(
    data: bytes,
    carrier: Carrier,
    sender: str = "",
    radio: Radio = Radio(),  # noqa: B008
) -> Reading:
    """Return the Remote ID of advertising structures."""
    heard: list[Heard] = []
    at = 0
    while at + 2 <= len(data) and data[at]:
        length = data[at]
        body = data[at + 1 : at + 1 + length]
        at += 1 + length
        if body[:3] != bytes([_SERVICE_DATA]) + SERVICE_UUID:
            continue
        if len(body) < length:
            error = DecodeError("bluetooth.structure", f"{len(body)} octets", f"the {length} it states")
            return Reading(heard=tuple(heard), errors=(error,))
        if len(body) >= 6 and body[3] == APPLICATION_CODE:
            heard.append(
                Heard(carrier=carrier, counter=body[4], payload=body[5:], transmitter=sender, radio=radio)
            )
    return Reading(heard=tuple(heard))


def sender_of(octets: bytes) -> str:
    """Return an address that travels last octet first."""
    return address_text(octets[::-1])


def _refused(field: str, found: str, must: str) -> Reading:
    return Reading(errors=(DecodeError(field, found, must),))


def _crc_table() -> tuple[int, ...]:
    table = []
    for octet in range(256):
        rest = octet
        for _ in range(8):
            rest = rest >> 1 ^ (
                0xDA6000 if rest & 1 else 0
            )  # x24 + x10 + x9 + x6 + x4 + x3 + x + 1, mirrored
        table.append(rest)
    return tuple(table)


_CRC_TABLE = _crc_table()


def crc24(data: bytes) -> int:
    """Return the CRC of an advertisement, to be sent low octet first."""
    rest = 0xAAAAAA
    for octet in data:
        rest = rest >> 8 ^ _CRC_TABLE[(rest ^ octet) & 0xFF]
    return rest


def encode_structure(payload: bytes, counter: int) -> bytes:
    """Return the structure that carries a message or a pack."""
    body = bytes([_SERVICE_DATA]) + SERVICE_UUID + bytes([APPLICATION_CODE, counter & 0xFF]) + payload
    return bytes([len(body)]) + body


def encode_legacy(sender: bytes, message: bytes, counter: int) -> bytes:
    """Return a legacy advertisement from its access address to its CRC."""
    payload = sender[::-1] + encode_structure(message, counter)
    unit = bytes([0x42, len(payload)]) + payload
    return ADVERTISING_ADDRESS + unit + crc24(unit).to_bytes(3, "little")


def encode_extended(sender: bytes, pack: bytes, counter: int) -> bytes:
    """Return an auxiliary advertisement from its access address to its CRC."""
    payload = bytes([9, 0x09]) + sender[::-1] + b"\0\0" + encode_structure(pack, counter)
    unit = bytes([0x47, len(payload)]) + payload
    return ADVERTISING_ADDRESS + unit + crc24(unit).to_bytes(3, "little")
