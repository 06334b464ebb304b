"""What the desk says, word for word: titles, grounds and what becomes of an alert."""

from __future__ import annotations

import math
import re

from skykeep.base.clock import ns_to_seconds
from skykeep.domain.identity import TargetClass
from skykeep.domain.place import Asset
from skykeep.domain.response import Alert
from skykeep.domain.site import Site
from skykeep.response.sighting import Sighting


class Words:
    """The sentences of one site: it knows the names of its assets."""

    def __init__(self, site: Site) -> None:
        self._assets = {asset.asset_id: asset for asset in site.assets}
        self._called: dict[int, str] = {}

    def take_assets(self, assets: tuple[Asset, ...]) -> None:
        """Speak of the assets with who is there now."""
        self._assets = {asset.asset_id: asset for asset in assets}

    def call(self, names: tuple[tuple[int, str], ...]) -> None:
        """Take the names that people gave to tracks."""
        self._called = dict(names)

    def track(self, track_id: int) -> str:
        """Return e.g. `track 7`, or `track 7 (“Grey one”)` where a person gave it a name."""
        name = self._called.get(track_id)
        return f"track {track_id}" if name is None else f"track {track_id} (“{name}”)"

    def asset(self, asset_id: str) -> Asset | None:
        return self._assets.get(asset_id)

    def name(self, asset_id: str) -> str:
        """Return what to call an asset within a sentence: `the Residence`."""
        asset = self._assets.get(asset_id)
        if asset is None:
            return asset_id
        return asset.name if asset.name.lower().startswith("the ") else f"the {asset.name}"

    def title(self, sighting: Sighting, asset_id: str, count: int = 1) -> str:
        """Return e.g. `Multirotor under a false identity, towards the Residence`; of several, `Group of 4:
        multirotor without an identity, towards the Residence`.
        """
        multirotor = sighting.probability(TargetClass.MULTIROTOR)
        fixed_wing = sighting.probability(TargetClass.FIXED_WING)
        what = "Unknown object"
        if multirotor + fixed_wing >= 0.5:
            what = "Multirotor" if multirotor >= fixed_wing else "Fixed-wing drone"
        if sighting.claim_is_false:
            what += " under a false identity"
        elif not (sighting.identification and sighting.identification.claimed_id):
            what += " without an identity"
        name = self._called.get(sighting.track_id)
        called = ([f"Group of {count}"] if count > 1 else []) + ([] if name is None else [f"“{name}”"])
        said = f"{', '.join(called)}: {what[0].lower()}{what[1:]}" if called else what
        return f"{said}, towards {self.name(asset_id)}"

    def grounds(
        self, sighting: Sighting, alert_of_track: dict[int, str], members: tuple[int, ...] = ()
    ) -> tuple[str, ...]:
        """Return the sentences that others found, each once, and the company it keeps."""
        found = list(sighting.threat.grounds) if sighting.threat else []
        if sighting.verdict is not None and sighting.verdict.reason:
            found.append(sighting.verdict.reason)
        company = sighting.threat.company if sighting.threat else ()
        named = [
            self.track(track_id) + (f" ({alert_of_track[track_id]})" if track_id in alert_of_track else "")
            for track_id in company
            if track_id != sighting.track_id and track_id not in members
        ]
        if len(members) > 1:
            others = [self.track(track_id) for track_id in members if track_id != sighting.track_id]
            found.append(f"This alert is about {self.track(sighting.track_id)} and {_listed(others)}.")
        if named:
            found.append(f"It is in company with {_listed(named)}.")
        return tuple(dict.fromkeys(found))

    def place(self, sighting: Sighting, asset_id: str) -> str:
        """Return e.g. `640 m from the Residence, 85 m above ground, on course 215° at 17 m/s`."""
        asset = self._assets.get(asset_id)
        east_mps, north_mps = float(sighting.state[3]), float(sighting.state[4])
        course_deg = math.degrees(math.atan2(east_mps, north_mps)) % 360.0
        height_m = float(sighting.state[2]) - sighting.ground_up_m
        speed_mps = math.hypot(east_mps, north_mps)
        # A radar's height may put a thing that has landed under the ground; a course needs some speed.
        high = f"{height_m:.0f} m above ground" if height_m >= 5.0 else "close to the ground"
        moving = (
            f"on course {course_deg:03.0f}° at {speed_mps:.0f} m/s" if speed_mps >= 1.0 else "standing still"
        )
        where = f"{sighting.distance_m(asset):.0f} m from {self.name(asset_id)}, " if asset else ""
        return f"{where}{high}, {moving}"

    def lost(self, sighting: Sighting, asset_id: str) -> str:
        return f"T{self.track(sighting.track_id)[1:]} was lost from sight {self.place(sighting, asset_id)}."

    def taken_over(self, old: Sighting, fresh: Sighting, distance_m: float) -> str:
        gap_s = ns_to_seconds(fresh.time_utc_ns - old.last_detected_utc_ns)
        return (
            f"T{self.track(fresh.track_id)[1:]} continues {self.track(old.track_id)}: "
            f"{gap_s:.0f} s after its last detection, {distance_m:.0f} m from where it would be."
        )

    def joined(self, sighting: Sighting, count: int) -> str:
        return f"T{self.track(sighting.track_id)[1:]} has joined: {count} in it now."

    def retargeted(self, before_id: str, now_id: str) -> str:
        return f"It now aims at {self.name(now_id)}; before, at {self.name(before_id)}."

    def faded(self, sighting: Sighting, asset_id: str, below: float, for_s: float) -> str:
        return (
            f"Its priority stayed below {below:.2f} for {for_s:.0f} s; "
            f"it was then {self.place(sighting, asset_id)}."
        )

    def if_nothing(self, alert: Alert, sighting: Sighting) -> str:
        """Return what happens if nothing is done."""
        asset = self._assets.get(alert.asset_id)
        name = self.name(alert.asset_id)
        if asset and sighting.distance_m(asset) <= asset.breach_radius_m:
            said = f"It is inside the keep-out of {name} already."
        elif alert.breach is None:
            said = f"It is {self.place(sighting, alert.asset_id)}, and not closing at present."
        else:
            said = (
                f"It is over {name} in about {alert.breach.mid_s:.0f} s, "
                f"between {alert.breach.low_s:.0f} and {alert.breach.high_s:.0f} s from now."
            )
        if asset is None:
            return said
        persons = f"{asset.occupancy_persons} persons are there. " if asset.occupancy_persons else ""
        return f"{said} {persons}{PRESENT[asset.principal_present]}"


PRESENT = {
    True: "The principal is there.",
    False: "The principal is not there.",
    None: "Whether the principal is there is not known: taken as there.",
}


def without_presence(said: str) -> str:
    """Return what happens if nothing is done without who is there, for who is not at the console."""
    for sentence in PRESENT.values():
        said = said.removesuffix(f" {sentence}")
    return re.sub(r" \d+ persons are there\.$", "", said)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
