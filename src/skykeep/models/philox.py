"""Random numbers by counter: what number `counter` under a key is, without drawing those before it.

Philox 4x32-10: ten rounds of two 32-bit multiplications, each of which swaps and mixes halves. There is no
state: the same key and counter give the same number on every machine, whatever else was drawn. A floor that
rolls no dice may use it with a key made of ids, since the answer is a function of the ids alone.
Source: J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011); the known answers of its
authors' tests are reproduced (tests/house/test_physics_anchors.py). Error: none, integers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skykeep.base.compile import FloatArray

WordArray = NDArray[np.uint32]

_ROUNDS = 10
_MULTIPLIERS = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
# The golden ratio and the root of three, less one, as 32-bit fractions: added to the key at each round.
_WEYL = (0x9E3779B9, 0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


def philox4x32(counter: WordArray, key: tuple[int, int]) -> WordArray:
    """Return four words for each counter: `counter` (n, 4), `key` two words; the answer is (n, 4)."""
    a, b, c, d = (np.asarray(counter[:, i], dtype=np.uint64) for i in range(4))
    for turn in range(_ROUNDS):
        first, second = a * _MULTIPLIERS[0], c * _MULTIPLIERS[1]
        key_0 = np.uint64((key[0] + turn * _WEYL[0]) & 0xFFFFFFFF)
        key_1 = np.uint64((key[1] + turn * _WEYL[1]) & 0xFFFFFFFF)
        a, b, c, d = (second >> _HALF) ^ b ^ key_0, second & _LOW, (first >> _HALF) ^ d ^ key_1, first & _LOW
    return np.stack((a, b, c, d), axis=1).astype(np.uint32)


def shares(count: int, key: tuple[int, int]) -> FloatArray:
    """Return `count` numbers between 0 and 1, neither of them included, of the stream under `key`."""
    counter = np.zeros(((count + 3) // 4, 4), dtype=np.uint32)
    counter[:, 0] = np.arange(len(counter), dtype=np.uint32)
    words = philox4x32(counter, key).reshape(-1)[:count]
    return (words.astype(np.float64) + 0.5) / 4294967296.0
