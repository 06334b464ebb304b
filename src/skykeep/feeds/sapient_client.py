"""Skykeep as a SAPIENT edge node under a parent fusion node: its tracks and its own health, told onwards.

It connects, registers, waits to be accepted, then sends a status report every few seconds and tracks as
`TrackQueue` paces them. It answers requests for status and registration, and a change to the one mode it
has; every other task is refused with the reason. When the connection is gone, LinkError: whoever runs it
tries again, and what waits is kept.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from skykeep.base.errors import DecodeError, LinkError, SetupError
from skykeep.domain.feed import Taken, refusal_of
from skykeep.domain.track import TrackReport
from skykeep.feeds.feed import Outlet
from skykeep.feeds.sapient_link import TELL_EVERY_S, Link
from skykeep.feeds.sapient_pace import OLDEST_S, PER_S, TrackQueue
from skykeep.feeds.sapient_tls import TlsFiles, client_context, require_loopback
from skykeep.wire.sapient import content_of, decode_message, faults_of
from skykeep.wire.sapient_ids import UUID_4
from skykeep.wire.sapient_schema import printable
from skykeep.wire.sapient_task import REGISTRATION, STATUS
from skykeep.wire.sapient_tell import (
    MODE,
    Self,
    detection_report,
    error_message,
    registration,
    status_report,
    task_ack,
)

CONNECT_S = 10.0
ACCEPT_S = 10.0
OK, WARNING, ERROR, GOODBYE = 1, 2, 3, 5


class SapientClientSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the parent is, and what we say of ourselves. `parent_id` is "" while not known: the parent's
    first message tells.
    """

    source_id: str
    address: str
    port: int
    me: Self
    parent_id: str = ""
    tls: TlsFiles | None = None
    detections_per_s: float = PER_S
    oldest_s: float = OLDEST_S


