"""The life of a permit: stories that a person can follow, then the table walked at random."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office_people import (
    ANA,
    BEN,
    CHIEF,
    DAY_NS,
    HOUR_NS,
    MINUTE_NS,
    NOW_NS,
    STRANGER,
    disc,
    scope_of,
    terms_of,
)
from skykeep.airspace.permit_life import allowed_actions, open_permit, replay_permit, step_permit
from skykeep.airspace.permit_steps import STEPS, Who
from skykeep.base.errors import InputError
from skykeep.domain.actor import SYSTEM, Actor
from skykeep.domain.faults import IllegalStepError, NotEntitledError
from skykeep.domain.permit import ENDED, Permit, PermitAction, PermitEvent, PermitState, PermitTerms

A, S = PermitAction, PermitState
LATER = scope_of(disc(1.0), NOW_NS + 5 * HOUR_NS, NOW_NS + 6 * HOUR_NS)


def draft() -> Permit:
    return open_permit("P-1", A.REQUEST, ANA, NOW_NS, "", terms_of())[0]


def led(permit: Permit, *steps: tuple[Any, ...]) -> Permit:
    for action, actor, *rest in steps:
        terms = rest[0] if rest else PermitTerms()
        time_utc_ns = rest[1] if len(rest) > 1 else permit.changed_utc_ns
        permit, _ = step_permit(permit, action, actor, time_utc_ns, "because", terms)
    return permit


def granted() -> Permit:
    return led(draft(), (A.SUBMIT, ANA), (A.COORDINATE, SYSTEM), (A.APPROVE, CHIEF))


def test_a_permit_is_asked_for_granted_flown_and_closed() -> None:
    permit = granted()
    assert permit.state is S.APPROVED
    assert permit.stands == scope_of()
    assert permit.authority_id == "city"
    permit = led(permit, (A.ACTIVATE, ANA, PermitTerms(), NOW_NS + HOUR_NS), (A.CLOSE, ANA))
    assert permit.state is S.CLOSED
    assert permit.stands is None


def test_what_was_granted_stands_while_its_amendment_waits() -> None:
    asked = led(granted(), (A.AMEND, ANA, PermitTerms(scope=LATER)))
    assert (asked.state, asked.version) == (S.SUBMITTED, 2)
    assert asked.stands == scope_of()
    judged = asked.as_it_stands
    assert (judged.state, judged.scope, judged.stands) == (S.APPROVED, scope_of(), scope_of())
    assert led(asked, (A.APPROVE, CHIEF)).stands == LATER
    for action, who in ((A.DENY, CHIEF), (A.WITHDRAW, ANA)):
        back = led(asked, (action, who))
        assert (back.state, back.stands, back.scope) == (S.APPROVED, scope_of(), scope_of())


def test_a_flight_in_the_air_stays_active_when_its_amendment_is_approved() -> None:
    flying = led(granted(), (A.ACTIVATE, ANA, PermitTerms(), NOW_NS + HOUR_NS))
    assert led(flying, (A.AMEND, ANA, PermitTerms(scope=LATER)), (A.APPROVE, CHIEF)).state is S.ACTIVE


def test_a_flight_can_begin_under_what_was_granted_while_its_amendment_waits() -> None:
    asked = led(granted(), (A.AMEND, ANA, PermitTerms(scope=LATER)))
    begun = led(asked, (A.ACTIVATE, ANA, PermitTerms(), NOW_NS + HOUR_NS))
    assert begun.state is S.SUBMITTED
    assert led(begun, (A.DENY, CHIEF)).state is S.ACTIVE


def test_a_suspension_ends_with_its_last_cause() -> None:
    held = led(
        granted(),
        (A.SUSPEND, SYSTEM, PermitTerms(cause="incident 1")),
        (A.SUSPEND, SYSTEM, PermitTerms(cause="incident 2")),
    )
    assert held.stands is None
    one_left = led(held, (A.RESUME, SYSTEM, PermitTerms(cause="incident 1")))
    assert (one_left.state, one_left.held_by) == (S.SUSPENDED, ("incident 2",))
    assert led(one_left, (A.RESUME, SYSTEM, PermitTerms(cause="incident 2"))).state is S.APPROVED
    assert led(held, (A.RESUME, CHIEF)).stands == scope_of()


def test_an_amendment_that_waited_waits_again_after_a_suspension() -> None:
    asked = led(granted(), (A.AMEND, ANA, PermitTerms(scope=LATER)), (A.SUSPEND, CHIEF))
    back = led(asked, (A.RESUME, CHIEF))
    assert (back.state, back.stands) == (S.SUBMITTED, scope_of())


STORIES = {
    "a stranger submits another's draft": (A.SUBMIT, BEN, NotEntitledError),
    "an applicant approves": (A.APPROVE, BEN, IllegalStepError),
    "a draft is closed": (A.CLOSE, ANA, IllegalStepError),
}


@pytest.mark.parametrize(("action", "who", "error"), STORIES.values(), ids=STORIES)
def test_what_is_not_allowed_is_refused(action: PermitAction, who: Actor, error: type[InputError]) -> None:
    with pytest.raises(error):
        step_permit(draft(), action, who, NOW_NS, "because")


def test_nobody_grants_what_they_asked_for_and_no_other_authority_does() -> None:
    own = open_permit("P-1", A.REQUEST, CHIEF, NOW_NS, "", terms_of())[0]
    own = led(own, (A.SUBMIT, CHIEF))
    with pytest.raises(NotEntitledError, match="did not ask"):
        led(own, (A.APPROVE, CHIEF))
    with pytest.raises(NotEntitledError, match="authority city"):
        led(granted(), (A.REVOKE, STRANGER))


@pytest.mark.parametrize("action", [A.DENY, A.OFFER])
def test_a_refusal_needs_a_reason(action: PermitAction) -> None:
    asked = led(draft(), (A.SUBMIT, ANA))
    with pytest.raises(InputError, match="reason"):
        step_permit(
            asked, action, CHIEF, NOW_NS, "  ", PermitTerms(scope=LATER if action is A.OFFER else None)
        )


def test_nothing_expires_before_its_end_and_no_flight_begins_outside_its_time() -> None:
    permit = granted()
    end = permit.scope.end_utc_ns
    with pytest.raises(InputError, match="past the permit's end"):
        step_permit(permit, A.EXPIRE, SYSTEM, end, "over")
    assert step_permit(permit, A.EXPIRE, SYSTEM, end + 1, "over")[0].state is S.EXPIRED
    for moment in (NOW_NS + 54 * MINUTE_NS, end + 1):
        with pytest.raises(InputError, match="in what was granted"):
            step_permit(permit, A.ACTIVATE, ANA, moment)
    assert step_permit(permit, A.ACTIVATE, ANA, NOW_NS + 55 * MINUTE_NS)[0].state is S.ACTIVE


def test_nobody_passes_for_a_rule() -> None:
    false = Actor(name="skykeep", role="officer", rights=CHIEF.rights, authority_id="city")
    with pytest.raises(NotEntitledError, match="not our own"):
        step_permit(granted(), A.SUSPEND, false, NOW_NS, "because")


def test_a_step_changes_only_what_is_its_own() -> None:
    with pytest.raises(InputError, match="left out"):
        step_permit(granted(), A.REVOKE, CHIEF, NOW_NS, "because", PermitTerms(scope=LATER))


@given(st.data())
def test_every_walk_along_the_table_can_be_told_again_from_its_events(data: st.DataObject) -> None:
    """A walk of legal steps alone reaches every row; each other step is refused wherever it is tried."""
    permit, event = open_permit("P-1", A.REQUEST, ANA, NOW_NS, "", terms_of())
    events: list[PermitEvent] = [event]
    for _ in range(data.draw(st.integers(1, 15))):
        allowed = allowed_actions(permit)
        for action in PermitAction:
            if action not in allowed:
                with pytest.raises(IllegalStepError):
                    step_permit(permit, action, CHIEF, permit.changed_utc_ns, "because")
        if not allowed:
            assert permit.state in ENDED
            break
        action = data.draw(st.sampled_from(allowed))
        step = STEPS[permit.state, action]
        who = {Who.OWNER: ANA, Who.AUTHORITY: CHIEF, Who.RULE: SYSTEM}[
            data.draw(st.sampled_from(sorted(step.who)))
        ]
        terms = PermitTerms(
            scope=LATER if action in (A.OFFER, A.AMEND) else None,
            cause=data.draw(st.sampled_from([None, "incident 1"])) if "cause" in step.terms else None,
        )
        time_utc_ns = permit.changed_utc_ns
        if action is A.ACTIVATE:
            assert permit.granted is not None
            time_utc_ns = max(time_utc_ns, permit.granted.start_utc_ns)
            if time_utc_ns > permit.granted.end_utc_ns:
                continue
        if action is A.EXPIRE:
            time_utc_ns = NOW_NS + DAY_NS
        before = permit
        permit, event = step_permit(permit, action, who, time_utc_ns, "because", terms)
        events.append(event)
        assert (event.before, event.after, event.by) == (before.state, permit.state, who.name)
        assert permit.version >= before.version
        if permit.state in ENDED:
            assert permit.stands is None
    assert replay_permit(events) == permit
    assert msgspec.json.decode(msgspec.json.encode(events), type=list[PermitEvent]) == events
