from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import (
    Circle,
    Gravity,
    HeightReference,
    Hours,
    LengthUnit,
    Limit,
    Period,
    Polygon,
    Restriction,
    Text,
    Zone,
    ZoneList,
)
from skykeep.wire.zone_files import read_zones, write_zones

SQUARE = [[10.0, 50.0], [11.0, 50.0], [11.0, 51.0], [10.0, 51.0], [10.0, 50.0]]
JUNE_NS = 1_780_297_200 * 10**9  # 2026-06-01T07:00:00Z


def volume(**changes: Any) -> dict[str, Any]:
    return {
        "uomDimensions": "M",
        "lowerLimit": 0,
        "lowerVerticalReference": "AGL",
        "upperLimit": 120,
        "upperVerticalReference": "AGL",
        "horizontalProjection": {"type": "Polygon", "coordinates": [SQUARE]},
        **changes,
    }


def zone(**changes: Any) -> dict[str, Any]:
    said = {
        "identifier": "ZONE1",
        "country": "XYZ",
        "name": "Harbour",
        "type": "COMMON",
        "restriction": "PROHIBITED",
        "reason": ["SENSITIVE"],
        "applicability": [{"permanent": "YES"}],
        "zoneAuthority": [{"name": "Office", "purpose": "AUTHORIZATION"}],
        "geometry": [volume()],
        **changes,
    }
    return {key: value for key, value in said.items() if value is not ...}


def read(document: Any) -> ZoneList:
    return read_zones(json.dumps(document).encode(), "made")


def one(**changes: Any) -> tuple[Zone, ZoneList]:
    listed = read({"title": "Zones", "features": [zone(**changes)]})
    (found,) = listed.zones
    return found, listed


def told(listed: ZoneList) -> list[tuple[str, str, str]]:
    return [(said.zone_id, said.field, said.gravity.value) for said in listed.deviations]


def test_a_zone_by_the_book_says_all_and_deviates_nowhere() -> None:
    found, listed = one()
    assert listed.deviations == ()
    assert listed.title == (Text(text="Zones"),)
    assert found.zone_id == "ZONE1"
    assert found.country == "XYZ"
    assert found.source == "made"
    assert found.restriction is Restriction.PROHIBITED
    assert found.strictness == 90
    assert found.document == "Harbour (ZONE1), Office"
    assert found.periods == (Period(permanent=True),)
    (only,) = found.volumes
    assert only.outline == Polygon(rings=(((10.0, 50.0), (11.0, 50.0), (11.0, 51.0), (10.0, 51.0)),))
    assert only.floor == Limit(value=0.0)
    assert only.ceiling == Limit(value=120.0)


@pytest.mark.parametrize(
    "document",
    [
        {"title": "Zones", "features": [zone()]},
        {"formatVersion": "1.0.0", "createdAt": "2026-06-01T07:00:00Z", "UASZoneList": [zone()]},
        {"uas_zones": [zone()]},
        [zone()],
        zone(),
    ],
)
def test_every_wrapper_that_is_in_use_is_read(document: Any) -> None:
    listed = read(document)
    assert listed.format == "ed269"
    assert [found.zone_id for found in listed.zones] == ["ZONE1"]
    assert listed.issued_utc_ns == (JUNE_NS if "createdAt" in document else None)


def test_a_byte_order_mark_is_noted_and_passed_over() -> None:
    listed = read_zones(b"\xef\xbb\xbf" + json.dumps([zone()]).encode(), "made")
    assert told(listed) == [("", "file", "noted")]
    assert len(listed.zones) == 1


def test_numbers_as_text_are_numbers() -> None:
    found, listed = one(geometry=[volume(lowerLimit="50", upperLimit="120.5")])
    assert found.volumes[0].floor == Limit(value=50.0)
    assert found.volumes[0].ceiling == Limit(value=120.5)
    assert told(listed) == [
        ("ZONE1", "geometry[0].lowerLimit", "noted"),
        ("ZONE1", "geometry[0].upperLimit", "noted"),
    ]


def test_a_limit_that_cannot_be_read_is_none_and_the_safer_is_said() -> None:
    found, listed = one(geometry=[volume(upperLimit="some way up")])
    assert found.volumes[0].ceiling is None
    assert listed.deviations[-1].gravity is Gravity.READ_AS
    assert listed.deviations[-1].done == "read as none: no ceiling"


