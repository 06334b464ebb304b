"""Mode S frames to claims: by hand, laws, and a real flight against its recorded decode."""

from __future__ import annotations

import gzip
import json
import math
import random

import numpy as np
import pytest

from adsb_frames import (
    SITE,
    START_NS,
    S,
    airborne,
    body,
    on_surface,
    receiver,
    squitter,
    status,
    velocity,
)
from mutations import frames_to_try, mutated
from recordings import RECORDINGS, needs_recordings
from skykeep.domain.feed import Taken
from skykeep.domain.sensing import Claim, ClaimKind
from skykeep.geo.frames import LocalFrame
from skykeep.wire.adsb_clock import CounterKind
from skykeep.wire.adsb_inputs import ModeSInputs
from skykeep.wire.adsb_lines import encode_avr
from skykeep.wire.beast import BeastFramer, BeastMessage, decode_beast, encode_beast

MS = 1_000_000


def inputs(reach_m: float = 500_000.0) -> ModeSInputs:
    return ModeSInputs(receiver(), SITE, counter=CounterKind.NONE, reach_m=reach_m)


def one(taken: Taken) -> Claim:
    (record,) = taken.records
    assert isinstance(record, Claim)
    assert taken.refusals == ()
    return record


def geodetic(claim: Claim) -> tuple[float, float, float]:
    return tuple(float(value) for value in SITE.to_geodetic(np.array(claim.position_enu_m)))  # type: ignore[return-value]


def test_an_even_and_an_odd_place_are_a_claim_with_all_that_was_said_before() -> None:
    source = inputs()
    before = [
        velocity(100, 0, rate_ftpm=640, difference_ft=200),
        status(nac_p=9, gva=2),
        squitter(4 << 51 | 3 << 48 | 0x2CC371C32CE0),
        airborne(52.1, 4.6, odd=False, altitude_ft=3_000),
    ]
    for k, frame in enumerate(before):
        assert source.take(body(frame), START_NS + k * 100 * MS) == Taken()
    claim = one(source.take(body(airborne(52.1, 4.6, odd=True, altitude_ft=3_000)), START_NS + S))

    assert (claim.sensor_id, claim.sequence, claim.kind, claim.claimed_id) == (
        "adsb-1",
        0,
        ClaimKind.ADSB,
        "40621d",
    )
    assert (claim.time_utc_ns, claim.received_utc_ns) == (START_NS + S, START_NS + S)
    latitude_deg, longitude_deg, height_m = geodetic(claim)
    assert (latitude_deg, longitude_deg) == pytest.approx((52.1, 4.6), abs=5e-5)
    assert height_m == pytest.approx((3_000 + 200) * 0.3048, abs=1e-3)
    assert claim.velocity_enu_mps == pytest.approx((51.444, 0.0, 3.2512), abs=1e-3)
    # NACp 9 says 30 m, GVA 2 says 45 m, each with 95 %.
    assert claim.sigma_m[0] == pytest.approx(math.hypot(12.256, 51.444 * 0.34641, 1.472), abs=0.01)
    assert claim.sigma_m[1] == pytest.approx(math.hypot(22.96, 2.2), abs=0.01)
    assert claim.aircraft_category == "A3 KLM1023"
    assert claim.rssi_dbm is None


def test_an_aircraft_of_which_no_version_was_heard_is_as_good_as_its_type_code() -> None:
    source = inputs()
    source.take(body(airborne(52.1, 4.6, odd=False, type_code=12)), START_NS)
    claim = one(source.take(body(airborne(52.1, 4.6, odd=True, type_code=12)), START_NS + S))
    assert claim.sigma_m[0] == pytest.approx(math.hypot(185.2 / 2.4477, 1.472), rel=1e-3)


def test_a_pair_of_more_than_ten_seconds_is_none_but_one_report_is_enough_afterwards() -> None:
    source = inputs()
    source.take(body(airborne(52.1, 4.6, odd=False)), START_NS)
    assert source.take(body(airborne(52.1, 4.6, odd=True)), START_NS + 11 * S) == Taken()
    assert source.counts["place_still_open"] == 2
    one(source.take(body(airborne(52.1, 4.6, odd=False)), START_NS + 12 * S))
    one(source.take(body(airborne(52.11, 4.6, odd=False)), START_NS + 60 * S))


def test_a_reference_on_the_ground_follows_the_aircraft() -> None:
    """From the air 90 km away to the ground, one report at a time, with the receiver at the site."""
    source = inputs()
    source.take(body(airborne(52.8, 4.6, odd=False)), START_NS)
    one(source.take(body(airborne(52.8, 4.6, odd=True)), START_NS + S))
    claim = one(source.take(body(on_surface(52.805, 4.6, odd=True, address="40621d")), START_NS + 9 * S))
    assert geodetic(claim)[:2] == pytest.approx((52.805, 4.6), abs=2e-5)
    assert claim.aircraft_category == "on the ground"


