"""The office as people meet it: who may, who sees what, who goes first, what is told to whom."""

from __future__ import annotations

import math
import threading

import msgspec
import pytest

from office_people import (
    ANA,
    BEN,
    CHIEF,
    CITY,
    CLERK,
    DAY_NS,
    DEPUTY,
    HOUR_NS,
    MINUTE_NS,
    NOW_NS,
    STRANGER,
    bring_in,
    disc,
    office_at,
    scope_of,
    terms_of,
    zone_of,
)
from skykeep.airspace.permit_life import replay_permit
from skykeep.airspace.rules import AutoRules
from skykeep.app.office import Office, OfficeSettings, applicant_of
from skykeep.base.errors import InputError
from skykeep.domain.faults import (
    ConflictError,
    FormError,
    IllegalStepError,
    NotEntitledError,
    UnknownSubjectError,
)
from skykeep.domain.permit import (
    Flight,
    Permit,
    PermitAction,
    PermitPriority,
    PermitState,
    PermitTerms,
    Scope,
)
from skykeep.domain.zone import Circle, Limit, Restriction

AUTO = OfficeSettings(default_authority_id=CITY, auto={CITY: AutoRules(legal_basis="city order 7")})
LATER = scope_of(disc(), NOW_NS + 5 * HOUR_NS, NOW_NS + 6 * HOUR_NS)


def police_terms(scope: Scope | None = None) -> PermitTerms:
    terms = terms_of(scope, PermitPriority.POLICE)
    return msgspec.structs.replace(terms, legal_basis="police act 5")


def notices(office: Office, kind: str) -> list[str]:
    return [each.subject for each in office.register.notices if each.kind == kind]  # type: ignore[attr-defined]


def test_a_low_flight_in_open_sky_is_approved_at_once_by_rule() -> None:
    office, _ = office_at(settings=AUTO)
    permit = office.permits.apply(ANA, terms_of())
    assert permit.state is PermitState.AUTO_APPROVED
    assert permit.legal_basis == "city order 7"
    assert "ceiling" in permit.reason


def test_all_faults_are_told_at_once_and_a_draft_with_them_is_kept() -> None:
    office, _ = office_at()
    bad = PermitTerms(holder="", scope=Scope(volumes=(), flight=Flight(operation_category="Specific")))
    draft = office.permits.request(ANA, bad)
    with pytest.raises(FormError) as refused:
        office.permits.submit(ANA, draft.permit_id)
    fields = {error.field for error in refused.value.errors}
    assert {"holder", "contact", "serials", "operator_ids", "flight.uas_class", "volumes"} <= fields
    assert office.permits.show(ANA, draft.permit_id).state is PermitState.DRAFT
    with pytest.raises(FormError):
        office.permits.apply(ANA, bad)
    assert len(office.permits.list(ANA)) == 1


def test_the_secret_part_of_an_operator_number_is_never_kept() -> None:
    office, _ = office_at()
    scope = msgspec.structs.replace(scope_of(), operator_ids=("CHEo5kut30e0mt01-qwe",))
    permit = office.permits.request(ANA, terms_of(scope))
    assert permit.scope.operator_ids == ("CHEo5kut30e0mt01",)
    events = office.register.read().permit_events(permit.permit_id)
    assert b"qwe" not in msgspec.json.encode(events)


def test_the_authority_opens_what_it_may_and_no_inner_ring_of_another() -> None:
    office, _ = office_at()
    bring_in(office, zone_of("park"), zone_of("ban", restriction=Restriction.PROHIBITED))
    permit = office.permits.apply(ANA, terms_of())
    assert permit.state is PermitState.FURTHER_COORDINATION
    with pytest.raises(ConflictError, match="ban"):
        office.permits.approve(CHIEF, permit.permit_id)
    granted = office.permits.approve(CHIEF, permit.permit_id, unlocks=("park", "ban"), conditions=("by day",))
    assert granted.stands is not None
    assert granted.stands.unlocks == ("park", "ban")
    assert granted.stands.conditions == ("by day",)
    office, _ = office_at()
    bring_in(office, zone_of("ring", authority_id="state"))
    permit = office.permits.apply(ANA, terms_of())
    with pytest.raises(ConflictError, match="only authority state"):
        office.permits.approve(CHIEF, permit.permit_id, unlocks=("ring",))