@pytest.mark.parametrize("absent", [None, ...])
def test_no_limits_and_99999_are_none_that_restricts_less(absent: Any) -> None:
    said = {key: value for key, value in volume(upperLimit=absent).items() if value is not ...}
    found, listed = one(geometry=[said, volume(upperLimit=99999, upperVerticalReference="AMSL")])
    assert found.volumes[0].ceiling is None
    assert found.volumes[1].ceiling == Limit(value=99_999.0, reference=HeightReference.AMSL)
    assert listed.deviations == ()


def test_feet_and_metres_side_by_side_keep_their_units() -> None:
    found, _ = one(geometry=[volume(uomDimensions="FT", upperLimit=400), volume()])
    assert [v.ceiling.unit for v in found.volumes if v.ceiling] == [LengthUnit.FT, LengthUnit.M]


@pytest.mark.parametrize(
    ("changes", "floor", "ceiling"),
    [
        ({"uomDimensions": None, "lowerLimit": 50}, (50.0, "FT"), (120.0, "M")),
        ({"uomDimensions": "CUBIT", "lowerLimit": 50}, (50.0, "FT"), (120.0, "M")),
    ],
)
def test_an_unknown_unit_shuts_more_air(
    changes: Any, floor: tuple[float, str], ceiling: tuple[float, str]
) -> None:
    found, listed = one(geometry=[volume(**changes)])
    low, high = found.volumes[0].floor, found.volumes[0].ceiling
    assert low is not None
    assert (low.value, low.unit.value) == floor
    assert high is not None
    assert (high.value, high.unit.value) == ceiling
    assert all(said.gravity is Gravity.READ_AS for said in listed.deviations)


def test_floor_above_ceiling_is_read_the_other_way_round() -> None:
    found, listed = one(geometry=[volume(lowerLimit=120, upperLimit=50)])
    assert found.volumes[0].floor == Limit(value=50.0)
    assert found.volumes[0].ceiling == Limit(value=120.0)
    assert told(listed) == [("ZONE1", "geometry[0]", "read as")]


@pytest.mark.parametrize("word", ["FORBIDEN", None, 7, "", ["PROHIBITED"]])
def test_an_unknown_restriction_is_prohibited_and_says_so(word: Any) -> None:
    found, listed = one(restriction=word)
    assert found.restriction is Restriction.PROHIBITED
    assert told(listed) == [("ZONE1", "restriction", "read as")]


def test_the_spelling_of_authorisation_is_forgiven() -> None:
    found, listed = one(restriction="Req_Authorization")
    assert found.restriction is Restriction.REQ_AUTHORISATION
    assert told(listed) == [("ZONE1", "restriction", "noted")]


def test_conditions_come_as_text_or_list() -> None:
    assert one(restrictionConditions="ONLY BY DAY")[0].conditions == (Text(text="ONLY BY DAY"),)
    assert one(restrictionConditions=["A", "B"])[0].conditions == (Text(text="A"), Text(text="B"))


def test_reasons_come_as_text_and_in_other_words() -> None:
    found, listed = one(reason="Air traffic")
    assert found.reasons == ("AIR_TRAFFIC",)
    assert told(listed) == [("ZONE1", "reason", "noted"), ("ZONE1", "reason[0]", "noted")]
    found, listed = one(reason=["BECAUSE"])
    assert found.reasons == ("OTHER",)
    assert told(listed) == [("ZONE1", "reason[0]", "read as")]


def test_permanent_together_with_dates_keeps_both_and_is_noted() -> None:
    said = {"permanent": "YES", "startDateTime": "2026-06-01T07:00:00.00Z", "endDateTime": None}
    found, listed = one(applicability=[said])
    assert found.periods == (Period(permanent=True, start_utc_ns=JUNE_NS),)
    assert told(listed) == [("ZONE1", "applicability[0].permanent", "noted")]


def test_a_weekly_schedule_is_read_to_the_second() -> None:
    schedule = [
        {"day": ["SAT", "SUN"], "startTime": "17:00:00.00Z", "endTime": "23:59:59.00Z"},
        {"day": ["ANY"], "startTime": "06:00:00Z", "endTime": "00:00:00Z"},
    ]
    dates = {"startDateTime": "2026-06-01T09:00:00+02:00", "permanent": "NO"}
    found, listed = one(applicability=[{**dates, "schedule": schedule}])
    weekend = Hours(weekdays=(5, 6), from_s=61_200.0, to_s=86_399.0)
    assert found.periods == (Period(start_utc_ns=JUNE_NS, hours=(weekend, Hours(from_s=21_600.0, to_s=0.0))),)
    assert listed.deviations == ()


