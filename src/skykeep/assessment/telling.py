"""From columns to records: the threats worth showing, each with its behaviours and its grounds."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from skykeep.assessment.grounds import Seen, say_grounds
from skykeep.assessment.groups import Part
from skykeep.assessment.memory import Looks
from skykeep.assessment.pair_kernels import NEVER
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
    destinations = _destinations(weighed.aims, told.assets)
    since_utc_ns = looks.since_utc_ns[row, asset]
    closing_s = np.where(since_utc_ns == NEVER, 0.0, (picture.time_utc_ns - since_utc_ns) / NS_PER_S)
    # Lists first: taking numbers one by one out of arrays costs more than everything else here.
    columns = zip(
        row.tolist(),
        asset.tolist(),
        picture.track_id[row].tolist(),
        weighed.priority.tolist(),
        weighed.factors.tolist(),
        weighed.aims[np.arange(len(row)), asset].tolist(),
        *(column.tolist() for column in weighed[5:]),
        closing_s.tolist(),
        looks.stayed_s[row].tolist(),
        looks.turned_back[row, asset].tolist(),
        looks.seen_s[row].tolist(),
        told.first_off_m.tolist(),
        destinations,
        strict=True,
    )
    return tuple(_threat(_Row(*each), identifications, verdicts, told) for each in columns)


class _Row(NamedTuple):
    """One threat's numbers, out of the columns."""

    row: int
    asset: int
    track_id: int
    priority: float
    factors: list[float]
    aims: float
    breach_s: list[float]
    worst_s: float
    pass_s: float
    pass_m: float
    distance_m: float
    closing_mps: float
    loiters: bool
    probes: bool
    closing_s: float
    stayed_s: float
    turned_back: int
    seen_s: float
    first_off_m: float
    destinations: tuple[tuple[str, float], ...]


def _threat(
    each: _Row,
    identifications: tuple[Identification, ...],
    verdicts: tuple[AirspaceVerdict, ...],
    told: Told,
) -> Threat:
    unauthorised, after, soon, consequence = each.factors
    product = Factors(
        unauthorised=unauthorised, aims_at_asset=after, breach_before_response=soon, consequence=consequence
    )
    part = told.parts.get(each.track_id)
    company = _others(part, each.track_id)
    breach = _interval(each.breach_s)
    hidden = told.hidden.get(each.row, (0, 0))
    behaviours = _behaviours(breach, each.loiters, each.probes, each.first_off_m, hidden, told.rules)
    seen = Seen(
        told.assets[each.asset],
        identifications[each.row],
        verdicts[each.row],
        each.distance_m,
        each.closing_s,
        each.closing_mps,
        each.pass_m,
        breach,
        each.worst_s,
        behaviours,
        each.stayed_s,
        each.turned_back,
        each.seen_s,
        each.first_off_m,
        hidden,
        len(company),
        "" if part is None else part.group_id,
        told.said.get(each.track_id, ""),
        product,
        each.priority,
    )
    return Threat(
        track_id=each.track_id,
        asset_id=told.assets[each.asset].asset_id,
        aims_probability=each.aims,
        breach=breach,
        worst_case_s=each.worst_s,
        closest_approach_m=each.pass_m,
        closest_approach_s=each.pass_s,
        company=company,
        priority=each.priority,
        factors=product,
        grounds=say_grounds(seen, told.rules),
        destinations=each.destinations,
        behaviours=behaviours,
        group_id=seen.group_id,
        rules=told.called,
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


def _destinations(aims: FloatArray, assets: tuple[Asset, ...]) -> list[tuple[tuple[str, float], ...]]:
    """Return for each row the destinations worth telling, likeliest first; "" is none of the assets."""
    names = [*(asset.asset_id for asset in assets), ""]
    row, which = np.nonzero(aims >= TOLD_FROM)
    chance = aims[row, which]
    order = np.lexsort((which, -chance, row))
    told = [(names[k], p) for k, p in zip(which[order].tolist(), chance[order].tolist(), strict=True)]
    first = np.searchsorted(row, np.arange(len(aims) + 1)).tolist()
    return [tuple(told[begin:end]) for begin, end in pairwise(first)]


def _interval(low_mid_high_s: list[float]) -> Interval | None:
    low_s, mid_s, high_s = low_mid_high_s
    return None if mid_s != mid_s else Interval(low_s=low_s, mid_s=mid_s, high_s=high_s)
