"""The MCAP of a watch: read back by the format's own reader, every message by its own schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import numpy as np
import pytest
from mcap.reader import make_reader

from exported_night import SECONDS, inputs, where_enu_m, write_log
from judged_scenes import START_UTC_NS, SURVEY, at_ns
from outgoing_night import NIGHT
from skykeep.app.export import export
from skykeep.domain.encoding import encode_json
from skykeep.store.mcap_recording import McapRecording
from skykeep.store.table_file import write_table
from skykeep.wire import foxglove as fox

AUTHORITY = Path(__file__).parents[2] / "authorities" / "foxglove_fields.json"
Message = tuple[str, str, int, dict[str, Any]]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the MCAP of the short watch."""
    folder = tmp_path_factory.mktemp("mcap")
    export(write_log(folder / "night.db"), "mcap", folder / "night.mcap")
    return folder / "night.mcap"


def messages(path: Path, topic: str | None = None) -> list[Message]:
    """Return (topic, schema, time, message) of all or one topic."""
    with path.open("rb") as file:
        found = make_reader(file, validate_crcs=True).iter_messages(topics=topic and [topic])
        return [(c.topic, s.name if s else "", m.log_time, json.loads(m.data)) for s, c, m in found]


def test_it_is_chunked_compressed_and_indexed(night: Path) -> None:
    with night.open("rb") as file:
        reader = make_reader(file, validate_crcs=True)
        header, summary = reader.get_header(), reader.get_summary()
    assert (header.profile, header.library) == ("", "skykeep")
    assert summary is not None
    assert summary.statistics is not None
    assert {chunk.compression for chunk in summary.chunk_indexes} == {"zstd"}
    assert all(chunk.message_index_offsets for chunk in summary.chunk_indexes)
    assert summary.statistics.message_count == len(messages(night))
    assert {schema.encoding for schema in summary.schemas.values()} == {"jsonschema"}
    assert {channel.message_encoding for channel in summary.channels.values()} == {"json"}


@pytest.mark.parametrize("of", ["log", "table"])
def test_every_message_obeys_its_schema(night: Path, tmp_path: Path, of: str) -> None:
    if of == "table":
        write_table(tmp_path / "t.parquet", NIGHT)
        export(tmp_path / "t.parquet", "mcap", tmp_path / "t.mcap")
        night = tmp_path / "t.mcap"
    with night.open("rb") as file:
        summary = make_reader(file).get_summary()
    assert summary is not None
    schemas = {s.name: jsonschema_rs.validator_for(json.loads(s.data)) for s in summary.schemas.values()}
    found = messages(night)
    assert {name for _, name, _, _ in found} == set(schemas)
    for _, name, _, message in found:
        schemas[name].validate(message)
    # And the schemas say something.
    with pytest.raises(jsonschema_rs.ValidationError):
        schemas["foxglove.Log"].validate({"level": 9})


def test_time_is_the_nights_own_and_never_runs_backwards(night: Path) -> None:
    times = [time for _, _, time, _ in messages(night)]
    assert times == sorted(times)
    assert times[0] == START_UTC_NS
    assert times[-1] == at_ns(SECONDS - 0.5)


def test_what_came_in_is_there_as_the_log_has_it(night: Path) -> None:
    sent = [json.loads(encode_json(record)) for record in inputs()]
    found = [message for topic, _, _, message in messages(night) if topic.startswith("/inputs/")]
    assert sorted(map(json.dumps, found)) == sorted(map(json.dumps, sent))


def test_the_track_is_in_the_scene_where_the_drone_was(night: Path) -> None:
    *_, scene = [message for *_, message in messages(night, "/tracks/scene") if message["entities"]]
    (body,) = scene["entities"]
    at = body["spheres"][0]["pose"]["position"]
    assert np.linalg.norm(np.array([at["x"], at["y"], at["z"]]) - where_enu_m(SECONDS - 0.5)) < 15.0
    assert body["frame_id"] == "site"
    assert body["texts"][0]["text"] == f"Track {body['id'].removeprefix('track-')}"


def test_the_map_has_it_at_the_same_place(night: Path) -> None:
    *_, last = messages(night, "/tracks/map")
    (feature,) = json.loads(last[3]["geojson"])["features"]
    frame = NIGHT.site.origin
    place = frame.to_enu_m(
        feature["geometry"]["coordinates"][1], feature["geometry"]["coordinates"][0], 120.0
    )
    assert np.linalg.norm(place[:2] - where_enu_m(SECONDS - 0.5)[:2]) < 15.0
    (site,) = messages(night, "/site/map")
    kinds = [feature["properties"]["kind"] for feature in json.loads(site[3]["geojson"])["features"]]
    assert kinds == ["zone", "sensor", "asset"]


