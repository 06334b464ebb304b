"""The factors of the priority, as columns: whether it may fly, how deep it is, how soon, how bad."""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import Identification
from skykeep.domain.place import Asset
from skykeep.domain.rules import ThreatRules
from skykeep.domain.track import Picture, TrackStatus


class Weighed(NamedTuple):
    """Rows of a picture, each against the asset it matters most to: (k,), but `factors` (k, 4), `aims`
    (k, m + 1) at each asset and none, and `breach_s` (k, 3): low, middle, high, NaN where it does not close.
    """

    row: IntArray
    asset: IntArray
    priority: FloatArray
    factors: FloatArray
    aims: FloatArray
    breach_s: FloatArray
    worst_s: FloatArray
    pass_s: FloatArray
    pass_m: FloatArray
    distance_m: FloatArray
    closing_mps: FloatArray
    loiters: BoolArray
    probes: BoolArray

    def taken(self, order: IntArray) -> Weighed:
        """Return those rows, in that order."""
        return Weighed._make(column[order] for column in self)


def class_probabilities(identifications: tuple[Identification, ...]) -> FloatArray:
    """Return the class probabilities of each track, (n, 5)."""
    flat = chain.from_iterable([one.class_probabilities for one in identifications])
    return np.fromiter(flat, np.float64, 5 * len(identifications)).reshape(-1, 5)


def unauthorised(
    picture: Picture, each: FloatArray, verdicts: tuple[AirspaceVerdict, ...], rules: ThreatRules
) -> tuple[FloatArray, FloatArray]:
    """Return, per track, the chance that it needs leave and has none, and the speed of the fastest class that
    it may be; `each` (n, 5) are its class probabilities.
    """
    weights = (1.0, 1.0, 0.0, rules.aircraft_counts, rules.other_counts)
    # Column by column and not as a matrix product, which differs in its last digits between processors.
    needs_leave = sum(weight * each[:, column] for column, weight in enumerate(weights))
    counts = {
        Permission.FORBIDDEN: 1.0,
        Permission.UNKNOWN: rules.unknown_counts,
        Permission.ALLOWED: 0.0,
    }
    each_ruled = [
        counts[one.permission] * _no_permit_chance(one) if one.candidates else counts[one.permission]
        for one in verdicts
    ]
    ruled = np.array(each_ruled, dtype=np.float64)
    over = picture.status == TrackStatus.ENDED
    speed_mps = np.hypot(picture.state[:, 3], picture.state[:, 4])
    fastest_mps = np.where(each >= rules.possible_from, np.array(rules.fastest_mps), 0.0).max(axis=1)
    return np.where(over, 0.0, np.clip(needs_leave * ruled, 0.0, 1.0)), np.maximum(fastest_mps, speed_mps)


def _no_permit_chance(verdict: AirspaceVerdict) -> float:
    """Return the chance that it is no permitted flight, 1 where its permit is known and is what fails.

    What may yet prove to be a permitted flight is as far without leave as it probably is none.
    """
    if verdict.failing_condition != "no_permit":
        return 1.0
    return max(0.0, 1.0 - sum([chance for _, chance in verdict.candidates]))


def consequence_of(asset: Asset, rules: ThreatRules, factor: float = 1.0) -> float:
    """Return how bad a breach would be now, 0 to 1; `factor` comes of the posture and of who is there."""
    away = rules.principal_absent if asset.principal_present is False else 1.0
    return min(max(asset.consequence * away * factor, 0.0), 1.0)
