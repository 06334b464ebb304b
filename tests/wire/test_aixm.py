"""AIXM: geometry, times and events by hand; then every real file, with what it says worked out by hand."""

import numpy as np
import pytest

from made_aero import (
    MADE_AIXM,
    SQUARE,
    activation,
    airspace,
    aixm,
    circle,
    component,
    contributor,
    event,
    string,
    surface,
    timesheet,
)
from recordings import RECORDINGS, needs_recordings
from skykeep.base.errors import DecodeError
from skykeep.domain.zone import (
    Circle,
    Edges,
    HeightReference,
    Hours,
    LengthUnit,
    Limit,
    Polygon,
    Restriction,
    SunEvent,
    Zone,
    ZoneList,
)
from skykeep.geo.arcs import azimuth_and_distance
from skykeep.geo.shapes import points_in_polygon
from skykeep.wire.aixm import read_aixm
from skykeep.wire.zone_files import read_zones

NM = 1852.0
FOLDER = RECORDINGS / "zones"


def only(*members: str) -> Zone:
    (zone,) = read_aixm(aixm(*members), "made").zones
    return zone


def polygon(zone: Zone) -> Polygon:
    outline = zone.volumes[0].outline
    assert isinstance(outline, Polygon)
    return outline


def holds(zone: Zone, longitude: float, latitude: float) -> bool:
    """Return whether a place is in any polygon of a zone, not in its holes."""
    inside = False
    for volume in zone.volumes:
        assert isinstance(volume.outline, Polygon)
        place = np.array([[longitude, latitude]])
        rings = [bool(points_in_polygon(place, np.array(ring))[0]) for ring in volume.outline.rings]
        inside |= rings[0] and not any(rings[1:])
    return inside


def test_latitude_comes_first_but_for_crs84() -> None:
    first = only(airspace("a", component(surface(string(*SQUARE)))))
    swapped = string(*((lon, lat) for lat, lon in SQUARE))
    crs84 = only(airspace("a", component(surface(swapped, srs="urn:ogc:def:crs:OGC:1.3:CRS84"))))

    assert polygon(first).rings == (((4.0, 52.0), (4.2, 52.0), (4.2, 52.1), (4.0, 52.1)),)
    assert polygon(crs84) == polygon(first)
    assert polygon(first).edges is Edges.GEODESIC


def test_straight_edges_stay_planar_and_in_a_mixed_ring_get_corners() -> None:
    straight = only(airspace("a", component(surface(string(*SQUARE, kind="LineStringSegment")))))
    mixed = only(
        airspace("a", component(surface(string(*SQUARE[:2], kind="LineStringSegment") + string(*SQUARE[1:]))))
    )

    assert polygon(straight).edges is Edges.PLANAR
    assert len(polygon(straight).rings[0]) == 4
    assert polygon(mixed).edges is Edges.GEODESIC
    # 13.7 km of the southern edge in pieces of 3 km, all on the parallel.
    on_parallel = [corner for corner in polygon(mixed).rings[0] if corner[1] == 52.0]
    assert len(on_parallel) == 6


@pytest.mark.parametrize(
    ("uom", "metres"), [("NM", NM), ("[nmi_i]", NM), ("KM", 1000.0), ("M", 1.0), ("FT", 0.3048)]
)
def test_a_circle_has_its_unit(uom: str, metres: float) -> None:
    outline = only(airspace("a", component(surface(circle(52.0, 4.0, 3.0, uom))))).volumes[0].outline

    assert isinstance(outline, Circle)
    assert (outline.longitude_deg, outline.latitude_deg) == (4.0, 52.0)
    assert outline.radius_m == pytest.approx(3 * metres)


@pytest.mark.parametrize(
    ("text", "uom", "reference", "limit"),
    [
        ("500", "FT", "SFC", Limit(value=500, unit=LengthUnit.FT, reference=HeightReference.AGL)),
        ("500", "M", "MSL", Limit(value=500, unit=LengthUnit.M, reference=HeightReference.AMSL)),
        ("95", "FL", "STD", Limit(value=95, unit=LengthUnit.FL, reference=HeightReference.STD)),
        ("120", "M", "W84", Limit(value=120, unit=LengthUnit.M, reference=HeightReference.HAE)),
        ("CEILING", "OTHER", "", None),
        ("high", "FT", "MSL", None),
    ],
)
def test_limits(text: str, uom: str, reference: str, limit: Limit | None) -> None:
    upper = f'<aixm:upperLimit uom="{uom}">{text}</aixm:upperLimit>' + (
        f"<aixm:upperLimitReference>{reference}</aixm:upperLimitReference>" if reference else ""
    )
    zone = only(airspace("a", component(surface(circle(52.0, 4.0, 3.0)), upper=upper)))

    assert zone.volumes[0].ceiling == limit


