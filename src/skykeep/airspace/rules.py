"""What is approved by rule, in near real time; the rest waits for a person, and is told why.

An authority publishes ceilings: for cells of a grid, as the United States do, or for zones of its own. A
flight at or below the ceiling of every cell and zone that it touches is approved when nothing else is in its
way; one above, or in a zone that nobody published a ceiling for, needs further coordination.
"""

from __future__ import annotations

import msgspec
import shapely

from skykeep.airspace.conflicts import Review, ZoneNeed
from skykeep.airspace.overlap import bounds_deg, bounds_meet, outline_on, plane_of
from skykeep.base.clock import NS_PER_S
from skykeep.domain.permit import Permit, PermitPriority, Volume4D
from skykeep.domain.zone import Circle, HeightReference, Polygon, limit_m

_HOUR_NS = 3_600 * NS_PER_S


class CeilingCell(msgspec.Struct, frozen=True, kw_only=True):
    """Up to which height above ground flights inside an outline are approved by rule; 0 is never."""

    outline: Polygon | Circle
    ceiling_agl_m: float


class AutoRules(msgspec.Struct, frozen=True, kw_only=True):
    """What one authority approves by rule: `cells` and `zone_ceilings_agl_m` (by zone) where it published
    ceilings, `general_ceiling_agl_m` where no zone and no cell is in the way.
    """

    cells: tuple[CeilingCell, ...] = ()
    zone_ceilings_agl_m: dict[str, float] = {}
    general_ceiling_agl_m: float = 120.0
    priorities: frozenset[PermitPriority] = frozenset({PermitPriority.COMMERCIAL, PermitPriority.HOBBY})
    most_hours: float = 24.0
    most_days_ahead: float = 90.0
    legal_basis: str = ""


class AutoDecision(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a rule approves, why or why not, and the zones that it then opens."""

    approved: bool
    because: str
    unlocks: tuple[str, ...] = ()
    legal_basis: str = ""


def auto_decision(permit: Permit, found: Review, rules: AutoRules | None, now_utc_ns: int) -> AutoDecision:
    """Return what the rules of the authority that was asked say of a permit.

    What is said is read by the applicant: of other flights only that the air is not free.
    """
    if rules is None:
        return AutoDecision(approved=False, because="this authority decides on every application itself")
    scope = permit.scope
    against: list[str] = []
    if permit.private or permit.priority not in rules.priorities:
        against.append(f"flights of priority {permit.priority} are decided on by a person")
    if scope.end_utc_ns - scope.start_utc_ns > rules.most_hours * _HOUR_NS:
        against.append(f"it lasts over {rules.most_hours:g} hours")
    if scope.start_utc_ns - now_utc_ns > rules.most_days_ahead * 24 * _HOUR_NS:
        against.append(f"it is over {rules.most_days_ahead:g} days ahead")
    if any(conflict.with_kind == "permit" for conflict in found.conflicts) or found.waiting:
        against.append("the air is not free for the whole of that time")
    if found.gives_way:
        against.append("another flight would have to give way")
    against += [because for need in found.needs if (because := _against_zone(need))]
    for asked in scope.volumes:
        against += _against_volume(asked, found.needs, rules)
    if against:
        return AutoDecision(approved=False, because="; ".join(dict.fromkeys(against)))
    unlocks = dict.fromkeys((*scope.unlocks, *(need.zone_id for need in found.needs)))
    because = "at or below every published ceiling, and nothing else is in its way"
    return AutoDecision(approved=True, because=because, unlocks=tuple(unlocks), legal_basis=rules.legal_basis)


def _against_zone(need: ZoneNeed) -> str:
    if not need.openable:
        return f"zone {need.zone_id} is opened by authority {need.authority_id} alone"
    if not need.on_request:
        return f"zone {need.zone_id} is {need.restriction}"
    return ""


def _against_volume(asked: Volume4D, needs: tuple[ZoneNeed, ...], rules: AutoRules) -> list[str]:
    """Return what speaks against a volume: the ceilings of the cells and zones that it is in."""
    ceiling = asked.volume.ceiling
    top_m = limit_m(ceiling)
    if ceiling is None or top_m is None or ceiling.reference is not HeightReference.AGL:
        return ["its ceiling is not a height above ground"]
    against = []
    lowest_m, covered = _cells_under(asked, rules)
    if lowest_m is not None and top_m > lowest_m:
        against.append(f"it goes to {top_m:g} m above ground where the published ceiling is {lowest_m:g} m")
    for need in needs:
        published_m = rules.zone_ceilings_agl_m.get(need.zone_id)
        if published_m is not None and top_m > published_m:
            against.append(
                f"it goes to {top_m:g} m in zone {need.zone_id}, whose ceiling is {published_m:g} m"
            )
        if published_m is None and not covered:
            against.append(f"there is no published ceiling for all of it in zone {need.zone_id}")
    if not needs and not covered and top_m > rules.general_ceiling_agl_m:
        against.append(f"it goes to {top_m:g} m above ground, over {rules.general_ceiling_agl_m:g} m")
    return against


def _cells_under(asked: Volume4D, rules: AutoRules) -> tuple[float | None, bool]:
    """Return the lowest ceiling of the cells that a volume is in, and whether they cover it. Cells share
    their edges, so that merely touching one is not being in it.
    """
    outline = asked.volume.outline
    bounds, plane = bounds_deg(outline), plane_of(outline)
    shape = outline_on(plane, outline)
    under = []
    for cell in rules.cells:
        if bounds_meet(bounds, bounds_deg(cell.outline)):
            ground = outline_on(plane, cell.outline)
            if ground.intersects(shape) and not ground.touches(shape):
                under.append((cell.ceiling_agl_m, ground))
    if not under:
        return None, False
    # Half a metre, so that cells whose corners were rounded leave no gap between them.
    covered = shapely.union_all([ground for _, ground in under]).buffer(0.5).covers(shape)
    return min(ceiling_m for ceiling_m, _ in under), bool(covered)
