"""A Beast stream over TCP, cut as it happens to be, gives exactly what the same stream gives whole."""

from __future__ import annotations

import asyncio
import gzip
import json
import math

import pytest

from adsb_frames import SITE, START_NS, S, airborne, on_surface, on_the_wire, receiver, velocity
from feeds.beast_server import BeastServer
from recordings import RECORDINGS, needs_recordings
from skykeep.domain.feed import Taken
from skykeep.geo.frames import LocalFrame
from skykeep.wire.adsb_inputs import ModeSInputs
from skykeep.wire.beast import COUNTER_HZ, BeastFramer, BeastMessage, decode_beast, encode_beast

ODD_SIZES = (1, 2, 3, 22, 23, 5, 64, 1, 1_021)


class Reader:
    """A runner as small as can be. Its clock is the stream's own counter: the same on every run."""

    def __init__(self, site: LocalFrame) -> None:
        self._framer = BeastFramer()
        self._inputs = ModeSInputs(receiver(), site, reach_m=600_000.0)
        self.taken: list[Taken] = []

    def feed(self, data: bytes) -> None:
        for message in self._framer.feed(data):
            late_ns = 3_000_000 + 1_000_000 * (len(self.taken) % 5)
            ticks = decode_beast(message).counter
            received_utc_ns = START_NS + ticks * S // COUNTER_HZ + late_ns
            self.taken.append(self._inputs.take(message, received_utc_ns))


def made_stream() -> bytes:
    """Two aircraft for 75 s, one of them taxiing; each counter holds an escape now and then."""
    pieces = []
    for k in range(300):
        at_s = k / 4
        odd = k % 2 == 1
        frames = [
            airborne(52.1 + 0.0004 * at_s, 4.6, odd=odd, altitude_ft=3_000),
            velocity(0, 86 + k % 2),
            on_surface(52.0, 4.5 + 1e-5 * at_s, odd=odd),
        ]
        pieces += [
            on_the_wire(frame, counter=round((100.0 + at_s + 0.01 * j) * COUNTER_HZ), signal=0x1A)
            for j, frame in enumerate(frames)
        ]
    return b"".join(pieces)


async def read_over_tcp(stream: bytes, sizes: tuple[int, ...], site: LocalFrame) -> list[Taken]:
    reader = Reader(site)
    async with asyncio.timeout(60.0), BeastServer(stream, sizes) as (host, port):
        source, writer = await asyncio.open_connection(host, port)
        while data := await source.read(4_096):
            reader.feed(data)
        writer.close()
        await writer.wait_closed()
    return reader.taken


@pytest.mark.parametrize("sizes", [(1,), ODD_SIZES, (65_536,)])
def test_a_stream_in_odd_pieces_gives_what_it_gives_whole(sizes: tuple[int, ...]) -> None:
    stream = made_stream()
    whole = Reader(SITE)
    whole.feed(stream)
    assert asyncio.run(read_over_tcp(stream, sizes, SITE)) == whole.taken
    claims = [record for taken in whole.taken for record in taken.records]
    # Two aircraft, 300 places each, less the first of each, which waits for its pair.
    assert len(claims) == 598
    assert not any(taken.refusals for taken in whole.taken)


@needs_recordings
@pytest.mark.recordings
def test_a_real_flight_over_tcp_gives_what_the_file_gives() -> None:
    path = RECORDINGS / "adsb" / "traffic" / "tutorial.jsonl.gz"
    recorded = [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()[40_000:52_000]]
    start_s = recorded[0]["timestamp"] - 10.0
    stream = b"".join(
        encode_beast(
            BeastMessage(
                0x33, round((each["timestamp"] - start_s) * COUNTER_HZ), 60, bytes.fromhex(each["frame"])
            )
        )
        for each in recorded
    )
    site = LocalFrame(latitude_deg=47.5, longitude_deg=0.5, height_hae_m=0.0)
    whole = Reader(site)
    whole.feed(stream)
    assert asyncio.run(read_over_tcp(stream, ODD_SIZES, site)) == whole.taken
    claims = [record for taken in whole.taken for record in taken.records]
    assert len(claims) > 1_000
    assert all(math.isfinite(value) for claim in claims for value in claim.sigma_m)  # type: ignore[union-attr]
