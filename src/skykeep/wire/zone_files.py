"""Which format a file of zones is in, by what it holds, not by its name; and out again in those we write.

A new format is one more line in `READERS` (or `WRITERS`). They are tried in that order: the first that says
yes reads the file. Nothing here reads a disk.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from skykeep.base.errors import DecodeError, InputError
from skykeep.domain.zone import Deviation, ZoneList
from skykeep.wire import (
    aixm,
    ed269,
    ed269_out,
    ed318,
    ed318_out,
    notam,
    openair,
    tfr,
    yaixm,
    zone_geojson,
    zone_geojson_out,
    zone_kml,
    zone_kml_out,
    zone_kmz,
)
from skykeep.wire.zone_json import decode_json

LARGEST_BYTES = 256 * 1024 * 1024
_GLIMPSED = 65_536
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]")
_PREAMBLE = (("<?", "?>"), ("<!--", "-->"))


class Glimpse(msgspec.Struct, frozen=True, kw_only=True):
    """A file from outside: what it decodes to where it is JSON (None where not), the local name of its first
    element where it is XML ("" where not), and its beginning as text.
    """

    json: Any
    xml_root: str
    text: str


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """One format in: what people call it, whether a file looks like it, and how it is read: from the bytes
    and the name of the source.
    """

    says: str
    looks: Callable[[Glimpse], bool]
    read: Callable[[bytes, str], ZoneList]


READERS: dict[str, Reader] = {
    "ed318": Reader(
        says="ED-318 JSON", looks=lambda seen: ed318.looks_like_ed318(seen.json), read=ed318.decode
    ),
    "ed269": Reader(
        says="ED-269 JSON", looks=lambda seen: ed269.looks_like_ed269(seen.json), read=ed269.decode
    ),
    "geojson": Reader(
        says="GeoJSON",
        looks=lambda seen: zone_geojson.looks_like_geojson(seen.json),
        read=zone_geojson.decode,
    ),
    "kml": Reader(says="KML", looks=lambda seen: seen.xml_root == "kml", read=zone_kml.decode),
    "aixm": Reader(
        says="AIXM 5.1", looks=lambda seen: seen.xml_root == "AIXMBasicMessage", read=aixm.read_aixm
    ),
    "tfr": Reader(says="FAA TFR XML", looks=lambda seen: seen.xml_root == "XNOTAM-Update", read=tfr.read_tfr),
    "yaixm": Reader(
        says="YAIXM", looks=lambda seen: yaixm.looks_like_yaixm(seen.text), read=yaixm.read_yaixm
    ),
    "notam": Reader(
        says="NOTAM text", looks=lambda seen: notam.looks_like_notam(seen.text), read=notam.read_notam
    ),
    "openair": Reader(
        says="OpenAir", looks=lambda seen: openair.looks_like_openair(seen.text), read=openair.read_openair
    ),
    "kmz": Reader(says="KMZ", looks=lambda seen: seen.text.startswith("PK\x03\x04"), read=zone_kmz.decode),
}

Write = Callable[[ZoneList], tuple[bytes, tuple[Deviation, ...]]]
WRITERS: dict[str, Write] = {
    "ed269": ed269_out.encode,
    "ed318": ed318_out.encode,
    "geojson": zone_geojson_out.encode,
    "kml": zone_kml_out.encode,
}


def read_zones(data: bytes, name: str, format: str = "") -> ZoneList:
    """Return the zones of a file; `name` becomes their `source`. Without a format it is found by content.

    DecodeError where it is nothing that we read, or is broken as a whole; InputError for a format that is not
    in `READERS`. What is broken inside is in the list: deviations and `left_out`.
    """
    if format and format not in READERS:
        raise InputError("format", repr(format[:80]), f"one of {', '.join(READERS)}")
    if len(data) > LARGEST_BYTES:
        raise DecodeError("file", f"{len(data)} bytes", f"at most {LARGEST_BYTES}")
    if not data.strip():
        raise DecodeError("file", "empty", _readable())
    reader = READERS[format or format_of(data)]
    try:
        return reader.read(data, name)
    except RecursionError:
        raise DecodeError("file", "nested too deep", "as its format has it") from None


def format_of(data: bytes) -> str:
    """Return the format that a file looks like, one of `READERS`."""
    glimpse = glimpse_of(data)
    for format, reader in READERS.items():
        if reader.looks(glimpse):
            return format
    raise DecodeError("file", _described(glimpse, data), _readable())


def glimpse_of(data: bytes) -> Glimpse:
    """Return a file from outside."""
    text = data[:_GLIMPSED].decode("utf-8-sig", "replace").lstrip()
    if text.startswith(("{", "[")) or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return Glimpse(json=decode_json(data)[0], xml_root="", text=text)
        except DecodeError:
            return Glimpse(json=None, xml_root="", text=text)
    root = _ROOT.match(text, _behind_preamble(text))
    return Glimpse(json=None, xml_root="" if root is None else root[1], text=text)


def _behind_preamble(text: str) -> int:
    """Return where XML's declaration, instructions and comments end."""
    at = 0
    while True:
        at += len(text[at : at + 1_000]) - len(text[at : at + 1_000].lstrip())
        closing = next((end for begin, end in _PREAMBLE if text.startswith(begin, at)), "")
        end = text.find(closing, at) if closing else -1
        if end < 0:
            return at
        at = end + len(closing)


def write_zones(listed: ZoneList, format: str) -> tuple[bytes, tuple[Deviation, ...]]:
    """Return the zones as a file, and what that format could not carry as it stood."""
    if format not in WRITERS:
        raise InputError("format", repr(format[:80]), f"one of {', '.join(WRITERS)}")
    return WRITERS[format](listed)


def _described(glimpse: Glimpse, data: bytes) -> str:
    if isinstance(glimpse.json, dict):
        return f"JSON with {', '.join(sorted(glimpse.json)[:8])}"[:200]
    if glimpse.json is not None:
        return f"JSON, a {type(glimpse.json).__name__}"
    if glimpse.xml_root:
        return f"XML of {glimpse.xml_root[:80]}"
    return f"bytes that begin {data[:40]!r}"


def _readable() -> str:
    return "one of " + ", ".join(f"{reader.says} ({format})" for format, reader in READERS.items())
