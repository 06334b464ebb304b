"""The compile switch: `@kernel` turns a plain numeric function into machine code.

`SKYKEEP_COMPILE=0` leaves kernels as Python, so that a debugger and a coverage tool can walk through them.
`fastmath` stays off: reordered sums would break the promise that the same log gives the same bytes.
Compiled code is cached beside the source, or under `NUMBA_CACHE_DIR` where the source cannot be written.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., object])

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

COMPILED = os.environ.get("SKYKEEP_COMPILE", "1") != "0"


def kernel(function: F) -> F:
    """Compile `function` on first call, cached on disk; or leave it as it is when compiling is off."""
    if not COMPILED:
        return function
    from numba import njit

    return cast(F, njit(cache=True, nogil=True, fastmath=False, error_model="numpy")(function))
