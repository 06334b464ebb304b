"""What comes of bytes from outside: records that may be used, and refusals that name what was wrong.

A *translator* belongs to one source and remembers what its standard needs remembered (a date, the other half
of a position, which station a sector belongs to). It never raises on what it is given.
"""

from __future__ import annotations

import enum
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


class SourceState(enum.StrEnum):
    """How a source is. The later in this list, the worse."""

    OK = "ok"
    WAITING = "waiting"  # nothing was heard of it yet
    CLOCK_WRONG = "clock_wrong"
    NOISY = "noisy"
    SWAMPED = "swamped"
    FLOODING = "flooding"
    STUCK = "stuck"
    SILENT = "silent"
    QUARANTINED = "quarantined"


class SourceHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How one source is, as a person wants to know it.

    `says` are whole sentences, the most important first. `heard` counts messages that arrived, of which
    `refused` were no good and `dropped_rate` came faster than they may; `dropped_kernel` were lost before
    they could be read, `dropped_full` are records that had to make room for newer ones. `refused_because`
    counts refusals by reason. `clock_offset_s` is what is added to its times, `latency_s` what its data
    usually take, `drift_ppm` how much faster its clock runs than ours; None while not known.
    """

    source_id: str
    state: SourceState
    says: tuple[str, ...]
    last_utc_ns: int | None
    per_s: float
    heard: int
    records: int
    refused: int
    dropped_rate: int
    dropped_kernel: int
    dropped_full: int
    held_back: int
    refused_because: dict[str, int]
    clock_offset_s: float | None
    latency_s: float | None
    drift_ppm: float | None


class SourceEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Something about a source that goes into the log: a change of state, a piece of data that was refused,
    a peer that came or went. `data` is what was refused, as far as it is kept.
    """

    source_id: str
    time_utc_ns: int
    kind: str
    says: str
    data: bytes = b""