def test_the_first_place_on_the_ground_waits_for_a_pair() -> None:
    """One report read against the receiver could be 167 km off, and nobody would know."""
    source = inputs()
    assert source.take(body(on_surface(53.2, 4.0, odd=False)), START_NS) == Taken()
    claim = one(source.take(body(on_surface(53.2, 4.0, odd=True)), START_NS + S))
    assert geodetic(claim)[:2] == pytest.approx((53.2, 4.0), abs=2e-5)
    assert claim.velocity_enu_mps == pytest.approx((8 * 0.514444, 0.0, 0.0), abs=1e-5)


def test_the_same_frame_of_another_receiver_is_refused() -> None:
    source = inputs()
    source.take(body(airborne(52.1, 4.6, odd=False)), START_NS)
    one(source.take(body(airborne(52.1, 4.6, odd=True)), START_NS + S))
    taken = source.take(body(airborne(52.1, 4.6, odd=True), signal=7), START_NS + S + 120 * MS)
    assert taken.records == ()
    (refusal,) = taken.refusals
    assert (refusal.field, refusal.found) == ("frame", "the same 120 ms before")
    assert source.counts["repeated"] == 1
    # Sent again half a second later it is another message.
    one(source.take(body(airborne(52.1, 4.6, odd=True)), START_NS + S + 500 * MS))


NO_PLACE = {
    "altitude reply": ("20000ca8f70aa7", "replies_without_place"),
    "identity reply": ("2800080069952a", "replies_without_place"),
    "all-call reply": ("5d3981e46dc8eb", "replies_without_place"),
    "comm-b": ("a10000b9ff81c300000000b6f5f3", "replies_without_place"),
    "mode a/c": ("1200", "mode_ac"),
    "keep-alive": ("00000000000000", "keep_alive"),
}


@pytest.mark.parametrize(("frame", "counted"), NO_PLACE.values(), ids=NO_PLACE)
def test_what_tells_no_place_is_counted(frame: str, counted: str) -> None:
    source = inputs()
    payload = bytes.fromhex(frame)
    kind = {2: b"\x31", 7: b"\x32", 14: b"\x33"}[len(payload)]
    assert source.take(kind + bytes(7) + payload, START_NS) == Taken()
    assert source.counts == {counted: 1}


REFUSED = {
    "turned bit": (body(airborne(52.1, 4.6, odd=True)[:-1] + b"\x00"), "parity"),
    "short reply in a long frame": (body(b"\x20" + bytes(12) + b"\x01"), "format"),
    "too short": (b"\x33" + bytes(12), "message"),
    "no such type": (b"\x39" + bytes(12), "type"),
    "traffic seen by a radar": (body(airborne(52.1, 4.6, odd=True, first=18 << 3 | 2)), "control field"),
    "multilateration": (body(airborne(52.1, 4.6, odd=True), counter=0xFF004D4C4154), "counter"),
}


