"""MAVLink to claims: one drone by hand, the tables of what is refused, other aircraft, clocks, and damage."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from mavlink_frames import FIX, FLYING, LINK, NOON_UTC_NS, SITE, crc_by_bits, frame, message
from mutations import frames_to_try, mutated
from recordings import RECORDINGS, needs_recordings
from skykeep.base.errors import SetupError
from skykeep.domain.feed import Taken
from skykeep.domain.sensing import Claim, ClaimKind
from skykeep.wire.mavlink import Frame, decode_frame
from skykeep.wire.mavlink_inputs import MavlinkTranslator
from skykeep.wire.mavlink_tables import CRC_EXTRAS
from skykeep.wire.mavlink_tlog import read_tlog

KEY = bytes(range(32))
S = 1_000_000_000


def taken(*messages: bytes, at_utc_ns: int = NOON_UTC_NS, **how: Any) -> tuple[list[Claim], list[str]]:
    translator = MavlinkTranslator(LINK, SITE, **how)
    claims: list[Claim] = []
    refused: list[str] = []
    for octets in messages:
        gave = translator.take(octets, at_utc_ns)
        claims += [record for record in gave.records if isinstance(record, Claim)]
        refused += [f"{one.field}: {one.found}, must be {one.must}" for one in gave.refusals]
    return claims, refused


def test_a_drone_100_m_north_by_hand() -> None:
    claims, refused = taken(
        message("HEARTBEAT", {"type": 2}),
        message("GPS_RAW_INT", FIX),
        message("SYSTEM_TIME", {"time_unix_usec": NOON_UTC_NS // 1_000, "time_boot_ms": 60_500}),
        message("GLOBAL_POSITION_INT", FLYING),
        serials={1: "1ABCD234"},
    )
    assert refused == []
    first, second = claims  # the receiver's own, before the filter's came
    assert first.velocity_enu_mps is None
    assert second.kind is ClaimKind.TELEMETRY
    assert (second.sensor_id, second.sequence, second.claimed_id) == ("own-drones", 1, "1ABCD234")
    assert second.position_enu_m == pytest.approx((0.0, 100.0, 50.0), abs=0.05)
    assert second.velocity_enu_mps == pytest.approx((10.0, 0.0, 1.0), abs=1e-3)
    assert second.sigma_m == (1.5, 2.5)
    assert second.aircraft_category == "quadrotor"
    assert second.time_utc_ns == NOON_UTC_NS - S // 2
    assert second.received_utc_ns == NOON_UTC_NS


def test_a_vehicle_without_a_serial_is_named_by_its_number() -> None:
    (claim,), _ = taken(message("GLOBAL_POSITION_INT", FLYING, system_id=7))
    assert claim.claimed_id == "mavlink-7"
    # 70 m above the sea, and nobody said where the sea is: 10 m of the default and 30 m of the geoid.
    assert claim.sigma_m == pytest.approx((5.0, math.hypot(10.0, 30.0)))


def test_the_site_may_say_where_the_sea_is() -> None:
    (claim,), _ = taken(message("GLOBAL_POSITION_INT", FLYING), geoid_height_m=18.0)
    assert claim.position_enu_m[2] == pytest.approx(68.0, abs=0.05)
    assert claim.sigma_m == (5.0, 10.0)


def test_dilution_stands_in_where_there_is_no_accuracy() -> None:
    (claim,), _ = taken(message("GPS_RAW_INT", {**FIX, "h_acc": 0, "v_acc": 0}))
    assert claim.sigma_m == pytest.approx((2.7, 4.2))  # 3 m times 0.90 and 1.40


def test_a_position_that_a_drone_shares_carries_its_own_time_and_accuracy() -> None:
    shared = {
        "time": (NOON_UTC_NS - S) // 1_000,
        "lat": 600_008_977,
        "lon": 250_000_000,
        "alt": 70_000,
        "vy": 1_000,
        "vz": -100,
        "h_acc": 1_200,
        "v_acc": 2_200,
        "flags": 0x6D,
    }
    (claim,), refused = taken(message("UTM_GLOBAL_POSITION", shared))
    assert refused == []
    assert claim.position_enu_m == pytest.approx((0.0, 100.0, 50.0), abs=0.05)
    assert claim.velocity_enu_mps == pytest.approx((10.0, 0.0, 1.0), abs=1e-3)
    assert (claim.time_utc_ns, claim.sigma_m) == (NOON_UTC_NS - S, (1.2, 2.2))
    late = message("UTM_GLOBAL_POSITION", {**shared, "time": (NOON_UTC_NS - 61 * S) // 1_000})
    assert taken(late)[1][0].startswith("UTM_GLOBAL_POSITION.time: -61 s")


ADSB = {
    "ICAO_address": 0x4CA123,
    "lat": 600_100_000,
    "lon": 250_000_000,
    "altitude_type": 1,
    "altitude": 1_020_000,
    "heading": 18_000,
    "hor_velocity": 10_000,
    "ver_velocity": 500,
    "tslc": 2,
    "flags": 0x8F,
    "emitter_type": 7,
    "squawk": 7_000,
}
RID_HERE = {
    "status": 2,
    "direction": 27_000,
    "speed_horizontal": 500,
    "speed_vertical": -100,
    "latitude": 600_000_000,
    "longitude": 250_100_000,
    "altitude_barometric": -1_000.0,
    "altitude_geodetic": 80.0,
    "height": -1_000.0,
    "horizontal_accuracy": 10,
    "vertical_accuracy": 4,
    "timestamp": 3_599.5,
}
RID_NAME = {"id_type": 1, "ua_type": 2, "uas_id": list(b"1ABCD2345".ljust(20, b"\0"))}
RID_OPERATOR = {
    "operator_latitude": 599_990_000,
    "operator_longitude": 250_000_000,
    "operator_altitude_geo": 20.0,
    "area_ceiling": -1_000.0,
    "area_floor": -1_000.0,
}


def test_an_aircraft_that_the_drone_hears() -> None:
    (claim,), refused = taken(message("ADSB_VEHICLE", ADSB))
    assert refused == []
    assert (claim.kind, claim.claimed_id) == (ClaimKind.ADSB, "4ca123")
    assert claim.position_enu_m == pytest.approx((0.0, 1_114.3, 999.9), abs=0.2)
    assert claim.velocity_enu_mps == pytest.approx((0.0, -100.0, 5.0), abs=0.03)
    assert claim.time_utc_ns == NOON_UTC_NS - 2 * S
    # 92.6 m in 95 of 100 cases, and half a second at 100 m/s.
    assert claim.sigma_m == pytest.approx((math.hypot(92.6 / 2.448, 50.0), 25.0))
    assert claim.aircraft_category == "rotorcraft"


def test_remote_id_is_put_together_by_sender() -> None:
    mac = {"id_or_mac": [1, 2, 3, 4, 5, 6, *([0] * 14)]}
    claims, refused = taken(
        message("OPEN_DRONE_ID_LOCATION", {**RID_HERE, **mac}),  # before it has a name
        message("OPEN_DRONE_ID_BASIC_ID", {**RID_NAME, **mac}),
        message("OPEN_DRONE_ID_SYSTEM", {**RID_OPERATOR, **mac}),
        message("OPEN_DRONE_ID_OPERATOR_ID", {"operator_id": "FIN87astrdge12k8", **mac}),
        message("OPEN_DRONE_ID_LOCATION", {**RID_HERE, **mac}),
        message("OPEN_DRONE_ID_LOCATION", RID_HERE),  # another sender, without a name
    )
    assert refused == []
    (claim,) = claims
    assert (claim.kind, claim.claimed_id) == (ClaimKind.REMOTE_ID, "1ABCD2345")
    assert claim.operator_id == "FIN87astrdge12k8"
    assert claim.operator_position_enu_m == pytest.approx((0.0, -111.4, 0.0), abs=0.1)
    assert claim.position_enu_m == pytest.approx((558.0, 0.0, 60.0), abs=0.1)
    assert claim.velocity_enu_mps == pytest.approx((-5.0, 0.0, -1.0), abs=1e-2)
    assert claim.sigma_m == pytest.approx((10.0 / 2.448, 10.0 / 1.960))
    assert claim.time_utc_ns == NOON_UTC_NS - S // 2  # across the hour
    assert claim.aircraft_category == "helicopter or multirotor"


class PackReader:
    """Stands for a translator of a Remote ID receiver's lines."""

    def __init__(self) -> None:
        self.lines: list[dict[str, str]] = []

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        self.lines.append(json.loads(data))
        return Taken(
            records=(
                Claim(
                    sensor_id="a-reader",
                    sequence=99,
                    kind=ClaimKind.REMOTE_ID,
                    claimed_id="1ABC",
                    time_utc_ns=received_utc_ns,
                    received_utc_ns=received_utc_ns,
                    position_enu_m=(0.0, 0.0, 0.0),
                    velocity_enu_mps=None,
                    sigma_m=(1.0, 1.0),
                ),
            )
        )


