"""What people decided, in words."""

from __future__ import annotations

from skykeep.domain.commands import (
    AcknowledgeAlert,
    ApproveResponse,
    AssignAlert,
    CallOffTask,
    ChangeRules,
    ClearAlert,
    Command,
    CompleteTask,
    CorrelateTrack,
    DecorrelateTrack,
    EscalateAlert,
    GradeReport,
    LiftOrder,
    LiftQuarantine,
    ProposeResponse,
    RefuseResponse,
    RenameTrack,
    SetOccupancy,
    SetPosture,
    SetStanding,
    ShelveAlert,
    TakeTask,
    UnshelveAlert,
    WithdrawApproval,
    WithdrawProposal,
)
from skykeep.domain.identity import STANDING_NAMES


def decided(command: Command, names: dict[str, str]) -> tuple[str, str]:
    """Return what somebody decided and on what; `names` are those of the effects."""
    match command:
        case AcknowledgeAlert():
            return "acknowledged", command.alert_id
        case ApproveResponse():
            name = names.get(command.option_id, command.option_id)
            return f"approved “{name}” (SIMULATED)", command.proposal_id
        case RefuseResponse():
            return f"refused: {command.reason}", command.proposal_id
        case CompleteTask():
            return "did the task", command.task_id
        case TakeTask():
            return "took the task", command.task_id
        case AssignAlert():
            return f"assigned it to {command.to}", command.alert_id
        case ShelveAlert():
            return f"shelved it for {command.for_s:.0f} s: {command.reason}", command.alert_id
        case UnshelveAlert():
            return "took it off the shelf", command.alert_id
        case EscalateAlert():
            return f"escalated it: {command.reason}", command.alert_id
        case ClearAlert():
            return f"cleared it: {command.reason}", command.alert_id
        case ProposeResponse():
            return "asked for a decision", command.alert_id
        case WithdrawApproval():
            return f"took back their approval: {command.reason}", command.proposal_id
        case WithdrawProposal():
            return f"withdrew it: {command.reason}", command.proposal_id
        case CallOffTask():
            return f"called off the task: {command.reason}", command.task_id
        case SetPosture():
            level = "as the calendar says" if command.level is None else f"to level {command.level}"
            return f"set the posture {level}: {command.reason}", "the site"
        case SetOccupancy():
            return _occupancy(command), command.asset_id
        case ChangeRules():
            rules = f"{command.rules.rules_id} v{command.rules.version}"
            return f"put the rules {rules} in force: {command.reason}", "the site"
        case SetStanding():
            standing = STANDING_NAMES[command.standing]
            return f"set its standing to {standing}: {command.reason}", f"track {command.track_id}"
        case RenameTrack():
            return f"named it “{command.name}”", f"track {command.track_id}"
        case LiftOrder():
            return "lifted the order", command.order_id
        case GradeReport():
            grade = f"{command.reliability}{command.credibility.value}"
            return f"graded it {grade}", f"report {command.sensor_id} {command.sequence}"
        case LiftQuarantine():
            return f"used it again: {command.reason}", f"source {command.source_id}"
        case CorrelateTrack() | DecorrelateTrack():
            word = "same object as" if isinstance(command, CorrelateTrack) else "not the same object as"
            other = command.other_track_id
            whom = f"track {other}" if other is not None else f"the claimant of {command.claimed_id}"
            return f"{word} {whom}: {command.reason}", f"track {command.track_id}"


def _occupancy(command: SetOccupancy) -> str:
    said = []
    if command.principal_present is not None:
        said.append(f"the principal is {'there' if command.principal_present else 'not there'}")
    if command.occupancy_persons is not None:
        said.append(f"{command.occupancy_persons} persons are there")
    reason = f": {command.reason}" if command.reason else ""
    return f"said that {' and '.join(said) or 'nothing changed'}{reason}"
