"""A proposal as time goes by: why people are asked, why they need not be any more, what changes meanwhile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from skykeep.base.clock import seconds_to_ns
from skykeep.domain.place import Asset, Person
from skykeep.domain.posture import Posture, PostureLevel
from skykeep.domain.response import AlertState, DebrisFootprint
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Playbook, Site
from skykeep.geo.terrain import Terrain
from skykeep.response.affair import Affair
from skykeep.response.case import Case
from skykeep.response.footprint import arrival_footprint
from skykeep.response.options import is_inside, renewed_options, restated
from skykeep.response.quorum import is_stricter, quorum_of
from skykeep.response.terms import out_of_bounds
from skykeep.response.words import Words

_HEARD = (AlertState.ACKNOWLEDGED, AlertState.ASSIGNED, AlertState.ESCALATED)


def why_now(case: Case, playbook: Playbook, words: Words, asked_by: Person | None) -> str:
    """Return why people are asked to decide now."""
    if asked_by is not None:
        return f"{asked_by.name}, {asked_by.role}, asks for a decision."
    name = words.name(case.alert.asset_id)
    if is_inside(case.sighting, words.asset(case.alert.asset_id)) or case.alert.breach is None:
        return f"It is inside the keep-out of {name}."
    slowest_s = max(effect.delay_s for effect in playbook.effects)
    return (
        f"It may be over {name} in {case.alert.breach.low_s:.0f} s: people have "
        f"{playbook.proposal_expires_s:.0f} s to decide, and an effect takes up to {slowest_s:.0f} s."
    )


def is_time(
    case: Case, playbook: Playbook, below_s: float | None, words: Words, rules: ResponseRules
) -> bool:
    """Return whether people should be asked now; `below_s` is how near the breach must be after a no."""
    alert = case.alert
    if alert.state not in _HEARD or case.lost or case.ended_because or not playbook.effects:
        return False
    if is_inside(case.sighting, words.asset(alert.asset_id)):
        return below_s is None
    if alert.breach is None or (below_s is not None and alert.breach.mid_s > below_s):
        return False
    slowest_s = max(effect.delay_s for effect in playbook.effects)
    return alert.breach.low_s <= playbook.proposal_expires_s + slowest_s + rules.decision_margin_s


def why_over(affair: Affair, cases: Mapping[str, Case], words: Words) -> str:
    """Return why a proposal need not be decided any more, "" while it must."""
    proposal, case = affair.proposal, affair.case
    if proposal.alert_id not in cases:
        return f"Withdrawn, as {proposal.alert_id} was cleared: {case.alert.cleared_because}"
    sighting = case.sighting_of(proposal.track_id)
    if sighting is not None and case.is_lost(proposal.track_id):
        return f"Withdrawn, as track {proposal.track_id} was lost from sight."
    if sighting is None:
        return f"Withdrawn, as track {case.track_id} has taken the place of track {proposal.track_id}."
    if case.alert.asset_id != proposal.asset_id:
        return f"Withdrawn, as it now aims at {words.name(case.alert.asset_id)}."
    return ""


def if_nothing_debris(
    case: Case, asset: Asset | None, now_utc_ns: int, site: Site, rules: ResponseRules
) -> DebrisFootprint | None:
    """Return what comes down on the asset if nothing is done, None where nothing is known to."""
    breach = case.alert.breach
    if asset is None or breach is None or not np.isfinite(case.sighting.state).all():
        return None
    arrival_utc_ns = now_utc_ns + seconds_to_ns(breach.mid_s)
    return arrival_footprint(case.sighting, asset, arrival_utc_ns, site, rules)


def raise_quorum(
    affair: Affair, playbook: Playbook, posture: Posture, levels: Iterable[PostureLevel]
) -> None:
    """Ask for more where the posture has risen; never for less: no yes may come to be enough by itself."""
    quorum = quorum_of(playbook, posture.level, levels)
    proposal = affair.proposal
    if not is_stricter(quorum, proposal.approvals_needed, proposal.roles_needed):
        return
    roles = tuple(sorted((Counter(quorum.roles) | Counter(proposal.roles_needed)).elements()))
    needed = max(quorum.approvals_needed, proposal.approvals_needed, len(roles))
    why = f"the posture rose to {posture.name}"
    state_anew(affair, why, approvals_needed=needed, roles_needed=roles, posture=posture.name)


def refresh(
    affair: Affair, now_utc_ns: int, site: Site, words: Words, rules: ResponseRules, terrain: Terrain | None
) -> None:
    """Compute the footprints anew; where one has left its bounds, nobody said yes to that."""
    affair.computed_utc_ns = now_utc_ns
    proposal, case = affair.proposal, affair.case
    options = renewed_options(proposal.options, affair.sighting, now_utc_ns, site, rules, terrain)
    if_nothing = words.if_nothing(case.alert, affair.sighting)
    reasons = [out_of_bounds(option, option.debris) for option in options]
    why = next((reason for reason in reasons if reason), "")
    if why:
        options = restated(options, affair.sighting, proposal.expires_utc_ns, rules)
        state_anew(affair, why, options=options, if_nothing=if_nothing)
    else:
        affair.change(options=options, if_nothing=if_nothing)


def state_anew(affair: Affair, why: str, **fields: object) -> None:
    """State other terms: what was said yes to before counts no more, and the reason is said."""
    if affair.proposal.approvals:
        fields["outcome"] = f"Approvals lapsed: {why}."
    affair.change(**fields)
