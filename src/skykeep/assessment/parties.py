"""The groups as records, and what is to be said of each party that comes from another side."""

from __future__ import annotations

import math

import numpy as np

from skykeep.assessment.axes import Party, axis_deg, diversions
from skykeep.assessment.groups import Part
from skykeep.assessment.weighing import Weighed
from skykeep.domain.place import Asset, Point
from skykeep.domain.rules import ThreatRules
from skykeep.domain.threat import Group
from skykeep.domain.track import Picture

# Slower than this a group has no course.
STANDS_MPS = 1.0


def sides(
    picture: Picture,
    weighed: Weighed,
    parts: dict[int, Part],
    all_parts: tuple[Part, ...],
    assets: tuple[Asset, ...],
    rules: ThreatRules,
) -> tuple[dict[int, str], tuple[Group, ...]]:
    """Return, by track, the sentence on others who come from another side, and the groups as they are.

    `weighed` is in order of priority: a group comes for the asset of its most urgent member.
    """
    state = _states(picture, all_parts)
    leads: dict[str, Party] = {}
    parties = []
    row = weighed.row
    place_m = (picture.state[row, 0].tolist(), picture.state[row, 1].tolist())
    columns = (picture.track_id[row].tolist(), weighed.asset.tolist(), weighed.priority.tolist())
    for track_id, asset, priority, east_m, north_m in zip(*columns, *place_m, strict=True):
        part = parts.get(track_id)
        if part is None:
            # By itself, and too little to be told of.
            if priority < rules.axis_priority:
                continue
            party = Party("", (track_id,), asset, (east_m, north_m), priority)
        elif part.group_id in leads:
            continue
        else:
            middle_m = _middle([state[each] for each in part.track_ids])
            party = leads[part.group_id] = Party(part.group_id, part.track_ids, asset, middle_m, priority)
        if priority >= rules.axis_priority:
            parties.append(party)
    said = {
        track_id: sentence
        for which, sentence in diversions(parties, assets, rules.axis_apart_deg).items()
        for track_id in parties[which].track_ids
    }
    groups = tuple(
        _group(part, [state[each] for each in part.track_ids], leads.get(part.group_id), assets, said)
        for part in all_parts
    )
    return said, groups


def _states(picture: Picture, all_parts: tuple[Part, ...]) -> dict[int, list[float]]:
    """Return, by track, the states of who flies in a group."""
    members = [track for part in all_parts for track in part.track_ids]
    rows = np.searchsorted(picture.track_id, members)
    return dict(zip(members, picture.state[rows].tolist(), strict=True))


def _group(
    part: Part, states: list[list[float]], lead: Party | None, assets: tuple[Asset, ...], said: dict[int, str]
) -> Group:
    east_mps, north_mps = (sum(state[k] for state in states) / len(states) for k in (3, 4))
    speed_mps = math.hypot(east_mps, north_mps)
    course_deg = math.degrees(math.atan2(east_mps, north_mps)) % 360.0
    return Group(
        group_id=part.group_id,
        track_ids=part.track_ids,
        since_utc_ns=part.since_utc_ns,
        middle_enu_m=_middle(states),
        course_deg=course_deg if speed_mps >= STANDS_MPS else None,
        speed_mps=speed_mps,
        asset_id="" if lead is None else assets[lead.asset].asset_id,
        axis_deg=None if lead is None else axis_deg(lead, assets),
        split_from=part.split_from,
        merged=part.merged,
        diversion=said.get(part.track_ids[0], ""),
    )


def _middle(states: list[list[float]]) -> Point:
    count = len(states)
    return sum(state[0] for state in states) / count, sum(state[1] for state in states) / count
