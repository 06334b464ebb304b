"""Pictures in a Parquet file: the neutral format of tracks, with where and when it was in the file's own
metadata.

Columns: `t` in s since the start, `track_id`, `x y z` east, north, up in m, `vx vy vz` in m/s, `pxx pxy pxz
pyy pyz pzz` in m^2, `existence`, `coasting`, and where they were judged the probabilities `p_multirotor
p_fixed_wing p_bird p_aircraft p_other`.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from skykeep.base.errors import SetupError
from skykeep.domain.identity import TARGET_CLASS_NAMES
from skykeep.geo.frames import LocalFrame

METADATA_KEY = b"skykeep"
NEEDED = ("t", "track_id", "x", "y", "z", "vx", "vy", "vz")
CLASS_COLUMNS = tuple(f"p_{name}" for name in TARGET_CLASS_NAMES)

Column = NDArray[np.float64] | NDArray[np.int64] | NDArray[np.bool_]


class ArchiveHeader(msgspec.Struct, frozen=True, kw_only=True):
    """Where and when a table of tracks was made."""

    name: str
    origin: LocalFrame
    start_utc_ns: int
    simulated: bool = False


def write_archive(path: Path, header: ArchiveHeader, columns: dict[str, Column]) -> None:
    """Write one table, zstd-compressed; the same columns give the same bytes; whole or not at all."""
    table = pa.table(columns).replace_schema_metadata({METADATA_KEY: msgspec.json.encode(header)})
    draft = path.with_name(path.name + ".new")
    pq.write_table(table, draft, compression="zstd")
    draft.replace(path)


def read_archive(path: Path) -> tuple[ArchiveHeader, dict[str, Column]]:
    """Return the header and the columns of a table; SetupError when the file is none of ours."""
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise SetupError(f"{path}: no table of tracks: {error}") from error
    missing = [name for name in NEEDED if name not in table.column_names]
    if missing:
        raise SetupError(f"{path}: lacks the columns {', '.join(missing)}")
    metadata = (table.schema.metadata or {}).get(METADATA_KEY)
    if metadata is None:
        raise SetupError(f"{path}: does not say where it was made (no `skykeep` metadata)")
    try:
        header = msgspec.json.decode(metadata, type=ArchiveHeader)
    except msgspec.DecodeError as error:
        raise SetupError(f"{path}: its metadata cannot be read: {error}") from error
    return header, {name: table.column(name).to_numpy() for name in table.column_names}
