"""Dice by name: every random stream is keyed by the seed and by what it is for, so none shifts another.

`stream(7, "radar-rock", "gull-3")` is the same whichever other streams were drawn before, or how much.
"""

from __future__ import annotations

import hashlib

import numpy as np

from skykeep.base.compile import FloatArray


def stream(seed: int, *names: str) -> np.random.Generator:
    """Return the generator of that name: seeded by `seed` and the SHA-256 of the names."""
    # Each name is length-prefixed, so that ("ab", "c") and ("a", "bc") differ.
    text = "".join(f"{len(name)}:{name}" for name in names)
    words = np.frombuffer(hashlib.sha256(text.encode()).digest(), dtype="<u4")
    key = tuple(int(word) for word in words)
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key)))


def wander(generator: np.random.Generator, count: int, step_s: float, tau_s: float) -> FloatArray:
    """Return a smooth stationary wander of unit deviation, `count` samples `step_s` apart.

    A Gauss-Markov process with time constant `tau_s`, drawn at knots a quarter of that apart and joined by
    a cosine-smoothed line: between knots it deviates a little less than one.
    """
    knot_s = tau_s / 4.0
    knots = int(np.ceil(count * step_s / knot_s)) + 2
    keep = np.exp(-knot_s / tau_s)
    values = generator.standard_normal(knots)
    for i in range(1, knots):
        values[i] = keep * values[i - 1] + np.sqrt(1.0 - keep * keep) * values[i]
    position = np.arange(count) * (step_s / knot_s)
    left = position.astype(np.int64)
    part = 0.5 - 0.5 * np.cos(np.pi * (position - left))
    return np.asarray(values[left] * (1.0 - part) + values[left + 1] * part)
