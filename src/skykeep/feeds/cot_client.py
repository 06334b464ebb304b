"""A TAK server, both ways, over TCP or TLS.

Connected, we first say who we are, then send what waits in the outbox and take what comes. A ping goes out
every `ping_every_s`; a server that says nothing for `silent_after_s`, takes nothing for as long, or leaves
the choice of protocol open for `answer_within_s` is given up with a LinkError, and whoever runs the feed
connects again. `standing` gives what is to be sent anew at each connection and once a minute: zones,
sensors, alerts in force. TLS always checks the server's certificate; there is no way to switch that off.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Iterable

import msgspec

from skykeep.base.errors import DecodeError, LinkError, SetupError
from skykeep.feeds.cot_outbox import Outbox
from skykeep.feeds.cot_talk import CotTalk
from skykeep.feeds.feed import Outlet
from skykeep.wire.cot import CotEvent, CotPoint
from skykeep.wire.cot_inputs import CotInputs
from skykeep.wire.cot_proto import decode_message
from skykeep.wire.cot_source import CotSource, ping

READ_BYTES = 65_536


class CotTls(msgspec.Struct, frozen=True, kw_only=True):
    """Files for TLS, all PEM: whom to trust ("" is the system's own), and who we are."""

    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    server_name: str = ""


class CotServer(msgspec.Struct, frozen=True, kw_only=True):
    """Where a TAK server is and how patient we are with it."""

    host: str
    port: int
    tls: CotTls | None = None
    protobuf: bool = True
    connect_within_s: float = 10.0
    ping_every_s: float = 15.0
    silent_after_s: float = 45.0
    answer_within_s: float = 60.0
    report_every_s: float = 60.0


def nothing_standing(_now_utc_ns: int) -> Iterable[CotEvent]:
    """Return no events: for feeds that only listen."""
    return ()


class CotClient:
    """The feed of one TAK server. What is to be told it goes into `outbox`."""

    def __init__(
        self,
        source_id: str,
        server: CotServer,
        *,
        source: CotSource,
        place: CotPoint,
        inputs: CotInputs,
        outbox: Outbox | None = None,
        standing: Callable[[int], Iterable[CotEvent]] = nothing_standing,
    ) -> None:
        self._source_id = source_id
        self._server = server
        self._source = source
        self._place = place
        self._inputs = inputs
        self._standing = standing
        self._protobuf = server.protobuf
        self._tls = None if server.tls is None else tls_context(server.tls)
        self.outbox = Outbox() if outbox is None else outbox

    @property
    def source_id(self) -> str:
        return self._source_id

    async def run(self, outlet: Outlet) -> None:
        """Serve one connection until it is gone."""
        reader, writer = await self._connect()
        server = f"TAK server {self._server.host}:{self._server.port}"
        try:
            outlet.said(
                f"connected to {server}"
                + (" over TLS" if self._tls else ", not encrypted: others can read along and write")
            )
            await _Connection(self, outlet, reader, writer, server).serve()
        finally:
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(2.0):
                    await writer.wait_closed()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        server, tls = self._server, self._server.tls
        where = f"TAK server {server.host}:{server.port}"
        try:
            async with asyncio.timeout(server.connect_within_s):
                return await asyncio.open_connection(
                    server.host,
                    server.port,
                    ssl=self._tls,
                    server_hostname=None if tls is None else tls.server_name or server.host,
                )
        except ssl.SSLCertVerificationError as error:
            raise LinkError(f"{where}: its certificate is not trusted: {error.verify_message}") from error
        except TimeoutError as error:
            raise LinkError(f"{where} does not answer within {server.connect_within_s:g} s") from error
        except OSError as error:
            raise LinkError(f"{where} cannot be reached: {error.strerror or error}") from error


class _Connection:
    """One connection, from the first event to the last."""

    def __init__(
        self,
        client: CotClient,
        outlet: Outlet,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        name: str,
    ) -> None:
        self._client = client
        self._server = client._server
        self._outlet = outlet
        self._reader = reader
        self._writer = writer
        self._name = name
        self._talk = CotTalk(wants_protobuf=client._protobuf)
        self._open = asyncio.Event()
        self._open.set()
        self._heard_s = self._asked_s = asyncio.get_running_loop().time()

    async def serve(self) -> None:
        """Read, write and keep alive until one of the three fails; that failure is the reason given."""
        self._writer.write(self._talk.encode(self._report()))
        self._queue_standing()
        jobs = [asyncio.ensure_future(job()) for job in (self._read, self._write, self._keep)]
        try:
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            for job in done:
                job.result()
        except OSError as error:
            raise LinkError(f"{self._name}: {error.strerror or error}") from error
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)

    def _report(self) -> CotEvent:
        return self._client._source.self_report(self._outlet.now_utc_ns(), self._client._place)

    def _queue_standing(self) -> None:
        for event in self._client._standing(self._outlet.now_utc_ns()):
            self._client.outbox.put(event)

    async def _read(self) -> None:
        while data := await self._reader.read(READ_BYTES):
            received_utc_ns = self._outlet.now_utc_ns()
            self._heard_s = asyncio.get_running_loop().time()
            try:
                messages = self._talk.framer.feed(data)
            except DecodeError as error:
                self._outlet.put(self._client._inputs.refused(error, data))
                raise LinkError(f"{self._name}: its stream cannot be followed: {error}") from error
            for message in messages:
                if self._outlet.admit():
                    self._take(message, received_utc_ns)
        raise LinkError(f"{self._name} closed the connection")

    def _take(self, message: bytes, received_utc_ns: int) -> None:
        inputs = self._client._inputs
        try:
            event = decode_message(message).event
        except DecodeError as error:
            self._outlet.put(inputs.refused(error, message))
            return
        if event is None:
            return
        if event.type.startswith(("t-x-takp-", "t-x-c-t")):
            self._answer(event, received_utc_ns)
        taken = inputs.take_event(event, received_utc_ns, message)
        if taken.records or taken.refusals:
            self._outlet.put(taken)

    def _answer(self, event: CotEvent, now_utc_ns: int) -> None:
        reply, sentence = self._talk.heard(event, now_utc_ns)
        if reply:
            self._writer.write(reply)
        if sentence:
            self._outlet.said(f"{self._name} {sentence}")
        if self._talk.may_send:
            self._open.set()
        elif self._open.is_set():
            self._open.clear()
            self._asked_s = asyncio.get_running_loop().time()

    async def _write(self) -> None:
        outbox = self._client.outbox
        while True:
            await outbox.wait()
            await self._open.wait()
            event = outbox.take(self._outlet.now_utc_ns())
            if event is None:
                continue
            self._writer.write(self._talk.encode(event))
            outbox.counts["sent"] += 1
            try:
                # Not wait_for: before Python 3.12 it may swallow a cancellation, and we would never end.
                async with asyncio.timeout(self._server.silent_after_s):
                    await self._writer.drain()
            except TimeoutError as error:
                raise LinkError(f"{self._name} takes nothing any more") from error

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        reported_s = loop.time()
        while True:
            await asyncio.sleep(self._server.ping_every_s)
            now_s = loop.time()
            if now_s - self._heard_s > self._server.silent_after_s:
                raise LinkError(f"{self._name} has said nothing for {now_s - self._heard_s:.0f} s")
            if not self._talk.may_send:
                if now_s - self._asked_s > self._server.answer_within_s:
                    self._client._protobuf = False
                    raise LinkError(f"{self._name} never answered which protocol to speak; next time XML")
                continue
            self._client.outbox.put(ping(self._client._source.uid, self._outlet.now_utc_ns()))
            if now_s - reported_s >= self._server.report_every_s:
                reported_s = now_s
                self._client.outbox.put(self._report())
                self._queue_standing()


def tls_context(tls: CotTls) -> ssl.SSLContext:
    """Return the context for a server, SetupError where a file is missing or is not what it should be."""
    try:
        context = ssl.create_default_context(cafile=tls.ca_file or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if tls.cert_file:
            context.load_cert_chain(tls.cert_file, tls.key_file or None)
    except (OSError, ValueError) as error:
        files = ", ".join(name for name in (tls.ca_file, tls.cert_file, tls.key_file) if name)
        raise SetupError(f"TLS files {files or 'of the system'}: {error}") from error
    return context
