"""`batches` and `detections` of a scene folder as checked columns, from Parquet or from CSV with the same
header.

Nothing here looks at one row at a time: a scene may have millions. An InputError names the file, the column
and the first row that is wrong (rows count from 0).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.base.errors import InputError, SetupError
from skykeep.feeds.scene_sensors import SceneHeader

_WHOLE, _REAL, _SINGLE, _TEXT = pa.int64(), pa.float64(), pa.float32(), pa.string()
_BATCHES = {
    "batch_id": _WHOLE,
    "sensor_id": _WHOLE,
    "t_meas": _REAL,
    "t_arrival": _REAL,
    "az_from": _REAL,
    "az_to": _REAL,
    "n_det": _WHOLE,
}
_V, _S = ("v1", "v2", "v3", "v4"), ("s1", "s2", "s3", "s4")
_DETECTIONS = {
    "batch_id": _WHOLE,
    "t_meas": _REAL,
    "t_arrival": _REAL,
    "sensor_id": _WHOLE,
    "kind": _TEXT,
    **dict.fromkeys(_V, _REAL),
    **dict.fromkeys(_S, _SINGLE),
    "snr_db": _SINGLE,
    "label": _TEXT,
}
_TWO_PI = 2.0 * math.pi
_SLACK = 1e-6
_AZIMUTH = (0.0, _TWO_PI + _SLACK, "an azimuth from 0 to 2 pi rad")
_ELEVATION = (-math.pi / 2 - _SLACK, math.pi / 2 + _SLACK, "an elevation from -pi/2 to pi/2 rad")
# Per kind, the limits of v1, v2, ...; what a kind does not measure is not looked at.
_LIMITS = {
    "radar3d": ((1e-3, 1e6, "a range above 0 m"), _AZIMUTH, _ELEVATION),
    "rf_df": (_AZIMUTH,),
    "camera": (_AZIMUTH, _ELEVATION),
    "remote_id": (
        (-90.0, 90.0, "a latitude from -90 to 90 degrees"),
        (-180.0, 180.0, "a longitude from -180 to 180 degrees"),
        (-1e4, 1e5, "a height from -10,000 to 100,000 m"),
    ),
}
_FASTEST_MPS = 1e4
_ANGLE_COLUMNS = {"radar3d": (1, 2), "rf_df": (0,), "camera": (0, 1), "remote_id": ()}
_FAR_S = 1e9


class Batches(msgspec.Struct, frozen=True, kw_only=True):
    """One row per look of a sensor, in order of arrival. Its detections are the rows of the other table
    from `first_row[k]` to `first_row[k + 1]`; the edges of its sector are NaN where it saw all round.
    """

    batch_id: IntArray
    sensor_number: IntArray
    measured_s: FloatArray
    arrived_s: FloatArray
    azimuth_from_rad: FloatArray
    azimuth_to_rad: FloatArray
    first_row: IntArray

    @property
    def count(self) -> IntArray:
        return np.diff(self.first_row)


class Detections(msgspec.Struct, frozen=True, kw_only=True):
    """One row per detection; `values` and `sigmas` (n, 4); `label_code` points into `label_names`, 0 being
    no label.
    """

    values: FloatArray
    sigmas: FloatArray
    snr_db: FloatArray
    label_code: IntArray
    label_names: tuple[str, ...]


def read_batches(folder: Path, header: SceneHeader) -> Batches:
    """Return the batches, every rule that the format has for them checked."""
    table = _Table(folder, "batches", _BATCHES)
    number, known = table.whole("sensor_id"), sorted(header.sensors)
    table.check("sensor_id", ~np.isin(number, known), f"one of {', '.join(map(str, known))}")
    batch_id = table.whole("batch_id")
    table.check("batch_id", _falls(batch_id, strictly=True), "more than the one before")
    measured_s, arrived_s = table.real("t_meas"), table.real("t_arrival")
    table.check("t_meas", ~(np.abs(measured_s) < _FAR_S), "seconds from the scene's start")
    table.check("t_arrival", ~(np.abs(arrived_s) < _FAR_S), "seconds from the scene's start")
    table.check("t_arrival", _falls(arrived_s), "no earlier than the one before")
    table.check("t_arrival", arrived_s < measured_s - _SLACK, "no earlier than its t_meas")
    low, high = table.real("az_from"), table.real("az_to")
    for name, edge, other in (("az_from", low, high), ("az_to", high, low)):
        table.check(name, np.isnan(edge) & ~np.isnan(other), "given where the other edge is")
        table.check(name, (edge < 0.0) | (edge > _AZIMUTH[1]), _AZIMUTH[2])
    count = table.whole("n_det")
    table.check("n_det", count < 0, "0 or more")
    return Batches(
        batch_id=batch_id,
        sensor_number=number,
        measured_s=measured_s,
        arrived_s=arrived_s,
        azimuth_from_rad=low,
        azimuth_to_rad=high,
        first_row=np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(count))),
    )


def read_detections(folder: Path, header: SceneHeader, batches: Batches) -> Detections:
    """Return the detections, every rule that the format has for them checked."""
    table = _Table(folder, "detections", _DETECTIONS)
    if batches.first_row[-1] != table.rows:
        found = f"{batches.first_row[-1]:,} in all for {table.rows:,} detections"
        raise InputError("batches: n_det", found, "the number of detections of each batch")
    count = batches.count
    for name, numbers in (("batch_id", batches.batch_id), ("sensor_id", batches.sensor_number)):
        table.check(name, table.whole(name) != np.repeat(numbers, count), "that of its batch")
    for name, times_s in (("t_meas", batches.measured_s), ("t_arrival", batches.arrived_s)):
        off_s = np.abs(table.real(name) - np.repeat(times_s, count))
        table.check(name, ~(off_s <= _SLACK), "that of its batch")
    values, sigmas = table.reals(_V), table.reals(_S)
    code, names = table.texts("kind")
    for kind in sorted(set(header.kinds.values())):
        own = [number for number, kind_of in header.kinds.items() if kind_of == kind]
        here = np.repeat(np.isin(batches.sensor_number, own), count)
        said = names.index(kind) if kind in names else -1
        table.check("kind", here & (code != said), f"{kind}, as its sensor is")
        _check_values(table, kind, here, values, sigmas)
    label_code, label_names = table.texts("label")
    return Detections(
        values=values,
        sigmas=sigmas,
        snr_db=table.real("snr_db"),
        label_code=label_code,
        label_names=label_names,
    )


def _check_values(table: _Table, kind: str, here: BoolArray, values: FloatArray, sigmas: FloatArray) -> None:
    """Check what detections of one kind measured; they are the rows that are `here`."""
    for k, (low, high, must) in enumerate(_LIMITS[kind]):
        value, sigma = values[:, k], sigmas[:, k]
        table.check(_V[k], here & ~((value >= low) & (value <= high)), must)
        most = math.pi if k in _ANGLE_COLUMNS[kind] else 1e6
        table.check(_S[k], here & ~((sigma > 0.0) & (sigma <= most)), f"above 0, at most {most:g}")
    if kind == "radar3d":
        moving = here & ~np.isnan(values[:, 3])
        table.check(_V[3], moving & ~(np.abs(values[:, 3]) <= _FASTEST_MPS), "a range rate in m/s, or NaN")
        table.check(_S[3], moving & ~(sigmas[:, 3] > 0.0), "above 0 where v4 is given")


def _falls(column: NDArray[Any], *, strictly: bool = False) -> BoolArray:
    """Return where a value is below the one before (`strictly`: or equal to it)."""
    out = np.zeros(len(column), dtype=np.bool_)
    out[1:] = column[1:] <= column[:-1] if strictly else column[1:] < column[:-1]
    return out


class _Table:
    """One table of the folder; only the columns asked for are read."""

    def __init__(self, folder: Path, stem: str, columns: dict[str, pa.DataType]) -> None:
        parquet, csv = folder / f"{stem}.parquet", folder / f"{stem}.csv"
        path = csv if csv.exists() and not parquet.exists() else parquet
        self.name = path.name
        try:
            self._table = _read_csv(path, columns) if path is csv else _read_parquet(path, columns)
        except OSError as error:
            raise SetupError(f"{path}: {error.strerror or error}") from error
        except pa.ArrowInvalid as error:
            raise SetupError(f"{path}: no table: {error}") from error
        self.rows = int(self._table.num_rows)

    def check(self, column: str, wrong: BoolArray, must: str) -> None:
        """Raise InputError when any row is `wrong`, naming the first."""
        rows = np.flatnonzero(wrong)
        if len(rows):
            more = f" (and {len(rows) - 1:,} more)" if len(rows) > 1 else ""
            found = f"{self._table[column][int(rows[0])].as_py()} in row {int(rows[0]):,}{more}"
            raise InputError(f"{self.name}: {column}", found, must)

    def whole(self, column: str) -> IntArray:
        found = self._table[column]
        if not pa.types.is_integer(found.type) or found.null_count:
            said = f"{found.null_count} nulls" if found.null_count else str(found.type)
            raise InputError(f"{self.name}: {column}", said, "whole numbers")
        return np.asarray(found.to_numpy(), dtype=np.int64)

    def real(self, column: str) -> FloatArray:
        found = self._table[column]
        if not (pa.types.is_floating(found.type) or pa.types.is_integer(found.type)):
            # A column with no value at all has no type in CSV and may have none in Parquet.
            if found.null_count == len(found):
                return np.full(len(found), np.nan)
            raise InputError(f"{self.name}: {column}", str(found.type), "numbers")
        return np.asarray(found.to_numpy(), dtype=np.float64)

    def reals(self, columns: tuple[str, ...]) -> FloatArray:
        out = np.empty((self.rows, len(columns)))
        for k, column in enumerate(columns):
            out[:, k] = self.real(column)
        return out

    def texts(self, column: str) -> tuple[IntArray, tuple[str, ...]]:
        """Return a code per row and the texts that codes stand for; code 0 is none ("")."""
        found = self._table[column]
        if not (pa.types.is_string(found.type) or pa.types.is_large_string(found.type)):
            if found.null_count == len(found):
                return np.zeros(len(found), dtype=np.int64), ("",)
            if not pa.types.is_dictionary(found.type):
                raise InputError(f"{self.name}: {column}", str(found.type), "texts")
        coded = (
            found.combine_chunks()
            if pa.types.is_dictionary(found.type)
            else found.combine_chunks().dictionary_encode()
        )
        words = coded.dictionary.to_pylist()
        names = ("", *sorted({word for word in words if word}))
        place = {name: k for k, name in enumerate(names)}
        translate = np.array([*(place[word or ""] for word in words), 0], dtype=np.int64)
        code = coded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
        return translate[code], names


def _read_parquet(path: Path, columns: dict[str, pa.DataType]) -> pa.Table:
    import pyarrow.parquet as pq

    # Not read_table: it loads the data set machinery, which takes longer than reading a small scene.
    with pq.ParquetFile(path) as file:
        _need(path, file.schema_arrow.names, columns)
        return file.read(columns=list(columns), use_threads=False)


def _read_csv(path: Path, columns: dict[str, pa.DataType]) -> pa.Table:
    from pyarrow import csv

    with path.open(encoding="utf-8") as lines:
        _need(path, [name.strip().strip('"') for name in lines.readline().split(",")], columns)
    return csv.read_csv(
        path,
        read_options=csv.ReadOptions(use_threads=False),
        convert_options=csv.ConvertOptions(column_types=columns, include_columns=list(columns)),
    )


def _need(path: Path, there: list[str], columns: dict[str, pa.DataType]) -> None:
    missing = [name for name in columns if name not in there]
    if missing:
        raise SetupError(f"{path}: lacks the columns {', '.join(missing)}")
