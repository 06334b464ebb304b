"""Squitters: published ones by hand, every kind made by hand, then anything; rs1090 is the authority."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
import rs1090
from hypothesis import given
from hypothesis import strategies as st

from adsb_frames import airborne, on_surface, squitter, status, velocity
from skykeep.base.errors import DecodeError
from skykeep.wire.cpr import Report
from skykeep.wire.squitter import NotOfItselfError, Squitter, parity, read_squitter, with_parity

# Examples of "The 1090 MHz Riddle".
CALLSIGN = "8d4840d6202cc371c32ce0576098"
PLACE = "8d40621d58c382d690c8ac2863a7"
VELOCITY = "8d485020994409940838175b284f"

REFUSED = {
    "one bit turned": (bytes.fromhex(CALLSIGN[:-1] + "9"), "parity: remainder 000001"),
    "seven octets": (bytes(7), "frame: 7 octets of format 0"),
    "no address": (squitter(0, "000000"), "address: 000000"),
    "callsign of a character that is none": (
        bytes.fromhex("8f753a6a159136095a8b4db55887"),
        "callsign: '#SXIV##M'",
    ),
}


def test_a_published_callsign_reads_as_published() -> None:
    said = read_squitter(bytes.fromhex(CALLSIGN))
    assert said == Squitter(address="4840d6", type_code=4, callsign="KLM1023")


def test_a_published_place_reads_as_published() -> None:
    said = read_squitter(bytes.fromhex(PLACE))
    assert said.place == Report(93_000, 51_372, False, False)
    assert said.pressure_altitude_ft == 38_000
    assert said.second_supplement == 0


def test_a_published_velocity_reads_as_published() -> None:
    said = read_squitter(bytes.fromhex(VELOCITY))
    assert said.ground_speed_kt == pytest.approx(159.20, abs=0.005)
    assert said.course_deg == pytest.approx(182.88, abs=0.005)
    assert (said.vertical_rate_ftpm, said.geometric_less_pressure_ft) == (-832, 550)


@pytest.mark.parametrize(("frame", "says"), REFUSED.values(), ids=REFUSED)
def test_a_frame_is_refused_by_name(frame: bytes, says: str) -> None:
    with pytest.raises(DecodeError, match=says):
        read_squitter(frame)


@pytest.mark.parametrize("use", [2, 3, 4, 5, 7])
def test_traffic_seen_by_others_is_no_claim_of_the_aircraft(use: int) -> None:
    with pytest.raises(NotOfItselfError, match="what the sender says of itself"):
        read_squitter(airborne(52.0, 4.0, odd=False, first=18 << 3 | use))


@pytest.mark.parametrize(("use", "address"), [(0, "40621d"), (1, "~40621d"), (6, "40621d")])
def test_what_sends_without_a_transponder_speaks_of_itself(use: int, address: str) -> None:
    assert read_squitter(airborne(52.0, 4.0, odd=False, first=18 << 3 | use)).address == address


def test_a_place_on_the_ground_has_speed_and_direction() -> None:
    said = read_squitter(on_surface(52.0, 4.0, odd=True))
    assert said.place is not None
    assert (said.place.surface, said.place.odd) == (True, True)
    assert (said.ground_speed_kt, said.course_deg, said.pressure_altitude_ft) == (8.0, 90.0, None)


def test_a_height_above_the_ellipsoid_is_no_pressure_altitude() -> None:
    said = read_squitter(airborne(52.0, 4.0, odd=False, altitude_ft=1_500, type_code=20))
    assert (said.height_hae_ft, said.pressure_altitude_ft) == (1_500, None)


def test_a_velocity_that_is_not_available_is_none() -> None:
    said = read_squitter(squitter(19 << 51 | 1 << 48))
    assert (said.ground_speed_kt, said.course_deg, said.vertical_rate_ftpm) == (None, None, None)
    assert said.geometric_less_pressure_ft is None


def test_a_supersonic_velocity_counts_in_fours() -> None:
    said = read_squitter(squitter(19 << 51 | 2 << 48 | 101 << 32 | 1 << 21))
    assert (said.ground_speed_kt, said.course_deg) == (400.0, 90.0)


def test_status_says_version_and_integrity() -> None:
    said = read_squitter(status(version=2, nac_p=9, sil=3, gva=2, nic_a=1))
    assert (said.version, said.nac_p, said.sil, said.gva, said.first_supplement) == (2, 9, 3, 2, 1)


@given(st.integers(-600, 600), st.integers(-600, 600), st.integers(-100, 100), st.integers(-100, 100))
def test_velocities_are_those_of_rs1090(east_kt: int, north_kt: int, rate: int, difference: int) -> None:
    frame = velocity(east_kt, north_kt, rate_ftpm=64 * rate, difference_ft=25 * difference)
    said = read_squitter(frame)
    theirs: Any = rs1090.decode(frame.hex())
    assert said.ground_speed_kt == pytest.approx(theirs["groundspeed"], abs=1e-9)
    assert said.vertical_rate_ftpm == theirs["vertical_rate"] == 64 * rate
    # rs1090 takes a difference of 0 for none.
    assert said.geometric_less_pressure_ft == 25 * difference == (theirs["geo_minus_baro"] or 0)


@given(st.binary(min_size=11, max_size=11))
def test_parity_is_that_of_rs1090(data: bytes) -> None:
    """rs1090 reads a callsign only where it finds no error in the parity."""
    frame = bytes([0x8D]) + data[1:4] + b"\x20" + data[5:11]
    assert rs1090.decode(with_parity(frame).hex()) is not None
    turned = bytearray(with_parity(frame))
    turned[data[0] % 14] ^= 1
    wrong = bytes(turned)
    assert rs1090.decode(wrong.hex()) is None or data[0] % 14 == 0
    assert parity(wrong[:11]) != int.from_bytes(wrong[11:], "big")


@given(st.sampled_from([17, 18]), st.integers(0, 7), st.binary(min_size=10, max_size=10))
def test_any_message_of_good_parity_is_read_or_refused(df: int, use: int, data: bytes) -> None:
    with contextlib.suppress(DecodeError):
        said = read_squitter(with_parity(bytes([df << 3 | use]) + data))
        assert said.course_deg is None or 0.0 <= said.course_deg <= 360.0
        assert said.ground_speed_kt is None or 0.0 <= said.ground_speed_kt < 5_800.0
        assert said.pressure_altitude_ft is None or -1_300 <= said.pressure_altitude_ft <= 126_750
