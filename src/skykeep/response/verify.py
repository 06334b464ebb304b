"""Whether an order was rightly given: told from what people said and what they were shown, in order.

Written apart from the desk that gives orders, and on purpose: it shares with it only what the terms are and
who must agree. It believes nothing that the order says of itself.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from skykeep.domain.commands import (
    PROOFS_OF_A_SIMULATION,
    PROOFS_OF_PERSON,
    ApproveResponse,
    ProposalCommand,
    ProposeResponse,
    RefuseResponse,
    WithdrawApproval,
    WithdrawProposal,
)
from skykeep.domain.place import Person
from skykeep.domain.response import MACHINE, EffectLayer, EffectOrder, Proposal, ProposalState
from skykeep.domain.site import Site
from skykeep.response.approval import LONGEST_REASON
from skykeep.response.quorum import are_same, is_stricter, missing_roles, quorum_of
from skykeep.response.terms import terms_sha256


class OrderCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What came of looking at an order: `faults` are sentences, none where it was rightly given."""

    order_id: str
    faults: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        return not self.faults


def verify_order(
    order: EffectOrder,
    site: Site,
    before: Iterable[Proposal | ProposalCommand],
    *,
    simulated: bool,
    level: int = 0,
) -> OrderCheck:
    """Return whether an order was rightly given. `before` is, in the order of the log, every command of
    people on proposals and every proposal as it was shown, up to the order; `simulated` and the posture
    `level` are those of the watch.
    """
    told = _Told(order, site, simulated)
    for record in before:
        told.take(record)
    return OrderCheck(order_id=order.order_id, faults=tuple(told.faults(level)))