def test_what_is_taken_away_is_free_and_what_is_above_it_is_not() -> None:
    low = (
        '<aixm:upperLimit uom="FT">2000</aixm:upperLimit>'
        "<aixm:upperLimitReference>MSL</aixm:upperLimitReference>"
    )
    base = component(surface(string(*SQUARE)), "BASE", 1)

    whole = only(airspace("a", base + component(surface(circle(52.05, 4.1, 1.0)), "SUBTR", 2)))
    part = only(airspace("a", base + component(surface(circle(52.05, 4.1, 1.0)), "SUBTR", 2, upper=low)))

    assert not holds(whole, 4.1, 52.05)
    assert holds(whole, 4.02, 52.01)
    assert len(whole.volumes) == 1
    assert len(polygon(whole).rings) == 2
    above = [volume for volume in part.volumes if volume.floor is not None and volume.floor.value == 2000.0]
    assert len(part.volumes) == 2
    assert len(above) == 1


@pytest.mark.parametrize(
    ("base", "hole", "taken"),
    [
        (("5000", "MSL"), ("6000", "MSL"), True),
        (("2000", "SFC"), ("2500", "MSL"), False),  # over high ground the zone reaches above what is cut out
        (("5000", "MSL"), ("UNL", ""), True),
    ],
)
def test_only_what_is_certain_is_taken_away(
    base: tuple[str, str], hole: tuple[str, str], taken: bool
) -> None:
    def upper(value: str, reference: str) -> str:
        datum = f"<aixm:upperLimitReference>{reference}</aixm:upperLimitReference>" if reference else ""
        return f'<aixm:upperLimit uom="FT">{value}</aixm:upperLimit>{datum}'

    zone = only(
        airspace(
            "a",
            component(surface(string(*SQUARE)), "BASE", 1, upper=upper(*base))
            + component(surface(circle(52.05, 4.1, 1.0)), "SUBTR", 2, upper=upper(*hole)),
        )
    )

    assert holds(zone, 4.1, 52.05) is not taken


def test_a_volume_above_takes_nothing_away() -> None:
    high = '<aixm:lowerLimit uom="FL">100</aixm:lowerLimit>'
    top = '<aixm:upperLimit uom="FL">200</aixm:upperLimit>'
    base = component(surface(string(*SQUARE)), "BASE", 1)

    zone = only(airspace("a", base + component(surface(circle(52.05, 4.1, 1.0)), "SUBTR", 2, high, top)))

    assert zone == only(airspace("a", base))


def test_common_ground_and_unions() -> None:
    base = component(surface(string(*SQUARE)), "BASE", 1)
    far = component(surface(circle(52.05, 4.2, 2.0)), "{}", 2)

    common = only(airspace("a", base + far.format("INTERS")))
    union = only(airspace("a", base + far.format("UNION")))

    assert holds(common, 4.19, 52.05)
    assert not holds(common, 4.21, 52.05)
    assert not holds(common, 4.05, 52.05)
    assert [type(volume.outline) for volume in union.volumes] == [Polygon, Circle]


def test_an_airspace_of_the_file_is_taken_away_and_one_that_is_not_there_is_told() -> None:
    base = component(surface(string(*SQUARE)), "BASE", 1) + contributor("a2", "SUBTR", 2)
    other = airspace("a2", component(surface(circle(52.05, 4.1, 1.0))), kind="CTR")

    with_it = read_aixm(aixm(airspace("a1", base), other), "")
    without = read_aixm(aixm(airspace("a1", base)), "")

    assert not holds(with_it.zones[0], 4.1, 52.05)
    assert holds(without.zones[0], 4.1, 52.05)
    assert [(one.field, one.done) for one in without.deviations] == [
        ("contributorAirspace", "not taken away: the zone is larger")
    ]


