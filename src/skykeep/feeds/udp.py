"""Datagrams from one socket, unicast or multicast, read no faster than they may come.

What comes faster than the source's allowance is not read and thrown away: it stays in the socket, and what
does not fit there the kernel drops without costing this process anything. How many it dropped it counts
exactly (`/proc/net/udp`, last column), and that count is read every second and at the end. So every datagram
that reached this machine's socket is either heard or counted as lost, those too that lie there unread when
it is closed.

The socket's own buffer is kept small on purpose: it holds half a second of a source at its limit, so that
after a flood nothing is drawn that is old.
"""

from __future__ import annotations

import asyncio
import os
import socket
from concurrent.futures import Future
from pathlib import Path

from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.feed import Translator
from skykeep.feeds.feed import Outlet

AT_ONCE = 64
LARGEST_DATAGRAM_BYTES = 65_535
BUFFER_BYTES = 1 << 19
COUNT_EVERY_S = 1.0
MOST_LEFT = 100_000


class UdpFeed:
    """One source that sends datagrams to `host`:`port`; `group` is a multicast address to join, on the
    interface that has `interface` as its address. `listening` tells where, once it does.
    """

    def __init__(
        self,
        source_id: str,
        translator: Translator,
        port: int,
        host: str = "0.0.0.0",  # noqa: S104
        group: str = "",
        interface: str = "0.0.0.0",  # noqa: S104
        buffer_bytes: int = BUFFER_BYTES,
    ) -> None:
        self.source_id = source_id
        self._translator = translator
        self._address = (host, port)
        self._group, self._interface = group, interface
        self._buffer_bytes = buffer_bytes
        self._told_lost = 0
        self.listening: Future[tuple[str, int]] = Future()

    async def run(self, outlet: Outlet) -> None:
        """Read until cancelled; SetupError when the port cannot be had, LinkError when the network goes."""
        loop = asyncio.get_running_loop()
        receiver = self._open()
        self._told_lost = 0
        failed: asyncio.Future[None] = loop.create_future()
        if not self.listening.done():
            self.listening.set_result(receiver.getsockname()[:2])
        reading = True

        def read() -> None:
            nonlocal reading
            try:
                for _ in range(AT_ONCE):
                    pause_s = outlet.pause_s()
                    if pause_s > 0.0:
                        loop.remove_reader(receiver)
                        reading = False
                        loop.call_later(pause_s, resume)
                        return
                    data = receiver.recv(LARGEST_DATAGRAM_BYTES)
                    now_utc_ns = outlet.now_utc_ns()
                    if outlet.admit():
                        outlet.put(self._translator.take(data, now_utc_ns))
            except BlockingIOError:
                return
            except Exception as error:
                # Out of a callback nothing is raised: whoever runs this feed is told, a fault of ours too.
                link = (
                    LinkError(f"{self.source_id}: {error.strerror}") if isinstance(error, OSError) else error
                )
                if not failed.done():
                    failed.set_exception(link)

        def resume() -> None:
            nonlocal reading
            if receiver.fileno() >= 0 and not reading:
                reading = True
                loop.add_reader(receiver, read)

        loop.add_reader(receiver, read)
        try:
            while True:
                done, _ = await asyncio.wait([failed], timeout=COUNT_EVERY_S)
                self._count_lost(receiver, outlet)
                if done:
                    failed.result()
        finally:
            if reading:
                loop.remove_reader(receiver)
            reading = True
            self._count_lost(receiver, outlet)
            outlet.lost(_left_in(receiver))
            receiver.close()

    def _open(self) -> socket.socket:
        receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            receiver.setblocking(False)
            receiver.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._buffer_bytes)
            if self._group:
                # Several programs on one machine may listen to a group.
                receiver.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                receiver.bind((self._group, self._address[1]))
                member = socket.inet_aton(self._group) + socket.inet_aton(self._interface)
                receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
            else:
                receiver.bind(self._address)
        except OSError as error:
            receiver.close()
            where = f"{self._group or self._address[0]} port {self._address[1]}"
            raise SetupError(f"{self.source_id}: cannot listen on {where}: {error.strerror}") from error
        return receiver

    def _count_lost(self, receiver: socket.socket, outlet: Outlet) -> None:
        lost = kernel_drops(receiver)
        if lost is not None and lost > self._told_lost:
            outlet.lost(lost - self._told_lost)
            self._told_lost = lost


def _left_in(receiver: socket.socket) -> int:
    """Return how many datagrams still lie in a socket that is about to be closed, and empty it."""
    left = 0
    while left < MOST_LEFT:
        try:
            receiver.recv(1)
        except OSError:
            break
        left += 1
    return left


def kernel_drops(receiver: socket.socket) -> int | None:
    """Return how many datagrams the kernel dropped for want of room in this socket; None where it does not
    say (elsewhere than on Linux).
    """
    inode = str(os.fstat(receiver.fileno()).st_ino)
    try:
        lines = Path("/proc/self/net/udp").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    for line in lines[1:]:
        columns = line.split()
        if columns[9] == inode:
            return int(columns[-1])
    return None
