"""Mode S Beast binary: the stream that receivers send on TCP port 30005.

| octets | what |
|---|---|
| `1a` | begins a message; inside one, `1a` is sent twice |
| type | `31` Mode A/C, `32` Mode S short, `33` Mode S long, `34` state of the receiver, `e3` its identity |
| 6 | counter, big-endian: 12 MHz ticks, or UTC seconds of the day (18 bits) and nanoseconds (30 bits) |
| 1 | signal: amplitude of 255 at full scale, 0 where not measured |
| 2, 7, 14, 14 | the reply itself, or the state |

A message of type `e3` carries 8 octets and no counter: what follows was heard by that receiver. Counters
`ff004d4c4154` and `ff004d4c4155` mark what a server made up: multilateration results and UAT traffic.
Source: the format's description by its makers, and as receivers in use speak it.
"""

from __future__ import annotations

import math

import msgspec

from skykeep.base.errors import DecodeError

ESCAPE = 0x1A
PAYLOAD_OCTETS = {0x31: 2, 0x32: 7, 0x33: 14, 0x34: 14}
RECEIVER_ID = 0xE3
WHOLE_OCTETS = {kind: 8 + octets for kind, octets in PAYLOAD_OCTETS.items()} | {RECEIVER_ID: 9}
MADE_UP_COUNTERS = {0xFF004D4C4154: "multilateration", 0xFF004D4C4155: "UAT"}
COUNTER_HZ = 12_000_000
COUNTER_WRAP = 1 << 48
# A stream in which nothing was a message for so long is something else.
GIVE_UP_OCTETS = 1 << 16
KEPT_OF_UNKNOWN = 64


class BeastMessage(msgspec.Struct, frozen=True):
    """One message, unescaped. `counter` and `signal` are 0 for a receiver's identity."""

    kind: int
    counter: int
    signal: int
    payload: bytes

    @property
    def signal_dbfs(self) -> float | None:
        """The signal against full scale, None where not measured."""
        return 20.0 * math.log10(self.signal / 255.0) if self.signal else None


def decode_beast(data: bytes) -> BeastMessage:
    """Return one unescaped message, from its type on."""
    if not data:
        raise DecodeError("message", "empty", "a type and what belongs to it")
    kind = data[0]
    if kind not in WHOLE_OCTETS:
        raise DecodeError("type", f"{kind:02x}", "31, 32, 33, 34 or e3")
    if len(data) != WHOLE_OCTETS[kind]:
        raise DecodeError("message", f"{len(data)} octets of type {kind:02x}", f"{WHOLE_OCTETS[kind]}")
    if kind == RECEIVER_ID:
        return BeastMessage(kind, 0, 0, data[1:])
    return BeastMessage(kind, int.from_bytes(data[1:7], "big"), data[7], data[8:])


def encode_beast(message: BeastMessage) -> bytes:
    """Return a message as it stands in the stream, escaped."""
    if message.kind == RECEIVER_ID:
        body = message.payload
    else:
        body = message.counter.to_bytes(6, "big") + bytes([message.signal]) + message.payload
    if len(body) + 1 != WHOLE_OCTETS[message.kind]:
        raise ValueError(f"a payload of {len(message.payload)} octets is none of type {message.kind:02x}")
    return bytes([ESCAPE, message.kind]) + body.replace(b"\x1a", b"\x1a\x1a")


class BeastFramer:
    """Cuts a Beast stream into unescaped messages, each as soon as its last octet is in.

    A message cut short by the next one's escape is handed on as it is, to be refused. Octets that belong to
    no message, such as those before the first escape, are counted in `skipped_octets`.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._since_message = 0
        self.skipped_octets = 0

    def feed(self, data: bytes) -> list[bytes]:
        """Return what is whole now; DecodeError when nothing was a message for 64 KiB."""
        buffer = self._buffer
        buffer += data
        self._since_message += len(data)
        messages: list[bytes] = []
        at = 0
        while True:
            start = buffer.find(ESCAPE, at)
            if start < 0:
                self.skipped_octets += len(buffer) - at
                at = len(buffer)
                break
            self.skipped_octets += start - at
            message, at = _cut(buffer, start)
            if message is None and at == start:
                break
            if message is None:
                self.skipped_octets += at - start
                continue
            messages.append(message)
            if message and len(message) == WHOLE_OCTETS.get(message[0]):
                self._since_message = len(buffer) - at
        del buffer[:at]
        if self._since_message > GIVE_UP_OCTETS:
            raise DecodeError("stream", f"{self._since_message:,} octets and no message", "Beast binary")
        return messages


def _cut(buffer: bytearray, start: int) -> tuple[bytes | None, int]:
    """Return the message whose escape is at `start` and where it ends; (None, start) when more is to come,
    (None, further on) when there is none here.
    """
    if start + 1 >= len(buffer):
        return None, start
    kind = buffer[start + 1]
    if kind == ESCAPE:
        return None, start + 2
    whole = WHOLE_OCTETS.get(kind, KEPT_OF_UNKNOWN)
    plain_end = start + 1 + whole
    if kind in WHOLE_OCTETS and len(buffer) >= plain_end and buffer.find(ESCAPE, start + 2, plain_end) < 0:
        return bytes(buffer[start + 1 : plain_end]), plain_end
    body = bytearray([kind])
    at = start + 2
    while len(body) < whole:
        if at >= len(buffer):
            return None, start
        octet = buffer[at]
        if octet == ESCAPE:
            if at + 1 >= len(buffer):
                return None, start
            if buffer[at + 1] != ESCAPE:
                break
            at += 1
        body.append(octet)
        at += 1
    return bytes(body), at