@pytest.mark.parametrize(("data", "field"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_is_refused_by_name(data: bytes, field: str) -> None:
    taken = inputs().take(data, START_NS)
    assert taken.records == ()
    assert [refusal.field for refusal in taken.refusals] == [field]
    assert taken.refusals[0].data == data


def test_a_place_out_of_reach_is_refused_and_never_becomes_a_reference() -> None:
    source = inputs(reach_m=100_000.0)
    source.take(body(airborne(40.0, 4.6, odd=False)), START_NS)
    taken = source.take(body(airborne(40.0, 4.6, odd=True)), START_NS + S)
    assert taken.refusals[0].found == "1,332 km from the receiver"
    source.take(body(airborne(52.1, 4.6, odd=False)), START_NS + 12 * S)
    claim = one(source.take(body(airborne(52.1, 4.6, odd=True)), START_NS + 13 * S))
    assert geodetic(claim)[:2] == pytest.approx((52.1, 4.6), abs=5e-5)


@pytest.mark.parametrize("north_deg", [0.02, 0.05, 0.2, 1.0])
def test_a_first_place_of_two_aircrafts_halves_is_left_again(north_deg: float) -> None:
    """Two transmitters of one address: the pair is of neither, and what follows from it must not stay."""
    source = inputs()
    source.take(body(airborne(52.1 + north_deg, 4.6, odd=False)), START_NS)
    claims = []
    for k in range(1, 40):
        frame = airborne(52.1, 4.6 + 1e-4 * k, odd=k % 2 == 1)
        taken = source.take(body(frame), START_NS + k * S // 2)
        claims += [record for record in taken.records if isinstance(record, Claim)]
    assert len(claims) > 25
    for claim in claims[-20:]:
        assert geodetic(claim)[:2] == pytest.approx((52.1, 4.6), abs=0.005)


def test_avr_gives_what_beast_gives() -> None:
    text = ModeSInputs(receiver(), SITE, text=True, counter=CounterKind.NONE)
    binary = inputs()
    for k, odd in enumerate((False, True, False)):
        frame = airborne(52.1, 4.6, odd=odd)
        line = encode_avr(BeastMessage(0x33, 0, 0, frame)).strip()
        when_ns = START_NS + k * S
        assert text.take(line, when_ns).records == binary.take(body(frame), when_ns).records
    assert binary.counts["claims"] == 2


def test_each_receiver_that_names_itself_has_a_clock_of_its_own() -> None:
    source = ModeSInputs(receiver(), SITE)
    claims = []
    for k in range(40):
        other = k % 2
        assert source.take(b"\xe3" + bytes(7) + bytes([other]), START_NS) == Taken()
        counter = 12_000_000 * (k + 1) + other * 10**12
        frame = airborne(52.1, 4.6, odd=bool(k % 4 // 2), altitude_ft=1_000 + 25 * k)
        taken = source.take(body(frame, counter=counter), START_NS + k * S + (k % 7) * 10 * MS)
        claims += [record for record in taken.records if isinstance(record, Claim)]
    late_ns = [claim.received_utc_ns - claim.time_utc_ns for claim in claims]
    assert max(late_ns) == pytest.approx(60 * MS, abs=1_000)
    assert min(late_ns) >= 0


def real_frames() -> list[bytes]:
    data = (RECORDINGS / "adsb" / "traffic" / "sample_dump1090.bin").read_bytes()
    return [encode_beast(decode_beast(each)) for each in BeastFramer().feed(data)]


def made_frames() -> list[bytes]:
    frames = [airborne(52.1, 4.6, odd=False), airborne(52.1, 4.6, odd=True), on_surface(52.0, 4.5, odd=True)]
    frames += [on_surface(52.0, 4.5, odd=False), velocity(100, -50), status()]
    return [encode_beast(BeastMessage(0x33, 12_000_000 * k, 9, frame)) for k, frame in enumerate(frames)]


def assert_possible(claim: Claim) -> None:
    east_m, north_m, up_m = claim.position_enu_m
    assert math.hypot(east_m, north_m) <= 500_000.0
    assert -25_000.0 < up_m < 31_000.0
    assert all(0.0 < sigma_m < 6_000.0 for sigma_m in claim.sigma_m)
    assert claim.velocity_enu_mps is None or math.hypot(*claim.velocity_enu_mps) < 1_020.0
    assert claim.received_utc_ns - 11 * S <= claim.time_utc_ns <= claim.received_utc_ns + 11 * S


def test_damaged_streams_give_possible_claims_or_refusals() -> None:
    frames = made_frames() + (real_frames() if RECORDINGS.is_dir() else [])
    source, framer = ModeSInputs(receiver(), SITE), BeastFramer()
    claims, dice = 0, random.Random(3)
    for k, data in enumerate(mutated(frames, frames_to_try(), seed=11)):
        # Most damage ends at the parity: mend it in half of them, so that what lies behind is tried too.
        pieces = framer.feed(data + (frames[k % 6] if k % 3 else b""))
        for message in pieces:
            if len(message) == 22 and dice.random() < 0.5:
                message = body(squitter(int.from_bytes(message[12:19], "big"), first=message[8]))
            taken = source.take(message, START_NS + k * 50 * MS)
            for record in taken.records:
                assert isinstance(record, Claim)
                assert_possible(record)
                claims += 1
    assert claims > 100


def test_damaged_avr_lines_give_possible_claims_or_refusals() -> None:
    frames = [encode_avr(decode_beast(BeastFramer().feed(each)[0])).strip() for each in made_frames()]
    source = ModeSInputs(receiver(), SITE, text=True)
    claims = 0
    for k, data in enumerate(mutated(frames, frames_to_try(), seed=12)):
        for line in (data, frames[k % 6]):
            taken = source.take(line, START_NS + k * 500 * MS)
            for record in taken.records:
                assert isinstance(record, Claim)
                assert_possible(record)
                claims += 1
    assert claims > 100


@needs_recordings
@pytest.mark.recordings
def test_a_real_flight_read_live_has_the_places_of_its_recorded_decode() -> None:
    """One flight of 860 km, from the ground to the ground; benchmarks/adsb_agreement.py prints the tables."""
    site = LocalFrame(latitude_deg=47.5, longitude_deg=0.5, height_hae_m=0.0)
    source = ModeSInputs(receiver(), site, counter=CounterKind.NONE, reach_m=600_000.0)
    path = RECORDINGS / "adsb" / "traffic" / "tutorial.jsonl.gz"
    compared = repeated = still_open = 0
    for line in gzip.decompress(path.read_bytes()).splitlines():
        theirs = json.loads(line)
        frame = bytes.fromhex(theirs["frame"])
        taken = source.take(body(frame), round(theirs["timestamp"] * S))
        if "latitude" not in theirs:
            continue
        if taken.records:
            claim = one(taken)
            latitude_deg, longitude_deg, _ = site.to_geodetic(np.array(claim.position_enu_m))
            assert float(latitude_deg) == pytest.approx(theirs["latitude"], abs=1e-8)
            assert float(longitude_deg) == pytest.approx(theirs["longitude"], abs=1e-8)
            compared += 1
        elif taken.refusals:
            assert taken.refusals[0].found.startswith("the same ")
            repeated += 1
        else:
            still_open += 1
    assert (compared, repeated, still_open) == (12_535, 918, 12)
