"""Remote ID in captured packets, by their link type.

| link type | what | read by |
|---|---|---|
| 105 | 802.11 | `remoteid_wifi` |
| 127 | radiotap, then 802.11 | `remoteid_wifi` |
| 192 | PPI: version, flags, length (2), inner link type (4), fields; then that | here |
| 251 | Bluetooth LE link layer | `remoteid_bluetooth` |
| 256 | receiver's header, then Bluetooth LE | `remoteid_bluetooth` |

Sources: tcpdump.org link types; PPI 1.0.10.
"""

from __future__ import annotations

import struct

from skykeep.base.errors import DecodeError
from skykeep.wire.remoteid import decode_message, read_pack
from skykeep.wire.remoteid_bluetooth import SERVICE_UUID, read_link_layer, read_structures, read_with_header
from skykeep.wire.remoteid_heard import APPLICATION_CODE, NOT_REMOTE_ID, Carrier, Heard, Radio, Reading
from skykeep.wire.remoteid_records import MESSAGE_BYTES, Message, MessageType
from skykeep.wire.remoteid_wifi import NAN_SERVICE, OTHER_OUIS, REMOTE_ID_OUI, read_frame, read_radiotap

WIFI, RADIOTAP, PPI, BLUETOOTH, BLUETOOTH_WITH_HEADER = 105, 127, 192, 251, 256
LINK_TYPES = frozenset((WIFI, RADIOTAP, PPI, BLUETOOTH, BLUETOOTH_WITH_HEADER))
_PPI_COMMON, _PPI_CHECKED, _PPI_FAILED = 2, 0x0001, 0x0004
_CHECKED, _FAILED = 0x10, 0x40
_MARKS = (REMOTE_ID_OUI, NAN_SERVICE, SERVICE_UUID + bytes([APPLICATION_CODE]), *OTHER_OUIS)


def read_packet(link_type: int, data: bytes) -> Reading:
    """Return the Remote ID of one captured packet; what another link type or frame holds is not ours."""
    match link_type:
        case 105:
            return read_frame(data)
        case 127:
            return read_radiotap(data)
        case 192:
            return _read_ppi(data)
        case 251:
            return read_link_layer(data)
        case 256:
            return read_with_header(data)
    return NOT_REMOTE_ID


def may_carry(data: bytes) -> bool:
    """Return whether a captured packet could carry Remote ID: a quick look, for the thousands that cannot."""
    return any(mark in data for mark in _MARKS)


def _read_ppi(data: bytes) -> Reading:
    if len(data) < 8:
        return _refused("ppi", f"{len(data)} octets", "8 or more")
    length, inner = struct.unpack_from("<HI", data, 2)
    if not 8 <= length <= len(data):
        return _refused("ppi.length", f"{length}", f"8 to the {len(data)} octets of the packet")
    if inner != WIFI:
        return read_packet(inner, data[length:]) if inner in (RADIOTAP, BLUETOOTH) else NOT_REMOTE_ID
    radio, flags, at = Radio(), None, 8
    while at + 4 <= length:
        kind, size = struct.unpack_from("<HH", data, at)
        if at + 4 + size > length:
            return _refused("ppi.field", f"{size} octets", "within the header")
        if kind == _PPI_COMMON and size >= 20:
            said, mhz, signal_dbm = struct.unpack_from("<8xH2xH4xb", data, at + 4)
            radio = Radio(rssi_dbm=float(signal_dbm), frequency_mhz=float(mhz) if mhz else None)
            flags = (_CHECKED if said & _PPI_CHECKED else 0) | (_FAILED if said & _PPI_FAILED else 0)
        at += 4 + size
    return read_frame(data[length:], radio, flags)


def read_octets(data: bytes) -> Reading:
    """Return the Remote ID of bare octets, told apart by how they begin: a message, a pack, an 802.11 frame
    (with or without radiotap), a Bluetooth structure or packet, or `0d`, a counter and a message.
    """
    if len(data) == MESSAGE_BYTES or (data and data[0] >> 4 == MessageType.PACK):
        return Reading(heard=(Heard(carrier=None, payload=data),))
    if data[:1] == b"\x0d" and len(data) > 2:
        return Reading(heard=(Heard(carrier=None, counter=data[1], payload=data[2:]),))
    if data[1:4] == b"\x16\xfa\xff":
        reading = read_structures(data, Carrier.BLUETOOTH_LEGACY)
    elif data[:4] == b"\xd6\xbe\x89\x8e":
        reading = read_link_layer(data)
    elif data[:1] == b"\0":
        reading = read_radiotap(data)
    elif data[:1] in (b"\x80", b"\x50", b"\xd0", b"\xe0"):
        reading = read_frame(data)
    else:
        return _refused("message", f"{len(data)} octets, {data[:4].hex() or 'none'}...", "a message of 25")
    if reading == NOT_REMOTE_ID:
        return _refused("frame", data[:24].hex(), "one that carries Remote ID")
    return reading


def messages_of(heard: Heard) -> tuple[list[Message], list[DecodeError]]:
    """Return the messages of a payload that can be believed, and why not the others."""
    payload = heard.payload
    try:
        if payload and payload[0] >> 4 == MessageType.PACK:
            return read_pack(payload)
        return [decode_message(payload)], []
    except DecodeError as error:
        return [], [error]


def _refused(field: str, found: str, must: str) -> Reading:
    return Reading(errors=(DecodeError(field, found, must),))
