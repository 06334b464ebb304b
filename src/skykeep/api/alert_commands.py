"""What a person at the console may do with an alert beside acknowledging it, and what the engine is asked."""

from __future__ import annotations

from typing import Annotated

import msgspec

from skykeep.domain.commands import AssignAlert, ClearAlert, EscalateAlert, ShelveAlert, UnshelveAlert

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
# A day at most; what the rules of the site allow may be less.
ShelfSeconds = Annotated[float, msgspec.Meta(gt=0.0, le=86_400.0)]


class _Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """An imperative from a person at the console."""


class Assign(_Command, frozen=True, kw_only=True, tag="assign"):
    alert_id: Name
    to: Name
    by: Name


class Shelve(_Command, frozen=True, kw_only=True, tag="shelve"):
    alert_id: Name
    for_s: ShelfSeconds
    by: Name
    reason: Reason


class Unshelve(_Command, frozen=True, kw_only=True, tag="unshelve"):
    alert_id: Name
    by: Name


class Escalate(_Command, frozen=True, kw_only=True, tag="escalate"):
    alert_id: Name
    by: Name
    reason: Reason


class ClearAway(_Command, frozen=True, kw_only=True, tag="clear"):
    """The person says that the alert is over."""

    alert_id: Name
    by: Name
    reason: Reason


ALERT_COMMAND_NAMES = ("assign", "shelve", "unshelve", "escalate", "clear")
AlertAct = Assign | Shelve | Unshelve | Escalate | ClearAway
ALERT_COMMANDS = (Assign, Shelve, Unshelve, Escalate, ClearAway)


def alert_command(
    command: AlertAct, time_utc_ns: int
) -> AssignAlert | ShelveAlert | UnshelveAlert | EscalateAlert | ClearAlert:
    """Return what the engine is asked."""
    alert_id, by = command.alert_id, command.by
    match command:
        case Assign():
            return AssignAlert(alert_id=alert_id, to=command.to, by=by, time_utc_ns=time_utc_ns)
        case Shelve():
            reason, for_s = command.reason, command.for_s
            return ShelveAlert(alert_id=alert_id, for_s=for_s, reason=reason, by=by, time_utc_ns=time_utc_ns)
        case Unshelve():
            return UnshelveAlert(alert_id=alert_id, by=by, time_utc_ns=time_utc_ns)
        case Escalate():
            return EscalateAlert(alert_id=alert_id, reason=command.reason, by=by, time_utc_ns=time_utc_ns)
        case ClearAway():
            return ClearAlert(alert_id=alert_id, reason=command.reason, by=by, time_utc_ns=time_utc_ns)
