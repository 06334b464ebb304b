"""Sobol points: a fixed list of points that fill a unit cube evenly, in place of dice.

The same points every time, on every machine: whoever recomputes a figure gets the same figure. Direction
numbers: S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM
J. Sci. Comput. 30 (2008), the first 13 dimensions. Error: none, the points are exact binary fractions.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from skykeep.base.compile import FloatArray

_BITS = 30

# For each dimension after the first: the primitive polynomial's inner coefficients as bits, and the first
# direction numbers, as many as its degree.
_DIRECTIONS: tuple[tuple[int, tuple[int, ...]], ...] = (
    (0, (1,)),
    (1, (1, 3)),
    (1, (1, 3, 1)),
    (2, (1, 1, 1)),
    (1, (1, 1, 3, 3)),
    (4, (1, 3, 5, 13)),
    (2, (1, 1, 5, 5, 17)),
    (4, (1, 1, 5, 5, 5)),
    (7, (1, 1, 7, 11, 19)),
    (11, (1, 1, 5, 1, 1)),
    (13, (1, 1, 1, 3, 11)),
    (14, (1, 3, 5, 5, 31)),
)
DIMENSIONS = len(_DIRECTIONS) + 1


def _directions(dimension: int) -> list[int]:
    """Return the direction numbers of one dimension, as integers of `_BITS` bits."""
    if dimension == 0:
        return [1 << (_BITS - 1 - bit) for bit in range(_BITS)]
    inner, first = _DIRECTIONS[dimension - 1]
    degree = len(first)
    numbers = [m << (_BITS - 1 - bit) for bit, m in enumerate(first)]
    for bit in range(degree, _BITS):
        number = numbers[bit - degree] ^ (numbers[bit - degree] >> degree)
        for k in range(1, degree):
            if (inner >> (degree - 1 - k)) & 1:
                number ^= numbers[bit - k]
        numbers.append(number)
    return numbers


@cache
def sobol_points(count: int, dimensions: int) -> FloatArray:
    """Return `count` points, shape (count, dimensions), each coordinate strictly between 0 and 1.

    In Gray-code order, and moved by half a cell (0.5 / count) off the lower faces: with `count` a power of
    two every coordinate then takes each of the values (k + 0.5) / count exactly once.
    """
    if not 1 <= dimensions <= DIMENSIONS:
        raise ValueError(f"{dimensions} dimensions, must be 1 to {DIMENSIONS}")
    index = np.arange(count, dtype=np.int64)
    gray = index ^ (index >> 1)
    points = np.empty((count, dimensions))
    for dimension in range(dimensions):
        bits = np.zeros(count, dtype=np.int64)
        for bit, number in enumerate(_directions(dimension)):
            bits ^= np.where((gray >> bit) & 1, number, 0)
        points[:, dimension] = bits / float(1 << _BITS) + 0.5 / count
    points.setflags(write=False)
    return points
