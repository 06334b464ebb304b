"""Streams, dialled by us and by others."""

from __future__ import annotations

import asyncio

import pytest

from live_peers import KeepingOutlet, LineFramer, NumberTranslator, until, within
from skykeep.base.errors import LinkError
from skykeep.feeds.tcp import MOST_CONNECTIONS, TcpClientFeed, TcpServerFeed

LINES = b"".join(b"%d 10 20\n" % k for k in range(100))


def sequences(outlet: KeepingOutlet) -> list[int]:
    return [record.sequence for taken in outlet.taken for record in taken.records]


async def serving(data: bytes, chunk: int) -> tuple[asyncio.Server, int]:
    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for start in range(0, len(data), chunk):
            writer.write(data[start : start + chunk])
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("chunk", [1, 7, 100_000])
def test_a_stream_in_any_pieces_gives_the_same(chunk: int) -> None:
    outlet = KeepingOutlet()

    async def run() -> None:
        server, port = await serving(LINES, chunk)
        async with server:
            feed = TcpClientFeed("s", NumberTranslator("s"), LineFramer, "127.0.0.1", port)
            with pytest.raises(LinkError, match="closed the connection"):
                await feed.run(outlet)

    within(run())
    assert sequences(outlet) == list(range(100))


def test_a_server_that_is_not_there_is_a_lost_link() -> None:
    async def run() -> None:
        server, port = await serving(b"", 1)
        server.close()
        await server.wait_closed()
        await TcpClientFeed("s", NumberTranslator("s"), LineFramer, "127.0.0.1", port).run(KeepingOutlet())

    with pytest.raises(LinkError, match="does not answer"):
        within(run())


def test_a_server_that_says_nothing_is_a_lost_link() -> None:
    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(hold, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            feed = TcpClientFeed("s", NumberTranslator("s"), LineFramer, "127.0.0.1", port, idle_s=0.05)
            await feed.run(KeepingOutlet())

    with pytest.raises(LinkError, match="silent for 0 s"):
        within(run())


def test_a_stream_that_cannot_be_followed_is_refused_and_closed() -> None:
    outlet = KeepingOutlet()

    async def run() -> None:
        server, port = await serving(b"1 2 3\n" + b"x" * 5_000, 10_000)
        async with server:
            feed = TcpClientFeed("s", NumberTranslator("s"), LineFramer, "127.0.0.1", port)
            with pytest.raises(LinkError, match="line: 5000 octets and no end, must be at most 1,000"):
                await feed.run(outlet)

    within(run())
    assert outlet.refused == 1


async def dial(port: int, data: bytes) -> asyncio.StreamWriter:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    await writer.drain()
    return writer


def test_several_devices_dial_in_and_too_many_are_turned_away() -> None:
    outlet = KeepingOutlet()

    async def run() -> None:
        feed = TcpServerFeed("s", NumberTranslator("s"), LineFramer, 0)
        task = asyncio.create_task(feed.run(outlet))
        _, port = await asyncio.wrap_future(feed.listening)
        writers = [await dial(port, b"%d 1 1\n" % k) for k in range(MOST_CONNECTIONS + 2)]
        await until(lambda: len(sequences(outlet)) == MOST_CONNECTIONS)
        await until(lambda: sum("turned away" in s for s in outlet.sentences) == 2)
        for writer in writers:
            writer.close()
        await until(lambda: sum("closed the connection" in s for s in outlet.sentences) == MOST_CONNECTIONS)
        last = await dial(port, b"99 1 1\n")
        await until(lambda: 99 in sequences(outlet))
        last.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    within(run())


def test_half_a_line_of_one_device_is_not_mixed_with_anothers() -> None:
    outlet = KeepingOutlet()

    async def run() -> None:
        feed = TcpServerFeed("s", NumberTranslator("s"), LineFramer, 0)
        task = asyncio.create_task(feed.run(outlet))
        _, port = await asyncio.wrap_future(feed.listening)
        first, second = await dial(port, b"1 1"), await dial(port, b"2 2 ")
        await asyncio.sleep(0.05)
        first.write(b" 1\n")
        second.write(b"2\n")
        await until(lambda: sorted(sequences(outlet)) == [1, 2])
        first.close()
        second.close()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    within(run())
    assert outlet.refused == 0
