"""How strong an echo is: what that says of detection or false alarm, and of how well a target is seen.

A radar that says how strong its echoes are (`SignalModel`) lets every track keep the probabilities of a few
radar cross-sections. An echo of a fading (Swerling 1) target has, in noise, exponentially distributed power
of mean 1 + S above the threshold T; it passes the threshold with probability exp(-T / (1 + S)). False
detections are taken as exponential too, their mean excess learned from those that no track explains. Powers
are ratios to noise. Sources: Swerling 1954 for the target; Lerro and Bar-Shalom 1993 for the ratio in the
score.
"""

from __future__ import annotations

import math

from skykeep.base.compile import FloatArray, kernel
from skykeep.tracking.columns import CLUTTER_EXCESS, SECTION, SIGNAL, THRESHOLD

SECTIONS_DBSM = (-29.0, -25.0, -21.0, -17.0, -13.0, -9.0, 0.0, 12.0)
_PRIOR = (0.08, 0.16, 0.24, 0.22, 0.14, 0.08, 0.05, 0.03)
_SECTIONS_M2 = tuple(10.0 ** (dbsm / 10.0) for dbsm in SECTIONS_DBSM)
_COUNT = len(SECTIONS_DBSM)
_FORGET = 0.02
"""Part of what was learned that each look replaces by the prior: targets turn, and show another side."""
_SURELY = 0.98
"""Part of the looks that would have shown what is strong enough: something may have been in the way."""
_MOST = 3.0
"""No one echo's strength counts for more than this, in log-odds: real clutter has heavier tails."""


@kernel
def expect_signal(value: FloatArray) -> None:
    """Give a new track the prior of its radar cross-section."""
    for s in range(_COUNT):
        value[SECTION + s] = _PRIOR[s]


@kernel
def expect_echoes(value: FloatArray, look: FloatArray, range_m: float, echoes: FloatArray) -> None:
    """Write into `echoes` (2, SECTIONS), by cross-section, how likely the track has it and its echo passes
    the threshold at `range_m`, and one over the echo's mean power; zeros where the sensor tells no power.
    """
    if look[SIGNAL] == 0.0:
        echoes[:] = 0.0
        return
    at_range = look[SIGNAL] / (range_m * range_m * range_m * range_m)
    for s in range(_COUNT):
        echoes[1, s] = 1.0 / (1.0 + at_range * _SECTIONS_M2[s])
        echoes[0, s] = value[SECTION + s] * math.exp(-look[THRESHOLD] * echoes[1, s])


@kernel
def chance_of_detection(echoes: FloatArray) -> float:
    """Return how likely one look sees a target that echoes so."""
    total = 0.0
    for s in range(_COUNT):
        total += echoes[0, s]
    return total


@kernel
def log_strength_ratio(echoes: FloatArray, look: FloatArray, power: float) -> float:
    """Return the log of the density of an echo's power, given that it is this track's, over clutter's."""
    if not math.isfinite(power) or look[SIGNAL] == 0.0:
        return 0.0
    excess = max(power - look[THRESHOLD], 0.0)
    seen, density = 1e-300, 1e-300
    for s in range(_COUNT):
        seen += echoes[0, s]
        density += echoes[0, s] * math.exp(-excess * echoes[1, s]) * echoes[1, s]
    clutter = -excess / look[CLUTTER_EXCESS] - math.log(look[CLUTTER_EXCESS])
    return float(min(max(math.log(density / seen) - clutter, -_MOST), _MOST))


@kernel
def learn_section(value: FloatArray, look: FloatArray, echoes: FloatArray, power: float) -> None:
    """Weigh the cross-sections by an echo of `power`, or by a look that missed (NaN); `echoes` is what was
    expected of it.
    """
    seen, excess, total = math.isfinite(power), max(power - look[THRESHOLD], 0.0), 0.0
    for s in range(_COUNT):
        if seen:
            value[SECTION + s] = echoes[0, s] * math.exp(-excess * echoes[1, s]) * echoes[1, s]
        else:
            value[SECTION + s] -= _SURELY * echoes[0, s]
        total += value[SECTION + s]
    for s in range(_COUNT):
        kept = value[SECTION + s] / total if total > 1e-300 else _PRIOR[s]
        value[SECTION + s] = (1.0 - _FORGET) * kept + _FORGET * _PRIOR[s]