class _Told:
    """What had been said and shown by the time of an order."""

    def __init__(self, order: EffectOrder, site: Site, simulated: bool) -> None:
        self._order, self._site = order, site
        self._people = {person.person_id: person for person in site.people}
        self._proofs = PROOFS_OF_PERSON + (PROOFS_OF_A_SIMULATION if simulated else ())
        self._shown: Proposal | None = None
        self._yes: dict[str, ApproveResponse] = {}
        self._seen: set[str] = set()
        self._over = ""

    def take(self, record: Proposal | ProposalCommand) -> None:
        if isinstance(record, ApproveResponse):
            is_new = bool(record.approval_id) and record.approval_id not in self._seen
            if self._may(record.by):
                self._seen.add(record.approval_id)
            if is_new and record.proposal_id == self._order.proposal_id:
                self._count(record)
        elif isinstance(record, ProposeResponse) or record.proposal_id != self._order.proposal_id:
            return
        elif isinstance(record, Proposal):
            self._show(record)
        elif self._in_time(record.time_utc_ns) and 0 < len(record.reason.strip()) <= LONGEST_REASON:
            self._hear_against(record)

    def _hear_against(self, record: RefuseResponse | WithdrawApproval | WithdrawProposal) -> None:
        if isinstance(record, WithdrawApproval):
            self._yes.pop(record.by, None)
            return
        assert self._shown is not None
        is_own = isinstance(record, WithdrawProposal) and record.by == self._shown.proposed_by
        if self._may(record.by) or (is_own and record.by in self._people):
            self._over = f"{record.by} had refused or withdrawn it"

    def _may(self, by: str) -> bool:
        return by in self._people and self._people[by].may_approve

    def _in_time(self, time_utc_ns: int) -> bool:
        shown = self._shown
        return shown is not None and shown.proposed_utc_ns <= time_utc_ns < shown.expires_utc_ns

    def _show(self, proposal: Proposal) -> None:
        if self._shown is None or terms_sha256(self._shown) != terms_sha256(proposal):
            self._yes.clear()
        if proposal.state not in (ProposalState.PROPOSED, ProposalState.APPROVED):
            self._over = f"it was {proposal.state}"
        self._shown = proposal

    def _count(self, yes: ApproveResponse) -> None:
        shown = self._shown
        if shown is None or yes.terms_sha256 != terms_sha256(shown) or yes.proven_by not in self._proofs:
            return
        option = next((option for option in shown.options if option.option_id == yes.option_id), None)
        if option is None or (option.layer is EffectLayer.HARD and option.bounds is None):
            return
        if not self._may(yes.by) or not self._in_time(yes.time_utc_ns):
            return
        if any(other.option_id != yes.option_id for other in self._yes.values()):
            return
        taken = [self._people[by] for by in (*self._yes, shown.proposed_by) if by in self._people]
        if not any(are_same(self._people[yes.by], person) for person in taken):
            self._yes[yes.by] = yes

    def faults(self, level: int) -> list[str]:
        order, shown = self._order, self._shown
        if shown is None:
            return [f"Nobody was shown {order.proposal_id}."]
        found = [f"When it was given, {self._over}."] if self._over else []
        if not order.simulated or not shown.simulated:
            found.append("It is not simulated.")
        if order.time_utc_ns >= shown.expires_utc_ns:
            found.append("It was given after its proposal had expired.")
        if order.track_id != shown.track_id:
            found.append(f"It is on track {order.track_id}, its proposal on track {shown.track_id}.")
        return [*found, *self._of_approvals(shown), *self._of_quorum(shown, level)]

    def _of_approvals(self, shown: Proposal) -> list[str]:
        found = []
        for approval in self._order.approvals:
            yes = self._yes.get(approval.by)
            same = yes is not None and (
                (yes.approval_id, yes.option_id, yes.terms_sha256, yes.proven_by, yes.time_utc_ns)
                == (
                    approval.approval_id,
                    approval.option_id,
                    approval.terms_sha256,
                    approval.proven_by,
                    approval.time_utc_ns,
                )
            )
            if not same:
                found.append(f"No yes of {approval.by} to its terms stood when it was given.")
            elif self._people[approval.by].role != approval.role:
                found.append(f"{approval.by} is no {approval.role}.")
        chosen = {approval.option_id for approval in self._order.approvals}
        options = [option for option in shown.options if option.option_id in chosen]
        if len(chosen) != 1 or len(options) != 1:
            found.append("Those who said yes did not say it to one option that was shown.")
        elif options[0].layer is not self._order.layer:
            found.append(f"It is {self._order.layer}, the option {options[0].layer}.")
        elif options[0].layer is EffectLayer.HARD and options[0].bounds is None:
            found.append("No footprint of it could be reckoned.")
        return found

    def _of_quorum(self, shown: Proposal, level: int) -> list[str]:
        approvals = self._order.approvals
        people = [self._people[approval.by] for approval in approvals if approval.by in self._people]
        different: list[Person] = []
        for person in people:
            if not any(are_same(person, other) for other in different):
                different.append(person)
        found = []
        if len(different) < len(approvals):
            found.append("One person said yes twice.")
        proposer = self._people.get(shown.proposed_by)
        if proposer is None and shown.proposed_by != MACHINE:
            found.append(f"{shown.proposed_by!r}, who proposed it, is nobody on duty.")
        if proposer is not None and any(are_same(person, proposer) for person in people):
            found.append(f"{proposer.person_id} said yes to their own proposal.")
        missing = missing_roles(approvals, shown.roles_needed)
        if len(different) < max(2, shown.approvals_needed) or missing:
            among = f", with {', '.join(shown.roles_needed)} among them" if shown.roles_needed else ""
            found.append(f"{len(different)} said yes, where {shown.approvals_needed} must{among}.")
        playbook = next((book for book in self._site.playbooks if book.asset_id == shown.asset_id), None)
        if playbook is None:
            found.append(f"No playbook is for {shown.asset_id!r}.")
        elif is_stricter(
            quorum_of(playbook, level, self._site.postures), shown.approvals_needed, shown.roles_needed
        ):
            found.append("Its proposal asked for fewer than the asset and the posture do.")
        return found
