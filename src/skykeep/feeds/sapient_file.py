"""SAPIENT recordings to plain values: messages with a length before each, as on the wire, or as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from skykeep.base.errors import DecodeError, SetupError
from skykeep.wire.sapient import (
    PREFIX_BYTES,
    SapientFramer,
    content_of,
    faults_of,
    json_objects,
    parse_json,
    parse_message,
    to_plain,
)


def read_messages(path: Path, counts: Counter[str]) -> Iterator[dict[str, Any]]:
    """Yield each message with the schema's own field names, or `{"refused": [...]}` with every fault.

    SetupError when the file cannot be read. `counts` holds messages by content, and what was refused and
    why.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror}") from error
    for found in _messages(data):
        faults = [found] if isinstance(found, DecodeError) else faults_of(found)
        if not faults:
            counts[content_of(found)] += 1
            yield to_plain(found)
            continue
        for fault in faults:
            counts[f"rejected: {fault.field} must be {fault.must}"] += 1
        yield {"refused": [{"field": f.field, "was": f.found, "must": f.must} for f in faults]}


def _messages(data: bytes) -> Iterator[Any]:
    """Yield messages not yet checked, and a DecodeError for each that cannot be read."""
    # A length is under 1 MiB, so that its last octet is 0; JSON has no such octet.
    if b"\0" not in data[:PREFIX_BYTES] and data.lstrip()[:1] in (b"{", b"["):
        yield from _each(_texts(data), parse_json)
    else:
        yield from _each(_frames(data), parse_message)


def _each(pieces: Iterable[Any], parse: Any) -> Iterator[Any]:
    for piece in pieces:
        if isinstance(piece, DecodeError):
            yield piece
            continue
        try:
            yield parse(piece)
        except DecodeError as error:
            yield error


def _texts(data: bytes) -> Iterator[str | DecodeError]:
    try:
        yield from json_objects(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        yield DecodeError("json", f"octets that are no UTF-8 at {error.start}", "UTF-8")
    except DecodeError as error:
        yield error


def _frames(data: bytes) -> Iterator[bytes | DecodeError]:
    framer = SapientFramer()
    try:
        yield from framer.feed(data)
        framer.feed(b"")
    except DecodeError as error:
        yield error
        return
    if framer.held_bytes:
        yield DecodeError("length", f"{framer.held_bytes} bytes behind the last message", "whole messages")
