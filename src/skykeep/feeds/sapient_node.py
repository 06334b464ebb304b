"""One edge node on the line: what the server does with each message it sends.

An edge node registers, is acknowledged, then reports. What is wrong gets an error that names every field at
fault, and is refused and counted; an error of theirs never gets one back. Errors are answered at 10 a second
at most. Nodes that act on targets are refused at registration.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from skykeep.base.errors import DecodeError, InputError
from skykeep.domain.feed import Taken, refusal_of
from skykeep.feeds.feed import Outlet
from skykeep.feeds.sapient_link import Drops, Link
from skykeep.feeds.sapient_pace import Bucket
from skykeep.wire.sapient import content_of, faults_of, parse_message
from skykeep.wire.sapient_inputs import SapientTranslator
from skykeep.wire.sapient_registration import (
    EFFECTORS,
    Registration,
    registration_of,
    speaks_version_2,
)
from skykeep.wire.sapient_schema import printable
from skykeep.wire.sapient_task import SensingTask, refusals, task_message
from skykeep.wire.sapient_tell import alert_ack, error_message, registration_ack

ERRORS_PER_S = 10.0
MOST_ASKED = 64
SENT_BY_NODES = ("registration", "status_report", "detection_report", "alert", "task_ack", "error")


class TaskAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a node answered to a task: accepted or not, and its reasons."""

    task_id: str
    accepted: bool
    reasons: tuple[str, ...]


