"""A person's word on whose claim it is: the machine says nothing against it, and keeps it through silence."""

from __future__ import annotations

import msgspec

from skykeep.domain.identity import ClaimTest, ClaimVerdict, Identification, Standing
from skykeep.domain.orders import ClaimOrder
from skykeep.identity.claim_tests import StreamKeyed


def obeyed(judged: list[StreamKeyed], orders: tuple[ClaimOrder, ...]) -> list[StreamKeyed]:
    """Return the tests without those that put a claim to a track that a person said it is not."""
    never: dict[tuple[int | None, str], str] = {
        (order.track_id, order.claimed_id): order.source for order in orders if not order.is_its
    }
    if not never:
        return judged
    out = []
    for one in judged:
        state, sender = one.state, one.sender
        if sender is not None and _key(sender) in never:
            sender = None
        if _key(state.test) in never:
            because = f"By {never[_key(state.test)]} it is not of track {state.test.track_id}."
            test = msgspec.structs.replace(
                state.test,
                track_id=None,
                verdict=ClaimVerdict.UNTESTED,
                residual_m=None,
                p_value=None,
                because=because,
            )
            state = msgspec.structs.replace(state, test=test)
        out.append(StreamKeyed(state=state, sender=sender))
    return out


def _key(test: ClaimTest) -> tuple[int | None, str]:
    return test.track_id, test.claimed_id


def told(found: tuple[Identification, ...], orders: tuple[ClaimOrder, ...]) -> tuple[Identification, ...]:
    """Return the identifications as people told them: a claim that is a track's stays its identity while it
    is silent, and each order is among the evidence.
    """
    by_track: dict[int, list[ClaimOrder]] = {}
    for order in orders:
        by_track.setdefault(order.track_id, []).append(order)
    out = []
    for one in found:
        own = by_track.get(one.track_id, [])
        for order in own:
            word = "is" if order.is_its else "is not"
            says = f"It {word} {order.claimed_id}, by {order.source}."
            one = msgspec.structs.replace(one, evidence=(*one.evidence, says))
            if order.is_its:
                standing = Standing.NEUTRAL if one.standing is Standing.UNKNOWN else one.standing
                one = msgspec.structs.replace(
                    one, claimed_id=order.claimed_id, standing=standing, set_by=order.source
                )
        out.append(one)
    return tuple(out)