def test_airspaces_that_lean_on_each_other_end() -> None:
    ring = airspace("a1", contributor("a2", "BASE", 1)) + airspace("a2", contributor("a1", "BASE", 1))

    listed = read_aixm(aixm(ring), "")

    assert [name for name, _ in listed.left_out] == ["a1", "a2"]


@pytest.mark.parametrize(
    ("sheet", "hours"),
    [
        ({"day": "ANY", "startTime": "06:00", "endTime": "24:00"}, (Hours(from_s=21_600),)),
        ({"day": "ANY", "startTime": "00:00", "endTime": "00:00"}, (Hours(),)),
        (
            {"day": "SAT", "startTime": "22:00", "endTime": "04:00"},
            (Hours(weekdays=(5,), from_s=79_200, to_s=14_400),),
        ),
        (
            {"day": "MON", "dayTil": "WED", "startTime": "08:00", "endTime": "17:00"},
            (Hours(weekdays=(0,), from_s=28_800), Hours(weekdays=(1,)), Hours(weekdays=(2,), to_s=61_200)),
        ),
        (
            {"day": "ANY", "startEvent": "SR", "endEvent": "SS"},
            (Hours(from_event=SunEvent.SR, to_event=SunEvent.SS),),
        ),
        ({"day": "WORK_DAY", "startTime": "08:00", "endTime": "17:00"}, (Hours(from_s=28_800, to_s=61_200),)),
        (
            {"day": "ANY", "startTime": "06:00", "endTime": "16:00", "daylightSavingAdjust": "YES"},
            (Hours(from_s=18_000, to_s=57_600),),
        ),
        (
            {"day": "MON", "startTime": "00:30", "endTime": "16:00", "daylightSavingAdjust": "YES"},
            (Hours(weekdays=(0,), to_s=57_600), Hours(weekdays=(6,), from_s=84_600)),
        ),
        (
            {"day": "ANY", "startTime": "06:00", "startEvent": "SR", "endTime": "16:00"},
            (Hours(from_s=21_600, to_s=57_600), Hours(from_event=SunEvent.SR, to_s=57_600)),
        ),
    ],
)
def test_timesheets(sheet: dict[str, str], hours: tuple[Hours, ...]) -> None:
    inside = component(surface(circle(52.0, 4.0, 3.0))) + activation(timesheet(**sheet))

    assert only(airspace("a", inside)).periods[0].hours == hours


def test_minutes_before_and_after_the_sun() -> None:
    sheet = timesheet(day="ANY", startEvent="SR", endEvent="SS").replace(
        "<aixm:endEvent>",
        '<aixm:startTimeRelativeEvent uom="MIN">-30</aixm:startTimeRelativeEvent>'
        '<aixm:endTimeRelativeEvent uom="HR">1</aixm:endTimeRelativeEvent><aixm:endEvent>',
    )
    (hours,) = (
        only(airspace("a", component(surface(circle(52.0, 4.0, 3.0))) + activation(sheet))).periods[0].hours
    )

    assert (hours.from_offset_s, hours.to_offset_s) == (-1_800.0, 3_600.0)


def test_references_and_dates_of_the_year() -> None:
    sheet = timesheet(
        timeReference="UTC+2",
        startDate="04-05",
        endDate="31-12",
        day="ANY",
        startTime="08:00",
        endTime="09:00",
    )
    (period,) = only(airspace("a", component(surface(circle(52.0, 4.0, 3.0))) + activation(sheet))).periods

    assert period.time_zone == "Etc/GMT-2"
    # From midnight of the 4th to the end of validity.
    assert period.start_utc_ns == 1_935_619_200 * 10**9
    assert period.end_utc_ns == 1_935_702_000 * 10**9


def test_hours_that_cannot_be_read_are_throughout() -> None:
    inside = component(surface(circle(52.0, 4.0, 3.0))) + activation(timesheet(day="ANY", startTime="noon"))
    listed = read_aixm(aixm(airspace("a", inside)), "")

    assert listed.zones[0].periods[0].hours == ()
    assert [one.done for one in listed.deviations] == ["in force throughout, the safer"]


def test_an_airspace_that_is_only_inactive_restricts_nothing() -> None:
    zone = only(airspace("a", component(surface(circle(52.0, 4.0, 3.0))) + activation(status="INACTIVE")))

    assert zone.restriction is Restriction.NO_RESTRICTION


