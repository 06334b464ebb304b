"""KMZ in: a ZIP archive (PKWARE APPNOTE 6.3.3, without ZIP64) whose first `.kml` is the document.

    end of central directory   "PK\\5\\6" ... entries u16 @10, size u32 @12, offset u32 @16
    central header, 46 octets  "PK\\1\\2" flags u16 @8, method u16 @10, crc u32 @16, packed u32 @20,
                               whole u32 @24, name u16 @28, extra u16 @30, comment u16 @32, local u32 @42
    local header, 30 octets    "PK\\3\\4" name u16 @26, extra u16 @28, then both, then the packed octets

Stored and deflated entries are read, no encrypted ones. What would unpack to more than `LARGEST_BYTES` is
refused before it does. Other documents in the archive are named as left out; pictures are not.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Deviation, Gravity, ZoneList
from skykeep.wire import zone_kml

LARGEST_BYTES = 256 * 1024 * 1024
MOST_ENTRIES = 10_000
_END, _CENTRAL, _LOCAL = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_END_SEARCHED = 65_557
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 1


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    flags: int
    method: int
    crc: int
    packed: int
    whole: int
    offset: int


def decode(data: bytes, name: str) -> ZoneList:
    """Return the zones of an archive's document; `name` becomes their source."""
    try:
        documents = [entry for entry in _entries(data) if entry.name.lower().endswith(".kml")]
        if not documents:
            raise DecodeError("file", "an archive without a .kml", "a KMZ")
        listed = zone_kml.decode(_unpacked(data, documents[0]), name)
    except struct.error:
        raise DecodeError("file", "an archive cut short", "a whole KMZ") from None
    others = tuple(entry.name for entry in documents[1:])
    left = tuple(
        Deviation(
            zone_id="",
            field=other,
            found="another document",
            must="one document",
            gravity=Gravity.LEFT_OUT,
            done="not read: only the first document of a KMZ is",
        )
        for other in others
    )
    return msgspec.structs.replace(
        listed,
        deviations=listed.deviations + left,
        left_out=listed.left_out + tuple((other, "another document of the archive") for other in others),
    )


def _entries(data: bytes) -> Iterator[_Entry]:
    end = data.rfind(_END, max(0, len(data) - _END_SEARCHED))
    if end < 0:
        raise DecodeError("file", "no central directory", "a whole ZIP archive")
    count, _, at = struct.unpack_from("<HII", data, end + 10)
    if count > MOST_ENTRIES:
        raise DecodeError("file", f"{count} entries", f"at most {MOST_ENTRIES}")
    for _ in range(count):
        if data[at : at + 4] != _CENTRAL:
            raise DecodeError("file", "a broken central directory", "a whole ZIP archive")
        flags, method = struct.unpack_from("<HH", data, at + 8)
        crc, packed, whole, name_length, extra, comment = struct.unpack_from("<IIIHHH", data, at + 16)
        (offset,) = struct.unpack_from("<I", data, at + 42)
        name = data[at + 46 : at + 46 + name_length].decode("utf-8", "replace")
        yield _Entry(
            name=name, flags=flags, method=method, crc=crc, packed=packed, whole=whole, offset=offset
        )
        at += 46 + name_length + extra + comment


def _unpacked(data: bytes, entry: _Entry) -> bytes:
    if entry.flags & _ENCRYPTED or entry.method not in (_STORED, _DEFLATED):
        raise DecodeError(entry.name[:80], f"method {entry.method}", "stored or deflated, not encrypted")
    if entry.whole > LARGEST_BYTES:
        raise DecodeError(entry.name[:80], f"{entry.whole} bytes", f"at most {LARGEST_BYTES}")
    if data[entry.offset : entry.offset + 4] != _LOCAL:
        raise DecodeError(entry.name[:80], "no local header", "a whole ZIP archive")
    name_length, extra = struct.unpack_from("<HH", data, entry.offset + 26)
    start = entry.offset + 30 + name_length + extra
    body = data[start : start + entry.packed]
    if entry.method == _DEFLATED:
        try:
            body = zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, entry.whole + 1)
        except zlib.error as error:
            raise DecodeError(entry.name[:80], str(error), "deflated octets") from None
    if len(body) != entry.whole or zlib.crc32(body) != entry.crc:
        raise DecodeError(entry.name[:80], "octets that do not match their checksum", "whole")
    return body
