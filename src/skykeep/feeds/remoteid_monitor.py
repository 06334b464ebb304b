"""Remote ID live from a Wi-Fi interface in monitor mode (Linux), by a packet socket.

The interface is put into monitor mode and onto its channel beforehand (`iw`; docs/sensors/remote-id.md). Only
frames that could carry Remote ID are counted against the source's rate: the others are everybody's Wi-Fi.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import struct

from skykeep.base.errors import LinkError, SetupError
from skykeep.feeds.feed import Outlet
from skykeep.wire.remoteid_carriers import RADIOTAP, WIFI, may_carry
from skykeep.wire.remoteid_inputs import RemoteIdInput

LARGEST_FRAME_BYTES = 65_536
FRAMES_AT_ONCE = 64
DROPS_EVERY_S = 10.0
_EVERY_PROTOCOL, _OUTGOING = 0x0003, 4
_PACKET_LEVEL, _STATISTICS = 263, 6
# What Linux calls the hardware of an interface, and the link type of what it gives.
_HARDWARE = {801: WIFI, 803: RADIOTAP}


class RemoteIdMonitor:
    """One interface. `link_type` is asked of the kernel unless it is given."""

    def __init__(
        self, source_id: str, interface: str, translator: RemoteIdInput, link_type: int | None = None
    ) -> None:
        self._source_id, self._interface = source_id, interface
        self._translator, self._link_type = translator, link_type
        self.kernel_drops = 0

    @property
    def source_id(self) -> str:
        return self._source_id

    async def run(self, outlet: Outlet) -> None:
        """Listen until cancelled; LinkError when the interface is gone or down, SetupError when it may not
        be listened to or is not in monitor mode.
        """
        with self._open() as listening:
            link_type = self._kind(listening)
            outlet.said(f"listening on {self._interface}")
            loop = asyncio.get_running_loop()
            gone: asyncio.Future[None] = loop.create_future()

            def readable() -> None:
                try:
                    self._read(listening, link_type, outlet)
                except OSError as error:
                    if not gone.done():
                        gone.set_exception(LinkError(f"{self._interface}: {error.strerror}"))

            loop.add_reader(listening, readable)
            try:
                while True:
                    done, _ = await asyncio.wait([gone], timeout=DROPS_EVERY_S)
                    if done:
                        gone.result()
                    self._count_drops(listening, outlet)
            finally:
                loop.remove_reader(listening)

    def _open(self) -> socket.socket:
        if not hasattr(socket, "AF_PACKET"):
            raise SetupError("monitor mode needs Linux; elsewhere let a receiver send lines over UDP")
        try:
            listening = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_EVERY_PROTOCOL))
        except PermissionError as error:
            raise SetupError(
                f"{self._interface}: listening to raw frames needs CAP_NET_RAW "
                "(setcap cap_net_raw+ep on the Python that runs this, or run as a service that has it)"
            ) from error
        try:
            listening.setblocking(False)
            listening.bind((self._interface, _EVERY_PROTOCOL))
        except OSError as error:
            listening.close()
            raise LinkError(f"{self._interface}: {error.strerror}") from error
        return listening

    def _kind(self, listening: socket.socket) -> int:
        if self._link_type is not None:
            return self._link_type
        hardware = listening.getsockname()[3]
        if hardware not in _HARDWARE:
            raise SetupError(
                f"{self._interface}: not in monitor mode (hardware {hardware}, must be 801 or 803); "
                f"`iw dev {self._interface} set type monitor` while it is down"
            )
        return _HARDWARE[hardware]

    def _read(self, listening: socket.socket, link_type: int, outlet: Outlet) -> None:
        """Take what waits, but not for ever: other sources have their turn."""
        for _ in range(FRAMES_AT_ONCE):
            try:
                data, address = listening.recvfrom(LARGEST_FRAME_BYTES)
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno == errno.EINTR:
                    continue
                raise
            received_utc_ns = outlet.now_utc_ns()
            if address[2] == _OUTGOING or not may_carry(data) or not outlet.admit():
                continue
            taken = self._translator.take_packet(link_type, data, received_utc_ns)
            if taken.records or taken.refusals:
                outlet.put(taken)

    def _count_drops(self, listening: socket.socket, outlet: Outlet) -> None:
        """The kernel counts what it could not keep for us; reading sets its count to zero."""
        _, dropped = struct.unpack("II", listening.getsockopt(_PACKET_LEVEL, _STATISTICS, 8))
        if dropped:
            self.kernel_drops += dropped
            outlet.lost(dropped)
