"""What waits to be sent to a TAK server: bounded, the newest of each thing only, alarms first.

A newer event of the same uid takes the place of the one that waits, so a slow link delays the picture but
never falls ever further behind. Alerts and deletions go before everything else. When it is full the ordinary
event that has waited longest makes room; what went stale while it waited is not sent. All of it is counted.
"""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict

from skykeep.wire.cot import CotEvent

CAPACITY = 4_096
_URGENT = ("b-a-", "t-x-")


def subject_of(event: CotEvent) -> str:
    """Return the uid of what an event is about: for a deletion, of what is deleted."""
    if event.type == "t-x-d-d":
        link = event.first("link")
        if link is not None:
            return link.attributes.get("uid", event.uid)
    return event.uid


class Outbox:
    """A queue of events, to be used from one event loop."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        if capacity < 1:
            raise ValueError(f"a capacity of {capacity}, must be at least 1")
        self.counts: Counter[str] = Counter()
        self._capacity = capacity
        self._urgent: OrderedDict[str, CotEvent] = OrderedDict()
        self._ordinary: OrderedDict[str, CotEvent] = OrderedDict()
        self._filled = asyncio.Event()

    def __len__(self) -> int:
        return len(self._urgent) + len(self._ordinary)

    def put(self, event: CotEvent) -> None:
        """Queue an event; returns at once."""
        subject = subject_of(event)
        lane, other = self._urgent, self._ordinary
        if not event.type.startswith(_URGENT):
            lane, other = other, lane
        self.counts["queued"] += 1
        if other.pop(subject, None) is not None or subject in lane:
            self.counts["superseded"] += 1
        elif len(self) >= self._capacity:
            (self._ordinary or self._urgent).popitem(last=False)
            self.counts["dropped: queue full"] += 1
        lane[subject] = event
        self._filled.set()

    def take(self, now_utc_ns: int) -> CotEvent | None:
        """Return the next event that is not stale, None when there is none."""
        while self:
            _, event = (self._urgent or self._ordinary).popitem(last=False)
            if event.stale_utc_ns > now_utc_ns:
                return event
            self.counts["dropped: stale before it could be sent"] += 1
        self._filled.clear()
        return None

    async def wait(self) -> None:
        """Return once something waits."""
        await self._filled.wait()
