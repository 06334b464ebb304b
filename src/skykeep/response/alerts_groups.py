"""What belongs in one alert: a group at one asset, from one side. Who leaves it has one of its own."""

from __future__ import annotations

import math

from skykeep.domain.place import Asset
from skykeep.domain.rules import ResponseRules
from skykeep.response.case import Case, Member, heaviest
from skykeep.response.sighting import Sighting
from skykeep.response.words import Words


def home_of(
    cases: dict[str, Case], sighting: Sighting, words: Words, rules: ResponseRules, *, flooded: bool
) -> Case | None:
    """Return the open alert that a track belongs in: that of its group, one at the same asset first.

    In a flood also that of anything at the same asset from the same side.
    """
    threat = sighting.threat
    if threat is None:
        return None
    if threat.group_id:
        homes = [
            case
            for case in cases.values()
            if any(member.group_id == threat.group_id for member in case.members.values())
        ]
        homes.sort(key=lambda case: (case.alert.asset_id != threat.asset_id, case.alert.alert_id))
        if homes:
            return homes[0]
    if not flooded:
        return None
    asset = words.asset(threat.asset_id)
    for case in cases.values():
        at_it = case.alert.asset_id == threat.asset_id and not case.lost
        if at_it and not sides_differ(sighting, case.sighting, asset, rules.alerts.split_axis_deg):
            return case
    return None


def sides_differ(one: Sighting, other: Sighting, asset: Asset | None, least_deg: float) -> bool:
    """Return whether two come at an asset from sides so many degrees apart; over the asset there are none."""
    if asset is None or min(one.distance_m(asset), other.distance_m(asset)) <= asset.breach_radius_m:
        return False
    apart_rad = _bearing_rad(one, asset) - _bearing_rad(other, asset)
    return abs(math.remainder(apart_rad, math.tau)) >= math.radians(least_deg)


def leaving(case: Case, words: Words, rules: ResponseRules, now_utc_ns: int) -> list[list[Member]]:
    """Return the members that have long flown at another asset or, in another group, from another side:
    those that go together in one list, the heaviest first.
    """
    if case.lost:
        return []
    asset = words.asset(case.alert.asset_id)
    parts: dict[tuple[str, str], list[Member]] = {}
    for member in case.members.values():
        threat = member.sighting.threat
        elsewhere = False
        if member is not case.lead and not member.lost and threat is not None:
            elsewhere = threat.asset_id != case.alert.asset_id or (
                member.group_id != case.lead.group_id
                and sides_differ(member.sighting, case.sighting, asset, rules.alerts.split_axis_deg)
            )
        held_s = member.held_s("elsewhere", elsewhere, now_utc_ns)
        if held_s is not None and held_s >= rules.alerts.split_after_s and threat is not None:
            parts.setdefault((threat.asset_id, member.group_id), []).append(member)
    return [
        sorted(part, key=lambda one: (one is not heaviest(part), one.track_id))
        for _, part in sorted(parts.items())
    ]


def one_group(cases: dict[str, Case], rules: ResponseRules, now_utc_ns: int) -> list[tuple[Case, Case]]:
    """Return pairs of alerts that have long been about one group at one asset: the older, the younger."""
    pairs = []
    ordered = sorted(cases.values(), key=lambda case: case.alert.alert_id)
    gone: set[str] = set()
    for place, younger in enumerate(ordered):
        older = next(
            (
                case
                for case in ordered[:place]
                if case.alert.asset_id == younger.alert.asset_id
                and case.lead.group_id == younger.lead.group_id != ""
                and case.alert.alert_id not in gone
                and not (case.lost or younger.lost)
            ),
            None,
        )
        reason = f"merge:{older.alert.alert_id}" if older else ""
        younger.only("merge:", reason)
        held_s = younger.held_s(reason, older is not None, now_utc_ns)
        if older is None or held_s is None or held_s < rules.alerts.merge_after_s or younger.order_open:
            continue
        gone.add(younger.alert.alert_id)
        pairs.append((older, younger))
    return pairs


def _bearing_rad(sighting: Sighting, asset: Asset) -> float:
    east_m, north_m = asset.position_enu_m[:2]
    return math.atan2(float(sighting.state[0]) - east_m, float(sighting.state[1]) - north_m)
