"""Proposals: options with their consequences first, approval by different people, orders for the simulator.

People's words on a proposal are counted in `approval.py`; what a yes binds to is in `terms.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec

from skykeep.base.clock import ns_to_seconds, seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.commands import (
    ApproveResponse,
    ProposalCommand,
    ProposeResponse,
    RefuseResponse,
    WithdrawApproval,
    WithdrawProposal,
)
from skykeep.domain.place import Asset, Person
from skykeep.domain.posture import ROUTINE, Posture
from skykeep.domain.response import (
    MACHINE,
    Approval,
    EffectOption,
    EffectOrder,
    EffectOutcome,
    Proposal,
    ProposalState,
)
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Playbook, Site
from skykeep.geo.terrain import Terrain
from skykeep.response.affair import Affair, hear
from skykeep.response.approval import Polls, must_wait, reason_of, without
from skykeep.response.case import Case
from skykeep.response.options import options_for, restated, with_history
from skykeep.response.quorum import can_be_met, is_met, quorum_of
from skykeep.response.renewal import if_nothing_debris, is_time, raise_quorum, refresh, why_now, why_over
from skykeep.response.words import Words


class ProposalBook:
    """All proposals of the night; at most one per alert is open."""

    def __init__(
        self,
        site: Site,
        words: Words,
        rules: ResponseRules,
        *,
        simulated: bool = False,
        terrain: Terrain | None = None,
    ) -> None:
        self._site, self._terrain = site, terrain
        self._polls = Polls({person.person_id: person for person in site.people}, simulated=simulated)
        self._posture = ROUTINE
        self._words = words
        self._rules = rules
        self._affairs: dict[str, Affair] = {}
        self.before = 0  # how many another book made: numbers go on
        self._of_order: dict[str, Affair] = {}
        # For each alert: not before this time, and only when the breach is nearer than this.
        self._not_before_utc_ns: dict[str, int] = {}
        self._breach_below_s: dict[str, float] = {}
        # How often each option was carried out on an alert's track and it flew on all the same.
        self._in_vain: Counter[tuple[str, str]] = Counter()

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """Those that wait for people by when they expire, then the others, the latest first."""
        everything = [affair.proposal for affair in self._affairs.values()]
        waiting = [proposal for proposal in everything if proposal.state is ProposalState.PROPOSED]
        waiting.sort(key=lambda proposal: (proposal.expires_utc_ns, proposal.proposal_id))
        settled = [proposal for proposal in everything if proposal.state is not ProposalState.PROPOSED]
        return (*waiting, *reversed(settled))

    def take_rules(self, rules: ResponseRules) -> None:
        """Go by other rules from the next look on."""
        self._rules = rules

    def take_assets(self, assets: tuple[Asset, ...]) -> None:
        """Count who is at the assets now, from the next footprint on."""
        self._site = msgspec.structs.replace(self._site, assets=assets)

    def look(
        self,
        now_utc_ns: int,
        playbooks: Mapping[str, Playbook],
        cases: Mapping[str, Case],
        posture: Posture = ROUTINE,
    ) -> list[Proposal]:
        """Let the time pass: expire, refresh, give up waiting, and propose; return what changed."""
        self._posture = posture
        changed = []
        busy: list[str] = []
        for affair in self._affairs.values():
            if affair.proposal.state is ProposalState.PROPOSED:
                over = why_over(affair, cases, self._words)
                if over:
                    changed.append(affair.change(state=ProposalState.WITHDRAWN, outcome=over))
                elif (renewed := self._renew(affair, now_utc_ns, playbooks)) is not None:
                    changed.append(renewed)
            elif affair.proposal.state is ProposalState.APPROVED and now_utc_ns >= affair.word_due_utc_ns:
                affair.case.order_open = False
                self._in_vain[affair.proposal.alert_id, affair.proposal.chosen_option_id] += 1
                changed.append(
                    affair.change(
                        state=ProposalState.CARRIED_OUT,
                        outcome="No word came of it in time: taken as flown on.",
                    )
                )
            if affair.proposal.state in (ProposalState.PROPOSED, ProposalState.APPROVED):
                busy.append(affair.proposal.alert_id)
        for alert_id, case in cases.items():
            playbook = playbooks.get(case.alert.asset_id)
            rests = now_utc_ns < self._not_before_utc_ns.get(alert_id, 0)
            if playbook is None or alert_id in busy or rests:
                continue
            if is_time(case, playbook, self._breach_below_s.get(alert_id), self._words, self._rules):
                proposal = self._propose(case, playbook, now_utc_ns)
                if proposal is not None:
                    changed.append(proposal)
        return changed

    def command(
        self,
        command: ProposalCommand,
        person: Person,
        now_utc_ns: int,
        playbooks: Mapping[str, Playbook],
        cases: Mapping[str, Case],
    ) -> tuple[Proposal | EffectOrder, ...]:
        """Take what a person on duty says of a proposal."""
        if isinstance(command, ProposeResponse):
            return (self._ask(command, person, now_utc_ns, playbooks, cases),)
        if isinstance(command, ApproveResponse):
            return self._approve(command, now_utc_ns)
        if isinstance(command, RefuseResponse):
            return (self._refuse(command, now_utc_ns),)
        if isinstance(command, WithdrawApproval):
            return (self._take_back(command, now_utc_ns),)
        return (self._withdraw(command, person, now_utc_ns),)

    def _ask(
        self,
        command: ProposeResponse,
        person: Person,
        now_utc_ns: int,
        playbooks: Mapping[str, Playbook],
        cases: Mapping[str, Case],
    ) -> Proposal:
        """Open a proposal because a person asks for it, before its hour or after a refusal."""
        case = cases.get(command.alert_id)
        must = "an alert that is open, in sight, and that effects can be proposed for"
        if case is None or case.lost or case.ended_because:
            raise InputError("alert_id", repr(command.alert_id), must)
        waiting = (ProposalState.PROPOSED, ProposalState.APPROVED)
        for affair in self._affairs.values():
            if affair.proposal.alert_id == command.alert_id and affair.proposal.state in waiting:
                name = affair.proposal.proposal_id
                raise InputError("alert_id", f"{command.alert_id}, on which {name} is open", must)
        playbook = playbooks.get(case.alert.asset_id)
        if playbook is None or not playbook.effects:
            raise InputError("alert_id", f"{command.alert_id}, for which no effect is at hand", must)
        quorum = quorum_of(playbook, self._posture.level, self._site.postures)
        if not can_be_met(quorum, self._site.people, person):
            found = f"{person.person_id}, without whom too few could agree"
            raise InputError("by", found, "somebody whose yes is not needed")
        proposal = self._propose(case, playbook, now_utc_ns, person)
        if proposal is None:
            raise InputError("alert_id", f"{command.alert_id}, for which no effect is in reach in time", must)
        return proposal

    def _approve(self, command: ApproveResponse, now_utc_ns: int) -> tuple[Proposal | EffectOrder, ...]:
        """Count one person's yes; with the last one needed comes the order."""
        self._polls.spend(command)
        affair = self._open_affair(command.proposal_id, command.time_utc_ns, now_utc_ns)
        approval, option = self._polls.take(command, affair.proposal)
        approvals = (*affair.proposal.approvals, approval)
        if not is_met(approvals, affair.proposal.approvals_needed, affair.proposal.roles_needed):
            return (affair.change(approvals=approvals, outcome=""),)
        time_utc_ns = max(now_utc_ns, command.time_utc_ns)
        order = self._order(affair, option, approvals, time_utc_ns)
        approved = affair.change(
            state=ProposalState.APPROVED, approvals=approvals, chosen_option_id=option.option_id, outcome=""
        )
        return approved, order

    def _order(
        self, affair: Affair, option: EffectOption, approvals: tuple[Approval, ...], time_utc_ns: int
    ) -> EffectOrder:
        order = EffectOrder(
            order_id=f"order-{len(self._of_order) + 1:04d}",
            proposal_id=affair.proposal.proposal_id,
            track_id=affair.proposal.track_id,
            layer=option.layer,
            option_id=option.option_id,
            time_utc_ns=time_utc_ns,
            aim_enu_m=affair.sighting.position_at(time_utc_ns),
            approvals=approvals,
        )
        affair.order = order
        affair.case.order_open = True
        affair.word_due_utc_ns = time_utc_ns + seconds_to_ns(option.delay_s + self._rules.outcome_wait_s)
        self._of_order[order.order_id] = affair
        return order

    def _refuse(self, command: RefuseResponse, now_utc_ns: int) -> Proposal:
        """Take one person's no, with its reason; it stands until the breach is much nearer."""
        self._polls.entitled(command.by)
        affair = self._open_affair(command.proposal_id, command.time_utc_ns, now_utc_ns)
        reason = reason_of(command.reason)
        self._rest(affair)
        return affair.change(state=ProposalState.REFUSED, outcome=f"Refused by {command.by}: {reason}")

    def _withdraw(self, command: WithdrawProposal, person: Person, now_utc_ns: int) -> Proposal:
        """Take the question back; if whoever may approve does, it is not asked again until much later."""
        affair = self._open_affair(command.proposal_id, command.time_utc_ns, now_utc_ns)
        if person.may_approve:
            self._rest(affair)
        elif person.person_id != affair.proposal.proposed_by:
            self._polls.entitled(command.by)
        reason = reason_of(command.reason)
        return affair.change(
            state=ProposalState.WITHDRAWN, outcome=f"Withdrawn by {command.by}: {reason}", approvals=()
        )

    def _take_back(self, command: WithdrawApproval, now_utc_ns: int) -> Proposal:
        """Strike out one person's own yes."""
        affair = self._open_affair(command.proposal_id, command.time_utc_ns, now_utc_ns)
        left = without(affair.proposal, command.by)
        reason = reason_of(command.reason)
        return affair.change(approvals=left, outcome=f"{command.by} took back their yes: {reason}")

    def _rest(self, affair: Affair) -> None:
        breach = affair.case.alert.breach
        self._breach_below_s[affair.proposal.alert_id] = (
            self._rules.ask_again_fraction * breach.mid_s if breach else 0.0
        )

    def outcome(self, outcome: EffectOutcome, now_utc_ns: int) -> Proposal:
        """Record what came of an order. Later word is added to earlier word, never in its place."""
        affair = self._of_order.get(outcome.order_id)
        if affair is None or affair.order is None:
            raise InputError("order_id", repr(outcome.order_id), "an order that was given")
        said = hear(affair, affair.order, outcome)
        if outcome.result == "flew_on":
            # Late word may only confirm what silence was taken for.
            self._in_vain[affair.proposal.alert_id, affair.proposal.chosen_option_id] += (
                affair.proposal.state is ProposalState.APPROVED
            )
        else:
            time_utc_ns = max(now_utc_ns, outcome.time_utc_ns)
            self._not_before_utc_ns[affair.proposal.alert_id] = time_utc_ns + seconds_to_ns(
                self._rules.settle_s
            )
        earlier = f"{affair.proposal.outcome} " if affair.proposal.outcome else ""
        return affair.change(state=ProposalState.CARRIED_OUT, outcome=earlier + said)

    def _open_affair(self, proposal_id: str, time_utc_ns: int, now_utc_ns: int) -> Affair:
        """Return the proposal that a command speaks of, while it may still be decided."""
        affair = self._affairs.get(proposal_id)
        must = "a proposal that waits for a decision"
        if affair is None:
            raise InputError("proposal_id", repr(proposal_id), must)
        must_wait(affair.proposal, time_utc_ns, now_utc_ns)
        if affair.case.is_lost(affair.proposal.track_id):
            raise InputError("proposal_id", f"{proposal_id}, whose track is lost from sight", must)
        return affair

    def _renew(self, affair: Affair, now_utc_ns: int, playbooks: Mapping[str, Playbook]) -> Proposal | None:
        """Let a proposal end, or bring it up to date as the track moves on and the posture rises."""
        proposal = affair.proposal
        if now_utc_ns >= proposal.expires_utc_ns:
            yes = ", ".join(approval.by for approval in proposal.approvals) or "nobody"
            over = f"Expired: of {proposal.approvals_needed} approvals needed, given by {yes}."
            return affair.change(state=ProposalState.EXPIRED, outcome=over)
        playbook = playbooks.get(proposal.asset_id)
        if playbook is not None:
            raise_quorum(affair, playbook, self._posture, self._site.postures)
        if ns_to_seconds(now_utc_ns - affair.computed_utc_ns) >= self._rules.footprint_refresh_s:
            refresh(affair, now_utc_ns, self._site, self._words, self._rules, self._terrain)
        return None if affair.proposal is proposal else affair.proposal

    def _propose(
        self, case: Case, playbook: Playbook, now_utc_ns: int, asked_by: Person | None = None
    ) -> Proposal | None:
        """Put the options that can still help to people, each with its footprint; None when none can."""
        asset = self._words.asset(case.alert.asset_id)
        found = options_for(case, asset, playbook, now_utc_ns, self._site, self._rules, self._terrain)
        if not found:
            return None
        expires_utc_ns = now_utc_ns + seconds_to_ns(playbook.proposal_expires_s)
        options = tuple(
            with_history(option, self._in_vain[case.alert.alert_id, option.option_id])
            for option in restated(found, case.sighting, expires_utc_ns, self._rules)
        )
        quorum = quorum_of(playbook, self._posture.level, self._site.postures)
        self._breach_below_s.pop(case.alert.alert_id, None)
        proposal = Proposal(
            proposal_id=f"proposal-{self.before + len(self._affairs) + 1:04d}",
            alert_id=case.alert.alert_id,
            track_id=case.track_id,
            state=ProposalState.PROPOSED,
            proposed_utc_ns=now_utc_ns,
            expires_utc_ns=expires_utc_ns,
            if_nothing=self._words.if_nothing(case.alert, case.sighting),
            if_nothing_debris=if_nothing_debris(case, asset, now_utc_ns, self._site, self._rules),
            options=options,
            approvals=(),
            approvals_needed=quorum.approvals_needed,
            authority=playbook.authority,
            proposed_by=MACHINE if asked_by is None else asked_by.person_id,
            because=why_now(case, playbook, self._words, asked_by),
            asset_id=case.alert.asset_id,
            roles_needed=quorum.roles,
            legal_basis=playbook.legal_basis,
            posture=self._posture.name,
        )
        affair = Affair(proposal, case)
        self._affairs[proposal.proposal_id] = affair
        return affair.proposal
