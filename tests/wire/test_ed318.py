from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from hypothesis import given, settings

from made_zones import national_list, zones
from recordings import RECORDINGS, needs_recordings
from skykeep.domain.zone import (
    Circle,
    HeightReference,
    Hours,
    LengthUnit,
    Limit,
    Period,
    Restriction,
    SunEvent,
    Text,
    Zone,
    ZoneAuthority,
    ZoneList,
)
from skykeep.wire.zone_files import read_zones, write_zones

SCHEMAS = RECORDINGS / "zones" / "ed318" / "schema"
SQUARE = [[10.0, 50.0], [11.0, 50.0], [11.0, 51.0], [10.0, 51.0], [10.0, 50.0]]
JUNE_NS = 1_780_297_200 * 10**9  # 2026-06-01T07:00:00Z
LAYER = {"upper": 120, "upperReference": "AGL", "lower": 0, "lowerReference": "AGL", "uom": "m"}


def feature(geometry: Any = None, **changes: Any) -> dict[str, Any]:
    said = {
        "identifier": "ZONE1",
        "country": "XYZ",
        "name": [{"text": "Harbour", "lang": "en-GB"}],
        "type": "REQ_AUTHORIZATION",
        "variant": "COMMON",
        "zoneAuthority": [{"name": [{"text": "Office", "lang": "en-GB"}], "purpose": "AUTHORIZATION"}],
        **changes,
    }
    polygon = {"type": "Polygon", "coordinates": [SQUARE], "layer": LAYER}
    return {"type": "Feature", "properties": said, "geometry": geometry or polygon}


def read(*features: Any, **members: Any) -> ZoneList:
    document = {"type": "FeatureCollection", "metadata": {}, "features": list(features), **members}
    return read_zones(json.dumps(document).encode(), "made")


def one(geometry: Any = None, **changes: Any) -> tuple[Zone, ZoneList]:
    listed = read(feature(geometry, **changes))
    (found,) = listed.zones
    return found, listed


def test_a_zone_by_the_book_says_all_and_deviates_nowhere() -> None:
    found, listed = one()
    assert listed.format == "ed318"
    assert listed.deviations == ()
    assert found.restriction is Restriction.REQ_AUTHORISATION
    assert found.name == "Harbour"
    assert found.names == (Text(text="Harbour", language="en-GB"),)
    assert found.volumes[0].ceiling == Limit(value=120.0)
    assert found.periods == ()
    assert found.document == "Harbour (ZONE1), Office"


def test_what_the_list_says_of_itself() -> None:
    metadata = {
        "provider": [{"text": "Office", "lang": "en-GB"}],
        "issued": "2026-06-01T09:00:00+02:00",
        "validFrom": "2026-06-01T07:00:00Z",
        "otherGeoid": "LN02",
    }
    listed = read(feature(), metadata=metadata, name="Zones")
    assert listed.title == (Text(text="Zones"),)
    assert listed.issued_utc_ns == listed.valid_from_utc_ns == JUNE_NS
    assert listed.extra == (("metadata.otherGeoid", '"LN02"'),)
    assert listed.deviations == ()


def test_metadata_under_another_name_and_a_geoid_beside_it_are_read_and_noted() -> None:
    document = {
        "type": "FeatureCollection",
        "datasetMetadata": {"provider": "Office", "technicalLimitation": None},
        "otherGeoid": "LN02",
        "features": [],
    }
    listed = read_zones(json.dumps(document).encode(), "made")
    assert listed.provider == (Text(text="Office"),)
    assert listed.extra == (("otherGeoid", '"LN02"'),)
    assert [said.field for said in listed.deviations] == [
        "datasetMetadata",
        "otherGeoid",
        "metadata",
        "metadata.provider",
    ]


def test_plain_names_and_null_members_are_read_and_noted() -> None:
    found, listed = one(name="Harbour", reason="AIR_TRAFFIC", message=None, region=None, zoneAuthority=[])
    assert found.name == "Harbour"
    assert found.names == ()
    assert found.reasons == ("AIR_TRAFFIC",)
    assert found.authorities == ()
    said = {one.field: one.found for one in listed.deviations}
    assert said[""] == "null: message, region"
    assert set(said) == {"", "name", "reason", "zoneAuthority"}


def test_a_point_with_an_extent_is_a_circle_with_its_layer() -> None:
    layer = {**LAYER, "uom": "ft", "upper": 1500, "upperReference": "AMSL"}
    point = {
        "type": "Point",
        "coordinates": [10.5, 50.5],
        "extent": {"subType": "Circle", "radius": 500.0},
        "layer": layer,
    }
    found, listed = one(point)
    assert found.volumes[0].outline == Circle(longitude_deg=10.5, latitude_deg=50.5, radius_m=500.0)
    assert found.volumes[0].ceiling == Limit(
        value=1_500.0, unit=LengthUnit.FT, reference=HeightReference.AMSL
    )
    assert listed.deviations == ()


def test_a_collection_has_layers_of_its_own_and_lends_its_own_to_those_without() -> None:
    high = {**LAYER, "lower": 50, "upper": 150}
    polygon = {"type": "Polygon", "coordinates": [SQUARE]}
    found, _ = one(
        {"type": "GeometryCollection", "layer": LAYER, "geometries": [{**polygon, "layer": high}, polygon]}
    )
    assert [volume.floor for volume in found.volumes] == [Limit(value=50.0), Limit(value=0.0)]


