"""Which state may follow which, and what an outcome may say. The numbers are in `domain.rules`."""

from __future__ import annotations

from skykeep.domain.response import AlertState, ProposalState

_HEARD_OR_OVER = (
    AlertState.ACKNOWLEDGED,
    AlertState.ASSIGNED,
    AlertState.SHELVED,
    AlertState.ESCALATED,
    AlertState.CLEARED,
)
# What has been heard comes back as raised when it grows worse; what is shelved when its time is over.
ALERT_MOVES: dict[AlertState, tuple[AlertState, ...]] = {
    AlertState.RAISED: _HEARD_OR_OVER,
    AlertState.ESCALATED: (
        AlertState.RAISED,
        AlertState.ACKNOWLEDGED,
        AlertState.ASSIGNED,
        AlertState.SHELVED,
        AlertState.CLEARED,
    ),
    AlertState.ACKNOWLEDGED: (
        AlertState.RAISED,
        AlertState.ASSIGNED,
        AlertState.SHELVED,
        AlertState.ESCALATED,
        AlertState.CLEARED,
    ),
    AlertState.ASSIGNED: (
        AlertState.RAISED,
        AlertState.SHELVED,
        AlertState.ESCALATED,
        AlertState.CLEARED,
    ),
    AlertState.SHELVED: (
        AlertState.RAISED,
        AlertState.ACKNOWLEDGED,
        AlertState.ASSIGNED,
        AlertState.ESCALATED,
        AlertState.CLEARED,
    ),
    AlertState.CLEARED: (),
}

PROPOSAL_MOVES: dict[ProposalState, tuple[ProposalState, ...]] = {
    ProposalState.PROPOSED: (
        ProposalState.APPROVED,
        ProposalState.REFUSED,
        ProposalState.EXPIRED,
        ProposalState.WITHDRAWN,
    ),
    ProposalState.APPROVED: (ProposalState.CARRIED_OUT,),
    ProposalState.REFUSED: (),
    ProposalState.EXPIRED: (),
    ProposalState.WITHDRAWN: (),
    ProposalState.CARRIED_OUT: (),
}

# What an outcome may say; the first two end the flight.
ENDS_FLIGHT = ("fell", "landed")
RESULTS = (*ENDS_FLIGHT, "hovered", "returned", "flew_on")
