"""MAVLink frames: one counted out by hand, then the laws, then the definition's own checksums."""

from __future__ import annotations

import contextlib
import itertools
import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mavlink_frames import FLYING, crc_by_bits, frame, message, payload_of
from recordings import ROOT
from skykeep.base.errors import DecodeError
from skykeep.wire.mavlink import (
    Frame,
    MavlinkFramer,
    crc_mcrf4xx,
    decode_frame,
    decode_message,
    signature_holds,
    split,
)
from skykeep.wire.mavlink_tables import CRC_EXTRAS, LAYOUT_OF, LAYOUTS, TYPES

KEY = bytes(range(32))
# A heartbeat of a quadrotor as the guide lays it out: custom_mode 4 octets first, then the single ones.
HEARTBEAT_1 = bytes.fromhex("fe 09 4e 01 01 00  00 00 00 00  02 03 51 04 03")


def test_a_heartbeat_by_hand() -> None:
    octets = HEARTBEAT_1 + crc_by_bits(HEARTBEAT_1[1:] + b"\x32").to_bytes(2, "little")
    found = decode_frame(octets)
    assert (found.version, found.sequence, found.system_id, found.component_id) == (1, 0x4E, 1, 1)
    assert decode_message(found).fields == {
        "custom_mode": 0,
        "type": 2,
        "autopilot": 3,
        "base_mode": 0x51,
        "system_status": 4,
        "mavlink_version": 3,
    }


def test_zeros_left_out_by_version_2_come_back() -> None:
    octets = message("SYSTEM_TIME", {"time_unix_usec": 258})
    assert len(octets) == 12 + 2  # 02 01 and ten zeros that are not sent
    assert decode_message(decode_frame(octets)).fields == {"time_unix_usec": 258, "time_boot_ms": 0}


def test_check_value_of_the_checksum() -> None:
    assert crc_mcrf4xx(b"123456789") == 0x6F91


@given(st.binary(max_size=300))
def test_checksum_is_that_of_the_definition(data: bytes) -> None:
    assert crc_mcrf4xx(data) == crc_by_bits(data)


@pytest.mark.parametrize("name", sorted(LAYOUT_OF))
def test_the_extra_octet_follows_from_the_layout(name: str) -> None:
    layout = LAYOUT_OF[name]
    text = f"{name} ".encode()
    for field in layout.fields:
        if not field.extension:
            text += f"{TYPES[field.type][2]} {field.name} ".encode() + (
                bytes((field.count,)) if field.count else b""
            )
    crc = crc_by_bits(text)
    assert (crc & 0xFF) ^ (crc >> 8) == layout.crc_extra


def test_extras_and_lengths_agree_with_the_public_generator() -> None:
    outside = json.loads((ROOT / "authorities" / "mavlink_messages.json").read_text())
    assert {int(number): extra for number, extra in outside["crc_extra"].items()} == CRC_EXTRAS
    for number, layout in LAYOUTS.items():
        assert [layout.base_octets, layout.octets] == outside["octets"][str(number)], layout.name


def test_frames_packed_by_another_hand_say_what_was_put_in() -> None:
    outside = json.loads((ROOT / "authorities" / "mavlink_frames.json").read_text())["frames"]
    assert len(outside) > 80
    for way, message_id, system_id, component_id, sequence, octets, values in outside:
        found = decode_frame(bytes.fromhex(octets))
        assert (found.message_id, found.system_id, found.component_id, found.sequence) == (
            message_id,
            system_id,
            component_id,
            sequence,
        )
        assert found.version == (1 if way == "version 1" else 2)
        assert signature_holds(found, KEY) == (way == "signed")
        said = json.loads(json.dumps(decode_message(found).fields))
        if way == "version 1":  # extensions are not sent
            said = {name: value for name, value in said.items() if name in values}
        assert said == values, (way, message_id)


values = st.dictionaries(st.sampled_from(sorted(LAYOUT_OF["GLOBAL_POSITION_INT"].names)), st.integers(0, 100))


@given(values, st.sampled_from((1, 2)), st.integers(0, 255), st.integers(1, 255), st.booleans())
def test_what_is_framed_comes_out_again(
    fields: dict[str, int], version: int, sequence: int, system_id: int, is_signed: bool
) -> None:
    key = KEY if is_signed and version == 2 else None
    octets = message(
        "GLOBAL_POSITION_INT", fields, version=version, sequence=sequence, system_id=system_id, key=key
    )
    found = decode_frame(octets)
    assert (found.sequence, found.system_id, found.octets) == (sequence, system_id, octets)
    assert {name: value for name, value in decode_message(found).fields.items() if value} == {
        name: value for name, value in fields.items() if value
    }
    assert signature_holds(found, KEY) == (key is not None)


