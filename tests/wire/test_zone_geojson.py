from __future__ import annotations

import json
from typing import Any

import pytest
import shapely

from skykeep.domain.zone import (
    NO_CEILING,
    Circle,
    HeightReference,
    LengthUnit,
    Limit,
    Period,
    Polygon,
    Restriction,
    Text,
    Zone,
    ZoneList,
)
from skykeep.geo.shapes import circle_lonlat_deg
from skykeep.wire.zone_files import read_zones, write_zones
from skykeep.wire.zone_limits import limit_of_text

SQUARE = [[10.0, 50.0], [11.0, 50.0], [11.0, 51.0], [10.0, 51.0], [10.0, 50.0]]
POLYGON = {"type": "Polygon", "coordinates": [SQUARE]}
ED269 = {
    "identifier": "ZONE1",
    "country": "XYZ",
    "name": "Harbour",
    "type": "COMMON",
    "restriction": "PROHIBITED",
    "reason": ["SENSITIVE"],
    "applicability": [{"permanent": "YES"}],
}


def read(*features: tuple[Any, Any]) -> ZoneList:
    listed = [{"type": "Feature", "properties": said, "geometry": geometry} for said, geometry in features]
    return read_zones(json.dumps({"type": "FeatureCollection", "features": listed}).encode(), "made")


def one(said: Any, geometry: Any = POLYGON) -> tuple[Zone, ZoneList]:
    listed = read((said, geometry))
    (found,) = listed.zones
    return found, listed


@pytest.mark.parametrize(
    ("text", "value", "unit", "reference"),
    [
        ("1000 FT ALT", 1_000.0, "FT", "AMSL"),
        ("30766 m AMSL", 30_766.0, "M", "AMSL"),
        ("FL095", 95.0, "FL", "STD"),
        ("fl 95", 95.0, "FL", "STD"),
        ("SFC", 0.0, "M", "AGL"),
        ("GND", 0.0, "M", "AGL"),
        ("UNL", NO_CEILING, "M", "AMSL"),
        ("120 M AGL", 120.0, "M", "AGL"),
        ("2500ft msl", 2_500.0, "FT", "AMSL"),
        ("400 FT SFC", 400.0, "FT", "AGL"),
        ("2,5 M GND", 2.5, "M", "AGL"),
    ],
)
def test_a_limit_in_words(text: str, value: float, unit: str, reference: str) -> None:
    assert limit_of_text(text) == Limit(
        value=value, unit=LengthUnit(unit), reference=HeightReference(reference)
    )


@pytest.mark.parametrize("text", ["", "high", "FL", "100", "100 FT", "100 XX AGL", "NOTAM", "9" * 400])
def test_words_that_are_no_whole_limit_are_none(text: str) -> None:
    assert limit_of_text(text) is None


def test_an_export_of_ed269_is_read_flat() -> None:
    limits = {
        "uomDimensions": "FT",
        "lowerLimit": 50,
        "lowerVerticalReference": "AGL",
        "upperLimit": 2000,
        "upperVerticalReference": "AMSL",
    }
    found, listed = one({**ED269, **limits, "volumeIndex": 0, "attribution": "Office"})
    assert listed.format == "geojson"
    assert listed.deviations == ()
    assert found.periods == (Period(permanent=True),)
    (only,) = found.volumes
    assert only.floor == Limit(value=50.0, unit=LengthUnit.FT)
    assert only.ceiling == Limit(value=2_000.0, unit=LengthUnit.FT, reference=HeightReference.AMSL)
    assert found.extra == (("attribution", '"Office"'),)


def test_limits_in_a_geometry_of_their_own_and_in_words_beside_it() -> None:
    limits = {"uomDimensions": "M", "upperLimit": 120, "upperVerticalReference": "AGL"}
    found, listed = one({**ED269, "geometry": limits, "lower": "SFC", "upper": "120 M AGL"})
    assert found.volumes[0].ceiling == Limit(value=120.0)
    assert [said.field for said in listed.deviations] == ["lower", "lowerLimit"]


def test_words_that_contradict_the_numbers_are_named() -> None:
    limits = {"uomDimensions": "M", "upperLimit": 120, "upperVerticalReference": "AGL"}
    found, listed = one({**ED269, **limits, "upper": "FL095"})
    assert found.volumes[0].ceiling == Limit(value=120.0)
    (said,) = listed.deviations
    assert (said.field, said.found, said.must) == ("upper", "FL095", "120 M AGL")


def test_other_names_of_the_members_are_known() -> None:
    said = {
        "id": "ZONE1",
        "name": "Harbour",
        "type": "COMMON",
        "country": "XYZ",
        "restriction": "CONDITIONAL",
        "reasons": ["SENSITIVE"],
        "lowerLimit": 0,
        "upperLimit": 120,
        "unit": "M",
        "lowerReference": "AGL",
        "upperReference": "AGL",
        "authority": "Office",
    }
    found, listed = one(said)
    assert found.zone_id == "ZONE1"
    assert found.restriction is Restriction.CONDITIONAL
    assert found.volumes[0].ceiling == Limit(value=120.0)
    assert found.authorities[0].name == (Text(text="Office"),)
    assert {one.field for one in listed.deviations} == {
        "id",
        "reasons",
        "unit",
        "lowerReference",
        "upperReference",
        "authority",
        "zoneAuthority[0].purpose",
    }


