"""A stream cut into events: boundaries anywhere, both forms in one, and what cannot be followed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cot_samples import DETECTION_XML, FRIENDLY_XML, GROUND_XML
from skykeep.base.errors import DecodeError
from skykeep.wire.cot import LARGEST_EVENT_BYTES
from skykeep.wire.cot_framer import CotFramer
from skykeep.wire.cot_proto import encode_frame
from skykeep.wire.cot_xml import decode_xml

FRAME = encode_frame(decode_xml(GROUND_XML))
MESSAGES = (FRIENDLY_XML, DETECTION_XML, GROUND_XML, FRAME, FRAME)


def cut(stream: bytes, sizes: list[int]) -> list[bytes]:
    framer, messages, at = CotFramer(), [], 0
    for size in [*sizes, len(stream)]:
        messages += framer.feed(stream[at : at + size])
        at += size
    assert framer.rest() == b""
    return messages


def test_events_back_to_back_with_and_without_a_declaration() -> None:
    assert cut(b"".join(MESSAGES), []) == list(MESSAGES)


@given(
    st.lists(st.sampled_from(MESSAGES), max_size=6),
    st.lists(st.integers(0, 400), max_size=12),
    st.sampled_from([b"", b"\n", b" \r\n"]),
)
def test_boundaries_may_be_anywhere(sent: list[bytes], sizes: list[int], between: bytes) -> None:
    assert cut(between.join(sent), sizes) == sent


def test_octet_by_octet() -> None:
    stream = b"".join(MESSAGES)
    assert cut(stream, [1] * len(stream)) == list(MESSAGES)


def test_a_cut_off_event_costs_only_itself() -> None:
    half = GROUND_XML[:60]
    assert cut(half + FRIENDLY_XML, []) == [half, FRIENDLY_XML]
    assert cut(b"hello?" + DETECTION_XML + GROUND_XML, []) == [b"hello?", DETECTION_XML, GROUND_XML]


def test_a_declaration_belongs_to_the_event_behind_it_only() -> None:
    declaration = b"<?xml version='1.0'?>"
    assert cut(declaration + b"\n" + GROUND_XML, []) == [declaration + b"\n" + GROUND_XML]
    assert cut(declaration + b"junk" + GROUND_XML, []) == [declaration + b"junk", GROUND_XML]


def test_an_endless_event_is_handed_out_once_and_the_next_is_whole() -> None:
    framer = CotFramer()
    messages = framer.feed(b"<event " + b"x" * (2 * LARGEST_EVENT_BYTES))
    messages += framer.feed(b"y" * 1_000)
    assert [len(message) for message in messages] == [LARGEST_EVENT_BYTES + 1]
    with pytest.raises(DecodeError, match="at most"):
        decode_xml(messages[0])
    assert framer.feed(b"</event>" + GROUND_XML) == [GROUND_XML]


LOST = {
    "a frame longer than may be": b"\xbf\xff\xff\xff\x7f",
    "a length without end": b"\xbf\xff\xff\xff\xff\xff",
}


@pytest.mark.parametrize("stream", LOST.values(), ids=LOST)
def test_a_stream_that_can_never_be_followed_again(stream: bytes) -> None:
    with pytest.raises(DecodeError):
        CotFramer().feed(stream)


def test_what_came_before_the_loss_is_handed_out_first() -> None:
    framer = CotFramer()
    assert framer.feed(FRAME + b"\x07\x04") == [FRAME]
    for _ in range(2):
        with pytest.raises(DecodeError, match="07 between messages"):
            framer.feed(b"")


@given(
    st.lists(
        st.binary(max_size=60) | st.sampled_from([b"<event ", b"</event>", b"<?xml ", FRAME]), max_size=8
    )
)
def test_any_octets_are_cut_or_refused(chunks: list[bytes]) -> None:
    framer = CotFramer()
    try:
        taken = sum(len(message) for chunk in chunks for message in framer.feed(chunk))
    except DecodeError:
        return
    assert taken + len(framer.rest()) <= sum(map(len, chunks))
