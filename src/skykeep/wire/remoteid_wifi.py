"""Remote ID in Wi-Fi: 802.11 beacons and NAN action frames, with or without the receiver's radiotap header.

| part | octets |
|---|---|
| radiotap | version 0, pad, length (2), present (4 each while bit 31), fields each on its own alignment |
| its fields | 0 time (8), 1 flags (`10` check sequence at the end, `40` it failed), 2 rate, 3 channel MHz (2) and kind (2), 4 hopping (2), 5 signal dBm |
| management header | control (2), duration (2), three addresses (the second is the sender's), sequence (2) |
| beacon, probe response | time (8), interval (2), capability (2), then elements: id, length, body |
| Remote ID element | `dd`, length, `fa 0b bc`, `0d`, counter, pack |
| DJI, French element | `dd`, length, `26 37 12` or `6a 5c 35`, body |
| NAN action | `04 09 50 6f 9a 13`, then attributes: id, length (2), body |
| service descriptor `03` | service `88 69 19 9d 92 09`, instance, requestor, control; what control names; length, counter, pack |

A frame whose check sequence fails is refused before anything in it is read. An element or attribute that runs
past the end is refused where it is Remote ID's. Sources: IEEE 802.11; radiotap.org; Wi-Fi Aware 2.0; F3411-22a
section 5.4.
"""  # noqa: E501

from __future__ import annotations

import struct
import zlib

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

REMOTE_ID_OUI = b"\xfa\x0b\xbc"
OTHER_OUIS = {b"\x26\x37\x12": Carrier.DJI, b"\x6a\x5c\x35": Carrier.FRENCH}
NAN_HEAD = b"\x04\x09\x50\x6f\x9a\x13"
NAN_SERVICE = b"\x88\x69\x19\x9d\x92\x09"
NAN_CLUSTER = b"\x50\x6f\x9a\x01\x00\xff"
NAN_DESTINATION = b"\x51\x6f\x9a\x01\x00\x00"
_HEADER_BYTES, _FIXED_BYTES, _CHECK_BYTES = 24, 12, 4
_BEACON, _PROBE_RESPONSE, _ACTION, _ACTION_NO_ACK = 8, 5, 13, 14
_VENDOR = 0xDD
_CHECKED, _FAILED = 0x10, 0x40
# (alignment, size) of the radiotap fields up to the signal strength
_RADIOTAP_FIELDS = ((8, 8), (1, 1), (1, 1), (2, 4), (2, 2), (1, 1))


def read_radiotap(data: bytes) -> Reading:
    """Return the Remote ID of a frame that stands behind a radiotap header."""
    if len(data) < 8 or data[0] != 0:
        return _refused("radiotap.version", data[:8].hex(), "0 and a header of 8 octets or more")
    (length,) = struct.unpack_from("<H", data, 2)
    words = 1
    while data[4 * words + 3] & 0x80:
        words += 1
        if 4 + 4 * words > min(length, len(data)):
            return _refused("radiotap.present", f"{words} words", f"within the header of {length} octets")
    at = 4 + 4 * words
    if not at <= length <= len(data):
        return _refused("radiotap.length", f"{length}", f"{at} to the {len(data)} octets of the packet")
    (present,) = struct.unpack_from("<I", data, 4)
    found: dict[int, int] = {}
    for bit, (alignment, size) in enumerate(_RADIOTAP_FIELDS):
        if present >> bit & 1:
            at += -at % alignment
            found[bit] = at
            at += size
    if at > length:
        return _refused("radiotap.length", f"{length}", f"at least {at} for its fields")
    radio = Radio(
        rssi_dbm=float(struct.unpack_from("<b", data, found[5])[0]) if 5 in found else None,
        frequency_mhz=float(struct.unpack_from("<H", data, found[3])[0]) if 3 in found else None,
    )
    flags = data[found[1]] if 1 in found else None
    return read_frame(data[length:], radio, flags)


def read_frame(frame: bytes, radio: Radio = Radio(), flags: int | None = None) -> Reading:  # noqa: B008
    """Return the Remote ID of one 802.11 frame. `flags` are radiotap's; None where nobody says whether a
    check sequence ends the frame: then it is taken off where it fits.
    """
    if flags is not None and flags & _FAILED:
        return _refused("frame_check_sequence", "failed, says the receiver", "right")
    fits = len(frame) > _CHECK_BYTES and zlib.crc32(frame[:-_CHECK_BYTES]) == int.from_bytes(
        frame[-_CHECK_BYTES:], "little"
    )
    if flags is not None and flags & _CHECKED and not fits:
        return _refused("frame_check_sequence", frame[-_CHECK_BYTES:].hex(), "the CRC-32 of the frame")
    if fits and (flags is None or flags & _CHECKED):
        frame = frame[:-_CHECK_BYTES]
    if len(frame) < _HEADER_BYTES or frame[0] & 0x0F or frame[1] & 0x40:
        return NOT_REMOTE_ID  # too short, not a management frame, or encrypted
    kind = frame[0] >> 4
    body = frame[_HEADER_BYTES + (4 if frame[1] & 0x80 else 0) :]
    sender = address_text(frame[10:16])
    if kind in (_BEACON, _PROBE_RESPONSE):
        return _read_elements(body[_FIXED_BYTES:], sender, radio)
    if kind in (_ACTION, _ACTION_NO_ACK) and body.startswith(NAN_HEAD):
        return _read_attributes(body[len(NAN_HEAD) :], sender, radio)
    return NOT_REMOTE_ID


