"""What people ask for, and the tick that makes the system look up: with scans, claims and reports, all that
ever comes in.
"""

from __future__ import annotations

import msgspec

from skykeep.domain.identity import Standing
from skykeep.domain.rules import RuleSet
from skykeep.domain.sensing import Credibility, Reliability


class Tick(msgspec.Struct, frozen=True, kw_only=True, tag="tick"):
    """Time has come to `time_utc_ns`: predict, judge and respond."""

    time_utc_ns: int


class AcknowledgeAlert(msgspec.Struct, frozen=True, kw_only=True, tag="acknowledge_alert"):
    alert_id: str
    by: str
    time_utc_ns: int


class AssignAlert(msgspec.Struct, frozen=True, kw_only=True, tag="assign_alert"):
    """Somebody on duty is to see to an alert; whoever assigns it has heard it too."""

    alert_id: str
    to: str
    by: str
    time_utc_ns: int


class ShelveAlert(msgspec.Struct, frozen=True, kw_only=True, tag="shelve_alert"):
    """An alert is put aside for `for_s`, for a reason; it comes back by itself."""

    alert_id: str
    for_s: float
    reason: str
    by: str
    time_utc_ns: int


class UnshelveAlert(msgspec.Struct, frozen=True, kw_only=True, tag="unshelve_alert"):
    alert_id: str
    by: str
    time_utc_ns: int


class EscalateAlert(msgspec.Struct, frozen=True, kw_only=True, tag="escalate_alert"):
    """Somebody wants the next above to look at it, whatever the clock says."""

    alert_id: str
    reason: str
    by: str
    time_utc_ns: int


class ClearAlert(msgspec.Struct, frozen=True, kw_only=True, tag="clear_alert"):
    """A person says that an alert is over, and why."""

    alert_id: str
    reason: str
    by: str
    time_utc_ns: int


class ProposeResponse(msgspec.Struct, frozen=True, kw_only=True, tag="propose_response"):
    """A person asks others to decide now; they may not approve it themselves."""

    alert_id: str
    by: str
    time_utc_ns: int


# How a door may know who somebody is; the last two only where everything is simulated.
PROOFS_OF_PERSON = ("passphrase", "token")
PROOFS_OF_A_SIMULATION = ("console of the demo", "scripted")


class ApproveResponse(msgspec.Struct, frozen=True, kw_only=True, tag="approve_response"):
    """One person's yes to one option of one proposal.

    `terms_sha256` is of the terms that they had before their eyes (`Proposal.terms_sha256`): a yes to other
    terms is none. `approval_id` is unlike that of any approval before it: one that comes twice counts once.
    `proven_by` says how the door that took it knew who it was (see `PROOFS_OF_PERSON`), never the secret.
    """

    proposal_id: str
    option_id: str
    by: str
    time_utc_ns: int
    terms_sha256: str = ""
    approval_id: str = ""
    proven_by: str = ""


class WithdrawApproval(msgspec.Struct, frozen=True, kw_only=True, tag="withdraw_approval"):
    """Somebody takes back their own yes while the proposal still waits for others."""

    proposal_id: str
    reason: str
    by: str
    time_utc_ns: int


class WithdrawProposal(msgspec.Struct, frozen=True, kw_only=True, tag="withdraw_proposal"):
    """Whoever may approve, or proposed it, takes the question back; what was said yes to before counts no
    more.
    """

    proposal_id: str
    reason: str
    by: str
    time_utc_ns: int


class RefuseResponse(msgspec.Struct, frozen=True, kw_only=True, tag="refuse_response"):
    proposal_id: str
    by: str
    reason: str
    time_utc_ns: int


class CompleteTask(msgspec.Struct, frozen=True, kw_only=True, tag="complete_task"):
    task_id: str
    by: str
    time_utc_ns: int


class TakeTask(msgspec.Struct, frozen=True, kw_only=True, tag="take_task"):
    """Somebody is at it, or takes it over from whoever was."""

    task_id: str
    by: str
    time_utc_ns: int


class CallOffTask(msgspec.Struct, frozen=True, kw_only=True, tag="call_off_task"):
    """A task need not be done after all, and why."""

    task_id: str
    reason: str
    by: str
    time_utc_ns: int


