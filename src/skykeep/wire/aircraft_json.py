"""`aircraft.json`: what readsb, tar1090 and dump1090 know of every aircraft, as one document; and traces.

| key | what |
|---|---|
| `now` | when it was written, s since 1970 |
| `aircraft` | one object each, with what is known of: |
| `hex` | address, `~` before one that is not of ICAO |
| `type` | where the place comes from; own broadcasts are `adsb_*` and `adsr_*` |
| `lat`, `lon`, `seen_pos` | place, degrees, and its age at `now`, s |
| `alt_baro` (`altitude`), `alt_geom` | pressure altitude, ft, or "ground"; height (HAE), ft |
| `gs` (`speed`), `track`, `baro_rate` (`vert_rate`), `geom_rate` | kt, degrees, ft/min |
| `nic`, `rc`, `nac_p`, `nac_v`, `sil`, `gva`, `nucp`, `version` | see `adsb_integrity`; `rc` in m |
| `flight`, `category`, `squawk`, `rssi` | rssi in dB of full scale |
| `mlat`, `tisb` | names of keys that others found out |

A trace (`trace_full_*.json`) is one aircraft: `timestamp`, and rows of seconds after it, place, altitude,
speed, course, flags (1 stale, 4 and 8 geometric rate and altitude), rate, details or null, source, geometric
altitude. Older names in brackets are dump1090's. Source: the documentation of readsb and of dump1090.
"""

from __future__ import annotations

import math
import re
from typing import Any

import msgspec

from skykeep.base.errors import DecodeError

MOST_AIRCRAFT = 20_000
FIRST_S, LAST_S = 0.0, float(1 << 33)
_ADDRESS = re.compile(r"^~?[0-9a-f]{6}$")
_OWN = ("adsb_icao", "adsb_icao_nt", "adsr_icao", "adsb_other", "adsr_other")
_NUMBERS = {
    "lat": (-90.0, 90.0),
    "lon": (-180.0, 180.0),
    "seen_pos": (0.0, 1e6),
    "alt_geom": (-2_000.0, 130_000.0),
    "gs": (0.0, 4_096.0),
    "track": (0.0, 360.0),
    "baro_rate": (-33_000.0, 33_000.0),
    "geom_rate": (-33_000.0, 33_000.0),
    "rc": (0.0, 1e6),
    "rssi": (-200.0, 20.0),
}
_CODES = {"nac_p": 15, "nac_v": 7, "sil": 3, "gva": 3, "nucp": 9, "version": 7, "nic": 11}
_ALTITUDE_FT = (-2_000.0, 130_000.0)
_OLD_NAMES = {"altitude": "alt_baro", "speed": "gs", "vert_rate": "baro_rate"}


class AircraftEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One aircraft as the document has it, under the document's names; `on_ground` is alt_baro "ground".

    `own` says that the aircraft itself broadcast the place. `time_s` is when it was there, s since 1970.
    """

    hex: str
    time_s: float
    own: bool
    type: str = ""
    lat: float | None = None
    lon: float | None = None
    seen_pos: float | None = None
    alt_baro: float | None = None
    on_ground: bool = False
    alt_geom: float | None = None
    gs: float | None = None
    track: float | None = None
    baro_rate: float | None = None
    geom_rate: float | None = None
    nic: int | None = None
    rc: float | None = None
    nac_p: int | None = None
    nac_v: int | None = None
    sil: int | None = None
    gva: int | None = None
    nucp: int | None = None
    version: int | None = None
    flight: str = ""
    category: str = ""
    squawk: str = ""
    rssi: float | None = None


class AircraftDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A whole document: its time, what could be read, and for what could not: why, and the object."""

    now_s: float
    aircraft: tuple[AircraftEntry, ...]
    refused: tuple[tuple[DecodeError, bytes], ...]


def decode_aircraft_json(data: bytes) -> AircraftDocument:
    """Return a document; DecodeError when it is none. An aircraft that makes no sense is one refused."""
    document = _object(data)
    now_s = _number(document, "now", (FIRST_S, LAST_S))
    if now_s is None:
        raise DecodeError("now", "missing", "seconds since 1970")
    found = document.get("aircraft")
    if not isinstance(found, list):
        raise DecodeError("aircraft", _shown(found), "a list")
    if len(found) > MOST_AIRCRAFT:
        raise DecodeError("aircraft", f"{len(found):,}", f"at most {MOST_AIRCRAFT:,}")
    entries, refused = [], []
    for each in found:
        try:
            entries.append(_entry(each, now_s))
        except DecodeError as error:
            refused.append((error, msgspec.json.encode(each)))
    return AircraftDocument(now_s=now_s, aircraft=tuple(entries), refused=tuple(refused))