def test_packs_go_to_their_reader_and_what_it_makes_of_them_is_this_link_s() -> None:
    reader = PackReader()
    values = {"single_message_size": 25, "msg_pack_size": 2, "messages": [*range(50), *([0] * 175)]}
    heard = {**values, "id_or_mac": [0xA, 0xB, 1, 2, 3, 4, *([0] * 14)]}
    own, others = (message("OPEN_DRONE_ID_MESSAGE_PACK", fields) for fields in (values, heard))
    claims, refused = taken(own, others, message("GLOBAL_POSITION_INT", FLYING), packs=reader)
    assert refused == []
    pack = "f21902" + bytes(range(50)).hex()
    assert reader.lines == [{"payload": pack}, {"payload": pack, "mac": "0a:0b:01:02:03:04"}]
    assert [(claim.sensor_id, claim.sequence) for claim in claims] == [("own-drones", n) for n in range(3)]
    assert taken(own)[1] == ["OPEN_DRONE_ID_MESSAGE_PACK: no reader of packs, must be one configured"]


IMPOSSIBLE: dict[str, tuple[str, dict[str, Any], str]] = {
    "past the pole": ("GLOBAL_POSITION_INT", {**FLYING, "lat": 900_000_001}, "GLOBAL_POSITION_INT.lat"),
    "no place": ("GLOBAL_POSITION_INT", {**FLYING, "lat": 0, "lon": 0}, "GLOBAL_POSITION_INT.lat/lon: 0/0"),
    "400 degrees": ("GLOBAL_POSITION_INT", {**FLYING, "hdg": 40_000}, "GLOBAL_POSITION_INT.hdg"),
    "in space": ("GLOBAL_POSITION_INT", {**FLYING, "alt": 90_000_000}, "GLOBAL_POSITION_INT.alt"),
    "no fix": ("GPS_RAW_INT", {**FIX, "fix_type": 1}, "GPS_RAW_INT.fix_type: 1, must be 3 or more"),
    "kilometres of doubt": ("GPS_RAW_INT", {**FIX, "h_acc": 4_294_967_295}, "GPS_RAW_INT accuracy"),
    "another day": ("GPS_RAW_INT", {**FIX, "time_usec": 1_700_000_000_000_000}, "GPS_RAW_INT.time_usec"),
    "not a number": ("ATTITUDE", {"roll": math.nan}, "ATTITUDE.roll: nan rad"),
    "an address of zero": ("ADSB_VEHICLE", {**ADSB, "ICAO_address": 0}, "ADSB_VEHICLE.ICAO_address"),
    "a made-up aircraft": ("ADSB_VEHICLE", {**ADSB, "flags": 0xCF}, "ADSB_VEHICLE.flags"),
    "an aircraft without place": ("ADSB_VEHICLE", {**ADSB, "flags": 0x8C}, "ADSB_VEHICLE.flags"),
    "an old aircraft": ("ADSB_VEHICLE", {**ADSB, "tslc": 200}, "ADSB_VEHICLE.tslc"),
    "361 degrees": (
        "OPEN_DRONE_ID_LOCATION",
        {**RID_HERE, "direction": 36_050},
        "OPEN_DRONE_ID_LOCATION.dir",
    ),
    "past the hour": (
        "OPEN_DRONE_ID_LOCATION",
        {**RID_HERE, "timestamp": 3_601.0},
        "OPEN_DRONE_ID_LOCATION.tim",
    ),
    "a name of spaces": (
        "OPEN_DRONE_ID_BASIC_ID",
        {"id_type": 1, "uas_id": [32] * 20},
        "OPEN_DRONE_ID_BASIC_ID.uas_id",
    ),
    "a pack of thirty": (
        "OPEN_DRONE_ID_MESSAGE_PACK",
        {"single_message_size": 25, "msg_pack_size": 30},
        "OPEN_DRONE_ID_MESSAGE_PACK.msg_pack_size",
    ),
    "no position to share": ("UTM_GLOBAL_POSITION", {"lat": 1, "flags": 1}, "UTM_GLOBAL_POSITION.flags"),
}


