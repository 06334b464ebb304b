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

from skykeep.assessment.behaviours import GroundMask, popped_up
from skykeep.assessment.groups import GroupBook, Part
from skykeep.assessment.memory import TrackMemory
from skykeep.assessment.pace import pace_of
from skykeep.assessment.pair_kernels import Rings
from skykeep.assessment.parties import sides
from skykeep.assessment.stakes import flights_of, weigh
from skykeep.assessment.telling import Told, tell
from skykeep.assessment.weighing import class_probabilities, consequence_of, unauthorised
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.identity import Identification
from skykeep.domain.place import Asset
from skykeep.domain.rules import ThreatRules
from skykeep.domain.sensing import Sensor
from skykeep.domain.threat import Group, Threat
from skykeep.domain.track import Picture
from skykeep.geo.terrain import Terrain

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
        self._rings = Rings(
            np.array([asset.position_enu_m[:2] for asset in assets]).reshape(-1, 2),
            np.array([asset.breach_radius_m for asset in assets]),
            np.array([asset.warning_radius_m for asset in assets]),
            np.array(
                [consequence_of(one, self._rules, self._factors.get(one.asset_id, 1.0)) for one in assets]
            ),
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
        place_m = picture.state[:, :2].copy()
        edge_m = self._rings.warning_m + rules.probe_within_m
        looks = self._memory.update(picture, place_m, self._rings.place_m, edge_m, rules)

        classes = class_probabilities(identifications)
        without_leave, fastest_mps = unauthorised(picture, classes, verdicts, rules)
        parts = self._company(picture, without_leave)
        together = dict.fromkeys(part.track_ids for part in parts.values())
        pace = pace_of(picture, looks.way, looks.seen_s, classes, together, rules)
        rows = np.flatnonzero(without_leave * self._rings.consequence.max() >= rules.least_priority)
        flights = flights_of(place_m, picture, looks, pace, (without_leave, fastest_mps), rules)
        weighed = weigh(picture, rows, flights, pace, self._rings, rules)
        shown = np.flatnonzero(weighed.priority >= rules.least_priority)
        order = shown[np.lexsort((picture.track_id[weighed.row[shown]], -weighed.priority[shown]))]
        weighed = weighed.taken(order)
        said, self.groups = sides(picture, weighed, parts, self._groups.parts, self._assets, rules)
        watched_s = (picture.time_utc_ns - self._since_utc_ns) / NS_PER_S
        first_m = looks.first_m[weighed.row] - self._rings.place_m[weighed.asset]
        first_off_m = np.hypot(first_m[:, 0], first_m[:, 1]) - self._rings.keep_out_m[weighed.asset]
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

    def _company(self, picture: Picture, without_leave: FloatArray) -> dict[int, Part]:
        """Return the group of each track that flies in one."""
        rows = np.flatnonzero(without_leave >= COMPANY_FROM)
        state = picture.state[rows]
        track_ids = picture.track_id[rows].tolist()
        return self._groups.update(picture.time_utc_ns, track_ids, state[:, :3], state[:, 3:], self._rules)
