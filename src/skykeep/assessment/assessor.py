"""What each track seems to be after, how long there is, and how much it matters: a product that can be read.

    priority = unauthorised x aims_at_asset x breach_before_response x consequence

* unauthorised: the chance that it is a flight that needs leave (a drone; a little of the other classes),
  times what airspace ruled: 1 forbidden, 0.6 unknown, 0 allowed.
* aims_at_asset: the chance that it is heading for the asset, or how deep it already is inside the warning
  ring, whichever says more: what hovers outside the window is heading nowhere.
* breach_before_response: near 1 when the breach comes well before people could respond, falling as time
  grows.
* consequence: the asset's own, less while the principal is away.

Each track is shown against the asset where this is highest. There is no hysteresis here: an uncertain
class lowers the priority smoothly, and whoever raises alerts decides how long it must last. All columns;
records only for what is worth showing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from skykeep.assessment.breach import breach_times_s
from skykeep.assessment.company import company_of
from skykeep.assessment.grounds import say_grounds
from skykeep.assessment.memory import ClosingMemory
from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import Identification
from skykeep.domain.place import Asset
from skykeep.domain.rules import ThreatRules
from skykeep.domain.threat import Factors, Interval, Threat
from skykeep.domain.track import Picture, TrackStatus
from skykeep.models.closest_approach import closest_approach
from skykeep.models.intent import destination_probabilities

# A class less likely than this does not set the worst case.
POSSIBLE = 0.05
# A track that is not closing could turn in: its worst case counts for this much.
MIGHT_TURN = 0.5
# A flight this unlikely to be unauthorised keeps no company worth naming.
COMPANY_FROM = 0.2


class Assessor:
    """Judges tracks against the assets of one site. Remembers only for how long each track has been
    closing.
    """

    def __init__(self, assets: tuple[Asset, ...], settings: ThreatRules | None = None) -> None:
        self._assets = assets
        self._settings = settings or ThreatRules()
        self._place_m = np.array([asset.position_enu_m[:2] for asset in assets]).reshape(-1, 2)
        self._breach_m = np.array([asset.breach_radius_m for asset in assets])
        self._warning_m = np.array([asset.warning_radius_m for asset in assets])
        self._consequence = np.array([self._consequence_of(asset) for asset in assets])
        self._closing = ClosingMemory(len(assets))

    def _consequence_of(self, asset: Asset) -> float:
        away = asset.principal_present is False
        return asset.consequence * (self._settings.principal_absent if away else 1.0)

    def situation(self, assets: tuple[Asset, ...], consequence_factor: Mapping[str, float]) -> None:
        """Go by who is where now; `consequence_factor` multiplies each asset's consequence."""
        self._assets = assets
        self._consequence = np.array(
            [min(1.0, self._consequence_of(asset) * consequence_factor[asset.asset_id]) for asset in assets]
        )

    def judge(
        self,
        picture: Picture,
        identifications: tuple[Identification, ...],
        verdicts: tuple[AirspaceVerdict, ...],
    ) -> tuple[Threat, ...]:
        """Return the threats worth showing, by falling priority, then track."""
        if not self._assets or not len(picture):
            return ()
        offset_m = picture.state[:, np.newaxis, :2] - self._place_m
        distance_m = np.hypot(offset_m[..., 0], offset_m[..., 1])
        velocity_mps = picture.state[:, np.newaxis, 3:5]
        speed_of_closing_mps = -np.sum(offset_m * velocity_mps, axis=-1) / np.maximum(distance_m, 1e-9)
        closing_s, steady_mps, looks = self._closing.update(
            picture, speed_of_closing_mps, speed_of_closing_mps > self._settings.closing_mps
        )

        unauthorised, fastest_mps = self._unauthorised(picture, identifications, verdicts)
        rows = np.flatnonzero(unauthorised * self._consequence.max() >= self._settings.least_priority)
        if not len(rows):
            return ()
        sight = _Sight(picture, rows, offset_m[rows], distance_m[rows], steady_mps[rows], looks[rows])
        worst_s = np.maximum(sight.distance_m - self._breach_m, 0.0) / fastest_mps[rows, np.newaxis]
        breach_s = self._breach_s(sight)
        factor_breach = self._before_response(breach_s[1], worst_s, sight.distance_m)
        if_aimed = unauthorised[rows, np.newaxis] * factor_breach * self._consequence
        # Where even a sure aim would not be worth showing, none need be worked out.
        aims = self._aims(picture, rows, if_aimed >= self._settings.least_priority)
        factor_aims = np.maximum(aims, self._depth(sight.distance_m))
        priority = if_aimed * factor_aims
        best = priority.argmax(axis=1)
        at = (np.arange(len(rows)), best)
        kept = np.flatnonzero(priority[at] >= self._settings.least_priority)
        if not len(kept):
            return ()
        pass_s, pass_m = closest_approach(sight.offset_m[kept, best[kept]], picture.state[rows[kept], 3:5])
        company = self._company(picture, rows, unauthorised[rows])
        order = sorted(kept.tolist(), key=lambda k: (-priority[k, best[k]], int(picture.track_id[rows[k]])))
        passes = {k: (float(s), float(m)) for k, s, m in zip(kept.tolist(), pass_s, pass_m, strict=True)}
        threats = []
        for k in order:
            row, asset = int(rows[k]), int(best[k])
            breach = _interval(breach_s[:, k, asset])
            worst_case_s = float(worst_s[k, asset])
            threats.append(
                Threat(
                    track_id=int(picture.track_id[row]),
                    asset_id=self._assets[asset].asset_id,
                    aims_probability=float(aims[k, asset]),
                    breach=breach,
                    worst_case_s=worst_case_s,
                    closest_approach_m=passes[k][1],
                    closest_approach_s=passes[k][0],
                    company=company[k],
                    priority=float(priority[k, asset]),
                    factors=Factors(
                        unauthorised=float(unauthorised[row]),
                        aims_at_asset=float(factor_aims[k, asset]),
                        breach_before_response=float(factor_breach[k, asset]),
                        consequence=float(self._consequence[asset]),
                    ),
                    grounds=say_grounds(
                        self._assets[asset],
                        identifications[row],
                        verdicts[row],
                        (float(closing_s[row, asset]), float(sight.closing_mps[k, asset])),
                        passes[k],
                        float(sight.distance_m[k, asset]),
                        breach,
                        worst_case_s,
                        len(company[k]),
                    ),
                )
            )
        return tuple(threats)

    def _unauthorised(
        self,
        picture: Picture,
        identifications: tuple[Identification, ...],
        verdicts: tuple[AirspaceVerdict, ...],
    ) -> tuple[FloatArray, FloatArray]:
        """Return, per track, the first factor, and the speed of the fastest class that it may be."""
        settings = self._settings
        each = np.array([identification.class_probabilities for identification in identifications])
        needs_leave = each @ np.array([1.0, 1.0, 0.0, settings.aircraft_counts, settings.other_counts])
        counts = {
            Permission.FORBIDDEN: 1.0,
            Permission.UNKNOWN: settings.unknown_counts,
            Permission.ALLOWED: 0.0,
        }
        ruled = np.array([counts[verdict.permission] for verdict in verdicts])
        over = picture.status == TrackStatus.ENDED
        speed_mps = np.hypot(picture.state[:, 3], picture.state[:, 4])
        fastest_mps = np.where(each >= POSSIBLE, np.array(settings.fastest_mps), 0.0).max(axis=1)
        unauthorised = np.where(over, 0.0, np.clip(needs_leave * ruled, 0.0, 1.0))
        return unauthorised, np.maximum(fastest_mps, speed_mps)

    def _breach_s(self, sight: _Sight) -> FloatArray:
        """Return low, middle and high times to breach, shape (3, rows, assets); NaN where it is not
        closing.
        """
        settings = self._settings
        to_go_m = sight.distance_m - self._breach_m
        closing = sight.closing_mps > settings.closing_mps
        times_s = breach_times_s(
            to_go_m,
            np.maximum(sight.closing_mps, settings.closing_mps),
            sight.variance_m2,
            sight.variance_m2ps2,
            settings.breach_acceleration_psd,
            settings.habit,
        )
        return np.asarray(np.where(closing | (to_go_m <= 0.0), times_s, np.nan))

    def _aims(self, picture: Picture, rows: IntArray, considered: BoolArray) -> FloatArray:
        """Return the probability that each row is heading for each asset."""
        settings = self._settings
        pick = np.array([0, 1, 3, 4])
        probabilities = destination_probabilities(
            picture.state[rows][:, pick],
            picture.covariance[rows][:, pick[:, np.newaxis], pick],
            self._place_m,
            0.5 * self._breach_m,
            np.full(len(self._assets), settings.prior_per_asset / len(self._assets)),
            settings.prior_none,
            np.pi * settings.watched_radius_m**2,
            settings.intent_acceleration_psd,
            considered,
        )
        return probabilities[:, :-1]

    def _depth(self, distance_m: FloatArray) -> FloatArray:
        """Return 1 inside the keep-out circle, falling to 0 at the warning ring."""
        ring_m = np.maximum(self._warning_m - self._breach_m, 1.0)
        return np.asarray(np.clip((self._warning_m - distance_m) / ring_m, 0.0, 1.0))

    def _before_response(self, mid_s: FloatArray, worst_s: FloatArray, distance_m: FloatArray) -> FloatArray:
        response_s = self._settings.response_s
        closing = 1.0 / (1.0 + (np.nan_to_num(mid_s) / response_s) ** 2)
        inside = distance_m <= self._warning_m
        turning = np.where(inside, MIGHT_TURN / (1.0 + (worst_s / response_s) ** 2), 0.0)
        return np.asarray(np.where(np.isnan(mid_s), turning, np.maximum(closing, turning)))

    def _company(self, picture: Picture, rows: IntArray, unauthorised: FloatArray) -> list[tuple[int, ...]]:
        """Return, for each of `rows`, the identifiers of the tracks that fly with it."""
        named = np.flatnonzero(unauthorised >= COMPANY_FROM)
        state = picture.state[rows[named]]
        found = company_of(state[:, :3], state[:, 3:], self._settings.company_m, self._settings.company_mps)
        company: list[tuple[int, ...]] = [()] * len(rows)
        for k, others in zip(named.tolist(), found, strict=True):
            company[k] = tuple(sorted(int(picture.track_id[rows[named[other]]]) for other in others))
        return company


class _Sight:
    """Tracks seen along the line to each asset: shapes (rows, assets). `looks` say how steady the speed
    is.
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

        self.variance_m2, self.variance_m2ps2 = along(0), along(3) / looks


def _interval(low_mid_high_s: FloatArray) -> Interval | None:
    low_s, mid_s, high_s = low_mid_high_s.tolist()
    return None if mid_s != mid_s else Interval(low_s=low_s, mid_s=mid_s, high_s=high_s)
