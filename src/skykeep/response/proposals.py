"""Proposals: options with their consequences first, approval by two people, orders for the simulator."""

from __future__ import annotations

from collections import Counter

import msgspec

from skykeep.base.clock import iso_utc, ns_to_seconds, seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.commands import ApproveResponse, RefuseResponse
from skykeep.domain.place import Person
from skykeep.domain.response import (
    AlertState,
    Approval,
    EffectOption,
    EffectOrder,
    EffectOutcome,
    Proposal,
    ProposalState,
)
from skykeep.domain.rules import ResponseRules
from skykeep.domain.site import Playbook, Site
from skykeep.response.case import Case
from skykeep.response.options import is_inside, options_for, renewed_options
from skykeep.response.rules import ENDS_FLIGHT, PROPOSAL_MOVES, RESULTS
from skykeep.response.words import Words

_HEARD = (AlertState.ACKNOWLEDGED, AlertState.ESCALATED)
_OPEN_ALERT = (AlertState.RAISED, *_HEARD)


class _Affair:
    """A proposal and what is remembered beside it."""

    def __init__(self, proposal: Proposal, case: Case) -> None:
        self.proposal = proposal
        self.case = case
        self.computed_utc_ns = proposal.proposed_utc_ns
        # The persons expected that the first who approved had before their eyes.
        self.persons_at_approval = 0.0
        self.order: EffectOrder | None = None
        self.word_due_utc_ns = 0
        self.results: list[str] = []

    def change(self, **fields: object) -> Proposal:
        """Take a new record; a state may only follow where `PROPOSAL_MOVES` allows."""
        state = fields.get("state", self.proposal.state)
        if state is not self.proposal.state and state not in PROPOSAL_MOVES[self.proposal.state]:
            raise ValueError(
                f"proposal {self.proposal.proposal_id} went from {self.proposal.state} to {state}"
            )
        self.proposal = msgspec.structs.replace(self.proposal, **fields)
        return self.proposal


