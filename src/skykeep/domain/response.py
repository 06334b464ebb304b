"""What people decide: alerts, tasks, proposals, approvals and effects that exist in simulation only."""

from __future__ import annotations

import enum

import msgspec

from skykeep.domain.place import Point, Vector
from skykeep.domain.threat import Factors, Interval


class AlertState(enum.StrEnum):
    """Raised, and not heard yet; heard; given to somebody; put aside; passed upwards; over."""

    RAISED = "raised"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    SHELVED = "shelved"
    CLEARED = "cleared"


class AlertStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step in the life of an alert: into which state, when, by whom ("" for the rules) and why."""

    time_utc_ns: int
    state: AlertState
    by: str
    because: str


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A call for a decision. Nothing clears itself silently: `cleared_because` is a sentence.

    A swarm is one alert: `members` are the tracks that it is about now, that which matters most last;
    `track_ids` all that it ever was about, the last as in `members`. `priority`, `breach`, `factors` and
    `grounds` are those of the member that matters most. `notes` are what happened to it, in order, and are
    among the grounds too. `escalated_to` is the role that was told last, and `escalation_level` how often it
    was passed upwards. What is shelved comes back at `shelved_until_utc_ns`, or at once when it grows worse.

    `acknowledged_by` is who has heard it as it is now, "" again when it grew worse since;
    `acknowledged_utc_ns` when somebody heard it last. `came_back` counts how often it was raised anew, from
    the shelf or grown worse. `history` holds every step since it was raised.
    """

    alert_id: str
    state: AlertState
    title: str
    track_ids: tuple[int, ...]
    asset_id: str
    priority: float
    raised_utc_ns: int
    changed_utc_ns: int
    breach: Interval | None
    grounds: tuple[str, ...]
    acknowledged_by: str = ""
    cleared_because: str = ""
    members: tuple[int, ...] = ()
    group_id: str = ""
    worst_case_s: float | None = None
    factors: Factors | None = None
    notes: tuple[str, ...] = ()
    acknowledged_utc_ns: int | None = None
    assigned_to: str = ""
    shelved_by: str = ""
    shelved_because: str = ""
    shelved_until_utc_ns: int | None = None
    escalation_level: int = 0
    escalated_to: str = ""
    cleared_by: str = ""
    came_back: int = 0
    history: tuple[AlertStep, ...] = ()


class AlarmRate(msgspec.Struct, frozen=True, kw_only=True):
    """How much people are asked to bear: alerts raised in the last ten minutes, the most in any ten minutes
    of the watch, and whether that is a flood by the rules.
    """

    time_utc_ns: int
    in_ten_minutes: int
    most_in_ten_minutes: int
    flooded: bool


class TaskState(enum.StrEnum):
    """To be done; somebody is at it; done, late or not; late and not done; need not be done."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    OVERDUE = "overdue"
    CALLED_OFF = "called_off"


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Something for a person to do, due relative to the time to breach.

    `because` says why it was opened, with the posture and who is there; `called_off_because` why it need not
    be done, `called_off_by` "" where nobody said so by hand. `escalated_to` is the role that was told when it
    was late. `due_alert_id` is the alert whose breach comes soonest, and so sets the hour. `notes` are what
    happened to it, in order: every move of the hour is there, with its reason.
    """

    task_id: str
    alert_id: str
    text: str
    owner_role: str
    due_utc_ns: int
    state: TaskState
    done_by: str = ""
    asset_id: str = ""
    playbook_id: str = ""
    opened_utc_ns: int = 0
    done_utc_ns: int | None = None
    due_before_breach_s: float = 0.0
    because: str = ""
    called_off_because: str = ""
    escalated_to: str = ""
    task_key: str = ""
    taken_by: str = ""
    called_off_by: str = ""
    due_alert_id: str = ""
    notes: tuple[str, ...] = ()


class EffectLayer(enum.StrEnum):
    """Soft: the link or the navigation is lost. Hard: the aircraft is struck. Simulated, both of them."""

    SOFT = "soft"
    HARD = "hard"


class DebrisContour(msgspec.Struct, frozen=True, kw_only=True):
    """The smallest region we can name that holds `percent` of the falling pieces, as a ring in the site
    frame.
    """

    percent: int
    ring_enu_m: tuple[Point, ...]


