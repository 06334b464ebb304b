"""Remembers what the console was shown, so that any moment of the night can be looked at again.

The one who runs the night calls `show_picture` and `show` from its own thread; the server
asks from others. Everything kept is frozen, so a lock around the lists is enough. Pictures are the bulk:
past `picture_budget` rows the oldest are forgotten, and a moment before the first one kept has no picture.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

import msgspec

from skykeep.api.messages import (
    Alerts,
    Caption,
    Claims,
    Duty,
    Event,
    Finished,
    Orders,
    Permits,
    Proposals,
    Restrictions,
    Status,
    Tasks,
    Zones,
)
from skykeep.api.source import Lists, PictureColumns, Present

T = TypeVar("T")

# 2 million rows of 136 bytes: a busy sky of 2,000 tracks for a quarter of an hour, or twenty tracks for a
# day.
PICTURE_BUDGET_ROWS = 2_000_000


# At an entry a second this is eight hours; an older moment is looked up in the log.
MOST_MOMENTS = 30_000
MOST_CAPTIONS = 2_000


class _Timeline(Generic[T]):
    """Values with the time each began to hold, in order of time; the oldest give way."""

    def __init__(self) -> None:
        self.times_utc_ns: list[int] = []
        self.values: list[T] = []

    def append(self, time_utc_ns: int, value: T) -> None:
        if self.times_utc_ns and time_utc_ns <= self.times_utc_ns[-1]:
            # The moment cannot be told from the one before, so the newer value stands for both.
            self.values[-1] = value
            return
        self.times_utc_ns.append(time_utc_ns)
        self.values.append(value)
        self.forget_oldest(len(self.values) - MOST_MOMENTS)

    def at(self, time_utc_ns: int) -> T | None:
        place = bisect_right(self.times_utc_ns, time_utc_ns)
        return self.values[place - 1] if place else None

    def latest(self) -> T | None:
        return self.values[-1] if self.values else None

    def forget_oldest(self, count: int) -> None:
        if count > 0:
            del self.times_utc_ns[:count], self.values[:count]


class ConsoleMemory:
    """All but the site, the commands and the track details of a `ConsoleSource`."""

    def __init__(self, first_status: Status, *, picture_budget_rows: int = PICTURE_BUDGET_ROWS) -> None:
        # Held while listeners are told, so that what two threads say is heard in the order it was remembered.
        self._lock = threading.RLock()
        self._budget_rows = picture_budget_rows
        self._rows = 0
        self._pictures: _Timeline[PictureColumns] = _Timeline()
        self._statuses: _Timeline[Status] = _Timeline()
        self._lists: _Timeline[Lists] = _Timeline()
        self._captions: deque[Caption] = deque(maxlen=MOST_CAPTIONS)
        self._finished: Finished | None = None
        self._status = first_status
        self._listeners: dict[int, tuple[Callable[[Event], None], Callable[[], None]]] = {}
        self._next_listener = 0

    # --- the night tells ---------------------------------------------------------------------------------

    def show_picture(self, picture: PictureColumns) -> None:
        """Make this the newest picture."""
        with self._lock:
            latest = self._pictures.latest()
            if latest is not None and picture.time_utc_ns <= latest.time_utc_ns:
                self._rows -= len(latest.track_id)
            self._pictures.append(picture.time_utc_ns, picture)
            self._rows += len(picture.track_id)
            self._forget_over_budget()
            for _, on_picture in self._listeners.values():
                on_picture()

    def show(self, event: Event, time_utc_ns: int) -> None:
        """Make this what is known from `time_utc_ns` on. A list replaces the list of its kind."""
        with self._lock:
            self._remember(event, time_utc_ns)
            for on_event, _ in self._listeners.values():
                on_event(event)

    # --- the server asks ---------------------------------------------------------------------------------

    def latest_picture(self) -> PictureColumns | None:
        with self._lock:
            return self._pictures.latest()

    def picture_at(self, time_utc_ns: int) -> PictureColumns | None:
        with self._lock:
            return self._pictures.at(time_utc_ns)

    def status(self) -> Status:
        with self._lock:
            return self._status

    def status_at(self, time_utc_ns: int) -> Status:
        """Return how the sensors and counts stood then; play, speed, mode and extent are of now."""
        with self._lock:
            now = self._status
            then = self._statuses.at(time_utc_ns) or now
        return msgspec.structs.replace(
            now,
            time_utc_ns=time_utc_ns,
            sensors=then.sensors,
            moved=then.moved,
            counts=then.counts,
            light=then.light,
        )

    def present(self) -> Present:
        with self._lock:
            return Present(
                lists=self._lists.latest() or Lists(),
                captions=tuple(self._captions),
                finished=self._finished,
            )

    def lists_at(self, time_utc_ns: int) -> Lists:
        with self._lock:
            return self._lists.at(time_utc_ns) or Lists()

    def subscribe(
        self, on_event: Callable[[Event], None], on_picture: Callable[[], None]
    ) -> Callable[[], None]:
        with self._lock:
            key = self._next_listener
            self._next_listener += 1
            self._listeners[key] = (on_event, on_picture)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners.pop(key, None)

        return unsubscribe

    # --- inside ------------------------------------------------------------------------------------------

    def _remember(self, event: Event, time_utc_ns: int) -> None:
        lists = self._lists.latest() or Lists()
        match event:
            case Alerts():
                lists = msgspec.structs.replace(lists, alerts=event)
            case Proposals():
                lists = msgspec.structs.replace(lists, proposals=event)
            case Tasks():
                lists = msgspec.structs.replace(lists, tasks=event)
            case Duty():
                lists = msgspec.structs.replace(lists, duty=event)
            case Claims():
                lists = msgspec.structs.replace(lists, claims=event)
            case Orders():
                lists = msgspec.structs.replace(lists, orders=event)
            case Permits():
                lists = msgspec.structs.replace(lists, permits=event)
            case Restrictions():
                lists = msgspec.structs.replace(lists, restrictions=event)
            case Zones():
                lists = msgspec.structs.replace(lists, zones=event)
            case Caption():
                self._captions.append(event)
                return
            case Status():
                self._status = event
                self._statuses.append(time_utc_ns, event)
                return
            case Finished():
                self._finished = event
                return
        self._lists.append(time_utc_ns, lists)

    def _forget_over_budget(self) -> None:
        forgotten = 0
        while self._rows > self._budget_rows and forgotten < len(self._pictures.values) - 1:
            self._rows -= len(self._pictures.values[forgotten].track_id)
            forgotten += 1
        self._pictures.forget_oldest(forgotten)
