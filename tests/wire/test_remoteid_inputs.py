"""Remote ID to claims: messages of one transmitter joined, times recovered, repeats and nonsense left out."""

from __future__ import annotations

import json
import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutations import frames_to_try, mutated
from recordings import needs_recordings
from remoteid_frames import (
    BASIC_ID,
    CAPTURES,
    FOLDER,
    LOCATION,
    OPERATOR_ID,
    PACK,
    SENDER,
    SYSTEM,
    dji,
    real_packets,
    vectors,
)
from skykeep.base.clock import NS_PER_S
from skykeep.domain.feed import Refusal
from skykeep.domain.sensing import Claim, ClaimKind, Sensor, SensorKind
from skykeep.geo.frames import LocalFrame
from skykeep.wire.capture import read_packets
from skykeep.wire.remoteid_authentication import Signature, SignaturePages
from skykeep.wire.remoteid_bluetooth import encode_legacy
from skykeep.wire.remoteid_claim import stamp_of
from skykeep.wire.remoteid_encode import encode_message, join_pack
from skykeep.wire.remoteid_inputs import RemoteIdInput
from skykeep.wire.remoteid_records import Authentication
from skykeep.wire.remoteid_wifi import encode_beacon

FRAME = LocalFrame(latitude_deg=60.0, longitude_deg=25.0, height_hae_m=20.0)
SENSOR = Sensor(
    sensor_id="rid-1",
    name="Receiver",
    kind=SensorKind.REMOTE_ID,
    measures=None,
    position_enu_m=(0.0, 0.0, 0.0),
    coverage_range_m=5_000.0,
    independent=False,
)
HOUR_NS = 500_000 * 3_600 * NS_PER_S
HEARD_NS = HOUR_NS + 13 * NS_PER_S  # LOCATION is of 12.5 s after the hour


def receiver() -> RemoteIdInput:
    return RemoteIdInput(SENSOR, FRAME)


def line(payload: bytes, mac: str = "02:11:22:33:44:55", counter: int | None = None, **more: object) -> bytes:
    return json.dumps({"payload": payload.hex(), "mac": mac, "counter": counter, **more}).encode()


def claims_of(records: tuple[object, ...]) -> list[Claim]:
    assert all(isinstance(record, Claim) for record in records)
    return [record for record in records if isinstance(record, Claim)]


def test_a_pack_is_one_whole_claim() -> None:
    pack = join_pack([BASIC_ID, LOCATION, SYSTEM, OPERATOR_ID])
    taken = receiver().take(line(pack, rssi_dbm=-71.0), HEARD_NS)
    assert taken.refusals == ()
    (claim,) = claims_of(taken.records)
    assert (claim.kind, claim.sensor_id, claim.sequence) == (ClaimKind.REMOTE_ID, "rid-1", 0)
    assert (claim.claimed_id, claim.operator_id) == ("1ABC23DEF", "FIN87astrdge12k8")
    assert claim.aircraft_category == "multirotor"
    assert claim.rssi_dbm == -71.0
    assert claim.position_enu_m == pytest.approx((0.0, 0.0, 100.0), abs=1e-6)  # 120 m, the site stands at 20
    assert claim.velocity_enu_mps == pytest.approx((10.0, 0.0, 1.0))
    assert claim.time_utc_ns == HOUR_NS + 12_500_000_000
    assert claim.received_utc_ns == HEARD_NS
    # 3 m and 10 m at 95 %; the time is good to 0.1 s, in which it flies 1 m.
    assert claim.sigma_m == pytest.approx((math.hypot(3.0 / 2.448, 0.1 / 1.96 * 10.0), 10.0 / 1.96))
    assert claim.operator_position_enu_m == pytest.approx((0.0, 0.0, 80.0), abs=1e-6)


def test_single_messages_of_one_sender_are_joined() -> None:
    one = receiver()
    records: list[object] = []
    for counter, message in enumerate((BASIC_ID, OPERATOR_ID, SYSTEM, LOCATION)):
        packet = encode_legacy(SENDER, message, counter)
        records += one.take_packet(251, packet, HEARD_NS).records
    (claim,) = claims_of(tuple(records))
    assert (claim.claimed_id, claim.operator_id) == ("1ABC23DEF", "FIN87astrdge12k8")
    assert claim.operator_position_enu_m is not None


