"""A figure with its interval: over blocks of time, over targets or tracks, or Wilson's."""

from __future__ import annotations

import math

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.models.intervals import bootstrap_ratio, wilson_interval


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure and its 95 % interval; None where there is nothing to tell it from."""

    value: float | None
    low: float | None = None
    high: float | None = None


def over_time(series: FloatArray, wholes: FloatArray | None = None) -> Figure:
    """Return the mean (or the ratio of sums), its interval over blocks as long as they are many."""
    wholes = np.ones(len(series)) if wholes is None else wholes
    if not wholes.sum() > 0.0:
        return Figure(value=None)
    starts = np.arange(0, len(series), math.ceil(math.sqrt(len(series))))
    interval = bootstrap_ratio(np.add.reduceat(series, starts), np.add.reduceat(wholes, starts))
    return _figure(float(series.sum() / wholes.sum()), interval)


def ratio(parts: FloatArray, wholes: FloatArray) -> Figure:
    """Return the ratio of sums, its interval over units: targets or tracks."""
    if not wholes.sum() > 0.0:
        return Figure(value=None)
    return _figure(float(parts.sum() / wholes.sum()), bootstrap_ratio(parts, wholes))


def share(part: int, whole: int) -> Figure:
    return _figure(part / whole, wilson_interval(part, whole)) if whole else Figure(value=None)


def _figure(value: float, interval: tuple[float, float] | None) -> Figure:
    low, high = interval or (None, None)
    return Figure(value=value, low=low, high=high)


def root(figure: Figure, order: float) -> Figure:
    """Return the figure's p-th root, as a mean of p-th powers asks for."""

    def root(value: float | None) -> float | None:
        return None if value is None else value ** (1.0 / order)

    return Figure(value=root(figure.value), low=root(figure.low), high=root(figure.high))


def quantiles_of_delay(delay_s: FloatArray) -> dict[str, Figure]:
    """Return quantiles over all targets, None where that one never was confirmed, and the mean of the
    others.
    """
    known = delay_s[np.isfinite(delay_s)]
    if not len(delay_s):
        return {}
    median_s, late_s = float(np.median(delay_s)), float(np.quantile(delay_s, 0.9, method="higher"))
    return {
        "confirm_median_s": Figure(value=median_s if math.isfinite(median_s) else None),
        "confirm_90_percent_s": Figure(value=late_s if math.isfinite(late_s) else None),
        "confirm_mean_s": ratio(known, np.ones(len(known))),
    }
