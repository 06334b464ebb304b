"""The office over the real register, SQLite and PostgreSQL: what it must not learn only from a double."""

from __future__ import annotations

import msgspec
import pytest

from office_people import (
    ANA,
    BEN,
    CHIEF,
    CITY,
    DEPUTY,
    HOUR_NS,
    MINUTE_NS,
    NOW_NS,
    disc,
    scope_of,
    terms_of,
    zone_of,
)
from skykeep.airspace.permit_life import replay_permit
from skykeep.airspace.restriction_life import replay_restriction
from skykeep.app.office import Office, OfficeSettings
from skykeep.base.clock import ManualClock
from skykeep.domain.faults import ConflictError
from skykeep.domain.permit import PermitPriority, PermitState, PermitTerms
from skykeep.domain.register import Register
from skykeep.domain.zone import Period, Restriction

LATER = scope_of(disc(), NOW_NS + 5 * HOUR_NS, NOW_NS + 6 * HOUR_NS)


def office_over(register: Register) -> tuple[Office, ManualClock]:
    clock = ManualClock(NOW_NS)
    return Office(register, clock, OfficeSettings(default_authority_id=CITY)), clock


def test_what_was_granted_keeps_its_claim_while_an_amendment_to_another_time_waits(
    register: Register,
) -> None:
    office, _ = office_over(register)
    mine = office.permits.apply(ANA, terms_of())
    office.permits.approve(CHIEF, mine.permit_id)
    office.permits.amend(ANA, mine.permit_id, PermitTerms(scope=LATER))
    other = office.permits.apply(BEN, terms_of())
    with pytest.raises(ConflictError):
        office.permits.approve(CHIEF, other.permit_id)
    assert office.permits.show(BEN, other.permit_id).state is PermitState.FURTHER_COORDINATION
    kept = register.read().permit(mine.permit_id)
    assert replay_permit(register.read().permit_events(mine.permit_id)) == kept


def test_police_hold_and_let_go(register: Register) -> None:
    office, _ = office_over(register)
    mine = office.permits.apply(ANA, terms_of())
    office.permits.approve(CHIEF, mine.permit_id)
    terms = terms_of(priority=PermitPriority.POLICE)
    police = office.permits.quick(CHIEF, msgspec.structs.replace(terms, legal_basis="police act"), "a raid")
    assert office.permits.show(ANA, mine.permit_id).state is PermitState.SUSPENDED
    office.permits.revoke(DEPUTY, police.permit_id, "over")
    assert office.permits.show(ANA, mine.permit_id).state is PermitState.APPROVED


def test_a_ban_is_in_force_from_its_second_signature_and_announced_once(register: Register) -> None:
    office, clock = office_over(register)
    office.subscribers.subscribe(BEN, "email", "ben@example.org")
    period = Period(start_utc_ns=NOW_NS + 2 * HOUR_NS, end_utc_ns=NOW_NS + 4 * HOUR_NS)
    ban = msgspec.structs.replace(zone_of("", restriction=Restriction.PROHIBITED), periods=(period,))
    drawn = office.restrictions.draw(CHIEF, ban, "a parade", lead_in_s=3_600.0)
    office.restrictions.sign(CHIEF, drawn.restriction_id)
    assert register.read().zones_at(NOW_NS) == ()
    office.restrictions.sign(DEPUTY, drawn.restriction_id)
    assert [each.zone_id for each in register.read().zones_at(NOW_NS)] == [drawn.restriction_id]
    for minutes in (60, 61, 90):
        clock.set_utc_ns(NOW_NS + minutes * MINUTE_NS)
        office.tick()
    kinds = [each.notice.kind for each in register.read().deliveries()]
    assert kinds == ["restriction.published", "restriction.announced"]
    office.restrictions.amend(CHIEF, drawn.restriction_id, "wider", zone=ban)
    assert [each.zone_id for each in register.read().zones_at(clock.now_utc_ns())] == [drawn.restriction_id]
    office.tick()
    events = register.read().restriction_events(drawn.restriction_id)
    assert replay_restriction(events) == register.read().restriction(drawn.restriction_id)


def test_a_ring_lapses_on_one_signature(register: Register) -> None:
    office, clock = office_over(register)
    office.restrictions.emergency_ring(CHIEF, "i1", (20.0, 48.0), 500.0)
    assert len(register.read().zones_at(NOW_NS)) == 1
    clock.set_utc_ns(NOW_NS + 31 * MINUTE_NS)
    office.tick()
    assert register.read().zones_at(clock.now_utc_ns()) == ()
