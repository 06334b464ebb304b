"""What a detection says of who it is: evidence like any other, that can be wrong, shared or exchanged.

A track keeps the label that it heard most of late, one that names a single aircraft (a serial, an address)
and one that many share (a family of transmitters). A detection with the same label fits it better, one with
another fits worse, but never so much that a place could not overrule it; a track that keeps hearing another
takes that.
"""

from __future__ import annotations

import math

from skykeep.base.compile import FloatArray, kernel
from skykeep.tracking.columns import LABEL, LABEL_HEARD, LABEL_OF, LABEL_TELLS

_MOST_HEARD = 6.0
_KNOWN = 3.0
"""After so many messages a label counts in full."""


@kernel
def log_label_ratio(value: FloatArray, look: FloatArray, code: float) -> float:
    """Return what a detection's label, NaN for none, adds to the score of its being this track's."""
    if not math.isfinite(code) or look[LABEL_TELLS] == 0.0:
        return 0.0
    at = LABEL + 2 * int(look[LABEL_OF])
    tells = look[LABEL_TELLS] * min(value[at + LABEL_HEARD] / _KNOWN, 1.0)
    return float(tells if value[at] == code else -tells)


@kernel
def note_label(value: FloatArray, look: FloatArray, code: float) -> None:
    """Hear one label of this track."""
    if not math.isfinite(code) or look[LABEL_TELLS] == 0.0:
        return
    at = LABEL + 2 * int(look[LABEL_OF])
    if value[at] == code:
        value[at + LABEL_HEARD] = min(value[at + LABEL_HEARD] + 1.0, _MOST_HEARD)
    elif value[at + LABEL_HEARD] < 1.0:
        value[at], value[at + LABEL_HEARD] = code, 1.0
    else:
        value[at + LABEL_HEARD] -= 1.0
