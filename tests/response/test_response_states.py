"""Whatever people and the sky do, in any order: no illegal step, no order without two people who agree."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from made_picture import made_picture
from skykeep.base.clock import seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.commands import (
    AcknowledgeAlert,
    ApproveResponse,
    CompleteTask,
    RefuseResponse,
    ResponseCommand,
)
from skykeep.domain.identity import Identification, Standing
from skykeep.domain.place import Asset, AssetKind, Person
from skykeep.domain.response import (
    AlarmRate,
    Alert,
    AlertState,
    EffectLayer,
    EffectOrder,
    EffectOutcome,
    Proposal,
    ProposalState,
    Task,
    TaskState,
)
from skykeep.domain.site import EffectTemplate, Playbook, Site, TaskTemplate
from skykeep.domain.threat import Factors, Interval, Threat
from skykeep.domain.track import Picture
from skykeep.geo.frames import LocalFrame
from skykeep.response import ResponseDesk, ResponseEvent

START_UTC_NS = 1_935_540_000_000_000_000
PEOPLE = ("ada", "ben", "cem", "op", "stranger")
MAY_APPROVE = ("ada", "ben", "cem")
OPTIONS = ("soft", "hard", "laser")
# What may follow what, written out here again on purpose: a slip in the desk's own table would show.
LEGAL_ALERT = {
    ("acknowledged", "escalated"),  # it flew on
    (None, "raised"),
    ("raised", "acknowledged"),
    ("raised", "escalated"),
    ("escalated", "acknowledged"),
    ("raised", "cleared"),
    ("escalated", "cleared"),
    ("acknowledged", "cleared"),
    ("acknowledged", "raised"),
}
LEGAL_PROPOSAL = {
    (None, "proposed"),
    ("proposed", "approved"),
    ("proposed", "refused"),
    ("proposed", "expired"),
    ("proposed", "withdrawn"),
    ("approved", "carried_out"),
}
LEGAL_TASK = {
    (None, "open"),
    ("open", "done"),
    ("open", "overdue"),
    ("open", "called_off"),
    ("overdue", "done"),
    ("overdue", "called_off"),
    ("called_off", "done"),
}


def _effect(option_id: str, layer: EffectLayer) -> EffectTemplate:
    return EffectTemplate(
        option_id=option_id,
        name=option_id,
        layer=layer,
        says="It acts.",
        success_probability=0.5,
        delay_s=3.0,
        max_range_m=3000.0,
    )


SITE = Site(
    site_id="site",
    name="Site",
    origin=LocalFrame(latitude_deg=0.0, longitude_deg=0.0, height_hae_m=0.0),
    assets=(
        Asset(
            asset_id="a",
            name="the House",
            kind=AssetKind.RESIDENCE,
            position_enu_m=(0.0, 0.0, 0.0),
            breach_radius_m=100.0,
            warning_radius_m=900.0,
        ),
    ),
    sensors=(),
    zones=(),
    permits=(),
    playbooks=(
        Playbook(
            playbook_id="p",
            asset_id="a",
            tasks=(TaskTemplate(text="Shelter", owner_role="staff", due_before_breach_s=20.0),),
            effects=(_effect("soft", EffectLayer.SOFT), _effect("hard", EffectLayer.HARD)),
            proposal_expires_s=20.0,
        ),
    ),
    people=tuple(
        Person(person_id=name, name=name, role="duty", may_approve=name in MAY_APPROVE)
        for name in PEOPLE[:-1]
    ),
)


class Desk(RuleBasedStateMachine):
    """Two tracks that come, go, turn harmless and turn back, and people who do anything at all."""

    site = SITE
    may_approve: tuple[str, ...] = MAY_APPROVE

    @initialize(asked=st.sampled_from([True, True, True, False]))
    def begin(self, asked: bool) -> None:
        self.desk = ResponseDesk(self.site)
        self.time_utc_ns = START_UTC_NS
        self.seen: dict[str, Alert | Task | Proposal] = {}
        self.orders: list[EffectOrder] = []
        self.yeses = 0
        self.place_m = {1: 500.0, 2: 900.0}
        self.priority = {1: 0.9, 2: 0.9}
        self.visible = {1: True, 2: True}
        if asked:
            # Most ways begin where people have been asked; left to chance few would come so far.
            for _ in range(4):
                self.look(1.0, True)
            self.acknowledge("op", 1)
            self.look(1.0, True)
            assert self.desk.proposals

    def take(self, events: tuple[ResponseEvent, ...]) -> None:
        """Check each record against the one it replaces."""
        for event in events:
            if isinstance(event, EffectOrder):
                self._take_order(event)
                continue
            if isinstance(event, AlarmRate):
                continue
            legal = LEGAL_ALERT
            if isinstance(event, Task):
                legal = LEGAL_TASK
            elif isinstance(event, Proposal):
                legal = LEGAL_PROPOSAL
                assert event.simulated is True
            before = self.seen.get(_key(event))
            assert before != event, "a record that did not change was sent again"
            was = before.state if before is not None else None
            assert was == event.state or (was, event.state.value) in legal
            self.seen[_key(event)] = event

    def _take_order(self, order: EffectOrder) -> None:
        proposal = self.seen[order.proposal_id]
        assert isinstance(proposal, Proposal)
        assert proposal.state is ProposalState.APPROVED
        assert order.simulated is True
        assert len({approval.by for approval in order.approvals}) >= 2
        assert all(approval.by in self.may_approve for approval in order.approvals)
        assert {approval.option_id for approval in order.approvals} == {proposal.chosen_option_id}
        assert all(
            proposal.proposed_utc_ns <= approval.time_utc_ns < proposal.expires_utc_ns
            for approval in order.approvals
        )
        assert order.proposal_id not in [given.proposal_id for given in self.orders]
        self.orders.append(order)

    def ask(self, command: ResponseCommand) -> bool:
        """Give a command; False when it was refused, and then nothing may have changed."""
        before = (self.desk.alerts, self.desk.tasks, self.desk.proposals)
        try:
            events = self.desk.command(command)
        except InputError as error:
            refused = error
        else:
            self.take(events)
            return True
        assert refused.field
        assert refused.found
        assert refused.must
        assert (self.desk.alerts, self.desk.tasks, self.desk.proposals) == before
        return False

    @rule(seconds=st.sampled_from([0.5, 1.0, 1.0, 5.0, 25.0, 70.0]), moves=st.booleans())
    def look(self, seconds: float, moves: bool) -> None:
        self.time_utc_ns += seconds_to_ns(seconds)
        here = [track_id for track_id in (1, 2) if self.visible[track_id]]
        for track_id in here:
            self.place_m[track_id] = max(20.0, self.place_m[track_id] - (10.0 * seconds if moves else 0.0))
        self.take(
            self.desk.update(
                self.time_utc_ns,
                self._picture(here),
                tuple(_multirotor(track_id) for track_id in here),
                (),
                tuple(self._threat(track_id) for track_id in here),
                np.full(len(here), 60.0),
            )
        )

    @rule(track_id=st.sampled_from([1, 2]), visible=st.booleans(), priority=st.sampled_from([0.1, 0.4, 0.9]))
    def sky_changes(self, track_id: int, visible: bool, priority: float) -> None:
        self.visible[track_id] = visible
        self.priority[track_id] = priority

    @rule(by=st.sampled_from(PEOPLE), number=st.integers(1, 3))
    def acknowledge(self, by: str, number: int) -> None:
        self.ask(AcknowledgeAlert(alert_id=f"alert-{number:04d}", by=by, time_utc_ns=self.time_utc_ns))

    @rule(
        by=st.sampled_from(PEOPLE),
        option_id=st.sampled_from(OPTIONS),
        number=st.integers(1, 4),
        newest=st.booleans(),
        off_s=st.sampled_from([0.0, 0.0, 0.2, 30.0, -30.0]),
    )
    def approve(self, by: str, option_id: str, number: int, newest: bool, off_s: float) -> None:
        proposals = self.desk.proposals
        proposal_id = proposals[0].proposal_id if newest and proposals else f"proposal-{number:04d}"
        before = next((p for p in proposals if p.proposal_id == proposal_id), None)
        time_utc_ns = self.time_utc_ns + seconds_to_ns(off_s)
        self.yeses += 1
        taken = self.ask(
            ApproveResponse(
                proposal_id=proposal_id,
                option_id=option_id,
                by=by,
                time_utc_ns=time_utc_ns,
                terms_sha256=before.terms_sha256 if before is not None else "",
                approval_id=f"yes-{self.yeses}",
                proven_by="token",
            )
        )
        may = (
            before is not None
            and before.state is ProposalState.PROPOSED
            and by in MAY_APPROVE
            and by not in [approval.by for approval in before.approvals]
            and option_id in [option.option_id for option in before.options]
            and all(approval.option_id == option_id for approval in before.approvals)
            and before.proposed_utc_ns <= time_utc_ns
            and max(time_utc_ns, self.time_utc_ns) < before.expires_utc_ns
        )
        assert taken == may

    @rule(by=st.sampled_from(MAY_APPROVE))
    def approve_in_good_order(self, by: str) -> None:
        self.approve(by, "soft", 1, True, 0.0)

    @rule(by=st.sampled_from(PEOPLE), number=st.integers(1, 4), reason=st.sampled_from(["", "Not now."]))
    def refuse(self, by: str, number: int, reason: str) -> None:
        self.ask(
            RefuseResponse(
                proposal_id=f"proposal-{number:04d}", by=by, reason=reason, time_utc_ns=self.time_utc_ns
            )
        )

    @rule(by=st.sampled_from(PEOPLE), number=st.integers(1, 2))
    def complete(self, by: str, number: int) -> None:
        self.ask(CompleteTask(task_id=f"task-{number:04d}", by=by, time_utc_ns=self.time_utc_ns))

    @rule(
        number=st.integers(1, 3),
        result=st.sampled_from(["fell", "landed", "returned", "flew_on", "exploded"]),
        simulated=st.sampled_from([True, True, True, False]),
    )
    def hear(self, number: int, result: str, simulated: bool) -> None:
        outcome = EffectOutcome(
            order_id=f"order-{number:04d}",
            time_utc_ns=self.time_utc_ns,
            result=result,
            says="So it went.",
            simulated=simulated,
        )
        try:
            self.take(self.desk.outcome(outcome))
        except InputError:
            return
        assert simulated
        assert outcome.order_id in [order.order_id for order in self.orders]

    @invariant()
    def nothing_clears_itself_silently(self) -> None:
        for alert in self.desk.alerts:
            assert (alert.state is AlertState.CLEARED) == bool(alert.cleared_because)
            assert (alert.state is AlertState.ACKNOWLEDGED) <= bool(alert.acknowledged_by)

    @invariant()
    def everything_shown_is_what_stands(self) -> None:
        """What people were last shown has the state that the desk holds."""
        standing: list[Alert | Task | Proposal] = [*self.desk.alerts, *self.desk.tasks, *self.desk.proposals]
        for record in standing:
            assert self.seen[_key(record)].state == record.state

    @invariant()
    def one_alert_per_track_and_one_proposal_per_alert(self) -> None:
        flying = [alert for alert in self.desk.alerts if not alert.alert_id.startswith("aftermath-")]
        opened = [alert.track_ids[-1] for alert in flying if alert.state is not AlertState.CLEARED]
        assert len(opened) == len(set(opened))
        asked = [p.alert_id for p in self.desk.proposals if p.state is ProposalState.PROPOSED]
        assert len(asked) == len(set(asked))

    @invariant()
    def what_is_done_has_a_name(self) -> None:
        assert all((task.state is TaskState.DONE) == bool(task.done_by) for task in self.desk.tasks)

    def _threat(self, track_id: int) -> Threat:
        left_s = max(0.0, (self.place_m[track_id] - 100.0) / 10.0)
        return Threat(
            track_id=track_id,
            asset_id="a",
            aims_probability=0.9,
            breach=Interval(low_s=0.8 * left_s, mid_s=left_s, high_s=1.2 * left_s + 4.0),
            worst_case_s=0.4 * left_s,
            closest_approach_m=0.0,
            closest_approach_s=left_s,
            company=(),
            priority=self.priority[track_id],
            factors=Factors(unauthorised=1.0, aims_at_asset=1.0, breach_before_response=1.0, consequence=1.0),
            grounds=("It comes closer.",),
        )

    def _picture(self, here: list[int]) -> Picture:
        return made_picture(
            self.time_utc_ns,
            here,
            [[self.place_m[track_id], 700.0 * (track_id - 1), 60.0, -10.0, 0.0, 0.0] for track_id in here],
            sigma_m=1.0,
            born_utc_ns=START_UTC_NS - seconds_to_ns(60.0),
        )


def _key(record: Alert | Task | Proposal) -> str:
    if isinstance(record, Alert):
        return record.alert_id
    return record.task_id if isinstance(record, Task) else record.proposal_id


def _multirotor(track_id: int) -> Identification:
    return Identification(
        track_id=track_id,
        class_probabilities=(0.9, 0.0, 0.05, 0.0, 0.05),
        standing=Standing.UNKNOWN,
        set_by="rules",
        claimed_id="",
        claims=(),
        evidence=(),
    )


Desk.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestDesk = Desk.TestCase
