"""What is in the way, who goes first, what could be flown instead, and what a rule approves."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from office_people import CITY, DAY_NS, HOUR_NS, NOW_NS, disc, scope_of, zone_of
from skykeep.airspace.alternatives import AlternativeKind, alternatives
from skykeep.airspace.conflicts import Air, review
from skykeep.airspace.rules import AutoRules, CeilingCell, auto_decision
from skykeep.base.clock import NS_PER_S
from skykeep.domain.permit import Permit, PermitPriority, PermitState, Scope
from skykeep.domain.zone import Circle, Period, Restriction, Volume

P = PermitPriority


def permit(
    scope: Scope, priority: PermitPriority = P.COMMERCIAL, state: PermitState = PermitState.APPROVED
) -> Permit:
    asked = state in (PermitState.SUBMITTED, PermitState.DRAFT)
    return Permit(
        permit_id="P-other",
        state=state,
        version=1,
        holder="other",
        priority=priority,
        scope=scope,
        owner="other",
        granted=None if asked else scope,
    )


def air(*zones: object, permits: tuple[Permit, ...] = ()) -> Air:
    return Air(zones=tuple(zones), permits=permits)  # type: ignore[arg-type]


def kinds(found: object) -> list[str]:
    return [each.with_kind for each in found.conflicts]  # type: ignore[attr-defined]


def test_a_zone_has_to_be_named_and_be_of_the_authority() -> None:
    ring = zone_of("ring", authority_id="state")
    park = zone_of("park")
    unnamed = review(scope_of(), P.HOBBY, CITY, air(park))
    assert kinds(unnamed) == ["zone"]
    assert [need.openable for need in unnamed.needs] == [True]
    assert kinds(review(scope_of(unlocks=("park",)), P.HOBBY, CITY, air(park))) == []
    stricter = review(scope_of(unlocks=("park", "ring")), P.HOBBY, CITY, air(park, ring))
    assert [each.with_id for each in stricter.conflicts] == ["ring"]


def test_a_zone_is_in_the_way_only_where_and_when_it_holds() -> None:
    off = Period(start_utc_ns=NOW_NS + 3 * HOUR_NS)
    assert (
        review(scope_of(), P.HOBBY, CITY, air(msgspec.structs.replace(zone_of("z"), periods=(off,)))).needs
        == ()
    )
    assert review(scope_of(disc(9.0)), P.HOBBY, CITY, air(zone_of("z"))).needs == ()
    assert review(scope_of(), P.HOBBY, CITY, air(zone_of("z", disc(bottom_m=61.0, top_m=99.0)))).needs == ()
    free = zone_of("z", restriction=Restriction.NO_RESTRICTION)
    assert review(scope_of(), P.HOBBY, CITY, air(free)).needs == ()


FIRST = {
    "of equals the first": (P.HOBBY, P.HOBBY, True),
    "commercial over hobby": (P.COMMERCIAL, P.HOBBY, False),
    "hobby not over commercial": (P.HOBBY, P.COMMERCIAL, True),
    "police over commercial": (P.POLICE, P.COMMERCIAL, False),
    "police not over fire": (P.POLICE, P.FIRE, True),
    "medical not over police": (P.MEDICAL, P.POLICE, True),
}


@pytest.mark.parametrize(("mine", "theirs", "conflict"), FIRST.values(), ids=FIRST)
def test_who_goes_first(mine: PermitPriority, theirs: PermitPriority, conflict: bool) -> None:
    found = review(scope_of(), mine, CITY, air(permits=(permit(scope_of(), theirs),)))
    assert (kinds(found) == ["permit"]) is conflict
    assert (found.gives_way == ("P-other",)) is not conflict


def test_a_suspended_permit_keeps_its_claim_and_an_ended_one_has_none() -> None:
    for state, count in ((PermitState.SUSPENDED, 1), (PermitState.REVOKED, 0), (PermitState.DRAFT, 0)):
        other = permit(scope_of(), state=state)
        assert len(review(scope_of(), P.HOBBY, CITY, air(permits=(other,))).conflicts) == count


def test_two_flights_at_one_place_an_hour_apart_are_no_conflict() -> None:
    later = scope_of(start_utc_ns=NOW_NS + 3 * HOUR_NS, end_utc_ns=NOW_NS + 4 * HOUR_NS)
    assert review(scope_of(), P.HOBBY, CITY, air(permits=(permit(later),))).conflicts == ()


def instead(asked: Scope, sky: Air) -> dict[AlternativeKind, Scope]:
    found = alternatives(asked, P.HOBBY, CITY, sky, within_ns=DAY_NS, shift_within_m=2_000.0)
    return {each.kind: each.scope for each in found}


def test_the_next_slot_begins_a_second_after_the_other_flight() -> None:
    other = scope_of(start_utc_ns=NOW_NS, end_utc_ns=NOW_NS + 90 * 60 * NS_PER_S)
    found = instead(scope_of(), air(permits=(permit(other),)))
    slot = found[AlternativeKind.TIME]
    assert slot.start_utc_ns == other.end_utc_ns + NS_PER_S
    assert slot.end_utc_ns - slot.start_utc_ns == HOUR_NS


def test_a_flight_under_a_zone_is_lowered_and_beside_one_clipped_and_shifted() -> None:
    above = zone_of("above", disc(bottom_m=40.0, top_m=500.0), Restriction.PROHIBITED)
    lowered = instead(scope_of(), air(above))[AlternativeKind.CEILING]
    assert lowered.volumes[0].volume.ceiling is not None
    assert lowered.volumes[0].volume.ceiling.value == 39.0
    beside = zone_of("beside", disc(0.3), Restriction.PROHIBITED)
    found = instead(scope_of(), air(beside))
    assert AlternativeKind.PART in found
    shifted = found[AlternativeKind.PLACE].volumes[0].volume.outline
    assert isinstance(shifted, Circle)
    assert shifted.longitude_deg < 20.0


def test_what_is_free_needs_no_alternative_and_where_there_is_none_none_is_made_up() -> None:
    assert instead(scope_of(), air()) == {}
    everywhere = zone_of("ban", Volume(outline=disc(radius_m=50_000.0).outline), Restriction.PROHIBITED)
    assert instead(scope_of(), air(everywhere)) == {}


blocks = st.lists(
    st.tuples(
        st.floats(-1.0, 1.0), st.floats(50.0, 400.0), st.integers(0, 20), st.integers(1, 8), st.booleans()
    ),
    min_size=1,
    max_size=6,
)


@given(blocks)
def test_no_alternative_has_a_conflict_itself_and_no_free_slot_is_jumped_over(
    made: list[tuple[float, float, int, int, bool]],
) -> None:
    zones, permits = [], []
    for number, (east_km, radius_m, start_h, hours, is_zone) in enumerate(made):
        start, end = NOW_NS + start_h * HOUR_NS // 2, NOW_NS + (start_h + hours) * HOUR_NS // 2
        if is_zone:
            period = Period(start_utc_ns=start, end_utc_ns=end)
            zone = zone_of(f"z{number}", disc(east_km, radius_m), Restriction.PROHIBITED)
            zones.append(msgspec.structs.replace(zone, periods=(period,)))
        else:
            other = permit(scope_of(disc(east_km, radius_m), start, end))
            permits.append(msgspec.structs.replace(other, permit_id=f"P-{number}"))
    sky, asked = air(*zones, permits=tuple(permits)), scope_of()
    found = instead(asked, sky)
    for scope in found.values():
        assert review(scope, P.HOBBY, CITY, sky).conflicts == ()
    if AlternativeKind.TIME in found:
        later_ns = found[AlternativeKind.TIME].start_utc_ns - asked.start_utc_ns
        for earlier_ns in range(0, later_ns - NS_PER_S, 10 * 60 * NS_PER_S):
            tried = scope_of(None, asked.start_utc_ns + earlier_ns, asked.end_utc_ns + earlier_ns)
            assert review(tried, P.HOBBY, CITY, sky).conflicts != ()


def decided(scope: Scope, sky: Air, rules: AutoRules | None) -> tuple[bool, str]:
    asked = msgspec.structs.replace(permit(scope, state=PermitState.SUBMITTED), authority_id=CITY)
    decision = auto_decision(asked, review(scope, P.COMMERCIAL, CITY, sky), rules, NOW_NS)
    return decision.approved, decision.because


CELL = disc(radius_m=5_000.0).outline
GRID = AutoRules(cells=(CeilingCell(outline=CELL, ceiling_agl_m=60.0),))
PARK = zone_of("park")
RULES = {
    "open sky, low": (scope_of(), air(), AutoRules(), True, "at or below"),
    "open sky, high": (scope_of(disc(top_m=121.0)), air(), AutoRules(), False, "over 120 m"),
    "at the ceiling of its cell": (scope_of(), air(PARK), GRID, True, "at or below"),
    "above the ceiling of its cell": (scope_of(disc(top_m=61.0)), air(PARK), GRID, False, "ceiling is 60 m"),
    "half outside the grid": (
        scope_of(disc(5.0)),
        air(zone_of("park", disc(radius_m=9_000.0))),
        GRID,
        False,
        "no published",
    ),
    "a zone with a ceiling of its own": (
        scope_of(),
        air(PARK),
        AutoRules(zone_ceilings_agl_m={"park": 60.0}),
        True,
        "",
    ),
    "a zone with none": (scope_of(), air(PARK), AutoRules(), False, "no published ceiling"),
    "another authority's zone": (
        scope_of(),
        air(zone_of("ring", authority_id="state")),
        GRID,
        False,
        "state alone",
    ),
    "a prohibited zone": (
        scope_of(),
        air(zone_of("ban", restriction=Restriction.PROHIBITED)),
        GRID,
        False,
        "PROHIBITED",
    ),
    "another flight": (scope_of(), air(permits=(permit(scope_of()),)), GRID, False, "the air is not free"),
    "an earlier application": (
        scope_of(),
        air(permits=(permit(scope_of(), state=PermitState.SUBMITTED),)),
        GRID,
        False,
        "not free",
    ),
    "no rules": (scope_of(), air(), None, False, "itself"),
    "too long": (scope_of(end_utc_ns=NOW_NS + 26 * HOUR_NS), air(), AutoRules(), False, "24 hours"),
    "too far ahead": (
        scope_of(start_utc_ns=NOW_NS + 91 * DAY_NS, end_utc_ns=NOW_NS + 91 * DAY_NS + 1),
        air(),
        AutoRules(),
        False,
        "90 days",
    ),
}


@pytest.mark.parametrize(("scope", "sky", "rules", "approved", "because"), RULES.values(), ids=RULES)
def test_what_a_rule_approves(
    scope: Scope, sky: Air, rules: AutoRules | None, approved: bool, because: str
) -> None:
    said = decided(scope, sky, rules)
    assert said[0] is approved, said[1]
    assert because in said[1]
    assert "P-other" not in said[1]
