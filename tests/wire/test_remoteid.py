"""Remote ID messages: by hand, by law, and beside the reference program's own vectors."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutations import frames_to_try, mutated
from recordings import needs_recordings
from remoteid_frames import BASIC_ID, LOCATION, OPERATOR_ID, PACK, SELF_ID, SYSTEM, vectors
from skykeep.base.errors import DecodeError, InputError
from skykeep.wire.remoteid import decode_message, decode_pack, read_pack
from skykeep.wire.remoteid_encode import encode_message, encode_pack, join_pack
from skykeep.wire.remoteid_records import (
    AircraftType,
    Authentication,
    BasicId,
    ClassificationType,
    HeightType,
    IdType,
    Location,
    Message,
    MessagePack,
    OperatorId,
    OperatorLocationType,
    SelfId,
    Status,
    System,
)
from skykeep.wire.remoteid_reference import from_reference, reference_field, to_reference

# --- by hand -----------------------------------------------------------------------------------------------


def test_a_location_reads_as_it_was_written_down() -> None:
    assert decode_message(LOCATION) == Location(
        version=2,
        status=Status.AIRBORNE,
        height_type=HeightType.ABOVE_TAKEOFF,
        course_deg=90.0,
        speed_mps=10.0,
        vertical_speed_mps=1.0,
        latitude_deg=60.0,
        longitude_deg=25.0,
        pressure_altitude_m=100.0,
        altitude_hae_m=120.0,
        height_m=50.0,
        horizontal_accuracy=11,
        vertical_accuracy=4,
        pressure_accuracy=4,
        speed_accuracy=3,
        seconds_after_hour=12.5,
        time_accuracy_s=0.1,
    )


def test_identities_read_as_text() -> None:
    basic, operator, description = (decode_message(m) for m in (BASIC_ID, OPERATOR_ID, SELF_ID))
    assert isinstance(basic, BasicId)
    assert isinstance(operator, OperatorId)
    assert isinstance(description, SelfId)
    assert (basic.identity, basic.aircraft_type) == ("1ABC23DEF", AircraftType.MULTIROTOR)
    assert operator.operator_id == "FIN87astrdge12k8"
    assert description.description == "Looking at roofs"


def test_the_operator_stands_where_the_system_message_says() -> None:
    system = decode_message(SYSTEM)
    assert isinstance(system, System)
    assert (system.operator_latitude_deg, system.operator_longitude_deg) == (60.0, 25.0)
    assert system.operator_altitude_hae_m == 100.0
    assert system.area_ceiling_hae_m is None
    assert system.time_utc_s is None


def test_what_the_standard_calls_unknown_is_none() -> None:
    nothing = bytearray(25)
    nothing[:4] = b"\x12\x03\xb5\xff"  # course 181 + 180 degrees, 255 m/s
    nothing[4], nothing[21:23] = 126, b"\xff\xff"
    location = decode_message(bytes(nothing))
    assert isinstance(location, Location)
    assert location.course_deg is location.speed_mps is location.vertical_speed_mps is None
    assert location.latitude_deg is location.longitude_deg is location.altitude_hae_m is None
    assert location.height_m is location.seconds_after_hour is location.time_accuracy_s is None


def test_the_equator_is_a_place() -> None:
    location = decode_message(LOCATION[:5] + bytes(4) + LOCATION[9:])
    assert isinstance(location, Location)
    assert (location.latitude_deg, location.longitude_deg) == (0.0, 25.0)


def test_a_pack_gives_its_messages_and_what_follows_it_is_not_its_own() -> None:
    assert [type(m) for m in decode_pack(PACK + b"\x0e\x04\0").messages] == [BasicId, Location, OperatorId]


def with_octets(data: bytes, at: int, octets: bytes) -> bytes:
    return data[:at] + octets + data[at + len(octets) :]


def number(value: int, size: int = 4) -> bytes:
    return value.to_bytes(size, "little", signed=value < 0)


# Everything here is accepted, or would be, by a decoder that only takes fields apart.
IMPOSSIBLE = {
    "a latitude past the pole": (with_octets(LOCATION, 5, number(900_000_001)), "location.latitude_deg"),
    "a latitude past the other": (with_octets(LOCATION, 5, number(-900_000_001)), "location.latitude_deg"),
    "a longitude past the line": (with_octets(LOCATION, 9, number(1_800_000_001)), "location.longitude_deg"),
    "a course over 361": (with_octets(LOCATION, 1, b"\x22\xb6"), "location.course_deg"),
    "a time past the hour": (with_octets(LOCATION, 21, number(36_001, 2)), "location.seconds_after_hour"),
    "a fall of 64 m/s": (with_octets(LOCATION, 4, b"\x80"), "location.vertical_speed_mps"),
    "a climb of 62.5 m/s": (with_octets(LOCATION, 4, b"\x7d"), "location.vertical_speed_mps"),
    "a status nobody defined": (with_octets(LOCATION, 1, b"\x50"), "location.status"),
    "a horizontal accuracy of 13": (with_octets(LOCATION, 19, b"\x4d"), "location.horizontal_accuracy"),
    "a vertical accuracy of 7": (with_octets(LOCATION, 19, b"\x7b"), "location.vertical_accuracy"),
    "a pressure accuracy of 7": (with_octets(LOCATION, 20, b"\x73"), "location.pressure_accuracy"),
    "a speed accuracy of 5": (with_octets(LOCATION, 20, b"\x45"), "location.speed_accuracy"),
    "an identity of kind 5": (with_octets(BASIC_ID, 1, b"\x52"), "basic_id.id_type"),
    "a serial of control octets": (with_octets(BASIC_ID, 2, b"\x1b[2J"), "basic_id.uas_id"),
    "an operator of control octets": (with_octets(OPERATOR_ID, 2, b"\x07"), "operator_id.operator_id"),
    "an operator of kind 7": (with_octets(OPERATOR_ID, 1, b"\x07"), "operator_id.operator_id_type"),
    "a description of kind 9": (with_octets(SELF_ID, 1, b"\x09"), "self_id.description_type"),
    "an operator past the pole": (
        with_octets(SYSTEM, 2, number(900_000_001)),
        "system.operator_latitude_deg",
    ),
    "an operator past the line": (
        with_octets(SYSTEM, 6, number(-1_800_000_001)),
        "system.operator_longitude_deg",
    ),
    "an operator nowhere defined": (with_octets(SYSTEM, 1, b"\x03"), "system.operator_location_type"),
    "a class of classes": (with_octets(SYSTEM, 1, b"\x08"), "system.classification_type"),
    "a fourth EU category": (with_octets(SYSTEM, 17, b"\x40"), "system.category_eu"),
    "an eighth EU class": (with_octets(SYSTEM, 17, b"\x08"), "system.class_eu"),
    "an authentication of kind 6": (b"\x22\x60" + bytes(23), "authentication.authentication_type"),
    "seventeen pages": (b"\x22\x10\x10" + bytes(22), "authentication.last_page"),
    "more octets than pages": (b"\x22\x10\x00\x12" + bytes(21), "authentication.length"),
    "version 3": (b"\x13" + LOCATION[1:], "protocol_version"),
    "type 6": (b"\x62" + LOCATION[1:], "message_type"),
    "24 octets": (LOCATION[:24], "message"),
    "26 octets": (LOCATION + b"\0", "message"),
    "an empty buffer": (bytes(25), "message"),
    "an empty buffer with a torn end": (bytes(22) + b"\x01\x02\x03", "message"),
}


@pytest.mark.parametrize(("data", "field"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_it_is_refused_by_name(data: bytes, field: str) -> None:
    with pytest.raises(DecodeError) as refused:
        decode_message(data)
    assert refused.value.field == field
    assert refused.value.must


BAD_PACKS = {
    "nothing": (b"", "pack"),
    "another size of message": (b"\xf2\x18\x01" + LOCATION, "pack.message_size"),
    "no message": (b"\xf2\x19\x00", "pack.count"),
    "ten messages": (b"\xf2\x19\x0a" + LOCATION * 10, "pack.count"),
    "fewer octets than it says": (PACK[:-1], "pack"),
    "two locations": (join_pack([LOCATION, LOCATION]), "pack.messages"),
    "three identities": (join_pack([BASIC_ID] * 3), "pack.messages"),
    "version 15": (b"\xff" + PACK[1:], "protocol_version"),
    "a pack in the pack": (join_pack([BASIC_ID, PACK[:25]]), "message_type"),
}


@pytest.mark.parametrize(("data", "field"), BAD_PACKS.values(), ids=BAD_PACKS)
def test_a_pack_is_refused_for(data: bytes, field: str) -> None:
    with pytest.raises(DecodeError) as refused:
        decode_pack(data)
    assert refused.value.field == field


def test_a_bad_message_costs_the_pack_no_other() -> None:
    pack = join_pack([BASIC_ID, with_octets(LOCATION, 21, number(40_000, 2)), OPERATOR_ID])
    messages, errors = read_pack(pack)
    assert [type(m) for m in messages] == [BasicId, OperatorId]
    assert [e.field for e in errors] == ["location.seconds_after_hour"]


# --- laws --------------------------------------------------------------------------------------------------

VERSIONS = st.integers(0, 2)
ALTITUDES = st.none() | st.integers(1, 0xFFFF).map(lambda raw: raw * 0.5 - 1000.0)
TIMES = st.none() | st.integers(1, 0xFFFFFFFF).map(lambda raw: raw + 1_546_300_800)
SPEEDS = (
    st.none()
    | st.integers(0, 255).map(lambda raw: raw * 0.25)
    | st.integers(1, 254).map(lambda raw: raw * 0.75 + 63.75)
)
PLACES = st.just((None, None)) | st.tuples(
    st.integers(-900_000_000, 900_000_000), st.integers(-1_800_000_000, 1_800_000_000)
).filter(lambda place: place != (0, 0)).map(lambda place: (place[0] / 1e7, place[1] / 1e7))
ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20)


@st.composite
def locations(draw: st.DrawFn) -> Location:
    latitude_deg, longitude_deg = draw(PLACES)
    return Location(
        version=draw(VERSIONS),
        status=draw(st.sampled_from(Status)),
        height_type=draw(st.sampled_from(HeightType)),
        course_deg=draw(st.none() | st.integers(0, 359).map(float)),
        speed_mps=draw(SPEEDS),
        vertical_speed_mps=draw(st.none() | st.integers(-124, 124).map(lambda raw: raw * 0.5)),
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        pressure_altitude_m=draw(ALTITUDES),
        altitude_hae_m=draw(ALTITUDES),
        height_m=draw(ALTITUDES),
        horizontal_accuracy=draw(st.integers(0, 12)),
        vertical_accuracy=draw(st.integers(0, 6)),
        pressure_accuracy=draw(st.integers(0, 6)),
        speed_accuracy=draw(st.integers(0, 4)),
        seconds_after_hour=draw(st.none() | st.integers(0, 36_000).map(lambda raw: raw / 10)),
        time_accuracy_s=draw(st.none() | st.integers(1, 15).map(lambda raw: raw / 10)),
    )


@st.composite
def systems(draw: st.DrawFn) -> System:
    latitude_deg, longitude_deg = draw(PLACES)
    return System(
        version=draw(VERSIONS),
        operator_location_type=draw(st.sampled_from(OperatorLocationType)),
        classification_type=draw(st.sampled_from(ClassificationType)),
        operator_latitude_deg=latitude_deg,
        operator_longitude_deg=longitude_deg,
        operator_altitude_hae_m=draw(ALTITUDES),
        area_count=draw(st.integers(0, 0xFFFF)),
        area_radius_m=draw(st.integers(0, 255)) * 10.0,
        area_ceiling_hae_m=draw(ALTITUDES),
        area_floor_hae_m=draw(ALTITUDES),
        category_eu=draw(st.integers(0, 3)),
        class_eu=draw(st.integers(0, 7)),
        time_utc_s=draw(TIMES),
    )


@st.composite
def authentications(draw: st.DrawFn) -> Authentication:
    page = draw(st.integers(0, 15))
    common: dict[str, Any] = {
        "version": draw(VERSIONS),
        "authentication_type": draw(st.sampled_from((*range(6), *range(10, 16)))),
        "page": page,
    }
    if page:
        return Authentication(**common, data=draw(st.binary(min_size=23, max_size=23)))
    last_page = draw(st.integers(0, 15))
    return Authentication(
        **common,
        data=draw(st.binary(min_size=17, max_size=17)),
        last_page=last_page,
        length=draw(st.integers(0, min(255, 17 + 23 * last_page))),
        time_utc_s=draw(TIMES),
    )


BASIC_IDS = st.builds(
    BasicId,
    version=VERSIONS,
    id_type=st.sampled_from(IdType),
    aircraft_type=st.sampled_from(AircraftType),
    uas_id=ASCII.map(lambda text: text.encode().ljust(20, b"\0")),
).filter(lambda basic: any((basic.version, basic.id_type, basic.aircraft_type, any(basic.uas_id))))
SELF_IDS = st.builds(
    SelfId,
    version=VERSIONS,
    description_type=st.sampled_from((0, 1, 2, 200, 255)),
    octets=ASCII.map(lambda text: text.encode().ljust(23, b"\0")),
)
OPERATOR_IDS = st.builds(
    OperatorId,
    version=VERSIONS,
    operator_id_type=st.sampled_from((0, 200, 255)),
    octets=ASCII.map(lambda text: text.encode().ljust(20, b"\0")),
)
MESSAGES = BASIC_IDS | locations() | authentications() | SELF_IDS | systems() | OPERATOR_IDS


@given(MESSAGES)
def test_what_is_encoded_reads_back_the_same(message: Message) -> None:
    assert decode_message(encode_message(message)) == message


@given(st.tuples(BASIC_IDS, locations(), systems(), OPERATOR_IDS), VERSIONS)
def test_packs_read_back_the_same(messages: tuple[Message, ...], version: int) -> None:
    pack = MessagePack(version=version, messages=messages)
    assert decode_pack(encode_pack(pack)) == pack


@given(st.integers(0, 2), st.integers(0, 5), st.binary(min_size=24, max_size=24))
def test_any_octets_decode_or_are_refused_and_encode_back(version: int, kind: int, octets: bytes) -> None:
    try:
        message = decode_message(bytes([kind << 4 | version]) + octets)
    except DecodeError:
        return
    require_possible(message)
    assert decode_message(encode_message(message)) in (message, due_north(message))


def due_north(message: Message) -> Message:
    """The same with a course of 0 for one of 360: there are two ways to write north."""
    return msgspec.structs.replace(message, course_deg=0.0) if isinstance(message, Location) else message


def require_possible(message: Message) -> None:
    """Everything accepted lies within what an aircraft can be and do."""
    assert message.version in (0, 1, 2)
    match message:
        case Location():
            assert -90.0 <= (message.latitude_deg or 0.0) <= 90.0
            assert -180.0 <= (message.longitude_deg or 0.0) <= 180.0
            assert 0.0 <= (message.course_deg or 0.0) <= 360.0
            assert 0.0 <= (message.speed_mps or 0.0) <= 254.25
            assert abs(message.vertical_speed_mps or 0.0) <= 62.0
            assert 0.0 <= (message.seconds_after_hour or 0.0) <= 3600.0
            for altitude_m in (message.pressure_altitude_m, message.altitude_hae_m, message.height_m):
                assert -1000.0 <= (altitude_m or 0.0) <= 31_767.5
            assert message.horizontal_accuracy <= 12
            assert max(message.vertical_accuracy, message.pressure_accuracy) <= 6
            assert message.speed_accuracy <= 4
        case System():
            assert -90.0 <= (message.operator_latitude_deg or 0.0) <= 90.0
            assert -180.0 <= (message.operator_longitude_deg or 0.0) <= 180.0
            assert message.category_eu <= 3
            assert message.class_eu <= 7
        case Authentication():
            assert message.length is None or message.length <= 17 + 23 * (message.last_page or 0)
        case BasicId() if message.id_type in (IdType.SERIAL_NUMBER, IdType.REGISTRATION):
            assert message.identity.isprintable()
            assert "�" not in message.identity
        case OperatorId():
            assert message.operator_id.isprintable()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"latitude_deg": 90.1}, "location.latitude_deg"),
        ({"course_deg": 360.5}, "location.course_deg"),
        ({"speed_mps": 254.5}, "location.speed_mps"),
        ({"vertical_speed_mps": -62.5}, "location.vertical_speed_mps"),
        ({"altitude_hae_m": 31_768.0}, "location.altitude_hae_m"),
        ({"seconds_after_hour": 3_600.1}, "location.seconds_after_hour"),
        ({"horizontal_accuracy": 13}, "location.horizontal_accuracy"),
        ({"version": 3}, "protocol_version"),
    ],
)
def test_what_cannot_be_said_is_not_encoded(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as refused:
        encode_message(msgspec.structs.replace(decode_message(LOCATION), **changed))
    assert refused.value.field == field


def test_the_vectors_names_are_ours_and_back() -> None:
    assert reference_field("location.latitude_deg") == "location.lat"
    assert reference_field("system.time_utc_s") == "system.timestamp"
    assert reference_field("pack.count") == "pack.count"
    out = to_reference(decode_pack(PACK).messages)
    assert list(out) == ["basic_id_0", "location", "operator_id"]
    assert out["location"]["timestamp"] == 12.5
    assert [encode_message(m) for m in from_reference(out)] == [BASIC_ID, LOCATION, OPERATOR_ID]


# --- the reference program ---------------------------------------------------------------------------------


@needs_recordings
@pytest.mark.recordings
def test_every_vector_agrees_field_by_field() -> None:
    counts: Counter[str] = Counter()
    for vector in vectors():
        data = bytes.fromhex(vector["hex"])
        try:
            pack = decode_pack(data).messages if vector["kind"] == 15 else (decode_message(data),)
        except DecodeError:
            assert "out" not in vector, vector
            counts["both refuse"] += 1
        else:
            assert to_reference(pack) == vector["out"]
            counts["agree"] += 1
    assert counts == {"agree": 3_045, "both refuse": 455}


def is_on_a_step_and_a_half(vector: dict[str, Any]) -> bool:
    """The vectors' places have nine decimals: one that ends in half a step was rounded in printing."""
    places = [vector["in"].get(name, {}) for name in ("location", "system")]
    degrees = [place[key] for place in places for key in ("lat", "lon", "op_lat", "op_lon") if key in place]
    return any(abs(abs(degree * 1e9) % 100 - 50) < 0.6 for degree in degrees)


