"""Threads that share the work of a scan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


class Threads:
    """`count` threads; the tracker's kernels let go of the interpreter's lock, so that they run at once."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="tracking")

    def each(self, work: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
        """Return what `work` gives for each part, in their order, when all is done."""
        if len(parts) == 1:
            return [work(parts[0])]
        return list(self._pool.map(work, parts))

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown()
