from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.stats.qmc import Sobol

from skykeep.models.low_discrepancy import DIMENSIONS, sobol_points


def test_the_first_four_points_halve_and_halve_again() -> None:
    # Off the lower faces by half a cell of 1/4.
    assert (sobol_points(4, 2) - 0.125).tolist() == [[0, 0], [0.5, 0.5], [0.75, 0.25], [0.25, 0.75]]


def test_every_coordinate_takes_every_cell_once() -> None:
    points = np.sort(sobol_points(1024, DIMENSIONS), axis=0)
    assert np.array_equal(points, np.tile(((np.arange(1024) + 0.5) / 1024)[:, np.newaxis], DIMENSIONS))


@pytest.mark.parametrize("count", [64, 1024])
def test_authority_the_same_points_as_scipy(count: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = Sobol(DIMENSIONS, scramble=False).random(count)
    assert np.array_equal(sobol_points(count, DIMENSIONS) - 0.5 / count, theirs)


def test_more_dimensions_than_there_are_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="must be 1 to 13"):
        sobol_points(8, DIMENSIONS + 1)
