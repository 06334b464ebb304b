"""What fades exponentially, compiled: exp(-x) of many numbers, the same on every processor.

Not NumPy's `exp`, which takes other ways on other processors, nor that of the C library: replaying a log on
another machine must give the same bytes. Error: a unit in the last digit (tests/models/test_fading.py).
By exp(r) 2^n with |r| <= ln(2) / 2, so that the compiler takes several at once.
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.compile import FloatArray, IntArray, kernel

# Nats beyond which a weight is nothing beside any other: its square root is still a number.
FAINTEST = 700.0
_LOG2_E = 1.4426950408889634
# ln(2) in two parts, the first with so many zeros at its end that n times it is exact; n from -1010 to 995.
_LN_2_HIGH, _LN_2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
# What is added to it and taken off again is rounded to a whole number.
_TO_WHOLE = 1.5 * 2.0**52
_E3, _E4, _E5, _E6, _E7, _E8, _E9, _E10, _E11, _E12, _E13 = (1.0 / math.factorial(k) for k in range(3, 14))


@kernel
def fill_fading(nats: FloatArray, power: FloatArray, bits: IntArray, out: FloatArray) -> None:
    """Fill `out` with exp(-nats), `nats` of -690 or more; none of less than exp(-`FAINTEST`), which NaN is
    taken for. `power` is `bits` seen as float64, scratch as long as `nats`.
    """
    for j in range(len(nats)):
        # In this order, so that NaN counts as the faintest and can be made a whole number.
        x = -min(FAINTEST, nats[j])
        n = (x * _LOG2_E + _TO_WHOLE) - _TO_WHOLE
        r = (x - n * _LN_2_HIGH) - n * _LN_2_LOW
        tail = _E8 + r * (_E9 + r * (_E10 + r * (_E11 + r * (_E12 + r * _E13))))
        rest = 0.5 + r * (_E3 + r * (_E4 + r * (_E5 + r * (_E6 + r * (_E7 + r * tail)))))
        out[j] = 1.0 + (r + r * r * rest)
        bits[j] = (np.int64(n) + 1023) << 52
    for j in range(len(nats)):
        out[j] *= power[j]