def test_an_activation_has_the_geometry_of_its_baseline() -> None:
    base = airspace("a", component(surface(circle(52.0, 4.0, 3.0))) + activation(status="INACTIVE"))
    change = airspace("a", activation(), "", "TEMPDELTA", "2031-06-01T10:00:00Z", "2031-06-01T12:00:00Z")

    first, second = read_aixm(aixm(base, change), "").zones

    assert (first.zone_id, second.zone_id) == ("a", "a TEMPDELTA 1")
    assert second.volumes == first.volumes
    assert second.restriction is Restriction.REQ_AUTHORISATION
    assert second.periods[0].start_utc_ns == 1_938_074_400 * 10**9


def test_a_change_without_any_geometry_is_left_out_and_kept() -> None:
    listed = read_aixm(aixm(airspace("a", activation(), "", "TEMPDELTA")), "")

    assert listed.zones == ()
    assert [name for name, _ in listed.left_out] == ["a"]
    assert "TEMPDELTA" in listed.left_out[0][1]


def test_the_made_event_contradicts_itself_and_the_safer_is_applied() -> None:
    listed = read_zones(MADE_AIXM, "made")

    area = listed.zones[0]
    assert {(one.zone_id, one.field) for one in listed.contradictions} >= {
        ("a1", "outline"),
        ("a1", "periods"),
    }
    assert len(area.volumes) == 2
    assert area.volumes[1].outline == Circle(longitude_deg=4.1, latitude_deg=52.05, radius_m=3 * NM)


def test_times_of_a_notam_that_differ_are_both_in_force() -> None:
    said = event(
        "e",
        number="1",
        year="2031",
        selectionCode="QRRCA",
        effectiveStart="3101010000",
        effectiveEnd="3101020000",
    )
    zone = only(airspace("a", component(surface(circle(52.0, 4.0, 3.0))), event="e"), said)

    assert len(zone.periods) == 2


@pytest.mark.parametrize(
    "data", [b"", b"<x/>", b"<!DOCTYPE x><AIXMBasicMessage/>", b"<AIXMBasicMessage>" * 100]
)
def test_what_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        read_aixm(data, "")


def donlon(path: str) -> ZoneList:
    return read_zones((FOLDER / "aixm_donlon" / path).read_bytes(), "donlon")


@pytest.mark.recordings
@needs_recordings
def test_donlon_says_three_miles_and_four() -> None:
    listed = donlon("donlon_2017/DN_SAA.NEW_SAR.xml")

    (zone,) = listed.zones
    (found,) = listed.contradictions
    assert found.one_says.startswith("3 NM (5556 m) round 53.103333 -40.033055")
    assert found.other_says.startswith("4 NM (7408 m) round 53.100000 -40.033333")
    # 53 06 N 040 02 W, four miles: it holds the other, 371 m off.
    assert zone.volumes[0].outline == Circle(
        longitude_deg=-(40 + 2 / 60), latitude_deg=53.1, radius_m=7_408.0
    )
    assert zone.volumes[0].ceiling == Limit(value=500, unit=LengthUnit.FT, reference=HeightReference.AMSL)
    # 29 August 2017, 17:01 to 19:00.
    assert (zone.periods[0].start_utc_ns, zone.periods[0].end_utc_ns) == (
        1_504_026_060 * 10**9,
        1_504_033_200 * 10**9,
    )


@pytest.mark.recordings
@needs_recordings
def test_donlon_says_two_places_and_two_times() -> None:
    listed = donlon("donlon_2017/DN_SAA.NEW_several NOTAM.xml")

    (zone,) = listed.zones
    assert [one.field for one in listed.contradictions] == [
        "outline",
        "periods",
        "outline",
        "outline",
        "periods",
    ]
    assert [volume.outline for volume in zone.volumes] == [
        Circle(longitude_deg=-41.033055, latitude_deg=52.103333, radius_m=5_556.0),
        Circle(longitude_deg=-(40 + 2 / 60), latitude_deg=53.1, radius_m=7_408.0),
    ]
    # 5 February 2018, 07:00 to 23:00, and 29 August 2017, 17:01 to 19:00.
    assert [(p.start_utc_ns, p.end_utc_ns) for p in zone.periods] == [
        (1_517_814_000 * 10**9, 1_517_871_600 * 10**9), (1_504_026_060 * 10**9, 1_504_033_200 * 10**9)
    ]  # fmt: skip


