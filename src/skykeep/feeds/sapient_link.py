"""One SAPIENT connection: messages out with a limit on waiting, octets in, and drops told in sums."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from typing import Any

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import LinkError
from skykeep.feeds.feed import Outlet
from skykeep.wire.sapient import SapientFramer, encode_message, frame_message

READ_BYTES = 65_536
SEND_S = 5.0
TELL_EVERY_S = 10.0


class Link:
    """A connection with its framer; `name` is who is at the other end, for people."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str) -> None:
        self.name = name
        self.framer = SapientFramer()
        self._reader, self._writer = reader, writer
        line = writer.get_extra_info("socket")
        if line is not None:  # so that a peer that vanished is noticed while nothing is sent
            line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    async def read(self) -> bytes:
        """Return what has come; LinkError at the end."""
        try:
            data = await self._reader.read(READ_BYTES)
        except (OSError, asyncio.IncompleteReadError) as error:
            raise LinkError(f"{self.name}: connection lost: {error}") from error
        if not data:
            cut = f" in the middle of a message of {self.framer.held_bytes} bytes or more"
            raise LinkError(f"{self.name}: connection closed{cut if self.framer.held_bytes else ''}")
        return data

    async def send(self, message: Any) -> None:
        """Send one message; LinkError when the other side does not take it in `SEND_S`."""
        try:
            self._writer.write(frame_message(encode_message(message)))
            await asyncio.wait_for(self._writer.drain(), SEND_S)
        except TimeoutError as error:
            self.close()
            raise LinkError(f"{self.name}: took nothing for {SEND_S:.0f} s") from error
        except (OSError, RuntimeError) as error:
            raise LinkError(f"{self.name}: connection lost: {error}") from error

    def certificate(self) -> dict[str, object] | None:
        """Return the other side's certificate, as ssl gives it; None without TLS."""
        found: dict[str, object] | None = self._writer.get_extra_info("peercert")
        return found

    def close(self) -> None:
        """Close, waiting for nothing."""
        self._writer.close()


class Drops:
    """What was dropped and why, told in one sentence at most every `TELL_EVERY_S`."""

    def __init__(self, outlet: Outlet, who: str) -> None:
        self.counts: Counter[str] = Counter()
        self._outlet, self._who = outlet, who
        self._untold: Counter[str] = Counter()
        self._told_utc_ns = 0

    def add(self, why: str, now_utc_ns: int, number: int = 1) -> None:
        """Count what was dropped, and tell if it is time."""
        self.counts[why] += number
        self._untold[why] += number
        if now_utc_ns - self._told_utc_ns >= TELL_EVERY_S * NS_PER_S:
            self.tell(now_utc_ns)

    def tell(self, now_utc_ns: int) -> None:
        """Tell what has not been told."""
        if self._untold:
            sums = "; ".join(f"{number} {why}" for why, number in sorted(self._untold.items()))
            self._outlet.said(f"{self._who}: dropped {sums}")
        self._untold.clear()
        self._told_utc_ns = now_utc_ns
