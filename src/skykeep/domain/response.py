"""What people decide: alerts, tasks, proposals, approvals and effects that exist in simulation only."""

from __future__ import annotations

import enum

import msgspec

from skykeep.domain.place import Point, Vector
from skykeep.domain.threat import Interval


class AlertState(enum.StrEnum):
    RAISED = "raised"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    CLEARED = "cleared"


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A call for a decision. Nothing clears itself silently: `cleared_because` is a sentence."""

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


class TaskState(enum.StrEnum):
    OPEN = "open"
    DONE = "done"
    OVERDUE = "overdue"


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Something for a person to do, due relative to the time to breach."""

    task_id: str
    alert_id: str
    text: str
    owner_role: str
    due_utc_ns: int
    state: TaskState
    done_by: str = ""


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
    injuries."""

    track_id: int
    time_utc_ns: int
    impact_enu_m: Point
    contours: tuple[DebrisContour, ...]
    persons_expected: float


class EffectOption(msgspec.Struct, frozen=True, kw_only=True):
    option_id: str
    name: str
    layer: EffectLayer
    says: str
    success_probability: float
    delay_s: float
    debris: DebrisFootprint


class ProposalState(enum.StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    CARRIED_OUT = "carried_out"


class Approval(msgspec.Struct, frozen=True, kw_only=True):
    """A named person's yes, at a time, to one option."""

    by: str
    role: str
    option_id: str
    time_utc_ns: int


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """Options put to people, with what happens if nothing is done. The two persons who approve must be
    different.
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

    def __post_init__(self) -> None:
        if self.simulated is not True:
            raise ValueError("an effect order that is not simulated cannot exist")


class EffectOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What the simulated world says came of an order: fell, landed, flew_on, returned."""

    order_id: str
    time_utc_ns: int
    result: str
    says: str
    simulated: bool = True
