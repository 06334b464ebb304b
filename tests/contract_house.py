"""A watch for tests of the sensor contract: outlets that keep what they are given, feeds on a loop of their
own, and a server on the loopback.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from skykeep.base.clock import from_iso_utc
from skykeep.domain.feed import Received, Refusal, Taken
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind
from skykeep.feeds.feed import Feed
from skykeep.geo.frames import LocalFrame

FRAME = LocalFrame(latitude_deg=44.5, longitude_deg=-28.0, height_hae_m=60.0)
NOW_UTC_NS = from_iso_utc("2031-05-03T02:14:07Z")
LONGEST_WAIT_S = 20.0
T = TypeVar("T")


def sensor(
    sensor_id: str, kind: SensorKind = SensorKind.RF_DIRECTION_FINDER, measures: MeasurementKind | None = None
) -> Sensor:
    """Return a sensor that stands at the origin of the frame."""
    return Sensor(
        sensor_id=sensor_id,
        name=sensor_id,
        kind=kind,
        measures=measures,
        position_enu_m=(0.0, 0.0, 0.0),
        coverage_range_m=3_000.0,
    )


class KeepingOutlet:
    """An outlet whose clock stands still and that keeps everything; `room` messages are admitted."""

    def __init__(self, room: int = 10**9, now_utc_ns: int = NOW_UTC_NS) -> None:
        self.room = room
        self.time_utc_ns = now_utc_ns
        self.records: list[Received] = []
        self.refusals: list[Refusal] = []
        self.sentences: list[str] = []
        self.dropped = 0
        self._changed = threading.Condition()

    def now_utc_ns(self) -> int:
        return self.time_utc_ns

    def pause_s(self) -> float:
        return 0.0

    def lost(self, messages: int) -> None: ...

    def admit(self, messages: int = 1) -> bool:
        if messages > self.room:
            with self._changed:
                self.dropped += messages
                self._changed.notify_all()
            return False
        self.room -= messages
        return True

    def put(self, taken: Taken) -> None:
        with self._changed:
            self.records += taken.records
            self.refusals += taken.refusals
            self._changed.notify_all()

    def said(self, sentence: str) -> None:
        with self._changed:
            self.sentences.append(sentence)
            self._changed.notify_all()

    def wait_for(self, records: int = 0, refusals: int = 0, sentences: int = 0, dropped: int = 0) -> None:
        """Wait, for a bounded time, until so much has come."""
        with self._changed:
            came = self._changed.wait_for(
                lambda: (
                    len(self.records) >= records
                    and len(self.refusals) >= refusals
                    and len(self.sentences) >= sentences
                    and self.dropped >= dropped
                ),
                LONGEST_WAIT_S,
            )
        assert came, (self.records, self.refusals, self.sentences, self.dropped)


class Watch:
    """Feeds that run on a loop in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._running: list[Future[None]] = []

    def run(self, feed: Feed, outlet: KeepingOutlet) -> Future[None]:
        """Start a feed; it has had its first step when this returns."""
        future: Future[None] = asyncio.run_coroutine_threadsafe(self._run(feed, outlet), self._loop)
        self._running.append(future)
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self._loop).result(LONGEST_WAIT_S)
        return future

    async def _run(self, feed: Feed, outlet: KeepingOutlet) -> None:
        await feed.run(outlet)

    def stop(self) -> None:
        """Cancel every feed and wait until it has gone."""

        async def last() -> None:
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(last(), self._loop).result(LONGEST_WAIT_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LONGEST_WAIT_S)
        self._loop.close()


def run_apart(wanted: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in another thread: the browser tests leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, wanted).result(LONGEST_WAIT_S)


@contextmanager
def watching(feeds: Sequence[tuple[Feed, KeepingOutlet]]) -> Iterator[Watch]:
    """Run feeds until the block ends."""
    watch = Watch()
    try:
        for feed, outlet in feeds:
            watch.run(feed, outlet)
        yield watch
    finally:
        watch.stop()
