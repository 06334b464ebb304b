"""What people ask for, and the tick that makes the system look up: with scans, claims and reports, all that
ever comes in.
"""

from __future__ import annotations

import msgspec

from skykeep.domain.sensing import Credibility, Reliability


class Tick(msgspec.Struct, frozen=True, kw_only=True, tag="tick"):
    """Time has come to `time_utc_ns`: predict, judge and respond."""

    time_utc_ns: int


class AcknowledgeAlert(msgspec.Struct, frozen=True, kw_only=True, tag="acknowledge_alert"):
    alert_id: str
    by: str
    time_utc_ns: int


class ApproveResponse(msgspec.Struct, frozen=True, kw_only=True, tag="approve_response"):
    proposal_id: str
    option_id: str
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


TrackCommand = CorrelateTrack | DecorrelateTrack | RenameTrack | LiftOrder
ResponseCommand = AcknowledgeAlert | ApproveResponse | RefuseResponse | CompleteTask
Command = ResponseCommand | TrackCommand | GradeReport | LiftQuarantine
