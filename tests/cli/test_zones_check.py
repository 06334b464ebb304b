"""`skykeep zones check` as people and programs use it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from made_zones import national_list
from recordings import RECORDINGS, needs_recordings
from skykeep.cli import main
from skykeep.domain.zone import Circle
from skykeep.wire.zone_files import write_zones

QUERY = {
    "lon": -29.0,
    "lat": 43.0,
    "height_agl_m": 10.0,
    "ground_amsl_m": 0.0,
    "time": "2026-08-20T12:00:00Z",
}


def ask(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["zones", "check", *map(str, words)])
    said = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, said.out, said.err


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, str]:
    """A file of zones, questions of which the second is answered by the zone named, and that name."""
    listed = national_list(60)
    always = next(
        zone
        for zone in listed.zones
        if zone.periods and zone.periods[0].permanent and isinstance(zone.volumes[0].outline, Circle)
        and (zone.volumes[0].floor is None or zone.volumes[0].floor.value == 0.0)
    )  # fmt: skip
    outline = always.volumes[0].outline
    assert isinstance(outline, Circle)
    zones, asked = tmp_path / "zones.json", tmp_path / "asked.json"
    zones.write_bytes(write_zones(listed, "ed269")[0])
    there = QUERY | {"lon": outline.longitude_deg, "lat": outline.latitude_deg}
    asked.write_text(json.dumps({"queries": [QUERY | {"lon": 100.0}, there]}))
    return zones, asked, always.zone_id


def test_answers_for_programs(capsys: pytest.CaptureFixture[str], files: tuple[Path, Path, str]) -> None:
    zones, asked, name = files
    code, out, err = ask(capsys, "--zones", zones, "--zones", zones, "--queries", asked, "--json")
    answers = json.loads(out)
    assert code == 0
    assert answers[0] == []
    assert name in answers[1]
    assert answers[1] == sorted(set(answers[1]))
    assert "60 zones" in err


def test_answers_for_people(capsys: pytest.CaptureFixture[str], files: tuple[Path, Path, str]) -> None:
    zones, asked, name = files
    code, out, _ = ask(capsys, "--zones", zones, "--queries", asked)
    head, first, second = out.splitlines()
    assert code == 0
    assert "zones in force" in head
    assert first.endswith("2026-08-20T12:00:00.000Z  -")
    assert name in second


def test_a_wrong_question_or_file_is_one_sentence(
    capsys: pytest.CaptureFixture[str], files: tuple[Path, Path, str], tmp_path: Path
) -> None:
    zones, asked, _ = files
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps({"queries": [QUERY, QUERY | {"lat": 91}]}))
    code, out, err = ask(capsys, "--zones", zones, "--queries", bad, "--json")
    assert (code, out) == (1, "")
    assert "queries[1].lat: 91, must be a number from -90 to 90" in err
    bad.write_bytes(b"\x00\x01 no zones")
    code, out, err = ask(capsys, "--zones", bad, "--queries", asked, "--json")
    assert (code, out) == (1, "")
    assert "must be one of" in err


@needs_recordings
def test_a_national_file_answers(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    asked = tmp_path / "asked.json"
    inside = {
        "lon": 6.1093, "lat": 49.6155, "height_agl_m": 60.0, "ground_amsl_m": 280.0,
        "time": "2026-08-20T12:00:00Z",
    }  # fmt: skip
    asked.write_text(json.dumps({"queries": [inside, inside | {"height_agl_m": 121.0}]}))
    zones = RECORDINGS / "zones" / "lu_dac_20260817.geojson"
    _, out, _ = ask(capsys, "--zones", zones, "--queries", asked, "--json")
    low, high = json.loads(out)
    assert "SPECI12" in low
    assert "SPECI12" not in high
