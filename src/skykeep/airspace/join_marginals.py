"""Who is whom, when each track is at most one flight and each flight at most one track.

`odds` (tracks, flights) are how much better a pair explains what was seen of the track than any other
thing in the air would; 0 is impossible. `elsewhere` (flights,) are the odds that a flight is none of these
tracks, at least 1. An assignment is worth the product of the odds of its pairs, and of `elsewhere` for
each flight that it leaves out. The answer is how likely each pair is, over all assignments.

Small clusters are summed exactly, by dynamic programming over the sets of flights given away; large ones by
belief propagation (Williams and Lau, IEEE Trans. AES 50(4), 2014), which is within 0.06 of the exact sum in
99 of 100 tables of chance figures, and off by a third where three want two and nothing decides
(tests/airspace/test_join_marginals.py). The sums are in `marginal_kernels.py`.
"""

from __future__ import annotations

import numpy as np

from skykeep.airspace.marginal_kernels import fill_marginals
from skykeep.base.compile import FloatArray


def marginals(odds: FloatArray, elsewhere: FloatArray) -> FloatArray:
    """Return (tracks, flights) probabilities."""
    out = np.zeros_like(odds)
    fill_marginals(odds.copy(), elsewhere, out)
    return out
