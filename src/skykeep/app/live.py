"""The live watch, composed: feeds on one event loop, the pipeline in a thread of its own, an inbox between.

Feeds fail each by itself: one that loses its link is run again, later each time; one that can never work
says so and is left. The pipeline's thread takes what came in fair turns, ticks, and carries out what people
decide. Live mode has no effect sink: nothing that is approved here is carried out by anything.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterable

import msgspec
import numpy as np

from skykeep import __version__
from skykeep.app.night import CommandDesk, terrain_sha256
from skykeep.app.replay import Recording
from skykeep.base.clock import NS_PER_S, Clock, seconds_to_ns
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.commands import Tick
from skykeep.domain.encoding import encode_json
from skykeep.domain.feed import SourceHealth
from skykeep.domain.sensing import Scan
from skykeep.domain.site import Site
from skykeep.engine.inputs import Input
from skykeep.engine.outputs import RunHeader
from skykeep.engine.pipeline import Listener, Pipeline
from skykeep.feeds.care import CareRules
from skykeep.feeds.feed import Feed
from skykeep.feeds.inbox import Inbox
from skykeep.feeds.spout import BURST, RATE_PER_S, Spout
from skykeep.geo.terrain import Terrain
from skykeep.store.log_database import LogDatabase
from skykeep.store.recorders import ResumingRecorder
from skykeep.tracking import warm_up

TICK_S = 0.25
LOOK_UP_S = 1.0
PATIENCE_S = 0.02
RETRY_FROM_S, RETRY_TO_S = 1.0, 30.0
LATENCIES_KEPT = 20_000


class FeedPlan(msgspec.Struct, frozen=True):
    """A feed, how fast it may send, and what is expected of the sensors it brings."""

    feed: Feed
    rules: dict[str, CareRules] = {}
    rate_per_s: float = RATE_PER_S
    burst: int = BURST


def open_pipeline(
    site: Site,
    log: LogDatabase,
    clock: Clock,
    terrain: Terrain | None = None,
    listeners: tuple[Listener, ...] = (),
    on_made: Callable[[Pipeline], None] = lambda _: None,
) -> Pipeline:
    """Return a pipeline that writes to `log`: a fresh one, or one with all behind it that the log holds.

    After a restart tracks, alerts and people's orders are as they were, for the listeners too, who see all
    of it go by once more after `on_made`; SetupError where the log is of another site, or of this one as it
    was configured before.
    """
    header = RunHeader(
        mode="LIVE",
        scenario=site.name,
        seed=0,
        simulated=False,
        version=__version__,
        terrain_sha256="" if terrain is None else terrain_sha256(terrain),
    )
    if next(iter(log.entries()), None) is None:
        pipeline = Pipeline(header, site, terrain, log, None, listeners, start_utc_ns=clock.now_utc_ns())
        on_made(pipeline)
        return pipeline
    before = Recording(log.path)
    if before.header != header or encode_json(before.site) != encode_json(site):
        raise SetupError(
            f"{log.path}: holds the watch of another site, configuration or version; "
            "it must be kept in another folder (--out)"
        )
    pipeline = Pipeline(
        header, site, terrain, ResumingRecorder(log), None, listeners, start_utc_ns=before.start_utc_ns
    )
    on_made(pipeline)
    for record in before.inputs():
        pipeline.receive(record)
    return pipeline


class LiveWatch:
    """One site, live. Make it, then `run` it in a thread until `stop` is set."""

    def __init__(
        self,
        pipeline: Pipeline,
        plans: Iterable[FeedPlan],
        clock: Clock,
        tick_s: float = TICK_S,
        on_health: Callable[[tuple[SourceHealth, ...]], None] | None = None,
    ) -> None:
        self.pipeline = pipeline
        self.site = pipeline.site
        self.desk = CommandDesk()
        self.inbox = Inbox()
        self.latency_ns: dict[str, deque[int]] = {}
        self._clock = clock
        self._tick_ns = seconds_to_ns(tick_s)
        self._on_health = on_health
        self._plans = tuple(plans)
        self.spouts = {plan.feed.source_id: self._spout(plan) for plan in self._plans}
        if len(self.spouts) < len(self._plans):
            names = sorted(plan.feed.source_id for plan in self._plans)
            raise SetupError(f"two feeds have one name: {', '.join(names)}")
        self.broken: dict[str, str] = {}

    def _spout(self, plan: FeedPlan) -> Spout:
        period_s = {sensor.sensor_id: sensor.period_s for sensor in self.site.sensors}

        def rules(sensor_id: str) -> CareRules:
            return plan.rules.get(sensor_id, CareRules(period_s=period_s.get(sensor_id, 0.0)))

        return Spout(plan.feed.source_id, self.inbox, self._clock, rules, plan.rate_per_s, plan.burst)

    def health(self) -> tuple[SourceHealth, ...]:
        """Return how every source is."""
        return tuple(health for spout in self.spouts.values() for health in spout.health())

    def latency_ms(self, sensor_id: str, quantile: float) -> float | None:
        """Return how long a scan took of late from its arrival to its tracks, None before the first."""
        taken = self.latency_ns.get(sensor_id)
        return None if not taken else float(np.quantile(np.array(taken), quantile)) * 1e-6

    # --- the watch's own thread --------------------------------------------------------------------------

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set; IntegrityError when the log cannot be written any more. What has to be
        compiled is, before the first feed opens: no feed ever waits for it.
        """
        warm_up()
        ended = threading.Event()
        feeding = threading.Thread(target=self._feed, args=(ended,), name="feeds", daemon=True)
        feeding.start()
        try:
            self._watch(stop)
        finally:
            ended.set()
            feeding.join(timeout=10.0)
        self._drain()

    def _watch(self, stop: threading.Event) -> None:
        next_tick_ns = self._clock.now_utc_ns() + self._tick_ns
        next_look_ns = 0
        while not stop.is_set():
            record = self.inbox.take(PATIENCE_S)
            if record is not None:
                self._receive(record)
            now_ns = self._clock.now_utc_ns()
            if now_ns >= next_tick_ns:
                self.desk.pass_on(self.pipeline.receive)
                self.pipeline.receive(Tick(time_utc_ns=now_ns))
                # A machine that falls behind leaves ticks out rather than pile them up.
                next_tick_ns = max(next_tick_ns + self._tick_ns, now_ns)
            if now_ns >= next_look_ns:
                next_look_ns = now_ns + seconds_to_ns(LOOK_UP_S)
                self._look_up()

    def _drain(self) -> None:
        while (record := self.inbox.take(0.0)) is not None:
            self._receive(record)
        self._look_up()
        self.pipeline.receive(Tick(time_utc_ns=self._clock.now_utc_ns()))

    def _receive(self, record: Input) -> None:
        self.pipeline.receive(record)
        if isinstance(record, Scan):
            taken_ns = self._clock.now_utc_ns() - record.received_utc_ns
            kept = self.latency_ns.setdefault(record.sensor_id, deque(maxlen=LATENCIES_KEPT))
            kept.append(taken_ns)

    def _look_up(self) -> None:
        for spout in self.spouts.values():
            for event in spout.look_up():
                self.pipeline.receive(event)
        if self._on_health is not None:
            self._on_health(self.health())

    # --- the feeds' thread -------------------------------------------------------------------------------

    def _feed(self, ended: threading.Event) -> None:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(self._feed_all(ended))

    async def _feed_all(self, ended: threading.Event) -> None:
        tasks = [asyncio.create_task(self._keep_up(plan.feed)) for plan in self._plans]
        while not ended.is_set():
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
                spout.said(f"It cannot work: {error}.")
                return
            except LinkError as error:
                if self._clock.now_utc_ns() - began_ns > 60 * NS_PER_S:
                    wait_s = RETRY_FROM_S
                spout.said(f"{error}; tried again in {wait_s:.0f} s.")
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
