"""Between the feeds and the watch: one queue a source, emptied in turn, so that none can starve another.

A turn is worth a number of detections, not of records: a source of large scans waits longer for its
next turn than one of small ones (deficit round robin; Shreedhar and Varghese 1995). A queue that is full
lets go of its oldest record: what is newest is worth most. Nothing is lost uncounted.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable

from skykeep.domain.sensing import Scan
from skykeep.engine.inputs import Input

QUANTUM = 64
ROOM = 1_024


class Inbox:
    """Any thread puts, one takes."""

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._queues: dict[str, deque[Input]] = {}
        self._turn: deque[str] = deque()
        self._credit: dict[str, int] = {}
        self._first: deque[Input] = deque()
        self._changed = threading.Condition()
        self.dropped: dict[str, int] = {}

    def put(self, source_id: str, records: Iterable[Input]) -> None:
        """Queue what a source sent."""
        with self._changed:
            queue = self._queues.setdefault(source_id, deque())
            for record in records:
                if len(queue) >= self._room:
                    queue.popleft()
                    self.dropped[source_id] = self.dropped.get(source_id, 0) + 1
                queue.append(record)
            if queue and source_id not in self._credit:
                self._turn.append(source_id)
                self._credit[source_id] = 0
            self._changed.notify()

    def put_first(self, record: Input) -> None:
        """Queue what goes before all sources: a tick, a person's command."""
        with self._changed:
            self._first.append(record)
            self._changed.notify()

    def take(self, patience_s: float) -> Input | None:
        """Return what is next, None when nothing came within `patience_s`."""
        with self._changed:
            if not self._first and not self._turn:
                self._changed.wait(patience_s)
            return self._next()

    def _next(self) -> Input | None:
        if self._first:
            return self._first.popleft()
        while self._turn:
            source_id = self._turn[0]
            queue = self._queues[source_id]
            if queue and self._credit[source_id] >= _worth(queue[0]):
                record = queue.popleft()
                self._credit[source_id] -= _worth(record)
                if not queue:
                    self._leave(source_id)
                return record
            if not queue:
                self._leave(source_id)
            else:
                self._credit[source_id] += QUANTUM
                self._turn.rotate(-1)
        return None

    def _leave(self, source_id: str) -> None:
        self._turn.remove(source_id)
        del self._credit[source_id]

    def __len__(self) -> int:
        with self._changed:
            return len(self._first) + sum(len(queue) for queue in self._queues.values())


def _worth(record: Input) -> int:
    return max(1, len(record)) if isinstance(record, Scan) else 1
