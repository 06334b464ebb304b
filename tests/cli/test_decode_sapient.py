"""`skykeep decode sapient`: the wire's own form and JSON, one line a message, refusals with their reasons."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import sapient_samples
from recordings import needs_recordings
from sapient_peer import LAT_LNG, built, detection, status
from skykeep.cli import skykeep
from skykeep.wire.sapient import frame_message, json_objects

NODE = "a8654cdf-4328-47de-81fa-c495589e30c9"
NOW_UTC_NS = 1_930_000_000_000_000_000
GOOD = built(NODE, NOW_UTC_NS, status()).SerializeToString()
BAD = built(NODE, NOW_UTC_NS, detection(location={"x": 7.0, "y": 97.0, **LAT_LNG})).SerializeToString()


def decoded(path: Path) -> tuple[list[dict[str, object]], Result]:
    result = CliRunner().invoke(skykeep, ["decode", "sapient", str(path)])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()], result


def test_frames_are_lines_and_what_is_wrong_is_named(tmp_path: Path) -> None:
    path = tmp_path / "night.sapient"
    path.write_bytes(frame_message(GOOD) + frame_message(BAD) + frame_message(GOOD) + b"\x05\0\0\0abc")
    lines, result = decoded(path)
    assert [line.get("node_id") for line in lines] == [NODE, None, NODE, None]
    bad = {"field": "detection_report.location.y", "was": "97 degrees of latitude"}
    assert lines[1]["refused"] == [{**bad, "must": "-90 to 90 degrees of latitude"}]
    assert "7 bytes behind the last message" in str(lines[3])
    assert "2  status_report" in result.stderr
    assert "1  rejected: detection_report.location.y must be -90 to 90" in result.stderr


@pytest.mark.parametrize("joint", ["\n", ",", "]["])
def test_json_may_be_one_object_lines_or_a_list(tmp_path: Path, joint: str) -> None:
    path = tmp_path / "night.json"
    text = json.dumps({"timestamp": "2031-02-28T00:53:20Z", "nodeId": NODE, **status()}, indent=1)
    path.write_text(f"[{text}{joint}{text}] tail")
    lines, _ = decoded(path)
    assert [line.get("node_id") for line in lines] == [NODE, NODE, None]
    assert "'tail'" in str(lines[2])


def test_a_bracket_in_a_text_ends_no_object() -> None:
    assert list(json_objects('{"a": "}]"} {"b": 1}')) == ['{"a": "}]"}', '{"b": 1}']


@needs_recordings
@pytest.mark.recordings
def test_official_samples_are_read_from_their_files() -> None:
    for path in sapient_samples.paths():
        (line,) = decoded(path)[0]
        assert ("refused" in line) is sapient_samples.is_misplaced(path)
