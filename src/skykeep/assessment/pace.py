"""How fast a track gets on: the way that it made good, rather than what its filter says of its speed.

A filter's velocity answers to every gust, wavers where returns are few or neighbours near, and is then too
low more often than too high. Where the track has been is known to metres, and tells over tens of seconds how
fast it flies to a few percent. So a straight line is fitted through its places by least squares, each
counting exp(-age / `steady_s`). Where the places lie off that line by more than `bent_m`, it has turned, and
what was before is forgotten the faster.

Its slope, the filter's velocity and those of the others in its group (whose tracks may have changed places)
are weighed by how well each is known; then what is usual for its class.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.rules import ThreatRules
from skykeep.domain.track import Picture

# Columns of the sums: weight, w t, w t^2, w x (2), w t x (2), w |x|^2, and the mean square off the line.
SUMS = 9
# Errors of a filter's places are alike for so long: one independent look each.
LOOK_S = 4.0
# What a covariance leaves out, 1-sigma: of a place (sway, bias), of a filter's speed.
PLACE_M, FILTER_MPS = 6.0, 2.0
_SPAN_S = 0.05
# A window of evenly spread looks is so many times as long as their standard deviation.
_WINDOW = float(np.sqrt(12.0))


class Pace(NamedTuple):
    """For each track: its velocity (n, 2), how fast it gets on over ground and the variance of that, the
    speed usual for its class, and the chance that it will yet speed up to it, (n,) each.
    """

    velocity_mps: FloatArray
    ground_mps: FloatArray
    variance_m2ps2: FloatArray
    cruise_mps: FloatArray
    speeds_up: FloatArray


def advanced(sums: FloatArray, place_m: FloatArray, step_s: float, rules: ThreatRules) -> FloatArray:
    """Return the sums (n, SUMS) after `step_s`, with one more place each, (n, 2) from where it was found.

    Times count from now, so that old ones move back. All zero is a track without a past.
    """
    w, wt, wtt, off_m2 = sums[:, 0], sums[:, 1], sums[:, 2], sums[:, 8]
    wx, wtx = sums[:, 3:5], sums[:, 5:7]
    kept = np.exp(-step_s * (1.0 + off_m2 / rules.bent_m**2) / rules.steady_s)
    new = np.empty_like(sums)
    new[:, 0] = kept * w + 1.0
    new[:, 1] = kept * (wt - step_s * w)
    new[:, 2] = kept * (wtt - 2.0 * step_s * wt + step_s**2 * w)
    new[:, 3:5] = kept[:, np.newaxis] * wx + place_m
    new[:, 5:7] = kept[:, np.newaxis] * (wtx - step_s * wx)
    new[:, 7] = kept * sums[:, 7] + np.sum(place_m * place_m, axis=1)
    slope, spread = _line(new)
    middle_m2 = np.sum(new[:, 3:5] ** 2, axis=1) / new[:, 0]
    off = new[:, 7] - middle_m2 - np.sum(slope**2, axis=1) * spread
    new[:, 8] = np.maximum(off, 0.0) / new[:, 0]
    return new


def _line(sums: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the slopes (n, 2) and the spread of the times, sum of w (t - mean)^2, (n,)."""
    w, wt = sums[:, 0], sums[:, 1]
    spread = np.maximum(sums[:, 2] - wt**2 / w, 0.0)
    across = sums[:, 5:7] - (wt / w)[:, np.newaxis] * sums[:, 3:5]
    known = spread > w * _SPAN_S**2
    return across / np.where(known, spread, np.inf)[:, np.newaxis], spread


def made_good(sums: FloatArray, picture: Picture) -> tuple[FloatArray, FloatArray]:
    """Return each track's velocity by the way made good, (n, 2), and its variance per axis, (n,)."""
    slope_mps, spread = _line(sums)
    span_s = np.sqrt(spread / sums[:, 0])
    looks = np.maximum(_WINDOW * span_s / LOOK_S, 1.0)
    off_m2 = np.maximum(place_variance_m2(picture), sums[:, 8])
    return slope_mps, off_m2 / (looks * np.maximum(span_s, _SPAN_S) ** 2)


def place_variance_m2(picture: Picture) -> FloatArray:
    """Return the variance of each place, the mean of both axes, (n,)."""
    own = 0.5 * (picture.covariance[:, 0, 0] + picture.covariance[:, 1, 1])
    return np.asarray(own + PLACE_M**2)


def pace_of(
    picture: Picture,
    sums: FloatArray,
    seen_s: FloatArray,
    class_probabilities: FloatArray,
    groups: Iterable[tuple[int, ...]],
    rules: ThreatRules,
) -> Pace:
    """Return how fast each track gets on; `class_probabilities` is (n, classes), `groups` of track ids."""
    made_mps, made_m2ps2 = made_good(sums, picture)
    weight = 1.0 / made_m2ps2
    told = weight[:, np.newaxis] * made_mps
    own = (weight, told)
    weight, told = weight.copy(), told.copy()
    for members in groups:
        rows = np.searchsorted(picture.track_id, members)
        weight[rows], told[rows] = own[0][rows].sum(), own[1][rows].sum(axis=0)
    covariance = picture.covariance
    filter_m2ps2 = 0.5 * (covariance[:, 3, 3] + covariance[:, 4, 4]) + FILTER_MPS**2
    variance = 1.0 / (weight + 1.0 / filter_m2ps2)
    velocity_mps = variance[:, np.newaxis] * (told + picture.state[:, 3:5] / filter_m2ps2[:, np.newaxis])
    # Noise makes a speed longer, never shorter: its variance is taken off again.
    seen_mps = np.sqrt(np.maximum(np.sum(velocity_mps**2, axis=1) - variance, 0.25))
    cruise_mps = _usual(class_probabilities, rules)
    usual = 1.0 / rules.cruise_spread_mps**2
    ground_m2ps2 = 1.0 / (1.0 / variance + usual)
    return Pace(
        velocity_mps,
        ground_m2ps2 * (seen_mps / variance + usual * cruise_mps),
        ground_m2ps2,
        cruise_mps,
        _speeds_up(seen_mps, variance, cruise_mps, seen_s, rules),
    )


def _usual(class_probabilities: FloatArray, rules: ThreatRules) -> FloatArray:
    total = class_probabilities.sum(axis=1)
    each = sum(speed * class_probabilities[:, k] for k, speed in enumerate(rules.cruise_mps))
    return np.asarray(each / np.maximum(total, 1e-9))


def _speeds_up(
    seen_mps: FloatArray,
    variance_m2ps2: FloatArray,
    cruise_mps: FloatArray,
    seen_s: FloatArray,
    rules: ThreatRules,
) -> FloatArray:
    """Return the chance that it is still on its way to its usual speed, by Bayes: a steady flight would fly
    about as fast as is usual; one that is speeding up may be seen at any speed below.
    """
    fades = np.exp(-seen_s / rules.speeds_up_s)
    prior = rules.speeds_up_late_share + (rules.speeds_up_share - rules.speeds_up_late_share) * fades
    spread = rules.cruise_spread_mps**2 + variance_m2ps2
    steady = np.exp(-0.5 * (seen_mps - cruise_mps) ** 2 / spread) / np.sqrt(2.0 * np.pi * spread)
    rising = prior / cruise_mps
    found = rising / np.maximum(rising + (1.0 - prior) * steady, 1e-300)
    return np.asarray(np.where(seen_mps < cruise_mps, found, 0.0))
