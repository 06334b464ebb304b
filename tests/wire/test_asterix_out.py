"""CAT062 out: a track told by hand, every track back through libasterix, and through another's decoder."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError
from skykeep.domain.identity import Standing, TargetClass
from skykeep.domain.track import TrackReport, TrackStatus
from skykeep.wire.asterix import AsterixRecord, Block, decode_block
from skykeep.wire.asterix_editions import choose_edition, editions_at_hand
from skykeep.wire.asterix_gates import implausible
from skykeep.wire.asterix_out import LARGEST_BLOCK_OCTETS, SystemIdentity, encode_record, encode_tracks

US = SystemIdentity(area_code=25, identification_code=201, service=3)
EDITIONS = [edition for edition in editions_at_hand(62) if int(edition.partition(".")[2]) >= 18]
NOON_NS = 20_000 * 86_400 * NS_PER_S + 43_200 * NS_PER_S


def report(**changes: Any) -> TrackReport:
    usual: dict[str, Any] = {
        "track_id": 70_000,
        "time_utc_ns": NOON_NS,
        "status": TrackStatus.CONFIRMED,
        "latitude_deg": 45.0,
        "longitude_deg": -90.0,
        "height_hae_m": 190.5,
        "height_amsl_m": 150.0,
        "height_agl_m": 50.0,
        "velocity_enu_mps": (10.0, -2.5, 0.9525),
        "sigma_enu_m": (5.0, 6.5, 9.0),
        "covariance_enu": (25.0, -9.0, 0.0, 42.25, 0.0, 81.0),
        "existence": 0.99,
        "target_class": TargetClass.MULTIROTOR,
        "class_probabilities": (0.9, 0.0, 0.1, 0.0, 0.0),
        "standing": Standing.UNKNOWN,
        "name": "Track 12",
        "sensor_ids": ("radar",),
    }
    return TrackReport(**{**usual, **changes})


def back(data: bytes, edition: str = "1.18") -> list[AsterixRecord]:
    assert len(data) == int.from_bytes(data[1:3], "big")
    return decode_block(Block(category=data[0], data=data), choose_edition(62, edition))


def test_a_track_octet_by_octet() -> None:
    assert encode_record(report(), US).hex(" ") == (
        "bb 3d 15 04 19 c9 03 54 60 00 00 80 00 00 ff 00 00 00 00 28 ff f6 "
        "40 51 20 43 2f 1c a0 01 01 02 0d 11 70 a1 00 00 64 00 1e d0 00 0a 00 0d ff fa 05"
    )


def test_what_a_display_reads() -> None:
    (data,) = encode_tracks([report(claimed_id="3c660c")], US)
    (record,) = back(data)
    assert record.items["010"] == {"SAC": 25, "SIC": 201}
    assert (record.items["015"], record.items["070"], record.items["040"]) == (3, 43_200.0, 70_000 % 65_536)
    assert record.items["105"] == {"LAT": 45.0, "LON": -90.0}
    assert record.items["185"] == {"VX": 10.0, "VY": -2.5}
    assert record.items["245"] == {"STI": 1, "CHR": "TRACK12"}
    assert record.items["380"] == {"ADR": 0x3C660C, "EMC": 13}
    assert (record.items["130"], record.items["220"]) == (625.0, 187.5)
    assert record.items["500"] == {"APC": {"X": 5.0, "Y": 6.5}, "COV": -3.0, "AGA": 31.25}
    status = record.items["080"]
    assert (status["MON"], status["MRH"], status["CNF"], status["SIM"], status["TSE"]) == (1, 1, 0, 0, 0)


STATUSES = {
    TrackStatus.TENTATIVE: {"CNF": 1, "TSE": 0},
    TrackStatus.CONFIRMED: {"CNF": 0, "TSE": 0},
    TrackStatus.COASTING: {"CNF": 0, "TSE": 0, "CST": 1, "PSR": 0},
    TrackStatus.ENDED: {"CNF": 0, "TSE": 1},
}


@pytest.mark.parametrize(("status", "bits"), STATUSES.items(), ids=[status.name for status in STATUSES])
def test_the_life_of_a_track_is_told(status: TrackStatus, bits: dict[str, int]) -> None:
    (record,) = back(encode_tracks([report(status=status)], US)[0])
    assert {name: record.items["080"].get(name) for name in bits} == bits


def test_a_rehearsal_says_that_it_is_one() -> None:
    rehearsal = msgspec.structs.replace(US, simulated=True)
    (record,) = back(encode_tracks([report()], rehearsal)[0])
    assert record.items["080"]["SIM"] == 1


REFUSED = {
    "a place off the globe": (report(latitude_deg=90.1), "latitude_deg"),
    "a place that is none": (report(longitude_deg=float("nan")), "longitude_deg"),
    "a speed beyond the field": (report(velocity_enu_mps=(9_000.0, 0.0, 0.0)), "velocity_enu_mps[0]"),
    "a height in space": (report(height_hae_m=70_000.0), "height_hae_m"),
    "a sigma below zero": (report(sigma_enu_m=(-1.0, 1.0, 1.0)), "sigma_enu_m[0]"),
}


@pytest.mark.parametrize(("track", "field"), REFUSED.values(), ids=REFUSED)
def test_is_never_sent(track: TrackReport, field: str) -> None:
    with pytest.raises(InputError) as caught:
        encode_tracks([track], US)
    assert caught.value.field == field


def test_a_sigma_beyond_its_field_is_sent_as_the_most_there_is() -> None:
    (record,) = back(encode_tracks([report(sigma_enu_m=(1e6, 5.1, 1e4))], US)[0])
    assert record.items["500"]["APC"] == {"X": 32_767.5, "Y": 5.5}
    assert record.items["500"]["AGA"] == 255 * 6.25


reports = st.builds(
    report,
    track_id=st.integers(0, 2**40),
    time_utc_ns=st.integers(0, 2**62),
    status=st.sampled_from(TrackStatus),
    latitude_deg=st.floats(-90.0, 90.0),
    longitude_deg=st.floats(-180.0, 180.0),
    height_hae_m=st.floats(-450.0, 40_000.0),
    velocity_enu_mps=st.tuples(st.floats(-900, 900), st.floats(-900, 900), st.floats(-150, 150)),
    sigma_enu_m=st.tuples(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 1e4)),
    covariance_enu=st.tuples(*[st.floats(-1e12, 1e12)] * 6),
    target_class=st.sampled_from(TargetClass),
    name=st.text(max_size=20),
    claimed_id=st.sampled_from(["", "3c660c", "ABCDEF", "1581F5FK00000001"]),
    sensor_ids=st.sampled_from([(), ("a",), ("a", "b")]),
)


@given(st.lists(reports, min_size=1, max_size=40), st.sampled_from(EDITIONS))
def test_every_track_reads_back_within_half_a_step(tracks: list[TrackReport], edition: str) -> None:
    blocks = encode_tracks(tracks, US)
    assert all(len(block) <= LARGEST_BLOCK_OCTETS for block in blocks)
    read = [record for block in blocks for record in back(block, edition)]
    assert len(read) == len(tracks)
    for track, record in zip(tracks, read, strict=True):
        items = record.items
        assert implausible(record, None) is None
        assert items["105"]["LAT"] == pytest.approx(track.latitude_deg, abs=90.0 / 2**25 + 1e-9)
        assert items["105"]["LON"] == pytest.approx(track.longitude_deg, abs=90.0 / 2**25 + 1e-9)
        assert items["130"] * 0.3048 == pytest.approx(track.height_hae_m, abs=0.9526)
        assert items["185"]["VX"] == pytest.approx(track.velocity_enu_mps[0], abs=0.1251)
        assert items["220"] * 0.3048 / 60 == pytest.approx(track.velocity_enu_mps[2], abs=0.0159)
        time_of_day_s = track.time_utc_ns % (86_400 * NS_PER_S) / NS_PER_S
        assert 0.0 <= time_of_day_s - items["070"] <= 1 / 128
        assert items["500"]["APC"]["X"] >= min(track.sigma_enu_m[0], 32_767.5)


# --- another's decoder -------------------------------------------------------------------------------------

PORT = 8_600


def capture_of(payloads: list[bytes]) -> bytes:
    """Return a pcap of UDP datagrams over raw IPv4."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 101)
    for payload in payloads:
        udp = struct.pack(">HHHH", PORT, PORT, 8 + len(payload), 0) + payload
        packet = struct.pack(
            ">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, b"\x7f\0\0\1", b"\x7f\0\0\1"
        )
        out += struct.pack("<IIII", 0, 0, len(packet + udp), len(packet + udp)) + packet + udp
    return out


