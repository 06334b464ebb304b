"""How fast this machine is just now: processor seconds of one fixed piece of work.

Programs beside a tracker take caches and clock rate away from it, and another day's machine is another
machine. The same probe runs among the looks of every tracker that is compared; rates are compared in its
units. It is interpreted work on floats and a list that fits no inner cache; standard library only.
"""

from __future__ import annotations

import statistics
import time

ROUNDS, LENGTH, REPEATED = 60_000, 50_000, 5


def probe_s() -> float:
    """Return the processor seconds of the work, about a hundredth: the median of a few; the first is slow."""
    return statistics.median(_once_s() for _ in range(REPEATED))


def _once_s() -> float:
    values = [0.5 * k for k in range(LENGTH)]
    began_s = time.process_time()
    total, index = 0.0, 1
    for _ in range(ROUNDS):
        index = (index * 31_337 + 7) % LENGTH
        total = 0.25 * total + values[index] * 0.5
        values[index] = total
    return time.process_time() - began_s
