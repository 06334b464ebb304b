"""All that ever comes in, and how it is written down: the same table serves recording and replay.

An input is fed to `Pipeline.receive` by a live feed, a simulated night or a replay; the pipeline cannot
tell which.
"""

from __future__ import annotations

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.domain.airspace import AirspaceChange
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
    Tick,
    UnshelveAlert,
    WithdrawApproval,
    WithdrawProposal,
)
from skykeep.domain.days import WatchContinued, WatchTakenOver, WatchWentOn
from skykeep.domain.encoding import decode_json
from skykeep.domain.feed import SourceEvent
from skykeep.domain.notification import NoticeSettled
from skykeep.domain.record import KeyChanged, PapersRemade, Redaction, Software
from skykeep.domain.registry import RegistryAnswer
from skykeep.domain.response import EffectOutcome
from skykeep.domain.sensing import Claim, Report, Scan, SensorStatus

Input = (
    Scan
    | Claim
    | Report
    | SensorStatus
    | SourceEvent
    | AirspaceChange
    | RegistryAnswer
    | NoticeSettled
    | EffectOutcome
    | Software
    | Redaction
    | KeyChanged
    | PapersRemade
    | WatchContinued
    | WatchTakenOver
    | WatchWentOn
    | Tick
    | Command
)

INPUT_KINDS: dict[type, str] = {
    Scan: "scan",
    Claim: "claim",
    Report: "report",
    SensorStatus: "sensor_status",
    SourceEvent: "source_event",
    AirspaceChange: "airspace_change",
    EffectOutcome: "effect_outcome",
    Tick: "tick",
    AcknowledgeAlert: "acknowledge_alert",
    ApproveResponse: "approve_response",
    RefuseResponse: "refuse_response",
    CompleteTask: "complete_task",
    CorrelateTrack: "correlate_track",
    DecorrelateTrack: "decorrelate_track",
    RenameTrack: "rename_track",
    LiftOrder: "lift_order",
    GradeReport: "grade_report",
    LiftQuarantine: "lift_quarantine",
    AssignAlert: "assign_alert",
    ShelveAlert: "shelve_alert",
    UnshelveAlert: "unshelve_alert",
    EscalateAlert: "escalate_alert",
    ClearAlert: "clear_alert",
    ProposeResponse: "propose_response",
    WithdrawApproval: "withdraw_approval",
    WithdrawProposal: "withdraw_proposal",
    TakeTask: "take_task",
    CallOffTask: "call_off_task",
    SetPosture: "set_posture",
    SetOccupancy: "set_occupancy",
    ChangeRules: "change_rules",
    SetStanding: "set_standing",
    RegistryAnswer: "registry_answer",
    NoticeSettled: "notice_settled",
    Software: "software",
    Redaction: "redacted",
    KeyChanged: "key_changed",
    PapersRemade: "papers_remade",
    WatchContinued: "watch_continued",
    WatchTakenOver: "watch_taken_over",
    WatchWentOn: "watch_went_on",
}
# What is only kept in the log; the console says it.
ON_RECORD = (SourceEvent, NoticeSettled, Software, Redaction, PapersRemade, KeyChanged, WatchWentOn)
_TYPES = {kind: wanted for wanted, kind in INPUT_KINDS.items()}


def decode_input(kind: str, payload: bytes) -> Input:
    """Return the input that a log entry of this kind holds; DecodeError names what cannot be read back."""
    wanted = _TYPES.get(kind)
    if wanted is None:
        raise DecodeError("kind", repr(kind), "one of " + ", ".join(_TYPES))
    try:
        record: Input = decode_json(payload, wanted)
    except (msgspec.DecodeError, ValueError) as error:
        raise DecodeError(kind, str(error), "a payload of that kind") from error
    return record


def time_of(record: Input) -> int:
    """Return when an input reached us, in UTC nanoseconds."""
    if isinstance(record, Scan | Claim | Report | SensorStatus):
        return record.received_utc_ns
    return record.time_utc_ns
