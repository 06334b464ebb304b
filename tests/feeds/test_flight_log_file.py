"""Flight recordings as files: told apart by content, damaged, and real ones against outside decoders."""

from __future__ import annotations

import csv
import itertools
import json
import math
import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mavlink_frames import FLYING, LINK, NOON_UTC_NS, SITE, flown_bin, message, timed
from mutations import frames_to_try, mutated
from recordings import RECORDINGS, ROOT, needs_recordings
from skykeep.base.errors import DecodeError, SetupError
from skykeep.domain.sensing import Claim
from skykeep.feeds.flight_log_file import read_claims, read_lines
from skykeep.feeds.ulog_file import UlogFile
from skykeep.geo.frames import LocalFrame
from skykeep.wire.flight_log_inputs import ClaimMaker, gps_time_utc_ns, ulog_claims
from ulog_files import GPS, HEAD, cut_down, flown_ulog, gps_row, part, subscribe

S_10 = 10_000_000_000
MAVLINK = RECORDINGS / "mavlink"
# A benchmark is a program, not a package: it is found as benchmarks find each other.
BENCHMARK = runpy.run_path(str(ROOT / "benchmarks" / "mavlink_agreement.py"))
TLOG = timed(NOON_UTC_NS, message("GLOBAL_POSITION_INT", FLYING))
NOON_US = NOON_UTC_NS // 1_000

KINDS = {
    "tlog": (TLOG, "mavlink-1", "5XYZ"),
    "dataflash": (flown_bin().data, "mavlink-1", "1ABC"),
    "ulog": (flown_ulog(NOON_US), "mavlink-3", "3DEF"),
}


