"""Tracks as they are seen from each asset: distance, closing speed, and how uncertain either is."""

from __future__ import annotations

import numpy as np

from skykeep.assessment.breach import breach_times_s
from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.rules import ThreatRules
from skykeep.domain.track import Picture


class Sightline:
    """Rows of a picture against each asset: shapes (rows, assets). `closing_mps` is the steady one, `looks`
    say how well it is known.
    """

    def __init__(
        self,
        picture: Picture,
        rows: IntArray,
        offset_m: FloatArray,
        distance_m: FloatArray,
        closing_mps: FloatArray,
        looks: FloatArray,
    ) -> None:
        self.offset_m = offset_m
        self.distance_m = distance_m
        self.closing_mps = closing_mps
        away = offset_m / np.maximum(distance_m, 1e-9)[..., np.newaxis]
        covariance = picture.covariance[rows]

        def along(i: int) -> FloatArray:
            """Return the variance of the components i, i + 1 of the state along the line of sight."""
            p = covariance[:, np.newaxis]
            east, north = away[..., 0], away[..., 1]
            both = 2.0 * east * north * p[..., i, i + 1]
            return np.asarray(east * east * p[..., i, i] + north * north * p[..., i + 1, i + 1] + both)

        self._variance_m2, self._variance_m2ps2 = along(0), along(3) / looks

    def breach_s(self, keep_out_m: FloatArray, rules: ThreatRules) -> FloatArray:
        """Return low, middle and high times to breach, (3, rows, assets); NaN where it does not close."""
        to_go_m = self.distance_m - keep_out_m
        closing = self.closing_mps > rules.closing_mps
        times_s = breach_times_s(
            to_go_m,
            np.maximum(self.closing_mps, rules.closing_mps),
            self._variance_m2,
            self._variance_m2ps2,
            rules.breach_acceleration_psd,
            rules.habit,
            rules.breach_stretch,
        )
        return np.asarray(np.where(closing | (to_go_m <= 0.0), times_s, np.nan))
