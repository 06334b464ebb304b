"""OpenAir: both dialects by hand, arcs both ways, what cannot be read."""

import pytest

from made_aero import MADE_OPENAIR
from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Circle, Edges, HeightReference, Polygon, Restriction, limit_m
from skykeep.geo.arcs import azimuth_and_distance
from skykeep.wire.openair import read_openair
from skykeep.wire.zone_files import read_zones


def test_both_dialects() -> None:
    listed = read_zones(MADE_OPENAIR, "made")

    classic, extended = listed.zones
    assert listed.format == "OpenAir"
    assert (classic.zone_id, classic.restriction) == ("MADE R1", Restriction.REQ_AUTHORISATION)
    assert (extended.zone_id, extended.name) == ("made-rmz", "MADE RMZ")
    assert extended.restriction is Restriction.CONDITIONAL
    assert limit_m(classic.volumes[0].floor) == pytest.approx(457.2)
    assert classic.volumes[0].ceiling is not None
    assert classic.volumes[0].ceiling.reference is HeightReference.STD
    assert extended.volumes[0].outline == Circle(
        longitude_deg=7 + 56 / 60 + 42 / 3600, latitude_deg=50 + 35 / 60 + 36 / 3600, radius_m=3704.0
    )
    # Twelve hours of 3 May 2031, from noon to the next midnight.
    (period,) = extended.periods
    assert period.start_utc_ns == 1_935_576_000 * 10**9
    assert period.end_utc_ns == 1_935_619_200 * 10**9
    assert listed.deviations == ()


def test_an_arc_bulges_to_the_side_that_its_direction_says() -> None:
    turned = MADE_OPENAIR.replace(b"DP 39:40:00N", b"V D=-\nDP 39:40:00N", 1)
    centre = (-119.75, 39.5)

    clockwise, other_way = (
        read_openair(data, "").zones[0].volumes[0].outline for data in (MADE_OPENAIR, turned)
    )

    assert isinstance(clockwise, Polygon)
    assert isinstance(other_way, Polygon)
    assert clockwise.edges is Edges.GEODESIC
    # North to east clockwise is a quarter; the other way round are three.
    assert len(other_way.rings[0]) > 2.5 * len(clockwise.rings[0])
    for corner in clockwise.rings[0][1:-1]:
        assert azimuth_and_distance(centre, corner)[1] == pytest.approx(18_560.0, abs=70.0)


def test_a_direction_ends_with_its_block() -> None:
    data = MADE_OPENAIR.replace(b"DP 39:40:00N", b"V D=-\nDP 39:40:00N", 1) + MADE_OPENAIR.replace(
        b"R1", b"R2"
    )

    zones = read_openair(data, "").zones

    third = zones[2].volumes[0].outline
    assert isinstance(third, Polygon)
    assert len(third.rings[0]) < 200


def test_bearings_and_airways() -> None:
    (zone,) = read_openair(
        b"AC D\nAN A\nAL GND\nAH UNL\nV X=50:00:00N 008:00:00E\nDA 5,350,370\nDP 50:00:00N 008:00:00E\n"
        b"V W=4\nDY 51:00:00N 008:00:00E\nDY 51:30:00N 008:00:00E\n", ""
    ).zones  # fmt: skip

    airway, wedge = (volume.outline for volume in zone.volumes)
    assert isinstance(wedge, Polygon)
    assert isinstance(airway, Polygon)
    north = max(latitude for _, latitude in wedge.rings[0])
    assert azimuth_and_distance((8.0, 50.0), (8.0, north))[1] == pytest.approx(9_260.0, abs=2.0)
    # Four miles wide along the meridian.
    west, east = min(airway.rings[0]), max(airway.rings[0])
    assert azimuth_and_distance((west[0], 51.0), (east[0], 51.0))[1] == pytest.approx(7_408.0, rel=2e-2)


def test_what_cannot_be_read_is_told_and_the_safer_done() -> None:
    listed = read_openair(
        b"AC ZZ\nAN STRANGE\nAL high\nAH 3000ft AGL/FL95\nAA NONE\nV X=50:35:36N 007:56:42E\nDC 2\n"
        b"DP nowhere\n"
        b"AC R\nAN EMPTY\nAL GND\nAH FL95\nQQ 1\n", "made"
    )  # fmt: skip

    (zone,) = listed.zones
    assert zone.restriction is Restriction.PROHIBITED
    assert (zone.volumes[0].floor, zone.volumes[0].ceiling, zone.periods) == (None, None, ())
    told = {(one.zone_id, one.field) for one in listed.deviations}
    assert {("STRANGE", "AC"), ("STRANGE", "AL"), ("STRANGE", "AH"), ("STRANGE", "AA")} <= told
    assert ("", "line 13") in told
    assert [name for name, _ in listed.left_out] == ["EMPTY"]


def test_two_blocks_of_one_name_stay_two() -> None:
    zones = read_openair(MADE_OPENAIR + MADE_OPENAIR, "").zones

    assert [zone.zone_id for zone in zones] == ["MADE R1", "made-rmz", "MADE R1 #2", "made-rmz #2"]


def test_a_file_of_something_else_is_refused() -> None:
    with pytest.raises(DecodeError):
        read_openair(b"hello", "")
