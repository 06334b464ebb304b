"""From which side each party comes, and which of them draws the eye while another comes quietly.

A party is a group, or a track by itself. Parties that come for one asset from bearings far apart are told of
one another: the loud one is that with most members, of two as many the more urgent. Nobody's priority changes
by this; the sentence keeps the second axis from being overlooked.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from skykeep.base.number_words import ONE_TO_NINETEEN
from skykeep.domain.place import Asset, Point

COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
_NUMBERS = ("none", *ONE_TO_NINETEEN[:12])


class Party(NamedTuple):
    """Who comes for one asset together. `name` is the group's id, or "" for one by itself."""

    name: str
    track_ids: tuple[int, ...]
    asset: int
    middle_m: Point
    priority: float


def axis_deg(party: Party, assets: tuple[Asset, ...]) -> float:
    """Return the bearing from the asset to the middle of a party, degrees clockwise from north."""
    east_m, north_m, _ = assets[party.asset].position_enu_m
    return math.degrees(math.atan2(party.middle_m[0] - east_m, party.middle_m[1] - north_m)) % 360.0


def side(bearing_deg: float) -> str:
    """Return the side that a bearing is on: `north-east`."""
    return COMPASS[round(bearing_deg / 45.0) % 8]


def say_number(count: int) -> str:
    """Return `five`, or `17`."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def diversions(parties: list[Party], assets: tuple[Asset, ...], apart_deg: float) -> dict[int, str]:
    """Return, by place in `parties`, the sentence for each party that is not alone on its asset."""
    by_asset: dict[int, list[int]] = {}
    for which, party in enumerate(parties):
        by_asset.setdefault(party.asset, []).append(which)
    said: dict[int, str] = {}
    for together in by_asset.values():
        bearing = {which: axis_deg(parties[which], assets) for which in together}
        together.sort(key=lambda one: (*_loudness(parties[one]), -one), reverse=True)
        # What is said of the other is the same for all that it is said to.
        watch: dict[int, str] = {}
        for which in together:
            other = _across(which, together, bearing, apart_deg)
            if other is None:
                continue
            if len(parties[other].track_ids) > len(parties[which].track_ids):
                said[which] = _say_quiet(parties[other], bearing[which], bearing[other])
                continue
            if other not in watch:
                watch[other] = _say_watch(parties[other], bearing[other])
            said[which] = watch[other]
    return said


def _across(which: int, together: list[int], bearing: dict[int, float], apart_deg: float) -> int | None:
    """Return the first of `together`, the loudest first, that comes from another side."""
    own_deg = bearing[which]
    for other in together:
        if abs((bearing[other] - own_deg + 180.0) % 360.0 - 180.0) >= apart_deg:
            return other
    return None


def _loudness(party: Party) -> tuple[int, float]:
    return len(party.track_ids), party.priority


def _say_quiet(other: Party, own_deg: float, other_deg: float) -> str:
    count = len(other.track_ids)
    others = "One other comes" if count == 1 else f"{say_number(count).capitalize()} others come"
    draw = "draws" if count == 1 else "draw"
    quiet = f"this side, the {side(own_deg)}, is the quiet one"
    return f"{others} from the {side(other_deg)} and {draw} the eye; {quiet}."


def _say_watch(other: Party, other_deg: float) -> str:
    count = len(other.track_ids)
    who = f"track {other.track_ids[0]}" if count == 1 else f"a group of {say_number(count)}"
    return f"Watch the {side(other_deg)} too: {who} comes from there."