def decode_trace(data: bytes) -> AircraftDocument:
    """Return a trace as a document of one aircraft at many times; `now_s` is that of the first."""
    document = _object(data)
    start_s = _number(document, "timestamp", (FIRST_S, LAST_S))
    rows = document.get("trace")
    if start_s is None or not isinstance(rows, list):
        raise DecodeError("trace", _shown(rows), "a list, with a timestamp")
    details: dict[str, Any] = {}
    entries, refused = [], []
    for row in rows:
        try:
            if not isinstance(row, list) or len(row) < 8:
                raise DecodeError("trace", _shown(row), "rows of 8 cells or more")
            details = row[8] if len(row) > 8 and isinstance(row[8], dict) else details
            entries.append(_trace_entry(document.get("icao"), start_s, row, details))
        except DecodeError as error:
            refused.append((error, msgspec.json.encode(row)))
    return AircraftDocument(now_s=start_s, aircraft=tuple(entries), refused=tuple(refused))


def _trace_entry(address: Any, start_s: float, row: list[Any], details: dict[str, Any]) -> AircraftEntry:
    # Of the details, what changes slowly: they may be some rows old.
    slow = {key: details[key] for key in (*_CODES, "rc", "flight", "category", "squawk") if key in details}
    flags = row[6] if isinstance(row[6], int) else 0
    each = {"hex": address, "lat": row[1], "lon": row[2], "gs": row[4], "track": row[5], **slow}
    each["alt_geom" if flags & 8 else "alt_baro"] = row[3]
    each["geom_rate" if flags & 4 else "baro_rate"] = row[7]
    if len(row) > 9:
        each["type"] = row[9]
    if len(row) > 10 and row[10] is not None:
        each["alt_geom"] = row[10]
    if not isinstance(row[0], int | float):
        raise DecodeError("trace", _shown(row[0]), "seconds after the timestamp")
    return _entry({key: value for key, value in each.items() if value is not None}, start_s + row[0])


def _object(data: bytes) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DecodeError("document", str(error)[:80], "JSON") from error
    if not isinstance(document, dict):
        raise DecodeError("document", _shown(document), "an object")
    return document


def _entry(each: Any, now_s: float) -> AircraftEntry:
    if not isinstance(each, dict):
        raise DecodeError("aircraft", _shown(each), "an object")
    each = {_OLD_NAMES.get(key, key): value for key, value in each.items()}
    address = each.get("hex")
    if not isinstance(address, str) or not _ADDRESS.match(address.strip().lower()):
        raise DecodeError("hex", _shown(address), "6 hex digits")
    altitude = each.get("alt_baro")
    on_ground = altitude == "ground"
    said: dict[str, Any] = {name: _number(each, name, bounds) for name, bounds in _NUMBERS.items()}
    said |= {name: _code(each, name, most) for name, most in _CODES.items()}
    if (said["lat"] is None) != (said["lon"] is None):
        raise DecodeError("lat, lon", "one of them", "both or neither")
    if not on_ground:
        said["alt_baro"] = _number(each, "alt_baro", _ALTITUDE_FT)
    texts: dict[str, Any] = {name: _text(each, name) for name in ("type", "flight", "category", "squawk")}
    by_others = [name for key in ("mlat", "tisb") for name in _names(each, key)]
    own = texts["type"] in _OWN or not texts["type"]
    return AircraftEntry(
        hex=address.strip().lower(),
        time_s=now_s - (said["seen_pos"] or 0.0),
        own=own and "lat" not in by_others,
        on_ground=on_ground,
        **said,
        **texts,
    )


def _shown(value: Any) -> str:
    return "missing" if value is None else repr(value)[:40]


def _number(each: dict[str, Any], name: str, bounds: tuple[float, float]) -> float | None:
    value = each.get(name)
    if value is None:
        return None
    low, high = bounds
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DecodeError(name, _shown(value), "a number")
    if not low <= value <= high or not math.isfinite(value):
        raise DecodeError(name, _shown(value), f"{low:g} to {high:g}")
    return float(value)


def _code(each: dict[str, Any], name: str, most: int) -> int | None:
    value = each.get(name)
    if value is None or value == -1:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise DecodeError(name, _shown(value), f"0 to {most}")
    return value


def _text(each: dict[str, Any], name: str) -> str:
    value = each.get(name, "")
    if not isinstance(value, str) or len(value) > 20 or not value.isprintable():
        raise DecodeError(name, _shown(value), "a short text")
    return value.strip("@ _")


def _names(each: dict[str, Any], name: str) -> list[Any]:
    value = each.get(name, [])
    if not isinstance(value, list):
        raise DecodeError(name, _shown(value), "a list of keys")
    return value
