"""What people do with an alert: acknowledge, assign, shelve, take it off the shelf, escalate, clear."""

from __future__ import annotations

import math
from typing import Any

from skykeep.base.clock import iso_utc, ns_to_seconds, seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.commands import (
    AcknowledgeAlert,
    AlertCommand,
    AssignAlert,
    ClearAlert,
    EscalateAlert,
    ShelveAlert,
    UnshelveAlert,
)
from skykeep.domain.response import Alert, AlertState
from skykeep.domain.rules import AlertRules, EscalationStep
from skykeep.domain.site import Site
from skykeep.response.case import Life

UNHEARD = (AlertState.RAISED, AlertState.ESCALATED)


def act(
    case: Life, command: AlertCommand, site: Site, rules: AlertRules, rungs: list[EscalationStep]
) -> None:
    """Carry out what a person asks of an open alert; InputError says what stands in the way."""
    now_utc_ns = max(case.alert.changed_utc_ns, command.time_utc_ns)
    match command:
        case AcknowledgeAlert():
            _acknowledge(case, command, now_utc_ns)
        case AssignAlert():
            _assign(case, command, now_utc_ns, site)
        case ShelveAlert():
            _shelve(case, command, now_utc_ns, rules)
        case UnshelveAlert():
            _unshelve(case, command, now_utc_ns)
        case EscalateAlert():
            _escalate(case, command, now_utc_ns, rungs)
        case ClearAlert():
            _clear(case, command, now_utc_ns)


def ladder(site: Site, rules: AlertRules, every_s: float) -> list[EscalationStep]:
    """Return who is told, one after the other: as the rules say, else the roles of those who may approve."""
    if rules.escalation:
        return list(rules.escalation)
    roles = list(dict.fromkeys(person.role for person in site.people if person.may_approve)) or [""]
    return [EscalationStep(role=role, after_s=every_s * rung) for rung, role in enumerate(roles, 1)]


def pass_upwards(case: Life, rung: EscalationStep, now_utc_ns: int, because: str, by: str = "") -> None:
    """Tell the next role above; `because` is a sentence."""
    told = f" The {rung.role} is told." if rung.role else ""
    case.rung += 1
    case.step(
        AlertState.ESCALATED,
        now_utc_ns,
        because + told,
        by,
        escalation_level=case.alert.escalation_level + 1,
        escalated_to=rung.role,
        acknowledged_by="",
        **OFF_THE_SHELF,
    )
    case.note(because + told)


def escalate_unheard(case: Life, rungs: list[EscalationStep], now_utc_ns: int, late: float = 1.0) -> bool:
    """Tell the next above where nobody has heard it for `late` times as long as the ladder says; return
    whether somebody was told.
    """
    if case.alert.state not in UNHEARD or case.rung >= len(rungs):
        return False
    waited_s = unheard_s(case, now_utc_ns)
    if waited_s < rungs[case.rung].after_s * late:
        return False
    says = f"Nobody acknowledged this alert for {waited_s:.0f} s."
    pass_upwards(case, rungs[case.rung], now_utc_ns, says)
    return True


def raise_again(case: Life, now_utc_ns: int, because: str) -> None:
    """What somebody has heard or put aside needs their ear again; `because` is a sentence."""
    case.step(
        AlertState.RAISED,
        now_utc_ns,
        because,
        came_back=case.alert.came_back + 1,
        acknowledged_by="",
        **OFF_THE_SHELF,
    )
    case.note(because)
    case.heard = None
    case.unheard_since_utc_ns, case.rung = now_utc_ns, 0


def back_from_the_shelf(case: Life, now_utc_ns: int, worse: str) -> str:
    """Return why what is shelved comes back now, as a sentence, or "" while it need not."""
    alert = case.alert
    put = f"{alert.shelved_by} shelved it: {full_stop(alert.shelved_because)}"
    if alert.shelved_until_utc_ns is not None and now_utc_ns >= alert.shelved_until_utc_ns:
        return f"Its time on the shelf is over. {put}"
    return f"Back from the shelf early. {worse} {put}" if worse else ""


OFF_THE_SHELF: dict[str, Any] = {"shelved_by": "", "shelved_because": "", "shelved_until_utc_ns": None}


def _acknowledge(case: Life, command: AcknowledgeAlert, now_utc_ns: int) -> None:
    alert = case.alert
    if alert.state not in UNHEARD:
        raise InputError("alert_id", _as_it_is(alert), "an alert that nobody has acknowledged")
    _hear(case, now_utc_ns, command.by)
    case.step(AlertState.ACKNOWLEDGED, now_utc_ns, f"{command.by} acknowledged it.", command.by)


