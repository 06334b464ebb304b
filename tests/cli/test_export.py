"""`skykeep export`: what it prints, and what it will not do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from exported_night import write_log
from skykeep.app import export as app
from skykeep.cli import export as cli
from skykeep.cli import skykeep


def test_the_two_lists_of_formats_are_one() -> None:
    assert cli.FORMATS == app.FORMATS


def test_it_says_what_it_wrote(tmp_path: Path) -> None:
    write_log(tmp_path / "night.db")
    out = tmp_path / "night.geojson"
    result = CliRunner().invoke(
        skykeep, ["export", str(tmp_path), "--format", "geojson", "--out", str(out), "--json"]
    )
    assert result.exit_code == 0
    assert json.loads(result.stdout)["tracks"] == 1
    assert "night.geojson: 1 tracks, " in result.stderr
    assert json.loads(out.read_text())["type"] == "FeatureCollection"


def test_nothing_is_written_over_the_night_or_into_nowhere(tmp_path: Path) -> None:
    log = write_log(tmp_path / "night.db")
    before = log.read_bytes()
    over = CliRunner().invoke(skykeep, ["export", str(log), "--format", "csv", "--out", str(log)])
    assert over.exit_code == 2
    assert "would be overwritten" in over.stderr
    within = CliRunner().invoke(skykeep, ["export", str(tmp_path), "--format", "csv", "--out", str(log)])
    assert within.exit_code == 2
    assert "would be overwritten" in within.stderr
    assert log.read_bytes() == before
    nowhere = tmp_path / "no" / "x.csv"
    result = CliRunner().invoke(skykeep, ["export", str(log), "--format", "csv", "--out", str(nowhere)])
    assert result.exit_code == 2
    assert "nothing can be written" in result.stderr


def test_a_folder_without_a_night_is_a_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from skykeep.cli import main; main()", "export", str(tmp_path)]
    command += ["--format", "kml", "--out", str(tmp_path / "x.kml")]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 1
    assert "holds no night.db" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("heavy", ["numpy", "pyarrow", "mcap", "skykeep.app"])
def test_help_needs_nothing_heavy(heavy: str) -> None:
    code = (
        "import sys; from click.testing import CliRunner; from skykeep.cli import skykeep; "
        "assert CliRunner().invoke(skykeep, ['export', '--help']).exit_code == 0; "
        f"print({heavy!r} in sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert result.stdout.strip() == "False"
