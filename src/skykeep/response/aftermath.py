"""What is left to do once an effect has had its outcome: somebody must go where it came down.

The alert on the flight is over then; this is another one. It lives as alerts do (`alerts_acts`): raised with
the outcome, passed up the same ladder while nobody hears it, given to somebody. But it is never put aside,
and it ends only when a person says so and why: what lies on the ground does not clear itself. What flew on is
still a threat, and that is its first alert's business: `flew_on_says` is the sentence with which those are
told who decide.
"""

from __future__ import annotations

import math

import msgspec

from skykeep.base.errors import InputError
from skykeep.domain.commands import AlertCommand, ShelveAlert, UnshelveAlert
from skykeep.domain.place import Asset
from skykeep.domain.posture import PostureLevel
from skykeep.domain.response import Alert, AlertState, AlertStep, EffectOutcome
from skykeep.domain.rules import EscalationStep, ResponseRules
from skykeep.domain.site import Site
from skykeep.response.alerts_acts import act, escalate_unheard, ladder
from skykeep.response.case import Life
from skykeep.response.rules import ENDS_FLIGHT
from skykeep.response.words import Words

PREFIX = "aftermath-"
PRIORITY = 0.5
_POINTS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")


class AftermathBook:
    """The alerts about what came down."""

    def __init__(self, site: Site, words: Words, rules: ResponseRules) -> None:
        self._site, self._words, self._rules = site, words, rules
        self._level = PostureLevel(level=0, name="routine")
        self._lives: dict[str, Life] = {}

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Open ones first, each the latest first."""
        latest = [life.alert for life in reversed(self._lives.values())]
        return tuple(sorted(latest, key=lambda alert: alert.state is AlertState.CLEARED))

    def posture(self, level: PostureLevel) -> None:
        """Pass upwards after `escalate_factor` times as long from the next look on."""
        self._level = level

    def take_rules(self, rules: ResponseRules) -> None:
        """Go by another ladder from now on."""
        self._rules = rules

    def hear(self, outcome: EffectOutcome, flight: Alert, now_utc_ns: int) -> Alert | None:
        """Raise an alert for what came down; `flight` is the alert on it. None where nothing did."""
        if outcome.result not in ENDS_FLIGHT:
            return None
        asset = self._words.asset(flight.asset_id)
        where = came_down_at(outcome, asset)
        raised = AlertStep(time_utc_ns=now_utc_ns, state=AlertState.RAISED, by="", because="By the rules.")
        alert = Alert(
            alert_id=f"{PREFIX}{len(self._lives) + 1:04d}",
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
            history=(raised,),
        )
        self._lives[alert.alert_id] = Life(alert)
        return alert

    def look(self, now_utc_ns: int) -> list[Alert]:
        """Pass upwards what nobody has heard; return what changed."""
        rungs, late = self._ladder(), self._level.escalate_factor
        lives = list(self._lives.values())
        return [life.alert for life in lives if escalate_unheard(life, rungs, now_utc_ns, late)]

    def command(self, command: AlertCommand, now_utc_ns: int) -> Alert:
        """Do what a person on duty asks; InputError says which field stands in the way, and why."""
        life = self._lives.get(command.alert_id)
        if life is None or life.alert.state is AlertState.CLEARED:
            found = f"{command.alert_id}, which was cleared" if life else repr(command.alert_id)
            raise InputError("alert_id", found, "an open alert")
        if isinstance(command, ShelveAlert | UnshelveAlert):
            found = f"{type(command).__name__} of {command.alert_id}"
            raise InputError("command", found, "another: what lies there does not wait")
        command = msgspec.structs.replace(command, time_utc_ns=max(now_utc_ns, command.time_utc_ns))
        act(life, command, self._site, self._rules.alerts, self._ladder())
        return life.alert

    def _ladder(self) -> list[EscalationStep]:
        return ladder(self._site, self._rules.alerts, self._rules.escalate_after_s)


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
