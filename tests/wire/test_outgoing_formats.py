"""GeoJSON, KML and CZML of one small night: each by its own standard, and each at the right place."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from outgoing_night import NIGHT, at_ns, night_at
from skykeep.base.clock import from_iso_utc
from skykeep.wire import czml_out, geojson_out, kml_out
from skykeep.wire.outgoing import Outgoing, by_track

KML = "{http://www.opengis.net/kml/2.2}"
GX = "{http://www.google.com/kml/ext/2.2}"


def geojson(night: Outgoing) -> dict[str, Any]:
    found = json.loads(geojson_out.encode(night))
    assert isinstance(found, dict)
    return found


def feature(night: Outgoing, feature_id: str) -> dict[str, Any]:
    (found,) = (one for one in geojson(night)["features"] if one.get("id") == feature_id)
    assert isinstance(found, dict)
    return found


def test_a_track_is_a_line_with_its_times_beside_it() -> None:
    track = feature(NIGHT, "track-1")
    line, times = track["geometry"]["coordinates"], track["properties"]["coordTimes"]
    assert track["geometry"]["type"] == "LineString"
    assert len(line) == len(times) == 11
    # 2 km west of 40 W at 38.5 N: a degree of longitude there is 87.2 km.
    assert line[0][0] == pytest.approx(-40.0 - 2.0 / 87.2, abs=1e-4)
    assert line[0][1] == pytest.approx(38.5 + 0.1 / 111.0, abs=1e-4)
    assert line[0][2] == pytest.approx(120.3, abs=0.2)
    assert from_iso_utc(times[3]) == at_ns(3)
    assert track["properties"]["standing"] == "hostile"


def test_what_was_told_once_is_a_point_and_what_ended_is_no_longer_anywhere() -> None:
    track = feature(NIGHT, "track-3")
    assert track["geometry"]["type"] == "Point"
    assert track["properties"]["permit_id"] == "P-7"


def test_geojson_keeps_the_rules_of_rfc_7946() -> None:
    collection = geojson(NIGHT)
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    for one in collection["features"]:
        assert one["type"] == "Feature"
        assert isinstance(one["properties"], dict)
        _must_keep_rfc_7946(one["geometry"])


def _must_keep_rfc_7946(geometry: dict[str, Any]) -> None:
    for place in _places(geometry["coordinates"]):
        assert -180.0 <= place[0] <= 180.0
        assert -90.0 <= place[1] <= 90.0
        assert all(round(angle, 7) == angle for angle in place[:2])
    if geometry["type"] in ("LineString", "MultiLineString"):
        lines = (
            geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
        )
        assert all(len(line) >= 2 for line in lines)
    if geometry["type"] in ("Polygon", "MultiPolygon"):
        polygons = (
            geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        )
        for rings in polygons:
            for k, ring in enumerate(rings):
                assert ring[0] == ring[-1]
                assert len(ring) >= 4
                assert shapely.LinearRing(ring).is_ccw is (k == 0)
    assert shapely.from_geojson(json.dumps(geometry)).is_valid


def _places(coordinates: Any) -> list[list[float]]:
    if isinstance(coordinates[0], float | int):
        return [coordinates]
    return [place for one in coordinates for place in _places(one)]


@given(st.floats(-180.0, 180.0))
def test_wherever_the_night_is_nothing_runs_round_the_globe(longitude_deg: float) -> None:
    for one in geojson(night_at(longitude_deg))["features"]:
        _must_keep_rfc_7946(one["geometry"])
        pieces = one["geometry"]["coordinates"]
        multi = one["geometry"]["type"].startswith("Multi")
        for piece in pieces if multi else [pieces]:
            longitudes = [place[0] for place in _places(piece)]
            assert max(longitudes) - min(longitudes) < 1.0


def test_a_way_over_the_antimeridian_is_cut_there() -> None:
    night = night_at(180.0)
    track = feature(night, "track-1")
    west, east = track["geometry"]["coordinates"]
    assert track["geometry"]["type"] == "MultiLineString"
    assert west[-1][0] == 180.0
    assert east[0][0] == -180.0
    assert west[-1][1:] == east[0][1:]
    assert [len(times) for times in track["properties"]["coordTimes"]] == [len(west), len(east)]
    zone = feature(night, "zone-inner-ring")["geometry"]
    # Both halves keep their part of the hole as a notch, and nothing of the area is lost.
    whole = shapely.from_geojson(json.dumps(feature(night_at(0.0), "zone-inner-ring")["geometry"]))
    assert zone["type"] == "MultiPolygon"
    assert shapely.from_geojson(json.dumps(zone)).area == pytest.approx(whole.area, rel=1e-5)


def kml_tree(night: Outgoing) -> Any:
    return etree.fromstring(kml_out.encode(night))


def test_kml_tells_time_and_place_in_pairs() -> None:
    tree = kml_tree(NIGHT)
    (track,) = (p for p in tree.iter(f"{KML}Placemark") if p.get("id") == "track-1")
    when = [e.text for e in track.iter(f"{KML}when")]
    where = [[float(x) for x in e.text.split()] for e in track.iter(f"{GX}coord")]
    assert len(when) == len(where) == 11
    assert from_iso_utc(when[10]) == at_ns(10)
    assert where[5][:2] == pytest.approx((-40.0, 38.5009), abs=1e-4)
    assert where[5][2] == pytest.approx(80.0, abs=0.5)  # above the sea, which is 40 m up here
    assert tree.find(f".//{KML}styleUrl").text == "#hostile"


def test_kml_keeps_words_whole_and_markup_out() -> None:
    names = [e.text for e in kml_tree(NIGHT).iter(f"{KML}name")]
    assert 'Fireworks "A & B"' in names
    night = msgspec.structs.replace(NIGHT, name="a\x00b</name>")
    assert "a\ufffdb</name>" in [e.text for e in kml_tree(night).iter(f"{KML}name")]


def test_a_zone_of_one_evening_has_its_time_and_one_with_a_hole_its_hole() -> None:
    tree = kml_tree(NIGHT)
    assert [e.text for e in tree.iter(f"{KML}begin")] == ["2031-05-03T02:10:00.000Z"]
    assert len(list(tree.iter(f"{KML}innerBoundaryIs"))) == 1
    modes = {e.text for e in tree.iter(f"{KML}altitudeMode")}
    assert modes == {"absolute", "relativeToGround"}


@pytest.mark.where_present
@pytest.mark.parametrize("longitude_deg", [-40.0, 180.0])
def test_kml_is_valid_by_the_schema(longitude_deg: float) -> None:
    """The schema of Google's extensions imports that of OGC 07-147r2; both come with pykml."""
    found = importlib.util.find_spec("pykml")
    if found is None or found.origin is None:
        pytest.skip("not run: the KML schemas are not here; `pip install pykml` brings them")
    schema = etree.XMLSchema(etree.parse(Path(found.origin).parent / "schemas" / "kml22gx.xsd"))
    schema.assertValid(kml_tree(night_at(longitude_deg)))
    wrong = kml_out.encode(NIGHT).replace(b"<when>2031", b"<when>soon 2031")
    assert not schema.validate(etree.fromstring(wrong))


