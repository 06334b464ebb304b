"""`skykeep decode mavlink`: one message a line, what was refused on standard error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from mavlink_frames import FLYING, NOON_UTC_NS, message, timed


def run_cli(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from skykeep.cli import main; main()", "decode", "mavlink", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_tlog_as_json_lines(tmp_path: Path) -> None:
    recording, out = tmp_path / "flight.tlog", tmp_path / "flight.jsonl"
    nowhere = message("GLOBAL_POSITION_INT", {"time_boot_ms": 1})
    flying = message("GLOBAL_POSITION_INT", FLYING, version=1)
    recording.write_bytes(timed(NOON_UTC_NS, nowhere) + timed(NOON_UTC_NS, flying))
    result = run_cli(str(recording))
    assert result.returncode == 0, result.stderr
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["doubt"].startswith("GLOBAL_POSITION_INT.lat/lon: 0/0")
    assert (second["message"], second["lat"], second["system_id"]) == ("GLOBAL_POSITION_INT", 600_008_977, 1)
    assert "1  rejected: GLOBAL_POSITION_INT.lat/lon" in result.stderr
    assert run_cli(str(recording), "--out", str(out)).returncode == 0
    assert out.read_text() == result.stdout


def test_what_is_no_recording_is_refused_in_a_sentence(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("not a log")
    result = run_cli(str(notes))
    assert result.returncode != 0
    assert "must be a tlog, a DataFlash log (.BIN) or a ULog (.ulg)" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_ulog_damaged_beyond_use_is_refused_in_a_sentence(tmp_path: Path) -> None:
    cut = tmp_path / "cut.ulg"
    cut.write_bytes(b"ULog\x01\x12\x35\x01")
    result = run_cli(str(cut))
    assert result.returncode != 0
    assert "a log that can be read" in result.stderr
    assert "Traceback" not in result.stderr