@given(st.binary(max_size=600))
def test_any_octets_decode_or_raise_decode_error(data: bytes) -> None:
    with contextlib.suppress(DecodeError):
        decode_message(decode_frame(data))
    pieces = list(split(data))
    assert b"".join(octets for octets, _ in pieces) == data


REFUSED: dict[str, tuple[bytes, str]] = {
    "no frame": (b"\x55\x00\x00", "magic"),
    "nothing": (b"", "magic"),
    "cut short": (message("HEARTBEAT")[:-1], "frame"),
    "a bit turned": (bytes((*message("HEARTBEAT")[:-3], 0x77, *message("HEARTBEAT")[-2:])), "crc"),
    "another layout": (frame(0, payload_of("HEARTBEAT", type=2), extra=51), "crc"),
    "flags nobody knows": (frame(0, payload_of("HEARTBEAT", type=2), incompat=0x02), "incompat_flags"),
    "version 1 too short": (frame(0, b"\x01\x02", version=1), "HEARTBEAT"),
    "no layout known": (frame(11_037, b"\x01"), "message_id"),
}


@pytest.mark.parametrize(("octets", "field"), REFUSED.values(), ids=REFUSED)
def test_refused_by_name(octets: bytes, field: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_message(decode_frame(octets))
    assert caught.value.field == field


def test_another_key_or_another_octet_breaks_the_signature() -> None:
    octets = message("HEARTBEAT", {"type": 2}, key=KEY)
    assert signature_holds(decode_frame(octets), KEY)
    assert not signature_holds(decode_frame(octets), bytes(32))
    late = bytearray(octets)
    late[-8] ^= 1  # the time that was signed
    assert not signature_holds(decode_frame(bytes(late)), KEY)


STREAM = [
    message("HEARTBEAT", {"type": 2}),
    message("GLOBAL_POSITION_INT", FLYING, version=1),
    frame(60_001, b"unknown to all"),
    message("ATTITUDE", {"roll": 0.5}, key=KEY),
    message("STATUSTEXT", {"severity": 6, "text": "EKF3 IMU0 is using GPS"}),
]


def fed(framer: MavlinkFramer, data: bytes, cuts: list[int]) -> list[bytes]:
    edges = [0, *sorted({cut % (len(data) + 1) for cut in cuts}), len(data)]
    return [piece for start, end in itertools.pairwise(edges) for piece in framer.feed(data[start:end])]


@given(st.lists(st.integers(0, 500), max_size=12))
def test_a_stream_is_cut_the_same_however_it_arrives(cuts: list[int]) -> None:
    assert fed(MavlinkFramer(), b"".join(STREAM), cuts) == STREAM


@given(st.binary(max_size=60), st.lists(st.integers(0, 500), max_size=6))
def test_rubbish_costs_no_frame_and_is_not_lost(rubbish: bytes, cuts: list[int]) -> None:
    known = [STREAM[0], STREAM[1], STREAM[3], STREAM[4]]
    # Behind the rubbish enough frames that a false beginning's length is used up.
    data = STREAM[0] + rubbish + b"".join(known * 6)
    pieces = fed(MavlinkFramer(), data, cuts)
    assert b"".join(pieces) == data
    frames = [piece for piece in pieces if isinstance(next(split(piece))[1], Frame)]
    assert frames[-len(known) * 6 :] == known * 6


def test_rubbish_without_end_is_one_piece_a_time() -> None:
    framer = MavlinkFramer()
    pieces = [piece for _ in range(20) for piece in framer.feed(b"\xfd" * 4_096)]
    assert len(pieces) == 20
    assert sum(map(len, pieces)) > 20 * 4_096 - 300  # what may still become a frame is all that is kept
    assert framer.feed(b"\0" * 300 + STREAM[0])[-1] == STREAM[0]


def test_a_frame_that_cannot_be_checked_needs_company() -> None:
    unknown = frame(60_001, b"unknown to all")
    alone = list(split(b"\x00" + unknown + b"\x00"))
    assert all(isinstance(found, DecodeError) for _, found in alone)
    assert [isinstance(found, Frame) for _, found in split(STREAM[0] + unknown + STREAM[0])] == [True] * 3
    framer = MavlinkFramer()
    assert framer.feed(STREAM[0]) + framer.feed(unknown) == [STREAM[0], unknown]


def test_text_ends_at_its_first_nul() -> None:
    payload = struct.pack("<B50sHB", 6, b"Mode\0left over", 0, 0)
    assert decode_message(decode_frame(frame(253, payload))).fields["text"] == "Mode"


def test_arrays_come_as_arrays() -> None:
    sent: dict[str, Any] = {"voltages": [4_100, 4_090, *([65_535] * 8)], "id": 3}
    fields = decode_message(decode_frame(message("BATTERY_STATUS", sent))).fields
    assert fields["voltages"] == tuple(sent["voltages"])
    assert fields["id"] == 3
