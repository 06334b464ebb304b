"""The text streams of ADS-B receivers: AVR frames, and lines.

| AVR | one frame |
|---|---|
| `*` or `:` | hex `;` |
| `@` or `%` | 12 hex digits of a counter, hex `;` |
| `<` | 12 hex digits of a counter, 2 of a signal, hex `;` |

The hex is 4 (Mode A/C), 14 or 28 digits. Counter and signal are those of `beast`. `*0000;` keeps a quiet
line open. TCP port 30002. Source: as receivers in use speak it.
"""

from __future__ import annotations

import re

from skykeep.base.errors import DecodeError
from skykeep.wire.beast import PAYLOAD_OCTETS, BeastMessage

_KIND_OF_DIGITS = {2 * octets: kind for kind, octets in PAYLOAD_OCTETS.items() if kind != 0x34}
_HEX = re.compile(rb"[0-9A-Fa-f]*")
_HEAD = {b"*": (0, 0), b":": (0, 0), b"@": (12, 0), b"%": (12, 0), b"<": (12, 2)}
AVR_LIMIT = 64
LINE_LIMIT = 1_024


def decode_avr(data: bytes) -> BeastMessage:
    """Return one frame, from its first character to before or with the semicolon."""
    text = data.strip().removesuffix(b";")
    head = text[:1]
    if head not in _HEAD:
        raise DecodeError("first character", repr(head.decode("latin-1")), "one of * : @ % <")
    counter_digits, signal_digits = _HEAD[head]
    digits = text[1:]
    if not _HEX.fullmatch(digits):
        raise DecodeError("frame", repr(text[:40].decode("latin-1")), "hex digits")
    hex_digits = len(digits) - counter_digits - signal_digits
    if hex_digits not in _KIND_OF_DIGITS:
        raise DecodeError("frame", f"{max(hex_digits, 0)} hex digits", "4, 14 or 28")
    counter = int(digits[:counter_digits], 16) if counter_digits else 0
    start = counter_digits + signal_digits
    signal = int(digits[counter_digits:start], 16) if signal_digits else 0
    return BeastMessage(
        _KIND_OF_DIGITS[hex_digits], counter, signal, bytes.fromhex(digits[start:].decode("ascii"))
    )


def encode_avr(message: BeastMessage) -> bytes:
    """Return a frame with its counter and signal."""
    if message.kind not in (0x31, 0x32, 0x33):
        raise ValueError(f"AVR has no type {message.kind:02x}")
    return b"<%012X%02X%s;\n" % (message.counter, message.signal, message.payload.hex().upper().encode())


class EndFramer:
    """Cuts a stream at an ending octet: a line feed, or the semicolon of AVR; empty pieces are left out."""

    def __init__(self, end: bytes, limit: int) -> None:
        self._end, self._limit = end, limit
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Return what is whole now; DecodeError when no end comes within the limit."""
        *whole, self._rest = (self._rest + data).split(self._end)
        if len(self._rest) > self._limit or any(len(piece) > self._limit for piece in whole):
            length = max(len(piece) for piece in (*whole, self._rest))
            raise DecodeError("stream", f"{length:,} octets without an end", f"at most {self._limit:,}")
        return [piece for piece in (piece.strip() for piece in whole) if piece]


def avr_framer() -> EndFramer:
    return EndFramer(b";", AVR_LIMIT)


def line_framer() -> EndFramer:
    return EndFramer(b"\n", LINE_LIMIT)
