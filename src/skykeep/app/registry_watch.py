"""Asks registers about every identity that is claimed, once, beside the watch; what they answer is an input.

A listener of the pipeline: a claim of somebody new is put into a bounded queue, and a thread of its own asks.
The watch never waits for a register and needs none. A register that gives no answer is asked again after
`AGAIN_S`, `MOST_TRIES` times in all while the identity is still claimed. Everything is counted. A replay asks
nobody: the answers are in the log.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from skykeep.base.clock import Clock, seconds_to_ns
from skykeep.domain.orders import StandingOrder
from skykeep.domain.registry import RegistryAnswer, RegistryStatus
from skykeep.domain.sensing import Claim, ClaimKind
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import Judgement, Rejection
from skykeep.response import ResponseEvent

MOST_WAITING = 256
MOST_REMEMBERED = 20_000
AGAIN_S = 30.0
MOST_TRIES = 4
LOOK_S = 0.25
Name = tuple[ClaimKind, str]


class Register(Protocol):
    """Somewhere to ask: a file, an address."""

    @property
    def name(self) -> str: ...

    def ask(self, kind: ClaimKind, claimed_id: str, now_utc_ns: int) -> RegistryAnswer | None:
        """Return its answer, None where it has nothing to say; within a time of its own, never an error."""
        ...


class _Asked:
    """How far one identity has come: the registers that have not answered, and when to try again."""

    def __init__(self, registers: tuple[Register, ...]) -> None:
        self.left = registers
        self.tries = 0
        self.again_utc_ns = 0
        self.waiting = False


class RegistryWatch:
    """A listener of the pipeline, in its thread; `give` gets each answer, in the asking thread."""

    def __init__(
        self, registers: tuple[Register, ...], clock: Clock, give: Callable[[RegistryAnswer], None]
    ) -> None:
        self._registers, self._clock, self._give = registers, clock, give
        self._queue: queue.Queue[Name] = queue.Queue(MOST_WAITING)
        self._asked: dict[Name, _Asked] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.counts: Counter[str] = Counter()

    def on_input(self, record: Input) -> None:
        """Note who is claimed, and what was answered: after a restart nobody is asked twice."""
        if isinstance(record, Claim):
            self.on_claim(record)
        elif isinstance(record, RegistryAnswer) and record.status is not RegistryStatus.UNREACHABLE:
            asked = self._of((record.kind, record.claimed_id))
            asked.left = tuple(register for register in asked.left if register.name != record.source)

    def on_judgement(self, judgement: Judgement) -> None:
        """Nothing to do."""

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:
        """Nothing to do."""

    def on_order(self, order: StandingOrder) -> None:
        """Nothing to do."""

    def on_rejection(self, rejection: Rejection, time_utc_ns: int) -> None:
        """Nothing to do."""

    def on_claim(self, claim: Claim) -> None:
        """See to it that this identity is asked about; never waits. From one thread only."""
        name = (claim.kind, claim.claimed_id)
        asked = self._of(name)
        due = asked.left and asked.tries < MOST_TRIES and claim.received_utc_ns >= asked.again_utc_ns
        if asked.waiting or not due:
            return
        asked.waiting = True
        try:
            self._queue.put_nowait(name)
        except queue.Full:
            # Whoever goes on claiming it gets another chance at its next claim.
            asked.waiting = False
            self.counts["put off"] += 1

    def ask_next(self, wait_s: float = 0.0) -> bool:
        """Ask every register about the identity that has waited longest; return whether there was one."""
        try:
            name = self._queue.get(timeout=wait_s) if wait_s > 0.0 else self._queue.get_nowait()
        except queue.Empty:
            return False
        asked = self._asked.get(name)
        if asked is None:
            return True
        left = []
        for register in asked.left:
            answer = self._ask(register, name)
            if answer is None:
                continue
            if answer.status is RegistryStatus.UNREACHABLE:
                left.append(register)
            if answer.status is not RegistryStatus.UNREACHABLE or asked.tries == 0:
                self._give(answer)
        asked.tries += 1
        asked.left = tuple(left)
        asked.again_utc_ns = self._clock.now_utc_ns() + seconds_to_ns(AGAIN_S)
        asked.waiting = False
        return True

    def _of(self, name: Name) -> _Asked:
        asked = self._asked.get(name)
        if asked is None:
            if len(self._asked) >= MOST_REMEMBERED:
                self._asked.pop(next(iter(self._asked)))
            asked = self._asked[name] = _Asked(self._registers)
        return asked

    def _ask(self, register: Register, name: Name) -> RegistryAnswer | None:
        answer = register.ask(*name, self._clock.now_utc_ns())
        self.counts["asked"] += 1
        self.counts["nothing" if answer is None else answer.status.value] += 1
        return answer

    def start(self) -> None:
        """Ask from now on, in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="registers", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask no more, and wait until the last answer is in."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._stop.is_set():
            self.ask_next(LOOK_S)
