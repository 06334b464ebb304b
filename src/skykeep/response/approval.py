"""One person's yes, or no, and whether it counts: each way of not counting is a refusal that says why."""

from __future__ import annotations

from collections.abc import Mapping

from skykeep.base.clock import iso_utc
from skykeep.base.errors import InputError
from skykeep.domain.commands import PROOFS_OF_A_SIMULATION, PROOFS_OF_PERSON, ApproveResponse
from skykeep.domain.place import Person
from skykeep.domain.response import Approval, EffectLayer, EffectOption, Proposal, ProposalState
from skykeep.response.quorum import are_same

LONGEST_ID = 100
LONGEST_REASON = 1_000


class Polls:
    """Knows who may say yes, how they may have been known, and which approvals have been used."""

    def __init__(self, people: Mapping[str, Person], *, simulated: bool) -> None:
        self._people = people
        self._proofs = PROOFS_OF_PERSON + (PROOFS_OF_A_SIMULATION if simulated else ())
        self._spent: set[str] = set()

    def entitled(self, by: str) -> Person:
        """Return the person who may decide under this id."""
        person = self._people.get(by)
        if person is None:
            raise InputError("by", repr(by), "a person on duty at this site")
        if not person.may_approve:
            raise InputError("by", f"{person.person_id}, {person.role}", "a person who may approve")
        return person

    def spend(self, command: ApproveResponse) -> None:
        """Use the id of an approval up, whatever comes of it: what was refused once cannot be sent again when
        it would fit.
        """
        self.entitled(command.by)
        approval_id = command.approval_id
        if not approval_id.strip() or len(approval_id) > LONGEST_ID:
            found = repr(approval_id) if not approval_id.strip() else f"{len(approval_id):,} characters"
            raise InputError("approval_id", found, f"an id of its own, at most {LONGEST_ID} characters")
        if approval_id in self._spent:
            raise InputError(
                "approval_id", f"{approval_id!r}, which has come before", "one never used before"
            )
        self._spent.add(approval_id)

    def take(self, command: ApproveResponse, proposal: Proposal) -> tuple[Approval, EffectOption]:
        """Return a yes that counts, and the option that it is to; its id has been spent."""
        person = self.entitled(command.by)
        if command.proven_by not in self._proofs:
            must = f"one of {', '.join(self._proofs)}"
            raise InputError("proven_by", repr(command.proven_by), must)
        if command.terms_sha256 != proposal.terms_sha256:
            found = f"{command.terms_sha256[:12]}… of other terms" if command.terms_sha256 else "missing"
            raise InputError("terms_sha256", found, f"that of the terms that stand: {proposal.terms_sha256}")
        option = option_of(proposal, command.option_id)
        if option.layer is EffectLayer.HARD and option.bounds is None:
            must = "one whose footprint could be reckoned: nobody strikes what may fall anywhere"
            raise InputError("option_id", repr(command.option_id), must)
        self._must_be_another(person, proposal)
        for approval in proposal.approvals:
            if approval.option_id != command.option_id:
                must = f"{approval.option_id}, which {approval.by} approved"
                raise InputError("option_id", repr(command.option_id), must)
        approval = Approval(
            by=person.person_id,
            role=person.role,
            option_id=option.option_id,
            time_utc_ns=command.time_utc_ns,
            approval_id=command.approval_id,
            terms_sha256=command.terms_sha256,
            proven_by=command.proven_by,
        )
        return approval, option

    def _must_be_another(self, person: Person, proposal: Proposal) -> None:
        proposer = self._people.get(proposal.proposed_by)
        if proposer is not None and are_same(person, proposer):
            raise InputError("by", f"{person.person_id}, who proposed it", "another person")
        for approval in proposal.approvals:
            if approval.by == person.person_id:
                raise InputError("by", f"{person.person_id}, who has approved already", "another person")
            if are_same(person, self._people[approval.by]):
                found = f"{person.person_id}, who is {approval.by} under another id"
                raise InputError("by", found, "another person")


def option_of(proposal: Proposal, option_id: str) -> EffectOption:
    """Return an option by its id."""
    option = next((option for option in proposal.options if option.option_id == option_id), None)
    if option is None:
        offered = ", ".join(option.option_id for option in proposal.options)
        raise InputError("option_id", repr(option_id), f"one of {offered}")
    return option


def reason_of(reason: str) -> str:
    """Return a reason in words."""
    said = reason.strip()
    if not said or len(said) > LONGEST_REASON:
        found = repr(reason) if not said else f"{len(said):,} characters"
        raise InputError("reason", found, f"a reason in words, at most {LONGEST_REASON:,} characters")
    return said


def must_wait(proposal: Proposal, time_utc_ns: int, now_utc_ns: int) -> None:
    """Refuse what is said of a proposal that nobody can decide any more, or could not at that time.

    A command may be dated back neither to before the hour struck nor to before there was a proposal.
    """
    name, must = proposal.proposal_id, "a proposal that waits for a decision"
    if proposal.state is not ProposalState.PROPOSED:
        raise InputError("proposal_id", f"{name}, which is {proposal.state}", must)
    if max(now_utc_ns, time_utc_ns) >= proposal.expires_utc_ns:
        raise InputError("proposal_id", f"{name}, which expired at {iso_utc(proposal.expires_utc_ns)}", must)
    if time_utc_ns < proposal.proposed_utc_ns:
        found = f"{iso_utc(time_utc_ns)}, before it was proposed"
        raise InputError("time_utc_ns", found, f"at least {iso_utc(proposal.proposed_utc_ns)}")


def without(proposal: Proposal, by: str) -> tuple[Approval, ...]:
    """Return the approvals that are left when somebody takes back theirs."""
    left = tuple(approval for approval in proposal.approvals if approval.by != by)
    if len(left) == len(proposal.approvals):
        raise InputError("by", f"{by}, who has not approved it", "somebody who has")
    return left
