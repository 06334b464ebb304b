"""Places, heights and times out of a file, and which zones of lists of zones are in force there.

    {"queries": [{"lon": 24.95, "lat": 60.32, "height_agl_m": 60.0, "ground_amsl_m": 51.0,
                  "time": "2026-08-20T12:00:00Z"}]}

A height or a ground of `null` is not known, and then no floor and no ceiling keeps the point out. A time is
ISO 8601; without an offset it is UTC. `geoid_m` may be added: how far the geoid is above the ellipsoid there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
import numpy as np

from skykeep.airspace.index import ZoneIndex
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray, IntArray
from skykeep.base.errors import InputError
from skykeep.domain.zone import ZoneList

BOUNDS = {
    "lon": (-180.0, 180.0),
    "lat": (-90.0, 90.0),
    "height_agl_m": (-12_000.0, 1_000_000.0),
    "ground_amsl_m": (-12_000.0, 10_000.0),
    "geoid_m": (-200.0, 200.0),
}
_MAY_BE_UNKNOWN = ("height_agl_m", "ground_amsl_m")
_SHAPE = '{"queries": [{"lon", "lat", "height_agl_m", "ground_amsl_m", "time"}]}'


class Queries(NamedTuple):
    """One row each."""

    longitude_deg: FloatArray
    latitude_deg: FloatArray
    height_agl_m: FloatArray
    ground_amsl_m: FloatArray
    geoid_m: FloatArray
    time_utc_ns: IntArray


def decode_queries(data: bytes) -> Queries:
    """Return the queries of a file; InputError names which one, which field, and what it must be."""
    try:
        said = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise InputError("queries", f"no JSON ({error})", f"JSON like {_SHAPE}") from None
    asked = said.get("queries") if isinstance(said, dict) else None
    if not isinstance(asked, list):
        raise InputError("queries", _named(asked if isinstance(said, dict) else said), f"a list: {_SHAPE}")
    rows = [_row(query, f"queries[{k}]") for k, query in enumerate(asked)]
    numbers = np.array([row[:5] for row in rows], dtype=np.float64).reshape(-1, 5)
    times = np.array([row[5] for row in rows], dtype=np.int64)
    lon, lat, height_m, ground_m, geoid_m = (np.ascontiguousarray(column) for column in numbers.T)
    return Queries(lon, lat, height_m, ground_m, geoid_m, times)


def _row(query: object, name: str) -> tuple[float, float, float, float, float, int]:
    if not isinstance(query, dict):
        raise InputError(name, _named(query), "an object with lon, lat, height_agl_m, ground_amsl_m, time")
    lon, lat, height_m, ground_m = (_number(query, field, name) for field in list(BOUNDS)[:4])
    geoid_m = _number(query, "geoid_m", name) if "geoid_m" in query else 0.0
    return lon, lat, height_m, ground_m, geoid_m, _time_utc_ns(query, name)


def _number(query: dict[str, Any], field: str, name: str) -> float:
    low, high = BOUNDS[field]
    must = f"a number from {low:g} to {high:g}"
    if field in _MAY_BE_UNKNOWN:
        must += ", or null where it is not known"
    if field not in query:
        raise InputError(f"{name}.{field}", "missing", must)
    value = query[field]
    if value is None and field in _MAY_BE_UNKNOWN:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise InputError(f"{name}.{field}", _named(value), must)
    return float(value)


def _time_utc_ns(query: dict[str, Any], name: str) -> int:
    must = "ISO 8601 from 1900 to 2200, such as 2026-08-20T12:00:00Z"
    if "time" not in query:
        raise InputError(f"{name}.time", "missing", must)
    value = query["time"]
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise InputError(f"{name}.time", _named(value), must) from None
    if not 1900 <= moment.year <= 2200:
        raise InputError(f"{name}.time", _named(value), must)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * NS_PER_S + since.microseconds * 1_000


def _named(value: object) -> str:
    said = repr(value)
    return said if len(said) <= 60 else f"{said[:57]}..."


def names_in_force(lists: Iterable[ZoneList], queries: Queries, qnh_hpa: float) -> list[list[str]]:
    """Return for each query the names of the zones in force there, each once, in sorted order."""
    index = ZoneIndex(tuple(zone for each in lists for zone in each.zones), qnh_hpa)
    point, zone = index.query(
        queries.longitude_deg,
        queries.latitude_deg,
        queries.height_agl_m,
        queries.ground_amsl_m,
        queries.time_utc_ns,
        queries.geoid_m,
    )
    found: list[set[str]] = [set() for _ in queries.longitude_deg]
    for row, rank in zip(point.tolist(), zone.tolist(), strict=True):
        found[row].add(index.zones[rank].zone_id)
    return [sorted(names) for names in found]
