"""A stream of Cursor on Target cut into messages: XML events, protobuf frames, or one and then the other.

A message says itself what it is: a protobuf frame begins with `bf`, which no XML document in UTF-8 can, so a
connection that agrees on protobuf half-way needs no telling. XML ends at `</event>`, as TAK's notes say; what
stands before a `<?xml` or `<event` comes out as a message of its own, for the decoder to refuse by name, and
so does the head of an event that is longer than may be. A protobuf stream that loses its count can never be
followed again.
"""

from __future__ import annotations

import re

from skykeep.base.errors import DecodeError
from skykeep.wire.cot import LARGEST_EVENT_BYTES
from skykeep.wire.cot_proto import MAGIC, read_varint

_END = re.compile(rb"</event[ \t\r\n]*>")
_START = re.compile(rb"<\?xml[ \t\r\n]|<event[ \t\r\n]")
_SPACE = b" \t\r\n\x00"
_LONGEST_END = 64


class CotFramer:
    """Cuts what a TAK server or client sends; chunk boundaries may be anywhere."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._searched = 0
        self._skipping = False
        self._framed = False
        self._lost: DecodeError | None = None

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages that are whole now; once the stream is lost, first those that came before."""
        if self._lost is not None:
            raise self._lost
        self._buffer += data
        messages: list[bytes] = []
        try:
            while self._take(messages):
                pass
        except DecodeError as error:
            if not messages:
                raise
            self._lost = error
        return messages

    def rest(self) -> bytes:
        """Return what is left at the end of a stream: less than a message."""
        return bytes(self._buffer.strip(_SPACE))

    def _take(self, messages: list[bytes]) -> bool:
        """Take one message off the buffer; False where more octets are needed."""
        if not self._searched and not self._skipping:
            self._buffer = self._buffer.lstrip(_SPACE)
        if not self._buffer:
            return False
        if not self._searched and not self._skipping and self._buffer[0] == MAGIC:
            return self._take_frame(messages)
        if self._framed and not self._searched and self._buffer[0] != ord("<"):
            raise DecodeError("stream", f"{self._buffer[0]:02x} between messages", "bf, or < of an event")
        return self._take_document(messages)

    def _take_frame(self, messages: list[bytes]) -> bool:
        length, start = read_varint(self._buffer, 1)
        if length is None:
            return False
        if length > LARGEST_EVENT_BYTES:
            raise DecodeError("header.length", str(length), f"at most {LARGEST_EVENT_BYTES}")
        if len(self._buffer) < start + length:
            return False
        self._framed = True
        messages.append(bytes(self._buffer[: start + length]))
        del self._buffer[: start + length]
        return True

    def _take_document(self, messages: list[bytes]) -> bool:
        end = _END.search(self._buffer, max(0, self._searched - _LONGEST_END))
        if end is None:
            self._searched = len(self._buffer)
            if self._searched > LARGEST_EVENT_BYTES:
                self._give_up(messages)
            return False
        piece = bytes(self._buffer[: end.end()])
        del self._buffer[: end.end()]
        self._searched = 0
        if self._skipping:
            self._skipping = False
        else:
            messages.extend(_pieces(piece))
        return True

    def _give_up(self, messages: list[bytes]) -> None:
        """Hand out the head of an event that is too long, once, and look on for its end only."""
        if not self._skipping:
            messages.append(bytes(self._buffer[: LARGEST_EVENT_BYTES + 1]))
        self._skipping = True
        del self._buffer[:-_LONGEST_END]
        self._searched = len(self._buffer)


def _pieces(piece: bytes) -> list[bytes]:
    """Return an event, and before it what cannot belong to it."""
    starts = [found.start() for found in _START.finditer(piece)]
    if not starts:
        return [piece]
    # The declaration belongs to the event that follows it with nothing between.
    start = starts[-1]
    if len(starts) > 1 and piece[starts[-2] :].startswith(b"<?xml"):
        declaration = piece[starts[-2] : start]
        if declaration.rstrip(_SPACE).endswith(b"?>") and declaration.count(b"?>") == 1:
            start = starts[-2]
    before = piece[:start].strip(_SPACE)
    return [before, piece[start:]] if before else [piece[start:]]
