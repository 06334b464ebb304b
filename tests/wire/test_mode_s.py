"""Mode S recordings: each form of file by hand, then anything at all, then a real flight."""

from __future__ import annotations

import gzip
import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings import RECORDINGS, needs_recordings
from skykeep.feeds.mode_s_file import frame_about, position_scans, read_messages
from skykeep.wire.mode_s import Frame, decode_frames, read_frames

# Identification of 4840D6, the example of "The 1090 MHz Riddle": callsign KLM1023.
FRAME = "8d4840d6202cc371c32ce0576098"


def beast(hex_frame: str, ticks: int = 12_000_000) -> bytes:
    body = ticks.to_bytes(6, "big") + b"\x80" + bytes.fromhex(hex_frame)
    return b"\x1a3" + body.replace(b"\x1a", b"\x1a\x1a")


FORMS = {
    "json lines": (json.dumps({"timestamp": 1.0, "frame": FRAME}).encode() + b"\n", 1_000_000_000),
    "csv": (f'1,"{FRAME.upper()}",4840D6\n'.encode(), 1_000_000_000),
    "csv with a byte order mark": (f"\ufeff1,4840D6,{FRAME}\n".encode(), 1_000_000_000),
    "avr": (f"*{FRAME};\n".encode(), 0),
    "avr with a counter": (f"@000000B71B00{FRAME};\n".encode(), 1_000_000_000),
    "beast": (beast(FRAME), 1_000_000_000),
}


@pytest.mark.parametrize(("data", "time_utc_ns"), FORMS.values(), ids=FORMS)
def test_a_frame_is_read_from(data: bytes, time_utc_ns: int) -> None:
    counts: Counter[str] = Counter()
    assert list(read_frames(data, counts)) == [Frame(time_utc_ns=time_utc_ns, hex=FRAME)]
    assert counts["frames"] == 1


def test_an_escape_inside_a_beast_frame_is_undoubled() -> None:
    with_escapes = "8d1a1a1a202cc371c31ae057601a"
    frames = list(read_frames(beast(with_escapes) + beast(FRAME, ticks=0x1A1A1A), Counter()))
    assert [frame.hex for frame in frames] == [with_escapes, FRAME]


def test_a_published_message_reads_as_published() -> None:
    counts: Counter[str] = Counter()
    (message,) = decode_frames([Frame(time_utc_ns=0, hex=FRAME)], counts)
    assert (message["icao24"], message["callsign"]) == ("4840d6", "KLM1023")
    assert counts["accepted"] == 1


@given(st.binary(max_size=300))
def test_any_octets_end_in_frames_or_are_counted(data: bytes) -> None:
    counts: Counter[str] = Counter()
    frames = list(read_frames(data, counts))
    assert counts["frames"] == len(frames)


@given(st.lists(st.binary(min_size=14, max_size=14), max_size=20))
def test_every_frame_is_accepted_or_rejected(octets: list[bytes]) -> None:
    counts: Counter[str] = Counter()
    frames = [Frame(time_utc_ns=k, hex=data.hex()) for k, data in enumerate(octets)]
    accepted = decode_frames(frames, counts)
    assert len(accepted) == counts["accepted"]
    assert sum(counts.values()) == len(frames)


@needs_recordings
@pytest.mark.recordings
def test_a_real_flight_has_the_places_of_its_recorded_decode() -> None:
    path = RECORDINGS / "adsb" / "traffic" / "tutorial.jsonl.gz"
    counts: Counter[str] = Counter()
    ours = read_messages(path, counts)
    recorded = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]
    assert len(ours) == len(recorded) == 71_939
    compared = 0
    for mine, other in zip(ours, recorded, strict=True):
        assert mine["frame"] == other["frame"]
        if "latitude" in mine:
            compared += 1
            assert mine["latitude"] == pytest.approx(other["latitude"], abs=1e-6)
            assert mine["longitude"] == pytest.approx(other["longitude"], abs=1e-6)
    assert compared > 12_000
    frame = frame_about(ours)
    assert sum(1 for _ in position_scans(ours, frame)) == compared