def test_hours_with_an_offset_are_hours_of_that_time_zone() -> None:
    schedule = [{"day": ["MON"], "startTime": "12:00:00+02:00", "endTime": "18:00:00+02:00"}]
    found, _ = one(applicability=[{"permanent": "NO", "schedule": schedule}])
    assert found.periods == (
        Period(hours=(Hours(weekdays=(0,), from_s=43_200.0, to_s=64_800.0),), time_zone="Etc/GMT-2"),
    )


def test_daily_period_is_schedule_and_one_that_says_nothing_is_none() -> None:
    empty: dict[str, Any] = {"day": [], "startTime": None, "endTime": None}
    found, listed = one(applicability=[{"permanent": "YES", "dailyPeriod": [empty]}])
    assert found.periods == (Period(permanent=True),)
    assert [said.field for said in listed.deviations] == [
        "applicability[0].dailyPeriod",
        "applicability[0].dailyPeriod[0]",
    ]


@pytest.mark.parametrize(
    ("applicability", "periods"),
    [
        ({"permanent": "YES"}, (Period(permanent=True),)),
        (None, ()),
        ([], ()),
        ("always", (Period(),)),
        ([{"permanent": "NO", "startDateTime": "soon"}], (Period(),)),
        ([{"permanent": "NO", "startDateTime": "2026-06-01T07:00:00Z", "endDateTime": "2025-01-01T00:00Z"}],
         (Period(start_utc_ns=JUNE_NS),)),
        ([{"permanent": "NO", "schedule": [{"day": ["XXX"], "startTime": "25:00Z", "endTime": "06:00:00Z"}]}],
         (Period(hours=(Hours(to_s=21_600.0),)),)),
    ],
)  # fmt: skip
def test_when_it_cannot_be_read_it_holds_longer_never_shorter(
    applicability: Any, periods: tuple[Period, ...]
) -> None:
    assert one(applicability=applicability)[0].periods == periods


def test_a_circle_is_a_circle() -> None:
    found, listed = one(
        geometry=[volume(horizontalProjection={"type": "Circle", "center": [10.5, 50.5], "radius": 500})]
    )
    assert found.volumes[0].outline == Circle(longitude_deg=10.5, latitude_deg=50.5, radius_m=500.0)
    assert listed.deviations == ()


@pytest.mark.parametrize(
    ("ring", "found"),
    [
        (SQUARE[:4], "a ring that does not end where it began"),
        ([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]], "Self-intersection"),
        ([[x, y + 45.0] for x, y in SQUARE], "latitude 95 (longitude and latitude may be swapped)"),
        ([[y + 41.0, x] for x, y in SQUARE], ""),
        ([[x + 172.0, y] for x, y in SQUARE], "a longitude beyond 180"),
        ([[*corner, 5.0] for corner in SQUARE], "more than two numbers to a corner"),
    ],
)
def test_a_doubtful_ring_is_kept_as_published_and_noted(ring: Any, found: str) -> None:
    got, listed = one(geometry=[volume(horizontalProjection={"type": "Polygon", "coordinates": [ring]})])
    outline = got.volumes[0].outline
    assert isinstance(outline, Polygon)
    assert [list(corner) for corner in outline.rings[0]] == [corner[:2] for corner in ring[:4]]
    if found:
        assert listed.deviations[0].found.startswith(found)
        assert {said.gravity for said in listed.deviations} == {Gravity.NOTED}


