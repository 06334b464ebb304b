"""Runs feeds: all on one event loop in a thread of their own, each failing by itself.

One that loses its link is run again, later each time; one that can never work says so and is left.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from types import TracebackType

import msgspec

from skykeep.base.clock import NS_PER_S, Clock
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.feed import SourceEvent, SourceHealth
from skykeep.domain.sensing import Sensor
from skykeep.feeds.care import CareRules
from skykeep.feeds.feed import Feed
from skykeep.feeds.inbox import Inbox
from skykeep.feeds.spout import BURST, RATE_PER_S, Spout

RETRY_FROM_S, RETRY_TO_S = 1.0, 30.0
WELL_AFTER_S = 60


class FeedPlan(msgspec.Struct, frozen=True):
    """A feed, how fast it may send, and what is expected of the sensors it brings."""

    feed: Feed
    rules: dict[str, CareRules] = {}
    rate_per_s: float = RATE_PER_S
    burst: int = BURST


class FeedRunner:
    """A context: feeds run while it is open, and put what they bring into `inbox`."""

    def __init__(
        self, plans: Iterable[FeedPlan], sensors: tuple[Sensor, ...], inbox: Inbox, clock: Clock
    ) -> None:
        self._plans = tuple(plans)
        self._period_s = {sensor.sensor_id: sensor.period_s for sensor in sensors}
        self._inbox, self._clock = inbox, clock
        self.spouts = {plan.feed.source_id: self._spout(plan) for plan in self._plans}
        if len(self.spouts) < len(self._plans):
            names = sorted(plan.feed.source_id for plan in self._plans)
            raise SetupError(f"two feeds have one name: {', '.join(names)}")
        self.broken: dict[str, str] = {}
        self._ended = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=self._feed, name="feeds", daemon=True)

    def _spout(self, plan: FeedPlan) -> Spout:
        def rules(sensor_id: str) -> CareRules:
            return plan.rules.get(sensor_id, CareRules(period_s=self._period_s.get(sensor_id, 0.0)))

        return Spout(plan.feed.source_id, self._inbox, self._clock, rules, plan.rate_per_s, plan.burst)

    def __enter__(self) -> FeedRunner:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join(timeout=10.0)

    def post(self, work: Callable[[], None]) -> None:
        """Have something done on the feeds' loop; dropped while there is none."""
        loop = self._loop
        if loop is not None and not self._ended.is_set():
            loop.call_soon_threadsafe(work)

    @property
    def names(self) -> frozenset[str]:
        """All sources by name: feeds, and the sensors they have brought so far."""
        return frozenset(name for spout in self.spouts.values() for name in spout.names)

    def lift(self, source_id: str, because: str) -> None:
        """Use a source again that is in quarantine."""
        for spout in self.spouts.values():
            spout.lift(source_id, because)

    def health(self) -> tuple[SourceHealth, ...]:
        """Return how every source is."""
        return tuple(health for spout in self.spouts.values() for health in spout.health())

    def look_up(self) -> tuple[SourceEvent, ...]:
        """Let time pass for all sources, and return what happened since this was last called."""
        return tuple(event for spout in self.spouts.values() for event in spout.look_up())

    def _feed(self) -> None:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(self._feed_all())

    async def _feed_all(self) -> None:
        self._loop = asyncio.get_running_loop()
        tasks = [asyncio.create_task(self._keep_up(plan.feed)) for plan in self._plans]
        while not self._ended.is_set():
            await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _keep_up(self, feed: Feed) -> None:
        """Run one feed again and again."""
        spout, wait_s = self.spouts[feed.source_id], RETRY_FROM_S
        while True:
            began_ns = self._clock.now_utc_ns()
            try:
                await feed.run(spout)
                spout.said("It has come to its end.")
                return
            except SetupError as error:
                self.broken[feed.source_id] = str(error)
                spout.link_lost(f"It cannot work: {error}.")
                return
            except LinkError as error:
                if self._clock.now_utc_ns() - began_ns > WELL_AFTER_S * NS_PER_S:
                    wait_s = RETRY_FROM_S
                spout.link_lost(f"{error}; tried again in {wait_s:.0f} s.")
            except Exception as error:
                # A mistake of ours in one feed must not end the watch; it is said, and tried again.
                spout.said(f"a fault in Skykeep itself, {type(error).__name__}: {error}; tried again.")
            await asyncio.sleep(wait_s)
            wait_s = min(2.0 * wait_s, RETRY_TO_S)


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory
