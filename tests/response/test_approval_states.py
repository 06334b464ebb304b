"""In any order of acts, times, persons, replays and alterations: no order without the full quorum of
different entitled persons on the terms that stand, before they expire; and whoever reads the log can tell.
"""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from response.test_response_states import SITE, Desk
from skykeep.base.clock import seconds_to_ns
from skykeep.domain.commands import (
    ApproveResponse,
    ProposalCommand,
    ProposeResponse,
    RefuseResponse,
    ResponseCommand,
    WithdrawApproval,
    WithdrawProposal,
)
from skykeep.domain.place import Person
from skykeep.domain.response import DebrisContour, DebrisFootprint, EffectLayer, EffectOrder, Proposal
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Quorum, Site
from skykeep.geo.terrain import Terrain
from skykeep.response import ResponseEvent, options
from skykeep.response.sighting import Sighting
from skykeep.response.verify import verify_order

TWIN = Person(person_id="ada2", name="Ada", role="duty", may_approve=True)
CHIEF = Person(person_id="chief", name="Chief", role="chief", may_approve=True)
ANYBODY = ("ada", "ada2", "ben", "cem", "chief", "op", "stranger", "machine")
QUORUM = Quorum(from_level=0, approvals_needed=2, roles=("chief",))


def square_below(
    sighting: Sighting,
    layer: EffectLayer,
    stop_utc_ns: int,
    site: Site,
    rules: ResponseRules,
    terrain: Terrain | None,
) -> DebrisFootprint:
    east_m, north_m, _ = sighting.position_at(stop_utc_ns)
    ring = tuple((east_m + x, north_m + y) for x, y in ((-9.0, -9.0), (9.0, -9.0), (9.0, 9.0), (-9.0, 9.0)))
    return DebrisFootprint(
        track_id=sighting.track_id,
        time_utc_ns=stop_utc_ns,
        impact_enu_m=(east_m, north_m),
        contours=(DebrisContour(percent=95, ring_enu_m=ring),),
        persons_expected=0.01,
    )


class Approvals(Desk):
    """The same sky, over a site where the chief must be among those who agree, and Ada is listed twice."""

    site = msgspec.structs.replace(
        SITE,
        people=(*SITE.people, TWIN, CHIEF),
        playbooks=(msgspec.structs.replace(SITE.playbooks[0], quorums=(QUORUM,)),),
    )

    may_approve = ("ada", "ada2", "ben", "cem", "chief")

    def __init__(self) -> None:
        super().__init__()
        # Where pieces fall is of no matter here, and takes most of the time.
        self._patch = pytest.MonkeyPatch()
        self._patch.setattr(options, "debris_footprint", square_below)
        self.told: list[Proposal | ProposalCommand] = []
        self.sent: list[ApproveResponse] = []

    def teardown(self) -> None:
        self._patch.undo()

    def ask(self, command: ResponseCommand) -> bool:
        if isinstance(command, ProposalCommand):
            self.told.append(command)
        return super().ask(command)

    def take(self, events: tuple[ResponseEvent, ...]) -> None:
        super().take(events)
        for event in events:
            if isinstance(event, Proposal):
                self.told.append(event)
            elif isinstance(event, EffectOrder):
                self.check(event)

    def check(self, order: EffectOrder) -> None:
        """An order is what it must be, the verifier says so, and would say otherwise of any other."""
        proposal = self.seen[order.proposal_id]
        assert isinstance(proposal, Proposal)
        names = {approval.by.removesuffix("2") for approval in order.approvals}
        assert len(names) == len(order.approvals) >= 2
        assert names <= {"ada", "ben", "cem", "chief"}
        assert "chief" in names
        assert proposal.proposed_by.removesuffix("2") not in names
        assert {approval.terms_sha256 for approval in order.approvals} == {proposal.terms_sha256}
        assert max(self.time_utc_ns, order.time_utc_ns) < proposal.expires_utc_ns
        used = [approval.approval_id for given in self.orders for approval in given.approvals]
        assert len(used) == len(set(used))

        checked = verify_order(order, self.site, self.told, simulated=False)
        assert checked.faults == ()
        last = next(i for i, told in reversed([*enumerate(self.told)]) if isinstance(told, ApproveResponse))
        without_last = [*self.told[:last], *self.told[last + 1 :]]
        assert not verify_order(order, self.site, without_last, simulated=False).is_right
        for changes in (
            {"approvals": order.approvals[:-1]},
            {"approvals": (order.approvals[0],) * 2},
            {"track_id": order.track_id + 1},
            {"time_utc_ns": proposal.expires_utc_ns},
            {"proposal_id": "proposal-9999"},
        ):
            other = msgspec.structs.replace(order, **changes)
            assert not verify_order(other, self.site, self.told, simulated=False).is_right

    @rule(
        by=st.sampled_from(ANYBODY),
        option_id=st.sampled_from(("soft", "soft", "soft", "hard", "laser")),
        terms=st.sampled_from(("now", "now", "now", "before", "none")),
        fresh=st.sampled_from((True, True, True, False)),
        proven_by=st.sampled_from(("token", "token", "passphrase", "scripted", "")),
        off_s=st.sampled_from((0.0, 0.0, 0.0, 19.0, -30.0)),
    )
    def approve_somehow(
        self, by: str, option_id: str, terms: str, fresh: bool, proven_by: str, off_s: float
    ) -> None:
        proposals = self.desk.proposals
        if not proposals:
            return
        self.yeses += 1
        shown = [told for told in self.told if isinstance(told, Proposal)]
        digests = {"now": proposals[0].terms_sha256, "before": shown[0].terms_sha256, "none": ""}
        command = ApproveResponse(
            proposal_id=proposals[0].proposal_id,
            option_id=option_id,
            by=by,
            time_utc_ns=self.time_utc_ns + seconds_to_ns(off_s),
            terms_sha256=digests[terms],
            approval_id=f"yes-{self.yeses}" if fresh else f"yes-{max(1, self.yeses // 2)}",
            proven_by=proven_by,
        )
        self.sent.append(command)
        self.ask(command)

    @rule(back=st.integers(0, 8), later=st.booleans())
    def replay(self, back: int, later: bool) -> None:
        if self.sent:
            command = self.sent[-1 - back % len(self.sent)]
            time_utc_ns = self.time_utc_ns if later else command.time_utc_ns
            assert not self.ask(msgspec.structs.replace(command, time_utc_ns=time_utc_ns))

    def approve(self, by: str, option_id: str, number: int, newest: bool, off_s: float) -> None:
        """No rule here: what may be taken is told by the verifier."""
        self.approve_somehow(by, option_id, "now", True, "token", off_s)

    @rule(by=st.sampled_from(("ada", "ben", "chief")))
    def approve_well(self, by: str) -> None:
        self.approve_somehow(by, "soft", "now", True, "token", 0.0)

    @rule(by=st.sampled_from(ANYBODY), number=st.integers(1, 2))
    def propose(self, by: str, number: int) -> None:
        self.ask(ProposeResponse(alert_id=f"alert-{number:04d}", by=by, time_utc_ns=self.time_utc_ns))

    @rule(
        kind=st.sampled_from((WithdrawApproval, WithdrawApproval, WithdrawProposal, RefuseResponse)),
        by=st.sampled_from(ANYBODY),
        reason=st.sampled_from(("So be it.", " ")),
    )
    def speak_against(self, kind: type, by: str, reason: str) -> None:
        if self.desk.proposals:
            name = self.desk.proposals[0].proposal_id
            self.ask(kind(proposal_id=name, by=by, reason=reason, time_utc_ns=self.time_utc_ns))

    @rule(track_id=st.sampled_from((1, 2)), jump_m=st.sampled_from((0.0, 450.0)))
    def swerve(self, track_id: int, jump_m: float) -> None:
        self.place_m[track_id] += jump_m


Approvals.TestCase.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestApprovals = Approvals.TestCase
