"""From columns to records: the threats worth showing, each with its behaviours and its grounds."""

from __future__ import annotations

from itertools import pairwise, repeat, starmap
from typing import NamedTuple

import numpy as np

from skykeep.assessment.grounds import NEAR_RADII, Seen, say_asset, say_grounds
from skykeep.assessment.groups import Part
from skykeep.assessment.memory import Looks
from skykeep.assessment.pair_kernels import NEVER, fill_likeliest
from skykeep.assessment.weighing import Weighed
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.identity import Identification
from skykeep.domain.place import Asset
from skykeep.domain.rules import ThreatRules
from skykeep.domain.threat import Behaviour, Factors, Interval, Threat
from skykeep.domain.track import Picture

# Destinations less likely than this are not told one by one.
TOLD_FROM = 0.01


class Told(NamedTuple):
    """What else goes into the records. `parts` and `said` by track; `hidden` by row of the picture: from how
    many of how many sensors the ground hides it; `first_off_m` (k,) is NaN but for pop-ups.
    """

    assets: tuple[Asset, ...]
    rules: ThreatRules
    called: str
    parts: dict[int, Part]
    said: dict[int, str]
    hidden: dict[int, tuple[int, int]]
    first_off_m: FloatArray


def tell(
    picture: Picture,
    weighed: Weighed,
    looks: Looks,
    identifications: tuple[Identification, ...],
    verdicts: tuple[AirspaceVerdict, ...],
    told: Told,
) -> tuple[Threat, ...]:
    """Return one record for each row of `weighed`, in its order."""
    row, asset = weighed.row, weighed.asset
    since_utc_ns = looks.since_utc_ns[row, asset]
    closing_s = np.where(since_utc_ns == NEVER, 0.0, (picture.time_utc_ns - since_utc_ns) / NS_PER_S)
    # Lists first: taking numbers one by one out of arrays costs more than everything else here.
    rows, assets, track_ids = row.tolist(), asset.tolist(), picture.track_id[row].tolist()
    parts = [told.parts.get(track_id) for track_id in track_ids]
    company = [_others(part, track_id) for part, track_id in zip(parts, track_ids, strict=True)]
    hidden = [told.hidden.get(each, _SEEN) for each in rows]
    breach = list(map(_interval, *_columns(weighed.breach_s)))
    first_off_m = told.first_off_m.tolist()
    shown = (breach, weighed.loiters.tolist(), weighed.probes.tolist(), first_off_m, hidden)
    names, near_m = _named(told.assets)
    seen = Seen(
        name=[names[each] for each in assets],
        near_m=[near_m[each] for each in assets],
        identification=[identifications[each] for each in rows],
        verdict=[verdicts[each] for each in rows],
        distance_m=weighed.distance_m.tolist(),
        closing_s=closing_s.tolist(),
        closing_mps=weighed.closing_mps.tolist(),
        pass_m=weighed.pass_m.tolist(),
        breach=breach,
        worst_case_s=weighed.worst_s.tolist(),
        behaviours=[_behaviours(*each, told.rules) for each in zip(*shown, strict=True)],
        stayed_s=looks.stayed_s[row].tolist(),
        turned_back=looks.turned_back[row, asset].tolist(),
        seen_s=looks.seen_s[row].tolist(),
        first_off_m=first_off_m,
        hidden=hidden,
        companions=list(map(len, company)),
        group_id=["" if part is None else part.group_id for part in parts],
        diversion=[told.said.get(track_id, "") for track_id in track_ids],
        factors=weighed.factors,
        priority=weighed.priority.tolist(),
    )
    each_threat = zip(
        track_ids,
        [told.assets[each].asset_id for each in assets],
        weighed.aims[np.arange(len(row)), asset].tolist(),
        breach,
        seen.worst_case_s,
        seen.pass_m,
        weighed.pass_s.tolist(),
        company,
        seen.priority,
        map(_factors, *_columns(weighed.factors)),
        say_grounds(seen, told.rules),
        _destinations(weighed.aims, told.assets),
        seen.behaviours,
        seen.group_id,
        repeat(told.called, len(row)),
        strict=True,
    )
    return tuple(starmap(_threat, each_threat))