def found_in(tree: Any, name: str) -> list[str]:
    """Return every value of a field in tshark's tree, however deep."""
    if isinstance(tree, list):
        return [value for one in tree for value in found_in(one, name)]
    if not isinstance(tree, dict):
        return []
    return [
        value
        for key, below in tree.items()
        for value in (_leaves(below) if key == name else found_in(below, name))
    ]


def _leaves(tree: Any) -> list[str]:
    return [value for one in tree for value in _leaves(one)] if isinstance(tree, list) else [str(tree)]


@pytest.mark.where_present
@pytest.mark.skipif(
    shutil.which("tshark") is None, reason="not run: no tshark. Debian: `apt-get install tshark`"
)
def test_another_decoder_reads_what_we_send(tmp_path: Path) -> None:
    path = tmp_path / "out.pcap"
    tracks = [
        report(),
        report(track_id=3, status=TrackStatus.COASTING, claimed_id="3c660c", latitude_deg=-12.5),
    ]
    path.write_bytes(capture_of(encode_tracks(tracks, US)))
    command = ["tshark", "-r", str(path), "-d", f"udp.port=={PORT},asterix", "-T", "json"]
    command += ["--no-duplicate-keys"]
    answer = subprocess.run(command, capture_output=True, timeout=60, check=True)
    tree = json.loads(answer.stdout)
    places = [
        [float(value) for value in found_in(tree, f"asterix.062_105_{name}")] for name in ("LAT", "LON")
    ]
    assert places[0] == pytest.approx([45.0, -12.5], abs=3e-6)
    assert places[1] == pytest.approx([-90.0, -90.0], abs=3e-6)
    assert [float(value) for value in found_in(tree, "asterix.062_185_VX")] == [10.0, 10.0]
    numbers = [int(value, 16) for value in found_in(tree, "asterix.062_040_VALUE")]
    assert numbers == [70_000 % 65_536, 3]
    assert found_in(tree, "asterix.062_080_CST") == ["1"]
    assert [value.strip() for value in found_in(tree, "asterix.062_245_CHR")] == ["TRACK12"] * 2
    assert [int(value, 16) for value in found_in(tree, "asterix.062_380_ADR_VALUE")] == [0x3C660C]
    assert [float(value) for value in found_in(tree, "asterix.062_500_APC_Y")] == [6.5, 6.5]
