"""The rules of judging and of responding, as data: every number that somebody may argue with.

A rule set has a name and a version. It is part of the site, and so in the first entries of every log; one put
in force later is an input of its own. Which rules judged a moment can therefore always be read.
"""

from __future__ import annotations

import msgspec


class ThreatRules(msgspec.Struct, frozen=True, kw_only=True):
    """How threats are weighed. Distances in metres, times in seconds, the rest shares of 1 unless named.

    *Unauthorised.* `unknown_counts` is how far a flight that nobody forbids and nobody vouches for counts.
    What may yet prove to be the flight of a permit counts by the chance that it is none.
    `aircraft_counts` is the same for what looks like a crewed aircraft that does not say who it is,
    `other_counts` for balloons and the like. Under `least_priority` nothing is shown.

    *Aims at.* Before anything is seen of it a flight goes to none of the assets with weight `prior_none`, and
    to one of them with weight `prior_per_asset`, shared evenly; with `prior_none` 0 it must go to one. It may
    go anywhere within `watched_radius_m`, and bends its way by `intent_acceleration_psd` (m^2/s^3). Inside
    the warning ring one that loiters counts for at least `loiter_aims`, one that probes for `probing_aims`.

    *Breach before response.* `response_s` is the time people need, from decision to shelter: a breach sooner
    than that weighs most. No trustworthy public distribution of it exists; a site sets its own. What does not
    close could turn in, and counts for `might_turn` of its worst case; `watching_counts` where it loiters or
    probes: it need come no nearer to do harm. The worst case is at the fastest of `fastest_mps` (m/s, in the
    order of `TargetClass`) of any class it is with probability `possible_from`. The interval is widened by
    `breach_acceleration_psd` (m^2/s^3), `habit` (a share of the time) and then by the factor
    `breach_stretch`, which is set so that it holds nine in ten. Speed is that of the way made good over some
    `steady_s`, sooner forgotten where the way bends by `bent_m`; a class usually flies at `cruise_mps`, give
    or take `cruise_spread_mps`. What aims elsewhere and comes all the same takes, by `detour_share`, a detour
    `detour_ratio` times as long. A new track will speed up to what is usual by a chance of `speeds_up_share`,
    which fades over `speeds_up_s` to `speeds_up_late_share`. `_sigma_ln` is of the logarithm of the time.

    *Consequence.* `principal_absent` scales it while the person under protection is elsewhere.

    *Behaviours.* Closing: faster than `closing_mps`. Loitering: within `loiter_radius_m` for `loiter_s`.
    Probing: came nearer by `probe_m` and turned back by as much, `probes` times, no farther out than
    `probe_within_m` from the warning ring. Pop-up: first seen within `pop_up_m` of the keep-out circle, less
    than `pop_up_s` ago, and not within `start_up_s` of the start of the watch. Masked by the ground: hidden
    from `masked_share` or more of the radars and cameras in reach of it.

    *Company.* Two fly together from `company_m` and `company_mps` (m/s) apart, both together as one scaled
    distance, until that is `company_leave` times as far. A group that comes apart keeps its id for
    `group_patience_s`. Groups that come for one asset from `axis_apart_deg` or more apart are told of one
    another from priority `axis_priority`.
    """

    unknown_counts: float = 0.6
    aircraft_counts: float = 0.05
    other_counts: float = 0.3
    least_priority: float = 0.02
    prior_per_asset: float = 0.4
    prior_none: float = 0.6
    watched_radius_m: float = 5_000.0
    intent_acceleration_psd: float = 0.05
    loiter_aims: float = 0.7
    probing_aims: float = 0.7
    response_s: float = 150.0
    might_turn: float = 0.5
    watching_counts: float = 0.8
    possible_from: float = 0.05
    fastest_mps: tuple[float, float, float, float, float] = (40.0, 70.0, 30.0, 300.0, 25.0)
    breach_acceleration_psd: float = 0.002
    habit: float = 0.02
    breach_stretch: float = 1.0
    steady_s: float = 10.0
    bent_m: float = 30.0
    cruise_mps: tuple[float, float, float, float, float] = (15.0, 25.0, 12.0, 60.0, 8.0)
    cruise_spread_mps: float = 6.0
    detour_share: float = 0.2
    detour_ratio: float = 1.25
    detour_sigma_ln: float = 0.25
    speeds_up_share: float = 0.5
    speeds_up_late_share: float = 0.03
    speeds_up_s: float = 15.0
    speeds_up_sigma_ln: float = 0.25
    principal_absent: float = 0.85
    closing_mps: float = 1.0
    loiter_radius_m: float = 150.0
    loiter_s: float = 60.0
    probe_m: float = 150.0
    probe_within_m: float = 1_000.0
    probes: int = 1
    pop_up_m: float = 800.0
    pop_up_s: float = 60.0
    start_up_s: float = 20.0
    masked_share: float = 0.5
    company_m: float = 250.0
    company_mps: float = 5.0
    company_leave: float = 1.5
    group_patience_s: float = 15.0
    axis_apart_deg: float = 60.0
    axis_priority: float = 0.15