def _threat(
    track_id: int,
    asset_id: str,
    aims: float,
    breach: Interval | None,
    worst_case_s: float,
    pass_m: float,
    pass_s: float,
    company: tuple[int, ...],
    priority: float,
    factors: Factors,
    grounds: tuple[str, ...],
    destinations: tuple[tuple[str, float], ...],
    behaviours: tuple[Behaviour, ...],
    group_id: str,
    called: str,
) -> Threat:
    return Threat(
        track_id=track_id,
        asset_id=asset_id,
        aims_probability=aims,
        breach=breach,
        worst_case_s=worst_case_s,
        closest_approach_m=pass_m,
        closest_approach_s=pass_s,
        company=company,
        priority=priority,
        factors=factors,
        grounds=grounds,
        destinations=destinations,
        behaviours=behaviours,
        group_id=group_id,
        rules=called,
    )


def _columns(rows: FloatArray) -> list[list[float]]:
    """Return the columns of (k, c) numbers as lists: one for each row would be more to be collected."""
    return [column.tolist() for column in rows.T]


def _named(assets: tuple[Asset, ...]) -> tuple[list[str], list[float]]:
    """Return what each asset is called, and how near to it a line must pass to be aimed at it."""
    return [say_asset(asset) for asset in assets], [NEAR_RADII * asset.breach_radius_m for asset in assets]


def _factors(unauthorised: float, after: float, soon: float, consequence: float) -> Factors:
    return Factors(
        unauthorised=unauthorised, aims_at_asset=after, breach_before_response=soon, consequence=consequence
    )


def _others(part: Part | None, track_id: int) -> tuple[int, ...]:
    return () if part is None else tuple(other for other in part.track_ids if other != track_id)


def _behaviours(
    breach: Interval | None,
    loiters: bool,
    probes: bool,
    first_off_m: float,
    hidden: tuple[int, int],
    rules: ThreatRules,
) -> tuple[Behaviour, ...]:
    masked = hidden[0] > 0 and hidden[0] >= rules.masked_share * hidden[1]
    if not (loiters or probes or masked or first_off_m == first_off_m):
        return _NOTHING if breach is None else _CLOSING
    seen = (
        (breach is not None, Behaviour.CLOSING),
        (loiters, Behaviour.LOITERING),
        (probes, Behaviour.PROBING),
        (first_off_m == first_off_m, Behaviour.POP_UP),
        (masked, Behaviour.TERRAIN_MASKED),
    )
    return tuple(behaviour for is_so, behaviour in seen if is_so)


_NOTHING: tuple[Behaviour, ...] = ()
_CLOSING = (Behaviour.CLOSING,)
_SEEN = (0, 0)


def _destinations(aims: FloatArray, assets: tuple[Asset, ...]) -> list[tuple[tuple[str, float], ...]]:
    """Return for each row the destinations worth telling, likeliest first; "" is none of the assets."""
    names = [*(asset.asset_id for asset in assets), ""]
    which, chance = np.empty(aims.size, dtype=np.int64), np.empty(aims.size)
    ends = np.zeros(len(aims), dtype=np.int64)
    fill_likeliest(aims, TOLD_FROM, which, chance, ends)
    count = int(ends[-1]) if len(ends) else 0
    named = map(names.__getitem__, which[:count].tolist())
    told = list(zip(named, chance[:count].tolist(), strict=True))
    return [tuple(told[begin:end]) for begin, end in pairwise([0, *ends.tolist()])]


def _interval(low_s: float, mid_s: float, high_s: float) -> Interval | None:
    return None if mid_s != mid_s else Interval(low_s=low_s, mid_s=mid_s, high_s=high_s)
