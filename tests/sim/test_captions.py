"""Narration: each line once, at its time or when it happens."""

from __future__ import annotations

from typing import Any

from skykeep.base.clock import NS_PER_S
from skykeep.domain.response import Alert, AlertState, EffectOutcome, Proposal, ProposalState
from skykeep.sim import Narrator, Scenario, captions
from skykeep.sim.captions import HAPPENINGS

START_NS = 1_935_540_600 * NS_PER_S


def alert(alert_id: str) -> Alert:
    return Alert(
        alert_id=alert_id,
        state=AlertState.RAISED,
        title="-",
        track_ids=(4,),
        asset_id="residence",
        priority=0.9,
        raised_utc_ns=START_NS,
        changed_utc_ns=START_NS,
        breach=None,
        grounds=(),
    )


PROPOSAL = Proposal(
    proposal_id="proposal-1",
    alert_id="a",
    track_id=4,
    state=ProposalState.PROPOSED,
    proposed_utc_ns=START_NS,
    expires_utc_ns=START_NS + 45 * NS_PER_S,
    if_nothing="-",
    options=(),
    approvals=(),
    approvals_needed=2,
    authority="-",
)


def says(scenario: Scenario, on: str, count: int = 1) -> str:
    return next(plan.says for plan in scenario.captions if plan.on == on and plan.count == count)


def outcome(result: str, order_id: str = "order-1") -> EffectOutcome:
    return EffectOutcome(order_id=order_id, time_utc_ns=START_NS, result=result, says="-")


def test_timed_lines_come_at_their_time_and_once(scenario: Scenario) -> None:
    narrator = Narrator(scenario, START_NS)
    assert narrator.tell(START_NS) == []
    first = narrator.tell(START_NS + NS_PER_S)
    assert [line.time_utc_ns for line in first] == [START_NS + NS_PER_S // 2]
    assert narrator.tell(START_NS + NS_PER_S) == []


def test_lines_follow_what_happens_and_count(scenario: Scenario) -> None:
    narrator = Narrator(scenario, START_NS)

    def told(**what: Any) -> list[str]:
        return [line.text for line in narrator.tell(START_NS, **what)]

    assert told(alerts=[alert("a")]) == [says(scenario, "alert")]
    assert told(alerts=[alert("a")]) == []
    assert told(alerts=[alert("a"), alert("b")]) == [says(scenario, "alert", 2)]
    assert told(proposals=[PROPOSAL]) == [says(scenario, "proposal")]
    assert told(outcomes=[outcome("fell")]) == [says(scenario, "fell")]
    assert told(outcomes=[outcome("fell", "order-2")]) == []
    assert told(over=True) == [says(scenario, "over")]


def test_a_whole_night_told_afterwards_ends_with_its_last_line(scenario: Scenario) -> None:
    lines = captions(scenario, START_NS, alerts=[alert("a")], outcomes=[outcome("fell")])
    assert lines[-1].text == says(scenario, "over")
    assert len({line.text for line in lines}) == len(lines)


def test_every_line_of_the_night_can_come(scenario: Scenario) -> None:
    for plan in scenario.captions:
        assert (plan.at_s is None) != (plan.on == "")
        assert plan.on == "" or plan.on in HAPPENINGS
        # Calm: no shouting, and short enough to read in passing.
        assert "!" not in plan.says
        assert len(plan.says) < 130