def test_an_offer_is_granted_when_it_is_accepted() -> None:
    office, _ = office_at()
    permit = office.permits.apply(ANA, terms_of())
    offered = office.permits.offer(CHIEF, permit.permit_id, LATER, "the parade")
    assert offered.stands is None
    with pytest.raises(NotEntitledError):
        office.permits.accept(CHIEF, permit.permit_id)
    assert office.permits.accept(ANA, permit.permit_id).stands == LATER


def test_of_two_approved_at_once_for_the_same_air_one_is_refused() -> None:
    office, _ = office_at()
    ids = [office.permits.apply(who, terms_of()).permit_id for who in (ANA, BEN)]
    start, refused = threading.Barrier(2, timeout=10), []

    def approve(permit_id: str) -> None:
        start.wait()
        try:
            office.permits.approve(CHIEF, permit_id)
        except ConflictError:
            refused.append(permit_id)

    threads = [threading.Thread(target=approve, args=(each,)) for each in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    states = [office.permits.show(CHIEF, each).state for each in ids]
    assert sorted(states) == [PermitState.APPROVED, PermitState.FURTHER_COORDINATION]
    assert len(refused) == 1


def granted_to(office: Office, scope: Scope | None = None) -> Permit:
    permit = office.permits.apply(ANA, terms_of(scope))
    return office.permits.approve(CHIEF, permit.permit_id)


def test_police_fly_at_once_in_private_and_whom_they_hold_up_learns_no_more_than_that() -> None:
    office, _ = office_at()
    bring_in(office, zone_of("ban", restriction=Restriction.PROHIBITED))
    office.permits.approve(CHIEF, office.permits.apply(ANA, terms_of()).permit_id, unlocks=("ban",))
    (mine,) = office.permits.list(ANA)
    police = office.permits.quick(CHIEF, police_terms(), "a raid")
    assert police.state is PermitState.APPROVED
    assert police.private
    assert police.stands is not None
    assert police.stands.unlocks == ("ban",)
    held = office.permits.show(ANA, mine.permit_id)
    assert held.state is PermitState.SUSPENDED
    said = msgspec.json.encode((held, office.permits.history(ANA, mine.permit_id)))
    assert police.permit_id.encode() not in said
    for who in (ANA, BEN, CLERK):
        with pytest.raises(UnknownSubjectError) as hidden:
            office.permits.show(who, police.permit_id)
        with pytest.raises(UnknownSubjectError) as absent:
            office.permits.show(who, "P-NONE")
        assert str(hidden.value).replace(police.permit_id, "") == str(absent.value).replace("P-NONE", "")
        assert police.permit_id not in {each.permit_id for each in office.permits.list(who)}
    assert office.permits.show(DEPUTY, police.permit_id) == police
    checked = office.permits.check(BEN, scope_of(), PermitPriority.HOBBY, CITY)
    assert police.permit_id.encode() not in msgspec.json.encode(checked)
    assert office.permits.alternatives(BEN, scope_of(), PermitPriority.HOBBY, CITY) == ()
    assert office.permits.withdraw(CHIEF, police.permit_id).state is PermitState.WITHDRAWN
    assert office.permits.show(ANA, mine.permit_id).state is PermitState.APPROVED


@pytest.mark.parametrize("who", [ANA, CLERK])
def test_a_quick_permit_is_for_those_entitled_and_for_first_priorities(who: object) -> None:
    office, _ = office_at()
    with pytest.raises(NotEntitledError):
        office.permits.quick(who, police_terms(), "a raid")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="priority"):
        office.permits.quick(CHIEF, terms_of(), "a raid")
    with pytest.raises(NotEntitledError, match="private"):
        office.permits.request(ANA, msgspec.structs.replace(police_terms(), private=True))


def test_who_is_held_by_a_flight_that_goes_first_is_not_resumed_before_it_is_over() -> None:
    office, _ = office_at()
    mine = granted_to(office)
    office.permits.quick(CHIEF, police_terms(), "a raid")
    with pytest.raises(ConflictError):
        office.permits.resume(CHIEF, mine.permit_id, "let it")