class ProposalBook:
    """All proposals of the night; at most one per alert is open."""

    def __init__(self, site: Site, words: Words, rules: ResponseRules) -> None:
        self._site = site
        self._words = words
        self._rules = rules
        self._affairs: dict[str, _Affair] = {}
        self._of_order: dict[str, _Affair] = {}
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

    def look(self, now_utc_ns: int, playbooks: dict[str, Playbook], cases: dict[str, Case]) -> list[Proposal]:
        """Let the time pass: expire, refresh, give up waiting, and propose; return what changed."""
        changed = []
        busy: list[str] = []
        for affair in self._affairs.values():
            if affair.proposal.state is ProposalState.PROPOSED:
                renewed = self._renew(affair, now_utc_ns, cases)
                if renewed is not None:
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
            if playbook is not None and alert_id not in busy and self._is_time(case, playbook, now_utc_ns):
                proposal = self._propose(case, playbook, now_utc_ns)
                if proposal is not None:
                    changed.append(proposal)
        return changed

    def approve(
        self, command: ApproveResponse, person: Person, now_utc_ns: int
    ) -> tuple[Proposal, EffectOrder | None]:
        """Count one person's yes; with the last one needed comes the order."""
        affair = self._open_affair(command.proposal_id, command.time_utc_ns, now_utc_ns)
        proposal = affair.proposal
        option = next((option for option in proposal.options if option.option_id == command.option_id), None)
        if option is None:
            offered = ", ".join(option.option_id for option in proposal.options)
            raise InputError("option_id", repr(command.option_id), f"one of {offered}")
        for approval in proposal.approvals:
            if approval.by == person.person_id:
                raise InputError("by", f"{person.person_id}, who has approved already", "another person")
            if approval.option_id != command.option_id:
                must = f"{approval.option_id}, which {approval.by} approved"
                raise InputError("option_id", repr(command.option_id), must)
        if not proposal.approvals:
            affair.persons_at_approval = option.debris.persons_expected
        approval = Approval(
            by=person.person_id, role=person.role, option_id=option.option_id, time_utc_ns=command.time_utc_ns
        )
        approvals = (*proposal.approvals, approval)
        if len(approvals) < proposal.approvals_needed:
            return affair.change(approvals=approvals, outcome=""), None
        time_utc_ns = max(now_utc_ns, command.time_utc_ns)
        order = EffectOrder(
            order_id=f"order-{len(self._of_order) + 1:04d}",
            proposal_id=proposal.proposal_id,
            track_id=proposal.track_id,
            layer=option.layer,
            time_utc_ns=time_utc_ns,
            aim_enu_m=affair.case.sighting.position_at(time_utc_ns),
            approvals=approvals,
        )
        affair.order = order
        affair.case.order_open = True
        affair.word_due_utc_ns = time_utc_ns + seconds_to_ns(option.delay_s + self._rules.outcome_wait_s)
        self._of_order[order.order_id] = affair
        approved = affair.change(
            state=ProposalState.APPROVED, approvals=approvals, chosen_option_id=option.option_id, outcome=""
        )
        return approved, order

    def refuse(self, command: RefuseResponse, now_utc_ns: int) -> Proposal:
        """Take one person's no, with its reason; it stands until the breach is much nearer."""
        affair = self._open_affair(command.proposal_id, command.time_utc_ns, now_utc_ns)
        if not command.reason.strip():
            raise InputError("reason", repr(command.reason), "a reason in words")
        breach = affair.case.alert.breach
        self._breach_below_s[affair.proposal.alert_id] = (
            self._rules.ask_again_fraction * breach.mid_s if breach else 0.0
        )
        return affair.change(
            state=ProposalState.REFUSED, outcome=f"Refused by {command.by}: {command.reason.strip()}"
        )

    def outcome(self, outcome: EffectOutcome, now_utc_ns: int) -> Proposal:
        """Record what came of an order. Later word is added to earlier word, never in its place."""
        affair = self._of_order.get(outcome.order_id)
        if affair is None or affair.order is None:
            raise InputError("order_id", repr(outcome.order_id), "an order that was given")
        if outcome.simulated is not True:
            raise InputError("simulated", repr(outcome.simulated), "True: effects exist in simulation only")
        if outcome.result not in RESULTS:
            raise InputError("result", repr(outcome.result), f"one of {', '.join(RESULTS)}")
        if outcome.time_utc_ns < affair.order.time_utc_ns:
            must = f"no earlier than the order, {iso_utc(affair.order.time_utc_ns)}"
            raise InputError("time_utc_ns", iso_utc(outcome.time_utc_ns), must)
        if outcome.result in affair.results or any(result in ENDS_FLIGHT for result in affair.results):
            found = f"{outcome.result} after {', '.join(affair.results)}"
            raise InputError(
                "result", found, "the first word of its kind on an order, and none after the last"
            )
        affair.results.append(outcome.result)
        case = affair.case
        case.order_open = False
        said = f"{outcome.result.replace('_', ' ').capitalize()} (simulated): {outcome.says}"
        if case.alert.state in _OPEN_ALERT:
            case.note(f"{affair.order.order_id}: {said}")
        if outcome.result in ENDS_FLIGHT:
            case.ended_because = said
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

    def _open_affair(self, proposal_id: str, time_utc_ns: int, now_utc_ns: int) -> _Affair:
        """Return the proposal that a command speaks of, while it may still be decided."""
        affair = self._affairs.get(proposal_id)
        must = "a proposal that waits for a decision"
        if affair is None:
            raise InputError("proposal_id", repr(proposal_id), must)
        proposal = affair.proposal
        if proposal.state is not ProposalState.PROPOSED:
            raise InputError("proposal_id", f"{proposal_id}, which is {proposal.state}", must)
        # A command may not be dated back to before the hour struck, nor to before there was a proposal.
        if max(now_utc_ns, time_utc_ns) >= proposal.expires_utc_ns:
            raise InputError(
                "proposal_id", f"{proposal_id}, which expired at {iso_utc(proposal.expires_utc_ns)}", must
            )
        if time_utc_ns < proposal.proposed_utc_ns:
            found = f"{iso_utc(time_utc_ns)}, before it was proposed"
            raise InputError("time_utc_ns", found, f"at least {iso_utc(proposal.proposed_utc_ns)}")
        if affair.case.lost:
            raise InputError("proposal_id", f"{proposal_id}, whose track is lost from sight", must)
        return affair

    def _renew(self, affair: _Affair, now_utc_ns: int, cases: dict[str, Case]) -> Proposal | None:
        """Expire a proposal, or compute its footprints anew as the track moves on."""
        proposal, case = affair.proposal, affair.case
        over = ""
        if proposal.alert_id not in cases:
            over = f"Withdrawn, as {proposal.alert_id} was cleared: {case.alert.cleared_because}"
        elif case.lost:
            over = f"Withdrawn, as track {proposal.track_id} was lost from sight."
        elif case.track_id != proposal.track_id:
            over = f"Withdrawn, as track {case.track_id} has taken the place of track {proposal.track_id}."
        elif now_utc_ns >= proposal.expires_utc_ns:
            yes = ", ".join(approval.by for approval in proposal.approvals) or "nobody"
            over = f"Expired: of {proposal.approvals_needed} approvals needed, given by {yes}."
        if over:
            return affair.change(state=ProposalState.EXPIRED, outcome=over)
        if ns_to_seconds(now_utc_ns - affair.computed_utc_ns) < self._rules.footprint_refresh_s:
            return None
        affair.computed_utc_ns = now_utc_ns
        options = renewed_options(proposal.options, case, now_utc_ns, self._site, self._rules)
        affair.change(options=options, if_nothing=self._words.if_nothing(case.alert, case.sighting))
        self._lapse(affair)
        return affair.proposal

    def _lapse(self, affair: _Affair) -> None:
        """Void approvals whose consequences have grown since: nobody said yes to those."""
        if not affair.proposal.approvals:
            return
        chosen = affair.proposal.approvals[0].option_id
        persons = next(
            option.debris.persons_expected for option in affair.proposal.options if option.option_id == chosen
        )
        before = affair.persons_at_approval
        if persons > self._rules.lapse_ratio * before and persons > before + self._rules.lapse_persons:
            affair.change(
                approvals=(),
                outcome=f"Approvals lapsed: persons expected grew from {before:g} to {persons:g}.",
            )

    def _is_time(self, case: Case, playbook: Playbook, now_utc_ns: int) -> bool:
        """Return whether people should be asked now."""
        alert = case.alert
        if alert.state not in _HEARD or case.lost or case.ended_because or not playbook.effects:
            return False
        if now_utc_ns < self._not_before_utc_ns.get(alert.alert_id, 0):
            return False
        if is_inside(case.sighting, self._words.asset(alert.asset_id)):
            return alert.alert_id not in self._breach_below_s
        if alert.breach is None:
            return False
        if alert.breach.mid_s > self._breach_below_s.get(alert.alert_id, alert.breach.mid_s):
            return False
        slowest_s = max(effect.delay_s for effect in playbook.effects)
        return alert.breach.low_s <= playbook.proposal_expires_s + slowest_s + self._rules.decision_margin_s

    def _propose(self, case: Case, playbook: Playbook, now_utc_ns: int) -> Proposal | None:
        """Put the options that can still help to people, each with its footprint; None when none can."""
        asset = self._words.asset(case.alert.asset_id)
        options = tuple(
            self._with_history(option, case.alert.alert_id)
            for option in options_for(case, asset, playbook, now_utc_ns, self._site, self._rules)
        )
        if not options:
            return None
        self._breach_below_s.pop(case.alert.alert_id, None)
        proposal = Proposal(
            proposal_id=f"proposal-{len(self._affairs) + 1:04d}",
            alert_id=case.alert.alert_id,
            track_id=case.track_id,
            state=ProposalState.PROPOSED,
            proposed_utc_ns=now_utc_ns,
            expires_utc_ns=now_utc_ns + seconds_to_ns(playbook.proposal_expires_s),
            if_nothing=self._words.if_nothing(case.alert, case.sighting),
            options=options,
            approvals=(),
            approvals_needed=playbook.approvals_needed,
            authority=playbook.authority,
        )
        self._affairs[proposal.proposal_id] = _Affair(proposal, case)
        return proposal

    def _with_history(self, option: EffectOption, alert_id: str) -> EffectOption:
        """Say of an option how often it was tried in vain."""
        times = self._in_vain[alert_id, option.option_id]
        if times == 0:
            return option
        tried = "once" if times == 1 else f"{times} times"
        return msgspec.structs.replace(option, says=f"Tried {tried} on it, and it flew on. {option.says}")
