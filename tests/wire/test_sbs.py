"""SBS lines: real ones by hand, refusals by name, there and back, then anything."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.errors import DecodeError
from skykeep.wire.sbs import SbsMessage, decode_sbs, encode_sbs

PLACE = (
    b"MSG,3,5,211,4CA2D6,10057,2008/11/28,14:53:50.594,2008/11/28,14:58:51.153,"
    b",37000,,,51.45735,-1.02826,,,0,0,0,0"
)
SPEED = b"MSG,4,5,211,4CA2D6,10057,2008/11/28,14:53:49.986,2008/11/28,14:58:51.153,,,408.3,146.4,,,64,,,,,"

REFUSED = {
    "another kind": (b"HELLO,3", "cell 1: 'HELLO'"),
    "type nine": (PLACE.replace(b"MSG,3", b"MSG,9"), "transmission type: '9'"),
    "address of five digits": (PLACE.replace(b"4CA2D6", b"4CA2D"), "address: '4CA2D'"),
    "beyond the pole": (PLACE.replace(b"51.45735", b"91.0"), "latitude: 91.0, must be -90 to 90"),
    "not a number": (PLACE.replace(b"51.45735", b"nan"), "latitude: nan"),
    "half a place": (PLACE.replace(b"51.45735", b""), "position: one of latitude and longitude"),
    "thirty thousand metres a minute": (SPEED.replace(b",64,", b",99000,"), "vertical rate: 99000"),
    "month 13": (PLACE.replace(b"2008/11/28", b"2008/13/28"), "time generated"),
    "a flag of 7": (PLACE[:-1] + b"7", "on the ground: '7'"),
    "too many cells": (PLACE + b",1", "line: 23 cells"),
    "not text": (b"MSG,3,\xff", "line: octet ff"),
    "squawk with a nine": (PLACE.replace(b",,,0,0,0,0", b",,7900,0,0,0,0"), "squawk: '7900'"),
}


def test_a_place_is_read_cell_by_cell() -> None:
    message = decode_sbs(PLACE + b"\r\n")
    assert message == SbsMessage(
        kind="MSG",
        transmission=3,
        address="4CA2D6",
        generated_ns=1_227_884_030_594_000_000,
        pressure_altitude_ft=37_000.0,
        latitude_deg=51.45735,
        longitude_deg=-1.02826,
        alert=False,
        emergency=False,
        ident=False,
        on_ground=False,
    )


def test_a_speed_is_read_cell_by_cell() -> None:
    message = decode_sbs(SPEED)
    assert (message.ground_speed_kt, message.course_deg, message.vertical_rate_ftpm) == (408.3, 146.4, 64.0)
    assert message.latitude_deg is None
    assert message.on_ground is None


def test_a_line_of_the_session_is_known_and_says_nothing() -> None:
    line = b"STA,,5,179,400AE7,10103,2008/11/28,14:58:51.153,2008/11/28,14:58:51.153,RM"
    assert decode_sbs(line) == SbsMessage(kind="STA", transmission=0, address="400AE7")


@pytest.mark.parametrize(("line", "says"), REFUSED.values(), ids=REFUSED)
def test_a_line_is_refused_by_name(line: bytes, says: str) -> None:
    with pytest.raises(DecodeError, match=says):
        decode_sbs(line)


@given(
    st.builds(
        SbsMessage,
        kind=st.just("MSG"),
        transmission=st.integers(1, 8),
        address=st.from_regex(r"[0-9A-F]{6}", fullmatch=True),
        generated_ns=st.none() | st.integers(0, 4 * 10**12).map(lambda ms: ms * 1_000_000),
        callsign=st.from_regex(r"([A-Z0-9]{1,8})?", fullmatch=True),
        pressure_altitude_ft=st.none() | st.integers(-1_000, 126_700).map(float),
        ground_speed_kt=st.none() | st.integers(0, 4_000).map(lambda x: x / 10),
        course_deg=st.none() | st.integers(0, 3_600).map(lambda x: x / 10),
        latitude_deg=st.integers(-9_000_000, 9_000_000).map(lambda x: x / 1e5),
        longitude_deg=st.integers(-18_000_000, 18_000_000).map(lambda x: x / 1e5),
        vertical_rate_ftpm=st.none() | st.integers(-500, 500).map(lambda x: x * 64.0),
        squawk=st.from_regex(r"([0-7]{4})?", fullmatch=True),
        alert=st.none() | st.booleans(),
        emergency=st.none() | st.booleans(),
        ident=st.none() | st.booleans(),
        on_ground=st.none() | st.booleans(),
    )
)
def test_a_message_comes_back(message: SbsMessage) -> None:
    assert decode_sbs(encode_sbs(message)) == message


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: b"MSG,3," + text.encode()))
def test_any_octets_decode_or_are_refused(data: bytes) -> None:
    with contextlib.suppress(DecodeError):
        message = decode_sbs(data)
        assert message.latitude_deg is None or abs(message.latitude_deg) <= 90.0
