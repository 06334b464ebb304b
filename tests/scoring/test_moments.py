"""At which moments tracks and truth are compared."""

from __future__ import annotations

import numpy as np
import pytest

from skykeep.base.errors import InputError
from skykeep.scoring.moments import Grid, grid_of, spacing_s
from skykeep.scoring.tables import States


def states(*time_s: float) -> States:
    rows = len(time_s)
    return States(
        table="table",
        time_s=np.array(time_s),
        number=np.zeros(rows, dtype=np.int64),
        names=("1",),
        position_m=np.zeros((rows, 3)),
        velocity_mps=np.zeros((rows, 3)),
    )


FINE = states(*(0.5 * k for k in range(21)))


@pytest.mark.parametrize(
    ("truth", "tracks", "asked", "grid"),
    [
        # Every second of the coarser table; not 0, the start, which no track speaks of.
        (FINE, states(*range(3, 9)), {}, Grid(1.0, 1.0, 10)),
        # A track at the start: it is compared.
        (FINE, states(0, 1, 2), {}, Grid(0.0, 1.0, 11)),
        # No track at all: the truth's own moments.
        (FINE, states(), {}, Grid(0.5, 0.5, 20)),
        (FINE, states(*range(3, 9)), {"step_s": 2.0}, Grid(1.0, 2.0, 5)),
        (FINE, states(*range(3, 9)), {"step_s": 2.0, "through_s": 2.0}, Grid(2.0, 2.0, 5)),
        (FINE, states(*range(3, 9)), {"to_s": 6.0}, Grid(1.0, 1.0, 6)),
        # What is asked for counts, also where nothing is told any more.
        (FINE, states(*range(3, 9)), {"to_s": 12.0}, Grid(1.0, 1.0, 12)),
    ],
)
def test_the_moments(truth: States, tracks: States, asked: dict[str, float], grid: Grid) -> None:
    assert grid_of(truth, tracks, **asked) == grid


def test_the_spacing_is_the_usual_one_not_the_mean() -> None:
    assert spacing_s(np.array([0.0, 0.0, 1.0, 2.0, 3.0, 9.0])) == 1.0
    assert spacing_s(np.array([4.0])) == 0.0


def test_a_table_beside_the_moments_is_refused_and_told_what_would_do() -> None:
    with pytest.raises(InputError, match="--step may name a step that both have"):
        grid_of(states(0, 2, 4, 6), states(1, 2, 3), step_s=1.5)


def test_there_must_be_a_moment_left() -> None:
    with pytest.raises(InputError, match="must be at least one moment on a step of 1 s"):
        grid_of(FINE, states(3, 4, 5), to_s=-3.0)
