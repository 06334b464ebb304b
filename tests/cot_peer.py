"""The other end of a TAK connection for tests: an outlet that remembers, and a small server."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable

from cot_samples import FRAME, NOW_UTC_NS, SENSOR, SOURCE
from skykeep.domain.feed import Received, Refusal, Taken
from skykeep.feeds.cot_client import CotClient, CotServer, CotTls
from skykeep.wire.cot import CotEvent, CotPoint
from skykeep.wire.cot_framer import CotFramer
from skykeep.wire.cot_inputs import CotInputs
from skykeep.wire.cot_proto import decode_message

PATIENCE_S = 60.0
HERE = CotPoint(latitude_deg=10.0, longitude_deg=20.0, height_hae_m=30.0)


class Heard:
    """An outlet that keeps everything and lets a test wait for it."""

    def __init__(self, now_utc_ns: Callable[[], int] = lambda: NOW_UTC_NS, room: int = 1_000_000) -> None:
        self.records: list[Received] = []
        self.refusals: list[Refusal] = []
        self.sentences: list[str] = []
        self.dropped = 0
        self._now_utc_ns = now_utc_ns
        self._room = room
        self._changed = asyncio.Event()

    def now_utc_ns(self) -> int:
        return self._now_utc_ns()

    def pause_s(self) -> float:
        return 0.0

    def lost(self, messages: int) -> None: ...

    def admit(self, messages: int = 1) -> bool:
        self._room -= messages
        self.dropped += self._room < 0
        self._changed.set()
        return self._room >= 0

    def put(self, taken: Taken) -> None:
        self.records += taken.records
        self.refusals += taken.refusals
        self._changed.set()

    def said(self, sentence: str) -> None:
        self.sentences.append(sentence)
        self._changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._changed.clear()
            await self._changed.wait()


class Peer:
    """One accepted connection as a server sees it: events, one by one, and whatever it likes to write."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.raw: list[bytes] = []
        self.writer = writer
        self._reader = reader
        self._framer = CotFramer()
        self._waiting: list[bytes] = []

    async def event(self) -> CotEvent:
        """Return the next event, whatever its form; `raw` keeps the form."""
        while not self._waiting:
            data = await self._reader.read(65_536)
            assert data, "the client closed the connection"
            self._waiting += self._framer.feed(data)
        self.raw.append(self._waiting.pop(0))
        event = decode_message(self.raw[-1]).event
        assert event is not None
        return event

    async def until(self, type_: str) -> CotEvent:
        """Return the next event of a type, passing over others."""
        while (event := await self.event()).type != type_:
            pass
        return event

    async def closed(self) -> None:
        while await self._reader.read(65_536):
            pass


Script = Callable[[Peer], Awaitable[None]]


async def with_server(
    script: Script,
    use: Callable[[int], Awaitable[None]],
    context: ssl.SSLContext | None = None,
) -> None:
    """Run a server that follows the script on each connection, and `use` its port."""
    failures: list[BaseException] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(Peer(reader, writer))
        except (AssertionError, OSError, asyncio.CancelledError) as error:
            failures.append(error)
        finally:
            writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=context)
    async with server:
        await use(server.sockets[0].getsockname()[1])
    assert not [one for one in failures if isinstance(one, AssertionError)]


def client(
    port: int,
    *,
    tls: CotTls | None = None,
    protobuf: bool = True,
    ping_every_s: float = 20.0,
    silent_after_s: float = 40.0,
    answer_within_s: float = 40.0,
    report_every_s: float = 60.0,
    standing: Callable[[int], list[CotEvent]] = lambda _: [],
) -> CotClient:
    return CotClient(
        "tak",
        CotServer(
            host="127.0.0.1",
            port=port,
            tls=tls,
            protobuf=protobuf,
            ping_every_s=ping_every_s,
            silent_after_s=silent_after_s,
            answer_within_s=answer_within_s,
            report_every_s=report_every_s,
        ),
        source=SOURCE,
        place=HERE,
        inputs=CotInputs(SENSOR, FRAME, own_uid=SOURCE.uid, detections_from=("EAST-RADAR",)),
        standing=standing,
    )


def bounded(story: Awaitable[None]) -> None:
    """Run a story to its end, within a minute."""

    async def run() -> None:
        async with asyncio.timeout(PATIENCE_S):
            await story

    asyncio.run(run())
