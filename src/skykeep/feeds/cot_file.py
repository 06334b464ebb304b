"""Recorded Cursor on Target: a capture of datagrams, a stream as it came over TCP, or one event as a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from skykeep.base.clock import iso_utc
from skykeep.base.errors import DecodeError, SetupError
from skykeep.wire.capture import is_capture, read_capture
from skykeep.wire.cot import CotEvent
from skykeep.wire.cot_framer import CotFramer
from skykeep.wire.cot_proto import MAGIC, MESH_HEADER, decode_message
from skykeep.wire.cot_xml import format_time


def read_events(path: Path, counts: Counter[str]) -> Iterator[dict[str, Any]]:
    """Yield each event of a recording as plain values, counting the accepted and, with why, the refused."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror}") from error
    for received_utc_ns, message in _messages(data, counts):
        counts["messages"] += 1
        try:
            event = decode_message(message).event
        except DecodeError as error:
            # The field and the bound, not the value, so that a flood of nonsense stays one line.
            counts[f"rejected: {error.field} must be {error.must}"] += 1
            continue
        if event is None:
            counts["without an event"] += 1
            continue
        counts["accepted"] += 1
        counts["protobuf" if message[0] == MAGIC else "xml"] += 1
        received = None if received_utc_ns is None else iso_utc(received_utc_ns)
        yield {"received": received, **plain_event(event)}


def _messages(data: bytes, counts: Counter[str]) -> Iterator[tuple[int | None, bytes]]:
    if is_capture(data):
        packets: Counter[str] = Counter()
        for datagram in read_capture(data, packets):
            yield datagram.time_utc_ns, datagram.payload
        counts.update({f"packets {name}": number for name, number in packets.items()})
        return
    if data.startswith(MESH_HEADER):
        yield None, data
        return
    framer = CotFramer()
    try:
        for piece in (data, b""):
            for message in framer.feed(piece):
                yield None, message
    except DecodeError as error:
        counts[f"rejected: {error.field} must be {error.must}"] += 1
        return
    if framer.rest():
        yield None, framer.rest()


def plain_event(event: CotEvent) -> dict[str, Any]:
    """Return an event as JSON would have it: times as text, everything under the names of the standard."""
    point = event.point
    plain: dict[str, Any] = {
        "uid": event.uid,
        "type": event.type,
        "time": format_time(event.time_utc_ns),
        "start": format_time(event.start_utc_ns),
        "stale": format_time(event.stale_utc_ns),
        "how": event.how,
        "point": {
            "lat": point.latitude_deg,
            "lon": point.longitude_deg,
            "hae": point.height_hae_m,
            "ce": point.circular_error_m,
            "le": point.linear_error_m,
        },
        "detail": [msgspec.to_builtins(element) for element in event.detail],
    }
    for name in ("access", "qos", "opex"):
        if value := getattr(event, name):
            plain[name] = value
    return plain
