"""The sensor contract: what a message is, and what each wrong one is told."""

from __future__ import annotations

import datetime
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutations import frames_to_try, mutated
from skykeep.base.errors import DecodeError
from skykeep.wire import contract as c
from skykeep.wire.contract_codec import LONGEST_MESSAGE_BYTES, LineFramer, decode, encode, schema

HEAD: dict[str, Any] = {"sensor_id": "rf-1", "sequence": 7, "time_utc": "2031-05-03T02:14:07.25Z"}
BEARING: dict[str, Any] = {"kind": "bearing", "bearing_deg": 41.5, "bearing_sigma_deg": 2}
PLOT: dict[str, Any] = {
    "kind": "range_bearing",
    "range_m": 1_200,
    "range_sigma_m": 5,
    "bearing_deg": 359.9,
    "bearing_sigma_deg": 0.8,
    "elevation_deg": 4,
    "elevation_sigma_deg": 1,
    "range_rate_mps": -12.5,
    "range_rate_sigma_mps": 0.3,
    "rcs_dbsm": -18,
    "snr_db": 14,
}
PLACE: dict[str, Any] = {
    "kind": "position",
    "latitude_deg": 51.5,
    "longitude_deg": -0.1,
    "sigma_horizontal_m": 20,
    "height_hae_m": 90,
    "sigma_vertical_m": 40,
}
PRESENCE: dict[str, Any] = {
    "kind": "presence",
    "range_max_m": 1_500,
    "signal": {"type": "video", "protocol": "wifi", "centre_frequency_hz": 5.8e9, "power_dbm": -80},
}
CLAIM: dict[str, Any] = {
    "claimed_id": "1596F1234567",
    "latitude_deg": 51.5,
    "longitude_deg": -0.1,
    "height_hae_m": 90,
    "sigma_horizontal_m": 3,
    "sigma_vertical_m": 10,
    "ground_speed_mps": 8,
    "course_deg": 270,
}


def message(**changes: Any) -> bytes:
    return json.dumps({"type": "detections", **HEAD, "detections": [BEARING], **changes}).encode()


WHOLE = [
    message(),
    message(detections=[]),
    message(sector={"from_deg": 350, "to_deg": 20}),
    message(
        detections=[BEARING | {"elevation_deg": 3, "elevation_sigma_deg": 1}], time_utc=1_936_232_047 * 10**9
    ),
    message(detections=[BEARING | {"controller_bearing_deg": 9, "controller_bearing_sigma_deg": 4}]),
    message(detections=[PLOT, PLOT]),
    message(detections=[PLACE]),
    message(detections=[PRESENCE]),
    json.dumps({"type": "claims", **HEAD, "claims": [CLAIM]}).encode(),
    json.dumps({"type": "status", **HEAD, "state": "degraded", "says": "one antenna of four"}).encode(),
    json.dumps({"type": "report", **HEAD, "what": "heard", "text": "سمعت دويّين"}).encode(),
]


def test_a_bearing_is_read_as_it_was_written() -> None:
    read = decode(message())

    assert isinstance(read, c.Detections)
    assert read.sensor_id == "rf-1"
    assert read.sequence == 7
    assert read.time_utc_ns == 1_935_540_847_250_000_000
    assert read.detections == (c.BearingDetection(bearing_deg=41.5, bearing_sigma_deg=2.0),)


def test_both_ways_to_write_a_time_are_the_same_time() -> None:
    texts = ("2031-05-03T02:14:07.25Z", "2031-05-03T04:14:07.250+02:00", 1_935_540_847_250_000_000)

    assert {decode(message(time_utc=text)).time_utc_ns for text in texts} == {1_935_540_847_250_000_000}


