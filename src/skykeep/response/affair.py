"""A proposal while it lives, and what is remembered beside it."""

from __future__ import annotations

import msgspec

from skykeep.base.clock import iso_utc
from skykeep.base.errors import InputError
from skykeep.domain.response import AlertState, EffectOrder, EffectOutcome, Proposal
from skykeep.response.case import Case
from skykeep.response.rules import ENDS_FLIGHT, PROPOSAL_MOVES, RESULTS
from skykeep.response.sighting import Sighting
from skykeep.response.terms import with_terms


class Affair:
    """A proposal and what is remembered beside it."""

    def __init__(self, proposal: Proposal, case: Case) -> None:
        self.proposal = with_terms(proposal)
        self.case = case
        self.computed_utc_ns = proposal.proposed_utc_ns
        self.order: EffectOrder | None = None
        self.word_due_utc_ns = 0
        self.results: list[str] = []

    @property
    def sighting(self) -> Sighting:
        """Where the track that it is about was seen last."""
        return self.case.sighting_of(self.proposal.track_id) or self.case.sighting

    def change(self, **fields: object) -> Proposal:
        """Take a new record; a state may only follow where `PROPOSAL_MOVES` allows, and where the terms are
        others than before nobody has said yes to them.
        """
        state = fields.get("state", self.proposal.state)
        if state is not self.proposal.state and state not in PROPOSAL_MOVES[self.proposal.state]:
            raise ValueError(
                f"proposal {self.proposal.proposal_id} went from {self.proposal.state} to {state}"
            )
        changed = with_terms(msgspec.structs.replace(self.proposal, **fields))
        if changed.terms_sha256 != self.proposal.terms_sha256:
            changed = msgspec.structs.replace(changed, approvals=())
        self.proposal = changed
        return self.proposal


def hear(affair: Affair, order: EffectOrder, outcome: EffectOutcome) -> str:
    """Take word of what came of an order; return it as a sentence."""
    if outcome.simulated is not True:
        raise InputError("simulated", repr(outcome.simulated), "True: effects exist in simulation only")
    if outcome.result not in RESULTS:
        raise InputError("result", repr(outcome.result), f"one of {', '.join(RESULTS)}")
    if outcome.time_utc_ns < order.time_utc_ns:
        must = f"no earlier than the order, {iso_utc(order.time_utc_ns)}"
        raise InputError("time_utc_ns", iso_utc(outcome.time_utc_ns), must)
    if outcome.result in affair.results or any(result in ENDS_FLIGHT for result in affair.results):
        found = f"{outcome.result} after {', '.join(affair.results)}"
        raise InputError("result", found, "the first word of its kind on an order, and none after the last")
    affair.results.append(outcome.result)
    case = affair.case
    case.order_open = False
    said = f"{outcome.result.replace('_', ' ').capitalize()} (simulated): {outcome.says}"
    if case.alert.state is not AlertState.CLEARED:
        case.note(f"{order.order_id}: {said}")
    if outcome.result in ENDS_FLIGHT:
        case.ended(order.track_id, said)
    return said
