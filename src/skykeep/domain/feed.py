"""What comes of bytes from outside: records that may be used, and refusals that name what was wrong.

A *translator* belongs to one source and remembers what its standard needs remembered (a date, the other half
of a position, which station a sector belongs to). It never raises on what it is given.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from skykeep.base.errors import InputError
from skykeep.domain.sensing import Claim, Report, Scan, SensorStatus

Received = Scan | Claim | Report | SensorStatus

KEPT_BYTES = 2_048


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be used: the field, what it was and must be, and the first `KEPT_BYTES` of the data."""

    field: str
    found: str
    must: str
    data: bytes = b""


def refusal_of(error: InputError, data: bytes) -> Refusal:
    """Return an error as what is kept of it."""
    return Refusal(field=error.field, found=error.found, must=error.must, data=data[:KEPT_BYTES])


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What one piece of data gave."""

    records: tuple[Received, ...] = ()
    refusals: tuple[Refusal, ...] = ()


NOTHING = Taken()


class Translator(Protocol):
    """Turns what one source sends into records of ours."""

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        """Take one datagram or framed message; whatever it holds, never raise."""
        ...


class Framer(Protocol):
    """Cuts a stream of bytes into messages."""

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages that are whole now; DecodeError where the stream can never be followed
        again, after which the connection is closed.
        """
        ...
