"""The rules of response, as data: thresholds with their reasons, and which state may follow which."""

from __future__ import annotations

import msgspec

from skykeep.domain.response import AlertState, ProposalState
from skykeep.models.debris import FallModel

ALERT_MOVES: dict[AlertState, tuple[AlertState, ...]] = {
    AlertState.RAISED: (AlertState.ACKNOWLEDGED, AlertState.ESCALATED, AlertState.CLEARED),
    AlertState.ESCALATED: (AlertState.ACKNOWLEDGED, AlertState.CLEARED),
    AlertState.ACKNOWLEDGED: (AlertState.CLEARED,),
    AlertState.CLEARED: (),
}

PROPOSAL_MOVES: dict[ProposalState, tuple[ProposalState, ...]] = {
    ProposalState.PROPOSED: (ProposalState.APPROVED, ProposalState.REFUSED, ProposalState.EXPIRED),
    ProposalState.APPROVED: (ProposalState.CARRIED_OUT,),
    ProposalState.REFUSED: (),
    ProposalState.EXPIRED: (),
    ProposalState.CARRIED_OUT: (),
}

# What an outcome may say; the first two end the flight.
ENDS_FLIGHT = ("fell", "landed")
RESULTS = (*ENDS_FLIGHT, "returned", "flew_on")


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """When to speak, when to stop speaking, and when to ask. Times in seconds, distances in metres.

    *Raise*: priority at least `raise_priority` for `raise_after_s` and `raise_after_ticks` looks (where other
    rules have just come into force, followed for as long), and a drone by at least `drone_probability`; or,
    when the breach may be `imminent_s` away, on `imminent_drone_probability` and two looks. Never for what is
    a bird or an aircraft by `harmless_probability`, nor for what may be where it is.
    *Clear*: priority under `clear_priority` for `clear_after_s`; or known to be harmless by
    `clear_harmless_probability`, or allowed, for `clear_known_after_s`. The gap between raising and clearing
    keeps an alert from flickering. Lost from sight, it stays open; once acknowledged, for
    `lost_clear_after_s`.
    *Take over*: a new track is an old one again when the old one has not been detected for
    `takeover_silent_s` (lost, or still coasting) nor since the new one began (give or take as much), and it
    lies within `takeover_gate` (squared Mahalanobis distance; 16.3 is 99.9 % of three dimensions) and
    `takeover_within_m` of where the old one would be, at most `takeover_within_s` later, if in that time it
    changed its velocity by `manoeuvre_mps2` (1-sigma).
    *Ask*: a proposal opens when the soonest breach (5 % quantile) is within the time that people have to
    decide, the slowest effect and `decision_margin_s`. Its footprints are made anew every
    `footprint_refresh_s`. An approval lapses if the persons expected have since grown by more than
    `lapse_ratio` and `lapse_persons`. After a refusal it is asked again only once the breach is nearer than
    `ask_again_fraction` of what it was. After an effect, `settle_s` pass before it is asked again, none if it
    flew on; no word for `outcome_wait_s` beyond the effect's delay counts as having flown on.
    """

    raise_priority: float = 0.5
    raise_after_s: float = 1.5
    raise_after_ticks: int = 3
    drone_probability: float = 0.6
    imminent_s: float = 30.0
    imminent_drone_probability: float = 0.35
    imminent_ticks: int = 2
    harmless_probability: float = 0.5
    clear_priority: float = 0.25
    clear_after_s: float = 20.0
    clear_harmless_probability: float = 0.9
    clear_known_after_s: float = 8.0
    lost_clear_after_s: float = 300.0
    escalate_after_s: float = 20.0
    retarget_after_s: float = 5.0
    refresh_s: float = 1.0
    takeover_within_s: float = 60.0
    takeover_within_m: float = 600.0
    takeover_gate: float = 16.3
    takeover_silent_s: float = 2.0
    manoeuvre_mps2: float = 1.5
    decision_margin_s: float = 15.0
    footprint_refresh_s: float = 2.0
    lapse_ratio: float = 2.0
    lapse_persons: float = 0.02
    ask_again_fraction: float = 0.5
    settle_s: float = 20.0
    outcome_wait_s: float = 30.0
    assumed_persons_per_km2: float = 5000.0
    fixed_wing_from: float = 0.25
    fall: FallModel = FallModel()
