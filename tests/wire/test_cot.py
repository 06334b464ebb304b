"""Cursor on Target: one event by hand in both forms, the laws, and the schema and examples of others."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cot_samples import DETECTION_XML, FRIENDLY_XML, GROUND_XML, NOW_UTC_NS
from mutations import frames_to_try, mutated
from recordings import RECORDINGS, needs_recordings
from skykeep.base.errors import DecodeError
from skykeep.wire.cot import AFFILIATIONS, CotEvent, CotPoint, Element, TakControl
from skykeep.wire.cot_detail import read_detail
from skykeep.wire.cot_proto import (
    decode_message,
    encode_datagram,
    encode_frame,
    encode_payload,
    read_varint,
    write_varint,
)
from skykeep.wire.cot_xml import decode_xml, encode_xml, format_number, format_time, parse_time_utc_ns

EXAMPLES = RECORDINGS / "cot" / "takcot" / "examples"


def test_an_event_reads_as_written() -> None:
    event = decode_xml(FRIENDLY_XML)
    assert (event.uid, event.type, event.how) == ("POLICE-7", "a-f-A-M-H-Q", "m-g")
    assert event.time_utc_ns == NOW_UTC_NS - 250_000_000
    assert event.stale_utc_ns - event.start_utc_ns == 30_000_000_000
    assert event.point == CotPoint(
        latitude_deg=10.01,
        longitude_deg=20.0,
        height_hae_m=130.0,
        circular_error_m=3.5,
        linear_error_m=6.0,
    )
    detail = read_detail(event.detail)
    assert (detail.callsign, detail.group, detail.role) == ("Falcon & 7", "Cyan", "Team Member")
    assert (detail.course_deg, detail.speed_mps, detail.slope_deg) == (90.0, 12.0, 0.0)
    assert (detail.platform, detail.droid, detail.remarks) == ("p", "Falcon 7", "on task")
    assert (detail.battery_percent, detail.height_m, detail.geopoint_source) == (87.0, 2.0, "GPS")
    assert detail.has_uas_tool
    assert [(link.uid, link.relation) for link in detail.links] == [("PILOT-1", "p-p")]
    assert detail.sensor is not None
    assert (detail.sensor.azimuth_deg, detail.sensor.fov_deg, detail.sensor.range_m) == (91.5, 60.0, 300.0)


def test_unknown_height_and_errors_are_unknown() -> None:
    point = decode_xml(DETECTION_XML).point
    assert (point.height_hae_m, point.circular_error_m, point.linear_error_m) == (None, 25.0, None)


TIMES = {
    "whole seconds": ("2002-10-05T18:00:23Z", 1_033_840_823_000_000_000),
    "two decimals": ("2002-10-05T18:00:23.12Z", 1_033_840_823_120_000_000),
    "nanoseconds": ("2002-10-05T18:00:23.123456789Z", 1_033_840_823_123_456_789),
    "more decimals than are kept": ("2002-10-05T18:00:23.12345678999Z", 1_033_840_823_123_456_789),
    "an offset": ("2002-10-05T20:00:23.5+02:00", 1_033_840_823_500_000_000),
    "an offset to the west": ("2002-10-05T14:30:23-03:30", 1_033_840_823_000_000_000),
}


@pytest.mark.parametrize(("text", "time_utc_ns"), TIMES.values(), ids=TIMES)
def test_a_time_with(text: str, time_utc_ns: int) -> None:
    assert parse_time_utc_ns("time", text) == time_utc_ns


def change(old: bytes, new: bytes) -> bytes:
    assert old in FRIENDLY_XML
    return FRIENDLY_XML.replace(old, new, 1)


REFUSED = {
    "a document type": (b"<!DOCTYPE event [<!ENTITY a 'b'>]>" + DETECTION_XML, "event"),
    "an entity of its own": (change(b"on task", b"&xxe;"), "event"),
    "another root": (b"<auth/>", "event"),
    "another encoding": (change(b"UTF-8", b"utf-7"), "event"),
    "no uid": (change(b"uid='POLICE-7'", b""), "uid"),
    "an empty uid": (change(b"uid='POLICE-7'", b"uid=''"), "uid"),
    "version 1": (change(b"version='2.0'", b"version='1.1'"), "version"),
    "an affiliation that is none": (change(b"a-f-A-M-H-Q", b"a-z-A"), "type"),
    "a type with a gap": (change(b"a-f-A-M-H-Q", b"a-f--A"), "type"),
    "how of two letters": (change(b"how='m-g'", b"how='mg'"), "how"),
    "a latitude past the pole": (change(b"lat='10.01'", b"lat='90.01'"), "point.lat"),
    "a longitude past the edge": (change(b"lon='20.0'", b"lon='-180.5'"), "point.lon"),
    "a height inside the earth": (change(b"hae='130.0'", b"hae='-20000'"), "point.hae"),
    "no number": (change(b"hae='130.0'", b"hae='NaN'"), "point.hae"),
    "a negative error": (change(b"ce='3.5'", b"ce='-1'"), "point.ce"),
    "no point": (change(b"<point ", b"<p0int "), "point"),
    "two points": (change(b"<detail>", b"<point lat='1' lon='1' hae='1' ce='1' le='1'/><detail>"), "point"),
    "a time without a zone": (change(b"07.000Z'", b"07.000'"), "time"),
    "the 30th of February": (change(b"2031-05-03T02:14:07.000Z'", b"2031-02-30T02:14:07Z'"), "time"),
    "stale before start": (change(b"stale='2031-05-03T02:14:37", b"stale='2031-05-03T02:14:06"), "stale"),
    "before 1970": (change(b"time='2031", b"time='1931"), "time"),
    "a course past north": (change(b"course='90.0'", b"course='360.5'"), "track.course"),
    "a speed of light": (change(b"speed='12.0'", b"speed='3e8'"), "track.speed"),
    "a battery over full": (change(b"battery='87'", b"battery='101'"), "status.battery"),
    "a sensor below the ground": (change(b"elevation='-30'", b"elevation='-91'"), "sensor.elevation"),
    "nested without end": (change(b"on task", b"<a>" * 40 + b"</a>" * 40), "event"),
    "larger than may be": (change(b"on task", b"x" * 300_000), "event"),
    "cut short": (FRIENDLY_XML[:-9], "event"),
    "nothing": (b"", "event"),
    "a quality of service that is none": (change(b"how='m-g'", b"how='m-g' qos='high'"), "qos"),
}


@pytest.mark.parametrize(("data", "field"), REFUSED.values(), ids=REFUSED)
def test_refused_by_name(data: bytes, field: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_message(data)
    assert caught.value.field == field


def test_an_unknown_course_is_not_refused() -> None:
    event = decode_xml(change(b"course='90.0' speed='12.0'", b"course='9999999.0' speed='-1'"))
    detail = read_detail(event.detail)
    assert (detail.course_deg, detail.speed_mps) == (None, None)


# The numbers and lengths below are those of the protocol's wire format, worked out by hand.
def test_the_smallest_payload_octet_by_octet() -> None:
    control = encode_payload(None, TakControl(min_version=1, max_version=2))
    assert control.hex() == "0a0408011002"
    assert encode_datagram(None, TakControl(min_version=1, max_version=2)).hex() == "bf01bf0a0408011002"
    assert encode_frame(None, TakControl(min_version=1, max_version=2)).hex() == "bf060a0408011002"


def test_both_forms_of_protobuf_give_the_event() -> None:
    event = decode_xml(FRIENDLY_XML)
    for data in (encode_datagram(event), encode_frame(event)):
        back = decode_message(data).event
        assert back is not None
        assert msgspec.structs.replace(back, detail=()) == msgspec.structs.replace(event, detail=())
        assert sorted(back.detail, key=repr) == sorted(event.detail, key=repr)


def test_what_a_message_cannot_hold_goes_as_xml() -> None:
    from takproto.proto import TakMessage as Message  # type: ignore[import-untyped]

    message = Message()
    message.ParseFromString(encode_payload(decode_xml(FRIENDLY_XML)))
    detail = message.cotEvent.detail
    # A contact with a phone, a status with readiness and a track with a slope are more than their messages.
    assert not detail.HasField("contact")
    assert not detail.HasField("status")
    assert not detail.HasField("track")
    assert (detail.group.name, detail.takv.platform) == ("Cyan", "p")
    for kept in ('phone="none"', 'readiness="true"', 'slope="0.0"', "<remarks>on task</remarks>"):
        assert kept in detail.xmlDetail


def test_takproto_reads_what_we_write() -> None:
    import takproto  # type: ignore[import-untyped]

    event = decode_xml(GROUND_XML)
    for data in (encode_datagram(event), encode_frame(event)):
        message = takproto.parse_proto(bytearray(data))
        assert (message.cotEvent.uid, message.cotEvent.detail.contact.callsign) == ("GUARD-2", "Guard 2")
        assert message.cotEvent.sendTime * 1_000_000 == event.time_utc_ns


def test_we_read_what_takproto_writes() -> None:
    import takproto

    for version in (takproto.TAKProtoVer.MESH, takproto.TAKProtoVer.STREAM):
        data = bytes(takproto.xml2proto(DETECTION_XML.replace(b"06.5Z", b"06.500000Z"), version))
        event = decode_message(data).event
        assert event is not None
        assert event.point == decode_xml(DETECTION_XML).point
        assert read_detail(event.detail) == read_detail(decode_xml(DETECTION_XML).detail)


def test_what_stands_in_the_free_part_is_believed_over_the_message() -> None:
    from takproto.proto import TakMessage as Message

    message = Message()
    message.ParseFromString(encode_payload(decode_xml(GROUND_XML)))
    message.cotEvent.detail.xmlDetail = '<?xml version="1.0"?><contact callsign="other"/><x/>'
    event = decode_message(b"\xbf\x01\xbf" + message.SerializeToString()).event
    assert event is not None
    assert [(one.tag, one.attributes) for one in event.detail] == [
        ("contact", {"callsign": "other"}),
        ("x", {}),
    ]


text_in_xml = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t\r"),
    max_size=20,
)
solid = text_in_xml.filter(lambda text: bool(text.strip(" \t\r\n")) and bool(text.strip()))
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_.-]{0,8}", fullmatch=True).filter(
    lambda name: name not in ("status", "track", "sensor", "height", "event", "detail")
)
attributes = st.dictionaries(names, text_in_xml, max_size=3)
# Elements that have a message of their own in protobuf, with attributes that it has and that it has not.
typed = st.builds(
    Element,
    tag=st.sampled_from(["contact", "__group", "takv", "precisionlocation"]),
    attributes=st.dictionaries(
        st.sampled_from(["callsign", "endpoint", "name", "role", "os", "altsrc", "phone"]), text_in_xml
    ),
    text=st.just("") | solid,
)
leaves = typed | st.builds(Element, tag=names, attributes=attributes, text=text_in_xml)
elements = st.recursive(
    leaves,
    lambda inner: st.builds(
        Element,
        tag=names,
        attributes=attributes,
        text=st.just("") | solid,
        children=st.lists(inner, min_size=1, max_size=3).map(tuple),
    ),
    max_leaves=6,
)
points = st.builds(
    CotPoint,
    latitude_deg=st.floats(-90, 90),
    longitude_deg=st.floats(-180, 180),
    height_hae_m=st.none() | st.floats(-12_000, 90_000),
    circular_error_m=st.none() | st.floats(0, 999_998),
    linear_error_m=st.none() | st.floats(0, 999_998),
)


@st.composite
def events(draw: st.DrawFn, step_ns: int = 1) -> CotEvent:
    def moment(low: int, high: int) -> int:
        return draw(st.integers(low // step_ns + 1, high // step_ns)) * step_ns

    start = moment(1, 4 * 10**18)
    return CotEvent(
        uid=draw(solid),
        type=draw(
            st.sampled_from([f"a-{one}-A-M-H-Q" for one in AFFILIATIONS] + ["b-t-f", "t-x-d-d;x", "u-d-f"])
        ),
        time_utc_ns=moment(1, 4 * 10**18),
        start_utc_ns=start,
        stale_utc_ns=moment(start, 5 * 10**18),
        how=draw(st.sampled_from(["m-g", "h-g-i-g-o", "m"])),
        point=draw(points),
        detail=tuple(draw(st.lists(elements, max_size=4))),
        access=draw(st.sampled_from(["", "Undefined"])),
        qos=draw(st.sampled_from(["", "1-r-c"])),
        opex=draw(st.sampled_from(["", "s", "e-Night"])),
    )


@given(events())
def test_xml_comes_back_as_it_went(event: CotEvent) -> None:
    assert decode_xml(encode_xml(event)) == event


@given(events(step_ns=1_000_000))
def test_protobuf_comes_back_as_it_went_but_for_the_order_of_elements(event: CotEvent) -> None:
    back = decode_message(encode_frame(event)).event
    assert back is not None
    assert msgspec.structs.replace(back, detail=()) == msgspec.structs.replace(event, detail=())
    assert sorted(back.detail, key=repr) == sorted(event.detail, key=repr)
    assert decode_message(encode_datagram(event)).event == back


@given(st.binary(max_size=200))
def test_any_octets_are_an_event_or_refused(data: bytes) -> None:
    for head in (b"", b"\xbf", b"\xbf\x01\xbf", b"<event "):
        try:
            decode_message(head + data)
        except DecodeError:
            continue


@given(st.integers(0, 2**35 - 1))
def test_a_varint_comes_back(value: int) -> None:
    data = write_varint(value)
    assert read_varint(data + b"\x00", 0) == (value, len(data))
    assert read_varint(data[:-1], 0)[0] is None


@given(st.integers(1, 253_402_300_799_999_999_999))
def test_a_time_comes_back(time_utc_ns: int) -> None:
    assert parse_time_utc_ns("time", format_time(time_utc_ns)) == time_utc_ns


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_comes_back_and_has_no_exponent(value: float) -> None:
    text = format_number(value)
    assert float(text) == value
    assert "e" not in text


def seeds() -> list[bytes]:
    made = [FRIENDLY_XML, DETECTION_XML, GROUND_XML]
    for data in (FRIENDLY_XML, GROUND_XML):
        event = decode_xml(data)
        made += [encode_xml(event), encode_frame(event, TakControl()), encode_datagram(event, TakControl())]
    if EXAMPLES.is_dir():
        made += [path.read_bytes() for path in sorted(EXAMPLES.iterdir())]
    return made


def test_damaged_frames_are_refused_or_hold_only_what_can_be() -> None:
    accepted = 0
    for data in mutated(seeds(), frames_to_try(), seed=5):
        try:
            message = decode_message(data)
        except DecodeError:
            continue
        if message.event is not None:
            accepted += 1
            assert_possible(message.event)
    assert accepted > 0


def assert_possible(event: CotEvent) -> None:
    point = event.point
    assert -90.0 <= point.latitude_deg <= 90.0
    assert -180.0 <= point.longitude_deg <= 180.0
    assert point.height_hae_m is None or -12_000.0 <= point.height_hae_m <= 1e8
    for error_m in (point.circular_error_m, point.linear_error_m):
        assert error_m is None or 0.0 <= error_m < 999_999.0
    assert 0 < event.start_utc_ns <= event.stale_utc_ns < 253_402_300_800 * 10**9
    assert event.time_utc_ns > 0
    assert event.uid
    if event.type.startswith("a-"):
        assert event.type[2] in AFFILIATIONS
    detail = read_detail(event.detail)
    assert detail.course_deg is None or 0.0 <= detail.course_deg <= 360.0
    assert detail.speed_mps is None or 0.0 <= detail.speed_mps <= 10_000.0
    assert detail.battery_percent is None or 0.0 <= detail.battery_percent <= 100.0
    assert detail.height_m is None or math.isfinite(detail.height_m)
    # What is accepted can be said again, and is then the same.
    again = decode_xml(encode_xml(event))
    assert msgspec.structs.replace(again, detail=()) == msgspec.structs.replace(
        event, detail=(), version=again.version
    )


@needs_recordings
@pytest.mark.recordings
def test_published_examples_decode_and_come_back() -> None:
    paths = sorted(EXAMPLES.iterdir())
    assert len(paths) == 6
    for path in paths:
        event = decode_xml(path.read_bytes())
        assert decode_xml(encode_xml(event)) == event
        assert decode_message(encode_frame(event)).event is not None


def base_schema() -> Any:
    from lxml import etree

    (path,) = Path(RECORDINGS / "cot" / "takcot" / "mitre").glob("CoT Base-Event*.xsd")
    return etree.XMLSchema(etree.parse(path))


@needs_recordings
@pytest.mark.recordings
@given(event=events())
def test_whatever_we_write_follows_the_published_schema(event: CotEvent) -> None:
    from lxml import etree

    base_schema_once().assertValid(etree.fromstring(encode_xml(event)))


_schema: list[Any] = []


def base_schema_once() -> Any:
    if not _schema:
        _schema.append(base_schema())
    return _schema[0]
