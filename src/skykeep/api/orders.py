"""What people decide and tell, between the console's words and the engine's nouns."""

from __future__ import annotations

from skykeep.api import commands as c
from skykeep.api.alert_commands import ALERT_COMMANDS, alert_command
from skykeep.api.duty import duty_command
from skykeep.api.order_messages import Orders, OrderView
from skykeep.api.proof import NobodyProven, Proofs
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
    ProposalCommand,
    ProposeResponse,
    RefuseResponse,
    RenameTrack,
    TrackCommand,
    WithdrawApproval,
    WithdrawProposal,
)
from skykeep.domain.orders import OrdersInForce


def decision_of(command: c.Decision, time_utc_ns: int, proofs: Proofs | None = None) -> Command:
    """Return what the engine is asked; InputError where a command contradicts itself, or where an act on a
    proposal is not proven to be its person's.
    """
    by = command.by
    if isinstance(command, c.DUTY_COMMANDS):
        return duty_command(command, time_utc_ns)
    if isinstance(command, c.ProposalAct):
        return proposal_command(command, time_utc_ns, (proofs or NobodyProven()).prove(by, command.proof))
    match command:
        case c.Acknowledge():
            return AcknowledgeAlert(alert_id=command.alert_id, by=by, time_utc_ns=time_utc_ns)
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


def proposal_command(command: c.ProposalAct, time_utc_ns: int, proven_by: str) -> ProposalCommand:
    """Return what the engine is asked by a person who was proven to be who they say."""
    by = command.by
    match command:
        case c.Propose():
            return ProposeResponse(alert_id=command.alert_id, by=by, time_utc_ns=time_utc_ns)
        case c.Approve():
            return ApproveResponse(
                proposal_id=command.proposal_id,
                option_id=command.option_id,
                by=by,
                time_utc_ns=time_utc_ns,
                terms_sha256=command.terms_sha256,
                approval_id=command.approval_id,
                proven_by=proven_by,
            )
    proposal, reason = command.proposal_id, command.reason
    match command:
        case c.Refuse():
            return RefuseResponse(proposal_id=proposal, by=by, reason=reason, time_utc_ns=time_utc_ns)
        case c.Withdraw():
            return WithdrawProposal(proposal_id=proposal, by=by, reason=reason, time_utc_ns=time_utc_ns)
        case c.TakeBack():
            return WithdrawApproval(proposal_id=proposal, by=by, reason=reason, time_utc_ns=time_utc_ns)


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
