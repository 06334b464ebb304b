"""Tells people what happened, from what there still is to tell; whatever broke off is told after a restart.

A notice is written in the same transaction as the change that it tells of, and struck off when its subscriber
took it. A watch that is killed in between tells it after the restart. Subscribers are told beside one
another: one that does not answer keeps none of the others waiting, and is tried again ever more seldom.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from skykeep.base.clock import Clock, seconds_to_ns
from skykeep.base.errors import LinkError
from skykeep.domain.register import Delivery, Register
from skykeep.feeds.notice_senders import Sender

LOOK_EVERY_S = 0.25
TOLD_BESIDE_ONE_ANOTHER = 8
AT_ONCE = 200
_LOG = logging.getLogger(__name__)
SHORTEST_WAIT_S, LONGEST_WAIT_S = 1.0, 300.0


class Outbox(Protocol):
    """What has still to be told, kept by whoever has it to tell."""

    def deliveries(self, most: int) -> tuple[Delivery, ...]:
        """Return what has still to be told, oldest first."""
        ...

    def delivered(self, delivery: Delivery, time_utc_ns: int) -> None:
        """Take note that a notice was taken."""
        ...

    def failed(self, delivery: Delivery, because: str, time_utc_ns: int) -> None:
        """Take note that a notice was not taken."""
        ...


class RegisterOutbox(Outbox):
    """The register's: a notice is written in the same change as what it tells of."""

    def __init__(self, register: Register) -> None:
        self._register = register

    def deliveries(self, most: int) -> tuple[Delivery, ...]:
        """Return what has still to be told; nothing while the register cannot be reached, which is told by
        whoever changes it.
        """
        try:
            return self._register.read().deliveries(most)
        except LinkError:
            return ()

    def delivered(self, delivery: Delivery, time_utc_ns: int) -> None:
        """Strike a notice off."""
        self._register.change(lambda writer: writer.delivered(*_key(delivery), time_utc_ns))

    def failed(self, delivery: Delivery, because: str, time_utc_ns: int) -> None:
        """Keep why a notice was not taken."""
        self._register.change(lambda writer: writer.failed(*_key(delivery), because, time_utc_ns))


class NoticeRunner:
    """Sends what is due. `run` in a thread; `wake` as soon as something changed."""

    def __init__(
        self,
        outbox: Outbox,
        senders: Mapping[str, Sender],
        clock: Clock,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._outbox, self._senders, self._clock, self._say = outbox, senders, clock, say
        self._woken = threading.Event()
        self._not_before_ns: dict[tuple[str, str], int] = {}
        self._said: set[str] = set()
        self.told = 0
        self.failures = 0

    def wake(self) -> None:
        """Look at once; from any thread."""
        self._woken.set()

    def run(self, stop: threading.Event) -> None:
        """Tell what is due until `stop` is set."""
        with ThreadPoolExecutor(TOLD_BESIDE_ONE_ANOTHER, thread_name_prefix="notices") as pool:
            under_way: dict[str, Future[None]] = {}
            while not stop.is_set():
                for who in [who for who, future in under_way.items() if future.done()]:
                    if (fault := under_way.pop(who).exception()) is not None:
                        _LOG.error("what came of telling %s could not be kept", who, exc_info=fault)
                for who, due in self._due().items():
                    if who not in under_way:
                        under_way[who] = pool.submit(self._tell, due, stop)
                self._woken.wait(LOOK_EVERY_S)
                self._woken.clear()

    def tell_due(self) -> int:
        """Tell everything that is due once, in this thread; return how many were told."""
        before = self.told
        for due in self._due().values():
            self._tell(due, threading.Event())
        return self.told - before

    def _due(self) -> dict[str, list[Delivery]]:
        """Return what is to be told now, by subscription, the oldest first."""
        deliveries = self._outbox.deliveries(AT_ONCE)
        now_ns = self._clock.now_utc_ns()
        due: dict[str, list[Delivery]] = {}
        held: set[str] = set()
        for delivery in deliveries:
            who = delivery.subscription.subscription_id
            # In order: what waits after a failure keeps what came later waiting too.
            if who in held or now_ns < self._not_before_ns.get(_key(delivery), 0):
                held.add(who)
            else:
                due.setdefault(who, []).append(delivery)
        return due

    def _tell(self, due: list[Delivery], stop: threading.Event) -> None:
        for delivery in due:
            if stop.is_set() or not self._tell_one(delivery):
                return

    def _tell_one(self, delivery: Delivery) -> bool:
        notice_id, subscription_id = _key(delivery)
        now_ns = self._clock.now_utc_ns()
        because = self._send(delivery, now_ns)
        if because:
            wait_s = min(SHORTEST_WAIT_S * 2.0 ** min(delivery.tries, 20), LONGEST_WAIT_S)
            self._not_before_ns[notice_id, subscription_id] = now_ns + seconds_to_ns(wait_s)
            self.failures += 1
            if subscription_id not in self._said:
                self._said.add(subscription_id)
                self._say(
                    f"{delivery.subscription.owner} cannot be told by {delivery.subscription.way}: {because}"
                )
            self._outbox.failed(delivery, because, now_ns)
            return False
        self._outbox.delivered(delivery, now_ns)
        self._not_before_ns.pop((notice_id, subscription_id), None)
        self._said.discard(subscription_id)
        self.told += 1
        return True

    def _send(self, delivery: Delivery, now_ns: int) -> str:
        """Have it told; return why it was not, "" where it was."""
        way = delivery.subscription.way
        sender = self._senders.get(way)
        if sender is None:
            return f"{way}: this site does not tell in that way"
        try:
            sender.send(delivery, now_ns)
        except LinkError as error:
            return str(error)
        except Exception as error:
            # A fault of our own: the others must still be told, and it is tried again like any failure.
            _LOG.exception("telling %s by %s", delivery.subscription.owner, way)
            return f"a fault of the sender, {type(error).__name__}: {error}"
        return ""


def _key(delivery: Delivery) -> tuple[str, str]:
    return delivery.notice.notice_id, delivery.subscription.subscription_id