def _read_elements(elements: bytes, sender: str, radio: Radio) -> Reading:
    heard: list[Heard] = []
    at = 0
    while at + 2 <= len(elements):
        identity, length = elements[at], elements[at + 1]
        body = elements[at + 2 : at + 2 + length]
        at += 2 + length
        if identity != _VENDOR:
            continue
        oui = body[:3]
        carrier = OTHER_OUIS.get(oui)
        if oui != REMOTE_ID_OUI and carrier is None:
            continue
        if len(body) < length:
            error = DecodeError("information_element", f"{len(body)} octets", f"the {length} it states")
            return Reading(heard=tuple(heard), errors=(error,))
        if carrier is not None:
            heard.append(Heard(carrier=carrier, payload=body[3:], transmitter=sender, radio=radio))
        elif len(body) >= 5 and body[3] == APPLICATION_CODE:
            heard.append(_remote_id(Carrier.WIFI_BEACON, body[4:], sender, radio))
    return Reading(heard=tuple(heard))


def _read_attributes(attributes: bytes, sender: str, radio: Radio) -> Reading:
    heard: list[Heard] = []
    at = 0
    while at + 3 <= len(attributes):
        identity, length = struct.unpack_from("<BH", attributes, at)
        body = attributes[at + 3 : at + 3 + length]
        at += 3 + length
        if identity != 0x03 or not body.startswith(NAN_SERVICE):
            continue
        if len(body) < length:
            error = DecodeError("nan.attribute", f"{len(body)} octets", f"the {length} it states")
            return Reading(heard=tuple(heard), errors=(error,))
        try:
            info = _service_info(body)
        except IndexError:
            error = DecodeError("nan.service_descriptor", body.hex(), "as long as its control octet asks for")
            return Reading(heard=tuple(heard), errors=(error,))
        if len(info) > 1:
            heard.append(_remote_id(Carrier.WIFI_NAN, info, sender, radio))
    return Reading(heard=tuple(heard))


def _service_info(descriptor: bytes) -> bytes:
    """Return the service information of a descriptor, empty when it has none; IndexError when it is cut."""
    control, at = descriptor[8], 9
    if control & 0x40:  # a binding bitmap
        at += 2
    for bit in (0x04, 0x08):  # a matching filter, a response filter
        if control & bit:
            at += 1 + descriptor[at]
    if not control & 0x10:
        return b""
    length = descriptor[at]
    if at + 1 + length > len(descriptor):
        raise IndexError("service information beyond the descriptor")
    return descriptor[at + 1 : at + 1 + length]


def _remote_id(carrier: Carrier, counted: bytes, sender: str, radio: Radio) -> Heard:
    return Heard(carrier=carrier, counter=counted[0], payload=counted[1:], transmitter=sender, radio=radio)


def _refused(field: str, found: str, must: str) -> Reading:
    return Reading(errors=(DecodeError(field, found, must),))


def encode_element(pack: bytes, counter: int) -> bytes:
    """Return the vendor element that carries a pack in a beacon."""
    body = REMOTE_ID_OUI + bytes([APPLICATION_CODE, counter & 0xFF]) + pack
    return bytes([_VENDOR, len(body)]) + body


def encode_beacon(sender: bytes, pack: bytes, counter: int, ssid: bytes, time_us: int) -> bytes:
    """Return a beacon, without its check sequence, that carries a pack."""
    header = b"\x80\0\0\0" + b"\xff" * 6 + sender * 2 + b"\0\0"
    fixed = struct.pack("<QHH", time_us, 102, 0x0420)
    return header + fixed + bytes([0, len(ssid)]) + ssid + b"\x01\x01\x8c" + encode_element(pack, counter)


def encode_nan_action(sender: bytes, pack: bytes, counter: int) -> bytes:
    """Return a NAN action frame, without its check sequence, that carries a pack."""
    header = b"\xd0\0\0\0" + NAN_DESTINATION + sender + NAN_CLUSTER + b"\0\0"
    info = bytes([counter & 0xFF]) + pack
    body = NAN_SERVICE + b"\x01\x00\x10" + bytes([len(info)]) + info
    extension = struct.pack("<BHBHB", 0x0E, 4, 1, 0x0200, counter & 0xFF)
    return header + NAN_HEAD + struct.pack("<BH", 0x03, len(body)) + body + extension
