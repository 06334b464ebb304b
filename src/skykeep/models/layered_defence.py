"""What independent attempts add up to, and whether anybody is free to make them.

Probabilities multiply only where the attempts are independent of one another: a raid that blinds one layer
and leaves the next alone is. Common causes (rain, a lost mast) make every figure here too good; use them as
bounds. Waiting is Erlang's formula for a queue of patient callers: arrivals at random, service times
exponential. Error: round-off (tests/house/test_physics_anchors.py).
"""

from __future__ import annotations

from collections.abc import Iterable


def all_stopped(attackers: int, stop_probability: float, attempts: int = 1) -> float:
    """Return the probability that every one of them is stopped, with so many attempts at each."""
    return float((1.0 - (1.0 - stop_probability) ** attempts) ** attackers)


def leak(layers: Iterable[float]) -> float:
    """Return the share that passes all layers, given what each of them stops."""
    passed = 1.0
    for stops in layers:
        passed *= 1.0 - stops
    return passed


def waiting_probability(servers: int, load: float) -> float:
    """Return how likely a call has to wait: `load` is arrivals times the mean service time (Erlang C).

    From one server to the next: B(n) = load B(n-1) / (n + load B(n-1)). A load no smaller than the number of
    servers has everybody wait.
    """
    if load >= servers:
        return 1.0
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return servers * blocked / (servers - load * (1.0 - blocked))