class NodeLine:
    """A registered edge node's connection. `node_id` is ours, as every message says."""

    def __init__(
        self, link: Link, outlet: Outlet, node_id: str, translator: SapientTranslator, per_s: float
    ) -> None:
        self.link = link
        self.translator = translator
        self.drops = Drops(outlet, translator.node.sensor.name)
        self._outlet = outlet
        self._us = node_id
        self._messages = Bucket(per_s, 2.0 * per_s)
        self._errors = Bucket(ERRORS_PER_S, ERRORS_PER_S)
        self._asked: dict[str, asyncio.Future[TaskAnswer]] = {}
        self._sequence = 0

    @property
    def node_id(self) -> str:
        return self.translator.node.node_id

    @property
    def registration(self) -> Registration | None:
        return self.translator.registration

    async def take(self, payload: bytes, received_utc_ns: int) -> None:
        """Take one message of the node."""
        if not self._messages.take(received_utc_ns):
            self.drops.add("messages over its rate", received_utc_ns)
            return
        if not self._outlet.admit():
            self.drops.add("messages over the rate of all nodes", received_utc_ns)
            return
        try:
            message = parse_message(payload)
        except DecodeError as error:
            await self.complain([error], payload, received_utc_ns)
            return
        faults: list[InputError] = list(faults_of(message))
        if not faults:
            faults = await self._understand(message, received_utc_ns)
        if faults:
            await self._refuse(message, faults, payload, received_utc_ns)

    async def _understand(self, message: Any, received_utc_ns: int) -> list[InputError]:
        content = content_of(message)
        if content not in SENT_BY_NODES:
            return [InputError("content", content, f"what an edge node sends: {', '.join(SENT_BY_NODES)}")]
        if content == "registration":
            reasons = reasons_to_refuse(registration_of(message))
            if reasons:
                return [InputError("registration", reason, "a sensor's") for reason in reasons]
        elif self.registration is None:
            return [InputError("content", content, "a registration, before anything else")]
        if message.destination_id not in ("", self._us):
            self.translator.counts["addressed to another, and taken"] += 1
        try:
            taken = self.translator.take_message(message, received_utc_ns)
        except DecodeError as error:
            return [error]
        if taken.records:
            self._outlet.put(taken)
        await self._answer(content, message)
        return []

    async def _answer(self, content: str, message: Any) -> None:
        if content == "registration" and self.registration is not None:
            await self.link.send(registration_ack(self._us, self.node_id, self._outlet.now_utc_ns()))
            told = self.registration
            kinds = ", ".join(told.node_types).replace("_", " ")
            self._outlet.said(f"{told.shown_name} ({kinds}) registered as {self.translator.node.sensor.name}")
        elif content == "alert":
            alert = message.alert
            await self.link.send(alert_ack(self._us, self.node_id, self._outlet.now_utc_ns(), alert.alert_id))
            self._outlet.said(f"{self.link.name} warns: {printable(alert.description) or 'no description'}")
        elif content == "task_ack":
            self._settle(message.task_ack)
        elif content == "error":
            faults = printable("; ".join(message.error.error_message)) or "no reason"
            self._outlet.said(f"{self.link.name} could not use what we sent: {faults}")

    async def _refuse(
        self, message: Any, faults: list[InputError], payload: bytes, received_utc_ns: int
    ) -> None:
        if content_of(message) == "registration":
            reasons = [str(fault) for fault in faults]
            now_utc_ns = self._outlet.now_utc_ns()
            await self.link.send(registration_ack(self._us, self.node_id, now_utc_ns, reasons))
            self._outlet.said(f"{self.link.name}: registration refused: {'; '.join(reasons)}")
        await self.complain(faults, payload, received_utc_ns, silently=content_of(message) == "error")

    async def complain(
        self, faults: list[InputError], payload: bytes, received_utc_ns: int, *, silently: bool = False
    ) -> None:
        """Refuse what came, count it, and say to the node why."""
        self.translator.counts["refused"] += 1
        self._outlet.put(Taken(refusals=tuple(refusal_of(fault, payload) for fault in faults)))
        if silently or not self._errors.take(received_utc_ns):
            self.translator.counts["refused without an answer"] += 1
            return
        sentences = [str(fault) for fault in faults]
        now_utc_ns = self._outlet.now_utc_ns()
        await self.link.send(error_message(self._us, self.node_id, now_utc_ns, payload, sentences))

    async def ask(self, asked: SensingTask, timeout_s: float) -> TaskAnswer:
        """Send a task and return the answer; InputError when it may not be sent or is not answered."""
        if self.registration is None:
            raise InputError("node", "not registered", "registered")
        if len(self._asked) >= MOST_ASKED:
            raise InputError("task", f"{len(self._asked)} tasks wait for answers", f"under {MOST_ASKED}")
        now_utc_ns = self._outlet.now_utc_ns()
        message = task_message(self._us, self.node_id, now_utc_ns, self._sequence, asked)
        self._sequence += 1
        reasons = refusals(message, self.registration)
        if reasons:
            raise InputError("task", "; ".join(reasons), "a sensing task that the node offers")
        answer: asyncio.Future[TaskAnswer] = asyncio.get_running_loop().create_future()
        self._asked[message.task.task_id] = answer
        try:
            await self.link.send(message)
            return await asyncio.wait_for(answer, timeout_s)
        except TimeoutError as error:
            raise InputError("task", f"no answer in {timeout_s:g} s", "acknowledged") from error
        finally:
            self._asked.pop(message.task.task_id, None)

    def _settle(self, ack: Any) -> None:
        reasons = tuple(ack.reason)
        answer = self._asked.get(ack.task_id)
        if answer is not None and not answer.done():
            accepted = ack.task_status in (1, 3)
            answer.set_result(TaskAnswer(task_id=ack.task_id, accepted=accepted, reasons=reasons))
            return
        what = {1: "accepted", 2: "rejected", 3: "completed", 4: "failed"}.get(ack.task_status, "answered")
        self._outlet.said(
            f"{self.link.name}: task {ack.task_id} {what} {printable('; '.join(reasons))}".strip()
        )

    def close(self, why: str) -> None:
        """Close the connection; whoever waits for an answer is told why."""
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(InputError("node", why, "connected"))
        self.drops.tell(self._outlet.now_utc_ns())
        self.link.close()


def reasons_to_refuse(registration: Registration) -> list[str]:
    """Return why a node may not join."""
    reasons = []
    if not speaks_version_2(registration.version):
        reasons.append(f"icd_version {registration.version!r}: only BSI Flex 335 v2.0 is spoken here")
    acting = sorted(EFFECTORS.intersection(registration.node_types))
    if acting:
        reasons.append(f"node type {', '.join(acting)}: Skykeep takes sensors only")
    return reasons
