"""The life of a restriction: two different people, or an hour at most."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office_people import ANA, CHIEF, DEPUTY, MINUTE_NS, NOW_NS, STRANGER, disc, zone_of
from skykeep.airspace.restriction_life import (
    STEPS,
    allowed_actions,
    open_restriction,
    replay_restriction,
    step_restriction,
)
from skykeep.base.errors import InputError
from skykeep.domain.actor import SYSTEM, Actor
from skykeep.domain.faults import IllegalStepError, NotEntitledError
from skykeep.domain.restriction import (
    AirspaceRestriction,
    RestrictionAction,
    RestrictionState,
    RestrictionTerms,
)
from skykeep.domain.zone import Restriction

A, S = RestrictionAction, RestrictionState
BAN = zone_of("", restriction=Restriction.PROHIBITED)
WIDER = zone_of("", disc(radius_m=9_000.0), Restriction.PROHIBITED)
LAPSES_NS = NOW_NS + 30 * MINUTE_NS
RING = RestrictionTerms(zone=BAN, incident_id="i1", lapses_utc_ns=LAPSES_NS)


def drawn() -> AirspaceRestriction:
    return open_restriction("R-1", A.DRAW, CHIEF, NOW_NS, "parade", RestrictionTerms(zone=BAN))[0]


def ring() -> AirspaceRestriction:
    return open_restriction("R-1", A.PUBLISH, CHIEF, NOW_NS, "shots", RING)[0]


def led(restriction: AirspaceRestriction, *steps: tuple[RestrictionAction, Actor]) -> AirspaceRestriction:
    for action, actor in steps:
        restriction, _ = step_restriction(restriction, action, actor, NOW_NS, "because")
    return restriction


def test_two_people_publish_what_one_drew() -> None:
    restriction = led(drawn(), (A.SIGN, CHIEF))
    assert restriction.published is None
    restriction = led(restriction, (A.PUBLISH, DEPUTY))
    assert restriction.published is not None
    assert restriction.published.zone_id == "R-1"
    assert [each.by for each in restriction.signatures] == ["chief", "deputy"]


def test_nobody_signs_twice_and_no_other_authority_signs() -> None:
    signed = led(drawn(), (A.SIGN, CHIEF))
    with pytest.raises(NotEntitledError, match="second, different person"):
        led(signed, (A.PUBLISH, CHIEF))
    with pytest.raises(NotEntitledError, match="authority city"):
        led(signed, (A.PUBLISH, STRANGER))
    with pytest.raises(NotEntitledError, match="right to restrict"):
        led(signed, (A.PUBLISH, ANA))


def test_what_is_published_stays_until_its_amendment_has_both_signatures() -> None:
    restriction = led(drawn(), (A.SIGN, CHIEF), (A.PUBLISH, DEPUTY))
    amended, _ = step_restriction(
        restriction, A.AMEND, CHIEF, NOW_NS, "it grew", RestrictionTerms(zone=WIDER)
    )
    once = led(amended, (A.SIGN, DEPUTY))
    assert amended.version == 2
    assert once.published == restriction.published
    assert once.zone.volumes == WIDER.volumes
    twice = led(once, (A.PUBLISH, CHIEF))
    assert twice.published is not None
    assert twice.published.volumes == WIDER.volumes


def test_a_signed_draft_that_is_changed_has_lost_its_signature() -> None:
    signed = led(drawn(), (A.SIGN, CHIEF))
    changed, _ = step_restriction(signed, A.AMEND, DEPUTY, NOW_NS, "wider", RestrictionTerms(zone=WIDER))
    assert (changed.state, changed.signatures) == (S.DRAFT, ())


def test_a_ring_is_in_force_at_once_and_lapses_on_one_signature() -> None:
    one = ring()
    assert one.published is not None
    with pytest.raises(InputError, match="past its end"):
        step_restriction(one, A.EXPIRE, SYSTEM, LAPSES_NS, "lapsed")
    lapsed, _ = step_restriction(one, A.EXPIRE, SYSTEM, LAPSES_NS + 1, "lapsed")
    assert (lapsed.state, lapsed.published) == (S.EXPIRED, None)
    two = led(one, (A.SIGN, DEPUTY))
    assert two.lapses_utc_ns is None
    with pytest.raises(IllegalStepError):
        led(two, (A.SIGN, CHIEF))
    with pytest.raises(NotEntitledError, match="second"):
        led(one, (A.SIGN, CHIEF))


def test_a_ring_that_is_being_amended_still_lapses() -> None:
    amended, _ = step_restriction(ring(), A.AMEND, CHIEF, NOW_NS, "wider", RestrictionTerms(zone=WIDER))
    assert led(amended, (A.SIGN, CHIEF)).lapses_utc_ns == LAPSES_NS
    assert led(amended, (A.SIGN, CHIEF), (A.PUBLISH, DEPUTY)).lapses_utc_ns is None


@pytest.mark.parametrize("missing", ["incident_id", "lapses_utc_ns"])
def test_only_an_incident_justifies_one_signature(missing: str) -> None:
    said = {"incident_id": "i1", "lapses_utc_ns": LAPSES_NS} | {missing: None}
    with pytest.raises(InputError, match=missing):
        open_restriction("R-1", A.PUBLISH, CHIEF, NOW_NS, "shots", RestrictionTerms(zone=BAN, **said))  # type: ignore[arg-type]


def test_taking_back_needs_a_reason() -> None:
    with pytest.raises(InputError, match="reason"):
        step_restriction(drawn(), A.CANCEL, CHIEF, NOW_NS, "")


@given(st.data())
def test_no_walk_publishes_on_one_signature(data: st.DataObject) -> None:
    opened = open_restriction("R-1", A.PUBLISH, CHIEF, NOW_NS, "shots", RING)
    if data.draw(st.booleans()):
        opened = open_restriction("R-1", A.DRAW, CHIEF, NOW_NS, "parade", RestrictionTerms(zone=BAN))
    restriction, event = opened
    events = [event]
    for _ in range(data.draw(st.integers(1, 12))):
        allowed = [each for each in allowed_actions(restriction) if each is not A.EXPIRE]
        for action in RestrictionAction:
            if action not in allowed_actions(restriction):
                with pytest.raises(IllegalStepError):
                    step_restriction(restriction, action, CHIEF, NOW_NS, "because")
        if not allowed:
            break
        action = data.draw(st.sampled_from(allowed))
        who = data.draw(st.sampled_from([CHIEF, DEPUTY]))
        terms = RestrictionTerms(zone=WIDER) if action is A.AMEND else RestrictionTerms()
        before = restriction
        try:
            restriction, event = step_restriction(restriction, action, who, NOW_NS, "because", terms)
        except NotEntitledError:
            assert any(each.by == who.name for each in before.signatures)
            continue
        events.append(event)
        assert (before.state, action) in STEPS
        names = {each.by for each in restriction.signatures}
        if restriction.published is not None and restriction.published != before.published:
            assert len(names) >= 2
        if restriction.state is S.PUBLISHED and restriction.lapses_utc_ns is None:
            assert len(names) >= 2
    assert replay_restriction(events) == restriction
