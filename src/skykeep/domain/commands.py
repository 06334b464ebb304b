"""What people ask for, and the tick that makes the system look up: with scans, claims and reports, all that
ever comes in.
"""

from __future__ import annotations

import msgspec


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


Command = AcknowledgeAlert | ApproveResponse | RefuseResponse | CompleteTask
