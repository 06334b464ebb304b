"""Does the stated covariance tell the error that was made?

Legend: `e` error of the position, `P` its stated covariance, NEES = e' P^-1 e, chi-square with 3 degrees of
freedom where P is right; ANEES is its mean over 3, so 1 is honest, above 1 too sure, below 1 too modest
(Bar-Shalom, Li and Kirubarajan, *Estimation with Applications to Tracking and Navigation*, 2001, 5.4).
"""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincinv

from skykeep.base.compile import FloatArray

DIMENSIONS = 3


def chi_square_quantile(share: float, degrees: float) -> float:
    """Return what a chi-square number of so many degrees of freedom stays under with probability `share`."""
    # As scipy.stats has it, without the second that importing scipy.stats takes.
    return 2.0 * float(gammaincinv(degrees / 2.0, share))


MEDIAN_NEES = chi_square_quantile(0.5, DIMENSIONS)
ELLIPSOID_90 = chi_square_quantile(0.9, DIMENSIONS)


def nees(error_m: FloatArray, covariance_m2: FloatArray) -> FloatArray:
    """Return the normalised squared error of each row, shapes (n, 3) and (n, 3, 3); nan where P is."""
    out = np.full(len(error_m), np.nan)
    told = np.isfinite(covariance_m2).all(axis=(1, 2))
    if told.any():
        solved = np.linalg.solve(covariance_m2[told], error_m[told][..., None])[..., 0]
        out[told] = np.einsum("ni,ni->n", error_m[told], solved)
    return out


def anees_bounds(count: int, share: float = 0.95) -> tuple[float, float]:
    """Return between what the ANEES of so many *independent* honest errors lies with probability `share`.

    Errors a moment apart are not independent: the ANEES of a run may stand further off and be honest still.
    """
    tail = (1.0 - share) / 2.0
    degrees = DIMENSIONS * count
    low, high = (chi_square_quantile(part, degrees) / degrees for part in (tail, 1.0 - tail))
    return low, high
