"""What a live feed is: it serves one source until it is cancelled, and puts what came into an outlet.

The outlet belongs to whoever runs the watch. It stamps, counts and limits; a feed that finds no room drops
what it has, and the outlet has counted it.
"""

from __future__ import annotations

from typing import Protocol

from skykeep.domain.feed import Taken


class Outlet(Protocol):
    """Where one feed puts what it received. All calls come from the feed's event loop and return at once."""

    def now_utc_ns(self) -> int:
        """Return the time, to be asked the moment bytes arrive."""
        ...

    def admit(self, messages: int = 1) -> bool:
        """Return whether so many more messages may be decoded now; where not, they are counted as dropped."""
        ...

    def pause_s(self) -> float:
        """Return how long to leave what waits where it waits, 0 where there is room: a feed that can make
        its sender or its socket wait asks this, and drops nothing itself.
        """
        ...

    def lost(self, messages: int) -> None:
        """Take note of messages that were lost on this machine before they could be read."""
        ...

    def put(self, taken: Taken) -> None:
        """Hand over what one piece of data gave."""
        ...

    def said(self, sentence: str) -> None:
        """Tell a person something about this source in plain words: a peer connected, a node registered."""
        ...


class Feed(Protocol):
    """One source, live."""

    @property
    def source_id(self) -> str: ...

    async def run(self, outlet: Outlet) -> None:
        """Serve until cancelled; LinkError when the connection is gone, SetupError when it can never be:
        after a LinkError it is run again, later each time.
        """
        ...