def claims_in(path: Path, frame: LocalFrame, **how: Any) -> tuple[list[Claim], Counter[str]]:
    claims: list[Claim] = []
    refused: Counter[str] = Counter()
    for taken in read_claims(path, LINK, frame, Counter(), **how):
        claims += [record for record in taken.records if isinstance(record, Claim)]
        refused.update(f"{one.field}: {one.found}, must be {one.must}" for one in taken.refusals)
    return claims, refused


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_known_by_its_content(kind: str, tmp_path: Path) -> None:
    data, name, _ = KINDS[kind]
    path = tmp_path / "recording"
    path.write_bytes(data)
    claims, _ = claims_in(path, SITE)
    assert claims[-1].claimed_id == name
    assert claims[-1].position_enu_m[:2] == pytest.approx((0.0, 100.0), abs=2.5)
    assert [claim.sequence for claim in claims] == list(range(len(claims)))
    system_id = int(name.removeprefix("mavlink-"))
    assert claims_in(path, SITE, serials={system_id: "1596F0"})[0][-1].claimed_id == "1596F0"


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_printed_line_by_line(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "recording"
    path.write_bytes(KINDS[kind][0])
    lines = list(read_lines(path, Counter()))
    places = [
        line for line in lines if line["message"] in ("GLOBAL_POSITION_INT", "POS", "vehicle_gps_position")
    ]
    assert places[-1].get("lat", places[-1].get("Lat")) in (600_008_977, 60.0008977)


def test_what_is_none_of_them_is_refused_before_anything_else(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a log")
    with pytest.raises(SetupError, match=r"must be a tlog, a DataFlash log \(.BIN\) or a ULog"):
        list(read_claims(path, LINK, SITE, Counter()))
    with pytest.raises(SetupError):
        list(read_lines(tmp_path, Counter()))


def test_a_doubted_message_is_printed_with_its_doubt(tmp_path: Path) -> None:
    path = tmp_path / "flight.tlog"
    path.write_bytes(timed(NOON_UTC_NS, message("GLOBAL_POSITION_INT", {"alt": 1})) + b"\x01\x02\x03" + TLOG)
    counts: Counter[str] = Counter()
    doubted, rubbish, good = read_lines(path, counts)
    assert doubted["doubt"] == "GLOBAL_POSITION_INT.lat/lon: 0/0, must be a place that the sender knows"
    assert rubbish["octets"] == "010203"
    assert "doubt" not in good
    assert counts["rejected: GLOBAL_POSITION_INT.lat/lon"] == 1


def nested(deep: int, wide: int) -> bytes:
    formats = [f"F{n}:F{n + 1}[{wide}] x;" for n in range(deep)]
    leaf = f"F{deep}:uint64_t timestamp;"
    return b"".join(part("F", one.encode()) for one in (*formats, leaf)) + subscribe(0, "F0")


def in_circles() -> bytes:
    # A definition of a kind that nobody knows, longer than what is left of the file.
    return part("I", b"\x07char[2]x") + b"\x90\x4e\x01" + b"x" * 19_990


TRAPS = {
    "formats as deep as you like": nested(40, 1),
    "formats as wide as memory": nested(4, 65_000),
    "formats of themselves": part("F", b"F0:F0 x;") + subscribe(0, "F0"),
    "a topic without time": part("F", b"T:float x;") + subscribe(0, "T") + part("D", b"\0\0\0\0\0\0"),
    "a topic nobody described": subscribe(0, "vehicle_gps_position"),
    "a definition longer than the file": in_circles(),
    "rows too short": part("F", GPS.encode()) + subscribe(0, "vehicle_gps_position") + part("D", b"\0\0x"),
}


def doubts_of(data: bytes) -> list[DecodeError]:
    try:
        return UlogFile(data, Counter()).doubts
    except DecodeError as error:
        return [error]


@pytest.mark.parametrize("body", TRAPS.values(), ids=TRAPS)
def test_a_trap_in_a_ulog_ends(body: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    doubts = doubts_of(HEAD + body + gps_row(0, 1, 2, 3))
    assert doubts
    assert all(one.field.startswith("ULog") and one.found for one in doubts)
    assert capsys.readouterr().out == ""


@settings(max_examples=30)
@given(st.binary(max_size=200))
def test_any_octets_behind_a_ulog_are_read_or_refused(data: bytes) -> None:
    assert all(one.found and one.must for one in doubts_of(flown_ulog(NOON_US) + data))


def assert_ulogs_survive(logs: list[bytes], count: int, seed: int) -> None:
    refused = accepted = 0
    for data in mutated(logs, count, seed):
        try:
            log = UlogFile(data, Counter())
        except DecodeError:
            refused += 1
            continue
        for taken in ulog_claims(log.tables, ClaimMaker("own-drones", {}, SITE, None)):
            for claim in taken.records:
                assert isinstance(claim, Claim)
                accepted += 1
                assert math.hypot(*claim.position_enu_m) < 13_000_000.0
                assert all(0.0 < sigma_m <= 1_001.0 for sigma_m in claim.sigma_m)
                assert all(abs(speed_mps) <= 610.0 for speed_mps in claim.velocity_enu_mps or ())
    assert refused
    assert accepted > 100


def test_damaged_made_ulogs_give_claims_that_can_be() -> None:
    assert_ulogs_survive([flown_ulog(NOON_US)], frames_to_try() // 10, seed=6)


@pytest.mark.slow
@needs_recordings
def test_damaged_real_ulogs_give_claims_that_can_be() -> None:
    topics = {"vehicle_gps_position", "vehicle_global_position"}
    real = [path.read_bytes() for path in sorted((MAVLINK / "pyulog").glob("*.ulg"))]
    assert_ulogs_survive([cut_down(data, topics, 6) for data in real], frames_to_try(), seed=7)


@needs_recordings
@pytest.mark.parametrize("name", ["uavlogviewer/vtol.tlog", "pyflightcoach/pilot_0004.BIN"])
def test_every_value_of_a_real_recording_is_that_of_pymavlink(name: str) -> None:
    kept = json.loads((ROOT / "authorities" / "mavlink_recordings.json").read_text())[name]
    read = BENCHMARK["our_tlog" if name.endswith("tlog") else "our_bin"]
    ours = BENCHMARK["digests"](read((MAVLINK / name).read_bytes()))
    assert {kind: [count, digest[:16]] for kind, (count, digest) in ours.items()} == kept


@needs_recordings
@pytest.mark.parametrize("name", ["sample_log_small.ulg", "sample_px4_events.ulg"])
def test_every_value_of_a_real_ulog_is_that_of_pyulog(name: str) -> None:
    rows, compared, different = BENCHMARK["compare_ulog"](MAVLINK / "pyulog" / name)
    assert rows > 10_000
    assert compared > 100_000
    assert different == 0


@needs_recordings
def test_gps_time_is_that_of_another_reader_s_table() -> None:
    with (MAVLINK / "pyflightcoach" / "bin_parser_GPS.csv").open() as file:
        rows = list(csv.DictReader(file))
    ours = np.array([gps_time_utc_ns(int(row["GWk"]), int(row["GMS"])) for row in rows]) / 1e9
    theirs = np.array([float(row["timestamp"]) for row in rows])
    assert len(rows) > 1_000
    # Theirs is the log's own clock tied once to GPS, ours that of each message: 0.1 s of jitter between them.
    assert np.median(np.abs(ours - theirs)) < 0.1
    assert np.abs(ours - theirs).max() < 0.5


FLOWN = {
    "uavlogviewer/vtol.tlog": (-35.363, 149.165, 810, "SYSTEM_TIME.time_unix_usec"),
    "pyflightcoach/pilot_0004.BIN": (51.6416, -2.5257, 363, "GPS.Status"),
    "pyulog/sample_log_small.ulg": (63.417, 10.408, 32, ""),
    "pyulog/sample_px4_events.ulg": (47.3977, 8.5456, 109, ""),
}


@needs_recordings
@pytest.mark.parametrize("name", FLOWN)
def test_a_real_flight_stays_where_it_was_flown(name: str) -> None:
    latitude_deg, longitude_deg, expected, refused_field = FLOWN[name]
    frame = LocalFrame(latitude_deg=latitude_deg, longitude_deg=longitude_deg, height_hae_m=0.0)
    claims, refused = claims_in(MAVLINK / name, frame)
    assert len(claims) == expected
    assert all(math.hypot(*claim.position_enu_m[:2]) < 2_000.0 for claim in claims)
    times = [claim.time_utc_ns for claim in claims]
    assert all(later - earlier > -S_10 for earlier, later in itertools.pairwise(times))
    assert any(one.startswith(refused_field) for one in refused) == bool(refused_field)
