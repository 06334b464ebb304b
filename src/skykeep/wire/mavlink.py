"""MAVLink 1 and 2 frames to records: framing, checksum, signature. Nothing here can send.

| octets | MAVLink 1 | octets | MAVLink 2 |
|---|---|---|---|
| 0 | `FE` | 0 | `FD` |
| 1 | payload length n | 1 | payload length n |
| | | 2 | incompatible flags: 01 signed; any other bit makes the frame unreadable |
| | | 3 | compatible flags: may be passed over |
| 2 | sequence | 4 | sequence |
| 3 | system id | 5 | system id |
| 4 | component id | 6 | component id |
| 5 | message id | 7..9 | message id, little-endian |
| 6..5+n | payload | 10..9+n | payload, zero octets at its end left out, never under 1 octet |
| 2 | CRC, little-endian | 2 | CRC, little-endian |
| | | 13 | where signed: link id, 6 of time, 6 of signature |

The CRC is CRC-16/MCRF4XX over all from octet 1 to the payload's end and then one octet more, the *CRC extra*,
which stands for the message's layout: a frame of a foreign layout fails it. Messages whose extra is not known
are cut out by their length and cannot be checked. The time of a signature is in 10 us since 2015-01-01 UTC;
the signature is the first 6 octets of the SHA-256 of key, frame, link id and time.
Source: the public MAVLink guide ("Serialization", "Message Signing").
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from collections.abc import Iterator

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.wire.mavlink_tables import CRC_EXTRAS, LAYOUTS, Value

MAGIC_1, MAGIC_2 = 0xFE, 0xFD
SIGNED = 0x01
SIGNATURE_OCTETS = 13
LARGEST_FRAME_OCTETS = 10 + 255 + 2 + SIGNATURE_OCTETS
KEY_OCTETS = 32
SIGNING_EPOCH_UTC_NS = 1_420_070_400 * 1_000_000_000
_SIGNING_TICK_NS = 10_000

_MAGIC = re.compile(b"[\xfd\xfe]")
_TURNED = bytes(int(f"{octet:08b}"[::-1], 2) for octet in range(256))
_EXTRA_OCTETS = {number: bytes([extra]) for number, extra in CRC_EXTRAS.items()}


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """What a signed frame ends with. `time_utc_ns` is the sender's clock, which may only go up."""

    link_id: int
    time_utc_ns: int
    digest: bytes


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """One frame: `octets` is all of it. `checked` is False where its message's CRC extra is not known."""

    version: int
    compatible_flags: int
    sequence: int
    system_id: int
    component_id: int
    message_id: int
    payload: bytes
    checked: bool
    signature: Signature | None
    octets: bytes


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message, its `fields` named as in the public definition, in the units given there."""

    name: str
    message_id: int
    system_id: int
    component_id: int
    sequence: int
    fields: dict[str, Value]


def crc_mcrf4xx(data: bytes) -> int:
    """Return CRC-16/MCRF4XX. It is the CRC that `binascii` computes, with every octet and the result turned
    end for end.
    """
    crc = binascii.crc_hqx(data.translate(_TURNED), 0xFFFF)
    return _TURNED[crc >> 8] | _TURNED[crc & 0xFF] << 8


def frame_octets(data: bytes, at: int = 0) -> int | None:
    """Return how long the frame that begins at `at` is, None where too little is there to tell."""
    if len(data) < at + 3:
        return None
    if data[at] == MAGIC_1:
        return 8 + data[at + 1]
    return 12 + data[at + 1] + (SIGNATURE_OCTETS if data[at + 2] & SIGNED else 0)


def decode_frame(data: bytes, at: int = 0) -> Frame:
    """Return the frame that begins at `at`; DecodeError where none does, or its CRC is wrong."""
    magic = data[at] if at < len(data) else None
    if magic not in (MAGIC_1, MAGIC_2):
        raise DecodeError("magic", "nothing" if magic is None else f"{magic:#04x}", "0xfe or 0xfd")
    octets = frame_octets(data, at)
    if octets is None or at + octets > len(data):
        raise DecodeError("frame", f"{len(data) - at} octets", f"{octets or 8} or more")
    if magic == MAGIC_1:
        head, compatible_flags, signed = 6, 0, False
        message_id = data[at + 5]
    else:
        head, compatible_flags, signed = 10, data[at + 3], bool(data[at + 2] & SIGNED)
        if data[at + 2] & ~SIGNED:
            raise DecodeError("incompat_flags", f"{data[at + 2]:#04x}", "0x00, or 0x01 for signed")
        message_id = data[at + 7] | data[at + 8] << 8 | data[at + 9] << 16
    end = at + head + data[at + 1]
    extra = _EXTRA_OCTETS.get(message_id)
    if extra is not None:
        is_crc, must = data[end] | data[end + 1] << 8, crc_mcrf4xx(data[at + 1 : end] + extra)
        if is_crc != must:
            raise DecodeError("crc", f"{is_crc:#06x} (message {message_id})", f"{must:#06x}")
    signature = _signature(data[end + 2 : end + 2 + SIGNATURE_OCTETS]) if signed else None
    return Frame(
        version=1 if magic == MAGIC_1 else 2,
        compatible_flags=compatible_flags,
        sequence=data[at + head - (4 if magic == MAGIC_1 else 6)],
        system_id=data[at + head - (3 if magic == MAGIC_1 else 5)],
        component_id=data[at + head - (2 if magic == MAGIC_1 else 4)],
        message_id=message_id,
        payload=data[at + head : end],
        checked=extra is not None,
        signature=signature,
        octets=data[at : at + octets],
    )


def _signature(data: bytes) -> Signature:
    ticks = int.from_bytes(data[1:7], "little")
    return Signature(
        link_id=data[0],
        time_utc_ns=SIGNING_EPOCH_UTC_NS + ticks * _SIGNING_TICK_NS,
        digest=data[7:],
    )


def signature_holds(frame: Frame, key: bytes) -> bool:
    """Return whether a signed frame was signed with `key`, 32 octets."""
    if frame.signature is None:
        return False
    digest = hashlib.sha256(key + frame.octets[:-6]).digest()[:6]
    return hmac.compare_digest(digest, frame.signature.digest)


def decode_message(frame: Frame) -> Message:
    """Return what a frame says, as it says it; DecodeError where it is too short or its layout not known."""
    layout = LAYOUTS.get(frame.message_id)
    if layout is None:
        raise DecodeError("message_id", str(frame.message_id), "a message whose layout is known")
    if frame.version == 1 and len(frame.payload) < layout.base_octets:
        raise DecodeError(
            layout.name, f"{len(frame.payload)} octets", f"{layout.base_octets} or more in MAVLink 1"
        )
    return Message(
        name=layout.name,
        message_id=frame.message_id,
        system_id=frame.system_id,
        component_id=frame.component_id,
        sequence=frame.sequence,
        fields=layout.read(frame.payload),
    )


def split(data: bytes, in_step: bool = True) -> Iterator[tuple[bytes, Frame | DecodeError]]:
    """Yield every frame in `data`, and what stands between them with the first thing that was wrong with it.

    A frame that cannot be checked is believed only right behind another frame (or at the very start, where
    the data begins `in_step`), and only if nothing or another frame follows: a false beginning in the middle
    of damaged data must not swallow what comes after it.
    """
    at = lost_from = 0
    wrong: DecodeError | None = None
    while at < len(data):
        try:
            found = decode_frame(data, at)
        except DecodeError as error:
            wrong = wrong or error
        else:
            end = at + len(found.octets)
            if found.checked or (in_step and (end == len(data) or data[end] in (MAGIC_1, MAGIC_2))):
                if wrong is not None:
                    yield data[lost_from:at], wrong
                yield found.octets, found
                at = lost_from = end
                wrong, in_step = None, True
                continue
            wrong = wrong or DecodeError("message_id", str(found.message_id), "a known message, or in step")
        in_step = False
        at = next_magic(data, at + 1)
    if wrong is not None:
        yield data[lost_from:], wrong


def next_magic(data: bytes, start: int) -> int:
    """Return where the next octet stands that may begin a frame; the end of the data where none does."""
    found = _MAGIC.search(data, start)
    return len(data) if found is None else found.start()


class MavlinkFramer:
    """Cuts a stream of bytes into frames, and gives what lies between them as pieces of its own, so that the
    translator can refuse it by name. It finds its step again after any damage.
    """

    def __init__(self) -> None:
        self._kept = b""
        self._in_step = False

    def feed(self, data: bytes) -> list[bytes]:
        """Return the frames that are whole now and the rubbish before them."""
        self._kept += data
        kept = self._kept
        pieces: list[bytes] = []
        lost_from = 0
        at = next_magic(kept, 0)
        self._in_step &= at == 0
        while at < len(kept):
            octets = frame_octets(kept, at)
            if octets is None or at + octets > len(kept):
                break
            if self._is_frame(at, at + octets):
                if lost_from < at:
                    pieces.append(kept[lost_from:at])
                pieces.append(kept[at : at + octets])
                lost_from = at + octets
                at = next_magic(kept, lost_from)
                self._in_step = at == lost_from
            else:
                self._in_step = False
                at = next_magic(kept, at + 1)
        if lost_from < at:
            pieces.append(kept[lost_from:at])
        self._kept = kept[at:]
        return pieces

    def _is_frame(self, start: int, end: int) -> bool:
        try:
            found = decode_frame(self._kept, start)
        except DecodeError:
            return False
        return found.checked or (self._in_step and self._kept[end : end + 1] in (b"", b"\xfe", b"\xfd"))
