"""Which alerts are one story: the rule by which an alert joins an incident instead of opening one."""

from __future__ import annotations

import math
from collections.abc import Iterable

import msgspec

from skykeep.base.clock import ns_to_seconds
from skykeep.domain.incident import IncidentRule
from skykeep.domain.place import Vector
from skykeep.domain.wording import say_distance


class SeenAlert(msgspec.Struct, frozen=True, kw_only=True):
    """What the rule goes by of one alert: when it was raised and last changed, and where what it is about
    was seen last, in the site frame; None where it was not.
    """

    alert_id: str
    track_ids: frozenset[int]
    group_id: str
    asset_id: str
    raised_utc_ns: int
    last_utc_ns: int
    position_enu_m: Vector | None


def kin(new: SeenAlert, known: Iterable[SeenAlert], rule: IncidentRule) -> tuple[tuple[str, str], ...]:
    """Return (alert_id, why) of the alerts that a new one is one story with, the closest kin first.

    Same tracks count for more than the same swarm, and that for more than nearness; among equals the latest.
    """
    found = []
    for other in known:
        if other.alert_id == new.alert_id:
            continue
        shared = sorted(new.track_ids & other.track_ids)
        after_s = ns_to_seconds(new.raised_utc_ns - other.last_utc_ns)
        if shared:
            rank, because = 0, f"about track {shared[-1]}, as {other.alert_id} is"
        elif new.group_id and new.group_id == other.group_id:
            rank, because = 1, f"of the same swarm as {other.alert_id}"
        elif (near := _near(new, other, after_s, rule)) is not None:
            rank, because = 2, near
        else:
            continue
        found.append((rank, -other.last_utc_ns, other.alert_id, because))
    return tuple((alert_id, because) for _, _, alert_id, because in sorted(found))


def _near(new: SeenAlert, other: SeenAlert, after_s: float, rule: IncidentRule) -> str | None:
    if after_s > rule.within_s:
        return None
    when = "during" if after_s <= 0.0 else f"{after_s:.0f} s after"
    if rule.same_asset and new.asset_id and new.asset_id == other.asset_id:
        return f"towards the same asset as {other.alert_id}, {when} it (within {rule.within_s:.0f} s)"
    if new.position_enu_m is None or other.position_enu_m is None:
        return None
    away_m = math.hypot(*(a - b for a, b in zip(new.position_enu_m, other.position_enu_m, strict=True)))
    if away_m > rule.within_m:
        return None
    bounds = f"within {rule.within_s:.0f} s and {say_distance(rule.within_m)}"
    return f"{say_distance(away_m)} from {other.alert_id}, {when} it ({bounds})"
