"""DJI's and the French format: by hand, and what cannot be."""

from __future__ import annotations

import struct
from collections import Counter

import pytest

from mutations import frames_to_try, mutated
from recordings import needs_recordings
from remoteid_frames import dji, real_packets
from skykeep.base.errors import DecodeError
from skykeep.wire.remoteid_carriers import read_packet
from skykeep.wire.remoteid_heard import Carrier
from skykeep.wire.remoteid_makers import DjiFlight, DjiPurpose, decode_dji, decode_french


@pytest.mark.parametrize("version", [1, 2])
def test_a_dji_flight_reads_back(version: int) -> None:
    flight = decode_dji(dji(version=version))
    assert isinstance(flight, DjiFlight)
    assert (flight.serial, flight.user, flight.product) == ("1ABC23DEF", "abc", 16)
    assert flight.latitude_deg == pytest.approx(60.0, abs=6e-6)
    assert flight.longitude_deg == pytest.approx(25.0, abs=6e-6)
    assert (flight.altitude_m, flight.height_m) == (120.0, 50.5)
    assert (flight.velocity_north_mps, flight.velocity_east_mps, flight.velocity_up_mps) == (12.0, -5.0, 1.0)
    assert flight.heading_deg == 90.0
    assert flight.home_latitude_deg == pytest.approx(60.0, abs=6e-6)
    assert (flight.pilot_latitude_deg is None) is (version == 1)


def test_a_dji_purpose_reads_back() -> None:
    body = b"1ABC23DEF".ljust(16, b"\0") + b"\x04Anna".ljust(11, b"\0") + b"\x05roofs".ljust(101, b"\0")
    assert decode_dji(b"\x58\x62\x13\x11" + body) == DjiPurpose(
        serial="1ABC23DEF", name="Anna", purpose="roofs"
    )


IMPOSSIBLE_DJI = {
    "past the pole": (dji(latitude_deg=90.1), "dji.latitude_deg"),
    "176 m/s": (dji(north_cmps=17_600), "dji.velocity_north_mps"),
    "26,847 m": (dji(altitude_m=26_847), "dji.altitude_m"),
    "below the sea floor": (dji(height_dm=-32_000), "dji.height_m"),
    "version 3": (dji()[:4] + b"\x03" + dji()[5:], "dji.version"),
    "cut short": (dji()[:-1], "dji.flight"),
    "another head": (b"\x59" + dji()[1:], "dji.head"),
    "a serial that is no text": (dji().replace(b"1ABC", b"\x01ABC"), "dji.serial"),
    "nothing": (b"", "dji.head"),
}


@pytest.mark.parametrize(("body", "field"), IMPOSSIBLE_DJI.values(), ids=IMPOSSIBLE_DJI)
def test_a_dji_flight_is_refused_for(body: bytes, field: str) -> None:
    with pytest.raises(DecodeError) as refused:
        decode_dji(body)
    assert refused.value.field == field


def value(kind: int, octets: bytes) -> bytes:
    return bytes([kind, len(octets)]) + octets


def french(latitude: int = 4_650_000, speed: int = 12, version: bytes = b"\x01") -> bytes:
    return (
        b"\x01"
        + value(1, version)
        + value(2, b"ABC001000000000000000000000042")
        + value(4, struct.pack(">i", latitude))
        + value(5, struct.pack(">i", -250_000))
        + value(6, struct.pack(">h", 180))
        + value(7, struct.pack(">h", -3))
        + value(8, struct.pack(">i", latitude))
        + value(9, struct.pack(">i", -250_000))
        + value(10, bytes([speed]))
        + value(11, struct.pack(">H", 270))
    )


def test_a_french_identification_reads_back() -> None:
    said = decode_french(french())
    assert (said.identity, said.serial) == ("ABC001000000000000000000000042", "")
    assert (said.latitude_deg, said.longitude_deg) == (46.5, -2.5)
    assert (said.altitude_msl_m, said.height_m) == (180.0, -3.0)
    assert (said.speed_mps, said.course_deg) == (12.0, 270.0)


IMPOSSIBLE_FRENCH = {
    "past the pole": (french(latitude=9_000_001), "french.latitude_deg"),
    "176 m/s": (french(speed=176), "french.speed_mps"),
    "another version": (french(version=b"\x02"), "french.version"),
    "a latitude of two octets": (b"\x01" + value(4, b"\0\0"), "french.4"),
    "a value beyond the end": (french()[:-1], "french.11"),
    "half a head": (french() + b"\x04", "french"),
    "no place": (b"\x01" + value(1, b"\x01"), "french"),
    "another type": (b"\x02" + french()[1:], "french.type"),
}


@pytest.mark.parametrize(("body", "field"), IMPOSSIBLE_FRENCH.values(), ids=IMPOSSIBLE_FRENCH)
def test_a_french_identification_is_refused_for(body: bytes, field: str) -> None:
    with pytest.raises(DecodeError) as refused:
        decode_french(body)
    assert refused.value.field == field


@needs_recordings
@pytest.mark.recordings
def test_damaged_elements_of_makers_never_give_the_impossible() -> None:
    heard = [one for link_type, data in real_packets() for one in read_packet(link_type, data).heard]
    bodies = [one.payload for one in heard if one.carrier is Carrier.DJI]
    assert len(bodies) == 77
    outcomes: Counter[str] = Counter()
    for body in mutated([*bodies, dji(version=1), french()], frames_to_try(), 20310503):
        try:
            said = decode_french(body) if body[:1] == b"\x01" else decode_dji(body)
        except DecodeError as error:
            outcomes[error.field] += 1
            continue
        outcomes["accepted"] += 1
        if isinstance(said, DjiPurpose):
            continue
        assert -90.0 <= (said.latitude_deg or 0.0) <= 90.0
        assert -180.0 <= (said.longitude_deg or 0.0) <= 180.0
        assert -10_000.0 <= (said.height_m or 0.0) <= 10_000.0
        if isinstance(said, DjiFlight):
            assert -500.0 <= said.altitude_m <= 10_000.0
            assert max(abs(said.velocity_north_mps), abs(said.velocity_east_mps)) <= 100.0
    assert outcomes["accepted"] > 1_000
    assert outcomes["dji.altitude_m"] > 10
