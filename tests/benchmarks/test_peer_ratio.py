"""Runs beside other trackers: which kept ones are taken, which are scored, and what evaluators say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from peer_ratio import digest_of, evaluate, kept_stats, parse, read_own, read_yardstick, run_scene

from skykeep.base.errors import SetupError


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    folder = tmp_path / "S"
    folder.mkdir()
    (folder / "detections.parquet").write_bytes(b"detections")
    (folder / "sensors.json").write_text('{"eval": {"t_from": 5.0, "t_to": 180.0, "step_s": 1.0}}')
    return folder


def test_both_evaluators_are_read_alike() -> None:
    own = {
        "sets": {"gospa_m": {"value": 24.5}},
        "siap": {"spuriousness": {"value": 0.03}},
        "continuity": {"switches": {"value": 2.0}},
    }
    yardstick = {"gospa_rms": 24.5, "siap_spuriousness": 0.03, "id_switches": 2}

    assert read_own(json.dumps(own)) == read_yardstick(json.dumps(yardstick))


def test_where_no_track_is_stated_none_is_spurious() -> None:
    own = {
        "sets": {"gospa_m": {"value": 50.0}},
        "siap": {"spuriousness": {"value": None}},
        "continuity": {"switches": {"value": 0.0}},
    }

    assert read_own(json.dumps(own)).spurious == 0.0


@pytest.mark.parametrize(
    ("changed", "taken"),
    {
        "same scene, same limit": ({}, True),
        "another limit": ({"limit_s": 60.0}, False),
        "another scene of that name": ({"detections_sha256": "0"}, False),
    }.values(),
)
def test_a_kept_run_is_taken_for_this_very_scene_and_limit_only(
    changed: dict[str, object], taken: bool, scene: Path
) -> None:
    stats = scene / "gnn.json"
    stats.write_text(json.dumps({"detections_sha256": digest_of(scene), "limit_s": 300.0} | changed))

    assert (kept_stats(stats, scene, 300.0) is not None) == taken


def test_no_run_is_kept_where_there_is_no_file(scene: Path) -> None:
    assert kept_stats(scene / "gnn.json", scene, 300.0) is None


def test_a_run_that_was_cut_before_scoring_begins_is_scored_on_nothing(scene: Path) -> None:
    # There is no table of tracks: to read one would fail.
    assert evaluate(parse([str(scene)]), scene, scene / "no.parquet", 5.0) is None


def test_our_rows_alone_need_the_others_kept_for_this_scene(scene: Path) -> None:
    with pytest.raises(SetupError, match="S: no other's run is kept"):
        run_scene(parse([str(scene), "--ours-only"]), None, scene, None)


def test_a_method_that_there_is_not_is_refused(scene: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse([str(scene), "--methods", "gnn,imm"])
    assert "no method 'imm'" in capsys.readouterr().err
