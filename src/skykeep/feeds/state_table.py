"""A table of states, one row per thing and instant, as plain columns: from Parquet or from CSV.

What the columns must say is not judged here: `skykeep.scoring.tables` does. The truth may also be a scene
folder, whose `truth` table is read and whose `sensors.json` says at which moments a picture is judged.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from skykeep.base.errors import SetupError
from skykeep.feeds.scene_sensors import read_header


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """The moments at which a scene's picture is judged: each `step_s` to `to_s`, errors from `from_s` on."""

    from_s: float
    to_s: float
    step_s: float


def truth_file(path: Path) -> tuple[Path, Judged | None]:
    """Return the table of truth that `path` is or, as a scene folder, holds, and what the scene asks for.

    SetupError where a folder holds none, or its `sensors.json` asks for no moment.
    """
    if not path.is_dir():
        return path, None
    for name in ("truth.parquet", "truth.csv"):
        if (path / name).is_file():
            break
    else:
        raise SetupError(f"{path}: holds no truth.parquet and no truth.csv")
    header = read_header(path)
    if not header.moments_s:
        raise SetupError(f"{path}: sensors.json asks for no moment: eval.t_to is less than eval.step_s")
    judged = Judged(from_s=header.judged_from_s, to_s=header.moments_s[-1], step_s=header.moments_s[0])
    return path / name, judged


def read_state_table(path: Path) -> dict[str, NDArray[Any]]:
    """Return the columns by name; a missing number is nan, a missing text None. SetupError: no table."""
    try:
        table = _read_csv(path) if path.suffix.lower() == ".csv" else _read_parquet(path)
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror or error}") from error
    except pa.ArrowInvalid as error:
        raise SetupError(f"{path}: no table: {error}") from error
    return {name: _column(table.column(name)) for name in table.column_names}


def _column(column: pa.ChunkedArray) -> NDArray[Any]:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_null(column.type):
        return np.full(len(column), np.nan)
    found: NDArray[Any] = column.to_numpy()
    return found


def _read_parquet(path: Path) -> pa.Table:
    import pyarrow.parquet as pq

    # Not read_table: it loads the data set machinery, which takes longer than reading a small table.
    with pq.ParquetFile(path) as file:
        return file.read(use_threads=False)


def _read_csv(path: Path) -> pa.Table:
    from pyarrow import csv

    return csv.read_csv(
        path,
        read_options=csv.ReadOptions(use_threads=False),
        # Among numbers a program may write nan for what it does not know.
        convert_options=csv.ConvertOptions(null_values=["", "nan", "NaN", "NA", "null"]),
    )
