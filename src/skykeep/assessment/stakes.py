"""What is at stake: each track against the asset where its priority is highest."""

from __future__ import annotations

import numpy as np

from skykeep.assessment.breach import Coming, breach_times_s
from skykeep.assessment.memory import Looks
from skykeep.assessment.pace import Pace, place_variance_m2
from skykeep.assessment.pair_kernels import Flights, Numbers, Rings, fill_choice, fill_soon, fill_stakes
from skykeep.assessment.weighing import Weighed
from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.rules import ThreatRules
from skykeep.domain.track import Picture
from skykeep.models.closest_approach import closest_approach
from skykeep.models.intent import destination_probabilities


def flights_of(
    place_m: FloatArray,
    picture: Picture,
    looks: Looks,
    pace: Pace,
    leave: tuple[FloatArray, FloatArray],
    rules: ThreatRules,
) -> Flights:
    """Return the tracks as the kernels take them; `leave` is what `unauthorised` found."""
    without_leave, fastest_mps = leave
    return Flights(
        place_m,
        picture.state[:, 3:5].copy(),
        pace.velocity_mps,
        pace.ground_mps,
        fastest_mps,
        without_leave,
        looks.stayed_s >= rules.loiter_s,
        looks.distance_m,
        looks.since_utc_ns,
        looks.turned_back,
    )


def weigh(
    picture: Picture, rows: IntArray, flights: Flights, pace: Pace, rings: Rings, rules: ThreatRules
) -> Weighed:
    """Return those of `rows` that could be worth showing, each against the asset where its priority is
    highest.
    """
    numbers = Numbers(*(getattr(rules, name) for name in Numbers._fields))
    size = (len(rows), len(rings.consequence))
    if_aimed, deep, aims = np.empty(size), np.empty(size), np.zeros((size[0], size[1] + 1))
    fill_stakes(rows, flights, rings, numbers, if_aimed, deep)
    # A track that could not be worth showing however it aimed is not asked where it goes.
    asked = (if_aimed >= rules.least_priority).any(axis=1)
    aims[asked] = _aims(picture, rows[asked], rings, rules)
    best, at_best, most = np.zeros(size[0], dtype=np.int64), np.empty((size[0], 8)), np.empty(size[0])
    fill_choice(rows, flights, rings, numbers, (if_aimed, deep), aims, best, at_best, most)
    # Only where it may be shown is the whole distribution worth its while; the median is the one that counts.
    may = np.flatnonzero(most >= rules.least_priority)
    rows, best, aims, at_best = rows[may], best[may], aims[may], at_best[may]
    after, distance_m, closing_mps, worst_s, straight_s, _, loiters, probes = at_best.T
    breach_s = np.full((len(rows), 3), np.nan)
    closes = np.flatnonzero(~np.isnan(straight_s))
    coming = Coming(
        (distance_m - rings.keep_out_m[best])[closes],
        place_variance_m2(picture)[rows[closes]],
        pace.ground_mps[rows[closes]],
        pace.variance_m2ps2[rows[closes]],
        pace.cruise_mps[rows[closes]],
        pace.speeds_up[rows[closes]],
        1.0 - aims[closes, best[closes]],
    )
    breach_s[closes] = breach_times_s(coming, worst_s[closes], rules).T
    soon = np.empty(len(rows))
    fill_soon(breach_s[:, 1].copy(), at_best, numbers, soon)
    factors = (flights.without_leave[rows], after, soon, rings.consequence[best])
    offset_m = flights.place_m[rows] - rings.place_m[best]
    return Weighed(
        rows,
        best,
        factors[0] * factors[1] * factors[2] * factors[3],
        np.stack(factors, axis=1),
        aims,
        breach_s,
        worst_s,
        *closest_approach(offset_m, flights.filter_mps[rows]),
        distance_m,
        closing_mps,
        loiters > 0.0,
        probes > 0.0,
    )


def _aims(picture: Picture, rows: IntArray, rings: Rings, rules: ThreatRules) -> FloatArray:
    """Return the probability that each row is heading for each asset and, last, for none."""
    pick, count = np.array([0, 1, 3, 4]), len(rings.consequence)
    return destination_probabilities(
        picture.state[np.ix_(rows, pick)],
        picture.covariance[np.ix_(rows, pick, pick)],
        rings.place_m,
        0.5 * rings.keep_out_m,
        np.full(count, rules.prior_per_asset / count),
        rules.prior_none,
        np.pi * rules.watched_radius_m**2,
        rules.intent_acceleration_psd,
    )