class SetPosture(msgspec.Struct, frozen=True, kw_only=True, tag="set_posture"):
    """A person sets the level of watchfulness by hand, until a time or until it is set again; None takes the
    hand off: the calendar holds again.
    """

    level: int | None
    reason: str
    by: str
    time_utc_ns: int
    until_utc_ns: int | None = None


class SetOccupancy(msgspec.Struct, frozen=True, kw_only=True, tag="set_occupancy"):
    """Who is at an asset now. None leaves that half as it was; `principal_present` cannot be unset.

    `sure` is how sure whoever says so is of the principal: 0.5 a guess, 1 certain. At `until_utc_ns` what is
    said here runs out: the principal is not known to be anywhere then, and counts as there.
    """

    asset_id: str
    by: str
    time_utc_ns: int
    principal_present: bool | None = None
    occupancy_persons: int | None = None
    reason: str = ""
    sure: float = 1.0
    until_utc_ns: int | None = None


class ChangeRules(msgspec.Struct, frozen=True, kw_only=True, tag="change_rules"):
    """Other rules of judging and responding are in force from now on."""

    rules: RuleSet
    reason: str
    by: str
    time_utc_ns: int


class SetStanding(msgspec.Struct, frozen=True, kw_only=True, tag="set_standing"):
    """A person says how we stand to a track; it outranks the machine until it is lifted."""

    track_id: int
    standing: Standing
    reason: str
    by: str
    time_utc_ns: int


class CorrelateTrack(msgspec.Struct, frozen=True, kw_only=True, tag="correlate_track"):
    """This track is the same object as another, and shown as that; or a claimed identity is its own."""

    track_id: int
    by: str
    reason: str
    time_utc_ns: int
    other_track_id: int | None = None
    claimed_id: str = ""

    def __post_init__(self) -> None:
        _require_one_other(self.other_track_id, self.claimed_id)


class DecorrelateTrack(msgspec.Struct, frozen=True, kw_only=True, tag="decorrelate_track"):
    """This track and another are two objects; or a claimed identity is not its own."""

    track_id: int
    by: str
    reason: str
    time_utc_ns: int
    other_track_id: int | None = None
    claimed_id: str = ""

    def __post_init__(self) -> None:
        _require_one_other(self.other_track_id, self.claimed_id)


class RenameTrack(msgspec.Struct, frozen=True, kw_only=True, tag="rename_track"):
    track_id: int
    name: str
    by: str
    time_utc_ns: int


class LiftOrder(msgspec.Struct, frozen=True, kw_only=True, tag="lift_order"):
    """A standing order about a track no longer holds."""

    order_id: str
    by: str
    time_utc_ns: int


class GradeReport(msgspec.Struct, frozen=True, kw_only=True, tag="grade_report"):
    """A person's judgement of another person's report, by the admiralty code. The last one holds."""

    sensor_id: str
    sequence: int
    reliability: Reliability
    credibility: Credibility
    by: str
    time_utc_ns: int


class LiftQuarantine(msgspec.Struct, frozen=True, kw_only=True, tag="lift_quarantine"):
    """A source in quarantine is to be used again, on somebody's word."""

    source_id: str
    reason: str
    by: str
    time_utc_ns: int


def _require_one_other(other_track_id: int | None, claimed_id: str) -> None:
    if (other_track_id is None) == (not claimed_id):
        raise ValueError(
            f"other_track_id {other_track_id} and claimed_id {claimed_id!r}: must be one of them"
        )


TrackCommand = CorrelateTrack | DecorrelateTrack | RenameTrack | SetStanding | LiftOrder
AlertCommand = AcknowledgeAlert | AssignAlert | ShelveAlert | UnshelveAlert | EscalateAlert | ClearAlert
ProposalCommand = ProposeResponse | ApproveResponse | RefuseResponse | WithdrawApproval | WithdrawProposal
TaskCommand = TakeTask | CompleteTask | CallOffTask
DutyCommand = SetPosture | SetOccupancy | ChangeRules
ResponseCommand = AlertCommand | ProposalCommand | TaskCommand
Command = ResponseCommand | DutyCommand | TrackCommand | GradeReport | LiftQuarantine
