"""What lies in a box is what looking at every detection finds."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from skykeep.models.measurement import COMPONENTS
from skykeep.tracking.columns import MEASURED, RECORD, SIGMA
from skykeep.tracking.index import in_box, index_of, widest_of

TURN = 2.0 * math.pi
BEARING = (1, 0, 0, -1)
LOW = ((50.0, 0.0, -0.1), (0.0, 0.0, 0.0), (0.0, -0.1, 0.0), (-4000.0, -4000.0, 0.0))
HIGH = ((5000.0, TURN, 0.7), (TURN, 0.0, 0.0), (TURN, 0.7, 0.0), (4000.0, 4000.0, 500.0))


@given(st.integers(0, 100_000), st.integers(0, 3), st.integers(0, 1500), st.booleans())
@example(1, 0, 40_000, False)
@example(2, 3, 1, False)
@example(3, 1, 0, False)
def test_a_box_holds_what_lies_in_it(seed: int, kind: int, n: int, in_a_row: bool) -> None:
    dice = np.random.default_rng(seed)
    width, low, high = min(COMPONENTS[kind], 3), np.array(LOW[kind]), np.array(HIGH[kind])
    records = np.full((n, RECORD), np.nan)
    measured = dice.uniform(low, high, (n, 3))
    if in_a_row:
        # All at one bearing, or many at one place: no axis to cut.
        cut = int(dice.integers(1, 4))
        measured[:, :cut] = measured[:1, :cut]
    records[:, MEASURED : MEASURED + width] = measured[:, :width]
    records[:, SIGMA : SIGMA + width] = dice.uniform(0.0, 1.0, (n, width))
    index, hits = index_of(kind, records), np.empty(n, dtype=np.int64)
    for _ in range(20):
        size = (high - low) * dice.choice([0.001, 0.05, 0.3, 1.5])
        middle = dice.uniform(low - 0.1 * (high - low), high + 0.1 * (high - low))
        from_, to = middle - size * dice.random(3), middle + size * dice.random(3)
        inside = np.ones(n, dtype=np.bool_)
        for c in range(width):
            value = records[:, MEASURED + c]
            if c == BEARING[kind]:
                inside &= np.any(
                    [(from_[c] <= value + k * TURN) & (value + k * TURN <= to[c]) for k in (-2, -1, 0, 1, 2)],
                    axis=0,
                )
            else:
                inside &= (from_[c] <= value) & (value <= to[c])
        found = hits[: in_box(index, from_, to, hits)]
        assert len(set(found.tolist())) == len(found)
        np.testing.assert_array_equal(np.sort(found), np.flatnonzero(inside))
        one = np.empty(1, dtype=np.int64)
        assert in_box(index, from_, to, one) == min(len(found), 1)
    for c in range(width):
        assert widest_of(index, c) == records[:, SIGMA + c].max(initial=0.0)
