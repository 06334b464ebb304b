"""`skykeep track` on a scene folder: the table it writes, the figures it keeps, and what it will not take."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError
from skykeep.cli import skykeep
from skykeep.store.archive import read_archive
from toy_scene import TARGETS, ToyScene

COLUMNS = (
    *("t", "track_id", "x", "y", "z", "vx", "vy", "vz"),
    *("pxx", "pxy", "pxz", "pyy", "pyz", "pzz", "existence", "coasting"),
)
CLASSES = ("p_multirotor", "p_fixed_wing", "p_bird", "p_aircraft", "p_other")


def track(*arguments: Any) -> Result:
    result = CliRunner().invoke(skykeep, ["track", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ToyScene().write(tmp_path_factory.mktemp("scenes") / "toy")


def test_two_targets_are_two_tracks_where_they_are(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "tracks.parquet"
    assert track(folder, "--out", out).exit_code == 0
    assert tuple(pq.read_schema(out).names) == COLUMNS + CLASSES
    header, columns = read_archive(out)
    assert header.name == "toy"
    assert header.start_utc_ns % NS_PER_S == 0
    last = columns["t"] == 20.0
    assert last.sum() == 2
    found = np.stack([columns[name][last] for name in ("x", "y", "z")], axis=1)
    for place, velocity in TARGETS:
        there = place + 20.0 * velocity
        assert np.linalg.norm(found - there, axis=1).min() < 25.0


def test_the_picture_is_stated_at_the_scene_s_own_steps_and_to_its_end(tmp_path: Path) -> None:
    scene = ToyScene()
    scene.header["eval"] = {"t_from": 1.0, "t_to": 12.0, "step_s": 0.5}
    out = tmp_path / "tracks.parquet"
    track(scene.write(tmp_path / "toy"), "--out", out)
    _, columns = read_archive(out)
    times_s = np.unique(columns["t"])
    assert times_s[-1] == 12.0
    assert np.diff(times_s) == pytest.approx(np.full(len(times_s) - 1, 0.5))


def test_the_statistics_add_up(folder: Path, tmp_path: Path) -> None:
    out, stats = tmp_path / "tracks.parquet", tmp_path / "stats.json"
    printed = track(folder, "--out", out, "--stats", stats, "--json").stdout
    found = json.loads(stats.read_text())
    assert json.loads(printed) == found
    scene = ToyScene()
    assert found["detections"] == len(scene.detections["det_id"])
    assert found["scans"] == found["batch_ms"]["batches"] == len(scene.batches["batch_id"])
    assert found["detections_per_s"] == pytest.approx(found["detections"] / found["processor_s"])
    assert 0.0 <= found["batch_ms"]["p50"] <= found["batch_ms"]["p99"] <= found["batch_ms"]["longest"]
    assert found["batch_ms_over_100_detections"] is None
    assert (found["threads"], found["scene"], found["pictures"]) == (1, "toy", 20)
    assert found["peak_memory_mib"] > 50.0
    refused = ("refused_scans", "refused_claims", "refused_detections", "too_late_detections")
    assert [found[name] for name in refused] == [0, 0, 0, 0]
    _, columns = read_archive(out)
    assert (found["rows"], found["tracks"]) == (len(columns["t"]), len(np.unique(columns["track_id"])))


def test_the_same_scene_gives_the_same_bytes_whatever_the_threads_and_format(tmp_path: Path) -> None:
    # The folder's name is in the table, so both bear the same.
    parquet = ToyScene().write(tmp_path / "parquet" / "toy")
    csv = ToyScene().write(tmp_path / "csv" / "toy", as_csv=True)
    outs = [tmp_path / f"{k}.parquet" for k in range(3)]
    track(parquet, "--out", outs[0])
    track(parquet, "--out", outs[1], "--threads", 4, "--format", "scene")
    track(csv, "--out", outs[2])
    assert outs[0].read_bytes() == outs[1].read_bytes() == outs[2].read_bytes()


def test_tracks_are_the_same_whether_or_not_they_are_classed(folder: Path, tmp_path: Path) -> None:
    with_classes, without = tmp_path / "with.parquet", tmp_path / "without.parquet"
    track(folder, "--out", with_classes)
    track(folder, "--out", without, "--no-classes")
    assert pq.read_table(with_classes).select(COLUMNS).equals(pq.read_table(without))


def test_a_folder_that_is_no_scene_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(skykeep, ["track", str(tmp_path), "--out", str(tmp_path / "o.parquet")])
    assert "sensors.json" in str(result.exception)


def test_a_scene_against_the_format_leaves_no_table(tmp_path: Path) -> None:
    scene = ToyScene(duration_s=2)
    scene.detections["v1"][0] = float("nan")
    with pytest.raises(InputError, match="v1: nan in row 0"):
        track(scene.write(tmp_path / "toy"), "--out", tmp_path / "o.parquet")
    assert not (tmp_path / "o.parquet").exists()


@pytest.mark.parametrize(
    ("source", "options", "sentence"),
    [
        ("file", (), "needs --format"),
        ("file", ("--format", "scene"), "is for a folder"),
        ("folder", ("--format", "adsb"), "is for a file"),
        ("folder", ("--threads", "0"), "--threads"),
        ("folder", ("--step", "2"), "--step is for a recording"),
        ("folder", ("--edition", "48=1.21"), "--edition is for a recording"),
        ("file", ("--format", "adsb", "--threads", "2"), "--threads is for a scene"),
    ],
)
def test_wrong_use_is_said(folder: Path, source: str, options: tuple[str, ...], sentence: str) -> None:
    place = folder if source == "folder" else folder / "sensors.json"
    result = track(place, *options, "--out", folder / "never.parquet")
    assert result.exit_code == 2
    assert sentence in result.output


@pytest.mark.parametrize("option", ["--out", "--stats"])
def test_a_result_that_cannot_be_kept_is_not_worked_for(folder: Path, tmp_path: Path, option: str) -> None:
    places = {"--out": tmp_path / "tracks.parquet", "--stats": tmp_path / "stats.json"}
    places[option] = tmp_path / "nowhere" / places[option].name
    result = track(folder, *(part for pair in places.items() for part in pair))
    assert result.exit_code == 2
    assert option in result.output
    assert f"{tmp_path / 'nowhere'} is not a folder" in " ".join(result.output.split())
    assert list(tmp_path.iterdir()) == []
