"""Tables of states from Parquet and from CSV: the same columns; what is not known is told as not known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skykeep.base.errors import SetupError
from skykeep.feeds.state_table import read_state_table

CSV = "t,track_id,x,cls\n1.0,7,10.5,bird\n2.0,7,nan,\n"


def write_parquet(path: Path) -> Path:
    table = pa.table(
        {
            "t": [1.0, 2.0],
            "track_id": [7, 7],
            "x": [10.5, None],
            "cls": pa.array(["bird", None]).dictionary_encode(),
            "pxx": pa.nulls(2),
        }
    )
    pq.write_table(table, path)
    return path


def test_parquet_and_csv_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "states.csv").write_text(CSV)
    from_csv = read_state_table(tmp_path / "states.csv")
    from_parquet = read_state_table(write_parquet(tmp_path / "states.parquet"))

    for found in (from_csv, from_parquet):
        assert found["t"].tolist() == [1.0, 2.0]
        assert found["track_id"].tolist() == [7, 7]
        assert found["x"][0] == 10.5
        assert np.isnan(found["x"][1])
        assert found["cls"][0] == "bird"


def test_a_column_of_nothing_but_nulls_is_of_numbers_not_known(tmp_path: Path) -> None:
    assert np.isnan(read_state_table(write_parquet(tmp_path / "states.parquet"))["pxx"]).all()


@pytest.mark.parametrize("name", ["states.parquet", "states.csv"])
def test_what_is_not_there_or_is_no_table_is_told_by_name(name: str, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=name):
        read_state_table(tmp_path / name)
    (tmp_path / name).write_bytes(b'"')
    with pytest.raises(SetupError, match=name):
        read_state_table(tmp_path / name)
