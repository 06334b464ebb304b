"""`skykeep decode cot`: a stream, a capture and the published examples as JSON Lines."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from click.testing import CliRunner

from cot_samples import DETECTION_XML, FRIENDLY_XML, GROUND_XML
from recordings import RECORDINGS, needs_recordings
from skykeep.cli import skykeep
from skykeep.wire.cot_proto import encode_datagram, encode_frame
from skykeep.wire.cot_xml import decode_xml

EXAMPLES = RECORDINGS / "cot" / "takcot" / "examples"


def decoded(path: Path) -> tuple[list[dict[str, object]], str]:
    result = CliRunner().invoke(skykeep, ["decode", "cot", str(path)])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()], result.stderr


def test_a_stream_of_both_forms(tmp_path: Path) -> None:
    path = tmp_path / "night.cot"
    path.write_bytes(FRIENDLY_XML + b"<event></event>" + encode_frame(decode_xml(GROUND_XML)))
    lines, said = decoded(path)
    assert [line["uid"] for line in lines] == ["POLICE-7", "GUARD-2"]
    assert lines[0]["time"] == "2031-05-03T02:14:07.000Z"
    assert lines[1]["point"] == {"lat": 10.001, "lon": 20.001, "hae": 31.0, "ce": 0.0, "le": None}
    assert "1  rejected: point must be given once" in said
    assert "2  accepted" in said


def test_a_stream_that_is_lost_half_way_gives_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "lost.cot"
    path.write_bytes(encode_frame(decode_xml(GROUND_XML)) * 3 + b"\x00\x01" + FRIENDLY_XML)
    lines, said = decoded(path)
    assert [line["uid"] for line in lines] == ["GUARD-2"] * 3
    assert "rejected: stream" in said


def test_a_capture_of_datagrams(tmp_path: Path) -> None:
    capture = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 101)
    for payload in (DETECTION_XML, encode_datagram(decode_xml(GROUND_XML))):
        udp = struct.pack(">HHHH", 6969, 6969, 8 + len(payload), 0) + payload
        ip = (
            struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 1, 17, 0, b"\x0a\0\0\1", b"\xef\2\3\1")
            + udp
        )
        capture += struct.pack("<IIII", 1_935_540_847, 250_000, len(ip), len(ip)) + ip
    path = tmp_path / "mesh.pcap"
    path.write_bytes(capture)
    lines, said = decoded(path)
    assert [(line["uid"], line["received"]) for line in lines] == [
        ("EAST-RADAR.4", "2031-05-03T02:14:07.250Z"),
        ("GUARD-2", "2031-05-03T02:14:07.250Z"),
    ]
    assert "2  packets udp" in said


@needs_recordings
@pytest.mark.recordings
def test_every_published_example() -> None:
    for path in sorted(EXAMPLES.iterdir()):
        lines, _ = decoded(path)
        assert len(lines) == 1
