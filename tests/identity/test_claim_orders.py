"""A person's word on whose claim it is goes before every fit, and is told as theirs."""

from __future__ import annotations

import numpy as np
import pytest

from judged_scenes import RADAR, SERIAL, at_ns, claim, picture, site
from skykeep.domain.identity import ClaimVerdict, Identification, Standing
from skykeep.domain.orders import ClaimOrder
from skykeep.identity import ClaimState, Identifier

SOURCE = "order-0001 of Anna Weber"
HERE, FAR = [2000.0, 500.0, 80.0, 5.0, 0.0, 0.0], [-1500.0, 500.0, 80.0, 5.0, 0.0, 0.0]


def watch(
    orders: tuple[ClaimOrder, ...], from_s: int = 0, seconds: int = 20, silent_from_s: int = 1000
) -> tuple[tuple[Identification, ...], tuple[ClaimState, ...]]:
    """Track 1 flies where the claim says; track 2 is 3.5 km away. Orders hold from `from_s` on."""
    identifier = Identifier(site(sensors=(RADAR,)))
    found: tuple[Identification, ...] = ()
    for now_s in range(seconds):
        states = np.array([HERE, FAR])
        states[:, 0] += 5.0 * now_s
        if now_s < silent_from_s:
            here = states[0].tolist()
            identifier.receive_claim(claim(now_s, here[:3], here[3:], claimed_id=SERIAL))
        found = identifier.judge(picture(now_s, states), states[:, 2], orders if now_s >= from_s else ())
    return found, identifier.claims(at_ns(seconds))


def own(track_id: int, *, is_its: bool = True, claimed_id: str = SERIAL) -> ClaimOrder:
    return ClaimOrder(track_id=track_id, claimed_id=claimed_id, is_its=is_its, source=SOURCE)


def test_without_an_order_the_claim_is_of_the_track_that_fits() -> None:
    (near, far), _ = watch(())
    assert (near.claimed_id, far.claimed_id) == (SERIAL, "")


@pytest.mark.parametrize("from_s", [0, 10])
def test_a_claim_told_to_be_another_tracks_is_that_ones_however_far(from_s: int) -> None:
    (near, far), (state,) = watch((own(2),), from_s)
    assert (near.claimed_id, far.claimed_id) == ("", SERIAL)
    assert near.claims == ()
    assert state.test.verdict is ClaimVerdict.CONSISTENT
    assert state.test.residual_m == pytest.approx(3500.0, abs=20.0)
    assert state.test.because.startswith(f"By {SOURCE} it is this track's; it claims to be 35")
    assert far.set_by == SOURCE
    assert far.standing is Standing.NEUTRAL


@pytest.mark.parametrize("from_s", [0, 10])
def test_a_claim_told_not_to_be_a_tracks_is_not_however_well_it_fits(from_s: int) -> None:
    (near, far), (state,) = watch((own(1, is_its=False),), from_s)
    assert (near.claimed_id, far.claimed_id) == ("", "")
    assert near.claims == ()
    assert state.test.track_id is None
    assert f"It is not {SERIAL}, by {SOURCE}." in near.evidence


def test_a_claim_told_not_to_be_a_tracks_does_not_hang_on_through_silence() -> None:
    (near, _), _ = watch((own(1, is_its=False),), from_s=14, silent_from_s=12, seconds=24)
    assert near.claimed_id == ""
    (near, _), _ = watch((), silent_from_s=12, seconds=24)
    assert near.claimed_id == SERIAL


def test_an_identity_that_is_told_holds_while_nobody_broadcasts_it() -> None:
    (near, far), _ = watch((own(2, claimed_id="SILENT-1"),))
    assert (near.claimed_id, far.claimed_id) == (SERIAL, "SILENT-1")
    assert f"It is SILENT-1, by {SOURCE}." in far.evidence


def test_an_order_about_a_track_that_is_gone_leaves_the_fit_alone() -> None:
    (near, _), _ = watch((own(9),))
    assert near.claimed_id == SERIAL
