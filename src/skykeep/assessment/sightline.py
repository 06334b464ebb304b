"""Tracks as they are seen from each asset: distance, closing speed, and how long each has to go."""

from __future__ import annotations

import numpy as np

from skykeep.assessment.breach import Coming, breach_times_s, straight_s
from skykeep.assessment.pace import Pace, place_variance_m2
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.rules import ThreatRules
from skykeep.domain.track import Picture


class Sightline:
    """Rows of a picture against each asset: shapes (rows, assets). `closing_mps` is by the way made good, or
    by the filter's velocity where it gave up closing (`lapsed`).
    """

    def __init__(
        self,
        picture: Picture,
        rows: IntArray,
        offset_m: FloatArray,
        distance_m: FloatArray,
        lapsed: BoolArray,
        pace: Pace,
    ) -> None:
        self.offset_m = offset_m
        self.distance_m = distance_m
        steady_mps = pace.velocity_mps[rows, np.newaxis]
        now_mps = picture.state[rows, np.newaxis, 3:5]
        nearing = -np.sum(offset_m * np.where(lapsed[..., np.newaxis], now_mps, steady_mps), axis=-1)
        self.closing_mps = nearing / np.maximum(distance_m, 1e-9)
        self._pace, self._rows = pace, rows
        self._variance_m2 = place_variance_m2(picture)[rows]

    def straight_s(self, keep_out_m: FloatArray, rules: ThreatRules) -> FloatArray:
        """Return how long each has to go on a straight way, (rows, assets); NaN where it does not close."""
        to_go_m = self.distance_m - keep_out_m
        comes = (self.closing_mps > rules.closing_mps) | (to_go_m <= 0.0)
        ground_mps = self._pace.ground_mps[self._rows, np.newaxis]
        return np.asarray(np.where(comes, straight_s(to_go_m, ground_mps), np.nan))

    def breach_s(
        self,
        asset: IntArray,
        elsewhere: FloatArray,
        straight_s: FloatArray,
        worst_s: FloatArray,
        keep_out_m: FloatArray,
        rules: ThreatRules,
    ) -> FloatArray:
        """Return low, middle and high times to breach of each row at one asset, (3, rows); NaN where
        `straight_s` (rows,) is. `elsewhere` is the chance that it aims elsewhere.
        """
        pace, rows = self._pace, self._rows
        coming = Coming(
            self.distance_m[np.arange(len(rows)), asset] - keep_out_m[asset],
            self._variance_m2,
            pace.ground_mps[rows],
            pace.variance_m2ps2[rows],
            pace.cruise_mps[rows],
            pace.speeds_up[rows],
            elsewhere,
        )
        return np.where(np.isnan(straight_s), np.nan, breach_times_s(coming, worst_s, rules))
