"""How strong an echo must be when several pulses are summed before one decides (square law, no coherence).

Legend: `snr` signal to noise of one pulse, as a ratio; N pulses; the sum of N squared noises exceeds the
threshold with the false-alarm probability. *Swerling 0* is steady, *Swerling 2* drawn anew at every pulse
from an exponential law; those drawn once for the whole train are in `detectability` for one pulse.
Error: round-off; thresholds and tails are scipy's gamma and non-central chi-square functions. Compared with
published values (tests/house/test_physics_anchors.py).
"""

from __future__ import annotations

from collections.abc import Callable

from scipy.optimize import brentq
from scipy.special import chndtr, gammaincc, gammainccinv

from skykeep.models.detectability import power_ratio


def threshold(pulses: int, false_alarm_probability: float) -> float:
    """Return what the sum of squared noises exceeds with that probability, in units of the mean noise."""
    return float(gammainccinv(pulses, false_alarm_probability))


def steady_probability(snr: float, pulses: int, false_alarm_probability: float) -> float:
    """Return the probability to see a steady target in the sum."""
    limit = threshold(pulses, false_alarm_probability)
    return float(1.0 - chndtr(2.0 * limit, 2.0 * pulses, 2.0 * pulses * snr))


def swerling2_probability(snr: float, pulses: int, false_alarm_probability: float) -> float:
    """Return the probability to see a target that is drawn anew at every pulse."""
    return float(gammaincc(pulses, threshold(pulses, false_alarm_probability) / (1.0 + snr)))


def required_snr_db(wanted: float, probability: Callable[[float], float]) -> float:
    """Return the level at which `probability` of the ratio reaches `wanted`, between -20 and 40 dB."""
    level = brentq(lambda level_db: probability(float(power_ratio(level_db))) - wanted, -20.0, 40.0)
    return float(level)
