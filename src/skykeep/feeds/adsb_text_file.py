"""Recordings of decoded ADS-B, SBS lines, `aircraft.json` and traces, as messages named like rs1090's."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.wire.aircraft_json import AircraftDocument, decode_aircraft_json, decode_trace
from skykeep.wire.sbs import KINDS, SbsMessage, decode_sbs

_SBS_HEADS = tuple(f"{kind},".encode() for kind in KINDS)


def decoded_messages(data: bytes, counts: Counter[str]) -> list[dict[str, Any]] | None:
    """Return the messages of a recording of one of these forms; None when it is of another.

    Names, where both have them: `time_utc_ns`, `icao24`, `latitude`, `longitude`, `altitude` (ft),
    `groundspeed` (kt), `track`, `vertical_rate`, `callsign`. What is refused is counted by field.
    """
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(_SBS_HEADS):
        return _sbs_messages(data, counts)
    if not head.startswith(b"{"):
        return None
    # JSON Lines are no one document: this fails at the end of the first line.
    try:
        keys = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    if "trace" in keys:
        return _entries(decode_trace(data), counts)
    if "aircraft" in keys:
        return _entries(decode_aircraft_json(data), counts)
    return None


def _sbs_messages(data: bytes, counts: Counter[str]) -> list[dict[str, Any]]:
    messages = []
    for line in data.splitlines():
        if not line.strip():
            continue
        try:
            message = decode_sbs(line)
        except DecodeError as error:
            counts[f"rejected_{error.field.replace(' ', '_')}"] += 1
            continue
        counts["accepted"] += 1
        messages.append(_of_sbs(message))
    return messages


def _of_sbs(message: SbsMessage) -> dict[str, Any]:
    named = {
        "time_utc_ns": message.generated_ns or 0,
        "icao24": message.address.lower(),
        "message": f"{message.kind} {message.transmission}" if message.transmission else message.kind,
        "callsign": message.callsign or None,
        "altitude": message.pressure_altitude_ft,
        "groundspeed": message.ground_speed_kt,
        "track": message.course_deg,
        "latitude": message.latitude_deg,
        "longitude": message.longitude_deg,
        "vertical_rate": message.vertical_rate_ftpm,
        "squawk": message.squawk or None,
        "alert": message.alert,
        "emergency": message.emergency,
        "ident": message.ident,
        "on_ground": message.on_ground,
    }
    return {name: value for name, value in named.items() if value is not None}


_NAMES = {
    "hex": "icao24",
    "lat": "latitude",
    "lon": "longitude",
    "alt_baro": "altitude",
    "gs": "groundspeed",
    "baro_rate": "vertical_rate",
    "flight": "callsign",
}


def _entries(document: AircraftDocument, counts: Counter[str]) -> list[dict[str, Any]]:
    for error, _ in document.refused:
        counts[f"rejected_{error.field.replace(', ', '_')}"] += 1
    counts["accepted"] += len(document.aircraft)
    messages = []
    for entry in document.aircraft:
        said = {_NAMES.get(name, name): value for name, value in msgspec.to_builtins(entry).items()}
        time_s = said.pop("time_s")
        # Whole microseconds: a float of seconds holds no more.
        messages.append({"time_utc_ns": round(time_s * 1e6) * 1_000, **said})
    return messages
