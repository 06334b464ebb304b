"""Whether the clock and the aim that were shown came true.

Looked at every `EVERY_S` of the night, whatever happens then, from the first moment that a threat is shown
for an intruder's track until `LAST_S` before it enters its asset's keep-out circle. Only intruders that do
arrive have a true time to breach: the others (watchers) are left out of both figures.
*Coverage*: the share of moments, among those with an interval shown for the asset that it then enters, in
which the true time lies in it. Moments with another asset shown, or with none, are counted beside.
*Brier score*: the sum over all assets and "none of them" of (probability said - 1 where it is true, else
0)^2: 0 is perfect, 2 is sure and wrong. Beside it, at the same moments, two simple forecasters from the same
track: *nearest asset* (all on the nearest keep-out circle) and *constant velocity* (all on the asset that the
straight course passes nearest, counted in keep-out radii; on none where it leads away from all of them). As
these are always sure, each is also given the one confidence, the same at all moments, that makes its score
best in hindsight (the rest spread evenly): that is a stronger rival than anyone could have had.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from skykeep.base.compile import FloatArray

EVERY_S = 5.0
LAST_S = 3.0
NONE = ""


class Moment(NamedTuple):
    """One look at one intruder that arrives: what is true, what was shown, what the simple ones would say."""

    name: str
    asset_id: str
    true_s: float
    shown_asset_id: str
    interval_s: tuple[float, float] | None
    said: dict[str, float]
    nearest: str
    constant_velocity: str


class ForecastFigures(NamedTuple):
    """Sums over moments: `covered` of `with_interval` of `moments`; how often the truth came sooner and later
    than the interval; and the moments, for the Brier scores.
    """

    moments: tuple[Moment, ...]
    covered: int
    with_interval: int
    sooner: int
    later: int


def score_forecasts(moments: Sequence[Moment]) -> ForecastFigures:
    """Return the figures of some moments."""
    shown = [
        (one.true_s, one.interval_s)
        for one in moments
        if one.interval_s is not None and one.shown_asset_id == one.asset_id
    ]
    sooner = sum(true_s < low_s for true_s, (low_s, _) in shown)
    later = sum(true_s > high_s for true_s, (_, high_s) in shown)
    return ForecastFigures(tuple(moments), len(shown) - sooner - later, len(shown), sooner, later)


def brier(said: Mapping[str, float], true: str) -> float:
    """Return the score of one forecast: its probabilities are of assets and of `NONE`, 0 where not named."""
    score = sum((p - (asset_id == true)) ** 2 for asset_id, p in said.items())
    return score + (0.0 if true in said else 1.0)


def best_softened(hits: int, moments: int, others: int) -> float:
    """Return the mean score of one that puts p on its pick and the rest evenly on `others`, p the best."""
    if not moments:
        return float("nan")
    share = hits / moments
    p = np.linspace(0.0, 1.0, 201)
    rest = (1.0 - p) / others
    # A hit has p on the truth and `rest` on each other; a miss has p on the pick and `rest` on the truth.
    hit = (1.0 - p) ** 2 + others * rest**2
    miss = p**2 + (1.0 - rest) ** 2 + (others - 1) * rest**2
    return float(np.min(share * hit + (1.0 - share) * miss))


def nearest_asset(state: FloatArray, assets: Mapping[str, tuple[FloatArray, float]]) -> str:
    """Return the asset whose keep-out circle (place, radius) is nearest."""
    return min(assets, key=lambda name: float(np.hypot(*(assets[name][0][:2] - state[:2]))) - assets[name][1])


def straight_on(state: FloatArray, assets: Mapping[str, tuple[FloatArray, float]]) -> str:
    """Return the asset that a straight course passes nearest, in its radii; `NONE` if it leaves them all."""
    best, best_radii = NONE, float("inf")
    speed2 = float(state[3] ** 2 + state[4] ** 2)
    for name, (place_m, radius_m) in assets.items():
        east_m, north_m = place_m[0] - state[0], place_m[1] - state[1]
        ahead = east_m * state[3] + north_m * state[4]
        if ahead <= 0.0 or speed2 == 0.0:
            continue
        passes_m = abs(east_m * state[4] - north_m * state[3]) / np.sqrt(speed2)
        if passes_m / radius_m < best_radii:
            best, best_radii = name, float(passes_m / radius_m)
    return best
