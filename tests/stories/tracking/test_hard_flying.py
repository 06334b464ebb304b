"""Stories of things that fly hard: from a crawl to full speed, and on the spot to the other side."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from followed_scenes import alive, follow, names, places
from skykeep.base.compile import FloatArray
from skykeep.models.intervals import wilson_interval
from tracking_scenes import Body, Path, observe, radar


def dash(seed: int) -> Path:
    """Return a drone that crawls for 20 s and then, within three, is at its full speed on the same course."""
    dice = np.random.default_rng((seed, 21))
    course, full_mps = dice.uniform(0.0, 2 * math.pi), dice.uniform(24.0, 28.0)
    ahead = np.array([math.sin(course), math.cos(course), 0.0])
    start = np.array([dice.uniform(-300.0, 300.0), dice.uniform(900.0, 1300.0), 90.0])

    def path(time_s: float) -> FloatArray:
        after_s = max(time_s - 20.0, 0.0)
        climbing_s = min(after_s, 3.0)
        gained_mps = full_mps - 6.0
        far_m = 6.0 * time_s + gained_mps * (climbing_s**2 / 6.0 + max(after_s - 3.0, 0.0))
        return np.asarray(start + far_m * ahead)

    return path


def about_face(seed: int) -> Path:
    """Return a fixed wing at 33 m/s that banks from one side to the other every six seconds."""
    dice = np.random.default_rng((seed, 22))
    step_s, rate, speed_mps = 0.05, dice.uniform(0.3, 0.4), 33.0
    times_s = np.arange(0.0, 60.0, step_s)
    course = dice.uniform(0.0, 2 * math.pi) + np.cumsum(
        rate * step_s * np.where(times_s // 6.0 % 2 == 0, 1, -1)
    )
    way = np.cumsum(speed_mps * step_s * np.column_stack((np.sin(course), np.cos(course))), axis=0)
    start = np.array([dice.uniform(-300.0, 300.0), dice.uniform(800.0, 1100.0)])

    def path(time_s: float) -> FloatArray:
        k = min(round(time_s / step_s), len(times_s) - 1)
        return np.append(start + way[k], 180.0)

    return path


@pytest.mark.parametrize("flight", [dash, about_face])
def test_what_flies_hard_keeps_its_name(flight: Callable[[int], Path]) -> None:
    """The officer expects one track throughout: not the old one flying on and a new one beside it."""
    kept, off_m, seeds = 0, list[float](), 40
    for seed in range(seeds):
        bodies, sensors = (Body(flight(seed)),), (radar(sigma=(5.0, 0.012, 0.012, 0.5)),)
        times_s = np.arange(12.0, 45.0)
        pictures = follow(sensors, observe(bodies, sensors, 45.0, seed), times_s)
        called = names(bodies, pictures, times_s, gate_m=100.0)[:, 0]
        kept += bool((called >= 0).all() and (called == called[0]).all())
        for picture, now_s in zip(pictures, times_s, strict=True):
            gaps_m = np.linalg.norm(
                picture.state[alive(picture), :3] - places(bodies, float(now_s))[0], axis=1
            )
            off_m.append(float(gaps_m.min(initial=200.0)))
    low, _ = wilson_interval(kept, seeds)
    assert kept / seeds >= 0.8, f"one name throughout in {kept} of {seeds}, at least {low:.2f}"
    assert np.quantile(off_m, 0.95) < 80.0, f"{np.quantile(off_m, 0.95):.0f} m off in the worst twentieth"
