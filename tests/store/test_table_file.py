"""The exported Parquet: units in every column, the archive's own header, the same bytes twice."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq

from outgoing_night import NIGHT, START_UTC_NS
from skykeep.app.archive_replay import ArchiveReplay
from skykeep.store.archive import read_archive
from skykeep.store.table_file import write_table


def test_each_column_says_its_unit(tmp_path: Path) -> None:
    write_table(tmp_path / "t.parquet", NIGHT)
    schema = pq.read_schema(tmp_path / "t.parquet")
    assert schema.field("vx").metadata[b"unit"] == b"m/s"
    assert schema.field("height_agl_m").metadata == {b"unit": b"m", b"says": b"above ground"}
    assert all(b"unit" in field.metadata for field in schema)


def test_it_is_a_table_of_tracks_that_can_be_shown_again(tmp_path: Path) -> None:
    write_table(tmp_path / "t.parquet", NIGHT)
    header, columns = read_archive(tmp_path / "t.parquet")
    assert (header.start_utc_ns, header.simulated, header.origin) == (START_UTC_NS, True, NIGHT.site.origin)
    assert columns["name"][0] == "Track 1"
    judgements = list(ArchiveReplay(tmp_path / "t.parquet").judgements())
    assert sum(len(judgement.picture) for judgement in judgements) == 16


def test_the_same_night_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_table(tmp_path / name, NIGHT)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