def test_senders_are_kept_apart() -> None:
    other = BASIC_ID.replace(b"1ABC23DEF", b"9XYZ98765")
    one = receiver()
    one.take(line(BASIC_ID, "02:00:00:00:00:01"), HEARD_NS)
    one.take(line(other, "02:00:00:00:00:02"), HEARD_NS)
    named = [
        claims_of(one.take(line(LOCATION, f"02:00:00:00:00:0{n}"), HEARD_NS).records)[0].claimed_id
        for n in (1, 2)
    ]
    assert named == ["1ABC23DEF", "9XYZ98765"]


def test_a_location_waits_for_its_identity_but_not_for_ever() -> None:
    one = receiver()
    assert one.take(line(LOCATION, counter=1), HEARD_NS).records == ()
    (claim,) = claims_of(one.take(line(BASIC_ID, counter=1), HEARD_NS + NS_PER_S).records)
    assert (claim.claimed_id, claim.received_utc_ns) == ("1ABC23DEF", HEARD_NS)

    nameless = receiver()
    found = []
    for second in range(5):
        taken = nameless.take(line(LOCATION, counter=second), HEARD_NS + second * NS_PER_S)
        found.append([claim.claimed_id for claim in claims_of(taken.records)])
    assert found == [[], [], [], ["unnamed 02:11:22:33:44:55"], ["unnamed 02:11:22:33:44:55"]]
    # Named at last, it goes by its name.
    nameless.take(line(BASIC_ID), HEARD_NS + 5 * NS_PER_S)
    (claim,) = claims_of(nameless.take(line(LOCATION, counter=9), HEARD_NS + 6 * NS_PER_S).records)
    assert claim.claimed_id == "1ABC23DEF"


