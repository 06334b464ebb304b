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
from typing import NamedTuple

import numpy as np

from skykeep.base.compile import FloatArray, kernel
from skykeep.models.measurement import POSITION, RANGE_AZIMUTH_ELEVATION
from skykeep.tracking.columns import (
    CLUTTER_EXCESS,
    KIND,
    MEASURED,
    SECTION,
    SECTIONS,
    SENSOR,
    SIGNAL,
    THRESHOLD,
)

SECTIONS_DBSM = (-29.0, -25.0, -21.0, -17.0, -13.0, -9.0, 0.0, 12.0)
_PRIOR = (0.08, 0.16, 0.24, 0.22, 0.14, 0.08, 0.05, 0.03)
_SECTIONS_M2 = tuple(10.0 ** (dbsm / 10.0) for dbsm in SECTIONS_DBSM)
_FORGET = 0.02
"""Part of what was learned that each look replaces by the prior: targets turn, and show another side."""
_SURELY = 0.98
"""Part of the looks that would have shown what is strong enough: something may have been in the way."""
_MOST = 3.0
"""No one echo's strength counts for more than this, in log-odds: real clutter has heavier tails."""


@kernel
def expect_signal(value: FloatArray) -> None:
    """Give a new track the prior of its radar cross-section."""
    for s in range(SECTIONS):
        value[SECTION + s] = _PRIOR[s]


class Strengths(NamedTuple):
    """What each cross-section would make of n detections of one scan; nothing where it tells no power."""

    passes: FloatArray  # (n, SECTIONS) how likely an echo from there passes the threshold
    density: FloatArray  # (n, SECTIONS) of the power that came, too
    log_clutter: FloatArray  # (n,) log of that density for clutter; NaN where the power is not told


@kernel
def strengths_of(records: FloatArray, signatures: FloatArray, look: FloatArray) -> Strengths:
    """Return what cross-sections make of the powers in `signatures` (n, 4), each at its own range."""
    n = records.shape[0] if look[SIGNAL] > 0.0 else 0
    strengths = Strengths(np.zeros((n, SECTIONS)), np.zeros((n, SECTIONS)), np.full(n, np.nan))
    for d in range(n):
        excess = max(signatures[d, 2] - look[THRESHOLD], 0.0)
        squared_m2 = range_squared_m2(records[d])
        if not math.isfinite(signatures[d, 2] + squared_m2):
            continue
        strengths.log_clutter[d] = -excess / look[CLUTTER_EXCESS] - math.log(look[CLUTTER_EXCESS])
        for s in range(SECTIONS):
            weaker = one_over_power(look, squared_m2, s)
            strengths.passes[d, s] = math.exp(-look[THRESHOLD] * weaker)
            strengths.density[d, s] = math.exp(-(look[THRESHOLD] + excess) * weaker) * weaker
    return strengths


@kernel
def range_squared_m2(record: FloatArray) -> float:
    """Return how far from its sensor a detection is, squared, in m2; NaN where a bearing is all it tells."""
    if record[KIND] == RANGE_AZIMUTH_ELEVATION:
        return float(record[MEASURED] * record[MEASURED])
    if record[KIND] != POSITION:
        return math.nan
    total = 0.0
    for axis in range(3):
        total += (record[MEASURED + axis] - record[SENSOR + axis]) ** 2
    return total


@kernel
def one_over_power(look: FloatArray, range_squared_m2: float, section: int) -> float:
    """Return one over the mean power, in noise, of an echo from a cross-section."""
    signal = look[SIGNAL] / (range_squared_m2 * range_squared_m2) * _SECTIONS_M2[section]
    return float(1.0 / (1.0 + signal))


@kernel
def expect_echoes(value: FloatArray, look: FloatArray, range_m: float, echoes: FloatArray) -> None:
    """Write into `echoes` (SECTIONS,), by cross-section, how likely the track has it and its echo passes the
    threshold at `range_m`; zeros where the sensor tells no power.
    """
    if look[SIGNAL] == 0.0:
        echoes[:] = 0.0
        return
    for s in range(SECTIONS):
        weaker = one_over_power(look, range_m * range_m, s)
        echoes[s] = value[SECTION + s] * math.exp(-look[THRESHOLD] * weaker)


@kernel
def chance_of_detection(echoes: FloatArray) -> float:
    """Return how likely one look sees a target that echoes so."""
    total = 0.0
    for s in range(SECTIONS):
        total += echoes[s]
    return total


@kernel
def log_strength_ratio(value: FloatArray, strengths: Strengths, d: int) -> float:
    """Return the log of the density of the d-th echo's power, given that it is this track's, over clutter's;
    0 where its power is not told.
    """
    if d >= strengths.log_clutter.shape[0] or not math.isfinite(strengths.log_clutter[d]):
        return 0.0
    seen, density = 1e-300, 1e-300
    for s in range(SECTIONS):
        seen += value[SECTION + s] * strengths.passes[d, s]
        density += value[SECTION + s] * strengths.density[d, s]
    return float(min(max(math.log(density / seen) - strengths.log_clutter[d], -_MOST), _MOST))


@kernel
def learn_section(value: FloatArray, strengths: Strengths, d: int) -> None:
    """Weigh the cross-sections by the d-th echo, if its power is told."""
    if d >= strengths.log_clutter.shape[0] or not math.isfinite(strengths.log_clutter[d]):
        return
    for s in range(SECTIONS):
        value[SECTION + s] *= strengths.density[d, s]
    settle_sections(value)


@kernel
def learn_missed(value: FloatArray, look: FloatArray, echoes: FloatArray) -> None:
    """Weigh the cross-sections by a look that missed, of which `echoes` were expected, if it tells power."""
    if look[SIGNAL] == 0.0:
        return
    for s in range(SECTIONS):
        value[SECTION + s] -= _SURELY * echoes[s]
    settle_sections(value)


@kernel
def settle_sections(value: FloatArray) -> None:
    """Make weights probabilities again, and let them forget a little."""
    total = 0.0
    for s in range(SECTIONS):
        total += value[SECTION + s]
    for s in range(SECTIONS):
        kept = value[SECTION + s] / total if total > 1e-300 else _PRIOR[s]
        value[SECTION + s] = (1.0 - _FORGET) * kept + _FORGET * _PRIOR[s]
