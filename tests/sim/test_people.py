"""Scripted people: in their own time, by their role, and two different ones for a yes."""

from __future__ import annotations

import msgspec
import pytest

from skykeep.base.clock import NS_PER_S
from skykeep.domain.commands import AcknowledgeAlert, ApproveResponse, Command, CompleteTask
from skykeep.domain.response import (
    Alert,
    AlertState,
    Approval,
    DebrisFootprint,
    EffectLayer,
    EffectOption,
    Proposal,
    ProposalState,
    Task,
    TaskState,
)
from skykeep.domain.site import Site
from skykeep.sim import Scenario, ScriptedPeople, SimulatedNight
from skykeep.sim.world.model import World

START_NS = 1_935_540_600 * NS_PER_S

ALERT = Alert(
    alert_id="alert-1",
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
TASK = Task(
    task_id="task-1",
    alert_id="alert-1",
    text="-",
    owner_role="guard leader",
    due_utc_ns=START_NS + 60 * NS_PER_S,
    state=TaskState.OPEN,
)


@pytest.fixture(scope="module")
def site(scenario: Scenario, world: World) -> Site:
    return SimulatedNight(scenario, 1, world).site


def option(layer: EffectLayer, persons: float) -> EffectOption:
    return EffectOption(
        option_id=layer.value,
        name="-",
        layer=layer,
        says="-",
        success_probability=0.8,
        delay_s=5.0,
        debris=DebrisFootprint(
            track_id=4, time_utc_ns=START_NS, impact_enu_m=(0.0, 0.0), contours=(), persons_expected=persons
        ),
    )


def proposal(proposal_id: str = "proposal-1", soft: float = 0.0, hard: float = 0.0) -> Proposal:
    return Proposal(
        proposal_id=proposal_id,
        alert_id="alert-1",
        track_id=4,
        state=ProposalState.PROPOSED,
        proposed_utc_ns=START_NS,
        expires_utc_ns=START_NS + 45 * NS_PER_S,
        if_nothing="-",
        options=(option(EffectLayer.HARD, hard), option(EffectLayer.SOFT, soft)),
        approvals=(),
        approvals_needed=2,
        authority="-",
    )


def approved(proposal: Proposal, command: ApproveResponse) -> Proposal:
    approval = Approval(by=command.by, role="-", option_id=command.option_id, time_utc_ns=command.time_utc_ns)
    return msgspec.structs.replace(proposal, approvals=(*proposal.approvals, approval))


def wait_for(
    people: ScriptedPeople,
    alerts: tuple[Alert, ...] = (),
    tasks: tuple[Task, ...] = (),
    proposals: tuple[Proposal, ...] = (),
    from_s: float = 0.0,
    patience_s: float = 120.0,
) -> tuple[Command, float] | None:
    """Return the first thing that people do, and when."""
    for step in range(int(2 * patience_s)):
        time_s = from_s + 0.5 * step
        commands = people.react(START_NS + round(time_s * NS_PER_S), alerts, tasks, proposals)
        if commands:
            assert len(commands) == 1
            assert commands[0].time_utc_ns == START_NS + round(time_s * NS_PER_S)
            return commands[0], time_s
    return None


def test_an_alert_is_acknowledged_once_after_some_seconds(scenario: Scenario, site: Site) -> None:
    people = ScriptedPeople(scenario, 1, site)
    first = wait_for(people, alerts=(ALERT,))
    assert first is not None
    command, time_s = first
    assert isinstance(command, AcknowledgeAlert)
    assert command.by == "duty-officer"
    assert 1.0 <= time_s <= 12.0
    assert wait_for(people, alerts=(ALERT,), from_s=time_s) is None


def test_a_task_is_done_by_whose_role_it_is(scenario: Scenario, site: Site) -> None:
    done = wait_for(ScriptedPeople(scenario, 1, site), tasks=(TASK,))
    assert done is not None
    assert isinstance(done[0], CompleteTask)
    assert done[0].by == "guard-leader"


def test_two_different_people_approve_the_same_gentle_option(scenario: Scenario, site: Site) -> None:
    firsts = set()
    for seed in range(12):
        people = ScriptedPeople(scenario, seed, site)
        waiting = proposal()
        first = wait_for(people, proposals=(waiting,))
        assert first is not None
        assert isinstance(first[0], ApproveResponse)
        waiting = approved(waiting, first[0])
        second = wait_for(people, proposals=(waiting,), from_s=first[1])
        assert second is not None
        assert isinstance(second[0], ApproveResponse)
        assert {first[0].by, second[0].by} == {"commander", "legal-adviser"}
        assert first[0].option_id == second[0].option_id == "soft"
        assert second[1] > first[1]
        assert wait_for(people, proposals=(approved(waiting, second[0]),), from_s=second[1]) is None
        firsts.add(first[0].by)
    assert len(firsts) == 2


CHOICES = {
    "soft before hard": ((0.0, 0.0), False, "soft"),
    "hard after soft was tried": ((0.0, 0.0), True, "hard"),
    "too many persons under the hard one": ((0.01, 3.0), True, "soft"),
    "fewest persons where both are many": ((3.0, 1.0), False, "hard"),
}


@pytest.mark.parametrize("story", CHOICES)
def test_which_option_they_choose(story: str, scenario: Scenario, site: Site) -> None:
    (soft, hard), tried, chosen = CHOICES[story]
    people = ScriptedPeople(scenario, 1, site)
    if tried:
        assert wait_for(people, proposals=(proposal("proposal-0"),)) is not None
    found = wait_for(people, proposals=(proposal("proposal-1", soft, hard),))
    assert found is not None
    assert isinstance(found[0], ApproveResponse)
    assert found[0].option_id == chosen


def test_lapsed_approvals_are_thought_over_again(scenario: Scenario, site: Site) -> None:
    people = ScriptedPeople(scenario, 1, site)
    waiting = proposal()
    first = wait_for(people, proposals=(waiting,))
    assert first is not None
    assert isinstance(first[0], ApproveResponse)
    people.react(START_NS + round(first[1] * NS_PER_S), (), (), (approved(waiting, first[0]),))
    again = wait_for(people, proposals=(waiting,), from_s=first[1])
    assert again is not None
    assert again[1] > first[1]


def test_what_is_settled_is_left_alone(scenario: Scenario, site: Site) -> None:
    people = ScriptedPeople(scenario, 1, site)
    cleared = msgspec.structs.replace(ALERT, state=AlertState.CLEARED)
    expired = msgspec.structs.replace(proposal(), state=ProposalState.EXPIRED)
    done = msgspec.structs.replace(TASK, state=TaskState.DONE)
    assert wait_for(people, (cleared,), (done,), (expired,)) is None


def test_the_same_seed_reacts_at_the_same_moments(scenario: Scenario, site: Site) -> None:
    def moments(seed: int) -> list[float]:
        people = ScriptedPeople(scenario, seed, site)
        found = [
            wait_for(people, alerts=(msgspec.structs.replace(ALERT, alert_id=f"a{i}"),)) for i in range(6)
        ]
        return [moment[1] for moment in found if moment is not None]

    assert moments(3) == moments(3)
    assert moments(3) != moments(4)
