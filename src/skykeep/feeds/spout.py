"""The outlet of one feed: limits it, keeps it in mind, and hands on to the watch's inbox."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

import msgspec

from skykeep.base.clock import NS_PER_S, Clock
from skykeep.domain.feed import Received, SourceEvent, SourceHealth, Taken
from skykeep.feeds.allowance import Allowance
from skykeep.feeds.care import CareRules, SourceCare
from skykeep.feeds.inbox import Inbox

RATE_PER_S, BURST = 2_000.0, 1_000
SEQUENCES_PER_S = 100_000


class Spout:
    """Implements `Outlet`. A feed may serve several sensors: each is kept in mind by itself, under its own
    name, and the feed under its own. Whose message was refused is not known where there are several; where
    there is one, it is held against that one too.
    """

    def __init__(
        self,
        source_id: str,
        inbox: Inbox,
        clock: Clock,
        rules: Callable[[str], CareRules],
        rate_per_s: float = RATE_PER_S,
        burst: int = BURST,
    ) -> None:
        self.source_id = source_id
        self._inbox, self._clock, self._rules = inbox, clock, rules
        self._allowance = Allowance(rate_per_s, burst, clock.now_utc_ns())
        self._cares = {source_id: SourceCare(source_id, rules(source_id))}
        self._is_sensor = False
        self._told_full: dict[str, int] = {}
        # The feeds' loop puts, the watch's thread looks up.
        self._lock = threading.RLock()
        self._first_sequence = clock.now_utc_ns() // NS_PER_S * SEQUENCES_PER_S

    def now_utc_ns(self) -> int:
        return self._clock.now_utc_ns()

    def pause_s(self) -> float:
        return self._allowance.wait_s(self._clock.now_utc_ns())

    def admit(self, messages: int = 1) -> bool:
        now_utc_ns = self._clock.now_utc_ns()
        care = self._cares[self.source_id]
        with self._lock:
            care.heard(now_utc_ns, messages)
            if self._allowance.spend(messages, now_utc_ns):
                return True
            care.dropped(messages, "rate", now_utc_ns)
            return False

    def lost(self, messages: int) -> None:
        with self._lock:
            self._cares[self.source_id].dropped(messages, "kernel", self._clock.now_utc_ns())

    def put(self, taken: Taken) -> None:
        with self._lock:
            self._put(taken, self._clock.now_utc_ns())

    def _put(self, taken: Taken, now_utc_ns: int) -> None:
        by_sensor: dict[str, list[Received]] = {}
        for record in taken.records:
            by_sensor.setdefault(record.sensor_id, []).append(record)
        own = by_sensor.pop(self.source_id, [])
        self._is_sensor = self._is_sensor or bool(own)
        feed = self._cares[self.source_id]
        if by_sensor and not own and not taken.refusals:
            feed.good(now_utc_ns)
        else:
            self._hand_on(feed, Taken(records=tuple(own), refusals=taken.refusals), now_utc_ns)
        blamed = self._only_sensor(by_sensor) if taken.refusals else None
        if blamed is not None:
            by_sensor.setdefault(blamed, [])
        for sensor_id, records in by_sensor.items():
            care = self.care_of(sensor_id)
            care.heard(now_utc_ns, max(1, len(records)))
            refusals = taken.refusals if sensor_id == blamed else ()
            self._hand_on(care, Taken(records=tuple(records), refusals=refusals), now_utc_ns, told=True)

    def _hand_on(self, care: SourceCare, taken: Taken, now_utc_ns: int, told: bool = False) -> None:
        going_on = care.take(taken, now_utc_ns, told)
        if going_on:
            self._inbox.put(care.source_id, [self._numbered(record) for record in going_on])

    def _only_sensor(self, these: Iterable[str]) -> str | None:
        """Return the sensor that all of this feed is of, None where it has several or is one itself."""
        sensors = {*self._cares, *these} - {self.source_id}
        return sensors.pop() if len(sensors) == 1 and not self._is_sensor else None

    def _numbered(self, record: Received) -> Received:
        """Return a record with a number that no earlier run of this watch has given: translators count from
        1 each time, and one log holds several runs.
        """
        return msgspec.structs.replace(record, sequence=self._first_sequence + record.sequence)

    def said(self, sentence: str) -> None:
        with self._lock:
            self._cares[self.source_id].say(sentence, self._clock.now_utc_ns())

    def link_lost(self, sentence: str) -> None:
        """Say that the line is down, and let the sensors page say so until something is heard again."""
        with self._lock:
            self._cares[self.source_id].link_lost(sentence, self._clock.now_utc_ns())

    def lift(self, source_id: str, because: str) -> None:
        """Use a source again that is in quarantine, where it is one of this feed's."""
        with self._lock:
            if source_id in self._cares:
                self._cares[source_id].lift(because, self._clock.now_utc_ns())

    def care_of(self, sensor_id: str) -> SourceCare:
        """Return what is kept in mind about one sensor of this feed."""
        if sensor_id not in self._cares:
            self._cares[sensor_id] = SourceCare(sensor_id, self._rules(sensor_id))
        return self._cares[sensor_id]

    @property
    def names(self) -> tuple[str, ...]:
        """The feed and the sensors it has brought so far."""
        return tuple(self._cares)

    def look_up(self) -> tuple[SourceEvent, ...]:
        """Let time pass for all, and return what happened since this was last called."""
        now_utc_ns = self._clock.now_utc_ns()
        events: list[SourceEvent] = []
        with self._lock:
            for sensor_id, care in self._cares.items():
                full = self._inbox.dropped.get(sensor_id, 0)
                care.dropped(full - self._told_full.get(sensor_id, 0), "full", now_utc_ns)
                self._told_full[sensor_id] = full
                care.pass_time(now_utc_ns)
                events.extend(care.events())
        return tuple(events)

    def health(self) -> tuple[SourceHealth, ...]:
        """Return how the feed and its sensors are."""
        now_utc_ns = self._clock.now_utc_ns()
        with self._lock:
            return tuple(care.health(now_utc_ns) for care in self._cares.values())