def test_each_polygon_of_many_is_a_volume() -> None:
    found, _ = one({"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]], "layer": LAYER})
    assert len(found.volumes) == 2
    assert all(volume.ceiling == Limit(value=120.0) for volume in found.volumes)


def test_a_layer_over_the_ellipsoid_and_none_at_all() -> None:
    polygon = {"type": "Polygon", "coordinates": [SQUARE]}
    found, listed = one({**polygon, "layer": {"upper": 300, "upperReference": "WGS84"}})
    assert found.volumes[0].ceiling == Limit(value=300.0, reference=HeightReference.HAE)
    assert listed.deviations == ()
    found, listed = one(polygon)
    assert found.volumes[0].floor is None
    assert found.volumes[0].ceiling is None


def test_sunrise_and_sunset_bound_a_day() -> None:
    schedule = [{"day": ["MON", "TUE"], "startEvent": "SR", "endEvent": "SS"}]
    found, listed = one(limitedApplicability=[{"schedule": schedule}])
    assert found.periods == (
        Period(hours=(Hours(weekdays=(0, 1), from_event=SunEvent.SR, to_event=SunEvent.SS),)),
    )
    assert listed.deviations == ()


def test_a_time_and_an_event_for_one_end_hold_in_the_one_or_the_other() -> None:
    schedule = [{"day": ["ANY"], "startTime": "06:00:00Z", "startEvent": "SR", "endTime": "20:00:00Z"}]
    found, listed = one(limitedApplicability=[{"schedule": schedule}])
    assert found.periods[0].hours == (
        Hours(from_event=SunEvent.SR, to_s=72_000.0),
        Hours(from_s=21_600.0, to_s=72_000.0),
    )
    assert [said.gravity.value for said in listed.deviations] == ["read as"]


def test_times_without_seconds_are_read_and_noted() -> None:
    period = {
        "startDateTime": "2026-06-01T07:00Z",
        "schedule": [{"day": ["ANY"], "startTime": "06:00Z", "endTime": "21:00Z"}],
    }
    found, listed = one(limitedApplicability=[period])
    assert found.periods == (Period(start_utc_ns=JUNE_NS, hours=(Hours(from_s=21_600.0, to_s=75_600.0),)),)
    assert len(listed.deviations) == 3


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [10.0, 50.0]},
        {"type": "LineString", "coordinates": [[10.0, 50.0], [11.0, 51.0]]},
        {"type": "GeometryCollection", "geometries": [None, 7]},
        {"type": "Hexagon"},
        {"type": None},
    ],
)
def test_a_zone_without_an_inside_is_left_out_whole(geometry: Any) -> None:
    listed = read(feature(geometry), feature(identifier="ZONE2"))
    assert [found.zone_id for found in listed.zones] == ["ZONE2"]
    assert json.loads(listed.left_out[-1][1])["properties"]["identifier"] == "ZONE1"


def test_a_feature_alone_is_a_list_of_one() -> None:
    listed = read_zones(json.dumps(feature()).encode(), "made")
    assert len(listed.zones) == 1
    assert listed.deviations[0].found == "Feature"


def test_texts_longer_than_the_standard_are_whole_and_noted() -> None:
    found, listed = one(message=[{"text": "x" * 201, "lang": "en-GB"}])
    assert len(found.message[0].text) == 201
    assert [(said.field, said.found) for said in listed.deviations] == [("message", "201 characters")]


def test_what_goes_out_is_what_came_in() -> None:
    document = {
        "type": "FeatureCollection",
        "name": "Zones",
        "metadata": {"issued": "2026-06-01T07:00:00Z"},
        "features": [feature(limitedApplicability=[{"startDateTime": "2026-06-01T07:00:00Z"}])],
    }
    data, deviations = write_zones(read_zones(json.dumps(document).encode(), "made"), "ed318")
    assert json.loads(data) == document
    assert deviations == ()


def test_an_authority_that_the_schema_would_refuse_goes_out_without_what_is_wrong() -> None:
    found, listed = one()
    odd = ZoneAuthority(email="not an address", site_url="nowhere", interval_before="two days")
    changed = msgspec.structs.replace(listed, zones=(msgspec.structs.replace(found, authorities=(odd,)),))
    data, deviations = write_zones(changed, "ed318")
    assert json.loads(data)["features"][0]["properties"]["zoneAuthority"] == [{"purpose": "AUTHORIZATION"}]
    assert [one.field for one in deviations] == ["authorities"]
    assert read_zones(data, "made").zones[0].authorities == (odd,)


def _validator() -> Any:
    schema = json.loads((SCHEMAS / "Schema_GeoZones.json").read_text())

    def retrieve(uri: str) -> Any:
        return json.loads((SCHEMAS / Path(uri).name).read_text())

    return jsonschema_rs.Draft7Validator(
        schema, base_uri="json-schema:///zones/", retriever=retrieve, validate_formats=True
    )


@needs_recordings
@settings(deadline=None, max_examples=150)
@given(zone=zones())
def test_any_zone_validates_against_the_published_schemas(zone: Zone) -> None:
    data, _ = write_zones(ZoneList(format="made", zones=(zone,)), "ed318")
    _validator().validate(json.loads(data))


@needs_recordings
def test_national_files_validate_and_the_schema_is_one_that_can_refuse() -> None:
    validator = _validator()
    listed = national_list(400)
    validator.validate(json.loads(write_zones(listed, "ed318")[0]))
    for path in sorted((RECORDINGS / "zones").rglob("*json")):
        if "schema" in str(path) or path.name.startswith("Partial"):
            continue
        data, _ = write_zones(read_zones(path.read_bytes(), path.name), "ed318")
        validator.validate(json.loads(data))
    published = json.loads((RECORDINGS / "zones" / "shape_samples" / "ed318-ie.json").read_text())
    with pytest.raises(jsonschema_rs.ValidationError):
        validator.validate(published)
