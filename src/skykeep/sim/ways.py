"""Ways made of legs: where something flies that a scenario leads by the hand, before gusts and ground.

A way is horizontal places (n, 2) and heights above ground (n,), a sample every `STEP_S`, corners still sharp.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.sim.paths import STEP_S, along, lawn_mower_corners_m
from skykeep.sim.places import Places
from skykeep.sim.plan_flights import LegPlan


@dataclass(frozen=True, kw_only=True)
class Way:
    """Places and heights, and the speed with which it ends."""

    place_m: FloatArray
    height_agl_m: FloatArray
    speed_mps: float

    def then(self, place_m: FloatArray, height_agl_m: float, speed_mps: float) -> Way:
        """Return the way with more places, over which the height changes evenly."""
        count = len(place_m)
        heights_m = np.linspace(self.height_agl_m[-1], height_agl_m, count + 1)[1:]
        return Way(
            place_m=np.vstack((self.place_m, place_m)),
            height_agl_m=np.concatenate((self.height_agl_m, heights_m)),
            speed_mps=speed_mps,
        )


def lay_way(way: Way, legs: Sequence[LegPlan], places: Places, turn: float) -> Way:
    """Return a way with legs added; `turn` (1 or -1) says which way round it circles."""
    for leg in legs:
        speed_mps = way.speed_mps if leg.speed_mps is None else leg.speed_mps
        height_m = float(way.height_agl_m[-1]) if leg.height_agl_m is None else leg.height_agl_m
        at_m = way.place_m[-1]
        spot_m = at_m if leg.at is None else places.spot_m(leg.at)
        count = round(leg.for_s / STEP_S)
        flown_s = STEP_S * np.arange(1, count + 1)
        if leg.do == "hold":
            way = way.then(np.tile(at_m, (count, 1)), height_m, speed_mps)
        elif leg.do == "drift":
            drift_m = flown_s[:, np.newaxis] * places.wind_enu_mps
            way = way.then(at_m + drift_m, height_m, speed_mps)
        elif leg.do == "to":
            way = way.then(_straight(at_m, spot_m, speed_mps), height_m, speed_mps)
        elif leg.do == "circle":
            from_m = at_m - spot_m
            start_rad = float(np.arctan2(from_m[0], from_m[1]))
            angle = start_rad + turn * speed_mps / leg.radius_m * np.concatenate(([0.0], flown_s))
            ring_m = spot_m + leg.radius_m * np.column_stack((np.sin(angle), np.cos(angle)))
            way = way.then(_straight(at_m, ring_m[0], speed_mps), height_m, speed_mps)
            way = way.then(ring_m[1:], height_m, speed_mps)
        else:
            lines_rad = float(np.radians(leg.bearing_deg))
            corners_m = lawn_mower_corners_m(spot_m, leg.length_m, leg.width_m, lines_rad, leg.spacing_m)
            way = way.then(_straight(at_m, corners_m[0], speed_mps), height_m, speed_mps)
            way = way.then(
                along(corners_m, np.asarray(speed_mps * flown_s, dtype=np.float64)), height_m, speed_mps
            )
    return way


def _straight(from_m: FloatArray, to_m: FloatArray, speed_mps: float) -> FloatArray:
    """Return the places from one spot to another, without the first and with the last."""
    line_m = to_m - from_m
    count = round(float(np.hypot(*line_m)) / speed_mps / STEP_S)
    return np.asarray(from_m + np.linspace(0.0, 1.0, count + 1)[1:, np.newaxis] * line_m)
