"""Whatever people do in whatever order: no illegal step, no decision lost, every change somebody's, never two
flights in the same air, never a restriction on one signature.

A few hundred steps here; SKYKEEP_STATEFUL_STEPS=10000 for a night of them.
"""

from __future__ import annotations

import os
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from office_people import (
    ANA,
    BEN,
    CHIEF,
    CITY,
    DEPUTY,
    HOUR_NS,
    NOW_NS,
    PEOPLE,
    disc,
    office_at,
    scope_of,
    terms_of,
    zone_of,
)
from skykeep.airspace.conflicts import shared_stretches
from skykeep.airspace.permit_life import allowed_actions, replay_permit
from skykeep.airspace.permit_steps import STEPS
from skykeep.airspace.restriction_life import STEPS as RESTRICTION_STEPS
from skykeep.airspace.restriction_life import replay_restriction
from skykeep.airspace.rules import AutoRules
from skykeep.app.office import OfficeSettings
from skykeep.base.errors import InputError
from skykeep.domain.actor import SYSTEM, Actor
from skykeep.domain.faults import IllegalStepError
from skykeep.domain.permit import ENDED, GRANTED, Permit, PermitAction, PermitPriority, PermitState
from skykeep.domain.restriction import RestrictionState
from skykeep.domain.zone import Circle, Restriction