def test_an_incident_holds_what_flies_there_and_lets_it_go() -> None:
    office, _ = office_at()
    near, far = granted_to(office), granted_to(office, scope_of(disc(20.0)))
    area = disc(radius_m=1_000.0).outline
    held = office.permits.suspend_for_incident(CHIEF, "i1", area)
    assert [each.permit_id for each in held] == [near.permit_id]
    assert office.permits.suspend_for_incident(CHIEF, "i1", area) == ()
    office.permits.suspend_for_incident(CHIEF, "i2", area)
    assert office.permits.show(ANA, far.permit_id).state is PermitState.APPROVED
    office.permits.resume_after(CHIEF, "i1")
    assert office.permits.show(ANA, near.permit_id).state is PermitState.SUSPENDED
    office.permits.resume_after(CHIEF, "i2")
    assert office.permits.show(ANA, near.permit_id).state is PermitState.APPROVED
    with pytest.raises(NotEntitledError):
        office.permits.suspend_for_incident(ANA, "i3", area)


def test_an_emergency_ring_holds_what_flies_in_it_and_its_end_lets_it_go() -> None:
    office, _ = office_at()
    near, far = granted_to(office), granted_to(office, scope_of(disc(20.0)))
    area = disc(radius_m=1_000.0).outline
    assert isinstance(area, Circle)
    office.tick()
    assert office.permits.show(ANA, near.permit_id).state is PermitState.APPROVED
    ring = office.restrictions.emergency_ring(
        CHIEF, "alert-7", (area.longitude_deg, area.latitude_deg), area.radius_m
    )
    for _ in range(2):
        office.tick()
        held = office.permits.show(ANA, near.permit_id)
        assert (held.state, held.held_by) == (PermitState.SUSPENDED, ("ring alert-7",))
        assert office.permits.show(ANA, far.permit_id).state is PermitState.APPROVED
    office.restrictions.cancel(CHIEF, ring.restriction_id, "it is over")
    office.tick()
    assert office.permits.show(ANA, near.permit_id).state is PermitState.APPROVED
    steps = [event.action for event in office.permits.history(CHIEF, near.permit_id)]
    assert steps.count(PermitAction.SUSPEND) == steps.count(PermitAction.RESUME) == 1


def test_what_was_granted_keeps_its_claim_at_its_own_time_while_an_amendment_waits() -> None:
    office, _ = office_at()
    mine = granted_to(office)
    office.permits.amend(ANA, mine.permit_id, PermitTerms(scope=LATER))
    other = office.permits.apply(BEN, terms_of())
    with pytest.raises(ConflictError):
        office.permits.approve(CHIEF, other.permit_id)


def test_what_is_over_expires() -> None:
    office, clock = office_at()
    mine = granted_to(office)
    clock.set_utc_ns(mine.scope.end_utc_ns)
    assert office.permits.expire_due() == ()
    clock.set_utc_ns(mine.scope.end_utc_ns + 1)
    assert [each.state for each in office.permits.expire_due()] == [PermitState.EXPIRED]
    with pytest.raises(IllegalStepError, match="nothing: it has ended"):
        office.permits.activate(ANA, mine.permit_id)


def test_others_can_do_nothing_with_a_permit() -> None:
    office, _ = office_at()
    mine = granted_to(office)
    for act in (
        office.permits.withdraw,
        office.permits.activate,
        office.permits.close,
        office.permits.accept,
    ):
        with pytest.raises(UnknownSubjectError):
            act(BEN, mine.permit_id)
    with pytest.raises(NotEntitledError):
        office.permits.revoke(ANA, mine.permit_id, "because")
    with pytest.raises(NotEntitledError):
        office.permits.revoke(STRANGER, mine.permit_id, "because")


def test_the_inbox_holds_what_waits_for_this_authority_alone() -> None:
    office, _ = office_at()
    waiting = office.permits.apply(ANA, terms_of(LATER))
    elsewhere = msgspec.structs.replace(terms_of(), authority_id="state")
    office.permits.apply(BEN, elsewhere)
    assert [each.permit_id for each in office.permits.inbox(CLERK)] == [waiting.permit_id]
    with pytest.raises(NotEntitledError):
        office.permits.inbox(ANA)


