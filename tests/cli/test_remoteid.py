"""`skykeep decode remoteid` as a user meets it: a line of hex, a line of JSON, whatever the line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mutations import mutated
from recordings import needs_recordings
from remoteid_frames import (
    BASIC_ID,
    CAPTURES,
    FOLDER,
    LOCATION,
    PACK,
    SENDER,
    module_octets,
    vectors,
)
from skykeep.cli import skykeep
from skykeep.wire.remoteid_wifi import encode_beacon


def answers(lines: bytes, *options: str) -> list[dict[str, Any]]:
    """What is said to hex on standard input."""
    result = CliRunner().invoke(skykeep, ["decode", "remoteid", "--hex", *options], input=lines)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


LOCATION_OUT = {
    "status": 2,
    "direction": 90.0,
    "speed_h": 10.0,
    "speed_v": 1.0,
    "lat": 60.0,
    "lon": 25.0,
    "alt_baro": 100.0,
    "alt_geo": 120.0,
    "height_type": 0,
    "height": 50.0,
    "h_acc": 11,
    "v_acc": 4,
    "baro_acc": 4,
    "speed_acc": 3,
    "ts_acc": 1,
    "timestamp": 12.5,
}


def test_a_message_a_pack_and_a_frame_are_answered_in_the_vectors_names() -> None:
    beacon = encode_beacon(SENDER, PACK, 7, b"RID", 0)
    lines = "\n".join(octets.hex() for octets in (LOCATION, PACK, beacon)).encode()
    message, pack, frame = answers(lines, "--reference-names")
    assert message == {"ok": True, "out": {"location": LOCATION_OUT}}
    assert pack["out"]["location"] == LOCATION_OUT
    assert pack["out"]["basic_id_0"]["uas_id"] == "1ABC23DEF"
    assert frame == pack


BAD = {
    "blank": (b"", "line"),
    "half an octet": (b"120", "hex"),
    "no hex": (b"drone", "hex"),
    "octets that are no text": (b"\xff\xfe", "hex"),
    "24 octets": (LOCATION[:-1].hex().encode(), "message"),
    "past the pole": (
        LOCATION[:5].hex().encode() + b"ffffff7f" + LOCATION[9:].hex().encode(),
        "location.lat",
    ),
    "a course over 361": (b"1222ff" + LOCATION[3:].hex().encode(), "location.direction"),
    "past the hour": (LOCATION[:21].hex().encode() + b"fe90" + b"0100", "location.timestamp"),
    "a torn pack": (PACK[:-1].hex().encode(), "pack"),
    "a frame without Remote ID": (b"80000000" + b"00" * 40, "frame"),
    "an empty buffer": (b"00" * 25, "message"),
    "a very long line": (b"00" * 20_000, "line"),
}


@pytest.mark.parametrize(("line", "field"), BAD.values(), ids=BAD)
def test_a_bad_line_is_answered_and_stops_nothing(line: bytes, field: str) -> None:
    before, bad, after = answers(
        b"\n".join((PACK.hex().encode(), line, BASIC_ID.hex().encode())), "--reference-names"
    )
    assert before["ok"]
    assert after["ok"]
    assert set(bad) == {"ok", "error"}
    assert bad["ok"] is False
    assert set(bad["error"]) == {"field", "was", "must"}
    assert bad["error"]["field"] == field


def test_our_own_names_carry_their_units() -> None:
    (answer,) = answers(LOCATION.hex().encode())
    (message,) = answer["out"]
    assert message["message"] == "location"
    assert (message["status"], message["latitude_deg"], message["course_deg"]) == ("airborne", 60.0, 90.0)


def test_without_a_file_and_without_hex_it_says_what_it_wants() -> None:
    result = CliRunner().invoke(skykeep, ["decode", "remoteid"])
    assert result.exit_code == 2
    assert "--hex" in result.output


def test_a_receivers_lines_are_a_recording_too(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(
        json.dumps({"payload": PACK.hex(), "mac": "02:11:22:33:44:55", "t": 1_700_000_000.5})
        + "\nnonsense\n"
        + LOCATION.hex()
    )
    result = CliRunner().invoke(skykeep, ["decode", "remoteid", str(path), "--reference-names"])
    assert result.exit_code == 0
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert (first["mac"], first["received"]) == ("02:11:22:33:44:55", "2023-11-14T22:13:20.500Z")
    assert first["out"]["location"] == second["out"]["location"] == LOCATION_OUT
    assert "1  rejected: hex" in result.stderr


@needs_recordings
@pytest.mark.recordings
def test_every_vector_is_answered_as_the_reference_program_does() -> None:
    wanted = [
        (vector[name], vector.get("out"))
        for vector in vectors()
        for name in ("hex", "beacon", "nan_action")
        if name in vector
    ]
    said = answers("\n".join(octets for octets, _ in wanted).encode(), "--reference-names")
    assert len(said) == len(wanted) == 4_494
    for answer, (octets, out) in zip(said, wanted, strict=True):
        assert answer.get("out") == out, octets


@needs_recordings
@pytest.mark.recordings
def test_damaged_lines_are_all_answered() -> None:
    frames = [
        vector[name].encode() for vector in vectors()[::9] for name in ("hex", "beacon") if vector.get(name)
    ]
    # A line may not be cut in two by a wound: whatever is not hex is another's test.
    lines = [line.replace(b"\n", b"0").replace(b"\r", b"0") for line in mutated(frames, 2_000, 20310503)]
    said = answers(b"\n".join(lines) + b"\n", "--reference-names")
    assert len(said) == len(lines)
    assert 100 < sum(answer["ok"] for answer in said) < 1_900


@needs_recordings
@pytest.mark.recordings
@pytest.mark.parametrize("name", CAPTURES)
def test_a_capture_is_decoded_a_payload_a_line(name: str) -> None:
    result = CliRunner().invoke(skykeep, ["decode", "remoteid", str(FOLDER / name), "--reference-names"])
    assert result.exit_code == 0
    expected = [json.loads(line) for line in (FOLDER / f"{name}.expected.jsonl").read_text().splitlines()]
    said = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(said) == len(expected)
    for one, other in zip(said, expected, strict=True):
        assert (one["mac"], one["carrier"], one["counter"]) == (
            other["mac"],
            other["carrier"],
            other["counter"],
        )
        assert -100 < one["rssi_dbm"] < -20
        assert one["out"] == other["oracle"]["pack"] if "oracle" in other else "dji_flight" in one["out"]
        assert "refused" not in one


@needs_recordings
@pytest.mark.recordings
def test_a_modules_octets_are_answered_in_hex() -> None:
    octets = module_octets()
    said = answers("\n".join(data.hex() for data in octets.values()).encode(), "--reference-names")
    bad = [name for name, answer in zip(octets, said, strict=True) if not answer["ok"]]
    assert bad == ["wlan_beacon_packet_data.txt"]  # its check sequence is wrong