def test_a_message_sent_twice_with_one_counter_is_one_claim() -> None:
    one = receiver()
    assert len(one.take(line(PACK, counter=7), HEARD_NS).records) == 1
    assert len(one.take(line(PACK, counter=7), HEARD_NS + NS_PER_S // 10).records) == 0
    assert len(one.take(line(PACK, counter=8), HEARD_NS + NS_PER_S // 2).records) == 1
    # The counter has gone round: the same number means another message.
    assert len(one.take(line(PACK, counter=8), HEARD_NS + 60 * NS_PER_S).records) == 1
    assert one.counts["repeats"] == 3


def test_another_carrier_brings_the_same_message_again() -> None:
    one = receiver()
    beacon = encode_beacon(SENDER, PACK, 7, b"", 0)
    assert len(one.take_packet(105, beacon, HEARD_NS).records) == 1
    assert len(one.take(line(PACK, counter=7), HEARD_NS + 1_000_000).records) == 0


def test_a_single_message_without_a_sender_cannot_be_joined() -> None:
    taken = receiver().take(LOCATION.hex().encode(), HEARD_NS)
    assert taken.records == ()
    assert [refusal.field for refusal in taken.refusals] == ["mac"]
    assert len(receiver().take(PACK.hex().encode(), HEARD_NS).records) == 1


TIMES = {
    "just heard": (12.5, 13.0, 12.5),
    "sent before the hour, heard after": (3_599.5, 3_600.2, 3_599.5),
    "a sender's clock a little ahead": (2.0, 0.5, 2.0),
    "the last second of the hour seen from the next": (3_600.0, 3_600.5, 3_600.0),
    "none": (None, 100.0, 100.0),
    "half an hour off": (0.0, 1_700.0, 1_700.0),
    "a minute and a bit off": (100.0, 161.0, 161.0),
}


@pytest.mark.parametrize(("said_s", "heard_s", "taken_s"), TIMES.values(), ids=TIMES)
def test_time_is_recovered(said_s: float | None, heard_s: float, taken_s: float) -> None:
    stamp = stamp_of(said_s, HOUR_NS + round(heard_s * 10) * NS_PER_S // 10)
    assert stamp.time_utc_ns == HOUR_NS + round(taken_s * 10) * NS_PER_S // 10
    assert stamp.believed is (said_s is not None and abs(said_s - heard_s) < 60.0)


@given(st.integers(0, 36_000), st.integers(0, 10**18))
def test_a_recovered_time_is_the_one_nearest_to_its_reception(tenths: int, received_utc_ns: int) -> None:
    stamp = stamp_of(tenths / 10, received_utc_ns)
    assert stamp.off_s is not None
    assert abs(stamp.off_s) <= 1_800.0
    if stamp.believed:
        assert (stamp.time_utc_ns // (NS_PER_S // 10) - tenths) % 36_000 == 0
        assert abs(stamp.time_utc_ns - received_utc_ns) <= 60 * NS_PER_S
    else:
        assert stamp.time_utc_ns == received_utc_ns


def test_a_wrong_clock_is_said_once_and_costs_no_claim() -> None:
    one = receiver()
    refusals: list[Refusal] = []
    later_ns = HOUR_NS + 1_000 * NS_PER_S
    for second in range(3):
        taken = one.take(line(PACK, counter=second), later_ns + second * NS_PER_S)
        (claim,) = claims_of(taken.records)
        assert claim.time_utc_ns == claim.received_utc_ns
        assert claim.sigma_m[0] > 10.0  # a second of flight at 10 m/s
        refusals += taken.refusals
    assert [refusal.field for refusal in refusals] == ["location.seconds_after_hour"]
    assert one.counts["times not believed"] == 3


def test_a_receivers_own_clock_is_taken_unless_it_is_far_off() -> None:
    one = receiver()
    late_ns = HEARD_NS + 30 * NS_PER_S  # the line was under way for 30 s
    no_time = LOCATION[:21] + b"\xff\xff" + LOCATION[23:]
    pack = join_pack([BASIC_ID, no_time])
    (claim,) = claims_of(one.take(line(pack, t=HEARD_NS / NS_PER_S), late_ns).records)
    assert (claim.time_utc_ns, claim.received_utc_ns) == (HEARD_NS, late_ns)
    taken = one.take(line(pack, t=1_000.0), late_ns)
    assert [refusal.field for refusal in taken.refusals] == ["t"]
    assert claims_of(taken.records)[0].time_utc_ns == late_ns
    assert one.take(line(pack, t=1_000.0), late_ns).refusals == ()


def test_a_makers_element_is_of_when_it_was_heard() -> None:
    said = line(dji(), carrier="dji-droneid", t=HEARD_NS / NS_PER_S, rssi_dbm=-60)
    (claim,) = claims_of(receiver().take(said, HEARD_NS + 5 * NS_PER_S).records)
    assert (claim.claimed_id, claim.time_utc_ns) == ("1ABC23DEF", HEARD_NS)
    # 50.5 m over its take-off, taken for 50.5 m over the site's own ground; 12 m/s north, 5 m/s west.
    assert claim.position_enu_m == pytest.approx((0.0, 0.0, 50.5), abs=1.0)
    assert claim.velocity_enu_mps == (-5.0, 12.0, 1.0)
    assert claim.sigma_m == pytest.approx((math.hypot(12.0, 13.0), math.hypot(60.0, 60.0)))


def test_a_datagram_of_nothing_but_line_ends_is_not_answered_line_by_line() -> None:
    taken = receiver().take(b"\n" * 60_000, HEARD_NS)
    assert len(taken.refusals) == 257
    assert taken.refusals[0].field == "lines"


def test_what_is_wrong_with_a_line_costs_no_other() -> None:
    lines = (b"{", line(PACK, counter=1), b"xyz", line(b"\x12\x34"), b'{"mac":"02:11:22:33:44:55"}')
    taken = receiver().take(b"\n".join(lines), HEARD_NS)
    assert len(taken.records) == 1
    assert [refusal.field for refusal in taken.refusals] == ["line", "hex", "message", "payload"]
    assert all(refusal.found and refusal.must for refusal in taken.refusals)


BAD_LINES = {
    "a counter of 256": (b'{"payload":"00","counter":256}', "counter"),
    "a strength of 900": (b'{"payload":"00","rssi_dbm":900}', "rssi_dbm"),
    "a strength that is text": (b'{"payload":"00","rssi_dbm":"loud"}', "line"),
    "no address": (b'{"payload":"00","mac":"drone"}', "mac"),
    "Ethernet": (b'{"frame":"00","link_type":1}', "link_type"),
    "both": (b'{"frame":"00","payload":"00"}', "payload"),
    "a year beyond": (b'{"payload":"00","t":1e300}', "t"),
    "another carrier": (b'{"payload":"00","carrier":"pigeon"}', "line"),
    "odd hex": (b'{"payload":"000"}', "payload"),
    "very long": (b"0" * 20_000, "line"),
    "very deep": (b'{"x":' + b"[" * 10_000, "line"),
    "no text": (b'{"payload":"\xff"}', "line"),
    "blank": (b"", "line"),
}


@pytest.mark.parametrize(("data", "field"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_receivers_line_is_refused_for(data: bytes, field: str) -> None:
    taken = receiver().take(data, HEARD_NS)
    assert taken.records == ()
    assert [refusal.field for refusal in taken.refusals] == [field]


def test_a_flood_of_addresses_forgets_the_longest_silent() -> None:
    one = receiver()
    one.take(line(BASIC_ID, "02:00:00:00:00:00"), HEARD_NS)
    for number in range(1, 4_200):
        one.take(line(BASIC_ID, "02:00:" + number.to_bytes(4, "big").hex(":")), HEARD_NS)
    assert one.counts["forgotten"] == 4_200 - 4_096
    assert one.take(line(LOCATION, "02:00:00:00:00:00"), HEARD_NS).records == ()  # it is a stranger again


def page(number: int, data: bytes, last_page: int = 2, length: int = 60) -> Authentication:
    head = {"last_page": last_page, "length": length, "time_utc_s": 1_700_000_000} if number == 0 else {}
    size = 23 if number else 17
    return Authentication(version=2, authentication_type=1, page=number, data=data.ljust(size, b"."), **head)


def test_pages_in_any_order_are_one_signature() -> None:
    pages = SignaturePages()
    assert pages.add(page(2, b"cc")) is None
    assert pages.add(page(0, b"aa")) is None
    whole = Signature(
        authentication_type=1,
        time_utc_s=1_700_000_000,
        data=b"aa".ljust(17, b".") + b"bb".ljust(23, b".") + b"cc".ljust(20, b"."),
    )
    assert pages.add(page(1, b"bb")) == whole
    assert pages.add(page(1, b"bb")) is None  # the same again: nothing new


def test_a_signature_is_never_made_of_two() -> None:
    pages = SignaturePages()
    pages.add(page(0, b"aa"))
    pages.add(page(1, b"bb"))
    assert pages.add(page(0, b"AA")) is None  # another begins: what was there belongs to the old one
    assert pages.add(page(2, b"CC")) is None
    assert pages.add(page(1, b"BB")) is not None


def test_a_senders_signature_is_kept() -> None:
    one = receiver()
    for number, data in enumerate((b"aa", b"bb", b"cc")):
        one.take(line(encode_message(page(number, data)), counter=number), HEARD_NS)
    assert one.signatures["02:11:22:33:44:55"].data.startswith(b"aa")


# --- recordings --------------------------------------------------------------------------------------------


@needs_recordings
@pytest.mark.recordings
def test_a_recorded_night_of_spoofed_drones_gives_a_claim_for_each() -> None:
    one = receiver()
    claims = []
    for time_utc_ns, link_type, data in read_packets((FOLDER / CAPTURES[2]).read_bytes(), Counter()):
        claims += claims_of(one.take_packet(link_type, data, time_utc_ns).records)
    assert len(claims) == 77
    assert len({claim.claimed_id for claim in claims}) == 15
    assert {claim.rssi_dbm is not None for claim in claims} == {True}


@needs_recordings
@pytest.mark.recordings
def test_a_recorded_transmitter_is_followed_by_beacon_and_nan() -> None:
    one = receiver()
    claims = []
    for time_utc_ns, link_type, data in read_packets((FOLDER / CAPTURES[0]).read_bytes(), Counter()):
        claims += claims_of(one.take_packet(link_type, data, time_utc_ns).records)
    assert len(claims) == 21
    assert {claim.claimed_id for claim in claims} == {"MFG1A0123456789"}
    assert [claim.sequence for claim in claims] == list(range(21))
    assert one.counts["times not believed"] == 21  # it says 0.0 s after the hour, 53 minutes into it


@needs_recordings
@pytest.mark.recordings
def test_nothing_damaged_stops_the_receiver() -> None:
    one = receiver()
    frames = [data for _, data in real_packets()]
    frames += [line(bytes.fromhex(v["hex"]), counter=1) for v in vectors()[::7] if "out" in v]
    received_utc_ns = HEARD_NS
    for data in mutated(frames, frames_to_try(), 20310503):
        received_utc_ns += NS_PER_S // 100
        taken = (
            one.take(data, received_utc_ns)
            if data[:1] == b"{"
            else one.take_packet(127, data, received_utc_ns)
        )
        for claim in claims_of(taken.records):
            assert claim.claimed_id
            assert all(math.isfinite(value) for value in (*claim.position_enu_m, *claim.sigma_m))
            assert all(math.isfinite(value) for value in claim.velocity_enu_mps or ())
            assert min(claim.sigma_m) > 0.0
            assert abs(claim.time_utc_ns - received_utc_ns) <= 130 * NS_PER_S
        for refusal in taken.refusals:
            assert refusal.field
            assert refusal.must
    assert one.counts["claims"] > 100