@pytest.mark.parametrize(("name", "fields", "says"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_is_refused_by_name(name: str, fields: dict[str, Any], says: str) -> None:
    claims, refused = taken(message(name, fields))
    assert claims == []
    (one,) = refused
    assert one.startswith(says)


def test_a_lost_fix_ends_the_claims_of_the_filter() -> None:
    claims, refused = taken(
        message("GLOBAL_POSITION_INT", FLYING),
        message("GPS_RAW_INT", {**FIX, "fix_type": 1}),
        message("GLOBAL_POSITION_INT", FLYING),
    )
    assert len(claims) == 1
    assert refused == ["GPS_RAW_INT.fix_type: 1, must be 3 or more: a fix in three dimensions"]


def test_a_ground_station_is_no_drone() -> None:
    claims, refused = taken(message("HEARTBEAT", {"type": 6}), message("GLOBAL_POSITION_INT", FLYING))
    assert claims == []
    assert refused == ["HEARTBEAT.type: 6, a ground station, must be an aircraft"]
    companion = (message("HEARTBEAT", {"type": 2}), message("HEARTBEAT", {"type": 6}, component_id=190))
    assert len(taken(*companion, message("GLOBAL_POSITION_INT", FLYING))[0]) == 1


def position_at(boot_ms: int) -> bytes:
    return message("GLOBAL_POSITION_INT", {**FLYING, "time_boot_ms": boot_ms})


def own_time(unix_ns: int, boot_ms: int) -> bytes:
    return message("SYSTEM_TIME", {"time_unix_usec": unix_ns // 1_000, "time_boot_ms": boot_ms})


def test_without_a_clock_the_shortest_delay_counts() -> None:
    translator = MavlinkTranslator(LINK, SITE)
    delays_ms = [300, 80, 500, 120]
    sent = [60_000, 61_000, 62_000, 63_000]
    times = []
    for boot_ms, delay_ms in zip(sent, delays_ms, strict=True):
        received = NOON_UTC_NS + (boot_ms + delay_ms) * 1_000_000
        (claim,) = translator.take(position_at(boot_ms), received).records
        assert isinstance(claim, Claim)
        times.append((claim.time_utc_ns - NOON_UTC_NS) // 1_000_000 - boot_ms)
    assert times == [300, 80, 80, 80]


def test_a_clock_3_s_wrong_is_named_once_and_not_used() -> None:
    claims, refused = taken(
        own_time(NOON_UTC_NS + 3 * S, 60_000), position_at(60_000), own_time(NOON_UTC_NS + 3 * S, 60_000)
    )
    assert [claim.time_utc_ns for claim in claims] == [NOON_UTC_NS]
    assert refused == [
        "SYSTEM_TIME.time_unix_usec: +3.0 s from its reception, must be within 2 s; "
        "times are taken from reception"
    ]


def test_yesterday_played_again_is_no_drone_of_today() -> None:
    claims, refused = taken(own_time(NOON_UTC_NS - 86_400 * S, 60_000), position_at(60_000))
    assert claims == []
    assert "-86400 s from its reception, must be within 60 s, or this may be a recording" in refused[1]


def test_the_shortest_delay_is_forgotten_after_two_minutes() -> None:
    translator = MavlinkTranslator(LINK, SITE)
    times = []
    for boot_s, delay_ms in ((60, 10), (90, 400), (125, 400), (150, 400), (190, 400), (250, 400)):
        received = NOON_UTC_NS + boot_s * S + delay_ms * 1_000_000
        (claim,) = translator.take(position_at(boot_s * 1_000), received).records
        assert isinstance(claim, Claim)
        times.append((claim.time_utc_ns - NOON_UTC_NS) // 1_000_000 - boot_s * 1_000)
    assert times == [10, 10, 10, 10, 400, 400]


def test_a_restarted_autopilot_is_timed_anew() -> None:
    translator = MavlinkTranslator(LINK, SITE)
    translator.take(own_time(NOON_UTC_NS, 600_000), NOON_UTC_NS)
    (claim,) = translator.take(position_at(5_000), NOON_UTC_NS + 9 * S).records
    assert isinstance(claim, Claim)
    assert claim.time_utc_ns == NOON_UTC_NS + 9 * S


def test_lost_frames_are_counted_from_their_numbers() -> None:
    translator = MavlinkTranslator(LINK, SITE)
    for sequence in (253, 254, 2, 3):
        translator.take(message("HEARTBEAT", {"type": 2}, sequence=sequence), NOON_UTC_NS)
    assert translator.counts["lost"] == 3  # 255, 0, 1
    assert translator.counts["HEARTBEAT"] == 4


def test_several_frames_in_a_datagram_and_what_lies_between() -> None:
    translator = MavlinkTranslator(LINK, SITE)
    gave = translator.take(b"noise" + position_at(1) + frame(60_001, b"x") + position_at(2), NOON_UTC_NS)
    assert len(gave.records) == 2
    assert [one.data for one in gave.refusals] == [b"noise"]
    assert translator.counts["message 60001"] == translator.counts["not checked"] == 1


def signed(utc_ns: int, key: bytes = KEY) -> bytes:
    return message("GLOBAL_POSITION_INT", FLYING, key=key, signed_utc_ns=utc_ns)


SIGNED: dict[str, tuple[list[bytes], int, str]] = {
    "in order": ([signed(NOON_UTC_NS), signed(NOON_UTC_NS + S)], 2, ""),
    "not signed": ([position_at(1)], 0, "signature: none"),
    "by another key": ([signed(NOON_UTC_NS, bytes(32))], 0, "signature: "),
    "sent again": ([signed(NOON_UTC_NS), signed(NOON_UTC_NS)], 1, "signature time: +0.000 s"),
    "an hour old": ([signed(NOON_UTC_NS - 3_600 * S)], 0, "signature time: 3600 s old"),
}


@pytest.mark.parametrize(("frames", "claims", "says"), SIGNED.values(), ids=SIGNED)
def test_with_a_key_only_what_it_signed_counts(frames: list[bytes], claims: int, says: str) -> None:
    found, refused = taken(*frames, signing_key=KEY)
    assert len(found) == claims
    assert [one.startswith(says) for one in refused] == [True] * (len(frames) - claims)


def test_a_key_of_another_length_is_refused_at_the_start() -> None:
    with pytest.raises(SetupError, match="31 octets, must be 32"):
        MavlinkTranslator(LINK, SITE, signing_key=bytes(31))


ALL_KINDS = [
    message("HEARTBEAT", {"type": 2}),
    message("SYSTEM_TIME", {"time_unix_usec": NOON_UTC_NS // 1_000, "time_boot_ms": 60_000}),
    message("GPS_RAW_INT", FIX),
    message("GLOBAL_POSITION_INT", FLYING),
    message("GLOBAL_POSITION_INT", FLYING, version=1),
    message("ADSB_VEHICLE", ADSB),
    message("OPEN_DRONE_ID_BASIC_ID", RID_NAME),
    message("OPEN_DRONE_ID_SYSTEM", RID_OPERATOR),
    message("OPEN_DRONE_ID_LOCATION", RID_HERE),
    message("UTM_GLOBAL_POSITION", {"lat": 600_000_001, "lon": 250_000_000, "alt": 70_000, "flags": 0x6C}),
]


def checked_again(octets: bytes) -> bytes:
    """Give a damaged frame a checksum that holds, so that what it says is what must be refused."""
    if len(octets) < 2 or octets[0] not in (0xFE, 0xFD):
        return octets
    length = octets[1] + (6 if octets[0] == 0xFE else 10)
    if length > len(octets):
        return octets
    number = octets[5] if octets[0] == 0xFE else int.from_bytes(octets[7:10], "little")
    crc = crc_by_bits(octets[1:length] + bytes((CRC_EXTRAS.get(number, 0),)))
    return octets[:length] + crc.to_bytes(2, "little")


def assert_possible(claim: Claim, at_utc_ns: int) -> None:
    east_m, north_m, up_m = claim.position_enu_m
    assert math.hypot(east_m, north_m, up_m) < 13_000_000.0  # somewhere on or near the earth
    assert all(0.0 < sigma_m <= 10_000.0 for sigma_m in claim.sigma_m)
    assert math.hypot(*(claim.velocity_enu_mps or ())) <= 700.0
    assert claim.claimed_id
    assert abs(claim.time_utc_ns - at_utc_ns) <= 60 * S + S
    height_m = SITE.to_geodetic(np.array(claim.position_enu_m))[2]
    assert -1_100.0 <= height_m <= 40_100.0


def try_damaged(frames: list[bytes], count: int, seed: int, at_utc_ns: int = NOON_UTC_NS) -> int:
    accepted = 0
    translator = MavlinkTranslator(LINK, SITE)
    for number, octets in enumerate(mutated(frames, count, seed)):
        if number % 100 == 0:  # a clock once led astray must not shield what follows
            translator = MavlinkTranslator(LINK, SITE)
        gave = translator.take(checked_again(octets) if number % 4 else octets, at_utc_ns)
        for record in gave.records:
            assert isinstance(record, Claim)
            assert_possible(record, at_utc_ns)
            accepted += 1
        assert all(one.field and one.found and one.must for one in gave.refusals)
    return accepted


def test_damaged_frames_give_refusals_or_what_can_be() -> None:
    assert try_damaged(ALL_KINDS, frames_to_try() // 2, seed=1) > 100


@needs_recordings
def test_damaged_real_frames_give_refusals_or_what_can_be() -> None:
    data = (RECORDINGS / "mavlink" / "uavlogviewer" / "vtol.tlog").read_bytes()
    real = [timed for timed in read_tlog(data) if isinstance(timed.found, Frame)]
    wanted = [timed.octets for timed in real if decode_frame(timed.octets).message_id in (0, 2, 24, 33)]
    assert try_damaged(wanted[:200], frames_to_try(), 2, real[0].received_utc_ns) > 100
