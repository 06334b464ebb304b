"""When a sensor looks, and when what it saw arrives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.base.compile import FloatArray
from skykeep.sim.dice import stream


@dataclass(frozen=True, kw_only=True)
class Span:
    """Which night, from when and how long at most."""

    seed: int
    start_utc_ns: int
    duration_s: float


class Looks:
    """The looks of one sensor: `period_s` apart, from a phase of its own, each with its way to us.

    Latency is `latency_s` give or take a third; a share of looks come late by up to `late_s` more.
    """

    def __init__(
        self,
        span: Span,
        sensor_id: str,
        *,
        period_s: float,
        latency_s: float,
        late_share: float = 0.0,
        late_s: float = 0.0,
    ) -> None:
        dice = stream(span.seed, "looks", sensor_id)
        self._start_utc_ns = span.start_utc_ns
        self._period_ns = seconds_to_ns(period_s)
        # Phases on whole milliseconds: clocks of real sensors are no finer.
        self._phase_ns = int(dice.integers(0, self._period_ns // 1_000_000)) * 1_000_000
        self.count = int(span.duration_s / period_s) + 2
        chances = dice.random((self.count, 3))
        delay_s = latency_s * (0.67 + 0.66 * chances[:, 0])
        delay_s += np.where(chances[:, 1] < late_share, late_s * chances[:, 2], 0.0)
        self._delay_ns = np.rint(delay_s * 1e3).astype(np.int64) * 1_000_000
        self.index = 0

    @property
    def next_utc_ns(self) -> int:
        """When the next look is taken."""
        return self._start_utc_ns + self._phase_ns + self.index * self._period_ns

    @property
    def next_s(self) -> float:
        """The same in seconds from the start of the night."""
        return (self.next_utc_ns - self._start_utc_ns) / NS_PER_S

    @property
    def received_utc_ns(self) -> int:
        """When the next look will have arrived."""
        return self.next_utc_ns + int(self._delay_ns[min(self.index, self.count - 1)])


def target_dice(
    seed: int, sensor_id: str, names: list[str], count: int, uniforms: int, normals: int
) -> tuple[FloatArray, FloatArray]:
    """Return uniforms (looks, targets, k) and normals, each target's drawn from a stream of its own.

    All are drawn ahead: whether one target is seen, or flies on, uses up nobody's dice, not even its own.
    """
    uniform = np.empty((count, len(names), uniforms))
    normal = np.empty((count, len(names), normals))
    for i, name in enumerate(names):
        dice = stream(seed, "echo", sensor_id, name)
        uniform[:, i] = dice.random((count, uniforms))
        normal[:, i] = dice.standard_normal((count, normals))
    return uniform, normal
