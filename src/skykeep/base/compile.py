"""The compile switch: `@kernel` turns a plain numeric function into machine code.

`SKYKEEP_COMPILE=0` leaves kernels as Python, so that a debugger and a coverage tool can walk through them.
`fastmath` stays off: reordered sums would break the promise that the same log gives the same bytes.

Compiled code is cached in a folder named after a hash of every source that kernels are made of. numba alone
looks at one file at a time: a constant changed in another file would go unseen, and old code would run with
no sign of it.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
import platformdirs
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., object])

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

COMPILED = os.environ.get("SKYKEEP_COMPILE", "1") != "0"


# What kernels are made of, the constants they are compiled with too. Of `airspace`, `assessment` and `wire`
# only the files that hold some: a codec that changes must not have everything compiled anew.
KERNEL_SOURCES = (
    "base/*.py",
    "models/*.py",
    "tracking/*.py",
    "airspace/*_kernels.py",
    "assessment/*_kernels.py",
    "wire/asterix_walk.py",
)


@lru_cache(maxsize=1)
def kernel_cache_dir() -> Path:
    """Return where compiled kernels of exactly these sources are kept."""
    digest = hashlib.sha256(sys.version.encode())
    house = Path(__file__).parents[1]
    for pattern in KERNEL_SOURCES:
        for source in sorted(house.glob(pattern)):
            digest.update(source.name.encode() + b"\0" + source.read_bytes())
    cache = Path(platformdirs.user_cache_dir("skykeep", appauthor=False))
    return cache / "kernels" / digest.hexdigest()[:16]


def is_compiled() -> bool:
    """Return whether kernels of exactly these sources were compiled before, or need not be."""
    kept = os.environ.get("NUMBA_CACHE_DIR") or kernel_cache_dir()
    # The kernel that calls all the others is the last to be done.
    return not COMPILED or any(Path(kept).glob("tracking_*/life.process-*.nbc"))


def kernel(function: F) -> F:
    """Compile `function` on first call, cached on disk; or leave it as it is when compiling is off."""
    if not COMPILED:
        return function
    if "numba" not in sys.modules:
        # numba reads this once, when it is imported. Whoever set it themselves knows best.
        os.environ.setdefault("NUMBA_CACHE_DIR", str(kernel_cache_dir()))
    from numba import njit

    return cast(F, njit(cache=True, nogil=True, fastmath=False, error_model="numpy")(function))
