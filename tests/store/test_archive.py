"""Pictures into Parquet and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skykeep.base.errors import InputError, IntegrityError
from skykeep.domain.identity import Identification, Standing
from skykeep.domain.track import Picture
from skykeep.geo.frames import LocalFrame
from skykeep.store.archive import ArchiveHeader, read_archive, write_archive

HEADER = ArchiveHeader(
    site_name="Порт Мерен",
    origin=LocalFrame(latitude_deg=44.0, longitude_deg=-31.5, height_hae_m=12.0),
    start_utc_ns=1_000,
)


def make_picture(time_utc_ns: int, track_ids: list[int]) -> Picture:
    n = len(track_ids)
    whole = np.arange(n, dtype=np.int64)
    floats = np.linspace(0.1, 0.9, n)
    none = np.zeros(0, dtype=np.int64)
    return Picture(
        time_utc_ns=time_utc_ns,
        track_id=np.array(track_ids, dtype=np.int64),
        status=whole,
        state=np.arange(6.0 * n).reshape(n, 6) / 3.0,
        covariance=np.arange(36.0 * n).reshape(n, 6, 6),
        existence=floats,
        born_utc_ns=whole,
        last_detected_utc_ns=whole,
        hits=whole,
        rcs_dbsm=floats,
        rcs_spread_db=floats,
        modulation_db=floats,
        sensor_ids=(),
        support_track_id=none,
        support_sensor=none,
        support_sequence=none,
        support_row=none,
    )


def test_what_is_written_is_read_to_the_last_bit(tmp_path: Path) -> None:
    identified = Identification(
        track_id=9,
        class_probabilities=(0.5, 0.25, 0.125, 0.0625, 0.0625),
        standing=Standing.UNKNOWN,
        set_by="motion",
        claimed_id="",
        claims=(),
        evidence=(),
    )
    pictures = [make_picture(1_000, [4, 9]), make_picture(2_000, []), make_picture(3_000, [9])]

    write_archive(tmp_path / "tracks.parquet", HEADER, [(picture, [identified]) for picture in pictures])
    header, table = read_archive(tmp_path / "tracks.parquet")

    assert header == HEADER
    assert table["t"].to_pylist() == [1_000, 1_000, 3_000]
    assert table["track_id"].to_pylist() == [4, 9, 9]
    assert table["vx"].to_pylist() == [1.0, 3.0, 1.0]
    assert table["pyz"].to_pylist() == [8.0, 44.0, 8.0]
    assert table["p_multirotor"].to_pylist() == [None, 0.5, 0.5]
    assert [path.name for path in tmp_path.iterdir()] == ["tracks.parquet"]


def test_the_same_pictures_give_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_archive(tmp_path / name, HEADER, [(make_picture(1_000, [4, 9]), ())])

    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_another_file_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    (tmp_path / "text.parquet").write_text("no table")

    with pytest.raises(InputError, match="written by Skykeep"):
        read_archive(tmp_path / "other.parquet")
    with pytest.raises(IntegrityError, match="cannot be read as Parquet"):
        read_archive(tmp_path / "text.parquet")
