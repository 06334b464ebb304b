"""The rules of judging and of responding, as data: every number that somebody may argue with.

A rule set has a name and a version. It is part of the site, and so in the first entries of every log; one put
in force later is an input of its own. Which rules judged a moment can therefore always be read.
"""

from __future__ import annotations

import msgspec


class ThreatRules(msgspec.Struct, frozen=True, kw_only=True):
    """How threats are weighed.

    `response_s` is the time people need, from decision to shelter: a breach sooner than that weighs most. No
    trustworthy public distribution of it exists; a site sets its own. `unknown_counts` is how far a flight
    that nobody forbids and nobody vouches for counts as unauthorised. `aircraft_counts` is the same for what
    looks like a crewed aircraft that does not say who it is. `other_counts` for balloons and the like.
    `principal_absent` scales the consequence while the person under protection is elsewhere.
    """

    response_s: float = 150.0
    unknown_counts: float = 0.6
    aircraft_counts: float = 0.05
    other_counts: float = 0.3
    principal_absent: float = 0.85
    least_priority: float = 0.02
    prior_per_asset: float = 0.25
    prior_none: float = 0.75
    watched_radius_m: float = 5_000.0
    intent_acceleration_psd: float = 0.05
    breach_acceleration_psd: float = 0.005
    habit: float = 0.03
    closing_mps: float = 1.0
    company_m: float = 250.0
    company_mps: float = 5.0
    # The fastest of each class, in the order of `TargetClass`.
    fastest_mps: tuple[float, float, float, float, float] = (40.0, 70.0, 30.0, 300.0, 25.0)


class DebrisRules(msgspec.Struct, frozen=True, kw_only=True):
    """What is assumed of a falling aircraft and of the air; `_sigma_ln` is of the natural logarithm.

    Shares of the ways a whole multirotor comes down are in the order motors stop, one arm lost, windmilling.
    The defaults are of a 1 to 5 kg multirotor with a drag coefficient of 0.7 to 1.0: assumptions, not fits.
    """

    drag_per_m: float = 0.017
    drag_sigma_ln: float = 0.35
    failure_shares: tuple[float, float, float] = (0.6, 0.25, 0.15)
    arm_lost_thrust_share: tuple[float, float] = (0.3, 0.8)
    windmilling_sink_mps: tuple[float, float] = (5.0, 10.0)
    glide_share: float = 0.5
    glide_sink_mps: tuple[float, float] = (2.0, 5.0)
    glide_speed_mps: float = 14.0
    glide_bearing_sigma_rad: float = 1.0
    wind_sigma_mps: float = 2.0
    radius_m: float = 0.25
    piece_count: int = 8
    piece_mass_sigma_ln: float = 0.8
    piece_drag_sigma_ln: float = 0.5
    piece_kick_sigma_mps: float = 6.0


class ResponseRules(msgspec.Struct, frozen=True, kw_only=True):
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
    `footprint_refresh_s`. An approval lapses if the persons expected have grown by more than `lapse_ratio`
    and `lapse_persons` since its terms were stated, or if the footprint's middle is more than `lapse_moved_m`
    off the way on which the track was then carrying it. After a refusal it is asked again only once the
    breach is nearer than `ask_again_fraction` of what it was. After an effect, `settle_s` pass before it is
    asked again, none if it flew on; no word for `outcome_wait_s` beyond the effect's delay counts as having
    flown on.
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
    lapse_moved_m: float = 300.0
    ask_again_fraction: float = 0.5
    settle_s: float = 20.0
    outcome_wait_s: float = 30.0
    assumed_persons_per_km2: float = 5000.0
    fixed_wing_from: float = 0.25
    debris: DebrisRules = DebrisRules()


class RuleSet(msgspec.Struct, frozen=True, kw_only=True):
    """All rules that are in force together, under one name and version."""

    rules_id: str = "default"
    version: int = 1
    says: str = ""
    threat: ThreatRules = ThreatRules()
    response: ResponseRules = ResponseRules()


DEFAULT_RULES = RuleSet()
