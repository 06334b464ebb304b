"""COURAGEOUS documents as tables of states, so that systems can be scored against the truth or one another.

Such a document is on the globe and in UTC, a table in metres and seconds of its own: the two meet in the
frame and the start that a table of ours carries in its metadata, or, of two documents, where the truth's
system stood and when its first record is from. Records come when they come, and are brought to whole steps by
straight lines between two of one thing that are at most `BRIDGED_S` apart. A velocity that a record does not
tell is taken from those lines. Operators (`GCS`) and records that are no full position are left out.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.base.errors import DecodeError, SetupError
from skykeep.feeds.state_table import read_state_table
from skykeep.geo.frames import LocalFrame
from skykeep.wire import courageous as c

BRIDGED_S = 5.0
STEP_S = 1.0
_METADATA_KEY = b"skykeep"

Columns = dict[str, NDArray[Any]]


class Where(msgspec.Struct, frozen=True, kw_only=True):
    """The frame and the start of a table: what its metadata say of it."""

    origin: LocalFrame
    start_utc_ns: int


def read_pair(
    truth: Path, tracks: Path, step_s: float | None, counts: Counter[str]
) -> tuple[Columns, Columns]:
    """Return the columns of truth and tracks in one frame and from one start, whichever are documents.

    `counts` takes the records left out, by reason. SetupError where a table does not say where it is.
    """
    documents = {path: read_document(path) for path in (truth, tracks) if is_document(path)}
    if not documents:
        return read_state_table(truth), read_state_table(tracks)
    if len(documents) == 1 and truth != tracks:
        (document_path,) = documents
        table = tracks if document_path == truth else truth
        where, columns = _where(table), read_state_table(table)
        step_s = step_s or _spacing_s(columns) or STEP_S
        made = states_of(documents[document_path], where, step_s, counts)
        pair = (made, columns) if document_path == truth else (columns, made)
    else:
        where = _where_of(documents[truth], truth)
        truth_columns, track_columns = (
            states_of(documents[path], where, step_s or STEP_S, counts) for path in (truth, tracks)
        )
        pair = truth_columns, track_columns
    return pair


def is_document(path: Path) -> bool:
    return path.suffix.lower() == ".json"


def read_document(path: Path) -> c.Document:
    """Return the document in a file; SetupError says which member is wrong."""
    try:
        return c.decode(path.read_bytes())
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror or error}") from error
    except DecodeError as error:
        raise SetupError(f"{path}: {error}") from error


def states_of(document: c.Document, where: Where, step_s: float, counts: Counter[str]) -> Columns:
    """Return the tracks of a document as a table of states at every whole step, named by `uas_id`."""
    rows: list[FloatArray] = []
    names: list[int] = []
    for uas_id, parts in sorted(_parts(document, counts).items()):
        for part in parts:
            states = _at_steps(part, document, where, step_s)
            rows.append(states)
            names += [uas_id] * len(states)
    table = np.concatenate(rows) if rows else np.zeros((0, 7))
    order = np.lexsort((np.array(names), table[:, 0])) if names else np.zeros(0, dtype=np.int64)
    columns: Columns = {
        name: table[order, k] for k, name in enumerate(("t", "x", "y", "z", "vx", "vy", "vz"))
    }
    columns["track_id"] = np.array(names, dtype=object).astype(str)[order].astype(object)
    columns["id"] = columns["track_id"]
    return columns


def _parts(document: c.Document, counts: Counter[str]) -> dict[int, list[list[c.TrackRecord]]]:
    """Return the records of each thing in runs without a gap, in order of time, each instant once."""
    told: dict[int, dict[int, c.TrackRecord]] = {}
    for track in document.tracks:
        for record in track.records:
            if record.classification is c.Classification.GCS:
                counts["an operator"] += 1
            elif not isinstance(record.location, c.Position3d | c.BearingElevationDistance):
                counts[f"no full position: {type(record.location).__name__}"] += 1
            elif record.time_utc_ms in told.setdefault(track.uas_id, {}):
                counts["told twice at one time"] += 1
            else:
                told[track.uas_id][record.time_utc_ms] = record
    parts: dict[int, list[list[c.TrackRecord]]] = {}
    for uas_id, records in told.items():
        for time_utc_ms in sorted(records):
            runs = parts.setdefault(uas_id, [])
            if not runs or time_utc_ms - runs[-1][-1].time_utc_ms > BRIDGED_S * 1000.0:
                runs.append([])
            runs[-1].append(records[time_utc_ms])
    return parts


def _at_steps(part: list[c.TrackRecord], document: c.Document, where: Where, step_s: float) -> FloatArray:
    """Return t, position and velocity of one run at the steps it covers, (n, 7)."""
    time_s = np.array([record.time_utc_ms * 1_000_000 - where.start_utc_ns for record in part]) / NS_PER_S
    place_m = np.array([_place_m(record, document, where.origin) for record in part])
    rate_mps = np.gradient(place_m, time_s, axis=0) if len(part) > 1 else np.zeros((1, 3))
    for k, record in enumerate(part):
        if record.velocity is not None and isinstance(record.location, c.Position3d):
            v, at = record.velocity, record.location
            own = LocalFrame(latitude_deg=at.lat_deg, longitude_deg=at.lon_deg, height_hae_m=0.0)
            ecef = own.velocity_to_ecef_mps(np.array([v.east_mps, v.north_mps, v.up_mps]))
            rate_mps[k] = where.origin.rotation_ecef_to_enu() @ ecef
    first, last = np.ceil(time_s[0] / step_s - 1e-6), np.floor(time_s[-1] / step_s + 1e-6)
    steps_s = np.arange(first, last + 1) * step_s + 0.0  # no minus zero
    columns = [np.interp(steps_s, time_s, column) for column in (*place_m.T, *rate_mps.T)]
    return np.column_stack([steps_s, *columns])


def _place_m(record: c.TrackRecord, document: c.Document, frame: LocalFrame) -> FloatArray:
    location = record.location
    if isinstance(location, c.Position3d):
        return frame.to_enu_m(location.lat_deg, location.lon_deg, location.height_amsl_m)
    assert isinstance(location, c.BearingElevationDistance)
    system = record.cuas_location or document.static_cuas_location
    own = LocalFrame(
        latitude_deg=system.lat_deg, longitude_deg=system.lon_deg, height_hae_m=system.height_amsl_m
    )
    bearing_rad, elevation_rad = np.radians(location.bearing_deg), np.radians(location.elevation_deg)
    level_m = location.distance_m * np.cos(elevation_rad)
    away_m = np.array(
        [
            level_m * np.sin(bearing_rad),
            level_m * np.cos(bearing_rad),
            location.distance_m * np.sin(elevation_rad),
        ]
    )
    lat_deg, lon_deg, height_m = own.to_geodetic(away_m)
    return frame.to_enu_m(float(lat_deg), float(lon_deg), float(height_m))


def _where(table: Path) -> Where:
    """Return the frame and start that a table says it is in."""
    try:
        with pq.ParquetFile(table) as file:
            said = (file.schema_arrow.metadata or {}).get(_METADATA_KEY)
    except (OSError, ValueError):  # such as CSV
        said = None
    if said is None:
        raise SetupError(
            f"{table}: does not say where and when it is; beside a COURAGEOUS document it must be "
            "a table that skykeep track, demo or export wrote"
        )
    try:
        return msgspec.json.decode(said, type=Where)
    except msgspec.DecodeError as error:
        raise SetupError(f"{table}: its metadata cannot be read: {error}") from error


def _where_of(document: c.Document, path: Path) -> Where:
    system = document.static_cuas_location
    times_ms = [record.time_utc_ms for track in document.tracks for record in track.records]
    if not times_ms:
        raise SetupError(f"{path}: holds no tracks")
    origin = LocalFrame(
        latitude_deg=system.lat_deg, longitude_deg=system.lon_deg, height_hae_m=system.height_amsl_m
    )
    return Where(origin=origin, start_utc_ns=min(times_ms) * 1_000_000)


def _spacing_s(columns: Columns) -> float:
    apart: FloatArray = np.diff(np.unique(np.asarray(columns.get("t", np.zeros(0)), dtype=np.float64)))
    apart = apart[apart > 1e-3]
    return round(float(np.quantile(apart, 0.5, method="lower")), 6) if len(apart) else 0.0