def _assign(case: Life, command: AssignAlert, now_utc_ns: int, site: Site) -> None:
    alert = case.alert
    if not any(person.person_id == command.to for person in site.people):
        raise InputError("to", repr(command.to), "a person on duty at this site")
    if alert.assigned_to == command.to and alert.state is AlertState.ASSIGNED:
        raise InputError("to", f"{command.to}, who has it already", "another person")
    says = f"{command.by} assigned it to {command.to}."
    _hear(case, now_utc_ns, command.by)
    case.step(AlertState.ASSIGNED, now_utc_ns, says, command.by, assigned_to=command.to, **OFF_THE_SHELF)
    case.note(says)


def _shelve(case: Life, command: ShelveAlert, now_utc_ns: int, rules: AlertRules) -> None:
    if case.alert.state is AlertState.SHELVED:
        raise InputError("alert_id", _as_it_is(case.alert), "an alert that is not shelved")
    if not math.isfinite(command.for_s) or not 0.0 < command.for_s <= rules.most_shelf_s:
        raise InputError("for_s", f"{command.for_s:g}", f"more than 0 and at most {rules.most_shelf_s:g}")
    reason = in_words(command.reason)
    says = f"{command.by} shelved it for {command.for_s:.0f} s: {reason}"
    _hear(case, now_utc_ns, command.by)
    case.step(
        AlertState.SHELVED,
        now_utc_ns,
        says,
        command.by,
        shelved_by=command.by,
        shelved_because=command.reason.strip(),
        shelved_until_utc_ns=now_utc_ns + seconds_to_ns(command.for_s),
    )
    case.note(says)


def _unshelve(case: Life, command: UnshelveAlert, now_utc_ns: int) -> None:
    alert = case.alert
    if alert.state is not AlertState.SHELVED:
        raise InputError("alert_id", _as_it_is(alert), "an alert that is shelved")
    says = f"{command.by} took it off the shelf."
    state = AlertState.ASSIGNED if alert.assigned_to else AlertState.ACKNOWLEDGED
    _hear(case, now_utc_ns, command.by)
    case.step(state, now_utc_ns, says, command.by, **OFF_THE_SHELF)
    case.note(says)


def _escalate(case: Life, command: EscalateAlert, now_utc_ns: int, rungs: list[EscalationStep]) -> None:
    reason = in_words(command.reason)
    if case.rung >= len(rungs):
        top = case.alert.escalated_to or "all there are"
        raise InputError("alert_id", f"{case.alert.alert_id}, told to {top}", "an alert with somebody above")
    pass_upwards(case, rungs[case.rung], now_utc_ns, f"{command.by} escalated it: {reason}", command.by)
    # The next above is told only after this one has had their time.
    waited_ns = seconds_to_ns(rungs[case.rung - 1].after_s)
    case.unheard_since_utc_ns = now_utc_ns - waited_ns


def _clear(case: Life, command: ClearAlert, now_utc_ns: int) -> None:
    if case.order_open:
        found = f"{case.alert.alert_id}, on which an effect was ordered"
        raise InputError("alert_id", found, "an alert with no order under way")
    reason = in_words(command.reason)
    # As it was when they said so: it is not raised again for no more than that.
    case.listen(now_utc_ns, command.by)
    says = f"{command.by} cleared it: {reason}"
    case.step(
        AlertState.CLEARED,
        now_utc_ns,
        says,
        command.by,
        cleared_because=says,
        cleared_by=command.by,
        **OFF_THE_SHELF,
    )


def _hear(case: Life, now_utc_ns: int, by: str) -> None:
    case.change(acknowledged_by=by, acknowledged_utc_ns=now_utc_ns)
    case.listen(now_utc_ns, by)


def _as_it_is(alert: Alert) -> str:
    """Return e.g. `alert-0001, acknowledged by op`."""
    match alert.state:
        case AlertState.ASSIGNED:
            how = f"assigned to {alert.assigned_to}"
        case AlertState.SHELVED:
            until = (
                "" if alert.shelved_until_utc_ns is None else f" until {iso_utc(alert.shelved_until_utc_ns)}"
            )
            how = f"shelved by {alert.shelved_by}{until}"
        case AlertState.ACKNOWLEDGED:
            how = f"acknowledged by {alert.acknowledged_by}"
        case _:
            how = f"which is {alert.state}"
    return f"{alert.alert_id}, {how}"


def in_words(reason: str) -> str:
    """Return a reason as a sentence; InputError where there is none."""
    if not reason.strip():
        raise InputError("reason", repr(reason), "a reason in words")
    return full_stop(reason.strip())


def full_stop(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."


def unheard_s(case: Life, now_utc_ns: int) -> float:
    """Return for how long it has waited for somebody's ear."""
    return ns_to_seconds(now_utc_ns - case.unheard_since_utc_ns)