def test_a_reference_is_the_only_key_to_a_public_application() -> None:
    office, _ = office_at()
    reference = office.new_reference()
    permit = office.permits.apply(applicant_of(reference), terms_of())
    assert office.permits.of_reference(reference.lower().replace("-", " ")) == permit
    assert office.permits.of_reference(reference[:-1] + "?") is None
    assert reference.encode() not in msgspec.json.encode(permit)
    assert office.permits.withdraw(applicant_of(reference), permit.permit_id).state is PermitState.WITHDRAWN


def test_every_record_can_be_told_again_from_its_events() -> None:
    office, _ = office_at()
    mine = granted_to(office)
    office.permits.quick(CHIEF, police_terms(), "a raid")
    events = office.register.read().permit_events(mine.permit_id)
    assert replay_permit(events) == office.register.read().permit(mine.permit_id)


def test_a_restriction_is_told_to_all_and_to_the_owner_of_a_permit_that_it_touches() -> None:
    office, clock = office_at()
    mine = granted_to(office)
    granted_to(office, scope_of(disc(20.0)))
    ban = zone_of("", restriction=Restriction.PROHIBITED)
    drawn = office.restrictions.draw(CHIEF, ban, "a parade", title="Parade", lead_in_s=3_600.0)
    office.restrictions.sign(CHIEF, drawn.restriction_id)
    assert notices(office, "restriction.published") == []
    office.restrictions.sign(DEPUTY, drawn.restriction_id)
    assert notices(office, "restriction.published") == [drawn.restriction_id]
    assert notices(office, "permit.touched") == [mine.permit_id]
    assert [each.zone_id for each in office.register.read().zones_at(NOW_NS)] == [drawn.restriction_id]
    office.restrictions.cancel(CHIEF, drawn.restriction_id, "rain")
    assert office.register.read().zones_at(clock.now_utc_ns()) == ()
    assert notices(office, "restriction.cancelled") == [drawn.restriction_id]


def test_a_ring_is_up_at_once_and_lapses_unless_a_second_person_signs() -> None:
    office, clock = office_at()
    one = office.restrictions.emergency_ring(CHIEF, "i1", (20.0, 48.0), 500.0)
    two = office.restrictions.emergency_ring(CHIEF, "i2", (20.0, 48.0), 500.0)
    assert len(office.register.read().zones_at(NOW_NS)) == 2
    with pytest.raises(NotEntitledError):
        office.restrictions.sign(CHIEF, two.restriction_id)
    office.restrictions.sign(DEPUTY, two.restriction_id)
    clock.set_utc_ns(NOW_NS + 31 * MINUTE_NS)
    assert [each.restriction_id for each in office.restrictions.expire_due()] == [one.restriction_id]
    clock.set_utc_ns(NOW_NS + DAY_NS)
    assert [each.restriction_id for each in office.restrictions.expire_due()] == [two.restriction_id]
    assert office.restrictions.in_force() == ()


def test_a_beginning_is_announced_once_and_in_time() -> None:
    from skykeep.domain.zone import Period

    office, clock = office_at()
    period = Period(start_utc_ns=NOW_NS + 2 * HOUR_NS, end_utc_ns=NOW_NS + 4 * HOUR_NS)
    ban = msgspec.structs.replace(zone_of("", restriction=Restriction.PROHIBITED), periods=(period,))
    drawn = office.restrictions.draw(CHIEF, ban, "a parade", title="Parade", lead_in_s=3_600.0)
    office.restrictions.sign(CHIEF, drawn.restriction_id)
    office.restrictions.sign(DEPUTY, drawn.restriction_id)
    office.tick()
    assert notices(office, "restriction.announced") == []
    for minutes in (60, 61, 90):
        clock.set_utc_ns(NOW_NS + minutes * MINUTE_NS)
        office.tick()
    assert notices(office, "restriction.announced") == [drawn.restriction_id]