STEPS_A_RUN = 50
RUNS = max(1, int(os.environ.get("SKYKEEP_STATEFUL_STEPS", "600")) // STEPS_A_RUN)

people = st.sampled_from(PEOPLE)
places_km = st.sampled_from([0.0, 0.3, 5.0])
hours = st.integers(0, 3)
priorities = st.sampled_from(PermitPriority)
reasons = st.sampled_from(["", "because"])
picks = st.integers(0, 5)
BY_NAME = {
    "submit": PermitAction.SUBMIT,
    "approve": PermitAction.APPROVE,
    "deny": PermitAction.DENY,
    "accept": PermitAction.ACCEPT_OFFER,
    "activate": PermitAction.ACTIVATE,
    "suspend": PermitAction.SUSPEND,
    "resume": PermitAction.RESUME,
    "revoke": PermitAction.REVOKE,
    "withdraw": PermitAction.WITHDRAW,
    "close": PermitAction.CLOSE,
}
RULES = OfficeSettings(default_authority_id=CITY, auto={CITY: AutoRules()})


class OfficeMachine(RuleBasedStateMachine):
    """People of every kind do everything that the office offers, allowed or not."""

    def __init__(self) -> None:
        super().__init__()
        self.office, self.clock = office_at(settings=RULES)
        # What the office said that it had decided, by permit: nothing of it may be lost.
        self.told: dict[str, Permit] = {}
        self.steps = 0

    @rule(who=people, east_km=places_km, hour=hours, priority=priorities)
    def apply(self, who: Actor, east_km: float, hour: int, priority: PermitPriority) -> None:
        self.do(lambda: self.office.permits.apply(who, terms_of(self.scope(east_km, hour), priority)))

    @rule(who=people, east_km=places_km, hour=hours, priority=priorities)
    def quick(self, who: Actor, east_km: float, hour: int, priority: PermitPriority) -> None:
        terms = terms_of(self.scope(east_km, hour), priority)
        terms = msgspec.structs.replace(terms, legal_basis="police act")
        self.do(lambda: self.office.permits.quick(who, terms, "a call"))

    @rule(who=people, which=picks, name=st.sampled_from(sorted(BY_NAME)), reason=reasons)
    def take(self, who: Actor, which: int, name: str, reason: str) -> None:
        permit = self.picked(which)
        if permit is None:
            return
        method = getattr(self.office.permits, name)
        plain = name == "submit"
        self.do(
            lambda: method(who, permit.permit_id) if plain else method(who, permit.permit_id, reason),
            permit,
            BY_NAME[name],
        )

    @rule(who=people, which=picks, east_km=places_km, hour=hours)
    def amend(self, who: Actor, which: int, east_km: float, hour: int) -> None:
        permit = self.picked(which)
        if permit is not None:
            terms = terms_of(self.scope(east_km, hour), permit.priority)
            self.do(
                lambda: self.office.permits.amend(who, permit.permit_id, terms), permit, PermitAction.AMEND
            )

    @rule(who=people, which=picks, east_km=places_km, hour=hours)
    def offer(self, who: Actor, which: int, east_km: float, hour: int) -> None:
        permit = self.picked(which)
        if permit is not None:
            scope = self.scope(east_km, hour)
            self.do(
                lambda: self.office.permits.offer(who, permit.permit_id, scope, "later"),
                permit,
                PermitAction.OFFER,
            )

    @rule(incident=st.sampled_from(["i1", "i2"]), east_km=places_km, ends=st.booleans())
    def incident(self, incident: str, east_km: float, ends: bool) -> None:
        if ends:
            changed = self.office.permits.resume_after(CHIEF, incident)
        else:
            area = disc(east_km).outline
            assert isinstance(area, Circle)
            changed = self.office.permits.suspend_for_incident(CHIEF, incident, area)
        for permit in changed:
            self.told[permit.permit_id] = permit

    @rule(minutes=st.sampled_from([1, 20, 90]))
    def time_goes_on(self, minutes: int) -> None:
        self.clock.set_utc_ns(self.clock.now_utc_ns() + minutes * HOUR_NS // 60)
        for permit in self.office.permits.expire_due():
            self.told[permit.permit_id] = permit
        self.office.restrictions.expire_due()

    @rule(who=people, east_km=places_km, ring=st.booleans())
    def draw(self, who: Actor, east_km: float, ring: bool) -> None:
        desk = self.office.restrictions
        zone = zone_of("", disc(east_km), Restriction.PROHIBITED)
        if ring:
            self.do(lambda: desk.emergency_ring(who, "i1", (20.0, 48.0), 300.0))
        else:
            self.do(lambda: desk.draw(who, zone, "a reason", title="a ban"))

    @rule(who=people, which=picks, name=st.sampled_from(["sign", "sign", "sign", "amend", "cancel"]))
    def restrict(self, who: Actor, which: int, name: str) -> None:
        drawn = self.office.restrictions.list()
        if drawn:
            restriction_id = drawn[which % len(drawn)].restriction_id
            method = getattr(self.office.restrictions, name)
            self.do(
                lambda: method(who, restriction_id) if name == "sign" else method(who, restriction_id, "r")
            )

    def scope(self, east_km: float, hour: int) -> Any:
        start = self.clock.now_utc_ns() + hour * HOUR_NS
        return scope_of(disc(east_km), start, start + HOUR_NS)

    def picked(self, which: int) -> Permit | None:
        permits = self.office.register.read().permits()
        return permits[which % len(permits)] if permits else None

    def do(self, act: Any, permit: Permit | None = None, action: PermitAction | None = None) -> None:
        """Act, and check that what is refused changed nothing and what the table forbids is refused."""
        before = self.office.register.read()
        self.steps += 1
        try:
            after = act()
        except InputError as error:
            refused = error
        else:
            refused = None
        if refused is not None:
            now = self.office.register.read()
            assert now.changes_after(0, 10**9) == before.changes_after(0, 10**9)
            assert now.permits() == before.permits()
            assert refused.field
            assert refused.must
            return
        if permit is not None and action is not None:
            assert action in allowed_actions(permit)
        if isinstance(after, Permit):
            self.told[after.permit_id] = after

    @invariant()
    def events_give_the_record(self) -> None:
        reader = self.office.register.read()
        for permit in reader.permits():
            events = reader.permit_events(permit.permit_id)
            assert replay_permit(events) == permit
            assert events[-1].after is permit.state
            state = None
            for event in events:
                assert event.before is state
                assert (event.before, event.action) in STEPS
                assert event.by in {each.name for each in (*PEOPLE, SYSTEM)}
                assert event.role
                assert event.time_utc_ns >= NOW_NS
                state = event.after
        for restriction in reader.restrictions():
            restricted = reader.restriction_events(restriction.restriction_id)
            assert replay_restriction(restricted) == restriction
            for each in restricted:
                assert (each.before, each.action) in RESTRICTION_STEPS
                assert each.by
                assert each.role

    @invariant()
    def no_decision_is_lost(self) -> None:
        reader = self.office.register.read()
        for permit_id, told in self.told.items():
            events = reader.permit_events(permit_id)
            assert any(
                event.after is told.state and event.time_utc_ns == told.changed_utc_ns for event in events
            )

    @invariant()
    def two_flights_never_share_air(self) -> None:
        standing = [each for each in self.office.register.read().permits() if each.stands is not None]
        for place, one in enumerate(standing):
            for other in standing[place + 1 :]:
                assert one.stands is not None
                assert other.stands is not None
                assert not shared_stretches(one.stands.volumes, other.stands.volumes)

    @invariant()
    def every_publication_has_two_signatures(self) -> None:
        for each in self.office.restrictions.list():
            if each.state is RestrictionState.PUBLISHED:
                names = {signature.by for signature in each.signatures}
                one_is_enough = each.emergency and each.lapses_utc_ns is not None
                assert len(names) >= 2 or one_is_enough
                assert len(names) == len(each.signatures)
                assert names <= {CHIEF.name, DEPUTY.name} or each.authority_id != CITY

    @invariant()
    def nobody_decides_on_their_own(self) -> None:
        reader = self.office.register.read()
        for permit in reader.permits():
            for event in reader.permit_events(permit.permit_id):
                if event.action in (PermitAction.APPROVE, PermitAction.OFFER):
                    assert event.by != permit.owner

    @invariant()
    def what_ended_waits_for_nothing(self) -> None:
        for permit in self.office.register.read().permits():
            assert (permit.state is PermitState.SUSPENDED) == bool(permit.held_by)
            if permit.state in ENDED:
                assert allowed_actions(permit) == ()
            if permit.state in GRANTED:
                assert permit.granted == permit.scope

    @invariant()
    def others_see_nothing(self) -> None:
        desk = self.office.permits
        for who in (ANA, BEN):
            assert all(each.owner == who.name for each in desk.list(who))


TestOffice = OfficeMachine.TestCase
TestOffice.settings = settings(
    max_examples=RUNS,
    stateful_step_count=STEPS_A_RUN,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


def test_a_step_that_the_table_does_not_know_is_illegal() -> None:
    office, _ = office_at()
    permit = office.permits.request(ANA, terms_of())
    with pytest.raises(IllegalStepError, match="that is draft, must be one of amend, submit, withdraw"):
        office.permits.close(ANA, permit.permit_id)
