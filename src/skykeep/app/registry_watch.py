"""Asks registers about every identity that is claimed, once, beside the watch; what they answer is an input.

A listener of the pipeline: a claim of somebody new is put into a bounded queue, and a thread of its own asks.
The watch never waits for a register and needs none. A register that gives no answer is asked again after
`AGAIN_S`, `MOST_TRIES` times in all while the identity is still claimed. Everything is counted. A replay asks
nobody: the answers are in the log. After a restart nobody is asked for the log that is played through: who
had no answer and is still about claims again.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Callable
from typing import Protocol

from skykeep.app.watchers import Quiet
from skykeep.base.clock import Clock, seconds_to_ns
from skykeep.domain.registry import RegistryAnswer, RegistryStatus
from skykeep.domain.sensing import Claim, ClaimKind
from skykeep.engine.inputs import Input

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

    @property
    def kinds(self) -> frozenset[ClaimKind]:
        """The kinds of claims that it knows of; it is asked about no others."""
        ...

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


class RegistryWatch(Quiet):
    """A listener of the pipeline, in its thread; `give` gets each answer, in the asking thread. `say` is told
    once of each register that ceases to answer, and once when it does again.
    """

    def __init__(
        self,
        registers: tuple[Register, ...],
        clock: Clock,
        give: Callable[[RegistryAnswer], None] = lambda _: None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._registers, self._clock, self._give, self._say = registers, clock, give, say
        self._away: set[str] = set()
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
            if self._stop.is_set():
                return True
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
            about = tuple(register for register in self._registers if name[0] in register.kinds)
            asked = self._asked[name] = _Asked(about)
        return asked

    def _ask(self, register: Register, name: Name) -> RegistryAnswer | None:
        answer = register.ask(*name, self._clock.now_utc_ns())
        self.counts["asked"] += 1
        self.counts["nothing" if answer is None else answer.status.value] += 1
        away = answer is not None and answer.status is RegistryStatus.UNREACHABLE
        if away and register.name not in self._away:
            self._away.add(register.name)
            self._say(f"{register.name} does not answer: {'' if answer is None else answer.says}")
        elif not away and register.name in self._away:
            self._away.discard(register.name)
            self._say(f"{register.name} answers again.")
        return answer

    @property
    def summary(self) -> str:
        """What was asked and answered, as a sentence; empty where nobody was asked about."""
        if not self.counts["asked"]:
            return ""
        said = [f"{count:,} {what.replace('_', ' ')}" for what, count in sorted(self.counts.items())]
        return f"Registers: {', '.join(said)}."

    def start(self, give: Callable[[RegistryAnswer], None] | None = None) -> None:
        """Ask from now on, in a thread of its own, of whoever claims from now on; `give` gets the answers."""
        self._give = give or self._give
        while True:
            try:
                self._asked[self._queue.get_nowait()].waiting = False
            except queue.Empty:
                break
            except KeyError:
                continue
        self.counts.clear()
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
