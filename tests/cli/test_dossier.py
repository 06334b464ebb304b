"""`skykeep dossier`: what it prints, and what it will not do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from exported_night import write_log
from skykeep.app import dossier as app
from skykeep.cli import skykeep


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "cache_dir", lambda: tmp_path / "cache")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(skykeep, ["dossier", *arguments])


def test_it_prints_what_the_name_of_the_file_says(tmp_path: Path) -> None:
    write_log(tmp_path / "night.db")

    for name, begins in (("a.pdf", b"%PDF-1.7"), ("a.html", b"<!DOCTYPE html>"), ("a.json", b'{"format"')):
        result = run(str(tmp_path), "--out", str(tmp_path / name))
        assert result.exit_code == 0, result.output
        assert (tmp_path / name).read_bytes().startswith(begins)
    assert "level full" in result.stdout


def test_level_format_and_moment(tmp_path: Path) -> None:
    write_log(tmp_path / "night.db")
    start = json.loads(_json(tmp_path))["case"]["start_utc_ns"]
    out = tmp_path / "told"
    result = run(
        str(tmp_path), "--level", "public", "--format", "json", "--known-at", _clock(start), "--out", str(out)
    )

    assert result.exit_code == 0, result.output
    told = json.loads(out.read_bytes())
    assert (told["format"], told["version"], told["level"]) == ("skykeep.case", 1, "public")
    assert "asked for" in [page["because"] for page in told["case"]["known"]]
    assert [person["name"] for person in told["case"]["site"]["people"]] == ["operator"]


def _json(folder: Path) -> bytes:
    assert run(str(folder), "--out", str(folder / "a.json")).exit_code == 0
    return (folder / "a.json").read_bytes()


def _clock(time_utc_ns: int) -> str:
    from skykeep.base.clock import NS_PER_S, iso_utc

    return iso_utc(time_utc_ns + 5 * NS_PER_S)


def test_what_is_not_there_or_not_known_is_refused_in_a_sentence(tmp_path: Path) -> None:
    write_log(tmp_path / "night.db")

    unknown = run(str(tmp_path), "--out", str(tmp_path / "a.docx"))
    noon = run(str(tmp_path), "--known-at", "noon", "--out", str(tmp_path / "a.pdf"))
    empty = tmp_path / "empty"
    empty.mkdir()
    nothing = run(str(empty), "--out", str(tmp_path / "a.pdf"))

    assert "must end in pdf, html, json" in str(unknown.exception)
    assert "known-at: 'noon', must be a time from" in str(noon.exception)
    assert "holds no night.db" in str(nothing.exception)
    assert [result.exit_code for result in (unknown, noon, nothing)] == [1, 1, 1]
    assert not list(tmp_path.glob("a.*"))
