"""COURAGEOUS documents: read and written as the project's own schema has them, and never believed blindly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from hypothesis import given

from courageous_documents import EVERYTHING, documents
from mutations import frames_to_try, mutated
from skykeep.base.errors import DecodeError
from skykeep.wire import courageous as c

AUTHORITY = Path(__file__).parents[2] / "authorities" / "courageous_schema_0_4_1.json"
SCHEMA = jsonschema_rs.Draft7Validator(json.loads(AUTHORITY.read_text())["schema"])

# Written by hand after the format's guide: a system that reads the link of a drone.
BY_HAND = b"""{
 "version": "0.4.1", "vendor_name": "Company", "system_name": "System",
 "static_cuas_location": {"lat": 51.156888, "lon": 2.738243, "height_amsl": 11.4},
 "detection": [],
 "tracks": [{
  "uas_id": 1, "name": "Track name",
  "uav_home_location": {"lat": 51.157543, "lon": 2.740512, "height_amsl": 9},
  "records": [{
    "time": 1696421411207, "record_number": 0, "classification": "UAV", "identification": "a model",
    "alarm": {"active": false, "certainty": 0.55}, "velocity": null,
    "location": {"$type": "Position3d", "lat": 51.158929, "lon": 2.741416, "height_amsl": 47.153}
  }]
 }]
}"""


def test_a_document_by_hand() -> None:
    document = c.decode(BY_HAND)
    (track,) = document.tracks
    (record,) = track.records
    assert (track.uas_id, track.name) == (1, "Track name")
    assert track.uav_home_location == c.Place(lat_deg=51.157543, lon_deg=2.740512, height_amsl_m=9.0)
    assert record.time_utc_ms == 1696421411207
    assert record.classification is c.Classification.UAV
    assert record.alarm == c.Alarm(active=False, certainty=0.55)
    assert record.location == c.Position3d(lat_deg=51.158929, lon_deg=2.741416, height_amsl_m=47.153)
    assert record.velocity is None


def test_every_kind_of_location_is_written_with_its_own_members() -> None:
    told = [r["location"] for r in json.loads(c.encode(EVERYTHING))["tracks"][0]["records"]]
    assert told == [
        {"$type": "Arc", "from": 350.0, "to": 10.0},
        {"$type": "Quad", "quad": "East"},
        {"$type": "Bearing", "bearing": 90.0},
        {"$type": "BearingElevation", "bearing": 43.5, "elevation": 2.25},
        {"$type": "BearingElevationDistance", "bearing": 180.0, "elevation": 30.0, "distance": 1000.0},
        {"$type": "Position2d", "lat": 38.51, "lon": -40.0},
        {"$type": "Position3d", "lat": 38.5, "lon": -39.99, "height_amsl": 112.0},
    ]


def _without(path: str) -> bytes:
    return _with(path, msgspec.UNSET)


def _with(path: str, value: Any) -> bytes:
    found = json.loads(BY_HAND)
    place = found
    *way, last = path.split(".")
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is msgspec.UNSET:
        del place[last]
    else:
        place[last] = value
    return json.dumps(found).encode()


RECORD = "tracks.0.records.0"


@pytest.mark.parametrize(
    ("data", "field", "found", "must"),
    [
        (BY_HAND[:-1], "document", "Input data was truncated", "JSON in UTF-8"),
        (b"[1]", "document", "array", "object"),
        (
            b"\xff{}",
            "document",
            "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
            "JSON in UTF-8",
        ),
        (_without("system_name"), "system_name", "missing", "there"),
        (_with("version", "0.3.3"), "version", "'0.3.3'", "one of the words that the format knows here"),
        (_without(f"{RECORD}.location.lat"), "tracks[0].records[0].location.lat", "missing", "there"),
        (_without(f"{RECORD}.location.$type"), "tracks[0].records[0].location.$type", "missing", "there"),
        (_with(f"{RECORD}.location.lat", "51"), "tracks[0].records[0].location.lat", "str", "float"),
        (
            _with(f"{RECORD}.location.lat", 95.5),
            "tracks[0].records[0].location.lat",
            "95.5",
            "within -90 and 90",
        ),
        (
            _with(f"{RECORD}.alarm.certainty", 55),
            "tracks[0].records[0].alarm.certainty",
            "55",
            "within 0 and 1",
        ),
        (_with(f"{RECORD}.alarm", None), "tracks[0].records[0].alarm", "null", "object"),
        (_with("tracks.0.uas_id", -1), "tracks[0].uas_id", "-1", "within 0 and 1.84467e+19"),
        (_with(f"{RECORD}.record_number", 1.5), "tracks[0].records[0].record_number", "float", "int"),
        (
            _with(f"{RECORD}.classification", "Bird"),
            "tracks[0].records[0].classification",
            "'Bird'",
            "one of the words that the format knows here",
        ),
        (
            _with(f"{RECORD}.time", 1696421411),
            "tracks[0].records[0].time",
            "1696421411",
            "milliseconds since 1970, 946684800000 to 4102444800000",
        ),
    ],
)
def test_what_is_wrong_is_named_by_its_path(data: bytes, field: str, found: str, must: str) -> None:
    with pytest.raises(DecodeError) as caught:
        c.decode(data)
    assert (caught.value.field, caught.value.found, caught.value.must) == (field, found, must)


def test_members_that_are_not_in_the_format_are_named() -> None:
    found = json.loads(BY_HAND)
    found["comment"] = "x"
    found["tracks"][0]["color"] = "red"
    found["tracks"][0]["records"][0]["rcs"] = 0.01
    data = json.dumps(found).encode()
    assert c.decode(data) == c.decode(BY_HAND)
    assert c.unread_members(data) == ("comment", "tracks[0].color", "tracks[0].records[0].rcs")
    assert c.unread_members(BY_HAND) == ()


@given(documents)
def test_what_is_written_is_read_back_the_same(document: c.Document) -> None:
    data = c.encode(document)
    assert c.decode(data) == document
    assert c.encode(c.decode(data)) == data


@given(documents)
def test_what_is_written_obeys_the_projects_schema(document: c.Document) -> None:
    SCHEMA.validate(json.loads(c.encode(msgspec.structs.replace(document, version="0.4.1"))))


def test_what_cannot_be_is_not_written() -> None:
    wrong = msgspec.structs.replace(
        EVERYTHING, static_cuas_location=c.Place(lat_deg=91, lon_deg=0, height_amsl_m=0)
    )
    with pytest.raises(ValueError, match=r"static_cuas_location\.lat"):
        c.encode(wrong)
    nowhere = c.Place(lat_deg=float("nan"), lon_deg=0, height_amsl_m=0)
    with pytest.raises(ValueError, match=r"static_cuas_location\.lat"):
        c.encode(msgspec.structs.replace(EVERYTHING, static_cuas_location=nowhere))


def test_damaged_documents_are_refused_or_are_possible() -> None:
    """Whatever is accepted obeys the schema that the project publishes, and our bounds."""
    accepted = 0
    for data in mutated((BY_HAND, c.encode(EVERYTHING)), frames_to_try(), seed=8):
        try:
            document = c.decode(data)
        except DecodeError:
            continue
        accepted += 1
        assert c.decode(c.encode(document)) == document
        if document.version == c.VERSION:
            SCHEMA.validate(msgspec.to_builtins(document))
        c.unread_members(data)
    assert accepted > 100


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(DecodeError):
        c.decode(b'{"a":' * 100_000)
