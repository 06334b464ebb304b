"""Streams over TCP: one that we dial, and one that sources dial. A framer cuts them into messages.

A stream that comes too fast is read more slowly, so that its sender has to wait; nothing of it is dropped
here.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from concurrent.futures import Future

from skykeep.base.errors import DecodeError, LinkError, SetupError
from skykeep.domain.feed import Framer, Taken, Translator, refusal_of
from skykeep.feeds.feed import Outlet

CHUNK_BYTES = 1 << 16
CONNECT_S = 10.0
IDLE_S = 120.0
MOST_CONNECTIONS = 16


class TcpClientFeed:
    """One source that serves at `host`:`port`: we dial, and dial again when it goes."""

    def __init__(
        self,
        source_id: str,
        translator: Translator,
        make_framer: Callable[[], Framer],
        host: str,
        port: int,
        tls: ssl.SSLContext | None = None,
        idle_s: float = IDLE_S,
    ) -> None:
        self.source_id = source_id
        self._translator, self._make_framer = translator, make_framer
        self._host, self._port, self._tls = host, port, tls
        self._idle_s = idle_s

    async def run(self, outlet: Outlet) -> None:
        """Read until cancelled; LinkError when the connection is refused, lost or silent for too long."""
        where = f"{self._host}:{self._port}"
        try:
            async with asyncio.timeout(CONNECT_S):
                reader, writer = await asyncio.open_connection(self._host, self._port, ssl=self._tls)
        except (OSError, TimeoutError) as error:
            why = getattr(error, "strerror", None) or f"{error}" or "no connection"
            raise LinkError(f"{where} does not answer: {why}") from error
        outlet.said(f"Connected to {where}.")
        try:
            await follow(reader, self._make_framer(), self._translator, outlet, self._idle_s)
        finally:
            await _close(writer)
        raise LinkError(f"{where} closed the connection")


class TcpServerFeed:
    """A port that one kind of source dials; each connection has a framer of its own. `listening` tells where,
    once it does.
    """

    def __init__(
        self,
        source_id: str,
        translator: Translator,
        make_framer: Callable[[], Framer],
        port: int,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
        idle_s: float = IDLE_S,
    ) -> None:
        self.source_id = source_id
        self._translator, self._make_framer = translator, make_framer
        self._host, self._port, self._tls = host, port, tls
        self._idle_s = idle_s
        self._connections = 0
        self.listening: Future[tuple[str, int]] = Future()

    async def run(self, outlet: Outlet) -> None:
        """Serve until cancelled; SetupError when the port cannot be had."""

        served: set[asyncio.Task[None]] = set()

        def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            # Tasks of our own, so that none outlives this feed.
            task = asyncio.get_running_loop().create_task(self._serve(reader, writer, outlet))
            served.add(task)
            task.add_done_callback(served.discard)

        try:
            server = await asyncio.start_server(serve, self._host, self._port, ssl=self._tls)
        except OSError as error:
            raise SetupError(
                f"{self.source_id}: cannot listen on {self._host} port {self._port}: {error.strerror}"
            ) from error
        if not self.listening.done():
            self.listening.set_result(server.sockets[0].getsockname()[:2])
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            server.close()
            for task in served:
                task.cancel()
            await asyncio.gather(*served, return_exceptions=True)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, outlet: Outlet
    ) -> None:
        peer = "{}:{}".format(*writer.get_extra_info("peername")[:2])
        if self._connections >= MOST_CONNECTIONS:
            outlet.said(f"{peer} was turned away: {MOST_CONNECTIONS} are connected already.")
            await _close(writer)
            return
        self._connections += 1
        outlet.said(f"{peer} connected.")
        try:
            await follow(reader, self._make_framer(), self._translator, outlet, self._idle_s)
        except LinkError as error:
            outlet.said(f"{peer}: {error}.")
        else:
            outlet.said(f"{peer} closed the connection.")
        finally:
            self._connections -= 1
            await _close(writer)


async def _close(writer: asyncio.StreamWriter) -> None:
    """Close for good; whatever the peer makes of it is no matter of ours."""
    writer.close()
    with contextlib.suppress(OSError, ssl.SSLError):
        await writer.wait_closed()


async def follow(
    reader: asyncio.StreamReader, framer: Framer, translator: Translator, outlet: Outlet, idle_s: float
) -> None:
    """Read a stream to its end; LinkError when it breaks, is silent for too long or can not be followed."""
    while True:
        try:
            async with asyncio.timeout(idle_s):
                data = await reader.read(CHUNK_BYTES)
        except TimeoutError as error:
            raise LinkError(f"silent for {idle_s:.0f} s") from error
        except OSError as error:
            raise LinkError(f"the connection broke: {error}") from error
        if not data:
            return
        now_utc_ns = outlet.now_utc_ns()
        try:
            messages = framer.feed(data)
        except DecodeError as error:
            outlet.put(Taken(refusals=(refusal_of(error, data),)))
            raise LinkError(str(error)) from error
        for message in messages:
            while (pause_s := outlet.pause_s()) > 0.0:
                await asyncio.sleep(pause_s)
            if outlet.admit():
                outlet.put(translator.take(message, now_utc_ns))
