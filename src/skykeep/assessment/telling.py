"""From columns to records: the threats worth showing, each with its behaviours and its grounds."""

from __future__ import annotations

from itertools import pairwise, starmap
from typing import NamedTuple

import numpy as np

from skykeep.assessment.grounds import Seen, say_grounds
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
    rows, track_ids = row.tolist(), picture.track_id[row].tolist()
    parts = [told.parts.get(track_id) for track_id in track_ids]
    company = [_others(part, track_id) for part, track_id in zip(parts, track_ids, strict=True)]
    hidden = [told.hidden.get(each, (0, 0)) for each in rows]
    breach = [_interval(*each) for each in weighed.breach_s.tolist()]
    first_off_m = told.first_off_m.tolist()
    loiters, probes = weighed.loiters.tolist(), weighed.probes.tolist()
    shown = zip(breach, loiters, probes, first_off_m, hidden, strict=True)
    seen = zip(
        [told.assets[each] for each in asset.tolist()],
        [identifications[each] for each in rows],
        [verdicts[each] for each in rows],
        weighed.distance_m.tolist(),
        closing_s.tolist(),
        weighed.closing_mps.tolist(),
        weighed.pass_m.tolist(),
        breach,
        weighed.worst_s.tolist(),
        [_behaviours(*each, told.rules) for each in shown],
        looks.stayed_s[row].tolist(),
        looks.turned_back[row, asset].tolist(),
        looks.seen_s[row].tolist(),
        first_off_m,
        hidden,
        map(len, company),
        ["" if part is None else part.group_id for part in parts],
        [told.said.get(track_id, "") for track_id in track_ids],
        [_factors(*each) for each in weighed.factors.tolist()],
        weighed.priority.tolist(),
        strict=True,
    )
    aims = weighed.aims[np.arange(len(row)), asset].tolist()
    rest = zip(aims, weighed.pass_s.tolist(), company, _destinations(weighed.aims, told.assets), strict=True)
    return tuple(_threat(one, *also, told) for one, also in zip(starmap(Seen, seen), rest, strict=True))


def _threat(
    seen: Seen,
    aims: float,
    pass_s: float,
    company: tuple[int, ...],
    destinations: tuple[tuple[str, float], ...],
    told: Told,
) -> Threat:
    return Threat(
        track_id=seen.identification.track_id,
        asset_id=seen.asset.asset_id,
        aims_probability=aims,
        breach=seen.breach,
        worst_case_s=seen.worst_case_s,
        closest_approach_m=seen.pass_m,
        closest_approach_s=pass_s,
        company=company,
        priority=seen.priority,
        factors=seen.factors,
        grounds=say_grounds(seen, told.rules),
        destinations=destinations,
        behaviours=seen.behaviours,
        group_id=seen.group_id,
        rules=told.called,
    )


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
