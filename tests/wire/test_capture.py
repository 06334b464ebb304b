"""Captures: a packet made by hand, then anything at all."""

from __future__ import annotations

import struct
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from skykeep.base.errors import DecodeError
from skykeep.wire.capture import is_capture, read_capture

PAYLOAD = b"\x30\x00\x04\x00"


def ethernet_frame(payload: bytes, *, vlan: bool = False) -> bytes:
    udp = struct.pack(">HHHH", 21015, 8600, 8 + len(payload), 0) + payload
    ip = struct.pack(
        ">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0x4000, 64, 17, 0, b"\x0a\0\0\1", b"\xef\0\0\2"
    )
    tag = b"\x81\x00\x00\x07" if vlan else b""
    return b"\x01\0\x5e\0\0\2\x02\0\0\0\0\1" + tag + b"\x08\x00" + ip + udp


def pcap(*frames: bytes, order: str = "<", magic: int = 0xA1B2C3D4) -> bytes:
    head = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, 1)
    return head + b"".join(
        struct.pack(order + "IIII", 100, 250, len(frame), len(frame)) + frame for frame in frames
    )


def pcapng(*frames: bytes) -> bytes:
    def block(kind: int, body: bytes) -> bytes:
        body += b"\0" * (-len(body) % 4)
        return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))

    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += block(
        1, struct.pack("<HHI", 1, 0, 65535) + struct.pack("<HHBxxx", 9, 1, 9) + struct.pack("<HH", 0, 0)
    )
    ticks = 100_000_250_000
    for frame in frames:
        head = struct.pack("<IIIII", 0, ticks >> 32, ticks & 0xFFFFFFFF, len(frame), len(frame))
        out += block(6, head + frame)
    return out


@pytest.mark.parametrize(
    "capture",
    [
        pcap(ethernet_frame(PAYLOAD)),
        pcap(ethernet_frame(PAYLOAD), order=">"),
        pcap(ethernet_frame(PAYLOAD, vlan=True)),
        pcapng(ethernet_frame(PAYLOAD)),
    ],
    ids=["little-endian", "big-endian", "vlan", "pcapng"],
)
def test_one_datagram_comes_out_as_it_went_in(capture: bytes) -> None:
    counts: Counter[str] = Counter()
    (datagram,) = read_capture(capture, counts)
    assert datagram.payload == PAYLOAD
    assert datagram.time_utc_ns == 100_000_250_000
    assert (datagram.source, datagram.destination) == ("10.0.0.1:21015", "239.0.0.2:8600")
    assert counts == {"udp": 1}


def test_nanosecond_captures_keep_their_nanoseconds() -> None:
    (datagram,) = read_capture(pcap(ethernet_frame(PAYLOAD), magic=0xA1B23C4D), Counter())
    assert datagram.time_utc_ns == 100_000_000_250


def test_a_file_cut_short_yields_what_came_before_the_cut() -> None:
    whole = pcap(ethernet_frame(PAYLOAD), ethernet_frame(PAYLOAD))
    counts: Counter[str] = Counter()
    assert len(list(read_capture(whole[:-3], counts))) == 1
    assert counts == {"udp": 1, "damaged": 1}


def test_a_packet_whose_udp_length_lies_is_damaged_and_the_next_is_read() -> None:
    liar = bytearray(ethernet_frame(PAYLOAD))
    liar[14 + 20 + 4 : 14 + 20 + 6] = b"\xff\xff"
    counts: Counter[str] = Counter()
    assert len(list(read_capture(pcap(bytes(liar), ethernet_frame(PAYLOAD)), counts))) == 1
    assert counts == {"damaged": 1, "udp": 1}


def test_what_is_no_capture_is_refused_by_its_first_octets() -> None:
    with pytest.raises(DecodeError, match="starts with 30000400"):
        list(read_capture(PAYLOAD, Counter()))


@given(st.binary(max_size=200), st.sampled_from([pcap(), pcapng(), pcap(ethernet_frame(PAYLOAD))]))
@example(b"", b"\xd4\xc3\xb2\xa1")
def test_any_octets_behind_a_header_end_in_datagrams_or_a_decode_error(noise: bytes, head: bytes) -> None:
    assert is_capture(head)
    try:
        for datagram in read_capture(head + noise, Counter()):
            assert isinstance(datagram.payload, bytes)
    except DecodeError:
        pass
