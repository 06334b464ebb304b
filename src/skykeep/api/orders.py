"""What people decide and tell, between the console's words and the engine's nouns."""

from __future__ import annotations

from skykeep.api import commands as c
from skykeep.api.alert_commands import ALERT_COMMANDS, alert_command
from skykeep.api.duty import duty_command
from skykeep.api.order_messages import Orders, OrderView
from skykeep.base.errors import InputError
from skykeep.domain.commands import (
    AcknowledgeAlert,
    ApproveResponse,
    Command,
    CompleteTask,
    CorrelateTrack,
    DecorrelateTrack,
    GradeReport,
    LiftOrder,
    LiftQuarantine,
    RefuseResponse,
    RenameTrack,
    TrackCommand,
)
from skykeep.domain.orders import OrdersInForce


def decision_of(command: c.Decision, time_utc_ns: int) -> Command:
    """Return what the engine is asked; InputError where a command contradicts itself."""
    by = command.by
    if isinstance(command, c.DUTY_COMMANDS):
        return duty_command(command, time_utc_ns)
    match command:
        case c.Acknowledge():
            return AcknowledgeAlert(alert_id=command.alert_id, by=by, time_utc_ns=time_utc_ns)
        case c.Approve():
            proposal, option = command.proposal_id, command.option_id
            return ApproveResponse(proposal_id=proposal, option_id=option, by=by, time_utc_ns=time_utc_ns)
        case c.Refuse():
            proposal, reason = command.proposal_id, command.reason
            return RefuseResponse(proposal_id=proposal, by=by, reason=reason, time_utc_ns=time_utc_ns)
        case c.TaskDone():
            return CompleteTask(task_id=command.task_id, by=by, time_utc_ns=time_utc_ns)
        case c.UseAgain():
            source, reason = command.source_id, command.reason
            return LiftQuarantine(source_id=source, reason=reason, by=by, time_utc_ns=time_utc_ns)
        case c.Grade():
            return GradeReport(
                sensor_id=command.sensor_id,
                sequence=command.sequence,
                reliability=command.reliability,
                credibility=command.credibility,
                by=by,
                time_utc_ns=time_utc_ns,
            )
        case _ if isinstance(command, ALERT_COMMANDS):
            return alert_command(command, time_utc_ns)
        case _:
            return track_command(command, time_utc_ns)


def track_command(command: c.TrackOrder, time_utc_ns: int) -> TrackCommand:
    """Return what the engine is asked; InputError when a correlation names not one other thing."""
    match command:
        case c.Rename():
            return RenameTrack(
                track_id=command.track_id, name=command.name, by=command.by, time_utc_ns=time_utc_ns
            )
        case c.Lift():
            return LiftOrder(order_id=command.order_id, by=command.by, time_utc_ns=time_utc_ns)
    claimed_id = command.claimed_id.strip()
    if (command.other_track_id is None) == (not claimed_id):
        found = "neither" if not claimed_id else "both"
        raise InputError("other_track_id, claimed_id", found, "one of them")
    kind = CorrelateTrack if isinstance(command, c.Correlate) else DecorrelateTrack
    return kind(
        track_id=command.track_id,
        by=command.by,
        reason=command.reason,
        time_utc_ns=time_utc_ns,
        other_track_id=command.other_track_id,
        claimed_id=claimed_id,
    )


def orders_view(orders: OrdersInForce) -> Orders:
    """Return all that stands."""
    shown_as = {track_id: shown for track_id, shown, _ in orders.merged}
    return Orders(
        orders=tuple(
            OrderView(
                id=order.order_id,
                kind=order.kind.value,
                track_id=order.track_id,
                shown_track_id=shown_as.get(order.track_id, order.track_id),
                other_track_id=order.other_track_id,
                claimed_id=order.claimed_id or None,
                name=order.name or None,
                reason=order.reason or None,
                by=order.by,
                time_utc_ns=order.time_utc_ns,
                says=order.says,
            )
            for order in orders.standing
        ),
        names=orders.names,
    )
