"""Remote ID recordings: captures (pcap, pcapng) of a Wi-Fi or Bluetooth receiver, or lines of a receiver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from skykeep.base.errors import DecodeError, InputError, SetupError
from skykeep.wire.capture import is_capture, read_packets
from skykeep.wire.remoteid_carriers import LINK_TYPES, messages_of, read_packet
from skykeep.wire.remoteid_heard import Carrier, Heard
from skykeep.wire.remoteid_makers import DjiFlight, DjiPurpose, FrenchId, decode_dji, decode_french
from skykeep.wire.remoteid_receiver import read_line
from skykeep.wire.remoteid_records import Message

Said = Message | DjiFlight | DjiPurpose | FrenchId


class TimedPayload(msgspec.Struct, frozen=True, kw_only=True):
    """One payload of a recording: when it came (None where the recording does not say), what it says, and
    why not the rest of it.
    """

    time_utc_ns: int | None
    heard: Heard
    said: tuple[Said, ...]
    errors: tuple[InputError, ...] = ()


def read_payloads(path: Path, counts: Counter[str]) -> Iterator[TimedPayload]:
    """Yield every payload in file order. `counts` holds packets, payloads by carrier, messages, and what was
    refused as `rejected: field`, bad check sequences among them.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror}") from error
    for time_utc_ns, heard in _heard_in_capture(data, counts) if is_capture(data) else _lines(data, counts):
        said, errors = said_by(heard)
        counts[f"payloads {heard.carrier.value if heard.carrier else 'bare'}"] += 1
        counts["messages"] += len(said)
        _count(errors, counts)
        yield TimedPayload(time_utc_ns=time_utc_ns, heard=heard, said=tuple(said), errors=tuple(errors))


def said_by(heard: Heard) -> tuple[list[Said], list[DecodeError]]:
    """Return what a payload says, in whichever format its carrier has, and why not the rest."""
    if heard.carrier not in (Carrier.DJI, Carrier.FRENCH):
        messages, errors = messages_of(heard)
        return list(messages), errors
    try:
        decode = decode_dji if heard.carrier is Carrier.DJI else decode_french
        return [decode(heard.payload)], []
    except DecodeError as error:
        return [], [error]


def _heard_in_capture(data: bytes, counts: Counter[str]) -> Iterator[tuple[int | None, Heard]]:
    for time_utc_ns, link_type, packet in read_packets(data, counts):
        counts["packets"] += 1
        if link_type not in LINK_TYPES:
            counts[f"packets of link type {link_type}, which carries no Remote ID"] += 1
            continue
        reading = read_packet(link_type, packet)
        _count(reading.errors, counts)
        for heard in reading.heard:
            yield time_utc_ns, heard


def _lines(data: bytes, counts: Counter[str]) -> Iterator[tuple[int | None, Heard]]:
    for line in data.splitlines():
        counts["lines"] += 1
        try:
            reading = read_line(line)
        except DecodeError as error:
            _count((error,), counts)
            continue
        _count(reading.errors, counts)
        for heard in reading.heard:
            yield heard.time_utc_ns, heard


def _count(errors: Iterable[InputError], counts: Counter[str]) -> None:
    """Count by field: what was found differs every time."""
    for error in errors:
        counts[f"rejected: {error.field}"] += 1
