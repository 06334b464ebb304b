"""A night for other programs: all formats of one log tell the same tracks, and a table tells what it has."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from lxml import etree
from msgspec.structs import replace

from exported_night import SECONDS, where_enu_m, write_log
from judged_scenes import START_UTC_NS, at_ns, site
from skykeep.app.export import FORMATS, Excerpt, export
from skykeep.base.errors import InputError, SetupError
from skykeep.wire import courageous

GX = "{http://www.google.com/kml/ext/2.2}"
FRAME = site().origin


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a night's log and every export of it, named by its format."""
    found = tmp_path_factory.mktemp("exports")
    write_log(found / "night.db")
    for kind in FORMATS:
        export(found, kind, found / kind)
    return found


def truth_m(time_utc_ns: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return where_enu_m((time_utc_ns - START_UTC_NS) * 1e-9)


def test_every_format_says_where_the_drone_was(folder: Path) -> None:
    last: dict[str, list[float]] = {}
    document = courageous.decode((folder / "courageous").read_bytes())
    place = document.tracks[0].records[-1].location
    assert isinstance(place, courageous.Position3d)
    last["courageous"] = [place.lon_deg, place.lat_deg, place.height_amsl_m]
    features = json.loads((folder / "geojson").read_text())["features"]
    last["geojson"] = features[0]["geometry"]["coordinates"][-1]
    *_, coord = etree.parse(folder / "kml").iter(f"{GX}coord")
    last["kml"] = [float(x) for x in (coord.text or "").split()]
    last["czml"] = json.loads((folder / "czml").read_text())[1]["position"]["cartographicDegrees"][-3:]
    with (folder / "csv").open(newline="") as file:
        *_, row = csv.DictReader(file)
    last["csv"] = [float(row[name]) for name in ("longitude_deg", "latitude_deg", "height_hae_m")]
    *_, row = pq.read_table(folder / "parquet").to_pylist()
    last["parquet"] = [row[name] for name in ("longitude_deg", "latitude_deg", "height_hae_m")]
    for kind, (longitude_deg, latitude_deg, height_m) in last.items():
        at = FRAME.to_enu_m(latitude_deg, longitude_deg, height_m)
        assert np.linalg.norm(at - where_enu_m(SECONDS - 0.5)) < 15.0, kind


def test_every_row_is_near_the_truth(folder: Path) -> None:
    rows = pq.read_table(folder / "parquet").to_pylist()
    assert len(rows) > 20
    for row in rows:
        assert np.linalg.norm(np.array([row["x"], row["y"], row["z"]]) - truth_m(row["time_utc_ns"])) < 30.0


def test_the_alarm_is_active_once_the_alert_was_raised(folder: Path) -> None:
    document = courageous.decode((folder / "courageous").read_bytes())
    active = [record.alarm.active for track in document.tracks for record in track.records]
    assert active[-1]
    assert not active[0]
    assert sorted(active) == active


def test_progress_ends_at_the_whole(folder: Path, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    exported = export(folder / "night.db", "csv", tmp_path / "x", lambda done, of: told.append((done, of)))
    shares = [done / of for done, of in told]
    assert shares == sorted(shares)
    assert 0.9 < shares[-1] <= 1.0
    assert (exported.tracks, exported.left_out) == (1, {})
    assert exported.bytes == (tmp_path / "x").stat().st_size


def test_a_table_knows_no_height_above_ground(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.parquet"
    table.write_bytes((folder / "parquet").read_bytes())
    export(table, "csv", tmp_path / "again")
    with (tmp_path / "again").open(newline="") as file:
        row = next(csv.DictReader(file))
    first = pq.read_table(table).to_pylist()[0]
    assert (row["height_agl_m"], row["class"], row["standing"]) == ("", first["class"], "unknown")
    assert float(row["height_amsl_m"]) == float(row["height_hae_m"])


@pytest.mark.parametrize("kind", FORMATS)
def test_an_exported_table_can_be_exported_again(folder: Path, tmp_path: Path, kind: str) -> None:
    table = tmp_path / "t.parquet"
    table.write_bytes((folder / "parquet").read_bytes())
    again = export(table, kind, tmp_path / "again")
    assert again.tracks == 1
    if kind == "geojson":
        first, second = (
            json.loads(path.read_text())["features"][0] for path in (folder / kind, tmp_path / "again")
        )
        assert np.allclose(
            second["geometry"]["coordinates"], first["geometry"]["coordinates"], rtol=0.0, atol=2e-7
        )
        assert second["properties"]["standing"] == "unknown"


def test_the_same_log_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    for kind in FORMATS:
        export(folder / "night.db", kind, tmp_path / kind)
        assert (tmp_path / kind).read_bytes() == (folder / kind).read_bytes(), kind


def test_what_is_no_night_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"holds no night\.db"):
        export(tmp_path, "kml", tmp_path / "x")
    (tmp_path / "t.parquet").write_bytes(b"nothing")
    with pytest.raises(SetupError, match="no table of tracks"):
        export(tmp_path / "t.parquet", "mcap", tmp_path / "x")
    assert not (tmp_path / "x").exists()


def test_an_excerpt_holds_its_tracks_and_times_and_nothing_else(tmp_path: Path) -> None:
    log = write_log(tmp_path / "night.db")
    export(log, "geojson", tmp_path / "whole.json")
    end_ns = at_ns(20)
    excerpt = Excerpt(name="Part", track_ids=frozenset({1}), from_utc_ns=at_ns(10), to_utc_ns=end_ns)

    part = export(log, "csv", tmp_path / "part.csv", excerpt=excerpt)
    none = export(log, "csv", tmp_path / "none.csv", excerpt=replace(excerpt, track_ids=frozenset()))

    assert part.tracks == 1
    assert 0 < part.reports <= 11
    assert none.tracks == 0
    with pytest.raises(InputError, match="format: mcap"):
        export(log, "mcap", tmp_path / "a.mcap", excerpt=excerpt)
