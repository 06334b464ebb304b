"""The door through which a web server brings messages of the sensor contract: one feed for each sensor.

The server and the feeds may run on loops of their own: what is brought crosses over to the feed's loop, where
its outlet may be called. A sensor whose feed does not run is not open, and its sender is told so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from skykeep.base.errors import LinkError
from skykeep.domain.feed import Received, Refusal, Translator
from skykeep.feeds.feed import Outlet


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """What became of some messages: how many were taken and what they gave, which were refused (numbered
    from 1) and why, and which found no room and may be sent again.
    """

    taken: int
    records: tuple[Received, ...] = ()
    refused: tuple[tuple[int, Refusal], ...] = ()
    try_again: tuple[int, ...] = ()


class Door:
    """Where messages are brought, and from where the feed of their sensor takes them."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[asyncio.AbstractEventLoop, Translator, Outlet]] = {}

    def open(self, sensor_id: str, translator: Translator, outlet: Outlet) -> None:
        """Let messages of a sensor in, on the loop that runs now."""
        self._open[sensor_id] = (asyncio.get_running_loop(), translator, outlet)

    def close(self, sensor_id: str) -> None:
        """Let no more of them in."""
        self._open.pop(sensor_id, None)

    async def bring(self, sensor_id: str, messages: Sequence[bytes]) -> Brought:
        """Hand over what one request holds; LinkError when that sensor's feed does not run."""
        place = self._open.get(sensor_id)
        if place is None:
            raise LinkError(f"{sensor_id} is not open: its feed does not run")
        loop, translator, outlet = place
        if loop is asyncio.get_running_loop():
            return _take(translator, outlet, messages)

        async def there() -> Brought:
            return _take(translator, outlet, messages)

        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(there(), loop))


class DoorFeed:
    """One sensor's feed; its messages come through a door."""

    def __init__(self, door: Door, sensor_id: str, translator: Translator, source_id: str = "") -> None:
        self._door = door
        self._sensor_id = sensor_id
        self._translator = translator
        self.source_id = source_id or sensor_id

    async def run(self, outlet: Outlet) -> None:
        """Let messages in until cancelled."""
        self._door.open(self._sensor_id, self._translator, outlet)
        try:
            await asyncio.Event().wait()
        finally:
            self._door.close(self._sensor_id)


def _take(translator: Translator, outlet: Outlet, messages: Sequence[bytes]) -> Brought:
    received_utc_ns = outlet.now_utc_ns()
    count, try_again = 0, []
    records: list[Received] = []
    refused: list[tuple[int, Refusal]] = []
    for number, message in enumerate(messages, start=1):
        if not outlet.admit():
            try_again.append(number)
            continue
        taken = translator.take(message, received_utc_ns)
        outlet.put(taken)
        records += taken.records
        refused += [(number, refusal) for refusal in taken.refusals]
        count += not taken.refusals
    return Brought(taken=count, records=tuple(records), refused=tuple(refused), try_again=tuple(try_again))