WRONG: dict[str, tuple[bytes, str, str, str]] = {
    "a bearing of a whole turn": (
        message(detections=[BEARING | {"bearing_deg": 360}]),
        "detections[0].bearing_deg", "360", "float < 360.0",
    ),
    "the second of two": (
        message(detections=[BEARING, BEARING | {"bearing_sigma_deg": 0}]),
        "detections[1].bearing_sigma_deg", "0", "float >= 1e-06",
    ),
    "no sigma": (
        message(detections=[{"kind": "bearing", "bearing_deg": 4}]),
        "detections[0].bearing_sigma_deg", "missing", "given with bearing_deg",
    ),
    "no direction at all": (
        message(detections=[{"kind": "bearing"}]),
        "detections[0].bearing_deg", "missing", "given, or controller_bearing_deg",
    ),
    "elevation without bearing": (
        message(detections=[{"kind": "bearing", "elevation_deg": 1, "elevation_sigma_deg": 1,
                             "controller_bearing_deg": 1, "controller_bearing_sigma_deg": 1}]),
        "detections[0].bearing_deg", "missing", "given with elevation_deg",
    ),
    "a field misspelt": (
        message(detections=[BEARING | {"elevation": 4}]),
        "detections[0].elevation", "4", "left out: the contract has no such field",
    ),
    "another kind of detection": (
        message(detections=[{"kind": "smell"}]),
        "detections[0].kind", '"smell"', "one of bearing, range_bearing, position or presence",
    ),
    "two kinds in one look": (
        message(detections=[PRESENCE, BEARING]),
        "detections[1].kind", "bearing", "presence, as the first of this message",
    ),
    "elevation in one of two": (
        message(detections=[BEARING | {"elevation_deg": 3, "elevation_sigma_deg": 1}, BEARING]),
        "detections", "elevation_deg in some", "in all of a message or in none: send two messages",
    ),
    "an empty sector": (
        message(sector={"from_deg": 5, "to_deg": 5}),
        "sector.to_deg", "5", "another bearing than from_deg; all round is 0 to 360",
    ),
    "a time of day without a zone": (
        message(time_utc="2031-05-03T02:14:07"),
        "time_utc", '"2031-05-03T02:14:07"', "datetime with a timezone component",
    ),
    "a time in seconds": (
        message(time_utc=1_935_540_847),
        "time_utc", "1935540847", "int >= 946684800000000000",
    ),
    "a time before there were any": (
        message(time_utc="1931-05-03T02:14:07Z"),
        "time_utc", "1931-05-03 02:14:07+00:00", "from 2000 to 2099",
    ),
    "a time that is none": (
        message(time_utc="yesterday"),
        "time_utc", '"yesterday"', "ISO 8601 as 2031-05-03T02:14:07.250Z",
    ),
    "no sequence": (
        b'{"type":"status","sensor_id":"a","time_utc":"2031-05-03T02:14:07Z","state":"ok"}',
        "sequence", "missing", "given",
    ),
    "a sensor with a space in its name": (
        message(sensor_id="rf 1"),
        "sensor_id", '"rf 1"', "str matching regex '^[A-Za-z0-9][A-Za-z0-9._:-]*$(?!\\\\n)'",
    ),
    "a type of its own": (
        json.dumps({"type": "radar", **HEAD}).encode(),
        "type", '"radar"', "one of detections, claims, status or report",
    ),
    "another version": (message(version=2), "version", "2", "one of 1"),
    "another kind of claim": (
        json.dumps({"type": "claims", **HEAD, "claims": [CLAIM | {"kind": "rumour"}]}).encode(),
        "claims[0].kind", '"rumour"', "one of remote_id, adsb, network_remote_id or telemetry",
    ),
    "a number no computer has": (
        message().replace(b"41.5", b"1e999"),
        "detections[0].bearing_deg", "what cannot be read", "a number of no more than 300 digits",
    ),
    "half a place": (
        json.dumps({"type": "report", **HEAD, "what": "saw", "text": "a light", "latitude_deg": 5}).encode(),
        "longitude_deg", "missing", "given with latitude_deg",
    ),
    "a list": (b"[]", "message", "[]", "object"),
    "a name twice, the first wrong": (
        message().replace(b'"detections": [', b'"detections": [{"kind": "smell"}], "detections": ['),
        "detections[0].kind", '"bearing"', "one of bearing, range_bearing, position or presence",
    ),
    "a name twice, then nothing of it": (
        b'{"type":"detections","detections":[{"kind":"smell"}],"detections":[]}',
        "detections[0].kind", "more than one of it", "one of bearing, range_bearing, position or presence",
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", WRONG)
def test_what_is_wrong_is_named(story: str) -> None:
    data, field, found, must = WRONG[story]
    with pytest.raises(DecodeError) as refusal:
        decode(data)

    assert (refusal.value.field, refusal.value.found, refusal.value.must) == (field, found, must)


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe", b"{", b'{"type":"status"} x', b'"\\ud800"', b"[" * 100_000]
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(DecodeError):
        decode(data)


def test_a_message_too_long_is_not_even_read() -> None:
    with pytest.raises(DecodeError, match="at most 262,144"):
        decode(b" " * (LONGEST_MESSAGE_BYTES + 1))


@pytest.mark.parametrize("data", WHOLE)
def test_encoding_gives_back_what_was_decoded(data: bytes) -> None:
    read = decode(data)
    assert decode(encode(read)) == read
    assert encode(decode(encode(read))) == encode(read)


angles = st.floats(0, 360, exclude_max=True)
sigmas = st.floats(1e-6, 90)
bearings = st.builds(
    c.BearingDetection, bearing_deg=angles, bearing_sigma_deg=sigmas, label=st.text(max_size=64)
)
plots = st.builds(
    c.RangeBearingDetection,
    range_m=st.floats(0, 500_000, exclude_min=True),
    range_sigma_m=st.floats(1e-3, 100_000),
    bearing_deg=angles,
    bearing_sigma_deg=sigmas,
    range_rate_mps=st.floats(-2_000, 2_000),
    range_rate_sigma_mps=st.floats(1e-3, 500),
)
presences = st.builds(c.PresenceDetection, range_max_m=st.floats(0, 500_000, exclude_min=True))
messages = st.builds(
    c.Detections,
    sensor_id=st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\Z"),
    sequence=st.integers(0, c.LARGEST_SEQUENCE),
    time_utc=st.datetimes(
        min_value=datetime.datetime(2000, 1, 2),  # noqa: DTZ001 - the zone is drawn beside it
        max_value=datetime.datetime(2099, 12, 30),  # noqa: DTZ001
        timezones=st.timezones(),
    )
    | st.integers(c.EARLIEST_UTC_NS, c.LATEST_UTC_NS - 1),
    detections=st.one_of(*(st.lists(kind, max_size=5).map(tuple) for kind in (bearings, plots, presences))),
)


@given(messages)
def test_any_message_survives_the_wire(sent: c.Detections) -> None:
    read = decode(encode(sent))
    assert isinstance(read, c.Detections)
    assert read.time_utc_ns == sent.time_utc_ns
    assert msgspec.structs.replace(read, time_utc=sent.time_utc) == sent


def read_or_refused(data: bytes) -> c.Message | DecodeError:
    try:
        return decode(data)
    except DecodeError as error:
        return error


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    read = read_or_refused(data)
    assert not isinstance(read, DecodeError) or len(str(read)) < 400


def within_bounds(read: c.Message) -> bool:
    """Return whether each number of a message is one that can be."""
    for value in numbers_of(msgspec.to_builtins(read)):
        if not -1e18 < value < 5e18:
            return False
    if isinstance(read, c.Detections):
        return all(
            (one.bearing_deg is None or 0 <= one.bearing_deg < 360)
            for one in read.detections
            if isinstance(one, c.BearingDetection | c.RangeBearingDetection)
        ) and all(
            -90 <= one.latitude_deg <= 90 and one.sigma_horizontal_m > 0
            for one in read.detections
            if isinstance(one, c.PositionDetection)
        )
    return True


def numbers_of(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for item in value.values() for number in numbers_of(item)]
    if isinstance(value, list | tuple):
        return [number for item in value for number in numbers_of(item)]
    return [value] if isinstance(value, int | float) else []


def test_damaged_messages_are_refused_or_possible() -> None:
    taken = 0
    for data in mutated(WHOLE, frames_to_try(), seed=20_310_503):
        read = read_or_refused(data)
        if isinstance(read, DecodeError):
            assert read.field, data
            assert read.must, data
        else:
            taken += 1
            assert within_bounds(read), data
    assert 0 < taken < frames_to_try()


def test_lines_come_out_whole_however_they_arrive() -> None:
    stream = b"\r\n".join(WHOLE) + b"\n\n" + WHOLE[0][:5]
    for step in (1, 7, 1_000_000):
        framer = LineFramer()
        lines = [line for at in range(0, len(stream), step) for line in framer.feed(stream[at : at + step])]
        assert lines == WHOLE
        assert framer.feed(WHOLE[0][5:] + b"\n") == [WHOLE[0]]


def test_a_line_without_end_is_given_up() -> None:
    framer = LineFramer()
    for _ in range(LONGEST_MESSAGE_BYTES // 4_096):
        assert framer.feed(b"x" * 4_096) == []
    with pytest.raises(DecodeError, match="line"):
        framer.feed(b"x")


def test_the_schema_names_every_field_of_every_record() -> None:
    records = schema()["$defs"]
    for record in (
        *(c.Detections, c.Claims, c.Status, c.PersonReport, c.Signal, c.Sector, c.Claimed),
        *(c.BearingDetection, c.RangeBearingDetection, c.PositionDetection, c.PresenceDetection),
    ):
        written = records[record.__name__]
        assert set(record.__struct_fields__) <= set(written["properties"])
        assert written["additionalProperties"] is False
    assert records["BearingDetection"]["properties"]["bearing_deg"]["anyOf"][0]["exclusiveMaximum"] == 360