def test_alerts_are_told_with_their_grounds_and_the_track_has_a_fix_from_then_on(night: Path) -> None:
    alerts = messages(night, "/alerts")
    assert alerts[0][3]["level"] == fox.WARNING
    assert "Order 12" in alerts[0][3]["message"]
    fixes = [found for found in messages(night) if found[1] == "foxglove.LocationFix"]
    assert fixes
    assert min(time for _, _, time, _ in fixes) > alerts[0][2]
    covariance = np.array(fixes[-1][3]["position_covariance"]).reshape(3, 3)
    assert np.array_equal(covariance, covariance.T)
    assert np.linalg.eigvalsh(covariance)[0] > 0.0


def test_a_refused_order_is_told(night: Path) -> None:
    told = [message["message"] for *_, message in messages(night, "/log")]
    assert told[0].startswith("A night: Scene.")
    assert told[1].startswith("Refused acknowledge_alert: ")


def test_judgements_say_what_was_thought(night: Path) -> None:
    *_, last = messages(night, "/judgements")
    (track,) = last[3]["tracks"]
    assert (track["permission"], track["document"]) == ("forbidden", "Order 12")
    assert track["grounds"]
    assert track["sensors"] == ["radar"]
    assert track["claimed_id"] != SURVEY.scope.serials[0]


def test_the_same_night_gives_the_same_bytes(night: Path, tmp_path: Path) -> None:
    export(write_log(tmp_path / "again.db"), "mcap", tmp_path / "again.mcap")
    assert (tmp_path / "again.mcap").read_bytes() == night.read_bytes()


def test_what_is_broken_off_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), McapRecording(tmp_path / "x.mcap", NIGHT, START_UTC_NS):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_body_that_is_gone_is_taken_away() -> None:
    update = fox.scene_update([], ["track-4"], at_ns(1))
    assert update["deletions"] == [{"timestamp": fox.time_of(at_ns(1)), "type": 0, "id": "track-4"}]


@pytest.mark.parametrize(
    "along", [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (-1.0, 2.0, -0.5), (3.0, -4.0, 12.0)]
)
def test_an_arrow_points_where_it_should(along: tuple[float, float, float]) -> None:
    q = fox.arrow((0.0, 0.0, 0.0), along, 10.0, 1.0, (1.0, 1.0, 1.0, 1.0))["pose"]["orientation"]
    x, y, z, w = q["x"], q["y"], q["z"], q["w"]
    # +x turned by the quaternion.
    turned = [1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)]
    assert turned == pytest.approx((np.array(along) / np.linalg.norm(along)).tolist(), abs=1e-12)


@pytest.mark.parametrize("name", fox.SCHEMAS)
def test_foxglove_can_read_the_schema_and_knows_every_member(name: str) -> None:
    """Foxglove reads objects, arrays of one plain type or of objects, plain types, and numbered choices."""
    schema = fox.SCHEMAS[name]
    assert schema["title"] == name
    _must_be_readable(schema)
    known = json.loads(AUTHORITY.read_text())["fields"][name]
    _must_be_known(schema, known)


def _must_be_readable(schema: dict[str, Any]) -> None:
    assert schema["type"] == "object"
    for member in schema["properties"].values():
        if "oneOf" in member:
            assert all(isinstance(one["const"], int) for one in member["oneOf"])
            continue
        item = member["items"] if member["type"] == "array" else member
        assert item["type"] in ("boolean", "string", "number", "integer", "object")
        if item["type"] == "object":
            _must_be_readable(item)


def _must_be_known(schema: dict[str, Any], known: dict[str, Any]) -> None:
    for name, member in schema["properties"].items():
        assert name in known
        item = member.get("items", member)
        if item.get("type") == "object" and known[name] is not None:
            _must_be_known(item, known[name])


def test_every_schema_in_a_recording_can_be_read(night: Path) -> None:
    with night.open("rb") as file:
        summary = make_reader(file).get_summary()
    assert summary is not None
    for schema in summary.schemas.values():
        _must_be_readable(json.loads(schema.data))


def test_a_night_without_covariance_is_written_too(tmp_path: Path) -> None:
    """LocationFix then says that its covariance is not known, in numbers that JSON has."""
    bird = next(track[0] for track in NIGHT.tracks if track[0].track_id == 2)
    fix = fox.location_fix(bird)
    assert fix["position_covariance_type"] == fox.COVARIANCE_UNKNOWN
    assert fix["position_covariance"] == [0.0] * 9
    assert b"null" not in msgspec.json.encode(fix)
