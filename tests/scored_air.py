"""A small made-up air and a picture of it with every fault that a score must tell, the same on any machine.

Twelve targets for forty seconds, truth on a grid of half a second; the picture every second. It swaps two
names at a crossing, loses tracks and finds them again under the same or another name, doubles one, states
some where nothing is, sees one that is out of coverage, and claims to be surer than it is of every third.
"""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
from numpy.typing import NDArray

SECONDS = 40
TARGETS = 12
Columns = dict[str, NDArray[Any]]
_STATE = ("x", "y", "z", "vx", "vy", "vz")
_KINDS = ("multirotor", "fixed_wing", "bird")
# The upper triangle of a covariance, and the error drawn from it, are made of this lower factor.
_FACTOR = np.array([[6.0, 0.0, 0.0], [2.0, 5.0, 0.0], [-1.0, 1.5, 8.0]])


def state(target: int, time_s: float) -> list[float]:
    """Return where a target is and how it moves: the even ones straight, the odd ones in circles."""
    if target < 2:
        # These two fly across one another and are 4 m apart at 20 s.
        way = 15.0 * (time_s - 20.0)
        return [way, 4.0 * target, 100.0, 15.0, 0.0, 0.0] if not target else [0.0, way, 104.0, 0.0, 15.0, 0.0]
    east, north, up = 300.0 * target, -170.0 * target, 60.0 + 10.0 * target
    if target % 2 == 0:
        return [east + 10.0 * time_s, north - 4.0 * time_s, up, 10.0, -4.0, 0.0]
    turn = 0.15 * time_s
    east_mps, north_mps = 12.0 * math.cos(turn), 12.0 * math.sin(turn)
    return [east + 80.0 * math.sin(turn), north - 80.0 * math.cos(turn), up, east_mps, north_mps, 0.0]


def flies(target: int, time_s: float) -> bool:
    """Return whether it is in the air: one comes late, one leaves early."""
    return not (target == 5 and time_s < 12.0) and not (target == 6 and time_s > 25.0)


def truth() -> Columns:
    rows = [
        (0.5 * k, target, _KINDS[target % 3], *state(target, 0.5 * k), not (target == 9 and 0.5 * k < 15.0))
        for k in range(2 * SECONDS + 1)
        for target in range(TARGETS)
        if flies(target, 0.5 * k)
    ]
    return _columns(("t", "id", "cls", *_STATE, "in_cov"), rows)


def named(target: int, time_s: float) -> list[int]:
    """Return under which numbers the picture holds a target."""
    if target < 2 and time_s > 20.0:
        return [1 - target]
    lost = {2: (10.0, 14.0), 3: (18.0, 22.0), 7: (30.0, 31.0)}.get(target, (99.0, 99.0))
    if lost[0] < time_s <= lost[1] or time_s <= target % 4:
        return []
    number = 103 if target == 3 and time_s > lost[1] else target
    return [number, 204] if target == 4 and 8.0 < time_s < 19.0 else [number]


def tracks() -> Columns:
    dice = random.Random(20)
    rows: list[tuple[Any, ...]] = []
    for second in range(1, SECONDS + 1):
        for target in range(TARGETS):
            if target == 11 or not flies(target, second):
                continue
            for number in named(target, second):
                said = np.array(state(target, second))
                said[:3] += _FACTOR @ [dice.gauss(0.0, 1.0) for _ in range(3)]
                said[3:] += [dice.gauss(0.0, 1.5) for _ in range(3)]
                rows.append((float(second), number, *said, *_covariance(target)))
        for number in range(300, 300 + dice.randrange(3)):
            said = np.array([dice.uniform(-900.0, 900.0) for _ in range(3)] + [0.0, 0.0, 0.0])
            rows.append((float(second), number + second // 10 * 10, *said, *_covariance(0)))
    return _columns(("t", "track_id", *_STATE, "pxx", "pxy", "pxz", "pyy", "pyz", "pzz"), rows)


def _covariance(target: int) -> tuple[float, ...]:
    square = _FACTOR @ _FACTOR.T * (0.4 if target % 3 == 0 else 1.0)
    return tuple(square[np.triu_indices(3)].tolist())


def _columns(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> Columns:
    return {name: np.array(column) for name, column in zip(names, zip(*rows, strict=True), strict=True)}