# Who is where at each hour of the day: how much of the night's, the day's and the evening's persons.
_NIGHT, _DAY, _EVENING = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
HOURS: tuple[tuple[float, float, float], ...] = (
    *(_NIGHT,) * 6,
    (0.7, 0.3, 0.0),
    (0.3, 0.7, 0.0),
    *(_DAY,) * 9,
    (0.0, 0.5, 0.5),
    *(_EVENING,) * 4,
    (0.5, 0.0, 0.5),
    (0.9, 0.0, 0.1),
)


class DebrisRules(msgspec.Struct, frozen=True, kw_only=True):
    """What is assumed of a falling aircraft and of the air; `_sigma_ln` is of the natural logarithm.

    Shares of the ways a whole multirotor comes down are in the order motors stop, one arm lost, windmilling.
    The defaults are of a 1 to 5 kg multirotor with a drag coefficient of 0.7 to 1.0: assumptions, not fits.
    `samples` falls are computed, a multiple of 8. `hours` holds 24 rows, from midnight: the shares of the
    night's, the day's and the evening's persons that are there in that hour; an assumption too.
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
    samples: int = 2048
    hours: tuple[tuple[float, float, float], ...] = HOURS

    def __post_init__(self) -> None:
        if len(self.hours) != 24 or any(share < 0.0 for hour in self.hours for share in hour):
            raise ValueError(f"debris.hours: {len(self.hours)} rows, must be 24 of shares of 0 or more")
        if self.samples < 64 or self.samples % 8:
            raise ValueError(f"debris.samples: {self.samples}, must be a multiple of 8, at least 64")


class EscalationStep(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told (`role`) of an alert that nobody has heard for `after_s`."""

    role: str
    after_s: float