class DebrisFootprint(msgspec.Struct, frozen=True, kw_only=True):
    """Where pieces would fall if the track were stopped at `time_utc_ns`; `persons_expected` are inside the
    95 % contour's spread, weighted by where pieces fall: expected persons within the critical area, not
    injuries. `critical_area_m2` is the mean ground on which a stop would meet somebody, all its pieces
    together; `area_m2` that of the 95 % contour; `rests_on` sentences on what was assumed: wind, pieces,
    population and the hour it is of. `samples` falls were computed; `persons_error` is how far off
    `persons_expected` may be for that alone (1-sigma), not for what was assumed. `at_asset_id` names the
    asset where it is taken to come down because nothing is done, "" otherwise.
    """

    track_id: int
    time_utc_ns: int
    impact_enu_m: Point
    contours: tuple[DebrisContour, ...]
    persons_expected: float
    critical_area_m2: float = 0.0
    area_m2: float = 0.0
    rests_on: tuple[str, ...] = ()
    persons_error: float = 0.0
    samples: int = 0
    wind_enu_mps: Point = (0.0, 0.0)
    at_asset_id: str = ""


class DebrisBounds(msgspec.Struct, frozen=True, kw_only=True):
    """How far a yes to an option reaches: while the middle of its footprint stays `within_m` of the line
    `way_enu_m`, and the persons expected are `persons_at_most`. They were `persons_stated` when the terms
    were stated.
    """

    way_enu_m: tuple[Point, Point]
    within_m: float
    persons_stated: float
    persons_at_most: float


class EffectOption(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that could be done, in simulation. `results` are what may come of it (fell, landed, returned,
    hovered, flew_on; probability), likeliest first, as far as anyone knows. `bounds` are those of a yes to
    it, None where no footprint could be reckoned.
    """

    option_id: str
    name: str
    layer: EffectLayer
    says: str
    success_probability: float
    delay_s: float
    debris: DebrisFootprint
    results: tuple[tuple[str, float], ...] = ()
    bounds: DebrisBounds | None = None


class ProposalState(enum.StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    CARRIED_OUT = "carried_out"


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """A named person's yes, at a time, to one option on stated terms (see `ApproveResponse`)."""

    by: str
    role: str
    option_id: str
    time_utc_ns: int
    approval_id: str = ""
    terms_sha256: str = ""
    proven_by: str = ""


# Who proposes where the rules do; nobody on duty may go by it.
MACHINE = "machine"


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """Options put to people, with what happens if nothing is done. Those who approve must be different
    persons, none of them `proposed_by` (a person's id, or `MACHINE` where the rules proposed it).

    `if_nothing_debris` is what comes down at the asset then, None where it is not on its way to one.
    `because` says why it is asked now, `posture` at which level. `roles_needed` must be
    among those who approve. `terms_sha256` is of what is said yes to: the proposal, its track, every option
    with its effect and bounds on its consequences, how many must agree, on what authority and until when.
    """

    proposal_id: str
    alert_id: str
    track_id: int
    state: ProposalState
    proposed_utc_ns: int
    expires_utc_ns: int
    if_nothing: str
    options: tuple[EffectOption, ...]
    approvals: tuple[Approval, ...]
    approvals_needed: int
    authority: str
    chosen_option_id: str = ""
    outcome: str = ""
    simulated: bool = True
    proposed_by: str = ""
    because: str = ""
    asset_id: str = ""
    roles_needed: tuple[str, ...] = ()
    legal_basis: str = ""
    posture: str = ""
    terms_sha256: str = ""
    if_nothing_debris: DebrisFootprint | None = None


class EffectOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An approved effect, for the simulator's sink alone: every other sink must refuse it, and one that is
    not simulated cannot be built.
    """

    order_id: str
    proposal_id: str
    track_id: int
    layer: EffectLayer
    time_utc_ns: int
    aim_enu_m: Vector
    approvals: tuple[Approval, ...]
    simulated: bool = True
    option_id: str = ""

    def __post_init__(self) -> None:
        if self.simulated is not True:
            raise ValueError("an effect order that is not simulated cannot exist")


class EffectOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the simulated world says came of an order: fell, landed, hovered, returned, flew_on, and where it
    was then; None where nobody saw.
    """

    order_id: str
    time_utc_ns: int
    result: str
    says: str
    simulated: bool = True
    place_enu_m: Vector | None = None
