"""AVR and line streams: each form by hand, there and back, cut anywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.errors import DecodeError
from skykeep.wire.adsb_lines import LINE_LIMIT, avr_framer, decode_avr, encode_avr, line_framer
from skykeep.wire.beast import PAYLOAD_OCTETS, BeastMessage

HEX = "8d4840d6202cc371c32ce0576098"
FORMS = {
    "bare": (f"*{HEX};", 0, 0),
    "bare, another mark": (f":{HEX.upper()};", 0, 0),
    "with a counter": (f"@000000B71B00{HEX};", 12_000_000, 0),
    "with a counter, parity checked": (f"%000000B71B00{HEX};", 12_000_000, 0),
    "with counter and signal": (f"<000000B71B0064{HEX};", 12_000_000, 100),
}
REFUSED = {
    "no mark": (b"8d4840d6202cc371c32ce0576098;", "first character"),
    "half a digit": (b"*8d4840d6202cc371c32ce057609;", "27 hex digits"),
    "not hex": (b"*8d4840d6202cc371c32ce057609g;", "must be hex"),
    "a sign where a digit should be": (b"@+00000B71B008d4840d6202cc371c32ce0576098;", "must be hex"),
    "no counter": (b"@8d4840d6202cc371c32ce0576098;", "16 hex digits"),
    "empty": (b";", "first character"),
}


@pytest.mark.parametrize(("text", "counter", "signal"), FORMS.values(), ids=FORMS)
def test_a_frame_is_read(text: str, counter: int, signal: int) -> None:
    assert decode_avr(text.encode()) == BeastMessage(0x33, counter, signal, bytes.fromhex(HEX))


@pytest.mark.parametrize(("data", "says"), REFUSED.values(), ids=REFUSED)
def test_a_frame_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(DecodeError, match=says):
        decode_avr(data)


@given(st.sampled_from([0x31, 0x32, 0x33]), st.integers(0, 2**48 - 1), st.integers(0, 255), st.data())
def test_a_frame_comes_back(kind: int, counter: int, signal: int, data: st.DataObject) -> None:
    size = PAYLOAD_OCTETS[kind]
    message = BeastMessage(kind, counter, signal, data.draw(st.binary(min_size=size, max_size=size)))
    assert decode_avr(encode_avr(message)) == message


@given(st.lists(st.integers(1, 40), min_size=1), st.integers(1, 9))
def test_frames_are_cut_alike_wherever_the_stream_is(cuts: list[int], count: int) -> None:
    stream = b"".join(text.encode() + b"\r\n" for text, _, _ in FORMS.values()) * count
    framer, got, at, turn = avr_framer(), [], 0, 0
    while at < len(stream):
        step = cuts[turn % len(cuts)]
        got += framer.feed(stream[at : at + step])
        at, turn = at + step, turn + 1
    assert got == [text.encode().removesuffix(b";") for text, _, _ in FORMS.values()] * count


def test_a_line_without_an_end_is_given_up() -> None:
    framer = line_framer()
    assert framer.feed(b"x" * LINE_LIMIT) == []
    with pytest.raises(DecodeError, match="without an end"):
        framer.feed(b"x")
