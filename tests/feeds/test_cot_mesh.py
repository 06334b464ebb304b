"""TAK's mesh over UDP on loopback: one address, then a group, where our own words come back."""

from __future__ import annotations

import asyncio
import socket

import msgspec
import pytest

from cot_peer import HERE, Heard, bounded
from cot_samples import FRAME, FRIENDLY_XML, NOW_UTC_NS, SENSOR, SOURCE, track_report
from skykeep.base.errors import SetupError
from skykeep.domain.sensing import Claim
from skykeep.feeds.cot_mesh import CotGroup, CotMesh, open_socket
from skykeep.wire.cot import TakControl
from skykeep.wire.cot_inputs import CotInputs
from skykeep.wire.cot_proto import MESH_HEADER, decode_message, encode_datagram
from skykeep.wire.cot_reports import track_event
from skykeep.wire.cot_xml import decode_xml

TRACK = track_event(track_report(), SOURCE)


def mesh(group: CotGroup) -> CotMesh:
    inputs = CotInputs(SENSOR, FRAME, own_uid=SOURCE.uid)
    return CotMesh("mesh", group, source=SOURCE, place=HERE, inputs=inputs)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


@pytest.mark.parametrize("protobuf", [False, True])
def test_one_address_both_ways(protobuf: bool) -> None:
    async def story() -> None:
        loop = asyncio.get_running_loop()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.0.0.1", 0))
            other.setblocking(False)
            group = CotGroup(
                address="127.0.0.1",
                port=other.getsockname()[1],
                listen_port=free_port(),
                interface="127.0.0.1",
                protobuf=protobuf,
            )
            feed, outlet = mesh(group), Heard()
            feed.outbox.put(TRACK)
            running = asyncio.ensure_future(feed.run(outlet))
            got = [await loop.sock_recv(other, 65_536) for _ in range(2)]
            assert all(data.startswith(MESH_HEADER if protobuf else b"<?xml") for data in got)
            messages = [decode_message(data) for data in got]
            assert {message.event.uid for message in messages if message.event} == {SOURCE.uid, TRACK.uid}
            assert {message.control for message in messages} == ({TakControl()} if protobuf else {None})
            friendly = decode_xml(FRIENDLY_XML)
            later = msgspec.structs.replace(friendly, time_utc_ns=NOW_UTC_NS)
            for data in (FRIENDLY_XML, b"\xbf\x01\xbf\xff", encode_datagram(later)):
                await loop.sock_sendto(other, data, ("127.0.0.1", group.listen_port))
            await outlet.until(lambda: len(outlet.records) == 2 and len(outlet.refusals) == 1)
            assert all(isinstance(record, Claim) for record in outlet.records)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    bounded(story())


def test_in_a_group_we_hear_others_and_know_ourselves() -> None:
    async def story() -> None:
        group = CotGroup(address="239.2.3.1", port=free_port(), interface="127.0.0.1")
        feed, outlet = mesh(group), Heard()
        running = asyncio.ensure_future(feed.run(outlet))
        # Our own report comes back: it is admitted, known and dropped.
        await outlet.until(lambda: feed._inputs.counts["own echo"] == 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
            other.sendto(FRIENDLY_XML, (group.address, group.port))
        await outlet.until(lambda: bool(outlet.records))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    bounded(story())


def test_a_port_that_is_taken_is_said_at_the_start() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(SetupError, match=f"127.0.0.1:{port}"):
            open_socket(CotGroup(address="127.0.0.1", port=port, interface="127.0.0.1"))


def test_an_address_must_be_one() -> None:
    with pytest.raises(SetupError, match="must be an IPv4 address"):
        open_socket(CotGroup(address="tak.example.org"))
