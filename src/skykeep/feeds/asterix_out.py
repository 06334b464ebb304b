"""Tracks out as ASTERIX CAT062 datagrams, to one display or a multicast group of them.

It hears nothing: as a feed it only holds the socket. A track that the format cannot hold is left out and
counted; the others go.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Iterable

from skykeep.base.errors import InputError, LinkError
from skykeep.domain.track import TrackReport
from skykeep.feeds.feed import Outlet
from skykeep.wire.asterix_out import SystemIdentity, blocks_of, encode_record


class AsterixOut:
    """Sends to `host`:`port`; a group's datagrams pass at most `hops` routers."""

    def __init__(
        self,
        source_id: str,
        system: SystemIdentity,
        host: str,
        port: int,
        hops: int = 1,
        interface: str = "",
    ) -> None:
        self.source_id = source_id
        self.counts: Counter[str] = Counter()
        self._system = system
        self._address = (host, port)
        self._hops, self._interface = hops, interface
        self._waiting: tuple[TrackReport, ...] = ()
        self._offered = asyncio.Event()

    def offer(self, reports: Iterable[TrackReport]) -> None:
        """Let these be sent next, in place of what still waits; called on the feed's loop."""
        self._waiting = tuple(reports)
        self._offered.set()

    async def run(self, outlet: Outlet) -> None:
        """Send what is offered until cancelled; LinkError when the network refuses it."""
        outlet.said("Tracks go to {}:{} as CAT062.".format(*self._address))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, struct.pack("b", self._hops))
            try:
                if self._interface:
                    address = socket.inet_aton(self._interface)
                    sender.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, address)
                while True:
                    await self._offered.wait()
                    self._offered.clear()
                    for block in self._blocks():
                        self._send(sender, block)
            except OSError as error:
                where = "{}:{}".format(*self._address)
                raise LinkError(f"{where} cannot be sent to: {error.strerror}") from error

    def _send(self, sender: socket.socket, block: bytes) -> None:
        try:
            sender.sendto(block, self._address)
        except (BlockingIOError, ConnectionRefusedError) as error:
            # Nobody listens yet, or the card is busy: the next second brings newer tracks.
            self.counts[f"not sent: {error.strerror}"] += 1
        else:
            self.counts["blocks"] += 1

    def _blocks(self) -> list[bytes]:
        records = []
        for report in self._waiting:
            try:
                records.append(encode_record(report, self._system))
            except InputError as error:
                self.counts[f"not told: {error.field}"] += 1
        self._waiting = ()
        return blocks_of(records)
