"""Pictures as a Parquet archive: one row per track and picture, for tables, plots and other people's tools.

| column | unit | what |
|---|---|---|
| t | ns since 1970 UTC | time of the picture |
| track_id | | |
| x, y, z | m | east, north, up of the origin |
| vx, vy, vz | m/s | their rates |
| pxx, pxy, pxz, pyy, pyz, pzz | m^2 | covariance of the position |
| existence | 0..1 | probability that something is there |
| p_<class> | 0..1 | class probabilities; null where the track was not identified |

The origin of the frame, the start time and the site's name stand in the schema's metadata, as JSON under
`skykeep`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from skykeep.base.compile import FloatArray
from skykeep.base.errors import InputError, IntegrityError
from skykeep.domain.encoding import encode_json
from skykeep.domain.identity import TARGET_CLASS_NAMES, Identification
from skykeep.domain.track import Picture
from skykeep.geo.frames import LocalFrame

_METADATA = b"skykeep"
_ROWS_AT_ONCE = 50_000
_COVARIANCE = {"pxx": (0, 0), "pxy": (0, 1), "pxz": (0, 2), "pyy": (1, 1), "pyz": (1, 2), "pzz": (2, 2)}
_STATE = ("x", "y", "z", "vx", "vy", "vz")


class ArchiveHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive says of itself."""

    site_name: str
    origin: LocalFrame
    start_utc_ns: int
    format: int = 1


def archive_schema(header: ArchiveHeader) -> pa.Schema:
    """Return the columns, with the header in the metadata."""
    fields = [("t", pa.int64()), ("track_id", pa.int64())]
    names = [*_STATE, *_COVARIANCE, "existence", *(f"p_{name}" for name in TARGET_CLASS_NAMES)]
    fields += [(name, pa.float64()) for name in names]
    return pa.schema(fields, metadata={_METADATA: encode_json(header)})


class TrackArchive:
    """An archive open for writing; rows are written in portions, and the file is whole after `close`."""

    def __init__(self, path: Path, header: ArchiveHeader) -> None:
        self._schema = archive_schema(header)
        self._path = path
        # Under its last name only when it is whole.
        self._draft = path.with_name(path.name + ".new")
        self._writer = pq.ParquetWriter(self._draft, self._schema, compression="zstd")
        self._portions: list[dict[str, FloatArray]] = []
        self._rows = 0

    def add(self, picture: Picture, identifications: Sequence[Identification] = ()) -> None:
        """Add one picture; identifications are matched by track_id, in any order."""
        if len(picture) == 0:
            return
        by_track = {one.track_id: one.class_probabilities for one in identifications}
        unknown = (np.nan,) * len(TARGET_CLASS_NAMES)
        probabilities = np.array([by_track.get(int(track), unknown) for track in picture.track_id])
        columns: dict[str, FloatArray] = {
            "t": np.full(len(picture), picture.time_utc_ns, dtype=np.int64),
            "track_id": picture.track_id,
            "existence": picture.existence,
        }
        columns |= {name: picture.state[:, index] for index, name in enumerate(_STATE)}
        columns |= {name: picture.covariance[:, row, column] for name, (row, column) in _COVARIANCE.items()}
        columns |= {f"p_{name}": probabilities[:, index] for index, name in enumerate(TARGET_CLASS_NAMES)}
        self._portions.append(columns)
        self._rows += len(picture)
        if self._rows >= _ROWS_AT_ONCE:
            self._write()

    def close(self) -> None:
        """Write what waits and give the file its name."""
        self._write()
        self._writer.close()
        self._draft.replace(self._path)

    def _write(self) -> None:
        if self._rows:
            columns = [
                pa.array(
                    np.concatenate([portion[field.name] for portion in self._portions]), from_pandas=True
                )
                for field in self._schema
            ]
            self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))
        self._portions.clear()
        self._rows = 0


def write_archive(
    path: Path, header: ArchiveHeader, pictures: Iterable[tuple[Picture, Sequence[Identification]]]
) -> None:
    """Write a whole archive at once."""
    archive = TrackArchive(path, header)
    for picture, identifications in pictures:
        archive.add(picture, identifications)
    archive.close()


def read_archive(path: Path) -> tuple[ArchiveHeader, pa.Table]:
    """Return the header and all rows of an archive.

    InputError when it is not one of ours, IntegrityError when it is damaged.
    """
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise IntegrityError(f"{path}: cannot be read as Parquet: {error}") from error
    metadata = table.schema.metadata or {}
    if _METADATA not in metadata:
        raise InputError("metadata", f"{path} without 'skykeep'", "an archive written by Skykeep")
    return msgspec.json.decode(metadata[_METADATA], type=ArchiveHeader), table
