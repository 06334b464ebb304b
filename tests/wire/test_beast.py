"""The Beast stream: by hand, then cut anywhere, then damaged."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings import RECORDINGS, needs_recordings
from skykeep.base.errors import DecodeError
from skykeep.wire.beast import (
    GIVE_UP_OCTETS,
    PAYLOAD_OCTETS,
    BeastFramer,
    BeastMessage,
    decode_beast,
    encode_beast,
)
from skykeep.wire.mode_s import read_frames

WITH_ESCAPES = bytes.fromhex("8d1a1a1a202cc371c31ae057601a")


@st.composite
def messages(draw: st.DrawFn) -> BeastMessage:
    kind = draw(st.sampled_from([*PAYLOAD_OCTETS, 0xE3]))
    if kind == 0xE3:
        return BeastMessage(kind, 0, 0, draw(st.binary(min_size=8, max_size=8)))
    # Escapes are what goes wrong: make them common.
    octets = st.lists(
        st.sampled_from([0x1A, 0x33, 0x00, 0xFF]) | st.integers(0, 255), min_size=21, max_size=21
    )
    drawn = bytes(draw(octets))
    size = PAYLOAD_OCTETS[kind]
    return BeastMessage(kind, int.from_bytes(drawn[:6], "big"), drawn[6], drawn[7 : 7 + size])


def test_a_message_is_read_octet_by_octet() -> None:
    stream = bytes.fromhex("1a33 000000b71b00 64") + WITH_ESCAPES.replace(b"\x1a", b"\x1a\x1a")
    (data,) = BeastFramer().feed(stream)
    message = decode_beast(data)
    assert message == BeastMessage(0x33, 12_000_000, 100, WITH_ESCAPES)
    assert message.signal_dbfs == pytest.approx(-8.131, abs=1e-3)
    assert encode_beast(message) == stream


def test_a_message_is_out_as_soon_as_its_last_octet_is_in() -> None:
    framer = BeastFramer()
    stream = encode_beast(BeastMessage(0x33, 1, 2, WITH_ESCAPES))
    assert [framer.feed(stream[k : k + 1]) for k in range(len(stream) - 1)] == [[]] * (len(stream) - 1)
    assert len(framer.feed(stream[-1:])) == 1


def test_a_message_cut_short_is_handed_on_to_be_refused_and_the_next_is_whole() -> None:
    whole = encode_beast(BeastMessage(0x32, 1, 2, bytes(7)))
    short, good = BeastFramer().feed(whole[:9] + whole)
    assert decode_beast(good).payload == bytes(7)
    with pytest.raises(DecodeError, match="8 octets of type 32, must be 15"):
        decode_beast(short)


def test_octets_before_the_first_escape_are_counted() -> None:
    framer = BeastFramer()
    assert len(framer.feed(b"abc" + encode_beast(BeastMessage(0x32, 1, 2, bytes(7))))) == 1
    assert framer.skipped_octets == 3


def test_an_unknown_type_is_refused_by_name() -> None:
    framer = BeastFramer()
    first, second = framer.feed(b"\x1a\x35abc" + encode_beast(BeastMessage(0x32, 1, 2, bytes(7))))
    with pytest.raises(DecodeError, match="type: 35, must be"):
        decode_beast(first)
    assert decode_beast(second).kind == 0x32


def test_a_stream_that_is_no_beast_is_given_up() -> None:
    framer = BeastFramer()
    assert framer.feed(b"\r" * GIVE_UP_OCTETS) == []
    with pytest.raises(DecodeError, match="no message"):
        framer.feed(b"\r")


@given(st.lists(messages(), max_size=8), st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_a_stream_cut_anywhere_gives_the_same_messages(sent: list[BeastMessage], cuts: list[int]) -> None:
    stream = b"".join(encode_beast(message) for message in sent)
    framer, got, at, turn = BeastFramer(), [], 0, 0
    while at < len(stream):
        step = cuts[turn % len(cuts)]
        got += framer.feed(stream[at : at + step])
        at, turn = at + step, turn + 1
    assert [decode_beast(data) for data in got] == sent
    assert framer.skipped_octets == 0
    assert b"".join(encode_beast(decode_beast(data)) for data in got) == stream


@given(st.binary(max_size=400), st.integers(1, 50))
def test_any_octets_are_cut_alike_in_one_piece_and_in_many(data: bytes, step: int) -> None:
    whole, pieces = BeastFramer(), BeastFramer()
    in_pieces = [m for at in range(0, len(data), step) for m in pieces.feed(data[at : at + step])]
    assert whole.feed(data) == in_pieces
    for message in in_pieces:
        try:
            decode_beast(message)
        except DecodeError:
            continue


@needs_recordings
@pytest.mark.recordings
def test_a_real_stream_gives_the_frames_that_the_recording_reader_finds() -> None:
    data = (RECORDINGS / "adsb" / "traffic" / "sample_dump1090.bin").read_bytes()
    framer = BeastFramer()
    got = [decode_beast(m) for at in range(0, len(data), 7) for m in framer.feed(data[at : at + 7])]
    expected = [frame.hex for frame in read_frames(data, Counter())]
    assert [m.payload.hex() for m in got if m.kind in (0x32, 0x33)] == expected
    assert len(expected) == 239