def packet(night: Outgoing, packet_id: str) -> dict[str, Any]:
    (found,) = (one for one in json.loads(czml_out.encode(night)) if one["id"] == packet_id)
    assert isinstance(found, dict)
    return found


def test_czml_begins_with_its_document_and_clock() -> None:
    first = json.loads(czml_out.encode(NIGHT))[0]
    assert first["id"] == "document"
    assert first["version"] == "1.0"
    assert first["clock"]["interval"] == "2031-05-03T02:10:00.000Z/2031-05-03T02:10:10.000Z"
    ids = [one["id"] for one in json.loads(czml_out.encode(NIGHT))]
    assert len(ids) == len(set(ids))


def test_czml_samples_are_seconds_longitude_latitude_height() -> None:
    track = packet(NIGHT, "track-1")
    samples = track["position"]["cartographicDegrees"]
    assert from_iso_utc(track["position"]["epoch"]) == at_ns(0)
    assert samples[0::4] == [float(k) for k in range(11)]
    assert samples[21:24] == pytest.approx([-40.0, 38.5009, 120.0], abs=1e-3)
    assert track["ellipsoid"]["radii"]["cartesian"][:4] == [0.0, 6.0, 6.0, 12.0]
    assert track["availability"] == "2031-05-03T02:10:00.000Z/2031-05-03T02:10:10.000Z"


def test_a_track_without_covariance_has_no_ellipsoid() -> None:
    assert "ellipsoid" not in packet(NIGHT, "track-2")
    assert "point" in packet(NIGHT, "track-2")


def test_czml_does_not_jump_at_the_antimeridian() -> None:
    samples = packet(night_at(180.0), "track-1")["position"]["cartographicDegrees"]
    longitudes = samples[1::4]
    assert max(longitudes) - min(longitudes) < 1.0


def test_zones_stand_between_their_heights() -> None:
    above_ground, above_sea = packet(NIGHT, "zone-order-12")["polygon"], packet(NIGHT, "zone-show")["polygon"]
    assert (above_ground["height"], above_ground["extrudedHeight"]) == (0.0, 500.0)
    assert above_ground["heightReference"] == {"heightReference": "RELATIVE_TO_GROUND"}
    # The sea is 40 m above the ellipsoid here.
    assert (above_sea["height"], above_sea["extrudedHeight"]) == pytest.approx((140.0, 440.0))
    assert len(packet(NIGHT, "zone-inner-ring")["polygon"]["holes"]["cartographicDegrees"]) == 1


def test_a_night_without_tracks_is_written_too() -> None:
    empty = msgspec.structs.replace(NIGHT, tracks=())
    assert all(one["properties"]["kind"] != "track" for one in geojson(empty)["features"])
    assert "clock" not in json.loads(czml_out.encode(empty))[0]
    assert not list(kml_tree(empty).iter(f"{GX}Track"))


def test_a_place_that_is_not_known_is_left_out() -> None:
    lost = msgspec.structs.replace(NIGHT.tracks[0][0], latitude_deg=float("nan"))
    night = msgspec.structs.replace(NIGHT, tracks=by_track([lost, *NIGHT.tracks[0][1:]]))
    assert len(feature(night, "track-1")["geometry"]["coordinates"]) == 10
    only = msgspec.structs.replace(NIGHT, tracks=((lost,),))
    assert all(one["properties"]["kind"] != "track" for one in geojson(only)["features"])
    assert b"NaN" not in czml_out.encode(only) + kml_out.encode(only)
