"""The live watch, composed: feeds on one event loop, the pipeline in a thread of its own, an inbox between.

The pipeline's thread takes what came in fair turns, ticks, and carries out what people decide. Live mode has
no effect sink: nothing that is approved here is carried out by anything.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from skykeep import __version__
from skykeep.app.feed_runner import FeedPlan, FeedRunner
from skykeep.app.night import CommandDesk, terrain_sha256
from skykeep.app.replay import Recording
from skykeep.app.software import software_now
from skykeep.base.clock import Clock, seconds_to_ns
from skykeep.base.errors import SetupError
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.commands import Command, LiftQuarantine, Tick
from skykeep.domain.days import WatchTakenOver
from skykeep.domain.encoding import encode_json
from skykeep.domain.feed import SourceHealth
from skykeep.domain.notification import NoticeSettled
from skykeep.domain.registry import RegistryAnswer
from skykeep.domain.sensing import Scan
from skykeep.domain.site import Site
from skykeep.engine.inputs import Input, time_of
from skykeep.engine.outputs import Rejection, RunHeader
from skykeep.engine.pipeline import Listener, Pipeline
from skykeep.engine.ports import Recorder
from skykeep.feeds.inbox import Inbox
from skykeep.geo.terrain import Terrain
from skykeep.store.log_database import LogDatabase
from skykeep.store.recorders import ResumingRecorder
from skykeep.tracking import warm_up

TICK_S = 0.25
LOOK_UP_S = 1.0
PATIENCE_S = 0.02
LATENCIES_KEPT = 20_000


def open_pipeline(
    site: Site,
    log: LogDatabase,
    clock: Clock,
    terrain: Terrain | None = None,
    listeners: tuple[Listener, ...] = (),
    on_made: Callable[[Pipeline], None] = lambda _: None,
    configuration: tuple[Path, ...] = (),
    told_again: Iterable[Input] = (),
) -> Pipeline:
    """Return a pipeline that writes to `log`: a fresh one, or one with all behind it that the log holds.

    After a restart tracks, alerts and people's orders are as they were, for the listeners too, who see all
    of it go by once more after `on_made`. A fresh one takes over from another where it is `told_again` what
    came there (`engine.hand_over`). Each start writes down what it runs on, and the hashes of the files of
    `configuration`. SetupError where the log is of another site, or of this one as it was configured before.
    """
    header = RunHeader(
        mode="LIVE",
        scenario=site.name,
        seed=0,
        simulated=False,
        version=__version__,
        terrain_sha256="" if terrain is None else terrain_sha256(terrain),
    )
    recorder: Recorder = log
    if next(iter(log.entries()), None) is None:
        inputs = iter(told_again)
        first = next(inputs, None)
        start_utc_ns = clock.now_utc_ns() if first is None else time_of(first)
        if first is not None:
            inputs = itertools.chain((first,), inputs)
    else:
        before = Recording(log.path)
        if before.header != header or encode_json(before.site) != encode_json(site):
            raise SetupError(
                f"{log.path}: holds the watch of another site, configuration or version; "
                "it must be kept in another folder (--out)"
            )
        inputs, start_utc_ns, recorder = before.inputs(), before.start_utc_ns, ResumingRecorder(log)
    pipeline = Pipeline(header, site, terrain, recorder, None, listeners, start_utc_ns=start_utc_ns)
    on_made(pipeline)
    for record in inputs:
        pipeline.receive(record)
    if pipeline.is_taking_over:
        # It was broken off while it took over: what is there of it must do.
        pipeline.receive(WatchTakenOver(time_utc_ns=clock.now_utc_ns()))
    pipeline.receive(software_now(clock.now_utc_ns(), configuration))
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
        go_on: Callable[[Pipeline, int], Pipeline] = lambda pipeline, _: pipeline,
    ) -> None:
        self.pipeline = pipeline
        self.site = pipeline.site
        self.desk = CommandDesk()
        self.inbox = Inbox()
        self.on_rules: Callable[[], None] = lambda: None
        self.changes: queue.SimpleQueue[AirspaceChange | NoticeSettled | RegistryAnswer] = queue.SimpleQueue()
        self.watching = threading.Event()
        self.latency_ns: dict[str, deque[int]] = {}
        self._clock = clock
        self._tick_ns = seconds_to_ns(tick_s)
        self._on_health = on_health
        self._held: deque[Input] = deque()
        # Asked once a second: another pipeline takes over where it returns one, and no feed notices.
        self._go_on = go_on
        self.feeds = FeedRunner(plans, self.site.sensors, self.inbox, clock)

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
        with self.feeds:
            self.watching.set()
            self._watch(stop)
        self._drain()

    def _watch(self, stop: threading.Event) -> None:
        next_tick_ns = self._clock.now_utc_ns() + self._tick_ns
        next_look_ns = 0
        while not stop.is_set():
            record = self._held.popleft() if self._held else self.inbox.take(PATIENCE_S)
            if record is not None:
                self._receive(record)
            # Rules go before everything that waits: what is judged next is judged by them.
            with contextlib.suppress(queue.Empty):
                while True:
                    change = self.changes.get_nowait()
                    self.pipeline.receive(change)
                    if isinstance(change, AirspaceChange):
                        self.on_rules()
            now_ns = self._clock.now_utc_ns()
            if now_ns >= next_tick_ns:
                self.desk.pass_on(self._carry_out)
                self.pipeline.receive(Tick(time_utc_ns=now_ns))
                # A machine that falls behind leaves ticks out rather than pile them up.
                next_tick_ns = max(next_tick_ns + self._tick_ns, now_ns)
            if now_ns >= next_look_ns:
                next_look_ns = now_ns + seconds_to_ns(LOOK_UP_S)
                self._look_up()
                self.pipeline = self._go_on(self.pipeline, now_ns)

    def _carry_out(self, command: Command) -> Rejection | None:
        """Feed a person's command to the pipeline, and do what is not of its making."""
        if isinstance(command, LiftQuarantine) and command.source_id not in self.feeds.names:
            must = "a source of this watch"
            return Rejection(
                kind="lift_quarantine",
                field="source_id",
                found=command.source_id,
                must=must,
                because=f"source_id: {command.source_id!r}, must be {must}",
            )
        rejection = self.pipeline.receive(command)
        if rejection is None and isinstance(command, LiftQuarantine):
            self.feeds.lift(command.source_id, f"{command.by} says: {command.reason}")
        return rejection

    def hold(self) -> None:
        """Take out of the inbox what is there, for later: while one pipeline takes over from another nothing
        may be dropped because it is full. Called in the watch's own thread.
        """
        while (record := self.inbox.take(0.0)) is not None:
            self._held.append(record)

    def _drain(self) -> None:
        self.hold()
        while self._held:
            self._receive(self._held.popleft())
        self._look_up()
        while not self.changes.empty():
            self.pipeline.receive(self.changes.get_nowait())
        self.pipeline.receive(Tick(time_utc_ns=self._clock.now_utc_ns()))

    def _receive(self, record: Input) -> None:
        self.pipeline.receive(record)
        if isinstance(record, Scan):
            taken_ns = self._clock.now_utc_ns() - record.received_utc_ns
            kept = self.latency_ns.setdefault(record.sensor_id, deque(maxlen=LATENCIES_KEPT))
            kept.append(taken_ns)

    def _look_up(self) -> None:
        for event in self.feeds.look_up():
            self.pipeline.receive(event)
        if self._on_health is not None:
            self._on_health(self.feeds.health())
