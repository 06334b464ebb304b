"""What each track seems to be after, how long there is, and how much it matters: a product that can be read.

    priority = unauthorised x aims_at_asset x breach_before_response x consequence

* unauthorised: the chance that it is a flight that needs leave (a drone; a little of the other classes),
  times what airspace ruled: 1 forbidden, 0.6 unknown, 0 allowed; and, while it may yet prove to be the
  flight of a permit, times the chance that it is none.
* aims_at_asset: the chance that it is heading for the asset, or how deep it already is inside the warning
  ring, or that it watches from there, whichever says most: what hovers outside the window is heading nowhere.
* breach_before_response: near 1 when the breach comes well before people could respond, falling as time
  grows.
* consequence: the asset's own, by who is there now and by the posture.

Each track is shown against the asset where this is highest. There is no hysteresis here: an uncertain
class lowers the priority smoothly, and whoever raises alerts decides how long it must last. All columns;
records only for what is worth showing. The numbers are rules, and can be changed while the watch goes on.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from skykeep.assessment.behaviours import GroundMask, loitering, popped_up, probing
from skykeep.assessment.groups import GroupBook, Part
from skykeep.assessment.memory import Looks, TrackMemory
from skykeep.assessment.pace import Pace, pace_of
from skykeep.assessment.parties import sides
from skykeep.assessment.sightline import Sightline
from skykeep.assessment.telling import Told, tell
from skykeep.assessment.weighing import Weighed, aims_at, before_response, consequence_of, unauthorised
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.identity import Identification
from skykeep.domain.place import Asset
from skykeep.domain.rules import ThreatRules
from skykeep.domain.sensing import Sensor
from skykeep.domain.threat import Group, Threat
from skykeep.domain.track import Picture
from skykeep.geo.terrain import Terrain
from skykeep.models.closest_approach import closest_approach
from skykeep.models.intent import destination_probabilities

# A flight this unlikely to be unauthorised keeps no company worth naming.
COMPANY_FROM = 0.2


class Assessor:
    """Judges tracks against the assets of one site. Remembers of each track how it came, and the groups."""

    def __init__(
        self,
        assets: tuple[Asset, ...],
        rules: ThreatRules | None = None,
        called: str = "",
        terrain: Terrain | None = None,
        sensors: tuple[Sensor, ...] = (),
    ) -> None:
        self._rules, self._called = rules or ThreatRules(), called
        self._memory, self._groups = TrackMemory(), GroupBook()
        self._mask = GroundMask(terrain, sensors)
        self._since_utc_ns: int | None = None
        self._factors: dict[str, float] = {}
        self.groups: tuple[Group, ...] = ()
        self._place(assets)

    def situation(self, assets: tuple[Asset, ...], consequence_factor: Mapping[str, float]) -> None:
        """Judge from now on by who is at the assets, and by what the posture makes of a breach there.

        `assets` are those of the start, in their order, with other people in them; `consequence_factor` is by
        asset_id, 1 where it says nothing.
        """
        if tuple(asset.asset_id for asset in assets) != tuple(asset.asset_id for asset in self._assets):
            raise ValueError(
                f"{[asset.asset_id for asset in assets]} must be the assets of the start, in order"
            )
        self._factors = dict(consequence_factor)
        self._place(assets)

    def change_rules(self, rules: ThreatRules, called: str) -> None:
        """Judge by other rules from now on; `called` is what threats name them."""
        self._rules, self._called = rules, called
        self._place(self._assets)

    def _place(self, assets: tuple[Asset, ...]) -> None:
        self._assets = assets
        self._place_m = np.array([asset.position_enu_m[:2] for asset in assets]).reshape(-1, 2)
        self._keep_out_m = np.array([asset.breach_radius_m for asset in assets])
        self._warning_m = np.array([asset.warning_radius_m for asset in assets])
        self._consequence = np.array(
            [consequence_of(asset, self._rules, self._factors.get(asset.asset_id, 1.0)) for asset in assets]
        )

    def judge(
        self,
        picture: Picture,
        identifications: tuple[Identification, ...],
        verdicts: tuple[AirspaceVerdict, ...],
    ) -> tuple[Threat, ...]:
        """Return the threats worth showing, by falling priority, then track."""
        if self._since_utc_ns is None:
            self._since_utc_ns = picture.time_utc_ns
        self.groups = ()
        if not self._assets or not len(picture):
            return ()
        rules = self._rules
        offset_m = picture.state[:, np.newaxis, :2] - self._place_m
        distance_m = np.hypot(offset_m[..., 0], offset_m[..., 1])
        # East and north each by itself: a sum over pairs of numbers is several times as slow.
        nearing = offset_m[..., 0] * picture.state[:, 3:4] + offset_m[..., 1] * picture.state[:, 4:5]
        closing_mps = -nearing / np.maximum(distance_m, 1e-9)
        edge_m = self._warning_m + rules.probe_within_m
        looks = self._memory.update(picture, distance_m, closing_mps, edge_m, rules)

        without_leave, fastest_mps = unauthorised(picture, identifications, verdicts, rules)
        parts = self._company(picture, without_leave)
        classes = np.array([one.class_probabilities for one in identifications])
        together = dict.fromkeys(part.track_ids for part in parts.values())
        pace = pace_of(picture, looks.way, looks.seen_s, classes, together, rules)
        rows = np.flatnonzero(without_leave * self._consequence.max() >= rules.least_priority)
        weighed = self._weigh(picture, rows, looks, pace, (offset_m, distance_m), without_leave, fastest_mps)
        shown = np.flatnonzero(weighed.priority >= rules.least_priority)
        order = shown[np.lexsort((picture.track_id[rows[shown]], -weighed.priority[shown]))]
        weighed = weighed.taken(order)
        said, self.groups = sides(picture, weighed, parts, self._groups.parts, self._assets, rules)
        watched_s = (picture.time_utc_ns - self._since_utc_ns) / NS_PER_S
        first_m = looks.first_m[weighed.row] - self._place_m[weighed.asset]
        first_off_m = np.hypot(first_m[:, 0], first_m[:, 1]) - self._keep_out_m[weighed.asset]
        told = Told(
            assets=self._assets,
            rules=rules,
            called=self._called,
            parts=parts,
            said=said,
            hidden=self._mask.hidden(picture, weighed.row.tolist()),
            first_off_m=popped_up(first_off_m, looks.seen_s[weighed.row], watched_s, rules),
        )
        return tell(picture, weighed, looks, identifications, verdicts, told)

    def _weigh(
        self,
        picture: Picture,
        rows: IntArray,
        looks: Looks,
        pace: Pace,
        from_m: tuple[FloatArray, FloatArray],
        without_leave: FloatArray,
        fastest_mps: FloatArray,
    ) -> Weighed:
        """Return `rows`, each against the asset where its priority is highest; `from_m` is how each lies from
        each asset, and how far.
        """
        rules = self._rules
        line = Sightline(picture, rows, from_m[0][rows], from_m[1][rows], looks.lapsed[rows], pace)
        worst_s = np.maximum(line.distance_m - self._keep_out_m, 0.0) / fastest_mps[rows, np.newaxis]
        straight_s = line.straight_s(self._keep_out_m, rules)
        inside = line.distance_m <= self._warning_m
        loiters = loitering(looks, rules)[rows, np.newaxis] & inside
        probes = probing(looks, rules)[rows]
        soon = before_response(straight_s, worst_s, inside, loiters | probes, rules)
        if_aimed = without_leave[rows, np.newaxis] * soon * self._consequence
        # A track that could not be worth showing however it aimed is not asked where it goes.
        asked = (if_aimed >= rules.least_priority).any(axis=1)
        aims = np.zeros((len(rows), len(self._assets) + 1))
        aims[asked] = self._aims(picture, rows[asked])
        after = aims_at(
            aims[:, :-1], line.distance_m, (self._keep_out_m, self._warning_m), loiters, probes, rules
        )
        priority = if_aimed * after
        best = priority.argmax(axis=1)
        at = (np.arange(len(rows)), best)
        # Only where it is shown is the whole distribution worth its while; the median is the one that counts.
        breach_s = line.breach_s(best, 1.0 - aims[at], straight_s[at], worst_s[at], self._keep_out_m, rules)
        soon_there = before_response(breach_s[1], worst_s[at], inside[at], (loiters | probes)[at], rules)
        pass_s, pass_m = closest_approach(line.offset_m[at], picture.state[rows, 3:5])
        factors = (without_leave[rows], after[at], soon_there, self._consequence[best])
        return Weighed(
            rows,
            best,
            factors[0] * factors[1] * factors[2] * factors[3],
            np.stack(factors, axis=1),
            aims,
            breach_s.T,
            worst_s[at],
            pass_s,
            pass_m,
            line.distance_m[at],
            line.closing_mps[at],
            loiters[at],
            probes[at],
        )

    def _aims(self, picture: Picture, rows: IntArray) -> FloatArray:
        """Return the probability that each row is heading for each asset and, last, for none."""
        rules = self._rules
        pick = np.array([0, 1, 3, 4])
        return destination_probabilities(
            picture.state[rows][:, pick],
            picture.covariance[rows][:, pick[:, np.newaxis], pick],
            self._place_m,
            0.5 * self._keep_out_m,
            np.full(len(self._assets), rules.prior_per_asset / len(self._assets)),
            rules.prior_none,
            np.pi * rules.watched_radius_m**2,
            rules.intent_acceleration_psd,
        )

    def _company(self, picture: Picture, without_leave: FloatArray) -> dict[int, Part]:
        """Return the group of each track that flies in one."""
        rows = np.flatnonzero(without_leave >= COMPANY_FROM)
        state = picture.state[rows]
        track_ids = picture.track_id[rows].tolist()
        return self._groups.update(picture.time_utc_ns, track_ids, state[:, :3], state[:, 3:], self._rules)
