"""Recordings of decoded ADS-B through `skykeep decode adsb`, as a person gives them."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from recordings import RECORDINGS, needs_recordings
from skykeep.cli import skykeep
from skykeep.feeds.adsb_text_file import decoded_messages
from skykeep.feeds.mode_s_file import frame_about, position_scans, read_messages

SBS = (
    b"MSG,1,1,1,4840D6,1,2031/05/03,02:14:07.250,2031/05/03,02:14:07.250,KLM1023,,,,,,,,,,,0\r\n"
    b"MSG,3,1,1,4840D6,1,2031/05/03,02:14:08.250,2031/05/03,02:14:08.250,,3000,,,52.1,4.6,,,0,0,0,0\r\n"
    b"MSG,3,1,1,4840D6,1,2031/05/03,02:14:09.250,2031/05/03,02:14:09.250,,3000,,,95.1,4.6,,,0,0,0,0\r\n"
)
DOCUMENT = json.dumps(
    {"now": 1.5, "aircraft": [{"hex": "4840d6", "lat": 52.1, "lon": 4.6, "alt_baro": 3000}, {"hex": "none"}]}
).encode()
TRACE = json.dumps(
    {"icao": "4840d6", "timestamp": 1.5, "trace": [[0.0, 52.1, 4.6, "ground", 3.0, 90.0, 0, None]]}
).encode()

FORMS: dict[str, tuple[bytes, list[dict[str, object]], list[str]]] = {
    "sbs": (
        SBS,
        [
            {"time_utc_ns": 1_935_540_847_250_000_000, "message": "MSG 1", "callsign": "KLM1023"},
            {
                "time_utc_ns": 1_935_540_848_250_000_000,
                "latitude": 52.1,
                "longitude": 4.6,
                "altitude": 3_000.0,
            },
        ],
        ["2  accepted", "1  rejected_latitude"],
    ),
    "aircraft.json": (
        DOCUMENT,
        [{"time_utc_ns": 1_500_000_000, "latitude": 52.1, "longitude": 4.6, "altitude": 3_000.0}],
        ["1  accepted", "1  rejected_hex"],
    ),
    "a trace, packed": (
        gzip.compress(TRACE),
        [{"time_utc_ns": 1_500_000_000, "latitude": 52.1, "longitude": 4.6, "on_ground": True}],
        ["1  accepted"],
    ),
}


@pytest.mark.parametrize(("data", "expected", "counted"), FORMS.values(), ids=FORMS)
def test_the_command_decodes(
    data: bytes, expected: list[dict[str, object]], counted: list[str], tmp_path: Path
) -> None:
    path, out = tmp_path / "recording", tmp_path / "out.jsonl"
    path.write_bytes(data)
    result = CliRunner().invoke(skykeep, ["decode", "adsb", str(path), "--out", str(out)])
    assert result.exit_code == 0, result.output
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(lines) == len(expected)
    for line, wanted in zip(lines, expected, strict=True):
        assert line["icao24"] == "4840d6"
        assert wanted.items() <= line.items()
    assert all(sentence in result.output for sentence in counted)


def test_frames_are_left_to_the_reader_of_frames() -> None:
    frames = b'{"timestamp": 1.0, "frame": "8d4840d6202cc371c32ce0576098"}\n' * 2
    for data in (frames, b"*8d4840d6202cc371c32ce0576098;\n", b"\x1a3", b"", b'{"a": 1}', b'{"\xff'):
        assert decoded_messages(data, Counter()) is None


@needs_recordings
@pytest.mark.recordings
def test_a_real_trace_gives_a_place_for_every_row() -> None:
    counts: Counter[str] = Counter()
    messages = read_messages(RECORDINGS / "adsb" / "traffic" / "trace_full_ac671b.json", counts)
    assert counts == {"accepted": 2_500}
    assert sum(1 for _ in position_scans(messages, frame_about(messages))) == 2_500