class SapientClient:
    """Serves one parent. `offer` and `set_health` are to be called from the event loop that runs it."""

    def __init__(self, settings: SapientClientSettings) -> None:
        for node_id in (settings.me.node_id, *((settings.parent_id,) if settings.parent_id else ())):
            if UUID_4.fullmatch(node_id) is None:
                raise SetupError(f"node_id {node_id!r} must be a UUID of version 4 in lower case with dashes")
        if settings.tls is None:
            require_loopback(settings.address)
        if settings.detections_per_s <= 0.0:
            raise SetupError(f"detections_per_s {settings.detections_per_s:g} must be over 0")
        self.queue = TrackQueue(settings.detections_per_s, settings.oldest_s)
        self.counts: Counter[str] = Counter()
        self.accepted = asyncio.Event()
        self._settings = settings
        self._parent_id = settings.parent_id
        self._offered = asyncio.Event()
        self._status_wanted = asyncio.Event()
        self._health = (OK, "")
        self._sequence = 0
        self._told_held_back = 0

    @property
    def source_id(self) -> str:
        return self._settings.source_id

    def offer(self, reports: Iterable[TrackReport]) -> None:
        """Let tracks wait to be sent; while there is no parent, they grow old and are counted so."""
        self.queue.offer(reports)
        self._offered.set()

    def set_health(self, system: int, says: str = "") -> None:
        """Set what the next status reports say, and send one now: `OK`, `WARNING` or `ERROR`, and why."""
        self._health = (system, says)
        self._status_wanted.set()

    async def run(self, outlet: Outlet) -> None:
        """Serve until cancelled or the connection is gone; LinkError then, or when the parent refuses us."""
        link = await self._connect()
        try:
            await self._register(link, outlet)
            duties = [
                asyncio.ensure_future(duty)
                for duty in (self._listen(link, outlet), self._report(link, outlet), self._tell(link, outlet))
            ]
            try:
                await asyncio.wait(duties, return_when=asyncio.FIRST_COMPLETED)
            except asyncio.CancelledError:
                await self._say_goodbye(link, outlet)
                raise
            finally:
                for duty in duties:
                    duty.cancel()
                ends = await asyncio.gather(*duties, return_exceptions=True)
            for end in ends:
                if isinstance(end, Exception):
                    raise end
        finally:
            self.accepted.clear()
            link.close()

    async def _connect(self) -> Link:
        settings = self._settings
        context: ssl.SSLContext | None = None if settings.tls is None else client_context(settings.tls)
        where = f"{settings.address}:{settings.port}"
        try:
            reader, writer = await asyncio.wait_for(
                asyncio.open_connection(settings.address, settings.port, ssl=context), CONNECT_S
            )
        except TimeoutError as error:
            raise LinkError(f"{where}: no connection in {CONNECT_S:.0f} s") from error
        except OSError as error:
            raise LinkError(f"{where}: {error.strerror or error}") from error
        return Link(reader, writer, f"parent {where}")

    async def _register(self, link: Link, outlet: Outlet) -> None:
        me = self._settings.me
        await link.send(registration(me, self._parent_id, outlet.now_utc_ns()))
        try:
            async with asyncio.timeout(ACCEPT_S):
                while not self.accepted.is_set():
                    await self._hear(link, outlet)
        except TimeoutError as error:
            raise LinkError(f"{link.name}: did not answer our registration in {ACCEPT_S:.0f} s") from error
        outlet.said(f"{link.name}: accepted us as {me.name}")

    async def _listen(self, link: Link, outlet: Outlet) -> None:
        while True:
            await self._hear(link, outlet)

    async def _hear(self, link: Link, outlet: Outlet) -> None:
        data = await link.read()
        try:
            frames = link.framer.feed(data)
        except DecodeError as error:
            outlet.put(Taken(refusals=(refusal_of(error, data),)))
            raise LinkError(f"{link.name}: {error}") from error
        for payload in frames:
            await self._take(payload, link, outlet)

    async def _take(self, payload: bytes, link: Link, outlet: Outlet) -> None:
        try:
            message = decode_message(payload)
        except DecodeError as error:
            self.counts["refused"] += 1
            outlet.put(Taken(refusals=(refusal_of(error, payload),)))
            now_utc_ns = outlet.now_utc_ns()
            me = self._settings.me.node_id
            await link.send(error_message(me, self._parent_id, now_utc_ns, payload, [str(error)]))
            return
        self._parent_id = self._parent_id or message.node_id
        content = content_of(message)
        self.counts[content] += 1
        if content == "registration_ack":
            reasons = printable("; ".join(message.registration_ack.ack_response_reason))
            if not message.registration_ack.acceptance:
                raise LinkError(f"{link.name}: refuses us: {reasons or 'no reason given'}")
            self.accepted.set()
        elif content == "task":
            await self._do(message.task, link, outlet)
        elif content == "error":
            faults = printable("; ".join(message.error.error_message))
            outlet.said(f"{link.name} could not use what we sent: {faults}")

    async def _do(self, task: Any, link: Link, outlet: Outlet) -> None:
        reasons = reasons_not_to(task)
        me, now_utc_ns = self._settings.me, outlet.now_utc_ns()
        await link.send(task_ack(me.node_id, self._parent_id, now_utc_ns, task.task_id, reasons))
        if reasons:
            outlet.said(f"{link.name}: task {task.task_id} refused: {'; '.join(reasons)}")
        elif task.command.request.casefold() == STATUS.casefold():
            self._status_wanted.set()
        elif task.command.request.casefold() == REGISTRATION.casefold():
            await link.send(registration(me, self._parent_id, outlet.now_utc_ns()))

    async def _report(self, link: Link, outlet: Outlet) -> None:
        while True:
            self._status_wanted.clear()
            await self._send_status(link, outlet, *self._health)
            try:
                async with asyncio.timeout(self._settings.me.status_interval_s):
                    await self._status_wanted.wait()
            except TimeoutError:
                self._say_held_back(outlet)

    async def _send_status(self, link: Link, outlet: Outlet, system: int, says: str) -> None:
        me, now_utc_ns = self._settings.me, outlet.now_utc_ns()
        self._sequence += 1
        await link.send(
            status_report(me, self._parent_id, now_utc_ns, sequence=self._sequence, system=system, says=says)
        )

    async def _tell(self, link: Link, outlet: Outlet) -> None:
        while True:
            self._offered.clear()
            now_utc_ns = outlet.now_utc_ns()
            report = self.queue.take(now_utc_ns)
            if report is not None:
                await self._send_track(report, link)
                continue
            wait_s = self.queue.wait_s(now_utc_ns)
            try:
                async with asyncio.timeout(TELL_EVERY_S if wait_s is None else wait_s):
                    await self._offered.wait()
            except TimeoutError:
                continue

    async def _send_track(self, report: TrackReport, link: Link) -> None:
        message = detection_report(self._settings.me, self._parent_id, report)
        if faults_of(message):
            # A track may run away to where nothing can be; that must not silence the others.
            self.queue.counts["sent"] -= 1
            self.queue.counts["held back: a state that cannot be"] += 1
            return
        await link.send(message)

    def _say_held_back(self, outlet: Outlet) -> None:
        new = self.queue.held_back - self._told_held_back
        if new:
            why = "; ".join(
                f"{number} {name.removeprefix('held back: ')}"
                for name, number in sorted(self.queue.counts.items())
                if name != "sent"
            )
            outlet.said(f"{new} track states were not sent; in all, {why}")
            self._told_held_back = self.queue.held_back

    async def _say_goodbye(self, link: Link, outlet: Outlet) -> None:
        try:
            await self._send_status(link, outlet, GOODBYE, "")
        except LinkError:
            return


def reasons_not_to(task: Any) -> list[str]:
    """Return why a parent's task is refused, nothing where it is done."""
    if task.control != 1:
        return ["tasks here can only be started"]
    if task.region:
        return ["regions are set by the site's own people"]
    command = task.command.WhichOneof("command") if task.HasField("command") else None
    if command == "request":
        known = (STATUS, REGISTRATION)
        asked = task.command.request
        if asked.casefold() in (name.casefold() for name in known):
            return []
        return [f"request {asked[:64]!r}: only {' and '.join(known)} are answered"]
    if command == "mode_change":
        mode = task.command.mode_change
        return [] if mode == MODE else [f"mode {mode[:64]!r}: {MODE} is the only one"]
    return [f"{command or 'a task without a command'}: Skykeep reports tracks and does nothing else by order"]
