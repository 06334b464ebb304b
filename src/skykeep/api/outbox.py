"""What waits to be sent on one socket: the newest of everything, never a growing queue.

A slow page gets the newest picture and the newest lists, however many it missed. What is said once
(captions, refusals) is kept in order, and the oldest give way when a page is far behind. Alerts always
leave first.
"""

from __future__ import annotations

import asyncio
from collections import deque

from skykeep.api.messages import (
    Alerts,
    Caption,
    Claims,
    Duty,
    Finished,
    Orders,
    Permits,
    Proposals,
    Refused,
    Restrictions,
    ServerMessage,
    Status,
    Tasks,
    TrackDetails,
    Zones,
)

MOST_SPOKEN = 500

# The order in which they leave: what asks for a decision before what only tells.
_NEWEST_ONLY = (
    *(Alerts, Proposals, Tasks, Duty, Orders, Zones, Restrictions, Permits),
    *(Status, TrackDetails, Claims, Finished),
)


class Outbox:
    """Filled and emptied on the event loop only."""

    def __init__(self) -> None:
        self._newest: dict[type, ServerMessage] = {}
        self._spoken: deque[Caption | Refused] = deque(maxlen=MOST_SPOKEN)
        self._wake = asyncio.Event()
        self.picture_is_due = False

    def put(self, message: ServerMessage) -> None:
        """Queue a message; it replaces an older one of its kind that has not left yet."""
        if isinstance(message, Caption | Refused):
            self._spoken.append(message)
        else:
            self._newest[type(message)] = message
        self._wake.set()

    def picture(self) -> None:
        """Note that there is a newer picture than the one sent."""
        self.picture_is_due = True
        self._wake.set()

    def forget(self, kind: type) -> None:
        """Drop what waits of one kind: it is no longer what this socket looks at."""
        self._newest.pop(kind, None)

    def wake(self) -> None:
        self._wake.set()

    async def wait(self) -> None:
        """Return when there may be something to send."""
        await self._wake.wait()
        self._wake.clear()

    def take(self) -> ServerMessage | None:
        """Return the most urgent message that waits, or None."""
        first = self._newest.pop(Alerts, None)
        if first is not None:
            return first
        if self._spoken:
            return self._spoken.popleft()
        for kind in _NEWEST_ONLY:
            message = self._newest.pop(kind, None)
            if message is not None:
                return message
        return None