@pytest.mark.parametrize(
    "projection",
    [
        {"type": "Polygon", "coordinates": [[[1.0, 2.0], [3.0, 4.0], [1.0, 2.0]]]},
        {"type": "Polygon", "coordinates": [[["1", 2.0], [3.0, 4.0], [5.0, 6.0]]]},
        {"type": "Polygon", "coordinates": [[[1e308, 2.0], [3.0, 4.0], [5.0, 6.0]]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Circle", "center": [1.0, 2.0], "radius": -5},
        {"type": "Circle", "center": [1.0, 99.0], "radius": 5},
        {"type": "Circle", "center": [1.0, 2.0], "radius": None},
        {"type": "LineString", "coordinates": [[1.0, 2.0], [3.0, 4.0]]},
        None,
    ],
)
def test_a_volume_of_no_shape_is_left_out_whole_with_its_text(projection: Any) -> None:
    bad = volume(horizontalProjection=projection)
    found, listed = one(geometry=[bad, volume()])
    assert len(found.volumes) == 1
    (left,) = listed.left_out
    assert left[0].startswith("ZONE1 geometry[0]")
    assert json.loads(left[1]) == bad
    # A zone that loses its only volume is left out itself.
    listed = read([zone(geometry=[bad]), zone(identifier="ZONE2")])
    assert [kept.zone_id for kept in listed.zones] == ["ZONE2"]
    assert json.loads(listed.left_out[-1][1])["identifier"] == "ZONE1"
    assert listed.deviations[-1].gravity is Gravity.LEFT_OUT


def test_a_hole_of_no_shape_is_filled_and_named() -> None:
    hole = [[10.2, 50.2], [10.4, 50.2], [10.2, 50.2]]
    found, listed = one(
        geometry=[volume(horizontalProjection={"type": "Polygon", "coordinates": [SQUARE, hole]})]
    )
    assert isinstance(found.volumes[0].outline, Polygon)
    assert len(found.volumes[0].outline.rings) == 1
    assert json.loads(listed.left_out[0][1]) == hole


def test_what_is_beside_the_standard_stays_with_the_zone() -> None:
    found, _ = one(extendedProperties={"a": [1, None]}, colour="red", message=None, region="7")
    assert found.extra == (("colour", '"red"'), ("extendedProperties", '{"a":[1,null]}'))
    assert found.region == 7


def test_a_zone_without_identifier_or_name_is_named_by_its_place() -> None:
    listed = read({"features": [zone(), zone(identifier=None, name=...)]})
    assert [found.zone_id for found in listed.zones] == ["ZONE1", "#2"]
    assert listed.zones[1].name == "#2"
    assert ("", "[1].identifier", "read as") in told(listed)


def test_the_same_volume_twice_is_noted_and_kept() -> None:
    found, listed = one(geometry=[volume(), volume()])
    assert len(found.volumes) == 2
    assert told(listed) == [("ZONE1", "geometry", "noted")]


def test_what_is_no_zone_at_all_is_left_out() -> None:
    listed = read({"features": [zone(), 7, None, "zone"]})
    assert [name for name, _ in listed.left_out] == ["#2", "#3", "#4"]
    assert [text for _, text in listed.left_out] == ["7", "null", "zone"]


def test_a_document_without_zones_is_refused_by_name() -> None:
    with pytest.raises(DecodeError, match="no list of zones"):
        read_zones(b'{"a": 1}', "made", "ed269")


def test_what_goes_out_is_the_dialect_that_is_written_down() -> None:
    found, listed = one(geometry=[volume(lowerLimit=50)])
    document = json.loads(write_zones(listed, "ed269")[0])
    assert document == {"title": "Zones", "features": [zone(geometry=[volume(lowerLimit=50)])]}
    assert found.zone_id == "ZONE1"


def test_what_cannot_be_said_is_said_the_safer_way() -> None:
    by_pressure = Limit(value=95.0, unit=LengthUnit.FL, reference=HeightReference.STD)
    found, listed = one()
    hours = Hours(from_s=3_600.0, to_s=7_200.0)
    harder = msgspec.structs.replace(
        found,
        restriction=Restriction.USPACE,
        strictness=60,
        periods=(Period(start_utc_ns=JUNE_NS, hours=(hours,), time_zone="Europe/Lisbon"),),
        volumes=(msgspec.structs.replace(found.volumes[0], floor=by_pressure, ceiling=by_pressure),),
    )
    data, deviations = write_zones(msgspec.structs.replace(listed, zones=(harder,)), "ed269")
    (said,) = json.loads(data)["features"]
    assert said["restriction"] == "REQ_AUTHORISATION"
    assert said["applicability"] == [{"permanent": "NO", "startDateTime": "2026-06-01T07:00:00Z"}]
    assert {"lowerLimit", "upperLimit"}.isdisjoint(said["geometry"][0])
    assert {one.field for one in deviations} == {"restriction", "periods", "volumes"}
    assert all(one.must and "extendedProperties.skykeep" in one.done for one in deviations)
