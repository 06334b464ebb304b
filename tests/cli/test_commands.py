"""The command as a user meets it: help, exit codes, and sentences instead of tracebacks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from recordings import RECORDINGS, needs_recordings
from skykeep.cli import VERBS, skykeep
from skykeep.store.archive import read_archive

FRAME = "8d4840d6202cc371c32ce0576098"


def run_cli(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from skykeep.cli import main; main()", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb: str) -> None:
    result = CliRunner().invoke(skykeep, [verb, "--help"])
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4


def test_help_names_every_verb_and_imports_none_of_the_heavy_rooms() -> None:
    code = (
        "import sys; from skykeep.cli import skykeep; from click.testing import CliRunner; "
        "print(CliRunner().invoke(skykeep, ['--help']).output); "
        "print([m for m in ('numpy', 'numba', 'sqlalchemy', 'fastapi', 'shapely') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(verb in result.stdout for verb in VERBS)
    assert result.stdout.strip().endswith("[]")


def test_an_unknown_verb_is_a_usage_error() -> None:
    assert CliRunner().invoke(skykeep, ["levitate"]).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("demo", "--headless", "--scenario", "no-such-night"), "no-such-night"),
        (("replay", "--verify", "{empty}"), "holds no night.db"),
        (("verify", "{empty}"), ""),
        (("track", "{text}", "--format", "asterix", "--out", "{out}"), "no target report"),
        (("track", "{text}", "--format", "adsb", "--out", "{out}"), "no position"),
        (("track", "{text}", "--format", "asterix", "--edition", "48=x", "--out", "{out}"), "edition"),
        (
            ("track", "{text}", "--format", "asterix", "--radar", "1/2=91,0,0", "--out", "{out}"),
            "on the globe",
        ),
        (("decode", "asterix", "{text}", "--edition", "48:1.21"), "must look like 48=1.21"),
        (("replay", "{parquet}"), "no table of tracks"),
        (("replay", "--verify", "{text}"), "cannot be"),
        (("decode", "adsb", "{text}", "--out", "{text}/x"), "Not a directory"),
    ],
)
def test_a_foreseen_failure_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("not a recording\n")
    (tmp_path / "table.parquet").write_text("not a table\n")
    places = {"empty": "empty", "text": "text", "out": "out.parquet", "parquet": "table.parquet"}
    filled = [a.format(**{name: str(tmp_path / place) for name, place in places.items()}) for a in arguments]
    result = run_cli(*filled)
    assert result.returncode not in (0, 2)
    assert "Traceback" not in result.stderr
    assert sentence in result.stderr + result.stdout


def test_decode_prints_one_message_a_line_and_counts_on_standard_error(tmp_path: Path) -> None:
    recording = tmp_path / "frames.avr"
    recording.write_text(f"*{FRAME};\nnonsense\n")
    result = run_cli("decode", "adsb", str(recording))
    (line,) = result.stdout.splitlines()
    assert json.loads(line)["callsign"] == "KLM1023"
    assert "1  accepted" in result.stderr
    assert "1  no_frame" in result.stderr


def test_doctor_says_what_it_found_in_json() -> None:
    result = run_cli("doctor", "--json")
    findings = json.loads(result.stdout)
    assert {"SQLite", "disk", "console"} <= {finding["what"] for finding in findings}
    assert result.returncode == int(any(finding["verdict"] == "bad" for finding in findings))


@needs_recordings
@pytest.mark.recordings
def test_a_real_radar_capture_becomes_tracks(tmp_path: Path) -> None:
    out = tmp_path / "tracks.parquet"
    capture = RECORDINGS / "asterix" / "croatia" / "cat_034_048.pcap"
    result = run_cli(
        "track", str(capture), "--format", "asterix", "--edition", "48=1.21", "--out", str(out), "--json"
    )
    counts = json.loads(result.stdout)
    assert counts["accepted"] == 162
    assert counts["repeated records"] == 81
    assert counts["scans used"] == 63
    header, columns = read_archive(out)
    assert header.start_utc_ns // 1_000_000_000 == 1_462_433_754
    assert len(set(columns["track_id"].tolist())) == counts["tracks"] == 63


@needs_recordings
@pytest.mark.recordings
def test_a_real_flight_is_one_track_from_take_off_to_the_end(tmp_path: Path) -> None:
    out = tmp_path / "tracks.parquet"
    recording = RECORDINGS / "adsb" / "traffic" / "tutorial.jsonl.gz"
    result = run_cli("track", str(recording), "--format", "adsb", "--out", str(out), "--json")
    assert json.loads(result.stdout)["accepted"] == 71_939
    _, columns = read_archive(out)
    ids, lengths = np.unique(columns["track_id"], return_counts=True)
    assert len(ids) <= 3
    assert lengths.max() > 6_000
