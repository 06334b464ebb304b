"""A COURAGEOUS document in a file that its system writes anew: read whole whenever it has changed.

The standard says what is in a document and not how it travels; systems leave it as a file. What an earlier
reading told is not taken again (`CourageousInputs` remembers it).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from skykeep.base.errors import LinkError
from skykeep.feeds.feed import Outlet
from skykeep.wire.courageous_inputs import CourageousInputs

LARGEST_BYTES = 256 << 20
POLL_S = 1.0

_Version = tuple[int, int, int]


async def _poll() -> None:
    await asyncio.sleep(POLL_S)


class CourageousFeed:
    """Watches one file; `pause` is awaited between looks."""

    def __init__(
        self,
        source_id: str,
        path: Path,
        inputs: CourageousInputs,
        pause: Callable[[], Awaitable[None]] = _poll,
    ) -> None:
        self._source_id = source_id
        self._path = path
        self._inputs = inputs
        self._pause = pause

    @property
    def source_id(self) -> str:
        return self._source_id

    async def run(self, outlet: Outlet) -> None:
        """Take the document each time it has changed; LinkError when it is not there or cannot be read."""
        last: _Version | None = None
        while True:
            now = self._version()
            if now != last:
                last = now
                data = await asyncio.to_thread(self._read)
                received_utc_ns = outlet.now_utc_ns()
                if outlet.admit():
                    # A whole trial takes a second or two: other feeds of this loop must not wait for it.
                    taken = await asyncio.to_thread(self._inputs.take, data, received_utc_ns)
                    outlet.put(taken)
                    outlet.said(f"{self._path.name} was read: {len(taken.records):,} new records.")
            await self._pause()

    def _version(self) -> _Version:
        try:
            found = os.stat(self._path)
        except OSError as error:
            raise LinkError(f"{self._path}: {error.strerror}") from error
        if found.st_size > LARGEST_BYTES:
            raise LinkError(f"{self._path}: {found.st_size} bytes, must be at most {LARGEST_BYTES}")
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> bytes:
        try:
            with self._path.open("rb") as file:
                return file.read(LARGEST_BYTES)
        except OSError as error:
            raise LinkError(f"{self._path}: {error.strerror}") from error
