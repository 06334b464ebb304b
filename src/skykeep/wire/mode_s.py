"""Mode S frames out of recordings, and what they say, through rs1090.

| recording | one frame is |
|---|---|
| JSON Lines | an object with `timestamp` (s, UTC) and `frame` or `rawmsg` (hex) |
| CSV | time in s first, a frame in hex in any other cell; or the frame first |
| AVR | `*hex;` or `@` + 12 hex digits of a 12 MHz counter + hex + `;` |
| Beast | `1a`, type (`31` 2 octets, `32` 7, `33` 14), 6 of a counter, 1 of signal; a `1a` inside is doubled |

Beast, AVR and CSV without a time carry no date: such frames get `start_utc_ns` plus their counter.
Altitudes are barometric (ft) or above the ellipsoid as the message says. Error of rs1090's positions: that
of the format, 5 m airborne. Source: ICAO Doc 9871; rs1090 for the decoding.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError

FRAME_BYTES = {0x31: 2, 0x32: 7, 0x33: 14}
BEAST_COUNTER_HZ = 12_000_000
_HEX_FRAME = re.compile(r"^(?:[0-9A-Fa-f]{14}|[0-9A-Fa-f]{28})$")


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """One Mode S frame of 7 or 14 octets, as hex, with the time it was received."""

    time_utc_ns: int
    hex: str


def read_frames(data: bytes, counts: Counter[str], start_utc_ns: int = 0) -> Iterator[Frame]:
    """Yield the frames of a recording, whichever of the forms above it has; lines that hold none are
    counted as `no_frame`.
    """
    if data[:1] == b"\x1a":
        yield from _beast_frames(data, counts, start_utc_ns)
        return
    for line in data.splitlines():
        if not line.strip():
            continue
        frame = _text_frame(line, start_utc_ns)
        counts["frames" if frame is not None else "no_frame"] += 1
        if frame is not None:
            yield frame


def _text_frame(line: bytes, start_utc_ns: int) -> Frame | None:
    try:
        text = line.removeprefix(b"\xef\xbb\xbf").decode("ascii").strip()
        if text.startswith("{"):
            found = msgspec.json.decode(text)
            hex_frame, time_s = found.get("frame") or found.get("rawmsg"), float(found["timestamp"])
        elif text[0] in "*@":
            counter_digits = 12 if text[0] == "@" else 0
            hex_frame = text[1 + counter_digits :].rstrip(";")
            ticks = int(text[1:13], 16) if counter_digits else 0
            time_s = start_utc_ns / NS_PER_S + ticks / BEAST_COUNTER_HZ
        else:
            cells = [cell.strip('" ') for cell in text.split(",")]
            hex_frame = next((cell for cell in cells if _HEX_FRAME.match(cell)), None)
            time_s = start_utc_ns / NS_PER_S if cells[0] == hex_frame else float(cells[0])
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, msgspec.DecodeError):
        return None
    if not isinstance(hex_frame, str) or not _HEX_FRAME.match(hex_frame) or not 0.0 <= time_s < 2**33:
        return None
    return Frame(time_utc_ns=round(time_s * NS_PER_S), hex=hex_frame.lower())


def _beast_frames(data: bytes, counts: Counter[str], start_utc_ns: int) -> Iterator[Frame]:
    for body in _beast_messages(data):
        length = FRAME_BYTES.get(body[0]) if body else None
        if length is None or len(body) != 8 + length:
            counts["no_frame"] += 1
        elif length == FRAME_BYTES[0x31]:
            counts["mode_ac"] += 1
        else:
            counts["frames"] += 1
            ticks = int.from_bytes(body[1:7], "big")
            time_utc_ns = start_utc_ns + ticks * NS_PER_S // BEAST_COUNTER_HZ
            yield Frame(time_utc_ns=time_utc_ns, hex=body[8:].hex())


def _beast_messages(data: bytes) -> Iterator[bytes]:
    """Yield what stands between lone escapes, undoubled; the octets before the first one are no message."""
    body: bytearray | None = None
    at = 0
    while at < len(data):
        escaped = data[at] == 0x1A
        if escaped and data[at + 1 : at + 2] != b"\x1a":
            if body is not None:
                yield bytes(body)
            body = bytearray()
        elif body is not None:
            body.append(data[at])
        at += 2 if escaped and data[at + 1 : at + 2] == b"\x1a" else 1
    if body is not None:
        yield bytes(body)


def decode_frames(frames: list[Frame], counts: Counter[str]) -> list[dict[str, Any]]:
    """Return one mapping per frame that rs1090 accepts, with its `time_utc_ns`; others are counted by
    reason.

    Positions come from even and odd pairs, so frames must be in order of time and all of one receiver. What
    no aircraft can be is refused: `latitude`, `longitude`, `altitude` and `groundspeed` out of bounds.
    """
    import rs1090

    times_s = [frame.time_utc_ns / NS_PER_S for frame in frames]
    try:
        decoded: Any = rs1090.decode([frame.hex for frame in frames], times_s) if frames else []
    except (ValueError, RuntimeError) as error:
        raise DecodeError("frames", str(error), "frames that rs1090 reads") from error
    accepted = []
    by_hex: dict[tuple[str, float], list[int]] = {}
    for frame, time_s in zip(frames, times_s, strict=True):
        by_hex.setdefault((frame.hex, time_s), []).append(frame.time_utc_ns)
    for message in decoded:
        times = by_hex.get((message["frame"], message["timestamp"]))
        if not times:
            counts["rejected_unmatched"] += 1
            continue
        reason = _implausible(message)
        counts[f"rejected_{reason}" if reason else "accepted"] += 1
        if reason is None:
            accepted.append({"time_utc_ns": times.pop(0), **message})
    counts["rejected_undecodable"] += len(frames) - len(decoded)
    return accepted


_BOUNDS = {
    "latitude": (-90.0, 90.0),
    "longitude": (-180.0, 180.0),
    "altitude": (-2_000.0, 100_000.0),
    "groundspeed": (0.0, 2_500.0),
}


def _implausible(message: dict[str, Any]) -> str | None:
    for name, (low, high) in _BOUNDS.items():
        value = message.get(name)
        if value is not None and not (math.isfinite(value) and low <= value <= high):
            return name
    return None
