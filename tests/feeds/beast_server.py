"""A Beast receiver on loopback: the same stream to everyone who connects, in pieces of the sizes given."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import cycle
from types import TracebackType


class BeastServer:
    """Serves a stream and closes. `async with BeastServer(stream, sizes) as (host, port):`"""

    def __init__(self, stream: bytes, sizes: Sequence[int]) -> None:
        self._stream = stream
        self._sizes = sizes
        self.connections = 0

    async def __aenter__(self) -> tuple[str, int]:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()[:2]
        return host, port

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        del reader
        self.connections += 1
        at = 0
        for size in cycle(self._sizes):
            if at >= len(self._stream):
                break
            writer.write(self._stream[at : at + size])
            at += size
            # Every piece leaves on its own: the other side sees the cuts.
            await writer.drain()
        writer.close()
        await writer.wait_closed()
