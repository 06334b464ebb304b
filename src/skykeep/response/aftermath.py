"""What is left to do once an effect has had its outcome: somebody must go where it came down.

The alert on the flight is over then; this is another one, of its own life. It is raised with the outcome,
passed upwards while nobody hears it, given to somebody, and ends only when a person says so and why: what
lies on the ground does not clear itself. What flew on is still a threat, and that is its first alert's
business: `flew_on_says` is the sentence with which those are told who decide.
"""

from __future__ import annotations

import math

import msgspec

from skykeep.base.clock import iso_utc, ns_to_seconds
from skykeep.base.errors import InputError
from skykeep.domain.commands import (
    AcknowledgeAlert,
    AlertCommand,
    AssignAlert,
    ClearAlert,
    EscalateAlert,
)
from skykeep.domain.place import Asset
from skykeep.domain.response import Alert, AlertState, EffectOutcome
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Site
from skykeep.response.rules import ENDS_FLIGHT
from skykeep.response.words import Words

PREFIX = "aftermath-"
PRIORITY = 0.5
_POINTS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
_UNHEARD = (AlertState.RAISED, AlertState.ESCALATED)


class AftermathBook:
    """The alerts about what came down."""

    def __init__(self, site: Site, words: Words, rules: ResponseRules) -> None:
        self._words, self._rules = words, rules
        self._people = {person.person_id for person in site.people}
        self._upwards = [person.role for person in site.people if person.may_approve]
        self._alerts: dict[str, Alert] = {}

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Open ones first, each the latest first."""
        latest = tuple(reversed(self._alerts.values()))
        opened = tuple(alert for alert in latest if alert.state is not AlertState.CLEARED)
        return opened + tuple(alert for alert in latest if alert.state is AlertState.CLEARED)

    def hear(self, outcome: EffectOutcome, flight: Alert, now_utc_ns: int) -> Alert | None:
        """Raise an alert for what came down; `flight` is the alert on it. None where nothing did."""
        if outcome.result not in ENDS_FLIGHT:
            return None
        asset = self._words.asset(flight.asset_id)
        where = came_down_at(outcome, asset)
        raised = Alert(
            alert_id=f"{PREFIX}{len(self._alerts) + 1:04d}",
            state=AlertState.RAISED,
            title=f"Came down {where}: send somebody",
            track_ids=flight.track_ids,
            asset_id=flight.asset_id,
            priority=PRIORITY,
            raised_utc_ns=now_utc_ns,
            changed_utc_ns=now_utc_ns,
            breach=None,
            grounds=(
                f"{self._words.track(flight.track_ids[-1]).capitalize()} of {flight.alert_id} "
                f"came down {where} (simulated). {outcome.says}",
                "It may carry something. Keep people away until it has been looked at.",
                "Ask whether anybody was met, and keep what lies there as evidence.",
            ),
        )
        return self._keep(raised)

    def look(self, now_utc_ns: int) -> list[Alert]:
        """Pass upwards what nobody has heard; return what changed."""
        changed = []
        for alert in self._alerts.values():
            level = alert.escalation_level
            due = (
                ns_to_seconds(now_utc_ns - alert.raised_utc_ns) >= (level + 1) * self._rules.escalate_after_s
            )
            if alert.state in _UNHEARD and due and level < len(self._upwards):
                changed.append(
                    self._change(
                        alert,
                        now_utc_ns,
                        f"Nobody has heard it: told to {self._upwards[level]}.",
                        state=AlertState.ESCALATED,
                        escalation_level=level + 1,
                        escalated_to=self._upwards[level],
                    )
                )
        return changed

    def command(self, command: AlertCommand, now_utc_ns: int) -> Alert:
        """Do what a person on duty asks; InputError says which field stands in the way, and why."""
        alert = self._alerts.get(command.alert_id)
        if alert is None or alert.state is AlertState.CLEARED:
            raise InputError("alert_id", repr(command.alert_id), "an open alert")
        time_utc_ns = max(now_utc_ns, command.time_utc_ns)
        if isinstance(command, AcknowledgeAlert):
            if alert.state not in _UNHEARD:
                raise InputError("alert_id", f"{alert.alert_id}, which is {alert.state}", "one not heard yet")
            return self._change(
                alert,
                time_utc_ns,
                f"{command.by} has heard it.",
                state=AlertState.ACKNOWLEDGED,
                acknowledged_by=command.by,
                acknowledged_utc_ns=time_utc_ns,
            )
        if isinstance(command, AssignAlert):
            if alert.state is AlertState.RAISED:
                raise InputError(
                    "alert_id", f"{alert.alert_id}, which nobody has heard", "acknowledged first"
                )
            if command.to not in self._people:
                raise InputError("to", repr(command.to), "a person on duty at this site")
            return self._change(
                alert,
                time_utc_ns,
                f"{command.by} sends {command.to}.",
                state=AlertState.ASSIGNED,
                assigned_to=command.to,
                # Whoever sends somebody has heard it.
                acknowledged_by=alert.acknowledged_by or command.by,
            )
        if isinstance(command, ClearAlert):
            if not command.reason.strip():
                raise InputError("reason", repr(command.reason), "a reason in words")
            because = f"{command.by}: {command.reason.strip()}"
            return self._change(
                alert,
                time_utc_ns,
                f"Over. {because}",
                state=AlertState.CLEARED,
                cleared_because=because,
                cleared_by=command.by,
            )
        if isinstance(command, EscalateAlert) and alert.state is not AlertState.ESCALATED:
            return self._change(
                alert, time_utc_ns, f"{command.by} passed it upwards.", state=AlertState.ESCALATED
            )
        found = f"{type(command).__name__} of {alert.alert_id}, which is {alert.state}"
        raise InputError("command", found, "to acknowledge, assign or clear: what lies there does not wait")

    def _change(self, alert: Alert, time_utc_ns: int, note: str, **fields: object) -> Alert:
        said = f"{iso_utc(time_utc_ns)[11:19]} {note}"
        return self._keep(
            msgspec.structs.replace(alert, changed_utc_ns=time_utc_ns, notes=(*alert.notes, said), **fields)
        )

    def _keep(self, alert: Alert) -> Alert:
        self._alerts[alert.alert_id] = alert
        return alert


def came_down_at(outcome: EffectOutcome, asset: Asset | None) -> str:
    """Return e.g. `120 m north-east of the Residence`, in the words that one says on the telephone."""
    if outcome.place_enu_m is None:
        return "where nobody saw it"
    east_m, north_m, _ = outcome.place_enu_m
    if asset is None:
        return f"{east_m:.0f} m east and {north_m:.0f} m north of the middle of the map"
    east_m, north_m = east_m - asset.position_enu_m[0], north_m - asset.position_enu_m[1]
    away_m = math.hypot(east_m, north_m)
    name = asset.name if asset.name.lower().startswith("the ") else f"the {asset.name}"
    if away_m < 15.0:
        return f"at {name}"
    point = _POINTS[round(math.degrees(math.atan2(east_m, north_m)) / 45.0) % 8]
    return f"{10 * round(away_m / 10.0):.0f} m {point} of {name}"


def flew_on_says(option_name: str, asset_name: str) -> str:
    """Return the sentence that says that nothing came of an effect."""
    return f"It flew on after “{option_name}” (simulated): still a threat to {asset_name}."