class AlertRules(msgspec.Struct, frozen=True, kw_only=True):
    """How alerts live, beyond raising and clearing. Times in seconds, angles in degrees.

    *Escalate*: `escalation` is the ladder, each rung counted from when the alert was raised or came back;
    where it is empty, the roles of those at the site who may approve, in its order, one every
    `ResponseRules.escalate_after_s`.
    *Worse*: what somebody has heard is raised again once there are `worse_members` more of them and
    `worse_members_ratio` times as many, or its priority has grown by `worse_priority`, or the consequence by
    `worse_consequence`. From the shelf it comes back earlier also when its priority has grown by
    `shelf_worse_priority`, the breach may come in `shelf_breach_fraction` of the time it had, or it turns to
    another asset. Nothing is shelved for longer than `most_shelf_s`. What a person cleared is not raised
    again for `dismissed_for_s`, unless it has grown worse in the same sense as on the shelf.
    *Patience*: a track whose own claim is still untested, or not heard, and that may be the flight of a
    permit by `permit_from` or more, is given `permit_wait_s` to show it before it is raised or joins an
    alert; not when the breach may come within that time.
    *Group*: one alert is about one group. What has left it, and flies for `split_after_s` at another asset
    or from a side `split_axis_deg` apart, has an alert of its own; two alerts whose tracks fly as one group
    at one asset for `merge_after_s` are one. Another track leads once it matters more by `lead_margin` for
    `lead_after_s`. What flies in the group of an open alert joins it at any priority that is shown, unless it
    is a bird or an aircraft by `company_harmless_probability`, or may be where it is.
    *Rate*: a flood begins at more than `flood_above` alarms in ten minutes and ends at fewer than
    `flood_below`. In a flood what comes at the same asset from the same side joins the alert there is.
    *Chatter*: each alert on the same track within `chatter_within_s` must be quiet `chatter_factor` times
    longer than the one before it to be cleared, three times at most.
    """

    escalation: tuple[EscalationStep, ...] = ()
    worse_members: int = 2
    worse_members_ratio: float = 1.5
    worse_priority: float = 0.35
    worse_consequence: float = 0.2
    shelf_worse_priority: float = 0.15
    shelf_breach_fraction: float = 0.5
    most_shelf_s: float = 3600.0
    dismissed_for_s: float = 300.0
    permit_wait_s: float = 4.0
    permit_from: float = 0.2
    split_after_s: float = 8.0
    split_axis_deg: float = 45.0
    merge_after_s: float = 5.0
    lead_margin: float = 0.1
    lead_after_s: float = 3.0
    company_harmless_probability: float = 0.9
    flood_above: int = 10
    flood_below: int = 5
    chatter_within_s: float = 600.0
    chatter_factor: float = 2.0


class ResponseRules(msgspec.Struct, frozen=True, kw_only=True):
    """When to speak, when to stop speaking, and when to ask. Times in seconds, distances in metres.

    *Raise*: priority at least `raise_priority` for `raise_after_s` and `raise_after_ticks` looks (where other
    rules have just come into force, followed for as long), and a drone by at least `drone_probability`; or,
    when the breach may be `imminent_s` away, on `imminent_drone_probability` and two looks, and for what may
    be no permit's flight on `imminent_priority`, or, for an asset that counts for less, on
    `imminent_sure_priority` if it is a drone by `imminent_sure_probability`. Not before
    `raise_after_detections`, for a drone as sure as that `sure_after_detections`: what a few echoes are is a
    guess. Never for what is a bird or an aircraft by `harmless_probability`, nor for what may be where it is.
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
    *Tasks*: nobody gets less than `least_notice_s`. A deadline comes forward when that gains `due_earlier_s`;
    it goes back only for a reason that is said: `due_later_s` or more has been left over for
    `due_later_after_s`, or the alert that set it is over. Once no alert has been on an asset for
    `call_off_after_s`, its unfinished tasks are called off.
    *Who is there*: the principal counts as away only where somebody is sure of it by `sure_of_absence`. An
    asset without any of the persons it was configured with counts `empty_counts` of its consequence, and in
    between in proportion.
    """

    raise_priority: float = 0.5
    raise_after_s: float = 1.5
    raise_after_ticks: int = 3
    raise_after_detections: int = 8
    sure_after_detections: int = 5
    drone_probability: float = 0.6
    imminent_s: float = 30.0
    imminent_drone_probability: float = 0.35
    imminent_ticks: int = 2
    imminent_priority: float = 0.45
    imminent_sure_priority: float = 0.4
    imminent_sure_probability: float = 0.8
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
    least_notice_s: float = 10.0
    due_earlier_s: float = 5.0
    due_later_s: float = 30.0
    due_later_after_s: float = 20.0
    call_off_after_s: float = 15.0
    sure_of_absence: float = 0.9
    empty_counts: float = 0.5
    fixed_wing_from: float = 0.25
    debris: DebrisRules = DebrisRules()
    alerts: AlertRules = AlertRules()


class RuleSet(msgspec.Struct, frozen=True, kw_only=True):
    """All rules that are in force together, under one name and version."""

    rules_id: str = "default"
    version: int = 1
    says: str = ""
    threat: ThreatRules = ThreatRules()
    response: ResponseRules = ResponseRules()

    @property
    def called(self) -> str:
        """The name and version in one: `default v1`."""
        return f"{self.rules_id} v{self.version}"


DEFAULT_RULES = RuleSet()
