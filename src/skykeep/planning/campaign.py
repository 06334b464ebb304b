"""Many simulated nights, on several cores, each seed answered for: done, failed with its reason, or lost
with its worker.

A worker that dies takes only its own seed with it, and that seed is tried once more by a fresh worker. (A
process pool of the standard library would fail every waiting seed instead.)
"""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

import msgspec

TRIES = 2


class SeedResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one seed: `value` is what the night returned, None when `failure` says why there is
    none.
    """

    seed: int
    value: Any
    failure: str = ""


def run_campaign(
    run_one: Callable[[int], Any], seeds: Iterable[int], workers: int = 1
) -> Iterator[SeedResult]:
    """Yield a result for every seed as it comes in. `run_one` and what it returns must be picklable."""
    if workers < 1:
        raise ValueError(f"{workers} workers, must be at least 1")
    waiting = deque((seed, TRIES) for seed in seeds)
    context = multiprocessing.get_context("spawn")
    busy: dict[Connection, tuple[BaseProcess, int, int]] = {}
    try:
        while waiting or busy:
            while waiting and len(busy) < workers:
                seed, tries = waiting.popleft()
                ours, theirs = context.Pipe(duplex=False)
                process = context.Process(target=_work, args=(theirs, run_one, seed))
                process.start()
                theirs.close()
                busy[ours] = (process, seed, tries)
            for ready in wait(list(busy)):
                assert isinstance(ready, Connection)
                worker, seed, tries = busy.pop(ready)
                try:
                    result = ready.recv()
                except EOFError:
                    worker.join()
                    if tries > 1:
                        waiting.append((seed, tries - 1))
                        continue
                    result = SeedResult(seed=seed, value=None, failure=f"worker died ({worker.exitcode})")
                worker.join()
                ready.close()
                yield result
    finally:
        for worker, _, _ in busy.values():
            worker.kill()


def _work(answer: Connection, run_one: Callable[[int], Any], seed: int) -> None:
    try:
        result = SeedResult(seed=seed, value=run_one(seed))
    except Exception as error:  # a campaign must tell of every seed, whatever went wrong in it
        result = SeedResult(seed=seed, value=None, failure=f"{type(error).__name__}: {error}")
    answer.send(result)
    answer.close()