def test_one_identifier_with_rising_indices_is_one_zone_of_several_volumes() -> None:
    low = {**ED269, "volumeIndex": 0, "upperLimit": 50, "uomDimensions": "M", "upperVerticalReference": "AGL"}
    high = {**low, "volumeIndex": 1, "upperLimit": 120}
    listed = read((low, POLYGON), (high, POLYGON))
    (found,) = listed.zones
    assert [volume.ceiling for volume in found.volumes] == [Limit(value=50.0), Limit(value=120.0)]
    assert listed.deviations == ()


@pytest.mark.parametrize("change", [{"volumeIndex": 0}, {"volumeIndex": 1, "restriction": "CONDITIONAL"}])
def test_one_identifier_that_does_not_agree_stays_two_zones_and_is_noted(change: Any) -> None:
    listed = read(({**ED269, "volumeIndex": 0}, POLYGON), ({**ED269, "volumeIndex": 0, **change}, POLYGON))
    assert len(listed.zones) == 2
    assert [said.found for said in listed.deviations] == ["2 zones"]


def test_a_polygon_that_stands_for_a_circle_counts_as_published() -> None:
    found, listed = one({**ED269, "circleCenter": [10.5, 50.5], "circleRadiusMetres": 500})
    assert isinstance(found.volumes[0].outline, Polygon)
    assert dict(found.extra) == {"circleCenter": "[10.5,50.5]", "circleRadiusMetres": "500"}
    assert [said.field for said in listed.deviations] == ["circleRadiusMetres"]


@pytest.mark.parametrize(("ceiling", "says"), [(0, "No height"), (200, "Up to 200 FT")])
def test_a_cell_of_a_facility_map_asks_for_authorisation_from_the_ground_up(ceiling: int, says: str) -> None:
    found, _ = one({"OBJECTID": 7, "CEILING": ceiling, "UNIT": "TWR", "APT1_ICAO": "ZZZZ"})
    assert found.zone_id == "7"
    assert found.restriction is Restriction.REQ_AUTHORISATION
    assert found.volumes[0].floor is None
    assert found.volumes[0].ceiling is None
    assert found.conditions[0].text.startswith(says)
    assert dict(found.extra)["CEILING"] == str(ceiling)


def test_a_point_with_a_buffer_is_a_circle_and_one_without_is_left_out() -> None:
    listed = read(
        ({**ED269, "Bufferzone": "2 km"}, {"type": "Point", "coordinates": [10.5, 50.5, 0]}),
        ({**ED269, "identifier": "ZONE2"}, {"type": "Point", "coordinates": [10.5, 50.5]}),
    )
    (found,) = listed.zones
    assert found.volumes[0].outline == Circle(longitude_deg=10.5, latitude_deg=50.5, radius_m=2_000.0)
    ((name, text),) = listed.left_out
    assert name == "ZONE2 geometry"
    assert json.loads(text)["geometry"]["type"] == "Point"


def test_a_zone_that_does_not_say_its_restriction_is_prohibited() -> None:
    found, listed = one({"title": "Station", "datoTidSTART": "Mon, 07 Sep 2026 06:00:00 GMT"})
    assert found.restriction is Restriction.PROHIBITED
    assert found.zone_id == "#1"
    assert found.name == "Station"
    assert found.periods == (Period(start_utc_ns=1_788_760_800 * 10**9),)
    assert "restriction" in {said.field for said in listed.deviations}


def test_another_reference_system_is_named_and_what_is_no_degree_left_out() -> None:
    metres = {"type": "Polygon", "coordinates": [[[1e6, 6e6], [1.1e6, 6e6], [1e6, 6.1e6], [1e6, 6e6]]]}
    document = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "EPSG:3857"}},
        "features": [{"type": "Feature", "properties": ED269, "geometry": metres}],
    }
    listed = read_zones(json.dumps(document).encode(), "made")
    assert listed.zones == ()
    assert len(listed.left_out) == 1
    assert listed.deviations[0].field == "crs"


def test_geometry_without_a_feature_is_a_zone() -> None:
    (found,) = read_zones(json.dumps(POLYGON).encode(), "made").zones
    assert found.restriction is Restriction.PROHIBITED


def test_our_circle_is_drawn_as_a_ring_that_holds_all_of_it() -> None:
    found, listed = one({**ED269, "Bufferzone": "2 km"}, {"type": "Point", "coordinates": [10.5, 50.5]})
    data, deviations = write_zones(listed, "geojson")
    (feature,) = json.loads(data)["features"]
    drawn = shapely.Polygon(feature["geometry"]["coordinates"][0])
    assert drawn.contains(shapely.Polygon(circle_lonlat_deg(50.5, 10.5, 1_999.9, 720)))
    assert feature["properties"]["circleRadiusMetres"] == 2_000.0
    assert "volumes" in {said.field for said in deviations}
    assert read_zones(data, "made").zones == (found,)