def test_a_restriction_that_says_nonsense_is_not_signed() -> None:
    office, _ = office_at()
    bad = zone_of("", disc(radius_m=-1.0), Restriction.NO_RESTRICTION)
    drawn = office.restrictions.draw(CHIEF, bad, "a parade")
    with pytest.raises(FormError) as refused:
        office.restrictions.sign(CHIEF, drawn.restriction_id)
    assert {error.field for error in refused.value.errors} == {
        "zone.restriction",
        "zone.volumes[0].outline.radius_m",
    }


def test_a_notice_of_a_permit_goes_to_its_owner_and_to_those_who_see_all() -> None:
    office, _ = office_at()
    for who, private in ((ANA, False), (BEN, False), (CHIEF, True)):
        office.subscribers.subscribe(who, "webhook", f"https://{who.name}.example/hook", sees_private=private)
    granted_to(office)
    told = {each.subscription.owner for each in office.register.read().deliveries()}
    assert told == {"ana", "chief"}
    with pytest.raises(NotEntitledError):
        office.subscribers.subscribe(BEN, "webhook", "https://b.example", sees_private=True)


@pytest.mark.parametrize(
    ("way", "address"),
    [("pigeon", "x"), ("webhook", "ftp://x"), ("email", "nobody"), ("cot", ""), ("cot", "a b")],
)
def test_a_subscription_that_could_reach_nobody_is_refused(way: str, address: str) -> None:
    office, _ = office_at()
    with pytest.raises(InputError):
        office.subscribers.subscribe(ANA, way, address)


def test_only_the_subscriber_ends_a_subscription() -> None:
    office, _ = office_at()
    mine = office.subscribers.subscribe(ANA, "email", "ana@example.org")
    with pytest.raises(UnknownSubjectError):
        office.subscribers.unsubscribe(BEN, mine.subscription_id)
    office.subscribers.unsubscribe(ANA, mine.subscription_id)
    assert office.subscribers.list(ANA) == ()


@pytest.mark.parametrize("name", ["chief ", " Chief", "CHIEF", "ｃｈｉｅｆ"])
def test_a_name_written_otherwise_is_no_second_person(name: str) -> None:
    office, _ = office_at()
    drawn = office.restrictions.draw(CHIEF, zone_of(""), "a parade")
    office.restrictions.sign(CHIEF, drawn.restriction_id)
    with pytest.raises(NotEntitledError, match="second, different person"):
        office.restrictions.sign(msgspec.structs.replace(CHIEF, name=name), drawn.restriction_id)


def test_a_ban_under_the_ground_bans_nothing_and_is_not_signed() -> None:
    office, _ = office_at()
    zone = zone_of("")
    (volume,) = zone.volumes
    under = msgspec.structs.replace(volume, floor=None, ceiling=Limit(value=-50.0))
    drawn = office.restrictions.draw(CHIEF, msgspec.structs.replace(zone, volumes=(under,)), "a slip")
    assert [fault.field for fault in office.restrictions.faults(drawn)] == ["zone.volumes[0].ceiling"]
    with pytest.raises(FormError, match="above the ground"):
        office.restrictions.sign(CHIEF, drawn.restriction_id)


@pytest.mark.parametrize("radius_m", [0.0, -1.0, math.nan, math.inf, 10_001.0])
def test_a_ring_on_one_signature_has_a_widest(radius_m: float) -> None:
    office, _ = office_at()
    with pytest.raises(InputError, match="radius_m"):
        office.restrictions.emergency_ring(CHIEF, "i1", (20.0, 48.0), radius_m)
    with pytest.raises(InputError, match="centre"):
        office.restrictions.emergency_ring(CHIEF, "i1", (math.nan, 48.0), 100.0)
    assert office.restrictions.list() == ()


def test_a_draft_is_its_owners_alone() -> None:
    office, _ = office_at()
    draft = office.permits.request(ANA, terms_of())
    assert office.permits.list(CHIEF) == ()
    with pytest.raises(UnknownSubjectError):
        office.permits.show(CHIEF, draft.permit_id)
    office.permits.submit(ANA, draft.permit_id)
    assert [each.permit_id for each in office.permits.list(CHIEF)] == [draft.permit_id]