@pytest.mark.recordings
@needs_recordings
@pytest.mark.parametrize(
    ("path", "zones", "deviations", "contradictions", "left_out"),
    [
        ("donlon_2017/DN_SAA.ACT_area_activation.xml", 1, 2, 0, 0),
        ("donlon_2017/DN_SAA.ACT_changed_limits.xml", 1, 2, 0, 0),
        ("donlon_2017/DN_SAA.ACT_date_range_schedule.xml", 1, 2, 0, 0),
        ("donlon_2017/DN_SAA.NEW_SAR.xml", 1, 1, 1, 0),
        ("donlon_2017/DN_SAA.NEW_several NOTAM.xml", 1, 0, 5, 0),
        ("donlon_2022/DN_SAA.ACT_1_area_activation.xml", 1, 2, 0, 0),
        ("donlon_2022/DN_SAA.ACT_2_changed_limits.xml", 1, 1, 1, 0),
        ("donlon_2022/DN_SAA.ACT_3_date_range_schedule.xml", 1, 2, 0, 0),
        ("donlon_2022/DN_SAA.NEW_1_SAR.xml", 1, 0, 1, 0),
        ("donlon_2022/DN_SAA.NEW_2_several_NOTAM.xml", 1, 0, 2, 0),
        ("donlon_2022/DN_SAA.NEW_3_polygon_excluded_airspace.xml", 1, 1, 1, 0),
    ],
)
def test_every_donlon_file(
    path: str, zones: int, deviations: int, contradictions: int, left_out: int
) -> None:
    listed = donlon(path)

    counts = (len(listed.zones), len(listed.deviations), len(listed.contradictions), len(listed.left_out))
    assert counts == (zones, deviations, contradictions, left_out)


@pytest.mark.recordings
@needs_recordings
def test_donlon_activations() -> None:
    changed = donlon("donlon_2017/DN_SAA.ACT_changed_limits.xml").zones[0].volumes[0]
    scheduled = donlon("donlon_2022/DN_SAA.ACT_3_date_range_schedule.xml").zones[0]
    bare = donlon("donlon_2022/DN_SAA.ACT_1_area_activation.xml").zones[0]

    # Its floor is published over its ceiling, and turned round.
    assert changed.floor is not None
    assert changed.ceiling is not None
    assert (changed.floor.value, changed.ceiling.value) == (300.0, 400.0)
    assert changed.outline == Circle(
        longitude_deg=-35.02694444, latitude_deg=41.7969444444445, radius_m=18_520.0
    )
    assert scheduled.periods[0].hours == (Hours(from_s=21_600, to_s=55_800),)
    # Without a geometry in the file: the circle of Q), 62 NM round 5514N04009W.
    assert bare.volumes[0].outline == Circle(
        longitude_deg=-40.15, latitude_deg=55 + 14 / 60, radius_m=62 * NM
    )
    assert ("geometry_of", '"NOTAM"') in bare.extra


@pytest.mark.recordings
@needs_recordings
def test_the_british_shapes() -> None:
    listed = read_zones((FOLDER / "shape_samples" / "aixm51-gb.xml").read_bytes(), "gb")

    prison, danger, prohibited, coast, reverse, flip = listed.zones
    assert len(listed.deviations) == 14
    assert prison.name == "EGTEST1 TESTFIELD RWY 09"
    assert prison.periods[0].hours == (
        Hours(weekdays=(0, 1, 2, 3, 4, 5), from_event=SunEvent.SR, to_event=SunEvent.SS),
    )
    assert azimuth_and_distance((-1.0, 51.0), polygon(prison).rings[0][5])[1] == pytest.approx(NM, abs=1.0)
    assert danger.volumes[0].outline == Circle(longitude_deg=-1.5, latitude_deg=51.2, radius_m=2 * NM)
    assert prohibited.restriction is Restriction.PROHIBITED
    # Both zones at the coast have its middle corner, and not the one beyond their ends.
    for zone in (coast, reverse):
        assert (0.005, 52.01) in polygon(zone).rings[0]
        assert (-0.01, 52.03) not in polygon(zone).rings[0]
    # From 315 down to 45 degrees: the long way, by the south.
    assert min(latitude for _, latitude in polygon(flip).rings[0]) == pytest.approx(53.0 - 1 / 60.1, abs=1e-3)