@needs_recordings
@pytest.mark.recordings
def test_what_the_reference_encodes_we_encode_and_what_it_refuses_we_refuse() -> None:
    differ = []
    for vector in vectors():
        parts: list[bytes] = []
        for message in from_reference(vector["in"]):
            try:
                parts.append(encode_message(message))
            except InputError:
                continue
        ours = join_pack(parts) if vector["kind"] == 15 and parts else b"".join(parts)
        if ours != (bytes.fromhex(vector["hex"]) if vector["rc"] not in (1, -22) else b""):
            differ.append(vector)
    assert len(differ) <= 3
    assert all(is_on_a_step_and_a_half(vector) for vector in differ)


@needs_recordings
@pytest.mark.recordings
def test_damaged_messages_and_packs_are_decoded_or_refused_by_name() -> None:
    frames = [bytes.fromhex(v["hex"]) for v in vectors() if "out" in v]
    outcomes: Counter[str] = Counter()
    for data in mutated(frames, frames_to_try(), 20310503):
        try:
            if data[:1] and data[0] >> 4 == 15:
                messages, errors = read_pack(data)
                outcomes.update(error.field for error in errors)
            else:
                messages = [decode_message(data)]
        except DecodeError as error:
            outcomes[error.field] += 1
            continue
        for message in messages:
            require_possible(message)
            outcomes["accepted"] += 1
    assert outcomes["accepted"] > 1_000
    assert len(outcomes) > 15, outcomes
