"""What `skykeep decode remoteid` prints: a recording's payloads, or an answer to each line of hex."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from skykeep.base.clock import iso_utc
from skykeep.base.errors import DecodeError, InputError
from skykeep.feeds.remoteid_file import Said, read_payloads, said_by
from skykeep.wire.remoteid_carriers import read_octets
from skykeep.wire.remoteid_makers import DjiFlight, DjiPurpose, FrenchId
from skykeep.wire.remoteid_receiver import LONGEST_LINE, from_hex
from skykeep.wire.remoteid_records import BasicId, OperatorId, SelfId
from skykeep.wire.remoteid_reference import reference_field, to_reference

_NAMES = {
    "BasicId": "basic_id",
    "Location": "location",
    "Authentication": "authentication",
    "SelfId": "self_id",
    "System": "system",
    "OperatorId": "operator_id",
    "DjiFlight": "dji_flight",
    "DjiPurpose": "dji_purpose",
    "FrenchId": "french_id",
}


def recording_lines(file: Path, counts: Counter[str], reference_names: bool) -> Iterator[dict[str, Any]]:
    """Yield one object per payload of a recording."""
    for one in read_payloads(file, counts):
        heard = one.heard
        yield {
            "received": None if one.time_utc_ns is None else iso_utc(one.time_utc_ns),
            "mac": heard.transmitter,
            "carrier": heard.carrier,
            "counter": heard.counter,
            "rssi_dbm": heard.radio.rssi_dbm,
            "frequency_mhz": heard.radio.frequency_mhz,
            **_said(one.said, reference_names),
            **({"refused": [_error(e, reference_names) for e in one.errors]} if one.errors else {}),
        }


def hex_answers(lines: Iterable[bytes], reference_names: bool) -> Iterator[dict[str, Any]]:
    """Yield one answer for every line: what it says, or the first thing that is wrong with it."""
    for line in lines:
        try:
            said = _decode_hex(line)
        except DecodeError as error:
            yield {"ok": False, "error": _error(error, reference_names)}
        else:
            out = _said(said, reference_names)
            yield {"ok": True, "out": out["out"] if reference_names else out["messages"]}


def _decode_hex(line: bytes) -> list[Said]:
    text = line.strip()
    if not text:
        raise DecodeError("line", "blank", "a message, pack or frame in hex")
    if len(text) > LONGEST_LINE:
        raise DecodeError("line", f"{len(text)} characters", f"at most {LONGEST_LINE}")
    reading = read_octets(from_hex(text.decode("latin-1"), "hex"))
    found: list[Said] = []
    errors = list(reading.errors)
    for heard in reading.heard:
        said, refused = said_by(heard)
        found += said
        errors += refused
    if errors:
        raise errors[0]
    return found


def _said(said: Iterable[Said], reference_names: bool) -> dict[str, Any]:
    if not reference_names:
        return {"messages": [plain(one) for one in said]}
    standard = []
    out: dict[str, Any] = {}
    for one in said:
        if isinstance(one, DjiFlight | DjiPurpose | FrenchId):
            out[_NAMES[type(one).__name__]] = msgspec.structs.asdict(one)
        else:
            standard.append(one)
    return {"out": to_reference(standard) | out}


def _error(error: InputError, reference_names: bool) -> dict[str, str]:
    field = reference_field(error.field) if reference_names else error.field
    return {"field": field, "was": error.found, "must": error.must}


def plain(record: Said) -> dict[str, Any]:
    """Return a record as JSON has it: enumerations by name, octets as hex, identities as text too."""
    out: dict[str, Any] = {"message": _NAMES[type(record).__name__]}
    for name, value in msgspec.structs.asdict(record).items():
        if isinstance(value, enum.IntEnum):
            out[name] = value.name.lower()
        else:
            out[name] = value.hex() if isinstance(value, bytes) else value
    match record:
        case BasicId():
            out["identity"] = record.identity
        case SelfId():
            out["description"] = record.description
        case OperatorId():
            out["operator_id"] = record.operator_id
    return out
