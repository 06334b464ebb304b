"""TAK's mesh: events as single UDP datagrams, to and from a multicast group or one address.

What comes is read in either form. What goes is XML, which every TAK product reads, or protobuf with our
versions beside it. Our own datagrams come back from a group and are recognised by their uid.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import struct
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from skykeep.base.errors import LinkError, SetupError
from skykeep.feeds.cot_client import nothing_standing
from skykeep.feeds.cot_outbox import Outbox
from skykeep.feeds.feed import Outlet
from skykeep.wire.cot import CotEvent, CotPoint
from skykeep.wire.cot_inputs import CotInputs
from skykeep.wire.cot_proto import encode_datagram
from skykeep.wire.cot_source import OUR_CONTROL, CotSource
from skykeep.wire.cot_xml import encode_xml

LARGEST_DATAGRAM_BYTES = 65_507
RECEIVE_BUFFER_BYTES = 4 << 20


class CotGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Where datagrams go and come from. `address` is a group or one host; `listen_port` 0 is `port`.

    `interface` is the address of the network card, "" leaves it to the system. `hops` is how many routers a
    datagram to a group may pass.
    """

    address: str = "239.2.3.1"
    port: int = 6969
    listen_port: int = 0
    interface: str = ""
    hops: int = 1
    protobuf: bool = False
    report_every_s: float = 60.0


class CotMesh:
    """The feed of one mesh. What is to be told it goes into `outbox`."""

    def __init__(
        self,
        source_id: str,
        group: CotGroup,
        *,
        source: CotSource,
        place: CotPoint,
        inputs: CotInputs,
        outbox: Outbox | None = None,
        standing: Callable[[int], Iterable[CotEvent]] = nothing_standing,
    ) -> None:
        self._source_id = source_id
        self._group = group
        self._source = source
        self._place = place
        self._inputs = inputs
        self._standing = standing
        self.outbox = Outbox() if outbox is None else outbox

    @property
    def source_id(self) -> str:
        return self._source_id

    async def run(self, outlet: Outlet) -> None:
        """Serve until cancelled."""
        group = self._group
        loop = asyncio.get_running_loop()
        receiver = _Receiver(outlet, self._inputs)
        transport, _ = await loop.create_datagram_endpoint(lambda: receiver, sock=open_socket(group))
        try:
            outlet.said(f"on TAK mesh {group.address}:{group.port}, not encrypted")
            reporting = asyncio.ensure_future(self._report(outlet))
            try:
                await self._send(outlet, transport, receiver)
            finally:
                reporting.cancel()
                await asyncio.gather(reporting, return_exceptions=True)
        finally:
            transport.close()

    async def _report(self, outlet: Outlet) -> None:
        while True:
            self.outbox.put(self._source.self_report(outlet.now_utc_ns(), self._place))
            for event in self._standing(outlet.now_utc_ns()):
                self.outbox.put(event)
            await asyncio.sleep(self._group.report_every_s)

    async def _send(self, outlet: Outlet, transport: asyncio.DatagramTransport, receiver: _Receiver) -> None:
        destination = (self._group.address, self._group.port)
        while True:
            await self.outbox.wait()
            if receiver.error is not None:
                raise LinkError(f"TAK mesh {destination[0]}:{destination[1]}: {receiver.error}")
            event = self.outbox.take(outlet.now_utc_ns())
            if event is None:
                continue
            data = encode_datagram(event, OUR_CONTROL) if self._group.protobuf else encode_xml(event)
            if len(data) > LARGEST_DATAGRAM_BYTES:
                self.outbox.counts["dropped: larger than a datagram"] += 1
                continue
            transport.sendto(data, destination)
            self.outbox.counts["sent"] += 1
            # Room for what comes in, however much there is to send.
            await asyncio.sleep(0)


class _Receiver(asyncio.DatagramProtocol):
    def __init__(self, outlet: Outlet, inputs: CotInputs) -> None:
        self._outlet = outlet
        self._inputs = inputs
        self.error: Exception | None = None

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        del addr
        received_utc_ns = self._outlet.now_utc_ns()
        if not self._outlet.admit():
            return
        taken = self._inputs.take(data, received_utc_ns)
        if taken.records or taken.refusals:
            self._outlet.put(taken)

    def error_received(self, exc: Exception) -> None:
        # One host that does not listen answers so; that is no reason to stop listening ourselves.
        if not isinstance(exc, ConnectionRefusedError):
            self.error = exc


def open_socket(group: CotGroup) -> socket.socket:
    """Return a bound socket that has joined its group; SetupError where that cannot be."""
    try:
        address = ipaddress.IPv4Address(group.address)
        interface = ipaddress.IPv4Address(group.interface or "0.0.0.0")  # noqa: S104 - the system chooses
    except ValueError as error:
        raise SetupError(f"TAK mesh: {error}, must be an IPv4 address") from error
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        bound.setblocking(False)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
        port = group.listen_port or group.port
        if address.is_multicast:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((group.address, port))
            joined = struct.pack("4s4s", address.packed, interface.packed)
            bound.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, joined)
            bound.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, group.hops)
            if group.interface:
                bound.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, interface.packed)
        else:
            bound.bind((group.interface, port))
    except OSError as error:
        bound.close()
        raise SetupError(f"TAK mesh {group.address}:{group.port}: {error.strerror}") from error
    return bound
