"""Skykeep as a SAPIENT fusion node: a server that edge nodes connect and register to.

Nodes are configured: a node id that is not is refused with an acknowledgement that says so. A node that
connects again replaces its earlier connection. TLS asks every node for a certificate; without TLS only
loopback addresses are served. One node's flood is dropped at its own rate, so that no other node suffers.
"""

from __future__ import annotations

import asyncio
import errno
import ssl

import msgspec

from skykeep.base.errors import DecodeError, InputError, LinkError, SetupError
from skykeep.domain.feed import Taken, refusal_of
from skykeep.feeds.feed import Outlet
from skykeep.feeds.sapient_link import Drops, Link
from skykeep.feeds.sapient_node import NodeLine, TaskAnswer
from skykeep.feeds.sapient_pace import Bucket
from skykeep.feeds.sapient_tls import TlsFiles, certificate_names, require_loopback, server_context
from skykeep.geo.frames import LocalFrame
from skykeep.wire.sapient import check_message, content_of, parse_message
from skykeep.wire.sapient_ids import UUID_4
from skykeep.wire.sapient_inputs import SapientTranslator
from skykeep.wire.sapient_place import SapientNode
from skykeep.wire.sapient_registration import Registration
from skykeep.wire.sapient_task import SensingTask
from skykeep.wire.sapient_tell import error_message, registration_ack

ANSWER_S = 5.0
ARRIVALS_PER_S, ARRIVALS_AT_ONCE = 10.0, 50.0
SILENT_INTERVALS = 4.0
"""A node that sends nothing for so many of its own status intervals is taken for gone."""
MOST_SILENCE_S = 3_600.0


class SapientServerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`messages_per_s` is of one node, with a burst of twice that. `port` 0 takes any free one. A node must
    register in `register_s`, and is not called silent before `least_silence_s`.
    """

    source_id: str
    node_id: str
    address: str
    port: int
    nodes: tuple[SapientNode, ...]
    tls: TlsFiles | None = None
    messages_per_s: float = 100.0
    most_connections: int = 64
    register_s: float = 10.0
    least_silence_s: float = 10.0


class SapientServer:
    """Serves edge nodes until cancelled; `ask` tasks one of them, from the same event loop."""

    def __init__(self, settings: SapientServerSettings, frame: LocalFrame) -> None:
        for node_id in (settings.node_id, *(node.node_id for node in settings.nodes)):
            if UUID_4.fullmatch(node_id) is None:
                raise SetupError(f"node_id {node_id!r} must be a UUID of version 4 in lower case with dashes")
        if settings.tls is None:
            require_loopback(settings.address)
        self.port = settings.port
        self.listening = asyncio.Event()
        self._settings = settings
        self._frame = frame
        self._nodes = {node.node_id: node for node in settings.nodes}
        if len(self._nodes) != len(settings.nodes):
            raise SetupError("two nodes are configured with one node_id")
        self._translators: dict[str, SapientTranslator] = {}
        self._lines: dict[str, NodeLine] = {}
        self._serving: set[asyncio.Task[None]] = set()
        self._arrivals = Bucket(ARRIVALS_PER_S, ARRIVALS_AT_ONCE)

    @property
    def source_id(self) -> str:
        return self._settings.source_id

    @property
    def registrations(self) -> dict[str, Registration]:
        """What the nodes that are connected said of themselves, by node id."""
        return {
            node_id: line.registration
            for node_id, line in self._lines.items()
            if line.registration is not None
        }

    def counts(self, node_id: str) -> dict[str, int]:
        """Return what came from a node and what became of it, over all its connections."""
        translator = self._translators.get(node_id)
        return {} if translator is None else dict(translator.counts)

    async def ask(self, node_id: str, asked: SensingTask, timeout_s: float = ANSWER_S) -> TaskAnswer:
        """Task a node and return its answer; InputError when it is not here, may not be tasked so, or does
        not answer.
        """
        line = self._lines.get(node_id)
        if line is None:
            raise InputError("node", f"{node_id} is not connected", "connected")
        return await line.ask(asked, timeout_s)

    async def run(self, outlet: Outlet) -> None:
        """Serve until cancelled; SetupError when the address or the TLS files cannot be used."""
        settings = self._settings

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await self._serve(reader, writer, outlet, arrivals)
            except asyncio.CancelledError:
                return  # we are stopping; Python 3.11 logs a cancelled handler as an error

        arrivals = Drops(outlet, settings.source_id)
        context: ssl.SSLContext | None = None
        if settings.tls is not None:
            context = server_context(
                settings.tls, lambda why: outlet.said(f"a TLS client was refused: {why}")
            )
        try:
            server = await asyncio.start_server(serve, settings.address, settings.port, ssl=context)
        except OSError as error:
            kind = LinkError if error.errno == errno.EADDRINUSE else SetupError
            raise kind(f"{settings.address}:{settings.port}: {error.strerror or error}") from error
        self.port = server.sockets[0].getsockname()[1]
        self.listening.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            self.listening.clear()
            server.close()
            for task in self._serving:
                task.cancel()
            await asyncio.gather(*self._serving, return_exceptions=True)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, outlet: Outlet, arrivals: Drops
    ) -> None:
        host, port = writer.get_extra_info("peername")[:2]
        link = Link(reader, writer, f"{host}:{port}")
        now_utc_ns = outlet.now_utc_ns()
        full = len(self._serving) >= self._settings.most_connections
        if full or not self._arrivals.take(now_utc_ns):
            why = (
                f"connections over {self._settings.most_connections} at once" if full else "hasty connections"
            )
            arrivals.add(why, now_utc_ns)
            link.close()
            return
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        line: NodeLine | None = None
        try:
            async with asyncio.timeout(self._settings.register_s):
                line, first = await self._first(link, outlet)
            if line is not None:
                await self._follow(line, first, outlet)
        except TimeoutError:
            outlet.said(f"{link.name}: did not register in {self._settings.register_s:.0f} s, closed")
        except LinkError as error:
            if line is None or self._lines.get(line.node_id) is line:
                outlet.said(str(error))
        finally:
            if line is not None and self._lines.get(line.node_id) is line:
                del self._lines[line.node_id]
                line.close("the connection is closed")
                if line.registration is not None:
                    outlet.put(Taken(records=(line.translator.gone(outlet.now_utc_ns()),)))
            link.close()
            self._serving.discard(task)

    async def _first(self, link: Link, outlet: Outlet) -> tuple[NodeLine | None, list[bytes]]:
        """Read until a first message says who this is; return its line and all messages read so far."""
        while True:
            frames = await self._frames(link, outlet)
            if frames is None:
                return None, []
            if frames:
                return await self._identify(link, frames[0], outlet), frames

    async def _frames(self, link: Link, outlet: Outlet) -> list[bytes] | None:
        """Return the messages that came; None when the stream can never be followed again."""
        data = b""
        try:
            link.framer.feed(data)  # a length that cannot be, behind messages that were whole
            data = await link.read()
            return link.framer.feed(data)
        except DecodeError as error:
            await self._turn_away(link, outlet, error, data)
            return None

    async def _identify(self, link: Link, payload: bytes, outlet: Outlet) -> NodeLine | None:
        settings = self._settings
        try:
            message = parse_message(payload)
            if UUID_4.fullmatch(message.node_id) is None:
                check_message(message)
        except DecodeError as error:
            await self._turn_away(link, outlet, error, payload)
            return None
        node = self._nodes.get(message.node_id)
        why = "" if node is not None else f"node {message.node_id} is not configured here"
        if node is not None and settings.tls is not None and node.certificate_name:
            names = certificate_names(link.certificate())
            if node.certificate_name not in names:
                shown = ", ".join(sorted(names)) or "nobody"
                why = f"the certificate of {shown} is not that of {node.certificate_name}"
        if node is None or why:
            outlet.put(
                Taken(refusals=(refusal_of(InputError("node_id", why, "a configured node"), payload),))
            )
            outlet.said(f"{link.name}: refused: {why}")
            if content_of(message) == "registration":
                now_utc_ns = outlet.now_utc_ns()
                await link.send(registration_ack(settings.node_id, message.node_id, now_utc_ns, [why]))
            else:
                await self._complain(link, outlet, why, payload)
            return None
        link.name = f"{node.sensor.name} ({link.name})"
        return self._take_over(link, node, outlet)

    async def _turn_away(self, link: Link, outlet: Outlet, error: DecodeError, data: bytes) -> None:
        outlet.put(Taken(refusals=(refusal_of(error, data),)))
        outlet.said(f"{link.name}: closed: {error}")
        await self._complain(link, outlet, str(error), data[:2_048])

    async def _complain(self, link: Link, outlet: Outlet, why: str, data: bytes) -> None:
        await link.send(error_message(self._settings.node_id, "", outlet.now_utc_ns(), data, [why]))

    def _take_over(self, link: Link, node: SapientNode, outlet: Outlet) -> NodeLine:
        # The translator outlives connections: its sequence numbers must never come twice.
        translator = self._translators.setdefault(node.node_id, SapientTranslator(node, self._frame))
        translator.registration = None
        line = NodeLine(link, outlet, self._settings.node_id, translator, self._settings.messages_per_s)
        earlier = self._lines.get(node.node_id)
        self._lines[node.node_id] = line
        if earlier is not None:
            outlet.said(f"{link.name} connected again: {earlier.link.name} is closed")
            earlier.close("replaced by a newer connection")
        return line

    async def _follow(self, line: NodeLine, first: list[bytes], outlet: Outlet) -> None:
        frames: list[bytes] | None = first
        received_utc_ns = outlet.now_utc_ns()
        while frames is not None:
            for payload in frames:
                await line.take(payload, received_utc_ns)
            silence_s = self._silence_s(line.registration)
            try:
                async with asyncio.timeout(silence_s):
                    frames = await self._frames(line.link, outlet)
            except TimeoutError as error:
                raise LinkError(f"{line.link.name}: silent for {silence_s:.0f} s, closed") from error
            received_utc_ns = outlet.now_utc_ns()

    def _silence_s(self, registration: Registration | None) -> float:
        if registration is None:
            return self._settings.register_s
        own_s = SILENT_INTERVALS * registration.status_interval_s
        return min(max(own_s, self._settings.least_silence_s), MOST_SILENCE_S)
