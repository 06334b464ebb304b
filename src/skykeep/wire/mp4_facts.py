"""What an MP4 or QuickTime file says of itself: when it was made, how long it is, how large, and where.

ISO/IEC 14496-12: a file is boxes, each 4 bytes length, 4 bytes type, then content (length 1: 8 bytes of
length follow; 0: to the end). Read are, inside `moov`:

| box | holds |
|---|---|
| `mvhd` | 1 version, 3 flags, then created, changed, 4 ticks per second, length; 4 each, version 1: 8 |
| `tkhd` | in its last 8 bytes width and height, 16.16 fixed point |
| `udta/©xyz` | 2 length, 2 language, then where, as ISO 6709 text such as `+48.1000+011.5000/` |

Times are seconds since 1904 in UTC, by the standard; 0 says nothing. No frame is ever decoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

_EPOCH_1904_S = 2_082_844_800
_LATEST_S = 4_102_444_800  # 2100: what is later is no date
_MOST_BOXES = 10_000
_ISO_6709 = re.compile(r"^([+-]\d{2}(?:\.\d+)?)([+-]\d{3}(?:\.\d+)?)")


class Mp4Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What was said; None where nothing was."""

    created_utc_s: int | None = None
    duration_s: float | None = None
    width_px: int | None = None
    height_px: int | None = None
    place_deg: tuple[float, float] | None = None


def mp4_facts(data: bytes) -> Mp4Facts:
    """Return what the file says of itself; of damaged bytes, what can be read before the damage."""
    created = duration = width = height = place = None
    for path, start, end in _boxes(data):
        if path == "moov/mvhd" and duration is None:
            created, duration = _mvhd(data[start:end])
        elif path == "moov/trak/tkhd" and end - start >= 84:
            across, down = (int.from_bytes(data[at : at + 4]) >> 16 for at in (end - 8, end - 4))
            if across and down and width is None:
                width, height = across, down
        elif path == "moov/udta/\xa9xyz" and place is None:
            place = _place(data[start + 4 : end])
    return Mp4Facts(
        created_utc_s=created, duration_s=duration, width_px=width, height_px=height, place_deg=place
    )


def _boxes(data: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield (path, start, end) of the content of each box that may matter."""
    ranges = [("", 0, len(data))]
    for _ in range(_MOST_BOXES):
        if not ranges:
            return
        path, at, end = ranges.pop()
        if at + 8 > end:
            continue
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8].decode("latin-1")
        start = at + 8
        if size == 1:
            size, start = int.from_bytes(data[at + 8 : at + 16]), at + 16
        stop = end if size == 0 else at + size
        if not start <= stop <= end:
            continue
        ranges.append((path, stop, end))
        name = f"{path}/{kind}" if path else kind
        yield name, start, stop
        if name in ("moov", "moov/trak", "moov/udta"):
            ranges.append((name, start, stop))


def _mvhd(box: bytes) -> tuple[int | None, float | None]:
    wide = 8 if box[:1] == b"\x01" else 4
    if len(box) < 4 + 3 * wide + 4:
        return None, None
    created = int.from_bytes(box[4 : 4 + wide])
    scale = int.from_bytes(box[4 + 2 * wide : 8 + 2 * wide])
    length = int.from_bytes(box[8 + 2 * wide : 8 + 3 * wide])
    unknown = length == (1 << 8 * wide) - 1
    utc_s = created - _EPOCH_1904_S
    return (utc_s if 0 < utc_s < _LATEST_S else None), (None if not scale or unknown else length / scale)


def _place(text: bytes) -> tuple[float, float] | None:
    found = _ISO_6709.match(text.decode("ascii", errors="replace"))
    if found is None:
        return None
    latitude_deg, longitude_deg = float(found[1]), float(found[2])
    return (latitude_deg, longitude_deg) if abs(latitude_deg) <= 90 and abs(longitude_deg) <= 180 else None
