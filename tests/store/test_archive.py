"""Tracks into Parquet and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skykeep.base.errors import SetupError
from skykeep.geo.frames import LocalFrame
from skykeep.store.archive import NEEDED, ArchiveHeader, read_archive, write_archive

HEADER = ArchiveHeader(
    name="Порт Мерен",
    origin=LocalFrame(latitude_deg=44.0, longitude_deg=-31.5, height_hae_m=12.0),
    start_utc_ns=1_000,
)
COLUMNS = {name: np.arange(3.0) / 7.0 for name in NEEDED} | {"track_id": np.array([4, 9, 9])}


def test_what_is_written_is_read_to_the_last_bit(tmp_path: Path) -> None:
    write_archive(tmp_path / "tracks.parquet", HEADER, COLUMNS)
    header, columns = read_archive(tmp_path / "tracks.parquet")

    assert header == HEADER
    assert list(columns) == list(COLUMNS)
    for name, column in COLUMNS.items():
        assert columns[name].dtype == column.dtype
        assert columns[name].tobytes() == column.tobytes()
    assert [path.name for path in tmp_path.iterdir()] == ["tracks.parquet"]


def test_the_same_columns_give_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_archive(tmp_path / name, HEADER, COLUMNS)

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_another_file_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    pq.write_table(pa.table(COLUMNS), tmp_path / "bare.parquet")
    (tmp_path / "text.parquet").write_text("no table")

    with pytest.raises(SetupError, match="lacks the columns t, track_id"):
        read_archive(tmp_path / "other.parquet")
    with pytest.raises(SetupError, match="does not say where it was made"):
        read_archive(tmp_path / "bare.parquet")
    with pytest.raises(SetupError, match="no table of tracks"):
        read_archive(tmp_path / "text.parquet")
