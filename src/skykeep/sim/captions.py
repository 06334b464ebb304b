"""Narration: calm lines for somebody who watches, at their times or when something happens.

What may happen, for the key `on`: `alert`, `proposal`, `approval`, `carried_out`, `fell`, `landed`,
`returned`, `flew_on`, `report`, `breach`, `over`. `count` = 2 is the second time it happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from skykeep.base.clock import seconds_to_ns
from skykeep.domain.response import Alert, EffectOutcome, Proposal, ProposalState
from skykeep.domain.sensing import Report
from skykeep.sim.scenario import Scenario

HAPPENINGS = (
    "alert",
    "proposal",
    "approval",
    "carried_out",
    "fell",
    "landed",
    "returned",
    "flew_on",
    "report",
    "breach",
    "over",
)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of narration, from this moment until the next."""

    time_utc_ns: int
    text: str


class Narrator:
    """Tells the night as it goes; each line once."""

    def __init__(self, scenario: Scenario, start_utc_ns: int) -> None:
        self._timed = sorted(
            (start_utc_ns + seconds_to_ns(plan.at_s), plan.says)
            for plan in scenario.captions
            if plan.at_s is not None
        )
        self._on = {(plan.on, plan.count): plan.says for plan in scenario.captions if plan.on}
        self._seen: dict[str, set[str]] = {happening: set() for happening in HAPPENINGS}

    def tell(
        self,
        time_utc_ns: int,
        *,
        alerts: Iterable[Alert] = (),
        proposals: Iterable[Proposal] = (),
        outcomes: Iterable[EffectOutcome] = (),
        reports: Iterable[Report] = (),
        breached: bool = False,
        over: bool = False,
    ) -> list[Line]:
        """Return the lines that have come due by now; what is given may be new or known already."""
        lines: list[Line] = []
        while self._timed and self._timed[0][0] <= time_utc_ns:
            due_utc_ns, text = self._timed.pop(0)
            lines.append(Line(time_utc_ns=due_utc_ns, text=text))
        happened = [("alert", alert.alert_id) for alert in alerts]
        for proposal in proposals:
            happened.append(("proposal", proposal.proposal_id))
            happened += [("approval", f"{proposal.proposal_id} {i}") for i in range(len(proposal.approvals))]
            if proposal.state is ProposalState.CARRIED_OUT:
                happened.append(("carried_out", proposal.proposal_id))
        happened += [(outcome.result, outcome.order_id) for outcome in outcomes]
        happened += [("report", f"{report.sensor_id} {report.sequence}") for report in reports]
        happened += [("breach", "")] * breached + [("over", "")] * over
        for what, which in happened:
            seen = self._seen.setdefault(what, set())
            if which not in seen:
                seen.add(which)
                text_or_none = self._on.get((what, len(seen)))
                if text_or_none is not None:
                    lines.append(Line(time_utc_ns=time_utc_ns, text=text_or_none))
        return lines


def captions(
    scenario: Scenario,
    start_utc_ns: int,
    *,
    alerts: Sequence[Alert] = (),
    outcomes: Sequence[EffectOutcome] = (),
    reports: Sequence[Report] = (),
) -> list[Line]:
    """Return the lines of a night that is over, in order of time, from what can be dated afterwards."""
    narrator = Narrator(scenario, start_utc_ns)
    moments: list[tuple[int, str, Alert | EffectOutcome | Report]] = []
    moments += [(alert.raised_utc_ns, alert.alert_id, alert) for alert in alerts]
    moments += [(outcome.time_utc_ns, outcome.order_id, outcome) for outcome in outcomes]
    moments += [(report.received_utc_ns, report.sensor_id, report) for report in reports]
    lines: list[Line] = []
    for time_utc_ns, _, moment in sorted(moments, key=lambda item: item[:2]):
        lines += narrator.tell(
            time_utc_ns,
            alerts=[moment] if isinstance(moment, Alert) else [],
            outcomes=[moment] if isinstance(moment, EffectOutcome) else [],
            reports=[moment] if isinstance(moment, Report) else [],
        )
    end_utc_ns = start_utc_ns + seconds_to_ns(scenario.night.duration_s)
    lines += narrator.tell(max([end_utc_ns, *(time for time, _, _ in moments)]), over=True)
    return lines
