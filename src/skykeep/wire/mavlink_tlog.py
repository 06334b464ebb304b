"""Telemetry logs of ground stations (tlog): MAVLink frames, each behind the time of its reception.

| octets | what |
|---|---|
| 8 | microseconds since 1970-01-01 UTC, big-endian, by the clock of the ground station |
| frame | MAVLink 1 or 2 |

Damage is stepped over up to the next time and frame that hold, and given with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.wire.mavlink import MAGIC_1, MAGIC_2, Frame, decode_frame, next_magic

TIME_OCTETS = 8
_NS_PER_US = 1_000
# 2000-01-01 to 2100-01-01
LEAST_US, MOST_US = 946_684_800 * 10**6, 4_102_444_800 * 10**6


class TimedFrame(msgspec.Struct, frozen=True, kw_only=True):
    """One frame and when it was received; or octets that are none, and what was wrong with them."""

    received_utc_ns: int
    octets: bytes
    found: Frame | DecodeError


def is_tlog(data: bytes) -> bool:
    """Return whether these octets begin with a time of this century and a MAVLink frame."""
    return (
        len(data) > TIME_OCTETS
        and data[TIME_OCTETS] in (MAGIC_1, MAGIC_2)
        and LEAST_US <= int.from_bytes(data[:TIME_OCTETS], "big") < MOST_US
    )


def read_tlog(data: bytes) -> Iterator[TimedFrame]:
    """Yield every frame with its time. What is between frames comes with the time of the frame before it."""
    at = lost_from = last_utc_ns = 0
    wrong: DecodeError | None = None
    while at < len(data):
        try:
            found = _frame_at(data, at, in_step=wrong is None)
        except DecodeError as error:
            wrong = wrong or error
            at = _next_start(data, at + 1)
            continue
        if wrong is not None:
            yield TimedFrame(received_utc_ns=last_utc_ns, octets=data[lost_from:at], found=wrong)
        last_utc_ns = int.from_bytes(data[at : at + TIME_OCTETS], "big") * _NS_PER_US
        yield TimedFrame(received_utc_ns=last_utc_ns, octets=found.octets, found=found)
        at = lost_from = at + TIME_OCTETS + len(found.octets)
        wrong = None
    if wrong is not None:
        yield TimedFrame(received_utc_ns=last_utc_ns, octets=data[lost_from:], found=wrong)


def _frame_at(data: bytes, at: int, in_step: bool) -> Frame:
    time_us = int.from_bytes(data[at : at + TIME_OCTETS], "big")
    if not LEAST_US <= time_us < MOST_US:
        raise DecodeError("time", f"{time_us} us", "in the years 2000 to 2099")
    found = decode_frame(data, at + TIME_OCTETS)
    behind = at + 2 * TIME_OCTETS + len(found.octets)
    if not found.checked and not (in_step and (behind >= len(data) or data[behind] in (MAGIC_1, MAGIC_2))):
        raise DecodeError("message_id", str(found.message_id), "a known message, or in step")
    return found


def _next_start(data: bytes, at: int) -> int:
    """Return where the next time may stand: 8 octets before the next octet that begins a frame."""
    begins = next_magic(data, at + TIME_OCTETS)
    return len(data) if begins >= len(data) else begins - TIME_OCTETS
