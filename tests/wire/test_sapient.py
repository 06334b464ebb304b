"""SAPIENT messages: frames by hand, every official sample, and what must be refused by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sapient_samples
from recordings import needs_recordings
from sapient_peer import BEARING, LAT_LNG, built, detection, registration, status
from skykeep.base.errors import DecodeError
from skykeep.wire.sapient import (
    SapientFramer,
    content_of,
    decode_message,
    encode_message,
    faults_of,
    frame_message,
    from_json,
    parse_message,
    to_plain,
    unknown_fields,
)
from skykeep.wire.sapient_ids import ULID, UUID_4, node_uuid, ulid, ulid_time_utc_ns

NODE = "a8654cdf-4328-47de-81fa-c495589e30c9"
NOW_UTC_NS = 1_930_000_000_123_456_789
SEEN = detection(location={"x": 7.42, "y": 43.73, "z": 90.0, **LAT_LNG})


def message(content: dict[str, Any]) -> Any:
    return built(NODE, NOW_UTC_NS, content)


def test_a_frame_is_its_length_little_endian_and_its_octets() -> None:
    assert frame_message(b"\x0a" * 258) == b"\x02\x01\x00\x00" + b"\x0a" * 258


@given(st.lists(st.binary(min_size=1, max_size=40), max_size=8), st.integers(1, 9))
def test_frames_come_out_as_they_went_in_however_the_stream_is_cut(payloads: list[bytes], step: int) -> None:
    stream = b"".join(map(frame_message, payloads))
    framer = SapientFramer()
    found = [frame for at in range(0, len(stream), step) for frame in framer.feed(stream[at : at + step])]
    assert found == payloads
    assert framer.held_bytes == 0


@pytest.mark.parametrize("length", [0, 1_048_577, 0xFFFFFFFF])
def test_a_length_that_cannot_be_ends_the_stream_after_what_was_whole(length: int) -> None:
    framer = SapientFramer()
    assert framer.feed(frame_message(b"whole") + length.to_bytes(4, "little") + b"x") == [b"whole"]
    with pytest.raises(DecodeError, match=f"length: {length} bytes, must be 1 to 1048576 bytes"):
        framer.feed(b"")


def test_an_identifier_is_made_from_what_it_stands_for() -> None:
    assert ulid(1_469_918_176_385_000_000, "x")[:10] == "01ARYZ6S41"  # the ULID specification's own moment
    assert UUID_4.fullmatch(node_uuid("site", 7))
    assert node_uuid("a", "bc") != node_uuid("ab", "c")


@given(st.integers(0, 2**62), st.text(max_size=20), st.integers())
def test_every_ulid_is_one_and_keeps_its_millisecond(time_utc_ns: int, text: str, number: int) -> None:
    made = ulid(time_utc_ns, text, number)
    assert ULID.fullmatch(made)
    assert made == ulid(time_utc_ns, text, number)
    assert ulid_time_utc_ns(made) == time_utc_ns // 1_000_000 * 1_000_000


def test_a_sound_message_of_each_kind_passes_and_comes_back_octet_for_octet() -> None:
    for content in (registration(), status(), SEEN):
        octets = message(content).SerializeToString(deterministic=True)
        assert encode_message(decode_message(octets)) == octets


def _damaged(change: Callable[[Any], None], content: dict[str, Any]) -> DecodeError:
    told = message(content)
    change(told)
    with pytest.raises(DecodeError) as caught:
        decode_message(told.SerializeToString())
    return caught.value


def _set(path: str, value: Any) -> Callable[[Any], None]:
    *parents, last = path.split(".")

    def change(told: Any) -> None:
        for name in parents:
            told = getattr(told, name)
        setattr(told, last, value)

    return change


def _clear(path: str) -> Callable[[Any], None]:
    *parents, last = path.split(".")

    def change(told: Any) -> None:
        for name in parents:
            told = getattr(told, name)
        told.ClearField(last)

    return change


BAD: dict[str, tuple[Callable[[Any], None], dict[str, Any], str, str]] = {
    "no time": (_clear("timestamp"), SEEN, "timestamp", "mandatory"),
    "a time before radar": (_set("timestamp.seconds", -1), SEEN, "timestamp", "2000"),
    "more than a second of ns": (_set("timestamp.nanos", 2_000_000_000), SEEN, "timestamp", "999,999,999"),
    "no node": (_clear("node_id"), SEEN, "node_id", "mandatory"),
    "an upper-case node": (_set("node_id", NODE.upper()), SEEN, "node_id", "UUID"),
    "a node of UUID version 1": (
        _set("node_id", "a8654cdf-4328-17de-81fa-c495589e30c9"),
        SEEN,
        "node_id",
        "version 4",
    ),
    "nothing in it": (_clear("detection_report"), SEEN, "content", "one of registration"),
    "a lower-case object": (
        _set("detection_report.object_id", "01ggyfbaxh4vyrqyex7s3xgk3h"),
        SEEN,
        "detection_report.object_id",
        "ULID",
    ),
    "no report id": (_clear("detection_report.report_id"), SEEN, "detection_report.report_id", "mandatory"),
    "nowhere": (_clear("detection_report.location"), SEEN, "detection_report.location_oneof", "one of"),
    "no longitude": (_clear("detection_report.location.x"), SEEN, "detection_report.location.x", "mandatory"),
    "past the pole": (_set("detection_report.location.y", 91.0), SEEN, "detection_report.location.y", "90"),
    "NaN": (_set("detection_report.location.z", math.nan), SEEN, "detection_report.location.z", "finite"),
    "in orbit": (_set("detection_report.location.z", 4e5), SEEN, "detection_report.location.z", "100,000"),
    "an error below zero": (
        _set("detection_report.location.x_error", -1.0),
        SEEN,
        "detection_report.location.x_error",
        "0 or more",
    ),
    "no datum": (
        _set("detection_report.location.datum", 0),
        SEEN,
        "detection_report.location.datum",
        "mandatory",
    ),
    "a datum nobody named": (
        _set("detection_report.location.datum", 9),
        SEEN,
        "detection_report.location.datum",
        "standard names",
    ),
    "surer than sure": (
        _set("detection_report.detection_confidence", 1.5),
        SEEN,
        "detection_report.detection_confidence",
        "0 to 1",
    ),
    "a zone past 60": (
        lambda told: told.detection_report.location.MergeFrom(
            type(told.detection_report.location)(x=4e5, y=4.8e6, coordinate_system=5, utm_zone="61U")
        ),
        SEEN,
        "detection_report.location.utm_zone",
        "30U",
    ),
    "an azimuth over a turn": (
        _set("detection_report.range_bearing.azimuth", 361.0),
        detection(rangeBearing={"azimuth": 1.0, **BEARING}),
        "detection_report.range_bearing.azimuth",
        "360",
    ),
    "straight down and further": (
        _set("detection_report.range_bearing.elevation", -91.0),
        detection(rangeBearing={"azimuth": 1.0, **BEARING}),
        "detection_report.range_bearing.elevation",
        "90",
    ),
    "no mode": (_clear("status_report.mode"), status(), "status_report.mode", "mandatory"),
    "no system": (_clear("status_report.system"), status(), "status_report.system", "mandatory"),
    "a battery over full": (
        _set("status_report.power.level", 101),
        status(),
        "status_report.power.level",
        "100 %",
    ),
    "no capability": (
        _clear("registration.capabilities"),
        registration(),
        "registration.capabilities",
        "mandatory",
    ),
    "a mode without a task": (
        lambda told: told.registration.mode_definition[1].ClearField("task"),
        registration(),
        "registration.mode_definition[1].task",
        "mandatory",
    ),
    "a child that is no UUID": (
        lambda told: told.registration.dependent_nodes.append("child"),
        registration(),
        "registration.dependent_nodes[0]",
        "UUID",
    ),
}


@pytest.mark.parametrize(("change", "content", "field", "must"), BAD.values(), ids=BAD)
def test_what_breaks_the_standard_is_refused_by_the_path_of_its_field(
    change: Callable[[Any], None], content: dict[str, Any], field: str, must: str
) -> None:
    error = _damaged(change, content)
    assert error.field == field
    assert must in error.must


def test_all_faults_are_told_at_once() -> None:
    told = message(SEEN)
    told.node_id = "me"
    told.detection_report.object_id = "that"
    told.detection_report.location.x = 200.0
    assert [fault.field for fault in faults_of(told)] == [
        "node_id",
        "detection_report.object_id",
        "detection_report.location.x",
    ]


def test_a_field_of_another_version_is_kept_and_counted() -> None:
    octets = message(status()).SerializeToString() + b"\xf8\x07\x01"  # field 127, varint 1
    told = decode_message(octets)
    assert unknown_fields(told) == 1
    assert encode_message(told) == octets


@given(st.binary(max_size=200))
def test_any_octets_are_a_sound_message_or_refused(data: bytes) -> None:
    try:
        told = decode_message(data)
    except DecodeError:
        return
    assert not faults_of(told)


def test_json_that_is_none_is_refused() -> None:
    for text in ("", "[]", '{"nodeId": 3}', "{" * 2_000, b"\xff\xfe"):
        with pytest.raises(DecodeError):
            from_json(text)


@needs_recordings
@pytest.mark.recordings
def test_every_official_sample_is_read_but_the_two_that_say_utm_and_hold_degrees() -> None:
    paths = sapient_samples.paths()
    assert len(paths) == 21
    for path in paths:
        if not sapient_samples.is_misplaced(path):
            told = from_json(path.read_text())
            assert content_of(told) in ("alert", "registration", "task_ack")
            assert to_plain(told) == to_plain(decode_message(encode_message(told)))
            continue
        with pytest.raises(DecodeError, match=r"51\.17397264 m of easting \(it looks like degrees") as caught:
            decode_message(sapient_samples.octets(path))
        assert caught.value.field.endswith("location.x")
        assert all(".x" in fault.field or ".y" in fault.field for fault in _faults(path))


def _faults(path: Path) -> list[DecodeError]:
    return faults_of(parse_message(sapient_samples.octets(path)))


@needs_recordings
@pytest.mark.recordings
def test_samples_of_version_1_are_refused() -> None:
    folder = sapient_samples.FOLDER.parent / "apex_testmsgs" / "proto" / "bsi_flex_335_v1_0"
    paths = sorted(folder.glob("*.json"))
    assert len(paths) == 5
    for path in paths:
        with pytest.raises(DecodeError):
            from_json(path.read_text())
