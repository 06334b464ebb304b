"""The safer of two sayings: by hand, then that nothing which either forbids gets free."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skykeep.domain.safer import holds, intervals_of, safer
from skykeep.domain.zone import (
    Circle,
    HeightReference,
    Hours,
    LengthUnit,
    Limit,
    Period,
    Restriction,
    Volume,
    Zone,
    limit_m,
)

HOUR_NS = 3600 * 10**9


def feet(value: float, reference: HeightReference = HeightReference.AMSL) -> Limit:
    return Limit(value=value, unit=LengthUnit.FT, reference=reference)


def zone(
    radius_m: float = 5556.0,
    floor: Limit | None = None,
    ceiling: Limit | None = None,
    periods: tuple[Period, ...] = (),
    restriction: Restriction = Restriction.REQ_AUTHORISATION,
    longitude: float = 4.0,
) -> Zone:
    outline = Circle(longitude_deg=longitude, latitude_deg=52.0, radius_m=radius_m)
    return Zone(
        zone_id="Z", name="Z", restriction=restriction, strictness=60, document="", periods=periods,
        volumes=(Volume(outline=outline, floor=floor, ceiling=ceiling),),
    )  # fmt: skip


def hours(begin: int, end: int) -> Period:
    return Period(start_utc_ns=begin * HOUR_NS, end_utc_ns=end * HOUR_NS)


def test_equal_zones_do_not_contradict() -> None:
    assert safer(zone(), zone(), "a", "b") == (zone(), ())
    nearly = zone(radius_m=5570.0)
    assert safer(zone(), nearly, "a", "b")[1] == ()


def test_each_field_by_hand() -> None:
    one = zone(5556.0, feet(1000), feet(5000), (hours(7, 23),))
    other = zone(7408.0, feet(500), feet(4000), (hours(5, 9),), Restriction.PROHIBITED)

    applied, found = safer(one, other, "data", "text")

    assert {each.field for each in found} == {"outline", "limits", "periods", "restriction"}
    (volume,) = applied.volumes
    assert volume.outline == other.volumes[0].outline
    assert (volume.floor, volume.ceiling) == (feet(500), feet(5000))
    assert applied.periods == (hours(5, 23),)
    assert applied.restriction is Restriction.PROHIBITED
    outline = next(each for each in found if each.field == "outline")
    assert outline.one_says == "3 NM (5556 m) round 52.000000 4.000000 (data)"
    assert outline.other_says == "4 NM (7408 m) round 52.000000 4.000000 (text)"
    assert outline.applied == "4 NM (7408 m) round 52.000000 4.000000"


def test_places_apart_are_both_in_force() -> None:
    applied, _ = safer(zone(), zone(longitude=5.0), "a", "b")

    assert len(applied.volumes) == 2


def test_limits_that_cannot_be_compared_are_both_in_force() -> None:
    applied, found = safer(zone(ceiling=feet(400, HeightReference.AGL)), zone(ceiling=feet(1000)), "a", "b")

    assert {volume.ceiling for volume in applied.volumes} == {feet(400, HeightReference.AGL), feet(1000)}
    assert [each.field for each in found] == ["limits"]


def test_times_apart_are_both_in_force() -> None:
    applied, _ = safer(zone(periods=(hours(1, 2),)), zone(periods=(hours(5, 6),)), "a", "b")

    assert applied.periods == (hours(1, 2), hours(5, 6))


def test_the_same_hours_said_in_two_ways_do_not_contradict() -> None:
    daily = Period(start_utc_ns=0, end_utc_ns=47 * HOUR_NS, hours=(Hours(from_s=21_600, to_s=36_000),))
    dated = (hours(6, 10), hours(30, 34))

    assert intervals_of((daily,)) == [(6 * HOUR_NS, 10 * HOUR_NS), (30 * HOUR_NS, 34 * HOUR_NS)]
    assert safer(zone(periods=(daily,)), zone(periods=dated), "a", "b")[1] == ()


def test_only_what_the_other_speaks_of_is_compared() -> None:
    assert safer(zone(), zone(9000.0, periods=(hours(1, 2),)), "a", "b", frozenset({"limits"}))[1] == ()


radii = st.floats(200.0, 20_000.0)
limits = st.one_of(st.none(), st.builds(feet, st.integers(0, 9_000).map(float)))
spans = st.tuples(st.integers(0, 200), st.integers(1, 50)).map(lambda two: (hours(two[0], two[0] + two[1]),))
zones = st.builds(
    zone, radii, limits, limits, st.one_of(st.just(()), spans), st.sampled_from(list(Restriction)),
    st.floats(3.9, 4.1),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(zones, zones, st.integers(0, 260), st.floats(-100.0, 4_000.0))
def test_nothing_that_either_forbids_is_free(one: Zone, other: Zone, hour: int, height_m: float) -> None:
    applied, _ = safer(one, other, "a", "b")

    for said in (one, other):
        assert holds(applied.volumes, said.volumes)
        if in_force(said, hour):
            assert in_force(applied, hour)
        if within(said, height_m):
            assert within(applied, height_m)
    assert applied.restriction in (one.restriction, other.restriction)


def in_force(said: Zone, hour: int) -> bool:
    at = hour * HOUR_NS
    return not said.periods or any((p.start_utc_ns or 0) <= at <= (p.end_utc_ns or at) for p in said.periods)


def within(said: Zone, height_m: float) -> bool:
    def below(volume: Volume) -> bool:
        bottom, top = limit_m(volume.floor), limit_m(volume.ceiling)
        return (bottom is None or bottom <= height_m) and (top is None or height_m <= top)

    return any(map(below, said.volumes))


@pytest.mark.parametrize("turns", [0.0, 360.0])
def test_zones_at_the_antimeridian_hold_themselves(turns: float) -> None:
    near = zone(longitude=179.99)
    far = zone(longitude=179.99 - turns)

    assert holds(near.volumes, far.volumes)
